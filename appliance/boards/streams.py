"""Timeslots of a trunk whose content is written to files as it is: SS7 of 64 kbit/s and 2 Mbit/s, HDLC, transparent data.

Where a card finds frames by itself they are taken from it; else they are looked for in the octets of the timeslot, or, on
links of 2 Mbit/s, in those of all listed timeslots in the order of the line.
Source: ITU-T Q.703 §2 and Annex A, ISO/IEC 13239, G.704 (timeslots)
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from appliance.boards.signalling.kept import RawStreamFiles
from appliance.media.tones.hdlc import HdlcBits
from appliance.settings import trunks
from appliance.settings.trunks import StreamKind
from drivers.boards.board import Description, Kind, Reading


class Streams:
    """The raw streams of one trunk, of which some spans are on a board.

    `ports` below: a board's span -> which E1 of the trunk and which direction of it.
    """

    def __init__(self, root: Path, trunk: trunks.Trunk) -> None:
        self._files = [RawStreamFiles(root, trunk, index) for index in range(len(trunk.raw))]
        self._receivers: dict[tuple[int, int, int], HdlcBits] = {}

    def take(self, description: Description, ports: Mapping[int, tuple[int, int]], reading: Reading) -> None:
        """Write what a board heard.

        Raises: NoTones where the library that finds frames is missing
        """
        for index, files in enumerate(self._files):
            stream = files.settings
            for span, (e1, port) in ports.items():
                if e1 + 1 == stream.e1:
                    self._take(
                        index, port, _places(description, span, stream.timeslots), description, reading
                    )
                    if stream.stream in (StreamKind.SS7_64K, StreamKind.HDLC):
                        for frame in reading.frames:
                            if frame.span == span and frame.timeslot in stream.timeslots:
                                files.frame(port, frame.timeslot, frame.at_ns, frame.octets)

    def flush(self) -> None:
        """To be called about once a second."""
        for files in self._files:
            files.flush()

    def close(self) -> None:
        """End the files and free the receivers."""
        for files in self._files:
            files.close()
        for receiver in self._receivers.values():
            receiver.close()

    def _take(
        self, index: int, port: int, places: dict[int, int], description: Description, reading: Reading
    ) -> None:
        files = self._files[index]
        stream = files.settings.stream
        if not places or not reading.audio.shape[1]:
            return
        if stream is StreamKind.SS7_2M:
            rows = np.ascontiguousarray(reading.audio[list(places.values())].T)
            first = next(iter(places))
            for octets in self._receiver(index, port, first).feed(rows.tobytes()):
                files.frame(port, first, reading.at_ns, octets)
            return
        for timeslot, place in places.items():
            row = reading.audio[place].tobytes()
            if stream is StreamKind.TRANSPARENT:
                files.octets(port, timeslot, reading.at_ns, row)
            elif description.channels[place].kind is not Kind.DCHANNEL:
                for octets in self._receiver(index, port, timeslot).feed(row):
                    files.frame(port, timeslot, reading.at_ns, octets)

    def _receiver(self, index: int, port: int, timeslot: int) -> HdlcBits:
        found = self._receivers.get((index, port, timeslot))
        if found is None:
            found = self._receivers[index, port, timeslot] = HdlcBits()
        return found


def _places(description: Description, span: int, timeslots: list[int]) -> dict[int, int]:
    """The rows of the timeslots that are wanted, in the order of the line."""
    found = {
        channel.timeslot: place for place, channel in enumerate(description.channels) if channel.span == span
    }
    return {timeslot: found[timeslot] for timeslot in sorted(timeslots) if timeslot in found}
