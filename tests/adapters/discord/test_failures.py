"""Discord's refusals as the bot's own errors (docs.discord.com, "Opcodes and Status Codes", JSON error codes)."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from adapters.discord.failures import (
    AnsweredAlready,
    PostGone,
    ReplyToNothing,
    ThreadClosed,
    Waiting,
    failed,
)
from bot.errors import AccessLost, DeliveryError, DirectMessagesClosed, Forbidden, Gone, OutOfReach, Rejected, RetryLater


def answer(status: int, body: Any = None, kind: type[discord.HTTPException] = discord.HTTPException) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="Reason")
    return kind(response, body)


def coded(status: int, code: int) -> discord.HTTPException:
    return answer(status, {"code": code, "message": "said by Discord"})


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (coded(404, 10003), Gone), (coded(404, 10004), OutOfReach), (coded(404, 10008), PostGone), (coded(404, 10062), Gone),
        (coded(403, 50001), Forbidden), (coded(403, 50013), Forbidden), (coded(403, 99999), Forbidden),
        (coded(403, 50007), DirectMessagesClosed), (coded(400, 50278), DirectMessagesClosed),
        (coded(400, 50083), ThreadClosed), (coded(403, 160005), ThreadClosed),
        (coded(429, 30046), RetryLater), (coded(429, 20028), RetryLater), (coded(400, 40062), RetryLater),
        (coded(400, 50035), Rejected), (coded(400, 200000), Rejected), (coded(400, 240000), Rejected),
        (coded(400, 40060), AnsweredAlready), (coded(401, 50027), Gone),
        (coded(401, 0), AccessLost), (coded(401, 50014), AccessLost), (discord.LoginFailure("no"), AccessLost),
        (coded(500, 0), RetryLater), (answer(503), RetryLater), (answer(404), RetryLater), (answer(429, "banned"), RetryLater),
        (discord.RateLimited(75.0), RetryLater), (TimeoutError(), RetryLater), (ConnectionResetError(), RetryLater),
        (aiohttp.ServerDisconnectedError(), RetryLater), (KeyError("id"), RetryLater),
    ],
)  # fmt: skip
def test_each_refusal_has_its_kind_and_says_what_for(error: Exception, kind: type[DeliveryError]) -> None:
    found = failed(error, "posting a message", where="77")
    assert type(found) is kind
    assert "posting a message in 77" in str(found)


def test_a_reply_to_what_was_deleted_is_told_from_a_mistake_of_ours() -> None:
    unknown = {"message_reference": {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]}}
    assert (
        type(failed(answer(400, {"code": 50035, "message": "Invalid Form Body", "errors": unknown}), "posting")) is ReplyToNothing
    )
    long = {"components": {"0": {"content": {"_errors": [{"code": "BASE_TYPE_BAD_LENGTH", "message": "Must be shorter"}]}}}}
    found = failed(answer(400, {"code": 50035, "message": "Invalid Form Body", "errors": long}), "posting")
    assert type(found) is Rejected
    assert "for components.0.content." in str(found)


@pytest.mark.parametrize(
    ("error", "uncertain"),
    [
        (coded(500, 0), True), (answer(503), True), (TimeoutError(), True), (ConnectionResetError(), True),
        (aiohttp.ServerDisconnectedError(), True), (discord.RateLimited(75.0), False), (coded(429, 20028), False),
        (answer(429, "banned"), False), (coded(400, 50083), False),
    ],
)  # fmt: skip
def test_whether_it_may_have_arrived(error: Exception, uncertain: bool) -> None:
    found = failed(error, "posting")
    assert isinstance(found, RetryLater)
    assert found.uncertain is uncertain


def test_a_ban_of_the_address_is_waited_for_long_and_a_limit_as_long_as_it_says() -> None:
    banned, limited = failed(answer(429, "<html>"), "posting"), failed(discord.RateLimited(75.0), "posting")
    assert isinstance(banned, RetryLater) and isinstance(limited, RetryLater)
    assert (banned.after, limited.after) == (3600, 75)


def test_the_permission_that_is_missing_is_named() -> None:
    assert "(Send Messages)" in str(failed(coded(403, 50013), "posting", needs="Send Messages"))


def test_nothing_of_what_was_sent_is_repeated() -> None:
    body = {"code": 50035, "message": "Invalid", "errors": {"content": {"_errors": [{"message": "Dana wrote a secret"}]}}}
    assert "secret" not in str(failed(answer(400, body), "posting"))


async def test_a_request_goes_on_when_nobody_waits_for_it_any_more() -> None:
    done = asyncio.Event()
    may = asyncio.Event()

    async def request() -> None:
        await may.wait()
        done.set()

    waiting = Waiting(patience=0.001)
    with pytest.raises(RetryLater) as given_up:
        await waiting.answer(request(), "posting")
    assert given_up.value.uncertain
    cancelled = asyncio.create_task(Waiting().answer(request(), "posting"))
    await asyncio.sleep(0)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    may.set()
    await waiting.settle(1)
    assert done.is_set()


async def test_a_late_failure_is_no_ones_loss() -> None:
    may = asyncio.Event()

    async def request() -> None:
        await may.wait()
        raise coded(500, 0)

    waiting = Waiting(patience=0.001)
    with pytest.raises(RetryLater):
        await waiting.answer(request(), "posting")
    may.set()
    await waiting.settle(1)


async def test_what_the_library_raises_is_ours_afterwards() -> None:
    async def request() -> None:
        raise coded(403, 50001)

    with pytest.raises(Forbidden, match="View Channel"):
        await Waiting().answer(request(), "posting", where="77")
