"""A feed is fetched within limits and read in a process of its own; whatever fails is said without its address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web
from yarl import URL

from adapters.calendars import feed as feeds
from adapters.calendars.feed import CalendarFeed
from bot.errors import CalendarError

SECRET = "a-long-secret"
SINCE, UNTIL = datetime(2026, 3, 1, tzinfo=UTC).timestamp(), datetime(2026, 4, 1, tzinfo=UTC).timestamp()
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Harbor//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
    "DTSTART:20260316T080000Z\r\nDTEND:20260316T170000Z\r\nSUMMARY:Ana on duty\r\n{}END:VEVENT\r\nEND:VCALENDAR\r\n"
)


@asynccontextmanager
async def served(answer: Callable[[web.Request], web.StreamResponse]) -> AsyncIterator[str]:
    async def handle(request: web.Request) -> web.StreamResponse:
        return answer(request)

    app = web.Application()
    app.router.add_get("/{rest:.*}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}/{SECRET}/duty.ics"
    finally:
        await runner.cleanup()


async def refused(answer: Callable[[web.Request], web.StreamResponse]) -> str:
    async with served(answer) as address:
        with pytest.raises(CalendarError) as raised:
            await CalendarFeed(lambda: address, zone="Europe/Berlin").entries(SINCE, UNTIL)
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None
    return str(raised.value)


async def test_a_feed_is_read_after_a_redirect() -> None:
    def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/moved.ics"):
            return web.Response(text=CALENDAR.format(""), content_type="text/calendar")
        return web.Response(status=302, headers={"Location": "/moved.ics"})

    async with served(answer) as address:
        entries = await CalendarFeed(lambda: address, zone="Europe/Berlin").entries(SINCE, UNTIL)
    assert [entry.summary for entry in entries] == ["Ana on duty"]


@pytest.mark.parametrize("location", ["http://calendar.example/b.ics", "http://127.0.0.1:8080/b.ics", "ftp://calendar.example/b"])
def test_a_redirect_from_https_to_what_others_can_read_isn_t_followed(location: str) -> None:
    with pytest.raises(CalendarError, match="leads on to an address that doesn't begin with https") as raised:
        feeds.followed(URL("https://calendar.example/secret.ics"), location)
    assert "secret" not in str(raised.value) and "calendar.example" not in str(raised.value)
    assert feeds.followed(URL("https://calendar.example/a.ics"), "/b.ics") == URL("https://calendar.example/b.ics")


async def test_a_series_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "LONGEST_READING", 0.6)
    endless = CALENDAR.format("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\n")
    assert "recurs without end" in await refused(lambda _: web.Response(text=endless))


@pytest.mark.parametrize(
    ("status", "headers", "says"),
    [
        (404, {}, "answers 404: its address may have been made anew"),
        (500, {}, "answers 500"),
        (302, {"Location": "/again.ics"}, "more than 3 times"),
        (302, {"Location": "http://calendar.example/secret.ics"}, "leads on to an address that doesn't begin with https"),
        (302, {"Location": "file:///etc/passwd"}, "leads on to an address that doesn't begin with https"),
    ],
)
async def test_what_a_server_answers_is_said(status: int, headers: dict[str, str], says: str) -> None:
    assert says in await refused(lambda _: web.Response(status=status, headers=headers))


async def test_a_feed_that_is_too_large_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "LARGEST", 1024 * 1024)
    assert "larger than 1 MB" in await refused(lambda _: web.Response(body=b"x" * (1024 * 1024 + 1)))


async def test_a_slow_server_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "LONGEST_FETCH", 0.05)
    never = asyncio.Event()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await never.wait()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(CalendarError, match=r"longer than 0\.05 seconds"):
        await CalendarFeed(lambda: f"http://127.0.0.1:{port}/{SECRET}", zone="UTC").entries(SINCE, UNTIL)
    never.set()
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize("address", ["http://calendar.example/a.ics", "ftp://calendar.example/a.ics", "duty.ics", ""])
async def test_only_what_nobody_overhears_is_fetched(address: str) -> None:
    with pytest.raises(CalendarError, match="https"):
        await CalendarFeed(lambda: address, zone="UTC").entries(SINCE, UNTIL)
