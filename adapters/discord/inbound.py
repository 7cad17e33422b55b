"""Discord's events as the bot's: what discord.py hands in, and where that stands, in; core events out. Pure but for what is
learnt about people.

Sources: https://docs.discord.com/developers/events/gateway-events and /resources/message. Messages read the same live and from
history, but for the roles of their authors, which only live ones tell.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

import discord

from adapters.discord.client import Sight
from adapters.discord.kinds import MessageKind, kind_of, marks_of
from adapters.discord.people import DiscordPeople
from adapters.discord.places import Place
from adapters.discord.relays import NAME_LENGTH, Relays, Voice
from adapters.discord_format.markup import MarkupNames, Undone, undo
from adapters.discord_format.snowflakes import made_at
from bot.domain.auto_dms import DirectMessage
from bot.domain.durations import Instant
from bot.domain.emoji import canonical
from bot.domain.events import ANYBODY, Deleted, Edited, Posted, Reacted, Typing
from bot.domain.letters import on_one_line
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.sources import Source, SourceKind

MOST_MARKED: Final = 5_000
"""Messages whose reactions by members are kept in mind: who loses them when all are cleared, and what was told already."""


class DiscordInbound:
    """Translates what happens. `sight` says what the app sees now. Our own posts, and what happens to them, are no events;
    neither are messages for us alone."""

    def __init__(
        self,
        client: Callable[[], discord.Client],
        people: DiscordPeople,
        relays: Relays,
        *,
        sight: Callable[[], Sight],
        now: Callable[[], Instant],
        marks: frozenset[str] = frozenset(),
    ) -> None:
        self._client = client
        self._people = people
        self._relays = relays
        self._sight = sight
        self._now = now
        self._marks = marks
        self._marked: dict[int, set[tuple[str, str]]] = {}

    # -- messages

    def is_own(self, message: discord.Message) -> bool:
        """Whether we posted this, or it is an answer that only one person sees."""
        me = self._client().user
        return (me is not None and message.author.id == me.id) or message.flags.ephemeral

    def posted(self, message: discord.Message, place: Place) -> Posted | None:
        """A message appeared; None when nobody said anything."""
        read = self.message(message, place)
        return None if read is None else Posted(message=read)

    def edited(self, message: discord.Message, place: Place) -> Edited | None:
        """A message changed; None unless its author edited it. Discord tells of a changed message, too, when a link in it was
        looked up, or it was pinned; then there is no time of an edit, or the same one again, which is recognised by its key."""
        at = message.edited_at
        if at is None:
            return None
        read = self.message(message, place)
        if read is not None and read.unread:
            return None  # what it says now nobody can tell
        return None if read is None else Edited(message=read, at=at.timestamp())

    def message(self, message: discord.Message, place: Place) -> Message | None:
        """A message as the bot knows them; None when it is ours, or nobody's words."""
        if self.is_own(message) or kind_of(message) is MessageKind.NOTHING:
            return None
        guild = message.guild
        at = made_at(message.id)
        relayed = self._relays.carries(message)
        marks = marks_of(message, relayed=relayed)
        filled_in = self._filled_in(message, guild) if marks else None
        if filled_in is not None:
            marks = ()
        voice = filled_in or self._voice(message, guild, at, relayed=relayed, marked=bool(marks))
        is_starter = place.thread == message.id
        title = place.title if place.forum and is_starter else ""
        hidden = not marks and not title and self._is_hidden(message)
        if hidden and voice.role is not Role.MEMBER:
            return None
        said = self._undone(message)
        text = said.text
        if title and not text.startswith(title):
            text = f"{title}\n{text}".strip()
        me = self._client().user
        calls = (me is not None and str(me.id) in said.people) or (
            guild is not None and any(self._people.calls_team(guild, int(role)) for role in said.roles)
        )
        return Message(
            channel=place.key,
            id=str(message.id),
            at=at,
            author=voice.author,
            role=voice.role,
            text=text,
            thread=None if place.thread is None or is_starter else str(place.thread),
            reply_to=_reply_to(message),
            mentions=tuple(person for person in said.people if person != voice.author),
            calls_team=calls,
            files=len(message.attachments),
            recording=message.flags.voice,
            unread=hidden,
            pings_member=self._pings_member(message, said),
            marks=marks,
            is_request=filled_in is not None,
            app=_app_name(message) if marks else "",
            source=_source(message, relayed=relayed) if marks or relayed else None,
            to_bot=me is not None and message.content.lstrip().startswith((f"<@{me.id}>", f"<@!{me.id}>")),
        )

    def direct(self, message: discord.Message) -> DirectMessage | None:
        """A direct message that somebody hands in, which the bot can't see by itself: who sent it, and what marks it as an
        app's. None where nobody said anything."""
        own = self.is_own(message)
        if kind_of(message) is MessageKind.NOTHING and not own:
            return None
        marks, author = marks_of(message, relayed=False), str(message.author.id)
        return DirectMessage(
            id=str(message.id),
            at=made_at(message.id),
            author=author,
            text=message.content,
            marks=marks,
            app=author if marks else "",
            app_name=_app_name(message) if marks else "",
            ours=own,
        )

    def _voice(self, message: discord.Message, guild: discord.Guild | None, at: Instant, *, relayed: bool, marked: bool) -> Voice:
        if marked:
            self._people.name(message.author)
            return Voice(author=sys.intern(str(message.author.id)), role=Role.APP)
        if relayed:
            return self._relays.voice(message)
        voice = Voice(author=sys.intern(str(message.author.id)), role=self._people.learn(message.author, guild))
        self._relays.note(message, voice, at)
        return voice

    def _pings_member(self, message: discord.Message, said: Undone) -> bool:
        """Whether it replies to a member, who is notified. Whom a reply notifies is among those whom a message mentions, though
        nothing of its text names them."""
        if message.type is not discord.MessageType.reply or not message.mentions:
            return False
        replied = [one for one in message.mentions if str(one.id) not in said.people]
        return any(self._people.role_of(one, message.guild) is Role.MEMBER for one in replied)

    def _filled_in(self, message: discord.Message, guild: discord.Guild | None) -> Voice | None:
        """The customer whose form an app's post answers: what somebody fills in and sends is a request of theirs, whatever the
        app makes of it. Discord says who sent it (interaction_metadata of a modal). What a member fills in asks nothing of the
        team, and a command is no form: its answer is the app's."""
        told = message.interaction_metadata
        if told is None or told.type is not discord.InteractionType.modal_submit or told.user.bot:
            return None
        if self._people.role_of(told.user, guild) is not Role.CUSTOMER:
            return None
        self._people.name(told.user)
        return Voice(author=str(told.user.id), role=Role.CUSTOMER)

    def _is_hidden(self, message: discord.Message) -> bool:
        """Whether Discord keeps the words of this from us: without the message-content intent it gives those only of messages
        that name the bot (https://docs.discord.com/developers/events/gateway, "Message Content Intent")."""
        if self._sight().message_content or message.content or message.attachments or message.stickers:
            return False
        me = self._client().user
        return me is None or me not in message.mentions

    def _undone(self, message: discord.Message) -> Undone:
        if not message.content:
            return Undone(text="")
        guild = message.guild

        def person(id: str) -> str:
            named = next((one for one in message.mentions if str(one.id) == id), None)
            if named is not None:
                self._people.name(named)
            name = self._people.shown(id)
            return "" if name == id else name

        def role(id: str) -> str:
            found = guild.get_role(int(id)) if guild is not None else None
            return found.name if found is not None else ""

        def channel(id: str) -> str:
            found = guild.get_channel_or_thread(int(id)) if guild is not None else None
            return found.name if found is not None else ""

        return undo(message.content, MarkupNames(person=person, role=role, channel=channel))

    def deleted(self, message: int, place: Place) -> Deleted:
        """A message was deleted; Discord doesn't say when, nor by whom."""
        self._marked.pop(message, None)
        return Deleted(channel=place.key, id=str(message), at=self._now())

    # -- reactions, typing

    def reacted(
        self, message: int, place: Place, user: int, emoji: discord.PartialEmoji, *, account: discord.Member | None, added: bool
    ) -> Reacted | None:
        """Somebody put or took back a reaction; None for one of ours, and for what was told already: Discord may tell twice, and
        gives no time by which that would show."""
        client = self._client()
        if client.user is not None and user == client.user.id:
            return None
        guild = client.get_guild(place.guild)
        role = self._people.role_of(account or discord.Object(user), guild)
        by, name = str(user), canonical(emoji.name or "")
        if account is not None:
            self._people.name(account)
        if role is Role.MEMBER and not self._is_new(message, by, name, added=added):
            return None
        return Reacted(
            channel=place.key, id=str(message), by=by, by_member=role is Role.MEMBER, emoji=name, at=self._now(), added=added
        )

    def _is_new(self, message: int, by: str, emoji: str, *, added: bool) -> bool:
        there = self._marked.get(message)
        if there is None:
            if not added:
                return True
            if len(self._marked) >= MOST_MARKED:
                del self._marked[next(iter(self._marked))]
            there = self._marked[message] = set()
        if added:
            if (by, emoji) in there:
                return False
            there.add((by, emoji))
            return True
        there.discard((by, emoji))
        return True

    def cleared(self, message: int, place: Place, emoji: discord.PartialEmoji | None) -> tuple[Reacted, ...]:
        """All reactions on a message were taken away, or all with one emoji: those of members that are known, and those that were
        put before we came, of which nobody tells whose they were."""
        name = None if emoji is None else canonical(emoji.name or "")
        there = self._marked.get(message, set())
        gone = sorted(one for one in there if name in (None, one[1]))
        there.difference_update(gone)
        gone += [(ANYBODY, mark) for mark in sorted(self._marks) if name in (None, mark)]
        return tuple(
            Reacted(channel=place.key, id=str(message), by=by, by_member=True, emoji=emoji, at=self._now(), added=False)
            for by, emoji in gone
        )

    def typing(self, place: Place, user: int, account: discord.abc.User | None, at: Instant) -> Typing | None:
        """Somebody types; None unless they are on the team, whose typing alone says something."""
        guild = self._client().get_guild(place.guild)
        if self._people.role_of(account or discord.Object(user), guild) is not Role.MEMBER:
            return None
        thread = None if place.thread is None else str(place.thread)
        return Typing(channel=place.key, by=str(user), by_member=True, at=at, thread=thread)


def _app_name(message: discord.Message) -> str:
    """What the app is called that posted this: an app that somebody brought along posts under its own name, too."""
    return on_one_line(message.author.display_name, NAME_LENGTH)


def _source(message: discord.Message, *, relayed: bool) -> Source:
    """Through what it came. What answers a command comes by a webhook of its app's, too."""
    by = str(message.author.id if message.application_id is None else message.application_id)
    if message.interaction_metadata is not None or kind_of(message) is MessageKind.COMMAND:
        return Source(id=by, kind=SourceKind.COMMAND)
    if message.webhook_id is not None:
        return Source(id=str(message.webhook_id), kind=SourceKind.WEBHOOK, trusted=relayed)
    return Source(id=str(message.author.id), kind=SourceKind.BOT)


def _reply_to(message: discord.Message) -> str | None:
    """The message that this one replies to, in its channel or thread. One that passes another on replies to nobody."""
    reference = message.reference
    if reference is None or reference.message_id is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    return str(reference.message_id) if reference.channel_id == message.channel.id else None
