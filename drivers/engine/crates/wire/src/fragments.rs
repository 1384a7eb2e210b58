//! IP fragments of both versions put together again.
//!
//! Surprising: overlapping fragments are refused with all of their packet, but a fragment that comes twice (a mirror that
//! shows it at both of its ports) is none of these. When the rest never comes, the first fragment is handed out alone.
//!
//! Source: RFC 791 §3.2, RFC 815, RFC 8200 §4.5, RFC 5722

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashMap;

use crate::address::Address;

/// Fragments of one packet that are kept; an Ethernet needs 45 for the longest packet.
const MAX_PIECES: usize = 128;
/// The longest packet that fragments can make.
const MAX_PACKET_BYTES: usize = 65_535;
/// What a piece takes beside its bytes.
const PIECE_BYTES: usize = 64;

/// What the reassembly may use.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Packets of which fragments are missing.
    pub packets: usize,
    /// Bytes of all of them.
    pub bytes: usize,
    /// How long the rest is waited for. Units: nanoseconds.
    pub wait_ns: u64,
    /// A fragment that comes again within this is a copy. Units: nanoseconds.
    pub copy_ns: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            packets: 4096,
            bytes: 8 << 20,
            wait_ns: 1_000_000_000,
            copy_ns: 50_000_000,
        }
    }
}

/// What happened, only growing.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Fragments, whatever became of them.
    pub fragments: u64,
    /// Packets put together.
    pub whole: u64,
    /// Packets refused because their fragments overlap or contradict each other.
    pub refused: u64,
    /// Packets whose rest did not come in time.
    pub incomplete: u64,
    /// Packets forgotten for want of room.
    pub overflow: u64,
    /// Fragments that came twice.
    pub copies: u64,
}

/// A packet that was put together, or the beginning of one whose rest never came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// From its IP header on; of a beginning, marked as first fragment.
    pub packet: Vec<u8>,
    /// When its last fragment (of a beginning: its first one) was captured.
    pub at_ns: u64,
    /// VLAN tag of that fragment.
    pub vlan: Option<u16>,
    /// Wrappings that were taken off that fragment.
    pub depth: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    src: Address,
    dst: Address,
    id: u32,
    /// Of version 4; version 6 tells packets apart without it.
    protocol: u8,
}

/// Where a fragment belongs.
struct Part<'a> {
    key: Key,
    /// Everything before what was cut into pieces; without the fragment header of version 6.
    head: &'a [u8],
    /// Next header of the fragment header, and where in `head` it is to be written; version 6 only.
    next: Option<(u8, usize)>,
    at: usize,
    /// On the wire.
    length: usize,
    more: bool,
    /// As captured: shorter than `length` when it was cut.
    body: &'a [u8],
}

#[derive(Debug)]
struct Piece {
    at: usize,
    length: usize,
    hash: u64,
    body: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    /// Put together; what comes again is a copy.
    Whole,
    Refused,
}

#[derive(Debug)]
struct Entry {
    state: State,
    serial: u64,
    pieces: Vec<Piece>,
    /// Length of all pieces together, once the last one is known.
    total: Option<usize>,
    bytes: usize,
    head: Vec<u8>,
    since_ns: u64,
    first: (u64, Option<u16>, u8),
}

/// Packets of which fragments are missing. Time is whatever clock the caller measures waiting by.
#[derive(Debug)]
pub struct Reassembly {
    limits: Limits,
    hasher: RandomState,
    entries: HashMap<Key, Entry>,
    /// In the order in which they began.
    order: VecDeque<(Key, u64)>,
    next_serial: u64,
    bytes: usize,
    /// What happened so far.
    pub counts: Counts,
}

impl Reassembly {
    /// Nothing waits.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            hasher: RandomState::new(),
            entries: HashMap::new(),
            order: VecDeque::new(),
            next_serial: 0,
            bytes: 0,
            counts: Counts::default(),
        }
    }

    /// Packets that wait or are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// No packet waits or is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Bytes that wait, with what holding them costs.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Take one fragment, from its IP header on. Returns the packet when it is the last one that was missing.
    ///
    /// Units: `at_ns` as captured, `now_ns` by the clock that waiting is measured with.
    pub fn take(
        &mut self,
        packet: &[u8],
        at_ns: u64,
        now_ns: u64,
        vlan: Option<u16>,
        depth: u8,
    ) -> Option<Made> {
        self.counts.fragments += 1;
        let Some(part) = read(packet) else {
            self.counts.refused += 1;
            return None;
        };
        let hash = self.hasher.hash_one(part.body);
        if let Some(entry) = self.entries.get(&part.key) {
            let again = entry
                .pieces
                .iter()
                .any(|piece| (piece.at, piece.length, piece.hash) == (part.at, part.length, hash));
            match entry.state {
                State::Refused => return None,
                State::Waiting if again => {
                    self.counts.copies += 1;
                    return None;
                }
                State::Whole
                    if again && now_ns.saturating_sub(entry.since_ns) <= self.limits.copy_ns =>
                {
                    self.counts.copies += 1;
                    return None;
                }
                // The number serves another packet.
                State::Whole => self.forget(part.key),
                State::Waiting => {}
            }
        }
        self.make_room(part.key, part.body.len() + part.head.len() + PIECE_BYTES);
        let (key, added) = (part.key, part.body.len() + PIECE_BYTES);
        let entry = self.entries.entry(key).or_insert_with(|| {
            self.next_serial += 1;
            self.order.push_back((key, self.next_serial));
            Entry {
                state: State::Waiting,
                serial: self.next_serial,
                pieces: Vec::new(),
                total: None,
                bytes: 0,
                head: Vec::new(),
                since_ns: now_ns,
                first: (at_ns, vlan, depth),
            }
        });
        entry.bytes += added;
        self.bytes += added;
        if !entry.fits(&part) {
            self.counts.refused += 1;
            self.bytes -= entry.bytes;
            entry.clear(State::Refused);
            return None;
        }
        if !part.more {
            entry.total = Some(part.at + part.length);
        }
        if part.at == 0 {
            entry.bytes += part.head.len();
            self.bytes += part.head.len();
            entry.first = (at_ns, vlan, depth);
            entry.head = part.head.to_vec();
            if let Some((next, at)) = part.next {
                entry.head[at] = next;
            }
        }
        let index = entry.pieces.partition_point(|piece| piece.at < part.at);
        entry.pieces.insert(
            index,
            Piece {
                at: part.at,
                length: part.length,
                hash,
                body: part.body.to_vec(),
            },
        );
        if !entry.is_whole() {
            return None;
        }
        self.counts.whole += 1;
        let packet = entry.join(false);
        // The hashes stay, to tell copies.
        let held = entry.bytes - entry.pieces.len() * PIECE_BYTES;
        entry.bytes -= held;
        self.bytes -= held;
        entry.head = Vec::new();
        entry.state = State::Whole;
        entry.since_ns = now_ns;
        for piece in &mut entry.pieces {
            piece.body = Vec::new();
        }
        Some(Made {
            packet,
            at_ns,
            vlan,
            depth,
        })
    }

    /// Give up packets that have waited too long; their beginnings are appended to `out`.
    pub fn expire(&mut self, now_ns: u64, out: &mut Vec<Made>) {
        while let Some(&(key, serial)) = self.order.front() {
            match self.entries.get(&key) {
                Some(entry) if entry.serial == serial => {
                    if now_ns.saturating_sub(entry.since_ns) <= self.limits.wait_ns {
                        return;
                    }
                    if entry.state == State::Waiting {
                        self.counts.incomplete += 1;
                        out.extend(entry.beginning());
                    }
                    self.forget(key);
                }
                _ => {}
            }
            self.order.pop_front();
        }
    }

    /// Give up a packet between two addresses (in either direction) whose first fragment holds `text`: an answer to it
    /// shows that the receiver had all of it, so what is missing here was lost on the way to us.
    pub fn give_up(&mut self, ends: [Address; 2], text: &[u8]) -> Option<Made> {
        let (&key, entry) = self.entries.iter().find(|(key, entry)| {
            let between = [key.src, key.dst] == ends || [key.dst, key.src] == ends;
            let first = entry.pieces.first().filter(|piece| piece.at == 0);
            between
                && entry.state == State::Waiting
                && first.is_some_and(|piece| memchr::memmem::find(&piece.body, text).is_some())
        })?;
        self.counts.incomplete += 1;
        let made = entry.beginning();
        self.forget(key);
        made
    }

    /// Nothing more will come: give up everything.
    pub fn finish(&mut self, out: &mut Vec<Made>) {
        self.expire(u64::MAX, out);
    }

    fn make_room(&mut self, key: Key, bytes: usize) {
        while self.bytes + bytes > self.limits.bytes
            || (self.entries.len() >= self.limits.packets && !self.entries.contains_key(&key))
        {
            let Some((oldest, serial)) = self.order.pop_front() else {
                return;
            };
            if let Some(entry) = self.entries.get(&oldest)
                && entry.serial == serial
            {
                self.counts.overflow += u64::from(entry.state == State::Waiting);
                self.forget(oldest);
            }
        }
    }

    fn forget(&mut self, key: Key) {
        if let Some(entry) = self.entries.remove(&key) {
            self.bytes -= entry.bytes;
        }
    }
}

impl Entry {
    fn clear(&mut self, state: State) {
        self.state = state;
        self.bytes = 0;
        self.pieces = Vec::new();
        self.head = Vec::new();
    }

    /// Whether a fragment contradicts none of those that are here.
    fn fits(&self, part: &Part<'_>) -> bool {
        let end = part.at + part.length;
        let beyond = match self.total {
            Some(total) => end > total || (!part.more && end != total),
            None => {
                !part.more
                    && self
                        .pieces
                        .last()
                        .is_some_and(|last| last.at + last.length > end)
            }
        };
        let overlaps = self
            .pieces
            .iter()
            .any(|piece| part.at < piece.at + piece.length && piece.at < end);
        part.length > 0
            && !beyond
            && !overlaps
            && end + part.head.len() <= MAX_PACKET_BYTES
            && (!part.more || part.length.is_multiple_of(8))
            && self.pieces.len() < MAX_PIECES
    }

    fn is_whole(&self) -> bool {
        let reached = self.pieces.iter().try_fold(0, |reached, piece| {
            (piece.at == reached).then_some(reached + piece.length)
        });
        self.total.is_some() && reached == self.total
    }

    /// One packet of all pieces up to the first hole; `begun`: marked as a first fragment.
    fn join(&self, begun: bool) -> Vec<u8> {
        let mut packet = self.head.clone();
        let head = packet.len();
        for piece in &self.pieces {
            if piece.at != packet.len() - head {
                break;
            }
            packet.extend_from_slice(&piece.body);
        }
        let total = match self.total {
            Some(total) if !begun => total,
            _ => packet.len() - head,
        };
        if packet[0] >> 4 == 4 {
            packet[2..4].copy_from_slice(&((head + total) as u16).to_be_bytes());
            packet[6] = if begun { 0x20 } else { 0 };
            packet[7] = 0;
            let checksum = crate::build::checksum(&packet[..head]);
            packet[10..12].copy_from_slice(&checksum.to_be_bytes());
        } else {
            packet[4..6].copy_from_slice(&((head - 40 + total) as u16).to_be_bytes());
        }
        packet
    }

    /// The first fragment and what follows it without a hole.
    fn beginning(&self) -> Option<Made> {
        let (at_ns, vlan, depth) = self.first;
        (!self.head.is_empty()).then(|| Made {
            packet: self.join(true),
            at_ns,
            vlan,
            depth,
        })
    }
}

fn read(packet: &[u8]) -> Option<Part<'_>> {
    match packet.first()? >> 4 {
        4 => read4(packet),
        6 => read6(packet),
        _ => None,
    }
}

/// Source: RFC 791 §3.1
fn read4(packet: &[u8]) -> Option<Part<'_>> {
    let fixed = packet.first_chunk::<20>()?;
    let head = usize::from(fixed[0] & 15) * 4;
    let total = usize::from(u16::from_be_bytes([fixed[2], fixed[3]]));
    if head < 20 || total <= head || packet.len() < head {
        return None;
    }
    let place = u16::from_be_bytes([fixed[6], fixed[7]]);
    Some(Part {
        key: Key {
            src: Address::v4([fixed[12], fixed[13], fixed[14], fixed[15]]),
            dst: Address::v4([fixed[16], fixed[17], fixed[18], fixed[19]]),
            id: u32::from(u16::from_be_bytes([fixed[4], fixed[5]])),
            protocol: fixed[9],
        },
        head: &packet[..head],
        next: None,
        at: usize::from(place & 0x1fff) * 8,
        length: total - head,
        more: place & 0x2000 != 0,
        body: &packet[head..total.min(packet.len())],
    })
}

/// Source: RFC 8200 §4.5
fn read6(packet: &[u8]) -> Option<Part<'_>> {
    const MAX_EXTENSIONS: usize = 12;
    let fixed = packet.first_chunk::<40>()?;
    let total = 40 + usize::from(u16::from_be_bytes([fixed[4], fixed[5]]));
    let (mut protocol, mut next_at, mut at) = (fixed[6], 6, 40);
    for _ in 0..MAX_EXTENSIONS {
        match protocol {
            44 => break,
            0 | 43 | 60 | 135 | 139 | 140 => {
                protocol = *packet.get(at)?;
                next_at = at;
                at += 8 + usize::from(*packet.get(at + 1)?) * 8;
            }
            _ => return None,
        }
    }
    let fragment = packet.get(at..at + 8)?;
    let place = u16::from_be_bytes([fragment[2], fragment[3]]);
    let (mut src, mut dst) = ([0; 16], [0; 16]);
    src.copy_from_slice(&fixed[8..24]);
    dst.copy_from_slice(&fixed[24..40]);
    Some(Part {
        key: Key {
            src: Address::v6(src),
            dst: Address::v6(dst),
            id: u32::from_be_bytes([fragment[4], fragment[5], fragment[6], fragment[7]]),
            protocol: 0,
        },
        head: &packet[..at],
        next: Some((fragment[0], next_at)),
        at: usize::from(place >> 3) * 8,
        length: total.checked_sub(at + 8)?,
        more: place & 1 != 0,
        body: &packet[at + 8..total.min(packet.len())],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::{Endpoint, FlowKey};
    use crate::build;
    use crate::datagram::Datagram;
    use proptest::prelude::*;

    const SECOND: u64 = 1_000_000_000;

    fn keys() -> [FlowKey; 2] {
        [("10.0.0.1", "10.0.0.2"), ("2001:db8::1", "2001:db8::2")].map(|(src, dst)| FlowKey {
            src: Endpoint::new(src.parse().unwrap(), 5060),
            dst: Endpoint::new(dst.parse().unwrap(), 5060),
        })
    }

    fn payload(bytes: usize) -> Vec<u8> {
        (0..bytes).map(|at| (at * 7 % 251) as u8).collect()
    }

    struct Feed {
        parts: Reassembly,
        now_ns: u64,
    }

    impl Feed {
        fn new() -> Self {
            Self {
                parts: Reassembly::new(Limits::default()),
                now_ns: SECOND,
            }
        }

        fn take(&mut self, packet: &[u8]) -> Option<Made> {
            self.parts
                .take(packet, self.now_ns, self.now_ns, Some(3), 1)
        }

        fn take_all<'a>(&mut self, packets: impl IntoIterator<Item = &'a Vec<u8>>) -> Vec<Made> {
            packets
                .into_iter()
                .filter_map(|packet| self.take(packet))
                .collect()
        }

        fn expire(&mut self) -> Vec<Made> {
            let mut out = Vec::new();
            self.now_ns += 2 * SECOND;
            self.parts.expire(self.now_ns, &mut out);
            assert_eq!((self.parts.len(), self.parts.bytes()), (0, 0));
            out
        }
    }

    proptest! {
        #[test]
        fn any_order_and_any_copies_make_the_packet_once(
            order in Just((0..9usize).chain(0..9).collect::<Vec<_>>()).prop_shuffle(),
            v6 in any::<bool>(),
        ) {
            let whole = build::udp(keys()[usize::from(v6)], &payload(5000));
            let pieces = build::fragments(&whole, 620, 77);
            prop_assert_eq!(pieces.len(), 9);
            let mut feed = Feed::new();
            let made = feed.take_all(order.iter().map(|&index| &pieces[index]));
            prop_assert_eq!(made.len(), 1);
            let read = Datagram::from_ip(&made[0].packet).unwrap();
            prop_assert_eq!(read.payload, &payload(5000)[..]);
            prop_assert!(!read.fragment && read.missing == 0);
            prop_assert_eq!((made[0].vlan, made[0].depth), (Some(3), 1));
            prop_assert_eq!(feed.parts.counts.copies, 9);
            prop_assert_eq!(feed.parts.counts.refused, 0);
            feed.expire();
        }
    }

    #[test]
    fn overlaps_are_refused_with_all_of_their_packet() {
        for key in keys() {
            let whole = build::udp(key, &payload(3000));
            let pieces = build::fragments(&whole, 1000, 5);
            let other = build::fragments(&build::udp(key, &payload(2999)), 800, 5);
            let mut feed = Feed::new();
            assert!(feed.take(&pieces[0]).is_none() && feed.take(&other[1]).is_none());
            assert_eq!(feed.parts.counts.refused, 1);
            assert!(feed.take_all(&pieces).is_empty());
            assert!(feed.expire().is_empty());
            // The number is free again after that.
            assert_eq!(feed.take_all(&pieces).len(), 1);
        }
    }

    #[test]
    fn two_ends_and_what_lies_behind_the_end_contradict() {
        let pieces = build::fragments(&build::udp(keys()[0], &payload(3000)), 1000, 5);
        let shorter = build::fragments(&build::udp(keys()[0], &payload(1500)), 1000, 5);
        for order in [
            [&shorter[1], &pieces[3]],
            [&pieces[3], &shorter[1]],
            [&shorter[1], &pieces[2]],
        ] {
            let mut feed = Feed::new();
            assert!(feed.take_all(order).is_empty());
            assert_eq!(feed.parts.counts.refused, 1);
        }
        let mut beyond = pieces[1].clone();
        beyond[6..8].copy_from_slice(&0x1fff_u16.to_be_bytes());
        let mut feed = Feed::new();
        assert!(feed.take(&beyond).is_none());
        assert_eq!(feed.parts.counts.refused, 1);
    }

    #[test]
    fn a_beginning_is_handed_out_when_the_rest_never_comes() {
        for key in keys() {
            let pieces = build::fragments(&build::udp(key, &payload(3000)), 1000, 5);
            let mut feed = Feed::new();
            for lost in [&pieces[1..2], &pieces[0..1]] {
                let kept = pieces.iter().filter(|piece| !lost.contains(piece));
                assert!(feed.take_all(kept).is_empty());
                let begun = feed.expire();
                assert_eq!(begun.len(), usize::from(lost[0] != pieces[0]));
                for made in begun {
                    let read = Datagram::from_ip(&made.packet).unwrap();
                    assert_eq!(read.payload, &payload(3000)[..read.payload.len()]);
                    assert!(read.payload.len() > 900 && read.missing > 0);
                }
            }
            assert_eq!(feed.parts.counts.incomplete, 2);
        }
    }

    #[test]
    fn a_number_used_again_makes_another_packet() {
        let mut feed = Feed::new();
        for size in [3000, 3001, 3000] {
            let pieces = build::fragments(&build::udp(keys()[0], &payload(size)), 1000, 5);
            feed.now_ns += 100_000_000;
            let made = feed.take_all(&pieces);
            assert_eq!(made.len(), 1);
            assert_eq!(
                Datagram::from_ip(&made[0].packet).unwrap().payload.len(),
                size
            );
        }
    }

    #[test]
    fn a_flood_is_bounded_and_counted() {
        let mut feed = Feed::new();
        let limits = Limits::default();
        for id in 0..20_000 {
            feed.take(&build::fragments(&build::udp(keys()[1], &payload(3000)), 1400, id)[0]);
            assert!(feed.parts.len() <= limits.packets && feed.parts.bytes() <= limits.bytes);
        }
        assert!(feed.parts.counts.overflow >= 20_000 - limits.packets as u64);
        assert!(feed.parts.order.len() <= limits.packets);
        feed.expire();
    }

    #[test]
    fn a_cut_fragment_makes_a_packet_that_says_what_is_missing() {
        let pieces = build::fragments(&build::udp(keys()[0], &payload(1500)), 1000, 5);
        let mut feed = Feed::new();
        feed.take(&pieces[0]);
        let made = feed.take(&pieces[1][..100]).unwrap();
        let read = Datagram::from_ip(&made.packet).unwrap();
        assert_eq!(read.payload.len() + read.missing as usize, 1500);
        assert!(read.missing > 0);
    }
}
