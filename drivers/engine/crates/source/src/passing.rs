//! A capture file as a stream of bytes that leaves nothing behind in the page cache.
//!
//! A capture is often larger than all memory and is read once. What was read is given back at once: what is written
//! meanwhile takes these very pages, where it would push others' out, or would be the first to touch memory, which a
//! virtual machine pays dearly. What is not on the disk yet, or is mapped by somebody, stays.

use std::fs::File;
use std::io::{self, Read};
use std::num::NonZeroU64;

use rustix::fs::{Advice, fadvise};

/// Given back at once.
const AT_ONCE: u64 = 1 << 20;

/// An open file, read from where it stands.
#[derive(Debug)]
pub struct Passing {
    file: File,
    /// Bytes that were read, and how many of them were given back.
    read: u64,
    given_back: u64,
}

impl Passing {
    /// Units: `read` bytes of the file have been read so far.
    pub fn new(file: File, read: u64) -> Self {
        Self {
            file,
            read,
            given_back: 0,
        }
    }

    fn give_back(&mut self) {
        let length = NonZeroU64::new(self.read - self.given_back);
        // A pipe has no pages to give back; a length of nothing would mean all that follows.
        if length.is_some() {
            let _ = fadvise(&self.file, self.given_back, length, Advice::DontNeed);
        }
        self.given_back = self.read;
    }
}

impl Read for Passing {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let got = self.file.read(room)?;
        self.read += got as u64;
        if got == 0 || self.read - self.given_back >= AT_ONCE {
            self.give_back();
        }
        Ok(got)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn all_of_a_file_is_read_and_it_stays_what_it_was() {
        let bytes: Vec<u8> = (0..3 * AT_ONCE + 5).map(|at| (at / 7) as u8).collect();
        let mut path = tempfile::NamedTempFile::new().unwrap();
        path.write_all(&bytes).unwrap();
        path.as_file().sync_all().unwrap();
        for _ in 0..2 {
            let mut passing = Passing::new(path.reopen().unwrap(), 0);
            let mut read = Vec::new();
            passing.read_to_end(&mut read).unwrap();
            assert!(read == bytes);
            assert_eq!(passing.given_back, bytes.len() as u64);
        }
    }

    #[test]
    fn a_pipe_is_read_as_well() {
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(b"some bytes").unwrap();
        drop(writer);
        let mut passing = Passing::new(File::from(std::os::fd::OwnedFd::from(reader)), 0);
        let mut read = String::new();
        passing.read_to_string(&mut read).unwrap();
        assert_eq!(read, "some bytes");
    }
}
