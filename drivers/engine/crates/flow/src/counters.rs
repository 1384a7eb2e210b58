//! Everything that is counted. Nothing is dropped without one of these growing.

use serde::Serialize;

/// All from 0, only growing, except those that end in `_now`.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Counters {
    /// Frames.
    pub packets: u64,
    /// Bytes of frames on the wire.
    pub bytes: u64,
    /// Packets that reached the ring's sockets, dropped ones among them.
    pub kernel_received: u64,
    /// Packets that found no room in the ring.
    pub kernel_drops: u64,
    /// Times that a ring was full.
    pub ring_freezes: u64,
    /// Frames of something else than IP, or of an unknown link.
    pub not_ip: u64,
    /// Fragments, whatever became of them.
    pub fragments: u64,
    /// Packets put together from fragments.
    pub reassembled: u64,
    /// Packets refused because their fragments overlap or contradict each other.
    pub fragments_refused: u64,
    /// Packets of which fragments did not come in time.
    pub fragments_incomplete: u64,
    /// Packets whose fragments were forgotten for want of room.
    pub fragments_overflow: u64,
    /// Bytes of fragments that wait for the rest.
    pub fragment_bytes_now: u64,
    /// Packets taken out of GRE.
    pub tunnel_gre: u64,
    /// Packets taken out of ERSPAN.
    pub tunnel_erspan: u64,
    /// Packets taken out of VXLAN.
    pub tunnel_vxlan: u64,
    /// Packets taken out of IP in IP (either version in either).
    pub tunnel_ip: u64,
    /// Packets taken out of a session of `PPPoE`.
    pub tunnel_pppoe: u64,
    /// Packets taken from under MPLS labels.
    pub tunnel_mpls: u64,
    /// Packets taken out of TZSP.
    pub tunnel_tzsp: u64,
    /// Messages of capture agents (HEP).
    pub tunnel_hep: u64,
    /// Packets with more wrappings in one another than are taken off.
    pub tunnel_too_deep: u64,
    /// Copies of a packet that the mirror showed twice.
    pub deduplicated: u64,
    /// Frames whose headers contradict themselves or are cut.
    pub bad_packets: u64,
    /// Packets whose end was not captured.
    pub snapped: u64,
    /// Files that ended within a record.
    pub truncated_files: u64,
    /// UDP packets.
    pub udp: u64,
    /// TCP segments.
    pub tcp: u64,
    /// SIP messages over UDP.
    pub sip_udp: u64,
    /// SIP messages over TCP.
    pub sip_tcp: u64,
    /// On a SIP port, but no SIP by content (keep-alives excepted); junk between two messages of a stream.
    pub sip_unsure: u64,
    /// RTP packets, bound or not.
    pub rtp: u64,
    /// RTCP packets, bound or not.
    pub rtcp: u64,
    /// RTP and RTCP packets that had no binding when they came.
    pub rtp_unbound: u64,
    /// Packets that went into the holding area.
    pub held: u64,
    /// Packets in it.
    pub held_now: u64,
    /// Their bytes.
    pub held_bytes_now: u64,
    /// Packets that left it, or did not get in, for want of room.
    pub hold_overflow: u64,
    /// Packets that left it because nobody wanted them in time.
    pub hold_expired: u64,
    /// Packets that a binding took out of it (once for each bundle).
    pub adopted: u64,
    /// Flows.
    pub flows_now: u64,
    /// Flows forgotten, or not followed, for want of room; streams of a bundle beyond its limit.
    pub flow_overflow: u64,
    /// TCP streams.
    pub tcp_streams_now: u64,
    /// TCP streams forgotten for want of room.
    pub tcp_overflow: u64,
    /// Gaps in TCP streams that were given up.
    pub tcp_gaps: u64,
    /// SIP messages longer than the limit.
    pub message_overflow: u64,
    /// Events lost because nobody polled.
    pub event_overflow: u64,
    /// Messages that begin no call (REGISTER, OPTIONS …), not delivered because too many waited.
    pub sip_skipped: u64,
    /// Messages that begin no call and tell nothing new.
    pub sip_outside_calls: u64,
    /// New calls that waited for an answer before they were told.
    pub calls_waited: u64,
    /// Calls that wait, and attempts that are over and were not fetched yet.
    pub calls_waiting_now: u64,
    /// Attempts lost because nobody fetched them.
    pub attempts_lost: u64,
    /// Events that wait for a poll.
    pub events_now: u64,
    /// Records in media files.
    pub written_packets: u64,
    /// Bytes in media files.
    pub written_bytes: u64,
    /// Blocks that could not be written, and synchronisations that failed.
    pub write_errors: u64,
    /// Records lost because the disk was too slow.
    pub write_overflow: u64,
    /// Media packets not written because the disk was full.
    pub disk_full_packets: u64,
    /// Media packets not written because the recording was paused.
    pub paused_packets: u64,
    /// Packets that a tap's reader was too slow for.
    pub tap_drops: u64,
    /// Bindings and messages for a bundle that was closed before.
    pub after_close: u64,
    /// Bundles.
    pub bundles_now: u64,
}

/// What is counted for each interface.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct OfInterface {
    /// Frames.
    pub packets: u64,
    /// Bytes of frames on the wire.
    pub bytes: u64,
    /// Packets that reached the ring's sockets, dropped ones among them.
    pub kernel_received: u64,
    /// Packets that found no room in the ring.
    pub kernel_drops: u64,
    /// Times that a ring was full.
    pub ring_freezes: u64,
    /// 1 while it is down or gone.
    pub link_down: u64,
}
