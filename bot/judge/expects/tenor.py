"""Which cues of a customer's message count where it stands. Thanks, an "ok" or a "sorry" at the front say little about what
follows: "thanks, but it is still empty" is no thanks, and what answers the team's question does so whatever it begins with."""

from __future__ import annotations

from bot.domain.reading import Cue
from bot.judge.cue_sets import MATTER, WANTS_ANSWER

_HELP = Cue.HELP.value
_THANKS = Cue.THANKS.value
_BARE = Cue.BARE.value
_ABSENT = Cue.ABSENT.value
_WANT = Cue.WANT.value
_YOU = Cue.YOU.value
_CONTRAST = Cue.CONTRAST.value
_PROBLEM = Cue.PROBLEM.value
_NARRATES = Cue.NARRATES.value
_TROUBLE = _PROBLEM | Cue.NEGATION.value
_SAYS_NO = _PROBLEM | Cue.NO_START.value
_NOT_SO = _CONTRAST | Cue.NEGATION.value
_OTHER_WISHES = WANTS_ANSWER & ~_HELP

_QUESTION = Cue.QUESTION_MARK.value | Cue.ASK_START.value | Cue.ASK_IN.value
"""Asks, and not only for something to be done."""

LATER = Cue.WILL.value | Cue.HOLDING.value | Cue.PROMISE.value
"""Tells of what its author does next. A customer's "let me check" is what a member's would be a hold by."""

COURTESY = (
    _THANKS | LATER | Cue.ACK_START.value | Cue.ACK_IN.value | Cue.PRAISE.value | Cue.LAUGH.value | Cue.FAREWELL.value
    | Cue.APOLOGY.value | Cue.EXCLAIM.value
)  # fmt: skip
"""What may stand before the matter itself."""

_HOLDS = Cue.HOLDING.value | Cue.PROMISE.value
_URGENT = Cue.URGENT.value
_TURN = 1
"""Words of the turn itself: "no rush, though" says nothing after it."""

AT_LENGTH = 14
"""Words from which a "but" or a "not" is one among many, and may be about anything."""
FEW = 8
"""Up to so many, a "not" after the courtesy is against it; in more, only trouble is."""

_ACK = Cue.ACK_START.value
_FINE = Cue.PRAISE.value | Cue.SOLVED.value
_NOT_AGAINST = WANTS_ANSWER | LATER | _THANKS | Cue.HEDGE.value
"""With these a "but" after praise turns to something else."""
_OVER = Cue.SOLVED.value | LATER
_TELLS = _NARRATES | _PROBLEM | MATTER | Cue.QUOTE.value
_TURNS_TO = _URGENT | Cue.REQUEST.value | _HELP
_ELSEWHERE = _URGENT | Cue.REQUEST.value | _HELP | _WANT | _PROBLEM | Cue.BUMP.value
"""What an absence note says about others, and about other days ("in urgent cases please write to ...")."""


def is_absence_note(cues: int) -> bool:
    """Whether a message only says that its author is away. Whoever asks or wants something themselves says more than that, and
    so does whoever has trouble, unless it is said of others ("with problems please write to Omar", "in urgent cases ...")."""
    if not cues & _ABSENT or cues & _QUESTION:
        return False
    return bool(cues & _YOU) or not cues & (_WANT | _PROBLEM) or bool(cues & _TURNS_TO)


def in_company(cues: int) -> int:
    """The cues without those that mean something else beside another: whoever thanks for help asks for none, a bare cry for it
    isn't empty, an absence note only says whom to turn to, and "since a few minutes" in a report of trouble holds nothing."""
    if cues & _HELP and not cues & _OTHER_WISHES:
        cues &= ~_HELP if cues & _THANKS else ~_BARE
    if is_absence_note(cues):
        cues &= ~_ELSEWHERE
    if cues & _HOLDS and cues & (_TROUBLE | _URGENT):
        cues &= ~_HOLDS
    return cues


def turns(cues: int, content: int) -> bool:
    """Whether praise, or that something works, is said only to turn to what doesn't: "the new one is great, but the button does
    nothing", "it works, except for the login"."""
    if not cues & _CONTRAST or cues & _NOT_AGAINST:
        return False
    if not cues & _FINE:
        return bool(cues & _ACK and cues & _PROBLEM and content > 1)
    return content > 1 or bool(content and cues & _PROBLEM)


def takes_back(cues: int, rest: int, content: int, *, heard: bool) -> bool:
    """Whether what follows the courtesy is against it: a "but", or trouble that isn't told as a thing of the past. `rest` is
    the number of words besides courtesy, `content` of telling ones, `heard` whether the team has spoken to the customer."""
    if (rest <= _TURN or not content) and not cues & _SAYS_NO and cues & _NOT_SO != _NOT_SO:
        return False
    if not heard and turns(cues, content):
        return True
    if cues & WANTS_ANSWER or not cues & COURTESY or not (heard or cues & _THANKS):
        return False
    if cues & _CONTRAST:
        if rest > AT_LENGTH and not cues & _PROBLEM:
            return False
        return not cues & _OVER or bool(cues & _PROBLEM and not cues & LATER)
    trouble = cues & _TROUBLE if rest <= FEW else cues & _PROBLEM
    return bool(trouble) and not cues & (_NARRATES | _OVER)


def tells(cues: int, rest: int, content: int) -> bool:
    """Whether a message that begins with a courtesy goes on to answer what the team asked, instead of only saying that an answer
    will come. (A number is no word of content: "thanks, it's 4.2" has none.)"""
    if not cues & LATER:
        return content > 0 or rest > 1
    return bool(cues & MATTER) or (content > 1 and bool(cues & _TELLS))


__all__ = ["COURTESY", "LATER", "in_company", "is_absence_note", "takes_back", "tells", "turns"]
