//! One direction of one connection.

use std::collections::BTreeMap;

use crate::address::FlowKey;
use crate::datagram::Segment;
use crate::sip::{self, Likeness};
use crate::tcp::table::{Counts, Limits};
use crate::tcp::websocket::{self, Frames, Opening, Step};

/// A gap is waited for so long. Units: nanoseconds; a retransmission takes 0.2 to 1 s.
const GAP_WAIT_NS: u64 = 2_000_000_000;
/// The receiver has acknowledged bytes that the tap never saw: they will hardly come any more. Units: nanoseconds.
const ACKNOWLEDGED_GAP_WAIT_NS: u64 = 200_000_000;
/// A sequence number this far ahead or behind belongs to another connection on the same ports.
const OTHER_CONNECTION_BYTES: i64 = 16 << 20;

/// One SIP message cut from a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The direction it came in.
    pub key: FlowKey,
    /// The message, beginning with its start line.
    pub data: Vec<u8>,
    /// False when bytes at its end are missing.
    pub whole: bool,
    /// When its last byte was captured.
    pub at_ns: u64,
    /// It came in the frames of a WebSocket.
    pub is_web: bool,
}

#[derive(Debug)]
struct Waiting {
    bytes: Vec<u8>,
    at_ns: u64,
}

/// Reassembly of one direction.
#[derive(Debug)]
pub(super) struct Stream {
    key: FlowKey,
    /// Position of the next byte; the sequence number is its lower half. None before the first segment.
    next: Option<u64>,
    /// In order and not yet cut into messages.
    ready: Vec<u8>,
    /// No end of headers was found before this offset of `ready`.
    scanned: usize,
    /// The stream is a WebSocket.
    web: Option<Frames>,
    /// Looking for the start of a message: the stream was joined in the middle or bytes are lost.
    seeking: bool,
    /// Out of order, by position.
    waiting: BTreeMap<u64, Waiting>,
    waiting_bytes: usize,
    /// Since when the byte at `next` is missed.
    gap_since_ns: u64,
    /// Since when the receiver is known to have it; 0 when it is not.
    acknowledged_since_ns: u64,
    /// Position after the last byte, once a FIN was seen.
    end: Option<u64>,
    last_ns: u64,
}

impl Stream {
    pub(super) fn new(key: FlowKey) -> Self {
        Self {
            key,
            next: None,
            ready: Vec::new(),
            scanned: 0,
            web: None,
            seeking: false,
            waiting: BTreeMap::new(),
            waiting_bytes: 0,
            gap_since_ns: 0,
            acknowledged_since_ns: 0,
            end: None,
            last_ns: 0,
        }
    }

    pub(super) fn last_ns(&self) -> u64 {
        self.last_ns
    }

    pub(super) fn bytes(&self) -> usize {
        self.ready.len() + self.waiting_bytes + self.web.as_ref().map_or(0, Frames::bytes)
    }

    pub(super) fn has_gap(&self) -> bool {
        !self.waiting.is_empty()
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one call a segment, each fact its own"
    )]
    /// Take one segment. `missing`: bytes at the end of its payload that were not captured. Returns true at the end.
    pub(super) fn push(
        &mut self,
        segment: &Segment,
        payload: &[u8],
        missing: u32,
        at_ns: u64,
        limits: &Limits,
        counts: &mut Counts,
        out: &mut Vec<Message>,
    ) -> bool {
        self.last_ns = at_ns;
        if segment.syn {
            self.open(segment, at_ns, limits, counts, out);
        }
        let first = segment.sequence.wrapping_add(u32::from(segment.syn));
        let mut at = self.place(first);
        let distance = at as i64 - self.next.unwrap_or(at) as i64;
        if distance.abs() > OTHER_CONNECTION_BYTES {
            self.give_up_all(at_ns, limits, counts, out);
            self.next = None;
            at = self.place(first);
        }
        let next = *self.next.get_or_insert_with(|| {
            // Joined in the middle: the segment may begin anywhere in a message.
            self.seeking = true;
            at
        });
        if segment.fin {
            self.end = Some(at + payload.len() as u64 + u64::from(missing));
        }
        let fresh = payload
            .get(next.saturating_sub(at) as usize..)
            .unwrap_or_default();
        if !fresh.is_empty() {
            let at = at.max(next);
            if at == next {
                self.append(fresh);
                self.cut(at_ns, limits, counts, out);
                self.take_waiting(limits, counts, out);
            } else {
                self.wait(at, fresh, at_ns);
            }
        }
        let cut_at = at + payload.len() as u64;
        if missing > 0 && self.next == Some(cut_at) {
            self.skip_to(cut_at + u64::from(missing), at_ns, limits, counts, out);
        }
        if self.waiting_bytes > limits.waiting_bytes {
            self.give_up(at_ns, limits, counts, out);
        }
        let ended = self
            .end
            .is_some_and(|end| self.next.is_some_and(|next| next >= end));
        if segment.rst || ended {
            self.give_up_all(at_ns, limits, counts, out);
            return true;
        }
        false
    }

    /// The other direction acknowledged this sequence number.
    pub(super) fn acknowledged(&mut self, sequence: u32, at_ns: u64) {
        if self.has_gap()
            && self.acknowledged_since_ns == 0
            && self.next.is_some_and(|next| self.place(sequence) > next)
        {
            self.acknowledged_since_ns = at_ns;
        }
    }

    /// Give up a gap that has lasted too long. Returns true when it did.
    pub(super) fn expire(
        &mut self,
        now_ns: u64,
        limits: &Limits,
        counts: &mut Counts,
        out: &mut Vec<Message>,
    ) -> bool {
        let overdue = now_ns.saturating_sub(self.gap_since_ns) >= GAP_WAIT_NS
            || (self.acknowledged_since_ns > 0
                && now_ns.saturating_sub(self.acknowledged_since_ns) >= ACKNOWLEDGED_GAP_WAIT_NS);
        if self.has_gap() && overdue {
            self.give_up(now_ns, limits, counts, out);
            return true;
        }
        false
    }

    /// Deliver what is there, whatever is missing: the stream ends or is forgotten.
    pub(super) fn give_up_all(
        &mut self,
        at_ns: u64,
        limits: &Limits,
        counts: &mut Counts,
        out: &mut Vec<Message>,
    ) {
        while self.has_gap() {
            self.give_up(at_ns, limits, counts, out);
        }
        self.deliver_rest(at_ns, out);
    }

    /// Position of a sequence number: the one nearest to the next byte.
    fn place(&self, sequence: u32) -> u64 {
        match self.next {
            // One turn ahead, so that a segment before the first one seen has a position, too.
            None => (1 << 32) | u64::from(sequence),
            Some(next) => {
                let distance = sequence.wrapping_sub(next as u32) as i32;
                next.wrapping_add_signed(i64::from(distance))
            }
        }
    }

    fn open(
        &mut self,
        segment: &Segment,
        at_ns: u64,
        limits: &Limits,
        counts: &mut Counts,
        out: &mut Vec<Message>,
    ) {
        let first = segment.sequence.wrapping_add(1);
        if self.next.is_some_and(|next| next as u32 == first) {
            return;
        }
        // Ports used again, or the first we hear of it.
        self.give_up_all(at_ns, limits, counts, out);
        self.end = None;
        self.web = None;
        self.next = Some((1 << 32) | u64::from(first));
        self.seeking = false;
    }

    fn append(&mut self, fresh: &[u8]) {
        self.ready.extend_from_slice(fresh);
        self.next = self.next.map(|next| next + fresh.len() as u64);
    }

    fn wait(&mut self, at: u64, fresh: &[u8], at_ns: u64) {
        if self.waiting.is_empty() {
            self.gap_since_ns = at_ns;
            self.acknowledged_since_ns = 0;
        }
        let longer = self
            .waiting
            .get(&at)
            .is_none_or(|known| known.bytes.len() < fresh.len());
        if longer {
            self.waiting_bytes += fresh.len();
            if let Some(old) = self.waiting.insert(
                at,
                Waiting {
                    bytes: fresh.to_vec(),
                    at_ns,
                },
            ) {
                self.waiting_bytes -= old.bytes.len();
            }
        }
    }

    /// Move what has become contiguous; of overlapping bytes the first in order count.
    fn take_waiting(&mut self, limits: &Limits, counts: &mut Counts, out: &mut Vec<Message>) {
        while let (Some(next), Some(entry)) = (self.next, self.waiting.first_entry()) {
            if *entry.key() > next {
                return;
            }
            let (at, waiting) = entry.remove_entry();
            self.waiting_bytes -= waiting.bytes.len();
            if let Some(fresh) = waiting.bytes.get((next - at) as usize..) {
                self.append(fresh);
                self.cut(waiting.at_ns, limits, counts, out);
            }
            self.gap_since_ns = self.last_ns;
            self.acknowledged_since_ns = 0;
        }
    }

    /// Pass over bytes that will never come.
    fn skip_to(
        &mut self,
        at: u64,
        at_ns: u64,
        limits: &Limits,
        counts: &mut Counts,
        out: &mut Vec<Message>,
    ) {
        counts.gaps += 1;
        self.deliver_rest(at_ns, out);
        self.seeking = true;
        self.next = Some(at);
        self.take_waiting(limits, counts, out);
    }

    fn give_up(
        &mut self,
        at_ns: u64,
        limits: &Limits,
        counts: &mut Counts,
        out: &mut Vec<Message>,
    ) {
        if let Some((&at, _)) = self.waiting.first_key_value() {
            self.skip_to(at, at_ns, limits, counts, out);
        }
    }

    /// The message that was being read, without its end.
    fn deliver_rest(&mut self, at_ns: u64, out: &mut Vec<Message>) {
        if let Some(frames) = &mut self.web {
            let text = frames.rest(&self.ready);
            if !self.seeking && sip::likeness(&text) != Likeness::No {
                out.push(Message {
                    key: self.key,
                    data: text,
                    whole: false,
                    at_ns,
                    is_web: true,
                });
            }
        } else if !self.seeking && sip::likeness(&self.ready) != Likeness::No {
            out.push(Message {
                key: self.key,
                data: std::mem::take(&mut self.ready),
                whole: false,
                at_ns,
                is_web: false,
            });
        }
        self.ready.clear();
        self.scanned = 0;
    }

    fn drop_front(&mut self, bytes: usize) {
        self.ready.drain(..bytes);
        self.scanned = 0;
    }

    /// Deliver every message that is whole.
    fn cut(&mut self, at_ns: u64, limits: &Limits, counts: &mut Counts, out: &mut Vec<Message>) {
        if self.web.is_some() || self.becomes_web() {
            return self.cut_frames(at_ns, limits, counts, out);
        }
        if self.seeking && websocket::opening(&self.ready) == Opening::Unfinished {
            return;
        }
        loop {
            if self.seeking && !self.seek(limits) {
                return;
            }
            // Keep-alives (RFC 5626 §3.5.1) and stray line ends stand between messages.
            let blank = self
                .ready
                .iter()
                .take_while(|byte| matches!(byte, b'\r' | b'\n' | b' ' | 0))
                .count();
            if blank > 0 {
                self.drop_front(blank);
            }
            if self.ready.is_empty() {
                return;
            }
            if self.scanned == 0 && sip::likeness(&self.ready) == Likeness::No {
                if websocket::opening(&self.ready) == Opening::Unfinished
                    || sip::may_become_start(&self.ready)
                {
                    return;
                }
                counts.unsure += 1;
                self.seeking = true;
                continue;
            }
            let Some(body_at) = sip::body_at(&self.ready, self.scanned) else {
                self.scanned = self.ready.len();
                if self.ready.len() <= limits.message_bytes {
                    return;
                }
                counts.too_long += 1;
                self.skip_start();
                continue;
            };
            let Some(length) = self.length(body_at) else {
                // The header tells no length: the body reaches to the next message or to the end of what is here.
                let end = sip::next_start(&self.ready, body_at - 1).unwrap_or(self.ready.len());
                self.deliver(end, at_ns, out);
                continue;
            };
            if length > limits.message_bytes {
                counts.too_long += 1;
                self.skip_start();
                continue;
            }
            if self.ready.len() < length {
                self.scanned = body_at - 1;
                return;
            }
            self.deliver(length, at_ns, out);
        }
    }

    /// Whether frames begin here; the handshake before them is dropped.
    fn becomes_web(&mut self) -> bool {
        if self.scanned > 0 {
            return false;
        }
        let Opening::At(at) = websocket::opening(&self.ready) else {
            return false;
        };
        self.drop_front(at);
        self.seeking = false;
        self.web = Some(Frames::default());
        true
    }

    /// Deliver every message of a WebSocket that is whole.
    fn cut_frames(
        &mut self,
        at_ns: u64,
        limits: &Limits,
        counts: &mut Counts,
        out: &mut Vec<Message>,
    ) {
        let Some(frames) = &mut self.web else {
            return;
        };
        let mut done = 0;
        loop {
            let rest = &self.ready[done..];
            if self.seeking {
                // Bytes are lost; a frame that begins a message most often begins a segment, too.
                if !websocket::is_frame(rest) {
                    done = self.ready.len();
                    break;
                }
                self.seeking = false;
            }
            match frames.step(rest, limits.message_bytes) {
                Step::More(bytes) => {
                    done += bytes;
                    break;
                }
                Step::Frame(bytes) => done += bytes,
                Step::Unread(bytes) => {
                    counts.too_long += 1;
                    done += bytes;
                }
                Step::Lost => {
                    counts.unsure += 1;
                    frames.reset();
                    self.seeking = true;
                }
                Step::Message(bytes, mut data) => {
                    done += bytes;
                    let blank = data
                        .iter()
                        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                        .count();
                    data.drain(..blank);
                    if sip::likeness(&data) != Likeness::No {
                        out.push(Message {
                            key: self.key,
                            data,
                            whole: true,
                            at_ns,
                            is_web: true,
                        });
                    } else if !data.is_empty() {
                        counts.unsure += 1;
                    }
                }
            }
            if done == self.ready.len() {
                break;
            }
        }
        self.ready.drain(..done);
    }

    /// Whole length of the first message, when its headers tell it.
    fn length(&self, body_at: usize) -> Option<usize> {
        sip::content_length(&self.ready[..body_at]).map(|body| body.saturating_add(body_at))
    }

    fn deliver(&mut self, length: usize, at_ns: u64, out: &mut Vec<Message>) {
        let rest = self.ready.split_off(length);
        let data = std::mem::replace(&mut self.ready, rest);
        self.scanned = 0;
        out.push(Message {
            key: self.key,
            data,
            whole: true,
            at_ns,
            is_web: false,
        });
    }

    /// Leave the message that begins here and look for the next one.
    fn skip_start(&mut self) {
        self.seeking = true;
        let line = self
            .ready
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(self.ready.len(), |at| at + 1);
        self.drop_front(line);
    }

    /// Find the next message. Returns false when more of the stream is needed.
    fn seek(&mut self, limits: &Limits) -> bool {
        // Above 0: a start line stands first, and its headers do not end before this offset.
        let mut scanned = std::mem::take(&mut self.scanned);
        let mut from = 0;
        while let Some(start) = if scanned > 0 {
            Some(0)
        } else {
            sip::next_start_anywhere(&self.ready, from)
        } {
            let tail = &self.ready[start..];
            match sip::body_at(tail, scanned) {
                Some(body_at) if sip::has_via(&tail[..body_at]) => {
                    self.drop_front(start);
                    self.seeking = false;
                    return true;
                }
                None if tail.len() <= limits.message_bytes => {
                    self.drop_front(start);
                    self.scanned = self.ready.len();
                    return false;
                }
                _ => from = start + 1,
            }
            scanned = 0;
        }
        // What follows the last line feed may become a start line.
        let line_at = self
            .ready
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        let long = self.ready.len() - line_at > sip::MAX_START_LINE_BYTES;
        self.drop_front(if long { self.ready.len() } else { line_at });
        false
    }
}
