"""Callers told by FSK and by keys, composed here from the text of the standards and by minimodem."""

import shutil
import subprocess

import numpy as np
import pytest

from appliance.domain.tones import RATE_HZ, CallerForm
from appliance.media.pcm import Law, resample
from appliance.media.tones.caller import CallerIdentity, FskCallers
from appliance.media.tones.presentation import KeyedIdentity, read
from tests.rigs.linetones import (
    BELL_202,
    V23,
    bits_of,
    fsk,
    key,
    line,
    message,
    noise,
    parameter,
    presentation,
    silence,
    sines,
    single,
)

STANDARDS = {"bell_202": BELL_202, "v23": V23}


def told(sound, form=CallerForm.FSK, block=800):
    with CallerIdentity(form) as ear:
        return [one for at in range(0, sound.size, block) for one in ear.feed(sound[at : at + block])]


def sent(octets, standard="bell_202", dbm0=-14.0, noise_dbm0=-60.0, **how):
    rng = np.random.default_rng(5)
    sound = np.concatenate(
        [silence(100), fsk(bits_of(octets), STANDARDS[standard], dbm0, **how), silence(200)]
    )
    return line(sound + noise(sound.size, noise_dbm0, rng))


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("dbm0", [-3, -14, -30, -38, -45])
def test_a_caller_is_read_at_every_level_of_a_line(standard, dbm0):
    (one,) = told(sent(presentation("13800138000", "ZHANG SAN", "11211530"), standard, dbm0))
    assert (one.number, one.name, one.sent_at, one.withheld) == ("13800138000", "ZHANG SAN", "11211530", "")


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("twist_db", [-6, 6])
def test_a_line_that_weakens_one_tone_does_not_hide_the_caller(standard, twist_db):
    (one,) = told(sent(presentation("02112345678"), standard, -30, twist_db=twist_db))
    assert one.number == "02112345678"


@pytest.mark.parametrize("block", [80, 160, 333, 1600])
def test_a_message_may_be_fed_in_blocks_of_any_length(block):
    assert [one.number for one in told(sent(presentation("88011")), block=block)] == ["88011"]


def test_a_name_in_chinese_arrives():
    (one,) = told(sent(presentation("8031", "张三")))
    assert one.name == "张三"


def test_single_data_messages_are_read():
    (one,) = told(sent(single("12312359", "2125551234")))
    assert (one.number, one.sent_at) == ("2125551234", "12312359")


@pytest.mark.parametrize(("reason", "withheld"), [(b"P", "private"), (b"O", "unavailable")])
def test_a_withheld_number_says_why(reason, withheld):
    (one,) = told(sent(presentation(absent=reason, sent_at="01020304")))
    assert (one.number, one.withheld) == ("", withheld)


def test_a_message_with_a_wrong_sum_is_no_caller():
    whole = bytearray(presentation("13800138000"))
    whole[6] ^= 1
    assert told(sent(bytes(whole))) == []


def test_two_calls_with_the_same_number_are_two_callers():
    once = sent(presentation("8031"))
    assert [one.number for one in told(np.concatenate([once, once]))] == ["8031", "8031"]


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\x80",
        b"\x80\x05\x02\x09123",
        b"\x80\x02\x02\x00",
        b"\x80\x04\x02\x02\xff\xfe",
        b"\x04\x091121153A8",
        b"\x04\x02ab",
        b"\x55" * 30,
        parameter(0x80, parameter(2, b"1" * 33)),
    ],
)
def test_broken_messages_are_no_callers(octets):
    assert read(octets, 0) is None


def test_unknown_parameters_are_passed_over():
    body = parameter(0x99, b"abc") + parameter(2, b"0755-2688 0000") + parameter(0x0B, b"\0")
    assert read(message(0x80, body)[:-1], 7).number == "075526880000"


def minimodem(octets, folder):
    """What minimodem makes of octets: 8 kHz, full level."""
    path = folder / f"{len(octets)}.wav"
    command = ["minimodem", "--tx", "-R", "48000", "-f", str(path), "1200"]
    subprocess.run(command, input=octets, check=True, timeout=60)
    command = ["sox", str(path), "-t", "raw", "-e", "signed", "-b", "16", "-c", "1", "-"]
    raw = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
    return resample(np.frombuffer(raw, np.int16), 48000, RATE_HZ).astype(float)


@pytest.mark.skipif(shutil.which("minimodem") is None, reason="minimodem is not installed")
@pytest.mark.parametrize("factor", [1.0, 0.1, 0.01])
def test_minimodem_speaks_and_is_understood(tmp_path, factor):
    octets = presentation("13912345678", sent_at="11211530")
    parts = [minimodem(b"\x55" * 30, tmp_path), sines((1200,), 150, 3.14), minimodem(octets, tmp_path)]
    sound = line(np.concatenate([silence(200), *[part * factor for part in parts], silence(300)]), Law.ULAW)
    assert [one.number for one in told(sound)] == ["13912345678"]


def test_each_line_of_many_hears_its_own_caller():
    numbers = [f"138{place:08d}" for place in range(12)]
    sounds = np.stack([sent(presentation(number)) for number in numbers])
    ears = FskCallers(12, listening=range(10))
    ears.listen(3, is_wanted=False)
    ears.listen(11, is_wanted=True)
    found = [one for at in range(0, sounds.shape[1], 800) for one in ears.feed(sounds[:, at : at + 800])]
    ears.close()
    assert {one.channel: one.identity.number for one in found} == {
        place: numbers[place] for place in (0, 1, 2, 4, 5, 6, 7, 8, 9, 11)
    }


def keyed(keys, dbm0=-12.0):
    parts = [silence(200)]
    for one in keys:
        parts += [key(one, 70, dbm0), silence(70)]
    return line(np.concatenate([*parts, silence(900)]))


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        ("D13800138000C", "13800138000"),
        ("A02112345678C", "02112345678"),
        ("D8031#", "8031"),
        ("D8031", "8031"),
        ("88012345", "88012345"),
    ],
)
def test_a_caller_told_by_keys_is_read(keys, number):
    found = told(keyed(keys), CallerForm.DTMF)
    assert [(one.number, one.form) for one in found] == [(number, CallerForm.DTMF)]


def test_a_caller_withheld_by_keys_says_so():
    assert [(one.number, one.withheld) for one in told(keyed("DB10C"), CallerForm.DTMF)] == [("", "private")]


def test_single_keys_are_no_caller():
    reader = KeyedIdentity()
    assert reader.key(0, "5") is None
    assert reader.moment(99_999) is None


def test_a_closed_detector_finds_nothing():
    ear = CallerIdentity()
    ear.close()
    ear.close()
    assert ear.feed(sent(presentation("8031"))) == []
