"""What members' words do to waits, with the judge that ships: answers, talk among colleagues, languages nobody here reads."""

from __future__ import annotations

import pytest

from bot.domain.context import Context
from bot.domain.hours import ALWAYS
from bot.domain.waits import WaitState
from bot.judge.standard import StandardJudge
from tests.waits.world import MINUTE, World

JUDGE = StandardJudge()


def asked(question: str) -> World:
    world = World()
    world.context = Context(judge=JUDGE, hours_of=lambda _: ALWAYS)
    world.dana.says(question)
    world.later(5 * MINUTE)
    return world


@pytest.mark.parametrize(
    "text",
    [
        "En tiedä, valitettavasti",
        "Katson tätä huomenna ja palaan asiaan",
        "Не знаю, к сожалению",
        "Yarın bakarım ve size yazarım",
    ],
)
def test_what_is_said_in_an_uncovered_language_is_asked_about(text: str) -> None:
    world = asked("Hello, why does my export come out empty?")
    said = world.ana.says(text, thread=world.wait.messages[0])
    assert world.wait.open and world.wait.possible_answer is not None and world.wait.possible_answer.message == said


@pytest.mark.parametrize(
    ("question", "text"),
    [("Where is my boat?", "In Husum."), ("How many seats do we get?", "25"), ("Which plan has it?", "Harbour Pro")],
)
def test_the_fact_that_was_asked_for_is_an_answer_however_short(question: str, text: str) -> None:
    world = asked(question)
    world.ana.says(text)
    assert world.wait.state is WaitState.ANSWERED


@pytest.mark.parametrize("text", ["yes", "no", "yep"])
def test_a_yes_or_no_answers_what_asks_for_one(text: str) -> None:
    open_question, closed_question = asked("Hello, why does my export come out empty?"), asked("Does the export keep the order?")
    for world in (open_question, closed_question):
        world.ana.says(text, thread=world.wait.messages[0])
    assert open_question.wait.open and closed_question.wait.state is WaitState.ANSWERED


def test_what_colleagues_tell_each_other_answers_no_customer() -> None:
    world = asked("Hello, why does my export come out empty?")
    world.ben.says("@ana did you move the standup?", mentions=("ana",))
    world.later(MINUTE)
    world.ana.says("yes, it's at 11 now")
    assert world.wait.open and world.wait.replies == ()
