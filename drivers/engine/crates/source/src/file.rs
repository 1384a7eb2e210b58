//! One capture file: pcap in all its byte orders and resolutions, pcapng, either of them compressed by gzip.
//!
//! Surprising: a file that ends within a record is no error, captures are copied while they grow.
//!
//! Source: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use wire::Link;

use crate::passing::Passing;
use crate::pcapng::Sections;
use crate::window::Window;
use crate::{Frame, SourceError};

/// No link has longer frames; a longer record is damage.
pub(crate) const MAX_FRAME_BYTES: u32 = 1 << 20;

/// Byte order of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Little,
    Big,
}

impl Order {
    #[inline]
    pub fn u32(self, bytes: &[u8], at: usize) -> u32 {
        let four = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        if self == Self::Little {
            u32::from_le_bytes(four)
        } else {
            u32::from_be_bytes(four)
        }
    }

    #[inline]
    pub fn u16(self, bytes: &[u8], at: usize) -> u16 {
        let two = [bytes[at], bytes[at + 1]];
        if self == Self::Little {
            u16::from_le_bytes(two)
        } else {
            u16::from_be_bytes(two)
        }
    }
}

/// Where the frame of the current record stands in the window, relative to its beginning.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Record {
    pub at_ns: u64,
    pub link: Option<Link>,
    pub from: usize,
    pub length: usize,
    pub original: u32,
    /// Bytes to consume before the next record is read.
    pub whole: usize,
}

enum Format {
    Pcap {
        order: Order,
        link: Link,
        fraction_ns: u64,
        header_bytes: usize,
    },
    PcapNg(Sections),
}

/// An open capture file and its current record.
pub struct CaptureFile {
    window: Window,
    format: Format,
    record: Record,
    truncated: bool,
}

impl CaptureFile {
    /// Open the file and read its header.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let mut file = File::open(path).map_err(SourceError::io("open"))?;
        if file.metadata().map_err(SourceError::io("open"))?.is_dir() {
            return Err(SourceError::NotACapture("a directory"));
        }
        let mut magic = [0; 2];
        let got = file.read(&mut magic).map_err(SourceError::io("read"))?;
        if magic == [0x1f, 0x8b] {
            file.rewind().map_err(SourceError::io("read"))?;
            return Self::read(Box::new(MultiGzDecoder::new(Passing::new(file, 0))));
        }
        // What was read is given back without seeking: a pipe cannot.
        let got = got as u64;
        let rest = Passing::new(file, got);
        Self::read(Box::new(std::io::Cursor::new(magic).take(got).chain(rest)))
    }

    /// Read a capture from any stream of (uncompressed) bytes.
    pub fn read(reader: Box<dyn Read + Send>) -> Result<Self, SourceError> {
        let mut window = Window::new(reader);
        let format = recognise(&mut window)?;
        Ok(Self {
            window,
            format,
            record: Record::default(),
            truncated: false,
        })
    }

    /// Go to the next record. False at the end of the file.
    #[inline]
    pub fn advance(&mut self) -> Result<bool, SourceError> {
        self.window.consume(std::mem::take(&mut self.record.whole));
        match &mut self.format {
            Format::Pcap {
                order,
                link,
                fraction_ns,
                header_bytes,
            } => {
                let (order, header_bytes) = (*order, *header_bytes);
                if !self
                    .window
                    .ensure(header_bytes)
                    .map_err(SourceError::io("read"))?
                {
                    self.truncated = !self.window.bytes().is_empty();
                    return Ok(false);
                }
                let header = self.window.bytes();
                let record = pcap_record(order, *link, *fraction_ns, header_bytes, header);
                if record.length > MAX_FRAME_BYTES as usize {
                    return Err(self.damaged("a record longer than any packet"));
                }
                if !self
                    .window
                    .ensure(record.whole)
                    .map_err(SourceError::io("read"))?
                {
                    self.truncated = true;
                    return Ok(false);
                }
                self.record = record;
                Ok(true)
            }
            Format::PcapNg(sections) => {
                let next = sections.advance(&mut self.window)?;
                self.truncated = next.is_none() && sections.truncated;
                self.record = next.unwrap_or_default();
                Ok(next.is_some())
            }
        }
    }

    /// The record that [`Self::advance`] went to.
    #[inline]
    pub fn frame(&self) -> Frame<'_> {
        frame(&self.record, self.window.bytes())
    }

    /// The record that [`Self::advance`] went to, and those of a pcap behind it that are at hand.
    pub fn ahead(&self) -> impl Iterator<Item = Frame<'_>> {
        let mut rest = self.window.bytes().get(self.record.whole..);
        let further = std::iter::from_fn(move || {
            let Format::Pcap {
                order,
                link,
                fraction_ns,
                header_bytes,
            } = self.format
            else {
                return None;
            };
            let bytes = rest.filter(|rest| rest.len() >= header_bytes)?;
            let record = pcap_record(order, link, fraction_ns, header_bytes, bytes);
            rest = bytes.get(record.whole..);
            rest.map(|_| frame(&record, bytes))
        });
        std::iter::once(self.frame()).chain(further)
    }

    /// The file ended within a record.
    #[must_use]
    pub fn truncated(&self) -> bool {
        self.truncated
    }

    fn damaged(&self, problem: &'static str) -> SourceError {
        SourceError::Damaged {
            offset: self.window.offset(),
            problem,
        }
    }
}

/// Source: draft-ietf-opsawg-pcap §5
#[inline]
fn pcap_record(
    order: Order,
    link: Link,
    fraction_ns: u64,
    header_bytes: usize,
    header: &[u8],
) -> Record {
    let length = order.u32(header, 8);
    Record {
        at_ns: u64::from(order.u32(header, 0)) * 1_000_000_000
            + u64::from(order.u32(header, 4)) * fraction_ns,
        link: Some(link),
        from: header_bytes,
        length: length as usize,
        original: order.u32(header, 12).max(length),
        whole: header_bytes + length as usize,
    }
}

#[inline]
fn frame<'a>(record: &Record, bytes: &'a [u8]) -> Frame<'a> {
    Frame {
        at_ns: record.at_ns,
        link: record.link,
        data: bytes
            .get(record.from..record.from + record.length)
            .unwrap_or_default(),
        original: record.original,
        vlan: None,
    }
}

/// Source: draft-ietf-opsawg-pcap §4; the "modified" form is that of libpcap with 24-byte record headers
fn recognise(window: &mut Window) -> Result<Format, SourceError> {
    if !window.ensure(4).map_err(SourceError::io("read"))? {
        return Err(SourceError::NotACapture(if window.bytes().is_empty() {
            "empty"
        } else {
            "too short"
        }));
    }
    let magic = [
        window.bytes()[0],
        window.bytes()[1],
        window.bytes()[2],
        window.bytes()[3],
    ];
    let (order, fraction_ns, header_bytes) = match magic {
        [0xd4, 0xc3, 0xb2, 0xa1] => (Order::Little, 1000, 16),
        [0xa1, 0xb2, 0xc3, 0xd4] => (Order::Big, 1000, 16),
        [0x4d, 0x3c, 0xb2, 0xa1] => (Order::Little, 1, 16),
        [0xa1, 0xb2, 0x3c, 0x4d] => (Order::Big, 1, 16),
        [0x34, 0xcd, 0xb2, 0xa1] => (Order::Little, 1000, 24),
        [0xa1, 0xb2, 0xcd, 0x34] => (Order::Big, 1000, 24),
        [0x0a, 0x0d, 0x0d, 0x0a] => return Ok(Format::PcapNg(Sections::default())),
        [0x1f, 0x8b, ..] => return Err(SourceError::NotACapture("compressed twice")),
        [0x28, 0xb5, 0x2f, 0xfd] => return Err(SourceError::NotACapture("compressed by zstd")),
        [b's', b'n', b'o', b'o'] => return Err(SourceError::NotACapture("snoop format")),
        _ => return Err(SourceError::NotACapture("neither pcap nor pcapng")),
    };
    if !window.ensure(24).map_err(SourceError::io("read"))? {
        return Err(SourceError::NotACapture("too short"));
    }
    let number = order.u32(window.bytes(), 20);
    let link = Link::from_number(number).ok_or(SourceError::LinkType(number & 0x03ff_ffff))?;
    window.consume(24);
    Ok(Format::Pcap {
        order,
        link,
        fraction_ns,
        header_bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    fn pcap(
        order: Order,
        magic: u32,
        header_bytes: usize,
        records: &[(u32, u32, &[u8])],
    ) -> Vec<u8> {
        let put = |value: u32| {
            if order == Order::Little {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            }
        };
        let mut out = put(magic).to_vec();
        out.extend([0; 16]);
        out.extend(put(1));
        for (seconds, fraction, data) in records {
            out.extend(
                [
                    put(*seconds),
                    put(*fraction),
                    put(data.len() as u32),
                    put(data.len() as u32 + 4),
                ]
                .concat(),
            );
            out.extend(vec![0; header_bytes - 16]);
            out.extend(*data);
        }
        out
    }

    type Frames = Vec<(u64, Vec<u8>, u32)>;

    fn all(bytes: Vec<u8>) -> (Frames, Result<bool, SourceError>) {
        let mut file = CaptureFile::read(Box::new(Cursor::new(bytes))).unwrap();
        let mut out = Vec::new();
        loop {
            match file.advance() {
                Ok(true) => {
                    let frame = file.frame();
                    out.push((frame.at_ns, frame.data.to_vec(), frame.original));
                }
                Ok(false) => return (out, Ok(file.truncated())),
                Err(error) => return (out, Err(error)),
            }
        }
    }

    #[test]
    fn every_byte_order_and_resolution_is_read() {
        let records: &[(u32, u32, &[u8])] = &[(1, 5, b"one"), (2, 7, b"second")];
        for order in [Order::Little, Order::Big] {
            for (magic, fraction, header) in [
                (0xa1b2_c3d4, 1000, 16),
                (0xa1b2_3c4d, 1, 16),
                (0xa1b2_cd34, 1000, 24),
            ] {
                let (read, end) = all(pcap(order, magic, header, records));
                let expected = vec![
                    (1_000_000_000 + 5 * fraction, b"one".to_vec(), 7),
                    (2_000_000_000 + 7 * fraction, b"second".to_vec(), 10),
                ];
                assert_eq!(read, expected);
                assert!(!end.unwrap());
            }
        }
    }

    #[test]
    fn a_file_cut_anywhere_gives_its_whole_records() {
        let bytes = pcap(
            Order::Little,
            0xa1b2_c3d4,
            16,
            &[(1, 0, b"one"), (2, 0, b"second")],
        );
        for end in 24..bytes.len() {
            let (read, truncated) = all(bytes[..end].to_vec());
            assert_eq!(read.len(), usize::from(end >= 43), "{end}");
            assert_eq!(truncated.unwrap(), end != 24 && end != 43, "{end}");
        }
    }

    #[test]
    fn what_lies_ahead_is_what_comes() {
        let records: &[(u32, u32, &[u8])] = &[(1, 0, b"one"), (2, 3, b""), (3, 0, b"third")];
        for order in [Order::Little, Order::Big] {
            let bytes = pcap(order, 0xa1b2_c3d4, 16, records);
            for end in 43..=bytes.len() {
                let mut file =
                    CaptureFile::read(Box::new(Cursor::new(bytes[..end].to_vec()))).unwrap();
                let mut ahead = Vec::new();
                while file.advance().unwrap() {
                    let now: Vec<_> = file
                        .ahead()
                        .map(|frame| (frame.at_ns, frame.data.to_vec()))
                        .collect();
                    if !ahead.is_empty() {
                        assert_eq!(now, ahead[1..]);
                    }
                    assert_eq!(now[0], (file.frame().at_ns, file.frame().data.to_vec()));
                    ahead = now;
                }
                assert_eq!(ahead.len(), 1, "{end}");
            }
        }
    }

    #[test]
    fn a_record_that_cannot_be_is_named_with_its_offset() {
        let mut bytes = pcap(
            Order::Little,
            0xa1b2_c3d4,
            16,
            &[(1, 0, b"one"), (2, 0, b"second")],
        );
        bytes[43 + 8..43 + 12].copy_from_slice(&u32::MAX.to_le_bytes());
        let (read, end) = all(bytes);
        assert_eq!(read.len(), 1);
        assert!(
            matches!(end, Err(SourceError::Damaged { offset: 43, .. })),
            "{end:?}"
        );
    }

    #[test]
    fn what_is_no_capture_is_said_so() {
        for bytes in [
            &b""[..],
            b"abc",
            b"hello world, this is a text",
            b"snoop\0\0\0",
            &[0xd4, 0xc3, 0xb2, 0xa1, 0],
        ] {
            let read = CaptureFile::read(Box::new(Cursor::new(bytes.to_vec())));
            assert!(matches!(read, Err(SourceError::NotACapture(_))));
        }
        let mut other = pcap(Order::Little, 0xa1b2_c3d4, 16, &[]);
        other[20] = 105;
        assert!(matches!(
            CaptureFile::read(Box::new(Cursor::new(other))),
            Err(SourceError::LinkType(105))
        ));
    }

    #[test]
    fn a_compressed_file_is_read_also_when_it_is_cut() {
        let bytes = pcap(
            Order::Little,
            0xa1b2_c3d4,
            16,
            &[(1, 0, b"one"), (2, 0, b"second")],
        );
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&bytes).unwrap();
        packed.flush().unwrap();
        let cut = packed.get_ref().len();
        let packed = packed.finish().unwrap();
        for end in [packed.len(), cut] {
            let mut path = tempfile::NamedTempFile::new().unwrap();
            path.write_all(&packed[..end]).unwrap();
            let mut file = CaptureFile::open(path.path()).unwrap();
            assert!(file.advance().unwrap() && file.advance().unwrap() && !file.advance().unwrap());
        }
    }
}
