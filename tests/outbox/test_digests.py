"""Digests: at their slots by the team's clock, once each, silent when nobody waits, one after a pause."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.hours import ALWAYS
from bot.domain.people import Role, Team
from bot.domain.rules import ChannelRules, Step
from bot.outbox.digests import Digests, DigestSlot
from bot.wiring.local import LocalBot, Plan, stage

BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = frozenset(range(5))
DAILY = DigestSlot(days=WEEKDAYS, minute=9 * 60)
WEEKLY = DigestSlot(days=frozenset({0}), minute=9 * 60 + 5, weekly=True)


def berlin(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


def slots(after: str, until: str, *made: DigestSlot) -> list[str]:
    found = Digests(made, BERLIN).slots(berlin(after), berlin(until))
    return [datetime.fromtimestamp(at, BERLIN).strftime("%a %d %H:%M") for at, _ in found]


def test_every_weekday_at_nine_by_the_teams_clock_also_when_the_clocks_change() -> None:
    assert slots("2026-03-26 09:00", "2026-03-31 09:00", DAILY) == ["Fri 27 09:00", "Mon 30 09:00", "Tue 31 09:00"]


def test_a_slot_in_the_hour_that_is_skipped_still_comes_once() -> None:
    night = DigestSlot(days=frozenset({6}), minute=2 * 60 + 30)
    assert len(slots("2026-03-28 12:00", "2026-03-29 12:00", night)) == 1


def test_a_slot_in_the_hour_that_comes_twice_comes_once() -> None:
    night = DigestSlot(days=frozenset({6}), minute=2 * 60 + 30)
    assert len(slots("2026-10-24 12:00", "2026-10-25 12:00", night)) == 1


NO_STEP = ChannelRules(steps=(Step(after=30 * 86400, to="team"),))


def plan(*made: DigestSlot, start: str = "2026-03-02 08:00", rules: ChannelRules = NO_STEP, budget: int = 3) -> Plan:
    return Plan(
        start=berlin(start),
        team=Team(members=frozenset({"ana"}), duty=("ana",)),
        team_hours=type(ALWAYS)(zone=BERLIN, week=ALWAYS.week),
        rules=rules,
        reminders_channel="team",
        budget=budget,
        digests=made,
    )


def posted(on: LocalBot) -> list[str]:
    return [datetime.fromtimestamp(post.at, BERLIN).strftime("%a %H:%M ") + post.gist for post in on.town.posts]


async def someone_asks(on: LocalBot) -> None:
    on.town.channel("help")
    on.town.channel("team", internal=True)
    on.town.member("ana")
    await on.town.customer("dana").says("help", "Hello, can you tell me where my container is?")


async def test_a_digest_is_silent_when_nobody_waits(tmp_path: Path) -> None:
    async with stage(plan(DAILY), tmp_path / "a.db") as on:
        on.town.channel("team", internal=True)
        await on.simulation.advance(berlin("2026-03-06 12:00"))
        assert posted(on) == []


async def test_a_digest_tells_who_waits_every_weekday_until_they_are_answered(tmp_path: Path) -> None:
    async with stage(plan(DAILY), tmp_path / "a.db") as on:
        await someone_asks(on)
        await on.simulation.advance(berlin("2026-03-03 12:00"))
        await on.town.person("ana").says("help", "Dana: it is in Rotterdam")
        await on.simulation.advance(berlin("2026-03-09 12:00"))
        assert posted(on) == [
            "Mon 09:00 1 customer is waiting, the longest for 1 h",
            "Tue 09:00 1 customer is waiting, the longest for 1 day 1 h",
        ]


async def test_the_weekly_digest_gives_sums(tmp_path: Path) -> None:
    async with stage(plan(WEEKLY, start="2026-03-02 10:00"), tmp_path / "a.db") as on:
        await someone_asks(on)
        await on.town.person("ana").says("help", "Dana: it is in Rotterdam")
        await on.simulation.advance(berlin("2026-03-09 10:00"))
        (monday,) = [post for post in on.town.posts if post.at > berlin("2026-03-08 00:00")]
        assert monday.view is not None and "week" in str(monday.view.nodes[0])
        assert "ana" not in str(monday.view.nodes).casefold()


async def test_a_restart_doubles_no_digest(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    async with stage(plan(DAILY), tmp_path / "a.db", journal=journal) as on:
        await someone_asks(on)
        await on.simulation.advance(berlin("2026-03-02 09:30"))
        assert len(posted(on)) == 1
    async with stage(plan(DAILY, start="2026-03-02 09:31"), tmp_path / "a.db", journal=journal) as on:
        on.town.channel("team", internal=True)
        await on.simulation.advance(berlin("2026-03-02 12:00"))
        assert len(posted(on)) == 1


async def test_after_days_without_running_one_digest_catches_up(tmp_path: Path) -> None:
    async with stage(plan(DAILY), tmp_path / "a.db") as on:
        await someone_asks(on)
    async with stage(plan(DAILY, start="2026-03-05 14:00"), tmp_path / "a.db") as on:
        on.town.channel("team", internal=True)
        await on.simulation.advance(berlin("2026-03-06 12:00"))
        assert [line[:9] for line in posted(on)] == ["Thu 14:00", "Fri 09:00"]


async def test_a_claim_that_ran_out_is_waiting_again_for_everybody_who_looks(tmp_path: Path) -> None:
    async with stage(plan(DAILY), tmp_path / "a.db") as on:
        on.town.channel("help")
        on.town.channel("team", internal=True)
        ana = on.town.member("ana")
        asked = await on.town.customer("dana").says("help", "Hello, can you tell me where my container is?")
        await ana.reacts(asked, "eyes")
        waiting = await on.simulation.platforms["local"].command("ana", Role.MEMBER, "waiting")
        assert "Nobody is waiting" in waiting.fallback
        await on.simulation.advance(berlin("2026-03-03 09:00"))
        assert posted(on)[-1] == "Tue 09:00 1 customer is waiting, the longest for 1 day 1 h"
        waiting = await on.simulation.platforms["local"].command("ana", Role.MEMBER, "waiting")
        assert "1 customer is waiting" in waiting.fallback


async def test_digest_now_is_the_digest(tmp_path: Path) -> None:
    rules = ChannelRules(steps=(Step(after=30 * 60, to="duty"),))
    async with stage(plan(DAILY, rules=rules, budget=0), tmp_path / "a.db") as on:
        await someone_asks(on)
        await on.simulation.advance(berlin("2026-03-02 08:05"))
        await on.town.customer("omar").says("help", "Hello, can you tell me where mine is?")
        await on.simulation.advance(berlin("2026-03-02 09:00"))
        (posted_digest,) = [post for post in on.town.posts if post.at == berlin("2026-03-02 09:00")]
        assert posted_digest.view is not None
        assert "For 2 of these no reminder went out" in str(posted_digest.view.nodes), "the settings want none"
        asked = await on.simulation.platforms["local"].command("ana", Role.MEMBER, "digest now")
        assert (asked.nodes, asked.fallback) == (posted_digest.view.nodes, posted_digest.view.fallback)
