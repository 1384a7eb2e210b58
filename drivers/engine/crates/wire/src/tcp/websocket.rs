//! SIP over WebSocket in clear: frames of one direction in, messages out.
//!
//! Source: RFC 6455 §5.2, RFC 7118 §5: each WebSocket message is one SIP message

use crate::sip::{self, Likeness};

/// A handshake is longer than this only when it is none.
const MAX_HANDSHAKE_BYTES: usize = 16_384;

/// The header of one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    is_last: bool,
    reserved: u8,
    opcode: u8,
    mask: [u8; 4],
    /// Where the payload begins.
    at: usize,
    length: u64,
}

/// What the next bytes are.
enum Read {
    Head(Head),
    /// The header is not there as a whole.
    Cut,
    Broken,
}

const CONTINUED: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;

impl Head {
    fn read(data: &[u8]) -> Read {
        let &[first, second, ref rest @ ..] = data else {
            return Read::Cut;
        };
        let opcode = first & 15;
        let is_control = opcode >= 8;
        if !matches!(opcode, 0..=2 | 8..=10) || (is_control && (first < 0x80 || second & 127 > 125))
        {
            return Read::Broken;
        }
        let (length, extra) = match second & 127 {
            126 => match rest.first_chunk::<2>() {
                Some(bytes) => (u64::from(u16::from_be_bytes(*bytes)), 2),
                None => return Read::Cut,
            },
            127 => match rest.first_chunk::<8>() {
                Some(bytes) => (u64::from_be_bytes(*bytes), 8),
                None => return Read::Cut,
            },
            short => (u64::from(short), 0),
        };
        if length > u64::MAX >> 1 {
            return Read::Broken;
        }
        let mut at = 2 + extra;
        let mut mask = [0; 4];
        if second & 0x80 != 0 {
            match data.get(at..).and_then(|rest| rest.first_chunk::<4>()) {
                Some(key) => mask = *key,
                None => return Read::Cut,
            }
            at += 4;
        }
        Read::Head(Self {
            is_last: first & 0x80 != 0,
            reserved: first & 0x70,
            opcode,
            mask,
            at,
            length,
        })
    }

    fn is_data(&self) -> bool {
        matches!(self.opcode, CONTINUED | TEXT | BINARY)
    }

    fn unmask(&self, payload: &[u8], out: &mut Vec<u8>) {
        let key = self.mask.iter().cycle();
        out.extend(payload.iter().zip(key).map(|(byte, key)| byte ^ key));
    }
}

/// Whether a segment begins a WebSocket that carries SIP: a handshake, or a frame with the start of a message.
pub(super) fn begins(payload: &[u8]) -> bool {
    asks_for_sip(payload) || is_frame(payload)
}

/// A client's handshake that names the subprotocol. Source: RFC 7118 §4
fn asks_for_sip(data: &[u8]) -> bool {
    const NAME: &[u8] = b"sec-websocket-protocol:";
    let has_sip = |line: &[u8]| {
        line.len() > NAME.len()
            && line[..NAME.len()].eq_ignore_ascii_case(NAME)
            && line[NAME.len()..]
                .split(|&byte| byte == b',')
                .any(|name| name.trim_ascii().eq_ignore_ascii_case(b"sip"))
    };
    data.starts_with(b"GET ")
        && data[..data.len().min(MAX_HANDSHAKE_BYTES)]
            .split(|&byte| byte == b'\n')
            .any(has_sip)
}

fn is_answer(data: &[u8]) -> bool {
    data.starts_with(b"HTTP/1.1 101")
}

/// A frame that begins a message.
pub(super) fn is_frame(data: &[u8]) -> bool {
    let Read::Head(head) = Head::read(data) else {
        return false;
    };
    if !matches!(head.opcode, TEXT | BINARY) || head.reserved != 0 {
        return false;
    }
    let payload = &data[head.at..];
    let length = payload
        .len()
        .min(usize::try_from(head.length).unwrap_or(usize::MAX));
    let mut text = Vec::new();
    head.unmask(&payload[..length.min(sip::MAX_START_LINE_BYTES)], &mut text);
    sip::likeness(&text) == Likeness::Certain
}

/// What stands at the start of a direction that is not known to be a WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// Nothing of it.
    No,
    /// A handshake whose end has not come.
    Unfinished,
    /// Frames begin at this offset.
    At(usize),
}

/// Look for the handshake, or for a frame right away.
pub(super) fn opening(data: &[u8]) -> Opening {
    let is_request = data.starts_with(b"GET ");
    if is_request || is_answer(data) {
        return match sip::body_at(data, 0) {
            Some(at) if !is_request || asks_for_sip(&data[..at]) => Opening::At(at),
            None if data.len() < MAX_HANDSHAKE_BYTES => Opening::Unfinished,
            _ => Opening::No,
        };
    }
    if is_frame(data) {
        Opening::At(0)
    } else {
        Opening::No
    }
}

/// Messages being put together from frames.
#[derive(Debug, Default)]
pub(super) struct Frames {
    message: Vec<u8>,
    /// Bytes of a frame's payload that are passed over.
    skip: u64,
    /// The message that is being read is not wanted: compressed or too long.
    spoilt: bool,
}

/// What a step over the bytes at hand found. The first number: bytes that are done with.
pub(super) enum Step {
    /// Nothing more until more bytes come.
    More(usize),
    /// One frame that ends no message.
    Frame(usize),
    /// One message.
    Message(usize, Vec<u8>),
    /// A message that is compressed (no extension is read) or too long.
    Unread(usize),
    /// No frame stands here.
    Lost,
}

impl Frames {
    pub fn bytes(&self) -> usize {
        self.message.len()
    }

    /// Forget what was begun: bytes are missing.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    pub fn step(&mut self, data: &[u8], limit: usize) -> Step {
        if self.skip > 0 {
            let done = data
                .len()
                .min(usize::try_from(self.skip).unwrap_or(usize::MAX));
            self.skip -= done as u64;
            return if self.skip > 0 {
                Step::More(done)
            } else {
                Step::Frame(done)
            };
        }
        let head = match Head::read(data) {
            Read::Head(head) => head,
            Read::Cut => return Step::More(0),
            Read::Broken => return Step::Lost,
        };
        if !head.is_data() {
            self.skip = head.length;
            return Step::Frame(head.at);
        }
        if head.opcode != CONTINUED {
            // A message that was not ended before the next one is given up.
            self.message.clear();
            self.spoilt = head.reserved != 0;
        }
        let is_long = head.length.saturating_add(self.message.len() as u64) > limit as u64;
        if is_long || self.spoilt {
            self.spoilt = !head.is_last;
            self.message = Vec::new();
            self.skip = head.length;
            return Step::Unread(head.at);
        }
        let end = head.at + head.length as usize;
        let Some(payload) = data.get(head.at..end) else {
            return Step::More(0);
        };
        head.unmask(payload, &mut self.message);
        if head.is_last {
            Step::Message(end, std::mem::take(&mut self.message))
        } else {
            Step::Frame(end)
        }
    }

    /// What is there of a message whose end is missing.
    pub fn rest(&mut self, data: &[u8]) -> Vec<u8> {
        let mut text = std::mem::take(&mut self.message);
        if self.skip == 0
            && !self.spoilt
            && let Read::Head(head) = Head::read(data)
            && head.is_data()
            && head.reserved == 0
        {
            let payload = &data[head.at..];
            let length = payload
                .len()
                .min(usize::try_from(head.length).unwrap_or(usize::MAX));
            head.unmask(&payload[..length], &mut text);
        }
        self.reset();
        text
    }
}

#[cfg(test)]
mod tests {
    use crate::address::{Endpoint, FlowKey};
    use crate::datagram::Segment;
    use crate::tcp::{Limits, Message, Table};
    use proptest::prelude::*;

    const SECOND: u64 = 1_000_000_000;
    const ASK: &[u8] = b"GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: xmpp, SIP\r\n\r\n";
    const ANSWER: &[u8] =
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: sip\r\n\r\n";

    fn key() -> FlowKey {
        FlowKey {
            src: Endpoint::new("10.0.0.1".parse().unwrap(), 40_000),
            dst: Endpoint::new("10.0.0.2".parse().unwrap(), 8088),
        }
    }

    fn sip(number: usize, body: usize) -> Vec<u8> {
        let mut text = format!(
            "INVITE sip:{number}@example.org SIP/2.0\r\nVia: SIP/2.0/WS h;branch=z{number}\r\n\r\n"
        )
        .into_bytes();
        text.extend((0..body).map(|at| b'a' + (at % 26) as u8));
        text
    }

    fn frame(first: u8, mask: Option<[u8; 4]>, payload: &[u8]) -> Vec<u8> {
        let masked = if mask.is_some() { 0x80 } else { 0 };
        let mut out = vec![first];
        match payload.len() {
            short @ 0..=125 => out.push(masked | short as u8),
            length @ 126..=65_535 => {
                out.push(masked | 0x7e);
                out.extend((length as u16).to_be_bytes());
            }
            length => {
                out.push(masked | 0x7f);
                out.extend((length as u64).to_be_bytes());
            }
        }
        let key = mask.unwrap_or_default();
        out.extend(mask.iter().flatten());
        out.extend(
            payload
                .iter()
                .zip(key.iter().cycle())
                .map(|(byte, key)| byte ^ key),
        );
        out
    }

    struct Feed {
        table: Table,
        sequences: [u32; 2],
        out: Vec<Message>,
    }

    impl Feed {
        fn new() -> Self {
            let limits = Limits {
                streams: 8,
                waiting_bytes: 1 << 16,
                message_bytes: 70_000,
            };
            Self {
                table: Table::new(limits),
                sequences: [100, 900],
                out: Vec::new(),
            }
        }

        /// A segment of one direction; `lost`: it was sent, but not captured.
        fn send(&mut self, side: usize, payload: &[u8], lost: bool) {
            let segment = Segment {
                sequence: self.sequences[side],
                acknowledged: 0,
                ack: false,
                syn: false,
                fin: false,
                rst: false,
            };
            self.sequences[side] += payload.len() as u32;
            let direction = if side == 0 { key() } else { key().reversed() };
            if !lost {
                self.table.segment(
                    direction,
                    &segment,
                    payload,
                    0,
                    SECOND,
                    false,
                    true,
                    &mut self.out,
                );
            }
        }

        fn texts(&mut self) -> Vec<(Vec<u8>, bool)> {
            assert!(self.out.iter().all(|message| message.is_web));
            self.out
                .drain(..)
                .map(|message| (message.data, message.whole))
                .collect()
        }
    }

    #[test]
    fn both_directions_are_read_from_the_handshake_on() {
        let mut feed = Feed::new();
        feed.send(0, ASK, false);
        let mut answered = ANSWER.to_vec();
        answered.extend(frame(0x81, None, &sip(1, 10)));
        feed.send(1, &answered, false);
        feed.send(0, &frame(0x82, Some([1, 2, 3, 4]), &sip(2, 66_000)), false);
        feed.send(0, &frame(0x89, Some([9; 4]), b"ping"), false);
        feed.send(0, &frame(0x81, Some([5; 4]), b"\r\n\r\n"), false);
        feed.send(1, &frame(0x88, None, &[3, 0xe8]), false);
        assert_eq!(feed.texts(), [(sip(1, 10), true), (sip(2, 66_000), true)]);
        assert_eq!(feed.table.counts.unsure, 0);
    }

    #[test]
    fn a_handshake_in_two_segments_is_one() {
        let mut feed = Feed::new();
        let (begin, end) = ASK.split_at(ASK.len() - 3);
        feed.send(0, begin, false);
        feed.send(0, end, false);
        feed.send(0, &frame(0x81, Some([7; 4]), &sip(1, 0)), false);
        assert_eq!(feed.texts(), [(sip(1, 0), true)]);
    }

    #[test]
    fn a_stream_joined_late_is_read_from_its_next_message_on() {
        for mask in [None, Some([0xab, 0, 0x55, 1])] {
            let mut feed = Feed::new();
            feed.send(0, b"middle of something", false);
            feed.send(0, &frame(0x81, mask, &sip(1, 300)), false);
            feed.send(0, &frame(0x81, mask, &sip(2, 3)), false);
            assert_eq!(feed.texts(), [(sip(1, 300), true), (sip(2, 3), true)]);
        }
    }

    #[test]
    fn fragments_with_a_ping_between_them_are_one_message() {
        let text = sip(1, 500);
        let mut feed = Feed::new();
        feed.send(0, ASK, false);
        feed.send(0, &frame(0x01, Some([1; 4]), &text[..100]), false);
        feed.send(0, &frame(0x89, Some([2; 4]), b""), false);
        feed.send(0, &frame(0x00, Some([3; 4]), &text[100..101]), false);
        feed.send(0, &frame(0x80, Some([4; 4]), &text[101..]), false);
        assert_eq!(feed.texts(), [(text, true)]);
    }

    #[test]
    fn after_a_loss_reading_goes_on_at_the_next_message() {
        let mut feed = Feed::new();
        feed.send(0, ASK, false);
        let long = frame(0x81, Some([1; 4]), &sip(1, 3000));
        feed.send(0, &long[..1000], false);
        feed.send(0, &long[1000..], true);
        feed.send(0, &frame(0x81, Some([2; 4]), &sip(2, 30)), false);
        feed.table.expire(10 * SECOND, &mut feed.out);
        let texts = feed.texts();
        assert_eq!(texts.len(), 2);
        assert!(!texts[0].1 && sip(1, 3000).starts_with(&texts[0].0) && texts[0].0.len() > 900);
        assert_eq!(texts[1], (sip(2, 30), true));
        assert_eq!(feed.table.counts.gaps, 1);
    }

    #[test]
    fn compressed_and_long_messages_are_counted_and_passed_over() {
        let mut feed = Feed::new();
        feed.send(0, ASK, false);
        feed.send(0, &frame(0xc1, Some([1; 4]), &[9; 200]), false);
        for piece in frame(0x81, Some([1; 4]), &sip(1, 80_000)).chunks(1400) {
            feed.send(0, piece, false);
        }
        feed.send(0, &frame(0x81, Some([2; 4]), &sip(2, 30)), false);
        assert_eq!(feed.texts(), [(sip(2, 30), true)]);
        assert_eq!(feed.table.counts.too_long, 2);
    }

    #[test]
    fn other_subprotocols_are_not_followed() {
        let mut feed = Feed::new();
        feed.send(
            0,
            b"GET / HTTP/1.1\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n",
            false,
        );
        feed.send(0, &frame(0x81, Some([1; 4]), b"<stream/>"), false);
        feed.send(0, b"GET / HTTP/1.1\r\n\r\n", false);
        assert!(feed.table.is_empty() && feed.out.is_empty());
    }

    proptest! {
        #[test]
        fn any_segmentation_gives_the_same_messages(
            cuts in proptest::collection::vec(1..400usize, 1..40),
            pieces in 1..4usize,
        ) {
            let mut stream = ASK.to_vec();
            let mut sent = Vec::new();
            for number in 0..4 {
                let text = sip(number, number * 170);
                let step = text.len().div_ceil(pieces);
                let last = text.chunks(step).count() - 1;
                for (index, piece) in text.chunks(step).enumerate() {
                    let first = u8::from(index == 0) | if index == last { 0x80 } else { 0 };
                    stream.extend(frame(first, Some([number as u8, 7, 0, 255]), piece));
                }
                sent.push((text, true));
            }
            let mut feed = Feed::new();
            // The handshake tells the stream by its first segment.
            let mut at = 95;
            feed.send(0, &stream[..at], false);
            for cut in cuts.iter().cycle() {
                let end = (at + cut).min(stream.len());
                feed.send(0, &stream[at..end], false);
                at = end;
                if at == stream.len() {
                    break;
                }
            }
            prop_assert_eq!(feed.texts(), sent);
        }
    }
}
