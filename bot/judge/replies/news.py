"""Is a member's message news for all, and in answer to nobody?

An announcement ("new prices from 1 April", a survey, an office that is closed) has no name, no reference and no thread, as a
late answer has none; and where one customer waits there is nobody else it could be for. What tells them apart is what they are
about: a small model weighs the words of news against those of answers, and what the message has in common with the question.
"""

from __future__ import annotations

from math import log1p

from bot.domain.messages import MessageRecord
from bot.domain.reading import Cue, Reading
from bot.domain.waits import Wait
from bot.judge.cue_flags import CueFlags
from bot.judge.cue_sets import ASKS, YES_NO
from bot.judge.linear import Values
from bot.judge.replies.context import Question

FEW = 4
"""Words of content up to which a message is brief."""

CUES: tuple[Cue, ...] = (
    Cue.QUESTION_MARK,
    Cue.REQUEST,
    Cue.HELP,
    Cue.WANT,
    Cue.PROBLEM,
    Cue.NEGATION,
    Cue.THANKS,
    Cue.ACK_START,
    Cue.YES_START,
    Cue.NO_START,
    Cue.SOLVED,
    Cue.WILL,
    Cue.GREETING,
    Cue.SMILE,
    Cue.LINK,
    Cue.CODE,
    Cue.IDENTIFIER,
    Cue.HEDGE,
    Cue.EXCLAIM,
    Cue.LOWER_START,
    Cue.APOLOGY,
    Cue.PRAISE,
    Cue.OWN,
    Cue.QUOTE,
    Cue.ADVICE,
    Cue.YOU,
    Cue.NARRATES,
    Cue.FILES,
    Cue.WELCOME,
    Cue.ASKS_FOR,
    Cue.HOLDING,
    Cue.PROMISE,
    Cue.EVERYBODY,
    Cue.LATE,
    Cue.NEWS,
    Cue.WHEN,
    Cue.PRECISE,
    Cue.FACT,
    Cue.REMARK,
    Cue.ANNOUNCES,
    Cue.TIDINGS,
)
"""Cues that are features by themselves."""

MEASURES: tuple[str, ...] = ("content", "telling words", "small words", "words in common", "share of words in common")

AMOUNTS = len(MEASURES)
"""The first features are amounts, all others flags."""

CONTEXT: tuple[str, ...] = (
    "few words",
    "shares no words with the question",
    "tidings, shares no words",
    "tidings, shares words",
    "tidings, advises nothing",
    "tidings, states no fact",
    "tidings, exclaims or links",
    "shares no words, advises nothing",
    "shares no words, states no fact",
    "asks back",
    "yes or no, to a question",
    "done, about trouble",
    "a time, asked for",
    "this member is on it",
    "invites",
)

FEATURES: tuple[str, ...] = MEASURES + tuple((cue.name or "").lower().replace("_", " ") for cue in CUES) + CONTEXT

# The places of CONTEXT's flags among FEATURES, in CONTEXT's order.
# fmt: off
(
    FEW_WORDS, SHARES_NO_WORDS, TIDINGS_SHARES_NONE, TIDINGS_SHARES, TIDINGS_ADVISES_NOTHING, TIDINGS_NO_FACT, TIDINGS_LOUD,
    SHARES_NONE_ADVISES_NOTHING, SHARES_NONE_NO_FACT, ASKS_BACK, YES_OR_NO_TO_A_QUESTION, DONE_ABOUT_TROUBLE, TIME_ASKED_FOR,
    THIS_MEMBER_IS_ON_IT, INVITES,
) = range(AMOUNTS + len(CUES), len(FEATURES))
# fmt: on

CUE_FLAGS = CueFlags(CUES, AMOUNTS)

MOST_COMMON = 4
"""Words in common that count."""

_TIDINGS = Cue.TIDINGS.value | Cue.ANNOUNCES.value
_LOUD = Cue.EXCLAIM.value | Cue.LINK.value
_ADVICE_OR_YOU = Cue.ADVICE.value | Cue.YOU.value
_FACT = Cue.FACT.value
_BACK = Cue.ENDS_ASKING.value | Cue.ASKS_FOR.value
_SOLVED = Cue.SOLVED.value
_DONE = _SOLVED | Cue.NEWS.value
_ANNOUNCES = Cue.ANNOUNCES.value
_TIDINGS_ALONE = Cue.TIDINGS.value
_PROBLEM = Cue.PROBLEM.value
_TROUBLE = _PROBLEM | Cue.URGENT.value | Cue.SAME.value
_WHEN = Cue.WHEN.value
_INVITES = Cue.REQUEST.value | Cue.YOU.value


def values(seen: MessageRecord, wait: Wait, question: Question) -> Values:
    """The features of a message that nobody is named in, next to a wait that it may answer."""
    reading = seen.reading
    cues, rest, prints = reading.cues, reading.rest, reading.fingerprints
    flags = CUE_FLAGS.raised(cues)
    add = flags.append
    shared = len(question.prints.intersection(prints)) if prints else 0
    tidings = cues & _TIDINGS
    if rest <= FEW:
        add(FEW_WORDS)
    if tidings:
        add(TIDINGS_SHARES if shared else TIDINGS_SHARES_NONE)
        if not cues & _ADVICE_OR_YOU:
            add(TIDINGS_ADVISES_NOTHING)
        if not cues & _FACT:
            add(TIDINGS_NO_FACT)
        if cues & _LOUD:
            add(TIDINGS_LOUD)
        if cues & _INVITES:
            add(INVITES)
    if not shared:
        add(SHARES_NO_WORDS)
        if not cues & _ADVICE_OR_YOU:
            add(SHARES_NONE_ADVISES_NOTHING)
        if not cues & _FACT:
            add(SHARES_NONE_NO_FACT)
    if cues & ASKS and cues & _BACK:
        add(ASKS_BACK)
    if cues & YES_NO and question.asks:
        add(YES_OR_NO_TO_A_QUESTION)
    if cues & _DONE and question.cues & _PROBLEM:
        add(DONE_ABOUT_TROUBLE)
    if cues & _WHEN and question.asks_when:
        add(TIME_ASKED_FOR)
    if _is_on_it(seen, wait):
        add(THIS_MEMBER_IS_ON_IT)
    small = max(reading.words - rest, 0)
    share = shared / len(prints) if prints else 0.0
    return (log1p(rest), log1p(len(prints)), log1p(small), float(min(shared, MOST_COMMON)), share), flags


def for_nobody(seen: MessageRecord) -> bool:
    """Whether a message neither names anybody nor refers to anything: only then it may be for all."""
    return seen.thread is None and seen.reply_to is None and not seen.reading.addressed


def holds_tidings(reading: Reading) -> bool:
    """Whether a message holds a word of news. Without one it is at most in doubt: in most languages little else is known."""
    return bool(reading.cues & _TIDINGS)


def only_announces(reading: Reading, question: Question) -> bool:
    """Whether a message announces, and has nothing to do with the question: no word of it, no fix, no advice."""
    cues = reading.cues
    return bool(cues & _ANNOUNCES) and not cues & (_DONE | _ADVICE_OR_YOU) and question.prints.isdisjoint(reading.fingerprints)


def ends_trouble(reading: Reading, question: Question) -> bool:
    """Whether a message says that something is solved, or to somebody who told of trouble that something is over. Whose trouble
    that was is looked for elsewhere."""
    cues = reading.cues
    if not cues & _DONE or cues & _ANNOUNCES:
        return False
    return bool(cues & _SOLVED or (question.cues & _TROUBLE and not cues & _TIDINGS_ALONE))


def _is_on_it(seen: MessageRecord, wait: Wait) -> bool:
    """Whether its author held, promised or claimed the wait: then what they say is likely about that."""
    author, hold = seen.author, wait.hold
    if (hold is not None and hold.by == author) or wait.owner == author:
        return True
    return any(reply.by == author for reply in wait.replies)
