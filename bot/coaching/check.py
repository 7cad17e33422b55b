"""Is this personal? What is seen of a reply that its writer has asked about: observations, never a score and never other words.

Pure: the reply as it reads, what the customer asked as far as that is known, and what customers were told before. Nothing of it
is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.domain.durations import Instant
from bot.domain.reading import Cue, Reading
from bot.domain.reply_index import ALIKE, LEAST_WORDS
from bot.domain.value import value
from bot.language.personal import PersonalReading

LEAST_SAID = 5
"""Words of content a reply must have for it to be said that it names nothing of what was asked: "Yes, since today" needn't."""

_TELLS = (Cue.YES_START | Cue.NO_START | Cue.WHEN | Cue.IDENTIFIER | Cue.CODE | Cue.LINK | Cue.PRECISE).value
"""Who says yes or no, when, or a number or the like, answers without saying the question again."""

_ASKS_ANOTHER_WORD = (Cue.ASKS_WHERE | Cue.ASKS_WHO | Cue.WHEN).value
"""Who asks where, who or when asks for what they can't name."""

MOSTLY = 0.5
"""Share of a reply's characters from which on it is mostly a link."""

MOST_NAMED = 5
"""Words of what was asked that are said back."""


@value
class EarlierReply:
    """What a customer was told before: to whom it went, when, and its words' fingerprints."""

    customer: str
    at: Instant
    words: tuple[int, ...]


@value
class Copies:
    """That nearly the same went to other customers: to how many, and when last."""

    customers: int
    last: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedReply:
    """A reply that is looked at. `personal` is what it shows by itself, `reading` what the judge reads in it.
    `shared`: the words of it that the customer used, too; None where it isn't known what they asked. `before` is what others were
    told. `offers`: it offers something (language.pitches). `asks` are the cues of what they asked; `same_language`: that and the
    reply are in one language, as far as it can be told."""

    personal: PersonalReading
    reading: Reading
    shared: tuple[str, ...] | None = None
    before: Sequence[EarlierReply] = ()
    offers: bool = False
    asks: int = 0
    same_language: bool = True


@value
class Observations:
    """What is seen of a reply. `marks`, `anybody` and `greets_nobody` are what a template left in it. `shared` are words of what
    was asked; `names_nothing`: it says something, and nothing of what was asked. `only_redirects`: it sends them elsewhere, and
    that is all. `mostly_link`, `offers`, `only_we` and `says_i` are what they say; `copies`: nearly the same was written
    before."""

    marks: tuple[str, ...] = ()
    anybody: str = ""
    greets_nobody: str = ""
    shared: tuple[str, ...] = ()
    names_nothing: bool = False
    only_redirects: bool = False
    copies: Copies | None = None
    mostly_link: bool = False
    offers: bool = False
    only_we: bool = False
    says_i: bool = False

    @property
    def clear(self) -> bool:
        """Whether there is nothing to remark."""
        remarked = (self.marks, self.anybody, self.greets_nobody, self.copies)
        return not any(remarked) and not (
            self.names_nothing or self.only_redirects or self.mostly_link or self.offers or self.only_we
        )


def observe(reply: CheckedReply) -> Observations:
    """What is seen of a reply."""
    reading, personal = reply.reading, reply.personal
    redirects = reading.has(Cue.REDIRECT_ONLY)
    shared = reply.shared or ()
    read = not reading.has(Cue.UNCOVERED)  # else "I" may be "in": Swedish
    return Observations(
        marks=personal.marks,
        anybody=personal.anybody,
        greets_nobody=personal.greets_nobody,
        shared=shared[:MOST_NAMED],
        names_nothing=reply.shared == () and not redirects and _should_name(reply),
        only_redirects=redirects,
        copies=copies_of(reading.fingerprints, reply.before),
        mostly_link=not redirects and (reading.has(Cue.ONLY_LINK) or personal.links >= MOSTLY),
        offers=reply.offers,
        only_we=personal.only_we and read,
        says_i=personal.says_i and read,
    )


def _should_name(reply: CheckedReply) -> bool:
    """Whether a reply of that many words would name something of what was asked, if it were written for that."""
    reading = reply.reading
    if not reply.same_language or reading.cues & _TELLS or reply.asks & _ASKS_ANOTHER_WORD:
        return False
    return len(reading.fingerprints) >= LEAST_SAID


def copies_of(words: Collection[int], before: Iterable[EarlierReply]) -> Copies | None:
    """Whether nearly the same was written before: to how many customers, and when last. None where it wasn't, and of what is too
    short to be told from a copy."""
    mine = frozenset(words)
    if len(mine) < LEAST_WORDS:
        return None
    found = [one for one in before if alike(mine, one.words)]
    if not found:
        return None
    return Copies(customers=len({one.customer for one in found}), last=max(one.at for one in found))


def alike(mine: frozenset[int], theirs: tuple[int, ...]) -> bool:
    """Whether two messages, by the fingerprints of their words, say nearly the same; what is short is like nothing."""
    least = min(len(mine), len(theirs))
    if least < LEAST_WORDS or least < ALIKE * max(len(mine), len(theirs)):
        return False
    common = len(mine.intersection(theirs))
    return common / (len(mine) + len(theirs) - common) >= ALIKE
