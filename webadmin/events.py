"""The stream of news to a page."""

from webadmin.fanout import Reader, TooSlow
from webadmin.sockets import TRY_LATER, GuardedSocket

MAX_READERS = 200


class EventSocket(GuardedSocket):
    """Everything that is live: first all of it, then every change, in frames of one JSON array each."""

    async def serve(self, **path: str) -> tuple[int, str]:  # noqa: ARG002 - as all sockets
        """Send news until the page leaves or falls behind."""
        fanout = self.panel.fanout
        if len(fanout) >= MAX_READERS:
            return TRY_LATER, "too many readers"
        reader = Reader(self.spoken)
        fanout.add(reader)
        try:
            await reader.run(self._send)
        except TooSlow:
            return TRY_LATER, "too slow"
        finally:
            fanout.remove(reader)
        return 1001, "the server stops"

    async def _send(self, frame: bytes) -> None:
        await self.send(frame.decode())
