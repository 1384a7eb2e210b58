//! A media file in short: what an archiver needs to know of a call whose streams nothing harmed, without columns.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_bytes::ByteBuf;

use super::plain::{self, Plain, plain};
use super::{Media, columns, header};

/// What was found out about one stream.
#[derive(Debug)]
pub(super) struct Seen {
    pub plain: Option<Plain>,
    /// Empty for a stream that is not plain.
    pub payload: Vec<u8>,
}

/// Shape: an array, in the order of the fields; see the engine's README.
#[derive(Serialize)]
struct StreamOutline<'a> {
    src: String,
    dst: String,
    ssrc: u32,
    packets: u64,
    seen: u64,
    duplicates: u64,
    reordered: u64,
    strays: u64,
    expected: u64,
    jitter_ticks: f64,
    pts: BTreeMap<u8, u64>,
    first_ns: u64,
    last_ns: u64,
    plain: &'a Plain,
    first_seq: i64,
    arrivals: ByteBuf,
}

#[derive(Serialize)]
struct Outline<'a> {
    streams: Vec<StreamOutline<'a>>,
    rtcp: u64,
    other: u64,
    truncated: bool,
    first_ns: u64,
    last_ns: u64,
    reports: ByteBuf,
}

impl Media {
    /// The file in short as `MessagePack`. None when it has to be read as columns: a stream is not plain, or
    /// its signalling speaks of keys.
    pub fn outline(&mut self) -> Option<Vec<u8>> {
        if self.speaks_of_keys() {
            return None;
        }
        let reports = &self.gathered.reports;
        let is_told_of = !reports.sent.is_empty() || !reports.received.is_empty();
        let found: Option<Vec<Plain>> = self.streams.iter().map(plain).collect();
        let payloads: Vec<Vec<u8>> = self
            .streams
            .iter()
            .map(|stream| {
                let mut payload = vec![0; columns::payload_bytes(stream)];
                columns::copy_payload(stream, &self.bytes, &mut payload);
                payload
            })
            .collect();
        self.seen = found?
            .into_iter()
            .zip(payloads)
            .map(|(plain, payload)| Seen {
                plain: Some(plain),
                payload,
            })
            .collect();
        let streams = self
            .streams
            .iter()
            .zip(&self.seen)
            .filter_map(|(stream, seen)| {
                let stats = &stream.stats;
                Some(StreamOutline {
                    src: stream.key.src.to_string(),
                    dst: stream.key.dst.to_string(),
                    ssrc: stream.ssrc,
                    packets: stats.packets(),
                    seen: stream.rows.len() as u64,
                    duplicates: stats.duplicates(),
                    reordered: stats.reordered(),
                    strays: stats.strays(),
                    expected: stats.expected(),
                    jitter_ticks: stats.jitter_ticks(),
                    pts: stats.payload_types().iter().copied().collect(),
                    first_ns: stats.first_ns(),
                    last_ns: stats.last_ns(),
                    plain: seen.plain.as_ref()?,
                    first_seq: stream.placed.first()?.extended,
                    arrivals: ByteBuf::from(if is_told_of {
                        plain::rows(stream)
                            .flat_map(|row| row.arrival_ns.to_le_bytes())
                            .collect()
                    } else {
                        Vec::new()
                    }),
                })
            });
        let outline = Outline {
            streams: streams.collect(),
            rtcp: self.gathered.rtcp,
            other: self.gathered.other,
            truncated: self.gathered.truncated,
            first_ns: self.gathered.first_ns,
            last_ns: self.gathered.last_ns,
            reports: ByteBuf::from(if is_told_of {
                header::encode_reports(reports)
            } else {
                Vec::new()
            }),
        };
        rmp_serde::to_vec(&outline).ok()
    }

    /// The payload of each stream in the sender's order, when all are plain; in the order of the outline.
    pub fn payloads(&self) -> impl Iterator<Item = &[u8]> {
        self.seen.iter().map(|seen| seen.payload.as_slice())
    }

    /// Source: RFC 4568 §9.1 (`a=crypto:`)
    fn speaks_of_keys(&self) -> bool {
        const NAME: &[u8] = b"crypto:";
        self.gathered
            .messages
            .iter()
            .any(|message| message.data.windows(NAME.len()).any(|part| part == NAME))
    }
}
