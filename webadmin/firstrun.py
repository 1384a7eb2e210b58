"""The one-time password of a new box: a file that only its owner reads, gone once it was used."""

import hmac
import re

from appliance.core import log
from appliance.core.files import Layout, write_atomically
from webadmin.passwords import one_time_password

_logger = log.get(__name__)
_FORM = re.compile(r"[0-9a-z]{4}(-[0-9a-z]{4}){3}")


class FirstRun:
    """Exists until the administrator was created; a restart keeps the password that may already have been read."""

    def __init__(self, layout: Layout, *, is_set_up: bool) -> None:
        self._file = layout.one_time_password
        self._password = ""
        if is_set_up:
            self._file.unlink(missing_ok=True)
            return
        self._password = self._kept() or one_time_password()
        write_atomically(self._file, f"{self._password}\n".encode(), mode=0o600)
        _logger.info("not set up yet", extra={"one_time_password_file": str(self._file)})

    @property
    def is_pending(self) -> bool:
        """Whether the box still waits for its administrator; the console takes the file away when it made one."""
        return bool(self._password) and self._file.exists()

    def matches(self, password: str) -> bool:
        """Whether it is the one-time password; blanks around it and capital letters are forgiven."""
        typed = password.strip().lower().encode("utf-8", "replace")
        return self.is_pending and hmac.compare_digest(typed, self._password.encode())

    def done(self) -> None:
        """Forget the password: the administrator exists."""
        self._password = ""
        self._file.unlink(missing_ok=True)

    def _kept(self) -> str:
        try:
            kept = self._file.read_text("ascii", errors="replace").strip()
        except FileNotFoundError:
            return ""
        return kept if _FORM.fullmatch(kept) else ""
