//! Networks as they are: tunnels, fragments, copies, cuts.

use wire::hep;

use super::*;

const SIP_A: &str = "10.0.0.1:5060";
const SIP_B: &str = "10.0.0.2:5060";

fn invite(body: usize) -> Vec<u8> {
    let mut text = format!(
        "INVITE sip:b SIP/2.0\r\nVia: x\r\nCall-ID: one@a\r\nContent-Length: {body}\r\n\r\n"
    )
    .into_bytes();
    text.extend(vec![b'v'; body]);
    text
}

fn ip_in_ip(inner: &[u8]) -> Vec<u8> {
    let mut packet = build::udp(key("192.0.2.1:1", "192.0.2.2:2"), inner);
    packet.drain(20..28);
    let total = packet.len() as u16;
    packet[2..4].copy_from_slice(&total.to_be_bytes());
    packet[9] = 4;
    packet
}

#[test]
fn a_call_is_found_in_a_tunnel_whose_packets_are_fragments() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    for sequence in 0..10u16 {
        bench.now_ns += SECOND / 50;
        let packet = build::udp(key(A, B), &rtp(8, sequence, 7, &[3; 1400]));
        for piece in build::fragments(&ip_in_ip(&packet), 800, u32::from(sequence))
            .iter()
            .rev()
        {
            bench.ip(piece);
        }
    }
    assert_eq!(bench.close("one")[0]["packets"], 10);
    assert_eq!(bench.sequences("one"), (0..10).collect::<Vec<u16>>());
    let counters = bench.pipeline.counters();
    assert_eq!(
        (counters.fragments, counters.reassembled, counters.tunnel_ip),
        (20, 10, 10)
    );
    assert!(
        bench
            .file("one")
            .iter()
            .all(|(payload, _)| payload.len() == 1412)
    );
}

#[test]
fn a_message_in_fragments_is_told_whole_and_kept_whole() {
    let mut bench = Bench::new();
    let text = invite(3000);
    let whole = build::udp(key(SIP_A, SIP_B), &text);
    let mut pieces = build::fragments(&whole, 1400, 3);
    pieces.reverse();
    for piece in &pieces {
        bench.ip(piece);
    }
    let events = bench.of_kind("sip");
    assert_eq!((events.len(), &events[0]["whole"]), (1, &true.into()));
    assert_eq!(events[0]["data"].as_array().unwrap().len(), text.len());
    bench
        .pipeline
        .keep("one", &[events[0]["id"].as_u64().unwrap()])
        .unwrap();
    bench.close("one");
    assert_eq!(bench.file("one")[0].0, text);
}

#[test]
fn of_a_message_without_its_last_fragment_the_beginning_is_told_before_its_answer() {
    let mut bench = Bench::new();
    let pieces = build::fragments(&build::udp(key(SIP_A, SIP_B), &invite(3000)), 1400, 3);
    bench.ip(&pieces[0]);
    bench.udp("10.0.0.7:5060", SIP_B, OPTIONS);
    bench.udp(
        SIP_B,
        SIP_A,
        b"SIP/2.0 200 OK\r\nVia: x\r\ni: one@a\r\n\r\n",
    );
    let told: Vec<_> = bench
        .of_kind("sip")
        .iter()
        .map(|event| (event["src"].clone(), event["whole"].clone()))
        .collect();
    let row = |host: &str, whole: bool| (host.into(), whole.into());
    assert_eq!(
        told,
        [
            row("10.0.0.7", true),
            row("10.0.0.1", false),
            row("10.0.0.2", true)
        ]
    );
    // Without an answer it is told after a while.
    bench.wait(SECOND);
    let pieces = build::fragments(&build::udp(key(SIP_A, SIP_B), &invite(3000)), 1400, 4);
    bench.ip(&pieces[0]);
    bench.wait(SECOND / 2);
    assert_eq!(bench.of_kind("sip").len(), 0);
    bench.wait(SECOND);
    assert_eq!(bench.of_kind("sip").len(), 1);
    assert_eq!(bench.pipeline.counters().fragments_incomplete, 2);
}

#[test]
fn packets_that_the_mirror_shows_twice_count_once() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    for sequence in 0..50u16 {
        bench.now_ns += SECOND / 50;
        let packet = build::udp(key(A, B), &rtp(8, sequence, 7, &[sequence as u8; 160]));
        bench.ip(&packet);
        bench.now_ns += 30_000;
        // Behind the router: another TTL and checksum. In a tunnel: the same packet.
        let mut routed = packet.clone();
        routed[8] -= 1;
        routed[10] = routed[10].wrapping_add(1);
        bench.ip(&routed);
        bench.ip(&ip_in_ip(&packet));
    }
    let counters = bench.pipeline.counters();
    assert_eq!((counters.deduplicated, counters.rtp), (100, 50));
    let counts = bench.close("one");
    assert_eq!(
        (&counts[0]["packets"], &counts[0]["duplicates"]),
        (&50.into(), &0.into())
    );
    assert_eq!(bench.file("one").len(), 50);
}

#[test]
fn what_a_sender_repeats_is_no_copy() {
    let mut bench = Bench::new();
    bench.udp(SIP_A, SIP_B, OPTIONS);
    bench.now_ns += 1_000_000;
    bench.udp(SIP_A, SIP_B, OPTIONS);
    bench.now_ns += SECOND / 2;
    bench.udp(SIP_A, SIP_B, OPTIONS);
    assert_eq!(bench.of_kind("sip").len(), 2);
    assert_eq!(bench.pipeline.counters().deduplicated, 1);
    let mut bench = Bench::with(|config| config.duplicate_ms = 0);
    bench.udp(SIP_A, SIP_B, OPTIONS);
    bench.udp(SIP_A, SIP_B, OPTIONS);
    assert_eq!(bench.of_kind("sip").len(), 2);
}

#[test]
fn one_number_from_two_senders_is_no_copy() {
    let mut bench = Bench::new();
    bench.bind("one", 0, A);
    bench.bind("one", 1, B);
    bench.bind("two", 1, "10.0.0.4:5000");
    for sequence in 0..10u16 {
        bench.now_ns += SECOND / 50;
        let packet = rtp(8, sequence, 7, &[3; 160]);
        bench.udp(A, B, &packet);
        bench.udp(B, A, &packet);
        bench.udp("10.0.0.3:4000", "10.0.0.4:5000", &packet);
    }
    assert_eq!(bench.pipeline.counters().deduplicated, 0);
    let counts = bench.close("one");
    assert_eq!(counts.len(), 2);
    assert!(counts.iter().all(|count| count["packets"] == 10));
    assert_eq!(bench.close("two")[0]["packets"], 10);
}

#[test]
fn cut_packets_are_told_from_lost_ones() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    for sequence in 0..10u16 {
        bench.now_ns += SECOND / 50;
        let packet = build::udp(key(A, B), &rtp(8, sequence, 7, &[3; 160]));
        bench.ip(&packet[..if sequence < 4 { 96 } else { packet.len() }]);
    }
    let count = &bench.close("one")[0];
    assert_eq!(
        (&count["packets"], &count["lost"], &count["snapped"]),
        (&10.into(), &0.into(), &4.into())
    );
    assert_eq!(bench.pipeline.counters().snapped, 4);
}

#[test]
fn what_an_agent_saw_is_a_packet_with_its_addresses_and_its_time() {
    let mut bench = Bench::new();
    let inner = key("[2001:db8::1]:5070", "[2001:db8::2]:5060");
    let near = bench.now_ns - 2 * SECOND;
    bench.udp(
        "10.0.0.8:9060",
        "10.0.0.9:9060",
        &hep::build(inner, near, OPTIONS),
    );
    let far = hep::build(inner.reversed(), 5 * SECOND, OPTIONS);
    bench.udp("10.0.0.8:9060", "10.0.0.9:9060", &far);
    let events = bench.of_kind("sip");
    assert_eq!(
        (&events[0]["src"], &events[0]["src_port"]),
        (&"2001:db8::1".into(), &5070.into())
    );
    assert_eq!(events[0]["at_ns"], near);
    assert_eq!(
        (&events[1]["src_port"], &events[1]["at_ns"]),
        (&5060.into(), &bench.now_ns.into())
    );
    assert_eq!(bench.pipeline.counters().tunnel_hep, 2);
}
