"""Who and what is in the town of the embedded platform: people who say things, channels, and the bot's posts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.domain.durations import Instant
from bot.domain.emoji import canonical
from bot.domain.events import Deleted, Edited, Joined, Posted, Reacted, Typing
from bot.domain.keys import ChannelKey
from bot.domain.messages import Message
from bot.domain.outgoing import Address
from bot.domain.people import Role
from bot.domain.sources import Source, SourceKind
from bot.domain.views import View

if TYPE_CHECKING:
    from adapters.local.platform import LocalPlatform

_CALL = re.compile(r"@realreply\b", re.IGNORECASE)
"""The bot, named in a message."""

MICROSECOND = 0.000001
"""Message ids are their instants with six digits, as on Slack."""


@dataclass(slots=True)
class BotPost:
    """A message of the bot's. `view` is None when it was read back from a journal, which keeps only its gist. `under` is the post
    in whose thread it is."""

    ref: str
    address: Address
    keys: tuple[str, ...]
    at: Instant
    gist: str
    view: View | None = None
    updates: int = 0
    deleted: bool = False
    under: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """Somebody pressed a button of ours: `code` is what the button carries."""

    by: str
    code: str
    post: BotPost


@dataclass(slots=True, eq=False)
class LocalChannel:
    """A channel. Internal ones are read by the team and by whom `let_in` added; the others by everybody. `shared`: connected
    to another organisation. `readers_known` False: the platform can't tell who reads it."""

    town: LocalPlatform
    id: str
    internal: bool = False
    shared: bool = False
    readers_known: bool = True
    guests: set[str] = field(default_factory=set)
    messages: dict[str, Message] = field(default_factory=dict)
    posts: list[BotPost] = field(default_factory=list)
    archived: bool = False

    @property
    def key(self) -> str:
        """Its key in events: "local:harbor:help"."""
        return ChannelKey(platform=self.town.name, workspace=self.town.workspace_id, channel=self.id).spell()

    @property
    def address(self) -> Address:
        """Where the bot posts to reach it."""
        return Address(self.town.name, "channel", self.id)

    async def let_in(self, person: LocalPerson) -> None:
        """Somebody joins."""
        self.guests.add(person.id)
        await self.town.readers_changed(self)

    async def share(self, *, shared: bool = True) -> None:
        """Connect it to another organisation, or undo that."""
        self.shared = shared
        await self.town.readers_changed(self)


@dataclass(frozen=True, slots=True, eq=False)
class LocalPerson:
    """Somebody in the town, and what they can do there."""

    town: LocalPlatform
    id: str
    name: str
    role: Role

    async def joins(self, where: LocalChannel | str, *, at: Instant | None = None, left: bool = False) -> None:
        """Come into a channel for the first time, now or at an instant; `left`: leave it. It is told to the bot; who reads the
        channel stays as it was."""
        town, channel = self.town, self.town.find(where)
        moment = town.clock.now() if at is None else at
        town.record("left" if left else "joined", channel=channel.id, by=self.id)
        await town.happen(Joined(channel=channel.key, person=self.id, role=self.role, at=moment, left=left))

    async def says(
        self,
        where: LocalChannel | str,
        text: str,
        *,
        thread: Message | None = None,
        reply_to: Message | None = None,
        mentions: tuple[LocalPerson, ...] = (),
        calls_team: bool = False,
        at: Instant | None = None,
    ) -> Message:
        """Write in a channel, now or at an instant. Gives the message once the bot has dealt with it."""
        town, channel = self.town, self.town.find(where)
        moment = town.clock.now() if at is None else at
        while f"{moment:.6f}" in channel.messages:
            moment += MICROSECOND
        message = Message(
            channel=channel.key,
            id=f"{moment:.6f}",
            at=moment,
            author=self.id,
            role=self.role,
            text=text,
            thread=None if thread is None else thread.thread or thread.id,
            reply_to=None if reply_to is None else reply_to.id,
            mentions=tuple(person.id for person in mentions),
            calls_team=calls_team,
            marks=("app",) if self.role is Role.APP else (),
            app=self.name if self.role is Role.APP else "",
            source=Source(id=self.id, kind=SourceKind.BOT) if self.role is Role.APP else None,
            to_bot=_CALL.match(text.lstrip()) is not None,
        )
        channel.messages[message.id] = message
        town.record("said", channel=channel.id, message=message.id, by=self.id, text=text)
        await town.happen(Posted(message=message))
        told = _CALL.search(text)
        if told is not None:
            await town.called(self, channel, text[told.end() :], text[: told.start()], message.thread)
        return message

    async def edits(self, message: Message, text: str) -> Message:
        """Change a message's text. Gives it as it reads now."""
        town, channel = self.town, self.town.of(message)
        edited = replace(message, text=text, to_bot=_CALL.match(text.lstrip()) is not None)
        channel.messages[message.id] = edited
        town.record("edited", channel=channel.id, message=message.id, by=self.id, text=text)
        await town.happen(Edited(message=edited, at=town.clock.now()))
        return edited

    async def deletes(self, message: Message) -> None:
        """Delete a message."""
        town, channel = self.town, self.town.of(message)
        channel.messages.pop(message.id, None)
        town.record("deleted", channel=channel.id, message=message.id, by=self.id)
        await town.happen(Deleted(channel=channel.key, id=message.id, at=town.clock.now()))

    async def reacts(self, message: Message, emoji: str, *, added: bool = True) -> None:
        """Put a reaction on a message, or take it back; the emoji in any spelling."""
        town, channel, emoji = self.town, self.town.of(message), canonical(emoji)
        town.record("reacted" if added else "unreacted", channel=channel.id, message=message.id, by=self.id, emoji=emoji)
        member = self.role is Role.MEMBER
        event = Reacted(
            channel=channel.key, id=message.id, by=self.id, by_member=member, emoji=emoji, at=town.clock.now(), added=added
        )
        await town.happen(event)

    async def types(self, where: LocalChannel | str, *, thread: Message | None = None) -> None:
        """Begin to write something, in a channel or in the thread of a message. Nothing of it stays in the town."""
        town, member = self.town, self.role is Role.MEMBER
        below = None if thread is None else thread.thread or thread.id
        await town.happen(Typing(channel=town.find(where).key, by=self.id, by_member=member, at=town.clock.now(), thread=below))

    async def clicks(self, post: BotPost, code: str) -> None:
        """Press a button of the bot's that carries `code` ("claim:w17")."""
        self.town.record("clicked", ref=post.ref, by=self.id, code=code)
        await self.town.clicked(Click(by=self.id, code=code, post=post))

    @property
    def address(self) -> Address:
        """Where the bot posts to reach them directly."""
        return Address(self.town.name, "person", self.id)

    @property
    def posts(self) -> list[BotPost]:
        """What the bot wrote to them directly."""
        return self.town.direct.setdefault(self.id, [])
