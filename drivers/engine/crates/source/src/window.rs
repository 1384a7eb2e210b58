//! A window that slides over a byte stream.

use std::io::{self, Read};

const READ_BYTES: usize = 256 << 10;

/// Gives any number of the next bytes as one slice, without copying them one by one.
pub struct Window {
    reader: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset in the stream of `start`.
    offset: u64,
    ended: bool,
}

impl Window {
    pub fn new(reader: Box<dyn Read + Send>) -> Self {
        Self {
            reader,
            buffer: vec![0; READ_BYTES],
            start: 0,
            end: 0,
            offset: 0,
            ended: false,
        }
    }

    /// Have `count` bytes at hand. False when the stream ends before.
    #[inline]
    pub fn ensure(&mut self, count: usize) -> io::Result<bool> {
        if self.end - self.start >= count {
            Ok(true)
        } else {
            self.fill(count)
        }
    }

    fn fill(&mut self, count: usize) -> io::Result<bool> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() < count {
            self.buffer.resize(count.next_power_of_two(), 0);
        }
        while self.end < count && !self.ended {
            match self.reader.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.ended = true,
                Ok(got) => self.end += got,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // A compressed file that was cut ends like any other that was cut.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => self.ended = true,
                Err(error) => return Err(error),
            }
        }
        Ok(self.end >= count)
    }

    /// What is at hand.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Go on by `count` bytes that are at hand.
    #[inline]
    pub fn consume(&mut self, count: usize) {
        self.start += count;
        self.offset += count as u64;
    }

    /// Go on by `count` bytes that need not be at hand. False when the stream ends before.
    pub fn skip(&mut self, mut count: u64) -> io::Result<bool> {
        while count > 0 {
            if !self.ensure(1)? {
                return Ok(false);
            }
            let step = count.min((self.end - self.start) as u64);
            self.consume(step as usize);
            count -= step;
        }
        Ok(true)
    }

    /// Offset in the stream of the next byte.
    pub fn offset(&self) -> u64 {
        self.offset
    }
}
