"""Hand-over lists at the end of a shift: each wait is told of once a change, at its time, and a posted list follows its waits."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path

import pytest

from adapters.local.render import render_plain
from bot.domain.durations import HOUR, MINUTE, Instant
from bot.domain.duty import CalendarEntry
from bot.domain.events import Acted
from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.rules import ChannelRules
from bot.errors import CalendarError, RetryLater
from bot.waits.availability import ROUND_THE_CLOCK, QuietRules
from bot.wiring.build import Bot
from storage.sqlite import migrate
from storage.sqlite.database import Database
from tests.runtime.simulated import CHANNEL, TEAM, Courier, HandClock, assembled, posted, wait_id
from tests.waits.world import DAY, NINE, Said


@dataclass
class Feed:
    stands: list[CalendarEntry] = field(default_factory=list)
    fails: bool = False

    async def entries(self, since: Instant, until: Instant) -> Sequence[CalendarEntry]:
        if self.fails:
            raise CalendarError("The calendar's server answers 500.")
        return self.stands


def shift(member: str, since: float, until: float) -> CalendarEntry:
    return CalendarEntry(summary=f"{member} on duty", since=NINE + since * HOUR, until=NINE + until * HOUR)


@dataclass
class Town:
    """A team by a calendar, without reminders, so that what leaves are the lists alone."""

    bot: Bot
    store: Database
    courier: Courier
    feed: Feed

    async def at(self, hours: float) -> None:
        """Time passes until so many hours after nine, a look each quarter of an hour."""
        instant = NINE + hours * HOUR
        while self.courier.clock.time < instant:
            self.courier.clock.time = min(instant, self.courier.clock.time + 15 * MINUTE)
            await self.step()

    async def step(self) -> None:
        for _ in range(3):
            await self.bot.outbox.step(self.courier.clock.time)

    async def reads(self, *stands: CalendarEntry) -> None:
        self.feed.stands = list(stands)
        await self.bot.calendar.run()
        await self.step()

    async def does(self, verb: str, by: str, wait: float = NINE, **more: object) -> None:
        event = Acted(channel=CHANNEL, wait=wait_id(wait), verb=verb, by=by, at=self.courier.clock.time, **more)  # type: ignore[arg-type]
        await self.bot.engine.transact(self.store, lambda tx: self.bot.engine.process(tx, event))

    async def says(self, author: str, text: str, at: float | None = None) -> None:
        event = posted(author, text, self.courier.clock.time if at is None else at)
        await self.bot.engine.transact(self.store, lambda tx: self.bot.engine.process(tx, event))

    def lists(self) -> list[str]:
        clock = self.courier.clock.time
        latest = dict(self.courier.updates)
        views = [latest.get(ref, post.view) for ref, post in self.courier.posts.items()]
        return [" ".join(render_plain(view, name=str.title, zone=UTC, now=clock, width=500).split()) for view in views]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "a.db", unpack=Said.unpack, synchronous="OFF") as opened:  # type: ignore[arg-type]
        yield opened


async def a_town(store: Database, *stands: CalendarEntry, quiet: QuietRules = ROUND_THE_CLOCK) -> Town:
    courier, feed = Courier(HandClock()), Feed(list(stands))
    bot = assembled(courier, store, None, calendar=feed, activates=False, rules=ChannelRules(steps=()), quiet=quiet)
    town = Town(bot, store, courier, feed)
    await town.says("dana", "where is my boat?")
    await town.bot.calendar.run()
    await town.step()
    return town


async def test_what_was_told_at_the_end_of_a_shift_isn_t_told_again_when_the_next_begins(store: Database) -> None:
    # Ana until ten, nobody by the calendar (so Ben, by the settings) until eleven, then Mia.
    town = await a_town(store, shift("ana", -1, 1), shift("mia", 2, 9))
    await town.does("claim", "ana")
    await town.at(1.5)
    (told,) = town.lists()
    assert "@Ana, you aren't on duty any more and have 1 customer open" in told
    await town.does("not_me", "ana")  # now it is whoever's is on duty: Ben's
    await town.at(2.5)
    assert len(town.lists()) == 1
    await town.does("claim", "mia")
    await town.at(9.5)
    assert len(town.lists()) == 2, "another change of shifts: it is told of to whose that ended"


@pytest.mark.parametrize("begins", [2, 5])  # their claim has run out by then
async def test_who_took_one_on_between_two_shifts_reads_of_that_one(store: Database, begins: int) -> None:
    town = await a_town(store, shift("ana", -1, 1), shift("mia", begins, 9))
    await town.does("claim", "ana")
    await town.at(1.5)
    await town.does("claim", "ben", choice="anyway")
    await town.at(begins + 0.5)
    assert len(town.lists()) == 2 and "@Ben, you aren't on duty any more and have 1 customer open" in town.lists()[1]


async def test_a_calendar_that_wavers_tells_once(store: Database) -> None:
    town = await a_town(store, shift("ana", -1, 2), shift("mia", 2, 9))
    await town.does("claim", "ana")
    await town.reads(shift("mia", -1, 9))
    await town.reads(shift("ana", -1, 2), shift("mia", 2, 9))
    await town.at(2.25)
    assert len(town.lists()) == 1
    await town.reads(shift("ana", -1, 3), shift("mia", 3, 9))
    await town.does("not_me", "ana")
    await town.does("claim", "ana")
    await town.at(3.25)
    assert len(town.lists()) == 2, "she took it on since"


async def test_a_posted_list_follows_its_waits(store: Database) -> None:
    town = await a_town(store, shift("ana", -1, 1), shift("mia", 1, 9))
    second = NINE + MINUTE
    town.courier.clock.time = second
    await town.says("omar", "where is mine?")
    for wait in (NINE, second):
        await town.does("claim", "ana", wait)
    await town.at(1.25)
    assert "have 2 customers open" in town.lists()[0] and "[1]" in town.lists()[0]
    await town.does("assign", "ana", member="ben")
    await town.step()
    (told,) = town.lists()
    assert "Dana in #help: handed to Ben by Ana" in told and "still have 1 customer open" in told
    assert "Omar in #help" in told and "@" not in told
    await town.does("claim", "mia", second, choice="anyway")
    await town.step()
    assert "Omar in #help: Mia is on it" in town.lists()[0] and "nothing is open any more" in town.lists()[0]
    await town.says("mia", "Omar: it lies in Husum")
    await town.step()
    assert "Omar in #help: answered by Mia" in town.lists()[0] and "[1]" not in town.lists()[0]
    await town.does("unassign", "ana")
    await town.step()
    assert "1 customer open" in town.lists()[0], "what was taken back is hers again"


async def test_what_happens_while_a_list_is_on_its_way_is_said_right_after(store: Database) -> None:
    town = await a_town(store, shift("ana", -1, 1), shift("mia", 1, 9))
    await town.does("claim", "ana")

    async def answered() -> None:
        town.courier.meanwhile = None
        await town.says("mia", "Dana: it lies in Husum", NINE + HOUR)

    town.courier.meanwhile = answered
    await town.at(1.25)
    assert "Dana in #help: answered by Mia" in town.lists()[0]


async def test_a_list_that_was_in_doubt_follows_and_stands_there_once(store: Database) -> None:
    town = await a_town(store, shift("ana", -1, 1), shift("mia", 1, 9))
    await town.does("claim", "ana")
    town.courier.swallowed = [RetryLater("no answer in time", after=0, uncertain=True)]
    await town.at(1)
    await town.says("mia", "Dana: it lies in Husum")
    await town.at(2)
    (told,) = town.lists()
    assert "Dana in #help: answered by Mia" in told


async def test_two_changes_at_one_instant_tell_each_once(store: Database) -> None:
    town = await a_town(store, shift("ana", -1, 1), shift("ben", -1, 1), shift("mia", 1, 9))
    second = NINE + MINUTE
    town.courier.clock.time = second
    await town.says("omar", "where is mine?")
    await town.does("claim", "ana")
    await town.does("claim", "ben", second)
    await town.at(1)
    await town.reads(shift("ana", -1, 1), shift("mia", 1, 9))
    await town.at(2)
    first, other = sorted(town.lists())
    assert "@Ana" in first and "1 customer open" in first and "@Ben" in other and "1 customer open" in other


async def test_a_claim_that_runs_out_is_said_no_longer(store: Database) -> None:
    town = await a_town(store, shift("ana", -1, 1), shift("mia", 1, 9))
    await town.at(0.5)
    await town.does("claim", "ana")
    await town.at(1.25)
    assert "you're on it until 11:30" in town.lists()[0]
    await town.at(3)
    assert "on it" not in town.lists()[0] and "1 customer open" in town.lists()[0]


def early(person: str) -> Hours:
    """Ana works from nine to ten."""
    span = WorkingSpan(opens=540, closes=600) if person == "ana" else WorkingSpan(opens=0, closes=1440)
    return Hours(zone=UTC, week=weekly(range(7), [span]))


async def test_a_list_that_is_read_later_says_when_the_shift_ended(store: Database) -> None:
    town = await a_town(store, shift("ana", -1, 2), shift("mia", 2, 40), quiet=replace(ROUND_THE_CLOCK, hours_of=early))
    await town.does("snooze", "ana", until=NINE + 3 * DAY)
    await town.at(23)
    assert town.lists() == []
    await town.at(24.25)
    assert "@Ana, your shift ended yesterday 11:00, and you still have 1 customer open" in town.lists()[0]


async def test_who_is_on_duty_again_by_then_reads_nothing(store: Database) -> None:
    quiet = replace(ROUND_THE_CLOCK, hours_of=early)
    town = await a_town(store, shift("ana", -1, 2), shift("mia", 2, 23), shift("ana", 23, 60), quiet=quiet)
    await town.does("snooze", "ana", until=NINE + 3 * DAY)
    await town.at(25)
    assert town.lists() == []


async def test_a_lead_is_told_of_who_leaves_once_and_whatever_they_were_told_themselves(store: Database) -> None:
    town = await a_town(store, shift("ana", -1, 1), shift("mia", 1, 99))
    await town.does("claim", "ana")
    await town.at(1.25)
    town.courier.workspace.team = lambda: replace(TEAM, members=TEAM.members - {"ana"})  # type: ignore[method-assign]
    await town.bot.membership.regroup()
    await town.step()
    assert "@Mia, Ana isn't on the team any more and has 1 customer open" in town.lists()[1]
    await town.at(26)
    town.courier.workspace.team = lambda: TEAM  # type: ignore[method-assign]
    await town.bot.membership.regroup()
    town.courier.workspace.team = lambda: replace(TEAM, members=TEAM.members - {"ana"})  # type: ignore[method-assign]
    await town.bot.membership.regroup()
    await town.step()
    assert len(town.lists()) == 2, "as after a restart on another day"


async def test_a_calendar_that_is_down_at_the_start_and_somebody_who_left_on_duty(store: Database) -> None:
    town = await a_town(store, shift("ana", -1, 30), shift("mia", 30, 60))
    await town.does("claim", "ana")
    town.feed.fails = True
    again = assembled(town.courier, store, None, calendar=town.feed, activates=False, rules=ChannelRules(steps=()))
    await again.preferences.load(store)
    await again.calendar.run()
    await again.outbox.step(town.courier.clock.time)
    assert again.engine.team.duty == ("ana",)
    town.courier.workspace.team = lambda: replace(TEAM, members=TEAM.members - {"ana"})  # type: ignore[method-assign]
    await again.membership.regroup()
    await again.outbox.step(town.courier.clock.time)
    assert again.engine.team.duty == TEAM.duty
    (told,) = town.lists()
    assert "@Mia, Ana isn't on the team any more and has 1 customer open" in told


async def test_a_list_is_closed_while_they_are_on_duty_again(store: Database) -> None:
    town = await a_town(store, shift("ana", -1, 1), shift("mia", 1, 2), shift("ana", 2, 3), shift("mia", 3, 9))
    await town.does("claim", "ana")
    await town.at(1.25)
    await town.at(2.25)
    (first,) = town.lists()
    assert "you are on duty again" in first and "w1" not in first
    await town.at(3.25)
    (first,) = town.lists()
    assert "w1" in first, "told a while ago, and theirs again to hand over"


async def test_one_list_alone_offers_to_hand_a_wait_over(store: Database) -> None:
    town = await a_town(store, shift("ana", -1, 1), shift("mia", 1, 2), shift("ana", 2, 3), shift("mia", 3, 9))
    await town.does("claim", "ana")
    await town.at(2.5)
    await town.does("claim", "mia", choice="anyway")
    await town.does("claim", "ana", choice="anyway")
    await town.at(3.5)
    first, second = town.lists()
    assert "a later list tells" in first and "w1" not in first and "w1" in second


async def test_a_list_from_before_says_so_or_follows(store: Database) -> None:
    town = await a_town(store, shift("ana", -1, 1), shift("mia", 1, 9))
    await town.does("claim", "ana")
    await town.at(1.25)
    (script,) = [one.script for one in migrate.migrations() if "lists_from_before" in one.name]
    with sqlite3.connect(store.path) as connection:
        connection.execute("DELETE FROM handover_lists")
        connection.executescript(script)
    await town.step()
    (told,) = town.lists()
    assert "w1" in told
    await town.does("not_me", "ana")
    await town.step()
    (told,) = town.lists()
    assert "nothing is open any more" in told, "it follows"
    with sqlite3.connect(store.path) as connection:
        connection.execute("DELETE FROM handover_lists")
        connection.executescript(script)
    await town.step()
    (told,) = town.lists()
    assert "is from before" in told and "w1" not in told
