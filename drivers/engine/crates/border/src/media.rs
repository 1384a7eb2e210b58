//! Reading finished media files for Python.

use std::path::Path;

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use spool::direct::{self, Pages};
use spool::reader::picture::{Heard, Loudness, Plan};
use spool::reader::{Media as Read, ReadError};

fn error(error: ReadError) -> PyErr {
    match error {
        ReadError::Io(error) => refused(&error),
        other => PyValueError::new_err(other.to_string()),
    }
}

/// With two arguments Python chooses the class and knows the number: a full disk is waited for.
fn refused(error: &std::io::Error) -> PyErr {
    match error.raw_os_error() {
        Some(number) => PyOSError::new_err((number, error.to_string())),
        None => PyOSError::new_err(error.to_string()),
    }
}

/// The streams of a media file: a `MessagePack` header, and a blob of columns.
#[pyfunction]
pub fn read_media<'py>(py: Python<'py>, path: &str) -> PyResult<Columns<'py>> {
    let media = py.detach(|| Read::read(Path::new(path))).map_err(error)?;
    columns(py, &media)
}

type Columns<'py> = (Bound<'py, PyBytes>, Bound<'py, PyBytes>);

fn columns<'py>(py: Python<'py>, media: &Read) -> PyResult<Columns<'py>> {
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

/// Of each side: peaks, loud ones, clipped ones, samples looked at, their power.
type Sides = Vec<(u64, u64, u64, u64, u64)>;
/// SHA-256 of the audio file, its bytes, SHA-256 of each stream's payload, and the sides.
type Pictured = (String, u64, Vec<String>, Sides);

/// One media file in memory; see `drivers/engine/README.md`.
#[pyclass(frozen, module = "capture_engine")]
pub struct Media {
    read: Read,
    outline: Option<Vec<u8>>,
    /// How the recording is written: of the thousands of calls of a capture file nobody waits for any one.
    write: fn(&Path, &Pages) -> std::io::Result<()>,
}

impl Media {
    /// Look at a media file.
    pub fn new(read: Read) -> Self {
        Self::written_by(read, |path, bytes| std::fs::write(path, &bytes[..]))
    }

    /// Look at what is held of a call of a capture file.
    pub fn held(read: Read) -> Self {
        Self::written_by(read, direct::write)
    }

    fn written_by(mut read: Read, write: fn(&Path, &Pages) -> std::io::Result<()>) -> Self {
        let outline = read.outline();
        Self {
            read,
            outline,
            write,
        }
    }
}

#[pymethods]
impl Media {
    #[new]
    fn open(py: Python<'_>, path: &str) -> PyResult<Self> {
        py.detach(|| Read::read(Path::new(path)).map(Self::new))
            .map_err(error)
    }

    fn outline<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.outline.as_ref().map(|bytes| PyBytes::new(py, bytes))
    }

    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Columns<'py>> {
        columns(py, &self.read)
    }

    fn payload_hashes(&self, py: Python<'_>) -> Vec<String> {
        py.detach(|| {
            let payloads: Vec<_> = self.read.payloads().collect();
            hexadecimal(&hashing::sha256_of_each(&payloads))
        })
    }

    fn extent(&self, stream: usize, origin_ns: i64, end_ns: i64) -> (u64, i64) {
        self.read.extent(stream, (origin_ns, end_ns))
    }

    fn save(&self, py: Python<'_>, path: &str) -> PyResult<()> {
        py.detach(|| std::fs::write(path, self.read.bytes()))
            .map_err(|error| refused(&error))
    }

    #[expect(clippy::too_many_arguments, reason = "the contract's arguments")]
    fn render(
        &self,
        py: Python<'_>,
        audio: &str,
        peaks: &str,
        head: &[u8],
        frames: usize,
        window_ns: (i64, i64),
        silence: u8,
        is_ulaw: bool,
        expansion: &[u8],
        heard: Vec<(usize, usize, i64, Option<Vec<u8>>)>,
    ) -> PyResult<Pictured> {
        let mut values = [0; 256];
        for (value, pair) in values.iter_mut().zip(expansion.chunks_exact(2)) {
            *value = i16::from_le_bytes([pair[0], pair[1]]);
        }
        let heard = heard
            .into_iter()
            .map(|(stream, column, frame, table)| {
                let translation = table.map(|table| {
                    <[u8; 256]>::try_from(table)
                        .map_err(|_| PyValueError::new_err("a table has 256 codes"))
                });
                Ok(Heard {
                    stream,
                    column,
                    frame,
                    translation: translation.transpose()?,
                })
            })
            .collect::<PyResult<Vec<_>>>()?;
        let plan = Plan {
            head: head.to_vec(),
            frames,
            window_ns,
            silence,
            is_ulaw,
            expansion: values,
            heard,
        };
        py.detach(|| self.written(audio, peaks, &plan))
    }
}

impl Media {
    fn written(&self, audio: &str, peaks: &str, plan: &Plan) -> PyResult<Pictured> {
        let picture = self
            .read
            .picture(plan)
            .ok_or_else(|| PyValueError::new_err("the plan names a stream that is not plain"))?;
        // The file is as long as its two sides: hashed beside them it costs half.
        let all: Vec<_> = std::iter::once(&*picture.audio)
            .chain(self.read.payloads())
            .collect();
        let mut payloads = hexadecimal(&hashing::sha256_of_each(&all));
        let audio_hash = payloads.remove(0);
        (self.write)(Path::new(audio), &picture.audio)
            .and_then(|()| std::fs::write(peaks, &picture.peaks))
            .map_err(|error| refused(&error))?;
        let loudness = picture.loudness.map(
            |Loudness {
                 peaks,
                 loud,
                 clipped,
                 picked,
                 power,
             }| (peaks, loud, clipped, picked, power),
        );
        let size = picture.audio.len() as u64;
        Ok((audio_hash, size, payloads, loudness.to_vec()))
    }
}

fn hexadecimal(hashes: &[hashing::Hash]) -> Vec<String> {
    hashes.iter().map(|hash| hashing::hex(hash)).collect()
}
