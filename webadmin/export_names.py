"""Names of downloaded recordings, from the template of the settings; each name once."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from appliance.core.text import Language
from appliance.domain.call import DIRECTION_TEXT
from appliance.store.calls import CallRow

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_HARMFUL = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_MOST_LETTERS = 120


def name_of(row: CallRow, template: str, zone: ZoneInfo, language: Language) -> str:
    """The name without suffix; what no file system likes is a dash. The row is masked already where it must be."""
    at: datetime = row.started_at.astimezone(zone)
    values = {
        "date": f"{at:%Y-%m-%d}",
        "time": f"{at:%H-%M-%S}",
        "caller": row.caller.number,
        "callee": row.callee.number,
        "caller_name": row.caller.name or row.caller.display,
        "callee_name": row.callee.name or row.callee.display,
        "direction": DIRECTION_TEXT[row.direction].render(language),
        "duration": f"{round(row.duration_s)}s",
        "id": row.call_id,
    }
    filled = _PLACEHOLDER.sub(lambda found: values.get(found[1], ""), template)
    return _HARMFUL.sub("-", filled).strip(" .-")[:_MOST_LETTERS] or row.call_id


class Names:
    """Gives a name that stands already a number; remembers eight bytes a name."""

    def __init__(self) -> None:
        self._given: set[int] = set()

    def once(self, stem: str, suffix: str) -> str:
        """The name, or the name with ` (2)`, ` (3)` and so on."""
        name, number = f"{stem}{suffix}", 1
        while hash(name.casefold()) in self._given:
            number += 1
            name = f"{stem} ({number}){suffix}"
        self._given.add(hash(name.casefold()))
        return name
