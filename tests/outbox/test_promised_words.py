"""A word to who promised an answer, before it is due: what becomes of it on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.outgoing import SentReminder
from bot.domain.rules import ChannelRules
from bot.domain.waits import Hold, HoldKind
from bot.domain.writes import SaveWait
from bot.errors import Forbidden, RetryLater
from bot.waits import ladder
from tests.runtime.simulated import House, a_house, posted, wait_id
from tests.waits.world import DAY, HOUR, LADDER, MINUTE, NINE

RULES = ChannelRules(steps=LADDER, promise_notice=HOUR)
DUE = NINE + 3 * HOUR


async def promised(house: House) -> None:
    await house.happen(posted("dana", "Ana, where is it?"))
    wait = await house.wait(wait_id())
    assert wait is not None
    hold = Hold(kind=HoldKind.PROMISE, since=NINE, until=DUE, by="ana")
    held = replace(wait, hold=hold, ladder_start=ladder.restart(wait, RULES, DUE))
    writes = (SaveWait(wait=held), *ladder.schedule(held, RULES, now=NINE))
    await house.engine.transact(house.store, lambda tx: house.engine.apply(tx, wait.channel, writes))


async def sent(house: House) -> Sequence[SentReminder]:
    return await house.store.read(lambda tx: tx.sent_reminders(wait_id()))


async def test_it_leaves_in_time_once_and_the_rung_itself_when_the_promise_is_over(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=RULES) as house:
        await promised(house)
        await house.drain(DUE + MINUTE)
        assert [(one.at, one.step, one.asking.promised) for one in await sent(house)] == [
            (DUE - HOUR, 0, DUE),
            (DUE, 0, None),
        ]


@pytest.mark.parametrize("why", [Forbidden("read-only"), RetryLater("it may have arrived", after=0, uncertain=True)])
async def test_one_that_fails_costs_no_rung(tmp_path: Path, why: Exception) -> None:
    async with a_house(tmp_path / "a.db", rules=RULES) as house:
        await promised(house)
        house.courier.trouble = [why]
        await house.drain(DUE + MINUTE)
        rungs = [one for one in await sent(house) if one.asking.promised is None]
        assert [(one.at, one.step) for one in rungs] == [(DUE, 0)]


async def test_who_answered_meanwhile_is_told_nothing(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=RULES) as house:
        await promised(house)
        await house.drain(DUE - 2 * HOUR)
        await house.happen(posted("ana", "Dana here", DUE - 90 * MINUTE))
        await house.drain(NINE + DAY)
        assert await sent(house) == ()
