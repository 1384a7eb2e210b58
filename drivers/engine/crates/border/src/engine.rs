//! The class `Engine`: arguments in, bytes out, the interpreter's lock given back wherever Rust may wait.

use std::path::Path;
use std::time::Duration;

use flow::{Config, FlowError, Order, Payload};
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

type Binding = (String, i64, String, i64, i64, Vec<(i64, i64, bool)>);

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

    #[pyo3(signature = (all = false))]
    fn notes<'py>(&self, py: Python<'py>, all: bool) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, py.detach(|| self.0.notes(all)))
    }

    fn obey(&self, py: Python<'_>, orders: Vec<Bound<'_, PyAny>>) -> PyResult<Vec<String>> {
        let read: Vec<Result<Order, String>> = orders
            .into_iter()
            .map(|wish| order(&wish).map_err(|error| error.value(py).to_string()))
            .collect();
        let good: Vec<&Order> = read.iter().flatten().collect();
        let mut answers = py.detach(|| self.0.obey(&good)).map_err(error)?.into_iter();
        let answered = |one| match one {
            Ok(_) => answers.next().unwrap_or_default(),
            Err(problem) => problem,
        };
        Ok(read.into_iter().map(answered).collect())
    }

    fn pause(&self, py: Python<'_>, bundle: &str, paused: bool) -> PyResult<()> {
        py.detach(|| self.0.pause(bundle, paused)).map_err(error)
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
                Ok(Some(py.detach(|| Media::held(read))))
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

/// An order as Python writes it: a tuple, told from the others by its shape.
fn order(wish: &Bound<'_, PyAny>) -> PyResult<Order> {
    if wish.len()? == 2 {
        return Ok(match wish.extract() {
            Ok((bundle, ids)) => Order::Keep { bundle, ids },
            Err(_) => wish
                .extract()
                .map(|(bundle, linger_ms)| Order::Release { bundle, linger_ms })?,
        });
    }
    let (bundle, side, address, port, rtcp_port, payloads): Binding = wish.extract()?;
    let payload = |(payload_type, clock_hz, is_event)| {
        Ok(Payload {
            payload_type: within(payload_type, "payload type")?,
            clock_hz: within(clock_hz, "clock rate")?,
            is_event,
        })
    };
    Ok(Order::Bind {
        bundle,
        side: within(side, "side")?,
        address,
        port: within(port, "port")?,
        rtcp_port: within(rtcp_port, "rtcp_port")?,
        payloads: payloads.into_iter().map(payload).collect::<PyResult<_>>()?,
    })
}

/// Python's numbers have no bounds; what is too large or negative is a wrong value like any other.
fn within<T: TryFrom<i64>>(value: i64, name: &str) -> PyResult<T> {
    T::try_from(value).map_err(|_| PyValueError::new_err(format!("{value} is no {name}")))
}

fn bytes(py: Python<'_>, result: Result<Vec<u8>, FlowError>) -> PyResult<Bound<'_, PyBytes>> {
    result.map(|bytes| PyBytes::new(py, &bytes)).map_err(error)
}
