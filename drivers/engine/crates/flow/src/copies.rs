//! Packets that the mirror shows twice: at both of its ports, on both sides of a router, inside a tunnel and plain.
//!
//! A copy has the same addresses, ports and payload and comes within a short time; its MAC addresses, VLAN tag, TTL and
//! checksums may differ. What a sender repeats itself comes later (SIP after 500 ms, RFC 3261 §17.1.1.2).

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use wire::FlowKey;

/// Packets of one flow that are remembered: more than come within the window.
const OF_A_FLOW: usize = 8;
/// Messages that are remembered.
const MESSAGES: usize = 8192;
/// Ends of payloads that tell packets with equal headers apart.
const TAIL: usize = 8;

/// The newest packets of one flow.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    prints: [u64; OF_A_FLOW],
    /// Units: 2^20 ns, wrapping.
    times: [u32; OF_A_FLOW],
    next: u8,
}

impl Recent {
    #[inline]
    fn is_copy(&mut self, print: u64, at: u32, window: u32) -> bool {
        for (index, &known) in self.prints.iter().enumerate() {
            if known == print && near(self.times[index], at, window) {
                return true;
            }
        }
        let next = usize::from(self.next) % OF_A_FLOW;
        self.prints[next] = print;
        self.times[next] = at;
        self.next = self.next.wrapping_add(1);
        false
    }
}

/// Copies may be captured in either order.
#[inline]
fn near(known: u32, at: u32, window: u32) -> bool {
    at.wrapping_sub(known).wrapping_add(window) <= 2 * window
}

/// What is compared.
#[derive(Debug)]
pub(crate) struct Copies {
    hasher: RandomState,
    /// Units: 2^20 ns; 0: nothing is a copy.
    window: u32,
    messages: HashMap<u64, u32>,
    order: VecDeque<u64>,
}

impl Copies {
    /// Units: milliseconds; 0 switches it off.
    pub fn new(window_ms: u32) -> Self {
        Self {
            hasher: RandomState::default(),
            window: (u64::from(window_ms) * 1_000_000).div_ceil(1 << 20) as u32,
            messages: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    /// Whether this RTP packet of the flow was here just now: its header, its length and its end are looked at.
    #[inline]
    pub fn rtp(&self, recent: &mut Recent, payload: &[u8], at_ns: u64) -> bool {
        if self.window == 0 {
            return false;
        }
        let (Some(head), Some(tail)) = (payload.first_chunk::<12>(), payload.last_chunk::<TAIL>())
        else {
            return false;
        };
        let (low, high) = (
            u128::from_le_bytes(widened(head)),
            u64::from_le_bytes(*tail),
        );
        let print = self.hasher.hash_one((low, high, payload.len() as u32));
        recent.is_copy(print, unit(at_ns), self.window)
    }

    /// The same for any other payload, all of it.
    pub fn other(&self, recent: &mut Recent, payload: &[u8], at_ns: u64) -> bool {
        self.window > 0 && recent.is_copy(self.hasher.hash_one(payload), unit(at_ns), self.window)
    }

    /// Whether this message went from here to there just now.
    pub fn message(&mut self, key: FlowKey, text: &[u8], at_ns: u64) -> bool {
        if self.window == 0 {
            return false;
        }
        let mut state = self.hasher.build_hasher();
        key.hash(&mut state);
        text.hash(&mut state);
        let print = std::hash::Hasher::finish(&state);
        let at = unit(at_ns);
        if let Some(known) = self.messages.get_mut(&print) {
            let is_copy = near(*known, at, self.window);
            if !is_copy {
                *known = at;
            }
            return is_copy;
        }
        if self.order.len() >= MESSAGES
            && let Some(oldest) = self.order.pop_front()
        {
            self.messages.remove(&oldest);
        }
        self.order.push_back(print);
        self.messages.insert(print, at);
        false
    }
}

#[inline]
fn unit(at_ns: u64) -> u32 {
    (at_ns >> 20) as u32
}

#[inline]
fn widened(head: &[u8; 12]) -> [u8; 16] {
    let mut wide = [0; 16];
    wide[..12].copy_from_slice(head);
    wide
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::Endpoint;

    const MS: u64 = 1_000_000;

    #[test]
    fn a_copy_is_told_from_the_next_packet_and_from_a_late_one() {
        let copies = Copies::new(50);
        let mut recent = Recent::default();
        let packet = |number: u8| [&[0x80, 8, 0, number][..], &[7; 168]].concat();
        assert!(!copies.rtp(&mut recent, &packet(1), 1000 * MS));
        assert!(!copies.rtp(&mut recent, &packet(2), 1020 * MS));
        assert!(copies.rtp(&mut recent, &packet(1), 1021 * MS));
        assert!(
            copies.rtp(&mut recent, &packet(2), 1010 * MS),
            "captured earlier"
        );
        assert!(!copies.rtp(&mut recent, &packet(1), 1100 * MS));
        let mut other = packet(2);
        other[171] = 8;
        assert!(
            !copies.rtp(&mut recent, &other, 1021 * MS),
            "another payload"
        );
        let off = Copies::new(0);
        assert!(!off.rtp(&mut recent, &packet(2), 1021 * MS));
    }

    #[test]
    fn messages_are_remembered_in_bounds() {
        let mut copies = Copies::new(50);
        let end = Endpoint::new("10.0.0.1".parse().unwrap(), 5060);
        let key = FlowKey { src: end, dst: end };
        assert!(!copies.message(key, b"INVITE", 1000 * MS));
        assert!(copies.message(key, b"INVITE", 1001 * MS));
        // The timer of the sender.
        assert!(!copies.message(key, b"INVITE", 1500 * MS));
        assert!(copies.message(key, b"INVITE", 1501 * MS));
        for number in 0..3 * MESSAGES {
            assert!(!copies.message(key, &number.to_be_bytes(), 1501 * MS));
        }
        assert_eq!(copies.messages.len(), MESSAGES);
        assert_eq!(copies.order.len(), MESSAGES);
    }
}
