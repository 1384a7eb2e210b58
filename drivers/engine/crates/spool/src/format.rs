//! The one place that knows the layout of `media.pcap`: nanosecond pcap, little endian, raw IP.
//!
//! Shape: a file header of 24 bytes, then records of 16 bytes of header and one IP packet each.
//! Source: draft-ietf-opsawg-pcap, `LINKTYPE_RAW` (101)

/// Nanosecond magic, as it stands in the file read as little endian.
pub const MAGIC_NS: u32 = 0xa1b2_3c4d;
/// Link type: the packet begins with its IP header.
pub const LINKTYPE_RAW: u32 = 101;
/// Bytes of the file header.
pub const FILE_HEADER_BYTES: usize = 24;
/// Bytes of a record's header.
pub const RECORD_HEADER_BYTES: usize = 16;
/// Longest packet a record holds: an IPv4 packet's total length, or an IPv6 header and its payload.
pub const SNAP_BYTES: u32 = 65_575;

/// The header every media file begins with.
#[must_use]
pub fn file_header() -> [u8; FILE_HEADER_BYTES] {
    let mut header = [0u8; FILE_HEADER_BYTES];
    header[0..4].copy_from_slice(&MAGIC_NS.to_le_bytes());
    header[4..6].copy_from_slice(&2u16.to_le_bytes());
    header[6..8].copy_from_slice(&4u16.to_le_bytes());
    header[16..20].copy_from_slice(&SNAP_BYTES.to_le_bytes());
    header[20..24].copy_from_slice(&LINKTYPE_RAW.to_le_bytes());
    header
}

/// The header of one record. Units: `at_ns` since 1970; the format ends in the year 2106.
#[must_use]
#[inline]
pub fn record_header(at_ns: u64, captured: u32, original: u32) -> [u8; RECORD_HEADER_BYTES] {
    let mut header = [0u8; RECORD_HEADER_BYTES];
    header[0..4].copy_from_slice(&((at_ns / 1_000_000_000) as u32).to_le_bytes());
    header[4..8].copy_from_slice(&((at_ns % 1_000_000_000) as u32).to_le_bytes());
    header[8..12].copy_from_slice(&captured.to_le_bytes());
    header[12..16].copy_from_slice(&original.to_le_bytes());
    header
}
