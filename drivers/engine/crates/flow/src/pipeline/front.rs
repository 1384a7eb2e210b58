//! What happens to one frame until it is a datagram: unwrapped, put together, told from its copies.

use source::ring::TOGETHER;
use source::{Frame, prefetch};
use wire::fragments::Made;
use wire::hep::Hep;
use wire::{Content, Datagram, Link, Transport, Unread, Wrappings, build, sip, unwrap};

use super::{NO_SLOT, Pipeline};
use crate::event::Sip;

/// An agent's clock may be off by so much; beyond it the time of arrival counts. Units: nanoseconds.
const AGENT_CLOCK_NS: u64 = 60_000_000_000;

/// When and where a packet was captured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Captured {
    /// Units: nanoseconds since 1970.
    pub at_ns: u64,
    /// Number of the interface.
    pub interface: u16,
}

/// What a frame turned out to be, before anything is done about it.
struct Glance<'a> {
    found: Result<Content<'a>, Unread>,
    /// How many wrappings were taken off.
    depth: u8,
    /// Of its flow, for what may be media; else 0.
    hash: u64,
    slot: Option<u32>,
}

impl<'a> Glance<'a> {
    #[inline]
    fn is_media(&self) -> bool {
        self.hash != 0
    }

    /// The datagram, when it may be media of a flow.
    #[inline]
    fn media(&self) -> Option<&Datagram<'a>> {
        match &self.found {
            Ok(Content::Datagram(datagram))
                if datagram.transport == Transport::Udp
                    && !datagram.fragment
                    && datagram.payload.first().is_some_and(|first| *first >= 0x80) =>
            {
                Some(datagram)
            }
            _ => None,
        }
    }
}

impl Pipeline {
    /// Take some frames of an interface.
    ///
    /// Thousands of streams do not fit into the processor's caches: what a packet needs is far away each time. So all
    /// frames are looked at first, one step each, and while the memory of one is on its way the next is asked for.
    pub fn packets(&mut self, frames: &[Frame<'_>], interface: u16) {
        for frames in frames.chunks(TOGETHER) {
            let mut wrappings = self.wrappings;
            let mut glances: [Option<Glance<'_>>; TOGETHER] = std::array::from_fn(|at| {
                let frame = frames.get(at)?;
                Some(self.hashed(frame, &mut wrappings))
            });
            self.wrappings = wrappings;
            let glances = &mut glances[..frames.len()];
            for glance in glances.iter_mut().flatten() {
                if glance.is_media() {
                    glance.slot = self.flows.probably(glance.hash);
                }
            }
            self.approach(|| glances.iter().flatten().filter_map(|glance| glance.slot));
            for (frame, glance) in frames.iter().zip(glances) {
                if let Some(glance) = glance.take() {
                    self.hint = glance.slot.unwrap_or(NO_SLOT);
                    self.seen(frame, interface, glance.found, glance.depth);
                }
            }
            self.hint = NO_SLOT;
        }
    }

    /// Ask for the memory that these frames will need, the first of which is the next one of [`Self::packet`].
    ///
    /// As in [`Self::packets`], but the frames are taken one by one: a file's messages end a batch, and what they
    /// bind counts for the frame after them. Where the frames go may therefore change on the way.
    pub fn foresee<'a>(&mut self, frames: impl Iterator<Item = Frame<'a>>) {
        // They are counted when they are taken.
        let mut uncounted = Wrappings::default();
        self.foreseen.clear();
        for frame in frames.take(TOGETHER) {
            let slot = match self.hashed(&frame, &mut uncounted) {
                glance if glance.is_media() => self.flows.probably(glance.hash),
                _ => None,
            };
            self.foreseen.push_back(slot.unwrap_or(NO_SLOT));
        }
        let slots = || {
            self.foreseen
                .iter()
                .copied()
                .filter(|slot| *slot != NO_SLOT)
        };
        self.approach(slots);
    }

    /// Whether [`Self::foresee`] knew of the next packet.
    #[inline]
    pub fn is_foreseen(&self) -> bool {
        !self.foreseen.is_empty()
    }

    /// Step by step nearer to what packets of these flows need.
    #[inline]
    fn approach<I: Iterator<Item = u32>>(&self, slots: impl Fn() -> I) {
        for slot in slots() {
            self.flows.prefetch(slot);
        }
        for slot in slots() {
            prefetch::line(self.flows.get(slot).bound.as_ptr());
        }
        for bound in slots().flat_map(|slot| &self.flows.get(slot).bound) {
            self.bundles.prefetch(bound.bundle);
        }
        for bound in slots().flat_map(|slot| &self.flows.get(slot).bound) {
            self.bundles.prefetch_stream(bound.bundle, bound.stream);
        }
        for bound in slots().flat_map(|slot| &self.flows.get(slot).bound) {
            self.bundles.prefetch_history(bound.bundle, bound.stream);
        }
    }

    #[inline]
    fn glance<'a>(
        tunnel_ports: &unwrap::Ports,
        frame: &Frame<'a>,
        wrappings: &mut Wrappings,
    ) -> Glance<'a> {
        let mut depth = 0;
        let found = match frame.link {
            Some(link) => unwrap(link, frame.data, tunnel_ports, &mut depth, wrappings),
            None => Err(Unread::NotIp),
        };
        Glance {
            found,
            depth,
            hash: 0,
            slot: None,
        }
    }

    #[inline]
    fn hashed<'a>(&self, frame: &Frame<'a>, wrappings: &mut Wrappings) -> Glance<'a> {
        let mut glance = Self::glance(&self.tunnel_ports, frame, wrappings);
        if let Some(datagram) = glance.media() {
            glance.hash = self.flows.hash(&datagram.key);
        }
        glance
    }

    /// Take one frame of a file.
    #[inline]
    pub fn packet(&mut self, frame: &Frame<'_>, interface: u16) {
        let glance = Self::glance(&self.tunnel_ports, frame, &mut self.wrappings);
        self.hint = self.foreseen.pop_front().unwrap_or(NO_SLOT);
        self.seen(frame, interface, glance.found, glance.depth);
    }

    #[inline]
    fn seen(
        &mut self,
        frame: &Frame<'_>,
        interface: u16,
        found: Result<Content<'_>, Unread>,
        depth: u8,
    ) {
        self.counters.packets += 1;
        self.counters.bytes += u64::from(frame.original);
        if let Some(port) = self.interfaces.get_mut(usize::from(interface)) {
            port.counters.packets += 1;
            port.counters.bytes += u64::from(frame.original);
        }
        if self.follows_capture && frame.at_ns > self.timer_ns {
            self.timer_ns = frame.at_ns;
            self.wall_ns = frame.at_ns;
            self.tick_if_due();
        }
        let captured = Captured {
            at_ns: frame.at_ns,
            interface,
        };
        if let Ok(Content::Datagram(mut datagram)) = found {
            // The card took the outermost tag out of the frame.
            if frame.vlan.is_some() && (depth == 0 || datagram.vlan.is_none()) {
                datagram.vlan = frame.vlan;
            }
            return self.datagram(&datagram, captured);
        }
        self.content(found, frame.vlan, depth, captured);
    }

    /// Everything but a plain datagram.
    #[cold]
    fn content(
        &mut self,
        found: Result<Content<'_>, Unread>,
        tag: Option<u16>,
        depth: u8,
        captured: Captured,
    ) {
        match found {
            Ok(Content::Datagram(mut datagram)) => {
                datagram.vlan = datagram.vlan.or(tag);
                self.datagram(&datagram, captured);
            }
            Ok(Content::Fragment { packet, vlan }) => {
                let made =
                    self.fragments
                        .take(packet, captured.at_ns, self.timer_ns, vlan.or(tag), depth);
                if let Some(made) = made {
                    self.made(&made, captured);
                }
            }
            Ok(Content::Hep(hep)) => self.hep(&hep, tag, captured),
            Err(Unread::NotIp) => self.counters.not_ip += 1,
            Err(Unread::Fragment | Unread::OtherProtocol(_)) => {}
            Err(Unread::Bad(_)) => self.counters.bad_packets += 1,
        }
    }

    /// A packet that was put together; it may be a tunnel's.
    fn made(&mut self, made: &Made, captured: Captured) {
        let mut depth = made.depth;
        let found = unwrap(
            Link::Raw,
            &made.packet,
            &self.tunnel_ports,
            &mut depth,
            &mut self.wrappings,
        );
        self.content(found, made.vlan, depth, captured);
    }

    /// The rest of these packets never came: of a SIP message its beginning is told.
    pub(super) fn begun(&mut self, made: &[Made]) {
        for beginning in made {
            if let Ok(mut datagram) = Datagram::from_ip(&beginning.packet) {
                datagram.fragment = true;
                datagram.vlan = beginning.vlan;
                let captured = Captured {
                    at_ns: beginning.at_ns,
                    interface: 0,
                };
                self.datagram(&datagram, captured);
            }
        }
    }

    /// A message of a call of which an earlier message lacks fragments: they will not come any more.
    #[cold]
    pub(super) fn answered_fragments(&mut self, message: &Sip) {
        let ends = [message.key.src.address, message.key.dst.address];
        if let Some(call_id) = sip::call_id(message.data())
            && let Some(made) = self.fragments.give_up(ends, call_id)
        {
            self.begun(&[made]);
        }
    }

    fn hep(&mut self, hep: &Hep<'_>, tag: Option<u16>, captured: Captured) {
        let packet = build::udp(hep.key, hep.payload);
        let at_ns = if hep.at_ns.abs_diff(captured.at_ns) <= AGENT_CLOCK_NS {
            hep.at_ns
        } else {
            captured.at_ns
        };
        if let Ok(mut datagram) = Datagram::from_ip(&packet) {
            datagram.vlan = tag;
            datagram.missing += hep.missing;
            self.datagram(&datagram, Captured { at_ns, ..captured });
        }
    }

    #[inline]
    fn datagram(&mut self, datagram: &Datagram<'_>, captured: Captured) {
        self.nets.packet(datagram.vlan);
        if datagram.missing > 0 && !datagram.fragment {
            self.counters.snapped += 1;
        }
        match datagram.transport {
            Transport::Udp => self.udp(datagram, captured),
            Transport::Tcp(segment) => {
                self.counters.tcp += 1;
                let expected = self.sip_ports.expects(&datagram.key);
                self.tcp.segment(
                    datagram.key,
                    &segment,
                    datagram.payload,
                    datagram.missing,
                    captured.at_ns,
                    expected,
                    self.config.sip_anywhere,
                    &mut self.messages,
                );
                if !self.messages.is_empty() {
                    self.stream_messages(datagram.vlan, captured.interface);
                }
            }
        }
    }
}
