"""Ports of this machine."""

import socket

port_max = 65_535


class BadPort(Exception):
    """The setting names no port; the message is a sentence for the person at the terminal."""


def free_port(port: int = 0) -> int:
    """This TCP port of 127.0.0.1, or for 0 any that nobody listens on just now. Raises OSError when it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return int(probe.getsockname()[1])


def given(name: str, text: str) -> int:
    """The port that this setting names. Raises BadPort."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= port_max:
        return int(text)
    raise BadPort(f"{name}={text} is no port; use a number from 1 to {port_max}, for example {name}=8000.")
