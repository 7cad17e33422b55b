"""What counts against a member's budget: each notification of them, of whatever kind, and nothing twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.hours import ALWAYS, Hours, WorkingSpan, weekly
from bot.domain.notifications import APART, Unavailable
from bot.domain.people import Team
from bot.domain.preferences import OwnSwitch
from bot.domain.rules import ChannelRules, Step
from bot.domain.writes import AddNotice, NoticeSubject, SaveExchange, SetReminder
from bot.errors import RetryLater
from bot.waits.availability import QuietRules
from tests.runtime.simulated import CHANNEL, TEAM_CHANNEL, Delivered, House, a_house, posted, wait_id
from tests.waits.world import DAY, HOUR, MINUTE, NINE

OFFICE = Hours(zone=ZoneInfo("UTC"), week=weekly(range(5), [WorkingSpan(opens=9 * 60, closes=17 * 60)]))
ONE_STEP = ChannelRules(steps=(Step(after=10 * MINUTE, to="owner"),))


def told(house: House, member: str) -> list[Delivered]:
    """The messages that notified a member."""
    posts = house.courier.posts.values()
    return [post for post in posts if member in post.view.addressed or post.address.id == member]


async def test_rungs_questions_promises_and_tips_of_a_week_stay_within_the_budget_together(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", quiet=QuietRules(hours_of=lambda _: OFFICE, budget=3)) as house:
        house.wants_dm |= {"ana"}
        for day in range(5):
            nine = NINE + day * DAY
            for number, (after, who, text) in enumerate(
                [
                    (0, f"dana{day}", "Ana, where is it?"),
                    (20, f"omar{day}", "Ana, and mine?"),
                    (25, "ana", "promise"),  # an hour from now, which breaks
                    (90, f"pia{day}", "Ana, hello?"),
                    (95, "ana", "perhaps"),  # she is asked whether that was the answer
                    (150, f"zoe{day}", "Ana, and me?"),
                    (240, f"kim{day}", "Ana, anybody?"),
                ]
            ):
                at = nine + after * MINUTE + number
                await house.drain(at)
                await house.happen(posted(who, text, at))
            for hour in (3, 6):
                tip = AddNotice(kind="tip", key=f"tip {day} {hour}", due_at=nine + hour * HOUR, person="ana")
                await house.store.transact(lambda tx, tip=tip: tx.save([tip]))  # type: ignore[misc]
        await house.drain(NINE + 5 * DAY)
        kinds = Counter("tip" if post.keys[0].startswith("tip") else "reminder" for post in told(house, "ana"))
        assert set(kinds) == {"tip", "reminder"}
        for member in ("ana", "ben", "mia"):
            instants = [post.at for post in told(house, member)]
            days = Counter(datetime.fromtimestamp(at, UTC).date() for at in instants)
            assert max(days.values()) == 3, f"{member}: {days}"
            assert all(later - at >= APART for at, later in pairwise(instants)), member


async def test_what_one_member_is_to_hear_within_ten_minutes_is_one_message_and_one_notification(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP, quiet=QuietRules(hours_of=lambda _: ALWAYS, budget=2)) as house:
        for number in range(4):
            at = NINE + number * 150
            await house.happen(posted(f"c{number}", "Ana, where is it?", at))
        await house.drain(NINE + HOUR)
        assert [(post.at - NINE, len(post.keys)) for post in told(house, "ana")] == [(600, 1), (1200, 3)]
        await house.happen(posted("omar", "Ana, and mine?", NINE + HOUR))
        await house.drain(NINE + 2 * HOUR)
        assert len(told(house, "ana")) == 2 and len(told(house, "ben")) == 1, "two of two: a colleague is asked"


async def test_where_days_are_short_newcomers_and_who_has_waited_longest_are_asked_about_first(tmp_path: Path) -> None:
    """Ben has room for one more. Pia's reminder, for him alone, fell due first; Omar is new and has waited longer."""
    rules = ChannelRules(steps=(Step(after=10 * MINUTE, to="owner"), Step(after=20 * MINUTE, to="duty")))
    async with a_house(tmp_path / "a.db", rules=rules, quiet=QuietRules(hours_of=lambda _: ALWAYS, budget=1)) as house:
        house.engine.team = replace(house.engine.team, duty=("ben", "mia"))
        knows = SaveExchange(channel=CHANNEL, member="ben", customer="pia", strength=1.0, at=NINE - DAY)
        await house.store.transact(lambda tx: tx.save([knows]))
        await house.happen(posted("omar", "Ana, where is it?", NINE))
        await house.drain(NINE + 10 * MINUTE)
        await house.happen(posted("pia", "Ben, and mine?", NINE + 9 * MINUTE + 30))
        await house.step(NINE + 20 * MINUTE)
        asked = {post.view.fallback: post.view.addressed for post in list(house.courier.posts.values())[1:]}
        assert asked == {"omar": ("ben", "mia"), "pia": ()}, "everybody's day is full now: the team is asked about hers"


async def test_who_is_told_nothing_more_gets_no_tip_either_and_a_full_day_puts_it_off(tmp_path: Path) -> None:
    switches = {"mia": OwnSwitch(wanted=frozenset({"reminders"}))}
    quiet = QuietRules(hours_of=lambda _: ALWAYS, budget=1, switch_of=lambda member: switches.get(member, OwnSwitch()))
    async with a_house(tmp_path / "a.db", rules=ONE_STEP, quiet=quiet) as house:
        house.quiet = quiet
        house.replace_loop(house.sender)
        house.wants_dm |= {"ana", "mia"}
        await house.happen(posted("dana", "Ana, where is it?"))
        tips = [AddNotice(kind="tip", key=name, due_at=NINE + HOUR, person=name) for name in ("ana", "mia")]
        await house.store.transact(lambda tx: tx.save(tips))
        await house.drain(NINE + 2 * HOUR)
        assert len(told(house, "ana")) == 1 and told(house, "mia") == []
        await house.drain(NINE + DAY)
        assert [post.at for post in told(house, "ana")][1:] == [NINE + 15 * HOUR], "the next day"
        assert told(house, "mia") == []


async def test_a_digest_mentions_whom_a_wait_is_left_with_for_free_and_once_a_day(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP, quiet=QuietRules(hours_of=lambda _: ALWAYS, budget=3)) as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        slots = [NINE + day * DAY + hour * HOUR for day in range(9) for hour in (1, 5)]
        digests = [AddNotice(kind="digest", key=str(at), due_at=at, subject=NoticeSubject.DAY) for at in slots]
        await house.store.transact(lambda tx: tx.save(digests))
        await house.drain(NINE + 9 * DAY)
        found = await house.store.read(lambda tx: tx.appeals(wait_id()))
        assert [(one.person, one.decides, one.at - NINE) for one in found] == [
            *(("ana", False, day * DAY + HOUR) for day in range(5)),
            ("mia", True, 5 * DAY + HOUR),
        ]
        assert len(await house.store.read(lambda tx: tx.notified("ana", NINE))) == 1, "the reminder alone"
        assert house.courier.posts["post-1"].address == TEAM_CHANNEL


async def test_why_a_rung_went_elsewhere_is_kept_with_it(tmp_path: Path) -> None:
    gone = replace(OFFICE, away=((NINE + MINUTE, NINE + 2 * DAY),))
    quiet = QuietRules(hours_of=lambda member: gone if member == "ana" else OFFICE, budget=3)
    async with a_house(tmp_path / "a.db", rules=ONE_STEP, quiet=quiet) as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        wait = await house.wait(wait_id())
        assert wait is not None
        await house.drain(NINE + HOUR)
        (sent,) = await house.store.read(lambda tx: tx.sent_reminders(wait_id()))
        assert sent.to == ("ben",)
        assert [(one.member, one.why, one.until) for one in sent.asking.passed] == [("ana", Unavailable.AWAY, NINE + 2 * DAY)]


async def test_what_a_pause_held_back_comes_at_its_end_as_one_message_for_each(tmp_path: Path) -> None:
    until = NINE + 4 * HOUR
    quiet = QuietRules(hours_of=lambda _: ALWAYS, budget=3, paused=lambda _, now: until if now < until else None)
    async with a_house(tmp_path / "a.db", rules=ONE_STEP, quiet=quiet) as house:
        house.quiet = quiet
        house.replace_loop(house.sender)
        for number in range(4):
            await house.happen(posted(f"c{number}", "Ana, where is it?", NINE + number * 20 * MINUTE))
            await house.drain(NINE + number * 20 * MINUTE)
        await house.drain(until - 1)
        assert house.courier.posts == {}
        await house.drain(until)
        assert [(post.at, len(post.keys)) for post in told(house, "ana")] == [(until, 4)]


async def test_a_direct_message_that_was_given_up_and_may_have_arrived_counts(tmp_path: Path) -> None:
    quiet = QuietRules(hours_of=lambda _: ALWAYS, budget=1)
    async with a_house(tmp_path / "a.db", rules=ONE_STEP, quiet=quiet) as house:
        house.wants_dm |= {"ana"}
        await house.happen(posted("dana", "Ana, where is it?"))
        house.courier.swallowed = [RetryLater("connection lost", after=0)]
        await house.drain(NINE + 11 * MINUTE)
        assert len(told(house, "ana")) == 1 and len(await house.store.read(lambda tx: tx.dead(9))) == 1
        await house.happen(posted("omar", "Ana, and mine?", NINE + HOUR))
        await house.drain(NINE + 2 * HOUR)
        assert len(told(house, "ana")) == 1, "one of one"


def a_digest(at: float) -> AddNotice:
    return AddNotice(kind="digest", key=f"digest {at:.0f}", due_at=at, subject=NoticeSubject.DAY)


async def test_a_digest_that_mentions_somebody_and_a_reminder_of_them_keep_ten_minutes(tmp_path: Path) -> None:
    """At nine the digest mentions Ana about Dana, and Omar's reminder is due."""
    async with a_house(tmp_path / "a.db", rules=ONE_STEP, quiet=QuietRules(hours_of=lambda _: OFFICE, budget=3)) as house:
        await house.happen(posted("dana", "Ana, where is it?", NINE))
        await house.store.transact(lambda tx: tx.save([a_digest(NINE + day * DAY) for day in (1,)]))
        await house.drain(NINE + HOUR)
        await house.happen(posted("omar", "Ana, and mine?", NINE + 10 * HOUR))
        await house.drain(NINE + DAY + HOUR)
        assert [post.at - NINE - DAY for post in told(house, "ana")][1:] == [10 * MINUTE]
        mentions = await house.store.read(lambda tx: tx.appeals(wait_id()))
        assert [one.at - NINE for one in mentions] == [DAY]


async def test_who_begins_after_every_digest_is_reminded_when_they_begin(tmp_path: Path) -> None:
    noon = Hours(zone=ZoneInfo("UTC"), week=weekly(range(5), [WorkingSpan(opens=12 * 60, closes=20 * 60)]))
    async with a_house(tmp_path / "a.db", rules=ONE_STEP, quiet=QuietRules(hours_of=lambda _: noon, budget=3)) as house:
        house.engine.team = Team(members=frozenset({"ana"}))
        await house.happen(posted("dana", "Ana, where is it?", NINE + 4 * HOUR))
        await house.store.transact(lambda tx: tx.save([a_digest(NINE + day * DAY) for day in range(1, 12)]))
        await house.drain(NINE + 12 * DAY)
        instants = [post.at - NINE for post in told(house, "ana")]
        assert instants[0] == 4 * HOUR + 10 * MINUTE
        assert instants[1:] == [day * DAY + 3 * HOUR for day in (1, 2, 3, 4, 7, 8)], "five times, and once to decide"


async def test_who_was_told_something_a_moment_ago_isnt_mentioned_by_a_digest(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP, quiet=QuietRules(hours_of=lambda _: ALWAYS, budget=3)) as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        await house.store.transact(lambda tx: tx.save([a_digest(NINE + at * MINUTE) for at in (62, 75)]))
        await house.drain(NINE + 50 * MINUTE)
        await house.happen(posted("omar", "Ana, and mine?", NINE + 50 * MINUTE))
        await house.drain(NINE + 2 * HOUR)
        mentions = await house.store.read(lambda tx: tx.appeals(wait_id()))
        assert [(one.person, one.at - NINE) for one in mentions] == [("ana", 75 * MINUTE)]


async def test_a_rung_that_comes_again_though_it_has_just_left_asks_nobody_else(tmp_path: Path) -> None:
    """As it does where somebody undoes a snooze: Ana was asked a minute ago, which filled her day."""
    async with a_house(tmp_path / "a.db", rules=ONE_STEP, quiet=QuietRules(hours_of=lambda _: ALWAYS, budget=1)) as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        await house.drain(NINE + 11 * MINUTE)
        again = SetReminder(wait=wait_id(), step=0, to="owner", due_at=NINE + 11 * MINUTE)
        await house.engine.transact(house.store, lambda tx: house.engine.apply(tx, CHANNEL, (again,)))
        await house.drain(NINE + 14 * MINUTE)
        assert [post.view.addressed for post in house.courier.posts.values()] == [("ana",)]
