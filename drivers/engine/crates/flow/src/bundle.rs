//! One call's folder, while packets come for it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use rtp::{Event as ToneEvent, Header, Kind};
use source::prefetch;
use spool::format;
use spool::writer::{self, Block, Receipt, Writer};
use wire::{Endpoint, FlowKey, build};

use crate::FlowError;
use crate::binding::Bound;
use crate::counters::Counters;
use crate::event::{Notice, Raw, Sip};
use crate::stream::{Stream, StreamCount};
use crate::tap::{Tap, Tapped};

/// Streams of one bundle; a hostile sender could make up SSRCs for ever.
const MAX_STREAMS: usize = 512;
/// Closed bundles that are remembered.
const REMEMBERED: usize = 16_384;
/// Pauses of one bundle that are remembered each for itself.
const MAX_PAUSES: usize = 256;
/// A packet of G.711 with its record's header.
const PACKET_LINES: usize = 4;
/// Longest name of a file, and so of a bundle.
const MAX_NAME_BYTES: usize = 255;

/// One packet on its way into bundles.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Media<'a> {
    pub at_ns: u64,
    pub ip: &'a [u8],
    pub ip_len: u32,
    pub payload: &'a [u8],
    pub kind: Kind,
    /// Just captured: taps get it, too.
    pub live: bool,
}

/// Where the effects of a packet go.
pub(crate) struct Effects<'a> {
    pub counters: &'a mut Counters,
    pub notices: &'a mut Vec<Notice>,
    pub writer: &'a mut Writer,
    pub block_bytes: usize,
    /// Of the present moment, to know how old a block is.
    pub now: Instant,
    pub disk_full: bool,
    /// Telephone events are written without their code.
    pub blank_keys: bool,
}

/// One open bundle.
#[derive(Debug)]
pub(crate) struct Bundle {
    pub uid: u64,
    pub name: Arc<str>,
    /// Endpoints that it claims.
    pub places: Vec<Endpoint>,
    block: Block,
    /// When the first record of the block came.
    since: Option<Instant>,
    streams: Vec<Stream>,
    taps: Vec<Tap>,
    /// Telephone events have been seen.
    has_events: bool,
    /// Next sequence number of each direction that kept messages came from.
    sequences: HashMap<FlowKey, u32>,
    pause: Pause,
}

/// When nothing of a bundle's media may be kept. Units: nanoseconds, as captured.
#[derive(Debug, Default)]
struct Pause {
    since_ns: Option<u64>,
    over: VecDeque<(u64, u64)>,
}

impl Pause {
    /// While a pause lasts everything is covered, whatever its time: a clock that is set must not betray a word.
    #[inline]
    fn covers(&self, at_ns: u64) -> bool {
        self.since_ns.is_some()
            || self
                .over
                .iter()
                .any(|&(from, to)| (from..=to).contains(&at_ns))
    }

    fn set(&mut self, paused: bool, now_ns: u64) {
        match self.since_ns {
            None if paused => self.since_ns = Some(now_ns),
            Some(since_ns) if !paused => {
                self.since_ns = None;
                self.over.push_back((since_ns, now_ns));
                if self.over.len() > MAX_PAUSES
                    && let Some((from, _)) = self.over.pop_front()
                    && let Some(next) = self.over.front_mut()
                {
                    // Rather too much is left out than too little.
                    next.0 = from;
                }
            }
            _ => {}
        }
    }
}

impl Bundle {
    fn new(uid: u64, name: Arc<str>) -> Self {
        Self {
            uid,
            name,
            places: Vec::new(),
            block: Block::default(),
            since: None,
            streams: Vec::new(),
            taps: Vec::new(),
            has_events: false,
            sequences: HashMap::new(),
            pause: Pause::default(),
        }
    }

    /// From now on keep nothing of the media, or keep it again. Units: nanoseconds, as captured.
    pub fn pause(&mut self, paused: bool, now_ns: u64) {
        self.pause.set(paused, now_ns);
    }

    /// Take one packet: write it, count it, read its events, let listeners hear it.
    #[inline]
    pub fn take(
        &mut self,
        bound: &mut Bound,
        key: FlowKey,
        media: &Media<'_>,
        effects: &mut Effects<'_>,
    ) {
        let covered = self.pause.covers(media.at_ns);
        if covered {
            effects.counters.paused_packets += 1;
        } else if effects.disk_full {
            effects.counters.disk_full_packets += 1;
        } else if effects.blank_keys && is_key(bound, media) {
            let blank = blanked(media);
            self.record(media.at_ns, &blank, media.ip_len, effects);
        } else {
            self.record(media.at_ns, media.ip, media.ip_len, effects);
        }
        match media.kind {
            Kind::Rtp => self.rtp(bound, key, media, covered, effects),
            Kind::Rtcp => self.rtcp(key, media.payload),
            _ => {}
        }
    }

    #[inline]
    fn rtp(
        &mut self,
        bound: &mut Bound,
        key: FlowKey,
        media: &Media<'_>,
        covered: bool,
        effects: &mut Effects<'_>,
    ) {
        let Ok(header) = Header::parse(media.payload) else {
            return;
        };
        let (clock_hz, is_event) = bound.meaning(header.payload_type);
        let index = bound.stream as usize;
        let known = self
            .streams
            .get(index)
            .is_some_and(|stream| stream.ssrc == header.ssrc);
        if !known {
            let Some(found) = self.find_stream(bound.side, key, &header, media.at_ns, effects)
            else {
                effects.counters.flow_overflow += 1;
                return;
            };
            bound.stream = found;
        }
        let stream = &mut self.streams[bound.stream as usize];
        stream.update(&header, media.at_ns, clock_hz, is_event);
        stream.snapped += u64::from(media.ip_len as usize > media.ip.len());
        if is_event {
            self.has_events = true;
            let events = stream.event(
                &header,
                header.payload(media.payload),
                media.at_ns,
                clock_hz,
            );
            let (side, ssrc) = (stream.side, stream.ssrc);
            effects
                .notices
                .extend(events.map(|event| tone(&self.name, side, ssrc, &self.pause, event)));
        }
        if media.live && !self.taps.is_empty() {
            self.tapped(bound.side, media.payload, covered, effects.counters);
        }
    }

    fn find_stream(
        &mut self,
        side: u8,
        key: FlowKey,
        header: &Header,
        at_ns: u64,
        effects: &mut Effects<'_>,
    ) -> Option<u32> {
        let same = |stream: &Stream| {
            stream.ssrc == header.ssrc && stream.key == key && stream.side == side
        };
        if let Some(index) = self.streams.iter().position(same) {
            return Some(index as u32);
        }
        if self.streams.len() >= MAX_STREAMS {
            return None;
        }
        self.streams.push(Stream::new(key, header.ssrc, side));
        effects.notices.push(Notice::Stream {
            bundle: self.name.to_string(),
            side,
            ssrc: header.ssrc,
            pt: header.payload_type,
            src: key.src,
            dst: key.dst,
            at_ns,
        });
        Some(self.streams.len() as u32 - 1)
    }

    /// Source: RFC 3550 §6.4: the sender's SSRC stands in the second word of every RTCP packet.
    fn rtcp(&mut self, key: FlowKey, payload: &[u8]) {
        let Some(&[a, b, c, d]) = payload.get(4..8).and_then(|bytes| bytes.first_chunk::<4>())
        else {
            return;
        };
        let ssrc = u32::from_be_bytes([a, b, c, d]);
        // Both sides may have chosen the same number: then the host that reports decides.
        let host = key.src.address;
        let streams = &mut self.streams;
        let found = streams
            .iter()
            .rposition(|stream| stream.ssrc == ssrc && stream.key.src.address == host)
            .or_else(|| streams.iter().rposition(|stream| stream.ssrc == ssrc));
        if let Some(index) = found {
            streams[index].rtcp_packets += 1;
        }
    }

    /// Whether this is a packet of a stream that is known; `before_ns`: since before that time.
    pub fn knows(&self, payload: &[u8], kind: Kind, before_ns: u64) -> bool {
        let at = match kind {
            Kind::Rtp => 8,
            Kind::Rtcp => 4,
            _ => return true,
        };
        let Some(bytes) = payload.get(at..).and_then(|rest| rest.first_chunk::<4>()) else {
            return false;
        };
        let ssrc = u32::from_be_bytes(*bytes);
        self.streams
            .iter()
            .any(|stream| stream.ssrc == ssrc && stream.first_ns() < before_ns)
    }

    /// Whether this packet goes on with a stream that is known, without a break.
    pub fn goes_on(&self, key: FlowKey, media: &Media<'_>) -> bool {
        if media.kind != Kind::Rtp {
            return self.knows(media.payload, media.kind, u64::MAX);
        }
        Header::parse(media.payload).is_ok_and(|header| {
            self.streams.iter().any(|stream| {
                stream.ssrc == header.ssrc
                    && stream.key == key
                    && stream.goes_on(&header, media.at_ns)
            })
        })
    }

    fn tapped(&mut self, side: u8, packet: &[u8], covered: bool, counters: &mut Counters) {
        self.taps.retain_mut(|tap| {
            if covered && !tap.even_paused {
                return true;
            }
            match tap.send(side, packet) {
                Tapped::Written => true,
                Tapped::Dropped => {
                    counters.tap_drops += 1;
                    true
                }
                Tapped::Closed => false,
            }
        });
    }

    pub fn add_tap(&mut self, tap: Tap) {
        self.taps.push(tap);
    }

    /// Append a packet to the block, and the block to the file when it is full.
    ///
    /// All blocks of media have room for as much, so that the memory one gives back fits the next: grown piece by piece
    /// they leave holes. A call that only signals, as thousands do in a scan, gets by with little.
    #[inline]
    fn record(&mut self, at_ns: u64, ip: &[u8], ip_len: u32, effects: &mut Effects<'_>) {
        let ip = &ip[..ip.len().min(format::SNAP_BYTES as usize)];
        let needed = format::RECORD_HEADER_BYTES + ip.len();
        if !self.block.bytes.is_empty() && self.block.bytes.len() + needed > effects.block_bytes {
            self.flush(effects.writer);
        }
        if self.since.is_none() {
            self.since = Some(effects.now);
        }
        let block = &mut self.block;
        let length = block.bytes.len();
        if block.bytes.capacity() < length + needed {
            let room = if length == 0 {
                writer::FEW_BYTES
            } else {
                effects.block_bytes
            };
            block
                .bytes
                .reserve_exact(room.saturating_sub(length).max(needed));
        }
        block.bytes.extend_from_slice(&format::record_header(
            at_ns,
            ip.len() as u32,
            ip_len.max(ip.len() as u32),
        ));
        block.bytes.extend_from_slice(ip);
        block.packets += 1;
        if block.bytes.len() >= effects.block_bytes {
            self.flush(effects.writer);
        }
    }

    fn flush(&mut self, writer: &mut Writer) {
        self.since = None;
        self.block = writer.append(&self.name, std::mem::take(&mut self.block));
    }

    /// Write the block if it is older than `limit`.
    pub fn flush_old(&mut self, now: Instant, limit: std::time::Duration, writer: &mut Writer) {
        if self
            .since
            .is_some_and(|since| now.saturating_duration_since(since) >= limit)
        {
            self.flush(writer);
        }
    }

    /// Write a SIP message's packets. The disk's fullness stops media only.
    pub fn keep(&mut self, message: &Sip, effects: &mut Effects<'_>) {
        match &message.raw {
            Raw::Udp { ip, ip_len, .. } => self.record(message.at_ns, ip, *ip_len, effects),
            Raw::Tcp { data, .. } => {
                for piece in data.chunks(build::SEGMENT_BYTES) {
                    let acknowledged = self
                        .sequences
                        .get(&message.key.reversed())
                        .copied()
                        .unwrap_or(1);
                    let next = self.sequences.entry(message.key).or_insert(1);
                    let packet = build::tcp(message.key, *next, acknowledged, piece);
                    *next = next.wrapping_add(piece.len() as u32);
                    self.record(message.at_ns, &packet, packet.len() as u32, effects);
                }
            }
        }
    }

    /// Events whose end was lost.
    pub fn expire_events(&mut self, now_ns: u64, notices: &mut Vec<Notice>) {
        if !self.has_events {
            return;
        }
        for stream in &mut self.streams {
            if let Some(event) = stream.expired_event(now_ns) {
                notices.push(tone(
                    &self.name,
                    stream.side,
                    stream.ssrc,
                    &self.pause,
                    event,
                ));
            }
        }
    }

    pub fn counts(&self) -> Vec<StreamCount> {
        self.streams.iter().map(Stream::count).collect()
    }

    /// The end: the last events, the last block.
    pub fn close(
        mut self,
        notices: &mut Vec<Notice>,
        writer: &mut Writer,
    ) -> (Vec<StreamCount>, Receipt) {
        for stream in &mut self.streams {
            if let Some(event) = stream.last_event() {
                notices.push(tone(
                    &self.name,
                    stream.side,
                    stream.ssrc,
                    &self.pause,
                    event,
                ));
            }
        }
        let receipt = writer.close(&self.name, std::mem::take(&mut self.block));
        (self.counts(), receipt)
    }
}

fn tone(bundle: &str, side: u8, ssrc: u32, pause: &Pause, event: ToneEvent) -> Notice {
    Notice::Dtmf {
        bundle: bundle.to_owned(),
        side,
        ssrc,
        digit: event.digit,
        at_ns: event.at_ns,
        duration_ms: event.duration_ms,
        paused: pause.covers(event.at_ns),
    }
}

/// All open bundles.
#[derive(Debug, Default)]
pub(crate) struct Bundles {
    slots: Vec<Option<Bundle>>,
    free: Vec<u32>,
    by_name: HashMap<Arc<str>, u32>,
    next_uid: u64,
    closed: HashSet<Arc<str>>,
    closed_order: VecDeque<Arc<str>>,
}

impl Bundles {
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    pub fn find(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// A packet of this bundle comes soon.
    #[inline]
    pub fn prefetch(&self, slot: u32) {
        if let Some(bundle) = self.slots.get(slot as usize) {
            prefetch::value(bundle);
        }
    }

    /// … of this stream, and where it will be written.
    #[inline]
    pub fn prefetch_stream(&self, slot: u32, stream: u32) {
        if let Some(Some(bundle)) = self.slots.get(slot as usize) {
            if let Some(stream) = bundle.streams.get(stream as usize) {
                stream.prefetch();
            }
            let end = bundle.block.bytes.as_ptr_range().end;
            for line in 0..PACKET_LINES {
                prefetch::line(end.wrapping_add(line * prefetch::LINE));
            }
        }
    }

    /// … and what it will be compared with.
    #[inline]
    pub fn prefetch_history(&self, slot: u32, stream: u32) {
        if let Some(Some(bundle)) = self.slots.get(slot as usize)
            && let Some(stream) = bundle.streams.get(stream as usize)
        {
            stream.prefetch_history();
        }
    }

    #[inline]
    pub fn get_mut(&mut self, slot: u32) -> Option<&mut Bundle> {
        self.slots.get_mut(slot as usize)?.as_mut()
    }

    #[inline]
    pub fn get(&self, slot: u32) -> Option<&Bundle> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// All bundles in `parts` parts of much the same size; a bundle stays in its part.
    pub fn part(&self, part: usize, parts: usize) -> impl Iterator<Item = &Bundle> {
        self.slots.iter().skip(part).step_by(parts.max(1)).flatten()
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Bundle> {
        self.slots.iter_mut().flatten()
    }

    /// The bundle of this name, made if it is new. None when it was closed before.
    pub fn open(&mut self, name: &str) -> Result<Option<u32>, FlowError> {
        if let Some(slot) = self.find(name) {
            return Ok(Some(slot));
        }
        if name.is_empty()
            || name.len() > MAX_NAME_BYTES
            || name.starts_with('.')
            || name.contains(['/', '\0'])
        {
            return Err(FlowError::Argument(format!(
                "{name:?} is no name of a bundle"
            )));
        }
        if self.closed.contains(name) {
            return Ok(None);
        }
        let name: Arc<str> = name.into();
        self.next_uid += 1;
        let bundle = Some(Bundle::new(self.next_uid, Arc::clone(&name)));
        let slot = if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = bundle;
            slot
        } else {
            self.slots.push(bundle);
            (self.slots.len() - 1) as u32
        };
        self.by_name.insert(name, slot);
        Ok(Some(slot))
    }

    /// Take a bundle out and remember that it was there.
    pub fn remove(&mut self, name: &str) -> Option<Bundle> {
        let slot = self.by_name.remove(name)?;
        let bundle = self.slots[slot as usize].take()?;
        self.free.push(slot);
        self.closed.insert(Arc::clone(&bundle.name));
        self.closed_order.push_back(Arc::clone(&bundle.name));
        if self.closed_order.len() > REMEMBERED
            && let Some(oldest) = self.closed_order.pop_front()
        {
            self.closed.remove(&oldest);
        }
        Some(bundle)
    }

    /// Take all bundles out.
    pub fn drain(&mut self) -> impl Iterator<Item = Bundle> {
        self.by_name.clear();
        self.free.clear();
        std::mem::take(&mut self.slots).into_iter().flatten()
    }
}

/// No event has this code, and no key is pressed. Source: RFC 4733 §3.2 (codes), IANA's audio/telephone-event events
const NO_EVENT: u8 = 0xff;
/// Of one event in a packet. Source: RFC 4733 §2.3
const EVENT_BYTES: usize = 4;

/// Whether a packet tells of keys.
#[inline]
fn is_key(bound: &mut Bound, media: &Media<'_>) -> bool {
    media.kind == Kind::Rtp
        && media
            .payload
            .get(1)
            .is_some_and(|octet| bound.meaning(octet & 0x7f).1)
}

/// The packet with a code that no event has in place of each one. An encrypted one does not tell it either.
fn blanked(media: &Media<'_>) -> Vec<u8> {
    let mut ip = media.ip.to_vec();
    // The payload lies within the packet.
    let at = (media.payload.as_ptr() as usize).saturating_sub(media.ip.as_ptr() as usize);
    let end = (at + media.payload.len()).min(ip.len());
    let body = Header::parse(media.payload).map_or(0, |header| {
        let body = header.payload(media.payload);
        (body.as_ptr() as usize).saturating_sub(media.payload.as_ptr() as usize)
    });
    for code in ip[(at + body).min(end)..end]
        .iter_mut()
        .step_by(EVENT_BYTES)
    {
        *code = NO_EVENT;
    }
    // IPv4 may do without the checksum, which no longer fits. Source: RFC 768
    if ip.first().is_some_and(|octet| octet >> 4 == 4)
        && let Some(checksum) = at.checked_sub(2).and_then(|from| ip.get_mut(from..at))
    {
        checksum.fill(0);
    }
    ip
}
