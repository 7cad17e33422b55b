"""What holds for every test: no connection leaves this machine, hypothesis has no stopwatch, new databases are made quickly."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest

from tests import databases

# Wall-clock deadlines fail on busy machines, not on broken code. On CI the examples are the same each time.
hypothesis.settings.register_profile("realreply", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("realreply")


@pytest.fixture(autouse=True, scope="session")
def quick_databases() -> Iterator[None]:
    """See databases.py."""
    with databases.quick():
        yield


class OutsideLoopback(AssertionError):
    """A test reached out to another machine."""


def is_loopback(host: object) -> bool:
    """Whether a host, as sockets take it, is this machine. None and "" bind or look up locally."""
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)
    if name in ("", "localhost") or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(autouse=True)
def outside_attempts() -> Iterator[list[str]]:
    """Refuses connections, datagrams and name look-ups that would leave this machine, and fails the test even if the
    code under test swallowed the refusal. (Processes that a test starts are on their own.)
    """
    attempts: list[str] = []

    def refuse(what: str) -> None:
        attempts.append(what)
        raise OutsideLoopback(f"this test tried to reach {what}; tests talk to loopback only")

    def guarded(name: str, address_at: int) -> Any:
        original = getattr(socket.socket, name)

        def call(self: socket.socket, *args: Any) -> Any:
            address = args[address_at]
            if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(address[0]):
                refuse(f"{address[0]}:{address[1]}")
            return original(self, *args)

        return call

    original_lookup = socket.getaddrinfo

    def look_up(host: Any, *args: Any, **options: Any) -> Any:
        if not is_loopback(host):
            refuse(f"{host} (name look-up)")
        return original_lookup(host, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        for name, address_at in (("connect", 0), ("connect_ex", 0), ("sendto", -1)):
            patch.setattr(socket.socket, name, guarded(name, address_at))
        patch.setattr(socket, "getaddrinfo", look_up)
        yield attempts
    if attempts:
        pytest.fail(f"this test tried to leave the machine: {', '.join(attempts)}")
