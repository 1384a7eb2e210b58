//! Which bundles want the packets between two endpoints, and who speaks in them.

use std::sync::Arc;

/// What one payload type means at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payload {
    /// 0 to 127.
    pub payload_type: u8,
    /// Of its RTP clock.
    pub clock_hz: u32,
    /// Telephone events (RFC 4733).
    pub is_event: bool,
}

/// A bundle's claim: `side` receives here.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub bundle: u32,
    /// Tells bundles apart that used the same slot one after the other.
    pub uid: u64,
    pub side: u8,
    pub payloads: Arc<[Payload]>,
    /// The bundle was released; another one may claim the address, too.
    pub lingers: bool,
}

/// All that is known of one endpoint.
#[derive(Debug, Default)]
pub(crate) struct Place {
    /// In the order they were made.
    pub claims: Vec<Claim>,
    /// Flows from or to here.
    pub flows: Vec<u32>,
}

impl Place {
    pub fn is_unused(&self) -> bool {
        self.claims.is_empty() && self.flows.is_empty()
    }
}

/// A flow's packets belong to a bundle.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    pub bundle: u32,
    pub uid: u64,
    /// Who speaks.
    pub side: u8,
    pub payloads: Arc<[Payload]>,
    /// The bundle was released: only streams that it knows are still its own.
    pub lingers: bool,
    /// Position in the bundle of the stream that was spoken last.
    pub stream: u32,
    /// The payload type that was looked up last; 255: none.
    pub known_type: u8,
    pub known_clock_hz: u32,
    pub known_event: bool,
}

impl Bound {
    /// Clock rate of a payload type and whether it carries telephone events. 0: unknown.
    ///
    /// Source: RFC 3551 §6 (table 4) for what no description announced
    #[inline]
    pub fn meaning(&mut self, payload_type: u8) -> (u32, bool) {
        if payload_type != self.known_type {
            let payload = self
                .payloads
                .iter()
                .find(|payload| payload.payload_type == payload_type);
            (self.known_clock_hz, self.known_event) = payload
                .map_or((static_clock_hz(payload_type), false), |payload| {
                    (payload.clock_hz, payload.is_event)
                });
            self.known_type = payload_type;
        }
        (self.known_clock_hz, self.known_event)
    }
}

/// Source: RFC 3551 §6 (tables 4 and 5)
const fn static_clock_hz(payload_type: u8) -> u32 {
    match payload_type {
        0 | 3..=5 | 7..=9 | 12 | 13 | 15 | 18 => 8000,
        6 => 16_000,
        10 | 11 => 44_100,
        14 | 25 | 26 | 28 | 31..=34 => 90_000,
        16 => 11_025,
        17 => 22_050,
        _ => 0,
    }
}

/// Who gets the packets from `src` to `dst`: for each bundle, its claim to the destination counts first, then its
/// claim to the source. Where both sides of a bundle receive at one address, the other end of the flow decides.
///
/// Several bundles may claim one end, be it that their calls are legs of one, be it that one of them is wrong. Where both
/// ends are claimed by some, the others get nothing if `elsewhere` says of a claim that its call's other side is another
/// host, one that is there.
pub(crate) fn resolve(
    src: &[Claim],
    dst: &[Claim],
    elsewhere: impl Fn(&Claim) -> bool,
) -> Vec<Bound> {
    let mut bound: Vec<Bound> = Vec::new();
    let has = |claims: &[Claim], uid| claims.iter().any(|claim| claim.uid == uid);
    let in_both = |uid| has(src, uid) && has(dst, uid);
    let is_decided = src.iter().any(|claim| !claim.lingers && in_both(claim.uid));
    for claim in dst.iter().chain(src) {
        if bound.iter().any(|known| known.uid == claim.uid) {
            continue;
        }
        if is_decided && !in_both(claim.uid) && elsewhere(claim) {
            continue;
        }
        let of = |claims: &[Claim]| {
            let mine = || claims.iter().filter(|other| other.uid == claim.uid);
            let both = (0..2).all(|side| mine().any(|other| other.side == side));
            (mine().next_back().cloned(), both)
        };
        let ((to, to_both), (from, from_both)) = (of(dst), of(src));
        let (side, payloads, lingers) = match (to, from) {
            (Some(to), Some(from)) if to_both && !from_both => (from.side, to.payloads, to.lingers),
            (Some(to), _) => (1 - to.side, to.payloads, to.lingers),
            (None, Some(from)) => (from.side, from.payloads, from.lingers),
            (None, None) => continue,
        };
        bound.push(Bound {
            bundle: claim.bundle,
            uid: claim.uid,
            side,
            payloads,
            lingers,
            stream: u32::MAX,
            known_type: u8::MAX,
            known_clock_hz: 0,
            known_event: false,
        });
    }
    bound
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(uid: u64, side: u8) -> Claim {
        Claim {
            bundle: uid as u32,
            uid,
            side,
            payloads: Arc::new([]),
            lingers: false,
        }
    }

    fn sides(src: &[Claim], dst: &[Claim]) -> Vec<(u64, u8)> {
        resolve(src, dst, |_| false)
            .iter()
            .map(|bound| (bound.uid, bound.side))
            .collect()
    }

    #[test]
    fn the_other_side_speaks_to_an_address() {
        assert_eq!(sides(&[], &[claim(1, 0)]), [(1, 1)]);
        assert_eq!(sides(&[], &[claim(1, 1)]), [(1, 0)]);
        assert_eq!(sides(&[claim(1, 0)], &[]), [(1, 0)]);
        assert_eq!(sides(&[claim(1, 1)], &[claim(1, 0)]), [(1, 1)]);
        assert_eq!(sides(&[], &[]), []);
    }

    #[test]
    fn the_destination_counts_before_the_source() {
        // A relay in the middle: both ends are claimed with sides that contradict.
        assert_eq!(sides(&[claim(1, 0)], &[claim(1, 0)]), [(1, 1)]);
    }

    #[test]
    fn two_bundles_share_an_address() {
        assert_eq!(sides(&[], &[claim(1, 0), claim(2, 0)]), [(1, 1), (2, 1)]);
        assert_eq!(sides(&[claim(2, 1)], &[claim(1, 0)]), [(1, 1), (2, 1)]);
    }

    #[test]
    fn of_two_that_announce_one_address_the_other_end_decides() {
        let elsewhere = |src: &[Claim], dst: &[Claim]| {
            let found = resolve(src, dst, |_| true);
            found.iter().map(|bound| bound.uid).collect::<Vec<_>>()
        };
        let both = [claim(1, 1), claim(2, 1)];
        assert_eq!(elsewhere(&[claim(1, 0)], &both), [1]);
        assert_eq!(elsewhere(&both, &[claim(2, 0)]), [2]);
        assert_eq!(elsewhere(&[], &both), [1, 2], "nothing decides");
        let legs = [claim(1, 0), claim(2, 0)];
        assert_eq!(elsewhere(&legs, &both), [1, 2], "legs of one call");
        // The other side of the second is not there: it may have announced an address behind a router.
        assert_eq!(sides(&[claim(1, 0)], &both), [(1, 0), (2, 0)]);
    }

    #[test]
    fn where_both_sides_receive_at_one_address_the_other_end_decides() {
        let relay = [claim(1, 0), claim(1, 1)];
        assert_eq!(sides(&[claim(1, 0)], &relay), [(1, 0)]);
        assert_eq!(sides(&[claim(1, 1)], &relay), [(1, 1)]);
    }

    #[test]
    fn clocks_come_from_the_description_and_then_from_the_profile() {
        let mut bound = resolve(&[], &[claim(1, 0)], |_| false).remove(0);
        bound.payloads = Arc::new([Payload {
            payload_type: 101,
            clock_hz: 48_000,
            is_event: true,
        }]);
        assert_eq!(bound.meaning(101), (48_000, true));
        assert_eq!(bound.meaning(8), (8000, false));
        assert_eq!(bound.meaning(111), (0, false));
    }
}
