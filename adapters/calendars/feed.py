"""An iCalendar feed: fetched over https within limits, then read by a process that is ended when it takes too long.

Its address is a secret (whoever has it reads the calendar): it stands in no message and no line of the log.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from ipaddress import ip_address

import aiohttp
from yarl import URL

from adapters.calendars.expansion import unpacked
from bot.domain.durations import Instant, Seconds
from bot.domain.duty import CalendarEntry
from bot.errors import CalendarError

LARGEST = 5 * 1024 * 1024
"""Bytes of a feed."""

LONGEST_FETCH: Seconds = 30

LONGEST_READING: Seconds = 20
"""How long the process may take that reads it: a calendar of thousands of events takes two."""

MOST_REDIRECTS = 3

_MOVED = frozenset({301, 302, 303, 307, 308})

_WEBCAL = "webcal://"
"""How calendar programs write the address of a feed; it is read over https."""


class CalendarFeed:
    """Fits `bot.ports.TeamCalendar`. `address` gives the feed's address when it is needed; `zone` is the IANA name of the zone
    by which whole days are meant."""

    def __init__(self, address: Callable[[], str], *, zone: str) -> None:
        self._address = address
        self._zone = zone

    async def entries(self, since: Instant, until: Instant) -> Sequence[CalendarEntry]:
        """What stands in the feed in a span. Raises CalendarError."""
        content = await self._fetch(self._address().strip())
        return await self._read(content, since, until)

    async def _fetch(self, address: str) -> bytes:
        if address.casefold().startswith(_WEBCAL):
            address = "https://" + address[len(_WEBCAL) :]
        try:
            url = URL(address)
        except ValueError:
            raise CalendarError("The calendar's address isn't one. Give the address that ends in .ics.") from None
        # `from None` throughout: the library's errors have the address in them.
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LONGEST_FETCH)) as session:
                _refuse_unsafe(url)
                for _ in range(MOST_REDIRECTS + 1):
                    async with session.get(url, allow_redirects=False) as answer:
                        if answer.status in _MOVED and "Location" in answer.headers:
                            url = followed(url, answer.headers["Location"])
                            continue
                        if answer.status != 200:
                            raise CalendarError(_refused(answer.status))
                        return await _bounded(answer)
        except TimeoutError:
            raise CalendarError(f"The calendar's server took longer than {LONGEST_FETCH:g} seconds.") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise CalendarError(f"The calendar's server couldn't be reached ({type(error).__name__}).") from None
        raise CalendarError(f"The calendar's address leads on to another more than {MOST_REDIRECTS} times.")

    async def _read(self, content: bytes, since: Instant, until: Instant) -> Sequence[CalendarEntry]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "adapters.calendars.expansion",
            *(repr(since), repr(until), self._zone),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            told, _ = await asyncio.wait_for(process.communicate(content), LONGEST_READING)
        except TimeoutError:
            raise CalendarError(
                f"Reading the calendar took longer than {LONGEST_READING:g} seconds: some event in it recurs without end."
            ) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            raise CalendarError("The calendar couldn't be read: something in it is damaged.")
        line = told.decode("utf-8")
        refused = json.loads(line)
        if isinstance(refused, str):
            raise CalendarError(refused)
        return unpacked(line)


def followed(url: URL, location: str) -> URL:
    """Where a redirect leads from an address. Raises CalendarError where that is less safe: whoever listens on the way would read
    the calendar and its address."""
    to = url.join(URL(location))
    here = url.scheme == "http" and to.scheme == "http" and _is_loopback(to.host or "")
    if to.scheme == "https" or here:
        return to
    raise CalendarError(
        "The calendar's server leads on to an address that doesn't begin with https://, on the way to which others could read "
        "along. So it isn't followed: give the address that the calendar is to be read from."
    )


def _refuse_unsafe(url: URL) -> None:
    """Raise CalendarError for what is neither https nor on this machine."""
    if url.scheme == "https" or (url.scheme == "http" and _is_loopback(url.host or "")):
        return
    raise CalendarError("The calendar's address must begin with https:// (http:// is for this machine alone).")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refused(status: int) -> str:
    if status in (401, 403, 404, 410):
        return f"The calendar's server answers {status}: its address may have been made anew. Copy it again."
    return f"The calendar's server answers {status}."


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in answer.content.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > LARGEST:
            raise CalendarError(f"The calendar is larger than {LARGEST // (1024 * 1024)} MB. Give realreply a smaller one.")
    return bytes(content)
