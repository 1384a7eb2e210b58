"""Notes, tags, bookmarks, holds, share links."""

STATEMENTS: tuple[str, ...] = ()
