//! What touches the disk.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use crate::folders;
use crate::format;
use crate::writer::{Block, WriteError, WriterConfig, WriterState};

/// Free space is asked for so often, and after so many bytes written.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const LOOK_AFTER_BYTES: u64 = 32 << 20;

fn io_error(doing: &'static str) -> impl FnOnce(io::Error) -> WriteError {
    move |error| WriteError::Io { doing, error }
}

/// Appends blocks and knows how long each open bundle's file is.
#[derive(Debug)]
pub(super) struct Appender {
    config: WriterConfig,
    pub(super) state: Arc<WriterState>,
    folder: File,
    lengths: HashMap<Arc<str>, u64>,
    looked_at: Instant,
    unlooked_bytes: u64,
}

impl Appender {
    pub fn new(config: WriterConfig, state: Arc<WriterState>) -> Result<Self, WriteError> {
        let folder = File::open(&config.spool).map_err(io_error("open the spool"))?;
        let mut appender = Self {
            config,
            state,
            folder,
            lengths: HashMap::new(),
            looked_at: Instant::now(),
            unlooked_bytes: 0,
        };
        appender
            .look_now()
            .map_err(io_error("ask for free space"))?;
        Ok(appender)
    }

    pub fn syncs(&self) -> Option<Duration> {
        (!self.config.sync_every.is_zero()).then_some(self.config.sync_every)
    }

    /// A second handle of the spool's file system.
    pub fn folder(&self) -> Result<File, WriteError> {
        self.folder.try_clone().map_err(io_error("open the spool"))
    }

    /// The folder of open bundles.
    pub fn spool(&self) -> &std::path::Path {
        &self.config.spool
    }

    pub fn path(&self, bundle: &str) -> PathBuf {
        self.config.spool.join(bundle).join(&self.config.media_file)
    }

    /// Append; what cannot be written is counted.
    pub fn append(&mut self, bundle: &Arc<str>, block: &Block) {
        if block.bytes.is_empty() {
            return;
        }
        let (written, result) = self.write(bundle, block);
        self.state.written_packets.fetch_add(written, Relaxed);
        if let Err(error) = result {
            let lost = block.packets - written;
            if is_full(&error) {
                self.state.disk_full_packets.fetch_add(lost, Relaxed);
                self.state.full.store(true, Relaxed);
            } else {
                self.state.write_errors.fetch_add(1, Relaxed);
            }
        }
        self.look_at_space();
    }

    /// The file of a bundle, whose folder may not be made yet: packets never wait for those who make it.
    fn open(&self, bundle: &str) -> io::Result<File> {
        let path = self.path(bundle);
        let open = || OpenOptions::new().append(true).create(true).open(&path);
        match open() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                folders::make(&self.config.spool.join(bundle)).and_then(|()| open())
            }
            other => other,
        }
    }

    /// Returns the records that are whole in the file now.
    fn write(&mut self, bundle: &Arc<str>, block: &Block) -> (u64, io::Result<()>) {
        let bytes = &block.bytes[..];
        let mut file = match self.open(bundle) {
            Ok(file) => file,
            Err(error) => return (0, Err(error)),
        };
        let before = match self.lengths.get(bundle) {
            Some(&length) => length,
            None => match begin(&mut file, &self.path(bundle)) {
                Ok((length, fresh)) => {
                    self.state.written_bytes.fetch_add(fresh, Relaxed);
                    length
                }
                Err(error) => return (0, Err(error)),
            },
        };
        let (written, result) = write_all(&mut file, bytes);
        let (whole, records) = if result.is_ok() {
            (bytes.len(), block.packets)
        } else {
            whole_records(&bytes[..written])
        };
        let length = before + whole as u64;
        if whole < written && file.set_len(length).is_err() {
            // The end of the file is unknown: the next block looks for it.
            self.lengths.remove(bundle);
        } else if let Some(known) = self.lengths.get_mut(bundle) {
            *known = length;
        } else {
            self.lengths.insert(Arc::clone(bundle), length);
        }
        self.state.written_bytes.fetch_add(whole as u64, Relaxed);
        self.unlooked_bytes += whole as u64;
        (records, result)
    }

    /// Forget the bundle; its file is brought to the disk unless that is switched off.
    pub fn close(&mut self, bundle: &Arc<str>) -> Result<(), WriteError> {
        if !self.knows(bundle) {
            return Ok(()); // nothing was written; had the disk refused it, that was counted
        }
        self.forget(bundle);
        if self.syncs().is_none() {
            return Ok(());
        }
        sync_file(&self.path(bundle)).inspect_err(|_| {
            self.state.write_errors.fetch_add(1, Relaxed);
        })
    }

    /// Something of the bundle was written.
    pub fn knows(&self, bundle: &Arc<str>) -> bool {
        self.lengths.contains_key(bundle)
    }

    /// No more blocks will come.
    pub fn forget(&mut self, bundle: &Arc<str>) {
        self.lengths.remove(bundle);
    }

    /// Ask for free space when it is time.
    pub fn look_at_space(&mut self) {
        if self.looked_at.elapsed() >= LOOK_EVERY || self.unlooked_bytes >= LOOK_AFTER_BYTES {
            // A file system that cannot answer says nothing about its space.
            let _ = self.look_now();
        }
    }

    fn look_now(&mut self) -> io::Result<()> {
        self.looked_at = Instant::now();
        self.unlooked_bytes = 0;
        let answer = rustix::fs::fstatvfs(&self.folder)?;
        let free = answer.f_bavail.saturating_mul(answer.f_frsize);
        self.state.free_bytes.store(free, Relaxed);
        let least = self.config.min_free_bytes;
        if free < least {
            self.state.full.store(true, Relaxed);
        } else if free >= least.saturating_add(least / 10) {
            self.state.full.store(false, Relaxed);
        }
        Ok(())
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

/// Bring one file to the disk.
pub(super) fn sync_file(path: &std::path::Path) -> Result<(), WriteError> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(io_error("synchronise a media file"))
}

/// Like `Write::write_all`, but tells how far it came.
fn write_all(file: &mut File, bytes: &[u8]) -> (usize, io::Result<()>) {
    let mut at = 0;
    while at < bytes.len() {
        match file.write(&bytes[at..]) {
            Ok(0) => return (at, Err(io::ErrorKind::WriteZero.into())),
            Ok(written) => at += written,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (at, Err(error)),
        }
    }
    (at, Ok(()))
}

/// Bytes and number of the records that are whole in `bytes`, which begins with a record.
fn whole_records(bytes: &[u8]) -> (usize, u64) {
    let (mut at, mut records) = (0, 0);
    while let Some(header) = bytes.get(at..at + format::RECORD_HEADER_BYTES) {
        let length = u32::from_le_bytes([header[8], header[9], header[10], header[11]]) as usize;
        let end = at + format::RECORD_HEADER_BYTES + length;
        if end > bytes.len() {
            break;
        }
        at = end;
        records += 1;
    }
    (at, records)
}

/// Make sure that the file begins with its header and ends with a whole record.
///
/// Shape: returns the file's length and how many bytes of it were written just now.
fn begin(file: &mut File, path: &std::path::Path) -> io::Result<(u64, u64)> {
    let length = file.metadata()?.len();
    if length < format::FILE_HEADER_BYTES as u64 {
        file.set_len(0)?;
        let (written, result) = write_all(file, &format::file_header());
        if let Err(error) = result {
            file.set_len(0)?;
            return Err(error);
        }
        return Ok((written as u64, written as u64));
    }
    let end = end_of_records(path, length)?;
    if end < length {
        file.set_len(end)?;
    }
    Ok((end, 0))
}

/// Where the last whole record ends of a file that was left by another run.
fn end_of_records(path: &std::path::Path, length: u64) -> io::Result<u64> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut header = [0; format::RECORD_HEADER_BYTES];
    reader.seek_relative(format::FILE_HEADER_BYTES as i64)?;
    let mut end = format::FILE_HEADER_BYTES as u64;
    while end + header.len() as u64 <= length {
        reader.read_exact(&mut header)?;
        let captured = u32::from_le_bytes([header[8], header[9], header[10], header[11]]);
        let next = end + header.len() as u64 + u64::from(captured);
        if next > length || captured > format::SNAP_BYTES {
            break;
        }
        reader.seek_relative(i64::from(captured))?;
        end = next;
    }
    Ok(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_records_end_before_the_cut_one() {
        let mut bytes = Vec::new();
        for length in [0u32, 5, 100] {
            bytes.extend(format::record_header(1, length, length));
            bytes.extend(vec![7; length as usize]);
        }
        let ends = [16, 16 + 21, 16 + 21 + 116];
        for cut in 0..=bytes.len() {
            let expected = ends.iter().rfind(|&&end| end <= cut).copied().unwrap_or(0);
            let records = ends.iter().filter(|&&end| end <= cut).count() as u64;
            assert_eq!(whole_records(&bytes[..cut]), (expected, records), "{cut}");
        }
    }

    /// /dev/full takes nothing and says that the disk is full.
    #[test]
    fn a_full_disk_loses_the_block_and_says_so() {
        let spool = tempfile::tempdir().unwrap();
        std::fs::create_dir(spool.path().join("one")).unwrap();
        std::os::unix::fs::symlink("/dev/full", spool.path().join("one/media.pcap")).unwrap();
        let config = WriterConfig {
            spool: spool.path().to_owned(),
            media_file: "media.pcap".into(),
            min_free_bytes: 0,
            sync_every: Duration::ZERO,
            threads: false,
            memory_bytes: 0,
            block_bytes: 0,
        };
        let mut appender = Appender::new(config, Arc::default()).unwrap();
        appender.lengths.insert("one".into(), 24);
        let bytes = [&format::record_header(1, 3, 3)[..], b"abc"].concat();
        appender.append(&"one".into(), &Block { bytes, packets: 1 });
        assert_eq!(appender.state.disk_full_packets.load(Relaxed), 1);
        assert_eq!(appender.state.written_packets.load(Relaxed), 0);
        assert!(appender.state.is_full());
    }
}
