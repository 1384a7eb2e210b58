"""How many channels of which trunk were in use when, kept by triggers as calls are written.

`trunk_quarters` tells by how many the channels in use grew in a quarter of an hour, and what its own begins and ends add
to the time they were held in it: the level at its begin is the sum of all changes before, so that neither long calls nor
months are walked through. `trunk_steps` tells the changes of ten seconds, for the most at once; a call that begins and
ends within one step changes nothing, so it stands in `brief`.
"""

_QUARTER = 900_000_000
_STEP = 10_000_000


def _end(call: str) -> str:
    return (
        f"max(coalesce({call}.ended_at_us, {call}.started_at_us + {call}.duration_us), {call}.started_at_us)"
    )


def _changes(call: str, source: str, sign: str = "") -> tuple[str, ...]:
    """Statements that count a call's begin and its end, or take them back with `sign` = '-'."""
    begin, end = f"{call}.started_at_us", _end(call)
    other = "" if sign else "-"
    quarters = (
        "INSERT INTO trunk_quarters (trunk, quarter, change, held_us) SELECT trunk, {at} / {quarter}, {one}1, "
        "{one}({quarter} - {at} % {quarter}) FROM {source} ON CONFLICT (trunk, quarter) DO UPDATE SET "
        "change = change + excluded.change, held_us = held_us + excluded.held_us"
    )
    steps = (
        "INSERT INTO trunk_steps (trunk, quarter, step, change, brief) SELECT trunk, {at} / {quarter}, "
        "{at} % {quarter} / {step}, {one}1, {brief} FROM {source} ON CONFLICT (trunk, quarter, step) DO UPDATE SET "
        "change = change + excluded.change, brief = brief + excluded.brief"
    )
    brief = f"{sign}({begin} / {_STEP} = {end} / {_STEP})"
    return tuple(
        form.format(at=at, one=one, brief=more, quarter=_QUARTER, step=_STEP, source=source)
        for form in (quarters, steps)
        for at, one, more in ((begin, sign, brief), (end, other, "0"))
    )


def _of(call: str, sign: str = "") -> str:
    return "; ".join(_changes(call, f"kinds WHERE id = {call}.kind_key AND trunk <> ''", sign)) + ";"


FILL = _changes("calls", "calls JOIN kinds ON kinds.id = kind_key WHERE trunk <> ''")
"""Counts all calls that are there, once."""

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE trunk_quarters (
        trunk TEXT NOT NULL,
        quarter INTEGER NOT NULL,
        change INTEGER NOT NULL,
        held_us INTEGER NOT NULL,
        PRIMARY KEY (trunk, quarter)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE trunk_steps (
        trunk TEXT NOT NULL,
        quarter INTEGER NOT NULL,
        step INTEGER NOT NULL,
        change INTEGER NOT NULL,
        brief INTEGER NOT NULL,
        PRIMARY KEY (trunk, quarter, step)
    ) WITHOUT ROWID
    """,
    *FILL,
    f"CREATE TRIGGER calls_occupied AFTER INSERT ON calls BEGIN {_of('NEW')} END",
    f"CREATE TRIGGER calls_unoccupied AFTER DELETE ON calls BEGIN {_of('OLD', '-')} END",
    f"""
    CREATE TRIGGER calls_reoccupied AFTER UPDATE OF kind_key, started_at_us, ended_at_us, duration_us ON calls
    WHEN (OLD.kind_key, OLD.started_at_us, OLD.ended_at_us, OLD.duration_us)
        IS NOT (NEW.kind_key, NEW.started_at_us, NEW.ended_at_us, NEW.duration_us)
    BEGIN {_of("OLD", "-")} {_of("NEW")} END
    """,
)
