//! One stream's rows in the sender's order, without copies.

use rtp::{Header, Outcome, StreamStats};
use wire::FlowKey;

use super::gather::{Row, Stream};

/// The clock that jitter is counted in; Python counts anew where the SDP says otherwise.
const CLOCK_HZ: u32 = 8000;

/// A row and its place.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    /// Extended sequence number; one sequence over all runs.
    pub extended: i64,
    /// Index of its row.
    pub row: u32,
}

/// A stream in order.
#[derive(Debug)]
pub struct Ordered {
    /// From where to where.
    pub key: FlowKey,
    /// Who is heard.
    pub ssrc: u32,
    /// Every packet seen, in order of arrival.
    pub rows: Vec<Row>,
    /// The distinct ones in the sender's order.
    pub placed: Vec<Placed>,
    /// Index in `placed` of the first packet of each run.
    pub run_starts: Vec<u32>,
    /// Counts.
    pub stats: StreamStats,
}

/// Put the rows of one stream in order.
pub fn order(mut stream: Stream) -> Ordered {
    if !stream.in_time {
        // Packets that were held before their SDP came may stand behind later ones in the file.
        stream.rows.sort_by_key(|row| row.arrival_ns);
    }
    let mut stats = StreamStats::default();
    let mut placed = Vec::with_capacity(stream.rows.len());
    let mut newest = i64::MIN;
    let mut ends = Vec::new();
    let mut sorted = true;
    let mut suspect = 0;
    for (row, packet) in stream.rows.iter().enumerate() {
        let row = row as u32;
        match stats.update(&header(packet, stream.ssrc), packet.arrival_ns, CLOCK_HZ) {
            Outcome::Newest { extended } => {
                placed.push(Placed { extended, row });
                newest = extended;
            }
            Outcome::Late { extended } => {
                placed.push(Placed { extended, row });
                sorted = false;
            }
            Outcome::Duplicate => {}
            Outcome::Suspect => suspect = row,
            Outcome::Restart {
                suspect: first,
                extended,
            } => {
                ends.push(newest);
                placed.push(Placed {
                    extended: first,
                    row: suspect,
                });
                placed.push(Placed { extended, row });
                sorted &= first < extended;
                newest = first.max(extended);
            }
        }
    }
    if !sorted {
        placed.sort_unstable_by_key(|place| place.extended);
    }
    let run_starts = join_runs(&mut placed, &ends);
    Ordered {
        key: stream.key,
        ssrc: stream.ssrc,
        rows: stream.rows,
        placed,
        run_starts,
        stats,
    }
}

/// Let each run go on where the one before ended; `ends` are the last numbers of all runs but the last.
fn join_runs(placed: &mut [Placed], ends: &[i64]) -> Vec<u32> {
    let mut starts = vec![0];
    let mut from = 0;
    for end in ends {
        from += placed[from..].partition_point(|place| place.extended <= *end);
        starts.push(from as u32);
    }
    let mut shift = 0;
    for run in 1..starts.len() {
        let from = starts[run] as usize;
        let to = starts
            .get(run + 1)
            .map_or(placed.len(), |&next| next as usize);
        let (before, rest) = placed.split_at_mut(from);
        if let (Some(last), Some(first)) = (before.last(), rest.first()) {
            shift = first.extended - last.extended - 1;
        }
        for place in &mut rest[..to - from] {
            place.extended -= shift;
        }
    }
    starts
}

fn header(row: &Row, ssrc: u32) -> Header {
    Header {
        marker: row.marker,
        payload_type: row.payload_type,
        sequence: row.sequence,
        timestamp: row.timestamp,
        ssrc,
        payload_start: 0,
        payload_len: row.length,
        bad_padding: false,
    }
}
