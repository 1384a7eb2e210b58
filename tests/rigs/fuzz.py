"""Coverage-guided fuzzing of every parser: those of the engine by libFuzzer, the readers of SIP and of trunks by atheris.

    python -m tests.rigs.fuzz --seconds 60            # `make fuzz FUZZ_SECONDS=60`
    python -m tests.rigs.fuzz --seconds 60 media sip  # some targets
    python -m tests.rigs.fuzz --keep                  # the corpus found so far, minimised, into the tree

Works with stable Rust: the coverage is a pass of LLVM's, the address sanitiser is used where its run time is installed.
Without atheris (which is in no lock) hypothesis tries the readers. A finding ends the run with 1 and stays
in .build/fuzz/found/.
"""

import argparse
import importlib.util
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "drivers" / "engine" / "fuzz"
KEPT = ENGINE / "kept"
READER = "reader"
SIGNALLING = "signalling"
IN_PYTHON = {
    READER: ("tests.rigs.fuzz_reader", ("test_sip_parsers", "test_dialog_order")),
    SIGNALLING: ("tests.rigs.fuzz_signalling", ("test_signalling_laws",)),
}
"""Targets in Python: the program of atheris, and the properties that are tried without it."""
WORK = ROOT / ".build" / "fuzz"

COVERAGE = (
    "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-trace-compares "
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table "
    "-Ccodegen-units=1 --cfg fuzzing"
)
MAX_LENGTH = {
    "rtcp": 2048,
    "sip": 4096,
    "frame": 4096,
    "capture": 16384,
    "media": 16384,
    READER: 4096,
    SIGNALLING: 1024,
}
SHORT_BYTES = 1000
"""Longest input of the readers in Python that is kept."""
KEPT_BYTES = {"": 24_000, READER: 60_000, SIGNALLING: 30_000}
"""Most bytes of a target's corpus in the tree."""


def engine_targets() -> list[str]:
    return sorted(path.stem for path in (ENGINE / "fuzz_targets").glob("*.rs"))


def unpacked(path: Path) -> list[bytes]:
    """The inputs of a packed corpus: each begins with its length (u32, big endian)."""
    data = path.read_bytes() if path.exists() else b""
    inputs, at = [], 0
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        inputs.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    return inputs


def pack(inputs: list[bytes]) -> bytes:
    return b"".join(struct.pack(">I", len(one)) + one for one in inputs)


def build() -> Path:
    """The folder of the engine's targets."""
    told = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True, cwd=ENGINE).stdout
    host = re.search(r"^host: (\S+)$", told, re.MULTILINE)[1]
    root = Path(
        subprocess.run(
            ["rustc", "--print", "sysroot"], capture_output=True, text=True, check=True, cwd=ENGINE
        ).stdout.strip()
    )
    has_sanitizer = any(root.glob(f"lib/rustlib/{host}/lib/*_rt.asan.a"))
    flags = f"{COVERAGE} -Zsanitizer=address" if has_sanitizer else COVERAGE
    print(f"targets with coverage{' and the address sanitiser' if has_sanitizer else ''}", flush=True)
    environment = dict(os.environ, RUSTC_BOOTSTRAP="1", RUSTFLAGS=flags)
    command = ["cargo", "build", "--quiet", "--release", "--locked", "--target", host]
    subprocess.run([*command, "--target-dir", str(WORK / "target")], check=True, cwd=ENGINE, env=environment)
    return WORK / "target" / host / "release"


def begun(target: str) -> Path:
    """The folder of a target's corpus, with what the tree keeps."""
    folder = WORK / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    for index, one in enumerate(unpacked(KEPT / f"{target}.bin")):
        (folder / f"kept-{index}").write_bytes(one)
    return folder


def run(target: str, command: list[str], seconds: int) -> bool:
    """Whether nothing was found."""
    found = WORK / "found" / target
    found.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={MAX_LENGTH.get(target, 8192)}",
        f"-artifact_prefix={found}/",
        *("-timeout=60", "-rss_limit_mb=3000", "-print_final_stats=1", "-verbosity=1"),
    ]
    began = time.monotonic()
    done = subprocess.run(
        [*command, *options, str(begun(target))],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        cwd=ROOT,
    )
    runs = re.search(r"number_of_executed_units: *(\d+)", done.stderr)
    covered = re.findall(r"cov: (\d+)", done.stderr)
    told = "nothing found" if done.returncode == 0 else "FOUND"
    print(
        f"{target:10} {time.monotonic() - began:6.0f} s {runs[1] if runs else '?':>12} inputs, "
        f"{covered[-1] if covered else '?':>5} edges: {told}",
        flush=True,
    )
    if done.returncode:
        print(done.stderr[-4000:])
    return done.returncode == 0


def run_reader(target: str, seconds: int) -> bool:
    program, laws = IN_PYTHON[target]
    if importlib.util.find_spec("atheris") is not None:
        return run(target, [sys.executable, "-m", program], seconds)
    print(f"{target}: atheris is not installed; hypothesis tries the properties on many examples", flush=True)
    names = [f"tests/property/{law}.py" for law in laws]
    command = [sys.executable, "-m", "pytest", "-q", "--timeout", "7200", *names]
    environment = dict(os.environ, HYPOTHESIS_PROFILE="long")
    return subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode == 0


def keep(target: str, folder: Path) -> None:
    """Put what was found for a target into the tree: minimised, as much as has room."""
    if (
        target in IN_PYTHON
    ):  # atheris cannot merge; what it kept brought something new each, so any part of it is good
        inputs = sorted(
            data for path in begun(target).iterdir() if len(data := path.read_bytes()) <= SHORT_BYTES
        )
        random.Random(1).shuffle(inputs)
    else:
        least = WORK / "least" / target
        shutil.rmtree(least, ignore_errors=True)
        least.mkdir(parents=True)
        options = ["-merge=1", f"-max_len={MAX_LENGTH.get(target, 8192)}", str(least), str(begun(target))]
        subprocess.run([str(folder / target), *options], check=True, capture_output=True, cwd=ROOT)
        inputs = sorted((path.read_bytes() for path in least.iterdir()), key=lambda one: (len(one), one))
    kept: list[bytes] = []
    most = KEPT_BYTES.get(target, KEPT_BYTES[""])
    for one in filter(None, inputs):
        if len(pack([*kept, one])) <= most:
            kept.append(one)
    KEPT.mkdir(exist_ok=True)
    (KEPT / f"{target}.bin").write_bytes(pack(kept))
    print(f"{target:10} {len(kept)} of {len(inputs)} inputs, {len(pack(kept))} bytes", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Coverage-guided fuzzing of every parser")
    parser.add_argument("targets", nargs="*", help="all when none is named")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--keep", action="store_true", help="minimise the corpus into the tree instead")
    options = parser.parse_args()
    named = options.targets or [*engine_targets(), *IN_PYTHON]
    folder = build() if set(named) - set(IN_PYTHON) else WORK
    if options.keep:
        for target in named:
            keep(target, folder)
        return
    results = [
        run_reader(target, options.seconds)
        if target in IN_PYTHON
        else run(target, [str(folder / target)], options.seconds)
        for target in named
    ]
    sys.exit(not all(results))


if __name__ == "__main__":
    main()
