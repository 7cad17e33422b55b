"""Where a customer's message says more, or less, by where it stands: after a hold, a closed wait, another's report; in a snooze;
beside an answer. With the judge that ships: it is about words."""

from __future__ import annotations

import pytest

from bot.domain.waits import HoldKind, ReplyKind, Wait, WaitState
from bot.waits.ladder import SAYS_URGENT
from tests.judge.scene import JUDGE
from tests.waits.world import HOUR, MINUTE, World

QUESTION = "Hello, why does my export come out empty?"
OTHER = "And how do I add a colleague to our account?"
ANSWER = "Leave the date filter empty, that mends the export."


@pytest.fixture
def world() -> World:
    return World(judge=JUDGE)


def asked(world: World, *, held: str | None = None) -> str:
    """Dana asks, and somebody says something that holds her wait."""
    question = world.dana.says(QUESTION)
    world.later(2 * MINUTE)
    if held is not None:
        world.ana.says(held, thread=question)
        world.later(MINUTE)
    return question


def ends(waits: list[Wait]) -> list[tuple[str, WaitState]]:
    return [(wait.customer, wait.state) for wait in waits]


@pytest.mark.parametrize(
    "held", ["One sec, looking into it.", "I'll get back to you tomorrow.", "Please write to support@harbor.test"]
)
@pytest.mark.parametrize("thanks", ["ok, thanks!", "Thank you", "thanks Ana", "great, thanks a lot"])
def test_thanks_for_a_hold_leave_it_standing(world: World, held: str, thanks: str) -> None:
    question = asked(world, held=held)
    before = world.wait
    assert before.hold is not None
    world.dana.says(thanks, thread=question)
    assert world.wait == before


@pytest.mark.parametrize("held", ["I'll get back to you tomorrow.", "Please write to support@harbor.test"])
def test_a_new_question_after_thanks_for_a_hold_isnt_held_with_it(world: World, held: str) -> None:
    question = asked(world, held=held)
    world.dana.says("ok, thanks!", thread=question)
    world.later(2 * MINUTE)
    world.dana.says("Can we change our billing address?", thread=question)
    assert [wait.hold is not None for wait in world.waits] == [True, False]


@pytest.mark.parametrize("over", ["never mind, solved it", "thanks, that fixed it", "It works now, thank you"])
def test_what_is_solved_meanwhile_is_over(world: World, over: str) -> None:
    question = asked(world, held="I'll get back to you tomorrow.")
    world.dana.says(over, thread=question)
    assert world.wait.state is WaitState.RESOLVED


def test_thanks_after_a_hold_find_the_answer_that_was_overlooked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(world, held="One sec, looking into it.")
    with monkeypatch.context() as unsure:
        unsure.setattr(type(JUDGE), "attribute", lambda *_: [])
        reply = world.mia.says("The date filter has to be empty.")
    world.later(MINUTE)
    world.dana.says("thanks!")
    assert world.wait.state is WaitState.ANSWERED and world.wait.replies[-1].message == reply


def test_thanks_go_to_what_may_have_been_the_answer(world: World) -> None:
    question = asked(world)
    clip = world.ana.says("", thread=question, files=1)
    assert world.wait.open and world.wait.possible_answer is not None
    world.later(MINUTE)
    world.dana.says("thanks a lot!", thread=question)
    assert world.wait.state is WaitState.ANSWERED and world.wait.replies[-1].message == clip


def test_a_second_hold_isnt_what_they_thank_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(world, held="One sec, looking into it.")
    with monkeypatch.context() as unsure:
        unsure.setattr(type(JUDGE), "attribute", lambda *_: [])
        world.mia.says("Let me check that, one moment.")
    world.later(MINUTE)
    world.dana.says("thanks!")
    assert world.wait.open and world.wait.hold is not None


@pytest.mark.parametrize("closed", ["dismiss", "answered", "mark"])
@pytest.mark.parametrize("alarm", ["this is urgent!", "URGENT, our shop is down"])
def test_alarm_soon_after_a_wait_was_closed_by_hand_opens_one(world: World, closed: str, alarm: str) -> None:
    question = asked(world)
    if closed == "mark":
        world.ana.reacts(question, "white_check_mark")
    else:
        world.ana.acts(closed, world.wait)
    world.later(10 * MINUTE)
    world.dana.says(alarm)
    assert [wait.open for wait in world.waits] == [False, True]
    assert world.waits[1].evidence == ("urgent",) and world.waits[1].opened_by == "rules"


def sent_elsewhere(world: World, choice: str) -> None:
    asked(world)
    world.ana.says("Please write to support@harbor.example about this.")
    world.later(HOUR)
    world.ana.acts("close_loop", world.wait, choice=choice)
    assert not world.wait.open
    world.later(5 * HOUR)


IN_VAIN = """
I wrote to support and nobody answers!
still nothing from support
Nobody at support got back to me
I sent the mail, no reaction so far
Thanks, but support doesn't answer
Noch immer nichts vom Support
Der Support meldet sich nicht
Toujours rien du support
Sigo sin respuesta de soporte
Ainda nada do suporte
Ancora niente dal supporto
Nog steeds niets van support
Nadal nic od supportu
サポートからまだ返事がありません
客服还是没有回复
support se abhi tak koi jawab nahi
"""


@pytest.mark.parametrize("text", IN_VAIN.strip().splitlines())
def test_who_was_sent_elsewhere_in_vain_waits_again(world: World, text: str) -> None:
    sent_elsewhere(world, "private" if "support" in text else "enough")
    world.dana.says(text)
    assert [wait.open for wait in world.waits] == [False, True], world.trace
    assert world.waits[1].came_back_from == world.waits[0].id


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, I wrote to support", "ok, I wrote them, not urgent", "Support answered, all good", "No worries, they helped me",
        "Danke, ich habe dem Support geschrieben", "Merci, j'ai écrit au support", "I'll write to them, no hurry",
        "Sorry for the noise, I overlooked their mail",
    ],
)  # fmt: skip
def test_who_was_sent_elsewhere_and_is_content_does_not(world: World, text: str) -> None:
    sent_elsewhere(world, "enough")
    world.dana.says(text)
    assert len(world.waits) == 1


def test_an_urgent_word_counts_from_the_first_message_on(world: World) -> None:
    world.dana.says("URGENT: our shop is down, can anybody help?")
    assert SAYS_URGENT in world.wait.evidence
    world.later(10 * MINUTE)
    world.omar.says("Not urgent, but how do I export my invoices?")
    assert SAYS_URGENT not in world.waits[1].evidence
    world.later(MINUTE)
    world.omar.says("I need the export for the auditors, it is urgent after all, can you help?")
    assert len(world.waits) == 2 and SAYS_URGENT in world.waits[1].evidence


def test_alarm_that_is_over_or_comes_late_opens_nothing(world: World) -> None:
    asked(world)
    world.ana.acts("dismiss", world.wait)
    world.dana.says("thanks, it isn't urgent any more")
    world.later(3 * HOUR)
    world.dana.says("this is urgent!")
    assert len(world.waits) == 1


def test_alarm_ends_a_hold(world: World) -> None:
    question = asked(world, held="One sec, looking into it.")
    world.later(6 * MINUTE)
    world.dana.says("this is urgent!", thread=question)
    assert world.wait.open and world.wait.hold is None


@pytest.mark.parametrize("minutes", [5, 90])
def test_a_new_topic_while_another_is_put_off_waits_by_itself(world: World, minutes: float) -> None:
    asked(world)
    world.ana.acts("snooze", world.wait, until=world.now + 24 * HOUR)
    world.later(minutes * MINUTE)
    world.dana.says("Can we change our billing address?")
    snoozed, new = world.waits
    assert snoozed.hold is not None and snoozed.hold.kind is HoldKind.SNOOZE and len(snoozed.messages) == 1
    assert new.open and new.hold is None


@pytest.mark.parametrize("same", ["any news?", "The export is still empty, why?"])
def test_what_goes_on_with_a_matter_that_is_put_off_stays_with_it(world: World, same: str) -> None:
    asked(world)
    world.ana.acts("snooze", world.wait, until=world.now + 24 * HOUR)
    world.later(5 * MINUTE)
    world.dana.says(same)
    assert len(world.wait.messages) == 2


@pytest.mark.parametrize("seconds", [1, 3, 5])
@pytest.mark.parametrize("in_thread", [False, True])
def test_an_answer_that_crosses_the_second_question_answers_the_first(world: World, seconds: float, in_thread: bool) -> None:
    question = asked(world)
    thread = question if in_thread else None
    second = world.dana.says(OTHER, thread=thread)
    assert len(world.wait.messages) == 2
    world.later(seconds)
    world.ana.says(ANSWER, thread=thread)
    first, crossed = world.waits
    assert (first.state, first.messages) == (WaitState.ANSWERED, (question,))
    assert crossed.open and crossed.messages == (second,) and crossed.came_back_from == first.id
    assert world.due(crossed) > 0 and world.texts[crossed.id, second] == "", "its words are read again"
    world.later(HOUR)
    world.ben.says("Under People, press Invite a colleague.", thread=second if thread is None else thread)
    assert world.waits[1].state is WaitState.ANSWERED


@pytest.mark.parametrize(
    ("second", "answer", "seconds"),
    [
        (OTHER, ANSWER, 40),  # there was time to read it
        (OTHER, "A colleague is added under People.", 2),  # written as if it had been read
        ("Is the export empty for my colleagues as well?", "Switch that filter off.", 2),  # the same matter
        ("can anyone help?", ANSWER, 2),
        ("It is the weekly one.", ANSWER, 2),
        ("Look what the invoice page says about our account", ANSWER, 2),  # shows, and asks nothing
    ],
)
def test_what_may_have_been_read_or_says_no_more_is_answered_too(world: World, second: str, answer: str, seconds: float) -> None:
    asked(world)
    world.dana.says(second)
    world.later(seconds)
    world.ana.says(answer)
    assert ends(world.waits) == [("dana", WaitState.ANSWERED)]


def test_what_was_written_in_one_go_is_one_question(world: World) -> None:
    world.dana.says(QUESTION)
    world.later(4)
    world.dana.says(OTHER)
    world.later(2)
    world.ana.says(ANSWER)
    assert ends(world.waits) == [("dana", WaitState.ANSWERED)]


@pytest.mark.parametrize("same", ["Same here", "same problem here", "me too", "Same here, since this morning"])
@pytest.mark.parametrize("in_thread", [False, True])
def test_who_has_the_same_waits_and_is_answered_with_the_report(world: World, same: str, in_thread: bool) -> None:
    question = asked(world)
    world.omar.says(same, thread=question if in_thread else None)
    assert ends(world.waits) == [("dana", WaitState.WAITING), ("omar", WaitState.WAITING)]
    assert world.waits[1].evidence == ("same",)
    world.later(HOUR)
    world.ana.says("One sec, looking into it.", thread=question)
    assert [wait.hold and wait.hold.kind for wait in world.waits] == [HoldKind.HOLDING] * 2
    world.later(MINUTE)
    world.ana.says(ANSWER, thread=question)
    assert ends(world.waits) == [("dana", WaitState.ANSWERED), ("omar", WaitState.ANSWERED)]
    assert [wait.replies[-1].kind for wait in world.waits] == [ReplyKind.PERSONAL] * 2


def test_what_names_who_has_the_same_is_for_them_alone(world: World) -> None:
    question = asked(world)
    world.omar.says("same here", thread=question)
    world.ana.says("Omar, your account is a trial one, which has no exports.", thread=question)
    assert ends(world.waits) == [("dana", WaitState.WAITING), ("omar", WaitState.ANSWERED)]


def test_the_same_as_nothing_opens_nothing(world: World) -> None:
    world.omar.says("Same here")
    assert world.waits == []
    question = asked(world)
    world.ana.says(ANSWER, thread=question)
    world.later(MINUTE)
    world.omar.says("same problem here")
    assert ends(world.waits) == [("dana", WaitState.ANSWERED)]


def test_the_same_with_a_question_of_its_own_is_judged_by_that(world: World) -> None:
    world.omar.says("Same here, my invoice never came. Can you send it again?")
    assert ends(world.waits) == [("omar", WaitState.WAITING)]


def test_a_reply_reference_says_which_of_their_waits_a_message_goes_on_with(world: World) -> None:
    first = world.dana.says(QUESTION)
    world.later(2 * HOUR)
    second = world.dana.says("Can we change our billing address?")
    assert len(world.waits) == 2
    world.later(MINUTE)
    world.dana.says("Why only on Fridays?", reply_to=first)
    assert [len(wait.messages) for wait in world.waits] == [2, 1] and second in world.waits[1].messages


@pytest.mark.parametrize("text", ["@Ana", "@Ana 👋", "hi @Ana", "@Ana good morning", "@Ana @Ben"])
@pytest.mark.parametrize("before", [False, True], ids=["first", "after an answer"])
def test_who_mentions_a_member_and_says_nothing_else_calls_them(world: World, text: str, before: bool) -> None:
    if before:
        if "👋" in text:
            return
        question = asked(world)
        world.ana.says(ANSWER, thread=question)
        world.later(5 * MINUTE)
    world.dana.says(text, mentions=("ana",))
    assert world.waits[-1].opened_by == "rules"


@pytest.mark.parametrize("text", ["thanks @Ana", "@Ana 👍", "@Ana ok", "@Ana perfect, thank you", "@Ana 😊"])
def test_who_thanks_a_member_by_mention_does_not(world: World, text: str) -> None:
    question = asked(world)
    world.ana.says(ANSWER, thread=question)
    world.later(5 * MINUTE)
    world.dana.says(text, mentions=("ana",))
    assert len(world.waits) == 1
