"""How commands are typed on Discord: "/realreply me away". One command has at most 25 below it, so that what is about oneself and
what is for leads stand in groups of their own."""

from __future__ import annotations

from typing import Final

from bot.commands.command import Command
from bot.commands.table import look_up

NAME: Final = "realreply"
"""The one application command, and the bot's name."""

CALLED: Final = f"/{NAME}"

_GROUPS: Final = {"me": "me", "leads": "leads"}
"""Topic -> the group that its commands stand in; those of the other topics stand right below the command."""


def group_of(command: Command) -> str:
    """The group a command stands in; "" where it stands in none."""
    return _GROUPS.get(command.listed_under, "")


def as_typed(text: str) -> str:
    """A command in words ("away until monday") as it is called on Discord ("/realreply me away until monday")."""
    words = text.split(" ")
    command, rest = look_up(words) if words[0] else (None, words)
    if not isinstance(command, Command):
        return f"{CALLED} {text}"
    return " ".join(filter(None, (CALLED, group_of(command), command.name, *rest)))


def as_written(text: str) -> str:
    """A command as somebody writes it to the bot, in words: what they read everywhere else begins with the one command, and may
    stand in a group ("/realreply me away" and "me away" are "away")."""
    words = text.split(" ")
    if words[0].casefold().removeprefix("/") == NAME:
        words = words[1:]
    if len(words) > 1 and words[0].casefold() in _GROUPS.values():
        command, _ = look_up(words[1:])
        if isinstance(command, Command) and group_of(command) == words[0].casefold():
            words = words[1:]
    return " ".join(words)
