//! Headers from the link to the transport layer, and SIP over both transports. Pure, no I/O.
//!
//! What comes in: the bytes of one captured frame. What goes out: a [`Datagram`] that borrows from it, or the
//! reason why there is none. Tunnels are taken off by [`unwrap`], fragments put together by [`fragments`]. SIP is recognised by content ([`sip`]) and cut from TCP streams by [`tcp`].
//!
//! Source: IEEE 802.3, IEEE 802.1Q, RFC 791, RFC 8200, RFC 768, RFC 9293, RFC 3261 §18.3
#![forbid(unsafe_code)]

pub mod address;
pub mod build;
pub mod datagram;
pub mod fragments;
pub mod hep;
pub mod link;
pub mod sip;
pub mod tcp;
pub mod tunnel;
pub mod unwrap;

pub use address::{Address, Endpoint, FlowKey};
pub use datagram::{Datagram, Transport};
pub use fragments::Reassembly;
pub use link::Link;
pub use tunnel::Wrappings;
pub use unwrap::{Content, unwrap};

use thiserror::Error;

/// Why a frame yields no datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unread {
    /// The frame carries something else: ARP, what is not unwrapped, a link that is not known.
    #[error("not an IP packet")]
    NotIp,
    /// IP, but neither UDP nor TCP.
    #[error("IP protocol {0} is not followed")]
    OtherProtocol(u8),
    /// A fragment after the first: it has no ports.
    #[error("a later fragment")]
    Fragment,
    /// A header contradicts itself or is cut.
    #[error("{0}")]
    Bad(&'static str),
}
