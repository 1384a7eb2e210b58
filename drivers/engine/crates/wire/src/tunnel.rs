//! What mirrors and networks wrap around the packets of phones.
//!
//! Each reader takes what follows the outer header and gives what the inner one begins with; the loop over them stands
//! in [`crate::unwrap`].
//!
//! Source: RFC 2784 and RFC 2890 (GRE), draft-foschiano-erspan-03 (ERSPAN I to III), RFC 7348 (VXLAN), RFC 2003, RFC
//! 4213 (IP in IP), RFC 2516 and RFC 1661 §2 (`PPPoE`), RFC 3032 and RFC 4385 (MPLS, pseudowires), Wireshark's
//! `packet-tzsp.c` (TZSP)

use crate::Unread;
use crate::link::{IPV4, IPV6, Link, TAGS};

/// What an inner packet is and begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Inner<'a> {
    /// What it begins with; for [`Link::Raw`], `data` begins with an IP header.
    pub link: Link,
    pub data: &'a [u8],
    /// VLAN that the tunnel's header names.
    pub vlan: Option<u16>,
}

/// How often each wrapping was taken off; only growing.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Wrappings {
    /// GRE with an IP or Ethernet packet in it.
    pub gre: u64,
    /// ERSPAN of any type.
    pub erspan: u64,
    /// VXLAN.
    pub vxlan: u64,
    /// IPv4 or IPv6 in either.
    pub ip_in_ip: u64,
    /// `PPPoE` sessions.
    pub pppoe: u64,
    /// Stacks of MPLS labels.
    pub mpls: u64,
    /// TZSP.
    pub tzsp: u64,
    /// HEP version 3.
    pub hep: u64,
    /// More wrappings in one another than are taken off.
    pub too_deep: u64,
}

const CUT: Unread = Unread::Bad("tunnel header is cut");

const PPPOE_SESSION: u16 = 0x8864;
const MPLS: [u16; 2] = [0x8847, 0x8848];
const TRANSPARENT_ETHERNET: u16 = 0x6558;
const ERSPAN: u16 = 0x88be;
const ERSPAN_III: u16 = 0x22eb;

fn raw(data: &[u8]) -> Inner<'_> {
    Inner {
        link: Link::Raw,
        data,
        vlan: None,
    }
}

fn ethernet(data: &[u8]) -> Inner<'_> {
    Inner {
        link: Link::Ethernet,
        data,
        vlan: None,
    }
}

fn be16(bytes: &[u8], at: usize) -> Result<u16, Unread> {
    let pair = bytes.get(at..at + 2).ok_or(CUT)?;
    Ok(u16::from_be_bytes([pair[0], pair[1]]))
}

/// Whether an Ethernet frame whose content is followed begins here: nothing else says so where its beginning is in doubt.
fn is_frame(data: &[u8]) -> bool {
    let (Ok(kind), version) = (be16(data, 12), data.get(14).map(|byte| byte >> 4)) else {
        return false;
    };
    match kind {
        IPV4 => version == Some(4),
        IPV6 => version == Some(6),
        _ => kind == PPPOE_SESSION || MPLS.contains(&kind) || TAGS.contains(&kind),
    }
}

/// What an Ethernet type other than IP wraps.
pub(crate) fn by_ethertype<'a>(
    protocol: u16,
    rest: &'a [u8],
    counts: &mut Wrappings,
) -> Result<Inner<'a>, Unread> {
    match protocol {
        PPPOE_SESSION => {
            counts.pppoe += 1;
            pppoe(rest)
        }
        _ if MPLS.contains(&protocol) => {
            counts.mpls += 1;
            mpls(rest)
        }
        _ => Err(Unread::NotIp),
    }
}

/// What an IP protocol other than UDP and TCP wraps.
pub(crate) fn by_protocol<'a>(
    protocol: u8,
    body: &'a [u8],
    counts: &mut Wrappings,
) -> Result<Inner<'a>, Unread> {
    match protocol {
        4 | 41 => {
            counts.ip_in_ip += 1;
            Ok(raw(body))
        }
        47 => gre(body, counts),
        137 => {
            counts.mpls += 1;
            mpls(body)
        }
        other => Err(Unread::OtherProtocol(other)),
    }
}

/// Source: RFC 2516 §4, RFC 1661 §2 and §6.5
fn pppoe(rest: &[u8]) -> Result<Inner<'_>, Unread> {
    if rest.first() != Some(&0x11) || rest.get(1) != Some(&0) {
        return Err(Unread::Bad("no PPPoE session"));
    }
    let length = usize::from(be16(rest, 4)?);
    let ppp = &rest[6..];
    ppp_payload(&ppp[..length.min(ppp.len())])
}

/// The protocol field is one byte when its lowest bit is set.
fn ppp_payload(ppp: &[u8]) -> Result<Inner<'_>, Unread> {
    let first = *ppp.first().ok_or(CUT)?;
    let (protocol, data) = if first & 1 == 1 {
        (u16::from(first), &ppp[1..])
    } else {
        (be16(ppp, 0)?, &ppp[2..])
    };
    match protocol {
        0x0021 | 0x0057 => Ok(raw(data)),
        0x0281 | 0x0283 => mpls(data),
        _ => Err(Unread::NotIp),
    }
}

/// Labels, then IP or a pseudowire with an Ethernet frame, before which a control word may stand: nothing but the first
/// four bits tells which, and they may be those of the frame's destination.
///
/// Source: RFC 3032 §2.1, RFC 4385 §3, RFC 4448 §4.6, RFC 4928 §3
fn mpls(mut rest: &[u8]) -> Result<Inner<'_>, Unread> {
    const MAX_LABELS: usize = 16;
    for _ in 0..MAX_LABELS {
        let (label, next) = rest.split_first_chunk::<4>().ok_or(CUT)?;
        rest = next;
        if label[2] & 1 == 1 {
            return match rest.first().ok_or(CUT)? >> 4 {
                4 | 6 if !is_frame(rest) || is_ip(rest) => Ok(raw(rest)),
                0 if !is_frame(rest) || has_control_word(rest) => {
                    Ok(ethernet(rest.get(4..).ok_or(CUT)?))
                }
                _ => Ok(ethernet(rest)),
            };
        }
    }
    Err(Unread::Bad("MPLS labels without end"))
}

/// Whether what could be the tag of a frame is the end of its source address behind a control word.
fn has_control_word(rest: &[u8]) -> bool {
    rest.starts_with(&[0, 0]) && rest.get(4..).is_some_and(is_frame)
}

/// Whether what could be a frame is IP: its checksum is right, or its length.
///
/// Source: RFC 791 §3.1, RFC 8200 §3
fn is_ip(packet: &[u8]) -> bool {
    let words = |bytes: &[u8]| -> u32 {
        let pairs = bytes.chunks_exact(2);
        pairs
            .map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]])))
            .sum()
    };
    match packet {
        [0x45..=0x4f, ..] => packet
            .get(..usize::from(packet[0] & 0x0f) * 4)
            .is_some_and(|header| words(header) % 0xffff == 0),
        [0x60..=0x6f, _, _, _, high, low, ..] => {
            40 + usize::from(u16::from_be_bytes([*high, *low])) == packet.len()
        }
        _ => false,
    }
}

/// Source: RFC 2784 §2.1, RFC 2890 §2
fn gre<'a>(body: &'a [u8], counts: &mut Wrappings) -> Result<Inner<'a>, Unread> {
    let flags = be16(body, 0)?;
    let protocol = be16(body, 2)?;
    // Version 1 is PPTP; routing (RFC 1701) has a list of its own and is not used any more.
    if flags & 0x4007 != 0 {
        return Err(Unread::OtherProtocol(47));
    }
    let has_sequence = flags & 0x1000 != 0;
    let optional = [0x8000, 0x2000, 0x1000]
        .iter()
        .filter(|&bit| flags & bit != 0)
        .count();
    let rest = body.get(4 + optional * 4..).ok_or(CUT)?;
    match protocol {
        ERSPAN | ERSPAN_III => {
            counts.erspan += 1;
            erspan(protocol, has_sequence, rest)
        }
        IPV4 | IPV6 => {
            counts.gre += 1;
            Ok(raw(rest))
        }
        TRANSPARENT_ETHERNET => {
            counts.gre += 1;
            Ok(ethernet(rest))
        }
        _ if MPLS.contains(&protocol) => {
            counts.gre += 1;
            mpls(rest)
        }
        _ => Err(Unread::OtherProtocol(47)),
    }
}

/// Type I has no header and no GRE sequence number, type II one of 8 bytes, type III one of 12 and maybe 8 more.
///
/// Source: draft-foschiano-erspan-03 §4.1 to §4.3
fn erspan(protocol: u16, has_sequence: bool, rest: &[u8]) -> Result<Inner<'_>, Unread> {
    if protocol == ERSPAN && !has_sequence {
        return Ok(ethernet(rest));
    }
    let first = be16(rest, 0)?;
    let vlan = Some(first & 0x0fff).filter(|&vlan| vlan != 0);
    let (bytes, link) = match first >> 12 {
        0 | 1 => (8, Link::Ethernet),
        2 => {
            let last = be16(rest, 10)?;
            let link = match last >> 10 & 0x1f {
                0 => Link::Ethernet,
                2 => Link::Raw,
                _ => return Err(Unread::NotIp),
            };
            (12 + if last & 1 == 1 { 8 } else { 0 }, link)
        }
        _ => return Err(Unread::Bad("ERSPAN of an unknown version")),
    };
    Ok(Inner {
        link,
        data: rest.get(bytes..).ok_or(CUT)?,
        vlan,
    })
}

/// What a VXLAN packet carries: one flag says that it is one. Where other bits are set, which a receiver ignores (group
/// policy has a use for them), the frame must be seen to be one: RTP that has so many sources begins alike.
///
/// Source: RFC 7348 §5, draft-smith-vxlan-group-policy-05 §2.1
pub(crate) fn vxlan(payload: &[u8]) -> Option<Inner<'_>> {
    const VALID: u8 = 0x08;
    let (head, frame) = payload.split_first_chunk::<8>()?;
    let plain = matches!(head, [VALID, 0, 0, 0, _, _, _, 0]);
    (plain || (head[0] & VALID != 0 && is_frame(frame))).then(|| ethernet(frame))
}

/// What a TZSP packet carries: version 1, Ethernet, a list of tagged fields, then the frame.
///
/// None for anything else; STUN (RFC 8489 §5) begins alike, but its length is never 1.
pub(crate) fn tzsp(payload: &[u8]) -> Option<Inner<'_>> {
    const PADDING: u8 = 0;
    const END: u8 = 1;
    // Types 0 and 1: a received packet, a packet to transmit.
    let &[1, 0 | 1, 0, 1, ref tags @ ..] = payload else {
        return None;
    };
    let mut rest = tags;
    loop {
        match rest {
            [END, frame @ ..] => return Some(ethernet(frame)),
            [PADDING, after @ ..] => rest = after,
            &[_, length, ref after @ ..] => rest = after.get(usize::from(length)..)?,
            _ => return None,
        }
    }
}
