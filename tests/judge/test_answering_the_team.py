"""What a customer writes after the team asked them something: what tells more puts the ball back, whatever it begins with."""

from __future__ import annotations

import pytest

from tests.judge.scene import Scene

QUESTIONS = ["Which version do you use?", "Dana: can you share the log?", "what error do you get exactly?"]

TELLS = [
    "version 3.2 on the small plan",
    "3.2",
    "it says code 413, request entity too large",
    "Sorry, it is version 3.2",
    "Sorry, I forgot: the log says connection refused",
    "sorry for the delay, we are on version 3.2",
    "Thanks, it's the second one, version 3.2",
    "Thanks for looking! The message is: quota exceeded",
    "Thank you Ana, the id is 4711",
    "Will paste it here: connection refused by host",
    "Ok, here it is: 413 request entity too large",
    "Yes, version 3.2 with the new importer",
    "No, only in Firefox, Chrome is fine",
    "I'll attach the log, it says permission denied",
    "https://paste.example/413",
    "Entschuldigung, es ist die Version 3.2",
    "Danke, die Meldung lautet: Verbindung verweigert",
    "Désolé, c'est la version 3.2",
    "Gracias, es la versión 3.2",
    "Desculpe, é a versão 3.2",
]

NOT_YET = [
    "let me check",
    "will check",
    "one moment",
    "ok, will do",
    "sure",
    "thanks, I'll look it up",
    "I'll check and come back to you",
    "moment",
    "ich schaue mal nach",
]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("text", TELLS)
def test_an_answer_opens_the_teams_turn(text: str, question: str) -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails", opens=True)
    scene.says("Ana", question, after=60, ends="Dana")
    assert scene.calls("Dana", text, after=120)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("text", NOT_YET)
def test_who_goes_to_look_does_not_wait_yet(text: str, question: str) -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails", opens=True)
    scene.says("Ana", question, after=60, ends="Dana")
    assert not scene.calls("Dana", text, after=120)


@pytest.mark.parametrize("between", ["sure", "one moment", "let me check", "ok"])
@pytest.mark.parametrize("text", ["version 3.2 on the small plan", "https://paste.example/413", "it says permission denied"])
def test_the_answer_counts_after_a_word_that_it_will_come(text: str, between: str) -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails", opens=True)
    scene.says("Ana", "Dana: can you share the log?", after=60, ends="Dana")
    scene.says("Dana", between, after=60)
    assert scene.calls("Dana", text, after=200)


@pytest.mark.parametrize("after", [4 * 3600.0, 20 * 3600.0], ids=["four hours", "next day"])
def test_an_answer_the_next_day_counts(after: float) -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails", opens=True)
    scene.says("Ana", "Dana: which version is that?", after=3600, ends="Dana")
    assert scene.calls("Dana", "sorry, was away. It is version 3.2", after=after)
