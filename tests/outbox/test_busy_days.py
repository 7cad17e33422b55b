"""Busy days, played through: somebody is asked about every customer, and nobody is asked more than they can bear."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain import hours
from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.notifications import APART
from bot.domain.outgoing import SentReminder
from bot.domain.people import Team
from bot.domain.preferences import ORDINARY, OwnSwitch
from bot.domain.waits import Wait
from bot.domain.writes import AddNotice, NoticeSubject
from bot.waits.availability import QuietRules
from tests.runtime.simulated import House, a_house, posted
from tests.waits.world import DAY, HOUR, MINUTE, NINE

OFFICE = Hours(zone=ZoneInfo("UTC"), week=weekly(range(5), [WorkingSpan(opens=9 * 60, closes=17 * 60)]))
NAMES = ("ana", "ben", "mia", "theo", "yuki", "lena", "omid", "rosa")
WORKING_DAY = 8 * HOUR
ARRIVALS = ("at nine", "all day", "overnight", "in waves")


@dataclass(frozen=True, kw_only=True)
class Day:
    """A team and its customers; nobody answers anything, which is the worst that can be."""

    customers: int
    members: int
    arrival: str
    away: int
    budget: int = 3
    seed: int = 0
    switches: Mapping[str, OwnSwitch] | None = None

    @property
    def team(self) -> Team:
        names = NAMES[: self.members]
        return Team(members=frozenset(names), duty=names[1:2], leads=names[-1:])

    @property
    def quiet(self) -> QuietRules:
        out = NAMES[1 : 1 + self.away]  # who is on duty first of all
        gone = replace(OFFICE, away=((NINE - DAY, NINE + 3 * DAY),))
        switches = self.switches or {}
        return QuietRules(
            hours_of=lambda member: gone if member in out else OFFICE,
            budget=self.budget,
            switch_of=lambda member: switches.get(member, ORDINARY),
        )

    def arrivals(self) -> list[float]:
        chance = random.Random(self.seed)
        start, span = {
            "at nine": (NINE, 30 * MINUTE),
            "all day": (NINE, 8 * HOUR),
            "overnight": (NINE + 9 * HOUR, 12 * HOUR),
            "in waves": (NINE, 3 * HOUR),
        }[self.arrival]
        if self.arrival == "in waves":
            return sorted(start + chance.randrange(4) * HOUR + chance.random() * 90 for _ in range(self.customers))
        return sorted(start + chance.random() * span for _ in range(self.customers))


async def lived_through(day: Day, house: House, until: float) -> dict[str, tuple[Wait, tuple[SentReminder, ...]]]:
    """The day until then: each customer's wait, with the reminders of it."""
    chance = random.Random(day.seed + 1)
    for number, at in enumerate(day.arrivals()):
        await house.drain(at)
        house.clock.time = max(house.clock.time, at)
        name = chance.choice((*(member.title() for member in sorted(day.team.members)), "Hello"))
        await house.happen(posted(f"customer{number}", f"{name}, where is it?", at))
    await house.drain(until)

    def read(tx: object) -> dict[str, tuple[Wait, tuple[SentReminder, ...]]]:
        return {wait.id: (wait, tx.sent_reminders(wait.id)) for wait in tx.all_waits()}  # type: ignore[attr-defined]

    return await house.store.read(read)


def pings(house: House) -> dict[str, list[float]]:
    """When each member was mentioned."""
    found: dict[str, list[float]] = {}
    for post in house.courier.posts.values():
        for member in post.view.addressed:
            found.setdefault(member, []).append(post.at)
    return found


DAYS = [
    Day(customers=12, members=4, arrival="at nine", away=0),
    Day(customers=3, members=2, arrival="all day", away=0),
    Day(customers=25, members=3, arrival="in waves", away=1, seed=3),
    Day(customers=40, members=8, arrival="all day", away=3, seed=4),
    Day(customers=40, members=2, arrival="at nine", away=0, seed=5),
    Day(customers=20, members=5, arrival="overnight", away=4, seed=6),
    Day(customers=15, members=3, arrival="all day", away=0, budget=1, seed=7),
    Day(
        customers=12, members=4, arrival="in waves", away=0, seed=8,
        switches={"ben": OwnSwitch(budget=0), "ana": OwnSwitch(only_mine=True), "mia": OwnSwitch(budget=1)},
    ),
    Day(
        customers=10, members=3, arrival="overnight", away=1, seed=9,
        switches={"ana": OwnSwitch(only_mine=True), "mia": OwnSwitch(budget=0)},
    ),
    Day(customers=8, members=3, arrival="overnight", away=0, seed=10, switches=dict.fromkeys(NAMES, OwnSwitch(budget=0))),
]  # fmt: skip


@pytest.mark.parametrize("day", DAYS, ids=lambda day: f"{day.customers} for {day.members} {day.arrival}, {day.away} away")
async def test_somebody_is_asked_about_every_customer_and_nobody_too_often(day: Day, tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", quiet=day.quiet) as house:
        house.engine.team, house.quiet = day.team, day.quiet
        house.replace_loop(house.sender)
        slots = [NINE + number * DAY for number in range(1, 4)]
        digests = [AddNotice(kind="digest", key=str(at), due_at=at, subject=NoticeSubject.DAY) for at in slots]
        await house.store.transact(lambda tx: tx.save(digests))
        waits = await lived_through(day, house, NINE + DAY + 8 * HOUR)
        assert len(waits) == day.customers
        for wait, sent in waits.values():
            asked = [one.at for one in sent if one.to or one.asking.lead is not None]
            assert asked, f"{wait.customer} was forgotten"
            waited = hours.working_between(OFFICE, wait.opened_at, asked[0])
            assert waited <= 3 * HOUR < WORKING_DAY, f"{wait.customer} waited {waited / HOUR:.1f} working hours"
        for member, instants in pings(house).items():
            switch = day.quiet.switch_of(member)
            most = day.budget if switch.budget is None else switch.budget
            days = Counter(datetime.fromtimestamp(at, UTC).date() for at in instants)
            assert max(days.values()) <= most, member
            assert all(later - at >= APART for at, later in pairwise(instants)), member
            assert all(hours.is_open(day.quiet.hours_of(member), at) for at in instants), member
        mentions = await house.store.read(lambda tx: [one for id in waits for one in tx.appeals(id)])
        assert len({(one.person, one.at // DAY) for one in mentions}) == len({(one.person, one.at) for one in mentions}), "a day"
        for one in mentions:
            assert hours.is_open(day.quiet.hours_of(one.person), one.at + HOUR), f"{one.person} isn't at work then"
            near = [at for at in pings(house).get(one.person, ()) if abs(at - one.at) < APART]
            assert not near, f"{one.person} was told something as the digest mentioned them"
        reminders = [post for post in house.courier.posts.values() if post.view.fallback != "digest"]
        team = [post.at for post in reminders if not post.view.addressed]
        assert all(later - at >= HOUR for at, later in pairwise(team)), "the team, merged and not too often"
