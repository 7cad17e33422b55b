"""The own list and its forms through real storage."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.outgoing import Address, Attempt
from bot.domain.people import Role
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.views import Form
from bot.domain.waits import HoldKind
from bot.ports import Transaction
from bot.wording.answers import FOR_THE_TEAM
from tests.runtime.test_interactions import TEN, Office, an_office
from tests.waits.world import DAY, HOUR, NINE


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as made:
        yield made


async def home(office: Office, who: str, role: Role = Role.MEMBER) -> str:
    return str(await office.desk.home(who, role))


async def test_the_list_holds_ones_own_waits_and_settings(office: Office) -> None:
    await office.says("dana", "Ana, where is it?")
    await office.says("omar", "Ben, and where is mine?", NINE + 1)
    await office.clicks("ana", "dm:on")
    shown = await home(office, "ana")
    assert "1 customer is waiting for you" in shown and "Ana, where is it?" in shown and "form:hours" not in shown
    assert "where is mine" not in shown and "reminders and tips come as DMs" in shown
    assert "where is mine" in await home(office, "ben") and "Mon-Fri 09:00-17:00, UTC" in shown


async def test_forms_act_as_commands_do(office: Office) -> None:
    await office.says("dana", "Ana, where is it?")
    opened = await office.desk.form("ana", Role.MEMBER, "form:snooze/w1")
    assert isinstance(opened, Form) and opened.argument == "w1"
    view = await office.desk.submit("ana", Role.MEMBER, "snooze:w1", {"text": "someday"})
    assert "don't understand “someday”" in view.fallback
    await office.desk.submit("ana", Role.MEMBER, "snooze:w1", {"text": "2h"})
    hold = (await office.wait()).hold
    assert hold is not None and (hold.kind, hold.until) == (HoldKind.SNOOZE, TEN + 2 * HOUR)
    await office.desk.submit("ana", Role.MEMBER, "away:", {"text": "3 days"})
    absence = office.preferences.away_now("ana", TEN + DAY)
    assert absence is not None and (absence.since, absence.until) == (TEN, TEN + 3 * DAY)
    await office.desk.submit("ana", Role.MEMBER, "hours:", {"text": "10-12 mon"})
    assert "Mon 10:00-12:00, UTC" in await home(office, "ana")
    await office.clicks("ana", "answered:w1")
    assert await office.desk.form("ana", Role.MEMBER, "form:snooze/w1") is None
    clicked = await office.desk.click("ana", Role.MEMBER, "form:snooze/w1")
    assert "is over already: Ana has marked it answered" in clicked.fallback
    assert isinstance((await office.desk.click("ana", Role.MEMBER, "form:away")).nodes[0], Form)


async def test_customers_get_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.says("dana", "Ana, where is it?")

    async def never(*_: object) -> None:
        raise AssertionError("read for somebody outside the team")

    monkeypatch.setattr(office.store, "read", never)
    for who, role in (("dana", Role.CUSTOMER), ("ana", Role.CUSTOMER), ("omar", Role.MEMBER)):
        shown = await home(office, who, role)
        assert "tool of the team" in shown and "where is it" not in shown
        assert await office.desk.form(who, role, "form:hours") is None
        view = await office.desk.submit(who, role, "snooze:w1", {"text": "2h"})
        assert view.fallback == FOR_THE_TEAM


async def test_leads_see_what_was_given_up(office: Office) -> None:
    await office.says("dana", "Ana, where is it?")

    def give_up(tx: Transaction) -> None:
        (due,) = tx.claim_due(TEN, limit=9, lease=60)
        tx.mark_leaving([(due, Attempt(address=Address("local", "person", "ana"), key="k", at=TEN, to=("ana",)))])
        tx.mark_dead(due, reason=Reason(code=ReasonCode.REFUSED, about=("it can't be found out",)))

    await office.store.transact(give_up)
    assert "it can't be found out. It may have arrived all the same." in await home(office, "mia")
    assert "found out" not in await home(office, "ana")


async def test_a_list_that_fails_is_answered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(office.store, "read", broken)
    assert "Something went wrong on my side" in await home(office, "ana")
