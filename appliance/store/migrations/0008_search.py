"""Indexes and maintained figures for searching and counting, saved searches."""

STATEMENTS: tuple[str, ...] = ()
