//! The records of a pcap file in memory: both byte orders, both resolutions, any damage after the header.

use wire::Link;

use super::ReadError;

const FILE_HEADER: usize = 24;
const RECORD_HEADER: usize = 16;

/// Source: `MAXIMUM_SNAPLEN` of libpcap; a longer record is damage.
const MAX_RECORD: u32 = 262_144;

/// One record; `data` is `bytes[start..start + length]` of the file.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    /// Nanoseconds since 1970.
    pub at_ns: u64,
    /// Where its packet begins in the file.
    pub start: usize,
    /// Captured bytes.
    pub length: usize,
    /// Bytes on the wire.
    pub original: u32,
}

/// Walks the records of one file.
pub struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
    swapped: bool,
    fraction_ns: u64,
    /// What stands before the IP header.
    pub link: Link,
    /// The link type's number.
    pub link_number: u32,
    /// The file ends within a record, or goes on with something else.
    pub truncated: bool,
}

impl<'a> Records<'a> {
    /// Read the file header. A file cut within it (also an empty one) has no records and is truncated.
    ///
    /// Source: draft-ietf-opsawg-pcap §4
    pub fn new(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let mut records = Self {
            bytes,
            at: bytes.len().min(FILE_HEADER),
            swapped: false,
            fraction_ns: 1,
            link: Link::Raw,
            link_number: 101,
            truncated: bytes.len() < FILE_HEADER,
        };
        let Some(magic) = word(bytes, 0) else {
            return Ok(records);
        };
        (records.swapped, records.fraction_ns) = match magic {
            0xa1b2_3c4d => (false, 1),
            0xa1b2_c3d4 => (false, 1000),
            0x4d3c_b2a1 => (true, 1),
            0xd4c3_b2a1 => (true, 1000),
            _ => return Err(ReadError::NotAPcap(magic)),
        };
        if let Some(number) = records.word(20) {
            records.link = Link::from_number(number).ok_or(ReadError::Link(number))?;
            records.link_number = number;
        }
        Ok(records)
    }

    fn word(&self, at: usize) -> Option<u32> {
        word(self.bytes, at).map(|word| {
            if self.swapped {
                word.swap_bytes()
            } else {
                word
            }
        })
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    #[inline]
    fn next(&mut self) -> Option<Record> {
        if self.at == self.bytes.len() || self.truncated {
            return None;
        }
        let head = self
            .bytes
            .get(self.at..self.at + RECORD_HEADER)
            .and_then(|head| {
                let [seconds, fraction, length, original] = [0, 4, 8, 12].map(|at| {
                    u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]])
                });
                let fields = [seconds, fraction, length, original];
                let [seconds, fraction, length, original] = if self.swapped {
                    fields.map(u32::swap_bytes)
                } else {
                    fields
                };
                let start = self.at + RECORD_HEADER;
                // A tail of zeros, as a power cut leaves it, would read as empty records of 1970.
                let whole = length <= MAX_RECORD
                    && length as usize <= self.bytes.len() - start
                    && original > 0;
                whole.then(|| Record {
                    at_ns: u64::from(seconds) * 1_000_000_000
                        + u64::from(fraction) * self.fraction_ns,
                    start,
                    length: length as usize,
                    original,
                })
            });
        match head {
            Some(record) => self.at = record.start + record.length,
            None => self.truncated = true,
        }
        head
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let (word, _) = bytes.get(at..)?.split_first_chunk::<4>()?;
    Some(u32::from_le_bytes(*word))
}
