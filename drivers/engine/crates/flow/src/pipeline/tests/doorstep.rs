//! New calls that wait because very many begin at once, and messages that begin none.

use super::*;

const PHONE: &str = "10.0.0.1:5060";
const PBX: &str = "10.0.0.9:5060";

/// One call a second begins at once.
fn bench() -> Bench {
    let mut bench = Bench::with(|config| {
        config.calls_at_once_per_s = 1;
        config.unanswered_s = 60.0;
        config.max_flows = 1000;
    });
    bench.ask("first");
    assert_eq!(bench.told(), ["INVITE first"]);
    bench
}

impl Bench {
    fn request(&mut self, method: &str, call: &str, more: &str) {
        let tag = if method == "ACK" { ";tag=b" } else { "" };
        let text = format!(
            "{method} sip:b SIP/2.0\r\nVia: x\r\nTo: <sip:b>{tag}\r\nCall-ID: {call}\r\nCSeq: 1 {method}\r\n\r\n{more}"
        );
        // Later than a copy of the mirror would come.
        self.now_ns += 60_000_000;
        self.udp(PHONE, PBX, text.as_bytes());
    }

    fn ask(&mut self, call: &str) {
        self.request("INVITE", call, "");
    }

    fn answer(&mut self, status: &str, call: &str, method: &str) {
        let text = format!(
            "SIP/2.0 {status}\r\nVia: x\r\nTo: <sip:b>;tag=b\r\nCall-ID: {call}\r\nCSeq: 1 {method}\r\n\r\n"
        );
        self.now_ns += 60_000_000;
        self.udp(PBX, PHONE, text.as_bytes());
    }

    /// First word (of answers: the code) and call of each message that is told.
    fn told(&mut self) -> Vec<String> {
        let found = self.of_kind("sip");
        found.iter().map(|event| line(&event["data"])).collect()
    }

    /// Whether it is all, then the calls that came to wait and those that do no more.
    fn notes(&mut self, all: bool) -> (bool, Vec<String>, Vec<String>) {
        let notes = self.pipeline.doorstep.as_mut().unwrap().notes(all);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let call = |(name, _): &(serde_bytes::ByteBuf, &Sip)| text(name);
        let mut came: Vec<String> = notes.came.iter().map(call).collect();
        came.sort();
        (
            notes.all,
            came,
            notes.gone.iter().map(|name| text(name)).collect(),
        )
    }

    fn attempts(&mut self, most: usize, all: bool) -> Vec<Vec<String>> {
        let step = self.pipeline.doorstep.as_mut().unwrap();
        if all {
            step.end_all();
        }
        let found = serde_json::to_value(step.attempts(most)).unwrap();
        let each = found.as_array().unwrap().iter();
        each.map(|one| {
            one.as_array()
                .unwrap()
                .iter()
                .map(|sip| line(&sip["data"]))
                .collect()
        })
        .collect()
    }
}

fn line(data: &serde_json::Value) -> String {
    let bytes: Vec<u8> = serde_json::from_value(data.clone()).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let word = text.split(' ').find(|word| *word != "SIP/2.0").unwrap();
    let call = text.split("Call-ID: ").nth(1).unwrap();
    format!("{word} {}", call.split("\r\n").next().unwrap())
}

#[test]
fn a_call_beyond_the_rate_is_told_whole_when_somebody_answers_it() {
    let mut bench = bench();
    bench.ask("a");
    bench.answer("100 Trying", "a", "INVITE");
    bench.ask("b");
    bench.answer("407 Who", "b", "INVITE");
    bench.request("ACK", "b", "");
    bench.ask("b");
    assert!(bench.told().is_empty());
    assert_eq!(bench.pipeline.counters().calls_waiting_now, 2);
    bench.answer("180 Ringing", "a", "INVITE");
    assert_eq!(bench.told(), ["INVITE a", "100 a", "180 a"]);
    bench.answer("200 OK", "b", "INVITE");
    assert_eq!(
        bench.told(),
        ["INVITE b", "407 b", "ACK b", "INVITE b", "200 b"]
    );
    // What comes later of either is told at once, another fork of it as well.
    bench.ask("a");
    bench.request("BYE", "b", "");
    assert_eq!(bench.told(), ["INVITE a", "BYE b"]);
    assert_eq!(bench.pipeline.counters().calls_waiting_now, 0);
    assert_eq!(bench.pipeline.counters().calls_waited, 2);
}

#[test]
fn what_waits_can_be_kept_once_it_is_told() {
    let mut bench = bench();
    bench.ask("a");
    bench.answer("183 Soon", "a", "INVITE");
    let ids: Vec<u64> = bench
        .of_kind("sip")
        .iter()
        .map(|event| event["id"].as_u64().unwrap())
        .collect();
    bench.pipeline.keep("one", &ids).unwrap();
    assert_eq!(ids.len(), 2);
}

#[test]
fn what_is_refused_cancelled_or_never_answered_is_an_attempt() {
    let mut bench = bench();
    bench.ask("refused");
    bench.answer("404 Not Found", "refused", "INVITE");
    bench.request("ACK", "refused", "");
    bench.ask("cancelled");
    bench.request("CANCEL", "cancelled", "");
    bench.answer("200 OK", "cancelled", "CANCEL");
    bench.answer("487 Gone", "cancelled", "INVITE");
    bench.ask("unheard");
    bench.ask("heard");
    bench.answer("100 Trying", "heard", "INVITE");
    bench.wait(4 * SECOND);
    assert!(bench.attempts(9, false).is_empty());
    bench.wait(2 * SECOND);
    let mut over = bench.attempts(9, false);
    over.sort();
    assert_eq!(
        over,
        [
            vec![
                "INVITE cancelled",
                "CANCEL cancelled",
                "200 cancelled",
                "487 cancelled"
            ],
            vec!["INVITE refused", "404 refused", "ACK refused"]
        ]
    );
    bench.wait(30 * SECOND);
    assert_eq!(bench.attempts(9, false), [["INVITE unheard"]]);
    bench.wait(30 * SECOND);
    assert_eq!(bench.attempts(9, false), [["INVITE heard", "100 heard"]]);
    assert!(bench.told().is_empty());
    assert_eq!(bench.pipeline.counters().calls_waiting_now, 0);
}

#[test]
fn media_to_where_a_call_wants_it_is_an_answer() {
    let mut bench = bench();
    bench.request(
        "INVITE",
        "a",
        "c=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 8\r\n",
    );
    bench.request(
        "INVITE",
        "b",
        "c=IN IP4 10.0.0.2\r\nm=audio 4000 RTP/AVP 8\r\n",
    );
    assert!(bench.told().is_empty());
    bench.talk("10.0.0.9:6000", "10.0.0.2:4000", 0..3);
    assert_eq!(bench.told(), ["INVITE b"]);
    bench.talk("10.0.0.1:4000", "10.0.0.9:6002", 0..3);
    assert_eq!(bench.told(), ["INVITE a"]);
    // It was held until somebody binds it.
    bench.bind("one", 0, "10.0.0.2:4000");
    assert_eq!(bench.pipeline.counters().adopted, 3);
}

#[test]
fn a_request_within_the_call_shows_that_there_is_one() {
    let mut bench = bench();
    bench.ask("a");
    bench.request("ACK", "a", ""); // of an answer that the mirror does not bring
    assert_eq!(bench.told(), ["INVITE a", "ACK a"]);
}

#[test]
fn new_calls_wait_while_much_is_unread_even_below_the_rate() {
    let mut bench = Bench::with(|config| {
        config.calls_at_once_per_s = 1000;
        config.unanswered_s = 60.0;
        config.max_events = 100_000;
    });
    let long = "x".repeat(1000);
    for number in 0..1000 {
        bench.request("INVITE", &format!("early-{number}"), &long);
    }
    let early = bench.pipeline.counters().calls_waited;
    assert!(early > 0 && early < 500, "{early}");
    bench.events();
    bench.ask("then");
    assert_eq!(bench.told(), ["INVITE then"]);
}

#[test]
fn what_waits_is_bounded_and_what_is_lost_is_counted() {
    let mut bench = bench();
    let long = "x".repeat(1300);
    for number in 0..50_000 {
        bench.now_ns -= 60_000_000; // all at once
        bench.request("INVITE", &format!("scan-{number}"), &long);
    }
    let counters = bench.pipeline.counters();
    assert!(counters.attempts_lost > 10_000);
    assert_eq!(counters.attempts_lost + counters.calls_waiting_now, 50_000);
    // The newest are there, and go on when they are answered.
    bench.answer("180 Ringing", "scan-49999", "INVITE");
    assert_eq!(bench.told(), ["INVITE scan-49999", "180 scan-49999"]);
    let left = bench.attempts(usize::MAX, true).len() as u64;
    assert_eq!(left + 1, counters.calls_waiting_now);
    assert_eq!(bench.pipeline.counters().calls_waiting_now, 0);
}

#[test]
fn what_waits_is_noted_once_and_so_is_what_does_no_more() {
    let mut bench = bench();
    for call in ["refused", "answered", "waiting", "unnoted"] {
        bench.ask(call);
        if call == "waiting" {
            let came = ["answered", "refused", "waiting"].map(String::from);
            assert_eq!(bench.notes(false), (false, came.to_vec(), vec![]));
        }
    }
    bench.answer("404 No", "refused", "INVITE");
    bench.answer("180 Ringing", "answered", "INVITE");
    bench.answer("180 Ringing", "unnoted", "INVITE");
    let gone = (false, vec![], vec!["answered".to_owned()]);
    assert_eq!(
        bench.notes(false),
        gone,
        "what nobody noted is not told to be gone"
    );
    bench.attempts(10, true);
    let (_, came, mut gone) = bench.notes(false);
    gone.sort();
    assert_eq!(
        (came.len(), gone),
        (0, vec!["refused".to_owned(), "waiting".to_owned()])
    );
    bench.ask("late");
    for _ in 0..2 {
        assert_eq!(bench.notes(true), (true, vec!["late".to_owned()], vec![]));
    }
    assert_eq!(bench.notes(false).1.len(), 0);
}

#[test]
fn repetitions_of_an_attempt_cost_no_memory() {
    let mut bench = bench();
    for _ in 0..500 {
        bench.ask("a");
    }
    let over = bench.attempts(9, true);
    assert_eq!(over.len(), 1);
    assert_eq!(over[0].len(), 24);
}

#[test]
fn what_begins_no_call_is_told_when_it_is_news() {
    let mut bench = Bench::with(|config| config.skip_outside_calls = true);
    bench.request("REGISTER", "r1", "");
    bench.answer("200 OK", "r1", "REGISTER");
    bench.request("REGISTER", "r2", ""); // the same telephone
    bench.request("OPTIONS", "o1", "");
    bench.answer("200 OK", "o1", "OPTIONS");
    bench.request("SUBSCRIBE", "s1", "");
    assert_eq!(bench.told(), ["REGISTER r1"]);
    assert_eq!(bench.pipeline.counters().sip_outside_calls, 5);
    bench.wait(61 * SECOND);
    bench.request("REGISTER", "r3", "");
    assert_eq!(bench.told(), ["REGISTER r3"]);
    // Within a call it is a part of it.
    let inside = "OPTIONS sip:b SIP/2.0\r\nVia: x\r\nTo: <sip:b>;tag=b\r\nCall-ID: call\r\nCSeq: 2 OPTIONS\r\n\r\n";
    bench.udp(PHONE, PBX, inside.as_bytes());
    bench.answer("200 OK", "call", "OPTIONS");
    assert_eq!(bench.told(), ["OPTIONS call", "200 call"]);
}

#[test]
fn of_a_storm_of_registrations_some_are_told() {
    let mut bench = Bench::with(|config| config.skip_outside_calls = true);
    for number in 0..1000 {
        let text = format!(
            "REGISTER sip:b SIP/2.0\r\nVia: x\r\nTo: <sip:{number}@b>\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n\r\n"
        );
        bench.now_ns += SECOND / 1000;
        bench.udp(PHONE, PBX, text.as_bytes());
    }
    let told = bench.told().len();
    assert!((200..=400).contains(&told), "{told}");
}
