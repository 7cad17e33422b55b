"""The guard of conftest.py itself: it lets loopback through and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest

OUTSIDE = "192.0.2.1"  # kept for documentation by RFC 5737; no machine has it


async def test_loopback_is_open() -> None:
    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hi")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(greet, "localhost", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await reader.read() == b"hi"
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("way", ["connect", "connect_ex", "sendto", "create_connection", "getaddrinfo"])
def test_everything_else_is_refused(way: str, outside_attempts: list[str]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams, socket.socket() as stream:
        ways = {
            "connect": lambda: stream.connect((OUTSIDE, 9)),
            "connect_ex": lambda: stream.connect_ex((OUTSIDE, 9)),
            "sendto": lambda: datagrams.sendto(b"", (OUTSIDE, 9)),
            "create_connection": lambda: socket.create_connection((OUTSIDE, 9), timeout=0.1),
            "getaddrinfo": lambda: socket.getaddrinfo("dana.example", 443),
        }
        with pytest.raises(AssertionError, match="loopback only"):
            ways[way]()
    assert len(outside_attempts) == 1
    outside_attempts.clear()


async def test_asyncio_is_refused_too(outside_attempts: list[str]) -> None:
    with pytest.raises(AssertionError, match="loopback only"):
        await asyncio.open_connection(OUTSIDE, 9)
    outside_attempts.clear()


def test_swallowed_attempt_is_remembered(outside_attempts: list[str]) -> None:
    with socket.socket() as stream, contextlib.suppress(AssertionError):
        stream.connect((OUTSIDE, 9))
    assert outside_attempts == ["192.0.2.1:9"]
    outside_attempts.clear()
