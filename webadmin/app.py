"""The web application: the route table as Tornado's addresses, the page behind everything else."""

from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.routing import URLSpec
from tornado.web import Application

from webadmin.handler import ApiHandler, UnknownHandler
from webadmin.operation import LARGE_BODY_BYTES
from webadmin.page import Assets, PageHandler
from webadmin.panel import Panel
from webadmin.routes import PREFIX, ROUTES, SOCKETS

BUILT_PAGE = Path(__file__).parent / "ui" / "dist"

_PING_S = 20


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


def server(app: Application) -> HTTPServer:
    """The server, not listening yet. A body beyond the limit is read a little further, so that its refusal arrives."""
    return HTTPServer(
        app,
        max_body_size=LARGE_BODY_BYTES + 1024 * 1024,
        max_header_size=32 * 1024,
        idle_connection_timeout=75,
        body_timeout=30,
        no_keep_alive=False,
        xheaders=False,
    )
