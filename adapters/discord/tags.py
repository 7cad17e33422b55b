"""Discord's own way of naming a person or a channel in what somebody typed, as the tags that the bot reads."""

from __future__ import annotations

import re

from bot.domain.tags import channel_tag, person_tag

_NAMED = re.compile(r"<(@!?|#)(\d{1,20})>")
"""https://docs.discord.com/developers/reference, "Message Formatting"."""


def in_tags(text: str) -> str:
    """A line with "<@80351110224678912>" and "<#41771983423143937>" as tags."""
    return _NAMED.sub(lambda found: channel_tag(found[2]) if found[1] == "#" else person_tag(found[2]), text)
