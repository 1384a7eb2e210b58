//! Several capture files as one: merged by time, because two files may hold the two directions of one port.

use std::path::PathBuf;

use crate::{CaptureFile, Frame, SourceError};

/// Files that overlap in time and are read at once; more of them wait for their turn.
const MAX_OPEN: usize = 64;

/// One file that could not be read, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub problem: String,
    /// Where, in the uncompressed file; 0 when it could not be begun.
    pub offset: u64,
}

struct Waiting {
    path: PathBuf,
    first_ns: u64,
}

struct Open {
    path: PathBuf,
    file: CaptureFile,
}

/// The packets of all files in the order of their times (each file's own order is kept).
pub struct Files {
    /// In falling order of their first packet, so that the next one is last.
    waiting: Vec<Waiting>,
    open: Vec<Open>,
    current: usize,
    /// While the current file's packets are older than this, it stays the current one.
    turn_until_ns: u64,
    started: bool,
    /// Files that ended within a record.
    pub truncated: u64,
    /// Files that were not read to their end.
    pub problems: Vec<Problem>,
}

impl Files {
    /// Look at the first packet of every file. Nothing here fails: what cannot be read is a [`Problem`].
    #[must_use]
    pub fn new(paths: Vec<PathBuf>) -> Self {
        let mut files = Self {
            waiting: Vec::with_capacity(paths.len()),
            open: Vec::new(),
            current: 0,
            turn_until_ns: 0,
            started: false,
            truncated: 0,
            problems: Vec::new(),
        };
        let alone = paths.len() == 1;
        for path in paths {
            if let Some(open) = files.begin(path) {
                if alone {
                    // It may be a pipe, which is read once.
                    files.open.push(open);
                } else {
                    files.waiting.push(Waiting {
                        first_ns: open.file.frame().at_ns,
                        path: open.path,
                    });
                }
            }
        }
        files.waiting.sort_by(|a, b| {
            b.first_ns
                .cmp(&a.first_ns)
                .then_with(|| b.path.cmp(&a.path))
        });
        files
    }

    /// Go to the next packet. False when all files are read.
    #[inline]
    pub fn advance(&mut self) -> bool {
        if self.started {
            let open = &mut self.open[self.current];
            match open.file.advance() {
                Ok(true) if open.file.frame().at_ns <= self.turn_until_ns => return true,
                Ok(true) => {}
                Ok(false) => self.end(None),
                Err(error) => self.end(Some(&error)),
            }
        }
        self.choose()
    }

    /// The packet that [`Self::advance`] went to.
    #[inline]
    #[must_use]
    pub fn frame(&self) -> Frame<'_> {
        self.open[self.current].file.frame()
    }

    /// This packet and those that will most likely follow: what is at hand of the same file.
    pub fn ahead(&self) -> impl Iterator<Item = Frame<'_>> {
        self.open[self.current].file.ahead()
    }

    /// Let the file with the oldest packet have its turn.
    fn choose(&mut self) -> bool {
        loop {
            let oldest = self.open.iter().map(|open| open.file.frame().at_ns).min();
            match self.waiting.last() {
                Some(next)
                    if oldest.is_none_or(|ns| next.first_ns <= ns)
                        && self.open.len() < MAX_OPEN =>
                {
                    if let Some(waiting) = self.waiting.pop()
                        && let Some(open) = self.begin(waiting.path)
                    {
                        self.open.push(open);
                    }
                }
                _ => break,
            }
        }
        let mut others_ns = self.waiting.last().map_or(u64::MAX, |next| next.first_ns);
        let mut best: Option<(u64, usize)> = None;
        for (index, open) in self.open.iter().enumerate() {
            let at_ns = open.file.frame().at_ns;
            match best {
                Some((best_ns, _)) if best_ns <= at_ns => others_ns = others_ns.min(at_ns),
                _ => {
                    others_ns = others_ns.min(best.map_or(u64::MAX, |(ns, _)| ns));
                    best = Some((at_ns, index));
                }
            }
        }
        self.turn_until_ns = others_ns;
        self.started = best.is_some();
        self.current = best.map_or(0, |(_, index)| index);
        self.started
    }

    /// Open a file and go to its first packet.
    fn begin(&mut self, path: PathBuf) -> Option<Open> {
        let mut file = match CaptureFile::open(&path) {
            Ok(file) => file,
            Err(error) => {
                self.problem(path, &error);
                return None;
            }
        };
        match file.advance() {
            Ok(true) => return Some(Open { path, file }),
            Ok(false) => self.truncated += u64::from(file.truncated()),
            Err(error) => self.problem(path, &error),
        }
        None
    }

    fn end(&mut self, error: Option<&SourceError>) {
        let open = self.open.swap_remove(self.current);
        match error {
            None => self.truncated += u64::from(open.file.truncated()),
            Some(error) => self.problem(open.path, error),
        }
    }

    fn problem(&mut self, path: PathBuf, error: &SourceError) {
        let offset = if let SourceError::Damaged { offset, .. } = error {
            *offset
        } else {
            0
        };
        self.problems.push(Problem {
            path,
            problem: error.to_string(),
            offset,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn capture(seconds: &[u32]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&0xa1b2_c3d4u32.to_le_bytes()).unwrap();
        file.write_all(&[0; 16]).unwrap();
        file.write_all(&101u32.to_le_bytes()).unwrap();
        for second in seconds {
            file.write_all(
                &[
                    second.to_le_bytes(),
                    [0; 4],
                    1u32.to_le_bytes(),
                    1u32.to_le_bytes(),
                ]
                .concat(),
            )
            .unwrap();
            file.write_all(&[7]).unwrap();
        }
        file
    }

    fn read(paths: Vec<PathBuf>) -> (Vec<u64>, Files) {
        let mut files = Files::new(paths);
        let mut seconds = Vec::new();
        while files.advance() {
            seconds.push(files.frame().at_ns / 1_000_000_000);
        }
        (seconds, files)
    }

    #[test]
    fn files_are_merged_by_time_whatever_their_order() {
        let captures = [
            capture(&[10, 11, 12, 30]),
            capture(&[1, 2, 3]),
            capture(&[2, 11, 31]),
            capture(&[]),
        ];
        let paths = captures.iter().map(|file| file.path().to_owned()).collect();
        assert_eq!(read(paths).0, [1, 2, 2, 3, 10, 11, 11, 12, 30, 31]);
    }

    #[test]
    fn more_files_than_are_opened_at_once_are_all_read() {
        let captures: Vec<_> = (0..150)
            .map(|first| capture(&[first, 200 + first]))
            .collect();
        let paths = captures.iter().map(|file| file.path().to_owned()).collect();
        let (seconds, files) = read(paths);
        assert_eq!(seconds.len(), 300);
        assert!(files.problems.is_empty());
    }

    #[test]
    fn a_bad_file_is_told_and_the_others_are_read() {
        let good = capture(&[5, 6]);
        let mut bad = tempfile::NamedTempFile::new().unwrap();
        bad.write_all(b"this is no capture at all, is it?").unwrap();
        let missing = PathBuf::from("/nonexistent/file.pcap");
        let (seconds, files) = read(vec![bad.path().into(), missing.clone(), good.path().into()]);
        assert_eq!(seconds, [5, 6]);
        let told: Vec<_> = files
            .problems
            .iter()
            .map(|problem| problem.path.clone())
            .collect();
        assert_eq!(told, [bad.path().to_owned(), missing]);
    }
}
