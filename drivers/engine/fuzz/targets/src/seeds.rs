//! Valid inputs, made by code, from which the mutations start.

use spool::format;
use wire::{Address, Endpoint, FlowKey, build};

const INVITE: &[u8] = b"INVITE sip:bob@example.org SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nl: 5\r\n\r\nv=0\r\n";
const OK: &[u8] =
    b"SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nContent-Length:\r\n 0\r\n\r\n";

fn key(port: u16) -> FlowKey {
    let [src, dst] =
        [[10, 0, 0, 1], [10, 0, 0, 2]].map(|bytes| Endpoint::new(Address::v4(bytes), port));
    FlowKey { src, dst }
}

fn key6(port: u16) -> FlowKey {
    let [src, dst] = [[0x20; 16], [0xfd; 16]].map(|bytes| Endpoint::new(Address::v6(bytes), port));
    FlowKey { src, dst }
}

fn rtp(payload_type: u8, sequence: u16, timestamp: u32, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x80, payload_type];
    packet.extend(sequence.to_be_bytes());
    packet.extend(timestamp.to_be_bytes());
    packet.extend([0, 0, 0, 7]);
    packet.extend(payload);
    packet
}

fn report() -> Vec<u8> {
    let mut packet = vec![0x81, 200, 0, 12];
    packet.extend([3; 48]);
    packet.extend([
        0x81, 202, 0, 3, 0, 0, 0, 7, 1, 4, b'a', b'@', b'b', b'c', 0, 0,
    ]);
    packet.extend([0x81, 203, 0, 1, 0, 0, 0, 7]);
    packet
}

/// Put the length before each packet, as the targets' lists want it.
fn list(packets: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::new();
    for packet in packets {
        out.extend((packet.len() as u16).to_be_bytes());
        out.extend(packet);
    }
    out
}

fn ethernet(packet: &[u8]) -> Vec<u8> {
    let version = if packet[0] >> 4 == 6 {
        [0x86, 0xdd]
    } else {
        [8, 0]
    };
    [
        &[2; 12][..],
        &[0x81, 0, 0, 100, 0x88, 0xa8, 0, 5],
        &version,
        packet,
    ]
    .concat()
}

fn ip_packets() -> Vec<Vec<u8>> {
    let mut packets = Vec::new();
    for index in 0..6u16 {
        for key in [key(4000), key(4000).reversed(), key6(4000)] {
            packets.push(build::udp(
                key,
                &rtp(
                    8,
                    65_533u16.wrapping_add(index),
                    u32::from(index) * 160,
                    &[0xd5; 20],
                ),
            ));
        }
    }
    packets.push(build::udp(key(4000), &rtp(8, 30_000, 5, b"restart")));
    packets.push(build::udp(key(4000), &rtp(8, 30_001, 165, b"restart")));
    packets.push(build::udp(key(4001), &report()));
    packets.push(build::udp(key(5060), INVITE));
    packets.push(build::tcp(key(5060), 100, 1, &INVITE[..50]));
    packets.push(build::tcp(key(5060), 150, 1, &[&INVITE[50..], OK].concat()));
    packets.push(build::tcp(key6(5060).reversed(), 9, 1, OK));
    packets
}

/// For `frame`: the choice of the link, then the frame.
#[must_use]
pub fn frames() -> Vec<Vec<u8>> {
    let raw = ip_packets()
        .into_iter()
        .map(|packet| [&[0][..], &packet].concat());
    let tagged = ip_packets()
        .into_iter()
        .map(|packet| [&[1][..], &ethernet(&packet)].concat());
    let cooked = ip_packets()
        .into_iter()
        .map(|packet| [&[2][..], &[0; 14], &[8, 0], &packet].concat());
    raw.chain(tagged).chain(cooked).chain(tunnelled()).collect()
}

/// One packet in each wrapping.
fn tunnelled() -> Vec<Vec<u8>> {
    let inner = build::udp(key(5060), INVITE);
    let frame = ethernet(&inner);
    let outer = |protocol: u8, body: Vec<u8>| {
        let mut packet = build::udp(key(1), &body);
        packet.drain(20..28);
        let total = packet.len() as u16;
        packet[2..4].copy_from_slice(&total.to_be_bytes());
        packet[9] = protocol;
        [vec![0], packet].concat()
    };
    let gre = |head: &[u8], rest: &[u8]| outer(47, [head, rest].concat());
    let erspan3 = [
        0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1,
    ];
    let udp = |port: u16, payload: Vec<u8>| [vec![0], build::udp(key(port), &payload)].concat();
    let ether = |kind: [u8; 2], rest: &[u8]| [&[1][..], &[2; 12], &kind, rest].concat();
    vec![
        outer(4, inner.clone()),
        outer(4, outer(4, inner.clone())[1..].to_vec()),
        outer(41, build::udp(key6(5060), OK)),
        gre(&[0xb0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2], &inner),
        gre(&[0, 0, 0x65, 0x58], &frame),
        gre(&[0, 0, 0x88, 0xbe], &frame),
        gre(
            &[0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 5, 0, 1, 0, 0, 0, 2],
            &frame,
        ),
        gre(&erspan3, &[&[0; 8], &frame[..]].concat()),
        udp(4789, [&[8, 0, 0, 0, 0, 0, 9, 0], &frame[..]].concat()),
        udp(
            37_008,
            [&[1, 0, 0, 1, 0, 10, 1, 0xc4, 1], &frame[..]].concat(),
        ),
        udp(
            9060,
            wire::hep::build(key(5060), 1_700_000_000_000_000_000, INVITE),
        ),
        udp(9060, wire::hep::build(key6(5060), 1, OK)),
        ether(
            [0x88, 0x64],
            &[&[0x11, 0, 0, 9, 0, 200, 0, 0x21], &inner[..]].concat(),
        ),
        ether(
            [0x88, 0x47],
            &[&[0, 1, 0x20, 64, 0, 1, 0x31, 64], &inner[..]].concat(),
        ),
        ether(
            [0x88, 0x47],
            &[&[0, 1, 0x31, 64, 0, 0, 0, 0], &frame[..]].concat(),
        ),
    ]
}

/// For `fragments`: the wait and the fragment of each.
#[must_use]
pub fn fragment_lists() -> Vec<Vec<u8>> {
    let waited =
        |pieces: Vec<Vec<u8>>| list(pieces.into_iter().map(|piece| [&[1][..], &piece].concat()));
    let mut lists = Vec::new();
    for key in [key(5060), key6(5060)] {
        let packet = build::udp(key, &[INVITE, INVITE, INVITE].concat());
        let pieces = build::fragments(&packet, 120, 7);
        let twice = [pieces.clone(), pieces.clone()].concat();
        let mut late = pieces.clone();
        late.reverse();
        let other = build::fragments(&packet, 136, 7);
        lists.extend([pieces.clone(), twice, late, [pieces, other].concat()].map(waited));
    }
    lists
}

/// For `sip`.
#[must_use]
pub fn messages() -> Vec<Vec<u8>> {
    vec![
        INVITE.to_vec(),
        OK.to_vec(),
        [b"\r\n\r\n", INVITE, OK].concat(),
        [&INVITE[40..], OK].concat(),
    ]
}

/// For `tcp`: flags, offset, wait and payload of each segment.
#[must_use]
pub fn segments() -> Vec<Vec<u8>> {
    let stream = [INVITE, b"\r\n\r\n", OK, INVITE].concat();
    let cut = |bytes: usize, flags: u8| -> Vec<Vec<u8>> {
        stream
            .chunks(bytes)
            .enumerate()
            .map(|(index, chunk)| {
                let [high, low] = (0x4000 + (index * bytes) as u16).to_be_bytes();
                [&[flags, high, low, 2][..], chunk].concat()
            })
            .collect()
    };
    let opening = vec![18, 0x3f, 0xff, 0];
    let masked: Vec<u8> = INVITE
        .iter()
        .zip([1u8, 2, 3, 4].iter().cycle())
        .map(|(byte, key)| byte ^ key)
        .collect();
    let (begin, end) = masked.split_at(40);
    let web = [
        b"GET / HTTP/1.1\r\nSec-WebSocket-Protocol: sip\r\n\r\n",
        &[0x01, 0xa8, 1, 2, 3, 4][..],
        begin,
        &[0x89, 0, 0x80, 0x80 | end.len() as u8, 1, 2, 3, 4],
        end,
        &[0x81, OK.len() as u8],
        OK,
    ]
    .concat();
    let whole = [&[16, 0x40, 0, 2][..], &web].concat();
    let halves = web.chunks(90).enumerate().map(|(index, chunk)| {
        let [high, low] = (0x4000 + (index * 90) as u16).to_be_bytes();
        [&[0, high, low, 2][..], chunk].concat()
    });
    let halves: Vec<Vec<u8>> = halves.collect();
    let mut backwards = cut(30, 16);
    backwards.reverse();
    vec![
        list([opening.clone()].into_iter().chain(cut(50, 16))),
        list([opening].into_iter().chain(backwards)),
        list(cut(97, 17)),
        list([whole]),
        list(halves),
        list(cut(20, 16).into_iter().skip(1)),
    ]
}

/// For `capture` and `media`: pcap of both resolutions and byte orders, and pcapng.
#[must_use]
pub fn captures() -> Vec<Vec<u8>> {
    let mut media = format::file_header().to_vec();
    let mut tagged = Vec::new();
    for word in [0xa1b2_c3d4u32, 0x0002_0004, 0, 0, 65_535, 1] {
        tagged.extend(word.to_be_bytes());
    }
    let mut blocks = Vec::new();
    block(
        &mut blocks,
        0x0a0d_0d0a,
        &[&0x1a2b_3c4du32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat(),
    );
    block(
        &mut blocks,
        1,
        &[101, 0, 0, 0, 0, 0, 4, 0, 9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0],
    );
    for (index, packet) in ip_packets().iter().enumerate() {
        let length = packet.len() as u32;
        media.extend(format::record_header(
            1_700_000_000_000_000_000 + index as u64 * 20_000_000,
            length,
            length,
        ));
        media.extend(packet);
        let frame = ethernet(packet);
        for word in [
            1_700_000_000,
            index as u32,
            frame.len() as u32,
            frame.len() as u32,
        ] {
            tagged.extend(word.to_be_bytes());
        }
        tagged.extend(frame);
        let mut body = Vec::new();
        for word in [0, 0x0017_9000, index as u32, length, length] {
            body.extend(word.to_le_bytes());
        }
        body.extend(packet);
        body.resize(body.len().next_multiple_of(4), 0);
        block(&mut blocks, 6, &body);
    }
    vec![media, tagged, blocks]
}

/// One pcapng block. Source: draft-ietf-opsawg-pcapng §3.1
fn block(out: &mut Vec<u8>, kind: u32, body: &[u8]) {
    let length = (12 + body.len() as u32).to_le_bytes();
    out.extend(kind.to_le_bytes());
    out.extend(length);
    out.extend(body);
    out.extend(length);
}

/// For `rtp`: in order, over the wrap, with a restart, with copies and disorder; with extension and padding.
#[must_use]
pub fn rtp_lists() -> Vec<Vec<u8>> {
    let timed = |packet: Vec<u8>| [&[4][..], &packet].concat();
    let frame = |index: u16| {
        rtp(
            8,
            65_530u16.wrapping_add(index),
            u32::from(index) * 160,
            &[1; 9],
        )
    };
    let mut rich = frame(0);
    rich[0] |= 0x31;
    rich.splice(12..12, [9, 9, 9, 9, 0xbe, 0xde, 0, 1, 5, 5, 5, 5]);
    rich.extend([0, 0, 3]);
    vec![
        list((0..30).map(frame).map(timed)),
        list(
            (0..10)
                .chain(30_000..30_010)
                .chain(10..20)
                .map(frame)
                .map(timed),
        ),
        list([0, 2, 1, 1, 5, 3, 3, 9, 4].map(frame).map(timed)),
        list([timed(rich)]),
    ]
}

/// For `rtcp`.
#[must_use]
pub fn compounds() -> Vec<Vec<u8>> {
    vec![
        report(),
        report().repeat(3),
        vec![0x80, 201, 0, 1, 0, 0, 0, 7],
        vec![0xa0, 207, 0, 1, 1, 2, 3, 2],
    ]
}

/// For `event`.
#[must_use]
pub fn event_lists() -> Vec<Vec<u8>> {
    let packet = |timestamp: u32, code: u8, end: bool, duration: u16| {
        let [high, low] = duration.to_be_bytes();
        [
            &[4][..],
            &rtp(101, 0, timestamp, &[code, u8::from(end) << 7, high, low]),
        ]
        .concat()
    };
    let press = |timestamp, code| {
        [
            (160, false),
            (320, false),
            (480, true),
            (480, true),
            (480, true),
        ]
        .map(|(duration, end)| packet(timestamp, code, end, duration))
    };
    vec![
        list((0..17).flat_map(|code| press(u32::from(code) * 8000, code))),
        list([
            packet(0, 1, false, 0xffff),
            packet(0xffff, 1, false, 160),
            packet(0xffff, 1, true, 320),
        ]),
    ]
}
