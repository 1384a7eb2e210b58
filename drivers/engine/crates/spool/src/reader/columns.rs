//! The blob: one array a column, each at a multiple of eight bytes, then the payload.

use super::gather::Row;
use super::header::StreamHeader;
use super::order::Ordered;

/// Round up so that numpy can look at the next array where it stands.
const fn aligned(bytes: usize) -> usize {
    bytes.next_multiple_of(8)
}

pub(super) fn payload_bytes(stream: &Ordered) -> usize {
    stream
        .placed
        .iter()
        .map(|place| usize::from(stream.rows[place.row as usize].length))
        .sum()
}

/// Bytes of all columns of `stream`.
pub fn bytes(stream: &Ordered) -> usize {
    let rows = stream.placed.len();
    3 * 8 * rows
        + aligned(4 * rows)
        + aligned(2 * rows)
        + 2 * aligned(rows)
        + aligned(payload_bytes(stream))
}

/// Cuts the next array from the room that is left.
struct Room<'a> {
    left: &'a mut [u8],
    at: usize,
}

impl<'a> Room<'a> {
    /// An array of `bytes` bytes and its offset in the blob.
    fn cut(&mut self, bytes: usize) -> (usize, &'a mut [u8]) {
        let left = std::mem::take(&mut self.left);
        let (whole, rest) = left.split_at_mut(aligned(bytes).min(left.len()));
        let at = self.at;
        self.left = rest;
        self.at += whole.len();
        (at, &mut whole[..bytes])
    }

    fn column<const N: usize>(
        &mut self,
        stream: &Ordered,
        value: impl Fn(&Row) -> [u8; N],
    ) -> usize {
        let (at, array) = self.cut(stream.placed.len() * N);
        for (cell, place) in array.chunks_exact_mut(N).zip(&stream.placed) {
            cell.copy_from_slice(&value(&stream.rows[place.row as usize]));
        }
        at
    }
}

/// Write the columns of `stream` into `room`, which begins at `at` in the blob and is [`bytes`] long.
pub fn write(stream: &Ordered, file: &[u8], room: &mut [u8], at: usize) -> StreamHeader {
    let rows = stream.placed.len();
    let mut room = Room { left: room, at };
    let (seq_at, array) = room.cut(8 * rows);
    for (cell, place) in array.chunks_exact_mut(8).zip(&stream.placed) {
        cell.copy_from_slice(&place.extended.to_le_bytes());
    }
    let (timestamp_at, array) = room.cut(8 * rows);
    timestamps(stream, array);
    let arrival_at = room.column(stream, |row| row.arrival_ns.to_le_bytes());
    let (start_at, array) = room.cut(4 * rows);
    let mut start = 0u32;
    for (cell, place) in array.chunks_exact_mut(4).zip(&stream.placed) {
        cell.copy_from_slice(&start.to_le_bytes());
        start += u32::from(stream.rows[place.row as usize].length);
    }
    let length_at = room.column(stream, |row| row.length.to_le_bytes());
    let pt_at = room.column(stream, |row| [row.payload_type]);
    let marker_at = room.column(stream, |row| [u8::from(row.marker)]);
    let (payload_at, payload) = room.cut(start as usize);
    let end = payload.len();
    copy_payload(stream, file, payload);
    let stats = &stream.stats;
    StreamHeader {
        src: stream.key.src.to_string(),
        dst: stream.key.dst.to_string(),
        ssrc: stream.ssrc,
        packets: stats.packets(),
        seen: stream.rows.len() as u64,
        duplicates: stats.duplicates(),
        reordered: stats.reordered(),
        strays: stats.strays(),
        lost: stats.lost(),
        expected: stats.expected(),
        jitter_ticks: stats.jitter_ticks(),
        pts: stats.payload_types().iter().copied().collect(),
        run_starts: stream.run_starts.clone(),
        payload_sha256: hashing::hex(&hashing::sha256(payload)),
        first_ns: stats.first_ns(),
        last_ns: stats.last_ns(),
        seq_at,
        timestamp_at,
        arrival_at,
        start_at,
        length_at,
        pt_at,
        marker_at,
        payload_at,
        payload_bytes: end,
    }
}

/// The payload in the sender's order; `room` is [`payload_bytes`] long.
pub(super) fn copy_payload(stream: &Ordered, file: &[u8], room: &mut [u8]) {
    let mut end = 0;
    for place in &stream.placed {
        let row = stream.rows[place.row as usize];
        let (from, length) = (row.at as usize, usize::from(row.length));
        room[end..end + length].copy_from_slice(&file[from..from + length]);
        end += length;
    }
}

/// Timestamps over their 32-bit wrap, in both directions; every run begins with its own value.
fn timestamps(stream: &Ordered, array: &mut [u8]) {
    let mut runs = stream
        .run_starts
        .iter()
        .map(|&start| start as usize)
        .peekable();
    let mut last = 0i64;
    for (index, (cell, place)) in array.chunks_exact_mut(8).zip(&stream.placed).enumerate() {
        let timestamp = stream.rows[place.row as usize].timestamp;
        last = if runs.next_if_eq(&index).is_some() {
            i64::from(timestamp)
        } else {
            last + i64::from(timestamp.wrapping_sub(last as u32) as i32)
        };
        cell.copy_from_slice(&last.to_le_bytes());
    }
}
