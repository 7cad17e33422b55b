"""Slack's own way of naming a person or a channel in what somebody typed, as the tags that the bot reads."""

from __future__ import annotations

import re

from bot.domain.tags import channel_tag, person_tag

_NAMED = re.compile(r"<([@#])([^|<>\s]{1,80})(?:\|[^<>]*)?>")
"""https://docs.slack.dev/interactivity/implementing-slash-commands: "<@U012ABCDEF|ana>", "<#C012ABCDE|help>"."""


def in_tags(text: str) -> str:
    """A line with "<@U1|dana>" and "<#C1|help>" as tags."""
    return _NAMED.sub(lambda found: person_tag(found[2]) if found[1] == "@" else channel_tag(found[2]), text)
