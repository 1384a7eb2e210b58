//! From a captured frame to the packet that a phone sent: every wrapping is taken off, whatever their order.
//!
//! Surprising: on the way of plain UDP and TCP nothing here is looked at but two comparisons.

use crate::Unread;
use crate::address::FlowKey;
use crate::datagram::{self, Datagram, Transport};
use crate::hep::{self, Hep};
use crate::link::{self, IPV4, IPV6, Link};
use crate::tunnel::{self, Inner, Wrappings};

/// Wrappings in one another that are taken off; a hostile packet could go on for ever.
pub const MAX_DEPTH: u8 = 8;

/// UDP ports that carry packets of others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ports {
    /// VXLAN (RFC 7348: 4789).
    pub vxlan: Vec<u16>,
    /// TZSP (37008).
    pub tzsp: Vec<u16>,
    /// HEP (9060).
    pub hep: Vec<u16>,
}

/// What a frame holds once everything is taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content<'a> {
    /// One whole UDP or TCP packet.
    Datagram(Datagram<'a>),
    /// One fragment, from its IP header on: [`crate::fragments`] puts it together.
    Fragment {
        /// From its IP header on.
        packet: &'a [u8],
        /// VLAN tag that stood nearest to it.
        vlan: Option<u16>,
    },
    /// What a capture agent saw.
    Hep(Hep<'a>),
}

/// Take off what is wrapped around a packet.
///
/// Shape: `depth` is how many wrappings were taken off before (a fragment's); the `vlan` of the result is the outermost
/// tag of the innermost frame that has one. Units of `counts`: packets.
#[inline]
pub fn unwrap<'a>(
    link: Link,
    frame: &'a [u8],
    ports: &Ports,
    depth: &mut u8,
    counts: &mut Wrappings,
) -> Result<Content<'a>, Unread> {
    let stripped = link::strip(link, frame)?;
    if stripped.protocol == IPV4 || stripped.protocol == IPV6 {
        match Datagram::from_ip(stripped.rest) {
            Ok(mut datagram) if !datagram.fragment && !may_wrap(&datagram) => {
                datagram.vlan = stripped.vlan;
                return Ok(Content::Datagram(datagram));
            }
            Err(error @ (Unread::NotIp | Unread::Bad(_))) => return Err(error),
            _ => {}
        }
    }
    unwrap_all(link, frame, ports, depth, counts)
}

/// TZSP begins with 1; of VXLAN's first byte one bit counts, which HEP's `H` has and RTP with eight sources or more.
/// What merely looks so is left to go on unless it comes to one of the ports.
#[inline]
fn may_wrap(datagram: &Datagram<'_>) -> bool {
    datagram.transport == Transport::Udp
        && matches!(datagram.payload.first(), Some(byte) if byte & 0x08 != 0 || *byte == 0x01)
}

/// The same for what may be wrapped.
#[cold]
fn unwrap_all<'a>(
    link: Link,
    frame: &'a [u8],
    ports: &Ports,
    depth: &mut u8,
    counts: &mut Wrappings,
) -> Result<Content<'a>, Unread> {
    let (mut link, mut data, mut vlan) = (link, frame, None);
    loop {
        let stripped = link::strip(link, data)?;
        vlan = stripped.vlan.or(vlan);
        let inner = match layer(stripped, vlan, ports, counts)? {
            Layer::Content(content) => return Ok(content),
            Layer::Inner(inner) => inner,
        };
        *depth += 1;
        if *depth > MAX_DEPTH {
            counts.too_deep += 1;
            return Err(Unread::NotIp);
        }
        (link, data) = (inner.link, inner.data);
        vlan = inner.vlan.or(vlan);
    }
}

enum Layer<'a> {
    Content(Content<'a>),
    Inner(Inner<'a>),
}

fn layer<'a>(
    stripped: link::Stripped<'a>,
    vlan: Option<u16>,
    ports: &Ports,
    counts: &mut Wrappings,
) -> Result<Layer<'a>, Unread> {
    let packet = stripped.rest;
    if stripped.protocol != IPV4 && stripped.protocol != IPV6 {
        return tunnel::by_ethertype(stripped.protocol, packet, counts).map(Layer::Inner);
    }
    let fragment = Layer::Content(Content::Fragment { packet, vlan });
    let mut datagram = match Datagram::from_ip(packet) {
        Ok(datagram) if datagram.fragment => return Ok(fragment),
        Ok(datagram) => datagram,
        Err(Unread::Fragment) => return Ok(fragment),
        Err(Unread::OtherProtocol(protocol)) => {
            let (body, is_fragment) = datagram::body(packet)?;
            // Fragments of what is not followed are not put together either.
            return if is_fragment && matches!(protocol, 4 | 41 | 47 | 137) {
                Ok(fragment)
            } else {
                tunnel::by_protocol(protocol, body, counts).map(Layer::Inner)
            };
        }
        Err(error) => return Err(error),
    };
    datagram.vlan = vlan;
    if datagram.transport == Transport::Udp {
        let FlowKey { src, dst } = datagram.key;
        let among = |list: &[u16]| list.contains(&dst.port) || list.contains(&src.port);
        let payload = datagram.payload;
        if among(&ports.vxlan)
            && let Some(inner) = tunnel::vxlan(payload)
        {
            counts.vxlan += 1;
            return Ok(Layer::Inner(inner));
        }
        if among(&ports.tzsp)
            && let Some(inner) = tunnel::tzsp(payload)
        {
            counts.tzsp += 1;
            return Ok(Layer::Inner(inner));
        }
        if among(&ports.hep) && hep::is_hep(payload) {
            counts.hep += 1;
            return Hep::parse(payload).map(|hep| Layer::Content(Content::Hep(hep)));
        }
    }
    Ok(Layer::Content(Content::Datagram(datagram)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Endpoint;
    use crate::build;

    fn key() -> FlowKey {
        FlowKey {
            src: Endpoint::new("10.0.0.1".parse().unwrap(), 4000),
            dst: Endpoint::new("10.0.0.2".parse().unwrap(), 5000),
        }
    }

    fn key6() -> FlowKey {
        FlowKey {
            src: Endpoint::new("2001:db8::1".parse().unwrap(), 4000),
            dst: Endpoint::new("2001:db8::2".parse().unwrap(), 5000),
        }
    }

    fn ports() -> Ports {
        Ports {
            vxlan: vec![4789],
            tzsp: vec![37_008],
            hep: vec![9060],
        }
    }

    /// An Ethernet frame with tags.
    fn ether(tags: &[u16], kind: u16, rest: &[u8]) -> Vec<u8> {
        let mut frame = vec![2; 12];
        for tag in tags {
            frame.extend([0x81, 0]);
            frame.extend(tag.to_be_bytes());
        }
        frame.extend(kind.to_be_bytes());
        frame.extend(rest);
        frame
    }

    /// An IPv4 packet of any protocol.
    fn ip(protocol: u8, body: &[u8]) -> Vec<u8> {
        let mut packet = build::udp(key(), &body[8.min(body.len())..]);
        packet.truncate(20);
        packet.extend(body);
        let total = packet.len() as u16;
        packet[2..4].copy_from_slice(&total.to_be_bytes());
        packet[9] = protocol;
        packet
    }

    fn udp_to(port: u16, payload: &[u8]) -> Vec<u8> {
        let mut outer = key();
        outer.dst.port = port;
        build::udp(outer, payload)
    }

    fn read(frame: &[u8]) -> (Result<Content<'_>, Unread>, Wrappings) {
        let mut counts = Wrappings::default();
        let found = unwrap(Link::Ethernet, frame, &ports(), &mut 0, &mut counts);
        (found, counts)
    }

    /// A wrapping by name, how it is counted and the VLAN it leaves.
    type Wrapped = (&'static str, Vec<u8>, fn(&Wrappings) -> u64, Option<u16>);

    #[expect(clippy::too_many_lines, reason = "one entry for each wrapping")]
    fn wrapped(inner: &[u8]) -> Vec<Wrapped> {
        let kind = if inner[0] >> 4 == 4 { IPV4 } else { IPV6 };
        let frame = ether(&[7], kind, inner);
        let bare = ether(&[], kind, inner);
        let gre = |flags: u16, kind: u16, rest: &[u8]| {
            let optional = [0x8000, 0x2000, 0x1000]
                .iter()
                .filter(|&bit| flags & bit != 0)
                .count();
            let mut body = flags.to_be_bytes().to_vec();
            body.extend(kind.to_be_bytes());
            body.extend(vec![9; optional * 4]);
            body.extend(rest);
            ether(&[], IPV4, &ip(47, &body))
        };
        let ppp = if kind == IPV4 { [0, 0x21] } else { [0, 0x57] };
        let length = (inner.len() as u16 + 2).to_be_bytes();
        let pppoe = [&[0x11, 0, 0, 9][..], &length, &ppp, inner, &[0; 6]].concat();
        let short = [
            &[0x11, 0, 0, 9][..],
            &(u16::from(length[1]) - 1).to_be_bytes(),
            &ppp[1..],
            inner,
        ]
        .concat();
        let two_labels = [&[0, 1, 0x20, 64][..], &[0, 1, 0x31, 64]].concat();
        let vxlan = [&[8, 0, 0, 0, 0, 0, 9, 0][..], &frame].concat();
        let vxlan_with = |head: [u8; 8]| udp_to(4789, &[&head[..], &frame].concat());
        let tzsp = [&[1, 0, 0, 1, 0, 10, 1, 0xc4, 1][..], &frame].concat();
        let erspan3 = |options: u8, kind: u8| {
            let mut head = vec![0x20, 5, 0, 1, 0, 0, 0, 0, 0, 0, kind << 2, options];
            head.extend(vec![0; usize::from(options) * 8]);
            head
        };
        vec![
            ("plain", ether(&[], kind, inner), |_| 0, None),
            ("gre", gre(0, kind, inner), |c| c.gre, None),
            ("gre all", gre(0xb000, kind, inner), |c| c.gre, None),
            ("gre key", gre(0x2000, kind, inner), |c| c.gre, None),
            ("gre bridge", gre(0, 0x6558, &frame), |c| c.gre, Some(7)),
            (
                "gre mpls",
                gre(0, 0x8847, &[&two_labels, inner].concat()),
                |c| c.gre,
                None,
            ),
            ("erspan 1", gre(0, 0x88be, &frame), |c| c.erspan, Some(7)),
            (
                "erspan 2",
                gre(
                    0x1000,
                    0x88be,
                    &[&[0x10, 5, 0, 1, 0, 0, 0, 2], &bare[..]].concat(),
                ),
                |c| c.erspan,
                Some(5),
            ),
            (
                "erspan 3",
                gre(0x1000, 0x22eb, &[&erspan3(0, 0), &frame[..]].concat()),
                |c| c.erspan,
                Some(7),
            ),
            (
                "erspan 3 with more",
                gre(0x1000, 0x22eb, &[&erspan3(1, 2), inner].concat()),
                |c| c.erspan,
                Some(5),
            ),
            (
                "vxlan",
                ether(&[3], IPV4, &udp_to(4789, &vxlan)),
                |c| c.vxlan,
                Some(7),
            ),
            (
                "vxlan with group policy",
                ether(&[3], IPV4, &vxlan_with([0x88, 0x40, 0, 16, 0, 0, 9, 0])),
                |c| c.vxlan,
                Some(7),
            ),
            (
                "vxlan with reserved bits",
                ether(&[3], IPV4, &vxlan_with([0x0a, 0, 0, 0, 0, 0, 9, 1])),
                |c| c.vxlan,
                Some(7),
            ),
            (
                "tzsp",
                ether(&[3], IPV4, &udp_to(37_008, &tzsp)),
                |c| c.tzsp,
                Some(7),
            ),
            (
                "ip in ip",
                ether(&[3], IPV4, &ip(4, inner)),
                |c| c.ip_in_ip,
                Some(3),
            ),
            (
                "6in4",
                ether(&[], IPV4, &ip(41, inner)),
                |c| c.ip_in_ip,
                None,
            ),
            ("pppoe", ether(&[7], 0x8864, &pppoe), |c| c.pppoe, Some(7)),
            (
                "pppoe, short",
                ether(&[], 0x8864, &short),
                |c| c.pppoe,
                None,
            ),
            (
                "mpls",
                ether(&[], 0x8847, &[&two_labels, inner].concat()),
                |c| c.mpls,
                None,
            ),
            (
                "pseudowire",
                ether(&[], 0x8848, &[&two_labels[..], &[0; 4], &frame].concat()),
                |c| c.mpls,
                Some(7),
            ),
        ]
    }

    #[test]
    fn every_wrapping_is_taken_off() {
        for key in [key(), key6()] {
            let inner = build::udp(key, b"\x80hello");
            for (name, frame, count, vlan) in wrapped(&inner) {
                let (found, counts) = read(&frame);
                let Ok(Content::Datagram(datagram)) = found else {
                    panic!("{name}: {found:?}")
                };
                assert_eq!((datagram.key, datagram.ip), (key, &inner[..]), "{name}");
                assert_eq!((datagram.vlan, datagram.missing), (vlan, 0), "{name}");
                assert_eq!(count(&counts), u64::from(name != "plain"), "{name}");
            }
        }
    }

    /// Behind one label, as it is or in a pseudowire.
    fn labelled(word: &[u8], rest: &[u8]) -> Vec<u8> {
        ether(&[], 0x8847, &[&[0, 1, 0x31, 64][..], word, rest].concat())
    }

    #[test]
    fn a_pseudowire_is_taken_off_with_and_without_its_word_whatever_its_addresses() {
        for key in [key(), key6()] {
            let inner = build::udp(key, b"\x80hello");
            let kind = if inner[0] >> 4 == 4 { IPV4 } else { IPV6 };
            for first in [0x00, 0x02, 0x0a, 0x40, 0x45, 0x4c, 0x60, 0x68, 0x80, 0xf0] {
                for tags in [&[][..], &[7], &[7, 8]] {
                    for word in [&[][..], &[0; 4], &[0, 0, 0x81, 0]] {
                        let mut frame = ether(tags, kind, &inner);
                        frame[..3].copy_from_slice(&[first, 4, 0xf2]);
                        let packet = labelled(word, &frame);
                        let (found, counts) = read(&packet);
                        let Ok(Content::Datagram(datagram)) = found else {
                            panic!("{first:x} {tags:?} {word:?}: {found:?}")
                        };
                        assert_eq!((datagram.key, datagram.ip), (key, &inner[..]));
                        assert_eq!(datagram.vlan, tags.first().copied());
                        assert_eq!(counts.mpls, 1);
                    }
                }
            }
        }
    }

    #[test]
    fn a_source_address_that_looks_like_a_tag_hides_no_control_word() {
        let inner = build::udp(key(), b"\x80hello");
        for looks in [&[0x81, 0][..], &[8, 0, 0x45], &[0x88, 0x47]] {
            let mut frame = ether(&[], IPV4, &inner);
            frame[8..8 + looks.len()].copy_from_slice(looks);
            let packet = labelled(&[0; 4], &frame);
            let (found, _) = read(&packet);
            let Ok(Content::Datagram(datagram)) = found else {
                panic!("{looks:?}: {found:?}")
            };
            assert_eq!((datagram.ip, datagram.vlan), (&inner[..], None));
        }
    }

    #[test]
    fn an_address_that_looks_like_an_ethernet_type_stays_one_behind_labels() {
        let mut four = key();
        four.src = Endpoint::new("8.0.64.1".parse().unwrap(), 4000);
        let mut six = key6();
        six.src = Endpoint::new("2001:db8:8100::1".parse().unwrap(), 4000);
        for key in [four, six] {
            let inner = build::udp(key, b"\x80hello");
            let packet = labelled(&[], &inner);
            let (found, _) = read(&packet);
            let Ok(Content::Datagram(datagram)) = found else {
                panic!("{found:?}")
            };
            assert_eq!((datagram.key, datagram.ip), (key, &inner[..]));
        }
    }

    #[test]
    fn wrappings_nest_up_to_a_depth() {
        let mut packet = build::udp(key(), b"\x80hello");
        for depth in 0..=MAX_DEPTH + 1 {
            let frame = ether(&[], IPV4, &packet);
            let (found, counts) = read(&frame);
            assert_eq!(found.is_ok(), depth <= MAX_DEPTH, "{depth}");
            assert_eq!(counts.too_deep, u64::from(depth > MAX_DEPTH));
            packet = ip(4, &packet);
        }
    }

    #[test]
    fn agents_messages_are_read() {
        let frame = ether(
            &[],
            IPV4,
            &udp_to(9060, &hep::build(key6(), 5_000, b"SIP/2.0")),
        );
        let (found, counts) = read(&frame);
        let Ok(Content::Hep(hep)) = found else {
            panic!()
        };
        assert_eq!(
            (hep.key, hep.payload, hep.at_ns),
            (key6(), &b"SIP/2.0"[..], 5_000)
        );
        assert_eq!(counts.hep, 1);
    }

    #[test]
    fn fragments_of_tunnels_are_given_as_fragments() {
        let inner = build::udp(key(), &[0x80; 3000]);
        let outer = ip(47, &[&[0, 0, 8, 0][..], &inner].concat());
        let pieces = build::fragments(&outer, 1000, 9);
        for piece in &pieces {
            let frame = ether(&[4], IPV4, piece);
            let (found, _) = read(&frame);
            assert_eq!(
                found,
                Ok(Content::Fragment {
                    packet: piece,
                    vlan: Some(4)
                })
            );
        }
    }

    #[test]
    fn media_on_the_port_of_a_tunnel_stays_media() {
        // Their numbers are what an Ethernet type is.
        let many_sources = [&[0x88, 8, 0, 1][..], &[8, 0].repeat(84)].concat();
        for port in [4789, 37_008, 9060] {
            for payload in [
                &b"\x80\x08\0\x01"[..],
                b"\x01\x01\0\0",
                b"Hello",
                b"\x08\0\0\0",
                &many_sources,
            ] {
                let frame = ether(&[], IPV4, &udp_to(port, payload));
                let (found, counts) = read(&frame);
                assert!(
                    matches!(found, Ok(Content::Datagram(_))),
                    "{port} {payload:?}"
                );
                assert_eq!(counts, Wrappings::default());
            }
        }
    }

    #[test]
    fn no_cut_and_no_flipped_byte_panics() {
        for (_, frame, _, _) in wrapped(&build::udp(key(), b"\x80hello")) {
            for end in 0..frame.len() {
                let _ = read(&frame[..end]);
                for value in [0, 1, 0x44, 0x80, 0xff] {
                    let mut changed = frame.clone();
                    changed[end] = value;
                    let _ = read(&changed);
                }
            }
        }
    }
}
