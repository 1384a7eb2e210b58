//! RTP and RTCP packets, statistics and telephone events. Pure, no I/O.
//!
//! Source: RFC 3550, RFC 3551, RFC 4733
#![forbid(unsafe_code)]
