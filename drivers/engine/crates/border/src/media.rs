//! Reading finished media files for Python.

use std::path::Path;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use spool::reader::{Media, ReadError};

fn error(error: ReadError) -> PyErr {
    match error {
        ReadError::Io(error) => error.into(),
        other => PyValueError::new_err(other.to_string()),
    }
}

/// The streams of a media file: a `MessagePack` header, and a blob of columns.
#[pyfunction]
pub fn read_media<'py>(
    py: Python<'py>,
    path: &str,
) -> PyResult<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)> {
    let media = py.detach(|| Media::read(Path::new(path))).map_err(error)?;
    // The columns are written where Python will read them, not copied there.
    let mut header = Vec::new();
    let blob = PyBytes::new_with(py, media.blob_len(), |room| {
        header = media.write(room);
        Ok(())
    })?;
    Ok((PyBytes::new(py, &header), blob))
}

/// The media file with its records in time order.
#[pyfunction]
pub fn sorted_capture<'py>(py: Python<'py>, path: &str) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = py
        .detach(|| spool::reader::sorted_capture(Path::new(path)))
        .map_err(error)?;
    Ok(PyBytes::new(py, &bytes))
}
