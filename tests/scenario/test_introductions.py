"""A lead reads whom to introduce somebody to; nobody else does."""

from __future__ import annotations

from tests.scenario.stage import Stage
from tests.scenario.test_reminding import ANSWER, QUESTION


async def test_a_lead_sees_who_knows_only_one_and_nobody_else_does(stage: Stage) -> None:
    ana, lead = stage.people["ana"], stage.people["cleo"]
    assert "Nobody needs an introduction" in (await lead.commands("introductions")).words
    for _ in range(3):
        asked = await stage.people["dana"].says(QUESTION)
        await ana.says(ANSWER, thread=asked)
        await stage.advance(minutes=30)
    shown = await lead.commands("introductions")
    assert "Dana knows only Ana of us" in shown.words
    home = await lead.home()
    assert "Dana knows only Ana." in home.words
    assert "Know only one of us" in (await lead.clicks(home, "All introductions")).words
    assert "knows only" not in (await ana.home()).words
    assert "knows only" not in (await ana.commands("introductions")).words
    assert "knows only" not in (await stage.people["dana"].commands("introductions")).words
