"""Message shortcuts through real storage: the member is told what came of it, the team sees sums."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.events import Says
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.views import Buttons, View
from bot.domain.waits import WaitState
from bot.ports import KeptText
from bot.wording.answers import FOR_THE_TEAM
from tests.runtime.test_interactions import HELP, TEN, Office, an_office
from tests.waits.world import DAY, HOUR, MINUTE, NINE


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as made:
        yield made


async def corrects(
    office: Office, who: str, says: Says, at: float = NINE, now: float = TEN, *, posted: Message | None = None
) -> View:
    """What somebody says of a message, which the platform gives along as it is."""
    role = Role.CUSTOMER if who == "dana" else Role.MEMBER
    with office.at(now):
        return await office.desk.correct(who, role, posted or office.said[f"{at:.6f}"], says)


def codes(view: View) -> list[str]:
    return [button.code for node in view.nodes if isinstance(node, Buttons) for button in node.buttons]


async def test_an_overlooked_message_is_put_on_the_list_and_taken_off_again(office: Office) -> None:
    await office.says("dana", "the crane is stuck")
    view = await corrects(office, "ana", "waits")
    assert view.fallback == "w1, Dana in #help, is on the list now, waiting since 09:00."
    assert codes(view) == ["claim:w1", "dismiss:w1"]
    assert (await office.wait()).open and await office.due_at() == TEN + 10 * MINUTE
    assert "1 overlooked, 0 needless" in await stats(office)
    assert "is on the list already" in (await corrects(office, "ana", "waits", now=TEN + 1)).fallback
    assert "1 overlooked, 0 needless" in await stats(office)
    view = await corrects(office, "ben", "needs_none", now=TEN + 2)
    assert view.fallback == "Thank you. w1, Dana in #help, needs no reply: it is off the list."
    assert "1 overlooked" not in await stats(office)
    assert codes(view) == ["reopen:w1"]
    assert "is back on the list" in await office.clicks("ben", "reopen:w1", TEN + 3)
    assert (await office.wait()).open and "1 overlooked, 0 needless" in await stats(office)


async def stats(office: Office) -> str:
    with office.at(TEN + HOUR):
        return str((await office.desk.command("ana", Role.MEMBER, "stats")).nodes)


async def test_needless_waits_are_counted_whichever_way_it_was_said(office: Office) -> None:
    for number, who in enumerate(("dana", "omar")):
        await office.says(who, "where is it?", NINE + number)
    await corrects(office, "ana", "needs_none")
    await office.clicks("ana", "dismiss:w2")
    await office.clicks("ben", "dismiss:w2")
    assert "0 overlooked, 2 needless" in await stats(office)
    assert "is back on the list, waiting since 09:00" in await office.clicks("ana", "reopen:w2", TEN + 1)
    assert "is on the list already" in await office.clicks("ana", "reopen:w2", TEN + 2)
    assert "0 overlooked, 1 needless" in await stats(office)
    with office.at(TEN + 8 * DAY):
        later = await office.desk.command("ana", Role.MEMBER, "stats week")
    assert "needless" not in str(later.nodes)


async def test_one_reads_whose_message_was_taken_for_the_answer(office: Office) -> None:
    await office.says("dana", "where is it?")
    await office.says("ben", "Dana, nice weather", NINE + MINUTE)
    view = await corrects(office, "ana", "waits")
    assert view.fallback == (
        "w1, Dana in #help, is back on the list, waiting since 09:00. "
        "I had taken Ben's message of 09:01 for the answer; your word counts."
    )
    assert (await office.wait()).open


async def test_a_message_that_the_bot_never_saw(office: Office) -> None:
    unseen = Message(channel=HELP, id=f"{NINE:.6f}", at=NINE, author="dana", role=Role.CUSTOMER, text="the crane is stuck")
    assert "is on the list now" in (await corrects(office, "ana", "waits", posted=unseen, now=TEN + 1)).fallback
    wait = await office.wait()
    assert await office.store.read(lambda tx: tx.texts(wait.id)) == (KeptText(message=unseen.id, text="the crane is stuck"),)
    mine = Message(channel=HELP, id=f"{NINE + 5:.6f}", at=NINE + 5, author="ben", role=Role.MEMBER, text="hello")
    view = await corrects(office, "ana", "waits", NINE + 5, posted=mine)
    assert view.fallback == "That was written by Ben, who is on the team: only customers wait."


async def test_the_same_delivery_twice_is_told_what_holds(office: Office) -> None:
    await office.says("dana", "where is it?")
    first, again = await corrects(office, "ana", "needs_none"), await corrects(office, "ana", "needs_none")
    assert "off the list" in first.fallback and again.fallback == "w1, Dana in #help, is off the list already."
    assert (await office.wait()).state is WaitState.DISMISSED


async def test_customers_learn_nothing_and_change_nothing(office: Office) -> None:
    await office.says("omar", "where is it?")
    assert (await corrects(office, "dana", "needs_none")).fallback == FOR_THE_TEAM
    assert (await office.wait()).open


async def test_other_channels_are_left_alone(office: Office) -> None:
    await office.says("dana", "the crane is stuck")
    elsewhere = replace(office.said[f"{NINE:.6f}"], channel="local:harbor:elsewhere")
    assert "don't watch this channel" in (await corrects(office, "ana", "waits", posted=elsewhere)).fallback
    assert "don't watch this channel" in (await office.desk.correct("ana", Role.MEMBER, None, "waits")).fallback
    await office.asks("mia", "unwatch #help")
    assert "don't watch this channel" in (await corrects(office, "ana", "waits")).fallback


async def test_a_wait_that_ended_long_ago_is_found_in_storage(office: Office) -> None:
    await office.says("dana", "where is it?")
    await office.says("ben", "Dana, nice weather", NINE + MINUTE)
    office.engine.evict(HELP)
    for number in range(210):
        await office.says("omar", "la la", NINE + HOUR + number)
    assert "is back on the list" in (await corrects(office, "ana", "waits", now=TEN + DAY)).fallback


async def test_a_correction_that_fails_is_answered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("no")

    await office.says("dana", "the crane is stuck")
    monkeypatch.setattr(office.inbox, "submit", broken)
    assert "Something went wrong on my side" in (await corrects(office, "ana", "waits")).fallback


async def test_corrections_move_the_channels_threshold_and_why_says_so(office: Office) -> None:
    for day in range(4):
        await office.says("dana", "where is it?", NINE + day * DAY)
        await corrects(office, "ana", "needs_none", NINE + day * DAY, NINE + day * DAY + HOUR)
    await office.says("omar", "where is mine?", NINE + 4 * DAY)
    with office.at(NINE + 4 * DAY + HOUR):
        shown = str((await office.desk.click("ana", Role.MEMBER, "why:w5")).nodes)
    assert "This channel's threshold is 65% instead of 50%, after 4 corrections by the team." in shown
    kept = office.engine.state
    before = await office.engine.transact(office.store, lambda tx: kept(tx, HELP).shift)
    office.engine.evict(HELP)
    assert await office.engine.transact(office.store, lambda tx: kept(tx, HELP).shift) == before
    assert before.corrections == 4
    for day in range(4):
        await office.clicks("ana", f"reopen:w{day + 1}", NINE + 5 * DAY)
    with office.at(NINE + 5 * DAY):
        assert "threshold" not in str((await office.desk.click("ana", Role.MEMBER, "why:w5")).nodes)
