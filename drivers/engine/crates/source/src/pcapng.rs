//! The blocks of a pcapng file.
//!
//! Source: draft-ietf-opsawg-pcapng §4.1 (section), §4.2 (interface), §4.3 (enhanced packet), §4.4 (simple packet)

use wire::Link;

use crate::SourceError;
use crate::file::{MAX_FRAME_BYTES, Order, Record};
use crate::window::Window;

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const OBSOLETE_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
/// A block of a kind that must be held in memory is never longer.
const MAX_BLOCK_BYTES: u32 = MAX_FRAME_BYTES + (1 << 16);
const MAX_INTERFACES: usize = 4096;

const OPTION_END: u16 = 0;
const OPTION_RESOLUTION: u16 = 9;
const OPTION_OFFSET: u16 = 14;

#[derive(Debug, Clone, Copy)]
struct Interface {
    link: Option<Link>,
    /// Bit 7 clear: 10^-n s; set: 2^-n s.
    resolution: u8,
    offset_s: i64,
    snap_bytes: u32,
}

impl Interface {
    /// Units: nanoseconds since 1970 of a count in the interface's resolution.
    fn at_ns(&self, count: u64) -> u64 {
        let exponent = u32::from(self.resolution & 0x7f);
        let ns = if self.resolution & 0x80 != 0 {
            ((u128::from(count) * 1_000_000_000)
                .checked_shr(exponent)
                .unwrap_or(0)) as u64
        } else if exponent <= 9 {
            count.saturating_mul(10u64.pow(9 - exponent))
        } else {
            10u64
                .checked_pow(exponent - 9)
                .map_or(0, |divisor| count / divisor)
        };
        ns.saturating_add_signed(self.offset_s.saturating_mul(1_000_000_000))
    }
}

/// What is known from the blocks read so far.
#[derive(Debug, Default)]
pub struct Sections {
    order: Option<Order>,
    interfaces: Vec<Interface>,
    last_ns: u64,
    pub truncated: bool,
}

impl Sections {
    /// Read blocks up to the next packet. None at the end of the file.
    pub fn advance(&mut self, window: &mut Window) -> Result<Option<Record>, SourceError> {
        loop {
            let read = SourceError::io("read");
            if !window.ensure(12).map_err(read)? {
                self.truncated = !window.bytes().is_empty();
                return Ok(None);
            }
            let damaged = |problem| SourceError::Damaged {
                offset: window.offset(),
                problem,
            };
            let head = window.bytes();
            if Order::Little.u32(head, 0) == SECTION {
                self.order = Some(match head[8..12] {
                    [0x4d, 0x3c, 0x2b, 0x1a] => Order::Little,
                    [0x1a, 0x2b, 0x3c, 0x4d] => Order::Big,
                    _ => return Err(damaged("a section of unknown byte order")),
                });
                self.interfaces.clear();
            }
            let Some(order) = self.order else {
                return Err(damaged("no section header"));
            };
            let (kind, length) = (order.u32(head, 0), order.u32(head, 4));
            if length < 12 || length % 4 != 0 {
                return Err(damaged("a block of impossible length"));
            }
            if !matches!(
                kind,
                INTERFACE | OBSOLETE_PACKET | SIMPLE_PACKET | ENHANCED_PACKET
            ) {
                if !window
                    .skip(u64::from(length))
                    .map_err(SourceError::io("read"))?
                {
                    self.truncated = true;
                    return Ok(None);
                }
                continue;
            }
            if length > MAX_BLOCK_BYTES {
                return Err(damaged("a block longer than any packet"));
            }
            if !window
                .ensure(length as usize)
                .map_err(SourceError::io("read"))?
            {
                self.truncated = true;
                return Ok(None);
            }
            let offset = window.offset();
            let block = &window.bytes()[..length as usize];
            let problem = if kind == INTERFACE {
                if self.interface(order, block) {
                    window.consume(length as usize);
                    continue;
                }
                "an interface that makes no sense"
            } else {
                if let Some(record) = self.packet(order, kind, block) {
                    return Ok(Some(record));
                }
                "a packet that makes no sense"
            };
            return Err(SourceError::Damaged { offset, problem });
        }
    }

    fn interface(&mut self, order: Order, block: &[u8]) -> bool {
        if block.len() < 20 || self.interfaces.len() == MAX_INTERFACES {
            return false;
        }
        let mut interface = Interface {
            link: Link::from_number(u32::from(order.u16(block, 8))),
            resolution: 6,
            offset_s: 0,
            snap_bytes: order.u32(block, 12),
        };
        let mut options = &block[16..block.len() - 4];
        while options.len() >= 4 {
            let (code, length) = (order.u16(options, 0), usize::from(order.u16(options, 2)));
            let Some(value) = options.get(4..4 + length) else {
                break;
            };
            match (code, value) {
                (OPTION_END, _) => break,
                (OPTION_RESOLUTION, [resolution, ..]) => interface.resolution = *resolution,
                (OPTION_OFFSET, [_, _, _, _, _, _, _, _, ..]) => {
                    let (first, second) = (order.u32(value, 0), order.u32(value, 4));
                    let (high, low) = if order == Order::Little {
                        (second, first)
                    } else {
                        (first, second)
                    };
                    interface.offset_s = (u64::from(high) << 32 | u64::from(low)) as i64;
                }
                _ => {}
            }
            options = options
                .get(4 + length.next_multiple_of(4)..)
                .unwrap_or_default();
        }
        self.interfaces.push(interface);
        true
    }

    fn packet(&mut self, order: Order, kind: u32, block: &[u8]) -> Option<Record> {
        let body = &block[..block.len() - 4];
        let (number, from, length, original) = match kind {
            SIMPLE_PACKET if body.len() >= 12 => {
                let original = order.u32(body, 8);
                let snap = self.interfaces.first()?.snap_bytes;
                let length = if snap == 0 {
                    original
                } else {
                    original.min(snap)
                };
                (0, 12, length.min(body.len() as u32 - 12), original)
            }
            ENHANCED_PACKET if body.len() >= 28 => (
                order.u32(body, 8) as usize,
                28,
                order.u32(body, 20),
                order.u32(body, 24),
            ),
            OBSOLETE_PACKET if body.len() >= 28 => (
                usize::from(order.u16(body, 8)),
                28,
                order.u32(body, 20),
                order.u32(body, 24),
            ),
            _ => return None,
        };
        let interface = self.interfaces.get(number)?;
        if body.len() - from < length as usize {
            return None;
        }
        if kind != SIMPLE_PACKET {
            self.last_ns = interface
                .at_ns(u64::from(order.u32(body, 12)) << 32 | u64::from(order.u32(body, 16)));
        }
        Some(Record {
            at_ns: self.last_ns,
            link: interface.link,
            from,
            length: length as usize,
            original: original.max(length),
            whole: block.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CaptureFile;
    use std::io::Cursor;

    struct Writer(Order, Vec<u8>);

    impl Writer {
        fn put(&self, value: u32) -> [u8; 4] {
            if self.0 == Order::Little {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            }
        }

        fn half(&self, value: u16) -> [u8; 2] {
            if self.0 == Order::Little {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            }
        }

        fn block(&mut self, kind: u32, body: &[u8]) -> &mut Self {
            let length = self.put(12 + body.len().next_multiple_of(4) as u32);
            let kind = self.put(kind);
            self.1.extend([kind, length].concat());
            self.1.extend(body);
            self.1.resize(self.1.len().next_multiple_of(4), 0);
            self.1.extend(length);
            self
        }

        fn section(&mut self) -> &mut Self {
            let magic = self.put(0x1a2b_3c4d);
            self.block(SECTION, &[&magic[..], &[0; 12]].concat())
        }

        fn interface(&mut self, link: u16, options: &[(u16, &[u8])]) -> &mut Self {
            let mut body = [&self.half(link)[..], &[0; 6]].concat();
            for (code, value) in options {
                body.extend([self.half(*code), self.half(value.len() as u16)].concat());
                body.extend(*value);
                body.resize(body.len().next_multiple_of(4), 0);
            }
            self.block(INTERFACE, &body)
        }

        fn enhanced(&mut self, interface: u32, count: u64, data: &[u8]) -> &mut Self {
            let words = [
                interface,
                (count >> 32) as u32,
                count as u32,
                data.len() as u32,
                data.len() as u32 + 9,
            ];
            let mut body = words.map(|word| self.put(word)).concat();
            body.extend(data);
            self.block(ENHANCED_PACKET, &body)
        }
    }

    fn all(bytes: &[u8]) -> Vec<(u64, Option<Link>, Vec<u8>)> {
        let mut file = CaptureFile::read(Box::new(Cursor::new(bytes.to_vec()))).unwrap();
        let mut out = Vec::new();
        while file.advance().unwrap() {
            let frame = file.frame();
            out.push((frame.at_ns, frame.link, frame.data.to_vec()));
        }
        out
    }

    #[test]
    fn interfaces_keep_their_link_and_resolution_in_both_byte_orders() {
        for order in [Order::Little, Order::Big] {
            let mut writer = Writer(order, Vec::new());
            let offset = if order == Order::Little {
                3i64.to_le_bytes()
            } else {
                3i64.to_be_bytes()
            };
            writer
                .section()
                .interface(1, &[(2, b"eth0")])
                .interface(101, &[(OPTION_RESOLUTION, &[9]), (OPTION_OFFSET, &offset)])
                .interface(999, &[(OPTION_RESOLUTION, &[0x8a])])
                .interface(1, &[(OPTION_RESOLUTION, &[12])])
                .enhanced(0, 1_000_001, b"micro")
                .block(0xbad, b"unknown block")
                .enhanced(1, 17, b"nano")
                .enhanced(2, 512, b"binary")
                .enhanced(3, 5_000, b"pico");
            let expected = [
                (1_000_001_000, Some(Link::Ethernet), b"micro".to_vec()),
                (3_000_000_017, Some(Link::Raw), b"nano".to_vec()),
                (500_000_000, None, b"binary".to_vec()),
                (5, Some(Link::Ethernet), b"pico".to_vec()),
            ];
            assert_eq!(all(&writer.1), expected);
        }
    }

    #[test]
    fn a_new_section_begins_with_its_own_interfaces_and_byte_order() {
        let mut first = Writer(Order::Little, Vec::new());
        first.section().interface(1, &[]).enhanced(0, 1, b"a");
        let mut second = Writer(Order::Big, Vec::new());
        second.section().interface(101, &[]).enhanced(0, 2, b"b");
        let read = all(&[first.1, second.1].concat());
        assert_eq!(
            read,
            [
                (1000, Some(Link::Ethernet), b"a".to_vec()),
                (2000, Some(Link::Raw), b"b".to_vec())
            ]
        );
    }

    #[test]
    fn simple_packets_take_the_time_of_the_packet_before() {
        let mut writer = Writer(Order::Little, Vec::new());
        writer
            .section()
            .interface(1, &[])
            .enhanced(0, 7, b"a")
            .block(SIMPLE_PACKET, b"\x05\0\0\0hello");
        assert_eq!(
            all(&writer.1)[1],
            (7000, Some(Link::Ethernet), b"hello".to_vec())
        );
    }

    #[test]
    fn no_cut_and_no_flipped_byte_panics() {
        let mut writer = Writer(Order::Little, Vec::new());
        writer
            .section()
            .interface(1, &[(9, &[9])])
            .enhanced(0, 7, b"abcd")
            .block(3, b"\x05\0\0\0hello");
        for at in 0..writer.1.len() {
            for value in [0, 1, 4, 0x7f, 0x80, 0xff] {
                let mut bytes = writer.1.clone();
                bytes[at] = value;
                for end in [bytes.len(), at] {
                    if let Ok(mut file) =
                        CaptureFile::read(Box::new(Cursor::new(bytes[..end].to_vec())))
                    {
                        while let Ok(true) = file.advance() {
                            let _ = file.frame();
                        }
                    }
                }
            }
        }
    }
}
