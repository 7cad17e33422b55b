"""Relays: webhooks through which people speak, from another chat or under another name.

Some post a copy under the name that its author chose, and then delete the original (PluralKit does). Copy and original are one
person's words: the copy is given its author, so that it joins the original's burst, and carries it on when that goes. Until the
original is gone nobody knows that it was one: on a bridge, too, people repeat what others said.

Of a copy that is read back no original is left. It is taken for whose the same name was before, if it was nobody else's.
Whoever speaks from elsewhere alone is a member only where the settings say under which names that one does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Final, TypeVar

import discord

from bot.domain.durations import Instant, Seconds
from bot.domain.letters import on_one_line
from bot.domain.people import Role
from bot.domain.value import value

COPIED_WITHIN: Final[Seconds] = 15.0
"""A copy comes so soon after its original, or is none of it."""

GONE_WITHIN: Final[Seconds] = 5.0
"""So soon after its copy the original is deleted, or it was repeated by somebody else."""

MOST_LEFT_OUT: Final = 20
"""Letters of an original that its copy may lack: those by which its author says under which name ("R: ...")."""

MOST_ORIGINALS: Final = 200
MOST_VOICES: Final = 2_000

NAME_LENGTH: Final = 80

Sort = TypeVar("Sort")
Kept = TypeVar("Kept")


@value
class Voice:
    """Whose words a relay's message holds."""

    author: str
    role: Role


SPOKEN_APART: Final = "/"
"""Between a relay's id and a name, in the id of somebody who is known by these alone."""


def name_of_spoken(author: str) -> str | None:
    """What somebody is called who is known by a relay's name for them alone, by their id; None for anybody else."""
    relay, apart, name = author.partition(SPOKEN_APART)
    return name if apart and relay.isdecimal() and name else None


@value
class _Copy:
    """A relay's message and the one that it may be the copy of; `spoken` is the name under which it was posted there."""

    id: int
    spoken: str
    original: _Original


@value
class _Original:
    id: int
    channel: int
    at: Instant
    text: str
    voice: Voice

    def is_told_by(self, copy: str) -> bool:
        return bool(copy) and copy in self.text and len(self.text) - len(copy) <= MOST_LEFT_OUT


class Relays:
    """Knows by whom a relay's messages are. `trusted` are ids of webhooks, or of the apps that own them; `members` are the ids of
    members by the names under which they speak there, which may begin with the relay's id ("700700700700700700/Ana")."""

    def __init__(self, trusted: frozenset[str], members: Mapping[str, str] | None = None) -> None:
        self._trusted = trusted
        self._members = {name.casefold(): id for name, id in (members or {}).items()}
        self._originals: deque[_Original] = deque(maxlen=MOST_ORIGINALS)
        self._copies: dict[int, _Copy] = {}
        self._voices: dict[int, Voice] = {}
        self._heard: dict[int, None] = {}
        """What relays posted while we listened: of these the originals were there, or there was none."""
        self._spoke: dict[str, Voice | None] = {}
        """Whose a name on a relay was, by the copies that are known; None where it was several people's."""

    def carries(self, message: discord.Message) -> bool:
        """Whether people speak through what posted this. An app's answer to a command comes by a webhook as well, and is the
        app's."""
        if message.webhook_id is None or message.interaction_metadata is not None:
            return False
        return not self._trusted.isdisjoint((str(message.webhook_id), str(message.application_id)))

    def note(self, message: discord.Message, voice: Voice, at: Instant) -> None:
        """Somebody wrote this themselves; a relay may copy it."""
        if self._trusted and message.content:
            text = message.content.strip()
            self._originals.append(_Original(id=message.id, channel=message.channel.id, at=at, text=text, voice=voice))

    def original_of(self, message: discord.Message, at: Instant) -> int | None:
        """The message that a relay's new one may be the copy of: it is, once that is `gone`."""
        if not self.carries(message):
            return None
        _put(self._heard, message.id, None)
        for original in reversed(self._originals):
            near = original.channel == message.channel.id and abs(at - original.at) <= COPIED_WITHIN
            if near and original.id not in self._copies and original.is_told_by(message.content.strip()):
                self._copies[original.id] = _Copy(id=message.id, spoken=_spoken(message), original=original)
                return original.id
        return None

    def gone(self, original: int) -> None:
        """A message was deleted: what copied it is its author's."""
        copy = self._copies.pop(original, None)
        if copy is not None:
            voice = copy.original.voice
            _put(self._voices, copy.id, voice)
            known = self._spoke.get(copy.spoken, voice)
            same = known is not None and known.author == voice.author
            _put(self._spoke, copy.spoken, voice if same else None)
        if any(each.id == original for each in self._originals):
            left = (each for each in self._originals if each.id != original)
            self._originals = deque(left, maxlen=MOST_ORIGINALS)

    def stands(self, original: int) -> None:
        """A message wasn't deleted: who repeated it speaks for themselves."""
        self._copies.pop(original, None)

    def voice(self, message: discord.Message) -> Voice:
        """Whose words these are: of whom they are copied, of the member whom the settings name, of whom the name was before
        where it is read back, else of somebody known by the relay's name for them alone."""
        copied = self._voices.get(message.id)
        if copied is not None:
            return copied
        spoken = _spoken(message)
        member = self._member(message, spoken)
        if member is not None:
            return Voice(author=member, role=Role.MEMBER)
        before = None if message.id in self._heard else self._spoke.get(spoken)
        return before or Voice(author=spoken, role=Role.CUSTOMER)

    def _member(self, message: discord.Message, spoken: str) -> str | None:
        if not self._members:
            return None
        name = name_of_spoken(spoken) or ""
        keys = (f"{message.webhook_id}{SPOKEN_APART}{name}", spoken, name)
        return next((found for key in keys if (found := self._members.get(key.casefold())) is not None), None)


def _spoken(message: discord.Message) -> str:
    """Who is known by a relay's name for them alone, as an id."""
    name = on_one_line(message.author.display_name, NAME_LENGTH)
    return f"{message.application_id or message.webhook_id}{SPOKEN_APART}{name}"


def _put(among: dict[Sort, Kept], key: Sort, kept: Kept) -> None:
    """Keep the latest of these only."""
    among.pop(key, None)
    if len(among) >= MOST_VOICES:
        del among[next(iter(among))]
    among[key] = kept
