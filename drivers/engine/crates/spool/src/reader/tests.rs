use proptest::prelude::*;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use wire::{Endpoint, FlowKey, build};

use super::*;
use crate::format;

const MS: u64 = 1_000_000;
const START: u64 = 1_700_000_000_000_000_000;

#[derive(Debug, Deserialize)]
struct Message {
    at_ns: u64,
    transport: String,
    src: String,
    src_port: u16,
    dst: String,
    dst_port: u16,
    data: serde_bytes::ByteBuf,
}

#[derive(Debug, Deserialize)]
struct Stream {
    src: String,
    dst: String,
    ssrc: u32,
    packets: usize,
    seen: u64,
    duplicates: u64,
    reordered: u64,
    strays: u64,
    lost: u64,
    expected: u64,
    jitter_ticks: f64,
    pts: std::collections::BTreeMap<u8, u64>,
    run_starts: Vec<u32>,
    payload_sha256: String,
    first_ns: u64,
    last_ns: u64,
    seq_at: usize,
    timestamp_at: usize,
    arrival_at: usize,
    start_at: usize,
    length_at: usize,
    pt_at: usize,
    marker_at: usize,
    payload_at: usize,
    payload_bytes: usize,
}

#[derive(Debug, Deserialize)]
struct SentReport {
    at_ns: u64,
    src: String,
    dst: String,
    ssrc: u32,
    ntp: u64,
    packets: u32,
}

#[derive(Debug, Deserialize)]
struct ReceivedReport {
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

#[derive(Debug, Deserialize)]
struct Header {
    messages: Vec<Message>,
    streams: Vec<Stream>,
    rtcp: u64,
    sent_reports: Vec<SentReport>,
    received_reports: Vec<ReceivedReport>,
    other: u64,
    truncated: bool,
    first_ns: u64,
    last_ns: u64,
}

fn read(file: &[u8]) -> (Header, Vec<u8>) {
    let media = Media::parse(file.to_vec()).expect("a capture");
    let mut blob = vec![0; media.blob_len()];
    let header = media.write(&mut blob);
    (
        rmp_serde::from_slice(&header).expect("the header of the README"),
        blob,
    )
}

fn longs(blob: &[u8], at: usize, rows: usize) -> Vec<i64> {
    assert_eq!(at % 8, 0);
    blob[at..at + 8 * rows]
        .chunks_exact(8)
        .map(|cell| i64::from_le_bytes(cell.try_into().unwrap()))
        .collect()
}

fn key(src: &str, dst: &str) -> FlowKey {
    let end = |text: &str| {
        let (address, port) = text.rsplit_once(':').unwrap();
        Endpoint::new(address.parse().unwrap(), port.parse().unwrap())
    };
    FlowKey {
        src: end(src),
        dst: end(dst),
    }
}

fn there() -> FlowKey {
    key("10.0.0.1:4000", "10.0.0.2:5000")
}

fn rtp(sequence: u16, timestamp: u32, ssrc: u32, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x80, 8];
    packet.extend(sequence.to_be_bytes());
    packet.extend(timestamp.to_be_bytes());
    packet.extend(ssrc.to_be_bytes());
    packet.extend(payload);
    packet
}

/// Frame `index` of a stream that starts at 65,530: its payload says which it is.
fn frame(index: u32) -> Vec<u8> {
    let payload: Vec<u8> = (0..40).map(|at| (index * 7 + at) as u8).collect();
    rtp(
        65_530u16.wrapping_add(index as u16),
        index.wrapping_mul(160).wrapping_sub(500),
        7,
        &payload,
    )
}

struct File {
    bytes: Vec<u8>,
}

impl File {
    fn new() -> Self {
        Self {
            bytes: format::file_header().to_vec(),
        }
    }

    fn add(mut self, at_ns: u64, packet: &[u8]) -> Self {
        self.bytes.extend(format::record_header(
            at_ns,
            packet.len() as u32,
            packet.len() as u32,
        ));
        self.bytes.extend(packet);
        self
    }

    fn udp(self, at_ms: u64, key: FlowKey, payload: &[u8]) -> Self {
        self.add(START + at_ms * MS, &build::udp(key, payload))
    }

    fn frames(self, indices: impl IntoIterator<Item = u32>) -> Self {
        indices
            .into_iter()
            .enumerate()
            .fold(self, |file, (at, index)| {
                file.udp(at as u64 * 20, there(), &frame(index))
            })
    }
}

fn payload_of(indices: impl IntoIterator<Item = u32>) -> Vec<u8> {
    indices
        .into_iter()
        .flat_map(|index| frame(index)[12..].to_vec())
        .collect()
}

fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

#[test]
fn a_stream_becomes_columns_over_both_wraps() {
    let (header, blob) = read(&File::new().frames(0..20).bytes);
    let [stream] = &header.streams[..] else {
        panic!("{header:?}")
    };
    assert_eq!(
        (&*stream.src, &*stream.dst, stream.ssrc),
        ("10.0.0.1:4000", "10.0.0.2:5000", 7)
    );
    assert_eq!(
        (stream.packets, stream.seen, stream.expected, stream.lost),
        (20, 20, 20, 0)
    );
    assert_eq!(
        longs(&blob, stream.seq_at, 20),
        (65_530..65_550).collect::<Vec<i64>>()
    );
    let timestamps: Vec<i64> = (0..20).map(|index| (1 << 32) - 500 + index * 160).collect();
    assert_eq!(longs(&blob, stream.timestamp_at, 20), timestamps);
    let arrivals: Vec<i64> = (0..20)
        .map(|index| (START + index * 20 * MS) as i64)
        .collect();
    assert_eq!(longs(&blob, stream.arrival_at, 20), arrivals);
    let starts: Vec<u8> = (0..20u32)
        .flat_map(|index| (index * 40).to_le_bytes())
        .collect();
    assert_eq!(blob[stream.start_at..stream.start_at + 80], starts);
    assert_eq!(
        blob[stream.length_at..stream.length_at + 40],
        [40, 0].repeat(20)
    );
    assert_eq!(blob[stream.pt_at..stream.pt_at + 20], [8; 20]);
    assert_eq!(blob[stream.marker_at..stream.marker_at + 20], [0; 20]);
    let payload = &blob[stream.payload_at..stream.payload_at + stream.payload_bytes];
    assert_eq!(payload, payload_of(0..20));
    assert_eq!(stream.payload_sha256, sha256(payload));
    assert_eq!(stream.pts.iter().collect::<Vec<_>>(), [(&8, &20)]);
    assert_eq!((stream.first_ns, stream.last_ns), (START, START + 380 * MS));
    assert_eq!(
        (header.first_ns, header.last_ns, header.truncated),
        (START, START + 380 * MS, false)
    );
    assert!(stream.jitter_ticks < 1e-3);
}

#[test]
fn copies_are_dropped_and_order_is_restored() {
    let (header, blob) = read(&File::new().frames([1, 0, 3, 2, 2, 6, 3, 5]).bytes);
    let stream = &header.streams[0];
    assert_eq!(
        longs(&blob, stream.seq_at, 6),
        [65_530, 65_531, 65_532, 65_533, 65_535, 65_536]
    );
    assert_eq!(
        (
            stream.seen,
            stream.duplicates,
            stream.reordered,
            stream.lost
        ),
        (8, 2, 3, 1)
    );
    assert_eq!(
        stream.payload_sha256,
        sha256(&payload_of([0, 1, 2, 3, 5, 6]))
    );
}

#[test]
fn the_first_of_two_copies_is_kept() {
    let file = File::new().udp(0, there(), &rtp(1, 0, 7, b"first")).udp(
        5,
        there(),
        &rtp(1, 0, 7, b"again"),
    );
    let (header, blob) = read(&file.bytes);
    let stream = &header.streams[0];
    assert_eq!(&blob[stream.payload_at..stream.payload_at + 5], b"first");
    assert_eq!(longs(&blob, stream.arrival_at, 1), [START as i64]);
}

#[test]
fn a_restarted_sender_appends_a_run() {
    let mut file = File::new().frames([0, 1, 2, 4]);
    for index in [1, 0, 2u16] {
        file = file.udp(
            1000,
            there(),
            &rtp(
                30_000 + index,
                9_000_000 + u32::from(index) * 160,
                7,
                &[index as u8; 3],
            ),
        );
    }
    let (header, blob) = read(&file.bytes);
    let stream = &header.streams[0];
    assert_eq!(
        longs(&blob, stream.seq_at, 7),
        [65_530, 65_531, 65_532, 65_534, 65_535, 65_536, 65_537]
    );
    assert_eq!(stream.run_starts, [0, 4]);
    assert_eq!(
        longs(&blob, stream.timestamp_at, 7)[4..],
        [9_000_000, 9_000_160, 9_000_320]
    );
    assert_eq!((stream.lost, stream.expected, stream.reordered), (1, 8, 1));
    let payload = &blob[stream.payload_at..stream.payload_at + stream.payload_bytes];
    assert_eq!(payload[160..], [0, 0, 0, 1, 1, 1, 2, 2, 2]);
}

#[test]
fn several_restarts_keep_their_runs_apart() {
    let mut file = File::new();
    for (run, first) in [1000u16, 40_000, 9000, 60_000].into_iter().enumerate() {
        for index in 0..5u16 {
            let at = run as u64 * 1000 + u64::from(index) * 20;
            file = file.udp(
                at,
                there(),
                &rtp(
                    first + index,
                    run as u32 * 0x4000_0000 + u32::from(index) * 160,
                    7,
                    b"x",
                ),
            );
        }
    }
    let (header, blob) = read(&file.bytes);
    let stream = &header.streams[0];
    assert_eq!(
        longs(&blob, stream.seq_at, 20),
        (1000..1020).collect::<Vec<i64>>()
    );
    assert_eq!(stream.run_starts, [0, 5, 10, 15]);
    assert_eq!((stream.lost, stream.strays), (0, 0));
}

#[test]
fn an_announcement_played_again_with_its_old_numbers_appends_a_run() {
    let mut file = File::new();
    for sent in 0..600u16 {
        let number = sent % 300;
        file = file.udp(
            u64::from(sent) * 20,
            there(),
            &rtp(number, u32::from(number) * 160, 7, &sent.to_be_bytes()),
        );
    }
    let (header, blob) = read(&file.bytes);
    let stream = &header.streams[0];
    assert_eq!(
        longs(&blob, stream.seq_at, 600),
        (0..600).collect::<Vec<i64>>()
    );
    assert_eq!(stream.run_starts, [0, 300]);
    assert_eq!(longs(&blob, stream.timestamp_at, 600)[300..302], [0, 160]);
    assert_eq!((stream.lost, stream.duplicates, stream.strays), (0, 0, 0));
    let payload: Vec<u8> = (0..600u16).flat_map(u16::to_be_bytes).collect();
    assert_eq!(stream.payload_sha256, sha256(&payload));
}

#[test]
fn a_stray_packet_is_counted_and_left_out() {
    let file = File::new()
        .frames(0..5)
        .udp(50, there(), &rtp(20_000, 1, 7, b"stray"))
        .frames(5..9);
    let (header, _) = read(&file.bytes);
    let stream = &header.streams[0];
    assert_eq!(
        (
            stream.packets,
            stream.seen,
            stream.strays,
            stream.run_starts.len()
        ),
        (9, 10, 1, 1)
    );
    assert_eq!(stream.payload_sha256, sha256(&payload_of(0..9)));
}

#[test]
fn held_packets_behind_later_ones_in_the_file_are_no_reordering() {
    let mut file = File::new();
    for index in (10..20).chain(0..10u32) {
        file = file.udp(u64::from(index) * 20, there(), &frame(index));
    }
    let (header, _) = read(&file.bytes);
    assert_eq!(
        (header.streams[0].reordered, header.streams[0].lost),
        (0, 0)
    );
    assert_eq!(header.streams[0].payload_sha256, sha256(&payload_of(0..20)));
}

#[test]
fn packets_after_the_clock_was_set_back_follow_those_before() {
    let mut file = File::new();
    for index in 0..400u32 {
        let at_ms = if index < 200 { 3_600_000 } else { 0 } + u64::from(index) * 20;
        file = file.udp(at_ms, there(), &frame(index));
    }
    let (header, _) = read(&file.bytes);
    let stream = &header.streams[0];
    assert_eq!((stream.packets, stream.reordered), (400, 0));
    assert_eq!(stream.run_starts, [0]);
    assert_eq!(stream.payload_sha256, sha256(&payload_of(0..400)));
}

#[test]
fn streams_are_told_apart_by_addresses_and_ssrc() {
    let back = there().reversed();
    let v6 = key("[2001:db8::1]:4000", "[2001:db8::2]:5000");
    let mut file = File::new();
    for index in 0..10u16 {
        for (ssrc, key) in [(7, there()), (7, back), (8, there()), (7, v6)] {
            file = file.udp(u64::from(index), key, &rtp(index, 0, ssrc, &[ssrc as u8]));
        }
    }
    let (header, _) = read(&file.bytes);
    let seen: Vec<_> = header
        .streams
        .iter()
        .map(|stream| (&*stream.src, stream.ssrc, stream.packets))
        .collect();
    assert_eq!(
        seen,
        [
            ("10.0.0.1:4000", 7, 10),
            ("10.0.0.2:5000", 7, 10),
            ("10.0.0.1:4000", 8, 10),
            ("[2001:db8::1]:4000", 7, 10)
        ]
    );
}

#[test]
fn empty_payloads_are_rows() {
    let file =
        File::new()
            .udp(0, there(), &rtp(1, 0, 7, b""))
            .udp(20, there(), &rtp(2, 160, 7, b"ab"));
    let (header, blob) = read(&file.bytes);
    let stream = &header.streams[0];
    assert_eq!((stream.packets, stream.payload_bytes), (2, 2));
    assert_eq!(blob[stream.length_at..stream.length_at + 4], [0, 0, 2, 0]);
}

const INVITE: &[u8] =
    b"INVITE sip:b@x SIP/2.0\r\nVia: SIP/2.0/TCP h\r\nContent-Length: 4\r\n\r\nbody";
const OK: &[u8] = b"SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP h\r\nContent-Length: 0\r\n\r\n";

#[test]
fn sip_of_both_transports_comes_out_in_order_of_arrival() {
    let signalling = key("10.0.0.1:5060", "10.0.0.2:5060");
    let halves = [&INVITE[..30], &[&INVITE[30..], OK].concat()];
    let file = File::new()
        .udp(30, signalling, OK)
        .add(START + 10 * MS, &build::tcp(signalling, 1000, 1, halves[0]))
        .add(START + 20 * MS, &build::tcp(signalling, 1030, 1, halves[1]))
        .udp(40, signalling, b"\r\n\r\n");
    let (header, _) = read(&file.bytes);
    let seen: Vec<_> = header
        .messages
        .iter()
        .map(|message| (message.at_ns, &*message.transport, &message.data[..]))
        .collect();
    assert_eq!(
        seen,
        [
            (START + 20 * MS, "tcp", INVITE),
            (START + 20 * MS, "tcp", OK),
            (START + 30 * MS, "udp", OK)
        ]
    );
    let first = &header.messages[0];
    assert_eq!(
        (&*first.src, first.src_port, first.dst_port),
        ("10.0.0.1", 5060, 5060)
    );
    assert_eq!(first.dst, "10.0.0.2");
    assert_eq!(header.other, 1, "the keep-alive");
}

#[test]
fn rtcp_is_counted_and_noise_too() {
    let file = File::new()
        .udp(0, there(), &[0x80, 201, 0, 1, 0, 0, 0, 7])
        .udp(1, there(), &[0x80, 201, 9, 9])
        .udp(2, there(), b"noise")
        .udp(3, there(), &[0x80, 8, 0])
        .add(START, b"\xff\xff");
    let (header, blob) = read(&file.bytes);
    assert_eq!(
        (header.rtcp, header.other, header.streams.len(), blob.len()),
        (1, 4, 0, 0)
    );
}

#[test]
fn reports_of_the_ends_are_read_from_whole_and_cut_compounds() {
    let mut compound = vec![0x81, 200, 0, 12];
    for word in [7u32, 0x8000_0001, 0x4000_0000, 160, 10, 1600] {
        compound.extend(word.to_be_bytes());
    }
    compound.extend(9u32.to_be_bytes());
    compound.extend([64, 0xff, 0xff, 0xfe]);
    for word in [70_000u32, 12, 5, 6] {
        compound.extend(word.to_be_bytes());
    }
    let cut = [&compound[..], &[0x81, 201, 0, 7, 0, 0, 0, 7]].concat();
    let file = File::new().udp(5, there(), &cut);
    let (header, _) = read(&file.bytes);
    let [sent] = &header.sent_reports[..] else {
        panic!("{:?}", header.sent_reports)
    };
    let [received] = &header.received_reports[..] else {
        panic!("{:?}", header.received_reports)
    };
    assert_eq!(
        (sent.at_ns, sent.ssrc, sent.ntp, sent.packets),
        (START + 5 * MS, 7, 0x8000_0001_4000_0000, 10)
    );
    assert_eq!(
        (&sent.src, &sent.dst, received.at_ns),
        (&received.src, &received.dst, sent.at_ns)
    );
    assert_eq!(
        (received.reporter, received.ssrc, received.fraction_lost),
        (7, 9, 64)
    );
    assert_eq!(
        (received.lost, received.highest, received.jitter_ticks),
        (-2, 70_000, 12)
    );
    assert_eq!((received.last_report, received.delay), (5, 6));
}

#[test]
fn a_file_cut_anywhere_gives_what_is_whole() {
    let whole = File::new().frames(0..4).bytes;
    let record = (whole.len() - 24) / 4;
    for length in 0..whole.len() {
        let (header, _) = read(&whole[..length]);
        let packets = length.saturating_sub(24) / record;
        assert_eq!(
            header.streams.first().map_or(0, |stream| stream.packets),
            packets,
            "{length}"
        );
        assert_eq!(
            header.truncated,
            length < 24 || !(length - 24).is_multiple_of(record),
            "{length}"
        );
    }
}

#[test]
fn a_tail_of_zeros_is_a_truncated_tail() {
    let mut bytes = File::new().frames(0..4).bytes;
    bytes.extend([0; 4096]);
    let (header, _) = read(&bytes);
    assert_eq!(
        (header.streams[0].packets, header.truncated, header.other),
        (4, true, 0)
    );
    assert_eq!(header.first_ns, START);
}

#[test]
fn other_resolutions_byte_orders_and_links_are_read() {
    let packet = build::udp(there(), &frame(0));
    let ethernet = [&[0; 12][..], &[8, 0], &packet].concat();
    for (magic, fraction) in [(0xa1b2_3c4du32, 5_000_000u32), (0xa1b2_c3d4, 5000)] {
        for (link, frame) in [(101u32, &packet), (1, &ethernet)] {
            for swap in [false, true] {
                let mut words = vec![magic, 0x0004_0002, 0, 0, 65_535, link];
                words.extend([
                    1_700_000_000,
                    fraction,
                    frame.len() as u32,
                    frame.len() as u32,
                ]);
                let order = |word: &u32| {
                    if swap {
                        word.to_be_bytes()
                    } else {
                        word.to_le_bytes()
                    }
                };
                let mut bytes: Vec<u8> = words.iter().flat_map(order).collect();
                bytes.extend(frame.iter());
                let (header, _) = read(&bytes);
                assert_eq!(
                    (header.streams[0].packets, header.first_ns),
                    (1, START + 5 * MS),
                    "{magic:x} {link} {swap}"
                );
                let sorted = sort_capture(&bytes).expect("sorted");
                let (again, _) = read(&sorted);
                assert_eq!(
                    (again.streams[0].packets, again.first_ns),
                    (1, START + 5 * MS)
                );
            }
        }
    }
}

#[test]
fn what_is_no_capture_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let problem = |result: Result<Media, ReadError>| result.err().expect("refused").to_string();
    assert!(matches!(
        Media::read(&folder.path().join("absent")),
        Err(ReadError::Io(_))
    ));
    assert_eq!(problem(Media::read(folder.path())), "not a regular file");
    assert_eq!(
        problem(Media::parse(b"RIFFwave".to_vec())),
        "not a pcap file (magic 0x46464952)"
    );
    let mut other = format::file_header();
    other[20] = 147;
    assert_eq!(
        problem(Media::parse(other.to_vec())),
        "link type 147 is not read"
    );
    let huge = folder.path().join("huge");
    std::fs::File::create(&huge)
        .unwrap()
        .set_len(MAX_FILE_BYTES + 1)
        .unwrap();
    assert!(problem(Media::read(&huge)).contains("limit"));
}

#[test]
fn sorting_puts_records_in_time_order_and_keeps_their_bytes() {
    let (early, late) = (build::udp(there(), b"early"), build::udp(there(), b"late"));
    let file = File::new()
        .add(START + 9, &late)
        .add(START, &early)
        .add(START + 9, &early);
    let expected = File::new()
        .add(START, &early)
        .add(START + 9, &late)
        .add(START + 9, &early);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("media.pcap");
    std::fs::write(&path, &file.bytes[..]).unwrap();
    assert_eq!(sorted_capture(&path).unwrap(), expected.bytes);
    std::fs::write(&path, [&file.bytes[..], &[1, 2, 3]].concat()).unwrap();
    assert_eq!(sorted_capture(&path).unwrap(), expected.bytes);
}

#[test]
fn hostile_numbers_of_streams_are_bounded() {
    let mut file = File::new();
    for ssrc in 0..5000 {
        file = file.udp(0, there(), &rtp(1, 0, ssrc, b"x"));
    }
    let (header, _) = read(&file.bytes);
    assert_eq!((header.streams.len(), header.other), (4096, 904));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever loss, copies and disorder do, the columns are the sender's packets that arrived.
    #[test]
    fn any_disorder_ends_in_the_senders_order(fates in prop::collection::vec((0u32..30, 0u8..10), 1..400)) {
        let mut wire: Vec<(u32, u32)> = Vec::new();
        for (index, &(delay, fate)) in fates.iter().enumerate() {
            if fate != 0 {
                wire.push((index as u32 + delay, index as u32));
            }
            if fate == 1 {
                wire.push((index as u32 + delay + 5, index as u32));
            }
        }
        wire.sort_unstable();
        let (header, blob) = read(&File::new().frames(wire.iter().map(|&(_, index)| index)).bytes);
        let mut distinct: Vec<u32> = wire.iter().map(|&(_, index)| index).collect();
        distinct.sort_unstable();
        distinct.dedup();
        prop_assert_eq!(header.streams.len(), usize::from(!distinct.is_empty()));
        if let Some(stream) = header.streams.first() {
            let first = longs(&blob, stream.seq_at, 1)[0] - i64::from(distinct[0]);
            let seq: Vec<i64> = distinct.iter().map(|&index| first + i64::from(index)).collect();
            prop_assert_eq!(longs(&blob, stream.seq_at, stream.packets), seq);
            prop_assert_eq!(&stream.payload_sha256, &sha256(&payload_of(distinct.iter().copied())));
            prop_assert_eq!(stream.duplicates as usize, wire.len() - distinct.len());
        }
    }

    /// Nothing in a file can make the reader fail once its first bytes are those of a pcap.
    #[test]
    fn damage_never_panics(flips in prop::collection::vec((24usize..3000, any::<u8>()), 0..40)) {
        let signalling = key("10.0.0.1:5060", "10.0.0.2:5060");
        let mut bytes = File::new()
            .frames(0..20)
            .udp(0, signalling, INVITE)
            .add(START, &build::tcp(signalling, 5, 5, INVITE))
            .udp(0, there(), &[0x80, 201, 0, 1, 0, 0, 0, 7])
            .bytes;
        for (at, value) in flips {
            let at = at % bytes.len();
            bytes[at.max(24)] = value;
        }
        let (header, blob) = read(&bytes);
        for stream in &header.streams {
            prop_assert!(stream.payload_at + stream.payload_bytes <= blob.len());
            let seq = longs(&blob, stream.seq_at, stream.packets);
            prop_assert!(seq.windows(2).all(|pair| pair[0] < pair[1]));
        }
        prop_assert!(sort_capture(&bytes).is_ok());
    }
}
