//! The state that one lock protects, and what happens to one datagram.

mod front;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use hashbrown::HashMap;
use rtp::{Kind, kind};
use source::ring::{KernelCounts, TOGETHER};
use spool::writer::{Receipt, Writer, WriterConfig};
use wire::sip::{self, Likeness};
use wire::tcp::{Limits, Message, Table};
use wire::{Address, Datagram, Endpoint, FlowKey, Reassembly, Wrappings, fragments, unwrap};

use self::front::Captured;
use crate::FlowError;
use crate::announced;
use crate::binding::{Bound, Claim, Payload};
use crate::bundle::{Bundles, Effects, Media};
use crate::config::{Config, Source};
use crate::copies::Copies;
use crate::counters::{Counters, OfInterface};
use crate::doorstep::{Doorstep, Way};
use crate::event::{Event, FileError, Notice, Raw, Sip, encode};
use crate::flows::{Flow, Flows};
use crate::held::Entry;
use crate::nets::{self, Nets};
use crate::outside::Outside;
use crate::stream::StreamCount;
use crate::tap::Tap;

/// Everything that is done by the clock is done so often. Units: nanoseconds of the timer.
const TICK_NS: u64 = 100_000_000;
/// A silent flow without binding is forgotten after this, or after the holding time when that is longer.
const IDLE_NS: u64 = 30_000_000_000;
/// Messages that wait for a poll take no more than this, whatever their number: some twenty seconds of a storm.
const MAX_EVENT_BYTES: usize = 64 << 20;
/// From here on what begins no call is left out: three seconds of a storm wait already.
const MANY_EVENT_BYTES: usize = 8 << 20;
/// From here on every new call waits for its answer: those that speak come first.
const LATE_EVENT_BYTES: usize = 1 << 20;
/// So much later than agreed is let go of what is held when Python is behind.
const MAX_LAG_NS: u64 = 30_000_000_000;
/// Room for so many events is kept when none waits.
const MANY_EVENTS: usize = 4096;
/// Claims of calls that are over, at one address.
const MAX_LINGERING: usize = 4;
/// Addresses that are announced and not bound; a scan announces for ever.
const MAX_ANNOUNCED: usize = 16_384;

/// No flow has this number.
const NO_SLOT: u32 = u32::MAX;

/// Whether a flow of a call that is over serves another one already, and whether a packet goes on with a stream of the one
/// that is over.
#[inline]
fn rest(flow: &Flow, bundles: &Bundles, media: &Media<'_>) -> (bool, bool) {
    if flow.bound.len() < 2 || !flow.bound.iter().any(|bound| bound.lingers) {
        return (false, false);
    }
    let goes_on = |bound: &Bound| {
        let bundle = bundles.get(bound.bundle);
        bundle.is_some_and(|bundle| bundle.goes_on(flow.key, media))
    };
    let serves_next = flow.bound.iter().any(|bound| !bound.lingers);
    let mut over = flow.bound.iter().filter(|bound| bound.lingers);
    (serves_next, over.any(goes_on))
}

/// RTP's port, and RTCP's where that is another one.
fn ports_of(port: u16, rtcp_port: u16) -> impl Iterator<Item = u16> + Clone + use<> {
    let rtcp = (rtcp_port != 0 && rtcp_port != port).then_some(rtcp_port);
    std::iter::once(port).chain(rtcp)
}

/// Calls that are over and linger at an address are few, however fast they follow one another.
fn forget_oldest(claims: &mut Vec<Claim>) {
    let over = claims.iter().filter(|claim| claim.lingers).count();
    let mut surplus = over.saturating_sub(MAX_LINGERING);
    claims.retain(|claim| {
        let goes = claim.lingers && surplus > 0;
        surplus -= usize::from(goes);
        !goes
    });
}

/// One bit for each port.
#[derive(Debug)]
struct Ports(Box<[u64; 1024]>);

impl Ports {
    fn new(ports: &[u16]) -> Self {
        let mut bits = Box::new([0; 1024]);
        for port in ports {
            bits[usize::from(*port) / 64] |= 1 << (port % 64);
        }
        Self(bits)
    }

    #[inline]
    fn contains(&self, port: u16) -> bool {
        self.0[usize::from(port) / 64] & (1 << (port % 64)) != 0
    }

    #[inline]
    fn expects(&self, key: &FlowKey) -> bool {
        self.contains(key.dst.port) || self.contains(key.src.port)
    }
}

/// One mirror port.
#[derive(Debug)]
struct Interface {
    name: Arc<str>,
    counters: OfInterface,
}

/// Flows, bindings, bundles, the holding area, the events.
pub(crate) struct Pipeline {
    config: Config,
    hold_ns: u64,
    orphan_after_ns: u64,
    sip_ports: Ports,
    tunnel_ports: unwrap::Ports,
    wrappings: Wrappings,
    fragments: Reassembly,
    copies: Copies,
    /// By their numbers; none for files.
    interfaces: Vec<Interface>,
    flows: Flows,
    /// Where the flow of the packet at hand was when it was looked for.
    hint: u32,
    /// The same of the next packets of a file.
    foreseen: VecDeque<u32>,
    bundles: Bundles,
    tcp: Table,
    writer: Writer,
    counters: Counters,
    nets: Nets,
    /// Addresses that messages announced and nobody has bound since: when (as captured), and until when that counts.
    announced: HashMap<Endpoint, (u64, u64)>,
    /// None: every new call is told at once.
    doorstep: Option<Doorstep>,
    /// None: all that begins no call is told, too.
    outside: Option<Outside>,
    /// Flows that hold packets, in the order in which they began.
    holding: Vec<u32>,
    arrivals: u64,
    /// Bundles whose claims end: when, and whose.
    releases: Vec<(u64, Arc<str>)>,
    /// What all waiting is measured by: capture time of a file, the monotonic clock of a ring. Units: nanoseconds.
    timer_ns: u64,
    /// Time of the newest packet of a file, wall clock of a ring.
    wall_ns: u64,
    next_tick_ns: u64,
    now: Instant,
    follows_capture: bool,
    /// What waits for a poll, with the time at which it was put there.
    events: VecDeque<(u64, Event)>,
    event_bytes: usize,
    messages_waiting: usize,
    /// Messages of the last poll.
    delivered: Vec<Sip>,
    next_id: u64,
    notices: Vec<Notice>,
    messages: Vec<Message>,
    disk_was_full: bool,
    stopped: bool,
}

impl Pipeline {
    pub fn new(config: Config) -> Result<Self, FlowError> {
        let live = matches!(config.source, Source::Ring { .. });
        let writer = Writer::new(WriterConfig {
            spool: config.spool.clone(),
            media_file: config.media_file.clone(),
            min_free_bytes: config.min_free_bytes,
            sync_every: config.sync_every(),
            threads: live,
            memory_bytes: if live { 0 } else { config.memory_bytes },
            block_bytes: config.write_block_bytes,
        })?;
        let mut pipeline = Self {
            hold_ns: config.hold_ns(),
            orphan_after_ns: config.orphan_after_ns(),
            sip_ports: Ports::new(&config.sip_ports),
            tunnel_ports: config.tunnels.ports(),
            wrappings: Wrappings::default(),
            fragments: Reassembly::new(fragments::Limits {
                copy_ns: u64::from(config.duplicate_ms) * 1_000_000,
                ..fragments::Limits::default()
            }),
            copies: Copies::new(config.duplicate_ms),
            interfaces: config
                .source
                .interfaces()
                .into_iter()
                .map(|name| Interface {
                    name: name.into(),
                    counters: OfInterface::default(),
                })
                .collect(),
            flows: Flows::new(config.max_flows),
            hint: NO_SLOT,
            foreseen: VecDeque::with_capacity(TOGETHER),
            bundles: Bundles::default(),
            tcp: Table::new(Limits {
                streams: config.max_tcp_streams,
                waiting_bytes: config.max_tcp_bytes,
                message_bytes: config.max_message_bytes,
            }),
            writer,
            counters: Counters::default(),
            nets: Nets::new(),
            announced: HashMap::new(),
            doorstep: (config.calls_at_once_per_s > 0)
                .then(|| Doorstep::new(config.calls_at_once_per_s, config.unanswered_ns())),
            outside: config.skip_outside_calls.then(Outside::default),
            holding: Vec::new(),
            arrivals: 0,
            releases: Vec::new(),
            timer_ns: 0,
            wall_ns: 0,
            next_tick_ns: 0,
            now: Instant::now(),
            follows_capture: !live,
            events: VecDeque::new(),
            event_bytes: 0,
            messages_waiting: 0,
            delivered: Vec::new(),
            next_id: 1,
            notices: Vec::new(),
            messages: Vec::new(),
            disk_was_full: false,
            stopped: false,
            config,
        };
        pipeline.look_at_disk();
        Ok(pipeline)
    }

    /// Units: nanoseconds; for a ring, whose timer is not the packets' time.
    pub fn set_times(&mut self, timer_ns: u64, wall_ns: u64) {
        self.timer_ns = timer_ns;
        self.wall_ns = wall_ns;
        self.tick_if_due();
    }

    /// Time of the newest packet of a file.
    pub fn wall_ns(&self) -> u64 {
        self.wall_ns
    }

    /// SIP messages that wait for a poll.
    pub fn messages_waiting(&self) -> usize {
        self.messages_waiting
    }

    pub fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    #[inline]
    fn udp(&mut self, datagram: &Datagram<'_>, captured: Captured) {
        self.counters.udp += 1;
        let Some(first) = datagram.payload.first() else {
            return;
        };
        if *first < 0x80 && self.sip(datagram, captured) {
            return;
        }
        // The first of several fragments is no packet that a media file should show as whole.
        if !datagram.fragment {
            self.media(datagram, captured.at_ns);
        }
    }

    /// Returns true for SIP.
    fn sip(&mut self, datagram: &Datagram<'_>, captured: Captured) -> bool {
        let blank = datagram
            .payload
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        let text = &datagram.payload[blank..];
        let expected = self.sip_ports.expects(&datagram.key);
        let accepted = match sip::likeness(text) {
            Likeness::Certain => expected || self.config.sip_anywhere,
            Likeness::Tolerable => expected,
            Likeness::No => false,
        };
        if !accepted {
            // Keep-alives are blank (RFC 5626 §3.5.1), STUN begins with 0 or 1 (RFC 7983 §7).
            let keep_alive =
                text.iter().all(|byte| matches!(byte, b' ' | 0)) || kind(text) == Kind::Stun;
            self.counters.sip_unsure += u64::from(expected && !keep_alive);
            return false;
        }
        if text.len() > self.config.max_message_bytes {
            self.counters.message_overflow += 1;
            return true;
        }
        if self.copies.message(datagram.key, text, captured.at_ns) {
            self.counters.deduplicated += 1;
            return true;
        }
        self.counters.sip_udp += 1;
        let to = datagram.payload_at + datagram.payload.len();
        self.push_sip(Sip {
            id: 0,
            at_ns: captured.at_ns,
            interface: self.name_of(captured.interface),
            key: datagram.key,
            vlan: datagram.vlan,
            whole: datagram.missing == 0,
            raw: Raw::Udp {
                ip: datagram.ip.to_vec(),
                ip_len: datagram.ip_len,
                from: to - text.len(),
                to,
            },
        });
        true
    }

    fn name_of(&self, interface: u16) -> Option<Arc<str>> {
        let found = self.interfaces.get(usize::from(interface))?;
        Some(Arc::clone(&found.name))
    }

    fn stream_messages(&mut self, vlan: Option<u16>, interface: u16) {
        let mut messages = std::mem::take(&mut self.messages);
        for message in messages.drain(..) {
            self.counters.sip_tcp += 1;
            self.push_sip(Sip {
                id: 0,
                at_ns: message.at_ns,
                interface: self.name_of(interface),
                key: message.key,
                vlan,
                whole: message.whole,
                raw: Raw::Tcp {
                    data: message.data,
                    is_web: message.is_web,
                },
            });
        }
        self.messages = messages;
    }

    fn push_sip(&mut self, message: Sip) {
        self.nets.sip(message.vlan, &message.key);
        if message.whole && self.fragments.bytes() > 0 {
            self.answered_fragments(&message);
        }
        let is_late = self.event_bytes > MANY_EVENT_BYTES;
        if (is_late || self.outside.is_some()) && sip::is_outside_calls(message.data()) {
            if let Some(outside) = &mut self.outside
                && !outside.is_wanted(&message, self.timer_ns)
            {
                self.counters.sip_outside_calls += 1;
                return;
            }
            if is_late {
                self.counters.sip_skipped += 1;
                return;
            }
        }
        let announced = self.announce(&message);
        let Some(doorstep) = &mut self.doorstep else {
            self.tell(message);
            return;
        };
        let is_late = self.event_bytes > LATE_EVENT_BYTES;
        match doorstep.take(message, self.timer_ns, is_late, &announced) {
            Way::On(message) => self.tell(message),
            Way::Stays => {}
            Way::Together(messages) => self.tell_all(messages),
        }
    }

    /// A call that waited goes on: what it announced long ago is awaited from now on.
    fn tell_all(&mut self, messages: Vec<Sip>) {
        for message in messages {
            self.announce(&message);
            self.tell(message);
        }
    }

    /// Put a message where the next poll finds it.
    fn tell(&mut self, mut message: Sip) {
        let bytes = message.memory_bytes();
        if self.events.len() >= self.config.max_events || self.event_bytes + bytes > MAX_EVENT_BYTES
        {
            self.counters.event_overflow += 1;
            return;
        }
        message.id = self.next_id;
        self.next_id += 1;
        self.event_bytes += bytes;
        self.messages_waiting += 1;
        self.events.push_back((self.wall_ns, Event::Sip(message)));
    }

    /// Media to what a message announces waits for its binding, whoever owns the addresses now. Returns what it announces.
    fn announce(&mut self, message: &Sip) -> Vec<Endpoint> {
        self.flows.sends(message.key.src.address);
        if self.hold_ns == 0 {
            return Vec::new();
        }
        let until_ns = self.timer_ns.saturating_add(self.hold_ns);
        let endpoints = announced::endpoints(message.data());
        for &endpoint in &endpoints {
            if self.announced.len() >= MAX_ANNOUNCED && !self.announced.contains_key(&endpoint) {
                break;
            }
            let times = (message.at_ns, until_ns);
            self.announced.insert(endpoint, times);
            for &slot in &self.flows.at(endpoint).to_vec() {
                self.flows.get_mut(slot).announced = Some(times);
            }
        }
        endpoints
    }

    /// Media of a call that nobody has answered so far, as far as we saw: there is one.
    fn heard_at(&mut self, key: &FlowKey) {
        for place in [key.dst, key.src] {
            let told = match &mut self.doorstep {
                Some(doorstep) => doorstep.heard_at(&place),
                None => return,
            };
            self.tell_all(told);
        }
    }

    /// The first attempts that are over, at most so many; `all`: those that wait are over, too. Encoded.
    pub fn attempts(&mut self, most: usize, all: bool) -> Vec<u8> {
        let Some(doorstep) = &mut self.doorstep else {
            return encode::<[Sip]>(&[]);
        };
        if all {
            doorstep.end_all();
        }
        encode(&doorstep.attempts(most))
    }

    /// What calls came to wait for an answer and which do no more, since the last time, or all that wait. Encoded, nothing when none ever wait.
    pub fn notes(&mut self, all: bool) -> Vec<u8> {
        self.doorstep
            .as_mut()
            .map_or_else(Vec::new, |doorstep| encode(&doorstep.notes(all)))
    }

    /// Somebody has bound what was announced, or it was the owner's own.
    fn bound_now(&mut self, endpoint: Endpoint) {
        if self.announced.remove(&endpoint).is_some() {
            for &slot in &self.flows.at(endpoint).to_vec() {
                self.flows.get_mut(slot).announced = None;
            }
        }
    }

    pub fn push(&mut self, notice: Notice) {
        if self.events.len() >= self.config.max_events {
            self.counters.event_overflow += 1;
        } else {
            self.events.push_back((self.wall_ns, Event::Notice(notice)));
        }
    }

    fn push_notices(&mut self) {
        let mut notices = std::mem::take(&mut self.notices);
        for notice in notices.drain(..) {
            self.push(notice);
        }
        self.notices = notices;
    }

    /// Everything on UDP that is not SIP: one look-up finds the flow and with it the bundles.
    #[inline]
    fn media(&mut self, datagram: &Datagram<'_>, at_ns: u64) {
        let kind = kind(datagram.payload);
        let slot = match self.flows.find_at(self.hint, &datagram.key) {
            Some(slot) => slot,
            None => match self.admit(datagram, kind) {
                Some(slot) => slot,
                None => return,
            },
        };
        let flow = self.flows.get_mut(slot);
        flow.last_ns = self.timer_ns;
        let is_copy = match kind {
            Kind::Rtp => self.copies.rtp(&mut flow.recent, datagram.payload, at_ns),
            _ => self.copies.other(&mut flow.recent, datagram.payload, at_ns),
        };
        if is_copy {
            self.counters.deduplicated += 1;
            return;
        }
        flow.packets += 1;
        match kind {
            Kind::Rtp => {
                flow.rtp += 1;
                self.counters.rtp += 1;
            }
            Kind::Rtcp => self.counters.rtcp += 1,
            _ => {}
        }
        if flow.bound.is_empty() {
            if matches!(kind, Kind::Rtp | Kind::Rtcp) {
                self.unbound(slot, datagram, kind, at_ns);
            }
            return;
        }
        let media = Media {
            at_ns,
            ip: datagram.ip,
            ip_len: datagram.ip_len,
            payload: datagram.payload,
            kind,
            live: true,
        };
        let mut effects = Effects {
            counters: &mut self.counters,
            notices: &mut self.notices,
            disk_full: self.writer.state().is_full(),
            blank_keys: self.config.blank_keys,
            writer: &mut self.writer,
            block_bytes: self.config.write_block_bytes,
            now: self.now,
        };
        let mut taken = false;
        let mut is_new = flow
            .announced
            .is_some_and(|(_, until)| until > self.timer_ns);
        let since_ns = flow.announced.map_or(0, |(since, _)| since);
        let (serves_next, is_rest) = rest(flow, &self.bundles, &media);
        for bound in &mut flow.bound {
            if let Some(bundle) = self.bundles.get_mut(bound.bundle) {
                let is_known = || bundle.knows(media.payload, kind, u64::MAX);
                // The port may serve the next call already. What goes on without a break is not the next one's, unless
                // they are legs of one call and one of them is over first.
                let is_others = if bound.lingers {
                    serves_next && !is_rest || !is_known()
                } else {
                    is_rest && !is_known()
                };
                if is_others {
                    continue;
                }
                bundle.take(bound, flow.key, &media, &mut effects);
                taken = true;
                is_new = is_new && !bundle.knows(media.payload, kind, since_ns);
            }
        }
        if !self.notices.is_empty() {
            self.push_notices();
        }
        if taken && !is_new || !matches!(kind, Kind::Rtp | Kind::Rtcp) {
            return;
        }
        if taken {
            self.hold_for_the_next(slot, datagram, at_ns);
        } else {
            self.unbound(slot, datagram, kind, at_ns);
        }
    }

    /// A new stream at an address that was announced since its owner bound it: that one has it, the next may want it.
    #[cold]
    fn hold_for_the_next(&mut self, slot: u32, datagram: &Datagram<'_>, at_ns: u64) {
        let before = self.arrivals;
        self.hold(slot, datagram, at_ns);
        if self.arrivals == before {
            return;
        }
        let flow = self.flows.get_mut(slot);
        flow.held.mark_newest_adopted();
        for bound in &flow.bound {
            match flow.adopted.iter_mut().find(|(uid, _)| *uid == bound.uid) {
                Some((_, upto)) => *upto = self.arrivals,
                None => flow.adopted.push((bound.uid, self.arrivals)),
            }
        }
    }

    /// The first packet of a flow: is it worth an entry?
    fn admit(&mut self, datagram: &Datagram<'_>, kind: Kind) -> Option<u32> {
        let (key, payload) = (&datagram.key, datagram.payload);
        let wanted = self.flows.is_claimed(key)
            || match kind {
                Kind::Rtp => rtp::plausible::plausible(payload).is_some(),
                Kind::Rtcp => rtp::rtcp::is_valid(payload),
                _ => false,
            };
        if !wanted {
            return None;
        }
        let Some((slot, evicted)) =
            self.flows
                .insert(*key, nets::place(datagram.vlan), self.timer_ns)
        else {
            self.counters.flow_overflow += 1;
            return None;
        };
        if let Some(flow) = evicted {
            self.counters.flow_overflow += 1;
            self.forget(flow, true);
        }
        if !self.announced.is_empty() {
            let times = self
                .announced
                .get(&key.dst)
                .or_else(|| self.announced.get(&key.src));
            self.flows.get_mut(slot).announced = times.copied();
            self.heard_at(key);
        }
        Some(slot)
    }

    /// Media that nobody has announced so far.
    fn unbound(&mut self, slot: u32, datagram: &Datagram<'_>, kind: Kind, at_ns: u64) {
        self.counters.rtp_unbound += 1;
        let flow = self.flows.get_mut(slot);
        let orphan = &mut flow.orphan;
        if orphan.packets == 0 {
            orphan.first_ns = at_ns;
            orphan.since_ns = self.timer_ns;
        }
        orphan.packets += 1;
        if kind == Kind::Rtp {
            orphan.proven |= orphan.probation.update(datagram.payload);
            let due = self.timer_ns.saturating_sub(orphan.since_ns) >= self.orphan_after_ns;
            if orphan.proven && due && !orphan.reported {
                orphan.reported = true;
                if let Ok(header) = rtp::Header::parse(datagram.payload) {
                    let (key, packets, first_ns) = (flow.key, orphan.packets, orphan.first_ns);
                    self.push(Notice::Orphan {
                        src: key.src.address.to_string(),
                        src_port: key.src.port,
                        dst: key.dst.address.to_string(),
                        dst_port: key.dst.port,
                        ssrc: header.ssrc,
                        pt: header.payload_type,
                        packets,
                        first_ns,
                    });
                }
            }
        }
        if self.hold_ns > 0 {
            self.hold(slot, datagram, at_ns);
        }
    }

    fn hold(&mut self, slot: u32, datagram: &Datagram<'_>, at_ns: u64) {
        let bytes = datagram.ip.len() + size_of::<Entry>();
        // Those that began to wait first lose first: they have had their chance, and new calls have not.
        while self.counters.held_bytes_now as usize + bytes > self.config.hold_bytes {
            let Some(victim) = self.longest_waiting() else {
                self.counters.hold_overflow += 1;
                return;
            };
            self.drop_oldest(victim, true);
        }
        self.arrivals += 1;
        let payload_at = datagram.payload_at as u16;
        let flow = self.flows.get_mut(slot);
        if flow.held.is_empty() {
            self.holding.push(slot);
        }
        let entry = Entry::new(
            self.arrivals,
            at_ns,
            self.timer_ns,
            datagram.ip_len,
            payload_at,
        );
        flow.held.push(entry, datagram.ip);
        self.counters.held += 1;
        self.counters.held_now += 1;
        self.counters.held_bytes_now += bytes as u64;
    }

    fn longest_waiting(&mut self) -> Option<u32> {
        while let Some(&slot) = self.holding.first() {
            if !self.flows.get(slot).held.is_empty() {
                return Some(slot);
            }
            self.holding.remove(0);
        }
        None
    }

    /// The oldest packet of a flow leaves the holding area.
    fn drop_oldest(&mut self, slot: u32, for_room: bool) {
        if let Some(entry) = self.flows.get_mut(slot).held.pop() {
            self.left(&entry, for_room);
        }
    }

    fn left(&mut self, entry: &Entry, for_room: bool) {
        self.counters.held_now -= 1;
        self.counters.held_bytes_now -= entry.bytes() as u64;
        if !entry.adopted {
            if for_room {
                self.counters.hold_overflow += 1;
            } else {
                self.counters.hold_expired += 1;
            }
        }
    }

    fn forget(&mut self, mut flow: Flow, for_room: bool) {
        let one_way = !self.flows.is_answered(&flow);
        self.flows.part(&flow);
        self.nets.ended(&flow, one_way);
        while let Some(entry) = flow.held.pop() {
            self.left(&entry, for_room);
        }
    }

    /// Let a bundle have what was held of these flows, in the order of arrival.
    fn adopt(&mut self, slots: &[u32], uid: u64) {
        let mut waiting: Vec<(u64, u32, usize)> = Vec::new();
        for &slot in slots {
            let flow = self.flows.get(slot);
            if flow.held.is_empty() || !flow.bound.iter().any(|bound| bound.uid == uid) {
                continue;
            }
            let upto = flow
                .adopted
                .iter()
                .find(|(known, _)| *known == uid)
                .map_or(0, |(_, upto)| *upto);
            let fresh = flow
                .held
                .entries()
                .filter(|(_, entry)| entry.arrival > upto);
            waiting.extend(fresh.map(|(index, entry)| (entry.arrival, slot, index)));
        }
        waiting.sort_unstable();
        let mut effects = Effects {
            counters: &mut self.counters,
            notices: &mut self.notices,
            disk_full: self.writer.state().is_full(),
            blank_keys: self.config.blank_keys,
            writer: &mut self.writer,
            block_bytes: self.config.write_block_bytes,
            now: self.now,
        };
        for &(arrival, slot, index) in &waiting {
            let flow = self.flows.get_mut(slot);
            let Some(bound) = flow.bound.iter_mut().find(|bound| bound.uid == uid) else {
                continue;
            };
            let Some(bundle) = self.bundles.get_mut(bound.bundle) else {
                continue;
            };
            let Some(entry) = flow.held.entry(index) else {
                continue;
            };
            let (at_ns, ip_len, payload_at) =
                (entry.at_ns, entry.ip_len, usize::from(entry.payload_at));
            let ip = flow.held.packet(index);
            let payload = ip.get(payload_at..).unwrap_or_default();
            let media = Media {
                at_ns,
                ip,
                ip_len,
                payload,
                kind: kind(payload),
                live: false,
            };
            bundle.take(bound, flow.key, &media, &mut effects);
            effects.counters.adopted += 1;
            flow.held.mark_adopted(index);
            match flow.adopted.iter_mut().find(|(known, _)| *known == uid) {
                Some((_, upto)) => *upto = arrival,
                None => flow.adopted.push((uid, arrival)),
            }
        }
        self.push_notices();
    }

    /// A bundle's side receives here.
    pub fn bind(
        &mut self,
        name: &str,
        side: u8,
        address: Address,
        port: u16,
        rtcp_port: u16,
        payloads: &[Payload],
    ) -> Result<(), FlowError> {
        self.refuse_when_stopped()?;
        let Some(slot) = self.bundles.open(name)? else {
            self.counters.after_close += 1;
            return Ok(());
        };
        let payloads: Arc<[Payload]> = payloads.into();
        let mut touched = Vec::new();
        let Some(uid) = self.bundles.get_mut(slot).map(|bundle| bundle.uid) else {
            return Ok(());
        };
        for port in ports_of(port, rtcp_port) {
            let endpoint = Endpoint::new(address, port);
            let claim = Claim {
                bundle: slot,
                uid,
                side,
                payloads: Arc::clone(&payloads),
                lingers: false,
            };
            let claims = &mut self.flows.place(endpoint).claims;
            claims.retain(|other| other.uid != uid || other.side != side);
            forget_oldest(claims);
            claims.push(claim);
            self.flows.claim(uid, endpoint, side);
            if let Some(bundle) = self.bundles.get_mut(slot)
                && !bundle.places.contains(&endpoint)
            {
                bundle.places.push(endpoint);
            }
            touched.extend(self.resolve_at(endpoint));
        }
        // What one side announces may decide whose packets the other one's are.
        let places = self
            .bundles
            .get_mut(slot)
            .map(|bundle| bundle.places.clone());
        for endpoint in places.unwrap_or_default() {
            if endpoint.address != address
                || ports_of(port, rtcp_port).all(|own| own != endpoint.port)
            {
                self.resolve_at(endpoint);
            }
        }
        touched.sort_unstable();
        touched.dedup();
        self.adopt(&touched, uid);
        for port in ports_of(port, rtcp_port) {
            self.bound_now(Endpoint::new(address, port));
        }
        Ok(())
    }

    /// Look up anew whose the flows of an endpoint are.
    fn resolve_at(&mut self, endpoint: Endpoint) -> Vec<u32> {
        let slots = self.flows.at(endpoint).to_vec();
        for &slot in &slots {
            self.flows.resolve(slot);
        }
        slots
    }

    /// Keep nothing of a bundle's media from now on, or keep it again. Units: nanoseconds, as captured.
    pub fn pause(&mut self, name: &str, paused: bool, now_ns: u64) -> Result<(), FlowError> {
        self.refuse_when_stopped()?;
        let Some(slot) = self.bundles.open(name)? else {
            self.counters.after_close += 1;
            return Ok(());
        };
        if let Some(bundle) = self.bundles.get_mut(slot) {
            bundle.pause(paused, now_ns);
        }
        Ok(())
    }

    /// The bundle's claims end after a while.
    pub fn release(&mut self, name: &str, linger_ms: u64) {
        let Some(bundle) = self
            .bundles
            .find(name)
            .and_then(|slot| self.bundles.get_mut(slot))
        else {
            return;
        };
        let (uid, name) = (bundle.uid, Arc::clone(&bundle.name));
        for endpoint in bundle.places.clone() {
            for claim in &mut self.flows.place(endpoint).claims {
                claim.lingers |= claim.uid == uid;
            }
            self.resolve_at(endpoint);
        }
        let until = self
            .timer_ns
            .saturating_add(linger_ms.saturating_mul(1_000_000));
        if linger_ms == 0 {
            self.unclaim(&name, false);
        } else {
            self.releases.push((until, name));
        }
    }

    /// Take away a bundle's claims: all, or those that linger.
    fn unclaim(&mut self, name: &str, all: bool) {
        let Some(bundle) = self
            .bundles
            .find(name)
            .and_then(|slot| self.bundles.get_mut(slot))
        else {
            return;
        };
        let (uid, places) = (bundle.uid, std::mem::take(&mut bundle.places));
        let mut left = Vec::new();
        for &endpoint in &places {
            let claims = &mut self.flows.place(endpoint).claims;
            claims.retain(|claim| claim.uid != uid || !(all || claim.lingers));
            if claims.iter().any(|claim| claim.uid == uid) {
                left.push(endpoint);
            }
        }
        self.flows.unclaim(uid, &left);
        for endpoint in places {
            self.resolve_at(endpoint);
            self.flows.tidy(endpoint);
        }
        if let Some(bundle) = self
            .bundles
            .find(name)
            .and_then(|slot| self.bundles.get_mut(slot))
        {
            bundle.places = left;
        }
    }

    /// Write messages of the last poll into a bundle's file.
    pub fn keep(&mut self, name: &str, ids: &[u64]) -> Result<(), FlowError> {
        self.refuse_when_stopped()?;
        let Some(slot) = self.bundles.open(name)? else {
            self.counters.after_close += ids.len() as u64;
            return Ok(());
        };
        let mut effects = Effects {
            counters: &mut self.counters,
            notices: &mut self.notices,
            disk_full: false,
            blank_keys: self.config.blank_keys,
            writer: &mut self.writer,
            block_bytes: self.config.write_block_bytes,
            now: self.now,
        };
        let Some(bundle) = self.bundles.get_mut(slot) else {
            return Ok(());
        };
        let mut own = Vec::new();
        for id in ids {
            let Ok(at) = self
                .delivered
                .binary_search_by_key(id, |message| message.id)
            else {
                return Err(FlowError::Argument(format!(
                    "message {id} is not of the last poll"
                )));
            };
            bundle.keep(&self.delivered[at], &mut effects);
            if !self.announced.is_empty() {
                own.extend(announced::endpoints(self.delivered[at].data()));
            }
        }
        // A call that announces its own addresses again waits for nothing.
        let places = &bundle.places;
        own.retain(|endpoint| places.contains(endpoint));
        for endpoint in own {
            self.bound_now(endpoint);
        }
        Ok(())
    }

    /// End a bundle; wait for the receipt only after giving the lock back.
    pub fn close(&mut self, name: &str) -> (Vec<StreamCount>, Option<Receipt>) {
        self.unclaim(name, true);
        self.releases.retain(|(_, other)| other.as_ref() != name);
        let Some(bundle) = self.bundles.remove(name) else {
            return (Vec::new(), None);
        };
        let (counts, receipt) = bundle.close(&mut self.notices, &mut self.writer);
        self.push_notices();
        (counts, Some(receipt))
    }

    /// What is kept in memory of a closed bundle, see [`Writer::take`].
    pub fn take(&mut self, name: &str, most_bytes: u64) -> std::io::Result<Option<Vec<u8>>> {
        self.writer.take(name, most_bytes)
    }

    /// The same into a file.
    pub fn take_to(&mut self, name: &str, path: &std::path::Path) -> std::io::Result<()> {
        self.writer.take_to(name, path)
    }

    /// Statistics of every bundle, or of one of several parts of them.
    pub fn streams(&self, part: usize, parts: usize) -> Vec<u8> {
        let all: std::collections::BTreeMap<&str, Vec<StreamCount>> = self
            .bundles
            .part(part, parts)
            .map(|bundle| (bundle.name.as_ref(), bundle.counts()))
            .collect();
        encode(&all)
    }

    /// A listener for a bundle's packets.
    pub fn tap(&mut self, name: &str, tap: Tap) -> Result<(), FlowError> {
        self.refuse_when_stopped()?;
        match self
            .bundles
            .find(name)
            .and_then(|slot| self.bundles.get_mut(slot))
        {
            Some(bundle) => {
                bundle.add_tap(tap);
                Ok(())
            }
            None => Err(FlowError::Argument(format!("{name:?} is no open bundle"))),
        }
    }

    /// All counters as they are now.
    pub fn counters(&self) -> Counters {
        let state = self.writer.state();
        let tcp = self.tcp.counts;
        let (parts, wraps) = (self.fragments.counts, self.wrappings);
        Counters {
            fragments: parts.fragments,
            reassembled: parts.whole,
            fragments_refused: parts.refused,
            fragments_incomplete: parts.incomplete,
            fragments_overflow: parts.overflow,
            fragment_bytes_now: self.fragments.bytes() as u64,
            deduplicated: self.counters.deduplicated + parts.copies,
            tunnel_gre: wraps.gre,
            tunnel_erspan: wraps.erspan,
            tunnel_vxlan: wraps.vxlan,
            tunnel_ip: wraps.ip_in_ip,
            tunnel_pppoe: wraps.pppoe,
            tunnel_mpls: wraps.mpls,
            tunnel_tzsp: wraps.tzsp,
            tunnel_hep: wraps.hep,
            tunnel_too_deep: wraps.too_deep,
            sip_unsure: self.counters.sip_unsure + tcp.unsure,
            message_overflow: self.counters.message_overflow + tcp.too_long,
            flows_now: self.flows.len() as u64,
            tcp_streams_now: self.tcp.len() as u64,
            tcp_overflow: tcp.overflow,
            tcp_gaps: tcp.gaps,
            written_packets: state.written_packets.load(Relaxed),
            written_bytes: state.written_bytes.load(Relaxed),
            write_errors: state.write_errors.load(Relaxed),
            write_overflow: state.overflow_packets.load(Relaxed),
            disk_full_packets: self.counters.disk_full_packets
                + state.disk_full_packets.load(Relaxed),
            bundles_now: self.bundles.len() as u64,
            events_now: self.events.len() as u64,
            calls_waited: self.doorstep.as_ref().map_or(0, |step| step.waited),
            calls_waiting_now: self.doorstep.as_ref().map_or(0, |step| step.len() as u64),
            attempts_lost: self.doorstep.as_ref().map_or(0, |step| step.lost),
            ..self.counters
        }
    }

    /// The counters of each interface, encoded.
    pub fn counters_by_interface(&self) -> Vec<u8> {
        let all: std::collections::BTreeMap<&str, &OfInterface> = self
            .interfaces
            .iter()
            .map(|port| (port.name.as_ref(), &port.counters))
            .collect();
        encode(&all)
    }

    /// What came of each VLAN and subnet, the heaviest first, encoded.
    pub fn counters_by_net(&self) -> Vec<u8> {
        let live = self.flows.iter();
        encode(
            &self
                .nets
                .told(live.map(|flow| (flow, !self.flows.is_answered(flow)))),
        )
    }

    /// An interface went down or came back.
    pub fn link(&mut self, interface: u16, up: bool) {
        if let Some(port) = self.interfaces.get_mut(usize::from(interface)) {
            port.counters.link_down = u64::from(!up);
            let interface = port.name.to_string();
            self.push(Notice::Link { up, interface });
        }
    }

    /// What a ring's kernel side counted.
    pub fn kernel(&mut self, counts: KernelCounts, interface: u16) {
        if let Some(port) = self.interfaces.get_mut(usize::from(interface)) {
            port.counters.kernel_received += counts.received;
            port.counters.kernel_drops += counts.drops;
            port.counters.ring_freezes += counts.freezes;
        }
        self.counters.kernel_received += counts.received;
        self.counters.kernel_drops += counts.drops;
        self.counters.ring_freezes += counts.freezes;
    }

    /// The first events that wait, at most so many, encoded. Their messages can be kept until the next call.
    pub fn take_events(&mut self, most: usize) -> Vec<u8> {
        let count = self.events.len().min(most);
        let taken: Vec<Event> = self.events.drain(..count).map(|(_, event)| event).collect();
        if self.events.is_empty() && self.events.capacity() > MANY_EVENTS {
            // What a storm needed is given back.
            self.events.shrink_to(MANY_EVENTS);
        }
        let encoded = encode(&taken);
        self.delivered.clear();
        for event in taken {
            if let Event::Sip(message) = event {
                self.event_bytes -= message.memory_bytes();
                self.messages_waiting -= 1;
                self.delivered.push(message);
            }
        }
        encoded
    }

    /// When the event that has waited longest was put there. Units: nanoseconds, of `wall_ns`.
    pub fn oldest_event_ns(&self) -> Option<u64> {
        self.events.front().map(|(at_ns, _)| *at_ns)
    }

    /// No more packets will come: deliver what streams still hold, and say so.
    pub fn end(&mut self, truncated_files: u64, errors: Vec<FileError>) {
        self.counters.truncated_files += truncated_files;
        let mut begun = Vec::new();
        self.fragments.finish(&mut begun);
        self.begun(&begun);
        self.tcp.finish(self.wall_ns, &mut self.messages);
        self.stream_messages(None, 0);
        self.push(Notice::End { errors });
    }

    /// Give up everything: blocks are written, files brought to the disk by the receipts.
    pub fn stop(&mut self) -> Vec<Receipt> {
        self.stopped = true;
        let (notices, writer) = (&mut self.notices, &mut self.writer);
        let receipts = self
            .bundles
            .drain()
            .map(|bundle| bundle.close(notices, writer).1)
            .collect();
        self.writer.stop();
        self.push_notices();
        receipts
    }

    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    fn refuse_when_stopped(&self) -> Result<(), FlowError> {
        if self.stopped {
            Err(FlowError::Dead("it was stopped".into()))
        } else {
            Ok(())
        }
    }

    #[inline]
    fn tick_if_due(&mut self) {
        if self.timer_ns >= self.next_tick_ns {
            self.tick();
        }
    }

    /// Everything that is done by the clock.
    fn tick(&mut self) {
        self.next_tick_ns = self.timer_ns + TICK_NS;
        self.now = Instant::now();
        let (due, later) = std::mem::take(&mut self.releases)
            .into_iter()
            .partition(|(until, _)| *until <= self.timer_ns);
        self.releases = later;
        for (_, name) in due {
            self.unclaim(&name, false);
        }
        let lag_ns = if self.follows_capture {
            0
        } else {
            self.lag_ns()
        };
        self.expire_held(self.hold_ns.saturating_add(lag_ns));
        self.nets.tick(self.timer_ns);
        let heard_ns = self.timer_ns.saturating_sub(lag_ns);
        self.announced
            .retain(|_, (_, until_ns)| *until_ns > heard_ns);
        for slot in self.flows.silent(self.timer_ns, IDLE_NS.max(self.hold_ns)) {
            let flow = self.flows.remove(slot);
            self.forget(flow, false);
        }
        if !self.fragments.is_empty() {
            let mut begun = Vec::new();
            self.fragments.expire(self.timer_ns, &mut begun);
            self.begun(&begun);
        }
        self.tcp.expire(self.wall_ns, &mut self.messages);
        self.stream_messages(None, 0);
        if let Some(doorstep) = &mut self.doorstep {
            doorstep.tick(self.timer_ns);
        }
        // In memory a block may be as old as it likes: only full ones fill the pages of the file behind it.
        let flushes = self.writer.makes_files();
        for bundle in self.bundles.iter_mut() {
            bundle.expire_events(self.wall_ns, &mut self.notices);
            if flushes {
                bundle.flush_old(self.now, self.config.flush(), &mut self.writer);
            }
        }
        self.push_notices();
        self.writer.tick();
        self.look_at_disk();
    }

    /// How far behind Python is: what it has yet to hear of may still want what is held.
    fn lag_ns(&self) -> u64 {
        self.oldest_event_ns().map_or(0, |at_ns| {
            self.wall_ns.saturating_sub(at_ns).min(MAX_LAG_NS)
        })
    }

    fn expire_held(&mut self, hold_ns: u64) {
        let mut holding = std::mem::take(&mut self.holding);
        holding.retain(|&slot| {
            while let Some(entry) = self.flows.get(slot).held.front() {
                if self.timer_ns.saturating_sub(entry.timer_ns) <= hold_ns {
                    return true;
                }
                self.drop_oldest(slot, false);
            }
            self.flows.get_mut(slot).adopted.clear();
            false
        });
        self.holding = holding;
    }

    fn look_at_disk(&mut self) {
        let full = self.writer.state().is_full();
        if full != self.disk_was_full {
            self.disk_was_full = full;
            let free_bytes = self.writer.state().free_bytes.load(Relaxed);
            self.push(Notice::Disk { full, free_bytes });
        }
    }
}

#[cfg(test)]
mod tests;
