use super::*;

const MS: u64 = 1_000_000;

fn header(timestamp: u32, marker: bool) -> Header {
    Header {
        marker,
        payload_type: 101,
        sequence: 0,
        timestamp,
        ssrc: 7,
        payload_start: 12,
        payload_len: 4,
        bad_padding: false,
    }
}

/// One packet: (timestamp, code, end, duration in ticks, arrival in ms); the marker stands on durations of 160.
type Sent = (u32, u8, bool, u16, u64);

fn decode(sent: &[Sent]) -> (Vec<Event>, EventDecoder) {
    let mut decoder = EventDecoder::default();
    let mut events = Vec::new();
    for &(timestamp, code, end, duration, at_ms) in sent {
        let [high, low] = duration.to_be_bytes();
        let payload = [code, u8::from(end) << 7 | 0x0a, high, low];
        events.extend(decoder.update(
            &header(timestamp, duration == 160),
            &payload,
            at_ms * MS,
            8000,
        ));
    }
    (events, decoder)
}

fn digits(events: &[Event]) -> String {
    events.iter().map(|event| event.digit).collect()
}

#[test]
fn an_event_is_reported_once_with_its_whole_duration() {
    let (events, _) = decode(&[
        (1000, 5, false, 160, 0),
        (1000, 5, false, 320, 20),
        (1000, 5, true, 480, 40),
        (1000, 5, true, 480, 60),
        (1000, 5, true, 480, 80),
    ]);
    assert_eq!(
        events,
        [Event {
            digit: '5',
            at_ns: 0,
            duration_ms: 60
        }]
    );
}

#[test]
fn every_code_has_its_key() {
    let keys: String = (0..=255).filter_map(digit).collect();
    assert_eq!(keys, "0123456789*#ABCD!");
}

#[test]
fn a_digit_pressed_twice_is_two_events() {
    let (events, _) = decode(&[
        (1000, 1, false, 160, 0),
        (1000, 1, true, 800, 100),
        (3000, 1, false, 160, 250),
        (3000, 1, true, 800, 350),
    ]);
    assert_eq!(digits(&events), "11");
}

#[test]
fn an_event_whose_end_was_lost_is_reported_by_the_next() {
    let (events, _) = decode(&[
        (1000, 1, false, 160, 0),
        (1000, 1, false, 320, 20),
        (3000, 1, false, 160, 250),
        (3000, 1, true, 320, 270),
    ]);
    assert_eq!(digits(&events), "11");
    assert_eq!(events[0].duration_ms, 40);
}

#[test]
fn two_events_may_end_with_one_packet() {
    let (events, _) = decode(&[(1000, 1, false, 160, 0), (9000, 2, true, 800, 1100)]);
    assert_eq!(digits(&events), "12");
}

#[test]
fn an_event_whose_end_was_lost_expires() {
    let (events, mut decoder) = decode(&[(1000, 1, false, 160, 0)]);
    assert_eq!(events, []);
    assert_eq!(decoder.expire(100 * MS), None);
    assert_eq!(decoder.expire(400 * MS).map(|event| event.digit), Some('1'));
    assert_eq!(decoder.expire(800 * MS), None);
    assert_eq!(decoder.finish(), None);
}

#[test]
fn late_packets_of_a_reported_event_are_ignored() {
    let (events, _) = decode(&[
        (1000, 1, true, 800, 0),
        (3000, 2, false, 160, 20),
        (1000, 1, false, 320, 30),
        (1000, 1, true, 800, 31),
        (3000, 2, true, 800, 120),
        (3000, 2, false, 320, 121),
    ]);
    assert_eq!(digits(&events), "12");
    assert_eq!(events[1].duration_ms, 100);
}

#[test]
fn a_long_event_in_segments_is_one() {
    let second = 1000 + 0xffff;
    let (events, _) = decode(&[
        (1000, 11, false, 160, 0),
        (1000, 11, false, 0xffff, 8190),
        (second, 11, false, 320, 8230),
        (second, 11, true, 800, 8290),
    ]);
    assert_eq!(digits(&events), "#");
    assert_eq!(events[0].duration_ms, (0xffff + 800) / 8);
}

#[test]
fn a_sender_that_stamps_every_packet_anew_still_sends_one_event() {
    let (events, _) = decode(&[
        (1000, 4, false, 160, 0),
        (1160, 4, false, 320, 20),
        (1320, 4, true, 480, 40),
        (1480, 4, true, 480, 60),
        (1640, 4, true, 480, 80),
    ]);
    assert_eq!(digits(&events), "4");
    assert_eq!(events[0].duration_ms, 60);
}

#[test]
fn a_restarted_sender_is_heard_also_with_smaller_timestamps() {
    let (events, _) = decode(&[
        (0x9000_0000, 1, true, 800, 0),
        (500, 2, true, 800, 5000),
        (5000, 3, true, 800, 6000),
    ]);
    assert_eq!(digits(&events), "123");
}

#[test]
fn payloads_that_are_no_digit_are_ignored() {
    let mut decoder = EventDecoder::default();
    for payload in [&[][..], &[1], &[1, 0x80, 0], &[32, 0x80, 1, 0], &[255; 4]] {
        assert_eq!(
            decoder.update(&header(0, false), payload, 0, 8000).count(),
            0
        );
    }
    assert_eq!(decoder.finish(), None);
}

#[test]
fn the_duration_is_in_the_clock_of_the_type() {
    let mut decoder = EventDecoder::default();
    let event: Vec<_> = decoder
        .update(&header(0, true), &[9, 0x80, 0x12, 0xc0], 5, 48_000)
        .collect();
    assert_eq!(
        event,
        [Event {
            digit: '9',
            at_ns: 5,
            duration_ms: 100
        }]
    );
}
