"""TCP ports that nobody listens on, and that no outgoing connection is given by chance before the test binds them."""

import random
import socket

# Below the range from which Linux takes ports for outgoing connections (32768 and up), above what browsers refuse.
_PORTS = range(20_000, 29_000)


def free_port() -> int:
    """A port of the loopback."""
    for port in random.sample(_PORTS, 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    message = "no port is free"
    raise OSError(message)
