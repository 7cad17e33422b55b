"""What a slash command was given: its name and its options, from an interaction's `data`
(https://docs.discord.com/developers/interactions/receiving-and-responding, "Application Command Data Structure"). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from adapters.discord.commands import CHANNEL, GROUP, SUBCOMMAND
from adapters.discord.tags import in_tags
from bot.domain.tags import channel_tag
from bot.domain.value import value

DEEPEST: Final = 3
"""Levels below a command: a group, its commands, their options."""


@value
class Given:
    """A command by its own name ("away", whatever group it stands in), with what was given by the names of its options. People
    and channels are tags. `typing` is the option that somebody is typing into."""

    command: str
    given: Mapping[str, str]
    typing: str | None = None


def given_in(data: Mapping[str, Any]) -> Given:
    """The innermost command of an interaction's data. What isn't of the form that Discord documents is left out."""
    here = data
    for _ in range(DEEPEST):
        below = [option for option in _options(here) if option.get("type") in (SUBCOMMAND, GROUP)]
        if not below:
            break
        here = below[0]
    given: dict[str, str] = {}
    typing = None
    for option in _options(here):
        name, held = option.get("name"), option.get("value")
        if not isinstance(name, str) or isinstance(held, bool) or not isinstance(held, str | int | float):
            continue
        given[name] = channel_tag(str(held)) if option.get("type") == CHANNEL else in_tags(str(held))
        if option.get("focused") is True:
            typing = name
    return Given(command=str(here.get("name") or ""), given=given, typing=typing)


def _options(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    options = data.get("options")
    return [option for option in options if isinstance(option, Mapping)] if isinstance(options, list) else []
