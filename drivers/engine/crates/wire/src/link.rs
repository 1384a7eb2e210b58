//! What stands before the IP header.

use crate::Unread;

/// Kinds of link that a capture may come from.
///
/// Source: the registry of link types (`LINKTYPE_`), draft-ietf-opsawg-pcaplinktype
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// 1: IEEE 802.3.
    Ethernet,
    /// 101, 228, 229 and the platform numbers 12 and 14: the packet begins with its IP header.
    Raw,
    /// 113: Linux "cooked" capture, 16 bytes.
    Sll,
    /// 276: its second version, 20 bytes.
    Sll2,
    /// 0 and 108: four bytes of address family (BSD loopback).
    Loopback,
}

impl Link {
    /// The kind that a capture file's number names; none when we do not read it.
    #[must_use]
    pub const fn from_number(number: u32) -> Option<Self> {
        // The upper bits of pcap's field may carry the length of a frame check sequence.
        match number & 0x03ff_ffff {
            1 => Some(Self::Ethernet),
            12 | 14 | 101 | 228 | 229 => Some(Self::Raw),
            113 => Some(Self::Sll),
            276 => Some(Self::Sll2),
            0 | 108 => Some(Self::Loopback),
            _ => None,
        }
    }
}

pub(crate) const IPV4: u16 = 0x0800;
pub(crate) const IPV6: u16 = 0x86dd;
/// 802.1Q, 802.1ad and the two numbers used for Q-in-Q before it.
pub(crate) const TAGS: [u16; 4] = [0x8100, 0x88a8, 0x9100, 0x9200];
/// More tags than any network stacks, so that a frame of tags cannot keep us busy.
const MAX_TAGS: usize = 8;

#[inline]
fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..at + 2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
}

/// What stands behind a link's header and its tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stripped<'a> {
    /// Ethernet type of `rest`; a link without one is taken for IP.
    pub protocol: u16,
    /// Everything behind the header.
    pub rest: &'a [u8],
    /// Number of the outermost VLAN tag, if one stands in the frame.
    pub vlan: Option<u16>,
}

/// Strip the link's header.
///
/// Source: IEEE 802.1Q §9.6
#[inline]
pub fn strip(link: Link, frame: &[u8]) -> Result<Stripped<'_>, Unread> {
    const CUT: Unread = Unread::Bad("frame is cut");
    let ip = |rest| Stripped {
        protocol: IPV4,
        rest,
        vlan: None,
    };
    let (mut protocol, mut rest) = match link {
        Link::Ethernet => (be16(frame, 12).ok_or(CUT)?, &frame[14..]),
        Link::Raw => return Ok(ip(frame)),
        Link::Sll => (be16(frame, 14).ok_or(CUT)?, &frame[16..]),
        Link::Sll2 => {
            let rest = frame.get(20..).ok_or(CUT)?;
            (u16::from_be_bytes([frame[0], frame[1]]), rest)
        }
        Link::Loopback => return frame.get(4..).map(ip).ok_or(CUT),
    };
    let mut vlan = None;
    for _ in 0..MAX_TAGS {
        if !TAGS.contains(&protocol) {
            return Ok(Stripped {
                protocol,
                rest,
                vlan,
            });
        }
        let (Some(tag), Some(next)) = (be16(rest, 0), be16(rest, 2)) else {
            return Err(Unread::Bad("VLAN tag is cut"));
        };
        vlan = vlan.or(Some(tag & 0x0fff));
        protocol = next;
        rest = &rest[4..];
    }
    Err(Unread::NotIp)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ethernet(tags: &[(u16, u16)], protocol: u16) -> Vec<u8> {
        let mut frame = vec![0; 12];
        for (kind, tag) in tags {
            frame.extend(kind.to_be_bytes());
            frame.extend(tag.to_be_bytes());
        }
        frame.extend(protocol.to_be_bytes());
        frame.push(0x45);
        frame
    }

    fn stripped(protocol: u16, vlan: Option<u16>) -> Stripped<'static> {
        Stripped {
            protocol,
            rest: &[0x45],
            vlan,
        }
    }

    #[test]
    fn tags_are_stripped_and_the_outermost_is_named() {
        assert_eq!(
            strip(Link::Ethernet, &ethernet(&[], IPV4)),
            Ok(stripped(IPV4, None))
        );
        assert_eq!(
            strip(Link::Ethernet, &ethernet(&[(0x8100, 0x6064)], IPV4)),
            Ok(stripped(IPV4, Some(100)))
        );
        let stacked = ethernet(&[(0x88a8, 200), (0x8100, 100)], IPV6);
        assert_eq!(
            strip(Link::Ethernet, &stacked),
            Ok(stripped(IPV6, Some(200)))
        );
    }

    #[test]
    fn a_frame_of_tags_ends() {
        let frame = ethernet(&[(0x8100, 1); 40], IPV4);
        assert_eq!(strip(Link::Ethernet, &frame), Err(Unread::NotIp));
    }

    #[test]
    fn cut_frames_are_bad() {
        for link in [Link::Ethernet, Link::Sll, Link::Sll2, Link::Loopback] {
            assert!(matches!(strip(link, &[0, 1, 2]), Err(Unread::Bad(_))));
        }
        assert_eq!(
            strip(Link::Ethernet, &ethernet(&[], 0x0806)),
            Ok(stripped(0x0806, None))
        );
        assert!(matches!(
            strip(Link::Ethernet, &ethernet(&[], 0x8100)),
            Err(Unread::Bad(_))
        ));
    }

    #[test]
    fn cooked_captures_are_stripped() {
        let mut sll = vec![0; 14];
        sll.extend(IPV4.to_be_bytes());
        sll.push(0x45);
        assert_eq!(strip(Link::Sll, &sll), Ok(stripped(IPV4, None)));
        let mut sll2 = IPV6.to_be_bytes().to_vec();
        sll2.extend([0; 18]);
        sll2.push(0x45);
        assert_eq!(strip(Link::Sll2, &sll2), Ok(stripped(IPV6, None)));
    }
}
