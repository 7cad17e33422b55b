"""Members' corrections move their channel's threshold: a little each, within bounds, whatever the order, and back again."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import Says
from bot.domain.rules import ChannelRules, Sensitivity, Watch
from bot.domain.thresholds import BOUND, MOST_A_DAY, STEP, UNMOVED, moved, shift_of, shift_under
from bot.domain.writes import SaveCorrection
from bot.judge.standard import StandardJudge
from tests.waits.world import DAY, LADDER, MINUTE, NINE, World

numbers = itertools.count()


def word(says: Says, day: float = 0, *, judged: bool = True) -> SaveCorrection:
    return SaveCorrection(channel="c", message=f"{next(numbers)}", says=says, by="ana", at=NINE + day * DAY, judged=judged)


def test_each_word_moves_it_one_step() -> None:
    assert shift_of([]).log_odds == 0.0 and shift_of([]).corrections == 0
    assert shift_of([word("needs_none")]).log_odds == pytest.approx(STEP)
    assert shift_of([word("waits")]).log_odds == pytest.approx(-STEP)
    mixed = shift_of([word("needs_none"), word("needs_none", 1), word("waits", 2), word("needs_none", 3)])
    assert mixed.log_odds == pytest.approx(2 * STEP) and mixed.corrections == 4
    assert shift_of([word("needs_none", judged=False)]).log_odds == 0.0, "what isn't the judge's doesn't move it"


def test_a_channel_that_doesnt_learn_stays_and_one_that_began_anew_follows_what_is_newer() -> None:
    words = [word("needs_none"), word("needs_none", 2)]
    assert shift_under(ChannelRules(), words) == shift_of(words)
    assert shift_under(ChannelRules(learns=False), words) == UNMOVED
    assert shift_under(ChannelRules(learns_from=NINE + DAY), words) == shift_of(words[1:])


def test_an_angry_afternoon_doesnt_flip_a_channel() -> None:
    afternoon = [word("needs_none") for _ in range(40)]
    assert shift_of(afternoon).log_odds == pytest.approx(MOST_A_DAY * STEP)
    assert moved(0.5, shift_of(afternoon).log_odds) < 0.58
    assert shift_of([*afternoon, *(word("waits") for _ in range(39))]).log_odds == pytest.approx(STEP)


def test_a_long_habit_reaches_the_bound_and_doesnt_stand_in_the_way_of_a_new_one() -> None:
    year = [word("needs_none", day) for day in range(365) for _ in range(2)]
    assert shift_of(year).log_odds == pytest.approx(BOUND)
    week = [word("waits", 366 + day) for day in range(7) for _ in range(2)]
    assert shift_of([*year, *week]).log_odds == pytest.approx(-BOUND, abs=0.15)


@given(st.lists(st.builds(word, st.sampled_from(("waits", "needs_none")), st.integers(0, 30), judged=st.booleans()), max_size=60))
def test_it_stays_within_bounds_in_any_order(words: list[SaveCorrection]) -> None:
    shift = shift_of(words)
    assert abs(shift.log_odds) <= BOUND + 1e-9
    assert shift == shift_of(reversed(words)) == shift_of(sorted(words, key=lambda one: one.message))


def test_the_judge_goes_by_the_moved_threshold() -> None:
    judge = StandardJudge()

    class Sure:
        probability = 0.44

        def evidence(self) -> tuple[()]:
            return ()

    assert judge.calls(Sure(), Sensitivity.BALANCED)
    assert not judge.calls(Sure(), Sensitivity.BALANCED, STEP)
    assert judge.threshold(Sensitivity.BALANCED) == 0.42
    assert judge.threshold(Sensitivity.BALANCED, STEP) == pytest.approx(0.457, abs=0.001)
    assert judge.threshold(Sensitivity.CAREFUL, -BOUND) == pytest.approx(0.462, abs=0.001)
    assert judge.threshold(Sensitivity.EAGER, BOUND) == pytest.approx(0.538, abs=0.001)


def test_a_channel_learns_and_unlearns() -> None:
    world = World()
    asked = []
    for _ in range(8):  # the scripted judge is .9 sure of a question; the bound is at .73
        world.later(DAY)
        asked.append(world.dana.says("where is it?"))
        world.ana.corrects(asked[-1], "needs_none")
    assert world.state.shift.log_odds == pytest.approx(BOUND)
    threshold = world.context.judge.threshold(Sensitivity.BALANCED, world.state.shift.log_odds)
    assert threshold == pytest.approx(0.731, abs=0.001)
    world.dana.says("so where is it?")
    assert "this channel's threshold is 73% instead of 50% after 8 corrections" in world.trace
    for message in asked:
        world.ana.corrects(message, "waits")
    assert world.state.shift.log_odds == 0.0


def test_the_same_word_again_counts_on_its_first_day_alone() -> None:
    world = World()
    asked = []
    for _ in range(3):
        world.later(MINUTE)
        asked.append(world.dana.says("where is it?"))
        world.ana.says("Dana, in Rotterdam")
        world.ben.corrects(asked[-1], "needs_none")
    assert world.state.shift.log_odds == pytest.approx(MOST_A_DAY * STEP)
    world.later(DAY)
    world.mia.corrects(asked[0], "needs_none")
    assert world.state.shift.log_odds == pytest.approx(MOST_A_DAY * STEP)


def test_what_the_threshold_keeps_off_the_list() -> None:
    world = World()
    said = world.dana.says("hm, odd")  # .3: below .5
    for number in range(8):
        world.later(DAY)
        more = world.omar.says(f"odd {number}")
        world.ana.corrects(more, "waits")
        world.ana.says("Omar, it is fine")
    # Six were enough: the judge is .3 sure of such messages, and the threshold is below that now.
    assert world.state.shift.log_odds == pytest.approx(-6 * STEP) and len(world.corrections) == 6
    assert not world.state.waits_with(said)
    later = world.dana.says("hm, odd again")
    assert world.state.waits_with(later), "what was too little before is enough now"


def test_rules_that_count_everything_dont_move_it() -> None:
    world = World(rules=ChannelRules(watch=Watch.EVERYTHING, steps=LADDER))
    world.ana.corrects(world.dana.says("the crane is stuck"), "needs_none")
    assert world.state.shift.log_odds == 0.0 and len(world.corrections) == 1
