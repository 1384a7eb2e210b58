//! Messages that begin no call, told as far as somebody wants to know: registrations now and then, the rest not at all.
//!
//! Source: RFC 3261 §10 (a registrar's customers ask all day), §11, §12.2 (a request within a dialog has both tags)

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hash, RandomState};

use hashbrown::HashMap;
use wire::sip;

use crate::event::Sip;

/// A telephone that registers where it did is told again after this. Units: nanoseconds
const AGAIN_NS: u64 = 60_000_000_000;
const SECOND_NS: u64 = 1_000_000_000;
/// Of a storm so many registrations are told.
const MOST_A_SECOND: u32 = 200;
const MAX_KNOWN: usize = 20_000;
/// Requests within calls whose answers are waited for.
const MAX_INSIDE: usize = 4096;

/// Marks with the time of each; the oldest leave.
#[derive(Default)]
struct Recent {
    times: HashMap<u64, u64>,
    order: VecDeque<u64>,
}

impl Recent {
    fn put(&mut self, mark: u64, now_ns: u64, most: usize) {
        if self.times.insert(mark, now_ns).is_none() {
            self.order.push_back(mark);
            if self.order.len() > most
                && let Some(oldest) = self.order.pop_front()
            {
                self.times.remove(&oldest);
            }
        }
    }
}

/// Which of these messages are delivered.
#[derive(Default)]
pub(crate) struct Outside {
    known: Recent,
    inside: Recent,
    hasher: RandomState,
    second: u64,
    told: u32,
}

impl Outside {
    /// Whether a message for which `is_outside_calls` holds is worth reading. Units: nanoseconds of the timer
    pub fn is_wanted(&mut self, message: &Sip, now_ns: u64) -> bool {
        let data = message.data();
        let headers = &data[..sip::body_at(data, 0).unwrap_or(data.len())];
        let call = sip::call_id(headers).map(|name| self.hasher.hash_one(name));
        if sip::status_code(headers).is_some() {
            return call.is_some_and(|call| self.inside.times.contains_key(&call));
        }
        if sip::method(headers) == b"REGISTER" {
            return self.is_news(message, headers, now_ns);
        }
        let is_inside = sip::to(headers).is_some_and(sip::has_tag);
        if let Some(call) = call
            && is_inside
        {
            self.inside.put(call, now_ns, MAX_INSIDE);
        }
        is_inside
    }

    fn is_news(&mut self, message: &Sip, headers: &[u8], now_ns: u64) -> bool {
        let Some(to) = sip::to(headers) else {
            return false;
        };
        let mark = self.hasher.hash_one(Who {
            to,
            from: &message.key.src,
        });
        let told_ns = self.known.times.get(&mark);
        if told_ns.is_some_and(|told_ns| now_ns.saturating_sub(*told_ns) < AGAIN_NS) {
            return false;
        }
        if now_ns / SECOND_NS != self.second {
            self.second = now_ns / SECOND_NS;
            self.told = 0;
        }
        if self.told >= MOST_A_SECOND {
            return false;
        }
        self.told += 1;
        self.known.put(mark, now_ns, MAX_KNOWN);
        true
    }
}

#[derive(Hash)]
struct Who<'a> {
    to: &'a [u8],
    from: &'a wire::Endpoint,
}
