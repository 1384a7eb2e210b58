//! Where new calls wait when very many begin at once: a scan must not cost what calls cost.
//!
//! Up to a rate every INVITE goes to Python at once. Beyond it, an INVITE and what belongs to it waits here until somebody
//! answers it (101 to 399), until media comes to where it wants it, or until a request shows that there is a call. Then all of
//! it goes on, in order. What is refused, cancelled or never answered is an *attempt*: told whole, when there is time.
//!
//! Source: RFC 3261 §13, §17.1.1 (an INVITE nobody answers is given up after 64*T1), §9 (CANCEL), §22.2 (a challenge)

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use serde::Serialize;
use serde_bytes::ByteBuf;
use wire::{Endpoint, sip};

use crate::event::Sip;

/// What waits here, and what is over and was not fetched, takes no more than this.
const MAX_BYTES: usize = 48 << 20;
/// More messages of one attempt are repetitions.
const MAX_MESSAGES: usize = 24;
/// Repetitions come, or the same call with a password, within this. Units: nanoseconds
const AFTER_REFUSAL_NS: u64 = 5_000_000_000;
/// Without any answer nobody asks longer. Units: nanoseconds
const UNHEARD_NS: u64 = 34_000_000_000;
/// Between two looks at what is over. Units: nanoseconds
const LOOK_NS: u64 = 500_000_000;
/// So many calls that went on are remembered, so that what repeats their INVITE goes on too.
const MAX_PASSED: usize = 32_768;
/// Tokens are counted in parts of a whole.
const WHOLE: u64 = 1_000_000_000;

/// What becomes of a message.
pub(crate) enum Way {
    /// It is none of ours.
    On(Sip),
    /// It waits here, or is left out as a repetition.
    Stays,
    /// With it everything goes on that waited for it.
    Together(Vec<Sip>),
}

/// More names of what is gone than this are not kept for whoever takes notes: he gets all anew.
const MAX_GONE: usize = 50_000;

/// What came to wait and what does no more, since somebody asked last; `all`: whatever waits, instead of what came.
#[derive(Debug, Serialize)]
pub(crate) struct Notes<'a> {
    pub all: bool,
    /// Call-ID and first message of each.
    pub came: Vec<(ByteBuf, &'a Sip)>,
    /// Call-IDs.
    pub gone: Vec<ByteBuf>,
}

/// One attempt: its messages in order.
struct Waiting {
    name: Arc<[u8]>,
    is_noted: bool,
    messages: Vec<Sip>,
    places: Vec<Endpoint>,
    bytes: usize,
    since_ns: u64,
    last_ns: u64,
    is_heard: bool,
    is_refused: bool,
}

/// What a message is to a call that waits.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// An INVITE that begins something.
    Asks,
    /// CANCEL and its answer, the ACK of a refusal.
    Follows,
    /// Somebody has it: 100.
    Heard,
    Refused,
    /// There is a call.
    Speaks,
}

/// All that wait. Times are those of the engine's timer.
pub(crate) struct Doorstep {
    per_s: u64,
    unanswered_ns: u64,
    tokens: u64,
    filled_ns: u64,
    waiting: HashMap<Arc<[u8]>, Waiting>,
    /// In the order of arrival; names of those that went on are among them.
    order: VecDeque<Arc<[u8]>>,
    places: HashMap<Endpoint, Arc<[u8]>>,
    passed: HashSet<u64>,
    passed_order: VecDeque<u64>,
    hasher: RandomState,
    over: VecDeque<Waiting>,
    bytes: usize,
    next_look_ns: u64,
    gone: Vec<Arc<[u8]>>,
    /// Attempts that were forgotten for want of room.
    pub lost: u64,
    /// Calls that waited.
    pub waited: u64,
}

impl Doorstep {
    /// `per_s` new calls a second, and as many at once, do not wait; after `unanswered_ns` without an answer nobody waits any more.
    pub fn new(per_s: u32, unanswered_ns: u64) -> Self {
        Self {
            per_s: u64::from(per_s),
            unanswered_ns,
            tokens: u64::from(per_s) * WHOLE,
            filled_ns: 0,
            waiting: HashMap::new(),
            order: VecDeque::new(),
            places: HashMap::new(),
            passed: HashSet::new(),
            passed_order: VecDeque::new(),
            hasher: RandomState::new(),
            over: VecDeque::new(),
            bytes: 0,
            next_look_ns: 0,
            gone: Vec::new(),
            lost: 0,
            waited: 0,
        }
    }

    /// Calls that wait, and attempts that are over and were not fetched yet.
    pub fn len(&self) -> usize {
        self.waiting.len() + self.over.len()
    }

    /// A message comes by. `is_late`: Python has much to read already, so no new call goes on at once.
    pub fn take(&mut self, message: Sip, now_ns: u64, is_late: bool, places: &[Endpoint]) -> Way {
        let data = message.data();
        let headers = &data[..sip::body_at(data, 0).unwrap_or(data.len())];
        let is_new = sip::begins_call(headers);
        if !is_new && self.waiting.is_empty() {
            return Way::On(message);
        }
        let Some(name) = sip::call_id(headers) else {
            return Way::On(message);
        };
        if let Some(known) = self.waiting.get_mut(name) {
            let part = part_of(headers, is_new, known.is_refused);
            if part == Part::Speaks || !message.whole {
                let name = Arc::from(name);
                let mut all = self.let_on(&name);
                all.push(message);
                return Way::Together(all);
            }
            known.last_ns = now_ns;
            match part {
                Part::Asks => known.is_refused = false,
                Part::Heard => known.is_heard = true,
                Part::Refused => known.is_refused = true,
                _ => {}
            }
            if known.messages.len() < MAX_MESSAGES {
                let bytes = message.memory_bytes();
                known.bytes += bytes;
                self.bytes += bytes;
                known.messages.push(message);
            }
            return Way::Stays;
        }
        if !is_new || !message.whole {
            return Way::On(message);
        }
        let mark = self.hasher.hash_one(name);
        if self.passed.contains(&mark) || !is_late && self.has_token(now_ns) {
            self.pass(mark);
            return Way::On(message);
        }
        let name: Arc<[u8]> = Arc::from(name);
        self.waited += 1;
        self.make_room();
        let bytes = message.memory_bytes();
        self.bytes += bytes;
        for place in places {
            self.places.insert(*place, Arc::clone(&name));
        }
        self.order.push_back(Arc::clone(&name));
        self.waiting.insert(
            Arc::clone(&name),
            Waiting {
                name,
                is_noted: false,
                messages: vec![message],
                places: places.to_vec(),
                bytes,
                since_ns: now_ns,
                last_ns: now_ns,
                is_heard: false,
                is_refused: false,
            },
        );
        Way::Stays
    }

    /// Media comes to, or from, where a call that waits wants it: everything of it goes on.
    pub fn heard_at(&mut self, place: &Endpoint) -> Vec<Sip> {
        match self.places.get(place).cloned() {
            Some(name) => self.let_on(&name),
            None => Vec::new(),
        }
    }

    /// Put aside what is over, now and then.
    pub fn tick(&mut self, now_ns: u64) {
        if now_ns < self.next_look_ns || self.waiting.is_empty() {
            return;
        }
        self.next_look_ns = now_ns + LOOK_NS;
        let unanswered_ns = self.unanswered_ns;
        let over: Vec<Arc<[u8]>> = self
            .waiting
            .iter()
            .filter(|(_, one)| one.is_over(now_ns, unanswered_ns))
            .map(|(name, _)| Arc::clone(name))
            .collect();
        for name in over {
            self.end(&name);
        }
        let waiting = &self.waiting;
        self.order.retain(|name| waiting.contains_key(name));
    }

    /// The first attempts that are over, at most so many.
    pub fn attempts(&mut self, most: usize) -> Vec<Vec<Sip>> {
        let count = most.min(self.over.len());
        let taken: Vec<Waiting> = self.over.drain(..count).collect();
        if self.over.is_empty() {
            self.over.shrink_to(1024);
        }
        let left = |one| self.left(one);
        taken.into_iter().map(left).collect()
    }

    /// What is to be written down, so that it is known even if this program is killed.
    pub fn notes(&mut self, all: bool) -> Notes<'_> {
        let all = all || self.gone.len() > MAX_GONE;
        let mut came = Vec::new();
        for one in self.waiting.values_mut().chain(&mut self.over) {
            if all || !one.is_noted {
                one.is_noted = true;
                let name = ByteBuf::from(one.name.as_ref());
                came.extend(one.messages.first().map(|first| (name, first)));
            }
        }
        let gone = std::mem::take(&mut self.gone).into_iter();
        let gone = gone
            .filter(|_| !all)
            .map(|name| ByteBuf::from(name.as_ref()));
        Notes {
            all,
            came,
            gone: gone.collect(),
        }
    }

    /// It does not wait here any more.
    fn left(&mut self, one: Waiting) -> Vec<Sip> {
        self.bytes -= one.bytes;
        if one.is_noted && self.gone.len() <= MAX_GONE {
            self.gone.push(one.name);
        }
        one.messages
    }

    /// Nothing more will come: whatever waits is over.
    pub fn end_all(&mut self) {
        while let Some(name) = self.order.pop_front() {
            self.end(&name);
        }
    }

    fn end(&mut self, name: &Arc<[u8]>) {
        if let Some(one) = self.remove(name) {
            self.over.push_back(one);
        }
    }

    fn let_on(&mut self, name: &Arc<[u8]>) -> Vec<Sip> {
        let Some(one) = self.remove(name) else {
            return Vec::new();
        };
        self.pass(self.hasher.hash_one(name.as_ref()));
        self.left(one)
    }

    fn remove(&mut self, name: &Arc<[u8]>) -> Option<Waiting> {
        let one = self.waiting.remove(name)?;
        for place in &one.places {
            if self.places.get(place).is_some_and(|other| other == name) {
                self.places.remove(place);
            }
        }
        Some(one)
    }

    /// Those that waited longest are over first; then the oldest attempts that nobody fetched are lost.
    fn make_room(&mut self) {
        while self.bytes > MAX_BYTES {
            if let Some(one) = self.over.pop_front() {
                self.left(one);
                self.lost += 1;
            } else if let Some(name) = self.order.pop_front() {
                self.end(&name);
            } else {
                return;
            }
        }
    }

    fn has_token(&mut self, now_ns: u64) -> bool {
        let passed_ns = now_ns.saturating_sub(self.filled_ns).min(WHOLE);
        self.filled_ns = now_ns;
        self.tokens = (self.tokens + passed_ns * self.per_s).min(self.per_s * WHOLE);
        let has_one = self.tokens >= WHOLE;
        self.tokens -= if has_one { WHOLE } else { 0 };
        has_one
    }

    fn pass(&mut self, mark: u64) {
        if self.passed.insert(mark) {
            self.passed_order.push_back(mark);
            if self.passed_order.len() > MAX_PASSED
                && let Some(oldest) = self.passed_order.pop_front()
            {
                self.passed.remove(&oldest);
            }
        }
    }
}

impl Waiting {
    fn is_over(&self, now_ns: u64, unanswered_ns: u64) -> bool {
        if self.is_refused {
            return now_ns.saturating_sub(self.last_ns) >= AFTER_REFUSAL_NS;
        }
        let most_ns = if self.is_heard {
            unanswered_ns
        } else {
            unanswered_ns.min(UNHEARD_NS)
        };
        now_ns.saturating_sub(self.since_ns) >= most_ns
    }
}

/// Source: RFC 3261 §17.1.1.3 (only a refusal is acknowledged without a dialog)
fn part_of(headers: &[u8], is_new: bool, is_refused: bool) -> Part {
    if is_new {
        return Part::Asks;
    }
    let Some(code) = sip::status_code(headers) else {
        return match sip::method(headers) {
            b"CANCEL" => Part::Follows,
            b"ACK" if is_refused => Part::Follows,
            _ => Part::Speaks,
        };
    };
    match (sip::cseq_method(headers), code) {
        (Some(b"CANCEL"), _) => Part::Follows,
        (Some(b"INVITE"), 100) => Part::Heard,
        (Some(b"INVITE"), 400..) => Part::Refused,
        _ => Part::Speaks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_back_with_time_and_are_never_more_than_a_second_of_them() {
        let mut step = Doorstep::new(10, 0);
        let spent =
            |step: &mut Doorstep, now_ns| (0..100).filter(|_| step.has_token(now_ns)).count();
        assert_eq!(spent(&mut step, 5 * WHOLE), 10);
        assert_eq!(spent(&mut step, 5 * WHOLE + WHOLE / 2), 5);
        assert_eq!(spent(&mut step, 60 * WHOLE), 10);
    }

    #[test]
    fn a_message_is_told_for_what_it_is() {
        let answer = |status: &str, method: &str| {
            format!("SIP/2.0 {status}\r\nCall-ID: x\r\nCSeq: 7  {method}\r\n\r\n").into_bytes()
        };
        let of = |data: &[u8], refused| part_of(data, sip::begins_call(data), refused);
        assert_eq!(of(&answer("100 Trying", "INVITE"), false), Part::Heard);
        assert_eq!(of(&answer("404 Not Found", "INVITE"), false), Part::Refused);
        assert_eq!(of(&answer("603", "INVITE"), false), Part::Refused);
        assert_eq!(of(&answer("200 OK", "CANCEL"), false), Part::Follows);
        for (status, method) in [
            ("180 Ringing", "INVITE"),
            ("200 OK", "INVITE"),
            ("302 Moved", "INVITE"),
            ("200 OK", "PRACK"),
            ("999", "INFO"),
        ] {
            assert_eq!(of(&answer(status, method), false), Part::Speaks, "{status}");
        }
        let request =
            |method: &str| format!("{method} sip:b SIP/2.0\r\nTo: <sip:b>\r\n\r\n").into_bytes();
        assert_eq!(of(&request("INVITE"), true), Part::Asks);
        assert_eq!(of(&request("CANCEL"), false), Part::Follows);
        assert_eq!(of(&request("ACK"), true), Part::Follows);
        assert_eq!(of(&request("ACK"), false), Part::Speaks);
        assert_eq!(of(&request("BYE"), true), Part::Speaks);
    }
}
