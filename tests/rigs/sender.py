"""Puts captures on a mirror port at their own pace, as `tcpreplay` does, and bears a port that refuses for a while.

    python -m tests.rigs.sender INTERFACE CAPTURE...

For each capture one JSON line: `began_s` (wall clock at its first packet), `sent`, `refused` (the port was down).
"""

import json
import socket
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path


def packets(path: Path) -> Iterator[tuple[int, bytes]]:
    """Time (ns) and frame of each record of a pcap in nanoseconds, as `tests.rigs.traffic` writes it."""
    data = memoryview(path.read_bytes())
    at = 24
    while at < len(data):
        seconds, nanoseconds, length, _ = struct.unpack_from("<IIII", data, at)
        yield seconds * 1_000_000_000 + nanoseconds, bytes(data[at + 16 : at + 16 + length])
        at += 16 + length


def send(port: socket.socket, path: Path) -> dict[str, float]:
    began_ns = first_ns = 0
    sent = refused = 0
    for at_ns, frame in packets(path):
        now_ns = time.time_ns()
        if not began_ns:
            began_ns, first_ns = now_ns, at_ns
        due_ns = began_ns + at_ns - first_ns
        if due_ns > now_ns:
            time.sleep((due_ns - now_ns) / 1e9)
        try:
            port.send(frame)
            sent += 1
        except OSError:
            refused += 1
    return {"began_s": began_ns / 1e9, "first_ns": first_ns, "sent": sent, "refused": refused}


def main() -> None:
    interface, *paths = sys.argv[1:]
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as port:
        port.bind((interface, 0))
        for path in paths:
            print(json.dumps(send(port, Path(path))), flush=True)


if __name__ == "__main__":
    main()
