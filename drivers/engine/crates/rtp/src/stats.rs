//! What one RTP stream suffered on its way: order, loss, duplicates, jitter.

use crate::header::Header;

/// A step in sequence numbers that one sender may take forwards (loss) or backwards (reordering).
///
/// Source: RFC 3550 §A.1, which allows 3000 and 100; a recorder sees what a jitter buffer would have dropped.
pub const MAX_JUMP: u16 = 3000;

/// A jump beyond this must also have a timestamp that fits, or it is looked at as a restart.
///
/// Source: RFC 3550 §A.1 (`MAX_MISORDER`)
const MAX_UNDOUBTED: u16 = 100;

/// How far from a suspect packet the second one may be that confirms the restart. RFC 3550 wants its direct
/// successor; packets lost or reordered just there would then lose the first words of the new run.
const CONFIRMED_WITHIN: u16 = 16;

/// The farthest a timestamp steps within [`MAX_JUMP`] packets: 120 ms each at 90 kHz.
const MAX_TICKS: u32 = MAX_JUMP as u32 * 90 * 120;

/// A packet so much later than its neighbours is no copy and no straggler: a sender that began again sent it, unless
/// newer packets go on coming between such ones.
///
/// Source: RFC 3550 §A.1, whose `MAX_MISORDER` of 100 packets is as long at 20 ms each
const LATEST: u32 = unit(2_000_000_000);

/// So many of them that came between newer packets are copies from a capture that lags: no restart is made of others.
const LAGGING: u8 = 3;

/// Packets whose arrival is remembered; a power of two above [`MAX_JUMP`].
const WINDOW: usize = 4096;

/// Packets that share a [`Block`].
const BLOCK: usize = 32;

/// No payload type has this number.
const NO_TYPE: u8 = u8::MAX;

/// What a packet is in its stream. `extended` grows over the 16-bit wrap and over restarts of the sender, its low
/// 16 bits are always the packet's own; between two runs it leaves room for packets that come late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The newest packet so far; packets between it and the one before are missing for now.
    Newest {
        /// Extended sequence number.
        extended: i64,
    },
    /// New, but older than the newest.
    Late {
        /// Extended sequence number.
        extended: i64,
    },
    /// Seen before.
    Duplicate,
    /// Far off. Keep it until the next packet: it is either the first of a new run or a stray.
    Suspect,
    /// The suspect and this packet begin a new run: the sender restarted.
    Restart {
        /// Extended sequence number of the packet that was reported as [`Outcome::Suspect`] last.
        suspect: i64,
        /// Extended sequence number of this packet.
        extended: i64,
    },
}

/// Which of [`BLOCK`] packets came, and when the last of them did.
#[derive(Debug, Clone, Copy, Default)]
pub struct Block {
    seen: u32,
    /// Units: 2^20 ns, wrapping.
    at: u32,
}

/// A packet that another must confirm.
#[derive(Debug, Clone, Copy)]
struct Suspect {
    header: Header,
    arrival_ns: u64,
    clock_hz: u32,
    /// The newest packet when this one came behind it, too late; none when it was far off.
    late_for: Option<i64>,
}

/// Counts and jitter of one SSRC from one sender to one receiver.
///
/// Every distinct packet counts once: `expected() == packets() + lost()`, and packets seen are
/// `packets() + duplicates() + strays()`.
/// Source: RFC 3550 §A.1 (validation), §A.3 (loss), §A.8 (jitter)
#[derive(Debug, Clone)]
#[repr(C)]
pub struct StreamStats {
    highest: i64,
    lowest: i64,
    newest_timestamp: u32,
    step: u32,
    packets: u64,
    bytes: u64,
    first_ns: u64,
    last_ns: u64,
    jitter: f64,
    arrival_ns: u64,
    timestamp: u32,
    clock_hz: u32,
    /// The payload type that came last, its place in `types`, and its packets that are not counted there yet.
    type_now: u8,
    type_at: u32,
    type_packets: u64,
    types: Vec<(u8, u64)>,
    duplicates: u64,
    reordered: u64,
    strays: u64,
    expected_before: u64,
    clock_changes: u32,
    restarts: u32,
    suspect: Option<Suspect>,
    /// Late suspects of this run that newer packets came between.
    lagging: u8,
    /// The last number of the run before, and when this one was confirmed.
    run_before: Option<(u16, u32)>,
    blocks: [Block; WINDOW / BLOCK],
}

impl Default for StreamStats {
    fn default() -> Self {
        Self {
            highest: 0,
            lowest: 0,
            newest_timestamp: 0,
            step: 0,
            packets: 0,
            bytes: 0,
            first_ns: 0,
            last_ns: 0,
            jitter: 0.0,
            arrival_ns: 0,
            timestamp: 0,
            clock_hz: 0,
            type_now: NO_TYPE,
            type_at: 0,
            type_packets: 0,
            types: Vec::new(),
            duplicates: 0,
            reordered: 0,
            strays: 0,
            expected_before: 0,
            clock_changes: 0,
            restarts: 0,
            suspect: None,
            lagging: 0,
            run_before: None,
            blocks: [Block::default(); WINDOW / BLOCK],
        }
    }
}

impl StreamStats {
    /// So many bytes from its beginning on are needed for almost every packet.
    pub const BUSY_BYTES: usize = std::mem::offset_of!(Self, duplicates);

    /// Where it is remembered that the next packet came.
    #[must_use]
    #[inline]
    pub fn next_seen(&self) -> &Block {
        &self.blocks[(self.highest + 1) as usize % WINDOW / BLOCK]
    }

    /// Count one packet of the stream, in order of arrival.
    ///
    /// Units: `arrival_ns` since 1970; `clock_hz` of the packet's payload type, 0 when it is unknown or its timestamps
    /// are not those of the audio (a telephone event at another rate): the packet then says nothing about jitter.
    #[inline]
    pub fn update(&mut self, header: &Header, arrival_ns: u64, clock_hz: u32) -> Outcome {
        if header.sequence.wrapping_sub(self.highest as u16) == 1 && self.packets > 0 {
            self.step = header.timestamp.wrapping_sub(self.newest_timestamp);
            self.newest_timestamp = header.timestamp;
            self.highest += 1;
            self.mark(self.highest, arrival_ns);
            self.count(header, arrival_ns, clock_hz);
            return Outcome::Newest {
                extended: self.highest,
            };
        }
        self.irregular(header, arrival_ns, clock_hz)
    }

    /// Anything but the successor of the newest packet.
    fn irregular(&mut self, header: &Header, arrival_ns: u64, clock_hz: u32) -> Outcome {
        if self.packets == 0 {
            self.begin(i64::from(header.sequence), header, arrival_ns);
            self.count(header, arrival_ns, clock_hz);
            return Outcome::Newest {
                extended: self.highest,
            };
        }
        let ahead = header.sequence.wrapping_sub(self.highest as u16);
        let behind = ahead.wrapping_neg();
        let ticks_ahead = header.timestamp.wrapping_sub(self.newest_timestamp);
        let ticks_behind = ticks_ahead.wrapping_neg();
        if behind <= MAX_JUMP && (behind <= MAX_UNDOUBTED || ticks_behind <= MAX_TICKS) {
            let extended = self.highest - i64::from(behind);
            if self.is_too_late(extended, header.sequence, arrival_ns) {
                return self.far(header, arrival_ns, clock_hz, Some(self.highest));
            }
            return self.late(extended, header, arrival_ns, clock_hz);
        }
        if ahead > MAX_UNDOUBTED && self.is_of_run_before(header.sequence, arrival_ns) {
            self.duplicates += 1;
            return Outcome::Duplicate;
        }
        let fits = ahead <= MAX_JUMP && (ahead <= MAX_UNDOUBTED || ticks_ahead <= MAX_TICKS);
        // After a long outage the timestamp alone can prove that the same sender went on.
        let outage = self.step != 0
            && ahead < 0x8000
            && u64::from(ticks_ahead) == u64::from(ahead) * u64::from(self.step);
        if fits || outage {
            self.advance(i64::from(ahead), arrival_ns);
            self.newest_timestamp = header.timestamp;
            self.count(header, arrival_ns, clock_hz);
            return Outcome::Newest {
                extended: self.highest,
            };
        }
        self.far(header, arrival_ns, clock_hz, None)
    }

    /// Whether a packet behind the newest, whose neighbours came long ago, fills no gap or follows such a suspect.
    fn is_too_late(&self, extended: i64, sequence: u16, arrival_ns: u64) -> bool {
        let late = unit(arrival_ns).wrapping_sub(self.blocks[place(extended).0].at);
        late > LATEST
            && late.cast_signed() > 0
            && self.lagging < LAGGING
            && (self.was_seen(extended)
                || extended < self.lowest
                || self.suspect.is_some_and(|suspect| {
                    suspect.late_for == Some(self.highest) && suspect.is_near(sequence)
                }))
    }

    /// Whether a packet that would be a jump ahead is one of the last of the run before that came late or again.
    fn is_of_run_before(&self, sequence: u16, arrival_ns: u64) -> bool {
        self.run_before.is_some_and(|(last, at)| {
            last.wrapping_sub(sequence) <= MAX_UNDOUBTED
                && unit(arrival_ns).wrapping_sub(at) <= LATEST
        })
    }

    fn late(&mut self, extended: i64, header: &Header, arrival_ns: u64, clock_hz: u32) -> Outcome {
        if self.was_seen(extended) {
            self.duplicates += 1;
            self.last_ns = self.last_ns.max(arrival_ns);
            return Outcome::Duplicate;
        }
        self.mark(extended, arrival_ns);
        self.lowest = self.lowest.min(extended);
        self.reordered += 1;
        self.count(header, arrival_ns, clock_hz);
        Outcome::Late { extended }
    }

    /// A jump that no single sender makes: wait for a second packet that says the same.
    fn far(
        &mut self,
        header: &Header,
        arrival_ns: u64,
        clock_hz: u32,
        late_for: Option<i64>,
    ) -> Outcome {
        let new = Suspect {
            header: *header,
            arrival_ns,
            clock_hz,
            late_for,
        };
        let Some(first) = self.suspect else {
            self.suspect = Some(new);
            return Outcome::Suspect;
        };
        let ahead = header.sequence.wrapping_sub(first.header.sequence);
        if ahead == 0 && header.timestamp == first.header.timestamp {
            self.duplicates += 1;
            return Outcome::Duplicate;
        }
        let is_near = ahead != 0 && first.is_near(header.sequence);
        let lags = is_near && first.late_for.is_some_and(|newest| newest != self.highest);
        if !is_near || lags {
            self.lagging += u8::from(lags);
            self.duplicates += u64::from(first.late_for.is_some());
            self.strays += u64::from(first.late_for.is_none());
            self.suspect = Some(new);
            return Outcome::Suspect;
        }
        self.suspect = None;
        self.restarts += 1;
        self.expected_before += self.span();
        self.run_before = Some((self.highest as u16, unit(arrival_ns)));
        // The next number with the packet's low bits that leaves room for late packets of this run.
        let floor = self.highest + 1 + i64::from(MAX_JUMP);
        let suspect = floor + i64::from(first.header.sequence.wrapping_sub(floor as u16));
        self.begin(suspect, &first.header, first.arrival_ns);
        self.timestamp = first.header.timestamp;
        self.arrival_ns = first.arrival_ns;
        self.clock_hz = 0;
        self.count(&first.header, first.arrival_ns, first.clock_hz);
        let second = if ahead <= CONFIRMED_WITHIN {
            self.update(header, arrival_ns, clock_hz)
        } else {
            let extended = suspect - i64::from(ahead.wrapping_neg());
            self.late(extended, header, arrival_ns, clock_hz)
        };
        match second {
            Outcome::Newest { extended } | Outcome::Late { extended } => {
                Outcome::Restart { suspect, extended }
            }
            other => other,
        }
    }

    fn begin(&mut self, extended: i64, header: &Header, arrival_ns: u64) {
        self.highest = extended;
        self.lowest = extended;
        self.newest_timestamp = header.timestamp;
        self.step = 0;
        self.lagging = 0;
        self.forget_all(arrival_ns);
        self.mark(extended, arrival_ns);
    }

    fn forget_all(&mut self, arrival_ns: u64) {
        let at = unit(arrival_ns);
        self.blocks = [Block { seen: 0, at }; WINDOW / BLOCK];
    }

    fn advance(&mut self, ahead: i64, arrival_ns: u64) {
        if ahead >= WINDOW as i64 {
            self.forget_all(arrival_ns);
        } else {
            for skipped in self.highest + 1..self.highest + ahead {
                let (block, bit) = place(skipped);
                self.blocks[block].seen &= !bit;
                self.blocks[block].at = unit(arrival_ns);
            }
        }
        self.highest += ahead;
        self.mark(self.highest, arrival_ns);
    }

    #[inline]
    fn mark(&mut self, extended: i64, arrival_ns: u64) {
        let (block, bit) = place(extended);
        self.blocks[block].seen |= bit;
        self.blocks[block].at = unit(arrival_ns);
    }

    fn was_seen(&self, extended: i64) -> bool {
        let (block, bit) = place(extended);
        self.blocks[block].seen & bit != 0
    }

    #[inline]
    fn count(&mut self, header: &Header, arrival_ns: u64, clock_hz: u32) {
        if self.packets == 0 {
            self.first_ns = arrival_ns;
        }
        self.packets += 1;
        self.bytes += u64::from(header.payload_len);
        self.first_ns = self.first_ns.min(arrival_ns);
        self.last_ns = self.last_ns.max(arrival_ns);
        if header.payload_type != self.type_now {
            self.another_type(header.payload_type);
        }
        self.type_packets += 1;
        if clock_hz == self.clock_hz && clock_hz != 0 {
            let ticks = header.timestamp.wrapping_sub(self.timestamp) as i32;
            // Packets of one timestamp (split frames, telephone events) were not sent at the moment it names.
            if ticks != 0 {
                let elapsed = arrival_ns.wrapping_sub(self.arrival_ns) as i64;
                let transit = elapsed as f64 * f64::from(clock_hz) * 1e-9 - f64::from(ticks);
                self.jitter += (transit.abs() - self.jitter) * (1.0 / 16.0);
                self.timestamp = header.timestamp;
                self.arrival_ns = arrival_ns;
            }
        } else if clock_hz != 0 {
            self.another_clock(header, arrival_ns, clock_hz);
        }
    }

    #[cold]
    fn another_type(&mut self, payload_type: u8) {
        if let Some((_, packets)) = self.types.get_mut(self.type_at as usize) {
            *packets += std::mem::take(&mut self.type_packets);
        }
        let known = self
            .types
            .iter()
            .position(|&(known, _)| known == payload_type);
        let at = known.unwrap_or_else(|| {
            self.types.push((payload_type, 0));
            self.types.len() - 1
        });
        self.type_at = at as u32;
        self.type_now = payload_type;
    }

    #[cold]
    fn another_clock(&mut self, header: &Header, arrival_ns: u64, clock_hz: u32) {
        if self.clock_hz != 0 {
            self.clock_changes += 1;
            self.jitter *= f64::from(clock_hz) / f64::from(self.clock_hz);
        }
        self.clock_hz = clock_hz;
        self.timestamp = header.timestamp;
        self.arrival_ns = arrival_ns;
    }

    fn span(&self) -> u64 {
        if self.packets == 0 {
            0
        } else {
            (self.highest - self.lowest + 1) as u64
        }
    }

    /// Distinct packets.
    #[must_use]
    pub fn packets(&self) -> u64 {
        self.packets
    }

    /// Payload bytes of the distinct packets.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Packets the sender must have sent, from the sequence numbers of every run.
    #[must_use]
    pub fn expected(&self) -> u64 {
        self.expected_before + self.span()
    }

    /// Packets missing by sequence number.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.expected().saturating_sub(self.packets)
    }

    /// Packets seen again, with one that may still wait to be the first of a new run.
    #[must_use]
    pub fn duplicates(&self) -> u64 {
        self.duplicates + self.suspects(true)
    }

    /// Distinct packets that came after a later one.
    #[must_use]
    pub fn reordered(&self) -> u64 {
        self.reordered
    }

    /// Single packets far outside the sequence, with one that may still wait for its confirmation.
    #[must_use]
    pub fn strays(&self) -> u64 {
        self.strays + self.suspects(false)
    }

    /// The suspect that waits for its confirmation, if it is such a one.
    fn suspects(&self, is_late: bool) -> u64 {
        let waits = |suspect: Suspect| suspect.late_for.is_some() == is_late;
        u64::from(self.suspect.is_some_and(waits))
    }

    /// New runs after the first.
    #[must_use]
    pub fn restarts(&self) -> u32 {
        self.restarts
    }

    /// Interarrival jitter in ticks of [`Self::clock_hz`].
    #[must_use]
    pub fn jitter_ticks(&self) -> f64 {
        self.jitter
    }

    /// The newest known clock rate in Hz; 0 when none was ever given.
    #[must_use]
    pub fn clock_hz(&self) -> u32 {
        self.clock_hz
    }

    /// How often the clock rate changed.
    #[must_use]
    pub fn clock_changes(&self) -> u32 {
        self.clock_changes
    }

    /// Earliest arrival, nanoseconds since 1970.
    #[must_use]
    pub fn first_ns(&self) -> u64 {
        self.first_ns
    }

    /// Sequence number and timestamp of the newest packet; 0 before the first.
    #[must_use]
    pub fn newest(&self) -> (u16, u32) {
        (self.highest as u16, self.newest_timestamp)
    }

    /// Latest arrival, nanoseconds since 1970.
    #[must_use]
    pub fn last_ns(&self) -> u64 {
        self.last_ns
    }

    /// Payload types with their distinct packets, in order of appearance.
    #[must_use]
    pub fn payload_types(&self) -> Vec<(u8, u64)> {
        let mut types = self.types.clone();
        if let Some((_, packets)) = types.get_mut(self.type_at as usize) {
            *packets += self.type_packets;
        }
        types
    }

    /// The most used payload type among those that `eligible` accepts (all but telephone events, say).
    pub fn most_used(&self, eligible: impl Fn(u8) -> bool) -> Option<u8> {
        let candidates = self
            .payload_types()
            .into_iter()
            .filter(|&(payload_type, _)| eligible(payload_type));
        candidates
            .max_by_key(|&(_, packets)| packets)
            .map(|(payload_type, _)| payload_type)
    }
}

impl Suspect {
    /// Whether a packet's number may confirm it.
    fn is_near(&self, sequence: u16) -> bool {
        let ahead = sequence.wrapping_sub(self.header.sequence);
        ahead.min(ahead.wrapping_neg()) <= CONFIRMED_WITHIN
    }
}

/// The block of a packet, and its bit there.
#[inline]
fn place(extended: i64) -> (usize, u32) {
    let index = extended as usize % WINDOW;
    (index / BLOCK, 1 << (index % BLOCK))
}

#[inline]
const fn unit(ns: u64) -> u32 {
    (ns >> 20) as u32
}

#[cfg(test)]
mod tests;
