"""Alarms raised, acknowledged and cleared, and the mails about them."""

STATEMENTS: tuple[str, ...] = ()
