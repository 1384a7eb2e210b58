"""Second factors, tokens, one-time links, and the operation log."""

STATEMENTS: tuple[str, ...] = ()
