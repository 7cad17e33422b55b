"""A wait is handed to a colleague: whose it is then, when they are asked, and how it is taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands.responses import PrivateSpeech
from bot.domain.notifications import PassedOver, Telling, Unavailable
from bot.domain.rules import ChannelRules, Step
from bot.domain.views import Button, Buttons, Plain, Spans, Text, View
from bot.domain.waits import Wait
from bot.waits import ladder
from bot.waits.verbs.assign import ASSIGN
from tests.waits.world import HOUR, LADDER, World


@pytest.fixture
def world() -> World:
    made = World()
    made.dana.says("Where is it?")
    return made


def test_who_it_is_handed_to_is_asked_at_once_whatever_held_it(world: World) -> None:
    world.ben.acts("not_me", world.wait)
    world.ana.acts("claim", world.wait)
    world.later(60)
    outcome = world.ana.acts("assign", world.wait, member="ben", message=' – "the refund of May"')
    wait = world.wait
    assert (outcome.how, outcome.note) == ("assigned", "the refund of May")
    assert (wait.owner, wait.owner_reason, wait.hold, wait.not_me) == ("ben", "assigned", None, ())
    assert world.due(wait) == 0.0
    assert ladder.recipients(wait, world.rules, world.state.team, step=0) == ("ben",)


def test_it_stays_theirs_until_somebody_says_otherwise(world: World) -> None:
    world.ana.acts("assign", world.wait, member="ben")
    world.later(60)
    world.dana.says("And why does it say error 12?")
    assert (world.wait.owner, world.wait.owner_reason) == ("ben", "assigned")
    assert world.ana.acts("assign", world.wait, member="ben").how == "already"
    world.mia.acts("claim", world.wait)
    assert world.wait.owner == "mia"
    world.ana.acts("assign", world.wait, member="ben")
    world.ben.acts("not_me", world.wait)
    assert world.wait.owner != "ben"


@pytest.mark.parametrize("claimant", ["ben", "mia"])
def test_a_claim_that_is_taken_back_leaves_it_handed_over(world: World, claimant: str) -> None:
    world.ana.acts("assign", world.wait, member="ben")
    before = world.wait
    getattr(world, claimant).acts("claim", world.wait)
    other = world.mia if claimant == "ben" else world.ben
    assert other.acts("unclaim", world.wait).how == "not_on_it" and world.wait.owner == claimant
    assert getattr(world, claimant).acts("unclaim", world.wait).how == "unclaimed"
    assert replace(world.wait, let_go=()) == before
    world.ben.acts("not_me", world.wait)
    world.mia.acts("claim", world.wait)
    world.mia.acts("unclaim", world.wait)
    assert world.wait.owner != "ben" and "ben" in world.wait.not_me


def test_it_is_taken_back_and_its_ladder_goes_on(world: World) -> None:
    due = world.due(world.wait)
    world.later(60)
    world.ana.acts("assign", world.wait, member="mia")
    assert world.ana.acts("unassign", world.wait).how == "unassigned"
    assert world.wait.owner_reason != "assigned" and world.due(world.wait) == due - 60
    assert world.ana.acts("unassign", world.wait).how == "not_assigned"


def test_taking_it_back_keeps_what_others_said_meanwhile(world: World) -> None:
    world.ben.acts("claim", world.wait)
    world.mia.acts("not_me", world.wait)
    world.ana.acts("assign", world.wait, member="mia")
    world.later(60)
    world.ben.acts("not_me", world.wait)
    world.ana.acts("unassign", world.wait)
    assert set(world.wait.not_me) == {"mia", "ben"} and world.wait.owner not in ("mia", "ben") and world.wait.hold is None


def test_a_chain_of_hand_overs_is_taken_back_one_by_one(world: World) -> None:
    world.ana.acts("claim", world.wait)
    first = world.wait
    chain = [first]
    for by, to in ((world.ana, "ben"), (world.ben, "mia"), (world.mia, "ana")):
        world.later(60)
        by.acts("assign", world.wait, member=to)
        chain.append(world.wait)
    for before in reversed(chain[:-1]):
        world.later(60)
        handed = world.wait.handed
        assert handed is not None
        assert world.ana.acts("unassign", world.wait, message=handed.number).how == "unassigned"
        assert (world.wait.owner, world.wait.owner_reason) == (before.owner, before.owner_reason)
        assert world.wait.handed == before.handed
    assert world.wait == first


def test_oneself_is_told_how_to_take_it(world: World) -> None:
    assert world.ana.acts("assign", world.wait, member="ana").how == "self" and world.wait.owner_reason != "assigned"


def test_who_is_away_is_given_nothing(world: World) -> None:
    world.state.is_away = lambda member, _: member == "ben"
    assert world.ana.acts("assign", world.wait, member="ben").how == "away" and world.wait.owner_reason != "assigned"


def test_where_no_text_is_kept_nor_is_what_is_said_of_it() -> None:
    world = World(rules=ChannelRules(steps=LADDER, keep_text=False))
    world.dana.says("Where is it?")
    outcome = world.ana.acts("assign", world.wait, member="ben", message="the refund")
    assert (outcome.how, outcome.note, world.wait.owner) == ("unsaid", "", "ben")


def test_the_first_step_is_theirs_whoever_it_is_for_else() -> None:
    world = World(rules=ChannelRules(steps=(Step(after=600, to="team"), Step(after=1200, to="lead"))))
    world.dana.says("Where is it?")
    world.ana.acts("assign", world.wait, member="ben")
    team = world.state.team
    assert [ladder.recipients(world.wait, world.rules, team, step=step) for step in (0, 1)] == [("ben",), ("mia",)]


class _Spoken(PrivateSpeech):
    """Says which wait it is and looks nothing up."""

    __slots__ = ()

    def which(self, wait: Wait) -> Spans:
        return (Plain("w1"),)

    def offering(self, spans: Spans, *buttons: Button) -> View:
        return View(nodes=(Text(spans), Buttons(buttons)), fallback="w1")


@pytest.mark.parametrize(
    ("telling", "said"),
    [
        (Telling(), "who is asked now"),
        (Telling(at=60.0), "told something a moment ago and is asked of this"),
        (Telling(at=60.0, paused=True), "reminders stand still, so they are asked"),
        (Telling(passed=PassedOver(member="ben", why=Unavailable.UNREACHED)), "isn't where reminders go"),
        (Telling(passed=PassedOver(member="ben", why=Unavailable.FULL, budget=0)), "let no reminders go out (a budget of 0)"),
        (Telling(passed=PassedOver(member="ben", why=Unavailable.FULL, budget=3)), "they are asked later"),
        (
            Telling(passed=PassedOver(member="ben", why=Unavailable.LIST_ONLY), at=60.0, paused=True),
            "wants no such notifications",
        ),
    ],
)
def test_nothing_is_promised_of_when_they_are_asked_that_wont_happen(world: World, telling: Telling, said: str) -> None:
    outcome = world.ana.acts("assign", world.wait, member="ben")
    speech = _Spoken(ctx=None, now=0.0, handle="w1", told={"ben": telling})  # type: ignore[arg-type]
    view = ASSIGN.respond(outcome, speech)
    assert said in str(view) and "as soon as they work" not in str(view)


def test_not_me_gives_a_promise_back_to_who_made_it(world: World) -> None:
    world.ben.says("promise I'll get back to you in 3 hours")
    promised = world.wait.hold
    world.ana.acts("assign", world.wait, member="mia")
    outcome = world.mia.acts("not_me", world.wait)
    wait = world.wait
    assert promised is not None and (outcome.how, wait.hold) == ("returned", promised)
    assert (wait.owner, wait.owner_reason, wait.not_me, wait.handed) == ("ben", "promised", ("mia",), None)
    world.ben.acts("not_me", world.wait)
    assert world.wait.hold is None, "who promised it passes it on too"


def test_not_me_drops_a_promise_that_nobody_can_keep(world: World) -> None:
    world.ben.says("promise I'll get back to you in 3 hours")
    world.ana.acts("assign", world.wait, member="mia")
    world.state.is_away = lambda member, _: member == "ben"
    assert world.mia.acts("not_me", world.wait).how == "passed" and world.wait.hold is None


def test_not_me_leaves_what_a_colleague_said_meanwhile(world: World) -> None:
    world.ana.acts("assign", world.wait, member="ben")
    world.mia.acts("claim", world.wait)
    held = world.wait.hold
    world.ben.acts("not_me", world.wait)
    assert held is not None and world.wait.hold == held


@pytest.mark.parametrize(("does", "back"), [("snooze", "unsnooze"), ("claim", "unclaim"), ("assign", "unassign")])
def test_who_takes_something_back_isn_t_asked_in_the_same_minute(world: World, does: str, back: str) -> None:
    (asked,) = ladder.recipients(world.wait, world.rules, world.state.team, step=0)
    actor, other = (world.ana, "ben") if asked == "ana" else (world.ben, "ana")
    assert asked == actor.id
    world.later(HOUR)
    said = {"until": world.now + 5 * HOUR} if does == "snooze" else {"member": other} if does == "assign" else {}
    actor.acts(does, world.wait, **said)
    world.later(60)
    actor.acts(back, world.wait)
    assert ladder.recipients(world.wait, world.rules, world.state.team, step=0) == (asked,)
    assert world.due(world.wait) == ladder.span(world.wait, world.rules, 0)
