"""Customers' thanks come back to the one who was thanked, to them alone; in the weekly digest only if they agree."""

from __future__ import annotations

from tests.scenario.stage import Stage
from tests.scenario.test_reminding import ANSWER, QUESTION

THANKED = "Dana thanked you in"


async def test_who_was_thanked_reads_of_it_and_nobody_else(stage: Stage) -> None:
    ana, ben = stage.people["ana"], stage.people["ben"]
    asked = await stage.people["dana"].says(QUESTION)
    await ana.says(ANSWER, thread=asked)
    await stage.people["dana"].says("Thank you so much, that worked!", thread=asked)
    await stage.restart()
    for shown in (await ana.commands("waiting mine"), await ana.home(), await ana.commands("thanks")):
        assert THANKED in shown.words and "so much" not in shown.words
    for shown in (await ben.home(), await ben.commands("thanks"), await stage.people["cleo"].home()):
        assert THANKED not in shown.words
    assert "weekly digest tells of thanks to you, too" in (await ana.commands("thanks public on")).words
    assert "also in the team's weekly digest" in (await ana.home()).words
    assert "Only you see thanks to you" in (await ana.commands("undo")).words
    await ana.commands("thanks public on")
    assert "Only you see thanks to you" in (await ana.commands("thanks public off")).words
    assert "weekly digest tells of thanks to you, too" in (await ana.commands("undo")).words
    await ana.commands("thanks public off")
    await stage.advance(days=8)
    assert THANKED not in (await ana.commands("waiting mine")).words
    assert not [shown for shown in stage.team.sees() if "thanked" in shown.words] and stage.seen_outside() == []
