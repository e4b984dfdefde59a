"""Ports of loopback for servers that must be told theirs."""

import random
import socket
from pathlib import Path

LOWEST = 10_000
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_given: set[int] = set()
_chance = random.SystemRandom()  # processes of tests run side by side, and some tests seed the usual one


def free_port() -> int:
    """Return a port on which nobody listens, another one at each call. What the system chooses itself, for port 0 and
    for everyone who connects to something, lies above it, so that nobody is given it before its server starts."""
    while True:
        port = _chance.randrange(LOWEST, _first_of_the_system())
        if port not in _given and _is_free(port):
            _given.add(port)
            return port


def _first_of_the_system() -> int:
    first = int(_RANGE.read_text().split()[0]) if _RANGE.exists() else 32_768
    return first if first > 2 * LOWEST else 32_768  # a system that leaves no room gives no certainty


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
