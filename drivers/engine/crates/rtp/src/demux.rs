//! Which protocol a packet on a media port speaks.

/// What the first two bytes say a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Version 2 and a payload type that RTCP does not use.
    Rtp,
    /// Version 2 and a packet type of 192 to 223.
    Rtcp,
    /// STUN (ICE connectivity checks).
    Stun,
    /// ZRTP key agreement.
    Zrtp,
    /// DTLS handshake of DTLS-SRTP.
    Dtls,
    /// Data inside a TURN channel.
    Turn,
    /// None of these: text, keep-alives, noise.
    Other,
}

/// Tell RTP and RTCP on one port apart, and both from their neighbours.
///
/// Capital letters up to O lie in the range of TURN: look for SIP first where it may come.
/// An RTP packet with its marker set and a payload type of 64 to 95 reads as RTCP; RFC 5761 forbids those types.
/// Source: RFC 5761 §4, RFC 7983 §7
#[must_use]
#[inline]
pub fn kind(packet: &[u8]) -> Kind {
    let &[first, second, ..] = packet else {
        return Kind::Other;
    };
    match first {
        128..=191 if (192..=223).contains(&second) => Kind::Rtcp,
        128..=191 => Kind::Rtp,
        0..=3 => Kind::Stun,
        16..=19 => Kind::Zrtp,
        20..=63 => Kind::Dtls,
        64..=79 => Kind::Turn,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rtcp_is_told_from_rtp_by_its_packet_type() {
        assert_eq!(kind(&[0x80, 200]), Kind::Rtcp);
        assert_eq!(kind(&[0x81, 223]), Kind::Rtcp);
        assert_eq!(kind(&[0x80, 0x88]), Kind::Rtp);
        assert_eq!(kind(&[0x80, 72]), Kind::Rtp);
        assert_eq!(kind(&[0x80, 0xe5]), Kind::Rtp);
    }

    #[test]
    fn neighbours_on_the_port_are_named() {
        assert_eq!(kind(&[0, 1]), Kind::Stun);
        assert_eq!(kind(&[16, 0]), Kind::Zrtp);
        assert_eq!(kind(&[22, 254]), Kind::Dtls);
        assert_eq!(kind(&[0x40, 0]), Kind::Turn);
        assert_eq!(kind(b"\r\n"), Kind::Other);
        assert_eq!(kind(b"SIP/2.0"), Kind::Other);
        assert_eq!(kind(&[0x80]), Kind::Other);
        assert_eq!(kind(&[]), Kind::Other);
    }
}
