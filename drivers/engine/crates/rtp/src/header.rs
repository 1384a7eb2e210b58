//! The fixed header of an RTP packet, and where its payload lies.

use thiserror::Error;

/// Bytes of the header without contributing sources and extension.
pub const FIXED_BYTES: usize = 12;

/// Why bytes are no RTP packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HeaderError {
    /// Shorter than the header says it is.
    #[error("shorter than its RTP header")]
    Short,
    /// The two version bits are not 2.
    #[error("RTP version is {0}, not 2")]
    Version(u8),
}

/// One RTP packet's header. The payload is `packet[payload_start..payload_start + payload_len]`.
///
/// Source: RFC 3550 §5.1, §5.3.1
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// First packet of a talk spurt (audio) or last of a frame (video).
    pub marker: bool,
    /// 0 to 127.
    pub payload_type: u8,
    /// Grows by one a packet, wraps at 16 bits.
    pub sequence: u16,
    /// In ticks of the payload type's clock, wraps at 32 bits.
    pub timestamp: u32,
    /// Who is heard.
    pub ssrc: u32,
    /// Offset of the payload in the packet.
    pub payload_start: u16,
    /// Bytes of payload, without padding.
    pub payload_len: u16,
    /// The padding bit was set but the count at the end is impossible (SRTP encrypts it): nothing was cut off.
    pub bad_padding: bool,
}

impl Header {
    /// Read the header of `packet`, which begins after the UDP header.
    ///
    /// Packets over 65,535 bytes do not exist in UDP; of a longer slice only the first 65,535 bytes are looked at.
    #[inline]
    pub fn parse(packet: &[u8]) -> Result<Self, HeaderError> {
        let Some((fixed, _)) = packet.split_first_chunk::<FIXED_BYTES>() else {
            return Err(HeaderError::Short);
        };
        let [
            first,
            second,
            seq_high,
            seq_low,
            t0,
            t1,
            t2,
            t3,
            s0,
            s1,
            s2,
            s3,
        ] = *fixed;
        if first >> 6 != 2 {
            return Err(HeaderError::Version(first >> 6));
        }
        let end = packet.len().min(usize::from(u16::MAX));
        let mut start = FIXED_BYTES;
        let mut padding = 0;
        let mut bad_padding = false;
        if first & 0x3f != 0 {
            (start, padding, bad_padding) = bounds(first, &packet[..end])?;
        }
        Ok(Self {
            marker: second & 0x80 != 0,
            payload_type: second & 0x7f,
            sequence: u16::from_be_bytes([seq_high, seq_low]),
            timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
            ssrc: u32::from_be_bytes([s0, s1, s2, s3]),
            payload_start: start as u16,
            payload_len: (end - start - padding) as u16,
            bad_padding,
        })
    }

    /// The payload of the packet this header was read from; empty for any shorter slice.
    #[must_use]
    #[inline]
    pub fn payload<'a>(&self, packet: &'a [u8]) -> &'a [u8] {
        let start = usize::from(self.payload_start);
        packet
            .get(start..start + usize::from(self.payload_len))
            .unwrap_or_default()
    }
}

/// Start of the payload, bytes of padding, and whether the padding is impossible; for packets with more than the fixed header.
fn bounds(first: u8, packet: &[u8]) -> Result<(usize, usize, bool), HeaderError> {
    let mut start = FIXED_BYTES + usize::from(first & 0x0f) * 4;
    if first & 0x10 != 0 {
        let words = packet.get(start + 2..start + 4).ok_or(HeaderError::Short)?;
        start += 4 + usize::from(u16::from_be_bytes([words[0], words[1]])) * 4;
    }
    let room = packet.len().checked_sub(start).ok_or(HeaderError::Short)?;
    if first & 0x20 == 0 {
        return Ok((start, 0, false));
    }
    match packet.last() {
        Some(&count) if count > 0 && usize::from(count) <= room => {
            Ok((start, usize::from(count), false))
        }
        _ => Ok((start, 0, true)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: [u8; 16] = [
        0x80, 0x88, 0x12, 0x34, 0, 0, 0x01, 0x00, 0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4,
    ];

    #[test]
    fn the_fixed_header_is_read() {
        let header = Header::parse(&PLAIN).expect("valid");
        assert!(header.marker);
        assert_eq!(
            (header.payload_type, header.sequence, header.timestamp),
            (8, 0x1234, 256)
        );
        assert_eq!(header.ssrc, 0xdead_beef);
        assert_eq!(header.payload(&PLAIN), [1, 2, 3, 4]);
    }

    #[test]
    fn sources_and_extension_are_skipped_and_padding_cut() {
        let mut packet = PLAIN[..12].to_vec();
        packet[0] = 0x80 | 0x20 | 0x10 | 2;
        packet.extend([9; 8]);
        packet.extend([0xbe, 0xde, 0, 1, 7, 7, 7, 7]);
        packet.extend([1, 2, 3, 0, 0, 3]);
        let header = Header::parse(&packet).expect("valid");
        assert_eq!(header.payload(&packet), [1, 2, 3]);
        assert!(!header.bad_padding);
    }

    #[test]
    fn a_packet_of_padding_alone_has_no_payload() {
        let mut packet = PLAIN.to_vec();
        packet[0] |= 0x20;
        packet[15] = 4;
        assert_eq!(Header::parse(&packet).expect("valid").payload_len, 0);
    }

    #[test]
    fn impossible_padding_keeps_the_whole_payload() {
        for count in [0, 5, 255] {
            let mut packet = PLAIN.to_vec();
            packet[0] |= 0x20;
            packet[15] = count;
            let header = Header::parse(&packet).expect("kept");
            assert!(header.bad_padding);
            assert_eq!(header.payload_len, 4);
        }
    }

    #[test]
    fn a_cut_header_is_short_at_every_length() {
        let mut packet = PLAIN[..12].to_vec();
        packet[0] = 0x80 | 0x10 | 1;
        packet.extend([9; 4]);
        packet.extend([0, 0, 0, 2, 1, 1, 1, 1, 2, 2, 2, 2]);
        for length in 0..packet.len() {
            assert_eq!(
                Header::parse(&packet[..length]),
                Err(HeaderError::Short),
                "{length}"
            );
        }
        assert_eq!(Header::parse(&packet).expect("whole").payload_len, 0);
    }

    #[test]
    fn other_versions_are_refused() {
        let mut packet = PLAIN;
        packet[0] = 0x40;
        assert_eq!(Header::parse(&packet), Err(HeaderError::Version(1)));
    }
}
