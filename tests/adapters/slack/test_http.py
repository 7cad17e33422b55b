"""The HTTP server, to which Slack posts and anybody else: who is believed, how little a stranger gets, and what gets through."""

from __future__ import annotations

import asyncio
import errno
import json
import re
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from structlog.testing import capture_logs

from adapters.slack.http.limits import HttpLimits
from adapters.slack.http.server import HttpServer
from tests.slack_sandbox.push import signature

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
EVENT = json.dumps({"type": "event_callback", "team_id": "T1", "event": {"type": "message", "text": "Grüße"}}).encode()
FORM = "application/x-www-form-urlencoded"


class Taken(AsyncMiddleware):
    """Takes what bolt was handed. `held` keeps it from being answered."""

    def __init__(self) -> None:
        self.requests: list[AsyncBoltRequest] = []
        self.held = asyncio.Event()
        self.held.set()

    async def async_process(self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Any) -> BoltResponse:
        self.requests.append(req)
        await self.held.wait()
        return BoltResponse(status=200, body="")


@dataclass(kw_only=True)
class Place:
    """A server that listens, and what came of it."""

    server: HttpServer
    taken: Taken

    async def connect(self) -> Line:
        return Line(*await asyncio.open_connection("127.0.0.1", self.server.port))

    async def status(self, request: bytes) -> int:
        """The answer to one request on a connection of its own; 0 when there is none."""
        line = await self.connect()
        try:
            return await line.asks(request)
        finally:
            await line.close()


@dataclass
class Line:
    """A connection to it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: str = ""
    body: bytes = b""

    async def asks(self, request: bytes) -> int:
        self.writer.write(request)
        return await self.status()

    async def status(self) -> int:
        """The status of the next answer; 0 when the connection is closed instead."""
        async with asyncio.timeout(10):
            try:
                self.head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            except (asyncio.IncompleteReadError, ConnectionError):
                return 0
            length = re.search(r"(?i)content-length: (\d+)", self.head)
            self.body = await self.reader.readexactly(int(length[1])) if length else b""
        return int(self.head.split()[1])

    async def is_open(self) -> bool:
        """Whether it is still open. Asks the other side's kernel, which has closed it by now if it ever does."""
        try:
            async with asyncio.timeout(0.05):
                return bool(await self.reader.read(1))
        except TimeoutError:
            return True
        except ConnectionError:
            return False

    async def close(self) -> None:
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()


@asynccontextmanager
async def listening(**limits: Any) -> AsyncIterator[Place]:
    async def known(**_given: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="U1")

    app = AsyncApp(signing_secret=SECRET, authorize=known, process_before_response=True, ssl_check_enabled=False)
    taken = Taken()
    app.middleware(taken)
    server = HttpServer(app, SECRET, "127.0.0.1", 0, limits=HttpLimits(**limits))
    await server.start()
    try:
        yield Place(server=server, taken=taken)
    finally:
        taken.held.set()
        await server.stop()


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with listening() as there:
        yield there


def request(body: bytes = EVENT, *headers: str, start: str = "POST /slack/events HTTP/1.1", length: bool = True) -> bytes:
    lines = [start, "Host: bot", *headers, *([f"Content-Length: {len(body)}"] if length else [])]
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + body


def marks(body: bytes = EVENT, *, secret: str = SECRET, age: float = 0) -> tuple[str, str]:
    stamp = str(int(time.time() - age))
    return f"X-Slack-Request-Timestamp: {stamp}", f"X-Slack-Signature: {signature(secret, stamp, body)}"


def signed(body: bytes = EVENT, *headers: str, kind: str = "application/json", **how: Any) -> bytes:
    return request(body, f"Content-Type: {kind}", *marks(body, **how), *headers)


CHUNKED = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (EVENT[:50], EVENT[50:])) + b"0\r\n\r\n"


# -- what is Slack's


async def test_a_signed_event_reaches_bolt_as_its_own_server_hands_it_over(place: Place) -> None:
    assert await place.status(signed(EVENT, "X-Several: one", "X-Several: two")) == 200
    (taken,) = place.taken.requests
    assert taken.body["event"]["text"] == "Grüße" and taken.raw_body == EVENT.decode()
    assert taken.content_type == "application/json" and taken.mode == "http"
    assert taken.headers["host"] == ["bot"]


async def test_the_address_is_verified(place: Place) -> None:
    challenge = json.dumps({"type": "url_verification", "token": "t", "challenge": "3eZbrw"}).encode()
    line = await place.connect()
    assert await line.asks(signed(challenge)) == 200
    assert json.loads(line.body) == {"challenge": "3eZbrw"} and "application/json" in line.head
    await line.close()
    assert await place.status(request(challenge, "Content-Type: application/json")) == 401


@pytest.mark.parametrize(
    "check",
    [
        request(b"ssl_check=1&token=gIkuvaNzQIHg97ATvDxqgjtO", f"Content-Type: {FORM}"),
        request(b"", start="GET /slack/events?ssl_check=1 HTTP/1.1"),
    ],
)
async def test_the_certificate_is_checked_without_a_signature(place: Place, check: bytes) -> None:
    assert await place.status(check) == 200
    assert place.taken.requests == []


async def test_the_certificate_is_checked_with_a_signature(place: Place) -> None:
    assert await place.status(signed(b"token=x&ssl_check=1", kind=FORM)) == 200


async def test_a_body_in_chunks(place: Place) -> None:
    whole = request(CHUNKED, *marks(), "Content-Type: application/json", "Transfer-Encoding: chunked", length=False)
    assert await place.status(whole) == 200
    assert place.taken.requests[0].raw_body == EVENT.decode()


async def test_whoever_asks_whether_to_go_on_is_told_so(place: Place) -> None:
    line = await place.connect()
    head, body = signed(EVENT, "Expect: 100-continue").split(b"\r\n\r\n")
    assert await line.asks(head + b"\r\n\r\n") == 100
    assert await line.asks(body) == 200
    await line.close()


async def test_a_proxy_that_speaks_http_1_0_and_connects_anew_each_time(place: Place) -> None:
    line = await place.connect()
    assert await line.asks(signed().replace(b"HTTP/1.1", b"HTTP/1.0").replace(b"Host: bot", b"Connection: close")) == 200
    assert not await line.is_open()
    await line.close()


async def test_a_proxy_keeps_its_connection_and_may_send_on_before_it_is_answered(place: Place) -> None:
    line = await place.connect()
    assert await line.asks(signed() + signed() + signed()) == 200
    assert [await line.status(), await line.status()] == [200, 200]
    assert await line.asks(signed()) == 200
    assert len(place.taken.requests) == 4
    await line.close()


async def test_the_longest_message_edited_in_chinese_comes_in(place: Place) -> None:
    text = "集装箱在哪" * 8000
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}]}]
    message = {"type": "message", "text": text, "blocks": blocks}
    event = {"type": "message", "subtype": "message_changed", "message": message, "previous_message": message}
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event": event}).encode()
    assert len(body) > 950_000
    assert await place.status(signed(body)) == 200


# -- what isn't


STRANGE: dict[str, tuple[Callable[[], bytes], int]] = {
    "unsigned": (lambda: request(EVENT, "Content-Type: application/json"), 401),
    "unsigned form": (lambda: request(b"payload=%7B%7D", f"Content-Type: {FORM}"), 401),
    "unsigned form like a check": (lambda: request(b"not_ssl_check=1", f"Content-Type: {FORM}"), 401),
    "another secret": (lambda: signed(secret="another"), 401),
    "old": (lambda: signed(age=301), 401),
    "of the future": (lambda: signed(age=-302), 401),
    "without a stamp": (lambda: request(EVENT, marks()[1]), 401),
    "without a signature": (lambda: request(EVENT, marks()[0]), 401),
    "two signatures": (lambda: signed(EVENT, f"X-Slack-Signature: v0={'0' * 64}"), 401),
    "two stamps": (lambda: signed(EVENT, "X-Slack-Request-Timestamp: 1"), 401),
    "stamp is no number": (lambda: request(EVENT, "X-Slack-Request-Timestamp: soon", marks()[1]), 401),
    "stamp with other digits": (lambda: request(EVENT, "X-Slack-Request-Timestamp: ١٧٧٢٤٤٢٠٠٠", marks()[1]), 401),
    "signature is no number": (lambda: request(EVENT, marks()[0], "X-Slack-Signature: v0=1"), 401),
    "other body": (lambda: signed(EVENT)[:-1] + b" ", 401),
    "no text": (lambda: request(b"\xff\xfe", *marks(b"")), 401),
    "unsigned rubbish": (lambda: request(b"[" * 100_000, "Content-Type: application/json"), 401),
    "unsigned, no such charset": (lambda: request(b"{}", "Content-Type: text/plain; charset=no-such"), 401),
    "other path": (lambda: signed().replace(b"/slack/events", b"/.env"), 404),
    "path within": (lambda: signed().replace(b"/slack/events", b"/slack/events/x"), 404),
    "GET": (lambda: request(b"", start="GET /slack/events HTTP/1.1"), 405),
    "DELETE": (lambda: request(b"", start="DELETE /slack/events HTTP/1.1"), 405),
    "CONNECT": (lambda: request(b"", start="CONNECT /slack/events HTTP/1.1"), 404),
    "upgrade": (lambda: request(EVENT, "Connection: Upgrade", "Upgrade: websocket"), 401),
    "length twice": (lambda: request(b"{}", "Content-Length: 3"), 400),
    "length and chunks": (lambda: request(b"0\r\n\r\n", "Transfer-Encoding: chunked"), 400),
    "negative length": (lambda: request(b"", "Content-Length: -1", length=False), 400),
    "no chunk": (lambda: request(b"zz\r\n", *marks(), "Transfer-Encoding: chunked", length=False), 400),
    "space in a header's name": (lambda: request(b"", "A b: c"), 400),
    "header goes on": (lambda: request(b"", "A: b", " c"), 400),
    "TLS": (lambda: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "HTTP/2": (lambda: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "long path": (lambda: request(b"", start=f"POST /{'a' * 9000} HTTP/1.1"), 400),
    "long header": (lambda: request(b"", f"X: {'y' * 9000}"), 400),
    "many headers": (lambda: request(b"", *(f"X-{n}: y" for n in range(200))), 400),
    "too long, announced": (lambda: request(b"", *marks(), "Content-Length: 4000000", length=False), 413),
}


@pytest.mark.parametrize("name", STRANGE)
async def test_what_isnt_slacks_is_refused_without_a_word_of_ours(place: Place, name: str) -> None:
    given, status = STRANGE[name]
    line = await place.connect()
    with capture_logs() as lines:
        assert await line.asks(given()) == status
    assert line.body == b"" and not await line.is_open(), "a stranger gets one request"
    await line.close()
    assert place.taken.requests == []
    assert [said for said in lines if "exc_info" in said or "exception" in said or not said.get("repeats")] == []
    assert await place.status(signed()) == 200


NO_EVENT = [b'{"type": "event_callback", "team_id": "T1", "event": %b}' % event for event in (b"null", b'"x"', b"[]")]


@pytest.mark.parametrize("body", [b'{"a":' * 20_000, b"[1, 2]", b'"text"', b"{", b"1", b"null", *NO_EVENT])
async def test_what_slack_signed_and_nobody_can_read_is_refused(place: Place, body: bytes) -> None:
    with capture_logs() as lines:
        assert await place.status(signed(body)) == 400
    assert [said["event"] for said in lines] == ["slack_request_unreadable"] and lines[0]["repeats"]


async def test_a_stranger_is_told_what_may_be_done(place: Place) -> None:
    line = await place.connect()
    assert await line.asks(request(b"", start="PUT /slack/events HTTP/1.1")) == 405
    assert "Allow: POST" in line.head
    await line.close()


async def test_an_unsigned_body_isnt_waited_for(place: Place) -> None:
    assert await place.status(request(b"", "Content-Type: application/json", "Content-Length: 1000000", length=False)) == 401
    assert await place.status(request(b"", f"Content-Type: {FORM}", "Content-Length: 5000", length=False)) == 401
    assert await place.status(request(b"", f"Content-Type: {FORM}", "Transfer-Encoding: chunked", length=False)) == 401


async def test_the_body_of_an_old_request_isnt_waited_for_and_the_clock_is_named(place: Place) -> None:
    old = request(b"", *marks(age=400), "Content-Length: 1000000", length=False)
    with capture_logs() as lines:
        assert await place.status(old) == 401
    assert [said["event"] for said in lines] == ["slack_request_old"] and "clock" in lines[0]["say"]


async def test_chunks_without_an_end_are_refused() -> None:
    async with listening(body=100_000) as place:
        endless = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        head = request(b"", *marks(), "Transfer-Encoding: chunked", length=False)
        assert await place.status(head + endless * 3) == 413


async def test_nothing_rides_behind_a_strangers_request(place: Place) -> None:
    line = await place.connect()
    assert await line.asks(request(b"{}") + signed()) == 401
    assert await line.status() == 0
    await line.close()
    assert place.taken.requests == []


async def test_what_rides_inside_a_refused_body_is_body(place: Place) -> None:
    inside = signed()
    assert await place.status(request(inside, *marks(secret="another"))) == 401
    assert await place.status(request(b"0\r\n\r\n" + inside, *marks(), "Transfer-Encoding: chunked")) == 400
    assert place.taken.requests == []


# -- how little a stranger gets


@pytest.mark.parametrize(
    ("begun", "status"),
    [
        (lambda: b"", 0),
        (lambda: b"POST /slack/ev", 408),
        (lambda: b"POST /slack/events HTTP/1.1\r\nHost: x\r\n", 408),
        (lambda: request(b'{"a', *marks(), "Content-Length: 100", length=False), 408),
    ],
)
async def test_a_request_that_isnt_there_in_time_is_refused(begun: Callable[[], bytes], status: int) -> None:
    async with listening(request=0.1) as place:
        with capture_logs() as lines:
            assert await place.status(begun()) == status
        assert [said["event"] for said in lines] == ["http_late"]


async def test_bytes_that_come_slowly_win_no_time() -> None:
    async with listening(request=0.2) as place:
        line = await place.connect()
        begun = time.monotonic()
        line.writer.write(b"POST /slack/events HTTP/1.1\r\n")
        answer = asyncio.create_task(line.status())
        for number in range(1000):
            if answer.done():
                break
            line.writer.write(f"X-{number % 10}: y\r\n".encode())
            await asyncio.wait({answer}, timeout=0.02)
        assert await answer == 408
        assert time.monotonic() - begun < 5
        await line.close()


async def test_the_next_request_on_a_kept_connection_has_its_time_too() -> None:
    async with listening(request=0.2) as place:
        line = await place.connect()
        assert await line.asks(signed()) == 200
        await asyncio.sleep(0.3)  # idle is no request
        assert await line.asks(signed()) == 200
        assert await line.asks(b"POST /slack/events") == 408
        await line.close()


async def test_an_answer_that_takes_long_isnt_broken_off() -> None:
    async with listening(request=0.1) as place:
        place.taken.held.clear()
        asking = asyncio.create_task(place.status(signed()))
        await asyncio.sleep(0.3)
        place.taken.held.set()
        assert await asking == 200


async def test_whoever_comes_has_the_place_of_the_oldest_stranger() -> None:
    async with listening(connections=5) as place:
        strangers = [await place.connect() for _ in range(5)]
        for stranger in strangers:
            stranger.writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\n")
        with capture_logs() as lines:
            assert await place.status(signed()) == 200
        assert [await stranger.is_open() for stranger in strangers] == [False, True, True, True, True]
        assert {said["event"] for said in lines} == {"http_crowded"} and all(said["repeats"] for said in lines)
        for stranger in strangers:
            await stranger.close()


async def test_idle_connections_make_way_before_strangers_have_too_little_room() -> None:
    async with listening(connections=4) as place:
        kept = [await place.connect() for _ in range(4)]
        assert [await line.asks(signed()) for line in kept] == [200] * 4
        strangers = [await place.connect() for _ in range(2)]
        assert await place.status(signed()) == 200
        assert [await line.is_open() for line in kept[:2]] == [False, False]
        assert await kept[3].asks(signed()) == 200
        for line in (*kept, *strangers):
            await line.close()


async def test_what_is_slacks_is_never_thrown_out() -> None:
    async with listening(connections=3) as place:
        place.taken.held.clear()
        asking: list[asyncio.Task[int]] = []
        with capture_logs() as lines:
            for number in range(3):
                asking.append(asyncio.create_task(place.status(signed())))
                while len(place.taken.requests) <= number:
                    await asyncio.sleep(0)
            asking += [asyncio.create_task(place.status(signed())) for _ in range(2)]
            await asyncio.wait(asking, timeout=0.05)
        assert len(place.taken.requests) == 3 and not any(task.done() for task in asking)
        assert {said["event"] for said in lines} <= {"http_full"}
        place.taken.held.set()
        assert await asyncio.gather(*asking) == [200] * 5


async def test_whoever_holds_most_is_thrown_out_when_all_hold_too_much() -> None:
    async with listening(unverified=100_000) as place:
        small, large, other = [await place.connect() for _ in range(3)]
        head = request(b"", *marks(), "Content-Length: 200000", length=False)
        small.writer.write(head + b"x" * 1_000)
        large.writer.write(head + b"x" * 60_000)
        await asyncio.sleep(0.05)
        assert await large.is_open()
        with capture_logs() as lines:
            other.writer.write(head + b"x" * 50_000)
            assert await large.status() == 0
        assert await small.is_open() and await other.is_open()
        assert [said["event"] for said in lines] == ["http_bodies_crowded"]
        assert await place.status(signed()) == 200
        for line in (small, large, other):
            await line.close()


async def test_what_was_answered_or_refused_counts_no_more() -> None:
    async with listening(unverified=3 * len(signed())) as place:
        line = await place.connect()
        with capture_logs() as lines:
            assert [await line.asks(signed()) for _ in range(10)] == [200] * 10
            assert [await place.status(request()) for _ in range(10)] == [401] * 10
        assert [said for said in lines if said["event"] == "http_bodies_crowded"] == []
        await line.close()


# -- the machine, and the end


async def test_a_machine_without_files_is_said_and_got_over(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    accept, failures = loop.sock_accept, [OSError(errno.EMFILE, "too many"), OSError(errno.ECONNABORTED, "gone")]

    async def fails(there: socket.socket) -> Any:
        if failures:
            raise failures.pop(0)
        return await accept(there)

    monkeypatch.setattr(loop, "sock_accept", fails)
    with capture_logs() as lines:
        assert await place.status(signed()) == 200  # the accept that was under way
        assert await place.status(signed()) == 200
    assert failures == []
    assert [said["event"] for said in lines] == ["http_no_files"] and lines[0]["repeats"]


async def test_a_stop_finishes_what_is_slacks_and_waits_for_nobody_else() -> None:
    async with listening() as place:
        place.taken.held.clear()
        asking = asyncio.create_task(place.status(signed()))
        while not place.taken.requests:
            await asyncio.sleep(0)
        half_open, half_body, idle = [await place.connect() for _ in range(3)]
        half_open.writer.write(b"POST /slack/events HTTP/1.1\r\n")
        half_body.writer.write(request(b"x", *marks(), "Content-Length: 100", length=False))
        stopping = asyncio.create_task(place.server.stop())
        for stranger in (half_open, half_body, idle):
            assert await stranger.status() == 0
            await stranger.close()
        assert not stopping.done()
        place.taken.held.set()
        async with asyncio.timeout(2):
            await stopping
        assert await asking == 200


async def test_the_port_is_free_after_the_stop() -> None:
    async with listening() as place:
        port = place.server.port
        line = await place.connect()
        assert await line.asks(signed()) == 200
        await place.server.stop()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        await line.close()
