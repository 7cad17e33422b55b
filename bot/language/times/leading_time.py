"""The time that a line of words begins with, where something else follows it: "friday 13 containers arrive", "明日まで待つ"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.refusal import Moment, Refusal, quoted
from bot.language.languages import Languages
from bot.language.scripts import PACKED_LETTER
from bot.language.times.bounds import load_bounds
from bot.language.times.input import EXAMPLES as TIMES
from bot.language.times.input import load_typed_time_words
from bot.language.times.markers import is_of, kind_of
from bot.language.times.words import load_time_words

PARTS = ",;:-\u2013\u2014"
"""What parts a time from what is said after it."""

_LONGEST_PACKED = 20
"""Letters of a time in a script without spaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadingTime:
    """A time, and the words that are left after it."""

    moment: Moment
    rest: tuple[str, ...]


def leading_time(
    words: Sequence[str], most: int, read: Callable[[str], Moment | Refusal], *, languages: Languages | None = None
) -> LeadingTime | Refusal:
    """The time at the beginning of `words`, in as many of them, up to `most`, as tell something of it. What may be two times is
    refused with both, else a refusal is the one of the longest piece. A bare number belongs to what follows where that may be
    counted: "2h 30 boxes are missing"."""
    found: LeadingTime | None = None
    refused: Refusal | None = None
    for length in range(min(len(words), most), 0, -1):
        if _counts_what_follows(words, length, languages) or _counts_itself(words, length, languages):
            continue
        moment = read(" ".join(words[:length]).rstrip(PARTS))
        if isinstance(moment, Refusal):
            refused = refused or moment
            if found is not None:
                break
            if moment.tries != TIMES or moment.wrong_time:  # "friday or monday", "5 years"
                return moment
        elif found is None or (moment.at, moment.stretch) == (found.moment.at, found.moment.stretch):
            # A word that tells nothing of the time belongs to what follows: "2h the release".
            found = LeadingTime(moment=moment, rest=tuple(words[length:]))
        else:
            break
    found = found or _packed(words, read, languages)
    if found is not None:
        return found
    return refused or Refusal(says=f"I don't understand {quoted(' '.join(words))} as a time.")


def _counts_what_follows(words: Sequence[str], length: int, languages: Languages | None) -> bool:
    """Whether the last of so many words is a bare number that may count what comes after it, rather than an hour or a day."""
    last, following = words[length - 1], words[length:]
    if length == 1 or not last.isdecimal() or not following:
        return False
    if load_time_words(languages).fold(following[0]).strip(PARTS) in load_typed_time_words(languages).because:
        return False
    times = load_time_words(languages)
    before = times.items(times.fold(" ".join(words[: length - 1])))
    return not is_of(before, len(before) - 1, "at", "on_the", "in", "within", "month", "fill")


def _counts_itself(words: Sequence[str], length: int, languages: Languages | None) -> bool:
    """Whether the last of so many words is a number of something: "friday first", where "first thing" is a time."""
    times = load_time_words(languages)
    items = times.items(times.fold(" ".join(words[:length])))
    return length > 1 and kind_of(items, len(items) - 1) == "first" and is_of(items, len(items) - 1, "nth")


def _packed(words: Sequence[str], read: Callable[[str], Moment | Refusal], languages: Languages | None) -> LeadingTime | None:
    """A time that the first word begins with, in a script that puts no spaces between words."""
    if not words or PACKED_LETTER.search(words[0]) is None:
        return None
    for end in range(min(len(words[0]), _LONGEST_PACKED), 0, -1):
        moment = read(load_bounds(languages).trailed(words[0][:end], "until_after") or words[0][:end])
        if isinstance(moment, Moment):
            return LeadingTime(moment=moment, rest=tuple(word for word in (words[0][end:], *words[1:]) if word))
    return None
