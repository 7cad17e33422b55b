"""When somebody is away, whatever says so, and what saying that they are here ends of it."""

from __future__ import annotations

import pytest

from bot.domain.absences import SaidHere, absence_at, known_absences, next_absence

HERE = SaidHere(since=15.0, until=20.0)


def spans(**told: list[tuple[float, float]]) -> list[tuple[float, float]]:
    found = known_absences(told.get("said", []), told.get("calendar", []), told.get("platform", []), HERE)
    return [(one.since, one.until) for one in found]


@pytest.mark.parametrize(
    ("calendar", "left"),
    [
        ([(10.0, 20.0)], [(10.0, 15.0)]),
        ([(10.0, 30.0)], [(10.0, 15.0), (20.0, 30.0)]),  # it was made longer since
        ([(17.0, 19.0)], [(17.0, 19.0)]),  # a later entry counts again
        ([(17.0, 40.0)], [(17.0, 40.0)]),
        ([(1.0, 9.0), (20.0, 21.0)], [(1.0, 9.0), (20.0, 21.0)]),
    ],
)
def test_what_ran_is_ended_and_nothing_else(calendar: list[tuple[float, float]], left: list[tuple[float, float]]) -> None:
    assert spans(calendar=calendar) == left


def test_a_status_that_is_looked_at_again_is_the_same_one() -> None:
    assert spans(platform=[(16.0, 26.0)]) == [(20.0, 26.0)], "one without an end lasts a day from each look"
    assert spans(platform=[(16.0, 18.0)]) == [(16.0, 18.0)], "do not disturb, set since"


def test_what_was_said_in_chat_is_never_cut() -> None:
    assert spans(said=[(10.0, 20.0)]) == [(10.0, 20.0)]


def test_of_several_that_run_the_longest_tells() -> None:
    found = known_absences([(1.0, 5.0)], [(2.0, 9.0)], [(7.0, 8.0)], None)
    running = absence_at(found, 3.0)
    assert running is not None and (running.until, running.source) == (9.0, "calendar")
    assert absence_at(found, 9.0) is None
    ahead = next_absence(found, 6.0)
    assert ahead is not None and ahead.source == "platform"


def test_what_was_ended_stays_ended_when_that_is_said_again() -> None:
    first = SaidHere(since=1.0, until=96.0)
    again = first.again(now=52.0, until=56.0)
    told = [(0.0, 96.0), (51.0, 56.0)]
    found = [(one.since, one.until) for one in known_absences([], told, [], again)]
    assert found == [(0.0, 1.0), (51.0, 52.0)]
    assert again.over_at == 96.0 and again.again(now=97.0, until=99.0).earlier == (), "what is over is forgotten"


def test_absences_that_follow_one_another_are_told_as_one() -> None:
    found = known_absences([(1.0, 5.0)], [(5.0, 9.0)], [(12.0, 14.0)], None)
    running, ahead = absence_at(found, 3.0), next_absence(found, 0.0)
    assert running is not None and (running.until, running.source) == (9.0, "calendar")
    assert ahead is not None and (ahead.since, ahead.until) == (1.0, 9.0)
