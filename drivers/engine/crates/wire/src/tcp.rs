//! SIP over TCP: segments of one direction in, whole messages out.
//!
//! Surprising: the tap may join a stream in its middle, miss segments that the receiver got, and see segments twice or
//! out of order. A gap is waited for, then given up; reading goes on at the next message that begins a line.
//!
//! A stream may be a WebSocket: its handshake is seen, or a frame with the start of a message.
//!
//! Source: RFC 9293 §3.4, §3.10, RFC 3261 §18.3, RFC 5626 §3.5.1

mod stream;
mod table;
mod websocket;

pub use stream::Message;
pub use table::{Counts, Limits, Table};
