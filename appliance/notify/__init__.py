"""The family of notifiers: each kind is a file with `make(settings)`, whose `send` delivers one notice or says why not.

`planning` decides purely what is to be told to whom; the daemon `notifier` does it.
"""

from typing import Protocol

from appliance.core.errors import Later, Refused
from appliance.core.text import Text


class Undelivered(Later):
    """Nobody took the notice now. Facts: peer, answer (the server's words)."""

    text = Text(en="{peer} did not take the notice: {answer}", zh="{peer} 未接收通知：{answer}")


class Unwanted(Refused):
    """The notice will never be taken. Facts: peer, answer (the server's words)."""

    text = Text(en="{peer} refuses the notice: {answer}", zh="{peer} 拒绝通知：{answer}")


class Notifier(Protocol):
    """A way to reach people."""

    def send(self, receivers: tuple[str, ...], title: str, content: str) -> str:
        """Deliver one notice and return the server's words; may take as long as its timeouts.

        Raises: Undelivered, Unwanted
        """
