//! Plain streams onto a stereo file of G.711: the samples, the waveform's peaks, and how loud each side is.
//!
//! The layout of the peaks file is that of `appliance.media.peaks`, the figures are those of `appliance.media.quality`;
//! both are compared with what Python makes in `tests/property`.

use super::Media;
use super::plain::{TICK_NS, rows};
use crate::direct::Pages;

/// One stream of the recording.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Its number.
    pub stream: usize,
    /// 0 caller, 1 callee.
    pub column: usize,
    /// The frame of its first sample.
    pub frame: i64,
    /// Its codes in the law of the file; none when they are that already.
    pub translation: Option<[u8; 256]>,
}

/// What is to be made.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Everything before the samples.
    pub head: Vec<u8>,
    /// Length of the recording.
    pub frames: usize,
    /// The first moment of the recording, and that from which no packet counts.
    pub window_ns: (i64, i64),
    /// The code of silence.
    pub silence: u8,
    /// The file's law is µ-law, else A-law.
    pub is_ulaw: bool,
    /// The linear value of each code.
    pub expansion: [i16; 256],
    /// Earlier streams first: later ones cover them.
    pub heard: Vec<Heard>,
}

/// How one side sounds. The unit of the first three is a peak of 20 ms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loudness {
    /// All of them.
    pub peaks: u64,
    /// Those that are no silence.
    pub loud: u64,
    /// Those at full scale.
    pub clipped: u64,
    /// Samples that were looked at …
    pub picked: u64,
    /// … and the sum of their squares.
    pub power: u64,
}

/// What was made.
#[derive(Debug)]
pub struct Picture {
    /// The whole file.
    pub audio: Pages,
    /// The whole peaks file.
    pub peaks: Vec<u8>,
    /// Of each side.
    pub loudness: [Loudness; 2],
}

const RATE_HZ: u32 = 8000;
const PER_PEAK: usize = 160;
const ZOOM: usize = 8;
const FEWEST: usize = 64;
/// What is only just outside counts as inside.
const OVERSHOOT_NS: i64 = 20_000_000;
const EVERY: usize = 23;
const SILENT_PEAK: i8 = 1;
const FULL_PEAK: i8 = 125;

/// A minimum and a maximum, in 1/128 of full scale.
type Pair = [i8; 2];

impl Media {
    /// How many packets of a plain stream count within a window, and the latest end of their audio.
    #[must_use]
    pub fn extent(&self, stream: usize, window_ns: (i64, i64)) -> (u64, i64) {
        let (mut count, mut last_ns) = (0, i64::MIN);
        let Some((stream, plain)) = self.plain_stream(stream) else {
            return (0, last_ns);
        };
        let mut at_ns = plain.base_ns;
        for row in rows(stream) {
            let end_ns = at_ns + i64::from(row.length) * TICK_NS;
            if (row.arrival_ns as i64) < window_ns.1
                && end_ns > window_ns.0
                && at_ns < window_ns.1 + OVERSHOOT_NS
            {
                count += 1;
                last_ns = last_ns.max(end_ns);
            }
            at_ns = end_ns;
        }
        (count, last_ns)
    }

    /// Make the recording. None when a stream of the plan is not there or not plain.
    #[must_use]
    pub fn picture(&self, plan: &Plan) -> Option<Picture> {
        let mut columns = [
            vec![plan.silence; plan.frames],
            vec![plan.silence; plan.frames],
        ];
        for heard in &plan.heard {
            self.paint(heard, plan, columns.get_mut(heard.column)?)?;
        }
        let mut loudness = [Loudness::default(); 2];
        let mut finest = [Vec::new(), Vec::new()];
        let amplitudes = amplitudes(plan);
        for side in 0..2 {
            finest[side] = peaks(&columns[side], plan.is_ulaw, &amplitudes);
            loudness[side] = listen(&columns[side], &finest[side], &plan.expansion);
        }
        Some(Picture {
            audio: interleaved(&plan.head, &columns),
            peaks: peaks_file(plan.frames, finest),
            loudness,
        })
    }

    fn paint(&self, heard: &Heard, plan: &Plan, column: &mut [u8]) -> Option<()> {
        let (stream, _) = self.plain_stream(heard.stream)?;
        let codes = self.payload(heard.stream)?;
        let mut from = 0;
        let mut put = |from: usize, to: usize| {
            let part = &codes[from..to];
            let at = heard.frame + from as i64;
            let skipped = usize::try_from(-at).unwrap_or(0).min(part.len());
            let start = usize::try_from(at).unwrap_or(0).min(column.len());
            let length = (part.len() - skipped).min(column.len() - start);
            let (part, room) = (
                &part[skipped..skipped + length],
                &mut column[start..start + length],
            );
            match &heard.translation {
                None => room.copy_from_slice(part),
                Some(table) => {
                    for (cell, code) in room.iter_mut().zip(part) {
                        *cell = table[usize::from(*code)];
                    }
                }
            }
        };
        // What came after the end is left out, and breaks the stretch.
        let mut to = 0;
        for row in rows(stream) {
            let end = to + usize::from(row.length);
            if row.arrival_ns as i64 >= plan.window_ns.1 {
                put(from, to);
                from = end;
            }
            to = end;
        }
        put(from, to);
        Some(())
    }
}

/// A code as a number that orders as amplitudes do.
#[inline]
fn rank(code: u8, is_ulaw: bool) -> u8 {
    if is_ulaw {
        let sign = ((code as i8) >> 7) as u8;
        code ^ (sign & 0x7f)
    } else {
        let code = code ^ 0x55;
        let sign = ((code as i8) >> 7) as u8;
        code ^ (!sign & 0x7f)
    }
}

/// The upper byte of the linear value of each rank.
fn amplitudes(plan: &Plan) -> [i8; 256] {
    let mut table = [0; 256];
    for code in 0..=255u8 {
        table[usize::from(rank(code, plan.is_ulaw))] =
            (plan.expansion[usize::from(code)] >> 8) as i8;
    }
    table
}

fn peaks(column: &[u8], is_ulaw: bool, amplitudes: &[i8; 256]) -> Vec<Pair> {
    // The law is chosen outside of the loop, so that the compiler makes vectors of either.
    if is_ulaw {
        extremes(column, |code| rank(code, true), amplitudes)
    } else {
        extremes(column, |code| rank(code, false), amplitudes)
    }
}

#[inline]
fn extremes(column: &[u8], rank: impl Fn(u8) -> u8 + Copy, amplitudes: &[i8; 256]) -> Vec<Pair> {
    let of = |chunk: &[u8]| {
        let (mut low, mut high) = (255, 0);
        for &code in chunk {
            let rank = rank(code);
            low = low.min(rank);
            high = high.max(rank);
        }
        [amplitudes[usize::from(low)], amplitudes[usize::from(high)]]
    };
    let whole = column.chunks_exact(PER_PEAK);
    let rest = whole.remainder();
    let mut found: Vec<Pair> = whole.map(of).collect();
    if !rest.is_empty() {
        found.push(of(rest));
    }
    found
}

fn listen(column: &[u8], peaks: &[Pair], expansion: &[i16; 256]) -> Loudness {
    let mut found = Loudness {
        peaks: peaks.len() as u64,
        ..Loudness::default()
    };
    for &[low, high] in peaks {
        // A minimum is the floor of the true value: -1 stands for -256 … -1.
        found.loud += u64::from(high >= SILENT_PEAK || low < -SILENT_PEAK);
        found.clipped += u64::from(high >= FULL_PEAK || low < -FULL_PEAK);
    }
    for &code in column.iter().step_by(EVERY) {
        let value = i64::from(expansion[usize::from(code)]);
        found.picked += 1;
        found.power += (value * value) as u64;
    }
    found
}

fn interleaved(head: &[u8], columns: &[Vec<u8>; 2]) -> Pages {
    let [left, right] = columns;
    let mut audio = Pages::zeroed(head.len() + 2 * left.len());
    let (start, frames) = audio.split_at_mut(head.len());
    start.copy_from_slice(head);
    for ((frame, &left), &right) in frames.chunks_exact_mut(2).zip(left).zip(right) {
        frame[0] = left;
        frame[1] = right;
    }
    audio
}

/// Source: `appliance/media/peaks.py`, where the layout is written
fn peaks_file(frames: usize, finest: [Vec<Pair>; 2]) -> Vec<u8> {
    let mut levels = vec![finest];
    while let Some(last) = levels.last()
        && last[0].len() >= ZOOM * FEWEST
    {
        let next = [coarser(&last[0]), coarser(&last[1])];
        levels.push(next);
    }
    let mut file = b"TPK1".to_vec();
    file.extend(1u16.to_le_bytes());
    file.extend([2, levels.len() as u8]);
    file.extend(RATE_HZ.to_le_bytes());
    file.extend((frames as u64).to_le_bytes());
    let mut per_peak = PER_PEAK as u32;
    for level in &levels {
        file.extend(per_peak.to_le_bytes());
        file.extend((level[0].len() as u32).to_le_bytes());
        per_peak = per_peak.saturating_mul(ZOOM as u32);
    }
    for level in &levels {
        for channel in level {
            file.extend(channel.iter().flatten().map(|&value| value as u8));
        }
    }
    file
}

fn coarser(pairs: &[Pair]) -> Vec<Pair> {
    pairs
        .chunks(ZOOM)
        .map(|chunk| {
            chunk
                .iter()
                .fold([i8::MAX, i8::MIN], |[low, high], &[least, most]| {
                    [low.min(least), high.max(most)]
                })
        })
        .collect()
}
