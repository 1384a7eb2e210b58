"""The web application: the route table as Tornado's addresses, the page behind everything else."""

import re
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from tornado.httpserver import HTTPServer
from tornado.routing import URLSpec
from tornado.web import Application, HTTPError, RequestHandler

from webadmin.handler import ApiHandler, UnknownHandler
from webadmin.operation import LARGE_BODY_BYTES
from webadmin.page import Assets, PageHandler
from webadmin.panel import Panel
from webadmin.routes import PREFIX, ROUTES, SOCKETS

BUILT_PAGE = Path(__file__).parent / "ui" / "dist"

_PING_S = 20
_HTTPS_PORT = 443
_HOST = re.compile(r"[0-9A-Za-z.:_-]{1,253}")


def application(panel: Panel, page: Path = BUILT_PAGE) -> Application:
    """Everything the server answers."""
    addresses = [
        *(
            URLSpec(PREFIX + route.pattern, ApiHandler, {"panel": panel, "operations": route.operations})
            for route in ROUTES
        ),
        *(
            URLSpec(PREFIX + route.pattern, route.handler, {"panel": panel, "permission": route.permission})
            for route in SOCKETS
        ),
        URLSpec(r"/api(?:/.*)?", UnknownHandler, {"panel": panel}),
        URLSpec(r".*", PageHandler, {"panel": panel, "assets": Assets(page)}),
    ]
    return Application(
        addresses,
        websocket_ping_interval=_PING_S,
        websocket_ping_timeout=_PING_S,
        websocket_max_message_size=4096,
        log_function=lambda _: None,
    )


class LeadToTls(RequestHandler):
    """Everything asked in clear is answered with the same address, encrypted."""

    def initialize(self, port: int) -> None:
        """Take the port of the encrypted server."""
        self._port = port

    def prepare(self) -> None:
        """Answer every method alike; the host is the one that was asked for."""
        host = urlsplit(f"//{self.request.host}").hostname or ""
        if not _HOST.fullmatch(host):
            raise HTTPError(400)
        shown = f"[{host}]" if ":" in host else host
        port = "" if self._port == _HTTPS_PORT else f":{self._port}"
        self.redirect(f"https://{shown}{port}{self.request.uri}", status=308)


def to_tls(port: int) -> Application:
    """What stands at the plain port: the way to the encrypted one."""
    return Application([URLSpec(r".*", LeadToTls, {"port": port})], log_function=lambda _: None)


def server(app: Application, context: ssl.SSLContext | None = None) -> HTTPServer:
    """The server, not listening yet; encrypted with a `context`. A body beyond the limit is read a little further, so that its refusal arrives."""
    return HTTPServer(
        app,
        ssl_options=context,
        max_body_size=LARGE_BODY_BYTES + 1024 * 1024,
        max_header_size=32 * 1024,
        idle_connection_timeout=75,
        body_timeout=30,
        no_keep_alive=False,
        xheaders=False,
    )
