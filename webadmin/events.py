"""The stream of news to a page."""

from webadmin.fanout import Reader, TooSlow
from webadmin.live import Audience
from webadmin.sockets import TRY_LATER, GuardedSocket
from webadmin.visitor import Visitor

MAX_READERS = 200


class EventSocket(GuardedSocket):
    """Everything that is live: first all of it, then every change, in frames of one JSON array each."""

    _reader: Reader | None = None

    async def serve(self, **path: str) -> tuple[int, str]:  # noqa: ARG002 - as all sockets
        """Send news until the page leaves or falls behind."""
        fanout = self.panel.fanout
        if len(fanout) >= MAX_READERS:
            return TRY_LATER, "too many readers"
        reader = self._reader = Reader(Audience(self.spoken, self.visit))
        fanout.add(reader)
        try:
            await reader.run(self._send)
        except TooSlow:
            return TRY_LATER, "too slow"
        finally:
            fanout.remove(reader)
        return 1001, "the server stops"

    def revisited(self, visitor: Visitor) -> None:
        """Tell all anew to somebody whose rights have changed."""
        reader = self._reader
        if reader is not None and _rights(visitor) != _rights(reader.audience.visitor):
            reader.audience = Audience(self.spoken, visitor)
            self.panel.fanout.greet(reader)

    async def _send(self, frame: bytes) -> None:
        await self.send(frame.decode())


def _rights(visitor: Visitor) -> tuple[object, ...]:
    return visitor.scope, visitor.is_masked, visitor.sees_box
