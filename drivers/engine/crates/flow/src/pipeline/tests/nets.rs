//! What is counted of VLANs and subnets, and keys that are not written.

use super::*;
use crate::nets::{Count, OfSubnet, OfVlan, Told};

impl Bench {
    fn tagged(&mut self, vlan: u16, src: &str, dst: &str, payload: &[u8]) {
        let packet = build::udp(key(src, dst), payload);
        let frame = Frame {
            at_ns: self.now_ns,
            link: Some(Link::Raw),
            data: &packet,
            original: packet.len() as u32,
            vlan: Some(vlan),
        };
        self.pipeline.packets(&[frame], 0);
    }

    fn stream(&mut self, vlan: u16, src: &str, dst: &str, ssrc: u32, packets: u16) {
        for sequence in 0..packets {
            self.now_ns += SECOND / 50;
            self.tagged(
                vlan,
                src,
                dst,
                &rtp(8, sequence, ssrc, &[sequence as u8; 160]),
            );
        }
    }

    fn nets(&self) -> Told {
        let flows = &self.pipeline.flows;
        let live = flows.iter().map(|flow| (flow, !flows.is_answered(flow)));
        self.pipeline.nets.told(live)
    }

    fn vlan(&self, vlan: u16) -> Count {
        let told = self.nets().vlans.into_iter();
        told.filter(|one: &OfVlan| one.vlan == Some(vlan))
            .map(|one| one.count)
            .next()
            .unwrap()
    }

    fn subnet(&self, name: &str) -> Count {
        let told = self.nets().subnets.into_iter();
        told.filter(|one: &OfSubnet| one.subnet == name)
            .map(|one| one.count)
            .next()
            .unwrap()
    }
}

const INVITE: &[u8] =
    b"OPTIONS sip:a@10.0.0.9 SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

#[test]
fn a_vlan_of_which_only_one_direction_comes_is_told_from_a_whole_one() {
    let mut bench = Bench::new();
    bench.stream(20, "10.0.20.5:4000", "10.0.1.1:5000", 1, 60);
    bench.stream(30, "10.0.30.5:4000", "10.0.1.1:5002", 2, 60);
    // It answers from another port than it listens at.
    bench.stream(30, "10.0.1.1:5004", "10.0.30.5:4000", 3, 60);
    bench.tagged(20, "10.0.20.5:5060", "10.0.1.1:5060", INVITE);
    bench.tagged(40, "10.0.40.5:9", "10.0.1.1:9", b"noise");
    let (lame, whole) = (bench.vlan(20), bench.vlan(30));
    assert_eq!((lame.packets, lame.sip, lame.rtp), (61, 1, 60));
    assert_eq!((lame.streams, lame.one_way), (1, 1));
    assert_eq!((whole.rtp, whole.streams, whole.one_way), (120, 2, 0));
    assert_eq!(
        bench.vlan(40),
        Count {
            packets: 1,
            ..Count::default()
        }
    );
    assert_eq!(
        bench.nets().vlans[0].vlan,
        Some(30),
        "the heaviest comes first"
    );
    let speaker = bench.subnet("10.0.20.0/24");
    assert_eq!(
        (speaker.packets, speaker.sip, speaker.rtp, speaker.one_way),
        (61, 1, 60, 1)
    );
    // Nothing came from there but what answered the other VLAN.
    let silent = bench.subnet("10.0.1.0/24");
    assert_eq!((silent.rtp, silent.streams, silent.one_way), (60, 3, 1));
}

#[test]
fn what_is_forgotten_stays_counted_and_its_direction_too() {
    let mut bench = Bench::new();
    bench.stream(20, "10.0.20.5:4000", "10.0.1.1:5000", 1, 60);
    bench.stream(20, "10.0.1.1:5000", "10.0.20.5:4000", 2, 300);
    let before = bench.vlan(20);
    for _ in 0..60 {
        bench.wait(SECOND);
    }
    assert_eq!(
        bench.pipeline.counters().flows_now,
        0,
        "both are forgotten, one after the other"
    );
    assert_eq!(bench.vlan(20), before);
    assert_eq!((before.rtp, before.streams, before.one_way), (360, 2, 0));
    for _ in 0..11 {
        bench.wait(60 * SECOND);
    }
    let after = bench.vlan(20);
    assert_eq!(
        (after.rtp, after.streams),
        (360, 0),
        "streams are those of late"
    );
}

#[test]
fn what_a_scan_makes_up_takes_no_memory_without_end() {
    let mut bench = Bench::new();
    for number in 0..6000u32 {
        let [_, _, b, c] = number.to_be_bytes();
        bench.tagged(
            7,
            &format!("10.{b}.{c}.1:5060"),
            "10.255.255.1:5060",
            INVITE,
        );
    }
    assert_eq!(bench.vlan(7).sip, 6000);
    assert_eq!(bench.nets().subnets.len(), 64);
}

#[test]
fn a_key_that_is_pressed_is_told_and_not_written_where_none_may_be() {
    for (blank, code) in [(false, 5), (true, 0xff)] {
        let mut bench = Bench::with(|config| config.blank_keys = blank);
        bench.bind("one", 1, "10.0.0.2:5000");
        bench.talk("10.0.0.1:4000", "10.0.0.2:5000", 0..3);
        for (sequence, end) in [(3, 0x0a), (4, 0x8a)] {
            bench.now_ns += SECOND / 50;
            let event = [5, end, 0, 160];
            bench.udp(
                "10.0.0.1:4000",
                "10.0.0.2:5000",
                &rtp(101, sequence, 0xabcd, &event),
            );
        }
        let told = bench.of_kind("dtmf");
        assert_eq!(told[0]["digit"], "5");
        bench.close("one");
        let written = bench.file("one");
        let keys = written.iter().filter(|(payload, _)| payload[1] == 101);
        let keys: Vec<(u8, u8)> = keys
            .map(|(payload, _)| (payload[12], payload[13]))
            .collect();
        assert_eq!(keys, [(code, 0x0a), (code, 0x8a)]);
        let (first, _) = &written[0];
        assert_eq!(first[12..], [0; 160], "nothing else is touched");
    }
}
