"""One answer for everybody, announcements, several names in front, and references that decide."""

from __future__ import annotations

import pytest

from bot.domain.reading import LEADING, Cue
from tests.judge.scene import Scene, read


def outage(*, unrelated: bool = False) -> Scene:
    """Three customers report the same within minutes; perhaps a fourth asks something else."""
    scene = Scene()
    scene.says("Dana", "Is the booking page down? I get a 503", opens=True)
    scene.says("Omar", "Everything is down for us too, what is going on?", opens=True, after=100)
    scene.says("Lena", "The calendar gives 503 here as well, any idea?", opens=True, after=60)
    if unrelated:
        scene.says("Yuki", "How do I rename my boat?", opens=True, after=60)
    return scene


@pytest.mark.parametrize(
    "text",
    [
        "@channel we had an outage, it is fixed now. Sorry everyone!",
        "@here it's fixed, please try again",
        "Hi all, the 503 errors are fixed since 9:08.",
        "Hi everyone, this has been resolved.",
        "The booking page is back up, cause was a database failover.",
        "All services are back online.",
    ],
)
@pytest.mark.parametrize("unrelated", [False, True])
def test_the_end_of_an_outage_answers_all_who_reported_it_and_nobody_else(text: str, unrelated: bool) -> None:
    assert sorted(outage(unrelated=unrelated).answered("Ana", text, after=400)) == ["dana", "lena", "omar"]


def test_a_reference_or_a_name_decides_over_everybody() -> None:
    scene = outage()
    assert scene.answered("Ana", "Lena: it's fixed now, sorry everyone", after=400) == ["lena"]
    assert scene.answered("Ana", "it's fixed now", after=1, reply_to=scene.waits[1].messages[0]) == ["omar"]


def test_that_something_is_fixed_is_no_news_to_who_asked_something_else() -> None:
    scene = Scene()
    scene.says("Dana", "How do I rename my boat?", opens=True)
    scene.says("Omar", "Where do I find my invoices?", opens=True, after=100)
    assert scene.answered("Ana", "Hi all, the 503 errors are fixed since 9:08.", after=400) == []


@pytest.mark.parametrize("text", ["Morning all!", "Good morning everyone", "Hi team", "Hello everybody", "@here hello"])
@pytest.mark.parametrize("after", [120, 16 * 3600])
def test_a_greeting_to_the_group_is_no_answer(text: str, after: float) -> None:
    scene = Scene()
    scene.says("Dana", "Hello, how do I rename my boat?", opens=True)
    assert scene.answered("Ana", text, after=after) == []


@pytest.mark.parametrize(
    "text",
    [
        "Release 2.4 is out: printing is faster.",
        "We've just released the new mobile app, get it in the stores!",
        "We have just launched our new web shop, have a look around!",
        "Reminder: our office is closed on Friday.",
        "Heads up, maintenance tonight from 22:00 to 23:00 UTC.",
        "HarborBook 19.16.0 deployed to production, https://x.example/notes",
        "HarborBook v3.2 is live",
        "Webinar on Thursday at 3pm: reporting in depth.",
        "Neue Version 3.1: die Suche ist schneller.",
        "Erinnerung: am Freitag bleibt alles zu.",
        "Nouvelle version 3.1 : la recherche est plus rapide.",
        "Rappel : maintenance prévue dimanche soir.",
        "Nueva versión 3.1: la búsqueda es más rápida.",
        "Recordatorio: el viernes no hay nadie.",
        "Nova versão 3.1: a busca está mais rápida.",
        "Lembrete: na sexta não há ninguém.",
    ],
)
@pytest.mark.parametrize("after", [300, 16 * 3600])
def test_an_announcement_answers_nobody(text: str, after: float) -> None:
    scene = Scene()
    scene.says("Dana", "How do I rename my boat?", opens=True)
    assert scene.answered("Ana", text, after=after) == []


@pytest.mark.parametrize(
    "text",
    [
        "Dana: release 2.4 has it, it came out today",
        "Renaming a boat came with release 2.4, it's under My boats.",
        "It's fixed in 2.4.1, please update.",
        "Thanks for the heads-up, we've released a fix.",
        "Everyone in your team can do that under My boats.",
    ],
)
def test_an_answer_that_speaks_of_a_release_is_one(text: str) -> None:
    scene = Scene()
    scene.says("Dana", "How do I rename my boat? It doesn't work", opens=True)
    assert scene.answered("Ana", text, after=300) == ["dana"]


def test_whoever_has_the_same_is_answered_with_the_report() -> None:
    scene = Scene()
    scene.says("Dana", "Is the booking page down? I get a 503", opens=True)
    scene.says("Omar", "Same here, since five minutes", opens=True, after=100)
    assert sorted(scene.answered("Ana", "Yes, we had an outage, it's over since a minute ago.", after=400)) == ["dana", "omar"]
    assert sorted(scene.answered("Ana", "Dana: yes, try again please", after=1)) == ["dana", "omar"]
    assert sorted(scene.answered("Ana", "try again please", after=1, thread=scene.waits[0].messages[0])) == ["dana", "omar"]


def test_who_joined_may_be_spoken_to_alone() -> None:
    scene = Scene()
    scene.says("Dana", "Is the booking page down? I get a 503", opens=True)
    scene.says("Omar", "Same here, since five minutes", opens=True, after=100)
    assert scene.answered("Ana", "Omar: which browser is that?", after=400) == ["omar"]


@pytest.mark.parametrize(
    "text",
    [
        "Dana, Omar: both are fixed",
        "Dana and Omar, both are fixed",
        "Hi Dana and Omar, both are fixed",
        "@dana @omar both are fixed",
        "Dana & Omar: both are fixed",
        "Hallo Dana und Omar, beides geht wieder",
        "Dana, Omar et Lena : essayez encore",
    ],
)
def test_several_names_in_front_all_lead(text: str) -> None:
    reading = read(text, author="ana")
    assert reading.names("dana") == reading.names("omar") == LEADING
    scene = Scene()
    scene.says("Dana", "The upload of my photos fails", opens=True)
    scene.says("Omar", "Where do I find my invoices?", opens=True)
    scene.says("Yuki", "How do I rename my boat?", opens=True)
    assert sorted(scene.answered("Ana", text, after=200)) == ["dana", "omar"]


@pytest.mark.parametrize(
    "text", ["Dana, Omar is right about that", "Dana, Omar's invoice is fixed", "Dana can ask Omar, I think"]
)
def test_somebody_spoken_about_does_not_lead(text: str) -> None:
    reading = read(text, author="ana")
    assert (reading.names("dana"), reading.names("omar") < LEADING) == (LEADING, True)


def test_who_is_greeted_by_name_is_addressed() -> None:
    assert read("Hi Dana, that is fixed", author="ana").names("dana") == LEADING
    assert read("Hello everybody", author="ana").has(Cue.EVERYBODY)


def two_wait() -> Scene:
    scene = Scene()
    scene.says("Dana", "The upload of my photos fails with code 413", opens=True)
    scene.says("Omar", "How do I change the billing address?", opens=True)
    return scene


def test_a_reply_to_somebody_who_waits_for_nothing_ends_nobodys_wait() -> None:
    scene = two_wait()
    told = scene.says("Lena", "We are live since today!")
    assert scene.answered("Ana", "a photo upload over 10 MB gives code 413", reply_to=told.id) == []


def test_a_reply_to_what_a_colleague_told_somebody_goes_on_with_them() -> None:
    scene = Scene()
    scene.says("Dana", "The upload of my photos fails with code 413", opens=True)
    told = scene.says("Ben", "Dana: how large are they?", ends="Dana")
    scene.says("Omar", "How do I change the billing address?", opens=True)
    assert scene.answered("Ana", "and in which format?", reply_to=told.id, after=5) == []


def test_a_reply_to_a_message_long_gone_is_for_nobody_who_waits() -> None:
    assert two_wait().answered("Ana", "yes, that works again", reply_to="long-gone") == []


def test_a_reply_to_a_customers_earlier_line_answers_the_wait_they_opened_after_it() -> None:
    scene = Scene()
    hello = scene.says("Dana", "Hi, I have a question")
    scene.says("Dana", "The upload of my photos fails with code 413", opens=True)
    scene.says("Omar", "How do I change the billing address?", opens=True)
    assert scene.answered("Ana", "make them smaller", reply_to=hello.id) == ["dana"]


def test_a_reply_in_another_customers_thread_answers_nobody_outside_it() -> None:
    scene = two_wait()
    root = scene.says("Lena", "We are live since today!")
    assert scene.answered("Ana", "a photo upload over 10 MB gives code 413", thread=root.id) == []


def test_a_customer_who_asked_twice_hours_apart_is_answered_about_both() -> None:
    scene = Scene()
    scene.says("Dana", "The upload of my photos fails with code 413", opens=True)
    scene.says("Dana", "They are from the camera in the harbour", opens=True, after=7200)
    assert scene.answered("Ana", "Dana: make them smaller please", after=3600) == ["dana", "dana"]


def test_but_an_answer_about_one_of_two_questions_leaves_the_other_open() -> None:
    scene = Scene()
    scene.says("Dana", "The upload of my photos fails with code 413", opens=True)
    scene.says("Dana", "How do I change the billing address?", opens=True, after=7200)
    assert scene.answered("Ana", "Dana: the billing address is under Settings", after=3600) == ["dana"]
    crossed = Scene()
    crossed.says("Dana", "The upload of my photos fails with code 413", opens=True)
    crossed.says("Dana", "How do I change the billing address?", opens=True, after=7200)
    assert len(crossed.answered("Ana", "Dana: make them smaller please", after=4)) == 1
