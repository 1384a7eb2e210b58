//! Columns of every stream of one media file, its SIP messages, and its records in time order.
//!
//! The file is read once into memory. A packet becomes one [`gather::Row`]; the rows of each stream are then put into
//! the sender's order by `rtp::StreamStats`, the same code that counts live, and written out as columns. Memory is
//! the file, its columns, and 24 bytes a packet; files above [`MAX_FILE_BYTES`] are refused.

mod capture;
mod columns;
mod gather;
mod header;
mod order;
mod outline;
pub mod picture;
pub mod plain;
mod sip;
mod sorted;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use thiserror::Error;

pub use sorted::{sort_capture, sorted_capture};

use gather::Gathered;
use order::Ordered;
use plain::Plain;

/// The largest file that is read: offsets into it are 32 bits wide. Days of one call.
pub const MAX_FILE_BYTES: u64 = u32::MAX as u64;

/// Why a media file cannot be read. Damage after its first bytes is no reason: what is before it is read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The operating system says no.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The file is a folder, a pipe or a device.
    #[error("not a regular file")]
    NotAFile,
    /// More than [`MAX_FILE_BYTES`].
    #[error("{0} bytes are more than the limit of {MAX_FILE_BYTES}")]
    TooLarge(u64),
    /// Its first bytes are no pcap header.
    #[error("not a pcap file (magic {0:#010x})")]
    NotAPcap(u32),
    /// A pcap of something we do not read.
    #[error("link type {0} is not read")]
    Link(u32),
}

/// One media file, read and put in order; [`Media::write`] gives it away.
pub struct Media {
    bytes: Vec<u8>,
    gathered: Gathered,
    streams: Vec<Ordered>,
    /// What [`Media::outline`] found, a stream each.
    seen: Vec<outline::Seen>,
}

impl Media {
    /// Read the file at `path`.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        Self::parse(read_file(path)?)
    }

    /// Read what a file holds. Used by [`Media::read`] and by the fuzzer.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, ReadError> {
        let mut gathered = gather::gather(&bytes)?;
        let mut streams: Vec<Ordered> = gathered.take_streams().map(order::order).collect();
        streams.sort_by_key(|stream| stream.stats.first_ns());
        Ok(Self {
            bytes,
            gathered,
            streams,
            seen: Vec::new(),
        })
    }

    /// The file's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn plain_stream(&self, number: usize) -> Option<(&Ordered, &Plain)> {
        let plain = self.seen.get(number)?.plain.as_ref()?;
        Some((self.streams.get(number)?, plain))
    }

    /// The payload of a plain stream in the sender's order.
    fn payload(&self, number: usize) -> Option<&[u8]> {
        Some(&self.seen.get(number)?.payload)
    }

    /// Bytes that [`Media::write`] fills.
    #[must_use]
    pub fn blob_len(&self) -> usize {
        self.streams.iter().map(columns::bytes).sum()
    }

    /// Write the columns into `blob`, which is [`Media::blob_len`] bytes long, and return the header as `MessagePack`.
    #[must_use]
    pub fn write(&self, blob: &mut [u8]) -> Vec<u8> {
        let mut streams = Vec::with_capacity(self.streams.len());
        let mut at = 0;
        for stream in &self.streams {
            let end = at + columns::bytes(stream);
            let Some(room) = blob.get_mut(at..end) else {
                break;
            };
            streams.push(columns::write(stream, &self.bytes, room, at));
            at = end;
        }
        header::encode(&self.gathered, streams)
    }
}

/// Header and blob of the media file at `path`, as the border hands them to Python.
pub fn read_media(path: &Path) -> Result<(Vec<u8>, Vec<u8>), ReadError> {
    let media = Media::read(path)?;
    let mut blob = vec![0; media.blob_len()];
    let header = media.write(&mut blob);
    Ok((header, blob))
}

fn read_file(path: &Path) -> Result<Vec<u8>, ReadError> {
    let file = File::open(path)?;
    let facts = file.metadata()?;
    if !facts.is_file() {
        return Err(ReadError::NotAFile);
    }
    if facts.len() > MAX_FILE_BYTES {
        return Err(ReadError::TooLarge(facts.len()));
    }
    // The file of a running call grows while we read: what it holds now is enough.
    let mut bytes = Vec::with_capacity(facts.len() as usize + 1);
    file.take(facts.len()).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
