"""Late answers: the next morning, after the weekend, by somebody else, with another customer's line in between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.durations import DAY, Seconds
from bot.domain.waits import Hold, HoldKind, Reply, ReplyKind
from tests.judge.scene import JUDGE, Scene
from tests.judge.test_attribution import likely

HOUR: Seconds = 3600.0
NIGHT = 16 * HOUR
WEEKEND = 64 * HOUR
ANSWER = "That comes from the currency of the harbour. Set it under Prices and print it again."


def asked(question: str = "Hello, why does my invoice show the wrong total?") -> Scene:
    """Dana waits, and nobody was there."""
    scene = Scene()
    scene.says("Dana", question, opens=True)
    return scene


def two_asked() -> Scene:
    scene = asked()
    scene.says("Omar", "How do I change the name of my boat?", opens=True, after=HOUR)
    return scene


def held(kind: ReplyKind, hold: HoldKind, text: str, lasts: Seconds, by: str = "Ana") -> Scene:
    """Dana was told something that only holds her wait."""
    scene = asked()
    said = scene.says(by, text, after=360)
    wait = scene.waits[0]
    scene.waits[0] = replace(
        wait,
        replies=(Reply(message=said.id, by=said.author, at=said.at, kind=kind),),
        hold=Hold(kind=hold, since=said.at, until=said.at + lasts, by=said.author),
    )
    scene.window.put(replace(said, answers=(wait.id,)))
    return scene


@pytest.mark.parametrize("after", [600, 3 * HOUR, 8 * HOUR, NIGHT, WEEKEND, 14 * DAY])
@pytest.mark.parametrize(
    "text",
    [
        ANSWER,
        "Which currency is set there?",
        "We had a bug there, it is mended since an hour ago.",
        "Sorry for the delay! The total is right after the update.",
        "La devise du port est fausse, changez-la dans les prix.",
        "Da ist die Währung des Hafens falsch eingestellt.",
        "La moneda del puerto está mal, cámbiala en los precios.",
        "A moeda do porto está errada.",
    ],
)
def test_who_waits_alone_is_answered_however_late(text: str, after: Seconds) -> None:
    assert asked().answered("Ana", text, after=after) == ["dana"]


def test_a_statement_is_answered_the_next_day_too() -> None:
    assert asked("My invoice shows the wrong total since today.").answered("Ben", ANSWER, after=NIGHT) == ["dana"]


@pytest.mark.parametrize("before", [60, 300, 2 * HOUR, 10 * HOUR])
def test_another_customers_line_in_between_changes_nothing(before: Seconds) -> None:
    scene = asked()
    scene.says("Omar", "We just went live, the harbour is full", after=NIGHT - before)
    assert scene.answered("Ana", ANSWER, after=before) == ["dana"]


def test_nor_does_a_conversation_with_another_customer_that_is_over() -> None:
    scene = asked()
    scene.says("Omar", "How do I change the name of my boat?", opens=True, after=HOUR)
    scene.says("Ana", "Omar: under My boats", after=60, ends="Omar")
    assert scene.answered("Ana", ANSWER, after=NIGHT) == ["dana"]


def test_of_two_who_wait_since_yesterday_the_words_tell() -> None:
    assert two_asked().answered("Ana", "The name of a boat is under My boats.", after=NIGHT) == ["omar"]
    assert two_asked().answered("Ana", "The total of an invoice has the currency of the harbour.", after=NIGHT) == ["dana"]


def test_without_words_in_common_whoever_came_first_is_likelier_after_a_night_than_the_same_day() -> None:
    night, day = likely(two_asked(), "Ana", ANSWER, after=NIGHT), likely(two_asked(), "Ana", ANSWER, after=2 * HOUR)
    assert night["dana"] / night["omar"] > 1.5 * day["dana"] / day["omar"]


def test_who_answered_one_in_the_morning_answers_the_other_next() -> None:
    scene = two_asked()
    scene.says("Ana", ANSWER, after=NIGHT, ends="Dana")
    assert scene.answered("Ana", "You find it under My boats, then the pencil.", after=120) == ["omar"]


def test_a_promise_is_kept_two_days_later_without_a_name() -> None:
    promised = held(ReplyKind.PROMISE, HoldKind.PROMISE, "I'll get back to you on Wednesday.", 2 * DAY)
    assert promised.answered("Ana", ANSWER, after=41 * HOUR) == ["dana"]


def test_the_time_of_a_promise_pulls_an_answer_to_its_wait() -> None:
    def at(time: Seconds) -> float:
        scene = held(ReplyKind.PROMISE, HoldKind.PROMISE, "I'll get back to you on Wednesday.", 2 * DAY)
        scene.says("Omar", "How do I change the name of my boat?", opens=True, after=time - 1800)
        return likely(scene, "Ana", ANSWER, after=1800)["dana"]

    assert at(46 * HOUR) > 0.6
    assert at(46 * HOUR) > at(12 * HOUR) + 0.15


def test_who_claimed_a_wait_is_likelier_to_answer_it() -> None:
    def by(member: str) -> float:
        scene = two_asked()
        claimed = Hold(kind=HoldKind.CLAIM, since=scene.now, until=scene.now + 2 * HOUR, by="ana")
        scene.waits[0] = replace(scene.waits[0], hold=claimed, owner="ana", owner_reason="claimed")
        return likely(scene, member, ANSWER, after=5 * HOUR)["dana"]

    assert by("Ana") > by("Ben") + 0.1


def test_whoever_was_sent_elsewhere_is_answered_the_next_day_by_somebody_else() -> None:
    redirected = held(ReplyKind.REDIRECT, HoldKind.REDIRECT, "Please email support.", DAY)
    assert redirected.answered("Ben", ANSWER, after=18 * HOUR) == ["dana"]


def test_who_says_sorry_to_be_late_speaks_to_who_waits_long() -> None:
    scene = asked()
    scene.says("Omar", "How do I change the name of my boat?", opens=True, after=NIGHT)
    late, plain = likely(scene, "Ana", f"Sorry for the delay! {ANSWER}", after=300), likely(scene, "Ana", ANSWER, after=0)
    assert late["dana"] > plain["dana"] + 0.2


def test_a_reply_in_the_channel_answers_a_wait_in_a_thread_that_is_the_only_one() -> None:
    scene = Scene()
    root = scene.says("Ana", "Prices can be printed now")
    scene.says("Dana", "Why does mine show the wrong total?", opens=True, thread=root.id)
    assert scene.answered("Ana", ANSWER, thread=root.id, after=NIGHT) == ["dana"]


def test_working_hours_make_the_night_shorter_still() -> None:
    told, unknown = asked(), asked()
    told.window.worked = lambda since, until: 600.0
    assert likely(told, "Ana", ANSWER, after=NIGHT)["dana"] > likely(unknown, "Ana", ANSWER, after=NIGHT)["dana"]


@pytest.mark.parametrize("between", [90.0, 300.0, 900.0])
def test_whoever_works_through_what_a_night_piled_up_goes_on_in_order(between: Seconds) -> None:
    scene = Scene()
    scene.says("Dana", "How many seats do we get?", opens=True)
    scene.says("Omar", "Can I pay by invoice?", opens=True, after=HOUR)
    scene.says("Lena", "Where is the audit log?", opens=True, after=HOUR)
    found = []
    for after, text in (
        (NIGHT, "25, but you can buy more."),
        (between, "yes, from 10 units on"),
        (between, "under Admin, then History"),
    ):
        seen = scene.seen("Ana", text, after=after)
        ends = {wait.id: wait.customer for wait in scene.waits}
        given = [ends[one.wait] for one in JUDGE.attribute(seen, scene.window, scene.waits) if JUDGE.answers(one)]
        found += given
        over = tuple(wait.id for wait in scene.waits if wait.customer in given)
        scene.waits = [wait for wait in scene.waits if wait.id not in over]
        scene.window.put(replace(seen, answers=over))
    assert found == ["dana", "omar", "lena"]
