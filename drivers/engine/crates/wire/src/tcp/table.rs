//! All streams that carry SIP, bounded in number and bytes.

use hashbrown::HashMap;

use crate::address::FlowKey;
use crate::datagram::Segment;
use crate::sip::{self, Likeness};
use crate::tcp::stream::{Message, Stream};
use crate::tcp::websocket;

/// A connection that says nothing for so long is forgotten. Units: nanoseconds.
const IDLE_NS: u64 = 1_800_000_000_000;
/// Bytes of all streams together.
const MAX_BYTES: usize = 64 << 20;
/// How many streams are looked at to find one to forget.
const EVICTION_SAMPLE: usize = 16;

/// What the table may use.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Streams (directions) at once.
    pub streams: usize,
    /// Bytes that one stream holds while it waits for missing ones.
    pub waiting_bytes: usize,
    /// Longest message.
    pub message_bytes: usize,
}

/// What happened, only growing.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Streams forgotten, or not followed, for want of room.
    pub overflow: u64,
    /// Gaps given up.
    pub gaps: u64,
    /// Messages longer than the limit.
    pub too_long: u64,
    /// Times that something else stood where a message should begin.
    pub unsure: u64,
}

/// Streams by their direction.
#[derive(Debug)]
pub struct Table {
    limits: Limits,
    by_key: HashMap<FlowKey, u32>,
    slots: Vec<Option<(FlowKey, Stream)>>,
    free: Vec<u32>,
    /// Streams that wait for missing bytes.
    gapped: Vec<FlowKey>,
    bytes: usize,
    hand: usize,
    /// What happened so far.
    pub counts: Counts,
}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            by_key: HashMap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            gapped: Vec::new(),
            bytes: 0,
            hand: 0,
            counts: Counts::default(),
        }
    }

    /// Streams at this moment.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// No stream is followed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// Take a segment; whole messages of its direction are appended to `out`.
    ///
    /// `expected`: SIP is expected on this port, so the stream is followed from its SYN on; otherwise it is followed
    /// from the first segment that begins a message (`anywhere`) or not at all.
    #[expect(
        clippy::too_many_arguments,
        reason = "one call a segment, each fact its own"
    )]
    pub fn segment(
        &mut self,
        key: FlowKey,
        segment: &Segment,
        payload: &[u8],
        missing: u32,
        at_ns: u64,
        expected: bool,
        anywhere: bool,
        out: &mut Vec<Message>,
    ) {
        if self.by_key.is_empty() && !expected && payload.is_empty() {
            return;
        }
        if segment.ack {
            self.acknowledge(key.reversed(), segment.acknowledged, at_ns);
        }
        let slot = match self.by_key.get(&key) {
            Some(&slot) => slot,
            None if self.worth_following(key, segment, payload, expected, anywhere) => {
                self.insert(key, at_ns, out)
            }
            None => return,
        };
        let Some((_, stream)) = &mut self.slots[slot as usize] else {
            return;
        };
        let before = stream.bytes();
        let had_gap = stream.has_gap();
        let ended = stream.push(
            segment,
            payload,
            missing,
            at_ns,
            &self.limits,
            &mut self.counts,
            out,
        );
        self.bytes = self.bytes + stream.bytes() - before;
        if stream.has_gap() && !had_gap {
            self.gapped.push(key);
        }
        if ended {
            self.remove(key);
        } else if self.bytes > MAX_BYTES {
            self.counts.overflow += 1;
            self.forget(key, at_ns, out);
        }
    }

    /// Give up gaps that have lasted too long, forget idle streams.
    pub fn expire(&mut self, now_ns: u64, out: &mut Vec<Message>) {
        let mut gapped = std::mem::take(&mut self.gapped);
        gapped.retain(|key| {
            let Some(&slot) = self.by_key.get(key) else {
                return false;
            };
            let Some((_, stream)) = &mut self.slots[slot as usize] else {
                return false;
            };
            let before = stream.bytes();
            stream.expire(now_ns, &self.limits, &mut self.counts, out);
            self.bytes = self.bytes + stream.bytes() - before;
            stream.has_gap()
        });
        self.gapped = gapped;
        // A few slots each time: idle streams are no hurry.
        for _ in 0..EVICTION_SAMPLE.min(self.slots.len()) {
            self.hand = (self.hand + 1) % self.slots.len();
            if let Some((key, stream)) = &self.slots[self.hand]
                && now_ns.saturating_sub(stream.last_ns()) > IDLE_NS
            {
                self.forget(*key, now_ns, out);
            }
        }
    }

    /// Deliver what is there of every stream: no more segments will come.
    pub fn finish(&mut self, now_ns: u64, out: &mut Vec<Message>) {
        let keys: Vec<FlowKey> = self.slots.iter().flatten().map(|(key, _)| *key).collect();
        for key in keys {
            self.forget(key, now_ns, out);
        }
    }

    fn worth_following(
        &self,
        key: FlowKey,
        segment: &Segment,
        payload: &[u8],
        expected: bool,
        anywhere: bool,
    ) -> bool {
        if segment.rst || (payload.is_empty() && !segment.syn) {
            return false;
        }
        expected
            || (anywhere
                && !payload.is_empty()
                && (sip::likeness(payload) == Likeness::Certain || websocket::begins(payload)))
            || self.by_key.contains_key(&key.reversed())
    }

    fn acknowledge(&mut self, key: FlowKey, sequence: u32, at_ns: u64) {
        if let Some(&slot) = self.by_key.get(&key)
            && let Some((_, stream)) = &mut self.slots[slot as usize]
        {
            stream.acknowledged(sequence, at_ns);
        }
    }

    fn insert(&mut self, key: FlowKey, at_ns: u64, out: &mut Vec<Message>) -> u32 {
        if self.by_key.len() >= self.limits.streams {
            self.counts.overflow += 1;
            self.evict(at_ns, out);
        }
        let entry = Some((key, Stream::new(key)));
        let slot = if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = entry;
            slot
        } else {
            self.slots.push(entry);
            (self.slots.len() - 1) as u32
        };
        self.by_key.insert(key, slot);
        slot
    }

    /// Forget the longest silent of a few.
    fn evict(&mut self, at_ns: u64, out: &mut Vec<Message>) {
        let mut oldest: Option<(u64, FlowKey)> = None;
        let mut looked_at = 0;
        for _ in 0..self.slots.len() {
            self.hand = (self.hand + 1) % self.slots.len();
            if let Some((key, stream)) = &self.slots[self.hand] {
                if oldest.is_none_or(|(last_ns, _)| stream.last_ns() < last_ns) {
                    oldest = Some((stream.last_ns(), *key));
                }
                looked_at += 1;
                if looked_at == EVICTION_SAMPLE {
                    break;
                }
            }
        }
        if let Some((_, key)) = oldest {
            self.forget(key, at_ns, out);
        }
    }

    fn forget(&mut self, key: FlowKey, at_ns: u64, out: &mut Vec<Message>) {
        if let Some(&slot) = self.by_key.get(&key)
            && let Some((_, stream)) = &mut self.slots[slot as usize]
        {
            let before = stream.bytes();
            stream.give_up_all(at_ns, &self.limits, &mut self.counts, out);
            self.bytes = self.bytes + stream.bytes() - before;
        }
        self.remove(key);
    }

    fn remove(&mut self, key: FlowKey) {
        if let Some(slot) = self.by_key.remove(&key) {
            if let Some((_, stream)) = self.slots[slot as usize].take() {
                self.bytes -= stream.bytes();
            }
            self.free.push(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Endpoint;
    use proptest::prelude::*;

    const SECOND: u64 = 1_000_000_000;

    fn key() -> FlowKey {
        FlowKey {
            src: Endpoint::new("10.0.0.1".parse().unwrap(), 5060),
            dst: Endpoint::new("10.0.0.2".parse().unwrap(), 32001),
        }
    }

    fn table() -> Table {
        Table::new(Limits {
            streams: 4,
            waiting_bytes: 4096,
            message_bytes: 4096,
        })
    }

    fn plain(sequence: u32) -> Segment {
        Segment {
            sequence,
            acknowledged: 0,
            ack: false,
            syn: false,
            fin: false,
            rst: false,
        }
    }

    fn syn(sequence: u32) -> Segment {
        Segment {
            syn: true,
            ..plain(sequence)
        }
    }

    fn message(number: usize, body: usize) -> Vec<u8> {
        let mut text = format!(
            "INVITE sip:{number}@example.org SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z{number}\r\nl: {body}\r\n\r\n"
        )
        .into_bytes();
        text.extend((0..body).map(|at| b'a' + (at % 26) as u8));
        text
    }

    struct Feed {
        table: Table,
        out: Vec<Message>,
    }

    impl Feed {
        fn new() -> Self {
            Self {
                table: table(),
                out: Vec::new(),
            }
        }

        fn at(&mut self, segment: Segment, payload: &[u8], at_ns: u64) -> &mut Self {
            self.table.segment(
                key(),
                &segment,
                payload,
                0,
                at_ns,
                true,
                true,
                &mut self.out,
            );
            self
        }

        fn add(&mut self, segment: Segment, payload: &[u8]) -> &mut Self {
            self.at(segment, payload, SECOND)
        }

        fn whole(&self) -> Vec<&[u8]> {
            assert!(
                self.out.iter().all(|message| message.whole),
                "one of {} is not whole",
                self.out.len()
            );
            self.out.iter().map(|message| &message.data[..]).collect()
        }
    }

    #[test]
    fn several_messages_in_one_segment_and_keep_alives_between_them() {
        let (a, b) = (message(1, 10), message(2, 0));
        let mut feed = Feed::new();
        let bytes = [b"\r\n\r\n", &a[..], b"\r\n\r\n", &b, b"\r\n"].concat();
        feed.add(syn(99), b"").add(plain(100), &bytes);
        assert_eq!(feed.whole(), [&a[..], &b]);
        assert_eq!(feed.table.counts, Counts::default());
    }

    #[test]
    fn the_sequence_number_wraps() {
        let (a, b) = (message(1, 3000), message(2, 3000));
        let mut feed = Feed::new();
        let start = u32::MAX - 1000;
        feed.add(syn(start.wrapping_sub(1)), b"");
        for (index, chunk) in [a.clone(), b.clone()].concat().chunks(700).enumerate() {
            feed.add(plain(start.wrapping_add(index as u32 * 700)), chunk);
        }
        assert_eq!(feed.whole(), [&a[..], &b]);
    }

    #[test]
    fn a_stream_joined_in_the_middle_is_read_from_the_next_message_on() {
        let (a, b) = (message(1, 500), message(2, 5));
        let mut feed = Feed::new();
        let bytes = [&a[200..], &b].concat();
        for (index, chunk) in bytes.chunks(9).enumerate() {
            feed.add(plain(5 + index as u32 * 9), chunk);
        }
        assert_eq!(feed.whole(), [&b[..]]);
    }

    #[test]
    fn a_message_quoted_in_a_body_is_no_start() {
        let quoting = b"...\r\nSIP/2.0 200 OK\r\n\r\n";
        let b = message(2, 5);
        let mut feed = Feed::new();
        feed.add(plain(5), &[&quoting[..], &b].concat());
        assert_eq!(feed.whole(), [&b[..]]);
    }

    #[test]
    fn a_lost_segment_costs_its_message_only() {
        let (a, b, c) = (message(1, 100), message(2, 100), message(3, 100));
        let mut feed = Feed::new();
        let at_b = 100 + a.len() as u32;
        let at_c = at_b + b.len() as u32;
        feed.add(syn(99), b"")
            .add(plain(100), &a)
            .add(plain(at_b), &b[..90])
            .add(plain(at_c), &c);
        assert_eq!(feed.out.len(), 1);
        feed.table.expire(2 * SECOND, &mut feed.out);
        assert_eq!(feed.out.len(), 1, "a retransmission may still come");
        feed.table.expire(4 * SECOND, &mut feed.out);
        let seen: Vec<_> = feed.out.iter().map(|m| (&m.data[..], m.whole)).collect();
        assert_eq!(seen, [(&a[..], true), (&b[..90], false), (&c[..], true)]);
        assert_eq!(feed.table.counts.gaps, 1);
    }

    #[test]
    fn an_acknowledged_gap_is_given_up_sooner() {
        let (a, b) = (message(1, 100), message(2, 100));
        let mut feed = Feed::new();
        feed.add(syn(99), b"").add(plain(100 + a.len() as u32), &b);
        let answer = Segment {
            ack: true,
            acknowledged: 100 + (a.len() + b.len()) as u32,
            ..plain(1)
        };
        feed.table.segment(
            key().reversed(),
            &answer,
            b"",
            0,
            SECOND,
            true,
            true,
            &mut feed.out,
        );
        feed.table.expire(SECOND + SECOND / 4, &mut feed.out);
        assert_eq!(feed.whole(), [&b[..]]);
    }

    #[test]
    fn a_snapped_segment_cuts_its_message_and_no_other() {
        let (a, b) = (message(1, 100), message(2, 100));
        let mut feed = Feed::new();
        feed.add(syn(99), b"");
        let missing = (a.len() - 90) as u32;
        feed.table.segment(
            key(),
            &plain(100),
            &a[..90],
            missing,
            1,
            true,
            true,
            &mut feed.out,
        );
        feed.add(plain(100 + a.len() as u32), &b);
        let seen: Vec<_> = feed.out.iter().map(|m| (&m.data[..], m.whole)).collect();
        assert_eq!(seen, [(&a[..90], false), (&b[..], true)]);
    }

    #[test]
    fn without_a_length_the_body_reaches_to_the_next_message() {
        let a = b"INVITE sip:a SIP/2.0\r\nVia: x\r\n\r\nv=0\r\n".to_vec();
        let b = message(2, 0);
        let mut feed = Feed::new();
        feed.add(syn(99), b"")
            .add(plain(100), &[&a[..], &b].concat());
        assert_eq!(feed.whole(), [&a[..], &b]);
    }

    #[test]
    fn a_message_over_the_limit_is_counted_and_the_next_is_read() {
        let (a, b) = (message(1, 9000), message(2, 10));
        let mut feed = Feed::new();
        feed.add(syn(99), b"")
            .add(plain(100), &[&a[..], b"\r\n", &b].concat());
        assert_eq!(feed.whole(), [&b[..]]);
        assert_eq!(feed.table.counts.too_long, 1);
    }

    #[test]
    fn a_closed_connection_is_forgotten_and_its_ports_serve_again() {
        let a = message(1, 10);
        let mut feed = Feed::new();
        feed.add(syn(99), b"").add(
            Segment {
                fin: true,
                ..plain(100)
            },
            &a,
        );
        assert!(feed.table.is_empty());
        feed.add(syn(77), b"").add(plain(78), &a);
        assert_eq!(feed.whole(), [&a[..], &a]);
    }

    #[test]
    fn streams_are_bounded() {
        let mut feed = Feed::new();
        for port in 1..=100 {
            let mut other = key();
            other.src.port = port;
            feed.table.segment(
                other,
                &syn(1),
                b"",
                0,
                u64::from(port),
                true,
                true,
                &mut feed.out,
            );
        }
        assert_eq!(feed.table.len(), 4);
        assert_eq!(feed.table.counts.overflow, 96);
        for at in 0..4000u32 {
            feed.table.segment(
                key(),
                &plain(1000 + at * 2000),
                &[b'x'; 1000],
                0,
                1,
                true,
                true,
                &mut feed.out,
            );
            assert!(feed.table.bytes <= 2 * 4096 + 1000);
        }
    }

    #[test]
    fn other_tcp_traffic_leaves_nothing_behind() {
        let mut feed = Feed::new();
        let web = b"GET / HTTP/1.1\r\n\r\n";
        feed.table
            .segment(key(), &plain(1), web, 0, 1, false, true, &mut feed.out);
        assert!(feed.table.is_empty() && feed.out.is_empty());
        feed.table.segment(
            key(),
            &plain(1),
            &message(1, 5),
            0,
            1,
            false,
            true,
            &mut feed.out,
        );
        assert_eq!(feed.out.len(), 1);
    }

    /// Where each piece begins and ends, in the order of arrival.
    fn pieces(length: usize) -> impl Strategy<Value = Vec<(usize, usize)>> {
        let cuts = prop::collection::vec(0..length, 0..60);
        let extra = prop::collection::vec((0..length, 1..400usize), 0..40);
        (cuts, extra).prop_flat_map(move |(mut cuts, extra)| {
            cuts.extend([0, length]);
            cuts.sort_unstable();
            let mut all: Vec<_> = cuts.windows(2).map(|pair| (pair[0], pair[1])).collect();
            // Overlapping and repeated pieces among those that cover the stream.
            all.extend(
                extra
                    .iter()
                    .map(|&(from, size)| (from, (from + size).min(length))),
            );
            Just(all).prop_shuffle()
        })
    }

    fn stream() -> (Vec<Vec<u8>>, Vec<u8>) {
        let messages: Vec<Vec<u8>> = (0..6).map(|number| message(number, number * 97)).collect();
        let bytes = messages.concat();
        (messages, bytes)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn any_segmentation_order_and_repetition_gives_the_same_messages(
            cut in pieces(stream().1.len()), start in any::<u32>()
        ) {
            let (messages, bytes) = stream();
            let mut feed = Feed::new();
            // Shuffled as a whole, all of the stream may have to wait.
            feed.table.limits.waiting_bytes = 40 * 400 + bytes.len();
            feed.add(syn(start.wrapping_sub(1)), b"");
            for (from, to) in cut {
                feed.add(plain(start.wrapping_add(from as u32)), &bytes[from..to]);
            }
            prop_assert!(feed.whole() == messages.iter().map(|m| &m[..]).collect::<Vec<_>>());
            prop_assert_eq!(feed.table.counts, Counts::default());
            prop_assert_eq!(feed.table.bytes, 0);
        }

        #[test]
        fn noise_neither_panics_nor_grows(
            segments in prop::collection::vec((any::<u32>(), any::<u8>(), prop::collection::vec(any::<u8>(), 0..600)), 0..80)
        ) {
            let mut feed = Feed::new();
            for (number, (sequence, flags, payload)) in segments.into_iter().enumerate() {
                let segment = Segment {
                    sequence: sequence % 5000,
                    acknowledged: sequence,
                    ack: flags & 16 > 0,
                    syn: flags & 7 == 1,
                    fin: flags & 31 == 3,
                    rst: flags & 31 == 4,
                };
                let text = [&b"BYE sip:a SIP/2.0\r\nVia: x\r\nl: 3\r\n\r\n"[..number % 36], &payload].concat();
                feed.table.segment(key(), &segment, &text, u32::from(flags % 3), number as u64 * SECOND, true, true, &mut feed.out);
                feed.table.expire(number as u64 * SECOND, &mut feed.out);
                prop_assert!(feed.table.bytes <= 2 * 4096 + 700);
            }
            feed.table.finish(u64::MAX, &mut feed.out);
            prop_assert_eq!(feed.table.bytes, 0);
            prop_assert!(feed.table.is_empty());
        }
    }
}
