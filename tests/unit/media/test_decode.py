"""Every payload format, encoded by somebody else, decoded by us."""

import random
import subprocess

import av
import numpy as np
import pytest

from appliance.core.errors import UnsupportedPayload
from appliance.media import decode
from appliance.media.amr import AmrPacking
from appliance.media.decode import STATIC, Content, companding, content, decoder
from appliance.media.pcm import Law, compress, resample
from tests.rigs.rtp_streams import CALLER, payload


def melody(rate_hz: int, seconds: float = 2.0) -> np.ndarray:
    """Syllables of different pitch and level, so that an envelope has something to compare."""
    at = np.arange(round(rate_hz * seconds)) / rate_hz
    loud = 0.15 + 0.85 * np.abs(np.sin(2 * np.pi * 1.7 * at)) ** 2
    turns = np.cumsum(180 + 40 * np.sin(at * 3)) / rate_hz
    voice = sum(np.sin(2 * np.pi * k * turns) / k for k in range(1, 6))
    return (voice * loud * 5000).astype(np.int16)


def envelope(samples, rate_hz):
    """Syllables, not pitch: a value each 60 ms."""
    size = rate_hz * 6 // 100
    whole = samples[: samples.size // size * size].astype(float).reshape(-1, size)
    return np.sqrt(np.mean(whole**2, axis=1))


def likeness(heard, rate_hz):
    """Correlation of the energy envelopes at the best of the delays that codecs have, up to 60 ms."""
    want = envelope(melody(rate_hz), rate_hz)
    best = -1.0
    for delay in range(0, rate_hz * 6 // 100, rate_hz // 400):
        found = envelope(heard[delay:], rate_hz)
        size = min(found.size, want.size) - 2
        best = max(best, float(np.corrcoef(found[:size], want[:size])[0, 1]))
    return best


def encoded(codec: str, rate_hz: int, options=None, bitrate=None) -> list[bytes]:
    context = av.CodecContext.create(codec, "w")
    context.sample_rate, context.layout = rate_hz, "mono"
    context.format = "s16"
    if bitrate:
        context.bit_rate = bitrate
    context.options = options or {}
    context.open()
    samples = melody(rate_hz)
    size = context.frame_size or rate_hz // 50
    packets = []
    for index in range(0, samples.size - size + 1, size):
        frame = av.AudioFrame.from_ndarray(samples[None, index : index + size], format="s16", layout="mono")
        frame.sample_rate = rate_hz
        packets += [bytes(packet) for packet in context.encode(frame)]
    return packets


def ffmpeg(codec: str, container: str, rate_hz: int) -> bytes:
    command = f"ffmpeg -v error -f s16le -ar {rate_hz} -ac 1 -i - -c:a {codec} -f {container} -".split()
    return subprocess.run(command, input=melody(rate_hz).tobytes(), capture_output=True, check=True).stdout


def bits_of(frames: list[bytes], sizes) -> list[tuple[int, str]]:
    """(frame type, speech bits) of AMR storage frames."""
    return [
        (frame[0] >> 3 & 15, "".join(f"{byte:08b}" for byte in frame[1:])[: sizes[frame[0] >> 3 & 15]])
        for frame in frames
    ]


def packed(bits: str) -> bytes:
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def bandwidth_efficient(frames: list[tuple[int, str]]) -> bytes:
    toc = "".join(f"{int(index < len(frames) - 1)}{kind:04b}1" for index, (kind, _) in enumerate(frames))
    return packed("1111" + toc + "".join(bits for _, bits in frames))


def octet_aligned(frames: list[tuple[int, str]], *, crc: bool = False) -> bytes:
    toc = "".join(f"{int(index < len(frames) - 1)}{kind:04b}100" for index, (kind, _) in enumerate(frames))
    checksums = b"\x5a" * len(frames) if crc else b""
    return packed("11110000" + toc) + checksums + b"".join(packed(bits) for _, bits in frames)


NARROW = (95, 103, 118, 134, 148, 159, 204, 244, 39)


@pytest.mark.parametrize(
    ("encoding", "clock_hz", "codec", "rate_hz", "options", "bitrate", "least"),
    [
        ("G722", 8000, "g722", 16000, {}, None, 0.99),
        ("G726-16", 8000, "g726le", 8000, {"code_size": "2"}, None, 0.9),
        ("G726-24", 8000, "g726le", 8000, {"code_size": "3"}, None, 0.98),
        ("G726-32", 8000, "g726le", 8000, {"code_size": "4"}, None, 0.99),
        ("G726-40", 8000, "g726le", 8000, {"code_size": "5"}, None, 0.99),
        ("AAL2-G726-16", 8000, "g726", 8000, {"code_size": "2"}, None, 0.9),
        ("AAL2-G726-24", 8000, "g726", 8000, {"code_size": "3"}, None, 0.98),
        ("AAL2-G726-32", 8000, "g726", 8000, {"code_size": "4"}, None, 0.99),
        ("AAL2-G726-40", 8000, "g726", 8000, {"code_size": "5"}, None, 0.99),
        ("opus", 48000, "libopus", 48000, {"application": "voip"}, 32000, 0.98),
        ("G723", 8000, "g723_1", 8000, {}, 6300, 0.95),
    ],
)
def test_what_a_telephone_encodes_is_heard(encoding, clock_hz, codec, rate_hz, options, bitrate, least):
    packets = encoded(codec, rate_hz, options, bitrate)
    ours = decoder(payload(CALLER, 96, encoding, clock_hz))
    pieces = [ours.decode(packet) for packet in packets]
    assert ours.failures == 0
    assert (ours.rate_hz, ours.clock_hz) == (rate_hz, clock_hz)
    assert len({piece.size for piece in pieces[1:]}) == 1
    heard = np.concatenate(pieces)
    assert likeness(heard, rate_hz) >= least


def test_gsm_frames_are_heard():
    frames = ffmpeg("libgsm", "gsm", 8000)
    ours = decoder(payload(CALLER, 3, "GSM"))
    heard = np.concatenate([ours.decode(frames[at : at + 66]) for at in range(0, len(frames), 66)])
    assert heard.size == len(frames) // 33 * 160
    assert likeness(heard, 8000) >= 0.97


@pytest.mark.parametrize("rate_hz", [8000, 16000, 32000])
def test_speex_is_heard(rate_hz, tmp_path):
    path = tmp_path / "a.ogg"
    path.write_bytes(ffmpeg("libspeex", "ogg", rate_hz))
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(audio=0) if packet.size]
    ours = decoder(payload(CALLER, 97, "speex", rate_hz))
    heard = np.concatenate([ours.decode(packet) for packet in packets])
    assert ours.failures == 0
    assert likeness(heard, rate_hz) >= 0.95


@pytest.mark.parametrize("aligned", ["", "octet-align=1", "octet-align=1; crc=1"])
@pytest.mark.parametrize("a_packet", [1, 3])
def test_amr_is_heard_in_either_packing(aligned, a_packet):
    frames = bits_of(encoded("libopencore_amrnb", 8000, bitrate=12200), NARROW)
    ours = decoder(payload(CALLER, 96, "AMR", 8000, f"mode-set=7; {aligned}"))
    groups = [frames[at : at + a_packet] for at in range(0, len(frames), a_packet)]
    pack = (lambda group: octet_aligned(group, crc="crc" in aligned)) if aligned else bandwidth_efficient
    heard = np.concatenate([ours.decode(pack(group)) for group in groups])
    assert (ours.failures, heard.size) == (0, 160 * len(frames))
    assert likeness(heard, 8000) >= 0.97


@pytest.mark.parametrize("kind", range(8))
@pytest.mark.parametrize("a_packet", [1, 3])
@pytest.mark.parametrize("is_aligned", [True, False])
def test_amr_in_another_packing_than_announced_is_read_in_its_own(is_aligned, a_packet, kind):
    bits = "".join(random.Random(kind).choices("01", k=NARROW[kind]))
    want = bytes([kind << 3 | 4]) + packed(bits)
    pack = octet_aligned if is_aligned else bandwidth_efficient
    packing = AmrPacking(wide=False, fmtp="" if is_aligned else "octet-align=1")
    assert list(packing.speech(pack([(kind, bits)] * a_packet))) == [want] * a_packet


def test_amr_in_another_packing_than_announced_is_heard():
    frames = bits_of(encoded("libopencore_amrnb", 8000, bitrate=12200), NARROW)
    ours = decoder(payload(CALLER, 96, "AMR", 8000))
    heard = np.concatenate([ours.decode(octet_aligned([frame])) for frame in frames])
    assert (ours.failures, heard.size) == (0, 160 * len(frames))
    assert likeness(heard, 8000) >= 0.97


@pytest.mark.parametrize("whole", [0, 1])
def test_amr_that_fits_no_packing_is_counted_and_its_whole_frames_are_heard(whole):
    frame = (7, "10" * 122)
    ours = decoder(payload(CALLER, 96, "AMR", 8000, "octet-align=1"))
    content = octet_aligned([frame] * (whole + 1))[:-5]
    assert ours.decode(content).size == 160 * whole
    assert ours.failures == 1
    assert ours.decode(octet_aligned([frame])).size == 160
    assert ours.decode(octet_aligned([frame]) + b"more").size == 160
    assert ours.failures == 2


@pytest.mark.parametrize("kind", range(9))
def test_amr_wideband_frames_come_out_of_either_packing(kind):
    size = (132, 177, 253, 285, 317, 365, 397, 461, 477)[kind]
    bits = "".join(random.Random(kind).choices("01", k=size))
    want = bytes([kind << 3 | 4]) + packed(bits)
    for fmtp, content_bytes in (
        ("", bandwidth_efficient([(kind, bits), (kind, bits)])),
        ("octet-align=1", octet_aligned([(kind, bits), (kind, bits)])),
    ):
        assert list(AmrPacking(wide=True, fmtp=fmtp).speech(content_bytes)) == [want, want]
    ours = decoder(payload(CALLER, 96, "AMR-WB", 16000))
    assert (ours.decode(bandwidth_efficient([(kind, bits)])).size, ours.rate_hz) == (320, 16000)


def test_silence_inside_amr_is_silence_of_its_length():
    ours = decoder(payload(CALLER, 96, "AMR"))
    for kind, bits in ((8, "1" * 39), (15, "")):
        heard = ours.decode(bandwidth_efficient([(kind, bits)]))
        assert heard.size == 160
        assert not heard.any()


def test_g729_silence_descriptors_are_silence_of_their_length():
    ours = decoder(payload(CALLER, 18, "G729"))
    assert ours.decode(bytes(20)).size == 160
    assert ours.decode(bytes(12)).size == 160
    assert ours.decode(bytes(2)).size == 80
    assert ours.failures == 0


def test_both_frame_lengths_of_ilbc_are_known_by_their_size():
    ours = decoder(payload(CALLER, 97, "iLBC", 8000, "mode=20"))
    rng = np.random.default_rng(2)
    assert ours.decode(rng.bytes(38)).size == 160
    assert ours.decode(rng.bytes(76)).size == 320
    assert ours.decode(rng.bytes(50)).size == 240


def test_linear_samples_are_network_order_and_stereo_is_mixed():
    ours = decoder(payload(CALLER, 96, "L16", 16000))
    assert ours.decode(b"\x01\x00\xff\xfe\x00").tolist() == [256, -2]
    both = decoder(
        decode.Payload(
            at=payload(CALLER, 0, "").at,
            side=CALLER,
            payload_type=10,
            encoding="L16",
            clock_hz=44100,
            channels=2,
        )
    )
    assert both.decode(b"\x01\x00\x03\x00\x00\x10\x00\x20").tolist() == [512, 24]


@pytest.mark.parametrize("law", list(Law))
def test_g711_is_expanded_by_table(law):
    samples = melody(8000)
    context = av.CodecContext.create("pcm_alaw" if law is Law.ALAW else "pcm_mulaw", "r")
    context.sample_rate, context.layout = 8000, "mono"
    codes = compress(samples, law).tobytes()
    theirs = np.concatenate([frame.to_ndarray()[0] for frame in context.decode(av.Packet(codes))])
    ours = np.concatenate(
        [
            decoder(payload(CALLER, 0, law.value)).decode(codes[at : at + 160])
            for at in range(0, len(codes), 160)
        ]
    )
    assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("encoding", ["EVS", "BV32", "LPC", "QCELP", "red", "x" * 300, ""])
def test_an_encoding_nobody_decodes_is_named(encoding):
    assert content(encoding) is Content.UNSUPPORTED
    with pytest.raises(UnsupportedPayload) as caught:
        decoder(payload(CALLER, 96, encoding, 16000))
    assert encoding in str(caught.value)


@pytest.mark.parametrize(
    ("encoding", "clock_hz", "fmtp"),
    [
        ("PCMA", 1, ""),
        ("L16", 10**9, ""),
        ("speex", 44100, ""),
        ("AMR", 8000, "octet-align=1; interleaving=30"),
        ("AMR-WB", 16000, "octet-align=1;robust-sorting=1"),
    ],
)
def test_parameters_nobody_decodes_are_refused(encoding, clock_hz, fmtp):
    with pytest.raises(UnsupportedPayload):
        decoder(payload(CALLER, 96, encoding, clock_hz, fmtp))


def test_events_and_comfort_noise_are_told_from_audio():
    assert content("telephone-event") is Content.EVENT
    assert content("CN") is Content.SILENCE
    assert content("pcmu") is Content.AUDIO


def test_only_telephone_g711_is_taken_as_it_stands():
    assert companding(payload(CALLER, 0, "pcmu")) is Law.ULAW
    assert companding(payload(CALLER, 0, "PCMA", 16000)) is None
    assert companding(payload(CALLER, 0, "G722")) is None


def test_static_types_of_telephony_are_known():
    assert {number: STATIC[number][0] for number in (0, 3, 4, 8, 9, 18)} == {
        0: "PCMU", 3: "GSM", 4: "G723", 8: "PCMA", 9: "G722", 18: "G729"
    }  # fmt: skip


@pytest.mark.parametrize("encoding", sorted(decode._DECODERS))
def test_rubbish_neither_raises_nor_grows_and_is_followed_by_sound(encoding):
    rng = random.Random(encoding)
    clock_hz = {"AMR-WB": 16000, "OPUS": 48000}.get(encoding, 8000)
    ours = decoder(payload(CALLER, 96, encoding, clock_hz))
    for size in [0, 1, 2, 3, 5, 10, 20, 24, 33, 38, 50, 60, 160, 320, 1400, 9000] * 12:
        heard = ours.decode(rng.randbytes(size))
        assert heard.dtype == np.int16
        assert heard.size <= ours.rate_hz * 2.1
    assert ours.failures >= 0


def test_rubbish_in_the_middle_costs_only_itself():
    packets = encoded("g722", 16000)
    ours = decoder(payload(CALLER, 9, "G722"))
    pieces = []
    for index, packet in enumerate(packets):
        if index == 20:
            ours.decode(b"")
        pieces.append(ours.decode(packet))
    heard = resample(np.concatenate(pieces), 16000, 8000)
    assert likeness(heard, 8000) >= 0.99
