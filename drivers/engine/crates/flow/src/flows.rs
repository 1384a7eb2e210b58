//! The flow table: one entry for each direction of media, and what is known of the endpoints.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet, HashTable};
use rtp::Probation;
use source::prefetch;
use wire::{Address, Endpoint, FlowKey};

use crate::binding::{Bound, Claim, Place, resolve};
use crate::copies::Recent;
use crate::held::Held;
use crate::nets::UNTAGGED;

/// Hosts that are remembered as senders.
const MAX_HOSTS: usize = 65_536;
/// How many flows are looked at to find one to forget.
const EVICTION_SAMPLE: usize = 32;

/// One direction between two endpoints.
#[derive(Debug)]
pub(crate) struct Flow {
    pub key: FlowKey,
    /// Whose packets they are; empty: nobody's so far.
    pub bound: Vec<Bound>,
    /// When the last packet came, by the pipeline's timer.
    pub last_ns: u64,
    /// Packets that wait, or may still be wanted by another bundle.
    pub held: Held,
    /// Up to which packet each bundle has adopted.
    pub adopted: Vec<(u64, u64)>,
    pub orphan: Orphan,
    /// To know copies.
    pub recent: Recent,
    /// A message announced one of its ends: when (as captured), and until when (by the pipeline's timer) new streams
    /// are held for whom it will be bound to.
    pub announced: Option<(u64, u64)>,
    /// Where its first packet came from, as [`crate::nets`] counts.
    pub vlan: u16,
    /// Packets, and the RTP packets among them, copies left out.
    pub packets: u64,
    pub rtp: u64,
    /// Audio of the other direction was there and is forgotten.
    answered: bool,
    live: bool,
}

/// What is known of a flow without binding.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Orphan {
    pub probation: Probation,
    pub proven: bool,
    pub reported: bool,
    pub packets: u64,
    /// Time of its first packet, and the pipeline's timer then.
    pub first_ns: u64,
    pub since_ns: u64,
}

/// Where a flow lies, and a part of its key's hash: whoever looks only for the place need not touch the flow.
#[derive(Debug, Clone, Copy)]
struct Entry {
    slot: u32,
    tag: u32,
}

/// The part of the hash that the table itself does not look at.
#[inline]
fn tag(hash: u64) -> u32 {
    (hash >> 24) as u32
}

/// All flows.
#[derive(Debug)]
pub(crate) struct Flows {
    hasher: RandomState,
    index: HashTable<Entry>,
    slots: Vec<Flow>,
    free: Vec<u32>,
    places: HashMap<Endpoint, Place>,
    /// Where each bundle's sides receive, by its number.
    claimed: HashMap<u64, Vec<(Endpoint, u8)>>,
    /// Hosts that have sent anything.
    hosts: HashSet<Address>,
    hand: usize,
    limit: usize,
}

impl Flows {
    pub fn new(limit: usize) -> Self {
        Self {
            hasher: RandomState::default(),
            index: HashTable::new(),
            slots: Vec::new(),
            free: Vec::new(),
            places: HashMap::new(),
            claimed: HashMap::new(),
            hosts: HashSet::new(),
            hand: 0,
            limit,
        }
    }

    pub fn len(&self) -> usize {
        self.index.len()
    }

    #[inline]
    pub fn find(&self, key: &FlowKey) -> Option<u32> {
        self.index
            .find(self.hash(key), |entry| {
                self.slots[entry.slot as usize].key == *key
            })
            .map(|entry| entry.slot)
    }

    #[inline]
    pub fn hash(&self, key: &FlowKey) -> u64 {
        self.hasher.hash_one(key)
    }

    /// Where a flow with this hash lies, which is almost certainly the one that is meant: `find_at` makes sure.
    #[inline]
    pub fn probably(&self, hash: u64) -> Option<u32> {
        self.index
            .find(hash, |entry| entry.tag == tag(hash))
            .map(|entry| entry.slot)
    }

    /// The same as `find`, looking first where it was a moment ago.
    #[inline]
    pub fn find_at(&self, hint: u32, key: &FlowKey) -> Option<u32> {
        match self.slots.get(hint as usize) {
            Some(flow) if flow.live && flow.key == *key => Some(hint),
            _ => self.find(key),
        }
    }

    #[inline]
    pub fn get_mut(&mut self, slot: u32) -> &mut Flow {
        &mut self.slots[slot as usize]
    }

    /// A packet of this flow comes soon.
    #[inline]
    pub fn prefetch(&self, slot: u32) {
        if let Some(flow) = self.slots.get(slot as usize) {
            prefetch::value(flow);
        }
    }

    #[inline]
    pub fn get(&self, slot: u32) -> &Flow {
        &self.slots[slot as usize]
    }

    pub fn place(&mut self, endpoint: Endpoint) -> &mut Place {
        self.places.entry(endpoint).or_default()
    }

    /// Flows from or to an endpoint.
    pub fn at(&self, endpoint: Endpoint) -> &[u32] {
        self.places.get(&endpoint).map_or(&[], |place| &place.flows)
    }

    /// A host that sends is there: an address announced for it is no invention.
    pub fn sends(&mut self, host: Address) {
        if self.hosts.len() >= MAX_HOSTS {
            self.hosts.clear();
        }
        self.hosts.insert(host);
    }

    /// A bundle's side receives here.
    pub fn claim(&mut self, uid: u64, endpoint: Endpoint, side: u8) {
        let known = self.claimed.entry(uid).or_default();
        if !known.contains(&(endpoint, side)) {
            known.push((endpoint, side));
        }
    }

    /// Of a bundle's claims only these are left.
    pub fn unclaim(&mut self, uid: u64, left: &[Endpoint]) {
        if let Some(known) = self.claimed.get_mut(&uid) {
            known.retain(|(endpoint, _)| left.contains(endpoint));
            if known.is_empty() {
                self.claimed.remove(&uid);
            }
        }
    }

    /// Whether a bundle claims one end.
    pub fn is_claimed(&self, key: &FlowKey) -> bool {
        let claimed = |endpoint| {
            self.places
                .get(endpoint)
                .is_some_and(|place| !place.claims.is_empty())
        };
        claimed(&key.dst) || claimed(&key.src)
    }

    /// Drop a place that nothing refers to.
    pub fn tidy(&mut self, endpoint: Endpoint) {
        if self.places.get(&endpoint).is_some_and(Place::is_unused) {
            self.places.remove(&endpoint);
        }
    }

    /// Make a flow. None when there is no room and every flow looked at is bound.
    ///
    /// Shape: returns its slot and whether another one was forgotten for it.
    pub fn insert(&mut self, key: FlowKey, vlan: u16, now_ns: u64) -> Option<(u32, Option<Flow>)> {
        let evicted = if self.len() >= self.limit {
            Some(self.evict()?)
        } else {
            None
        };
        let flow = Flow {
            key,
            bound: Vec::new(),
            last_ns: now_ns,
            held: Held::default(),
            adopted: Vec::new(),
            orphan: Orphan::default(),
            recent: Recent::default(),
            announced: None,
            vlan,
            packets: 0,
            rtp: 0,
            answered: false,
            live: true,
        };
        let slot = if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = flow;
            slot
        } else {
            self.slots.push(flow);
            (self.slots.len() - 1) as u32
        };
        let (hasher, slots) = (&self.hasher, &self.slots);
        let hash = hasher.hash_one(key);
        let entry = Entry {
            slot,
            tag: tag(hash),
        };
        self.index.insert_unique(hash, entry, |other| {
            hasher.hash_one(slots[other.slot as usize].key)
        });
        self.sends(key.src.address);
        self.place(key.src).flows.push(slot);
        if key.dst != key.src {
            self.place(key.dst).flows.push(slot);
        }
        self.resolve(slot);
        Some((slot, evicted))
    }

    /// Look up anew whose a flow is. Returns true when it is somebody's.
    pub fn resolve(&mut self, slot: u32) -> bool {
        let key = self.slots[slot as usize].key;
        let claims = |endpoint| {
            self.places
                .get(endpoint)
                .map_or(&[][..], |place: &Place| &place.claims)
        };
        let elsewhere = |claim: &Claim| {
            let known = self.claimed.get(&claim.uid).map_or(&[][..], Vec::as_slice);
            let mut others = known
                .iter()
                .filter(|(_, side)| *side != claim.side)
                .map(|(endpoint, _)| endpoint);
            others.any(|other| self.hosts.contains(&other.address))
        };
        let bound = resolve(claims(&key.src), claims(&key.dst), elsewhere);
        let flow = &mut self.slots[slot as usize];
        if bound.is_empty() != flow.bound.is_empty() {
            // From here on it is another question whether anybody wants it.
            flow.orphan = Orphan::default();
        }
        flow.bound = bound;
        !flow.bound.is_empty()
    }

    /// Forget the longest silent unbound flow of a few.
    fn evict(&mut self) -> Option<Flow> {
        let mut oldest: Option<u32> = None;
        for _ in 0..EVICTION_SAMPLE.min(self.slots.len()) {
            self.hand = (self.hand + 1) % self.slots.len();
            let flow = &self.slots[self.hand];
            if flow.live
                && flow.bound.is_empty()
                && oldest.is_none_or(|slot| flow.last_ns < self.slots[slot as usize].last_ns)
            {
                oldest = Some(self.hand as u32);
            }
        }
        oldest.map(|slot| self.remove(slot))
    }

    /// All flows.
    pub fn iter(&self) -> impl Iterator<Item = &Flow> {
        self.slots.iter().filter(|flow| flow.live)
    }

    /// Whether audio came from where this one goes, or goes to where it comes from.
    pub fn is_answered(&self, flow: &Flow) -> bool {
        flow.answered
            || self
                .counterparts(&flow.key)
                .any(|slot| self.get(slot).rtp > 0)
    }

    /// A flow is forgotten; those of the other direction remember that it was there.
    pub fn part(&mut self, gone: &Flow) {
        if gone.rtp > 0 {
            for slot in self.counterparts(&gone.key).collect::<Vec<_>>() {
                self.get_mut(slot).answered = true;
            }
        }
    }

    /// Flows of the other direction; either end may send from another port than it listens at.
    fn counterparts(&self, key: &FlowKey) -> impl Iterator<Item = u32> {
        let (src, dst) = (key.src, key.dst);
        let back = move |slot: &&u32| self.get(**slot).key.dst == src;
        let there = move |slot: &&u32| self.get(**slot).key.src == dst;
        let to_us = self.at(src).iter().filter(back);
        to_us.chain(self.at(dst).iter().filter(there)).copied()
    }

    /// A few flows, each time others, that are nobody's and have been silent for longer than `idle_ns`.
    pub fn silent(&mut self, now_ns: u64, idle_ns: u64) -> Vec<u32> {
        let count = (self.slots.len() / 64 + EVICTION_SAMPLE).min(self.slots.len());
        let mut found = Vec::new();
        for _ in 0..count {
            self.hand = (self.hand + 1) % self.slots.len();
            let flow = &self.slots[self.hand];
            if flow.live && flow.bound.is_empty() && now_ns.saturating_sub(flow.last_ns) > idle_ns {
                found.push(self.hand as u32);
            }
        }
        found
    }

    /// Forget a flow.
    pub fn remove(&mut self, slot: u32) -> Flow {
        let key = self.slots[slot as usize].key;
        if let Ok(entry) = self
            .index
            .find_entry(self.hasher.hash_one(key), |other| other.slot == slot)
        {
            entry.remove();
        }
        for endpoint in [key.src, key.dst] {
            if let Some(place) = self.places.get_mut(&endpoint) {
                if let Some(at) = place.flows.iter().position(|&other| other == slot) {
                    place.flows.swap_remove(at);
                }
                if place.is_unused() {
                    self.places.remove(&endpoint);
                }
            }
        }
        self.free.push(slot);
        let empty = Flow {
            key,
            bound: Vec::new(),
            last_ns: 0,
            held: Held::default(),
            adopted: Vec::new(),
            orphan: Orphan::default(),
            recent: Recent::default(),
            announced: None,
            vlan: UNTAGGED,
            packets: 0,
            rtp: 0,
            answered: false,
            live: false,
        };
        std::mem::replace(&mut self.slots[slot as usize], empty)
    }
}
