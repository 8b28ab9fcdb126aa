"""Ports of this machine."""

import socket


def free_port() -> int:
    """A TCP port that nobody listens on at 127.0.0.1 just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
