//! The Python module `capture_engine._engine`: nothing else in the workspace knows of Python.

mod disk;
mod engine;
mod media;

use pyo3::prelude::*;

/// The packet engine.
#[pymodule]
fn _engine(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("SOURCE_HASH", env!("SOURCE_HASH"))?;
    module.add_function(wrap_pyfunction!(disk::secure, module)?)?;
    module.add_function(wrap_pyfunction!(disk::put_all, module)?)?;
    module.add_function(wrap_pyfunction!(disk::move_all, module)?)?;
    module.add_class::<engine::Engine>()?;
    module.add_class::<media::Media>()?;
    module.add_function(wrap_pyfunction!(media::read_media, module)?)?;
    module.add_function(wrap_pyfunction!(media::sorted_capture, module)?)?;
    Ok(())
}
