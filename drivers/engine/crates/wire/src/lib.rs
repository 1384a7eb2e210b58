//! Headers from the link to the transport layer, and SIP over both transports. Pure, no I/O.
//!
//! Source: IEEE 802.3, IEEE 802.1Q, RFC 791, RFC 8200, RFC 768, RFC 9293, RFC 3261 §18.3
#![forbid(unsafe_code)]
