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
