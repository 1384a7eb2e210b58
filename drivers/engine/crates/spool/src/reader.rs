//! Columns of every stream of one media file.
