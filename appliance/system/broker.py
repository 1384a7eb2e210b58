"""The message broker's configuration: mosquitto on one Unix socket, nothing kept on disk.

Persistence stays off because each owner re-publishes its whole state on every connect: a restarted broker
heals itself in one round, and nothing relies on disk copies of news.
"""

import os
import pwd
from pathlib import Path

from appliance.core.errors import Invalid
from appliance.core.files import Layout, write_atomically
from appliance.core.text import Text

# sockaddr_un.sun_path holds 108 bytes with its terminating zero (unix(7)).
_LONGEST_SOCKET_PATH = 107
_TOO_LONG = Text(
    en="the path is too long for a socket ({length} of at most {limit} bytes); choose a shorter folder",
    zh="路径过长，无法建立套接字（{length} 字节，上限 {limit}），请换用较短的目录",
)


def prepare(layout: Layout) -> list[str]:
    """Write the configuration and return the command line that runs the broker in the foreground.

    Raises: Invalid when the data folder's path is too long for a Unix socket
    """
    length = len(str(layout.bus_socket).encode())
    if length > _LONGEST_SOCKET_PATH:
        raise Invalid(field="data", problem=_TOO_LONG, length=length, limit=_LONGEST_SOCKET_PATH)
    configuration = layout.broker_settings
    write_atomically(configuration, _configuration(layout.bus_socket).encode(), durable=False)
    return ["mosquitto", "-c", str(configuration)]


def become(layout: Layout) -> None:
    """Replace this process by the broker; never returns.

    Raises: Invalid as `prepare` does
    """
    command = prepare(layout)
    os.execvp(command[0], command)  # noqa: S606 - a fixed program, no shell is wanted


def _configuration(socket: Path) -> str:
    lines = [
        f"listener 0 {socket}",
        # Started by root it would become its packaged user, who may not enter the data folder.
        f"user {pwd.getpwuid(os.geteuid()).pw_name}",
        "allow_anonymous true",  # who may connect is decided by the socket's file mode
        "persistence false",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
        "max_inflight_messages 200",
        "max_queued_messages 10000",
        "message_size_limit 1048576",
        "max_keepalive 120",
    ]
    return "\n".join(lines) + "\n"
