"""What is to be exported, as the child process that prepares it is told, and what it tells in return."""

from enum import StrEnum
from typing import Annotated

import msgspec

from appliance.core.text import Language
from appliance.settings.paths import Paths
from appliance.store.people import Person
from appliance.store.search import CallFilter
from webadmin.child_work import Failed

ENTRIES_FILE = "entries.jsonl"
INDEX_CSV = "calls.csv"
INDEX_JSON = "calls.json"
TABLE_FILE = "table"


class Kind(StrEnum):
    """What comes out."""

    ZIP = "zip"
    XLSX = "xlsx"
    CSV = "csv"


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Calls of a query, or ticked ones; for whom, in which words and time zone; the folder to work in, given when it is begun.

    `person` is whom it is for: scope and masked numbers are theirs. `format` "" leaves recordings as they are.
    """

    kind: Kind
    data: str
    paths: Paths
    person: Person
    language: Language
    tz: str
    columns: list[str]
    call_ids: list[str] | None
    wanted: CallFilter
    format: str
    template: str
    folder: str = ""


class Progress(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """So many calls of all are done; `size` is that of what comes out so far, 0 where nobody can say."""

    done: int
    total: int
    size: int = 0


class Prepared(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Everything is in the folder. `missing`: recordings whose file is not there."""

    calls: int
    missing: int
    peak_rss_kib: int


Told = Progress | Prepared | Failed


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One file of the archive to come: its name, where it is, size, when it was made (MS-DOS date and time)."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]
    path: str
    size: Annotated[int, msgspec.Meta(ge=0)]
    modified: Annotated[int, msgspec.Meta(ge=0, le=0xFFFF_FFFF)]
