"""A message as DiscordChatExporter writes it, as events: what the live bot would have made of it, as far as it is told.

Source: https://github.com/Tyrrrz/DiscordChatExporter, JsonMessageWriter. Kinds it has no name for stand as Discord's
number. Names stand in a text where people are named, unless it was exported with `--markdown false`; who is meant is told
beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from adapters.discord_format.markup import MarkupNames, undo
from adapters.discord_format.snowflakes import made_at
from bot.domain.durations import DAY, Instant
from bot.domain.emoji import canonical
from bot.domain.events import Event, Posted, Reacted
from bot.domain.letters import on_one_line
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.sources import Source, SourceKind
from bot.domain.value import value
from bot.ports import ArchivePerson

_WORDS: Final = frozenset({"Default", "Reply", "0", "19"})
_COMMANDS: Final = frozenset({"ChatInputCommand", "ContextMenuCommand", "20", "23"})
_REPLIES: Final = frozenset({"Reply", "19"})
_WEBHOOK: Final = "0000"
"""What stands for the discriminator of a webhook. Bots have one of their own; people have this one, too."""

NAME_LENGTH: Final = 80


def objects(found: object) -> list[dict[str, object]]:
    """The objects of a list; nothing where there is none."""
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def fields(found: object) -> dict[str, object]:
    """An object; an empty one where there is none."""
    return found if isinstance(found, dict) else {}


def text_of(found: object) -> str:
    """A text; "" where there is none."""
    return found if isinstance(found, str) else ""


def time_of(record: dict[str, object]) -> Instant | None:
    """When a message was written: its id tells, as live; where that isn't one of Discord's, what stands beside it."""
    id, stamp = text_of(record.get("id")), text_of(record.get("timestamp"))
    told: Instant | None = None
    try:
        moment = datetime.fromisoformat(stamp)
        told = (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        pass  # what its id tells is as good
    made = made_at(int(id)) if id.isascii() and id.isdecimal() and 15 <= len(id) <= 20 else None
    if made is not None and (told is None or abs(made - told) < DAY):
        return made
    return told


def person_of(account: dict[str, object]) -> ArchivePerson | None:
    """Somebody as an author or one who was named; None without an id."""
    id = text_of(account.get("id"))
    if not id:
        return None
    shown = (on_one_line(text_of(account.get(key)), NAME_LENGTH) for key in ("nickname", "name"))
    names = tuple(dict.fromkeys(name for name in shown if name))
    roles = (on_one_line(text_of(role.get("name")), NAME_LENGTH) for role in objects(account.get("roles")))
    return ArchivePerson(
        id=sys.intern(id),
        names=names or (id,),
        app=account.get("isBot") is True,
        roles=tuple(sys.intern(role) for role in roles if role),
    )


@value
class ExportPlace:
    """Where the messages of a file stand: the channel's `key`, the id of what the file holds, and the `thread` in the channel, if
    it is one, with its `title`."""

    key: str
    id: str
    thread: str | None = None
    title: str = ""


class DiscordRecords:
    """Translates records. `team_roles`: names of roles that call the team. `relays`: webhooks through which people speak."""

    def __init__(self, *, role: Callable[[str, Message], Role], team_roles: frozenset[str], relays: frozenset[str]) -> None:
        self._role = role
        self._team_roles = team_roles
        self._relays = relays

    def events(self, record: dict[str, object], place: ExportPlace, at: Instant) -> list[Event]:
        """What a record tells: that something was said, and who reacted to it. Nothing where nobody said anything."""
        kind = text_of(record.get("type")) or "Default"
        if kind not in _WORDS | _COMMANDS:
            return []
        account = fields(record.get("author"))
        author = text_of(account.get("id"))
        webhook = account.get("isBot") is True and account.get("discriminator") == _WEBHOOK
        relayed = webhook and author in self._relays
        command = kind in _COMMANDS or bool(fields(record.get("interaction")))
        marks: list[str] = ["webhook_id"] if webhook and not relayed else []
        marks += ["interaction_metadata"] if command else []
        marks += ["bot"] if account.get("isBot") is True and not webhook else []
        name = next(iter(known.names), "") if (known := person_of(account)) is not None else ""
        source = None
        if marks or relayed:
            how = SourceKind.COMMAND if command else SourceKind.WEBHOOK if webhook else SourceKind.BOT
            source = Source(id=author, kind=how, trusted=relayed)
        id = text_of(record.get("id"))
        message = Message(
            channel=place.key,
            id=id,
            at=at,
            author=sys.intern(f"{author}/{name}" if relayed else author),
            role=Role.CUSTOMER,
            thread=place.thread if id != place.thread else None,
            reply_to=_reply_to(record, kind, place),
            files=len(objects(record.get("attachments"))),
            recording=any(text_of(one.get("fileName")) == "voice-message.ogg" for one in objects(record.get("attachments"))),
            marks=tuple(marks),
            app=name if marks else "",
            source=source,
        )
        message = self._said(message, record, place, kind)
        message = replace(message, role=Role.APP if marks else self._role(message.author, message))
        return [Posted(message=message), *self._reactions(record, message)]

    def _said(self, message: Message, record: dict[str, object], place: ExportPlace, kind: str) -> Message:
        named = {found.id: found for one in objects(record.get("mentions")) if (found := person_of(one)) is not None}

        def name_of(id: str) -> str:
            return named[id].names[0] if id in named else ""

        said = undo(text_of(record.get("content")), MarkupNames(person=name_of, role=lambda _: "", channel=lambda _: ""))
        called = [id for id, one in named.items() if id in said.people or any(f"@{name}" in said.text for name in one.names)]
        text = said.text
        if message.id == place.thread and place.title and not text.startswith(place.title):
            text = f"{place.title}\n{text}".strip()
        replied = [id for id in named if id not in called] if kind in _REPLIES else []
        return replace(
            message,
            text=text,
            mentions=tuple(id for id in dict.fromkeys((*said.people, *called)) if id != message.author),
            calls_team="@" in text and any(f"@{role.removeprefix('@')}" in text for role in self._team_roles),
            pings_member=any(self._role(id, message) is Role.MEMBER for id in replied),
        )

    def _reactions(self, record: dict[str, object], message: Message) -> list[Event]:
        """Who reacted, as far as it is told (older exports only count); when isn't told."""
        found: list[Event] = []
        for reaction in objects(record.get("reactions")):
            emoji = canonical(text_of(fields(reaction.get("emoji")).get("name")))
            for account in objects(reaction.get("users")):
                by = text_of(account.get("id"))
                if by and emoji:
                    member = self._role(by, replace(message, author=by, role=Role.CUSTOMER)) is Role.MEMBER
                    found.append(
                        Reacted(
                            channel=message.channel,
                            id=message.id,
                            by=by,
                            by_member=member,
                            emoji=emoji,
                            at=message.at,
                            timed=False,
                        )
                    )
        return found


def _reply_to(record: dict[str, object], kind: str, place: ExportPlace) -> str | None:
    """The message that this one replies to, in its channel or thread. One that passes another on replies to nobody."""
    reference = fields(record.get("reference"))
    if kind not in _REPLIES or reference.get("type") == "Forward":
        return None
    there = text_of(reference.get("channelId"))
    return text_of(reference.get("messageId")) or None if there in ("", place.id) else None
