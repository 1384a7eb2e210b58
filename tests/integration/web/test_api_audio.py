import hashlib
import io
import wave

import av
import numpy as np
import pytest


def audio(box, query="", **headers):
    return box.viewer.get(f"calls/{box.recorded}/audio{query}", **headers)


def test_the_whole_file_with_its_hash(box):
    reply = audio(box)
    assert (reply.status, reply.body) == (200, box.file)
    assert reply.headers["Content-Type"] == "audio/wav"
    assert reply.headers["Accept-Ranges"] == "bytes"
    assert reply.headers["ETag"] == f'"{hashlib.sha256(box.file).hexdigest()}"'
    assert "Content-Disposition" not in reply.headers


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, None),
        ("bytes=-50", -50, None),
        ("bytes=44-43000", 44, 43001),
    ],
)
def test_a_range_of_the_file(box, asked, start, stop):
    reply = audio(box, Range=asked)
    assert (reply.status, reply.body) == (206, box.file[start:stop])
    first = start if start >= 0 else len(box.file) + start
    last = (stop or len(box.file)) - 1
    assert reply.headers["Content-Range"] == f"bytes {first}-{last}/{len(box.file)}"


def test_a_range_beyond_the_end_is_refused_with_the_length(box):
    reply = audio(box, Range="bytes=99999999-")
    assert (reply.status, reply.code) == (416, "range-not-satisfiable")
    assert reply.headers["Content-Range"] == f"bytes */{len(box.file)}"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=9-1", "lines=1-2", "bytes=", "bytes=" + "1" * 5000]
)
def test_ranges_that_make_no_sense_are_answered_with_the_whole(box, asked):
    assert audio(box, Range=asked).status == 200


def test_a_range_of_another_version_is_answered_with_the_whole(box):
    etag = audio(box).headers["ETag"]
    assert audio(box, Range="bytes=0-9", If_Range=etag).status == 206
    assert audio(box, Range="bytes=0-9", If_Range='"other"').status == 200
    assert audio(box, Range="bytes=0-9", If_Range="Sat, 21 Nov 2026 12:00:00 GMT").status == 200


def test_who_has_the_file_is_not_sent_it_again(box):
    etag = audio(box).headers["ETag"]
    reply = audio(box, If_None_Match=etag)
    assert (reply.status, reply.body) == (304, b"")


def test_head_tells_the_length_without_the_content(box):
    reply = box.viewer.ask("HEAD", f"calls/{box.recorded}/audio")
    assert (reply.status, reply.body) == (200, b"")
    assert int(reply.headers["Content-Length"]) == len(box.file)


def test_a_download_is_named_after_the_call(box):
    disposition = audio(box, "?download=1&tz=UTC").headers["Content-Disposition"]
    assert 'filename="2026-11-21_12-00-00_4930123456_1001.wav"' in disposition


def test_a_download_is_named_by_the_clock_of_whoever_saves_it(box):
    """As the same recording is named in an archive of many."""
    disposition = audio(box, "?download=1&tz=Asia/Shanghai").headers["Content-Disposition"]
    assert 'filename="2026-11-21_20-00-00_4930123456_1001.wav"' in disposition
    assert audio(box, "?download=1&tz=Nowhere/Land").status == 422


def test_a_download_is_named_by_the_template_of_the_settings(playground):
    kept = playground.admin.get("settings").json
    changed = kept["settings"] | {"web": kept["settings"]["web"] | {"download_name": "{callee} {direction}"}}
    saved = playground.admin.put("settings", {"revision": kept["revision"], "settings": changed})
    assert saved.status == 200, saved
    try:
        reply = playground.admin.get(f"calls/{playground.recorded}/audio?download=1&from=0.5&to=1.8")
        assert '"1001 Unknown_0.5-1.8s.wav"' in reply.headers["Content-Disposition"]
    finally:
        back = {"revision": saved.json["revision"], "settings": kept["settings"]}
        assert playground.admin.put("settings", back).status == 200


@pytest.mark.parametrize(
    ("wanted", "media_type", "codec", "suffix"),
    [
        ("wav_g711", "audio/wav", "pcm_alaw", ".wav"),
        ("opus", "audio/ogg", "opus", ".opus"),
        ("flac", "audio/flac", "flac", ".flac"),
        ("mp3", "audio/mpeg", "mp3", ".mp3"),
    ],
)
def test_a_download_in_another_format_has_the_same_sound(box, wanted, media_type, codec, suffix):
    reply = audio(box, f"?download=1&format={wanted}")
    assert reply.status == 200
    assert reply.headers["Content-Type"].startswith(media_type)
    assert f'{suffix}"' in reply.headers["Content-Disposition"]
    with av.open(io.BytesIO(reply.body)) as container:
        stream = container.streams.audio[0]
        assert codec in stream.codec_context.name
        assert stream.channels == 2
        frames = list(container.decode(audio=0))
    assert sum(frame.samples for frame in frames) / frames[0].rate == pytest.approx(3.0, abs=0.2)
    assert max(np.abs(frame.to_ndarray()).max() for frame in frames) > 0


def test_the_same_format_is_the_file_itself(box):
    assert audio(box, "?format=wav_pcm").body == box.file
    with wave.open(io.BytesIO(audio(box, "?format=wav_pcm&download=1").body)) as file:
        assert (file.getnchannels(), file.getnframes()) == (2, len(box.sound))


@pytest.mark.parametrize(
    ("query", "field"), [("?format=exe", "format"), ("?download=maybe", "download"), ("?x=1", "x")]
)
def test_a_wrong_wish_is_refused_by_name(box, query, field):
    reply = audio(box, query)
    assert (reply.status, reply.field) == (422, field)


def test_the_waveform(box):
    reply = box.viewer.get(f"calls/{box.recorded}/peaks")
    assert (reply.status, reply.body[:4]) == (200, b"TPK1")
    assert box.viewer.get(f"calls/{box.recorded}/peaks", If_None_Match=reply.headers["ETag"]).status == 304


@pytest.mark.parametrize("part", ["audio", "peaks"])
def test_a_call_without_recording_has_no_sound(box, part):
    reply = box.viewer.get(f"calls/{box.refused}/{part}")
    assert (reply.status, reply.code) == (404, "no-recording")
