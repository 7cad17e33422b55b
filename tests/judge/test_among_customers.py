"""Talk among customers: it calls for nothing from the team, and takes nothing from who asks the team."""

from __future__ import annotations

import pytest

from tests.judge.scene import Scene

ADVICE = [
    "did you try to clear the cache?",
    "have you tried another browser?",
    "Did you set the filter?",
    "which version do you use?",
    "Do you have the new version? You need at least 3.2 for that",
    "maybe check your firewall settings first?",
    "you can clear it under Filters",
    "try it with the second key",
    "I think you need the admin role for that",
    "hast du den Cache geleert?",
    "tu as essayé un autre navigateur ?",
]


@pytest.mark.parametrize("named", [True, False], ids=["by name", "without a name"])
@pytest.mark.parametrize("text", ADVICE)
def test_advice_to_another_customer_opens_nothing(text: str, named: bool) -> None:
    scene = Scene()
    scene.says("Omar", "thanks, that works", after=3600)
    scene.says("Dana", "The upload fails with code 413, what can I do?", after=1800, opens=True)
    assert not scene.calls("Omar", f"Dana: {text}" if named else text, after=120)


OWN = [
    "Does the import keep the order of the rows?",
    "How do I change the billing address?",
    "my invoice is missing since yesterday",
    "Can you check our account? The login is blocked",
    "I also get the error 413 since this morning",
    "Where can I see my API key?",
]


@pytest.mark.parametrize("text", OWN)
def test_a_question_of_ones_own_beside_another_customers_calls(text: str) -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails with code 413, what can I do?", after=1800, opens=True)
    assert scene.calls("Omar", text, after=40)


@pytest.mark.parametrize("line", ["ok", "The upload fails with code 413", "how do I log in?", "haha", "did you try Firefox?"])
@pytest.mark.parametrize("text", ["How do I change the billing address?", "the export is empty", "our invoice is wrong"])
def test_a_first_question_weighs_no_less_after_another_customers_line(text: str, line: str) -> None:
    alone = Scene()
    alone.says("Ana", "Good morning", after=3600)
    beside = Scene()
    beside.says("Ana", "Good morning", after=3600)
    beside.says("Lena", line, after=3000)
    before = alone.judged("Dana", text, after=3010).probability
    assert beside.judged("Dana", text, after=10).probability >= before - 0.02


@pytest.mark.parametrize("after", [60, 600, 3000])
@pytest.mark.parametrize(
    "text",
    [
        "is your API down?", "are your servers in Europe?", "Is the site down for you as well?",
        "does your plan include backups?",
        "ist eure API gerade weg?", "votre API est en panne ?", "ligt jullie API eruit?",
        "please delete my account", "can I use your API from a browser?",
    ],
)  # fmt: skip
def test_who_begins_to_talk_asks_the_team_whatever_another_customer_just_asked(text: str, after: float) -> None:
    scene = Scene()
    scene.says("Omar", "thanks, that works")
    scene.says("Dana", "Hello, why is my export empty?", after=86_400, opens=True)
    assert scene.calls("Omar", text, after=after)
    assert scene.calls("Yuki", text, after=1)
