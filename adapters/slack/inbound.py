"""Slack's events as the bot's: an Events API body in, core events out. What a message means stands in slack_format.

Sources: docs.slack.dev, /apis/events-api, /reference/events/message and its subtypes, /reference/events/reaction_added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import structlog

from adapters.slack.channels import is_direct
from adapters.slack.directory import Directory
from adapters.slack.register import ASK_FOR
from adapters.slack_format.forms import bot_in_question
from adapters.slack_format.people import People
from adapters.slack_format.records import Records, TranslatedRecord, people_in, stamp
from adapters.slack_format.text import clean_name, describe, identifier, is_by_app
from bot.domain.auto_dms import DirectMessage
from bot.domain.durations import Seconds
from bot.domain.emoji import canonical
from bot.domain.events import Event, Joined, Posted, Reacted
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.errors import RetryLater

MOST_SHAPES: Final = 500
"""Different oddities that are told in the log; after that there are enough of them there."""

MOST_NAME: Final = 80
"""Letters of a platform's event id at most that are believed to be one."""

MEMBERSHIPS: Final = ("member_joined_channel", "member_left_channel")
"""Events that tell who came into a channel, or went."""

JOINS: Final = ("channel_join", "group_join")
"""Subtypes of the messages that tell in a channel's history who came in."""

log = structlog.get_logger()


class Unreadable(Exception):
    """A message, by its channel's key and its id, of which we fail to make an event."""

    def __init__(self, channel: str, message: str) -> None:
        super().__init__(f"a message in {channel} couldn't be read")
        self.channel, self.message = channel, message


class Undecided(Exception):
    """What happened to a message, by its channel's key and its id, can't be read before Slack was asked who posted it."""

    def __init__(self, channel: str, message: str) -> None:
        super().__init__(f"who posted a message in {channel} can't be told yet; it is read when that is known")
        self.channel, self.message = channel, message


class Inbound:
    """Translates what happens in the workspace, once the directory was started.

    Our own posts, and what happens to them, are no events. Direct messages aren't read. Of `app_mention` and `message`, which
    come for the same post, only the latter counts.
    """

    def __init__(self, directory: Directory, *, trusted_apps: frozenset[str]) -> None:
        self._directory = directory
        self._trusted_apps = trusted_apps
        self._app = ""
        self._people: People | None = None
        self._reader: Records | None = None
        self._told: set[tuple[str, ...]] = set()

    async def translate(self, body: object) -> tuple[Event, ...]:
        """The events a body tells of; none for what isn't ours to know. An odd body is told once in the log. Raises Unreadable
        where a message is told of and we fail to make an event of it, and Undecided where Slack must be asked first and can't be.

        `platform_event` is the body's `event_id`, the same when Slack delivers it again.
        """
        try:
            event = body.get("event") if isinstance(body, dict) else None
            if not isinstance(body, dict) or not isinstance(event, dict):
                self._odd("body", f"holds {describe(event)} as `event`")
                return ()
            self._app = self._app or identifier(body.get("api_app_id"))
            found = await self._event(event)
        except Exception as error:  # an adapter's mistake with one body must not stop the others
            is_slacks = isinstance(error, RetryLater)
            if not is_slacks:
                self._odd("body", f"couldn't be read: {type(error).__name__}")
            about = _about(body.get("event") if isinstance(body, dict) else None)
            if about is None:
                return ()
            channel, message = about
            raise (Undecided if is_slacks else Unreadable)(self._directory.key_of(channel), message) from error
        id = body.get("event_id")
        platform_event = id if isinstance(id, str) and 0 < len(id) <= MOST_NAME else None
        return tuple(replace(each, platform_event=platform_event) for each in found)

    async def read(self, record: object, channel: str) -> tuple[Event, ...]:
        """The events a message of a channel's history tells of: itself, and the reactions on it, which have no time there; or
        that somebody came in. Its people are asked for patiently. Raises RetryLater where it must be known who posted it and
        Slack can't be asked."""
        if not isinstance(record, dict) or self.is_own(record):
            return ()
        try:
            if record.get("subtype") in JOINS:  # while we weren't here
                user, at = identifier(record.get("user")), stamp(record.get("ts"))
                return await self._joined(channel, user, at) if user and at else ()
            entry = await self._translated(record, channel, within=None)
        except RetryLater:
            raise
        except Exception as error:  # as above: the others are read all the same
            self._odd("record", f"couldn't be read: {type(error).__name__}")
            return ()
        return () if entry is None else (entry.event, *entry.reactions)

    async def direct(self, record: dict[str, Any], channel: str) -> DirectMessage | None:
        """A direct message that somebody hands in by a shortcut: who sent it, and what marks it as an app's. None where nobody
        said anything, or it can't be read. It is no event, and nothing else is made of it."""
        try:
            await self._directory.acquaint(people_in(record), within=ASK_FOR)
            entry = self._records().translate(record, channel, lambda what: self._odd("message", what))
        except Exception as error:  # as above
            self._odd("record", f"couldn't be read: {type(error).__name__}")
            return None
        if entry is None or not isinstance(entry.event, Posted):
            return None
        message, profile = entry.event.message, record.get("bot_profile")
        told = profile if isinstance(profile, dict) else {}
        app = identifier(record.get("app_id")) or identifier(told.get("app_id"))
        bot = identifier(record.get("bot_id")) or identifier(told.get("id"))
        # What somebody filled into a workflow's form is sent by the workflow all the same.
        form = not message.marks and is_by_app(record) and not {app, bot} & self._trusted_apps
        automatic = form or bool(message.marks)
        return DirectMessage(
            id=f"{channel}/{message.id}",
            at=message.at,
            author=(identifier(record.get("user")) or bot or app) if form else message.author,
            text=message.text,
            marks=("bot_id",) if form else message.marks,
            app=(app or bot or message.author) if automatic else "",
            app_name=(message.app or clean_name(record.get("username")) or clean_name(told.get("name"))) if automatic else "",
            ours=self.is_own(record),
        )

    async def _event(self, event: dict[str, Any]) -> tuple[Event, ...]:
        kind = event.get("type")
        if kind == "message":
            return await self._message(event)
        if kind in ("reaction_added", "reaction_removed"):
            return await self._reaction(event, added=kind == "reaction_added")
        if kind in MEMBERSHIPS:
            return await self._membership(event, left=kind == "member_left_channel")
        return ()

    async def _message(self, event: dict[str, Any]) -> tuple[Event, ...]:
        channel = identifier(event.get("channel"))
        if is_direct(channel, event.get("channel_type")):
            return ()
        if not channel:
            self._odd("message", f"has {describe(event.get('channel'))} as `channel`")
            return ()
        inner = event.get("message") or event.get("previous_message")
        if self.is_own(event) or (isinstance(inner, dict) and self.is_own(inner)):
            return ()
        entry = await self._translated(event, channel, within=ASK_FOR)
        return () if entry is None else (entry.event,)

    async def _translated(self, record: dict[str, Any], channel: str, *, within: Seconds | None) -> TranslatedRecord | None:
        changed = record.get("message")
        told = changed if isinstance(changed, dict) else record
        people = people_in(told)
        if record.get("reactions"):
            people = (*people, *_reactors(record))
        await self._directory.acquaint(people, within=within)
        if is_by_app(told):
            bot = bot_in_question(told, self._directory.people)
            if bot:
                await self._directory.ensure_bot(bot, identifier(told.get("user")), within=within)
        return self._records().translate(record, self._directory.key_of(channel), lambda what: self._odd("message", what))

    async def _reaction(self, event: dict[str, Any], *, added: bool) -> tuple[Event, ...]:
        item = event.get("item")
        if not isinstance(item, dict):
            self._odd("reaction", f"has {describe(item)} as `item`")
            return ()
        channel, message = identifier(item.get("channel")), stamp(item.get("ts"))
        user, at = identifier(event.get("user")), stamp(event.get("event_ts"))
        emoji = canonical(clean_name(event.get("reaction")))
        if item.get("type") != "message" or is_direct(channel):
            return ()
        if not (channel and message and user and at and emoji):
            self._odd("reaction", "lacks its channel, message, person, emoji or time")
            return ()
        if self._directory.bot_user in (user, event.get("item_user")):
            return ()
        await self._directory.ensure([user])
        by_member = self._directory.role(user) is Role.MEMBER
        key = self._directory.key_of(channel)
        return (Reacted(channel=key, id=message, by=user, by_member=by_member, emoji=emoji, at=float(at), added=added),)

    async def _membership(self, event: dict[str, Any], *, left: bool) -> tuple[Event, ...]:
        """Somebody came into a channel, or went (https://docs.slack.dev/reference/events/member_joined_channel)."""
        channel, user, at = identifier(event.get("channel")), identifier(event.get("user")), stamp(event.get("event_ts"))
        if is_direct(channel) or user == self._directory.bot_user:
            return ()
        if not (channel and user and at):
            self._odd("membership", "lacks its channel, person or time")
            return ()
        return await self._joined(channel, user, at, left=left)

    async def _joined(self, channel: str, user: str, at: str, *, left: bool = False) -> tuple[Event, ...]:
        await self._directory.ensure([user])
        role = self._directory.role(user)
        return (Joined(channel=self._directory.key_of(channel), person=user, role=role, at=float(at), left=left),)

    def _records(self) -> Records:
        """The reader of records, made again when the directory started afresh."""
        directory = self._directory
        if self._reader is None or self._people is not directory.people:
            self._people = directory.people
            self._reader = Records(
                directory.people,
                directory.channel_name,
                self._role,
                self._trusted_apps,
                calls_team=directory.calls_team,
                bot_user=directory.bot_user,
            )
        return self._reader

    def _role(self, user: str, message: Message) -> Role:
        return self._directory.role(user, message)

    def is_own(self, record: Mapping[str, Any]) -> bool:
        """Whether we posted this: a post of the bot's carries its user, its bot id and the app's id."""
        bot_user, bot = self._directory.bot_user, self._directory.bot_id
        if not bot_user:
            return False
        return (
            record.get("user") == bot_user
            or (bool(bot) and record.get("bot_id") == bot)
            or (bool(self._app) and record.get("app_id") == self._app)
        )

    def _odd(self, kind: str, what: str, **more: str) -> None:
        shape = (kind, what)
        if shape in self._told or len(self._told) >= MOST_SHAPES:
            return
        self._told.add(shape)
        log.warning(
            "slack_odd_event",
            say="Slack sent something that couldn't be read as it stands. This is told once per kind; please report it.",
            kind=kind,
            what=what,
            **more,
        )


def _about(event: object) -> tuple[str, str] | None:
    """The channel and the message an event is about, by Slack's ids, if it says so."""
    if not isinstance(event, dict):
        return None
    item = event.get("item")
    about = item if isinstance(item, dict) else event
    inner = about.get("message")
    channel = identifier(about.get("channel"))
    message = stamp(inner.get("ts") if isinstance(inner, dict) else about.get("ts"))
    return (channel, message) if channel and message and not is_direct(channel) else None


def _reactors(record: Mapping[str, Any]) -> list[str]:
    """The people who reacted to a message, a handful: `users` may be cut short by Slack itself."""
    reactions = record.get("reactions")
    found = [
        user
        for reaction in (reactions if isinstance(reactions, list) else ())
        if isinstance(reaction, dict) and isinstance(reaction.get("users"), list)
        for user in reaction["users"]
    ]
    return [user for each in found[:MOST_NAME] if (user := identifier(each))]
