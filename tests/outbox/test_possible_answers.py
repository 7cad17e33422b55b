"""The question in a reminder, through real storage and the real words: asked, answered, brought up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.events import Acted
from bot.domain.hours import ALWAYS
from bot.domain.outgoing import WaitInMessage
from bot.domain.people import Role
from bot.domain.views import Buttons, View
from bot.domain.waits import WaitState
from bot.outbox.contents import StoredContents
from bot.wording.answers import FOR_THE_TEAM
from tests.queries.stored import lookups
from tests.runtime.simulated import CHANNEL, House, a_house, posted, wait_id
from tests.runtime.test_interactions import TEN, Office, an_office
from tests.waits.world import MINUTE, NINE


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path / "h.db") as made:
        yield made


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as made:
        yield made


def codes(view: View) -> list[str]:
    return [button.code for node in view.nodes if isinstance(node, Buttons) for button in node.buttons]


async def reminder(house: House, now: float) -> View:
    views = StoredContents(lookups(names_of=lambda _: (), hours=ALWAYS))
    wait = await house.wait(wait_id())
    assert wait is not None
    return await house.store.read(lambda tx: views.reminder(tx, [WaitInMessage(wait=wait, step=0, to=("ana",))], now))


async def test_the_reminder_asks_and_its_buttons_name_the_message(house: House) -> None:
    await house.happen(posted("dana", "Ana, where is it?"), posted("ben", "perhaps in Rotterdam", NINE + MINUTE))
    view = await reminder(house, NINE + 10 * MINUTE)
    assert view.fallback == "Has a customer been answered in #help?"
    assert codes(view)[:2] == [f"confirm:w1/{NINE + MINUTE:.6f}", f"not_yet:w1/{NINE + MINUTE:.6f}"]


async def test_a_posted_reminder_is_brought_up_to_date_when_a_question_comes_and_goes(house: House) -> None:
    await house.happen(posted("dana", "Ana, where is it?"))
    await house.drain(NINE + 11 * MINUTE)
    assert (len(house.courier.posts), len(house.courier.updates)) == (1, 0)
    await house.happen(posted("ben", "perhaps in Rotterdam", NINE + 12 * MINUTE))
    await house.step(NINE + 12 * MINUTE)
    assert len(house.courier.updates) == 1
    await house.happen(Acted(channel=CHANNEL, wait=wait_id(), verb="not_yet", by="ana", at=NINE + 13 * MINUTE))
    await house.step(NINE + 13 * MINUTE)
    assert len(house.courier.updates) == 2
    assert len(house.courier.posts) == 1, "nobody is notified twice"


async def test_yes_and_not_yet_by_button_and_command(office: Office) -> None:
    for number, who in enumerate(("dana", "omar")):
        await office.says(who, "where is it?", NINE + number)
        await office.says("ben", "perhaps in Rotterdam", NINE + MINUTE + number)
        message = f"{NINE + MINUTE + number:.6f}"
        if who == "dana":
            assert (
                await office.clicks("ana", f"confirm:w1/{message}") == "Thank you. w1, Dana in #help, was answered by Ben, 09:01."
            )
            wait = await office.wait("w1")
            assert (wait.state, wait.ended_at) == (WaitState.ANSWERED, NINE + MINUTE)
            assert "over already" in await office.clicks("ana", f"confirm:w1/{message}", TEN + 1)
            assert await office.wait("w1") == wait
        else:
            assert "still waiting" in await office.asks("ana", "not yet w2")
            assert (await office.wait("w2")).possible_answer is None
            told = await office.clicks("ben", f"confirm:w2/{message}", TEN + 1)
            assert told == "w2, Omar in #help, is still waiting; nothing is in question about that message."
    assert await office.asks("dana", "confirm w2") == FOR_THE_TEAM


async def test_a_button_below_an_older_post_says_nothing_of_a_newer_message(office: Office) -> None:
    await office.says("dana", "where is it?")
    await office.says("ben", "perhaps in Rotterdam", NINE + MINUTE)
    await office.says("mia", "perhaps, in Husum", NINE + 2 * MINUTE)
    assert "nothing is in question" in await office.clicks("ana", f"not_yet:w1/{NINE + MINUTE:.6f}")
    wait = await office.wait("w1")
    assert wait.open and wait.possible_answer is not None and wait.possible_answer.by == "mia"


async def test_why_tells_of_it(office: Office) -> None:
    await office.says("dana", "where is it?")
    await office.says("ben", "perhaps in Rotterdam", NINE + MINUTE)
    shown = str((await office.desk.click("ana", Role.MEMBER, "why:w1")).nodes)
    assert "wrote what may answer it (25%)" in shown
