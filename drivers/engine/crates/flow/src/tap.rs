//! Live listeners: a copy of each RTP packet to a descriptor, never waiting for its reader.

use std::os::fd::OwnedFd;

use rustix::io::Errno;

/// Bytes of a frame's header: side, length.
const HEADER_BYTES: usize = 3;

/// One listener.
#[derive(Debug)]
pub(crate) struct Tap {
    fd: OwnedFd,
    /// Whether it is told, too, what must not be kept: keys are listened for in a pause.
    pub even_paused: bool,
    /// The end of a frame that was written in part.
    rest: Vec<u8>,
    frame: Vec<u8>,
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tapped {
    Written,
    Dropped,
    Closed,
}

impl Tap {
    pub fn new(fd: OwnedFd, even_paused: bool) -> std::io::Result<Self> {
        let flags = rustix::fs::fcntl_getfl(&fd)?;
        rustix::fs::fcntl_setfl(&fd, flags | rustix::fs::OFlags::NONBLOCK)?;
        Ok(Self {
            fd,
            even_paused,
            rest: Vec::new(),
            frame: Vec::new(),
        })
    }

    /// Shape of a frame: side u8, length u16 big endian, packet.
    pub fn send(&mut self, side: u8, packet: &[u8]) -> Tapped {
        let Ok(length) = u16::try_from(packet.len()) else {
            return Tapped::Dropped;
        };
        if !self.rest.is_empty() {
            match self.write(Part::Rest) {
                Ok(()) if self.rest.is_empty() => {}
                Ok(()) => return Tapped::Dropped,
                Err(()) => return Tapped::Closed,
            }
        }
        self.frame.clear();
        self.frame.reserve(HEADER_BYTES + packet.len());
        self.frame.push(side);
        self.frame.extend(length.to_be_bytes());
        self.frame.extend_from_slice(packet);
        match self.write(Part::Frame) {
            Ok(()) if self.rest.len() == self.frame.len() => {
                // Nothing of it is out: forget it as a whole.
                self.rest.clear();
                Tapped::Dropped
            }
            Ok(()) => Tapped::Written,
            Err(()) => Tapped::Closed,
        }
    }

    /// Write what the reader takes; what it does not take becomes the rest. Fails when the reader is gone.
    fn write(&mut self, part: Part) -> Result<(), ()> {
        let bytes = if part == Part::Rest {
            &self.rest
        } else {
            &self.frame
        };
        let mut at = 0;
        while at < bytes.len() {
            match rustix::io::write(&self.fd, &bytes[at..]) {
                Ok(0) => break,
                Ok(written) => at += written,
                Err(Errno::INTR) => {}
                Err(error) if error == Errno::AGAIN || error == Errno::NOBUFS => break,
                Err(_) => return Err(()),
            }
        }
        if part == Part::Rest {
            self.rest.drain(..at);
        } else {
            self.rest.clear();
            self.rest.extend_from_slice(&self.frame[at..]);
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Rest,
    Frame,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::os::unix::net::UnixStream;

    #[test]
    fn frames_arrive_whole_and_a_slow_reader_loses_whole_frames() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        let mut tap = Tap::new(ours.into(), false).unwrap();
        let mut dropped = 0;
        let mut sent = Vec::new();
        for number in 0..5000u32 {
            let packet = vec![number as u8; 172 + number as usize % 50];
            match tap.send((number % 2) as u8, &packet) {
                Tapped::Written => sent.push((number % 2, packet)),
                Tapped::Dropped => dropped += 1,
                Tapped::Closed => panic!("closed"),
            }
        }
        assert!(dropped > 0 && !sent.is_empty());
        theirs.set_nonblocking(true).unwrap();
        let mut bytes = Vec::new();
        let _ = theirs.read_to_end(&mut bytes);
        // What was cut at the brim comes with the next packet.
        assert_eq!(tap.send(1, b"last"), Tapped::Written);
        sent.push((1, b"last".to_vec()));
        let _ = theirs.read_to_end(&mut bytes);
        let mut rest = &bytes[..];
        for (side, packet) in &sent {
            assert_eq!(u32::from(rest[0]), *side);
            let length = usize::from(u16::from_be_bytes([rest[1], rest[2]]));
            assert_eq!(&rest[3..3 + length], packet);
            rest = &rest[3 + length..];
        }
        assert!(rest.is_empty());
    }

    #[test]
    fn a_reader_that_left_is_noticed() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let mut tap = Tap::new(ours.into(), false).unwrap();
        drop(theirs);
        assert_eq!(tap.send(0, b"x"), Tapped::Closed);
    }
}
