use super::*;
use proptest::prelude::*;

const MS: u64 = 1_000_000;

fn packet(sequence: u16, timestamp: u32) -> Header {
    Header {
        marker: false,
        payload_type: 8,
        sequence,
        timestamp,
        ssrc: 7,
        payload_start: 12,
        payload_len: 160,
        bad_padding: false,
    }
}

/// The packet that a steady sender of 20 ms frames sends as number `index` after `start`.
fn nth(start: u16, index: u32) -> Header {
    packet(start.wrapping_add(index as u16), index.wrapping_mul(160))
}

fn feed(
    stats: &mut StreamStats,
    start: u16,
    indices: impl IntoIterator<Item = u32>,
) -> Vec<Outcome> {
    indices
        .into_iter()
        .map(|index| stats.update(&nth(start, index), u64::from(index) * 20 * MS, 8000))
        .collect()
}

fn checked(stats: &StreamStats, packets: u64, lost: u64, duplicates: u64, reordered: u64) {
    assert_eq!(
        (
            stats.packets(),
            stats.lost(),
            stats.duplicates(),
            stats.reordered()
        ),
        (packets, lost, duplicates, reordered)
    );
    assert_eq!(stats.expected(), packets + lost);
}

#[test]
fn a_steady_stream_loses_nothing_and_does_not_jitter() {
    let mut stats = StreamStats::default();
    feed(&mut stats, 10, 0..100);
    checked(&stats, 100, 0, 0, 0);
    assert_eq!(stats.bytes(), 16_000);
    assert!(stats.jitter_ticks() < 1e-3);
    assert_eq!((stats.first_ns(), stats.last_ns()), (0, 99 * 20 * MS));
}

#[test]
fn the_sequence_grows_over_many_wraps() {
    let mut stats = StreamStats::default();
    let outcomes = feed(&mut stats, 65_000, 0..200_000);
    assert_eq!(
        outcomes.last(),
        Some(&Outcome::Newest {
            extended: 65_000 + 199_999
        })
    );
    checked(&stats, 200_000, 0, 0, 0);
}

#[test]
fn missing_packets_are_lost_until_they_come_late() {
    let mut stats = StreamStats::default();
    feed(&mut stats, 65_534, [0, 1, 4, 5]);
    checked(&stats, 4, 2, 0, 0);
    let outcomes = feed(&mut stats, 65_534, [3]);
    assert_eq!(outcomes, [Outcome::Late { extended: 65_537 }]);
    checked(&stats, 5, 1, 0, 1);
}

#[test]
fn a_packet_before_the_first_seen_is_expected_too() {
    let mut stats = StreamStats::default();
    let outcomes = feed(&mut stats, 65_535, [1, 0, 2]);
    assert_eq!(outcomes[1], Outcome::Late { extended: -1 });
    checked(&stats, 3, 0, 0, 1);
}

#[test]
fn copies_count_as_duplicates_however_late() {
    let mut stats = StreamStats::default();
    feed(&mut stats, 65_000, 0..3000);
    let outcomes = feed(&mut stats, 65_000, [2999, 2998, 100, 0]);
    assert_eq!(outcomes, [Outcome::Duplicate; 4]);
    checked(&stats, 3000, 0, 4, 0);
}

#[test]
fn a_number_is_new_again_after_the_window_went_round() {
    let mut stats = StreamStats::default();
    feed(&mut stats, 0, (0..20_000).filter(|index| index % 3 != 0));
    checked(&stats, 13_333, 6_666, 0, 0);
    let late = feed(&mut stats, 0, [19_998, 18_000]);
    assert_eq!(
        late,
        [
            Outcome::Late { extended: 19_998 },
            Outcome::Late { extended: 18_000 }
        ]
    );
}

#[test]
fn a_restarted_sender_begins_a_run_and_loses_nothing() {
    let mut stats = StreamStats::default();
    feed(&mut stats, 100, 0..50);
    let other = |index: u32| packet(40_000 + index as u16, 0x9000_0000 + index * 160);
    assert_eq!(stats.update(&other(0), 2000 * MS, 8000), Outcome::Suspect);
    assert_eq!(stats.strays(), 1);
    let Outcome::Restart { suspect, extended } = stats.update(&other(1), 2020 * MS, 8000) else {
        panic!()
    };
    assert_eq!((suspect & 0xffff, extended), (40_000, suspect + 1));
    assert!(suspect > 149 + i64::from(MAX_JUMP));
    assert_eq!(
        stats.update(&other(2), 2040 * MS, 8000),
        Outcome::Newest {
            extended: suspect + 2
        }
    );
    checked(&stats, 53, 0, 0, 0);
    assert_eq!((stats.restarts(), stats.strays()), (1, 0));
    assert!(stats.jitter_ticks() < 1e-3, "{}", stats.jitter_ticks());
}

#[test]
fn a_restart_is_confirmed_also_by_a_reordered_or_repeated_second_packet() {
    for (second, third) in [(1, 0), (0, 1), (3, 1)] {
        let mut stats = StreamStats::default();
        feed(&mut stats, 100, 0..50);
        let other = |index: u32| packet(40_000 + index as u16, 0x9000_0000 + index * 160);
        for index in [second, second, third, 4, 5] {
            stats.update(&other(index), 2000 * MS, 8000);
        }
        assert_eq!(
            (stats.packets(), stats.duplicates(), stats.restarts()),
            (54, 1, 1),
            "{second} {third}"
        );
    }
}

#[test]
fn a_restart_a_little_back_is_not_taken_for_copies() {
    let mut stats = StreamStats::default();
    feed(&mut stats, 1000, 0..500);
    let other = |index: u32| packet(1200 + index as u16, 0x9000_0000 + index * 160);
    for index in 0..500 {
        stats.update(&other(index), 20_000 * MS, 8000);
    }
    checked(&stats, 1000, 0, 0, 0);
    assert_eq!(stats.restarts(), 1);
}

/// One announcement again and again: the same numbers, but never a pause. Each packet with its number and arrival.
fn announcement(packets: u32, rounds: u32) -> Vec<(u64, u32)> {
    (0..packets * rounds)
        .map(|sent| (u64::from(sent) * 20 * MS, sent % packets))
        .collect()
}

fn feed_at(stats: &mut StreamStats, mut wire: Vec<(u64, u32)>) -> Vec<Outcome> {
    wire.sort_by_key(|&(at_ns, _)| at_ns);
    wire.iter()
        .map(|&(at_ns, index)| stats.update(&nth(1000, index), at_ns, 8000))
        .collect()
}

#[test]
fn an_announcement_that_begins_again_with_its_old_numbers_is_a_new_run() {
    for packets in [140, 300, 3000] {
        let mut stats = StreamStats::default();
        feed_at(&mut stats, announcement(packets, 3));
        checked(&stats, u64::from(packets) * 3, 0, 0, 0);
        assert_eq!((stats.restarts(), stats.strays()), (2, 0), "{packets}");
        assert!(stats.jitter_ticks() < 1e-3, "{}", stats.jitter_ticks());
    }
}

#[test]
fn a_run_that_lost_packets_begins_again_all_the_same() {
    let mut stats = StreamStats::default();
    let wire = announcement(300, 2);
    let kept = |&(at_ns, _): &(u64, u32)| at_ns >= 6000 * MS || at_ns / (20 * MS) % 3 != 1;
    feed_at(&mut stats, wire.into_iter().filter(kept).collect());
    checked(&stats, 500, 100, 0, 0);
    assert_eq!(stats.restarts(), 1);
}

#[test]
fn a_run_may_begin_again_before_the_first_packet_that_was_seen() {
    let mut stats = StreamStats::default();
    let wire = announcement(500, 2);
    feed_at(&mut stats, wire[200..].to_vec());
    checked(&stats, 800, 0, 0, 0);
    assert_eq!(stats.restarts(), 1);
}

#[test]
fn copies_of_a_whole_stream_are_duplicates_also_where_it_begins_again() {
    for delay_ms in [1, 40, 50, 250, 1990] {
        let mut stats = StreamStats::default();
        let sent = announcement(300, 3);
        let copies = sent
            .iter()
            .map(|&(at_ns, index)| (at_ns + delay_ms * MS, index));
        let wire = [sent.clone(), copies.collect()].concat();
        feed_at(&mut stats, wire);
        checked(&stats, 900, 0, 900, 0);
        assert_eq!((stats.restarts(), stats.strays()), (2, 0), "{delay_ms}");
    }
}

#[test]
fn the_capture_of_a_clock_that_lags_by_seconds_holds_copies_only() {
    let mut stats = StreamStats::default();
    let sent = announcement(1000, 1);
    let copies = sent
        .iter()
        .map(|&(at_ns, index)| (at_ns + 8003 * MS, index));
    feed_at(&mut stats, [sent.clone(), copies.collect()].concat());
    checked(&stats, 1000, 0, 1000, 0);
    assert_eq!((stats.restarts(), stats.strays()), (0, 0));
}

#[test]
fn one_copy_that_comes_much_later_is_a_duplicate_and_one_that_fills_a_gap_is_late() {
    let mut stats = StreamStats::default();
    let mut wire = announcement(400, 1);
    let (_, missing) = wire.remove(50);
    wire.extend([(6001 * MS, 40), (7001 * MS, missing)]);
    let outcomes = feed_at(&mut stats, wire);
    assert!(outcomes.contains(&Outcome::Late { extended: 1050 }));
    checked(&stats, 400, 0, 1, 1);
    assert_eq!((stats.restarts(), stats.strays()), (0, 0));
}

#[test]
fn the_second_packet_of_a_new_run_may_be_the_one_before_much_later() {
    let mut stats = StreamStats::default();
    feed(&mut stats, 100, 0..50);
    let other = |index: u16| packet(40_000 + index, 0x9000_0000);
    assert_eq!(stats.update(&other(1), 2000 * MS, 8000), Outcome::Suspect);
    let Outcome::Restart { suspect, extended } = stats.update(&other(0), 9000 * MS, 8000) else {
        panic!()
    };
    assert_eq!(suspect, extended + 1);
    checked(&stats, 52, 0, 0, 1);
}

#[test]
fn one_wild_packet_is_a_stray_and_changes_nothing() {
    let mut stats = StreamStats::default();
    feed(&mut stats, 100, 0..50);
    assert_eq!(stats.update(&packet(40_000, 5), 0, 8000), Outcome::Suspect);
    feed(&mut stats, 100, 50..100);
    checked(&stats, 100, 0, 0, 0);
    assert_eq!((stats.strays(), stats.restarts()), (1, 0));
}

#[test]
fn an_outage_of_minutes_is_loss_when_the_timestamp_went_on() {
    let mut stats = StreamStats::default();
    feed(&mut stats, 100, (0..50).chain(20_000..20_050));
    checked(&stats, 100, 19_950, 0, 0);
    assert_eq!(stats.restarts(), 0);
}

/// 20 ms frames that arrive 10 ms early and late in turn: every step differs by 20 ms, 160 ticks.
#[test]
fn jitter_settles_at_the_mean_deviation() {
    let mut stats = StreamStats::default();
    for index in 0..1000u32 {
        let offset = if index % 2 == 0 { 0 } else { 20 * MS };
        stats.update(&nth(0, index), u64::from(index) * 20 * MS + offset, 8000);
    }
    assert!(
        (stats.jitter_ticks() - 160.0).abs() < 0.5,
        "{}",
        stats.jitter_ticks()
    );
}

#[test]
fn packets_of_one_timestamp_do_not_jitter() {
    let mut stats = StreamStats::default();
    feed(&mut stats, 0, 0..50);
    for index in 50..60u32 {
        stats.update(
            &packet(index as u16, 50 * 160),
            u64::from(index) * 20 * MS,
            8000,
        );
    }
    for index in 60..70 {
        stats.update(&nth(0, index), u64::from(index) * 20 * MS, 8000);
    }
    assert!(stats.jitter_ticks() < 1e-3, "{}", stats.jitter_ticks());
}

#[test]
fn a_changed_clock_is_counted_once_and_starts_no_jitter() {
    let mut stats = StreamStats::default();
    feed(&mut stats, 0, 0..50);
    for index in 50..100u32 {
        let mut header = packet(index as u16, 123_456 + index * 960);
        header.payload_type = 96;
        stats.update(&header, u64::from(index) * 20 * MS, 48_000);
    }
    assert_eq!((stats.clock_changes(), stats.clock_hz()), (1, 48_000));
    assert!(stats.jitter_ticks() < 1e-3);
    assert_eq!(stats.payload_types(), [(8, 50), (96, 50)]);
}

#[test]
fn the_most_used_type_passes_over_those_not_eligible() {
    let mut stats = StreamStats::default();
    feed(&mut stats, 0, 0..5);
    for index in 5..20u32 {
        let mut header = nth(0, index);
        header.payload_type = 101;
        stats.update(&header, 0, 0);
    }
    assert_eq!(stats.most_used(|_| true), Some(101));
    assert_eq!(stats.most_used(|payload_type| payload_type != 101), Some(8));
    assert_eq!(stats.most_used(|_| false), None);
}

proptest! {
    /// Whatever a network does to one sender within two seconds, every distinct packet counts exactly once.
    #[test]
    fn any_disorder_is_counted_exactly(
        start: u16,
        fates in prop::collection::vec((0u32..90, 0u8..20), 1..3000),
    ) {
        let mut wire: Vec<(u32, u32)> = Vec::new();
        for (index, &(delay, fate)) in fates.iter().enumerate() {
            let index = index as u32;
            if fate != 0 {
                wire.push((index + delay, index));
            }
            if fate == 1 {
                wire.push((index + delay + 7, index));
            }
        }
        wire.sort_unstable();
        let mut distinct: Vec<u32> = wire.iter().map(|&(_, index)| index).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let mut stats = StreamStats::default();
        let outcomes: Vec<Outcome> = wire
            .iter()
            .map(|&(at, index)| stats.update(&nth(start, index), u64::from(at) * 20 * MS, 8000))
            .collect();
        prop_assert_eq!(stats.packets(), distinct.len() as u64);
        prop_assert_eq!(stats.duplicates(), (wire.len() - distinct.len()) as u64);
        if let (Some(first), Some(last)) = (distinct.first(), distinct.last()) {
            prop_assert_eq!(stats.expected(), u64::from(last - first + 1));
        }
        let mut newest = None;
        let mut late = 0;
        for (&(_, index), outcome) in wire.iter().zip(&outcomes) {
            if matches!(outcome, Outcome::Duplicate) {
                continue;
            }
            late += u64::from(newest.is_some_and(|newest| index < newest));
            newest = newest.max(Some(index));
        }
        prop_assert_eq!(stats.reordered(), late);
    }

    /// Hostile numbers keep the books balanced.
    #[test]
    fn every_packet_seen_is_in_one_column(packets in prop::collection::vec((any::<u16>(), any::<u32>(), any::<u64>(), any::<u32>()), 0..500)) {
        let mut stats = StreamStats::default();
        for &(sequence, timestamp, arrival_ns, clock_hz) in &packets {
            stats.update(&packet(sequence, timestamp), arrival_ns, clock_hz);
        }
        prop_assert_eq!(stats.packets() + stats.duplicates() + stats.strays(), packets.len() as u64);
        prop_assert_eq!(stats.expected(), stats.packets() + stats.lost());
    }
}
