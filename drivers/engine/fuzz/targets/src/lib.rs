//! What is fuzzed: one function a parser, which takes any bytes and asserts what must hold whatever they are.
#![forbid(unsafe_code)]
#![allow(
    clippy::missing_panics_doc,
    reason = "a target panics when what must hold does not"
)]

pub mod mutate;
pub mod seeds;

use std::io::Cursor;

use rtp::{EventDecoder, Header, Outcome, Probation, StreamStats};
use source::CaptureFile;
use spool::reader::{Media, sort_capture};
use wire::datagram::Segment;
use wire::tcp::{Limits, Table};
use wire::{Content, Datagram, Endpoint, FlowKey, Link, Reassembly, Wrappings, unwrap};

/// A target: what it is called, what runs, what it starts from.
pub struct Target {
    /// As its file in `fuzz_targets/`.
    pub name: &'static str,
    /// Panics when something that must hold does not.
    pub run: fn(&[u8]),
    /// Valid inputs.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// Every target.
pub const ALL: [Target; 9] = [
    Target {
        name: "frame",
        run: frame,
        seeds: seeds::frames,
    },
    Target {
        name: "fragments",
        run: fragments,
        seeds: seeds::fragment_lists,
    },
    Target {
        name: "sip",
        run: sip,
        seeds: seeds::messages,
    },
    Target {
        name: "tcp",
        run: tcp,
        seeds: seeds::segments,
    },
    Target {
        name: "capture",
        run: capture,
        seeds: seeds::captures,
    },
    Target {
        name: "rtp",
        run: rtp,
        seeds: seeds::rtp_lists,
    },
    Target {
        name: "rtcp",
        run: rtcp,
        seeds: seeds::compounds,
    },
    Target {
        name: "event",
        run: event,
        seeds: seeds::event_lists,
    },
    Target {
        name: "media",
        run: media,
        seeds: seeds::captures,
    },
];

/// What fuzzing with coverage found worth keeping for a target: `fuzz/kept/<name>.bin`, each input after its length (u32,
/// big endian). Nothing where nothing was kept yet.
#[must_use]
pub fn kept(name: &str) -> Vec<Vec<u8>> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../kept")
        .join(format!("{name}.bin"));
    let packed = std::fs::read(path).unwrap_or_default();
    let mut rest = packed.as_slice();
    let mut inputs = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = (u32::from_be_bytes(*length) as usize).min(after.len());
        let (input, next) = after.split_at(length);
        inputs.push(input.to_vec());
        rest = next;
    }
    inputs
}

/// Whether `part` borrows from `whole`.
fn within(whole: &[u8], part: &[u8]) -> bool {
    part.is_empty()
        || whole.as_ptr_range().contains(&part.as_ptr())
            && part.as_ptr_range().end <= whole.as_ptr_range().end
}

/// Split `data` into packets: each begins with its length (u16, big endian); the last may be cut.
fn packets(mut data: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (&[high, low], rest) = data.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes([high, low])).min(rest.len());
        let (packet, after) = rest.split_at(length);
        data = after;
        Some(packet)
    })
}

/// Everything that may be wrapped around a packet, on ports that any input finds.
fn unwrapped(link: Link, frame: &[u8]) -> Option<Content<'_>> {
    let ports = unwrap::Ports {
        vxlan: vec![4789],
        tzsp: vec![37_008],
        hep: vec![9060],
    };
    let (mut depth, mut counts) = (0, Wrappings::default());
    let found = unwrap::unwrap(link, frame, &ports, &mut depth, &mut counts);
    assert!(depth <= unwrap::MAX_DEPTH + 1);
    assert_eq!(counts.too_deep > 0, depth > unwrap::MAX_DEPTH);
    found.ok()
}

/// Headers down to the transport, through tunnels. The first byte chooses the link.
pub fn frame(data: &[u8]) {
    let Some((&choice, frame)) = data.split_first() else {
        return;
    };
    let links = [
        Link::Raw,
        Link::Ethernet,
        Link::Sll,
        Link::Sll2,
        Link::Loopback,
    ];
    let link = links[usize::from(choice) % links.len()];
    if let Ok(datagram) = Datagram::parse(link, frame) {
        assert!(within(frame, datagram.ip) && within(datagram.ip, datagram.payload));
        assert!(datagram.ip_len as usize >= datagram.ip.len());
    }
    match unwrapped(link, frame) {
        Some(Content::Datagram(datagram)) => {
            assert!(within(frame, datagram.ip) && within(datagram.ip, datagram.payload));
            assert!(!datagram.fragment);
        }
        Some(Content::Fragment { packet, .. }) => assert!(within(frame, packet)),
        Some(Content::Hep(hep)) => assert!(within(frame, hep.payload)),
        None => {}
    }
}

/// Reassembly of IP fragments: a list of packets; the byte before each is the time since the last one.
pub fn fragments(data: &[u8]) {
    let limits = wire::fragments::Limits {
        packets: 4,
        bytes: 8192,
        wait_ns: 1_000_000_000,
        copy_ns: 50_000_000,
    };
    let mut parts = Reassembly::new(limits);
    let (mut now_ns, mut fed, mut out) = (0, 0, Vec::new());
    for packet in packets(data) {
        let Some((&wait, packet)) = packet.split_first() else {
            continue;
        };
        now_ns += u64::from(wait) * 10_000_000;
        fed += packet.len();
        out.extend(parts.take(packet, now_ns, now_ns, None, 0));
        parts.expire(now_ns, &mut out);
        assert!(parts.len() <= limits.packets);
        // One packet may be larger than all room.
        assert!(parts.bytes() <= limits.bytes + 65_535 + 128 * 64);
    }
    parts.finish(&mut out);
    assert_eq!((parts.len(), parts.bytes()), (0, 0));
    for made in &out {
        assert!(made.packet.len() <= 65_535);
        let _ = unwrapped(Link::Raw, &made.packet);
    }
    let bodies: usize = out
        .iter()
        .map(|made| made.packet.len().saturating_sub(20))
        .sum();
    assert!(bodies <= fed, "{bodies} bytes made of {fed}");
}

/// Recognising SIP and finding its end.
pub fn sip(data: &[u8]) {
    let _ = wire::sip::likeness(data);
    let _ = wire::sip::may_become_start(data);
    for from in [0, data.len() / 2, data.len()] {
        if let Some(body_at) = wire::sip::body_at(data, from) {
            assert!(body_at <= data.len());
            let _ = wire::sip::content_length(&data[..body_at]);
            let headers = &data[..body_at];
            let _ = wire::sip::has_via(headers);
            let _ = wire::sip::cseq_method(headers);
            // Only a request begins a call, and its method is the whole first word.
            assert!(
                !wire::sip::begins_call(headers)
                    || wire::sip::method(headers) == b"INVITE"
                        && wire::sip::status_code(headers).is_none()
            );
        }
        assert!(wire::sip::next_start(data, from).is_none_or(|at| at < data.len() && at >= from));
    }
}

/// Reassembly. Each packet: flags, offset in the stream (u16), milliseconds since the last one, then its payload.
pub fn tcp(data: &[u8]) {
    let limits = Limits {
        streams: 3,
        waiting_bytes: 4096,
        message_bytes: 2048,
    };
    let mut table = Table::new(limits);
    let mut out = Vec::new();
    let mut now_ns = 0;
    let mut fed = 0;
    for packet in packets(data) {
        let &[flags, high, low, wait, ref payload @ ..] = packet else {
            continue;
        };
        let end = |port| Endpoint::new(wire::Address::v4([10, 0, 0, 1]), port);
        let key = FlowKey {
            src: end(5060 + u16::from(flags >> 5)),
            dst: end(5060),
        };
        let segment = Segment {
            sequence: u32::from(u16::from_be_bytes([high, low])).wrapping_sub(0x4000),
            acknowledged: u32::from(wait) << 8,
            ack: flags & 1 != 0,
            syn: flags & 2 != 0,
            fin: flags & 4 != 0,
            rst: flags & 8 != 0,
        };
        now_ns += u64::from(wait) * 10_000_000;
        fed += payload.len();
        table.segment(
            key,
            &segment,
            payload,
            u32::from(wait & 1),
            now_ns,
            flags & 16 != 0,
            true,
            &mut out,
        );
        table.expire(now_ns, &mut out);
        assert!(table.len() <= limits.streams);
    }
    table.finish(now_ns, &mut out);
    assert!(table.is_empty());
    let delivered: usize = out.iter().map(|message| message.data.len()).sum();
    assert!(
        delivered <= fed,
        "{delivered} bytes of messages out of {fed} bytes of segments"
    );
    assert!(
        out.iter()
            .all(|message| message.data.len() <= 2 * (limits.message_bytes + 65_535))
    );
}

/// Capture files of every form, each packet down to its transport.
pub fn capture(data: &[u8]) {
    // A zip bomb is cut off here; an import reads it to its end, in the same little memory.
    const MAX_FRAMES: usize = 50_000;
    let Ok(mut file) = CaptureFile::read(Box::new(Cursor::new(data.to_vec()))) else {
        return;
    };
    for _ in 0..MAX_FRAMES {
        match file.advance() {
            Ok(true) => {
                let frame = file.frame();
                if let Some(link) = frame.link {
                    let _ = Datagram::parse(link, frame.data);
                }
            }
            Ok(false) | Err(_) => break,
        }
    }
}

/// Headers, probation and statistics of a list of packets. The byte before each is the time since the last one.
pub fn rtp(data: &[u8]) {
    let mut probation = Probation::default();
    let mut stats = StreamStats::default();
    let mut at_ns = 0;
    let mut seen = 0;
    let mut newest = i64::MIN;
    for packet in packets(data) {
        let Some((&wait, packet)) = packet.split_first() else {
            continue;
        };
        at_ns += u64::from(wait) * 5_000_000;
        let _ = rtp::kind(packet);
        let proven = probation.update(packet);
        let Ok(header) = Header::parse(packet) else {
            assert!(!proven);
            continue;
        };
        let end = usize::from(header.payload_start) + usize::from(header.payload_len);
        assert!(header.payload_start >= 12 && end <= packet.len());
        assert_eq!(
            header.payload(packet).len(),
            usize::from(header.payload_len)
        );
        seen += 1;
        match stats.update(&header, at_ns, [8000, 0, 48_000][usize::from(wait) % 3]) {
            Outcome::Newest { extended } => {
                assert!(extended > newest);
                newest = extended;
            }
            Outcome::Late { extended } => assert!(extended < newest),
            Outcome::Restart { suspect, extended } => {
                assert!(suspect > newest && extended > newest && suspect != extended);
                newest = suspect.max(extended);
            }
            Outcome::Duplicate | Outcome::Suspect => {}
        }
        assert_eq!(stats.packets() + stats.duplicates() + stats.strays(), seen);
        assert_eq!(stats.expected(), stats.packets() + stats.lost());
        assert!(stats.jitter_ticks() >= 0.0);
    }
    assert_eq!(
        stats
            .payload_types()
            .iter()
            .map(|&(_, packets)| packets)
            .sum::<u64>(),
        stats.packets()
    );
}

/// Compound packets with all that is in them.
pub fn rtcp(data: &[u8]) {
    let mut last_failed = false;
    let mut bytes = 0;
    for packet in rtp::rtcp::packets(data) {
        assert!(!last_failed, "an error is the last item");
        match packet {
            Ok(
                rtp::rtcp::Packet::Sender { reports, .. }
                | rtp::rtcp::Packet::Receiver { reports, .. },
            ) => {
                bytes += reports.count() * 24;
            }
            Ok(rtp::rtcp::Packet::Description { cname, .. }) => {
                assert!(cname.is_none_or(|name| within(data, name)));
            }
            Ok(_) => {}
            Err(_) => last_failed = true,
        }
    }
    assert!(bytes <= data.len());
}

/// Telephone events of a list of packets, each as in [`rtp`].
pub fn event(data: &[u8]) {
    let mut decoder = EventDecoder::default();
    let (mut at_ns, mut seen, mut reported) = (0, 0, 0);
    for packet in packets(data) {
        let Some((&wait, packet)) = packet.split_first() else {
            continue;
        };
        at_ns += u64::from(wait) * 5_000_000;
        let Ok(header) = Header::parse(packet) else {
            continue;
        };
        seen += 1;
        for event in decoder.update(
            &header,
            header.payload(packet),
            at_ns,
            [8000, 48_000, 0][usize::from(wait) % 3],
        ) {
            assert!(event.at_ns <= at_ns && "0123456789*#ABCD!".contains(event.digit));
            reported += 1;
        }
        reported += usize::from(decoder.expire(at_ns).is_some());
    }
    reported += usize::from(decoder.finish().is_some());
    assert!(reported <= seen);
    assert_eq!(decoder.finish(), None);
}

/// A bundle's media file: columns and the sorted copy.
pub fn media(data: &[u8]) {
    let Ok(media) = Media::parse(data.to_vec()) else {
        assert!(sort_capture(data).is_err());
        return;
    };
    let mut blob = vec![0; media.blob_len()];
    assert!(!media.write(&mut blob).is_empty());
    let Ok(sorted) = sort_capture(data) else {
        panic!("read, but not sorted")
    };
    assert!(sorted.len() <= data.len().max(24));
    let Ok(again) = Media::parse(sorted) else {
        panic!("a sorted file is a file")
    };
    assert_eq!(again.blob_len() > 0, media.blob_len() > 0);
}
