"""What bounds a span of time that is typed: "from", "until", "to", "for 3 days", "the whole". The words are the section
`typed_times.absence` of each language's file; bot.language.times.absences makes spans of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from bot.language.folding import fold
from bot.language.languages import Languages, shipped_languages
from bot.language.scripts import EDGE
from bot.language.times.input import typed_lists
from bot.language.times.words import load_time_words

_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-\d{2,4}")
_DASH = re.compile(r"\s*[-\u2013\u2014~\uff5e]\s*|(?<=\d{4}-\d\d-\d\d) ?/ ?(?=\d{4}-)")

_COMMA = re.compile(r" ?, ?")

Bound = Literal["from", "until", "to", "through", "for", "and", "from_after", "until_after", "through_after"]
"""What a word between two sides, or beside one, makes of them."""

BEHIND: tuple[Bound, ...] = ("from_after", "until_after", "through_after")
"""Those that stand after their time."""

_JOINING: tuple[Bound, ...] = ("through", "to", "until", "for", "and", "from")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A place at which a text falls into two sides, and what stands between them."""

    left: str
    right: str
    bound: Bound
    between: str
    """The bound as it was written."""
    start: int
    """Where the bound begins in the text."""
    end: int
    """Where it ends."""

    def with_sides(self, left: str, right: str) -> str:
        """The same with other sides."""
        return f"{left}{self.between}{right}"


class Bounds:
    """What bounds a span, in all languages."""

    __slots__ = ("_bounds", "_lead", "_lunch", "_now", "_tail", "_whole", "_why")

    def __init__(self, languages: Languages) -> None:
        section = typed_lists(languages)

        def pattern(frame: str, *names: str) -> re.Pattern[str]:
            texts = {fold(text) for name in names for text in section.texts(f"absence.{name}")}
            return re.compile(frame.format("|".join(sorted(texts, key=len, reverse=True)) or "(?!)"))

        self._bounds = {bound: pattern(f"{EDGE}(?:{{}}){EDGE}", bound) for bound in _JOINING}
        self._lead: dict[Bound, re.Pattern[str]] = {
            bound: pattern(rf"(?:{{}}){EDGE}\s*", bound) for bound in ("from", "until", "through", "for")
        }
        self._tail: dict[Bound, re.Pattern[str]] = {bound: pattern(rf"\s*{EDGE}(?:{{}})$", bound) for bound in BEHIND}
        self._now = pattern("(?:{})", "now")
        self._why = pattern(rf"(?:(?:{{}}){EDGE}[ ,:]*)+", "why")
        self._lunch = pattern(f"{EDGE}(?:{{}}){EDGE}", "lunch")
        self._whole = pattern(f"{EDGE}(?:{{}}){EDGE}", "whole")

    def without_whole(self, text: str) -> tuple[str, bool]:
        """A text without "all" and "the whole", and whether it had them."""
        left = self._whole.sub(" ", text)
        return " ".join(left.split()), left != text

    def without_lunch(self, text: str) -> str | None:
        """What stands beside a word for lunch: "tomorrow" of "tomorrow at lunch"; None where there is none."""
        found = self._lunch.search(text)
        return None if found is None else f"{text[: found.start()].strip(' ,')} {text[found.end() :].strip(' ,')}".strip()

    def without_why(self, text: str) -> str:
        """A text without what somebody is away for, which is nobody's business: "sick today", "on vacation until friday"."""
        found = self._why.match(text)
        return text if found is None else text[found.end() :]

    def without_from(self, text: str) -> str:
        """A text without "from" inside it: "tomorrow from 10"."""
        return " ".join(self._bounds["from"].sub(" ", text).split())

    def led(self, text: str, bound: Bound) -> str | None:
        """What follows a bound that the text begins with; None when it doesn't."""
        found = self._lead[bound].match(text)
        return None if found is None or found.end() == len(text) else text[found.end() :]

    def trailed(self, text: str, bound: Bound) -> str | None:
        """What stands before a bound that the text ends with; None when it doesn't."""
        found = self._tail[bound].search(text)
        return None if found is None or not found.start() else text[: found.start()]

    def is_now(self, text: str) -> bool:
        """Whether it says "now"."""
        return self._now.fullmatch(text) is not None

    def is_until(self, text: str) -> bool:
        """Whether a bound is one up to which somebody is away, wherever it stands: "bis", not "à", which may be "at"."""
        return self._lead["until"].fullmatch(text) is not None

    def cuts(self, text: str) -> Iterator[Cut]:
        """The places where a text may fall into two, in their order; of those that begin at one place the longest first."""
        found: list[tuple[int, int, Bound]] = []
        dates = [each.span() for each in _DATE.finditer(text)]
        for dash in _DASH.finditer(text):
            if not any(start < dash.start() < end for start, end in dates):
                found.append((dash.start(), dash.end(), "to"))
        found += [(comma.start(), comma.end(), "and") for comma in _COMMA.finditer(text)]
        for bound in _JOINING:
            found += [(each.start(), each.end(), bound) for each in self._bounds[bound].finditer(text)]
        found.sort(key=lambda each: (each[0], -each[1], _JOINING.index(each[2])))
        for start, end, bound in found:
            left, right = text[:start].strip(" ,"), text[end:].strip(" ,")
            if left and right:
                yield Cut(left=left, right=right, bound=bound, between=f" {text[start:end].strip()} ", start=start, end=end)


def without_beginning(text: str, languages: Languages | None = None) -> str | None:
    """What follows the bound from which something lasts: "friday" of "from friday"; None where a text begins with none, or with a
    time of its own ("after lunch")."""
    times = load_time_words(languages)
    folded = times.fold(text)
    rest = load_bounds(languages).led(folded, "from")
    if rest is None or not rest:
        return None
    first = next(iter(times.items(folded)), None)
    whole = first is not None and first.start == 0 and first.end > len(folded) - len(rest)
    return None if whole else rest


@cache
def load_bounds(languages: Languages | None = None) -> Bounds:
    """What bounds a span in these languages, or in those that ship with the package; compiled once."""
    return Bounds(languages or shipped_languages())
