//! Whose packets they are when addresses are used again, shared, wrong or translated.

use super::*;

/// A message from a host of its own that wants media at an address.
fn offer(bench: &mut Bench, from: &str, wanted: &str) -> u64 {
    let Endpoint { address, port } = endpoint(wanted);
    let text = format!(
        "INVITE sip:b SIP/2.0\r\nVia: x\r\nCall-ID: {from}\r\n\r\nc=IN IP4 {address}\r\nm=audio {port} RTP/AVP 8\r\n"
    );
    bench.now_ns += 1_000_000;
    bench.udp(from, "10.0.0.99:5060", text.as_bytes());
    bench.of_kind("sip")[0]["id"].as_u64().unwrap()
}

fn talk_as(bench: &mut Bench, ssrc: u32, src: &str, dst: &str, sequences: std::ops::Range<u16>) {
    for sequence in sequences {
        bench.now_ns += SECOND / 50;
        bench.udp(src, dst, &rtp(8, sequence, ssrc, &[sequence as u8; 160]));
    }
}

#[test]
fn the_next_call_on_a_port_gets_its_first_words_while_its_signalling_is_read() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    talk_as(&mut bench, 1, A, B, 0..10);
    offer(&mut bench, "10.0.0.5:5060", B);
    // The end of the first call was not seen; its stream goes on, the next call's begins.
    talk_as(&mut bench, 1, A, B, 10..12);
    talk_as(&mut bench, 2, A, B, 100..110);
    assert_eq!(bench.pipeline.counters().held, 10);
    bench.bind("two", 1, B);
    assert_eq!(bench.pipeline.counters().adopted, 10);
    talk_as(&mut bench, 2, A, B, 110..112);
    // The owner does not take again what it has.
    bench.bind("one", 1, B);
    bench.close("two");
    assert_eq!(bench.sequences("two"), (100..112).collect::<Vec<u16>>());
    bench.close("one");
    let first: Vec<u16> = (0..12).chain(100..112).collect();
    assert_eq!(bench.sequences("one"), first);
    bench.wait(20 * SECOND);
    let counters = bench.pipeline.counters();
    assert_eq!((counters.held_now, counters.hold_expired), (0, 0));
}

#[test]
fn after_its_release_a_call_gets_no_streams_that_are_new() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    talk_as(&mut bench, 1, A, B, 0..10);
    bench.pipeline.release("one", 1000);
    talk_as(&mut bench, 1, A, B, 10..12);
    talk_as(&mut bench, 2, A, B, 100..110);
    bench.bind("two", 1, B);
    talk_as(&mut bench, 2, A, B, 110..112);
    bench.close("one");
    bench.close("two");
    assert_eq!(bench.sequences("one"), (0..12).collect::<Vec<u16>>());
    assert_eq!(bench.sequences("two"), (100..112).collect::<Vec<u16>>());
}

#[test]
fn the_last_words_of_a_call_are_not_the_first_of_the_next_one_on_its_ports() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    talk_as(&mut bench, 1, A, B, 0..10);
    bench.pipeline.release("one", 500);
    bench.bind("two", 1, B);
    talk_as(&mut bench, 1, A, B, 10..15);
    // Another telephone, and one whose SSRC is always the same.
    talk_as(&mut bench, 2, A, B, 100..105);
    talk_as(&mut bench, 1, A, B, 1000..1005);
    bench.close("one");
    bench.close("two");
    assert_eq!(bench.sequences("one"), (0..15).collect::<Vec<u16>>());
    let next: Vec<u16> = (100..105).chain(1000..1005).collect();
    assert_eq!(bench.sequences("two"), next);
}

#[test]
fn what_goes_on_longer_than_a_call_lingers_is_the_next_one_s() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    talk_as(&mut bench, 1, A, B, 0..10);
    bench.pipeline.release("one", 500);
    bench.bind("two", 1, B);
    talk_as(&mut bench, 1, A, B, 10..60);
    bench.close("one");
    bench.close("two");
    let mut all = bench.sequences("one");
    assert!((30..40).contains(&all.len()), "{}", all.len());
    all.extend(bench.sequences("two"));
    assert_eq!(all, (0..60).collect::<Vec<u16>>());
}

#[test]
fn of_two_legs_with_the_same_media_the_one_that_is_over_first_takes_nothing_from_the_other() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    bench.bind("two", 1, B);
    talk_as(&mut bench, 1, A, B, 0..10);
    bench.pipeline.release("one", 60_000);
    talk_as(&mut bench, 1, A, B, 10..15);
    // A third one binds the address and gets nothing of theirs.
    bench.bind("three", 1, B);
    talk_as(&mut bench, 1, A, B, 15..20);
    for bundle in ["one", "two", "three"] {
        bench.close(bundle);
    }
    assert_eq!(bench.sequences("one"), (0..20).collect::<Vec<u16>>());
    assert_eq!(bench.sequences("two"), (0..20).collect::<Vec<u16>>());
    assert!(bench.sequences("three").is_empty());
}

#[test]
fn calls_that_linger_at_one_address_are_few() {
    let mut bench = Bench::new();
    for number in 0..100 {
        let bundle = format!("call{number}");
        bench.bind(&bundle, 1, B);
        bench.pipeline.release(&bundle, 60_000);
    }
    let claims = &bench.pipeline.flows.place(endpoint(B)).claims;
    assert!(claims.len() <= MAX_LINGERING + 1, "{}", claims.len());
}

#[test]
fn a_call_that_announces_its_own_address_again_holds_nothing() {
    let mut bench = Bench::new();
    bench.bind("one", 1, B);
    talk_as(&mut bench, 1, A, B, 0..2);
    let id = offer(&mut bench, "10.0.0.5:5060", B);
    bench.pipeline.keep("one", &[id]).unwrap();
    talk_as(&mut bench, 2, A, B, 0..10);
    assert_eq!(bench.pipeline.counters().held, 0);
    assert!(bench.pipeline.announced.is_empty());
    offer(&mut bench, "10.0.0.5:5060", B);
    bench.wait(20 * SECOND);
    assert!(bench.pipeline.announced.is_empty(), "nobody bound it");
}

#[test]
fn what_is_announced_is_bounded() {
    let mut bench = Bench::with(|config| config.max_events = 1 << 20);
    for number in 0..40_000u32 {
        let [_, a, b, c] = number.to_be_bytes();
        offer(&mut bench, "10.0.0.5:5060", &format!("11.{a}.{b}.{c}:4000"));
        assert!(bench.pipeline.announced.len() <= MAX_ANNOUNCED);
    }
}

#[test]
fn of_two_calls_with_one_port_each_gets_its_own_by_the_other_end() {
    let mut bench = Bench::new();
    let shared = "10.0.0.9:5000";
    for (number, (bundle, phone)) in [("one", "10.0.0.1:4000"), ("two", "10.0.0.2:4002")]
        .iter()
        .enumerate()
    {
        bench.now_ns += SECOND;
        offer(&mut bench, &phone.replace("400", "506"), phone);
        bench.bind(bundle, 0, phone);
        bench.bind(bundle, 1, shared);
        let first = number as u16 * 100;
        talk_as(&mut bench, number as u32, phone, shared, first..first + 10);
        talk_as(
            &mut bench,
            7 + number as u32,
            shared,
            phone,
            first..first + 10,
        );
    }
    talk_as(&mut bench, 0, "10.0.0.1:4000", shared, 10..20);
    bench.close("one");
    bench.close("two");
    let own = |first: u16| (first..first + 10).chain(first..first + 10);
    assert_eq!(
        bench.sequences("one"),
        own(0).chain(10..20).collect::<Vec<u16>>()
    );
    assert_eq!(bench.sequences("two"), own(100).collect::<Vec<u16>>());
}

#[test]
fn a_leg_that_announces_an_address_behind_a_router_keeps_its_media() {
    let mut bench = Bench::new();
    // The same media seen by two legs: the first one announces the private address of the phone.
    bench.bind("one", 0, "192.168.1.2:4000");
    bench.bind("two", 0, "203.0.113.5:62000");
    for bundle in ["one", "two"] {
        bench.bind(bundle, 1, B);
    }
    talk_as(&mut bench, 1, "203.0.113.5:62000", B, 0..10);
    talk_as(&mut bench, 2, B, "203.0.113.5:62000", 0..10);
    for bundle in ["one", "two"] {
        let sides: Vec<_> = bench
            .close(bundle)
            .iter()
            .map(|count| count["side"].clone())
            .collect();
        assert_eq!(sides, [0, 1], "{bundle}");
        assert_eq!(bench.file(bundle).len(), 20);
    }
}

#[test]
fn streams_with_one_number_are_kept_apart_by_their_addresses() {
    let mut bench = Bench::new();
    bench.bind("one", 0, A);
    bench.bind("one", 1, B);
    for sequence in 0..10 {
        talk_as(&mut bench, 5, A, B, sequence..sequence + 1);
        talk_as(&mut bench, 5, B, A, 500 + sequence..501 + sequence);
    }
    let report = |ssrc: u8| [0x80, 201, 0, 1, 0, 0, 0, ssrc];
    bench.udp("10.0.0.1:4001", "10.0.0.2:5001", &report(5));
    let counts = bench.close("one");
    let rows: Vec<_> = counts
        .iter()
        .map(|count| {
            (
                count["side"].clone(),
                count["packets"].clone(),
                count["lost"].clone(),
                count["rtcp_packets"].clone(),
            )
        })
        .collect();
    let row = |side: u64, rtcp: u64| (side.into(), 10.into(), 0.into(), rtcp.into());
    assert_eq!(rows, [row(0, 1), row(1, 0)]);
}
