//! What a bundle knows of one RTP stream.

use std::collections::BTreeMap;

use rtp::{Event, EventDecoder, Header, StreamStats};
use serde::Serialize;
use source::prefetch;
use wire::{Endpoint, FlowKey};

/// Comfort noise: not what a stream mostly consists of. Source: RFC 3389, RFC 3551 §6
const COMFORT_NOISE: [u8; 2] = [13, 19];

/// The next packet of a stream is no farther from the newest one, and comes no later. Units: packets, ticks (a second of
/// the fastest clock), nanoseconds.
const NEXT_WITHIN: u16 = 50;
const NEXT_WITHIN_TICKS: u32 = 90_000;
const NEXT_WITHIN_NS: u64 = 200_000_000;

/// One SSRC from one endpoint to another, of one bundle.
#[derive(Debug)]
pub(crate) struct Stream {
    pub key: FlowKey,
    pub ssrc: u32,
    pub side: u8,
    pub rtcp_packets: u64,
    /// Packets whose end was not captured.
    pub snapped: u64,
    stats: StreamStats,
    events: Option<Box<EventDecoder>>,
    /// Payload types that carry telephone events, one bit each.
    event_types: u128,
    /// Of the payload type that carries audio.
    audio_clock_hz: u32,
}

/// The statistics as they cross the border.
#[derive(Debug, Serialize)]
pub(crate) struct StreamCount {
    side: u8,
    #[serde(serialize_with = "crate::event::text")]
    src: Endpoint,
    #[serde(serialize_with = "crate::event::text")]
    dst: Endpoint,
    ssrc: u32,
    pt: u8,
    pts: BTreeMap<u8, u64>,
    packets: u64,
    bytes: u64,
    expected: u64,
    lost: u64,
    duplicates: u64,
    reordered: u64,
    jitter_ticks: f64,
    clock_hz: u32,
    clock_changes: u32,
    first_ns: u64,
    last_ns: u64,
    rtcp_packets: u64,
    snapped: u64,
}

impl Stream {
    pub fn new(key: FlowKey, ssrc: u32, side: u8) -> Self {
        Self {
            key,
            ssrc,
            side,
            rtcp_packets: 0,
            snapped: 0,
            stats: StreamStats::default(),
            events: None,
            event_types: 0,
            audio_clock_hz: 0,
        }
    }

    /// A packet comes soon.
    #[inline]
    pub fn prefetch(&self) {
        let stats = std::ptr::from_ref(&self.stats).cast::<u8>();
        for offset in (0..StreamStats::BUSY_BYTES).step_by(prefetch::LINE) {
            prefetch::line(stats.wrapping_add(offset));
        }
        prefetch::line(&raw const self.key);
        prefetch::line(&raw const self.ssrc);
    }

    /// … and is compared with those before it.
    #[inline]
    pub fn prefetch_history(&self) {
        prefetch::line(self.stats.next_seen());
    }

    /// Count one packet. Units: `clock_hz` 0 when it is unknown.
    #[inline]
    pub fn update(&mut self, header: &Header, at_ns: u64, clock_hz: u32, is_event: bool) {
        let clock_hz = if is_event {
            self.event_types |= 1 << header.payload_type;
            // The timestamps of events at another rate than the audio's say nothing about jitter.
            if clock_hz == self.audio_clock_hz {
                clock_hz
            } else {
                0
            }
        } else {
            self.audio_clock_hz = clock_hz;
            clock_hz
        };
        self.stats.update(header, at_ns, clock_hz);
    }

    /// When its first packet was captured.
    pub fn first_ns(&self) -> u64 {
        self.stats.first_ns()
    }

    /// Whether a packet of its SSRC goes on with it. There are telephones whose SSRC is always the same: their next call
    /// begins at another sequence number or timestamp, or after a pause.
    pub fn goes_on(&self, header: &Header, at_ns: u64) -> bool {
        let (sequence, timestamp) = self.stats.newest();
        let packets = header.sequence.wrapping_sub(sequence);
        let ticks = header.timestamp.wrapping_sub(timestamp);
        packets.min(packets.wrapping_neg()) <= NEXT_WITHIN
            && ticks.min(ticks.wrapping_neg()) <= NEXT_WITHIN_TICKS
            && at_ns.saturating_sub(self.stats.last_ns()) <= NEXT_WITHIN_NS
    }

    /// Read a telephone-event packet.
    pub fn event(
        &mut self,
        header: &Header,
        payload: &[u8],
        at_ns: u64,
        clock_hz: u32,
    ) -> impl Iterator<Item = Event> + use<> {
        self.events
            .get_or_insert_default()
            .update(header, payload, at_ns, clock_hz)
    }

    /// The event whose end was lost.
    pub fn expired_event(&mut self, now_ns: u64) -> Option<Event> {
        self.events.as_mut()?.expire(now_ns)
    }

    /// The event that runs while the stream ends.
    pub fn last_event(&mut self) -> Option<Event> {
        self.events.as_mut()?.finish()
    }

    pub fn count(&self) -> StreamCount {
        let stats = &self.stats;
        let is_event = |payload_type: u8| self.event_types & (1 << (payload_type & 127)) != 0;
        let pt = stats
            .most_used(|payload_type| {
                !is_event(payload_type) && !COMFORT_NOISE.contains(&payload_type)
            })
            .or_else(|| stats.most_used(|payload_type| !is_event(payload_type)))
            .or_else(|| stats.most_used(|_| true));
        StreamCount {
            side: self.side,
            src: self.key.src,
            dst: self.key.dst,
            ssrc: self.ssrc,
            pt: pt.unwrap_or_default(),
            pts: stats.payload_types().iter().copied().collect(),
            packets: stats.packets(),
            bytes: stats.bytes(),
            expected: stats.expected(),
            lost: stats.lost(),
            duplicates: stats.duplicates(),
            reordered: stats.reordered(),
            jitter_ticks: stats.jitter_ticks(),
            clock_hz: stats.clock_hz(),
            clock_changes: stats.clock_changes(),
            first_ns: stats.first_ns(),
            last_ns: stats.last_ns(),
            rtcp_packets: self.rtcp_packets,
            snapped: self.snapped,
        }
    }
}
