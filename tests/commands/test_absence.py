"""Being back, whatever said that one is away."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.absences import SaidHere
from bot.domain.preferences import Choices, EndAway, SetAway, SetHere
from tests.commands.test_commands import ask, words
from tests.queries.stored import OFFICE, TEN
from tests.waits.world import DAY, HOUR, NINE

STATUS = replace(OFFICE, away=((NINE, NINE + DAY),))


def test_being_back_ends_what_a_status_says_and_says_so() -> None:
    given = ask("back", hours=STATUS)
    assert given.choices == (SetHere(member="ana", here=SaidHere(since=TEN, until=NINE + DAY), by="ana", at=TEN),)
    said = words(given.view)
    assert "Welcome back" in said and "Your status or do-not-disturb says otherwise until" in said and "counts no more" in said
    told = words(ask("back @ana", "mia", hours=STATUS).view)
    assert "Ana  counts as here again" in told and "Their status" in told


def test_both_what_was_said_and_what_is_told_end_at_once() -> None:
    gone = Choices(away={"ana": ((NINE, NINE + 2 * DAY),)})
    given = ask("back", hours=STATUS, choices=gone)
    assert [type(choice) for choice in given.choices] == [EndAway, SetHere]


def test_who_said_that_they_are_back_isn_t_away_until_then() -> None:
    here = Choices(here={"ana": SaidHere(since=TEN - HOUR, until=NINE + DAY)})
    given = ask("back", hours=STATUS, choices=here)
    assert not given.choices and "aren't away" in words(given.view)


def test_away_without_a_time_tells_what_says_so() -> None:
    assert "as your status or do-not-disturb says" in words(ask("away", hours=STATUS).view)
    later = replace(OFFICE, away=((NINE + DAY, NINE + 2 * DAY),))
    planned = ask("back", hours=later)
    assert not planned.choices and "here now, and away from" in words(planned.view) and "once it has begun" in words(planned.view)


VACATION = Choices(away={"ana": ((NINE + 7 * DAY, NINE + 18 * DAY),)})


def test_a_short_absence_inside_a_long_one_drops_nothing() -> None:
    given = ask("away 11 march afternoon", choices=VACATION)
    assert not given.choices and "already; that stays" in words(given.view)
    gone = Choices(away={"ana": ((NINE, NINE + 10 * DAY),)})
    given = ask("away this afternoon", choices=gone)
    assert not given.choices and "already; that stays" in words(given.view)


def test_a_part_of_the_same_day_said_again_corrects_it() -> None:
    afternoon = (NINE + 3 * HOUR, NINE + 8 * HOUR)
    given = ask("away from 2pm", choices=Choices(away={"ana": (afternoon,)}))
    assert len(given.choices) == 2 and "already" not in words(given.view), "the longer one goes, the new one comes"


def test_what_runs_is_made_shorter_by_what_is_said_of_now_and_says_so() -> None:
    gone = Choices(away={"ana": ((NINE, NINE + 10 * DAY),)})
    given = ask("away 2h", choices=gone)
    assert given.choices == (SetAway(member="ana", since=NINE, until=TEN + 2 * HOUR, by="ana", at=TEN),)
    assert "Before, it was until" in words(given.view)


def test_absences_that_touch_are_one() -> None:
    planned = Choices(away={"ana": ((TEN + 2 * HOUR, NINE + 2 * DAY),)})
    given = ask("away 2h", choices=planned)
    assert given.choices == (
        EndAway(member="ana", since=TEN + 2 * HOUR, at=TEN + 2 * HOUR),
        SetAway(member="ana", since=TEN, until=NINE + 2 * DAY, by="ana", at=TEN),
    )
    assert "together with what was said before" in words(given.view)


def test_what_something_else_says_of_longer_is_told() -> None:
    assert "Your status or do-not-disturb that it lasts until" in words(ask("away 2h", hours=STATUS).view).replace(" says", "")
    follows = replace(OFFICE, away=((TEN + HOUR, NINE + DAY),))
    gone = Choices(away={"ana": ((NINE, TEN + HOUR),)})
    assert "away until" in words(ask("away", hours=follows, choices=gone).view)
    assert "Away again from" in words(ask("back", hours=follows, choices=gone).view)
