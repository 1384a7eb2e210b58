//! Bundles that are never files: their records stay in memory until they are taken, and beyond a limit in one nameless file.
//!
//! For capture files only, which hold the packets in any case: what a crash takes from here is read again from there.
//! The nameless file is written in slots that are used again, so it is never larger than what was open at once.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::appender::Appender;
use crate::format;
use crate::writer::Block;

/// A file without a name, gone with its descriptor. Source: open(2)
const O_TMPFILE: i32 = 0o20_200_000;
/// Slots are whole pages and full ones: with holes between them the file would be thousands of pieces, each of which the
/// file system gives back for itself.
const PAGE: usize = 4096;

#[derive(Debug)]
enum Piece {
    Held(Vec<u8>),
    Spilled { slot: u64, length: usize },
}

impl Piece {
    fn length(&self) -> usize {
        match self {
            Self::Held(bytes) => bytes.len(),
            Self::Spilled { length, .. } => *length,
        }
    }
}

/// The records of all open bundles, and of closed ones that were not taken yet.
#[derive(Debug)]
pub(super) struct Vault {
    /// Counters, and the free space of the disk.
    disk: Appender,
    spill: Option<File>,
    bundles: HashMap<Arc<str>, Vec<Piece>>,
    most_bytes: usize,
    held_bytes: usize,
    slot_bytes: usize,
    slots: u64,
    free: Vec<u64>,
}

impl Vault {
    /// Units: `most_bytes` in memory, blocks of `block_bytes` but for packets that are longer.
    pub fn new(disk: Appender, most_bytes: usize, block_bytes: usize) -> Self {
        Self {
            disk,
            spill: None,
            bundles: HashMap::new(),
            most_bytes,
            held_bytes: 0,
            slot_bytes: block_bytes.next_multiple_of(PAGE),
            slots: 0,
            free: Vec::new(),
        }
    }

    pub fn look_at_space(&mut self) {
        self.disk.look_at_space();
    }

    /// Keep a block; a block that went to the file comes back for use again.
    pub fn append(&mut self, bundle: &Arc<str>, block: Block) -> Block {
        let length = block.bytes.len();
        let is_much = self.held_bytes + length > self.most_bytes;
        let fits = (1..=self.slot_bytes).contains(&length);
        let Some(slot) = (is_much && fits)
            .then(|| self.spill(&block.bytes))
            .flatten()
        else {
            self.hold(bundle, block);
            return Block::default();
        };
        self.add(bundle, block.packets, Piece::Spilled { slot, length });
        let mut bytes = block.bytes;
        bytes.clear();
        Block { bytes, packets: 0 }
    }

    /// Keep a block in memory however much that is: the last one of a bundle, which is taken in a moment.
    pub fn hold(&mut self, bundle: &Arc<str>, block: Block) {
        if !block.bytes.is_empty() {
            self.held_bytes += block.bytes.len();
            self.add(bundle, block.packets, Piece::Held(block.bytes));
        }
    }

    fn add(&mut self, bundle: &Arc<str>, packets: u64, piece: Piece) {
        let state = &self.disk.state;
        state.written_packets.fetch_add(packets, Relaxed);
        state
            .written_bytes
            .fetch_add(piece.length() as u64, Relaxed);
        match self.bundles.get_mut(bundle) {
            Some(pieces) => pieces.push(piece),
            None => {
                self.bundles.insert(Arc::clone(bundle), vec![piece]);
            }
        }
    }

    /// The slot that holds the bytes now; none when the disk refuses: then memory has to.
    fn spill(&mut self, bytes: &[u8]) -> Option<u64> {
        if self.spill.is_none() {
            let folder = self.disk.spool();
            let opened = OpenOptions::new()
                .read(true)
                .write(true)
                .custom_flags(O_TMPFILE)
                .mode(0o600)
                .open(folder);
            self.spill = opened.ok();
        }
        let file = self.spill.as_ref()?;
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots += 1;
            self.slots - 1
        });
        if file
            .write_all_at(bytes, slot * self.slot_bytes as u64)
            .is_err()
        {
            self.free.push(slot);
            self.disk.state.write_errors.fetch_add(1, Relaxed);
            return None;
        }
        Some(slot)
    }

    /// Bytes of a bundle's file, did it exist; 0 for one without packets.
    pub fn length(&self, bundle: &str) -> u64 {
        let Some(pieces) = self.bundles.get(bundle) else {
            return 0;
        };
        let length: usize = pieces.iter().map(Piece::length).sum();
        (format::FILE_HEADER_BYTES + length) as u64
    }

    /// Take a bundle out: what its file would hold. `put` is shown the bytes after each piece and may take them away.
    fn take(
        &mut self,
        bundle: &str,
        room: usize,
        mut put: impl FnMut(&mut Vec<u8>) -> io::Result<()>,
    ) -> io::Result<Vec<u8>> {
        let pieces = self.bundles.remove(bundle).unwrap_or_default();
        let mut bytes = Vec::with_capacity(room);
        if pieces.is_empty() {
            return Ok(bytes);
        }
        bytes.extend(format::file_header());
        let mut result = Ok(());
        for piece in pieces {
            self.release(&piece);
            // After a failure nothing is read any more, for it would never be taken away.
            result = result
                .and_then(|()| self.read(piece, &mut bytes))
                .and_then(|()| put(&mut bytes));
        }
        result.map(|()| bytes)
    }

    /// The place of a piece is free for the next block.
    fn release(&mut self, piece: &Piece) {
        match piece {
            Piece::Held(held) => self.held_bytes -= held.len(),
            Piece::Spilled { slot, .. } => self.free.push(*slot),
        }
    }

    /// Append what a piece holds.
    fn read(&self, piece: Piece, bytes: &mut Vec<u8>) -> io::Result<()> {
        match piece {
            Piece::Held(held) => {
                bytes.extend(held);
                Ok(())
            }
            Piece::Spilled { slot, length } => {
                let file = self.spill.as_ref().ok_or(io::ErrorKind::NotFound)?;
                let from = bytes.len();
                bytes.resize(from + length, 0);
                file.read_exact_at(&mut bytes[from..], slot * self.slot_bytes as u64)
            }
        }
    }

    /// Take a bundle out in one piece.
    pub fn take_whole(&mut self, bundle: &str) -> io::Result<Vec<u8>> {
        let room = self.length(bundle) as usize;
        self.take(bundle, room, |_| Ok(()))
    }

    /// Take a bundle out into a file; one without packets makes none.
    pub fn take_to(&mut self, bundle: &str, path: &Path) -> io::Result<()> {
        if !self.bundles.contains_key(bundle) {
            return Ok(());
        }
        let mut file = File::create(path)?;
        self.take(bundle, 0, |bytes| {
            file.write_all(bytes)?;
            bytes.clear();
            Ok(())
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::writer::WriterConfig;

    fn vault(spool: &Path, most_bytes: usize) -> Vault {
        let config = WriterConfig {
            spool: spool.to_owned(),
            media_file: "media.pcap".into(),
            min_free_bytes: 0,
            sync_every: Duration::ZERO,
            threads: false,
            memory_bytes: most_bytes,
            block_bytes: 1000,
        };
        Vault::new(
            Appender::new(config, Arc::default()).unwrap(),
            most_bytes,
            1000,
        )
    }

    fn block(number: u8, length: usize) -> Block {
        Block {
            bytes: vec![number; length],
            packets: 1,
        }
    }

    #[test]
    fn bundles_come_out_as_their_files_would_be_wherever_their_blocks_were() {
        for most_bytes in [0, 2500, 1 << 20] {
            let spool = tempfile::tempdir().unwrap();
            let mut vault = vault(spool.path(), most_bytes);
            let (one, two): (Arc<str>, Arc<str>) = ("one".into(), "two".into());
            for round in 0..3 {
                for number in 0..5 {
                    let _ = vault.append(&one, block(number, 1000 + usize::from(number)));
                    let _ = vault.append(&two, block(100 + number, 1001));
                }
                let _ = vault.append(&one, block(9, 40_000));
                let mut expected = format::file_header().to_vec();
                for number in 0..5u8 {
                    expected.extend(vec![number; 1000 + usize::from(number)]);
                }
                expected.extend(vec![9; 40_000]);
                assert_eq!(vault.length("one"), expected.len() as u64);
                assert_eq!(vault.take_whole("one").unwrap(), expected, "round {round}");
                assert_eq!(vault.length("one"), 0);
                let path = spool.path().join("two.pcap");
                vault.take_to("two", &path).unwrap();
                assert_eq!(std::fs::read(&path).unwrap().len(), 24 + 5 * 1001);
            }
            assert_eq!(vault.held_bytes, 0);
            assert!(vault.slots <= 10, "slots are used again: {}", vault.slots);
            let names = std::fs::read_dir(spool.path()).unwrap().count();
            assert_eq!(names, 1, "only what was asked for has a name");
        }
    }

    #[test]
    fn a_bundle_that_cannot_be_written_leaves_its_places_free() {
        let spool = tempfile::tempdir().unwrap();
        let mut vault = vault(spool.path(), 1000);
        let one: Arc<str> = "one".into();
        for number in 0..5 {
            let _ = vault.append(&one, block(number, 1000));
        }
        let refused = vault.take_to("one", Path::new("/dev/full")).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::StorageFull);
        assert_eq!((vault.held_bytes, vault.free.len()), (0, 4));
        assert_eq!(vault.length("one"), 0);
    }

    #[test]
    fn a_last_block_does_not_go_to_the_disk_to_come_back_at_once() {
        let spool = tempfile::tempdir().unwrap();
        let mut vault = vault(spool.path(), 0);
        let one: Arc<str> = "one".into();
        let _ = vault.append(&one, block(1, 1000));
        let _ = vault.append(&one, Block::default());
        vault.hold(&one, block(2, 10));
        assert_eq!((vault.slots, vault.held_bytes), (1, 10));
        let expected = [&format::file_header()[..], &[1; 1000], &[2; 10]].concat();
        assert_eq!(vault.take_whole("one").unwrap(), expected);
        assert_eq!(vault.held_bytes, 0);
    }

    #[test]
    fn a_bundle_without_packets_has_no_file() {
        let spool = tempfile::tempdir().unwrap();
        let mut vault = vault(spool.path(), 0);
        let path = spool.path().join("none.pcap");
        vault.take_to("none", &path).unwrap();
        assert!(!path.exists());
        assert!(vault.take_whole("none").unwrap().is_empty());
    }
}
