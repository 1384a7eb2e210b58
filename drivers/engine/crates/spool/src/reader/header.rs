//! What Python reads first: the messages, and where each column stands. Field for field the engine's README.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_bytes::Bytes;

use super::gather::{Gathered, Reports};

/// One stream of the header.
#[derive(Debug, Serialize)]
pub struct StreamHeader {
    pub src: String,
    pub dst: String,
    pub ssrc: u32,
    pub packets: u64,
    pub seen: u64,
    pub duplicates: u64,
    pub reordered: u64,
    pub strays: u64,
    pub lost: u64,
    pub expected: u64,
    pub jitter_ticks: f64,
    pub pts: BTreeMap<u8, u64>,
    pub run_starts: Vec<u32>,
    pub payload_sha256: String,
    pub first_ns: u64,
    pub last_ns: u64,
    pub seq_at: usize,
    pub timestamp_at: usize,
    pub arrival_at: usize,
    pub start_at: usize,
    pub length_at: usize,
    pub pt_at: usize,
    pub marker_at: usize,
    pub payload_at: usize,
    pub payload_bytes: usize,
}

#[derive(Serialize)]
struct MessageHeader<'a> {
    at_ns: u64,
    transport: &'static str,
    src: String,
    src_port: u16,
    dst: String,
    dst_port: u16,
    data: &'a Bytes,
}

#[derive(Serialize)]
struct SenderHeader {
    at_ns: u64,
    src: String,
    dst: String,
    ssrc: u32,
    ntp: u64,
    packets: u32,
}

#[derive(Serialize)]
struct ReceiverHeader {
    at_ns: u64,
    src: String,
    dst: String,
    reporter: u32,
    ssrc: u32,
    fraction_lost: u8,
    lost: i32,
    highest: u32,
    jitter_ticks: u32,
    last_report: u32,
    delay: u32,
}

#[derive(Serialize)]
struct ReportsHeader {
    sent_reports: Vec<SenderHeader>,
    received_reports: Vec<ReceiverHeader>,
}

#[derive(Serialize)]
struct Header<'a> {
    messages: Vec<MessageHeader<'a>>,
    streams: Vec<StreamHeader>,
    rtcp: u64,
    sent_reports: Vec<SenderHeader>,
    received_reports: Vec<ReceiverHeader>,
    other: u64,
    truncated: bool,
    first_ns: u64,
    last_ns: u64,
}

/// The header as `MessagePack`.
pub fn encode(gathered: &Gathered, streams: Vec<StreamHeader>) -> Vec<u8> {
    let messages = gathered.messages.iter().map(|message| MessageHeader {
        at_ns: message.at_ns,
        transport: message.transport,
        src: message.key.src.address.to_string(),
        src_port: message.key.src.port,
        dst: message.key.dst.address.to_string(),
        dst_port: message.key.dst.port,
        data: Bytes::new(&message.data),
    });
    let reports = told(&gathered.reports);
    let header = Header {
        messages: messages.collect(),
        streams,
        rtcp: gathered.rtcp,
        sent_reports: reports.sent_reports,
        received_reports: reports.received_reports,
        other: gathered.other,
        truncated: gathered.truncated,
        first_ns: gathered.first_ns,
        last_ns: gathered.last_ns,
    };
    // Encoding into memory fails for maps of unknown length only, and there is none.
    rmp_serde::to_vec_named(&header).unwrap_or_default()
}

/// The reports alone, named as in the header.
pub fn encode_reports(reports: &Reports) -> Vec<u8> {
    rmp_serde::to_vec_named(&told(reports)).unwrap_or_default()
}

fn told(reports: &Reports) -> ReportsHeader {
    let sent = reports.sent.iter().map(|report| SenderHeader {
        at_ns: report.at_ns,
        src: report.key.src.to_string(),
        dst: report.key.dst.to_string(),
        ssrc: report.ssrc,
        ntp: report.ntp,
        packets: report.packets,
    });
    let received = reports.received.iter().map(|report| ReceiverHeader {
        at_ns: report.at_ns,
        src: report.key.src.to_string(),
        dst: report.key.dst.to_string(),
        reporter: report.reporter,
        ssrc: report.block.ssrc,
        fraction_lost: report.block.fraction_lost,
        lost: report.block.lost,
        highest: report.block.highest,
        jitter_ticks: report.block.jitter,
        last_report: report.block.last_report,
        delay: report.block.delay,
    });
    ReportsHeader {
        sent_reports: sent.collect(),
        received_reports: received.collect(),
    }
}
