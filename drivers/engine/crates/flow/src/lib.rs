//! The flow table and the pipeline that joins all.
#![forbid(unsafe_code)]
