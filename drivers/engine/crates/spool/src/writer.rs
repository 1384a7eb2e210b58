//! Appending records to media files, in blocks.
//!
//! What comes in: blocks of whole records, a bundle's name with each. What goes out: `<spool>/<bundle>/<media_file>`,
//! which at any instant holds whole records and at most one cut one at its end. A file is opened for each block only.
//!
//! Surprising: in a live engine the disk is touched by two threads of this module alone, so a disk that stalls for a
//! second stalls neither the ring nor signalling; while a file is imported everything happens in the caller's thread.

mod appender;
mod threads;
mod vault;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use thiserror::Error;

use appender::Appender;
use threads::Threads;
use vault::Vault;

/// Where and how media files are written.
#[derive(Debug, Clone)]
pub struct WriterConfig {
    /// Folder of open bundles.
    pub spool: PathBuf,
    /// Name of the media file in a bundle's folder.
    pub media_file: String,
    /// Below this the disk counts as full, up to 10 % above it again as not full.
    pub min_free_bytes: u64,
    /// How often everything written reaches the disk; zero: never, not even at close.
    pub sync_every: Duration,
    /// Write in threads of their own; otherwise in the caller's.
    pub threads: bool,
    /// Make no files, but keep so much in memory until it is taken; 0: files. Not together with threads.
    pub memory_bytes: usize,
    /// How long most blocks are.
    pub block_bytes: usize,
}

/// Why a writer cannot begin or a bundle's file is not safely on disk.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The operating system refused.
    #[error("{doing}: {error}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Its answer.
        error: io::Error,
    },
    /// The writing thread ended.
    #[error("the writer ended")]
    Ended,
}

/// What the writer counts, and the state of the disk; read by anyone at any time.
#[derive(Debug, Default)]
pub struct WriterState {
    /// Records that reached a file.
    pub written_packets: AtomicU64,
    /// Bytes that reached a file.
    pub written_bytes: AtomicU64,
    /// Blocks that could not be written, and synchronisations that failed.
    pub write_errors: AtomicU64,
    /// Records lost because the disk was full.
    pub disk_full_packets: AtomicU64,
    /// Records lost because the disk was too slow.
    pub overflow_packets: AtomicU64,
    /// Free space when it was asked last.
    pub free_bytes: AtomicU64,
    /// Too little space for media.
    pub full: AtomicBool,
}

impl WriterState {
    /// Too little space for media.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }
}

/// What a call that only signals needs of a block.
pub const FEW_BYTES: usize = 4096;

/// A piece of one bundle's media file: whole records.
#[derive(Debug, Default)]
pub struct Block {
    /// The records.
    pub bytes: Vec<u8>,
    /// How many there are.
    pub packets: u64,
}

/// The promise that a bundle's file is complete and on disk.
#[derive(Debug)]
pub enum Receipt {
    /// It is already known.
    Done(Result<(), WriteError>),
    /// The threads will tell.
    Pending(Receiver<Result<(), WriteError>>),
}

impl Receipt {
    /// Wait for the end. Must not be called while holding what the capture threads need.
    pub fn wait(self) -> Result<(), WriteError> {
        match self {
            Self::Done(result) => result,
            Self::Pending(receiver) => receiver.recv().unwrap_or(Err(WriteError::Ended)),
        }
    }
}

#[derive(Debug)]
enum Work {
    Inline(Box<Appender>),
    Memory(Box<Vault>),
    Threads(Threads),
}

/// Bring everything that was written to the file system of `path` to its disk.
pub fn secure(path: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(std::fs::File::open(path)?)?)
}

/// The writer of all bundles.
#[derive(Debug)]
pub struct Writer {
    work: Work,
    state: Arc<WriterState>,
}

impl Writer {
    /// Begin: the spool must exist.
    pub fn new(config: WriterConfig) -> Result<Self, WriteError> {
        let state = Arc::new(WriterState::default());
        let (threads, memory, block) = (config.threads, config.memory_bytes, config.block_bytes);
        let appender = Appender::new(config, Arc::clone(&state))?;
        let work = if threads {
            Work::Threads(Threads::start(appender)?)
        } else if memory > 0 {
            Work::Memory(Box::new(Vault::new(appender, memory, block)))
        } else {
            Work::Inline(Box::new(appender))
        };
        Ok(Self { work, state })
    }

    /// Counters and the state of the disk.
    #[must_use]
    pub fn state(&self) -> &Arc<WriterState> {
        &self.state
    }

    /// Whether blocks become files, so that an old one had better be written.
    #[must_use]
    pub fn makes_files(&self) -> bool {
        !matches!(self.work, Work::Memory(_))
    }

    /// Append a block to a bundle's file. The emptied block comes back for use again where that is possible.
    pub fn append(&mut self, bundle: &Arc<str>, block: Block) -> Block {
        match &mut self.work {
            Work::Inline(appender) => {
                appender.append(bundle, &block);
                let mut bytes = block.bytes;
                bytes.clear();
                Block { bytes, packets: 0 }
            }
            Work::Memory(vault) => vault.append(bundle, block),
            Work::Threads(threads) => threads.append(bundle, block),
        }
    }

    /// Append the last block of a bundle and bring its file to the disk.
    pub fn close(&mut self, bundle: &Arc<str>, block: Block) -> Receipt {
        match &mut self.work {
            Work::Inline(appender) => {
                appender.append(bundle, &block);
                Receipt::Done(appender.close(bundle))
            }
            Work::Memory(vault) => {
                vault.hold(bundle, block);
                Receipt::Done(Ok(()))
            }
            Work::Threads(threads) => threads.close(bundle, block),
        }
    }

    /// Take what is kept in memory of a bundle, as its file would be. None when it is longer than `most_bytes`, has no
    /// packets, or is a file.
    pub fn take(&mut self, bundle: &str, most_bytes: u64) -> io::Result<Option<Vec<u8>>> {
        match &mut self.work {
            Work::Memory(vault) if (1..=most_bytes).contains(&vault.length(bundle)) => {
                vault.take_whole(bundle).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Take what is kept in memory of a bundle into a file.
    pub fn take_to(&mut self, bundle: &str, path: &Path) -> io::Result<()> {
        match &mut self.work {
            Work::Memory(vault) => vault.take_to(bundle, path),
            _ => Ok(()),
        }
    }

    /// Write what is queued and end the threads. Nothing can be appended afterwards.
    pub fn stop(&mut self) {
        if let Work::Threads(threads) = &mut self.work {
            threads.stop();
        }
    }

    /// Look at the free space and at what is due; the threads do this by themselves.
    pub fn tick(&mut self) {
        match &mut self.work {
            Work::Inline(appender) => appender.look_at_space(),
            Work::Memory(vault) => vault.look_at_space(),
            Work::Threads(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format;

    fn config(spool: &std::path::Path, threads: bool) -> WriterConfig {
        WriterConfig {
            spool: spool.to_owned(),
            media_file: "media.pcap".into(),
            min_free_bytes: 0,
            sync_every: Duration::from_millis(50),
            threads,
            memory_bytes: 0,
            block_bytes: 0,
        }
    }

    fn block(seconds: &[u64]) -> Block {
        let mut block = Block::default();
        for second in seconds {
            block
                .bytes
                .extend(format::record_header(second * 1_000_000_000, 3, 3));
            block.bytes.extend(b"abc");
            block.packets += 1;
        }
        block
    }

    fn seconds(bytes: &[u8]) -> Vec<u32> {
        assert_eq!(bytes[..24], format::file_header());
        bytes[24..]
            .chunks(19)
            .map(|record| u32::from_le_bytes([record[0], record[1], record[2], record[3]]))
            .collect()
    }

    #[test]
    fn blocks_are_appended_in_order_and_counted() {
        for threads in [false, true] {
            let spool = tempfile::tempdir().unwrap();
            std::fs::create_dir(spool.path().join("one")).unwrap();
            let mut writer = Writer::new(config(spool.path(), threads)).unwrap();
            let one: Arc<str> = "one".into();
            writer.append(&one, block(&[1, 2]));
            writer.append(&one, block(&[3]));
            writer.close(&one, block(&[4])).wait().unwrap();
            assert_eq!(
                seconds(&std::fs::read(spool.path().join("one/media.pcap")).unwrap()),
                [1, 2, 3, 4]
            );
            assert_eq!(writer.state().written_packets.load(Ordering::Relaxed), 4);
            assert_eq!(
                writer.state().written_bytes.load(Ordering::Relaxed),
                24 + 4 * 19
            );
        }
    }

    #[test]
    fn a_bundle_without_packets_has_no_file() {
        let spool = tempfile::tempdir().unwrap();
        std::fs::create_dir(spool.path().join("one")).unwrap();
        let mut writer = Writer::new(config(spool.path(), false)).unwrap();
        writer
            .close(&"one".into(), Block::default())
            .wait()
            .unwrap();
        assert!(!spool.path().join("one/media.pcap").exists());
    }

    #[test]
    fn a_file_left_by_a_crash_is_cut_to_its_whole_records_and_goes_on() {
        let spool = tempfile::tempdir().unwrap();
        std::fs::create_dir(spool.path().join("one")).unwrap();
        let path = spool.path().join("one/media.pcap");
        let mut left = format::file_header().to_vec();
        left.extend(block(&[1, 2]).bytes);
        for cut in [0, 5, 24, 30, 24 + 19, 24 + 25, 24 + 38] {
            std::fs::write(&path, &left[..cut]).unwrap();
            let mut writer = Writer::new(config(spool.path(), false)).unwrap();
            writer.close(&"one".into(), block(&[9])).wait().unwrap();
            let mut expected = [1, 2][..cut.saturating_sub(24) / 19].to_vec();
            expected.push(9);
            assert_eq!(seconds(&std::fs::read(&path).unwrap()), expected, "{cut}");
        }
    }

    #[test]
    fn a_folder_that_is_missing_is_made() {
        for threads in [false, true] {
            let spool = tempfile::tempdir().unwrap();
            let mut writer = Writer::new(config(spool.path(), threads)).unwrap();
            writer.append(&"one".into(), block(&[1]));
            writer.close(&"one".into(), block(&[2])).wait().unwrap();
            let file = std::fs::read(spool.path().join("one/media.pcap")).unwrap();
            assert_eq!(seconds(&file), [1, 2]);
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_counted_and_costs_no_other_bundle() {
        for threads in [false, true] {
            let spool = tempfile::tempdir().unwrap();
            std::fs::write(spool.path().join("taken"), b"in the way").unwrap();
            let mut writer = Writer::new(config(spool.path(), threads)).unwrap();
            let _ = writer.close(&"taken".into(), block(&[1])).wait();
            writer.close(&"there".into(), block(&[2])).wait().unwrap();
            assert_eq!(writer.state().write_errors.load(Ordering::Relaxed), 1);
            assert_eq!(writer.state().written_packets.load(Ordering::Relaxed), 1);
        }
    }

    #[test]
    fn too_little_space_is_known_from_the_start() {
        let spool = tempfile::tempdir().unwrap();
        let writer = Writer::new(WriterConfig {
            min_free_bytes: u64::MAX,
            ..config(spool.path(), false)
        })
        .unwrap();
        assert!(writer.state().is_full());
        assert!(writer.state().free_bytes.load(Ordering::Relaxed) > 0);
        assert!(
            !Writer::new(config(spool.path(), false))
                .unwrap()
                .state()
                .is_full()
        );
    }

    #[test]
    fn a_spool_that_is_not_there_is_refused() {
        assert!(Writer::new(config(std::path::Path::new("/nonexistent/spool"), false)).is_err());
    }
}
