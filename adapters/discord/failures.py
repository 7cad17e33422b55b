"""Discord's refusals and the network's troubles as the bot's own errors, each with a sentence that says what to do; and the one
way in which the library is waited for.

Codes are those of https://docs.discord.com/developers/topics/opcodes-and-status-codes, "JSON Error Codes". No sentence holds an
argument's text or anything of a token: `where` is an id.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

import aiohttp
import discord
import structlog

from bot.domain.durations import HOUR, Seconds
from bot.errors import (
    AccessLost,
    DeliveryError,
    DirectMessagesClosed,
    Forbidden,
    Gone,
    OutOfReach,
    Rejected,
    RetryLater,
    described,
)

UNKNOWN_PAUSE: Final[Seconds] = 30.0
"""How long to wait where Discord doesn't say: after a server's error, a dropped connection."""

BANNED_PAUSE: Final[Seconds] = HOUR
"""After a 429 that isn't Discord's own but of what stands before it (Cloudflare): the machine's address is shut out, for up to an
hour. Asking on would prolong that."""

PATIENCE: Final[Seconds] = 90.0
"""How long a request is waited for, in real seconds. The library repeats by itself for up to 25 s after a server's error, and
sleeps up to 60 s when it is told to slow down (`max_ratelimit_timeout`)."""

_LOST = {
    50014: "the token isn't valid any more",
    40001: "the token isn't accepted",
    40002: "the bot's account has to be verified first",
}

_GONE = {
    10003: "there is no such channel or thread any more, or the bot can't see it",
    10004: "the bot isn't in that server any more",
    10007: "the person has left the server",
    10013: "there is no such account",
    10015: "the command or click it answers is too long ago",
    10062: "the command or click it answers is too long ago, or was answered by another process with the same token",
    50027: "the command or click it answers is too long ago",
}

_FORBIDDEN = {
    20009: "the server's filter for explicit content doesn't let it through: let the bot be exempt from it",
    20026: "the bot's account was flagged: look at the Developer Portal",
    30007: "the server has no room for more of them",
    40333: "something in between doesn't let the bot through. Check the proxy or firewall",
    50001: "the bot can't see the channel: give its role View Channel there",
    50003: "that can't be done in direct messages",
    50005: "the message is somebody else's",
    50008: "nobody can post in a channel of this kind: choose a text channel",
    50009: "the server asks for a verified account there: ask an admin",
    50024: "that can't be done in a channel of this kind: choose a text channel",
    50095: "the bot is timed out there, or lacks a permission: ask an admin",
    50106: "that is for others: ask an admin",
    160002: "the bot lacks Read Message History there, without which it can't reply to its own post",
}

_SLOW_DOWN = frozenset({20016, 20022, 20028, 20029, 30046, 31001, 31002, 40062})
"""Slow mode, too many writes to a channel or a server, too many edits of an old message."""

_BLOCKED = {
    200000: "the server's AutoMod doesn't let it through: exempt the bot's role or the channel from its rules",
    200001: "the server's AutoMod doesn't let its title through: exempt the bot's role from its rules",
    240000: "Discord's filter for harmful links doesn't let it through",
}

_FIELD = re.compile(r"^In ([A-Za-z0-9_.]{1,120}): ", re.MULTILINE)
"""A field that Discord finds fault with, as the library writes it."""

_Answer = TypeVar("_Answer")

log = structlog.get_logger()


class PostGone(Gone):
    """The message was deleted; its place may well be there."""


class ReplyToNothing(PostGone):
    """The message that a reply refers to was deleted."""


class ThreadClosed(RetryLater):
    """The thread is archived or locked, so that nothing in it can be changed until it is open again."""


class AnsweredAlready(Rejected):
    """A command or click was acknowledged before: by an earlier try of ours, whose answer was lost, or by another process."""


class Waiting:
    """Requests under way. None is ever cancelled: one that is, while Discord asks for everybody to slow down, leaves the library
    in a state in which every later request waits for ever."""

    def __init__(self, *, patience: Seconds = PATIENCE) -> None:
        self._patience = patience
        self._under_way: set[asyncio.Task[Any]] = set()

    async def answer(self, request: Coroutine[Any, Any, _Answer], doing: str, *, where: str = "", needs: str = "") -> _Answer:
        """What a request of the library gives. `doing` says what it is for ("posting a message"), `where` is an id, `needs` the
        permissions it takes, by the names that people read. Raises DeliveryError and its kinds only; whoever is cancelled while
        waiting leaves the request running."""
        task = asyncio.create_task(_only(request), name=f"discord: {doing}")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        try:
            done, _ = await asyncio.wait({task}, timeout=self._patience)
        except asyncio.CancelledError:
            task.add_done_callback(_came_late)
            raise
        if not done:
            task.add_done_callback(_came_late)
            raise failed(TimeoutError(), doing, where=where)
        try:
            return task.result()
        except Exception as error:  # the library hands through what it can't read, whatever that raises in it
            raise failed(error, doing, where=where, needs=needs) from error

    async def settle(self, within: Seconds) -> None:
        """Let what is under way come to an end, for so long at most: the connection is about to be closed."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=within)


async def _only(request: Coroutine[Any, Any, _Answer]) -> _Answer:
    return await request


def _came_late(task: asyncio.Task[Any]) -> None:
    """What came of a request that nobody waits for any more."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        say = "A request to Discord failed after nobody waited for it any more; what it was for is tried again."
        log.info("discord_request_late", say=say, request=task.get_name(), error=described(error))


def failed(error: Exception, doing: str, *, where: str = "", needs: str = "") -> DeliveryError:
    """The error for what the library raises."""
    what = f"{doing}{f' in {where}' if where else ''}"
    match error:
        case discord.RateLimited():
            pause = max(1.0, error.retry_after)
            return RetryLater(f"Discord asks to slow down ({what}): again in {pause:.0f} s", after=pause, uncertain=False)
        case discord.HTTPException():
            return _refused(error, what, needs)
        case discord.InteractionResponded():
            return AnsweredAlready(f"it was answered already ({what})")
        case discord.PrivilegedIntentsRequired():
            return AccessLost(
                f"Discord refused the intents ({what}). Switch them on (Developer Portal, Bot, Privileged Gateway Intents)"
            )
        case discord.LoginFailure():
            return AccessLost(f"Discord doesn't accept the token ({what}). Make a new one (Developer Portal, Bot) and set it")
        case discord.ConnectionClosed():
            return RetryLater(f"Discord closed the connection ({what}); it is tried again", after=UNKNOWN_PAUSE)
        case discord.DiscordException():
            return Rejected(f"{what}: {described(error)}; please report it")
    return _broken(error, what)


def _refused(error: discord.HTTPException, what: str, needs: str) -> DeliveryError:
    """The error for an answer that isn't 2xx."""
    code, status = error.code, error.status
    said = f"Discord refused it ({what}, HTTP {status}{f', code {code}' if code else ''})"
    if status >= 500:
        return RetryLater(f"Discord has trouble of its own ({what}, HTTP {status}); it is tried again", after=UNKNOWN_PAUSE)
    if code in _SLOW_DOWN:
        return RetryLater(f"{said}: it asks to slow down there", after=UNKNOWN_PAUSE, uncertain=False)
    if status == 429:
        # The library deals with Discord's own; this one comes from what stands before it.
        return RetryLater(
            f"{said}: this machine's address is shut out for a while. It is tried again in an hour",
            after=BANNED_PAUSE,
            uncertain=False,
        )
    if code == 40060:
        return AnsweredAlready(f"{said}: it was answered already")
    if code == 10004:
        return OutOfReach(f"{said}: {_GONE[code]}")
    if code in _GONE:
        return Gone(f"{said}: {_GONE[code]}")
    if code == 10008:
        return PostGone(f"{said}: the message was deleted")
    if _reply_to_nothing(error):
        return ReplyToNothing(f"{said}: the message that it refers to was deleted")
    if code in (50083, 160005):
        closed = "archived" if code == 50083 else "locked"
        return ThreadClosed(f"{said}: the thread is {closed}", after=UNKNOWN_PAUSE, uncertain=False)
    if code in (50007, 50278):
        why = "they take no direct messages from members of the server, or have blocked the bot"
        return DirectMessagesClosed(f"{said}: {why}. They can allow them in the server's privacy settings")
    if code == 50013:
        return Forbidden(f"{said}: the bot lacks a permission{f' ({needs})' if needs else ''}. Give it to the bot's role there")
    if code in _FORBIDDEN:
        return Forbidden(f"{said}: {_FORBIDDEN[code]}")
    if code in _LOST or (status == 401 and not code):
        return AccessLost(
            f"{said}: {_LOST.get(code, 'the token was not accepted')}. Make a new one (Developer Portal, Bot) and set it"
        )
    if code in _BLOCKED:
        return Rejected(f"{said}: {_BLOCKED[code]}")
    if status == 403:
        return Forbidden(f"{said}: the bot may not do that there{f' (it takes {needs})' if needs else ''}. Ask an admin")
    if status in (408, 425):
        return RetryLater(f"{said}; it is tried again", after=UNKNOWN_PAUSE)
    if status == 404 and not code:
        return RetryLater(f"{said}: something in between may have answered; it is tried again", after=UNKNOWN_PAUSE)
    fields = ", ".join(_FIELD.findall(error.text))
    return Rejected(f"{said}{f' for {fields}' if fields else ''}. Sending it again would not help; please report it")


def _reply_to_nothing(error: discord.HTTPException) -> bool:
    """Whether a reply was refused because what it refers to isn't there any more: a 50035 whose field is `message_reference`
    ("Unknown message"), of which the library keeps the text alone."""
    return error.code == 50035 and "message_reference" in error.text


def _broken(error: Exception, what: str) -> DeliveryError:
    """The error for trouble on the way: no connection, a dropped one, no answer in time, an unreadable one."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        message = f"Discord's certificate wasn't accepted ({what}). Check the machine's clock and certificates, and any proxy"
        return RetryLater(message, after=UNKNOWN_PAUSE, uncertain=False)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        message = f"Discord couldn't be reached ({what}). Check this machine's network; it is tried again"
        return RetryLater(message, after=UNKNOWN_PAUSE, uncertain=False)
    if isinstance(error, TimeoutError):
        return RetryLater(f"Discord didn't answer in time ({what}); it is tried again", after=UNKNOWN_PAUSE)
    if isinstance(error, aiohttp.ClientError | OSError):
        return RetryLater(f"the connection to Discord broke ({what}); it is tried again", after=UNKNOWN_PAUSE)
    return RetryLater(f"Discord's answer couldn't be read ({what}, {described(error)}); it is tried again", after=UNKNOWN_PAUSE)
