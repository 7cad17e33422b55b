"""Calls to Slack's methods against a small server: what goes out, what comes back, what goes wrong."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.failures import MessageGone, MissingScope
from adapters.slack.pace import Pace
from adapters.slack.web import MOST_TRIES, Web
from bot.engine.clock import VirtualClock
from bot.errors import AccessLost, DeliveryError, Forbidden, OutOfReach, Rejected, RetryLater

TOKEN = "xoxb-1-made-up-token"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Slack:
    """A server that gives its `answers` one after the other, the last one again and again."""

    def __init__(self) -> None:
        self.clock = VirtualClock(1000.0)
        self.slept: list[float] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.headers: dict[str, str] = {}
        self.answers: list[Any] = [{"ok": True}]

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance_to(self.clock.now() + seconds)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        self.asked.append((request.match_info["method"], {key: str(value) for key, value in form.items()}))
        self.headers = dict(request.headers)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, dict):
            return web.json_response(answer)
        if callable(answer):
            found: web.StreamResponse = await answer(request)
            return found
        status, headers, text = answer
        return web.Response(status=status, headers=headers, text=text)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    yield Slack()


@pytest.fixture
async def api(slack: Slack) -> AsyncIterator[Web]:
    app = web.Application()
    app.router.add_post("/api/{method}", slack.handle)
    server = TestServer(app)
    await server.start_server()
    api = Web(TOKEN, base_url=str(server.make_url("/api/")), clock=slack.clock, sleep=slack.sleep, timeout=1.0)
    yield api
    await api.close()
    await server.close()


async def fails(api: Web, method: str = "chat.postMessage", **arguments: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await api.call(method, **({"channel": "C1"} | arguments))
    for text in (str(caught.value), repr(caught.value), repr(caught.value.__cause__), repr(caught.value.__context__)):
        assert TOKEN not in text
    # Whoever prints a traceback with its values must not come upon the request: it holds the token.
    assert caught.value.__cause__ is None and caught.value.__context__ is None
    return caught.value


async def test_arguments_go_as_a_form_and_the_token_as_a_header(slack: Slack, api: Web) -> None:
    slack.answers = [{"ok": True, "ts": "1.2"}]
    blocks = [{"type": "divider", "text": "é"}]
    answer = await api.call("chat.postMessage", channel="C1", blocks=blocks, link_names=False, mrkdwn=True, limit=5, cursor=None)
    assert answer["ts"] == "1.2"
    ((method, form),) = slack.asked
    assert (method, json.loads(form.pop("blocks"))) == ("chat.postMessage", blocks)
    assert form == {"channel": "C1", "link_names": "false", "mrkdwn": "true", "limit": "5"}
    assert slack.headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        ("not_in_channel", Forbidden, "/invite"),
        ("restricted_action", Forbidden, "admin"),
        ("channel_not_found", OutOfReach, "C1"),
        ("is_archived", OutOfReach, "unarchive"),
        ("message_not_found", MessageGone, "deleted"),
        ("token_revoked", AccessLost, "reinstall"),
        ("account_inactive", AccessLost, "new bot token"),
        ("invalid_auth", AccessLost, "new bot token"),
        ("msg_too_long", Rejected, "msg_too_long"),
        ("invalid_blocks", Rejected, "would not help"),
        ("something_never_seen", Rejected, "something_never_seen"),
        (None, Rejected, "without saying why"),
        ("an <error> nobody sends", Rejected, "without saying why"),
    ],
)
async def test_refusals(slack: Slack, api: Web, code: str | None, kind: type[DeliveryError], says: str) -> None:
    slack.answers = [{"ok": False, "error": code}]
    error = await fails(api)
    assert type(error) is kind and says in str(error) and "chat.postMessage" in str(error) and "C1" in str(error)
    assert len(slack.asked) == 1


async def test_a_refused_payload_says_which_part(slack: Slack, api: Web) -> None:
    remarks = ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text]"]
    slack.answers = [{"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": remarks}}]
    assert "/blocks/0/text" in str(await fails(api))


async def test_a_missing_permission_is_named(slack: Slack, api: Web) -> None:
    slack.answers = [{"ok": False, "error": "missing_scope", "needed": "groups:read", "provided": "chat:write"}]
    error = await fails(api, "users.conversations")
    assert isinstance(error, MissingScope) and error.needed == "groups:read"
    assert "groups:read" in str(error) and "reinstall" in str(error)


@pytest.mark.parametrize(
    ("answer", "after", "uncertain"),
    [
        ((429, {"Retry-After": "17"}, '{"ok":false,"error":"ratelimited"}'), 17.0, False),
        ((429, {"Retry-After": "0"}, ""), 1.0, False),
        ((429, {"Retry-After": "a while"}, ""), 30.0, False),
        ((429, {"Retry-After": "99999999"}, ""), 3600.0, False),
        ({"ok": False, "error": "ratelimited"}, 30.0, False),
        ({"ok": False, "error": "internal_error"}, 30.0, True),
        ((500, {}, "oops"), 30.0, True),
        ((503, {"Content-Type": "text/html", "Retry-After": "5"}, "<html>"), 5.0, True),
        ((200, {"Content-Type": "text/html"}, "<html>a proxy's page"), 30.0, True),
        ((200, {"Content-Type": "application/json"}, '{"ok": tru'), 30.0, True),
        ((200, {"Content-Type": "application/json"}, '["ok"]'), 30.0, True),
        ((200, {"Content-Type": "text/plain"}, "ok"), 30.0, True),
        ((200, {"Content-Type": "application/json"}, ""), 30.0, True),
    ],
)
async def test_trouble_is_tried_again_later(slack: Slack, api: Web, answer: Any, after: float, uncertain: bool) -> None:
    slack.answers = [answer]
    error = await fails(api)
    assert isinstance(error, RetryLater) and (error.after, error.uncertain) == (after, uncertain)
    assert len(slack.asked) == 1 and slack.slept == []


async def test_a_dropped_connection_may_have_delivered(slack: Slack, api: Web) -> None:
    async def drop(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    slack.answers = [drop]
    error = await fails(api)
    assert isinstance(error, RetryLater) and error.uncertain and len(slack.asked) == 1


async def test_no_answer_in_time_may_have_delivered(slack: Slack, api: Web) -> None:
    async def hang(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    slack.answers = [hang]
    error = await fails(api)
    assert isinstance(error, RetryLater) and error.uncertain and "in time" in str(error)


async def test_without_a_connection_nothing_was_delivered(slack: Slack) -> None:
    with socket.socket() as taken:  # bound, not listening: refuses connections
        taken.bind(("127.0.0.1", 0))
        api = Web(TOKEN, base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/api/", clock=slack.clock, sleep=slack.sleep)
        error = await fails(api)
        await api.close()
    assert isinstance(error, RetryLater) and not error.uncertain


async def test_a_patient_call_waits_as_long_as_slack_asks(slack: Slack, api: Web) -> None:
    slack.answers = [(429, {"Retry-After": "7"}, ""), (500, {}, ""), {"ok": True, "members": []}]
    assert await api.call("conversations.members", patient=True, channel="C1") == {"ok": True, "members": []}
    assert slack.slept == [7.0, 30.0] and len(slack.asked) == 3


async def test_patience_ends(slack: Slack, api: Web) -> None:
    slack.answers = [(429, {"Retry-After": "7"}, "")]
    with pytest.raises(RetryLater):
        await api.call("auth.test", patient=True)
    assert len(slack.asked) == MOST_TRIES
    slack.answers = [(429, {"Retry-After": "3000"}, "")]
    with pytest.raises(RetryLater):
        await api.call("auth.test", patient=True)
    assert len(slack.asked) == MOST_TRIES + 1
    slack.answers = [{"ok": False, "error": "invalid_auth"}]
    with pytest.raises(AccessLost):
        await api.call("auth.test", patient=True)
    assert len(slack.asked) == MOST_TRIES + 2


async def test_patient_calls_keep_below_slacks_rate(slack: Slack, api: Web) -> None:
    start = slack.clock.now()
    for _ in range(60):
        await api.call("conversations.history", patient=True, channel="C1")
    minutes = (slack.clock.now() - start) / 60
    assert 1.0 < minutes < 1.6  # 60 calls: tier 3 allows 50 a minute


async def test_calls_that_cannot_wait_are_counted_but_not_held_up(slack: Slack) -> None:
    pace = Pace(60.0, clock=slack.clock, sleep=slack.sleep)
    for _ in range(30):
        pace.take()
    assert slack.slept == []
    await pace.turn()
    assert slack.slept and slack.slept[0] > 20
    slack.clock.advance_to(slack.clock.now() + 3600)
    slack.slept.clear()
    await pace.turn()
    assert slack.slept == []
