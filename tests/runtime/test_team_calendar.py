"""The team's calendar counts while it can be read, and what it said last while it can't; who left or went off duty hands over."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path

import pytest

from adapters.local.render import render_plain
from bot.doctor.calendars import of_calendar, of_failing
from bot.domain.durations import HOUR, Instant
from bot.domain.duty import CalendarEntry, DutyPlan, SaidOnDuty
from bot.domain.hours import is_away
from bot.domain.marks import CALENDAR_FAILS
from bot.domain.people import Role
from bot.domain.preferences import SetDuty
from bot.domain.views import View
from bot.errors import CalendarError
from bot.queries.digests import digest_facts
from bot.queries.snapshot import Lookups
from bot.wiring.build import Bot
from storage.sqlite.database import Database
from tests.runtime.simulated import TEAM, Courier, HandClock, PlainViews, assembled
from tests.waits.world import NINE, Said, ScriptedJudge


@dataclass
class Calendar:
    """A calendar that can be made to fail."""

    stands: list[CalendarEntry] = field(default_factory=list)
    trouble: str = ""

    async def entries(self, since: Instant, until: Instant) -> Sequence[CalendarEntry]:
        if self.trouble:
            raise CalendarError(self.trouble)
        return self.stands


SHIFTS = [
    CalendarEntry(summary="ana on duty", since=NINE - HOUR, until=NINE + 8 * HOUR),
    CalendarEntry(summary="ben: vacation", since=NINE, until=NINE + 24 * HOUR),
]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "a.db", unpack=Said.unpack, synchronous="OFF") as opened:  # type: ignore[arg-type]
        yield opened


def a_bot(store: Database, calendar: Calendar | None, courier: Courier | None = None) -> Bot:
    return assembled(courier or Courier(HandClock()), store, PlainViews(), calendar=calendar, activates=False)


def text_of(view: View) -> str:
    return " ".join(render_plain(view, name=str.title, zone=UTC, now=NINE, width=1000).split())


async def fails_since(store: Database) -> Instant | None:
    mark = await store.read(lambda tx: tx.mark(CALENDAR_FAILS))
    return None if mark is None else mark.at


async def test_a_calendar_says_who_is_on_duty_and_away(store: Database) -> None:
    bot = a_bot(store, Calendar(SHIFTS))
    await bot.calendar.run()
    assert bot.engine.team.duty == ("ana",)
    assert is_away(bot.preferences.hours_of("ben"), NINE + HOUR) and not is_away(bot.preferences.hours_of("ana"), NINE + HOUR)
    await bot.outbox.step(NINE + 8 * HOUR)
    assert bot.engine.team.duty == TEAM.duty


async def test_being_back_ends_an_absence_by_the_calendar_everywhere(store: Database) -> None:
    vacation, later = (
        CalendarEntry(summary="ben: vacation", since=NINE + since * HOUR, until=NINE + until * HOUR)
        for since, until in ((0, 24), (48, 72))
    )
    calendar = Calendar([vacation, later])
    bot = a_bot(store, calendar)
    await bot.calendar.run()
    asked = bot.interactions["local"]
    assert "as the team's calendar says" in text_of(await asked.home("ben", Role.MEMBER))
    assert "The team's calendar says otherwise" in text_of(await asked.command("ben", Role.MEMBER, "back"))
    assert "away from Wednesday" in text_of(await asked.home("ben", Role.MEMBER)), "the later one"
    assert "away nobody" in text_of(await asked.home("mia", Role.MEMBER))
    assert not is_away(bot.preferences.hours_of("ben"), NINE + HOUR)
    assert is_away(bot.preferences.hours_of("ben"), NINE + 50 * HOUR), "a later entry counts again"
    again = a_bot(store, calendar)
    await again.preferences.load(store)
    await again.calendar.run()
    assert not is_away(again.preferences.hours_of("ben"), NINE + HOUR)
    undone = text_of(await again.interactions["local"].command("ben", Role.MEMBER, "undo"))
    assert "away until" in undone and is_away(again.preferences.hours_of("ben"), NINE + HOUR)


async def test_being_back_twice_revives_nothing(store: Database) -> None:
    vacation, inside = (
        CalendarEntry(summary=f"ben: {what}", since=NINE + since * HOUR, until=NINE + until * HOUR)
        for what, since, until in (("vacation", 0, 96), ("out of office", 51, 56))
    )
    courier = Courier(HandClock())
    bot = a_bot(store, Calendar([vacation, inside]), courier)
    await bot.calendar.run()
    for hour in (1, 52):
        courier.clock.time = NINE + hour * HOUR
        assert "Welcome back" in text_of(await bot.interactions["local"].command("ben", Role.MEMBER, "back"))
    assert not any(is_away(bot.preferences.hours_of("ben"), NINE + hour * HOUR) for hour in (2, 50, 53, 57, 90))


async def test_what_it_said_last_counts_while_it_can_t_be_read(store: Database) -> None:
    calendar = Calendar(SHIFTS)
    await a_bot(store, calendar).calendar.run()
    calendar.trouble = "The calendar's server answers 500."
    again = a_bot(store, calendar)
    await again.preferences.load(store)
    await again.calendar.run()
    await again.outbox.step(NINE)
    assert again.engine.team.duty == ("ana",) and await fails_since(store) == NINE
    calendar.trouble, calendar.stands = "", []
    await again.calendar.run()
    assert again.engine.team.duty == TEAM.duty and await fails_since(store) is None


async def test_without_a_calendar_in_the_settings_what_one_said_is_forgotten(store: Database) -> None:
    await a_bot(store, Calendar(SHIFTS)).calendar.run()
    without = a_bot(store, None)
    await without.preferences.load(store)
    await without.calendar.run()
    assert without.engine.team.duty == TEAM.duty
    assert (await store.read(lambda tx: tx.calendar())).duty == ()


async def test_whose_shift_ended_while_nobody_was_running_is_told_once(store: Database) -> None:
    said = DutyPlan(said=SaidOnDuty(members=("ana",), since=NINE - HOUR, until=NINE + HOUR))
    await store.transact(lambda tx: tx.choose([SetDuty(plan=said, by="mia", at=NINE - HOUR)], by="mia", at=NINE))
    first = a_bot(store, None)
    await first.preferences.load(store)
    await first.outbox.step(NINE)
    courier = Courier(HandClock())
    for instant in (NINE + 5 * HOUR, NINE + 6 * HOUR):
        later = a_bot(store, None, courier)
        await later.preferences.load(store)
        courier.clock.time = instant
        await later.outbox.step(instant)
    assert [post.view.fallback for post in courier.posts.values()] == ["tip"]


async def test_what_somebody_had_open_who_left_goes_to_a_lead(store: Database) -> None:
    courier = Courier(HandClock())
    bot = a_bot(store, None, courier)
    courier.workspace.team = lambda: replace(TEAM, members=TEAM.members - {"ana"})  # type: ignore[method-assign]
    await bot.membership.regroup()
    await bot.outbox.step(NINE)
    (post,) = courier.posts.values()
    assert post.view.fallback == "tip"
    await bot.membership.regroup()
    await bot.outbox.step(NINE + HOUR)
    assert len(courier.posts) == 1


async def test_the_digest_says_so_after_a_day_and_doctor_at_once(store: Database) -> None:
    failing = Calendar(trouble="The calendar's server answers 404.")
    bot = a_bot(store, failing)
    await bot.calendar.run()
    assert [finding.level for finding in await of_calendar(failing, NINE)] == ["bad"]
    assert ["09:00" in finding.says for finding in await store.read(of_failing)] == [True]
    lookups = Lookups(
        preferences=bot.preferences,
        team=lambda: TEAM,
        names_of=lambda _: (),
        channel_name=str,
        judge=ScriptedJudge(),  # type: ignore[arg-type]
    )
    for instant, told in ((NINE + 23 * HOUR, None), (NINE + 24 * HOUR, NINE)):
        assert await store.read(lambda tx, at=instant: digest_facts(lookups.at(tx, at)).calendar_fails) == told


async def test_whoever_will_be_away_by_it_gets_what_they_have_open_once_while_they_still_work(store: Database) -> None:
    courier = Courier(HandClock())
    vacation = CalendarEntry(summary="ana: vacation", since=NINE + 5 * HOUR, until=NINE + 72 * HOUR)
    bot = a_bot(store, Calendar([vacation]), courier)
    await bot.calendar.run()
    posted: list[int] = []
    for instant in (NINE + 3 * HOUR, NINE + 4 * HOUR + 1, NINE + 4.5 * HOUR, NINE + 6 * HOUR):
        courier.clock.time = instant
        await bot.outbox.step(instant)
        posted.append(len(courier.posts))
    assert posted == [0, 1, 1, 1]
    again = a_bot(store, Calendar([vacation]), courier)
    await again.preferences.load(store)
    await again.outbox.step(NINE + 6 * HOUR)
    assert len(courier.posts) == 1
