"""To whom somebody had better be introduced: who stopped asking, who knows only one of us; nobody who is well looked after."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.care import Care
from bot.domain.people import Role, Team
from bot.domain.waits import Reply, ReplyKind, Wait, WaitState
from bot.domain.writes import SaveExchange, SaveMessage, Write
from bot.queries.introductions import LOST, QUARTER, SILENT, introductions
from bot.queries.snapshot import Lookups
from bot.waits.acquaintance import after_exchange
from bot.wording.introductions import Introductions
from bot.wording.introductions import introductions as view
from tests.queries.stored import HELP, SALES, TEN, lookups, snapshot, transaction
from tests.queries.test_waits import a_wait
from tests.storage.samples import seen
from tests.waits.world import DAY, MINUTE


def asked(days_ago: float, *kinds: ReplyKind, **changes: object) -> Wait:
    """A question of Dana's, so long ago, with replies of these kinds."""
    wait = a_wait(-days_ago * DAY / MINUTE)
    replies = tuple(
        Reply(message=f"r{days_ago}{place}", by="ana", at=wait.opened_at + 60.0, kind=kind) for place, kind in enumerate(kinds)
    )
    return replace(wait, replies=replies, **changes)  # type: ignore[arg-type]


def found(waits: tuple[Wait, ...] = (), *writes: Write, known: Lookups | None = None) -> Introductions:
    return introductions(snapshot(transaction(waits, writes), TEN, known))


def exchanges(*days_ago: float, member: str = "ana", channel: str = HELP, customer: str = "dana") -> SaveExchange:
    """What so many exchanges come to, by the days since each, the oldest first."""
    known: tuple[float, float] | None = None
    for days in days_ago:
        at = TEN - days * DAY
        known = (after_exchange(known, at), at)
    assert known is not None
    return SaveExchange(channel=channel, member=member, customer=customer, strength=known[0], at=known[1])


def test_two_questions_that_nobody_answered_and_a_month_of_silence() -> None:
    stopped = found((asked(50), asked(40, ReplyKind.REDIRECT))).stopped
    assert [(one.customer, one.channel_name) for one in stopped] == [("dana", "help")]
    assert "Dana" in repr(view(Introductions(stopped=stopped))) or "dana" in repr(view(Introductions(stopped=stopped)))


@pytest.mark.parametrize(
    "waits",
    [
        (asked(40),),
        (asked(50), asked(20)),
        (asked(50), asked(40, ReplyKind.PERSONAL)),
        (asked(60), asked(50), asked(40, ReplyKind.CLARIFYING)),
        (asked(50), asked(40, state=WaitState.RESOLVED, ended_at=TEN)),
        (asked(LOST / DAY + 9), asked(LOST / DAY + 8)),
    ],
    ids=["once", "lately", "answered", "asked back", "solved it", "long gone"],
)
def test_who_asked_once_was_heard_or_is_about_didnt_stop_asking(waits: tuple[Wait, ...]) -> None:
    assert found(waits).stopped == ()


def test_who_still_writes_didnt_fall_silent() -> None:
    spoke = SaveMessage(channel=SALES, seen=seen("x", TEN - SILENT + DAY, author="dana", role=Role.CUSTOMER))
    assert found((asked(50), asked(40)), spoke).stopped == ()
    before = SaveMessage(channel=SALES, seen=seen("x", TEN - SILENT - DAY, author="dana", role=Role.CUSTOMER))
    assert len(found((asked(50), asked(40)), before).stopped) == 1


def test_who_knows_only_one_of_us_after_three_exchanges() -> None:
    (one,) = found((asked(3),), exchanges(80, 40, 3)).known
    assert (one.customer, one.member, one.channel_name) == ("dana", "ana", "help")
    assert found((), exchanges(2, 1)).known == (), "twice is no acquaintance yet"
    assert len(found((), exchanges(3, 2), exchanges(1, channel=SALES)).known) == 1, "wherever it was"
    assert found((), exchanges(5, 4, 3), exchanges(200, member="ben")).known == ()
    assert found((), exchanges(QUARTER / DAY + 3, QUARTER / DAY + 2, QUARTER / DAY + 1)).known == (), "not heard of since"


def test_whoever_left_the_team_knows_nobody_any_more() -> None:
    writes = (exchanges(5, 4, 3), exchanges(4, member="gone"))
    assert len(found((), *writes).known) == 1
    alone = replace(lookups(), team=lambda: Team(members=frozenset({"ana"})))
    assert found((), *writes, known=alone).known == (), "there is nobody to introduce"


def test_neither_is_looked_for_where_the_settings_leave_it_out() -> None:
    known = replace(lookups(), care=Care(introductions=False))
    assert found((asked(50), asked(40)), exchanges(5, 4, 3), known=known) == Introductions()


def test_no_figures_are_said() -> None:
    said = repr(view(found((asked(50), asked(40)), exchanges(5, 4, 3, customer="omar"))))
    assert "knows only" in said and not any(figure in said for figure in ("2.9", " 3 ", "exchanges"))
