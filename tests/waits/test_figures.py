"""Figures over waits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.waits import Reply, ReplyKind, Wait, WaitState
from bot.waits.figures import Figures, percentile, promises_of
from bot.wording.answers import OwnFigures, own_stats, team_stats
from tests.waits.world import HOUR, NINE


def a_wait(
    number: int, *replies: tuple[ReplyKind, float], customer: str = "dana", state: WaitState = WaitState.WAITING, **more: object
) -> Wait:
    ended = max((after for _, after in replies), default=0.0) if state is not WaitState.WAITING else None
    return Wait(
        id=f"c/{number}", channel="c", customer=customer, thread=None, messages=(str(number),), opened_at=NINE,
        last_message_at=NINE,        state=state, ended_at=None if ended is None else NINE + ended,
        replies=tuple(
            Reply(message=f"{number}.{i}", by="ana", at=NINE + after, kind=kind) for i, (kind, after) in enumerate(replies)
        ),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def counted(*waits: Wait) -> Figures:
    figures = Figures(end=NINE + 10 * HOUR)
    for wait in waits:
        figures.add(wait)
    return figures


def test_every_wait_is_counted_under_exactly_one_outcome() -> None:
    figures = counted(
        a_wait(1, (ReplyKind.PERSONAL, 60), state=WaitState.ANSWERED),
        a_wait(2, (ReplyKind.HOLDING, 60), (ReplyKind.PERSONAL, 300), state=WaitState.ANSWERED),
        a_wait(3, (ReplyKind.REDIRECT, 60)),
        a_wait(4, (ReplyKind.PROMISE, 60)),
        a_wait(5, automatic_replies=1),
        a_wait(6),
        a_wait(7, state=WaitState.RESOLVED),
        a_wait(8, state=WaitState.ANSWERED, marked_by="ana"),
        a_wait(9, (ReplyKind.PERSONAL, 60), state=WaitState.HELPED),
        a_wait(10, state=WaitState.WITHDRAWN),
        a_wait(11, state=WaitState.DISMISSED),
    )
    assert (figures.personally, figures.redirected, figures.held, figures.automatic_only) == (2, 1, 1, 1)
    assert (figures.unanswered, figures.resolved, figures.marked, figures.helped) == (1, 1, 1, 1)
    assert (figures.withdrawn, figures.dismissed, figures.waits) == (1, 1, 11)


def test_first_reply_and_first_personal_reply_are_two_clocks() -> None:
    figures = counted(a_wait(1, (ReplyKind.HOLDING, 60), (ReplyKind.PERSONAL, 300), state=WaitState.ANSWERED))
    assert list(figures.first) == [60] and list(figures.personal) == [300]


def test_who_was_never_answered_is_counted_per_customer() -> None:
    figures = counted(a_wait(1), a_wait(2), a_wait(3, customer="omar", automatic_replies=2))
    assert figures.never == {"dana": 2, "omar": 1}


def test_the_longest_waits_come_first_and_open_ones_count_until_the_end() -> None:
    waits = [a_wait(n, (ReplyKind.PERSONAL, n * 60.0), state=WaitState.ANSWERED) for n in range(1, 9)]
    longest = counted(*waits, a_wait(9)).longest()
    assert [wait.id for _, wait in longest] == ["c/9", "c/8", "c/7", "c/6", "c/5"]
    assert longest[0][0] == 10 * HOUR


def test_reminders_are_counted_per_person_and_for_the_team() -> None:
    figures = counted()
    figures.add_reminder(("ana", "ben"), NINE)
    figures.add_reminder((), NINE)
    figures.add_reminder(("ana",), NINE + 30 * HOUR)
    assert figures.reminders == 3 and figures.reminded == {"ana": 2, "ben": 1, "": 1}
    assert figures.busiest_day("ana") == 1 and figures.busiest_day("mia") == 0


def test_what_leaves_together_is_one_notification_of_a_busy_day() -> None:
    figures = counted()
    for at in (NINE, NINE, NINE + 300.0, NINE + HOUR):
        figures.add_reminder(("ana",), at)
    assert figures.reminded == {"ana": 4}
    assert figures.busiest_day("ana") == 2


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.5, None),
        ([7.0], 0.9, 7.0),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([float(n) for n in range(1, 11)], 0.9, 9.0),
        ([1.0, 2.0], 0.5, 1.0),
    ],
)
def test_percentiles_are_values_that_occurred(values: list[float], share: float, expected: float | None) -> None:
    assert percentile(values, share) == expected


def test_near_copies_show_in_ones_own_figures_alone() -> None:
    own = own_stats(OwnFigures(days=7, customers=2, replies=5, canned=2))
    assert "near-copies" in repr(own)
    assert "near-copies" not in repr(own_stats(OwnFigures(days=7, customers=2, replies=5)))
    assert "near-copies" not in repr(team_stats(Figures(end=0.0, waits=5, personally=5), days=7))


def test_promises_are_kept_by_an_answer_of_anybody_until_they_are_due() -> None:
    def told(*replies: Reply, **changes: object) -> list[bool]:
        return promises_of(replace(a_wait(1), replies=replies, **changes), NINE + 9 * HOUR)  # type: ignore[arg-type]

    def promise(at: float, until: float | None, by: str = "ana") -> Reply:
        due = None if until is None else NINE + until * HOUR
        return Reply(message=f"p{at}", by=by, at=NINE + at * HOUR, kind=ReplyKind.PROMISE, until=due)

    def answer(at: float) -> Reply:
        return Reply(message=f"a{at}", by="ben", at=NINE + at * HOUR, kind=ReplyKind.PERSONAL)

    over = {"state": WaitState.ANSWERED}
    assert told(promise(1, 4), answer(3), ended_at=NINE + 3 * HOUR, **over) == [True]
    assert told(promise(1, 4), answer(5), ended_at=NINE + 5 * HOUR, **over) == [False]
    assert told(promise(1, 4)) == [False] and told(promise(1, 12)) == [], "it isn't due yet"
    assert told(promise(1, 4), promise(3, 6), answer(5), ended_at=NINE + 5 * HOUR, **over) == [True], "put off in time"
    assert told(promise(1, 4), promise(5, 7), answer(6), ended_at=NINE + 6 * HOUR, **over) == [False, True]
    assert told(promise(1, 4), state=WaitState.RESOLVED, ended_at=NINE + 2 * HOUR) == [], "nobody needed it any more"
    assert told(promise(1, 4), marked_by="ana", ended_at=NINE + 2 * HOUR, **over) == [True]
    assert told(promise(1, None)) == [], "from before the time was kept"
    assert "promises kept in time" in repr(team_stats(Figures(end=0.0, waits=5, promises=6, promises_kept=5), days=7))
