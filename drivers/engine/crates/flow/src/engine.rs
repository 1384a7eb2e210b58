//! What the border offers, over a file or over a ring.

use std::os::fd::RawFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use parking_lot::{Condvar, Mutex, MutexGuard};
use source::{Files, Ring, RingConfig, SourceError};

use crate::FlowError;
use crate::binding::Payload;
use crate::config::{Config, Source};
use crate::event::{FileError, encode};
use crate::pipeline::Pipeline;
use crate::ring;
use crate::tap::Tap;

/// The clock is looked at after so many packets of a file.
const PACKETS_BETWEEN_LOOKS: u32 = 4096;

/// So many orders are obeyed in one turn: packets do not wait for the end of very many.
const ORDERS_AT_ONCE: usize = 64;

/// What the owner of a bundle, which is named first, wants.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are the border's arguments")]
pub enum Order {
    /// A side receives at an address.
    Bind {
        bundle: String,
        side: u8,
        address: String,
        port: u16,
        rtcp_port: u16,
        payloads: Vec<Payload>,
    },
    /// The bundle's claims end after a while of capture time.
    Release { bundle: String, linger_ms: u64 },
    /// Write messages of the last poll into the bundle's file.
    Keep { bundle: String, ids: Vec<u64> },
}

impl Order {
    fn obeyed_by(&self, pipeline: &mut Pipeline) -> Result<(), FlowError> {
        match self {
            Self::Bind {
                bundle,
                side,
                address,
                port,
                rtcp_port,
                payloads,
            } => {
                if *side > 1 {
                    return Err(FlowError::Argument(format!("{side} is no side")));
                }
                let address = address
                    .parse()
                    .map_err(|_| FlowError::Argument(format!("{address:?} is no IP address")))?;
                pipeline.bind(bundle, *side, address, *port, *rtcp_port, payloads)
            }
            Self::Release { bundle, linger_ms } => {
                pipeline.release(bundle, *linger_ms);
                Ok(())
            }
            Self::Keep { bundle, ids } => pipeline.keep(bundle, ids),
        }
    }
}

/// What the threads and the border share. The lock is a fair one: a thread that drains a full ring must not keep
/// Python out for seconds.
pub(crate) struct Shared {
    pub pipeline: Mutex<Pipeline>,
    pub events: Condvar,
    pub stopping: AtomicBool,
    dead: Mutex<Option<String>>,
}

impl Shared {
    /// Something of the engine cannot go on.
    pub fn die(&self, problem: String) {
        self.dead.lock().get_or_insert(problem);
        self.events.notify_all();
    }

    fn lock(&self) -> Result<MutexGuard<'_, Pipeline>, FlowError> {
        let pipeline = self.pipeline.lock();
        match self.dead.lock().as_ref() {
            Some(problem) => Err(FlowError::Dead(problem.clone())),
            None => Ok(pipeline),
        }
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("panic: {}", text.unwrap_or("without a message"))
}

/// Units: nanoseconds since 1970.
pub(crate) fn wall_ns() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as u64)
}

struct FileSource {
    files: Files,
    /// The files stand at a packet that is not yet taken: it lies beyond the last batch.
    waiting: bool,
    ended: bool,
}

/// A running engine. Every method may be called from any thread.
pub struct Engine {
    shared: Arc<Shared>,
    file: Option<Mutex<FileSource>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    batch_messages: usize,
    batch_ns: u64,
}

impl Engine {
    /// Open the source and begin.
    pub fn start(config: Config) -> Result<Self, FlowError> {
        let source = config.source.clone();
        let (batch_messages, batch_ns) = (
            config.batch_messages,
            config.batch_ms.saturating_mul(1_000_000),
        );
        let shared = Arc::new(Shared {
            pipeline: Mutex::new(Pipeline::new(config)?),
            events: Condvar::new(),
            stopping: AtomicBool::new(false),
            dead: Mutex::new(None),
        });
        let mut engine = Self {
            shared,
            file: None,
            threads: Mutex::default(),
            batch_messages,
            batch_ns,
        };
        match source {
            Source::File { paths } => engine.file = Some(open_files(paths)),
            ring @ Source::Ring { .. } => engine.start_threads(&ring)?,
        }
        Ok(engine)
    }

    /// One ring for each thread of each interface. Of several interfaces those that are missing are waited for.
    fn start_threads(&mut self, source: &Source) -> Result<(), FlowError> {
        let names = source.interfaces();
        let Source::Ring {
            ring_bytes,
            block_bytes,
            threads,
            fanout_group,
            ..
        } = *source
        else {
            return Ok(());
        };
        let mut rings = Vec::new();
        let mut missing = None;
        for (number, name) in names.into_iter().enumerate() {
            let config = RingConfig {
                interface: name,
                ring_bytes: ring_bytes / threads,
                block_bytes,
                // A group belongs to one interface.
                fanout_group: (threads > 1).then(|| fanout_group.wrapping_add(number as u16)),
            };
            // All rings are open before the first packet is read: a group with one member gets everything.
            for member in 0..threads {
                let ring = match Ring::open(&config) {
                    Ok(ring) => Some(ring),
                    Err(error @ SourceError::Shape(_)) => return Err(error.into()),
                    Err(error) => {
                        missing.get_or_insert(error);
                        None
                    }
                };
                rings.push((number as u16, member, ring, config.clone()));
            }
        }
        if rings.iter().all(|(_, _, ring, _)| ring.is_none())
            && let Some(error) = missing
        {
            return Err(error.into());
        }
        let start = Instant::now();
        for (interface, member, ring, config) in rings {
            let shared = Arc::clone(&self.shared);
            let place = ring::Place {
                interface,
                reports: member == 0,
            };
            let worker = ring::Worker::new(shared, ring, config, place, start);
            let run = move || worker.run();
            let handle = std::thread::Builder::new()
                .name(format!("engine-ring-{interface}-{member}"))
                .spawn(run)?;
            self.threads.lock().push(handle);
        }
        Ok(())
    }

    /// The events since the last call; waits for some, at most for `timeout`.
    pub fn poll(&self, timeout: Duration) -> Result<Vec<u8>, FlowError> {
        match &self.file {
            Some(file) => catch_unwind(AssertUnwindSafe(|| self.poll_file(file, timeout)))
                .unwrap_or_else(|panic| {
                    let problem = panic_text(panic.as_ref());
                    self.shared.die(problem.clone());
                    Err(FlowError::Dead(problem))
                }),
            None => self.poll_ring(timeout),
        }
    }

    fn poll_ring(&self, timeout: Duration) -> Result<Vec<u8>, FlowError> {
        let deadline = Instant::now() + timeout;
        let mut pipeline = self.shared.lock()?;
        while !pipeline.has_events() && !pipeline.is_stopped() {
            let late = self
                .shared
                .events
                .wait_until(&mut pipeline, deadline)
                .timed_out();
            if let Some(problem) = self.shared.dead.lock().as_ref() {
                return Err(FlowError::Dead(problem.clone()));
            }
            if late {
                break;
            }
        }
        Ok(pipeline.take_events(self.batch_messages))
    }

    /// Read on, until there are enough messages, enough capture time has passed, or the time is up.
    fn poll_file(&self, file: &Mutex<FileSource>, timeout: Duration) -> Result<Vec<u8>, FlowError> {
        let mut source = file.lock();
        let mut pipeline = self.shared.lock()?;
        if source.ended || pipeline.is_stopped() {
            return Ok(pipeline.take_events(usize::MAX));
        }
        let deadline = Instant::now() + timeout;
        let mut until_ns = None;
        let mut until_look = PACKETS_BETWEEN_LOOKS;
        loop {
            if !std::mem::take(&mut source.waiting) && !source.files.advance() {
                source.ended = true;
                let errors = source.files.problems.iter().map(|problem| FileError {
                    path: problem.path.to_string_lossy().into_owned(),
                    problem: problem.problem.clone(),
                    offset: problem.offset,
                });
                pipeline.end(source.files.truncated, errors.collect());
                break;
            }
            let frame = source.files.frame();
            let until_ns =
                *until_ns.get_or_insert_with(|| frame.at_ns.saturating_add(self.batch_ns));
            // What signalling announces must be bound before media that comes much later is looked at.
            if frame.at_ns > until_ns {
                source.waiting = true;
                break;
            }
            if !pipeline.is_foreseen() {
                pipeline.foresee(source.files.ahead());
            }
            pipeline.packet(&frame, 0);
            if pipeline.messages_waiting() >= self.batch_messages {
                break;
            }
            until_look -= 1;
            if until_look == 0 {
                if Instant::now() >= deadline || self.shared.stopping.load(Ordering::Relaxed) {
                    break;
                }
                until_look = PACKETS_BETWEEN_LOOKS;
            }
        }
        Ok(pipeline.take_events(usize::MAX))
    }

    /// Calls that began while very many did and that nobody answered, at most so many: an array of messages of each.
    /// `all`: those that wait for an answer are over, too.
    pub fn attempts(&self, most: usize, all: bool) -> Result<Vec<u8>, FlowError> {
        Ok(self.shared.lock()?.attempts(most, all))
    }

    /// What came to wait for an answer and what does no more since the last call; `all`: whatever waits, instead.
    pub fn notes(&self, all: bool) -> Result<Vec<u8>, FlowError> {
        Ok(self.shared.lock()?.notes(all))
    }

    /// Obey orders in turn; what was wrong with each, empty when nothing was. One order alone would wait as long for the
    /// ring thread to give the lock back.
    pub fn obey(&self, orders: &[&Order]) -> Result<Vec<String>, FlowError> {
        let mut problems = Vec::with_capacity(orders.len());
        for some in orders.chunks(ORDERS_AT_ONCE) {
            let mut pipeline = self.shared.lock()?;
            for order in some {
                problems.push(match order.obeyed_by(&mut pipeline) {
                    Ok(()) => String::new(),
                    Err(FlowError::Argument(problem)) => problem,
                    Err(error) => return Err(error),
                });
            }
        }
        Ok(problems)
    }

    /// Keep nothing of a bundle's media from now on, or keep it again.
    pub fn pause(&self, bundle: &str, paused: bool) -> Result<(), FlowError> {
        let mut pipeline = self.shared.lock()?;
        let now_ns = if self.file.is_some() {
            pipeline.wall_ns()
        } else {
            wall_ns()
        };
        pipeline.pause(bundle, paused, now_ns)
    }

    /// End a bundle: its file is complete and on disk afterwards. Returns its stream statistics.
    pub fn close(&self, bundle: &str) -> Result<Vec<u8>, FlowError> {
        let (counts, receipt) = self.shared.lock()?.close(bundle);
        if let Some(receipt) = receipt {
            // Counted by the writer; the statistics are good in any case.
            let _ = receipt.wait();
        }
        Ok(encode(&counts))
    }

    /// The same for many bundles, which are brought to the disk together.
    pub fn close_all(&self, bundles: &[String]) -> Result<Vec<u8>, FlowError> {
        let mut all = Vec::with_capacity(bundles.len());
        let mut receipts = Vec::with_capacity(bundles.len());
        for bundle in bundles {
            // The lock is given back each time: packets do not wait for the end of many calls.
            let (counts, receipt) = self.shared.lock()?.close(bundle);
            all.push(counts);
            receipts.extend(receipt);
        }
        for receipt in receipts {
            // Counted by the writer; the statistics are good in any case.
            let _ = receipt.wait();
        }
        Ok(encode(&all))
    }

    /// What is kept in memory of a closed bundle; none when that is nothing, a file, or more than `most_bytes`.
    pub fn take(&self, bundle: &str, most_bytes: u64) -> Result<Option<Vec<u8>>, FlowError> {
        Ok(self.shared.lock()?.take(bundle, most_bytes)?)
    }

    /// The same into a file.
    pub fn take_to(&self, bundle: &str, path: &Path) -> Result<(), FlowError> {
        Ok(self.shared.lock()?.take_to(bundle, path)?)
    }

    /// Statistics of every bundle, or of one of several parts of them.
    pub fn streams(&self, part: usize, parts: usize) -> Result<Vec<u8>, FlowError> {
        Ok(self.shared.lock()?.streams(part, parts))
    }

    /// Copy a bundle's RTP packets to a descriptor.
    pub fn tap(&self, bundle: &str, fd: RawFd, even_paused: bool) -> Result<(), FlowError> {
        let tap = Tap::new(source::descriptor::duplicate(fd)?, even_paused)?;
        self.shared.lock()?.tap(bundle, tap)
    }

    /// All counters.
    pub fn counters(&self) -> Result<Vec<u8>, FlowError> {
        Ok(encode(&self.shared.lock()?.counters()))
    }

    /// The counters of each interface.
    pub fn counters_by_interface(&self) -> Result<Vec<u8>, FlowError> {
        Ok(self.shared.lock()?.counters_by_interface())
    }

    /// What came of each VLAN and subnet.
    pub fn counters_by_net(&self) -> Result<Vec<u8>, FlowError> {
        Ok(self.shared.lock()?.counters_by_net())
    }

    /// Time of the newest packet of a file, or the wall clock of a ring; while events wait, that of the first of them:
    /// whoever has not heard of what follows must not conclude anything from its absence.
    pub fn now_ns(&self) -> Result<u64, FlowError> {
        let pipeline = self.shared.lock()?;
        if self.file.is_some() {
            return Ok(pipeline.wall_ns());
        }
        let now_ns = wall_ns();
        Ok(pipeline
            .oldest_event_ns()
            .map_or(now_ns, |at_ns| at_ns.min(now_ns)))
    }

    /// End the threads, write and close everything. Calling it again does nothing.
    pub fn stop(&self) {
        self.shared.stopping.store(true, Ordering::Relaxed);
        for thread in self.threads.lock().drain(..) {
            // A thread that panicked has said so already.
            let _ = thread.join();
        }
        let receipts = self.shared.pipeline.lock().stop();
        for receipt in receipts {
            let _ = receipt.wait();
        }
        self.shared.events.notify_all();
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop();
    }
}

fn open_files(paths: Vec<PathBuf>) -> Mutex<FileSource> {
    Mutex::new(FileSource {
        files: Files::new(paths),
        waiting: false,
        ended: false,
    })
}
