"""Discord's message markup undone: what people read, plus whom it names. Pure.

Source: https://docs.discord.com/developers/reference, "Message Formatting". Names that stand in a text are for reading only:
nobody is looked up by them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.domain.letters import clean

_MARKUP: Final = re.compile(
    r"<(?:@!?(?P<person>\d{1,20})|@&(?P<role>\d{1,20})|\#(?P<channel>\d{1,20})|a?:(?P<emoji>\w{1,64}):\d{1,20}"
    r"|t:(?P<time>-?\d{1,17})(?::[A-Za-z])?|/(?P<command>[^:<>]{1,100}):\d{1,20}|\d{1,20}:(?P<place>[a-z-]{1,40})"
    r"|(?P<link>https?://[^<>\s]{1,2000}))>"
)

_LABELLED: Final = re.compile(r"\[([^\[\]\n]{1,300})\]\(<?(https?://[^\s()<>]{1,2000})>?\)")

_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")

_INTO_DISCORD: Final = re.compile(r"<?https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/channels/[\w@/-]+>?")
"""A link to a message or channel of Discord: where it points somebody may have said something; here nobody did."""

LATEST: Final = 253_402_300_799
"""The last second of the year 9999, beyond which there is no date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """Text without markup. `people` and `roles` are ids of whom it names, in order of appearance."""

    text: str
    people: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkupNames:
    """What an id that stands in a text is called; "" when that isn't known."""

    person: Callable[[str], str]
    role: Callable[[str], str]
    channel: Callable[[str], str]


def undo(raw: str, names: MarkupNames) -> Undone:
    """Undo the markup of a message's text."""
    raw = clean(raw)
    if only_links_into_discord(raw):
        return Undone(text="")
    people: dict[str, None] = {}
    roles: dict[str, None] = {}

    def read(match: re.Match[str]) -> str:
        kind, value = match.lastgroup, match[match.lastgroup or 0]
        match kind:
            case "person":
                people[value] = None
                return "@" + (names.person(value) or value)
            case "role":
                roles[value] = None
                return "@" + (names.role(value) or value)
            case "channel":
                return "#" + (names.channel(value) or value)
            case "emoji":
                return f":{value}:"
            case "time":
                return _moment(int(value))
            case "command":
                return f"/{value}"
            case "link":
                return value
        return ""

    text = _MARKUP.sub(read, raw) if "<" in raw else raw
    if "](" in text:
        text = _LABELLED.sub(_labelled, text)
    if "||" in text:
        text = text.replace("||", "")
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    return Undone(text=text, people=tuple(people), roles=tuple(roles))


def only_links_into_discord(text: str) -> bool:
    """Whether a text is nothing but links to other messages or channels of Discord."""
    return "https://" in text and all(_INTO_DISCORD.fullmatch(word) for word in text.split())


def _labelled(match: re.Match[str]) -> str:
    label, address = match.groups()
    return address if label.strip() in (address, "") else f"{label} ({address})"


def _moment(seconds: int) -> str:
    """An instant, which Discord shows everybody by their own clock."""
    if not 0 <= seconds <= LATEST:
        return ""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
