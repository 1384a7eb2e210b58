//! One thread of a live engine: from its ring into the pipeline.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use source::{Ring, RingConfig, SourceError};

use crate::engine::{Shared, panic_text, wall_ns};

/// Longest wait for packets: the clock goes on without them. Units: milliseconds.
const WAIT_MS: i32 = 100;
/// Between two looks at a ring that had packets.
const REST: Duration = Duration::from_millis(5);
/// Then others that want the pipeline get their turn.
const BLOCKS_AT_ONCE: usize = 8;
/// Of the threads that drain rings, which must not wait for those that write or decode.
const NICENESS: i32 = -10;
/// How often the kernel's counters and the interface are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

pub(crate) struct Worker {
    shared: Arc<Shared>,
    ring: Option<Ring>,
    config: RingConfig,
    place: Place,
    start: Instant,
    looked_at: Instant,
    up: bool,
}

/// Which of the threads it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Number of the interface.
    pub interface: u16,
    /// The one that reports the state of the interface.
    pub reports: bool,
}

impl Worker {
    pub fn new(
        shared: Arc<Shared>,
        ring: Option<Ring>,
        config: RingConfig,
        place: Place,
        start: Instant,
    ) -> Self {
        Self {
            shared,
            ring,
            config,
            place,
            start,
            looked_at: start,
            up: true,
        }
    }

    /// Work until the engine stops. A panic or an error kills the engine, not the process.
    pub fn run(mut self) {
        match catch_unwind(AssertUnwindSafe(|| self.work())) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => self.shared.die(error.to_string()),
            Err(panic) => self.shared.die(panic_text(panic.as_ref())),
        }
    }

    fn work(&mut self) -> Result<(), SourceError> {
        // Whatever else this machine does can wait longer than the ring. Without the permission it goes on as it is.
        let _ = source::ring::come_first(NICENESS);
        self.look();
        while !self.shared.stopping.load(Ordering::Relaxed) {
            let ready = if let Some(ring) = &mut self.ring {
                ring.wait(WAIT_MS)?
            } else {
                std::thread::sleep(Duration::from_millis(u64::from(WAIT_MS.unsigned_abs())));
                false
            };
            let mut pipeline = self.shared.pipeline.lock();
            pipeline.set_times(self.start.elapsed().as_nanos() as u64, wall_ns());
            if ready && let Some(ring) = &mut self.ring {
                let interface = self.place.interface;
                for _ in 0..BLOCKS_AT_ONCE {
                    if !ring.block(|frames| pipeline.packets(frames, interface)) {
                        break;
                    }
                }
            }
            if pipeline.has_events() {
                self.shared.events.notify_all();
            }
            drop(pipeline);
            if ready {
                // The kernel wakes us for each block; when many come, looking now and then costs less.
                std::thread::sleep(REST);
            }
            if self.looked_at.elapsed() >= LOOK_EVERY {
                self.look();
            }
        }
        self.count();
        Ok(())
    }

    /// Hand the kernel's counters on.
    fn count(&self) {
        if let Some(Ok(counts)) = self.ring.as_ref().map(Ring::kernel_counts) {
            self.shared
                .pipeline
                .lock()
                .kernel(counts, self.place.interface);
        }
    }

    /// Look after the interface: report when it goes down or comes back, open the ring anew when it was replaced.
    fn look(&mut self) {
        self.looked_at = Instant::now();
        self.count();
        if self
            .ring
            .as_ref()
            .is_none_or(|ring| !ring.is_same_interface())
        {
            // The new ring may only be made when the old one has left the fan-out group.
            self.ring = None;
            self.ring = Ring::open(&self.config).ok();
        }
        let up = self.ring.as_ref().is_some_and(Ring::is_up);
        if up != self.up {
            self.up = up;
            if self.place.reports {
                self.shared.pipeline.lock().link(self.place.interface, up);
                self.shared.events.notify_all();
            }
        }
    }
}
