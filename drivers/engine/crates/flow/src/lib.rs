//! The pipeline that joins all: a frame comes in, SIP becomes events, media finds its bundles.
//!
//! * [`Engine`] owns the source and, for a ring, its threads; everything the border offers is a method of it.
//! * [`pipeline`] holds the state that one lock protects: flows, bindings, bundles, the holding area, the events.
//!
//! What is surprising: media is not pushed to Python at all. Python binds addresses, and the pipeline writes.
#![forbid(unsafe_code)]

mod announced;
mod binding;
mod bundle;
pub mod config;
mod copies;
pub mod counters;
mod doorstep;
mod engine;
pub mod event;
mod flows;
mod held;
pub mod nets;
mod outside;
mod pipeline;
mod ring;
mod stream;
mod tap;

pub use binding::Payload;
pub use config::Config;
pub use engine::{Engine, Order};

use thiserror::Error;

/// What an engine refuses or dies of.
#[derive(Debug, Error)]
pub enum FlowError {
    /// The configuration makes no sense.
    #[error("configuration: {0}")]
    Config(String),
    /// An argument makes no sense.
    #[error("{0}")]
    Argument(String),
    /// The source cannot be opened.
    #[error("{0}")]
    Source(#[from] source::SourceError),
    /// The spool cannot be written.
    #[error("{0}")]
    Write(#[from] spool::writer::WriteError),
    /// A descriptor cannot be duplicated.
    #[error("{0}")]
    Descriptor(#[from] std::io::Error),
    /// A thread of the engine died, or the engine was stopped.
    #[error("the engine is dead: {0}")]
    Dead(String),
}
