"""Nobody is notified of one wait twice within a rung's span, whatever made the rung come; but for what is news to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.outgoing import SentReminder
from bot.domain.people import Team
from bot.domain.rules import ChannelRules
from bot.domain.waits import Hold, HoldKind, Insistence, Reply, ReplyKind, Wait
from bot.waits.asked import holder_to_tell, not_lately
from tests.waits.test_ladder import a_wait
from tests.waits.world import HOUR, LADDER, NINE

MINUTE = 60.0
RULES = ChannelRules(steps=LADDER)
ASKED = NINE + 10 * MINUTE
"""When rung 0 left; rung 1 comes at two hours."""


def sent(to: tuple[str, ...] = ("ana",), at: float = ASKED, step: int = 0) -> SentReminder:
    return SentReminder(wait="c/1", step=step, at=at, to=to)


def may_ask(*to: str, wait: Wait, after: float, earlier: tuple[SentReminder, ...] = (sent(),)) -> tuple[str, ...] | None:
    return not_lately(wait, RULES, earlier, to, ASKED + after)


def test_who_was_asked_is_left_out_until_the_next_rungs_time() -> None:
    wait = a_wait()
    assert may_ask("ana", wait=wait, after=MINUTE) is None
    assert may_ask("ana", "ben", wait=wait, after=MINUTE) == ("ben",)
    assert may_ask("ana", wait=wait, after=90 * MINUTE) is None
    assert may_ask("ana", wait=wait, after=110 * MINUTE) == ("ana",), "the next rung comes on its time"
    assert may_ask("ana", wait=wait, after=109 * MINUTE) == ("ana",), "rung 0 left a minute late"
    assert may_ask(wait=wait, after=MINUTE) == (), "the team as a whole wasn't asked"
    assert may_ask(wait=wait, after=MINUTE, earlier=(sent(()),)) is None


def test_of_several_times_the_latest_counts() -> None:
    earlier = (sent(), sent(("ben",), ASKED + 3 * MINUTE), sent(("ana",), ASKED + 2 * HOUR, 1))
    assert may_ask("ana", "ben", wait=a_wait(), after=2 * HOUR + MINUTE, earlier=earlier) == ("ben",)


def held(kind: HoldKind, by: str = "ana", since: float = ASKED + MINUTE, until: float = ASKED + 16 * MINUTE) -> Wait:
    return a_wait(hold=Hold(kind=kind, since=since, until=until, by=by), ladder_start=until - 10 * MINUTE)


@pytest.mark.parametrize("kind", [HoldKind.CLAIM, HoldKind.HOLDING, HoldKind.PROMISE, HoldKind.REDIRECT, HoldKind.SNOOZE])
def test_a_hold_that_ran_out_since_is_news(kind: HoldKind) -> None:
    assert may_ask("ana", wait=held(kind), after=16 * MINUTE) == ("ana",)
    before = held(kind, since=ASKED - MINUTE, until=ASKED)
    assert may_ask("ana", wait=before, after=MINUTE) is None, "it ran out before"


def test_what_was_let_go_is_no_news_nor_is_somebody_who_typed() -> None:
    let_go = a_wait(hold=None, ladder_start=NINE, not_me=("ben",))
    assert may_ask("ana", wait=let_go, after=2 * MINUTE) is None
    typed = held(HoldKind.TYPING, until=ASKED + 12 * MINUTE)
    assert may_ask("ana", wait=typed, after=12 * MINUTE) is None


def test_a_ladder_that_began_anew_and_a_customer_who_asks_again_are_news() -> None:
    assert may_ask("ana", wait=a_wait(ladder_start=ASKED + MINUTE), after=20 * MINUTE) == ("ana",)
    insisted = a_wait(insisted=Insistence(kind=HoldKind.CLAIM, by="ana", at=ASKED + 5 * MINUTE))
    assert may_ask("ana", wait=insisted, after=5 * MINUTE) == ("ana",)
    told = (sent(), sent(("ana",), ASKED + 5 * MINUTE + 1))
    assert may_ask("ana", wait=insisted, after=7 * MINUTE, earlier=told) is None, "told once"


def test_who_wrote_what_may_be_the_answer_since_is_asked_about_that_once() -> None:
    maybe = Reply(message="2", by="ana", at=ASKED + MINUTE, kind=ReplyKind.PERSONAL, probability=0.5)
    wait = a_wait(possible_answer=maybe)
    assert may_ask("ana", wait=wait, after=10 * MINUTE) == ("ana",)
    asked = replace(wait, possible_answer=replace(maybe, asked=("ana",)))
    assert may_ask("ana", wait=asked, after=10 * MINUTE) is None


def test_who_held_it_is_told_unless_they_passed_it_on_or_left() -> None:
    team = Team(members=frozenset({"ana", "ben"}))
    wait = a_wait(insisted=Insistence(kind=HoldKind.SNOOZE, by="ben", at=ASKED))
    assert holder_to_tell(wait, team) == "ben" and holder_to_tell(a_wait(), team) is None
    assert holder_to_tell(replace(wait, not_me=("ben",)), team) is None
    assert holder_to_tell(wait, Team(members=frozenset({"ana"}))) is None
