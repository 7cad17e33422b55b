"""Small answers that fit what was asked: names that are companies, words for other things, a form of what is over."""

from __future__ import annotations

import pytest

from tests.scenario.stage import Stage
from tests.scenario.test_reminding import QUESTION


@pytest.mark.setup(customers=(("dana", "Reef Hotels", None),))
async def test_a_customer_is_found_by_their_company(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    ana = stage.people["ana"]
    assert "You're on it" in (await ana.commands("claim reef hotels")).words
    assert "Nobody called" not in (await ana.commands("who reef")).words
    assert "Nobody called" in (await ana.commands("claim eef")).words


async def test_what_is_done_by_writing_or_by_another_word(stage: Stage) -> None:
    ana = stage.people["ana"]
    assert "write it to the customer yourself" in (await ana.commands("help promise")).words
    if stage.platform == "discord":  # there one picks from a list of commands
        return
    assert "Did you mean unclaim?" in (await ana.commands("give back w1")).words
    assert "Did you mean assign?" in (await ana.commands("reassign w1 @ben")).words


async def test_why_of_what_is_over(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    ana = stage.people["ana"]
    listed = await ana.commands("waiting")
    assert "Why this is on the list" in (await ana.commands("why w1")).words
    await stage.people["ben"].commands("dismiss w1")
    assert "Why this was on the list" in (await ana.commands("why w1")).words
    if stage.platform != "slack":
        over = await ana.clicks(listed, "Hand over…", of="w1")
        assert "is over already" in over.words
