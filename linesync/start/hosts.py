"""This machine's names and addresses, and what the setting ALLOWED_HOSTS may add to them."""

import re
import socket
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

# With the dot: a name below localhost as well. No resolver sends these anywhere else.
loopback = (".localhost", "127.0.0.1", "[::1]")
_listed = re.compile(r"\*|\.?[a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
# Addresses set aside for documentation: asking for the way there sends nothing, and shows which address is ours.
_far_away = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}


def of_this_machine() -> list[str]:
    """What a person types to reach this machine: localhost, its name in the network, its addresses."""
    sixth = _own_address(socket.AF_INET6)
    return [*loopback, *own_names(), *lan_addresses(), *([f"[{sixth}]"] if sixth else [])]


def own_names() -> list[str]:
    """The host name, whole and short, and the one that mDNS gives it: dock-pc.lan, dock-pc, dock-pc.local."""
    name = socket.gethostname().casefold()
    short = name.partition(".")[0]
    return sorted({name, short, f"{short}.local"} - {"", ".local"})


def lan_addresses() -> list[str]:
    """This machine's address on the network; empty when it has none but the loopback."""
    address = _own_address(socket.AF_INET)
    return [address] if address and not address.startswith("127.") else []


def listed(names: Sequence[str]) -> list[str]:
    """These entries of ALLOWED_HOSTS. Raises ImproperlyConfigured for what can never be a request's host name."""
    for name in names:
        if not _listed.fullmatch(name.casefold()):
            raise ImproperlyConfigured(
                f"ALLOWED_HOSTS={name} is no host name: no scheme, no port, for example ALLOWED_HOSTS=dock.example.com."
            )
    return list(names)


def _own_address(family: socket.AddressFamily) -> str | None:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((_far_away[family], 9))
            return str(probe.getsockname()[0])
    except OSError:
        return None
