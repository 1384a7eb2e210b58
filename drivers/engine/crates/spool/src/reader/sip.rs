//! The SIP messages of one file, whole, from both transports.

use std::collections::HashMap;

use wire::datagram::Segment;
use wire::sip::{self, Likeness};
use wire::tcp::{Limits, Table};
use wire::{Datagram, FlowKey};

/// TCP directions of one file; a call has two, each more is a redirect or a proxy.
const MAX_TCP_STREAMS: usize = 256;

/// One table a direction, so that each message knows where it came from.
const LIMITS: Limits = Limits {
    streams: 1,
    waiting_bytes: 4 << 20,
    message_bytes: 1 << 20,
};

/// One message.
#[derive(Debug)]
pub struct SipMessage {
    /// Arrival of its last byte, nanoseconds since 1970.
    pub at_ns: u64,
    /// `udp` or `tcp`.
    pub transport: &'static str,
    /// From where to where.
    pub key: FlowKey,
    /// As on the wire; its end may be missing when the capture had it no better.
    pub data: Vec<u8>,
}

/// Collects the messages of one file.
#[derive(Debug, Default)]
pub struct Messages {
    list: Vec<SipMessage>,
    streams: HashMap<FlowKey, Table>,
    cut: Vec<wire::tcp::Message>,
    last_ns: u64,
}

impl Messages {
    /// Take a UDP packet; false when it is no SIP.
    pub fn datagram(&mut self, datagram: &Datagram<'_>, at_ns: u64) -> bool {
        let is_sip = sip::likeness(datagram.payload) != Likeness::No;
        if is_sip {
            let (key, data) = (datagram.key, datagram.payload.to_vec());
            self.list.push(SipMessage {
                at_ns,
                transport: "udp",
                key,
                data,
            });
        }
        is_sip
    }

    /// Take a TCP segment; false when its stream is one too many.
    pub fn segment(&mut self, datagram: &Datagram<'_>, segment: Segment, at_ns: u64) -> bool {
        let key = datagram.key;
        self.last_ns = self.last_ns.max(at_ns);
        if !self.streams.contains_key(&key) {
            if self.streams.len() == MAX_TCP_STREAMS {
                return false;
            }
            let mut table = Table::new(LIMITS);
            if !segment.syn && sip::likeness(datagram.payload) != Likeness::No {
                // A bundle's streams have no handshake; what begins like a message is one, however odd.
                let sequence = segment.sequence.wrapping_sub(1);
                let opening = Segment {
                    syn: true,
                    fin: false,
                    rst: false,
                    sequence,
                    ..segment
                };
                table.segment(key, &opening, &[], 0, at_ns, true, true, &mut self.cut);
            }
            self.streams.insert(key, table);
        }
        if let Some(table) = self.streams.get_mut(&key) {
            table.segment(
                key,
                &segment,
                datagram.payload,
                datagram.missing,
                at_ns,
                true,
                true,
                &mut self.cut,
            );
        }
        collect(&mut self.list, &mut self.cut, key);
        true
    }

    /// All messages in order of arrival.
    pub fn finish(mut self) -> Vec<SipMessage> {
        for (key, mut table) in self.streams {
            table.finish(self.last_ns, &mut self.cut);
            collect(&mut self.list, &mut self.cut, key);
        }
        self.list.sort_by_key(|message| message.at_ns);
        self.list
    }
}

fn collect(list: &mut Vec<SipMessage>, cut: &mut Vec<wire::tcp::Message>, key: FlowKey) {
    list.extend(cut.drain(..).map(|message| SipMessage {
        at_ns: message.at_ns,
        transport: "tcp",
        key,
        data: message.data,
    }));
}
