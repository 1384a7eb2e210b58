//! Telephone events: digits pressed during a call, sent as RTP packets of their own.

use crate::header::Header;

/// Reported events that are remembered, so that late copies are not reported again.
const REMEMBERED: usize = 4;

/// Longest pause between two packets of one event; senders repeat every 20 to 50 ms.
const MAX_PAUSE_NS: u64 = 150_000_000;

/// The largest duration one segment can state, in ticks; a longer event goes on in another segment.
const FULL_SEGMENT: u16 = 0xffff;

/// One event, reported once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// `0`–`9`, `*`, `#`, `A`–`D`, or `!` for a hook flash.
    pub digit: char,
    /// Arrival of its first packet, nanoseconds since 1970.
    pub at_ns: u64,
    /// How long it lasted, as far as it was seen.
    pub duration_ms: u32,
}

/// The character of an event code, nothing for tones and signals that nobody dials.
///
/// Source: RFC 4733 §3.2 (table 3)
#[must_use]
pub fn digit(code: u8) -> Option<char> {
    Some(match code {
        0..=9 => char::from(b'0' + code),
        10 => '*',
        11 => '#',
        12..=15 => char::from(b'A' + code - 12),
        16 => '!',
        _ => return None,
    })
}

#[derive(Debug, Clone, Copy)]
struct Running {
    code: u8,
    digit: char,
    timestamp: u32,
    at_ns: u64,
    last_ns: u64,
    duration: u16,
    before: u64,
    clock_hz: u32,
}

impl Running {
    fn event(&self) -> Event {
        let ticks = self.before + u64::from(self.duration);
        let duration_ms = ticks * 1000 / u64::from(self.clock_hz.max(1));
        Event {
            digit: self.digit,
            at_ns: self.at_ns,
            duration_ms: u32::try_from(duration_ms).unwrap_or(u32::MAX),
        }
    }
}

/// Joins the packets of each event of one stream.
///
/// An event is reported at its end. When all packets with the end bit are lost, it is reported when the next event begins
/// or when [`EventDecoder::expire`] is asked later. Copies and late packets of a reported event are ignored.
/// Source: RFC 4733 §2.3, §2.5
#[derive(Debug, Clone, Default)]
pub struct EventDecoder {
    running: Option<Running>,
    reported: [Option<u32>; REMEMBERED],
    next: usize,
    last: Option<Running>,
}

impl EventDecoder {
    /// Read one telephone-event packet; up to two events end with it, in the order they were pressed.
    ///
    /// Units: `arrival_ns` since 1970, `clock_hz` of the payload type (0 is taken as 8000). Payloads that
    /// are too short or name no digit are ignored; only the first event of a payload is read.
    pub fn update(
        &mut self,
        header: &Header,
        payload: &[u8],
        arrival_ns: u64,
        clock_hz: u32,
    ) -> impl Iterator<Item = Event> + use<> {
        let ended = self.read(header, payload, arrival_ns, clock_hz);
        ended.into_iter().flatten()
    }

    /// The event whose end was lost, once nothing has been heard of it for a while before `now_ns`.
    pub fn expire(&mut self, now_ns: u64) -> Option<Event> {
        let running = self.running?;
        (now_ns.saturating_sub(running.last_ns) > MAX_PAUSE_NS)
            .then(|| self.finish())
            .flatten()
    }

    /// The event that is still running, at the end of the stream.
    pub fn finish(&mut self) -> Option<Event> {
        let running = self.running.take()?;
        self.reported[self.next % REMEMBERED] = Some(running.timestamp);
        self.next = self.next.wrapping_add(1);
        self.last = Some(running);
        Some(running.event())
    }

    fn read(
        &mut self,
        header: &Header,
        payload: &[u8],
        arrival_ns: u64,
        clock_hz: u32,
    ) -> [Option<Event>; 2] {
        let &[code, flags, high, low, ..] = payload else {
            return [None; 2];
        };
        let Some(digit) = digit(code) else {
            return [None; 2];
        };
        let end = flags & 0x80 != 0;
        let duration = u16::from_be_bytes([high, low]);
        if self.reported.contains(&Some(header.timestamp))
            || self.repeats_the_last(header, code, end, duration, arrival_ns)
        {
            return [None; 2];
        }
        let mut before = None;
        match &mut self.running {
            Some(running) if running.timestamp == header.timestamp => {
                running.duration = running.duration.max(duration);
                running.last_ns = running.last_ns.max(arrival_ns);
            }
            Some(running) if running.goes_on(header, code, duration, arrival_ns) => {
                if running.duration == FULL_SEGMENT {
                    running.before += u64::from(FULL_SEGMENT);
                }
                running.duration = duration;
                running.timestamp = header.timestamp;
                running.last_ns = arrival_ns;
            }
            _ => {
                before = self.finish();
                self.running = Some(Running {
                    code,
                    digit,
                    timestamp: header.timestamp,
                    at_ns: arrival_ns,
                    last_ns: arrival_ns,
                    duration,
                    before: 0,
                    clock_hz: if clock_hz == 0 { 8000 } else { clock_hz },
                });
            }
        }
        [before, if end { self.finish() } else { None }]
    }

    /// Some senders stamp every packet anew, also the copies of the last one.
    fn repeats_the_last(
        &self,
        header: &Header,
        code: u8,
        end: bool,
        duration: u16,
        arrival_ns: u64,
    ) -> bool {
        self.running.is_none()
            && end
            && !header.marker
            && self.last.is_some_and(|last| {
                last.code == code
                    && last.duration == duration
                    && arrival_ns.saturating_sub(last.last_ns) <= MAX_PAUSE_NS
            })
    }
}

impl Running {
    /// A further segment of a long event, or a sender that stamps every packet of an event anew.
    fn goes_on(&self, header: &Header, code: u8, duration: u16, arrival_ns: u64) -> bool {
        if code != self.code
            || header.marker
            || arrival_ns.saturating_sub(self.last_ns) > MAX_PAUSE_NS
        {
            return false;
        }
        let next_segment = self.timestamp.wrapping_add(u32::from(FULL_SEGMENT));
        (self.duration == FULL_SEGMENT && header.timestamp == next_segment)
            || duration > self.duration
    }
}

#[cfg(test)]
mod tests;
