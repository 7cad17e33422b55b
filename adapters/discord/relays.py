"""Relays: webhooks through which people speak, from another chat or under another name.

Some post a copy under the name that its author chose, and then delete the original (PluralKit does). Copy and original are one
person's words: the copy is given its author, so that it joins the original's burst, and carries it on when that goes. Until the
original is gone nobody knows that it was one: on a bridge, too, people repeat what others said.
"""

from __future__ import annotations

from collections import deque
from typing import Final

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


@value
class Voice:
    """Whose words a relay's message holds."""

    author: str
    role: Role


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
    """Knows by whom a relay's messages are. `trusted` are ids of webhooks, or of the apps that own them."""

    def __init__(self, trusted: frozenset[str]) -> None:
        self._trusted = trusted
        self._originals: deque[_Original] = deque(maxlen=MOST_ORIGINALS)
        self._copies: dict[int, tuple[int, _Original]] = {}
        self._voices: dict[int, Voice] = {}

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
        for original in reversed(self._originals):
            near = original.channel == message.channel.id and abs(at - original.at) <= COPIED_WITHIN
            if near and original.id not in self._copies and original.is_told_by(message.content.strip()):
                self._copies[original.id] = (message.id, original)
                return original.id
        return None

    def gone(self, original: int) -> None:
        """A message was deleted: what copied it is its author's."""
        copied = self._copies.pop(original, None)
        if copied is not None:
            if len(self._voices) >= MOST_VOICES:
                del self._voices[next(iter(self._voices))]
            self._voices[copied[0]] = copied[1].voice
        if any(each.id == original for each in self._originals):
            left = (each for each in self._originals if each.id != original)
            self._originals = deque(left, maxlen=MOST_ORIGINALS)

    def stands(self, original: int) -> None:
        """A message wasn't deleted: who repeated it speaks for themselves."""
        self._copies.pop(original, None)

    def voice(self, message: discord.Message) -> Voice:
        """Whose words these are: of whom they are copied, or somebody known by the relay's name for them alone."""
        name = on_one_line(message.author.display_name, NAME_LENGTH)
        spoken = f"{message.application_id or message.webhook_id}/{name}"
        return self._voices.get(message.id) or Voice(author=spoken, role=Role.CUSTOMER)
