"""What entries of the team's calendar say: who is on duty, who is away.

An entry is about the members whose name stands in its title, as whole words: their full name, or a part of it that nobody else on
the team has ("Ana: vacation", "Ana Silva on duty"). Where none does it is about the members who take part, known by their e-mail
address or full name. A word of duty or of absence says which it is; a title that is a member's name and nothing else is a shift.
What says both, or neither ("Ana: dentist"), says nothing, and so does what is in doubt: a question, a picture beside a name, or a
word that turns the rest around ("not on duty", "back from vacation"), and an arrow from one to another ("Ana -> Ben").

Who only stands in isn't meant by it: a part of the title with a word for that is left out, with whoever is named in it ("Ana
vacation - Ben deputizes", "Ana on duty (backup: Ben)"), and so is for whom somebody does it ("Ben on duty for Ana").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise

from bot.domain.duty import CalendarEntry, CalendarSpans, MemberSpan
from bot.domain.value import value
from bot.language.languages import Languages, shipped_languages

_LISTS = ("duty", "duty_alone", "absence", "against", "stands_in", "in_place_of", "possessive", "name_words")

_SHORTEST = 2
"""Letters of a name that is looked for: one letter is in every title."""

_SAYS_MORE = re.compile(r"[^\s!-/:-@\[-`{-~\u2013\u2014\u2192\u00b7\u2022]")
"""What stands beside a name and isn't mere punctuation: a word, a picture."""

_PART = re.compile(r"[,;()\[\]/|\u2013\u2014]|\s-+\s")
"""What parts one thing that a title says from the next."""

_ARROW = re.compile(r"[\u2192\u21d2]|[-=]+>")

_DOUBT = re.compile(r"[?\uff1f]")


@value
class CalendarPeople:
    """The team as a calendar may name it: `names` are all that each member is called, `emails` whose address is whose."""

    names: Mapping[str, tuple[str, ...]]
    emails: Mapping[str, str]


NOBODY_NAMED = CalendarPeople(names={}, emails={})
"""Nothing is said of how a calendar names people, besides what they are called."""


class CalendarWords:
    """The words of duty and of absence, of all languages."""

    __slots__ = ("absence", "against", "duty", "duty_alone", "in_place_of", "languages", "name_words", "possessive", "stands_in")

    def __init__(self, languages: Languages) -> None:
        section = languages.section("calendar", _LISTS, languages.fold_pattern)
        self.languages = languages
        # Part of a word with a hyphen is another word: "kick-off".
        self.duty = section.pattern(r"(?<!\w-)\b(?:{duty})\b(?!-\w)")
        self.absence = section.pattern(r"(?<!\w-)\b(?:{absence})\b(?!-\w)")
        self.duty_alone = section.pattern(r"\b(?:{duty_alone})\b")
        self.against = section.pattern(r"\b(?:{against})\b")
        self.stands_in = section.pattern(r"\b(?:{stands_in})\b")
        self.in_place_of = section.pattern(r"\b(?:{in_place_of})\s+@?\Z")
        # Only before such a word: "Anas Urlaub". By itself it may be somebody else's name.
        self.possessive = section.pattern(r"(?:(?:{possessive})(?=\s+(?:{duty}|{absence})\b))?").pattern
        self.name_words = section.pattern(r"(?:{name_words}|{duty}|{absence})")


@cache
def load_calendar_words() -> CalendarWords:
    """The words of the languages that ship with the package; compiled once."""
    return CalendarWords(shipped_languages())


def spans_in(entries: Iterable[CalendarEntry], people: CalendarPeople) -> CalendarSpans:
    """What a calendar's entries say of the team, in order of time."""
    words = load_calendar_words()
    names = _distinct(people, words)
    duty: list[MemberSpan] = []
    away: list[MemberSpan] = []
    for entry in entries:
        title = words.languages.fold(entry.summary)
        found, rest = _named(title, names, words)
        named, rest = _meant(found, rest, words)
        on_duty = words.duty.search(rest) is not None
        absent = words.absence.search(rest) is not None
        alone = bool(named) and _SAYS_MORE.search(words.duty_alone.sub(" ", rest)) is None
        if words.against.search(rest) is not None or _DOUBT.search(title) is not None:
            continue
        if found and (not named or (len(found) > 1 and _ARROW.search(rest) is not None)):
            continue
        members = named or _taking_part(entry, people, words.languages)
        if not members or (on_duty and absent) or not (on_duty or absent or alone):
            continue
        into = away if absent else duty
        into += [MemberSpan(member=member, since=entry.since, until=entry.until) for member in members]
    return CalendarSpans(duty=_in_order(duty), away=_in_order(away))


def _in_order(shifts: Iterable[MemberSpan]) -> tuple[MemberSpan, ...]:
    return tuple(sorted(dict.fromkeys(shifts), key=lambda shift: (shift.since, shift.until)))


def _distinct(people: CalendarPeople, words: CalendarWords) -> dict[str, str]:
    """Folded name -> the one member it means, longest first: full names, and parts of them that one member alone has. A part
    that is a word, too, names nobody by itself: "Will", "Urlaub"."""
    bearers: dict[str, set[str]] = {}
    for member, names in people.names.items():
        for name in names:
            folded = " ".join(words.languages.fold(name).split()).lstrip("@")
            parts = folded.split()
            for form in (folded, *(part for part in parts if len(parts) > 1 and not words.name_words.fullmatch(part))):
                if len(form) >= _SHORTEST:
                    bearers.setdefault(form, set()).add(member)
    found = {form: next(iter(members)) for form, members in bearers.items() if len(members) == 1}
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _named(title: str, names: Mapping[str, str], words: CalendarWords) -> tuple[dict[int, str], str]:
    """Where in a title which members are named, in order, and the title without their names."""
    found: dict[int, str] = {}
    for name, member in names.items():
        pattern = re.compile(rf"(?<!\w){re.escape(name)}{words.possessive}(?!\w)" if name.isascii() else re.escape(name))
        for match in pattern.finditer(title):
            found.setdefault(match.start(), member)
        title = pattern.sub(lambda match: " " * len(match[0]), title)
    return dict(sorted(found.items())), title


def _meant(found: Mapping[int, str], rest: str, words: CalendarWords) -> tuple[tuple[str, ...], str]:
    """The members a title is about, and what it says, without those who only stand in for them or are stood in for."""
    members = dict(found)
    parts = [0, *(match.end() for match in _PART.finditer(rest)), len(rest)]
    for begins, ends in pairwise(parts):
        if words.stands_in.search(rest[begins:ends]) is not None:
            members = {at: member for at, member in members.items() if not begins <= at < ends}
            rest = rest[:begins] + " " * (ends - begins) + rest[ends:]
    theirs = {at: member for at, member in members.items() if words.in_place_of.search(rest[:at]) is None}
    return tuple(dict.fromkeys((theirs or members).values())), rest


def _taking_part(entry: CalendarEntry, people: CalendarPeople, languages: Languages) -> tuple[str, ...]:
    whole = {languages.fold(name): member for member, names in people.names.items() for name in names}
    by_email = [people.emails[email] for email in entry.emails if email in people.emails]
    by_name = [whole[name] for name in map(languages.fold, entry.names) if name in whole]
    return tuple(dict.fromkeys((*by_email, *by_name)))
