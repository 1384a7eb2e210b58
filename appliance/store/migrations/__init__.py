"""The register of migrations, oldest first; the position is the version. Never change one that was released."""

MIGRATIONS: tuple[str, ...] = ("0001_calls", "0002_people")
