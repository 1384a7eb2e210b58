"""The bundle for people who help from afar."""

from webadmin import audit, authority, support
from webadmin.files import BytesAnswer
from webadmin.operation import Asked, Nothing

BUNDLE_TYPE = "application/zip"


async def fetch(asked: Asked[Nothing, Nothing]) -> BytesAnswer:
    """Everything that helps to find a fault, numbers as tokens, as a ZIP."""
    authority.check_whole_scope(asked)
    panel = asked.panel
    live = panel.live
    known = support.Known(
        programs=dict(live.programs),
        intake=dict(live.intake),
        storage=dict(live.storage),
        queues=dict(live.queues),
        health=dict(live.health),
        time=panel.machine.time,
    )
    reasons = await panel.ask(support.count)
    now = panel.now()
    content = await panel.work(support.written, panel.layout, panel.settings, known, reasons, now)
    audit.note(asked, "support bundle", bytes=len(content))
    return BytesAnswer(content, BUNDLE_TYPE, file_name=f"tapeline-support-{now:%Y%m%d-%H%M}.zip")
