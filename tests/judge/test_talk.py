"""Talk that wants nothing from the team, and calls that look like it."""

from __future__ import annotations

import pytest

from tests.judge.scene import Scene

LIKE_AN_ABSENCE = [
    "the app logs me out this morning",
    "it logs us out all the time",
    "my shift planner shows wrong data",
    "I'm out of credits, and the counter is wrong",
    "I can't turn off this banner",
    "The report is not working",
    "our public holiday calendar is wrong",
    "I went away from the form and lost my data",
]


@pytest.mark.parametrize("text", LIKE_AN_ABSENCE)
def test_trouble_in_the_words_of_an_absence_calls(text: str) -> None:
    assert Scene().calls("Dana", text)


@pytest.mark.parametrize(
    "text",
    [
        "Out this week, with problems please write to Omar",
        "Off today",
        "I'm off sick until Thursday, Omar has my tickets",
        "If something fails while I'm on leave please ask Omar",
    ],
)
def test_who_is_away_and_names_another_for_trouble_wants_nothing(text: str) -> None:
    assert not Scene().calls("Dana", text)


TO_THE_TEAM = [
    "is your API down?",
    "Do you have a status page?",
    "what is your refund policy?",
    "Can you tell me how to log in?",
    "Is there a way to use the second version?",
    "are you having an outage?",
    "what version supports webhooks?",
    "Habt ihr gerade einen Ausfall?",
]


def beside_a_call() -> Scene:
    scene = Scene()
    scene.says("Omar", "how do I add a colleague?", opens=True)
    scene.says("Ana", "Omar: under People, with the plus at the top.", after=60, ends="Omar")
    scene.says("Lena", "The upload fails with code 413, what can I do?", after=7200, opens=True)
    return scene


@pytest.mark.parametrize("text", TO_THE_TEAM)
def test_a_newcomer_asks_the_team_and_not_the_customer_before_them(text: str) -> None:
    assert beside_a_call().calls("Dana", text, after=120)


@pytest.mark.parametrize("text", TO_THE_TEAM)
def test_who_asks_long_after_another_customer_asks_the_team(text: str) -> None:
    assert beside_a_call().calls("Omar", text, after=1500)


def answered() -> Scene:
    scene = Scene()
    scene.says("Dana", "how do I keep the logs for longer?", opens=True)
    scene.says("Ana", "Dana: under Storage, with the slider; ninety days are the most.", after=120, ends="Dana")
    return scene


COMMENTS = [
    "ok thank you, so it goes by the plan we are on, not by the number of people in it",
    "great, thanks, so I pay by the month, not by the number of boxes that are in the cellar",
]


@pytest.mark.parametrize("text", COMMENTS)
def test_a_comment_after_the_answer_opens_nothing(text: str) -> None:
    assert not answered().calls("Dana", text, after=60)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, but the slider is grey",
        "thanks, but it still stops at thirty",
        "ok, but then the older ones are gone",
        "I moved it, and nothing is kept",
        "Hm, that doesn't work for us",
        "I'd like to keep them for a year",
    ],
)
def test_what_is_against_the_answer_calls(text: str) -> None:
    assert answered().calls("Dana", text, after=60)


REMARKS = [
    "That happens.",
    "on a fast disk it's pretty quick",
    "the old machine was the same",
    "well, a third party one",
    "internal mirrors are just convenience",
]


def chat() -> Scene:
    scene = Scene()
    scene.says("Dana", "how do I keep the logs for longer?", opens=True)
    scene.says("Ana", "Dana: under Storage, with the slider.", after=120, ends="Dana")
    scene.says("Dana", "ah, thanks!", after=60)
    scene.says("Omar", "haha, took me a day as well", after=7200)
    scene.says("Lena", "same here, for what it's worth :)", after=60)
    scene.says("Omar", "we run it in a box in the cellar", after=60)
    scene.says("Lena", "cellars are nice and cool", after=30)
    return scene


@pytest.mark.parametrize("text", REMARKS)
def test_a_remark_in_customers_talk_opens_nothing(text: str) -> None:
    assert not chat().calls("Omar", text, after=40)


@pytest.mark.parametrize("text", ["How do I move the logs?", "the import fails since noon", "I need an invoice for May"])
def test_who_has_been_chatting_may_still_call(text: str) -> None:
    assert chat().calls("Omar", text, after=1500)


def lately(*lines: str, opens: bool) -> Scene:
    scene = Scene()
    for line in lines:
        scene.says("Omar", line, after=3600, opens=opens)
        if opens:
            scene.says("Ana", "Omar: in the menu on the left.", after=60, ends="Omar")
    scene.says("Omar", "how do I move the logs?", after=3600, opens=True)
    scene.says("Ana", "Omar: in the menu on the left.", after=60, ends="Omar")
    return scene


def test_who_has_been_chatting_is_taken_for_waiting_less_than_who_has_been_asking() -> None:
    asking = lately("where is the invoice for May?", "can I have a second key?", "how do I add Lena?", opens=True)
    chatting = lately("haha, so true", "good morning all", "that was quick, thanks", opens=False)
    told = "the numbers of last month look like those of this month"
    assert chatting.judged("Omar", told, after=300).probability < asking.judged("Omar", told, after=300).probability - 0.02
