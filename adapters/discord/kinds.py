"""What kind of message this is: a person's words, a post of an app, or nothing that anybody said.

The types are those of https://docs.discord.com/developers/resources/message, "Message Types". discord.py's `is_system` is False
for some that nobody wrote (2.7.1: 20, 21, 23, 46), so there is a list of our own.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import discord


class MessageKind(StrEnum):
    """What a message is."""

    WORDS = "words"
    """Somebody wrote it, or an app did: that is told by its marks."""
    COMMAND = "command"
    """An app's answer to a command that somebody gave."""
    NOTHING = "nothing"
    """Discord tells of something: a name that was changed, somebody who came, a poll that is over."""


_KINDS: Final = {
    0: MessageKind.WORDS,  # DEFAULT
    19: MessageKind.WORDS,  # REPLY
    20: MessageKind.COMMAND,  # CHAT_INPUT_COMMAND
    23: MessageKind.COMMAND,  # CONTEXT_MENU_COMMAND
}


def kind_of(message: discord.Message) -> MessageKind:
    """What a message is. Of types that aren't known nobody can say that somebody wrote them."""
    return _KINDS.get(message.type.value, MessageKind.NOTHING)


def marks_of(message: discord.Message, *, relayed: bool) -> tuple[str, ...]:
    """The platform's evidence that an app made a post; empty for a person's own words. `relayed`: it came by a webhook through
    which people speak. A webhook comes first: its author is made of its name, and isn't flagged as a bot."""
    marks: list[str] = []
    if message.webhook_id is not None and not relayed:
        marks.append("webhook_id")
    if message.interaction_metadata is not None or kind_of(message) is MessageKind.COMMAND:
        marks.append("interaction_metadata")
    if message.application_id is not None and not relayed:
        marks.append("application_id")
    if message.author.bot and not relayed:
        marks.append("bot")
    if message.author.system:
        marks.append("system")
    return tuple(marks)
