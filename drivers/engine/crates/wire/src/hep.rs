//! Homer's encapsulation: a capture agent sends what it saw, with addresses and time beside it.
//!
//! Source: "HEP/EEP protocol, version 3" (Homer project, `HEP3_Network_Protocol_Specification`), §3 and §4

use crate::Unread;
use crate::address::{Address, Endpoint, FlowKey};

/// More chunks than any agent sends, so that a packet of empty chunks cannot keep us busy.
const MAX_CHUNKS: usize = 64;
const HEADER_BYTES: usize = 6;

/// One message of an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hep<'a> {
    /// From where to where the payload went.
    pub key: FlowKey,
    /// When, by the agent's clock. Units: nanoseconds since 1970.
    pub at_ns: u64,
    /// What it carried over UDP or TCP.
    pub payload: &'a [u8],
    /// Bytes of payload that are missing at its end: the packet of the agent was cut.
    pub missing: u32,
}

/// Whether a datagram is meant: the first word and a length that fits.
#[must_use]
pub fn is_hep(datagram: &[u8]) -> bool {
    datagram.starts_with(b"HEP3") && datagram.len() >= HEADER_BYTES
}

impl<'a> Hep<'a> {
    /// Read one datagram.
    ///
    /// Chunks of other vendors are passed over; compressed payloads are not read.
    pub fn parse(datagram: &'a [u8]) -> Result<Self, Unread> {
        if !is_hep(datagram) {
            return Err(Unread::Bad("no HEP3 header"));
        }
        let total = usize::from(u16::from_be_bytes([datagram[4], datagram[5]]));
        let mut rest = &datagram[HEADER_BYTES..datagram.len().min(total.max(HEADER_BYTES))];
        let (mut addresses, mut ports) = ([None; 2], [None; 2]);
        let (mut seconds, mut micros) = (0u32, 0u32);
        let mut payload = None;
        for _ in 0..MAX_CHUNKS {
            let Some((&[v0, v1, k0, k1, l0, l1], _)) = rest.split_first_chunk::<6>() else {
                break;
            };
            let length = usize::from(u16::from_be_bytes([l0, l1]));
            if length < 6 {
                return Err(Unread::Bad("HEP chunk is shorter than its header"));
            }
            let body = &rest[6..length.min(rest.len())];
            let missing = length - 6 - body.len();
            if [v0, v1] == [0, 0] {
                match u16::from_be_bytes([k0, k1]) {
                    kind @ (3 | 4) => {
                        addresses[usize::from(kind - 3)] = body.try_into().ok().map(Address::v4);
                    }
                    kind @ (5 | 6) => {
                        addresses[usize::from(kind - 5)] = body.try_into().ok().map(Address::v6);
                    }
                    kind @ (7 | 8) => {
                        ports[usize::from(kind - 7)] = body.try_into().ok().map(u16::from_be_bytes);
                    }
                    9 => seconds = body.try_into().map_or(0, u32::from_be_bytes),
                    10 => micros = body.try_into().map_or(0, u32::from_be_bytes),
                    15 => payload = Some((body, missing as u32)),
                    _ => {}
                }
            }
            rest = &rest[length.min(rest.len())..];
        }
        let ([Some(from), Some(to)], [Some(from_port), Some(to_port)], Some((payload, missing))) =
            (addresses, ports, payload)
        else {
            return Err(Unread::Bad("HEP without addresses or payload"));
        };
        Ok(Self {
            key: FlowKey {
                src: Endpoint::new(from, from_port),
                dst: Endpoint::new(to, to_port),
            },
            at_ns: u64::from(seconds) * 1_000_000_000 + u64::from(micros.min(999_999)) * 1000,
            payload,
            missing,
        })
    }
}

/// Make what an agent would send: for tests and for the seeds of the fuzzer.
#[must_use]
pub fn build(key: FlowKey, at_ns: u64, payload: &[u8]) -> Vec<u8> {
    let mut chunks = Vec::new();
    let mut chunk = |kind: u16, body: &[u8]| {
        chunks.extend([0, 0]);
        chunks.extend(kind.to_be_bytes());
        chunks.extend((body.len() as u16 + 6).to_be_bytes());
        chunks.extend(body);
    };
    if let Some((src, dst)) = key.src.address.as_v4().zip(key.dst.address.as_v4()) {
        chunk(1, &[2]);
        chunk(3, &src);
        chunk(4, &dst);
    } else {
        chunk(1, &[10]);
        chunk(5, &key.src.address.octets());
        chunk(6, &key.dst.address.octets());
    }
    chunk(2, &[17]);
    chunk(7, &key.src.port.to_be_bytes());
    chunk(8, &key.dst.port.to_be_bytes());
    chunk(9, &((at_ns / 1_000_000_000) as u32).to_be_bytes());
    chunk(10, &((at_ns % 1_000_000_000 / 1000) as u32).to_be_bytes());
    chunk(11, &[1]);
    chunk(15, payload);
    let mut out = b"HEP3".to_vec();
    out.extend((chunks.len() as u16 + 6).to_be_bytes());
    out.extend(chunks);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(src: &str, dst: &str) -> FlowKey {
        FlowKey {
            src: Endpoint::new(src.parse().unwrap(), 5060),
            dst: Endpoint::new(dst.parse().unwrap(), 5080),
        }
    }

    #[test]
    fn addresses_time_and_payload_are_read() {
        for key in [
            key("10.0.0.1", "10.0.0.2"),
            key("2001:db8::1", "2001:db8::2"),
        ] {
            let made = build(key, 1_700_000_000_123_456_000, b"OPTIONS");
            let read = Hep::parse(&made).unwrap();
            assert_eq!((read.key, read.payload), (key, &b"OPTIONS"[..]));
            assert_eq!((read.at_ns, read.missing), (1_700_000_000_123_456_000, 0));
            let cut = Hep::parse(&made[..made.len() - 3]).unwrap();
            assert_eq!((cut.payload, cut.missing), (&b"OPTI"[..], 3));
        }
    }

    #[test]
    fn nonsense_is_refused() {
        let made = build(key("10.0.0.1", "10.0.0.2"), 0, b"x");
        for end in 0..made.len() - 1 {
            let _ = Hep::parse(&made[..end]);
        }
        assert!(Hep::parse(b"HEP3\0\x06").is_err());
        assert!(Hep::parse(b"HEP3\0\x0c\0\0\0\x0f\0\x01").is_err());
        assert!(Hep::parse(b"hello").is_err());
    }
}
