"""What the programs write into the journal."""

import logging

from appliance.core import log


def test_the_journal_is_told_the_facts_beside_the_message(monkeypatch):
    told = []
    monkeypatch.setenv("JOURNAL_STREAM", "1:2")
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        log.configure("watchdog")
        monkeypatch.setattr(root.handlers[0], "send", lambda text, /, **_: told.append(text))
        log.get("a.module").warning("a program ended", extra={"status": 3, "problem": "no port"})
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    assert told == ["WARNING:a.module:a program ended status=3 problem=no port"]
