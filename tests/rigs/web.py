"""The real admin panel on a free port in a thread of the test, and a browser's manners to talk to it."""

import asyncio
import http.client
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, Self

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from appliance.core.clock import Clock, SystemClock
from appliance.core.files import Layout
from appliance.core.service import Service
from appliance.daemons import Options
from appliance.daemons.webadmin import main as webadmin
from tests.rigs.patience import until

PASSWORD = "correct horse battery"
API = "/api/v1/"
ROLES = {"administrator": 1, "viewer": 2}


class Web:
    """Runs the program until the `with` block ends, which fails if a background task failed."""

    def __init__(
        self,
        layout: Layout,
        port: int,
        clock: Clock | None = None,
        program: Callable[[Service, Options], Awaitable[None]] = webadmin,
    ) -> None:
        self.layout = layout
        self.port = port
        self.failures: list[str] = []
        self._clock = clock or SystemClock()
        self._program = program
        self._service: Service | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        until(lambda: self.failures or (self._service and self._service.is_ready), what="the server is ready")
        assert not self.failures, self.failures
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._service.stop, "test")
        self._thread.join(20)
        assert not self._thread.is_alive(), "the server does not stop"
        assert not self.failures, self.failures

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(lambda _, context: self.failures.append(str(context)))
        self._service = Service("webadmin", self._clock)
        try:
            await self._program(self._service, Options(layout=self.layout, port=self.port))
        except BaseException as error:
            self.failures.append(repr(error))
            raise

    @property
    def one_time_password(self) -> str:
        return self.layout.one_time_password.read_text().strip()

    def anonymous(self) -> "Browser":
        return Browser(self.port)

    def administrator(self, name: str = "admin", *, knows_the_tour: bool = True) -> "Browser":
        """Set the box up and end its first steps, or sign in where that was done.

        Pages do not offer the tour to whoever knows it.
        """
        browser = self.anonymous()
        if browser.get("session").json["first_run"]:
            body = {"one_time_password": self.one_time_password, "name": name, "password": PASSWORD}
            reply = browser.post("setup", body)
            ended = {"is_open": False, "step": "language", "seen": [], "later": []}
            assert browser.put("first-steps", ended).status == 200
        else:
            reply = browser.post("session", {"name": name, "password": PASSWORD})
        assert reply.status == 200, reply
        if knows_the_tour:
            assert browser.put("preferences/tour", {"done": True}).status == 200
        return browser

    def viewer(self, administrator: "Browser", name: str = "viewer", role: str | int = "viewer") -> "Browser":
        """A new person who has chosen a password; `role` is one of those there always are, or a role's id."""
        role_id = ROLES[role] if isinstance(role, str) else role
        made = administrator.post("users", {"name": name, "role_id": role_id})
        assert made.status == 201, made
        browser = self.anonymous()
        once = made.json["one_time_password"]
        assert browser.post("session", {"name": name, "password": once}).status == 200
        change = {"old_password": once, "new_password": PASSWORD}
        assert browser.post("session/password", change).status == 204
        assert browser.put("preferences/tour", {"done": True}).status == 200
        return browser


class Reply(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return self.json["error"]["code"]

    @property
    def field(self) -> str:
        return self.json["error"]["field"]


class Browser:
    """One person's browser: keeps the cookie, sends the token with every write."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""
        self.token = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """One request; `body` is JSON unless it is bytes; header names have `_` for `-`."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            given.setdefault("Cookie", self.cookie)
        if method not in ("GET", "HEAD"):
            if not self.token:
                self.get("session")
            given.setdefault("X-CSRF-Token", self.token)
            given.setdefault("Cookie", self.cookie)
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        connection = self.connection()
        try:
            connection.request(method, path if path.startswith("/") else API + path, content, given)
            answer = connection.getresponse()
            reply = Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        self._learn(path, reply)
        return reply

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Reply:
        return self.ask("POST", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Reply:
        return self.ask("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Reply:
        return self.ask("DELETE", path, **headers)

    @asynccontextmanager
    async def socket(self, path: str, **headers: str) -> AsyncIterator[WebSocketClientConnection]:
        """A WebSocket with this person's cookie."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            given.setdefault("Cookie", self.cookie)
        request = HTTPRequest(f"ws://127.0.0.1:{self.port}{API}{path}", headers=given)
        connection = await websocket_connect(request)
        stream = connection.protocol.stream
        try:
            yield connection
        finally:
            connection.close()
            # The client would finish its closing handshake after the test's loop is gone.
            stream.close()

    def _learn(self, path: str, reply: Reply) -> None:
        for value in reply.headers.get_all("Set-Cookie") or []:
            pair = value.split(";")[0]
            self.cookie = "" if pair.endswith(("=", '=""')) else pair
        if path in ("session", "setup") and reply.status == 200:
            self.token = reply.json["csrf_token"]
        elif path == "session" and reply.status == 204:
            self.token = ""
