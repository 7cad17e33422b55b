"""Who is on duty when: settings, calendar, rotation, chat."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.durations import DAY
from bot.domain.duty import NO_PLAN, CalendarSpans, DutyPlan, MemberSpan, Rotation, SaidOnDuty, looked_at_again, on_duty
from bot.domain.people import Team

BERLIN = ZoneInfo("Europe/Berlin")
TEAM = Team(members=frozenset({"ana", "ben", "mia"}), duty=("mia",))
NOTHING = CalendarSpans()


def at(month: int, day: int, hour: int = 9) -> float:
    return datetime(2026, month, day, hour, tzinfo=BERLIN).timestamp()


WEEKS = Rotation(members=("ana", "ben"), weekdays=(0,), minute=9 * 60, zone="Europe/Berlin", since=at(3, 16))


def test_the_settings_say_who_is_on_duty_where_nothing_else_does() -> None:
    now = on_duty(TEAM, NO_PLAN, NOTHING, at(3, 16))
    assert (now.members, now.source, now.until) == (("mia",), "settings", None)
    assert looked_at_again(NO_PLAN, NOTHING, at(3, 16)) is None


def test_turns_change_by_the_clock_on_the_wall() -> None:
    plan = DutyPlan(rotation=WEEKS)
    first = on_duty(TEAM, plan, NOTHING, at(3, 16))
    assert (first.members, first.source, first.until) == (("ana",), "rotation", at(3, 23))
    assert on_duty(TEAM, plan, NOTHING, at(3, 23) - 1).members == ("ana",)
    # Clocks go forward on 29 March: the week is an hour shorter, the change still at nine.
    second = on_duty(TEAM, plan, NOTHING, at(3, 23))
    assert (second.members, second.until) == (("ben",), at(3, 30))
    assert on_duty(TEAM, plan, NOTHING, at(3, 30)).members == ("ana",)


def test_turns_change_on_several_days() -> None:
    turns = replace(WEEKS, members=("ana", "ben", "mia"), weekdays=(0, 3))
    on = [turns.on_duty(at(3, day)) for day in (16, 18, 19, 22, 23, 26, 30)]
    assert on == ["ana", "ana", "ben", "ben", "mia", "ana", "ben"]
    assert on_duty(TEAM, DutyPlan(rotation=turns), NOTHING, at(3, 17)).until == at(3, 19)
    begun_midweek = replace(turns, since=at(3, 20))
    assert [begun_midweek.on_duty(at(3, day)) for day in (21, 23, 26)] == ["ana", "ben", "mia"]


def test_turns_change_every_day() -> None:
    daily = replace(WEEKS, weekdays=tuple(range(7)))
    assert [daily.on_duty(at(3, day, 12)) for day in (16, 17, 18, 22, 23)] == ["ana", "ben", "ana", "ana", "ben"]


@pytest.mark.parametrize(
    ("zone", "skipped", "minute", "changes"),
    [
        # 29 March 2026, 02:00 to 03:00 in Berlin: the turn changes at 03:00, a week later at 02:30 again.
        ("Europe/Berlin", (2026, 3, 29), 150, ["22 02:30", "29 03:00", "05 02:30"]),
        # 4 November 2018, 00:00 to 01:00 in Sao Paulo.
        ("America/Sao_Paulo", (2018, 11, 4), 0, ["28 00:00", "04 01:00", "11 00:00"]),
        # 25 October 2026 in Berlin has 02:30 twice: the first one counts.
        ("Europe/Berlin", (2026, 10, 25), 150, ["18 02:30", "25 02:30", "01 02:30"]),
    ],
)
def test_a_time_that_the_clock_skips_comes_back(
    zone: str, skipped: tuple[int, int, int], minute: int, changes: list[str]
) -> None:
    there = ZoneInfo(zone)
    begins = datetime(*skipped, 12, tzinfo=there).timestamp() - 9 * DAY
    turns = Rotation(members=("ana", "ben"), weekdays=(6,), minute=minute, zone=zone, since=begins)
    found: list[str] = []
    now = begins
    for turn in range(3):
        number, _, now = turns.turn_at(now)
        assert number == turn
        found.append(f"{datetime.fromtimestamp(now, there):%d %H:%M}")
    assert found == changes


def test_before_its_first_turn_a_rotation_says_nothing() -> None:
    before = on_duty(TEAM, DutyPlan(rotation=WEEKS), NOTHING, at(3, 15))
    assert (before.members, before.source, before.until) == (("mia",), "settings", at(3, 16))


def test_a_turn_of_somebody_who_left_is_the_settings() -> None:
    left = Team(members=frozenset({"ana", "mia"}), duty=("mia",))
    plan = DutyPlan(rotation=WEEKS)
    assert on_duty(left, plan, NOTHING, at(3, 24)).source == "settings"
    assert on_duty(left, plan, NOTHING, at(3, 30)).members == ("ana",)


def test_what_was_said_in_chat_wins_over_turns_and_these_over_the_calendar() -> None:
    calendar = CalendarSpans(duty=(MemberSpan(member="mia", since=at(3, 1), until=at(4, 30)),))
    said = SaidOnDuty(members=("mia", "ben"), since=at(3, 17), until=at(3, 20, 18))
    plan = DutyPlan(said=said, rotation=WEEKS)
    now = on_duty(TEAM, plan, calendar, at(3, 18))
    assert (now.members, now.source, now.until) == (("mia", "ben"), "chat", at(3, 20, 18))
    assert on_duty(TEAM, plan, calendar, at(3, 20, 18)).source == "rotation"
    assert on_duty(TEAM, NO_PLAN, calendar, at(3, 18)).source == "calendar"


def test_shifts_in_a_calendar_overlap_and_end() -> None:
    calendar = CalendarSpans(
        duty=(
            MemberSpan(member="ana", since=at(3, 16), until=at(3, 18)),
            MemberSpan(member="ben", since=at(3, 17), until=at(3, 19)),
        )
    )
    assert on_duty(TEAM, NO_PLAN, calendar, at(3, 17, 12)).members == ("ana", "ben")
    assert on_duty(TEAM, NO_PLAN, calendar, at(3, 18)).members == ("ben",)
    last = on_duty(TEAM, NO_PLAN, calendar, at(3, 19))
    assert (last.members, last.source) == (("mia",), "settings")


def test_until_is_when_others_are_on_duty_not_when_the_same_go_on() -> None:
    said = DutyPlan(said=SaidOnDuty(members=("ana",), since=at(3, 16), until=at(3, 18)), rotation=WEEKS)
    assert on_duty(TEAM, said, NOTHING, at(3, 17)).until == at(3, 23)
