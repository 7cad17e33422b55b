"""Most replies get one look and are taken for answers: whatever would make something else of one is among what is looked for."""

from __future__ import annotations

from itertools import combinations

import pytest

from bot.domain.reading import Cue, Reading
from bot.judge.replies.context import Question
from bot.judge.replies.kinds import TELLTALE, looks_like

OTHERS = tuple(cue.value for cue in Cue if not cue.value & TELLTALE)
PLAIN = Question(Cue.QUESTION_MARK.value, frozenset())


def look(cues: int, rest: int) -> object:
    return looks_like(Reading(cues=cues, words=rest + 3, rest=rest, chars=5 * rest), PLAIN, 0)


@pytest.mark.parametrize(
    ("closer", "least"),
    [
        (Cue.APOLOGY, 2),
        (Cue.WELCOME | Cue.CODE, 1),
        (Cue.HOLDING | Cue.CODE, 1),
        (Cue.NO_ANSWER | Cue.ADVICE, 1),
    ],
)
def test_no_other_cue_makes_something_of_a_reply_at_a_closer_look(closer: Cue, least: int) -> None:
    # A closer look is taken for a cue that here decides nothing: then no rule about others may strike that the first look,
    # which is all that most replies get, would have passed over.
    for rest in (least, 5, 13):
        assert look(closer.value, rest) is None
        for first, second in combinations(OTHERS, 2):
            assert look(closer.value | first | second, rest) is None, (Cue(first), Cue(second), rest)


@pytest.mark.parametrize("cue", [cue for cue in Cue if cue.value & TELLTALE])
def test_each_of_those_makes_something_of_some_reply(cue: Cue) -> None:
    beside = (0, Cue.QUESTION_MARK.value, Cue.ENDS_ASKING.value | Cue.QUESTION_MARK.value, Cue.ASKS_FOR.value)
    assert any(look(cue.value | more, 1) is not None for more in beside)
