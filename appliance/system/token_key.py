"""The key of the tokens that stand for numbers: one for each box, made at its first use by whichever program is first."""

import contextlib
import os
import secrets
from pathlib import Path

from appliance.core import log
from appliance.core.files import Layout, fsync_directory, write_atomically
from appliance.domain.token import Tokens

_KEY_BYTES = 32

_logger = log.get(__name__)


def tokens(layout: Layout) -> Tokens:
    """What makes this box's tokens; read anew each time, because a restored backup brings its own key.

    Raises: OSError
    """
    return Tokens(_key(layout.token_key))


def _key(path: Path) -> bytes:
    with contextlib.suppress(FileNotFoundError):
        key = path.read_bytes()
        if len(key) == _KEY_BYTES:
            return key
        # With a part of it, or none, whoever tries all numbers would find which one a token stands for.
        _logger.error("the key of the tokens is damaged; from now on every number has another token")
        path.unlink(missing_ok=True)
    made = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    write_atomically(made, secrets.token_bytes(_KEY_BYTES), mode=0o600)
    try:
        # A link, because it never replaces: of two programs at once both go on with the first one's key.
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
    finally:
        made.unlink()
    fsync_directory(path.parent)
    return path.read_bytes()
