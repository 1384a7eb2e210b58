//! Addresses in one form for both families, small and quick to hash.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::{AddrParseError, IpAddr, Ipv6Addr};
use std::str::FromStr;

/// An IP address of either family; IPv4 is held as `::ffff:a.b.c.d`.
///
/// Source: RFC 4291 §2.5.5.2
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(u128);

const V4_PREFIX: u128 = 0xffff_0000_0000;

impl Address {
    /// From the four bytes of an IPv4 header.
    #[must_use]
    #[inline]
    pub const fn v4(bytes: [u8; 4]) -> Self {
        Self(V4_PREFIX | u32::from_be_bytes(bytes) as u128)
    }

    /// From the sixteen bytes of an IPv6 header.
    #[must_use]
    #[inline]
    pub const fn v6(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// The four bytes, when it is an IPv4 address.
    #[must_use]
    #[inline]
    pub const fn as_v4(self) -> Option<[u8; 4]> {
        if self.0 >> 32 == 0xffff {
            Some((self.0 as u32).to_be_bytes())
        } else {
            None
        }
    }

    /// All sixteen bytes.
    #[must_use]
    pub const fn octets(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// The standard library's form.
    #[must_use]
    pub fn ip(self) -> IpAddr {
        match self.as_v4() {
            Some(bytes) => IpAddr::from(bytes),
            None => IpAddr::V6(Ipv6Addr::from_bits(self.0)),
        }
    }
}

impl From<IpAddr> for Address {
    fn from(ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(v4) => Self::v4(v4.octets()),
            IpAddr::V6(v6) => Self::v6(v6.octets()),
        }
    }
}

impl FromStr for Address {
    type Err = AddrParseError;

    /// Also takes an IPv6 address in brackets or with a zone, as SIP writes it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bare = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(text);
        let bare = bare
            .split_once('%')
            .map_or(bare, |(address, _zone)| address);
        bare.parse::<IpAddr>().map(Self::from)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ip().fmt(f)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An address and a port, written `ip:port`, version 6 in brackets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Endpoint {
    /// Its address.
    pub address: Address,
    /// Its port.
    pub port: u16,
}

impl Endpoint {
    /// Join the two.
    #[must_use]
    #[inline]
    pub const fn new(address: Address, port: u16) -> Self {
        Self { address, port }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address.as_v4() {
            Some(_) => write!(f, "{}:{}", self.address, self.port),
            None => write!(f, "[{}]:{}", self.address, self.port),
        }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One direction between two endpoints of one transport.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FlowKey {
    /// Who sends.
    pub src: Endpoint,
    /// Who receives.
    pub dst: Endpoint,
}

impl FlowKey {
    /// The other direction.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self {
            src: self.dst,
            dst: self.src,
        }
    }
}

impl Hash for FlowKey {
    /// Three words instead of four: this runs once for every packet.
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(self.src.address.0);
        state.write_u128(self.dst.address.0);
        state.write_u32(u32::from(self.src.port) << 16 | u32::from(self.dst.port));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_families_read_and_print() {
        for text in ["10.0.0.1", "2001:db8::1", "0.0.0.0", "::1"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        assert_eq!(
            "[2001:db8::1]".parse::<Address>().unwrap(),
            "2001:db8::1".parse().unwrap()
        );
        assert_eq!(
            "fe80::1%eth0".parse::<Address>().unwrap(),
            "fe80::1".parse().unwrap()
        );
        assert!("example.org".parse::<Address>().is_err());
    }

    #[test]
    fn endpoints_bracket_version_six_only() {
        let v4 = Endpoint::new("10.0.0.1".parse().unwrap(), 5060);
        let v6 = Endpoint::new("2001:db8::1".parse().unwrap(), 5060);
        assert_eq!(v4.to_string(), "10.0.0.1:5060");
        assert_eq!(v6.to_string(), "[2001:db8::1]:5060");
        assert_eq!(v4.address.as_v4(), Some([10, 0, 0, 1]));
        assert_eq!(v6.address.as_v4(), None);
    }
}
