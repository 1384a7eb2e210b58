//! What Python cannot ask of the disk by itself.

use std::path::PathBuf;

use pyo3::prelude::*;

/// Bring everything that was written to the file system of `path` to its disk.
#[pyfunction]
#[expect(
    clippy::needless_pass_by_value,
    reason = "what comes from Python is ours"
)]
pub fn secure(py: Python<'_>, path: PathBuf) -> PyResult<()> {
    Ok(py.detach(|| spool::writer::secure(&path))?)
}
