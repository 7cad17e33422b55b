"""What kind of reply a member's message is, judged on its reading."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.reading import Cue, Reading
from bot.domain.waits import ReplyKind
from bot.judge.cue_sets import ASKS

SHORT = 14
"""Words of content up to which a "let me check" is all that a message says; a longer one also answers."""

_HOLDING = Cue.HOLDING.value
_PROMISE = Cue.PROMISE.value
_ONLY = Cue.REDIRECT_ONLY.value
_QM = Cue.QUESTION_MARK.value
_HELPS = Cue.LINK.value | Cue.CODE.value
LITTLE = 1
"""Words of content up to which an apology is all that a message is."""

_EMPTY = Cue.APOLOGY.value
_SAYS = (
    ASKS | _HELPS | Cue.YES_START.value | Cue.NO_START.value | Cue.WELCOME.value | Cue.THANKS.value | Cue.NEGATION.value
    | Cue.IDENTIFIER.value | Cue.FILES.value | Cue.ACK_START.value
)  # fmt: skip
_ENDS_ASKING = Cue.ENDS_ASKING.value
_ASKS_FOR = Cue.ASKS_FOR.value
_REDIRECT = Cue.REDIRECT.value


@dataclass(frozen=True, slots=True)
class KindOfReply:
    """A kind of reply and the reasons for it."""

    kind: ReplyKind
    evidence: tuple[str, ...]


# The same few values for all messages: what makes a frozen one costs more than what decides which.
_REDIRECTS = KindOfReply(ReplyKind.REDIRECT, ("it only sends the customer elsewhere",))
_PROMISES = KindOfReply(ReplyKind.PROMISE, ("it says that an answer will come",))
_LOOKS = KindOfReply(ReplyKind.HOLDING, ("it says that somebody is looking",))
_SORRY = KindOfReply(ReplyKind.HOLDING, ("it says sorry, and nothing else yet",))
_CLARIFIES = KindOfReply(ReplyKind.CLARIFYING, ("it asks the customer something",))
_HELPS_BESIDES = KindOfReply(ReplyKind.PERSONAL, ("it sends the customer elsewhere, and helps besides",))
_PERSONAL = KindOfReply(ReplyKind.PERSONAL, ())


def reply_kind(reading: Reading) -> KindOfReply:
    """Redirect when sending elsewhere is all it does, promise or holding when it only says that something will come,
    clarifying when it asks the customer something, else personal."""
    cues = reading.cues
    if cues & _ONLY:
        return _REDIRECTS
    if cues & _PROMISE and not cues & _QM and reading.rest <= 2 * SHORT:
        return _PROMISES
    if cues & _HOLDING and not cues & _QM and reading.rest <= SHORT and not cues & _HELPS:
        return _LOOKS
    if reading.rest <= LITTLE and cues & _EMPTY and not cues & _SAYS:
        return _SORRY
    if cues & ASKS and cues & (_ENDS_ASKING | _ASKS_FOR):
        return _CLARIFIES
    if cues & _REDIRECT:
        return _HELPS_BESIDES
    return _PERSONAL
