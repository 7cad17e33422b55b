"""A made week of five people in three time zones, with a holiday, a vacation and sixty customers who wait: who was reminded when.

Every day at 6:00, 10:00, 14:00 and 20:00 UTC three customers ask, each a member by name in turn; the third of the three is
answered after five minutes, the others never. The whole week stands in golden/week.txt; what must hold of it whatever its
details is asserted on top. After an intended change run `python -m tests.scenario.test_week` and read the difference.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain import hours
from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.people import Team
from bot.domain.rules import ChannelRules, Step
from bot.outbox.digests import DigestSlot
from bot.wiring.local import LocalBot, Plan, stage
from tests.domain.dates import Dates

GOLDEN = Path(__file__).parent / "golden" / "week.txt"
HOUR, DAY = 3600.0, 86400.0
MONDAY = datetime(2026, 3, 30, tzinfo=UTC).timestamp()

BERLIN, NEW_YORK, TOKYO = (ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Tokyo"))
OFFICE = weekly(range(5), [WorkingSpan(opens=9 * 60, closes=17 * 60)])
GOOD_FRIDAY = Dates(dates=frozenset({date(2026, 4, 3)}), name="Good Friday")

TEAM_HOURS = Hours(zone=BERLIN, week=OFFICE)
MEMBERS = {
    "ana": Hours(zone=BERLIN, week=OFFICE, holidays=(GOOD_FRIDAY,)),
    "ben": Hours(zone=BERLIN, week=OFFICE, holidays=(GOOD_FRIDAY,)),
    "mia": Hours(zone=NEW_YORK, week=OFFICE),
    "theo": Hours(zone=NEW_YORK, week=OFFICE, away=((MONDAY + 2 * DAY, MONDAY + 5 * DAY),)),  # Wednesday to Friday
    "yuki": Hours(zone=TOKYO, week=OFFICE),
}
TEAM = Team(members=frozenset(MEMBERS), leads=("mia",), duty=("ben",))
LADDER = (Step(after=30 * 60, to="owner"), Step(after=4 * HOUR, to="duty"), Step(after=DAY, to="lead"))


def plan() -> Plan:
    return Plan(
        start=MONDAY,
        team=TEAM,
        team_hours=TEAM_HOURS,
        rules=ChannelRules(steps=LADDER),
        reminders_channel="team",
        hours=MEMBERS,
        budget=3,
        digests=(DigestSlot(days=frozenset(range(5)), minute=9 * 60),),
    )


async def live_through(on: LocalBot) -> None:
    """The week as the docstring tells it."""
    town = on.town
    town.channel("help")
    town.channel("team", internal=True)
    for member in MEMBERS:
        town.member(member)
    asked = 0
    for day in range(5):
        for hour in (6, 10, 14, 20):
            for third in range(3):
                await on.simulation.advance(MONDAY + day * DAY + hour * HOUR + third * 600)
                member = town.person(sorted(MEMBERS)[asked % 5])
                customer = town.customer(f"customer{asked:02}")
                question = await customer.says("help", f"Hello {member.name}, could you tell me where container {asked} is?")
                asked += 1
                if third == 2:
                    await on.simulation.advance(town.clock.now() + 300)
                    await member.says("help", "It is in Rotterdam and leaves tonight.", thread=question)
    await on.simulation.advance(MONDAY + 5 * DAY)


async def reminders(on: LocalBot) -> list[tuple[float, tuple[str, ...], str, int]]:
    """(when, to whom, the customer it was about, the rung), in order."""

    def read(tx: object) -> list[tuple[float, tuple[str, ...], str, int]]:
        return [
            (sent.at, sent.to, wait.customer, sent.step)
            for wait in tx.all_waits()  # type: ignore[attr-defined]
            for sent in tx.sent_reminders(wait.id)  # type: ignore[attr-defined]
        ]

    return sorted(await on.simulation.store.read(read))


def listing(left: list[tuple[float, tuple[str, ...], str, int]], on: LocalBot) -> str:
    """The week as lines: each reminder with the member's own clock, and each digest."""
    lines = []
    for at, to, customer, step in left:
        zone = MEMBERS[to[0]].zone if to else BERLIN
        local = datetime.fromtimestamp(at, zone).strftime("%H:%M")
        utc = datetime.fromtimestamp(at, UTC).strftime("%a %H:%M")
        lines.append((at, f"{utc}  {', '.join(to) or 'the team':5}{local:>6}  {customer}, rung {step}"))
    for post in on.town.posts:
        if post.keys[0].startswith("digest:"):
            lines.append((post.at, f"{datetime.fromtimestamp(post.at, UTC).strftime('%a %H:%M')}  digest: {post.gist}"))
    return "\n".join(line for _, line in sorted(lines)) + "\n"


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple[float, tuple[str, ...], str, int]], str, list[str]]:
    """The week lived through once: its reminders, its listing, and where posts went."""

    async def live() -> tuple[list[tuple[float, tuple[str, ...], str, int]], str, list[str]]:
        async with stage(plan(), tmp_path_factory.mktemp("week") / "week.db") as on:
            await live_through(on)
            left = await reminders(on)
            return left, listing(left, on), [post.address.id for post in on.town.posts]

    return asyncio.run(live())


Week = tuple[list[tuple[float, tuple[str, ...], str, int]], str, list[str]]


def test_who_was_reminded_when(week: Week) -> None:
    assert week[1] == GOLDEN.read_text(encoding="utf-8")


def test_nobody_is_reminded_outside_their_hours_on_holiday_or_on_vacation(week: Week) -> None:
    assert week[0]
    for at, to, customer, _ in week[0]:
        for member in to:
            assert hours.is_open(MEMBERS[member], at), (member, customer, datetime.fromtimestamp(at, UTC))


def test_nobody_gets_more_than_the_budget_a_day(week: Week) -> None:
    messages = {(member, at) for at, to, _, _ in week[0] for member in to}  # one message may tell of several waits
    days = Counter((member, datetime.fromtimestamp(at, MEMBERS[member].zone).date()) for member, at in messages)
    assert max(days.values()) <= 3
    assert 3 in days.values()


def test_who_was_answered_in_time_is_never_mentioned(week: Week) -> None:
    answered = {f"customer{number:02}" for number in range(2, 60, 3)}
    assert answered.isdisjoint({customer for _, _, customer, _ in week[0]})


def test_no_rung_comes_before_its_time_and_none_twice(week: Week) -> None:
    """But for what went to the team as a whole, because nobody's day had room."""
    seen: set[tuple[str, int]] = set()
    for at, to, customer, step in week[0]:
        number = int(customer.removeprefix("customer"))
        asked = MONDAY + number // 12 * DAY + (6, 10, 14, 20)[number % 12 // 3] * HOUR + number % 3 * 600
        assert at >= asked + LADDER[step].after
        assert (customer, step) not in seen
        if to:
            seen.add((customer, step))


def test_everything_was_posted_where_only_the_team_reads(week: Week) -> None:
    assert set(week[2]) == {"team"}


if __name__ == "__main__":

    async def renew() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with stage(plan(), Path(folder) / "week.db") as on:
                await live_through(on)
                GOLDEN.write_text(listing(await reminders(on), on), encoding="utf-8")

    asyncio.run(renew())
    sys.stdout.write(GOLDEN.read_text(encoding="utf-8"))
