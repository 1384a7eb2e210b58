//! The Python module `capture_engine`: nothing else in the workspace knows of Python.

use pyo3::prelude::*;

/// The packet engine.
#[pymodule]
fn _engine(_module: &Bound<'_, PyModule>) -> PyResult<()> {
    Ok(())
}
