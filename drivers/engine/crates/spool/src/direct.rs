//! Whole files past the page cache, which would find, clear and fill pages for what nobody reads in the next moment.

use std::fs::OpenOptions;
use std::io;
use std::ops::{Deref, DerefMut};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

/// Of places in memory and in the file; no disk has larger blocks.
const ALIGNMENT: usize = 4096;
/// Written at once: a whole number of pages.
const AT_ONCE: usize = 1 << 20;
/// Below this the cache is cheaper, and gathers neighbours for the disk. Half a minute of a call are twice as much.
const FEWEST: usize = 256 << 10;

/// Bytes that a disk can fetch from where they are: they begin at the beginning of a page.
#[derive(Debug)]
pub struct Pages {
    memory: Vec<u8>,
    from: usize,
}

impl Pages {
    /// So many bytes, all of them 0.
    #[must_use]
    pub fn zeroed(length: usize) -> Self {
        let mut memory = vec![0; length + ALIGNMENT];
        let from = memory.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT);
        memory.truncate(from + length);
        Self { memory, from }
    }
}

impl Deref for Pages {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.memory[self.from..]
    }
}

impl DerefMut for Pages {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.memory[self.from..]
    }
}

/// Write a file as `std::fs::write` does. Where the file system wants the page cache, or there is little to write, it has it.
pub fn write(path: &Path, bytes: &Pages) -> io::Result<()> {
    if bytes.len() >= FEWEST {
        match write_past(path, bytes) {
            // So a file system says that it cannot. Source: open(2), O_DIRECT
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {}
            done => return done,
        }
    }
    std::fs::write(path, &bytes[..])
}

fn write_past(path: &Path, bytes: &Pages) -> io::Result<()> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .custom_flags(OFlags::DIRECT.bits() as i32)
        .open(path)?;
    let (whole, rest) = bytes.split_at(bytes.len() / ALIGNMENT * ALIGNMENT);
    let mut at = 0;
    for piece in whole.chunks(AT_ONCE) {
        file.write_all_at(piece, at)?;
        at += piece.len() as u64;
    }
    // The last page is no whole one.
    rustix::fs::fcntl_setfl(&file, OFlags::empty())?;
    file.write_all_at(rest, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(bytes: &[u8]) -> Pages {
        let mut pages = Pages::zeroed(bytes.len());
        pages.copy_from_slice(bytes);
        pages
    }

    #[test]
    fn a_file_holds_what_was_written_whatever_its_length_and_whatever_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let bytes: Vec<u8> = (0..=2 * AT_ONCE + ALIGNMENT)
            .map(|at| (at * 31 / 7) as u8)
            .collect();
        let around = |length: usize| [length - 1, length, length + 1];
        let lengths = [FEWEST, FEWEST + ALIGNMENT, AT_ONCE, 2 * AT_ONCE].map(around);
        // The longest first: nothing of a longer one may stay.
        let longest = std::iter::once(bytes.len());
        for length in longest
            .chain(lengths.into_iter().rev().flatten())
            .chain([1, 0])
        {
            write(&path, &pages(&bytes[..length])).unwrap();
            assert!(std::fs::read(&path).unwrap() == bytes[..length], "{length}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = pages(&vec![1; FEWEST]);
        assert!(write(folder.path(), &bytes).is_err());
        let missing = write(&folder.path().join("none/file"), &bytes).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        let full = write(Path::new("/dev/full"), &bytes).unwrap_err();
        assert_eq!(full.kind(), io::ErrorKind::StorageFull);
    }
}
