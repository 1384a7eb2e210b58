//! What Python cannot ask of the disk by itself, or not for many bundles at once.

use std::io;
use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};

/// Bring everything that was written to the file system of `path` to its disk.
#[pyfunction]
#[expect(
    clippy::needless_pass_by_value,
    reason = "what comes from Python is ours"
)]
pub fn secure(py: Python<'_>, path: PathBuf) -> PyResult<()> {
    Ok(py.detach(|| spool::writer::secure(&path))?)
}

/// Write a file into the folder of each bundle, whole or not at all.
#[pyfunction]
#[expect(
    clippy::needless_pass_by_value,
    reason = "what comes from Python is ours"
)]
pub fn put_all(
    py: Python<'_>,
    folder: PathBuf,
    name: &str,
    contents: Vec<(PyBackedStr, PyBackedBytes)>,
    makes: bool,
) -> Vec<String> {
    py.detach(|| problems(spool::folders::put_all(&folder, name, &contents, makes)))
}

/// Rename bundles from one folder into another.
#[pyfunction]
#[expect(
    clippy::needless_pass_by_value,
    reason = "what comes from Python is ours"
)]
pub fn move_all(
    py: Python<'_>,
    from: PathBuf,
    to: PathBuf,
    bundles: Vec<PyBackedStr>,
) -> Vec<String> {
    py.detach(|| problems(spool::folders::move_all(&from, &to, &bundles)))
}

/// What went wrong with each, empty when nothing did.
fn problems(answers: Vec<io::Result<()>>) -> Vec<String> {
    let problem = |answer: io::Result<()>| answer.err().map_or_else(String::new, |e| e.to_string());
    answers.into_iter().map(problem).collect()
}
