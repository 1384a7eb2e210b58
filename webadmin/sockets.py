"""What every WebSocket does alike: who asks, a cross-site check, and the end when the session ends."""

import asyncio

from tornado.websocket import WebSocketClosedError, WebSocketHandler

from appliance.core.text import Language
from appliance.domain.roles import Permission
from webadmin import audit
from webadmin.deeds import DEEDS
from webadmin.handler import Guarded
from webadmin.panel import Panel
from webadmin.refusals import BadToken, UpgradeNeeded
from webadmin.visitor import Visitor

RECHECK_S = 15.0

SESSION_ENDED = 4401
NOT_ALLOWED = 4403
NOT_LIVE = 4404
TRY_LATER = 1013
CALL_ENDED = 1000


class GuardedSocket(Guarded, WebSocketHandler):
    """A WebSocket that is closed soon after its session has ended (4401) or the right to it was taken (4403)."""

    visit: Visitor

    def initialize(self, panel: Panel, permission: Permission) -> None:
        """Take what the URL specification carries."""
        self.panel = panel
        self._permission = permission
        self._task: asyncio.Task[None] | None = None
        self._guard: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Refuse as a plain HTTP answer whom the table of roles does not let in."""
        self.visit = await self.visitor()
        self.check_permission(self.visit, self._permission)
        origin = self.request.headers.get("Origin")
        if origin is not None and not self.check_origin(origin):
            raise BadToken
        if self.request.headers.get("Upgrade", "").lower() != "websocket":
            raise UpgradeNeeded
        self.spoken: Language = self.language
        self.address = self.request.remote_ip or ""

    def open(self, *_args: str, **path: str) -> None:
        """Begin to serve."""
        self._task = asyncio.create_task(self._served(**path))
        self._guard = asyncio.create_task(self._guarded())

    def on_message(self, message: str | bytes) -> None:
        """Forget what a client says: there is nothing to be said."""

    def on_close(self) -> None:
        """End what was begun."""
        for task in (self._task, self._guard):
            if task is not None:
                task.cancel()

    async def serve(self, **path: str) -> tuple[int, str]:
        """Send until there is nothing more to send; returns code and reason of the end."""
        raise NotImplementedError

    def revisited(self, visitor: Visitor) -> None:
        """Take over what the visitor may do and see by now."""

    async def send(self, message: str | bytes, *, binary: bool = False) -> None:
        """Send one message and wait until the client has room for the next."""
        await self.write_message(message, binary=binary)

    def record(self, **facts: str) -> None:
        """Add what is being listened to to the operation log."""
        name = f"{type(self).__module__.rpartition('.')[2]}.{type(self).__name__}"
        audit.record(
            self.panel.operations,
            self.panel.clock,
            (name, DEEDS[name]),
            self.visit,
            audit.Origin(self.address, self.request.headers.get("User-Agent", "")),
            parameters=facts,
        )

    async def _served(self, **path: str) -> None:
        try:
            code, reason = await self.serve(**path)
        except WebSocketClosedError:
            return
        self.close(code, reason)

    async def _guarded(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_S)
            visitor = await self.visitor(seen=False)
            if not visitor.may(self._permission):
                if visitor.person is None:
                    self.close(SESSION_ENDED, "session ended")
                else:
                    self.close(NOT_ALLOWED, "not allowed")
                return
            self.revisited(visitor)
