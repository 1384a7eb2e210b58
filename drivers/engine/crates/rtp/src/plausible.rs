//! Whether packets that no SDP announced are RTP.

use crate::demux::{Kind, kind};
use crate::header::Header;

/// Sequential packets of one SSRC and payload type that prove a stream.
pub const MIN_SEQUENTIAL: u8 = 3;

/// The header of `packet` when a single look finds nothing against its being RTP.
///
/// Source: RFC 3550 §A.1, RFC 3551 §6, RFC 5761 §4
#[must_use]
pub fn plausible(packet: &[u8]) -> Option<Header> {
    if kind(packet) != Kind::Rtp {
        return None;
    }
    let header = Header::parse(packet).ok()?;
    let assigned = match header.payload_type {
        1 | 2 | 19..=24 | 27 | 29 | 30 | 64..=95 => false,
        // 35 to 63 are used when the dynamic range is exhausted.
        _ => true,
    };
    (assigned && header.payload_len > 0 && !header.bad_padding && header.ssrc != 0)
        .then_some(header)
}

/// The proof of one unknown flow: it is RTP after [`MIN_SEQUENTIAL`] packets in sequence.
///
/// Source: RFC 3550 §A.1
#[derive(Debug, Clone, Copy, Default)]
pub struct Probation {
    ssrc: u32,
    next: u16,
    timestamp: u32,
    hits: u8,
}

impl Probation {
    /// Look at the next packet of the flow; true as soon as the flow is proven and from then on while the SSRC stays.
    pub fn update(&mut self, packet: &[u8]) -> bool {
        let Some(header) = plausible(packet) else {
            self.hits = self.hits.saturating_sub(1);
            return false;
        };
        let same = self.hits > 0 && header.ssrc == self.ssrc;
        // A minute at 90 kHz: no codec steps further between two packets in sequence.
        let near = header.timestamp.wrapping_sub(self.timestamp) <= 60 * 90_000;
        self.hits = match self.hits {
            MIN_SEQUENTIAL if same => MIN_SEQUENTIAL,
            hits if same && near && header.sequence == self.next => hits + 1,
            _ => 1,
        };
        self.ssrc = header.ssrc;
        self.next = header.sequence.wrapping_add(1);
        self.timestamp = header.timestamp;
        self.hits >= MIN_SEQUENTIAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(sequence: u16, timestamp: u32, ssrc: u32) -> Vec<u8> {
        let mut packet = vec![0x80, 8];
        packet.extend(sequence.to_be_bytes());
        packet.extend(timestamp.to_be_bytes());
        packet.extend(ssrc.to_be_bytes());
        packet.extend([0xd5; 160]);
        packet
    }

    #[test]
    fn three_packets_in_sequence_prove_a_flow_also_over_the_wrap() {
        let mut flow = Probation::default();
        assert!(!flow.update(&packet(65_534, 0, 7)));
        assert!(!flow.update(&packet(65_535, 160, 7)));
        assert!(flow.update(&packet(0, 320, 7)));
        assert!(
            flow.update(&packet(9, 640, 7)),
            "a proven flow may lose packets"
        );
    }

    #[test]
    fn another_ssrc_or_a_jump_begins_anew() {
        let mut flow = Probation::default();
        flow.update(&packet(1, 0, 7));
        flow.update(&packet(2, 160, 7));
        assert!(!flow.update(&packet(3, 320, 8)));
        assert!(!flow.update(&packet(4, 480, 8)));
        assert!(!flow.update(&packet(6, 640, 8)));
        assert!(!flow.update(&packet(7, 0xf000_0000, 8)));
    }

    #[test]
    fn random_looking_packets_are_not_plausible() {
        let mut dns = packet(1, 0, 7);
        dns[0] = 0x12;
        assert!(plausible(&dns).is_none());
        assert!(plausible(&packet(1, 0, 7)[..12]).is_none(), "no payload");
        let mut reserved = packet(1, 0, 7);
        reserved[1] = 72;
        assert!(plausible(&reserved).is_none());
        assert!(plausible(&packet(1, 0, 0)).is_none());
    }
}
