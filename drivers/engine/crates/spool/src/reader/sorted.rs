//! A media file for people: its records in time order.

use std::path::Path;

use super::capture::Records;
use super::{ReadError, read_file};
use crate::format;

/// The file at `path` with its records in time order, as a nanosecond pcap of the same link type.
///
/// Records of one moment keep their order; a truncated tail is left out.
pub fn sorted_capture(path: &Path) -> Result<Vec<u8>, ReadError> {
    sort_capture(&read_file(path)?)
}

/// As [`sorted_capture`], of a file in memory.
pub fn sort_capture(bytes: &[u8]) -> Result<Vec<u8>, ReadError> {
    let mut all = Records::new(bytes)?;
    let mut records: Vec<_> = all.by_ref().collect();
    records.sort_by_key(|record| record.at_ns);
    let mut out = Vec::with_capacity(bytes.len().max(format::FILE_HEADER_BYTES));
    let mut header = format::file_header();
    header[20..24].copy_from_slice(&all.link_number.to_le_bytes());
    out.extend_from_slice(&header);
    for record in records {
        out.extend_from_slice(&format::record_header(
            record.at_ns,
            record.length as u32,
            record.original,
        ));
        out.extend_from_slice(&bytes[record.start..record.start + record.length]);
    }
    Ok(out)
}
