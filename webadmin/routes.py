"""The route table: every address of the API, who may use it, and the function behind each method.

Tornado's addresses, the OpenAPI document and the test of permissions are all made from it. Denied is what is not
granted here: a function without a row cannot be reached, a row without a permission cannot be written.
"""

from typing import Any

from appliance.domain.roles import Permission
from webadmin import events, listen
from webadmin.api import (
    audio,
    calls,
    commissioning,
    extensions,
    home,
    interactions,
    kept,
    lists,
    live,
    mirror,
    rules,
    session,
    settings,
    texts,
    users,
    why,
)
from webadmin.openapi import document
from webadmin.operation import LARGE_BODY_BYTES, Asked, Nothing, Operation, Route, SocketRoute

PREFIX = "/api/v1/"


async def describe(asked: Asked[Nothing, Nothing]) -> dict[str, Any]:  # noqa: ARG001 - as all operations
    """What the API can do as OpenAPI 3.1, made from the route table."""
    return document(ROUTES, SOCKETS, PREFIX)


ROUTES: tuple[Route, ...] = (
    Route("openapi.json", {"GET": Operation(describe, Permission.OPEN)}),
    Route(
        "session",
        {
            "GET": Operation(session.show, Permission.OPEN),
            "POST": Operation(session.sign_in, Permission.OPEN),
            "DELETE": Operation(session.sign_out, Permission.SELF),
        },
    ),
    Route("setup", {"POST": Operation(session.set_up, Permission.OPEN)}),
    Route("session/password", {"POST": Operation(session.change_password, Permission.SELF)}),
    Route("texts/{language}", {"GET": Operation(texts.show, Permission.OPEN)}),
    Route("home", {"GET": Operation(home.show, Permission.HOME)}),
    Route("live", {"GET": Operation(live.show, Permission.LIVE)}),
    Route("live/{call_id}/control", {"POST": Operation(live.control, Permission.CONTROL, status=202)}),
    Route("mirror", {"GET": Operation(mirror.show, Permission.HOME)}),
    Route("calls", {"GET": Operation(calls.search, Permission.CALLS)}),
    Route("calls/{call_id}", {"GET": Operation(calls.show, Permission.CALLS)}),
    Route("calls/{call_id}/audio", {"GET": Operation(audio.play, Permission.PLAY, media="audio/*")}),
    Route("calls/{call_id}/peaks", {"GET": Operation(audio.peaks, Permission.PLAY, media=audio.PEAKS_TYPE)}),
    Route("calls/{call_id}/ladder", {"GET": Operation(kept.ladder, Permission.CALLS)}),
    Route(
        "calls/{call_id}/pcap", {"GET": Operation(kept.capture, Permission.DOWNLOAD, media=kept.CAPTURE_TYPE)}
    ),
    Route("interactions/{interaction_id}", {"GET": Operation(interactions.show, Permission.CALLS)}),
    Route("why", {"GET": Operation(why.explain, Permission.CALLS)}),
    Route(
        "settings",
        {
            "GET": Operation(settings.show, Permission.SETTINGS),
            "PUT": Operation(settings.save, Permission.SETTINGS, max_body_bytes=LARGE_BODY_BYTES),
        },
    ),
    Route(
        "commissioning",
        {
            "GET": Operation(commissioning.show, Permission.SETTINGS),
            "PUT": Operation(commissioning.save, Permission.SETTINGS),
        },
    ),
    Route("commissioning/reset", {"POST": Operation(commissioning.reset, Permission.SETTINGS)}),
    Route("settings/revisions", {"GET": Operation(settings.history, Permission.SETTINGS)}),
    Route(
        "settings/revisions/{revision}/restore", {"POST": Operation(settings.restore, Permission.SETTINGS)}
    ),
    Route("settings/schema", {"GET": Operation(settings.describe, Permission.SETTINGS)}),
    Route(
        "rules",
        {
            "GET": Operation(rules.show, Permission.RULES),
            "PUT": Operation(rules.save, Permission.RULES, max_body_bytes=LARGE_BODY_BYTES),
        },
    ),
    Route("rules/schema", {"GET": Operation(rules.describe, Permission.RULES)}),
    Route(
        "rules/explain",
        {"POST": Operation(rules.explain, Permission.RULES, max_body_bytes=LARGE_BODY_BYTES)},
    ),
    Route(
        "lists/{list}",
        {
            "GET": Operation(lists.show, Permission.RULES),
            "POST": Operation(lists.add, Permission.RULES, status=201),
        },
    ),
    Route(
        "lists/{list}/entry",
        {
            "PUT": Operation(lists.replace, Permission.RULES),
            "DELETE": Operation(lists.remove, Permission.RULES),
        },
    ),
    Route("lists/allow_list/switch", {"PUT": Operation(lists.switch, Permission.RULES)}),
    Route(
        "extensions",
        {
            "GET": Operation(extensions.show, Permission.RULES),
            "POST": Operation(extensions.add, Permission.RULES),
        },
    ),
    Route("extensions/entry", {"PUT": Operation(extensions.replace, Permission.RULES)}),
    Route("extensions/remove", {"POST": Operation(extensions.remove, Permission.RULES)}),
    Route(
        "extensions/table",
        {"POST": Operation(extensions.take_table, Permission.RULES, max_body_bytes=LARGE_BODY_BYTES)},
    ),
    Route(
        "users",
        {
            "GET": Operation(users.show, Permission.USERS),
            "POST": Operation(users.create, Permission.USERS, status=201),
        },
    ),
    Route("users/{user_id}", {"DELETE": Operation(users.remove, Permission.USERS)}),
    Route("users/{user_id}/one-time-password", {"POST": Operation(users.renew_password, Permission.USERS)}),
)

SOCKETS: tuple[SocketRoute, ...] = (
    SocketRoute("events", events.EventSocket, Permission.LIVE),
    SocketRoute("live/{call_id}/audio", listen.ListenSocket, Permission.LISTEN_LIVE),
)
