//! Media that came before its binding: one queue for each flow.

use std::collections::VecDeque;

/// One packet in the queue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// Number of the packet in the order of arrival, over all flows.
    pub arrival: u64,
    pub at_ns: u64,
    /// The pipeline's timer when it came.
    pub timer_ns: u64,
    pub ip_len: u32,
    /// Offset of the payload in the packet.
    pub payload_at: u16,
    start: u64,
    length: u32,
    /// Some bundle has it.
    pub adopted: bool,
}

impl Entry {
    pub fn new(arrival: u64, at_ns: u64, timer_ns: u64, ip_len: u32, payload_at: u16) -> Self {
        Self {
            arrival,
            at_ns,
            timer_ns,
            ip_len,
            payload_at,
            start: 0,
            length: 0,
            adopted: false,
        }
    }

    pub fn bytes(&self) -> usize {
        self.length as usize + size_of::<Self>()
    }
}

/// A queue of packets in one piece of memory.
#[derive(Debug, Default)]
pub(crate) struct Held {
    entries: VecDeque<Entry>,
    bytes: Vec<u8>,
    /// Position, in all bytes ever queued, of the first byte of `bytes`.
    base: u64,
}

impl Held {
    pub fn push(&mut self, mut entry: Entry, packet: &[u8]) {
        entry.start = self.base + self.bytes.len() as u64;
        entry.length = packet.len() as u32;
        self.bytes.extend_from_slice(packet);
        self.entries.push_back(entry);
    }

    pub fn entry(&self, index: usize) -> Option<&Entry> {
        self.entries.get(index)
    }

    /// The newest packet has an owner already: it is held for another one.
    pub fn mark_newest_adopted(&mut self) {
        if let Some(entry) = self.entries.back_mut() {
            entry.adopted = true;
        }
    }

    pub fn entries(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.entries.iter().enumerate()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn front(&self) -> Option<&Entry> {
        self.entries.front()
    }

    /// A packet from its IP header on.
    pub fn packet(&self, index: usize) -> &[u8] {
        self.entries.get(index).map_or(&[], |entry| {
            let start = (entry.start - self.base) as usize;
            &self.bytes[start..start + entry.length as usize]
        })
    }

    pub fn mark_adopted(&mut self, index: usize) {
        if let Some(entry) = self.entries.get_mut(index) {
            entry.adopted = true;
        }
    }

    pub fn pop(&mut self) -> Option<Entry> {
        let entry = self.entries.pop_front()?;
        let gone = (entry.start + u64::from(entry.length) - self.base) as usize;
        if self.entries.is_empty() {
            self.base += self.bytes.len() as u64;
            self.bytes = Vec::new();
        } else if gone > self.bytes.len() / 2 {
            self.bytes.drain(..gone);
            self.base += gone as u64;
        }
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_keep_their_bytes_while_others_leave() {
        let mut held = Held::default();
        let packet = |number: u64| vec![number as u8; 10 + number as usize % 7];
        let (mut pushed, mut popped) = (0, 0);
        for round in 0..200u64 {
            for _ in 0..round % 5 {
                held.push(Entry::new(pushed, 0, 0, 0, 0), &packet(pushed));
                pushed += 1;
            }
            for _ in 0..round % 3 {
                if let Some(entry) = held.pop() {
                    assert_eq!(entry.arrival, popped);
                    popped += 1;
                }
            }
            let left: Vec<u64> = held.entries().map(|(_, entry)| entry.arrival).collect();
            assert_eq!(left, (popped..pushed).collect::<Vec<u64>>());
            for (index, number) in left.iter().enumerate() {
                assert_eq!(held.packet(index), packet(*number));
            }
        }
    }
}
