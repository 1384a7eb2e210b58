//! RTCP: what senders and receivers report about their streams.

use thiserror::Error;

/// Bytes of one report block.
const REPORT_BYTES: usize = 24;

/// Why the rest of a compound packet cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RtcpError {
    /// Shorter than a header, or than the length it states.
    #[error("shorter than the RTCP length says")]
    Short,
    /// The two version bits are not 2.
    #[error("RTCP version is {0}, not 2")]
    Version(u8),
    /// The packet type is outside 192 to 223.
    #[error("{0} is no RTCP packet type")]
    Type(u8),
}

/// One packet of a compound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packet<'a> {
    /// Sender report.
    Sender {
        /// Who reports.
        ssrc: u32,
        /// Wall clock of the sender as an NTP timestamp, 32.32 fixed point.
        ntp: u64,
        /// The same moment in the stream's clock.
        timestamp: u32,
        /// Packets sent so far.
        packets: u32,
        /// Payload bytes sent so far.
        bytes: u32,
        /// What the sender itself receives.
        reports: Reports<'a>,
    },
    /// Receiver report.
    Receiver {
        /// Who reports.
        ssrc: u32,
        /// What it receives.
        reports: Reports<'a>,
    },
    /// Source description; only the first chunk is read.
    Description {
        /// Whom it describes.
        ssrc: u32,
        /// Canonical name, when there is one.
        cname: Option<&'a [u8]>,
    },
    /// The sources leave.
    Bye {
        /// The SSRCs, big endian, four bytes each.
        sources: &'a [u8],
    },
    /// Any other type, with its body after the four bytes of header.
    Other {
        /// Packet type, 192 to 223.
        kind: u8,
        /// Uninterpreted.
        body: &'a [u8],
    },
}

/// The report blocks of one packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reports<'a>(&'a [u8]);

/// What a receiver says about one source.
///
/// Source: RFC 3550 §6.4.1
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// The source.
    pub ssrc: u32,
    /// Lost since the last report, in 1/256.
    pub fraction_lost: u8,
    /// Lost so far; negative when there were duplicates.
    pub lost: i32,
    /// Extended highest sequence number.
    pub highest: u32,
    /// Jitter in ticks.
    pub jitter: u32,
    /// Middle 32 bits of the last sender report's NTP time.
    pub last_report: u32,
    /// Since that report, in 1/65536 s.
    pub delay: u32,
}

impl Iterator for Reports<'_> {
    type Item = Report;

    fn next(&mut self) -> Option<Report> {
        let (block, rest) = self.0.split_first_chunk::<REPORT_BYTES>()?;
        self.0 = rest;
        let lost = (word(block, 4)? << 8) as i32 >> 8;
        Some(Report {
            ssrc: word(block, 0)?,
            fraction_lost: block[4],
            lost,
            highest: word(block, 8)?,
            jitter: word(block, 12)?,
            last_report: word(block, 16)?,
            delay: word(block, 20)?,
        })
    }
}

/// The packets of a compound, in order; an error is the last item.
///
/// A compound need not begin with a report (RFC 5506); encrypted RTCP (RFC 3711 §3.4) reads as one packet and an error.
/// Source: RFC 3550 §6.1, §A.2
pub fn packets(compound: &[u8]) -> impl Iterator<Item = Result<Packet<'_>, RtcpError>> {
    let mut rest = compound;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        match packet(rest) {
            Ok((packet, after)) => {
                rest = after;
                Some(Ok(packet))
            }
            Err(problem) => {
                rest = &[];
                Some(Err(problem))
            }
        }
    })
}

/// Whether `packet` is RTCP as far as its first packet shows: type, version and a length within the datagram.
#[must_use]
pub fn is_valid(compound: &[u8]) -> bool {
    packet(compound).is_ok()
}

fn packet(bytes: &[u8]) -> Result<(Packet<'_>, &[u8]), RtcpError> {
    let &[first, kind, high, low, ..] = bytes else {
        return Err(RtcpError::Short);
    };
    if first >> 6 != 2 {
        return Err(RtcpError::Version(first >> 6));
    }
    if !(192..=223).contains(&kind) {
        return Err(RtcpError::Type(kind));
    }
    let length = 4 + usize::from(u16::from_be_bytes([high, low])) * 4;
    let (whole, rest) = bytes.split_at_checked(length).ok_or(RtcpError::Short)?;
    let body = unpadded(first, &whole[4..]);
    let count = usize::from(first & 0x1f);
    let packet = match kind {
        200 => Packet::Sender {
            ssrc: word(body, 0).ok_or(RtcpError::Short)?,
            ntp: u64::from(word(body, 4).ok_or(RtcpError::Short)?) << 32
                | u64::from(word(body, 8).ok_or(RtcpError::Short)?),
            timestamp: word(body, 12).ok_or(RtcpError::Short)?,
            packets: word(body, 16).ok_or(RtcpError::Short)?,
            bytes: word(body, 20).ok_or(RtcpError::Short)?,
            reports: reports(body, 24, count)?,
        },
        201 => Packet::Receiver {
            ssrc: word(body, 0).ok_or(RtcpError::Short)?,
            reports: reports(body, 4, count)?,
        },
        202 if count > 0 => Packet::Description {
            ssrc: word(body, 0).ok_or(RtcpError::Short)?,
            cname: cname(&body[4..]),
        },
        203 => Packet::Bye {
            sources: body.get(..count * 4).ok_or(RtcpError::Short)?,
        },
        _ => Packet::Other { kind, body },
    };
    Ok((packet, rest))
}

fn unpadded(first: u8, body: &[u8]) -> &[u8] {
    match body.last() {
        Some(&count) if first & 0x20 != 0 => body
            .get(..body.len().wrapping_sub(usize::from(count)))
            .unwrap_or(body),
        _ => body,
    }
}

fn reports(body: &[u8], at: usize, count: usize) -> Result<Reports<'_>, RtcpError> {
    body.get(at..at + count * REPORT_BYTES)
        .map(Reports)
        .ok_or(RtcpError::Short)
}

/// The canonical name among the items of one chunk.
///
/// Source: RFC 3550 §6.5
fn cname(mut items: &[u8]) -> Option<&[u8]> {
    while let &[kind, length, ..] = items {
        if kind == 0 {
            return None;
        }
        let end = 2 + usize::from(length);
        let text = items.get(2..end)?;
        if kind == 1 {
            return Some(text);
        }
        items = &items[end..];
    }
    None
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let (word, _) = bytes.get(at..)?.split_first_chunk::<4>()?;
    Some(u32::from_be_bytes(*word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender_report() -> Vec<u8> {
        let mut bytes = vec![0x81, 200, 0, 12];
        for word in [7u32, 0x8000_0001, 0x4000_0000, 160, 10, 1600] {
            bytes.extend(word.to_be_bytes());
        }
        bytes.extend(9u32.to_be_bytes());
        bytes.extend([64, 0xff, 0xff, 0xfe]);
        for word in [70_000u32, 12, 5, 6] {
            bytes.extend(word.to_be_bytes());
        }
        bytes
    }

    #[test]
    fn a_compound_is_walked_packet_by_packet() {
        let mut compound = sender_report();
        compound.extend([
            0x81, 202, 0, 3, 0, 0, 0, 7, 1, 4, b'a', b'@', b'b', b'c', 0, 0,
        ]);
        compound.extend([0x81, 203, 0, 1, 0, 0, 0, 7]);
        compound.extend([0x80, 207, 0, 1, 1, 2, 3, 4]);
        let all: Vec<_> = packets(&compound).collect::<Result<_, _>>().expect("valid");
        let Packet::Sender {
            ssrc: 7,
            ntp,
            timestamp: 160,
            packets: 10,
            bytes: 1600,
            reports,
        } = all[0].clone()
        else {
            panic!("{:?}", all[0])
        };
        assert_eq!(ntp, 0x8000_0001_4000_0000);
        let blocks: Vec<_> = reports.collect();
        assert_eq!(blocks.len(), 1);
        assert_eq!(
            (blocks[0].ssrc, blocks[0].fraction_lost, blocks[0].lost),
            (9, 64, -2)
        );
        assert_eq!((blocks[0].highest, blocks[0].jitter), (70_000, 12));
        assert_eq!(
            all[1],
            Packet::Description {
                ssrc: 7,
                cname: Some(b"a@bc")
            }
        );
        assert_eq!(
            all[2],
            Packet::Bye {
                sources: &[0, 0, 0, 7]
            }
        );
        assert_eq!(
            all[3],
            Packet::Other {
                kind: 207,
                body: &[1, 2, 3, 4]
            }
        );
    }

    #[test]
    fn a_compound_cut_anywhere_gives_what_is_whole_and_one_error() {
        let mut compound = sender_report();
        compound.extend([0x81, 203, 0, 1, 0, 0, 0, 7]);
        for length in 1..compound.len() {
            if length == 52 {
                continue;
            }
            let read: Vec<_> = packets(&compound[..length]).collect();
            assert_eq!(read.last(), Some(&Err(RtcpError::Short)), "{length}");
            assert_eq!(read.len(), if length > 52 { 2 } else { 1 }, "{length}");
        }
    }

    #[test]
    fn more_report_blocks_than_bytes_is_an_error() {
        let mut report = sender_report();
        report[0] = 0x9f;
        assert!(!is_valid(&report));
    }

    #[test]
    fn impossible_padding_is_taken_as_content() {
        let padded = [0xa0, 207, 0, 1, 1, 2, 3, 200];
        let read: Vec<_> = packets(&padded).collect();
        assert_eq!(
            read,
            [Ok(Packet::Other {
                kind: 207,
                body: &[1, 2, 3, 200]
            })]
        );
    }
}
