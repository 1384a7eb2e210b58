//! Appending records in blocks.
