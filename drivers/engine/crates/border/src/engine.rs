//! The class `Engine`: arguments in, bytes out, the interpreter's lock given back wherever Rust may wait.

use std::path::Path;
use std::time::Duration;

use flow::{Config, FlowError, Payload};
use pyo3::exceptions::{PyOSError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use source::SourceError;
use spool::writer::WriteError;

use crate::media::Media;

/// Errors of the engine as the exceptions of the contract.
fn error(error: FlowError) -> PyErr {
    let text = error.to_string();
    match error {
        FlowError::Config(_)
        | FlowError::Argument(_)
        | FlowError::Source(
            SourceError::Shape(_)
            | SourceError::NotACapture(_)
            | SourceError::LinkType(_)
            | SourceError::Damaged { .. },
        ) => PyValueError::new_err(text),
        FlowError::Source(SourceError::Io { error, .. })
        | FlowError::Write(WriteError::Io { error, .. })
        | FlowError::Descriptor(error) => match error.raw_os_error() {
            // With two arguments Python chooses the class: PermissionError, FileNotFoundError …
            Some(number) => PyOSError::new_err((number, text)),
            None => PyOSError::new_err(text),
        },
        FlowError::Write(WriteError::Ended) | FlowError::Dead(_) => PyRuntimeError::new_err(text),
    }
}

/// A running packet engine; see `drivers/engine/README.md`.
#[pyclass(frozen, module = "capture_engine")]
pub struct Engine(flow::Engine);

#[pymethods]
impl Engine {
    #[new]
    fn new(py: Python<'_>, config: &[u8]) -> PyResult<Self> {
        py.detach(|| flow::Engine::start(Config::from_json(config)?))
            .map(Self)
            .map_err(error)
    }

    fn poll<'py>(&self, py: Python<'py>, timeout_ms: u64) -> PyResult<Bound<'py, PyBytes>> {
        let timeout = Duration::from_millis(timeout_ms);
        bytes(py, py.detach(|| self.0.poll(timeout)))
    }

    #[pyo3(signature = (most, all = false))]
    fn attempts<'py>(
        &self,
        py: Python<'py>,
        most: usize,
        all: bool,
    ) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, py.detach(|| self.0.attempts(most, all)))
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "Python's lists arrive as owned vectors"
    )]
    fn keep(&self, py: Python<'_>, bundle: &str, message_ids: Vec<u64>) -> PyResult<()> {
        py.detach(|| self.0.keep(bundle, &message_ids))
            .map_err(error)
    }

    #[expect(clippy::too_many_arguments, reason = "the contract's arguments")]
    fn bind(
        &self,
        py: Python<'_>,
        bundle: &str,
        side: i64,
        address: &str,
        port: i64,
        rtcp_port: i64,
        payloads: Vec<(i64, i64, bool)>,
    ) -> PyResult<()> {
        let (side, port, rtcp_port) = (
            within(side, "side")?,
            within(port, "port")?,
            within(rtcp_port, "rtcp_port")?,
        );
        let payloads = payloads
            .into_iter()
            .map(|(payload_type, clock_hz, is_event)| {
                Ok(Payload {
                    payload_type: within(payload_type, "payload type")?,
                    clock_hz: within(clock_hz, "clock rate")?,
                    is_event,
                })
            })
            .collect::<PyResult<Vec<_>>>()?;
        py.detach(|| {
            self.0
                .bind(bundle, side, address, port, rtcp_port, &payloads)
        })
        .map_err(error)
    }

    fn pause(&self, py: Python<'_>, bundle: &str, paused: bool) -> PyResult<()> {
        py.detach(|| self.0.pause(bundle, paused)).map_err(error)
    }

    fn release(&self, py: Python<'_>, bundle: &str, linger_ms: u64) -> PyResult<()> {
        py.detach(|| self.0.release(bundle, linger_ms))
            .map_err(error)
    }

    fn close<'py>(&self, py: Python<'py>, bundle: &str) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, py.detach(|| self.0.close(bundle)))
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "what comes from Python is ours"
    )]
    fn close_all<'py>(
        &self,
        py: Python<'py>,
        bundles: Vec<String>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, py.detach(|| self.0.close_all(&bundles)))
    }

    fn take(&self, py: Python<'_>, bundle: &str, most_bytes: u64) -> PyResult<Option<Media>> {
        let found = py.detach(|| {
            let bytes = self.0.take(bundle, most_bytes)?;
            Ok(bytes.map(spool::reader::Media::parse))
        });
        match found.map_err(error)? {
            None => Ok(None),
            Some(read) => {
                let read = read.map_err(|problem| PyRuntimeError::new_err(problem.to_string()))?;
                Ok(Some(py.detach(|| Media::new(read))))
            }
        }
    }

    fn take_to(&self, py: Python<'_>, bundle: &str, path: &str) -> PyResult<()> {
        py.detach(|| self.0.take_to(bundle, Path::new(path)))
            .map_err(error)
    }

    #[pyo3(signature = (part = 0, parts = 1))]
    fn streams<'py>(
        &self,
        py: Python<'py>,
        part: usize,
        parts: usize,
    ) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, py.detach(|| self.0.streams(part, parts)))
    }

    #[pyo3(signature = (bundle, fd, even_paused=false))]
    fn tap(&self, py: Python<'_>, bundle: &str, fd: i32, even_paused: bool) -> PyResult<()> {
        py.detach(|| self.0.tap(bundle, fd, even_paused))
            .map_err(error)
    }

    fn counters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, py.detach(|| self.0.counters()))
    }

    fn counters_by_interface<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, py.detach(|| self.0.counters_by_interface()))
    }

    fn counters_by_net<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, py.detach(|| self.0.counters_by_net()))
    }

    fn now_ns(&self, py: Python<'_>) -> PyResult<u64> {
        py.detach(|| self.0.now_ns()).map_err(error)
    }

    fn stop(&self, py: Python<'_>) {
        py.detach(|| self.0.stop());
    }
}

/// Python's numbers have no bounds; what is too large or negative is a wrong value like any other.
fn within<T: TryFrom<i64>>(value: i64, name: &str) -> PyResult<T> {
    T::try_from(value).map_err(|_| PyValueError::new_err(format!("{value} is no {name}")))
}

fn bytes(py: Python<'_>, result: Result<Vec<u8>, FlowError>) -> PyResult<Bound<'_, PyBytes>> {
    result.map(|bytes| PyBytes::new(py, &bytes)).map_err(error)
}
