"""Who is on duty, as it is said in chat."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.duty import DutyPlan, Rotation, SaidOnDuty
from bot.domain.hours import Hours
from bot.domain.preferences import Choices, SetDuty
from bot.domain.refusal import Refusal
from bot.domain.views import View
from tests.commands.test_commands import Given, ask, words
from tests.queries.stored import OFFICE, TEN
from tests.waits.world import DAY, HOUR


def one_line(view: View) -> str:
    return " ".join(words(view).replace(" .", ".").split())


def plan_of(given: Given) -> DutyPlan | None:
    assert not isinstance(given, Refusal)
    (choice,) = given.choices
    assert isinstance(choice, SetDuty)
    return choice.plan


@pytest.mark.parametrize(
    ("line", "members", "until"),
    [
        ("duty @ana", ("ana",), None),
        ("duty ana", ("ana",), None),
        ("duty me", ("mia",), None),
        ("duty @ana @ben", ("ana", "ben"), None),
        ("duty ana and ben until 3pm", ("ana", "ben"), TEN + 5 * HOUR),
        ("duty @ana, @ben 2h", ("ana", "ben"), TEN + 2 * HOUR),
        ("duty @ana until tomorrow 9:00", ("ana",), TEN + DAY - HOUR),
    ],
)
def test_members_are_put_on_duty(line: str, members: tuple[str, ...], until: float | None) -> None:
    plan = plan_of(ask(line, "mia"))
    assert plan == DutyPlan(said=SaidOnDuty(members=members, since=TEN, until=until))


@pytest.mark.parametrize(
    ("line", "weekdays", "minute"),
    [
        ("duty rotate @ana @ben, mondays 9:00", (0,), 9 * 60),
        ("duty rotate ana, ben every friday at 14:30", (4,), 14 * 60 + 30),
        ("duty rotate @ana @ben", (0,), 9 * 60),
        ("duty turns @ana and @ben weekly on wednesday 8:00", (2,), 8 * 60),
        ("duty rotate @ana @ben, mondays and thursdays 9:00", (0, 3), 9 * 60),
        ("duty rotate @ana @ben mon, thu", (0, 3), 9 * 60),
        ("duty rotate ana ben mon+thu 17:30", (0, 3), 17 * 60 + 30),
        ("duty rotate @ana & @ben, tue/fri at noon", (1, 4), 12 * 60),
        ("duty rotate @ana @ben, mon-wed 8am", (0, 1, 2), 8 * 60),
        ("duty rotate @ana @ben, every weekday 7:00", (0, 1, 2, 3, 4), 7 * 60),
        ("duty rotate @ana @ben every day at 9", tuple(range(7)), 9 * 60),
        ("duty rotate @ana, @ben, daily 18:00", tuple(range(7)), 18 * 60),
        ("duty rotate @ana @ben, weekends 10:00", (5, 6), 10 * 60),
        ("duty rotate @ana @ben, thurs 9:00 and mon", (0, 3), 9 * 60),
        ("duty rotate @ana @ben, montag 9 Uhr", (0,), 9 * 60),
    ],
)
def test_members_take_turns(line: str, weekdays: tuple[int, ...], minute: int) -> None:
    plan = plan_of(ask(line, "mia"))
    assert plan is not None and isinstance(plan.rotation, Rotation)
    turns = plan.rotation
    assert (turns.members, turns.weekdays, turns.minute, turns.since) == (("ana", "ben"), weekdays, minute, TEN)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("duty @zoe", "Nobody on the team"),
        ("duty @ana @zoe", "Nobody on the team"),
        ("duty rotate @ana", "two members"),
        ("duty rotate @ana @ben, when it suits", "When do turns change?"),
        ("duty rotate @ana @ben, every second monday", "each week the same"),
        ("duty rotate @ana @ben, monthly", "each week the same"),
        ("duty rotate @ana @ben, every other week", "each week the same"),
        ("duty rotate @ana @ben, 9:00", "On which days do turns change"),
        ("duty rotate @ana @ben, friday 25:00", "When do turns change?"),
        ("duty @ana until whenever", "don't understand"),
        ("duty rotate", "Who is to be on duty?"),
    ],
)
def test_what_isn_t_understood_changes_nothing(line: str, says: str) -> None:
    given = ask(line, "mia")
    assert says in words(given.view) and given.choices == ()


def test_only_leads_say_who_is_on_duty_and_everybody_asks() -> None:
    refused = ask("duty @ben", "ana")
    assert "Only leads" in words(refused.view) and refused.choices == ()
    assert "on duty" in words(ask("duty", "ana").view)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("duty rotate @ana @ben, mon, thu 9:00", "take turns on duty, changing Mondays and Thursdays 09:00:"),
        ("duty rotate @ana @ben, daily 9:00", "changing every day 09:00:"),
        ("duty rotate @ana @ben, weekdays 9:00", "changing Monday to Friday 09:00:"),
        ("duty rotate @ana @ben, mondays 9:00", "a week each, changing Mondays 09:00:"),
    ],
)
def test_the_answer_repeats_on_which_days(line: str, says: str) -> None:
    assert says in words(ask(line, "mia").view)


def test_a_time_that_the_clock_skips_next_is_kept_as_it_was_said() -> None:
    berlin = Hours(zone=ZoneInfo("Europe/Berlin"), week=OFFICE.week)
    before = datetime(2026, 3, 25, 12, tzinfo=UTC).timestamp()  # on Sunday, 29 March there is no 02:30
    plan = plan_of(ask("duty rotate @ana @ben, sunday 02:30", "mia", now=before, hours=berlin))
    assert plan is not None and plan.rotation is not None
    assert (plan.rotation.weekdays, plan.rotation.minute) == ((6,), 150)


VACATION = Choices(away={"ana": ((TEN - HOUR, TEN + 2 * DAY),)})


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("duty @ana", "instead, first who knows the customer: Ben or Mia."),
        ("duty @ana until friday", "Ana is away until"),
        ("duty @ana @ben", "until then Ben is asked, who is on duty, too."),
        ("duty rotate @ana @ben, mondays 9:00", "Ana is away until"),
    ],
)
def test_who_is_put_on_duty_and_away_is_named_and_who_is_asked_meanwhile(line: str, says: str) -> None:
    given = ask(line, "mia", choices=VACATION)
    assert given.choices and says in one_line(given.view)


def test_who_will_be_away_in_their_turn_is_named() -> None:
    later = Choices(away={"ben": ((TEN + 7 * DAY, TEN + 8 * DAY),)})
    assert "Ben is away from" in one_line(ask("duty rotate @ana @ben, mondays 9:00", "mia", choices=later).view)
    assert "away" not in one_line(ask("duty @ana until friday", "mia", choices=later).view)
    mine = Choices(away={"mia": ((TEN + DAY, TEN + 2 * DAY),)})
    assert "You are away from" in one_line(ask("duty me until friday", "mia", choices=mine).view)
