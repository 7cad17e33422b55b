"""Cues that say the same in every judgement, as sets of bits."""

from __future__ import annotations

from bot.domain.reading import Cue

ASKS = Cue.QUESTION_MARK.value | Cue.ASKS_FOR.value
"""Asks the other for something."""

WANTS_ANSWER = (
    Cue.QUESTION_MARK.value | Cue.ASK_START.value | Cue.ASK_IN.value | Cue.REQUEST.value | Cue.HELP.value | Cue.BUMP.value
)  # fmt: skip
"""Asks for an answer in any way, and be it to an earlier question."""

QUESTION = Cue.QUESTION_MARK.value | Cue.ASK_START.value | Cue.ASK_IN.value
"""Is put as a question."""

YES_NO = Cue.YES_START.value | Cue.NO_START.value

MATTER = Cue.CODE.value | Cue.LINK.value | Cue.IDENTIFIER.value
"""Holds something to look at."""
