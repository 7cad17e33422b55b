"""Why a wait is its owner's, in words: one row a reason, with what is said to the owner, to others, and to who asks why."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.views import PersonName, Plain, Spans
from bot.domain.waits import OwnerReason

CUSTOMER = "{customer}"
"""Where a sentence names the customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerWords:
    """The wordings of one reason."""

    yours: str
    """Said to the owner, a sentence."""
    yours_on: str | None = None
    """The same where it is known of which day ("{day}": "on Friday") a promise or the last exchange is."""
    theirs: str
    """Said to others, after the owner's name."""
    why: str
    """Said to who asks why, after "who"."""

    def to_owner(self, customer: str, day: str | None) -> Spans:
        """`yours`, with the day if it is known and the reason has one."""
        said = self.yours if day is None or self.yours_on is None else self.yours_on.replace("{day}", day)
        return _naming(said, customer)

    def to_others(self, customer: str) -> Spans:
        """`theirs`, to be put after the owner's name."""
        return _naming(f" {self.theirs}", customer)


OWNER_WORDS: dict[OwnerReason, OwnerWords] = {
    "claimed": OwnerWords(yours="You took this one earlier.", theirs="took this one earlier", why="took it"),
    "assigned": OwnerWords(yours="This one was handed to you.", theirs="was handed this one", why="was handed it"),
    "promised": OwnerWords(
        yours="You said you'd get back to {customer}.",
        yours_on="You said you'd get back to {customer} {day}.",
        theirs="meant to get back to {customer}",
        why="promised to get back",
    ),
    "named": OwnerWords(yours="{customer} asked for you.", theirs="was asked for by name", why="was asked for by name"),
    "thread": OwnerWords(
        yours="You were talking with {customer} in this thread.",
        theirs="was talking with {customer}",
        why="spoke last in the thread",
    ),
    "acquaintance": OwnerWords(
        yours="You know {customer} best.",
        yours_on="You know {customer}: you helped {day}.",
        theirs="knows {customer} best",
        why="knows them best",
    ),
    "duty": OwnerWords(yours="You're on duty.", theirs="is on duty", why="is on duty"),
    "team": OwnerWords(yours="Nobody else has this one yet.", theirs="was asked", why="was the first at hand"),
}

LOOKING = OwnerWords(yours="You were looking into it.", theirs="was looking into it", why="promised to get back")
""" "promised" of an owner who only said "one sec"."""


def _naming(said: str, customer: str) -> Spans:
    before, named, after = said.partition(CUSTOMER)
    parts = (Plain(before), *((PersonName(customer), Plain(after)) if named else ()))
    return tuple(part for part in parts if not isinstance(part, Plain) or part.text)
