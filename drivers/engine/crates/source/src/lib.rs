//! Where packets come from: capture files ([`Files`]) and the kernel's ring ([`Ring`]).
//!
//! All `unsafe` code of the engine stands in [`ring`], [`descriptor`] and [`prefetch`].
#![deny(unsafe_code)]

#[expect(
    unsafe_code,
    reason = "a file descriptor number of the embedding program becomes ours"
)]
pub mod descriptor;
pub mod file;
pub mod files;
mod passing;
mod pcapng;
#[expect(
    unsafe_code,
    reason = "a hint to the processor that no safe function gives"
)]
pub mod prefetch;
#[expect(
    unsafe_code,
    reason = "memory shared with the kernel, and socket options that no safe crate offers"
)]
pub mod ring;
mod window;

pub use file::CaptureFile;
pub use files::{Files, Problem};
pub use ring::{Ring, RingConfig};

use std::io;

use thiserror::Error;
use wire::Link;

/// One captured frame, borrowed from the source's memory.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Nanoseconds since 1970.
    pub at_ns: u64,
    /// What the frame begins with; none for a link that is not read.
    pub link: Option<Link>,
    /// What was captured.
    pub data: &'a [u8],
    /// Bytes on the wire.
    pub original: u32,
    /// VLAN tag that the card or the kernel took out of the frame.
    pub vlan: Option<u16>,
}

/// Why a source gives no (more) packets.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The operating system refused.
    #[error("{doing}: {error}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Its answer.
        error: io::Error,
    },
    /// The file begins like no capture.
    #[error("not a capture file ({0})")]
    NotACapture(&'static str),
    /// A capture of something that is not read here.
    #[error("link type {0} is not supported")]
    LinkType(u32),
    /// The bytes at this offset make no sense.
    #[error("damaged at byte {offset}: {problem}")]
    Damaged {
        /// Of the uncompressed file.
        offset: u64,
        /// What is wrong.
        problem: &'static str,
    },
    /// A ring cannot have this form.
    #[error("ring: {0}")]
    Shape(&'static str),
}

impl SourceError {
    pub(crate) fn io(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io { doing, error }
    }
}
