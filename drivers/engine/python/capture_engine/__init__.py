"""The packet engine: a Rust module behind one narrow border, described in `drivers/engine/README.md`."""

import hashlib
from pathlib import Path

from capture_engine._engine import SOURCE_HASH, Engine, Media, move_all, put_all, read_media, secure, sorted_capture

__all__ = [
    "SOURCE_HASH",
    "Engine",
    "Media",
    "move_all",
    "put_all",
    "read_media",
    "secure",
    "sorted_capture",
    "source_hash",
]


def source_hash(tree: Path) -> str | None:
    """The hash of the sources in `tree` (`drivers/engine` of a checkout), none when it holds no sources.

    Equal to `SOURCE_HASH` when this module was built from exactly them. The rule stands in
    `crates/border/build.rs`, too: relative paths in byte order, each followed by its contents, all prefixed
    by their lengths.
    """
    if not (tree / "Cargo.toml").is_file():
        return None
    paths = [tree / "Cargo.toml", tree / "Cargo.lock"]
    paths += [path for path in (tree / "crates").rglob("*") if path.suffix in (".rs", ".toml") and path.is_file()]
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(tree).as_posix(), path) for path in paths):
        for part in (name.encode(), path.read_bytes()):
            digest.update(len(part).to_bytes(8, "little"))
            digest.update(part)
    return digest.hexdigest()
