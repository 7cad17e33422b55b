"""Does a team member's message promise to come back, and when?

The rules, in the order they are tried, sentence by sentence. The words are the section `promises` of each language's file:
English has the phrases below in two parts (`committed`), the others their commonest ones in one piece (`complete`).

1. Quoted lines, code and links are no words of the author. Only the first 4,000 characters are read.
2. *Return* phrases promise by themselves: somebody commits (I'll, we will, let me, Ben will, going to, should, hope to) to get
   back, follow up, let you know, update you, keep you posted, reply, report back, have an answer. So do "you'll hear from us"
   and "you can expect an answer". Without a time, `until` is None: the caller waits for the next working day.
3. *Work* phrases (look, check, ask, send, test, "give me 10 minutes") promise only when a time is said: "I'll look into it" is a
   holding reply, "I'll look into it tomorrow" a promise. "In a sec" is no time here.
4. "I won't get to this before Monday" promises Monday, and so does what puts it off: "it'll be Monday", "make that Monday".
5. No promise: what depends on the customer ("once you send the log, I'll get back to you", "if it fails, ..."); what
   happens by itself ("you'll get an email tomorrow", "it should be fixed tomorrow"); questions to the customer ("did you get
   back to them?"); absences ("I'll be back on Monday"); requests ("let me know tomorrow"); what is taken back ("will not").
6. The time is looked for after the phrase, then inside it ("I'll check tomorrow and get back to you"), then directly before
   it ("tomorrow I'll get back to you"), always in the same sentence. The first promise with a time counts, else the first.

7. A time and no more than small words beside it ("tomorrow at 3pm EST", "hopefully Friday") promises by itself.
   So does a length of time below a day ("2 hours"), where none was asked for.
8. Of what is known to promise, by whatever words, the first time in a sentence that depends on nothing counts.

What instant a time becomes is the table in `bot.language.times.expressions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import cache

from bot.domain.durations import DAY, MINUTE, Instant
from bot.domain.hours import Hours
from bot.language.languages import Languages, WordSection, shipped_languages
from bot.language.scripts import PACKED
from bot.language.times import expressions as time_expressions
from bot.language.times.words import date_orders, load_time_words

CAP = 4000
"""Characters read. A promise further down a message that long hasn't been seen by its reader either."""

_RETURN_REACH, _WORK_REACH = 80, 30
"""Characters between "I'll" and "get back to you" / between "I'll" and "check"."""

_TIME_REACH = 120
"""Characters after a phrase in which its time may stand."""

_WORDS_AFTER = 1
"""Words that may follow the time of a promise that is put off ("it'll be Monday now"); more tell of something else."""

_ALONE = 60
"""Characters up to which a message may be nothing but a time."""

_MOST_MINUTES = 90
"""What "give me 20" may be at most: more is no number of minutes."""

_MOST_PHRASES = 20
"""Phrases of one message whose time is looked for: nobody promises that much, and the search is most of the cost."""

_LEAD = 30
"""Characters directly before a phrase in which its time may stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise to come back at `until` (None: no usable time was said: none, a past one, or over 60 days ahead).

    `phrase` is where in the text it stands, from the commitment to the time. `exact` says that the very instant was
    said ("in an hour", "at 3pm") and not a day or a part of it.
    """

    until: Instant | None
    phrase: tuple[int, int] | None
    exact: bool


_LISTS = (
    "beside",
    "conditions", "condition_subjects", "condition_offers", "conditions_whole", "hangs_on", "hangs_only", "joins", "joins_or",
    "asks", "turns", "away", "committed.scraps", "committed.commits", "committed.subjectless", "committed.subjectless_at_start",
    "committed.own_before", "committed.no_names", "committed.denied", "committed.offers", "committed.lets", "committed.answers",
    "committed.not_until", "committed.returns", "committed.hear", "committed.work", "committed.give_me", "committed.put_off",
    "complete.scraps", "complete.returns", "complete.work", "complete.put_off",
)  # fmt: skip
_NOT_OURS = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|^[ \t]*(?:>|&gt;)[^\n]*|https?://\S+", re.DOTALL | re.MULTILINE)
_SAYS_WHEN = re.compile(r"[^\W\d_]|:")
"""What a message has that is a time and no number, version or share of something."""
_END = re.compile(rf"(?<!\d)\.(?=\s|$)|[!?;](?=\s|$)|[\n\u3002\u0964]|(?<=[{PACKED}])[!?;]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A way of promising. `reach`: how far before it a commitment must stand (0: it is one by itself). `timed`: it needs a time.
    `orders`: how who speaks so writes dates in digits (none: any way). `at_once`: the time stands right behind it, and ends what
    is said. `minutes`: a number alone behind it is minutes ("give me 20")."""

    pattern: re.Pattern[str]
    reach: int
    timed: bool
    orders: tuple[str, ...]
    at_once: bool = False
    minutes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    """A language's ways of promising. A message that holds none of their scraps ends here, after a few microseconds, as most
    messages do."""

    scraps: tuple[str, ...]
    rules: tuple[_Rule, ...]


@dataclass(slots=True)
class _Phrase:
    """A promising phrase in a sentence: where it stands, whether it needs a time, and what its rule says besides."""

    start: int
    end: int
    timed: bool
    orders: tuple[str, ...]
    at_once: bool = False
    minutes: bool = False


class PromiseWords:
    """How all languages promise."""

    __slots__ = (
        "answers",
        "asks",
        "away",
        "beside",
        "commits",
        "condition",
        "denied",
        "hangs_on",
        "lets",
        "no_names",
        "offers",
        "own_before",
        "subjectless",
        "subjectless_at_start",
        "turns",
        "ways",
    )  # fmt: skip

    def __init__(self, languages: Languages) -> None:
        section = languages.section("promises", _LISTS, languages.fold_pattern)
        self.ways = tuple(
            ways
            for own, orders in zip(
                languages.sections("promises", _LISTS, languages.fold_pattern), date_orders(languages), strict=True
            )
            for ways in (_committed_ways(own, orders), _complete_ways(own, orders))
            if ways.scraps
        )
        """Each language's, those of two parts before those of one."""
        self.commits = section.pattern(r"\b(?:{committed.commits})\b")
        self.subjectless = section.texts("committed.subjectless")
        self.subjectless_at_start = section.texts("committed.subjectless_at_start")
        self.own_before = section.words("committed.own_before")
        self.no_names = section.words("committed.no_names")
        self.denied = section.pattern("{committed.denied}")
        self.offers = section.texts("committed.offers")
        self.lets = section.texts("committed.lets")
        self.answers = section.texts("committed.answers")
        self.condition = section.pattern(
            r"\b(?:{conditions}) (?:{condition_subjects})\b(?! (?:{condition_offers})\b)|{conditions_whole}"
        )
        self.hangs_on = section.pattern(r"(?:^|[,(]|\b(?:{joins}|{joins_or})\b) ?(?:(?:{hangs_only}) )?(?:{hangs_on})\b")
        self.asks = section.pattern(r"\s*(?:(?:{joins}|{joins_or}) )?(?:{asks})\b")
        self.turns = section.pattern(r", ?(?:(?:{joins}) )?(?:{turns})\b")
        self.away = section.pattern(r"\b(?:{away})\b")
        self.beside = section.pattern(r"\b(?:{beside})\b")


def _committed_ways(own: WordSection, orders: tuple[str, ...]) -> _Ways:
    frames = (
        ("{committed.not_until}", 0, True),
        (r"\b(?:{committed.returns})", _RETURN_REACH, False),
        ("{committed.hear}", 0, False),
        (r"\b(?:{committed.work})\b", _WORK_REACH, True),
        ("{committed.give_me}", 0, True),
        (r"(?<!\w)(?:{committed.put_off})", 0, True),
    )
    return _ways(own, "committed.scraps", frames, orders)


def _complete_ways(own: WordSection, orders: tuple[str, ...]) -> _Ways:
    frames = (("{complete.returns}", 0, False), ("{complete.work}", 0, True), (r"(?<!\w)(?:{complete.put_off})", 0, True))
    return _ways(own, "complete.scraps", frames, orders)


def _ways(own: WordSection, scraps: str, frames: Sequence[tuple[str, int, bool]], orders: tuple[str, ...]) -> _Ways:
    rules = tuple(
        _Rule(
            pattern=own.pattern(frame),
            reach=reach,
            timed=timed,
            orders=orders,
            at_once="put_off" in frame,
            minutes="give_me" in frame,
        )
        for frame, reach, timed in frames
    )
    return _Ways(scraps=own.texts(scraps), rules=rules)


@cache
def load_promise_words(languages: Languages | None = None) -> PromiseWords:
    """How these languages promise, or those that ship with the package; compiled once. Raises ValueError for a bad entry."""
    return PromiseWords(languages or shipped_languages())


def find(
    text: str,
    said_at: Instant,
    zone: tzinfo,
    hours: Hours | None,
    *,
    promises: bool = False,
    languages: Languages | None = None,
) -> Promise | None:
    """The promise to come back that a team member's message makes, or None.

    `promises`: it is known to make one, whatever the words. `zone` is the clock the member speaks by, `hours` are their working
    hours (None: every day is worked 09:00-18:00), `languages` those that ship with the package unless given. Takes any text;
    raises only for an instant that no calendar holds.
    """
    words = load_promise_words(languages)
    folded = load_time_words(languages).fold(text[:CAP])
    times = _TimeReader(said_at=said_at, zone=zone, hours=hours, languages=languages)
    rules = [rule for ways in words.ways if any(map(folded.__contains__, ways.scraps)) for rule in ways.rules]
    if not rules and not promises:
        return _alone(folded, times, words)
    if "`" in folded or ">" in folded or "&gt;" in folded or "://" in folded:
        folded = _NOT_OURS.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), folded)
    timeless: Promise | None = None
    tried = 0
    for start, end in _sentences(folded):
        for said in _phrases(folded, start, end, text, rules, words):
            tried += 1
            if tried > _MOST_PHRASES:
                return timeless
            found = _time(folded, (start, end), said, times, words)
            if said.timed and (found is None or found.moment):
                continue
            if found is None:
                timeless = timeless or Promise(until=None, phrase=(said.start, said.end), exact=False)
                continue
            phrase = (min(said.start, found.span[0]), max(said.end, found.span[1]))
            return Promise(until=found.until, phrase=phrase, exact=found.exact and found.until is not None)
    if timeless is None:
        timeless = _alone(folded, times, words) or (_anywhere(folded, times, words) if promises else None)
    return timeless


def _alone(folded: str, times: _TimeReader, words: PromiseWords) -> Promise | None:
    """The promise of a message that is a time, with no more than small words beside it."""
    if len(folded) > _ALONE or "?" in folded or _SAYS_WHEN.search(folded) is None:
        return None
    found = times.find(folded, ())
    if found is None or found.moment or found.until is None:
        return None
    # (Of other words some may stand inside of it: "ce sera plus simple demain".)
    if not times.makes_up(words.beside.sub(" ", folded)):
        return None
    return Promise(until=found.until, phrase=found.span, exact=found.exact)


def _anywhere(folded: str, times: _TimeReader, words: PromiseWords) -> Promise | None:
    """The first time in a sentence that neither asks nor depends on anything."""
    for start, end in _sentences(folded):
        sentence = folded[start:end][: 2 * _TIME_REACH]
        if "?" in sentence or words.condition.search(sentence) or words.hangs_on.search(sentence):
            continue
        found = times.find(sentence, ())
        if found is not None and not found.moment and found.until is not None:
            return Promise(until=found.until, phrase=_moved(found, start).span, exact=found.exact)
    return None


def span_alone(
    text: str, said_at: Instant, zone: tzinfo, hours: Hours | None, *, languages: Languages | None = None
) -> Promise | None:
    """The promise of a message that is a length of time and no more ("2 hours"), where no length of time was asked for. From a
    day on it is none: "30 days" is a rule of the house."""
    words = load_promise_words(languages)
    folded = load_time_words(languages).fold(text[:CAP])
    if len(folded) > _ALONE or "?" in folded or _SAYS_WHEN.search(folded) is None:
        return None
    times = _TimeReader(said_at=said_at, zone=zone, hours=hours, languages=languages)
    said = words.beside.sub(" ", folded)
    found = times.find(said.strip(" .!~,"), (), bare=True) if times.makes_up(said) else None
    if found is None or found.until is None or not found.exact or not 0 < found.until - said_at < DAY:
        return None
    return Promise(until=found.until, phrase=found.span, exact=True)


def put_off(
    text: str, said_at: Instant, zone: tzinfo, hours: Hours | None, *, languages: Languages | None = None
) -> Promise | None:
    """The new time for what was promised before that a few words give, without a word of promise ("it'll be Monday")."""
    folded = load_time_words(languages).fold(text[:CAP])
    found = time_expressions.find(folded, said_at, zone, hours, languages=languages)
    if found is None or found.moment or found.until is None:
        return None
    return Promise(until=found.until, phrase=found.span, exact=found.exact)


def _sentences(folded: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _END.finditer(folded):
        yield start, mark.end()
        start = mark.end()
    yield start, len(folded)


def _phrases(folded: str, start: int, end: int, text: str, rules: Sequence[_Rule], words: PromiseWords) -> Iterator[_Phrase]:
    """Each promising phrase of a sentence, in the order of the rules."""
    found = [
        phrase
        for rule in rules
        for phrase in (
            _committed(folded, start, end, text, rule, words)
            if rule.reach
            else (
                _Phrase(each.start(), each.end(), rule.timed, rule.orders, rule.at_once, rule.minutes)
                for each in rule.pattern.finditer(folded, start, end)
            )
        )
    ]
    if not found:
        return
    sentence = folded[start:end]
    if words.condition.search(sentence) or (sentence.rstrip().endswith("?") and words.asks.match(sentence)):
        return
    hangs = words.hangs_on.search(sentence)
    for phrase in found:
        if hangs is None or phrase.start <= start + hangs.start():
            yield phrase


def _committed(folded: str, start: int, end: int, text: str, rule: _Rule, words: PromiseWords) -> Iterator[_Phrase]:
    """The phrases that a commitment stands before, from the commitment on."""
    commits = [found for found in words.commits.finditer(folded, start, end) if _ours(folded, start, found, text, words)]
    place = 0
    for found in rule.pattern.finditer(folded, start, end) if commits else ():
        while place + 1 < len(commits) and commits[place + 1].end() <= found.start():
            place += 1
        commit = commits[place]
        if 0 <= found.start() - commit.end() <= rule.reach and not words.turns.search(folded, commit.end(), found.start()):
            # "let me reply to each point: ..." is an answer, "we can follow up" an offer: promises only with a time.
            weak = commit.group().endswith(words.offers) or (commit.group() in words.lets and found.group() in words.answers)
            yield _Phrase(commit.start(), found.end(), rule.timed or weak, rule.orders)


def _ours(folded: str, start: int, found: re.Match[str], text: str, words: PromiseWords) -> bool:
    """Whether "will", "going to" and the like are said of somebody on the team, and not denied."""
    if words.denied.match(folded[found.end() : found.end() + 8]):
        return False
    if found.group() not in words.subjectless:
        return True
    before = folded[max(start, found.start() - 40) : found.start()].rstrip(" ")
    word = re.search(r"@?[\w'-]+$", before)
    if word is None:
        return found.group() in words.subjectless_at_start
    if word.group() in words.own_before:
        return True
    # "Ben will get back to you": a name is written large and isn't a sentence's first common word.
    place = max(start, found.start() - 40) + word.start()
    return word.group().startswith("@") or (text[place : place + 1].isupper() and word.group() not in words.no_names)


def _time(
    folded: str, sentence: tuple[int, int], phrase: _Phrase, times: _TimeReader, words: PromiseWords
) -> time_expressions.TimeExpression | None:
    """The time of a promise: after its phrase, inside it, or directly before it."""
    start, end = sentence
    first, last = phrase.start, phrase.end
    after = folded[last : min(end, last + _TIME_REACH)]
    turn = words.turns.search(after)
    if turn is not None:
        after = after[: turn.start()]
    found = times.find(after, phrase.orders, bare=True)
    if phrase.at_once:
        return _moved(found, last) if found is not None and _is_all(after, found.span) else None
    if found is None and phrase.minutes:
        found = times.minutes(after)
    if found is not None:
        return _moved(found, last)
    found = times.find(folded[first:last], phrase.orders)
    if found is not None:
        return _moved(found, first)
    lead = max(start, first - _LEAD)
    before = folded[lead:first]
    if not before.strip() or words.away.search(before):
        return None
    found = times.find(before, phrase.orders)
    return None if found is None else _moved(found, lead)


def _is_all(after: str, span: tuple[int, int]) -> bool:
    """Whether a time begins at once and nothing but a short word or a new clause follows it."""
    if after[: span[0]].strip():
        return False
    rest = after[span[1] :].strip()
    return not rest or not rest[0].isalnum() or len(rest.split()) <= _WORDS_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class _TimeReader:
    """Finds times as the author of a message says them."""

    said_at: Instant
    zone: tzinfo
    hours: Hours | None
    languages: Languages | None

    def find(self, text: str, orders: tuple[str, ...], *, bare: bool = False) -> time_expressions.TimeExpression | None:
        return time_expressions.find(
            text, self.said_at, self.zone, self.hours, bare=bare, orders=orders, languages=self.languages
        )

    def minutes(self, text: str) -> time_expressions.TimeExpression | None:
        """So many minutes from now, where a text is a number and nothing else."""
        items = [item for item in load_time_words(self.languages).items(text) if item.kind != "stop"]
        if len(items) != 1 or items[0].kind != "number" or not 1 <= items[0].value <= _MOST_MINUTES:
            return None
        until = self.said_at + items[0].value * MINUTE
        return time_expressions.TimeExpression(until=until, span=(items[0].start, items[0].end), exact=True, meant=until)

    def makes_up(self, text: str) -> bool:
        """Whether a text holds nothing but words of times to come."""
        items = load_time_words(self.languages).items(text)
        # (Of a word in Devanagari not every letter is alphanumeric: vowel signs aren't.)
        return all(item.kind not in ("other", "past") or not item.text[:1].isalnum() for item in items)


def _moved(found: time_expressions.TimeExpression, by: int) -> time_expressions.TimeExpression:
    return replace(found, span=(found.span[0] + by, found.span[1] + by))
