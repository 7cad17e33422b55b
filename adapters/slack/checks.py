"""What can be asked of Slack about whether the bot will work there: facts alone; what they mean is said elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from adapters.slack import skew
from adapters.slack.calls import LARGE_PAGE, Calls, pages
from adapters.slack.channels import ChannelInfo, read_channel
from adapters.slack.directory import Directory
from adapters.slack.web import ApiResponse, Web
from adapters.slack_format.text import clean_name, identifier
from bot.domain.durations import Seconds
from bot.domain.outgoing import Readers
from bot.errors import DeliveryError
from bot.ports import Clock

MOST_LISTED: Final = 10_000
"""Channels of the workspace that are looked through at most: ten calls, half a minute at Slack's pace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What auth.test tells. `granted`: the token's scopes, None when Slack didn't say. `ahead`: by how many seconds our clock is
    before Slack's, None when that can't be told. `bot_id` is Slack's "B..." id."""

    workspace: str
    team_id: str
    bot_name: str
    bot_id: str
    granted: frozenset[str] | None
    ahead: Seconds | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Everywhere:
    """The public channels of the workspace. `whole`: these are all; otherwise there are more than `MOST_LISTED`."""

    channels: tuple[ChannelInfo, ...]
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A channel that the bot is in, as a place for reminders. `inside`, `may_open`: ids of people off the team who read it.
    `unreadable`: why posts can't be read back there, None when they can."""

    readers: Readers
    inside: tuple[str, ...] = ()
    may_open: tuple[str, ...] = ()
    unreadable: DeliveryError | None = None


async def access(web: Web, clock: Clock) -> Access:
    """Whether the bot token is accepted, and what it may do. Raises DeliveryError and its kinds."""
    before = clock.now()
    answer = await web.ask("auth.test")
    told = answer.data
    return Access(
        workspace=clean_name(told.get("team")),
        team_id=identifier(told.get("team_id")),
        bot_name=clean_name(told.get("user")) or "realreply",
        bot_id=identifier(told.get("bot_id")),
        granted=_scopes(answer),
        ahead=skew.ahead(answer.headers.get("Date"), (before + clock.now()) / 2),
    )


def _scopes(answer: ApiResponse) -> frozenset[str] | None:
    """Every answer says in x-oauth-scopes what its token may do (docs.slack.dev, /authentication/installing-with-oauth)."""
    told = answer.headers.get("x-oauth-scopes")
    return None if told is None else frozenset(scope for part in told.split(",") if (scope := part.strip()))


async def app_behind(web: Calls, bot_id: str) -> str:
    """The id of the app a bot belongs to, "" when Slack doesn't say. Raises DeliveryError and its kinds."""
    told = (await web.call("bots.info", bot=bot_id)).get("bot")
    return identifier(told.get("app_id")) if isinstance(told, dict) else ""


async def connection(web: Calls) -> str:
    """Whether the app token opens connections: the id of its app, "" when the address it got doesn't tell. The connection isn't
    made. Raises DeliveryError and its kinds."""
    url = (await web.call("apps.connections.open")).get("url")
    found = re.search(r"[?&]app_id=([A-Z0-9]+)", url) if isinstance(url, str) else None
    return found[1] if found else ""


async def everywhere(web: Calls, *, team: str) -> Everywhere:
    """The workspace's public channels, archived ones too. (Of the private ones an app sees only those it is in.) Raises
    DeliveryError and its kinds."""
    found: list[ChannelInfo] = []
    whole = True
    async for entries, more in pages(
        web, "conversations.list", "channels", most=MOST_LISTED, page=LARGE_PAGE, types="public_channel", exclude_archived=False
    ):
        found += [info for entry in entries if (info := _channel(entry, team)) is not None]
        whole = not more
    return Everywhere(channels=tuple(found), whole=whole)


def _channel(entry: Any, team: str) -> ChannelInfo | None:
    return read_channel(entry, team=team) if isinstance(entry, dict) else None


async def reach(web: Calls, directory: Directory, channel: str) -> Reach:
    """Who reads a channel that the bot is in, and whether posts can be found again there. Raises DeliveryError and its kinds."""
    readers = await directory.readers_of(channel)
    inside, may_open = await directory.outsiders(channel) if readers.outsiders else ((), ())
    unreadable: DeliveryError | None = None
    try:
        await web.call("conversations.history", channel=channel, limit=1)
    except DeliveryError as error:
        unreadable = error
    return Reach(readers=readers, inside=inside, may_open=may_open, unreadable=unreadable)
