"""Relays: webhooks through which people speak, from another chat or under another name.

Some post a copy under the name that its author chose, and then delete the original (PluralKit does). Copy and original are one
person's words: the copy is given its author, so that it joins the original's burst, and carries it on when that goes.
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
    channel: int
    at: Instant
    text: str
    voice: Voice


class Relays:
    """Knows by whom a relay's messages are. `trusted` are ids of webhooks, or of the apps that own them."""

    def __init__(self, trusted: frozenset[str]) -> None:
        self._trusted = trusted
        self._originals: deque[_Original] = deque(maxlen=MOST_ORIGINALS)
        self._voices: dict[str, Voice] = {}

    def carries(self, message: discord.Message) -> bool:
        """Whether people speak through what posted this. An app's answer to a command comes by a webhook as well, and is the
        app's."""
        if message.webhook_id is None or message.interaction_metadata is not None:
            return False
        return not self._trusted.isdisjoint((str(message.webhook_id), str(message.application_id)))

    def note(self, message: discord.Message, voice: Voice, at: Instant) -> None:
        """Somebody wrote this themselves; a relay may copy it."""
        if self._trusted and message.content:
            self._originals.append(_Original(channel=message.channel.id, at=at, text=message.content, voice=voice))

    def voice(self, message: discord.Message, at: Instant) -> Voice:
        """Whose words these are: of whom they are copied, or who spoke under this name before, or somebody known by the relay's
        name for them alone."""
        name = on_one_line(message.author.display_name, NAME_LENGTH)
        spoken = f"{message.application_id or message.webhook_id}/{name}"
        for original in reversed(self._originals):
            near = original.channel == message.channel.id and abs(at - original.at) <= COPIED_WITHIN
            if near and message.content and message.content in original.text:
                if len(self._voices) >= MOST_VOICES:
                    del self._voices[next(iter(self._voices))]
                self._voices[spoken] = original.voice
                return original.voice
        return self._voices.get(spoken) or Voice(author=spoken, role=Role.CUSTOMER)
