//! What comes from each VLAN and each subnet: so that a mirror that lacks one of them, or one direction of it, is seen.
//!
//! A packet costs one addition in an array for its VLAN and one in its flow. All else is counted by flows: when one is
//! forgotten, and for those that live when somebody asks.

use hashbrown::HashMap;
use serde::Serialize;
use wire::{Address, FlowKey};

use crate::flows::Flow;

/// VLAN identifiers, and one place for what has no tag. Source: IEEE 802.1Q §9.6
const VLANS: usize = 4097;
/// The place of what has no tag.
pub(crate) const UNTAGGED: u16 = 4096;
/// Subnets that are told apart; what a scan makes up beyond them is not counted by subnet.
const MAX_SUBNETS: usize = 4096;
/// How many VLANs are told of, heaviest first …
const VLANS_TOLD: usize = 256;
/// … and how many subnets.
const SUBNETS_TOLD: usize = 64;
/// A flow with fewer RTP packets is no stream that anybody hears: one second of usual audio.
const STREAM_PACKETS: u64 = 50;
/// Streams that ended are told of for one to two of these. Units: nanoseconds of the timer.
const GENERATION_NS: u64 = 300_000_000_000;

/// What was counted of one VLAN or subnet. `packets`, `sip` and `rtp` only grow; the streams are those of late.
#[derive(Debug, Clone, Copy, Default, Serialize, PartialEq, Eq)]
pub struct Count {
    /// UDP and TCP packets of a VLAN; of a subnet those of its telephony that it sent.
    pub packets: u64,
    /// SIP messages sent.
    pub sip: u64,
    /// RTP packets sent.
    pub rtp: u64,
    /// Streams of audio of the last minutes; of a subnet those from and to it.
    pub streams: u64,
    /// Those of them of which the other direction never came.
    pub one_way: u64,
}

/// A VLAN, or None for packets without a tag.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub(crate) struct OfVlan {
    pub vlan: Option<u16>,
    #[serde(flatten)]
    pub count: Count,
}

/// A subnet: 24 bits of an IPv4 address, 64 of an IPv6 one.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub(crate) struct OfSubnet {
    pub subnet: String,
    #[serde(flatten)]
    pub count: Count,
}

/// The answer to who asks.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    pub vlans: Vec<OfVlan>,
    pub subnets: Vec<OfSubnet>,
}

/// Streams that ended, by when: so many, and so many of them one way.
type Ended = [[u64; 2]; 2];

#[derive(Debug, Clone, Copy, Default)]
struct Book {
    count: Count,
    /// The present generation and the one before.
    ended: Ended,
}

impl Book {
    fn turn(&mut self) {
        self.ended = [[0; 2], self.ended[0]];
    }

    fn stream(&mut self, one_way: bool) {
        self.ended[0][0] += 1;
        self.ended[0][1] += u64::from(one_way);
    }

    fn now(&self) -> Count {
        Count {
            streams: self.ended[0][0] + self.ended[1][0],
            one_way: self.ended[0][1] + self.ended[1][1],
            ..self.count
        }
    }
}

/// All VLANs and subnets.
#[derive(Debug)]
pub(crate) struct Nets {
    vlans: Box<[Book]>,
    subnets: HashMap<Address, Book>,
    turn_ns: u64,
}

/// The first address of the subnet.
pub(crate) fn subnet(address: Address) -> Address {
    if let Some([a, b, c, _]) = address.as_v4() {
        Address::v4([a, b, c, 0])
    } else {
        let mut octets = address.octets();
        octets[8..].fill(0);
        Address::v6(octets)
    }
}

/// Where a VLAN is counted.
#[inline]
pub(crate) fn place(vlan: Option<u16>) -> u16 {
    vlan.map_or(UNTAGGED, |vlan| vlan & 0xfff)
}

impl Nets {
    pub fn new() -> Self {
        Self {
            vlans: vec![Book::default(); VLANS].into(),
            subnets: HashMap::new(),
            turn_ns: 0,
        }
    }

    /// A packet of a VLAN.
    #[inline]
    pub fn packet(&mut self, vlan: Option<u16>) {
        self.vlans[usize::from(place(vlan))].count.packets += 1;
    }

    /// A SIP message.
    pub fn sip(&mut self, vlan: Option<u16>, key: &FlowKey) {
        self.vlans[usize::from(place(vlan))].count.sip += 1;
        if let Some(book) = self.subnet(key.src.address) {
            book.count.sip += 1;
            book.count.packets += 1;
        }
    }

    /// A flow that is forgotten.
    pub fn ended(&mut self, flow: &Flow, one_way: bool) {
        let is_stream = flow.rtp >= STREAM_PACKETS;
        let book = &mut self.vlans[usize::from(flow.vlan)];
        book.count.rtp += flow.rtp;
        if is_stream {
            book.stream(one_way);
        }
        if let Some(book) = self.subnet(flow.key.src.address) {
            book.count.packets += flow.packets;
            book.count.rtp += flow.rtp;
        }
        if is_stream {
            for end in ends(&flow.key) {
                if let Some(book) = self.subnet(end) {
                    book.stream(one_way);
                }
            }
        }
    }

    /// Streams that ended long ago are no longer told of.
    pub fn tick(&mut self, timer_ns: u64) {
        if timer_ns >= self.turn_ns {
            self.turn_ns = timer_ns + GENERATION_NS;
            self.vlans.iter_mut().for_each(Book::turn);
            self.subnets.values_mut().for_each(Book::turn);
        }
    }

    /// The heaviest, with the flows that live; each of those with whether the other direction is missing.
    pub fn told<'a>(&self, live: impl Iterator<Item = (&'a Flow, bool)>) -> Told {
        let mut vlans: Vec<Count> = self.vlans.iter().map(Book::now).collect();
        let mut subnets: HashMap<Address, Count> = self
            .subnets
            .iter()
            .map(|(subnet, book)| (*subnet, book.now()))
            .collect();
        for (flow, one_way) in live {
            let is_stream = flow.rtp >= STREAM_PACKETS;
            let stream = [u64::from(is_stream), u64::from(is_stream && one_way)];
            let count = &mut vlans[usize::from(flow.vlan)];
            count.rtp += flow.rtp;
            count.streams += stream[0];
            count.one_way += stream[1];
            if let Some(count) = bounded(&mut subnets, subnet(flow.key.src.address)) {
                count.packets += flow.packets;
                count.rtp += flow.rtp;
            }
            for end in ends(&flow.key).filter(|_| is_stream) {
                if let Some(count) = bounded(&mut subnets, subnet(end)) {
                    count.streams += stream[0];
                    count.one_way += stream[1];
                }
            }
        }
        let mut vlans: Vec<OfVlan> = vlans
            .into_iter()
            .enumerate()
            .filter(|(_, count)| *count != Count::default())
            .map(|(vlan, count)| OfVlan {
                vlan: (vlan != usize::from(UNTAGGED)).then_some(vlan as u16),
                count,
            })
            .collect();
        vlans.sort_by_key(|one| (std::cmp::Reverse(one.count.packets), one.vlan));
        vlans.truncate(VLANS_TOLD);
        let mut subnets: Vec<(Address, Count)> = subnets.into_iter().collect();
        subnets.sort_by_key(|(subnet, count)| (std::cmp::Reverse(count.packets), *subnet));
        subnets.truncate(SUBNETS_TOLD);
        Told {
            vlans,
            subnets: subnets
                .into_iter()
                .map(|(subnet, count)| OfSubnet {
                    subnet: format!(
                        "{subnet}/{}",
                        if subnet.as_v4().is_some() { 24 } else { 64 }
                    ),
                    count,
                })
                .collect(),
        }
    }

    fn subnet(&mut self, address: Address) -> Option<&mut Book> {
        bounded(&mut self.subnets, subnet(address))
    }
}

/// Both subnets of a flow, each once.
fn ends(key: &FlowKey) -> impl Iterator<Item = Address> + use<> {
    let (src, dst) = (key.src.address, key.dst.address);
    std::iter::once(src).chain((subnet(src) != subnet(dst)).then_some(dst))
}

/// The entry of a key, unless there are too many.
fn bounded<T: Default>(table: &mut HashMap<Address, T>, key: Address) -> Option<&mut T> {
    if table.len() >= MAX_SUBNETS && !table.contains_key(&key) {
        return None;
    }
    Some(table.entry(key).or_default())
}
