//! Streams that nothing harmed: telephone audio whose every packet is there, in one format, where its timestamp says.
//!
//! For these the place of each packet is arithmetic on whole numbers, done here in one pass; what is found equals what
//! `appliance.media.timeline` and `appliance.media.quality` find for them packet by packet. Every other stream has no
//! [`Plain`] and goes that way.
//!
//! Source: RFC 3550 §5.1 (timestamp), §6.4.1 (interarrival jitter), RFC 3551 §4.5.14 (a byte is a tick of 8000 Hz)

use serde::Serialize;

use super::gather::Row;
use super::order::Ordered;

const S: i64 = 1_000_000_000;
const MS: i64 = 1_000_000;
/// One tick of 8000 Hz.
pub const TICK_NS: i64 = 125_000;
/// A step that arrival contradicts by more is looked at by the general way.
const JUMP_NS: i64 = 100 * MS;
/// The quickest packets of this beginning anchor the stream.
const ANCHOR_NS: i64 = 5 * S;
/// With fewer packets the quickest one counts, else the third: two may lie.
const FEW: usize = 50;
/// A longer packet is none of a telephone.
const LONGEST: u16 = 4000;
/// Blocks in which the lateness of long streams is followed, and the packets that make one.
const BLOCK_NS: i64 = 10 * S;
const BLOCK_ROWS: usize = 25;
/// Lateness that a telephone does not bear.
const LATE_NS: i64 = 80 * MS;
/// Steps of the quality's course.
const STEP_S: i64 = 5;
const MOST_STEPS: i64 = 1440;
/// Streams above this are rendered in pieces by the general way.
const MOST_BYTES: usize = 64 << 20;

/// What is told of a plain stream. Shape: arrays, in the order of the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plain {
    /// Earliest and latest arrival of a distinct packet. Units: nanoseconds since 1970.
    pub arrival_ns: (i64, i64),
    /// The moment of the first sample. Units: nanoseconds since 1970.
    pub base_ns: i64,
    /// Arrival of the first packet of the sequence.
    pub begins_ns: i64,
    /// From the first sample of the first packet to that of the last.
    pub span_ns: i64,
    /// Length of the audio. Units: ticks.
    pub ticks: i64,
    /// (middle, least lateness) of each block of a stream of 20 s and more. Units: nanoseconds from `base_ns`.
    pub lateness: Vec<(i64, i64)>,
    /// Length of a step of the course.
    pub step_s: i64,
    /// (number of the step, its packets, the sum of changes of transit time in nanoseconds) of each step that has packets.
    pub course: Vec<(i64, i64, i64)>,
    /// Some packet may have come too late to be heard.
    pub is_late: bool,
}

/// The rows of `stream` in the sender's order.
pub fn rows(stream: &Ordered) -> impl Iterator<Item = &Row> + Clone {
    stream
        .placed
        .iter()
        .map(|place| &stream.rows[place.row as usize])
}

/// Look at a stream; none when anything about it needs thought.
#[must_use]
pub fn plain(stream: &Ordered) -> Option<Plain> {
    if stream.run_starts.len() != 1
        || stream.stats.lost() != 0
        || stream.stats.payload_types().len() != 1
    {
        return None;
    }
    let first = rows(stream).next()?;
    let begin_ns = first.arrival_ns as i64;
    let mut late = Vec::with_capacity(stream.placed.len());
    let mut places = Vec::with_capacity(stream.placed.len());
    let mut steps = Vec::with_capacity(stream.placed.len());
    let mut own = 0;
    let mut before = *first;
    let mut newest_ns = begin_ns;
    let mut span = (begin_ns, begin_ns);
    for (index, row) in rows(stream).enumerate() {
        let arrival_ns = row.arrival_ns as i64;
        let mut moved = 0;
        if row.length == 0 || row.length > LONGEST {
            return None;
        }
        if index > 0 {
            if row.timestamp.wrapping_sub(before.timestamp) != u32::from(before.length) {
                return None;
            }
            moved = arrival_ns - before.arrival_ns as i64 - i64::from(before.length) * TICK_NS;
            if moved.abs() > JUMP_NS {
                return None;
            }
            own += i64::from(before.length);
        }
        newest_ns = newest_ns.max(arrival_ns);
        span = (span.0.min(arrival_ns), span.1.max(arrival_ns));
        late.push(arrival_ns - begin_ns - own * TICK_NS);
        places.push(newest_ns - begin_ns);
        steps.push(moved);
        before = *row;
    }
    let ticks = own + i64::from(before.length);
    if own > (span.1 - span.0 + 10 * S) / TICK_NS || ticks as usize > MOST_BYTES {
        return None;
    }
    let anchor = anchor(stream, begin_ns, &late)?;
    let step_s = step_s(newest_ns - begin_ns);
    Some(Plain {
        arrival_ns: span,
        base_ns: begin_ns + anchor,
        begins_ns: begin_ns,
        span_ns: own * TICK_NS,
        ticks,
        lateness: lateness(stream, &late, anchor, own * TICK_NS),
        step_s,
        course: course(&places, &steps, step_s),
        is_late: is_late(&steps),
    })
}

fn anchor(stream: &Ordered, begin_ns: i64, late: &[i64]) -> Option<i64> {
    let mut early: Vec<i64> = rows(stream)
        .zip(late)
        .filter(|(row, _)| row.arrival_ns as i64 - begin_ns <= ANCHOR_NS)
        .map(|(_, &late)| late)
        .collect();
    floor(&mut early)
}

/// The lateness of the quickest packets.
fn floor(late: &mut [i64]) -> Option<i64> {
    if late.len() < FEW {
        return late.iter().copied().min();
    }
    let (_, third, _) = late.select_nth_unstable(2);
    Some(*third)
}

fn lateness(stream: &Ordered, late: &[i64], anchor: i64, span_ns: i64) -> Vec<(i64, i64)> {
    if span_ns < 2 * BLOCK_NS {
        return Vec::new();
    }
    let mut blocks = Vec::new();
    let mut held: Vec<i64> = Vec::new();
    let (mut at, mut begin, mut last, mut number) = (0, 0, 0, 0);
    for (row, late) in rows(stream).zip(late) {
        let at_ns = at * TICK_NS;
        // The last edge is below the whole length.
        let block = (at_ns / BLOCK_NS).min((span_ns - 1) / BLOCK_NS);
        if block != number {
            end_block(&mut blocks, &mut held, begin, last);
            (begin, number) = (at_ns, block);
        }
        held.push(late - anchor);
        last = at_ns;
        at += i64::from(row.length);
    }
    end_block(&mut blocks, &mut held, begin, last);
    blocks
}

fn end_block(blocks: &mut Vec<(i64, i64)>, held: &mut Vec<i64>, begin: i64, last: i64) {
    if held.len() >= BLOCK_ROWS
        && let Some(floor) = floor(held)
    {
        blocks.push((i64::midpoint(begin, last), floor));
    }
    held.clear();
}

fn step_s(span_ns: i64) -> i64 {
    let mut step_s = STEP_S;
    while span_ns >= MOST_STEPS * step_s * S {
        step_s *= 2;
    }
    step_s
}

fn course(places: &[i64], steps: &[i64], step_s: i64) -> Vec<(i64, i64, i64)> {
    let mut course: Vec<(i64, i64, i64)> = Vec::new();
    for (after_ns, moved) in places.iter().zip(steps) {
        let place = after_ns / (step_s * S);
        match course.last_mut() {
            Some((newest, heard, sum)) if *newest == place => {
                *heard += 1;
                *sum += moved.abs();
            }
            _ => course.push((place, 1, moved.abs())),
        }
    }
    course
}

fn is_late(steps: &[i64]) -> bool {
    let (mut lag, mut least, mut most) = (0i64, 0i64, 0i64);
    for moved in steps {
        lag += moved;
        least = least.min(lag);
        most = most.max(lag);
    }
    most - least > LATE_NS
}
