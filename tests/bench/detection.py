"""How surely lines are heard: keys by ITU-T Q.24, callers, tones of exchanges, MFC, and how often speech is taken for keys.

Whatever is heard was made without the library that hears some of it: sines and the text of the standards, minimodem for callers,
espeak-ng for hours of speech, instruments for hours of music. Everything passes A-law. `make bench ONLY=detection`, HOURS=2 of speech and
of music; `python -m tests.bench.detection --published FOLDER` for tone files of others.
"""

import argparse
import difflib
import subprocess
import tempfile
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np

from appliance.domain.tones import (
    PATTERNS,
    RATE_HZ,
    CallerForm,
    Country,
    KeySensitivity,
    MfcDirection,
    ToneKind,
)
from appliance.media.pcm import resample
from appliance.media.tones.bank import Bank, Wanted
from appliance.media.tones.caller import FskCallers
from appliance.media.tones.keys import KeyTones
from tests.rigs.keyed import CONDITIONS, Condition, heard, played, rate
from tests.rigs.keys import KEYS
from tests.rigs.linetones import (
    BELL_202,
    V23,
    bits_of,
    fsk,
    line,
    noise,
    presentation,
    silence,
    sines,
)
from tests.rigs.music import INSTRUMENTS, piece

_BLOCK = 1600
_LINES = 200
_CALLERS: tuple[tuple[str, dict[str, float]], ...] = (
    *((f"level {dbm0} dBm0", {"dbm0": dbm0}) for dbm0 in (-5, -12, -20, -30, -36, -38, -44)),
    *((f"noise {down} dB below", {"noise_db": down}) for down in (25, 20, 15, 12, 10)),
    ("-36 dBm0, noise 20 dB below", {"dbm0": -36, "noise_db": 20}),
    *(
        (f"space {twist:+d} dB, noise 25 dB below", {"twist_db": twist, "noise_db": 25})
        for twist in (-10, -6, 6, 10)
    ),
    *((f"{speed} bit/s", {"bits_s": speed, "noise_db": 25}) for speed in (1188, 1212)),
    *((f"frequencies {off:+} %", {"off_percent": off, "noise_db": 25}) for off in (-1.5, 1.5)),
)
_CADENCES = (
    (Country.CHINA, ToneKind.RINGBACK, (450,), 1000, 4000),
    (Country.CHINA, ToneKind.BUSY, (450,), 350, 350),
    (Country.CHINA, ToneKind.CONGESTION, (450,), 700, 700),
    (Country.ITU, ToneKind.RINGBACK, (425,), 1000, 4000),
    (Country.ITU, ToneKind.BUSY, (425,), 500, 500),
    (Country.ITU, ToneKind.CONGESTION, (425,), 250, 250),
    (Country.US, ToneKind.RINGBACK, (440, 480), 2000, 4000),
    (Country.US, ToneKind.BUSY, (480, 620), 500, 500),
    (Country.US, ToneKind.CONGESTION, (480, 620), 250, 250),
)
_CODECS = (
    ("G.711", ("pcm_alaw",)),
    ("G.722", ("g722", "-ar", "16000")),
    ("GSM", ("libgsm_ms",)),
    ("Opus 16", ("libopus", "-b:a", "16k", "-application", "voip")),
    ("Speex", ("libspeex",)),
)
_TEXT = Path(__file__).parents[2] / "DECISIONS.md"
_VOICES = (
    "en",
    "en-us+f3",
    "de+m2",
    "fr+f1",
    "es+m4",
    "it+f4",
    "ru+m1",
    "pt+f2",
    "sv+m6",
    "en-gb-scotland+m3",
)


def report(folder: Path, count: int, hours: float) -> None:
    """Print all tables."""
    print(f"Keys, {count} each (ITU-T Q.24 table A-1); last column: heard where nothing was sent")
    for condition in CONDITIONS:
        sound, digits, starts = played(condition, count)
        hit, wrong = rate(heard(sound, block=_BLOCK), digits, starts)
        wanted = {True: "all", False: "none", None: "may"}[condition.wanted]
        print(f"  {condition.name:<32}{wanted:>6}{hit:10.2%}{wrong:10.2%}")
    codecs(folder, min(count, 320))
    print(f"Callers by FSK, {count} each: read exactly; last column: something else was read")
    for name, how in _CALLERS:
        for standard, frequencies_hz in (("Bell 202", BELL_202), ("V.23", V23)):
            right, wrong = callers(frequencies_hz, count, **how)
            print(f"  {name:<32}{standard:>10}{right:10.2%}{wrong:10.2%}")
    print("Tones of exchanges, 40 each: told once, as what they are")
    for country, kind, frequencies_hz, on_ms, off_ms in _CADENCES:
        row = [
            cadences(country, kind, frequencies_hz, on_ms, off_ms, dbm0, down)
            for dbm0, down in ((-10, 40), (-30, 25), (-38, 20), (-20, 12))
        ]
        print(f"  {country:<6}{kind:<12}" + "".join(f"{one:9.1%}" for one in row))
    print("  (columns: level/noise below it -10/40, -30/25, -38/20, -20/12 dB)")
    if hours:
        speech(folder, hours)
        music(hours)


def codecs(folder: Path, count: int) -> None:
    """Keys as IP calls bring them: by the receiver of lines, and by the library's, which IP calls are listened to with."""
    print(f"Keys through codecs, {count} each: heard and others, by the receiver of lines and by the library")
    for name, options in _CODECS:
        for ms in (100, 60, 45):
            sound, digits, _ = played(Condition("", True, on_ms=ms, off_ms=ms, dbm0=-10), count)
            received = _through(folder, sound, options)
            ear = KeyTones()
            row = []
            for found in ("".join(one.digit for one in heard(received, block=_BLOCK)), ear.feed(received)):
                right = _in_order(found, "".join(digits))
                row += [f"{right / count:9.1%}", f"{(len(found) - right) / count:8.1%}"]
            ear.close()
            print(f"  {name:<12}{ms:>4} ms" + "".join(row))


def _through(folder: Path, sound: np.ndarray, options: tuple[str, ...]) -> np.ndarray:
    raw = ("-f", "s16le", "-ar", "8000", "-ac", "1")
    coded = folder / "coded.mkv"
    for command in (
        (*raw, "-i", "-", "-c:a", *options, str(coded)),
        ("-i", str(coded), *raw, "-"),
    ):
        done = subprocess.run(
            ["ffmpeg", "-y", "-v", "error", *command],
            input=sound.astype("<i2").tobytes(),
            check=True,
            stdout=subprocess.PIPE,
            timeout=60,
        )
    return np.frombuffer(done.stdout, "<i2").astype(np.int16)


def callers(
    frequencies_hz: tuple[float, float],
    count: int,
    *,
    dbm0: float = -20,
    noise_db: float = 45,
    **how: float,
) -> tuple[float, float]:
    """Shares of callers that were read exactly once and exactly, and of wrong ones."""
    rng = np.random.default_rng(11)
    right = wrong = 0
    for first in range(0, count, _LINES):
        numbers = ["".join(rng.choice(list("0123456789"), 11)) for _ in range(min(_LINES, count - first))]
        sounds = [_call(number, frequencies_hz, dbm0, noise_db, rng, **how) for number in numbers]
        longest = max(one.size for one in sounds)
        ears = FskCallers(len(numbers))
        batch = np.stack([np.pad(one, (0, longest - one.size)) for one in sounds])
        found: list[list[str]] = [[] for _ in numbers]
        for at in range(0, longest, _BLOCK):
            for one in ears.feed(batch[:, at : at + _BLOCK]):
                found[one.channel].append(one.identity.number)
        ears.close()
        right += sum(one == [number] for one, number in zip(found, numbers, strict=True))
        wrong += sum(any(told != number for told in one) for one, number in zip(found, numbers, strict=True))
    return right / count, wrong / count


def _call(number, frequencies_hz, dbm0, noise_db, rng, **how):
    message = presentation(number, str(rng.choice(["", "ZHANG SAN", "Joe Bloggs"])), "11211530")
    sound = fsk(bits_of(message), frequencies_hz, dbm0, **how)
    sound = np.concatenate([silence(200 + rng.uniform(0, 50)), sound, silence(300)])
    return line(sound + noise(sound.size, dbm0 - noise_db, rng))


def cadences(country, kind, frequencies_hz, on_ms, off_ms, dbm0, noise_db, lines=40):
    """The share of lines on which a tone is told once, as what it is, and as over."""
    rng = np.random.default_rng(3)
    sounds = []
    for _ in range(lines):
        parts = [silence(300 + rng.uniform(0, 40))]
        for _ in range(4):
            parts += [sines(frequencies_hz, on_ms, dbm0, rng), silence(off_ms)]
        sound = np.concatenate([*parts, silence(6000)])
        sounds.append(line(sound + noise(sound.size, dbm0 - noise_db, rng)))
    longest = max(one.size for one in sounds) // _BLOCK * _BLOCK
    batch = np.stack([np.pad(one, (0, _BLOCK))[:longest] for one in sounds])
    tones = Bank([Wanted(progress=PATTERNS[country])] * lines)
    found: list[list[ToneKind]] = [[] for _ in range(lines)]
    for at in range(0, longest, _BLOCK):
        for sign in tones.feed(batch[:, at : at + _BLOCK]).signs:
            found[sign.channel].append(sign.found.kind)
    tones.close()
    return sum(one == [kind, kind] for one in found) / lines


def speech(folder: Path, hours: float) -> None:
    """What hours of speech in many voices are taken for."""
    text = _TEXT.read_text()
    place = 0

    def spoken() -> np.ndarray:
        nonlocal place
        place += len(_VOICES)
        return np.stack([_spoken(folder, text, place + voice) for voice in range(len(_VOICES))])

    taken_for(f"Speech in {len(_VOICES)} voices", spoken, hours)


def music(hours: float) -> None:
    """What hours of music are taken for: chords and melodies of several instruments, with drums; some notes lie at keys' frequencies."""
    rng = np.random.default_rng(5)
    taken_for(
        f"Music of {len(INSTRUMENTS)} instruments",
        lambda: np.stack([line(piece(180, rng)) for _ in range(len(INSTRUMENTS))]),
        hours,
    )


def taken_for(name: str, more: Callable[[], np.ndarray], hours: float) -> None:
    """Count what is found where nothing was sent. Shape: `more` gives int16[voices, samples]"""
    wanted = Wanted(
        keys=KeySensitivity(),
        caller=CallerForm.FSK,
        progress=PATTERNS[Country.CHINA],
        mfc=frozenset(MfcDirection),
    )
    seconds, kinds = 0.0, dict.fromkeys(("Key", "Identity", "Tone", "Mfc"), 0)
    of_library = 0
    while seconds < hours * 3600:
        batch = more()
        bank = Bank([wanted] * batch.shape[0])
        for at in range(0, batch.shape[1], _BLOCK):
            for sign in bank.feed(batch[:, at : at + _BLOCK]).signs:
                if getattr(sign.found, "ended_at", None) is None:
                    kinds[type(sign.found).__name__] += 1
        bank.close()
        for voice in batch:
            ear = KeyTones()
            of_library += len(ear.keys(voice))
            ear.close()
        seconds += batch.size / RATE_HZ
    told = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
    print(f"{name}, {seconds / 3600:.1f} hours, taken for: {told}; for keys by the library: {of_library}")


def published(folder: Path) -> None:
    """Tone files of others: WAV of 8 kHz, named by their keys, a folder a kind; what of them is heard."""
    for kind in sorted({path.parent for path in folder.rglob("*.wav")}):
        sent = right = exact = library = 0
        for path in sorted(kind.glob("*.wav")):
            digits = path.stem
            if set(digits) - set(KEYS):
                continue
            with wave.open(str(path)) as file:
                if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE_HZ, 1, 2):
                    continue
                sound = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(float)
            whole = line(np.concatenate([silence(100), sound, silence(200)]))
            ear = KeyTones()
            found = "".join(one.digit for one in heard(whole, block=_BLOCK))
            sent += len(digits)
            right += _in_order(found, digits)
            exact += len(found) - _in_order(found, digits)
            library += _in_order(ear.feed(whole), digits)
            ear.close()
        if sent:
            print(
                f"Published files, {kind.name}: {sent} keys, heard {right / sent:.1%}, others {exact / sent:.2%}; "
                f"by the library {library / sent:.1%}"
            )


def _in_order(found: str, sent: str) -> int:
    """How many keys are found in their order."""
    blocks = difflib.SequenceMatcher(None, found, sent, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


def _spoken(folder: Path, text: str, place: int) -> np.ndarray:
    """Three minutes of a voice at a level that differs from piece to piece."""
    path = folder / "speech.wav"
    begin = place * 1777 % (len(text) - 6000)
    command = [
        "espeak-ng",
        "-v",
        _VOICES[place % len(_VOICES)],
        "-p",
        str(30 + place * 7 % 50),
        "-w",
        str(path),
    ]
    subprocess.run([*command, text[begin : begin + 6000]], check=True, timeout=600, stderr=subprocess.DEVNULL)
    raw = np.frombuffer(path.read_bytes()[44:], np.int16)
    sound = resample(raw, 22050, RATE_HZ)[: 180 * RATE_HZ].astype(float) * (0.3, 1.0, 0.1)[place % 3]
    return line(np.pad(sound, (0, 180 * RATE_HZ - sound.size)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--published", type=Path, help="a folder of tone files that are named by their keys")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tapeline-bench-") as folder:
        report(Path(folder), options.count, options.hours)
    if options.published:
        published(options.published)


if __name__ == "__main__":
    main()
