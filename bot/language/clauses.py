"""Whether a reply that puts off in one clause ("known bug, ...", "not sure why, but ...") helps in another.

A clause is read like a message of its own: what begins it says more there than in the middle of one ("..., update to 4.2").
"""

from __future__ import annotations

import re

from bot.domain.reading import Cue

_CLAUSES = re.compile(r"[,.;:!?…]+(?:\s+|$)|\s+[-–—]+\s+|\n+|[。、！？，；：]")
_SENTENCES = re.compile(r"[.;:!?…]+(?:\s+|$)|\n+|[。！？；…]")

# The same of a text in ASCII, in less than half the time: a search that begins with a set of characters passes the others over
# without trying anything.
_PLAIN_CLAUSES = re.compile(r"[,.;:!?\s](?:(?<=\S)[,.;:!?]*(?:\s+|$)|(?<=\s)\s*-+\s+|(?<=\n)\n*)")
_PLAIN_SENTENCES = re.compile(r"[.;:!?\n](?:(?<=\S)[.;:!?]*(?:\s+|$)|(?<=\n)\n*)")

PUTS_OFF = Cue.HOLDING.value | Cue.NO_ANSWER.value
"""What a clause that helps takes back of the whole."""

LEAST = 2
"""Words of content a clause that helps has at least."""

_NO_HELP = (
    PUTS_OFF | Cue.PROMISE.value | Cue.PASSED_ON.value | Cue.RECEIPT.value | Cue.ABSENT.value | Cue.APOLOGY.value
    | Cue.THANKS.value | Cue.WILL.value | Cue.ASKS_AROUND.value | Cue.HEDGE.value
)  # fmt: skip
_WHEN = Cue.WHEN.value
_ADVICE = Cue.ADVICE.value
_HELPS = Cue.NEWS.value | Cue.CODE.value
_YES_OR_NO = Cue.YES_START.value | Cue.NO_START.value
_YES = Cue.YES_START.value
_YOU = Cue.YOU.value
_SOLVED = Cue.SOLVED.value
_CONFIRMS = Cue.PROBLEM.value | Cue.SAME.value | Cue.URGENT.value
"""A yes with one of these only says that the trouble is there ("yes, it's down on our side")."""
_OWN = Cue.OWN.value | Cue.LAUGH.value
HELPFUL = _HELPS | _YES_OR_NO | _SOLVED | _ADVICE
"""A clause that helps has one of these cues."""


def without_hold(cues: int, own: int) -> int:
    """The cues of a reply that puts off, where a clause with cues of its `own` helps: without what puts off, and with the yes or
    no of a clause that is of no other help."""
    if own & _YES_OR_NO and not own & (_HELPS | _SOLVED | _ADVICE):
        return (cues & ~(PUTS_OFF | Cue.WILL.value)) | (own & _YES_OR_NO)
    return cues & ~PUTS_OFF


def clauses_of(text: str) -> list[str]:
    """The clauses of a text."""
    return (_PLAIN_CLAUSES if text.isascii() else _CLAUSES).split(text)


def sentences_of(text: str) -> list[str]:
    """The sentences of a text."""
    return (_PLAIN_SENTENCES if text.isascii() else _SENTENCES).split(text)


def helps(cues: int, rest: int) -> bool:
    """Whether a clause with these cues and so many words of content is of use to whoever asked."""
    if cues & _NO_HELP or rest < LEAST or (cues & _WHEN and not cues & _ADVICE):
        return False
    if cues & _HELPS:
        return True
    says = cues & _YES_OR_NO and (rest > 2 * LEAST or (rest > LEAST and not cues & _OWN))
    if says and not (cues & _YES and cues & _CONFIRMS):
        return True
    return bool(cues & (_SOLVED | _ADVICE)) and (not cues & _OWN or bool(cues & _YOU))
