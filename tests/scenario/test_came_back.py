"""Who comes back with the same question after an answer is counted for the team, and for nobody in particular."""

from __future__ import annotations

from tests.scenario.stage import Stage
from tests.scenario.test_reminding import ANSWER

FIRST = "Hi, my export of the orders fails with error 500, how can I fix that?"
AGAIN = "The export of the orders fails with error 500 again, what can I do?"
ELSE = "Thanks! Another thing: where do I change the address on my invoices?"
BACK = "came back with the same within two days"


async def test_who_asks_the_same_again_came_back_and_who_asks_something_else_didnt(stage: Stage) -> None:
    ana, dana = stage.people["ana"], stage.people["dana"]
    for name in ("dana", "omar"):
        await ana.says(ANSWER, thread=await stage.people[name].says(FIRST))
    await stage.advance(hours=3)
    await stage.people["omar"].says(ELSE)
    assert BACK not in (await ana.commands("stats")).words.casefold()
    await dana.says(AGAIN)
    await stage.restart()
    shown = (await ana.commands("stats")).words.casefold()
    assert BACK in shown and "1 customer" in shown.partition(BACK)[2][:20]
    assert BACK not in shown.partition("the team,")[0], "it is nobody's own figure"
