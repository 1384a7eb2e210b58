"""Conversations that one can understand: two WAV files, one a side, spoken in turn by espeak-ng."""

import hashlib
import subprocess
import wave
from pathlib import Path

import numpy as np

RATE = 16000

DIALOGUES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "en",
        (
            "Good morning, this is Harbour Logistics, Anna speaking. How can I help you?",
            "Good morning. I am calling about order four seven one one. Has it left the warehouse?",
            "One moment please, I will look it up. Yes, it left last night at ten.",
            "That is good news. When will it arrive?",
            "The driver expects to be with you on Tuesday, before noon.",
            "Wonderful. Thank you very much, and have a nice day.",
            "You are welcome. Goodbye.",
        ),
    ),
    (
        "en",
        (
            "Service desk, Peter here.",
            "Hello Peter, the printer on the third floor does not print any more.",
            "Is there a light on the front of the printer?",
            "Yes, a red one is blinking.",
            "Then the paper tray is empty. Please fill it and close it firmly.",
            "Oh, now it prints. That was easy. Thanks a lot!",
        ),
    ),
    (
        "cmn",
        (
            "您好，这里是客户服务中心，请问有什么可以帮您？",
            "你好，我想查询一下我的订单。",
            "好的，请告诉我您的订单号码。",
            "订单号码是四七一一。",
            "您的订单昨天晚上已经发货，预计星期二送到。",
            "太好了，谢谢你，再见。",
        ),
    ),
)


def conversation(folder: Path, number: int = 0) -> tuple[Path, Path, float]:
    """Two mono 16 kHz WAV files (caller, callee) and their length in seconds; the callee speaks first."""
    voice, lines = DIALOGUES[number % len(DIALOGUES)]
    tracks: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    pause = np.zeros(RATE // 3, np.int16)
    for turn, line in enumerate(lines):
        speaker = 1 - turn % 2
        spoken = _speak(folder, line, voice, speaker)
        tracks[speaker].extend((spoken, pause))
        tracks[1 - speaker].extend((np.zeros(len(spoken), np.int16), pause))
    paths = (folder / f"conversation{number}-caller.wav", folder / f"conversation{number}-callee.wav")
    for path, parts in zip(paths, tracks, strict=True):
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(np.concatenate(parts).tobytes())
    return paths[0], paths[1], sum(map(len, tracks[0])) / RATE


def _speak(folder: Path, line: str, voice: str, speaker: int) -> np.ndarray:
    path = folder / f"line-{hashlib.sha256(line.encode()).hexdigest()[:12]}.wav"
    tone = ("f2", "m3")[speaker]
    subprocess.run(
        ["espeak-ng", "-v", f"{voice}+{tone}", "-s", "150", "-w", str(path), line],
        check=True,
        capture_output=True,
    )
    done = subprocess.run(
        ["sox", str(path), "-r", str(RATE), "-b", "16", "-c", "1", "-t", "raw", "-e", "signed", "-"],
        check=True,
        capture_output=True,
    )
    path.unlink()
    return (np.frombuffer(done.stdout, np.int16) * 0.6).astype(np.int16)
