//! A bundle's `media.pcap`: the writer that appends it in blocks, and the reader that makes columns of it.
#![deny(unsafe_code)]

pub mod direct;
pub mod folders;
pub mod format;
pub mod reader;
pub mod writer;
