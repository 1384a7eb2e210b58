//! RTP and RTCP packets, statistics and telephone events. Pure, no I/O, no panic on any input.
//!
//! * [`Header`] reads one RTP packet; [`kind`] tells RTP, RTCP and their neighbours on one port apart.
//! * [`Probation`] decides whether packets that no SDP announced are RTP at all.
//! * [`StreamStats`] counts one stream; a reader builds its order on the [`Outcome`] of each packet.
//! * [`rtcp::packets`] walks a compound RTCP packet.
//! * [`EventDecoder`] reports each telephone event once.
//!
//! Source: RFC 3550, RFC 3551, RFC 4733, RFC 5761 §4, RFC 7983 §7
#![forbid(unsafe_code)]

pub mod demux;
pub mod event;
pub mod header;
pub mod plausible;
pub mod rtcp;
pub mod stats;

pub use demux::{Kind, kind};
pub use event::{Event, EventDecoder};
pub use header::{Header, HeaderError};
pub use plausible::Probation;
pub use stats::{Outcome, StreamStats};
