//! What happens to packets, told by what lies in the spool and what a poll returns.

use std::path::Path;

mod addresses;
mod doorstep;
mod nets;
mod networks;

use source::Frame;
use wire::Transport;

use super::*;
use crate::config::tests::sample;
use wire::{Link, build};

const SECOND: u64 = 1_000_000_000;
const START: u64 = 1_700_000_000 * SECOND;

struct Bench {
    spool: tempfile::TempDir,
    pipeline: Pipeline,
    now_ns: u64,
}

fn endpoint(text: &str) -> Endpoint {
    let (address, port) = text.rsplit_once(':').unwrap();
    Endpoint::new(address.parse().unwrap(), port.parse().unwrap())
}

fn key(src: &str, dst: &str) -> FlowKey {
    FlowKey {
        src: endpoint(src),
        dst: endpoint(dst),
    }
}

fn rtp(payload_type: u8, sequence: u16, ssrc: u32, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x80, payload_type];
    packet.extend(sequence.to_be_bytes());
    packet.extend((u32::from(sequence) * 160).to_be_bytes());
    packet.extend(ssrc.to_be_bytes());
    packet.extend(payload);
    packet
}

impl Bench {
    fn with(change: impl FnOnce(&mut Config)) -> Self {
        let spool = tempfile::tempdir().unwrap();
        let mut config = sample(spool.path());
        change(&mut config);
        let pipeline = Pipeline::new(config).unwrap();
        let mut bench = Self {
            spool,
            pipeline,
            now_ns: START,
        };
        for name in ["one", "two", "three"] {
            std::fs::create_dir(bench.spool.path().join(name)).unwrap();
        }
        bench.events();
        bench
    }

    fn new() -> Self {
        Self::with(|_| {})
    }

    fn ip(&mut self, packet: &[u8]) {
        let original = packet.len() as u32;
        let frame = Frame {
            at_ns: self.now_ns,
            link: Some(Link::Raw),
            data: packet,
            original,
            vlan: None,
        };
        self.pipeline.packets(&[frame], 0);
    }

    fn udp(&mut self, src: &str, dst: &str, payload: &[u8]) {
        let packet = build::udp(key(src, dst), payload);
        self.ip(&packet);
    }

    /// Twenty milliseconds of a stream for each number.
    fn talk(&mut self, src: &str, dst: &str, sequences: std::ops::Range<u16>) {
        for sequence in sequences {
            self.now_ns += SECOND / 50;
            self.udp(src, dst, &rtp(8, sequence, 0xabcd, &[sequence as u8; 160]));
        }
    }

    fn wait(&mut self, ns: u64) {
        self.now_ns += ns;
        // Any packet moves the capture's clock.
        let noise = build::udp(key("9.9.9.9:9", "9.9.9.9:10"), b"noise");
        self.ip(&noise);
    }

    fn bind(&mut self, bundle: &str, side: u8, address: &str) {
        let Endpoint { address, port } = endpoint(address);
        let payloads = [
            Payload {
                payload_type: 8,
                clock_hz: 8000,
                is_event: false,
            },
            Payload {
                payload_type: 101,
                clock_hz: 8000,
                is_event: true,
            },
        ];
        self.pipeline
            .bind(bundle, side, address, port, port + 1, &payloads)
            .unwrap();
    }

    fn events(&mut self) -> Vec<serde_json::Value> {
        // As JSON; the form that crosses the border is tested from Python.
        let waiting: Vec<&Event> = self.pipeline.events.iter().map(|(_, one)| one).collect();
        let events = serde_json::to_value(&waiting).unwrap();
        self.pipeline.take_events(usize::MAX);
        serde_json::from_value(events).unwrap()
    }

    fn of_kind(&mut self, kind: &str) -> Vec<serde_json::Value> {
        self.events()
            .into_iter()
            .filter(|event| event["t"] == kind)
            .collect()
    }

    fn close(&mut self, bundle: &str) -> Vec<serde_json::Value> {
        let (counts, receipt) = self.pipeline.close(bundle);
        if let Some(receipt) = receipt {
            receipt.wait().unwrap();
        }
        serde_json::from_value(serde_json::to_value(counts).unwrap()).unwrap()
    }

    /// The media file's packets: payload and time.
    fn file(&self, bundle: &str) -> Vec<(Vec<u8>, u64)> {
        read(&self.spool.path().join(bundle).join("media.pcap"))
    }

    /// Sequence numbers in the media file.
    fn sequences(&self, bundle: &str) -> Vec<u16> {
        let packets = self.file(bundle);
        packets
            .iter()
            .map(|(payload, _)| u16::from_be_bytes([payload[2], payload[3]]))
            .collect()
    }
}

fn read(path: &Path) -> Vec<(Vec<u8>, u64)> {
    let mut packets = Vec::new();
    let Ok(mut file) = source::CaptureFile::open(path) else {
        return packets;
    };
    while file.advance().unwrap() {
        let frame = file.frame();
        packets.push((
            Datagram::from_ip(frame.data).unwrap().payload.to_vec(),
            frame.at_ns,
        ));
    }
    assert!(!file.truncated());
    packets
}

const A: &str = "10.0.0.1:4000";
const B: &str = "10.0.0.2:5000";

#[test]
fn an_old_block_is_written_to_its_file_but_stays_where_there_is_none() {
    for memory_bytes in [0, 1] {
        let mut bench = Bench::with(|config| {
            config.flush_s = 0.0;
            config.memory_bytes = memory_bytes;
        });
        bench.bind("one", 1, "10.0.0.2:5000");
        bench.talk("10.0.0.1:4000", "10.0.0.2:5000", 0..20);
        let written = bench.pipeline.counters().written_packets;
        assert_eq!(written > 0, memory_bytes == 0, "{written}");
        bench.close("one");
        assert_eq!(bench.pipeline.counters().written_packets, 20);
    }
}

#[test]
fn bound_media_is_written_and_counted() {
    let mut bench = Bench::new();
    bench.bind("one", 0, A);
    bench.bind("one", 1, B);
    bench.talk(A, B, 1..11);
    bench.talk(B, A, 1..6);
    bench.udp(
        "10.0.0.2:5001",
        "10.0.0.1:4001",
        &[0x80, 200, 0, 1, 0, 0, 0xab, 0xcd],
    );
    let streams = bench.of_kind("stream");
    assert_eq!(
        streams
            .iter()
            .map(|stream| stream["side"].as_u64().unwrap())
            .collect::<Vec<_>>(),
        [0, 1]
    );
    let counts = bench.close("one");
    assert_eq!(
        (
            &counts[0]["side"],
            &counts[0]["packets"],
            &counts[0]["pts"]["8"]
        ),
        (&0.into(), &10.into(), &10.into())
    );
    assert_eq!(
        (&counts[0]["src"], &counts[0]["dst"]),
        (&A.into(), &B.into())
    );
    assert_eq!(
        (&counts[0]["bytes"], &counts[0]["clock_hz"]),
        (&1600.into(), &8000.into())
    );
    assert_eq!(
        (
            &counts[1]["side"],
            &counts[1]["packets"],
            &counts[1]["rtcp_packets"]
        ),
        (&1.into(), &5.into(), &1.into())
    );
    assert_eq!(bench.file("one").len(), 16);
    let counters = bench.pipeline.counters();
    assert_eq!(
        (
            counters.rtp,
            counters.rtcp,
            counters.rtp_unbound,
            counters.written_packets
        ),
        (15, 1, 0, 16)
    );
}

#[test]
fn frames_taken_together_give_the_same_as_one_by_one() {
    let mut packets = Vec::new();
    for sequence in 0..60 {
        for flow in 0..9 {
            let key = key(
                &format!("10.0.0.{flow}:4000"),
                &format!("10.0.1.{flow}:5000"),
            );
            packets.push(build::udp(
                key,
                &rtp(8, sequence, 7 + flow, &[flow as u8; 160]),
            ));
        }
        packets.push(build::tcp(key("1.1.1.1:5060", "2.2.2.2:5060"), 1, 1, b"x"));
        packets.push(vec![sequence as u8; 30]);
    }
    let frames: Vec<_> = (START..)
        .step_by(2_000_000)
        .zip(&packets)
        .map(|(at_ns, packet)| Frame {
            at_ns,
            link: Some(Link::Raw),
            data: packet,
            original: packet.len() as u32,
            vlan: None,
        })
        .collect();
    let taken = |together: usize| {
        // Flows that are nobody's make room for others all the time.
        let mut bench = Bench::with(|config| config.max_flows = 5);
        bench.bind("one", 0, "10.0.1.2:5000");
        bench.bind("two", 1, "10.0.0.3:4000");
        for frames in frames.chunks(together) {
            match frames {
                [frame] => bench.pipeline.packet(frame, 0),
                several => bench.pipeline.packets(several, 0),
            }
        }
        let counters = serde_json::to_value(bench.pipeline.counters()).unwrap();
        for bundle in ["one", "two"] {
            assert_eq!(bench.close(bundle)[0]["packets"], 60);
        }
        (bench.file("one"), bench.file("two"), counters)
    };
    let expected = taken(1);
    for together in [2, 32, 33, packets.len()] {
        assert_eq!(taken(together), expected, "{together}");
    }
}

#[test]
fn early_media_is_adopted_in_its_order() {
    let mut bench = Bench::new();
    for sequence in 0..10 {
        bench.talk(A, B, sequence..sequence + 1);
        bench.talk(B, A, 100 + sequence..101 + sequence);
    }
    assert_eq!(bench.pipeline.counters().held_now, 20);
    bench.bind("one", 0, A);
    bench.talk(A, B, 10..11);
    bench.close("one");
    let expected: Vec<u16> = (0..10)
        .flat_map(|sequence| [sequence, 100 + sequence])
        .chain([10])
        .collect();
    assert_eq!(bench.sequences("one"), expected);
    assert!(bench.file("one").is_sorted_by_key(|(_, at_ns)| *at_ns));
    let counters = bench.pipeline.counters();
    assert_eq!(
        (counters.held, counters.adopted, counters.hold_expired),
        (20, 20, 0)
    );
}

#[test]
fn a_second_bundle_gets_the_first_words_too_and_nobody_twice() {
    let mut bench = Bench::new();
    bench.talk(A, B, 0..10);
    bench.bind("one", 1, B);
    bench.bind("two", 1, B);
    bench.bind("one", 0, A);
    bench.bind("one", 1, B);
    bench.talk(A, B, 10..12);
    for name in ["one", "two"] {
        bench.close(name);
        assert_eq!(bench.sequences(name), (0..12).collect::<Vec<u16>>());
    }
}

#[test]
fn held_media_expires() {
    let mut bench = Bench::new();
    bench.talk(A, B, 0..10);
    bench.wait(6 * SECOND);
    bench.talk(A, B, 10..12);
    bench.bind("one", 1, B);
    bench.close("one");
    assert_eq!(bench.sequences("one"), [10, 11]);
    assert_eq!(bench.pipeline.counters().hold_expired, 10);
    bench.wait(100 * SECOND);
    let counters = bench.pipeline.counters();
    assert_eq!((counters.held_now, counters.held_bytes_now), (0, 0));
}

#[test]
fn the_holding_area_is_bounded_and_new_calls_win() {
    let mut bench = Bench::with(|config| config.hold_bytes = 10_000);
    for sequence in 0..50 {
        bench.talk("10.0.0.7:7000", "10.0.0.8:8000", sequence..sequence + 1);
        assert!(bench.pipeline.counters().held_bytes_now <= 10_000);
    }
    bench.talk(A, B, 0..10);
    bench.bind("one", 1, B);
    bench.close("one");
    assert_eq!(bench.sequences("one"), (0..10).collect::<Vec<u16>>());
    let counters = bench.pipeline.counters();
    assert_eq!(counters.held, 60);
    assert_eq!(counters.hold_overflow + counters.held_now, 60);
}

#[test]
fn a_released_bundle_lingers_and_then_lets_go() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    bench.talk(A, B, 0..5);
    bench.pipeline.release("one", 500);
    bench.talk(A, B, 5..10);
    bench.wait(SECOND);
    bench.talk(A, B, 10..15);
    bench.close("one");
    assert_eq!(bench.sequences("one"), (0..10).collect::<Vec<u16>>());
}

#[test]
fn a_bundle_that_binds_again_while_it_lingers_stays() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    bench.pipeline.release("one", 500);
    bench.bind("one", 1, B);
    bench.wait(2 * SECOND);
    bench.talk(A, B, 0..5);
    bench.close("one");
    assert_eq!(bench.sequences("one"), (0..5).collect::<Vec<u16>>());
}

#[test]
fn media_without_signalling_is_reported_once_until_it_is_bound() {
    let mut bench = Bench::new();
    bench.talk(A, B, 0..200);
    let orphans = bench.of_kind("orphan");
    assert_eq!(orphans.len(), 1);
    assert_eq!(
        (&orphans[0]["src"], &orphans[0]["src_port"]),
        (&"10.0.0.1".into(), &4000.into())
    );
    assert_eq!(
        (&orphans[0]["ssrc"], &orphans[0]["pt"]),
        (&0xabcd.into(), &8.into())
    );
    assert_eq!(orphans[0]["first_ns"], START + SECOND / 50);
    bench.bind("one", 1, B);
    bench.close("one");
    bench.talk(A, B, 200..400);
    assert_eq!(bench.of_kind("orphan").len(), 1);
}

#[test]
fn noise_is_no_orphan_and_no_flow() {
    let mut bench = Bench::new();
    for number in 0..200u16 {
        bench.now_ns += SECOND / 50;
        let [high, low] = number.wrapping_mul(40_503).to_be_bytes();
        bench.udp(
            "10.0.0.7:53",
            "10.0.0.8:4711",
            &[high, low, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, b'w', b'w', b'w'],
        );
    }
    assert_eq!(bench.of_kind("orphan").len(), 0);
    let mut quiet = Bench::new();
    quiet.udp(A, B, b"\x16\xfe\xfd not media");
    assert_eq!(quiet.pipeline.counters().flows_now, 0);
}

#[test]
fn everything_at_a_bound_address_is_written() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    bench.udp(A, B, &[0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]);
    bench.udp(A, B, b"\x16\xfe\xfd handshake");
    bench.close("one");
    assert_eq!(bench.file("one").len(), 2);
}

#[test]
fn telephone_events_are_told_once() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    for sequence in 0..8u16 {
        bench.now_ns += SECOND / 50;
        let end = if sequence >= 5 { 0x80 } else { 0 };
        let mut packet = rtp(101, sequence, 0xabcd, &[5, end | 0x0a, 0, 0]);
        packet[4..8].copy_from_slice(&777u32.to_be_bytes());
        packet[14..16].copy_from_slice(&(160 * (sequence.min(5) + 1)).to_be_bytes());
        bench.udp(A, B, &packet);
    }
    // The end of the second one is lost.
    bench.udp(A, B, &rtp(101, 9, 0xabcd, &[11, 10, 3, 32]));
    let told = bench.of_kind("dtmf");
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0]["digit"], &told[0]["side"], &told[0]["duration_ms"]),
        (&"5".into(), &0.into(), &120.into())
    );
    bench.wait(SECOND);
    let told = bench.of_kind("dtmf");
    assert_eq!((told.len(), &told[0]["digit"]), (1, &"#".into()));
    assert_eq!(bench.close("one")[0]["pts"]["101"], 9);
}

const OPTIONS: &[u8] = b"OPTIONS sip:b SIP/2.0\r\nVia: x\r\nContent-Length: 0\r\n\r\n";

#[test]
fn sip_is_told_whole_and_its_packet_can_be_kept() {
    let mut bench = Bench::new();
    bench.udp("[2001:db8::1]:5060", "[2001:db8::2]:5070", OPTIONS);
    let events = bench.events();
    assert_eq!(
        (&events[0]["t"], &events[0]["transport"]),
        (&"sip".into(), &"udp".into())
    );
    assert_eq!(
        (&events[0]["src"], &events[0]["dst_port"]),
        (&"2001:db8::1".into(), &5070.into())
    );
    assert_eq!(
        (&events[0]["whole"], &events[0]["vlan"]),
        (&true.into(), &serde_json::Value::Null)
    );
    let id = events[0]["id"].as_u64().unwrap();
    bench.pipeline.keep("one", &[id]).unwrap();
    assert!(bench.pipeline.keep("one", &[id + 1]).is_err());
    bench.events();
    assert!(
        bench.pipeline.keep("one", &[id]).is_err(),
        "it was valid until the next poll"
    );
    bench.close("one");
    assert_eq!(bench.file("one"), [(OPTIONS.to_vec(), START)]);
}

#[test]
fn messages_of_a_stream_are_kept_as_segments_in_sequence() {
    let mut bench = Bench::new();
    let (there, back) = (
        key("10.0.0.1:9999", "10.0.0.2:5060"),
        key("10.0.0.2:5060", "10.0.0.1:9999"),
    );
    let at = |number: usize| 7000 + (number * OPTIONS.len()) as u32;
    bench.ip(&build::tcp(there, at(0), 1, &[OPTIONS, OPTIONS].concat()));
    bench.ip(&build::tcp(back, 1, at(2), OPTIONS));
    bench.ip(&build::tcp(there, at(2), 1, OPTIONS));
    let ids: Vec<u64> = bench
        .of_kind("sip")
        .iter()
        .map(|event| event["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids.len(), 4);
    bench.pipeline.keep("one", &ids).unwrap();
    bench.close("one");
    let mut file = source::CaptureFile::open(&bench.spool.path().join("one/media.pcap")).unwrap();
    let mut seen = Vec::new();
    while file.advance().unwrap() {
        let datagram = Datagram::from_ip(file.frame().data).unwrap();
        let Transport::Tcp(segment) = datagram.transport else {
            panic!("not TCP")
        };
        assert_eq!(datagram.payload, OPTIONS);
        seen.push((
            datagram.key == there,
            segment.sequence,
            segment.acknowledged,
        ));
    }
    let n = OPTIONS.len() as u32;
    assert_eq!(
        seen,
        [
            (true, 1, 1),
            (true, 1 + n, 1),
            (false, 1, 1 + 2 * n),
            (true, 1 + 2 * n, 1 + n)
        ]
    );
}

#[test]
fn sip_is_found_by_content_on_any_port_unless_forbidden() {
    for (anywhere, found) in [(true, 2), (false, 1)] {
        let mut bench = Bench::with(|config| config.sip_anywhere = anywhere);
        bench.udp("10.0.0.1:7777", "10.0.0.2:8888", OPTIONS);
        bench.udp("10.0.0.1:7777", "10.0.0.2:5060", OPTIONS);
        bench.udp("10.0.0.1:7777", "10.0.0.2:5060", b"hello?");
        bench.udp("10.0.0.1:7777", "10.0.0.2:5060", b"\r\n\r\n");
        assert_eq!(bench.of_kind("sip").len(), found);
        let counters = bench.pipeline.counters();
        assert_eq!((counters.sip_udp, counters.sip_unsure), (found as u64, 1));
    }
}

#[test]
fn a_snapped_message_is_told_and_marked() {
    let mut bench = Bench::new();
    let packet = build::udp(key("10.0.0.1:5060", "10.0.0.2:5060"), OPTIONS);
    bench.ip(&packet[..packet.len() - 9]);
    let events = bench.events();
    assert_eq!(events[0]["whole"], false);
    assert_eq!(bench.pipeline.counters().snapped, 1);
}

#[test]
fn an_unread_queue_is_bounded_and_the_loss_is_counted() {
    let mut bench = Bench::with(|config| config.max_events = 10);
    for _ in 0..25 {
        bench.now_ns += SECOND;
        bench.udp("10.0.0.1:5060", "10.0.0.2:5060", OPTIONS);
    }
    assert_eq!(bench.events().len(), 10);
    assert_eq!(bench.pipeline.counters().event_overflow, 15);
}

#[test]
fn what_begins_no_call_is_left_out_of_a_long_queue_and_counted() {
    let mut bench = Bench::with(|config| config.max_events = 1 << 20);
    let long = format!(
        "INVITE sip:a@b SIP/2.0\r\nX: {}\r\n\r\n",
        "x".repeat(40_000)
    );
    let count = MANY_EVENT_BYTES / long.len() + 1;
    for _ in 0..count {
        bench.now_ns += SECOND;
        bench.udp("10.0.0.1:5060", "10.0.0.2:5060", long.as_bytes());
        bench.udp("10.0.0.1:5060", "10.0.0.2:5060", OPTIONS);
    }
    let counters = bench.pipeline.counters();
    assert!((1..10).contains(&counters.sip_skipped));
    assert_eq!(counters.event_overflow, 0);
    let delivered = bench.events();
    let invites = |one: &&serde_json::Value| one["data"].as_array().unwrap().len() > 1000;
    assert_eq!(delivered.iter().filter(invites).count(), count);
    bench.now_ns += SECOND;
    bench.udp("10.0.0.1:5060", "10.0.0.2:5060", OPTIONS);
    assert_eq!(bench.events().len(), 1);
}

#[test]
fn a_long_queue_is_polled_piece_by_piece_and_its_first_event_tells_how_late_it_is() {
    let mut bench = Bench::new();
    for _ in 0..5 {
        bench.now_ns += SECOND;
        bench.udp("10.0.0.1:5060", "10.0.0.2:5060", OPTIONS);
    }
    let last_ns = bench.now_ns;
    assert_eq!(bench.pipeline.oldest_event_ns(), Some(last_ns - 4 * SECOND));
    bench.pipeline.take_events(2);
    assert_eq!(bench.pipeline.messages_waiting(), 3);
    assert_eq!(bench.pipeline.oldest_event_ns(), Some(last_ns - 2 * SECOND));
    // Only what was polled last can be kept.
    bench.pipeline.keep("one", &[1, 2, 3]).unwrap_err();
    bench.pipeline.keep("one", &[1, 2]).unwrap();
    bench.pipeline.take_events(9);
    assert_eq!(bench.pipeline.oldest_event_ns(), None);
    assert_eq!(
        (
            bench.pipeline.messages_waiting(),
            bench.pipeline.event_bytes
        ),
        (0, 0)
    );
}

#[test]
fn what_is_held_waits_for_a_python_that_is_late() {
    for late in [false, true] {
        let mut bench = Bench::new();
        bench.pipeline.follows_capture = false;
        let begun_ns = bench.now_ns;
        let at = |bench: &mut Bench, ns: u64| {
            bench.now_ns = begun_ns + ns;
            bench.pipeline.set_times(ns, begun_ns + ns);
        };
        at(&mut bench, SECOND);
        bench.udp("10.0.0.1:5060", "10.0.0.2:5060", OPTIONS);
        if !late {
            bench.events();
        }
        bench.udp(A, B, &rtp(8, 1, 0xabcd, &[1; 160]));
        at(&mut bench, 10 * SECOND);
        bench.udp("10.0.0.3:9", "10.0.0.4:10", b"noise");
        assert_eq!(bench.pipeline.counters().held_now, u64::from(late));
    }
}

#[test]
fn flows_are_bounded_and_bound_ones_stay() {
    let mut bench = Bench::with(|config| config.max_flows = 10);
    bench.bind("one", 1, B);
    bench.talk(A, B, 0..1);
    for port in 10_000..11_000u16 {
        bench.udp(
            &format!("10.0.0.3:{port}"),
            "10.0.0.4:6000",
            &rtp(8, 1, 1, &[0; 20]),
        );
        assert!(bench.pipeline.counters().flows_now <= 10);
    }
    bench.talk(A, B, 1..2);
    bench.close("one");
    assert_eq!(bench.sequences("one"), [0, 1]);
    let counters = bench.pipeline.counters();
    assert_eq!(counters.flow_overflow, 991);
    assert_eq!(
        counters.held_now + counters.hold_overflow + counters.hold_expired,
        1000
    );
}

#[test]
fn nothing_said_during_a_pause_is_kept_and_nothing_counts_as_lost() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    bench.talk(A, B, 0..10);
    bench.pipeline.pause("one", true, bench.now_ns).unwrap();
    bench.now_ns += 1;
    // A digit of a card, and media that is announced only after the pause.
    bench.udp(A, B, &rtp(101, 10, 0xabcd, &[5, 10, 0, 160]));
    bench.udp(A, B, &rtp(101, 11, 0xabcd, &[5, 0x8a, 1, 64]));
    bench.talk(A, B, 12..20);
    bench.talk(A, "10.0.0.3:4000", 100..110);
    bench.pipeline.pause("one", false, bench.now_ns).unwrap();
    bench.now_ns += 1;
    bench.bind("one", 1, "10.0.0.3:4000");
    bench.talk(A, B, 20..30);
    bench.talk(A, "10.0.0.3:4000", 110..112);
    // The digit is told for its meaning as an order, and flagged as not to be stored.
    let digits = bench.of_kind("dtmf");
    assert_eq!(digits.len(), 1);
    assert_eq!(digits[0]["paused"], true);
    assert_eq!(bench.pipeline.counters().paused_packets, 20);
    let counts = bench.close("one");
    assert_eq!(
        (&counts[0]["packets"], &counts[0]["lost"]),
        (&30.into(), &0.into())
    );
    let kept: Vec<u16> = (0..10).chain(20..30).chain(110..112).collect();
    assert_eq!(bench.sequences("one"), kept);
}

#[test]
fn a_listener_hears_nothing_of_a_pause() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    let (ours, mut theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    bench
        .pipeline
        .tap("one", Tap::new(ours.into(), false).unwrap())
        .unwrap();
    bench.pipeline.pause("one", true, bench.now_ns).unwrap();
    bench.talk(A, B, 0..3);
    bench.pipeline.pause("one", false, bench.now_ns).unwrap();
    bench.talk(A, B, 3..4);
    theirs.set_nonblocking(true).unwrap();
    let mut heard = Vec::new();
    let _ = std::io::Read::read_to_end(&mut theirs, &mut heard);
    assert_eq!(heard.len(), 3 + 172);
    assert_eq!(heard[3 + 12], 3);
}

#[test]
fn who_listens_for_keys_hears_a_pause_too() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    let (ours, mut theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    bench
        .pipeline
        .tap("one", Tap::new(ours.into(), true).unwrap())
        .unwrap();
    bench.pipeline.pause("one", true, bench.now_ns).unwrap();
    bench.talk(A, B, 0..3);
    theirs.set_nonblocking(true).unwrap();
    let mut heard = Vec::new();
    let _ = std::io::Read::read_to_end(&mut theirs, &mut heard);
    assert_eq!(heard.len(), 3 * (3 + 172));
    bench.close("one");
    assert!(bench.sequences("one").is_empty(), "nothing of it is kept");
}

#[test]
fn nothing_is_written_after_the_end() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    bench.talk(A, B, 0..3);
    bench.close("one");
    bench.bind("one", 1, B);
    bench.udp("10.0.0.1:5060", "10.0.0.2:5060", OPTIONS);
    let id = bench.of_kind("sip")[0]["id"].as_u64().unwrap();
    bench.pipeline.keep("one", &[id]).unwrap();
    bench.talk(A, B, 3..6);
    assert!(bench.close("one").is_empty());
    assert_eq!(bench.sequences("one"), [0, 1, 2]);
    let counters = bench.pipeline.counters();
    assert_eq!((counters.after_close, counters.bundles_now), (2, 0));
}

#[test]
fn a_full_disk_stops_media_and_not_signalling() {
    let spool = tempfile::tempdir().unwrap();
    let mut config = sample(spool.path());
    config.min_free_bytes = u64::MAX;
    let mut bench = Bench {
        pipeline: Pipeline::new(config).unwrap(),
        spool,
        now_ns: START,
    };
    std::fs::create_dir(bench.spool.path().join("one")).unwrap();
    let told = bench.of_kind("disk");
    assert_eq!((told.len(), &told[0]["full"]), (1, &true.into()));
    assert!(told[0]["free_bytes"].as_u64().unwrap() > 0);
    bench.bind("one", 1, B);
    bench.talk(A, B, 0..5);
    bench.udp("10.0.0.1:5060", "10.0.0.2:5060", OPTIONS);
    let id = bench.of_kind("sip")[0]["id"].as_u64().unwrap();
    bench.pipeline.keep("one", &[id]).unwrap();
    assert_eq!(bench.close("one")[0]["packets"], 5, "statistics go on");
    assert_eq!(bench.file("one"), [(OPTIONS.to_vec(), bench.now_ns)]);
    assert_eq!(bench.pipeline.counters().disk_full_packets, 5);
}

#[test]
fn names_that_leave_the_spool_are_refused() {
    let mut bench = Bench::new();
    for name in ["", "..", "a/b", ".hidden", "a\0b"] {
        assert!(
            bench
                .pipeline
                .bind(name, 0, endpoint(A).address, 4000, 0, &[])
                .is_err()
        );
        assert!(bench.pipeline.keep(name, &[]).is_err());
    }
}

#[test]
fn damaged_and_foreign_packets_are_counted() {
    let mut bench = Bench::new();
    let whole = build::udp(key(A, B), b"x");
    bench.ip(&whole[..10]);
    bench.ip(&[0xf0; 40]);
    let mut fragment = whole.clone();
    fragment[7] = 1;
    bench.ip(&fragment);
    let counters = bench.pipeline.counters();
    assert_eq!(
        (
            counters.packets,
            counters.bad_packets,
            counters.not_ip,
            counters.fragments
        ),
        (3, 1, 1, 1)
    );
}
