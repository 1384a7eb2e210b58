//! Two threads between the capture and the disk: one appends, one synchronises.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::writer::appender::{self, Appender};
use crate::writer::{Block, FEW_BYTES, Receipt, WriteError, WriterState};

/// Blocks on their way to the disk; more of them are lost and counted. Two seconds of 2000 calls.
const QUEUE_BYTES: usize = 64 << 20;
/// Memory of written blocks that is kept for the next ones.
const SPARE_BLOCKS: usize = 256;
/// Free space is looked at when nothing is written, too.
const IDLE: Duration = Duration::from_millis(500);
/// From so many files on, one `syncfs` is cheaper than an `fsync` of each.
const MANY_FILES: usize = 4;

type Reply = Sender<Result<(), WriteError>>;

enum Job {
    Append(Arc<str>, Block),
    Close(Arc<str>, Block, Reply),
}

/// A file to bring to the disk, and who waits for it.
struct SyncJob(PathBuf, Reply);

/// Handles of both threads.
#[derive(Debug)]
pub(super) struct Threads {
    jobs: Option<Sender<Job>>,
    spare: Receiver<Vec<u8>>,
    queued_bytes: Arc<AtomicUsize>,
    state: Arc<WriterState>,
    handles: Vec<JoinHandle<()>>,
}

impl Threads {
    pub fn start(appender: Appender) -> Result<Self, WriteError> {
        let state = Arc::clone(&appender.state);
        let queued_bytes = Arc::new(AtomicUsize::new(0));
        let (jobs, job_receiver) = mpsc::channel();
        let mut handles = Vec::new();
        let spawned = |doing| move |error| WriteError::Io { doing, error };
        let syncer = match appender.syncs() {
            Some(every) => {
                let folder = appender.folder()?;
                let state = Arc::clone(&state);
                let (sender, receiver) = mpsc::channel();
                let dirty = Arc::new(AtomicBool::new(false));
                let seen = Arc::clone(&dirty);
                let work = move || synchronise(&receiver, &folder, every, &seen, &state);
                let handle = thread::Builder::new()
                    .name("engine-sync".into())
                    .spawn(work);
                handles.push(handle.map_err(spawned("start the synchronising thread"))?);
                Some((sender, dirty))
            }
            None => None,
        };
        let queued = Arc::clone(&queued_bytes);
        let (spare_sender, spare) = mpsc::sync_channel(SPARE_BLOCKS);
        let work = move || {
            append(
                appender,
                &job_receiver,
                syncer.as_ref(),
                &queued,
                &spare_sender,
            );
        };
        let handle = thread::Builder::new()
            .name("engine-write".into())
            .spawn(work);
        handles.push(handle.map_err(spawned("start the writing thread"))?);
        Ok(Self {
            jobs: Some(jobs),
            spare,
            queued_bytes,
            state,
            handles,
        })
    }

    /// Queue a block. Returns an empty one, with memory that was used before when there is some.
    pub fn append(&self, bundle: &Arc<str>, mut block: Block) -> Block {
        if block.bytes.is_empty() {
            return block;
        }
        if self.queued_bytes.load(Relaxed) + block.bytes.len() > QUEUE_BYTES {
            self.state
                .overflow_packets
                .fetch_add(block.packets, Relaxed);
            block.bytes.clear();
            block.packets = 0;
            return block;
        }
        self.queued_bytes.fetch_add(block.bytes.len(), Relaxed);
        // Whoever needed little would keep the memory of a large block for nothing.
        let is_large = block.bytes.capacity() > FEW_BYTES;
        self.send(Job::Append(Arc::clone(bundle), block));
        let spare = is_large.then(|| self.spare.try_recv().ok()).flatten();
        Block {
            bytes: spare.unwrap_or_default(),
            packets: 0,
        }
    }

    pub fn close(&self, bundle: &Arc<str>, block: Block) -> Receipt {
        let (reply, receiver) = mpsc::channel();
        // The last block is never refused: closing is rare and waits anyway.
        self.queued_bytes.fetch_add(block.bytes.len(), Relaxed);
        self.send(Job::Close(Arc::clone(bundle), block, reply));
        Receipt::Pending(receiver)
    }

    /// Everything queued is written before the threads end.
    pub fn stop(&mut self) {
        self.jobs = None;
        for handle in self.handles.drain(..).rev() {
            let _ = handle.join();
        }
    }

    fn send(&self, job: Job) {
        let lost = match &job {
            Job::Append(_, block) | Job::Close(_, block, _) => block.packets,
        };
        if self
            .jobs
            .as_ref()
            .is_none_or(|jobs| jobs.send(job).is_err())
        {
            self.state.overflow_packets.fetch_add(lost, Relaxed);
        }
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.stop();
    }
}

fn append(
    mut appender: Appender,
    jobs: &Receiver<Job>,
    syncer: Option<&(Sender<SyncJob>, Arc<AtomicBool>)>,
    queued_bytes: &AtomicUsize,
    spare: &SyncSender<Vec<u8>>,
) {
    loop {
        match jobs.recv_timeout(IDLE) {
            Ok(Job::Append(bundle, block)) => {
                appender.append(&bundle, &block);
                queued_bytes.fetch_sub(block.bytes.len(), Relaxed);
                if let Some((_, dirty)) = syncer {
                    dirty.store(true, Relaxed);
                }
                let mut bytes = block.bytes;
                bytes.clear();
                // When enough are there it is given back to the system.
                if bytes.capacity() > FEW_BYTES {
                    let _ = spare.try_send(bytes);
                }
            }
            Ok(Job::Close(bundle, block, reply)) => {
                appender.append(&bundle, &block);
                queued_bytes.fetch_sub(block.bytes.len(), Relaxed);
                match syncer {
                    Some((sync, _)) if appender.knows(&bundle) => {
                        appender.forget(&bundle);
                        // When the other thread has ended, dropping the reply tells so.
                        let _ = sync.send(SyncJob(appender.path(&bundle), reply));
                    }
                    _ => drop(reply.send(appender.close(&bundle))),
                }
            }
            Err(RecvTimeoutError::Timeout) => appender.look_at_space(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn synchronise(
    jobs: &Receiver<SyncJob>,
    folder: &File,
    every: Duration,
    dirty: &AtomicBool,
    state: &WriterState,
) {
    let mut due = Instant::now() + every;
    loop {
        let mut waiting = Vec::new();
        match jobs.recv_timeout(due.saturating_duration_since(Instant::now())) {
            Ok(job) => waiting.extend(std::iter::once(job).chain(jobs.try_iter())),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let is_due = Instant::now() >= due;
        if is_due {
            due = Instant::now() + every;
        }
        if waiting.len() >= MANY_FILES || (is_due && dirty.swap(false, Relaxed)) {
            let failed = rustix::fs::syncfs(folder).is_err();
            if !failed {
                for SyncJob(_, reply) in waiting {
                    let _ = reply.send(Ok(()));
                }
                continue;
            }
            state.write_errors.fetch_add(1, Relaxed);
        }
        for SyncJob(path, reply) in waiting {
            let result = appender::sync_file(&path).inspect_err(|_| {
                state.write_errors.fetch_add(1, Relaxed);
            });
            let _ = reply.send(result);
        }
    }
}
