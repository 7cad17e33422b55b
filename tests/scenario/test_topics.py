"""What customers keep asking, as links for the team alone."""

from __future__ import annotations

from tests.scenario.stage import Stage
from tests.scenario.test_reminding import ANSWER

ASKS = (
    "Hi, how do I download the invoice of last year?",
    "Hello, how can I download my invoice for last year please?",
    "Where can I download the invoice for the last year, as a file?",
)


async def test_what_three_customers_asked_is_found_once_it_is_over_too(stage: Stage) -> None:
    ana = stage.people["ana"]
    assert "No question came from several" in (await ana.commands("topics")).words
    for name, text in zip(("dana", "omar", "pia"), ASKS, strict=True):
        asked = await stage.people[name].says(text)
        await ana.says(ANSWER, thread=asked)
        await stage.advance(minutes=20)
    await stage.restart()
    shown = await ana.commands("topics")
    assert "3 customers: " in shown.words and all(name in shown.words for name in ("Dana", "Omar", "Pia"))
    assert shown.words.count("#help") == 3 and "invoice" not in shown.words, "nobody waits: nothing is quoted"
    assert "3 customers: " not in (await stage.people["dana"].commands("topics")).words
    await stage.advance(days=31)
    assert "No question came from several" in (await ana.commands("topics")).words
