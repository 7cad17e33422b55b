"""Who is on duty, as it is said in chat."""

from __future__ import annotations

import pytest

from bot.domain.duty import DutyPlan, Rotation, SaidOnDuty
from bot.domain.preferences import SetDuty
from bot.domain.refusal import Refusal
from tests.commands.test_commands import Given, ask, words
from tests.queries.stored import TEN
from tests.waits.world import DAY, HOUR


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
    ("line", "weekday", "minute"),
    [
        ("duty rotate @ana @ben, mondays 9:00", 0, 9 * 60),
        ("duty rotate ana, ben every friday at 14:30", 4, 14 * 60 + 30),
        ("duty rotate @ana @ben", 0, 9 * 60),
        ("duty turns @ana and @ben weekly on wednesday 8:00", 2, 8 * 60),
    ],
)
def test_members_take_turns(line: str, weekday: int, minute: int) -> None:
    plan = plan_of(ask(line, "mia"))
    assert plan is not None and isinstance(plan.rotation, Rotation)
    turns = plan.rotation
    assert (turns.members, turns.weekday, turns.minute, turns.since) == (("ana", "ben"), weekday, minute, TEN)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("duty @zoe", "Nobody on the team"),
        ("duty @ana @zoe", "Nobody on the team"),
        ("duty rotate @ana", "two members"),
        ("duty rotate @ana @ben, when it suits", "When do turns change?"),
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
