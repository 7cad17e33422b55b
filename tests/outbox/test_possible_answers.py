"""The question in a reminder, through real storage and the real words: asked, answered, brought up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.events import Acted
from bot.domain.hours import ALWAYS
from bot.domain.outgoing import WaitInMessage
from bot.domain.people import Role
from bot.domain.rules import ChannelRules
from bot.domain.views import Buttons, View
from bot.domain.waits import WaitState
from bot.engine.activation import Activation
from bot.errors import RetryLater
from bot.outbox.contents import StoredContents
from bot.wording.answers import FOR_THE_TEAM
from tests.queries.stored import lookups
from tests.runtime.simulated import CHANNEL, House, a_house, posted, wait_id
from tests.runtime.test_interactions import TEN, Office, an_office
from tests.waits.world import DAY, HOUR, LADDER, MINUTE, NINE


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


async def reminder(house: House, now: float, to: str = "ben") -> View:
    views = StoredContents(lookups(names_of=lambda _: (), hours=ALWAYS))
    wait = await house.wait(wait_id())
    assert wait is not None
    return await house.store.read(lambda tx: views.reminder(tx, [WaitInMessage(wait=wait, step=0, to=(to,))], now))


async def test_the_reminder_asks_and_its_buttons_name_the_message(house: House) -> None:
    await house.happen(posted("dana", "Ana, where is it?"), posted("ben", "perhaps in Rotterdam", NINE + MINUTE))
    view = await reminder(house, NINE + 10 * MINUTE)
    assert view.fallback == "Has a customer been answered in #help?"
    assert codes(view)[:2] == [f"confirm:w1/{NINE + MINUTE:.6f}", f"not_yet:w1/{NINE + MINUTE:.6f}"]


def sent(house: House) -> list[tuple[tuple[str, ...], int]]:
    return [(to, step) for _, to, step, _ in house.courier.delivered]


async def test_who_wrote_it_is_asked_once_and_then_the_wait_goes_on(house: House) -> None:
    await house.happen(posted("dana", "Ana, where is it?"), posted("mia", "perhaps in Rotterdam", NINE + MINUTE))
    await house.drain(NINE + HOUR)
    assert sent(house) == [(("mia",), 0)]
    await house.happen(posted("mia", "perhaps, in Husum", NINE + 70 * MINUTE))  # asked is asked
    await house.drain(NINE + 30 * DAY)
    assert sent(house) == [(("mia",), 0), (("ben",), 1), (("mia",), 2)]
    wait = await house.wait(wait_id())
    assert wait is not None and wait.open and wait.possible_answer is not None and wait.possible_answer.asked == ("mia",)


async def test_that_it_was_asked_is_known_after_a_restart(tmp_path: Path) -> None:
    async with a_house(tmp_path / "h.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("mia", "perhaps in Rotterdam", NINE + MINUTE))
        await house.drain(NINE + 10 * MINUTE)
    async with a_house(tmp_path / "h.db") as house:
        await house.drain(NINE + 3 * HOUR)
        assert sent(house) == [(("ben",), 1)]


async def test_a_question_that_is_found_to_have_arrived_counts_as_asked(house: House) -> None:
    await house.happen(posted("dana", "Ana, where is it?"), posted("mia", "perhaps in Rotterdam", NINE + MINUTE))
    house.courier.swallowed.append(RetryLater("no answer", after=1))
    await house.drain(NINE + 3 * HOUR)
    assert sent(house) == [(("mia",), 0), (("ben",), 1)]


async def test_what_is_written_after_the_last_rung_is_asked_about_and_the_rung_comes_once_more(house: House) -> None:
    await house.happen(posted("dana", "Ana, where is it?"))
    await house.drain(NINE + 2 * DAY)
    await house.happen(posted("ana", "perhaps in Rotterdam", NINE + 2 * DAY))
    await house.drain(NINE + 30 * DAY)
    assert sent(house) == [(("ana",), 0), (("ben",), 1), (("mia",), 2), (("ana",), 2), (("mia",), 2)]


async def test_an_unsure_waits_only_rung_comes_again_after_the_question(tmp_path: Path) -> None:
    rules = ChannelRules(steps=LADDER[:1])
    async with a_house(tmp_path / "h.db", rules=rules) as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("mia", "perhaps in Rotterdam", NINE + MINUTE))
        await house.drain(NINE + 30 * DAY)
        assert sent(house) == [(("mia",), 0), (("ana",), 0)]


async def test_a_question_that_was_only_noted_is_asked_once_reminders_begin(house: House) -> None:
    house.replace_loop(None)
    await house.happen(posted("dana", "Ana, where is it?"), posted("mia", "perhaps in Rotterdam", NINE + MINUTE))
    await house.drain(NINE + 20 * MINUTE)
    noted = await house.wait(wait_id())
    assert noted is not None and noted.possible_answer is not None and noted.possible_answer.asked == ("mia",)
    house.replace_loop(house.sender)
    await house.store.transact(lambda tx: Activation(house.engine).start(tx, "mia", NINE + 30 * MINUTE))
    await house.drain(NINE + HOUR)
    assert [to for to, _ in sent(house)] == [("mia",)]


async def test_the_words_go_by_who_is_reminded(house: House) -> None:
    await house.happen(posted("dana", "Ana, where is it?"), posted("ben", "perhaps in Rotterdam", NINE + MINUTE))
    assert (await reminder(house, NINE + 10 * MINUTE, to="ana")).fallback == "A customer has been waiting 10 min in #help"


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
