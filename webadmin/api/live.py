"""Calls in progress."""

import msgspec

from webadmin.operation import Asked, Nothing
from webadmin.views import LiveCallWithMedia, live_view_with_media


class LiveAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All live calls with their newest figures."""

    calls: list[LiveCallWithMedia]


async def show(asked: Asked[Nothing, Nothing]) -> LiveAnswer:
    """All calls in progress."""
    live = asked.panel.live
    return LiveAnswer(
        calls=[
            live_view_with_media(call, live.media.get(call_id, {})) for call_id, call in live.calls.items()
        ]
    )
