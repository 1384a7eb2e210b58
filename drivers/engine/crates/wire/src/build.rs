//! Packets made by us: SIP messages that came in a stream are kept as segments that any analyser reads.

use crate::address::FlowKey;

/// Payload bytes of one made segment: the packet stays below the 65,535 of IPv4.
pub const SEGMENT_BYTES: usize = 60_000;

const UDP: u8 = 17;
const TCP: u8 = 6;
const HOPS: u8 = 64;
const WINDOW: u16 = u16::MAX;
const PSH_ACK: u8 = 0x18;

/// A UDP packet from its IP header on, with checksums. Payloads over 65,000 bytes are cut.
#[must_use]
pub fn udp(key: FlowKey, payload: &[u8]) -> Vec<u8> {
    let payload = &payload[..payload.len().min(65_000)];
    let mut header = Vec::with_capacity(8);
    header.extend(key.src.port.to_be_bytes());
    header.extend(key.dst.port.to_be_bytes());
    header.extend((8 + payload.len() as u16).to_be_bytes());
    header.extend([0, 0]);
    packet(key, UDP, header, 6, payload)
}

/// A TCP segment (PSH, ACK) from its IP header on, with checksums. Payloads over [`SEGMENT_BYTES`] are cut.
///
/// Source: RFC 9293 §3.1
#[must_use]
pub fn tcp(key: FlowKey, sequence: u32, acknowledged: u32, payload: &[u8]) -> Vec<u8> {
    let payload = &payload[..payload.len().min(SEGMENT_BYTES)];
    let mut header = Vec::with_capacity(20);
    header.extend(key.src.port.to_be_bytes());
    header.extend(key.dst.port.to_be_bytes());
    header.extend(sequence.to_be_bytes());
    header.extend(acknowledged.to_be_bytes());
    header.extend([5 << 4, PSH_ACK]);
    header.extend(WINDOW.to_be_bytes());
    header.extend([0, 0, 0, 0]);
    packet(key, TCP, header, 16, payload)
}

fn packet(
    key: FlowKey,
    protocol: u8,
    mut header: Vec<u8>,
    checksum_at: usize,
    payload: &[u8],
) -> Vec<u8> {
    let length = header.len() + payload.len();
    let v4 = key.src.address.as_v4().zip(key.dst.address.as_v4());
    let mut sum = Sum::default();
    match v4 {
        Some((src, dst)) => sum.add(&src).add(&dst),
        None => sum
            .add(&key.src.address.octets())
            .add(&key.dst.address.octets()),
    };
    sum.add(&[0, protocol])
        .add(&(length as u16).to_be_bytes())
        .add(&header)
        .add(payload);
    let mut checksum = sum.finish();
    if protocol == UDP && checksum == 0 {
        // Source: RFC 768: zero means that there is none.
        checksum = 0xffff;
    }
    header[checksum_at..checksum_at + 2].copy_from_slice(&checksum.to_be_bytes());
    let mut out = v4.map_or_else(
        || {
            let mut ip = vec![0x60, 0, 0, 0];
            ip.extend((length as u16).to_be_bytes());
            ip.extend([protocol, HOPS]);
            ip.extend(key.src.address.octets());
            ip.extend(key.dst.address.octets());
            ip
        },
        |(src, dst)| ipv4(src, dst, protocol, length),
    );
    out.extend_from_slice(&header);
    out.extend_from_slice(payload);
    out
}

fn ipv4(src: [u8; 4], dst: [u8; 4], protocol: u8, length: usize) -> Vec<u8> {
    let mut ip = vec![0x45, 0];
    ip.extend((20 + length as u16).to_be_bytes());
    ip.extend([0, 0, 0x40, 0, HOPS, protocol, 0, 0]);
    ip.extend(src);
    ip.extend(dst);
    let checksum = Sum::default().add(&ip).finish();
    ip[10..12].copy_from_slice(&checksum.to_be_bytes());
    ip
}

/// The header checksum of version 4, as if its field were zero.
pub(crate) fn checksum(header: &[u8]) -> u16 {
    let mut header = header.to_vec();
    header[10..12].fill(0);
    Sum::default().add(&header).finish()
}

/// Cut a packet into fragments of at most `mtu` bytes: for tests and for the seeds of the fuzzer.
///
/// Source: RFC 791 §3.2, RFC 8200 §4.5
#[must_use]
pub fn fragments(packet: &[u8], mtu: usize, id: u32) -> Vec<Vec<u8>> {
    let is_v4 = packet[0] >> 4 == 4;
    let head = if is_v4 { 20 } else { 40 };
    let step = (mtu - head - if is_v4 { 0 } else { 8 }) / 8 * 8;
    let count = (packet.len() - head).div_ceil(step);
    let pieces = packet[head..].chunks(step).enumerate();
    pieces
        .map(|(index, piece)| {
            let more = index + 1 < count;
            let mut out = packet[..head].to_vec();
            if is_v4 {
                out[2..4].copy_from_slice(&((head + piece.len()) as u16).to_be_bytes());
                out[4..6].copy_from_slice(&(id as u16).to_be_bytes());
                let place = (index * step / 8) as u16 | if more { 0x2000 } else { 0 };
                out[6..8].copy_from_slice(&place.to_be_bytes());
                let checksum = checksum(&out);
                out[10..12].copy_from_slice(&checksum.to_be_bytes());
            } else {
                out[4..6].copy_from_slice(&((8 + piece.len()) as u16).to_be_bytes());
                let next = std::mem::replace(&mut out[6], 44);
                out.extend([next, 0]);
                out.extend(((index * step) as u16 | u16::from(more)).to_be_bytes());
                out.extend(id.to_be_bytes());
            }
            out.extend_from_slice(piece);
            out
        })
        .collect()
}

/// The ones' complement sum. Source: RFC 1071
#[derive(Default)]
struct Sum(u64);

impl Sum {
    /// Every piece but the last must be of even length.
    fn add(&mut self, bytes: &[u8]) -> &mut Self {
        let mut pairs = bytes.chunks_exact(2);
        for pair in &mut pairs {
            self.0 += u64::from(u16::from_be_bytes([pair[0], pair[1]]));
        }
        if let [last] = pairs.remainder() {
            self.0 += u64::from(*last) << 8;
        }
        self
    }

    fn finish(&self) -> u16 {
        let mut sum = self.0;
        while sum > 0xffff {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        !(sum as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Endpoint;

    #[test]
    fn checksums_come_out_right() {
        let key = FlowKey {
            src: Endpoint::new("192.168.0.1".parse().unwrap(), 5060),
            dst: Endpoint::new("192.168.0.199".parse().unwrap(), 5060),
        };
        let made = udp(key, b"odd");
        assert_eq!(Sum::default().add(&made[..20]).finish(), 0);
        let mut over = Sum::default();
        over.add(&made[12..20])
            .add(&[0, UDP, 0, 11])
            .add(&made[20..]);
        assert_eq!(over.finish(), 0);
        let made = tcp(key, 1, 2, b"even");
        let mut over = Sum::default();
        over.add(&made[12..20])
            .add(&[0, TCP, 0, 24])
            .add(&made[20..]);
        assert_eq!(over.finish(), 0);
    }
}
