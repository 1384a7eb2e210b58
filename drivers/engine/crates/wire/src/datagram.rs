//! IP, UDP and TCP headers of one packet.

use crate::Unread;
use crate::address::{Address, Endpoint, FlowKey};
use crate::link::{self, IPV4, IPV6, Link};

/// What carries the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Datagrams.
    Udp,
    /// A stream: what reassembly needs of the header.
    Tcp(Segment),
}

/// The fields of a TCP header that place its payload in the stream.
///
/// Source: RFC 9293 §3.1
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Sequence number of the first byte (or of the SYN).
    pub sequence: u32,
    /// What the sender has received, when `ack` is set.
    pub acknowledged: u32,
    /// The acknowledgement number counts.
    pub ack: bool,
    /// Opens the stream.
    pub syn: bool,
    /// Ends the stream after this payload.
    pub fin: bool,
    /// Ends the stream now.
    pub rst: bool,
}

/// One UDP or TCP packet, borrowed from the frame it was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Datagram<'a> {
    /// From the IP header on, without the link's padding.
    pub ip: &'a [u8],
    /// Bytes of `ip` on the wire, more than `ip.len()` when the snap length cut it.
    pub ip_len: u32,
    /// From where to where.
    pub key: FlowKey,
    /// Outermost VLAN tag, if one stood in the frame.
    pub vlan: Option<u16>,
    /// UDP or TCP.
    pub transport: Transport,
    /// What the transport carries.
    pub payload: &'a [u8],
    /// Where it begins in `ip`.
    pub payload_at: usize,
    /// Bytes of payload that are missing at its end: cut by the snap length, or in later fragments.
    pub missing: u32,
    /// The first fragment of several.
    pub fragment: bool,
}

const TCP: u8 = 6;
const UDP: u8 = 17;
/// More extension headers than any packet carries, so that a chain of them cannot keep us busy.
const MAX_EXTENSIONS: usize = 12;

struct Inner<'a> {
    protocol: u8,
    src: Address,
    dst: Address,
    ip: &'a [u8],
    ip_len: u32,
    body: &'a [u8],
    fragment: bool,
}

#[inline]
fn be16(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

#[inline]
fn be32(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

impl<'a> Datagram<'a> {
    /// Read a frame down to its transport's payload. Tunnels are left to [`crate::unwrap`].
    #[inline]
    pub fn parse(link: Link, frame: &'a [u8]) -> Result<Self, Unread> {
        let stripped = link::strip(link, frame)?;
        if stripped.protocol != IPV4 && stripped.protocol != IPV6 {
            return Err(Unread::NotIp);
        }
        let mut datagram = Self::from_ip(stripped.rest)?;
        datagram.vlan = stripped.vlan;
        Ok(datagram)
    }

    /// Read a packet that begins with its IP header.
    #[inline]
    pub fn from_ip(packet: &'a [u8]) -> Result<Self, Unread> {
        let inner = match packet.first() {
            Some(first) if first >> 4 == 4 => ipv4(packet)?,
            Some(first) if first >> 4 == 6 => ipv6(packet)?,
            Some(_) => return Err(Unread::NotIp),
            None => return Err(Unread::Bad("empty packet")),
        };
        transport(&inner)
    }
}

/// What follows the IP header and its extensions, and whether it is a first fragment only.
pub(crate) fn body(packet: &[u8]) -> Result<(&[u8], bool), Unread> {
    let inner = match packet.first().ok_or(Unread::Bad("empty packet"))? >> 4 {
        4 => ipv4(packet)?,
        6 => ipv6(packet)?,
        _ => return Err(Unread::NotIp),
    };
    Ok((inner.body, inner.fragment))
}

/// Source: RFC 791 §3.1
#[inline]
fn ipv4(packet: &[u8]) -> Result<Inner<'_>, Unread> {
    if packet.len() < 20 {
        return Err(Unread::Bad("IPv4 header is cut"));
    }
    let header = usize::from(packet[0] & 0x0f) * 4;
    let mut total = usize::from(be16(packet, 2));
    if total == 0 {
        // Segmentation offload: the card will write the length.
        total = packet.len();
    }
    if header < 20 || total < header {
        return Err(Unread::Bad("IPv4 lengths contradict"));
    }
    let ip = &packet[..total.min(packet.len())];
    if ip.len() < header {
        return Err(Unread::Bad("IPv4 options are cut"));
    }
    let place = be16(packet, 6);
    if place & 0x1fff != 0 {
        return Err(Unread::Fragment);
    }
    Ok(Inner {
        protocol: packet[9],
        src: Address::v4([packet[12], packet[13], packet[14], packet[15]]),
        dst: Address::v4([packet[16], packet[17], packet[18], packet[19]]),
        ip,
        ip_len: total as u32,
        body: &ip[header..],
        fragment: place & 0x2000 != 0,
    })
}

/// Source: RFC 8200 §3, §4
#[inline]
fn ipv6(packet: &[u8]) -> Result<Inner<'_>, Unread> {
    let Some((fixed, _)) = packet.split_first_chunk::<40>() else {
        return Err(Unread::Bad("IPv6 header is cut"));
    };
    let mut total = 40 + usize::from(be16(fixed, 4));
    if total == 40 {
        // A jumbogram or segmentation offload.
        total = packet.len();
    }
    let ip = &packet[..total.min(packet.len())];
    let (mut src, mut dst) = ([0; 16], [0; 16]);
    src.copy_from_slice(&fixed[8..24]);
    dst.copy_from_slice(&fixed[24..40]);
    let mut protocol = fixed[6];
    let mut at = 40;
    let mut fragment = false;
    for _ in 0..MAX_EXTENSIONS {
        let length = match protocol {
            // Hop-by-hop, routing, destination options, mobility, HIP, shim6.
            0 | 43 | 60 | 135 | 139 | 140 => {
                8 + usize::from(*ip.get(at + 1).ok_or(Unread::Bad("IPv6 extension is cut"))?) * 8
            }
            51 => 8 + usize::from(*ip.get(at + 1).ok_or(Unread::Bad("IPv6 extension is cut"))?) * 4,
            44 => {
                let head = ip
                    .get(at..at + 8)
                    .ok_or(Unread::Bad("IPv6 extension is cut"))?;
                let place = be16(head, 2);
                if place >> 3 != 0 {
                    return Err(Unread::Fragment);
                }
                fragment |= place & 1 != 0;
                8
            }
            _ => {
                return Ok(Inner {
                    protocol,
                    src: Address::v6(src),
                    dst: Address::v6(dst),
                    ip,
                    ip_len: total as u32,
                    body: &ip[at..],
                    fragment,
                });
            }
        };
        if ip.len() < at + length {
            return Err(Unread::Bad("IPv6 extension is cut"));
        }
        protocol = ip[at];
        at += length;
    }
    Err(Unread::Bad("too many IPv6 extensions"))
}

#[inline]
fn transport<'a>(inner: &Inner<'a>) -> Result<Datagram<'a>, Unread> {
    let body = inner.body;
    // Of the transport's bytes, what the snap length cut.
    let cut = inner.ip_len - inner.ip.len() as u32;
    let (header, missing, end, transport) = match inner.protocol {
        UDP => {
            if body.len() < 8 {
                return Err(Unread::Bad("UDP header is cut"));
            }
            let length = usize::from(be16(body, 4));
            // Source: RFC 768; a length of 0 is a jumbogram (RFC 2675 §4) or offload.
            if length == 0 {
                (8, cut as usize, body.len(), Transport::Udp)
            } else if length < 8 {
                return Err(Unread::Bad("UDP length is below 8"));
            } else {
                (
                    8,
                    length.saturating_sub(body.len()),
                    length.min(body.len()),
                    Transport::Udp,
                )
            }
        }
        TCP => {
            if body.len() < 20 {
                return Err(Unread::Bad("TCP header is cut"));
            }
            let header = usize::from(body[12] >> 4) * 4;
            if header < 20 || header > body.len() {
                return Err(Unread::Bad("TCP header lengths contradict"));
            }
            let flags = body[13];
            let segment = Segment {
                sequence: be32(body, 4),
                acknowledged: be32(body, 8),
                ack: flags & 0x10 != 0,
                syn: flags & 0x02 != 0,
                fin: flags & 0x01 != 0,
                rst: flags & 0x04 != 0,
            };
            (header, cut as usize, body.len(), Transport::Tcp(segment))
        }
        other => return Err(Unread::OtherProtocol(other)),
    };
    Ok(Datagram {
        ip: inner.ip,
        ip_len: inner.ip_len,
        key: FlowKey {
            src: Endpoint::new(inner.src, be16(body, 0)),
            dst: Endpoint::new(inner.dst, be16(body, 2)),
        },
        vlan: None,
        transport,
        payload: &body[header..end],
        payload_at: inner.ip.len() - body.len() + header,
        missing: missing as u32,
        fragment: inner.fragment,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build;

    fn endpoints() -> [FlowKey; 2] {
        let key = |a: &str, b: &str| FlowKey {
            src: Endpoint::new(a.parse().unwrap(), 5060),
            dst: Endpoint::new(b.parse().unwrap(), 5070),
        };
        [
            key("10.0.0.1", "10.0.0.2"),
            key("2001:db8::1", "2001:db8::2"),
        ]
    }

    #[test]
    fn udp_and_tcp_of_both_families_are_read() {
        for key in endpoints() {
            let udp = build::udp(key, b"hello");
            let mut padded = udp.clone();
            padded.extend([0; 20]);
            let read = Datagram::from_ip(&padded).unwrap();
            assert_eq!(
                (read.key, read.payload, read.missing),
                (key, &b"hello"[..], 0)
            );
            assert_eq!((read.ip, read.ip_len), (&udp[..], udp.len() as u32));
            assert_eq!(&read.ip[read.payload_at..], b"hello");
            let tcp = build::tcp(key, 7, 9, b"hello");
            let read = Datagram::from_ip(&tcp).unwrap();
            assert_eq!(read.payload, b"hello");
            let Transport::Tcp(segment) = read.transport else {
                panic!("not TCP")
            };
            assert_eq!(
                (segment.sequence, segment.acknowledged, segment.ack),
                (7, 9, true)
            );
        }
    }

    #[test]
    fn a_snapped_packet_says_how_much_is_missing() {
        for key in endpoints() {
            let udp = build::udp(key, &[7; 100]);
            let read = Datagram::from_ip(&udp[..udp.len() - 30]).unwrap();
            assert_eq!((read.payload.len(), read.missing), (70, 30));
            assert_eq!(read.ip_len as usize, udp.len());
            let tcp = build::tcp(key, 1, 1, &[7; 100]);
            assert_eq!(
                Datagram::from_ip(&tcp[..tcp.len() - 30]).unwrap().missing,
                30
            );
        }
    }

    #[test]
    fn fragments_are_told_apart() {
        let mut first = build::udp(endpoints()[0], &[7; 100]);
        first[6] = 0x20;
        assert!(Datagram::from_ip(&first).unwrap().fragment);
        first[7] = 10;
        assert_eq!(Datagram::from_ip(&first), Err(Unread::Fragment));
    }

    #[test]
    fn extension_headers_are_stepped_over() {
        let plain = build::udp(endpoints()[1], b"hello");
        let mut long = plain[..40].to_vec();
        long[6] = 0;
        long[4..6].copy_from_slice(&(plain.len() as u16 - 40 + 24).to_be_bytes());
        long.extend([60, 0, 0, 0, 0, 0, 0, 0]);
        long.extend([17, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        long.extend(&plain[40..]);
        assert_eq!(Datagram::from_ip(&long).unwrap().payload, b"hello");
    }

    #[test]
    fn no_cut_and_no_flipped_byte_panics() {
        for key in endpoints() {
            for packet in [build::udp(key, &[1; 40]), build::tcp(key, 1, 2, &[1; 40])] {
                for end in 0..packet.len() {
                    let _ = Datagram::from_ip(&packet[..end]);
                }
                for at in 0..packet.len() {
                    for value in [0, 1, 0x7f, 0x80, 0xff] {
                        let mut changed = packet.clone();
                        changed[at] = value;
                        let _ = Datagram::from_ip(&changed);
                    }
                }
            }
        }
    }
}
