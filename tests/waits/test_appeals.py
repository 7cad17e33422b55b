"""After the last rung: whom digests mention about a wait, how often, and that a lead decides once."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.domain.hours import ALWAYS, Hours, WorkingSpan, weekly
from bot.domain.notifications import Appeal
from bot.domain.people import Team
from bot.domain.preferences import ORDINARY, OwnSwitch
from bot.domain.waits import Hold, HoldKind, Wait, WaitState
from bot.waits import appeals
from bot.waits.availability import AskingFacts, Availability, QuietRules
from tests.waits.test_availability import TEAM, WAIT
from tests.waits.world import DAY, HOUR, NINE

WEEKDAYS = Hours(zone=ZoneInfo("UTC"), week=weekly(range(5), [WorkingSpan(opens=9 * 60, closes=17 * 60)]))


def appeal(
    wait: Wait = WAIT,
    *,
    earlier: int = 0,
    decided: bool = False,
    team: Team = TEAM,
    switch: OwnSwitch = ORDINARY,
    hours: Hours = ALWAYS,
    now: float = NINE,
    told: str = "",
    most: int = 5,
) -> tuple[str, bool] | None:
    quiet = QuietRules(
        hours_of=lambda member: hours if member == "ana" else ALWAYS,
        switch_of=lambda member: switch if member == "ana" else ORDINARY,
        digest_mentions=most,
    )
    before = [Appeal(wait=wait.id, person="ana", at=NINE - day * DAY) for day in range(earlier, 0, -1)]
    if decided:
        before.append(Appeal(wait=wait.id, person="mia", at=NINE - DAY, decides=True))
    people = Availability(quiet=quiet, facts=AskingFacts(), now=now, kind="digests")
    found = appeals.appeal(wait, team, people, earlier=before, told_today=lambda member: member == told)
    return None if found is None else (found.person, found.decides)


def test_the_owner_is_named_five_times_then_the_lead_decides_once_and_it_stays_listed() -> None:
    assert [appeal(earlier=times) for times in range(6)] == [("ana", False)] * 5 + [("mia", True)]
    assert appeal(earlier=5, decided=True) is None
    assert appeal(earlier=2, most=2) == ("mia", True)
    assert appeal(most=0) is None, "the settings say: nobody is mentioned"


def test_who_isnt_there_or_doesnt_want_to_be_mentioned_isnt_and_the_next_is() -> None:
    assert appeal(switch=OwnSwitch(wanted=frozenset({"reminders", "tips"}))) == ("ben", False)
    assert appeal(switch=OwnSwitch(budget=0)) == ("ben", False)
    assert appeal(switch=OwnSwitch(muted_until=NINE + HOUR)) == ("ben", False)
    assert appeal(hours=replace(WEEKDAYS, away=((NINE - HOUR, NINE + DAY),))) == ("ben", False)
    assert appeal(hours=WEEKDAYS, now=NINE + 5 * DAY) == ("ben", False), "a Saturday"
    assert appeal(hours=WEEKDAYS, now=NINE - HOUR) == ("ana", False), "she begins within the hour"
    assert appeal(hours=WEEKDAYS, now=NINE - 2 * HOUR) == ("ben", False), "that is too early for her"
    assert appeal(hours=WEEKDAYS, now=NINE + 9 * HOUR) == ("ben", False), "she has gone home"
    assert appeal(replace(WAIT, not_me=("ana",))) == ("ben", False)
    assert appeal(replace(WAIT, owner=None)) == ("ben", False)
    assert appeal(replace(WAIT, owner=None), team=Team(members=TEAM.members)) == ("ana", False), "nobody's is anybody's"


def test_a_lead_decides_though_they_passed_it_on_and_at_once_where_everybody_did() -> None:
    assert appeal(replace(WAIT, not_me=("mia",)), earlier=5) == ("mia", True)
    assert appeal(replace(WAIT, not_me=tuple(TEAM.members))) == ("mia", True)
    assert appeal(earlier=5, team=Team(members=TEAM.members)) == ("ana", True), "where nobody leads everybody does"


def test_whom_no_digest_meets_is_reminded_when_they_begin_as_often_as_they_would_be_mentioned() -> None:
    noon = Hours(zone=ZoneInfo("UTC"), week=weekly(range(5), [WorkingSpan(opens=12 * 60, closes=20 * 60)]))
    alone = Team(members=frozenset({"ana"}))

    def opening(now: float = NINE, again: int = 0, team: Team = alone) -> float | None:
        people = Availability(quiet=QuietRules(hours_of=lambda _: noon), facts=AskingFacts(), now=now, kind="digests")
        return appeals.opening(WAIT, team, people, earlier=(), again=again)

    assert opening() == NINE + 3 * HOUR
    assert opening(NINE + 3 * HOUR) is None, "this one meets her"
    assert opening(NINE + 5 * DAY) is None, "a Saturday"
    assert [opening(again=times) is not None for times in (5, 6)] == [True, False], "five times, and once to decide"


def test_nobody_is_mentioned_twice_a_day_and_no_wait_either() -> None:
    assert appeal(told="ana") is None and appeal(told="ben") == ("ana", False)
    assert appeal(earlier=5, now=NINE - 20 * HOUR) is None, "the owner was mentioned today: the lead's turn is tomorrow"


@pytest.mark.parametrize(
    "wait",
    [
        replace(WAIT, probability=0.6),
        replace(WAIT, state=WaitState.ANSWERED),
        replace(WAIT, hold=Hold(kind=HoldKind.CLAIM, since=NINE, until=NINE + HOUR, by="ana")),
    ],
)
def test_of_a_doubtful_wait_or_one_that_is_over_or_held_nobody_is_mentioned(wait: Wait) -> None:
    assert appeal(wait) is None
