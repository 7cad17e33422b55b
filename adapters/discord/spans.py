"""Spans as Discord's Markdown. `PeopleInMarkdown` is one message's: it knows who may be called, and calls each of them once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from adapters.discord.texts import bold, code, escaped, link, safe_url
from adapters.discord.typed import as_typed
from bot.domain.durations import Instant
from bot.domain.views import Bold, Code, CommandText, Link, PersonName, Plain, Span, Spans, Timestamp
from bot.domain.visible import clean, is_blank, is_false_label, shorten, units

JsonObject = dict[str, object]
"""An object of Discord's; never leaves the adapter."""

LONGEST_NAME: Final = 80
"""Characters of what somebody is called; Discord's own limit is 32."""

NAMELESS: Final = "somebody"

LATEST: Final = 253_402_300_799
"""The last second of the year 9999."""

_USER = re.compile(r"[1-9]\d{14,19}")
"""An account's id (https://docs.discord.com/developers/reference, "Snowflakes")."""


class PeopleInMarkdown:
    """How one message speaks of people. `addressed` are those who may be notified, `name_of` gives what others are called."""

    def __init__(self, addressed: tuple[str, ...], name_of: Callable[[str], str]) -> None:
        self._addressed, self._name_of = frozenset(addressed), name_of
        self.called: dict[str, None] = {}
        """Who has been called so far, in order."""

    def may_call(self, who: PersonName) -> bool:
        """Whether this span notifies somebody: it says so, they are addressed, and Discord would know the id."""
        return who.ping and who.person in self._addressed and _USER.fullmatch(who.person) is not None

    def name(self, person: str) -> str:
        """What somebody is called, on one line."""
        called = clean(self._name_of(person)).strip()
        return NAMELESS if is_blank(called) else shorten(called, LONGEST_NAME)

    def said(self, spans: Spans, limit: int, *, lines: bool = True, starts: bool = True) -> str:
        """Spans as markup of at most `limit` characters; empty when there is nothing to see. `lines`: it may have several.
        `starts`: it stands at the beginning of a line. What is too long is shortened, and what comes after it is left out."""
        said, seen = "", False
        for span in spans:
            at_start = said.endswith("\n") or (starts and not said.strip(" "))
            whole, text = self._markup(span, lines=lines, starts=at_start)
            if isinstance(span, Timestamp) and said.count("(") > said.count(")"):
                whole = text = moment(span.at, inside=True)
            seen = seen or not is_blank(text)
            if units(said) + units(whole) > limit:
                room = limit - units(said)
                cut = _shortened(text, room, starts=at_start) if room > 1 else "…"[:room]
                return said + cut if seen else ""
            if isinstance(span, PersonName) and whole.startswith("<@"):
                self.called[span.person] = None
            said += whole
        return _trimmed(said) if seen else ""

    def _markup(self, span: Span, *, lines: bool, starts: bool) -> tuple[str, str]:
        """A span as markup, and the text that is seen of it."""
        match span:
            case Plain(text):
                said = clean(text, lines=lines)
                return escaped(said, starts=starts), said
            case Bold(text):
                said = clean(text, lines=lines)
                return (escaped(said, starts=starts) if is_blank(said) else bold(said)), said
            case Code(text):
                said = clean(text)
                return ("" if is_blank(said) else code(said)), said
            case CommandText(text):
                return self._markup(Code(as_typed(text)), lines=lines, starts=starts)
            case PersonName(person) if self.may_call(span) and person not in self.called:
                return f"<@{person}>", "@" + self.name(person)
            case PersonName(person):
                said = self.name(person)
                return escaped(said, starts=starts), said
            case Link(url, label):
                said = clean(label)
                false = is_blank(said) or is_false_label(said, url)
                address = None if false else safe_url(url)
                return (escaped(said, starts=starts) if address is None else link(said, address)), said
            case Timestamp(at):
                said = moment(at)
                return said, said


def _shortened(text: str, room: int, *, starts: bool) -> str:
    """As much of a text as there is room for, escaped."""

    def size(part: str) -> int:
        return units(escaped(part, starts=starts))

    return escaped(shorten(text, room, size=size), starts=starts)


def moment(at: Instant, *, inside: bool = False) -> str:
    """An instant by the reader's own clock and language, with how far away it is: "15 May 2024 14:05 (2 hours ago)"; whatever
    stands before it, the sentence stays one. `inside`: it stands in brackets already. Raises ValueError for an instant that is no
    date."""
    seconds = int(at)
    if not 0 <= seconds <= LATEST:
        raise ValueError(f"{at} is no instant that can be shown")
    full, away = f"<t:{seconds}:f>", f"<t:{seconds}:R>"
    return f"{full}, {away}" if inside else f"{full} ({away})"


def for_them(people: Iterable[str]) -> str:
    """Whoever is called without more words."""
    return "For " + ", ".join(f"<@{person}>" for person in people) + "."


def _trimmed(said: str) -> str:
    return said.strip(" \n")
