//! The one pass over the file: each packet to its stream, each SIP message whole, the rest counted.

use std::collections::HashMap;

use rtp::rtcp::{Packet, Report};
use rtp::{Header, Kind};
use wire::{Datagram, FlowKey, Transport};

use super::ReadError;
use super::capture::Records;
use super::sip::{Messages, SipMessage};

/// Streams of one file; the packets of further ones count as other. A call has four or so.
const MAX_STREAMS: usize = 4096;

/// The next packet of a sequence is no farther from the one before.
const NEXT_WITHIN: u16 = 16;

/// Reports of one kind of one file that are kept; a day of a call has some tens of thousands.
const MAX_REPORTS: usize = 1 << 17;

/// A sender report that passed by.
#[derive(Debug, Clone, Copy)]
pub struct SenderReport {
    /// Nanoseconds since 1970.
    pub at_ns: u64,
    /// From where to where.
    pub key: FlowKey,
    /// Who reports.
    pub ssrc: u32,
    /// Its wall clock, 32.32 fixed point.
    pub ntp: u64,
    /// Packets it has sent so far.
    pub packets: u32,
}

/// One report block that passed by.
#[derive(Debug, Clone, Copy)]
pub struct ReceiverReport {
    /// Nanoseconds since 1970.
    pub at_ns: u64,
    /// From where to where.
    pub key: FlowKey,
    /// Who reports.
    pub reporter: u32,
    /// What it reports.
    pub block: Report,
}

/// What the ends say about their streams, as far as it can be read.
#[derive(Debug, Default)]
pub struct Reports {
    /// In the order of the file.
    pub sent: Vec<SenderReport>,
    /// In the order of the file.
    pub received: Vec<ReceiverReport>,
}

impl Reports {
    /// Keep the reports of one compound.
    fn add(&mut self, key: FlowKey, compound: &[u8], at_ns: u64) {
        for packet in rtp::rtcp::packets(compound) {
            let (reporter, blocks) = match packet {
                Ok(Packet::Sender {
                    ssrc,
                    ntp,
                    packets,
                    reports,
                    ..
                }) => {
                    if self.sent.len() < MAX_REPORTS {
                        self.sent.push(SenderReport {
                            at_ns,
                            key,
                            ssrc,
                            ntp,
                            packets,
                        });
                    }
                    (ssrc, reports)
                }
                Ok(Packet::Receiver { ssrc, reports }) => (ssrc, reports),
                Ok(_) => continue,
                Err(_) => return,
            };
            let room = MAX_REPORTS - self.received.len();
            self.received
                .extend(blocks.take(room).map(|block| ReceiverReport {
                    at_ns,
                    key,
                    reporter,
                    block,
                }));
        }
    }
}

/// One RTP packet, 24 bytes.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Nanoseconds since 1970.
    pub arrival_ns: u64,
    /// Where its payload begins in the file.
    pub at: u32,
    /// As on the wire.
    pub timestamp: u32,
    /// As on the wire.
    pub sequence: u16,
    /// Payload bytes.
    pub length: u16,
    /// 0 to 127.
    pub payload_type: u8,
    /// The marker bit.
    pub marker: bool,
}

/// The packets of one (source, destination, SSRC) as they stand in the file.
#[derive(Debug)]
pub struct Stream {
    /// From where to where.
    pub key: FlowKey,
    /// Who is heard.
    pub ssrc: u32,
    /// In the order of the file.
    pub rows: Vec<Row>,
    /// The rows are in order of arrival too.
    pub in_time: bool,
}

/// What one file holds.
#[derive(Debug, Default)]
pub struct Gathered {
    /// In order of arrival.
    pub messages: Vec<SipMessage>,
    /// RTCP packets.
    pub rtcp: u64,
    /// What they report.
    pub reports: Reports,
    /// Packets that are none of these.
    pub other: u64,
    /// The file ends within a record.
    pub truncated: bool,
    /// Earliest record, nanoseconds since 1970; 0 when there is none.
    pub first_ns: u64,
    /// Latest record.
    pub last_ns: u64,
    streams: Streams,
}

impl Gathered {
    /// The streams, to be put in order.
    pub fn take_streams(&mut self) -> impl Iterator<Item = Stream> {
        std::mem::take(&mut self.streams).list.into_iter()
    }
}

/// Finds a packet's stream; packets of a call alternate between two, so these are tried first.
#[derive(Debug, Default)]
struct Streams {
    list: Vec<Stream>,
    recent: [usize; 2],
    by_key: HashMap<(FlowKey, u32), usize>,
}

impl Streams {
    #[inline]
    fn find(&mut self, key: FlowKey, ssrc: u32, room: usize) -> Option<&mut Stream> {
        let is = |stream: &Stream| stream.ssrc == ssrc && stream.key == key;
        let [newest, before] = self.recent;
        let at = if self.list.get(newest).is_some_and(is) {
            newest
        } else if self.list.get(before).is_some_and(is) {
            before
        } else {
            self.look_up(key, ssrc, room)?
        };
        if at != newest {
            self.recent = [at, newest];
        }
        self.list.get_mut(at)
    }

    fn look_up(&mut self, key: FlowKey, ssrc: u32, room: usize) -> Option<usize> {
        if let Some(&at) = self.by_key.get(&(key, ssrc)) {
            return Some(at);
        }
        if self.list.len() == MAX_STREAMS {
            return None;
        }
        // The first streams of a file will hold most of it; later ones grow as they go.
        let rows = Vec::with_capacity(if self.list.len() < 2 { room } else { 0 });
        self.list.push(Stream {
            key,
            ssrc,
            rows,
            in_time: true,
        });
        self.by_key.insert((key, ssrc), self.list.len() - 1);
        Some(self.list.len() - 1)
    }
}

/// Read every record of `bytes`.
pub fn gather(bytes: &[u8]) -> Result<Gathered, ReadError> {
    let mut records = Records::new(bytes)?;
    let link = records.link;
    let mut gathered = Gathered {
        first_ns: u64::MAX,
        ..Gathered::default()
    };
    let mut messages = Messages::default();
    // Half of the packets, if they are of 20 ms of G.711 each way; capped, as hours of silence may be all there is.
    let room = (bytes.len() / 420).min(1 << 16);
    for record in records.by_ref() {
        gathered.first_ns = gathered.first_ns.min(record.at_ns);
        gathered.last_ns = gathered.last_ns.max(record.at_ns);
        let packet = &bytes[record.start..record.start + record.length];
        let Ok(datagram) = Datagram::parse(link, packet) else {
            gathered.other += 1;
            continue;
        };
        let known = match datagram.transport {
            Transport::Udp => match rtp::kind(datagram.payload) {
                Kind::Rtp => gathered.streams.add(
                    &datagram,
                    record.at_ns,
                    offset(bytes, datagram.payload),
                    room,
                ),
                Kind::Rtcp if rtp::rtcp::is_valid(datagram.payload) => {
                    gathered.rtcp += 1;
                    let at_ns = record.at_ns;
                    gathered.reports.add(datagram.key, datagram.payload, at_ns);
                    true
                }
                _ => messages.datagram(&datagram, record.at_ns),
            },
            Transport::Tcp(segment) => messages.segment(&datagram, segment, record.at_ns),
        };
        gathered.other += u64::from(!known);
    }
    gathered.truncated = records.truncated;
    if gathered.first_ns == u64::MAX {
        gathered.first_ns = 0;
    }
    gathered.messages = messages.finish();
    Ok(gathered)
}

/// Where `part`, which borrows from `whole`, begins in it.
#[inline]
fn offset(whole: &[u8], part: &[u8]) -> usize {
    part.as_ptr().addr() - whole.as_ptr().addr()
}

impl Streams {
    /// Add an RTP packet; false when it is none after all, or belongs to one stream too many.
    #[inline]
    fn add(&mut self, datagram: &Datagram<'_>, arrival_ns: u64, at: usize, room: usize) -> bool {
        let Ok(header) = Header::parse(datagram.payload) else {
            return false;
        };
        let Some(stream) = self.find(datagram.key, header.ssrc, room) else {
            return false;
        };
        stream.in_time &= stream.rows.last().is_none_or(|last| {
            // Where the sequence goes on the clock was set back: that puts nothing out of order.
            let goes_on = (1..=NEXT_WITHIN).contains(&header.sequence.wrapping_sub(last.sequence));
            last.arrival_ns <= arrival_ns || goes_on
        });
        stream.rows.push(Row {
            arrival_ns,
            at: at as u32 + u32::from(header.payload_start),
            timestamp: header.timestamp,
            sequence: header.sequence,
            length: header.payload_len,
            payload_type: header.payload_type,
            marker: header.marker,
        });
        true
    }
}
