"""What a customer writes after the team has answered: thanks and the like call for nothing, "thanks, but" does."""

from __future__ import annotations

import pytest

from tests.judge.scene import JUDGE, Scene

MINUTES, HOURS, DAY = 300.0, 2 * 3600.0, 86_400.0

OVER = [
    "thanks",
    "Thank you!",
    "thank you, that did it",
    "Thanks a lot, works like a charm",
    "ok will try",
    "ok, will try that and report",
    "Great, thanks Ana",
    "perfect",
    "got it",
    "Ah, I see. Thanks!",
    "ah ok, makes sense",
    "my mistake, sorry",
    "My mistake, I had the filter set twice",
    "sorry, my bad, I looked at the wrong project",
    "you are right, the filter was set",
    "indeed, that was it",
    "it was our firewall that blocked the request",
    "the problem was an old filter from last year",
    "Ah, we had the wrong key in our settings. Thanks!",
    "It failed because our token was invalid, works now",
    "Thanks! But only if it is no trouble",
    "Thanks, no rush though",
    "thanks, but no need anymore",
    "Thanks but I already found it",
    "thank you, I'll give it a try after lunch",
    "I will clear the filter then",
    "ok, I'll tell my colleagues",
    "good to know",
    "awesome, you saved my day",
    "lol ok",
    "👍",
    "have a nice weekend!",
    "danke, das hat geklappt",
    "Super, vielen Dank!",
    "alles klar, mein Fehler",
    "Danke, ich probiere es morgen",
    "Merci, ça marche",
    "merci beaucoup, bonne journée",
    "Obrigado, resolvido",
    "perfeito, obrigada!",
    "gracias, ya funciona",
    "Muchas gracias por la ayuda",
]

AGAIN = [
    "Thanks, but the file is still empty",
    "thank you, it still shows nothing though",
    "Thanks Ana. Unfortunately no change.",
    "Thanks but that option is greyed out for me",
    "Thanks for the quick reply, I do not see any Filters menu",
    "ok, did that, but the file is still empty",
    "Hm, still empty",
    "still empty here",
    "Still the same",
    "No luck, the export is empty again",
    "that didn't help",
    "I did that, it still fails",
    "Great idea, but there is no such button",
    "Thanks! It doesn't work for me though",
    "thanks, however the second sheet is missing now",
    "Sorry, but that doesn't change anything",
    "Perfect, thank you. Now the import fails with error 42",
    "Great, thanks! Next problem: the login page is blank",
    "thanks, and how do I set it back?",
    "ok thanks. Is there a way to do that for all projects?",
    "I need a new key as well",
    "Danke, aber die Datei ist immer noch leer",
    "Danke, leider keine Änderung",
    "Danke, aber den Menüpunkt gibt es bei mir nicht",
    "Merci ! Mais le fichier est toujours vide",
    "Merci, malheureusement ça ne marche pas",
    "Gracias, pero el archivo sigue vacío",
    "Gracias, pero todavía no funciona",
    "Obrigado, mas o arquivo continua vazio",
    "Obrigada, mas ainda não funciona",
]


def answered(*, thread: bool = False) -> tuple[Scene, str | None]:
    scene = Scene()
    asked = scene.says("Dana", "Hello, why does my export come out empty?", opens=True)
    told = "That happens when the date filter is set. Clear it under Filters and run it again."
    place = asked.id if thread else None
    scene.says("Ana", told, after=MINUTES, ends="Dana", thread=place)
    return scene, place


@pytest.mark.parametrize("thread", [False, True], ids=["channel", "thread"])
@pytest.mark.parametrize("after", [MINUTES, HOURS, DAY], ids=["minutes", "hours", "a day"])
@pytest.mark.parametrize("text", OVER)
def test_it_is_over(text: str, after: float, thread: bool) -> None:
    scene, place = answered(thread=thread)
    assert not scene.calls("Dana", text, after=after, thread=place)


@pytest.mark.parametrize("thread", [False, True], ids=["channel", "thread"])
@pytest.mark.parametrize("after", [MINUTES, HOURS, DAY], ids=["minutes", "hours", "a day"])
@pytest.mark.parametrize("text", AGAIN)
def test_it_is_not_over(text: str, after: float, thread: bool) -> None:
    scene, place = answered(thread=thread)
    assert scene.calls("Dana", text, after=after, thread=place)


@pytest.mark.parametrize("text", [text for text in AGAIN if "thank" in text.casefold() or "dank" in text.casefold()])
def test_thanks_with_a_but_close_no_wait(text: str) -> None:
    """Where the wait is still open: the reply asked something, or wasn't taken for one."""
    scene = Scene()
    scene.says("Dana", "Hello, why does my export come out empty?", opens=True)
    scene.says("Ana", "That happens when the date filter is set.", after=MINUTES)
    assert JUDGE.closes(scene.seen("Dana", text), scene.window, scene.waits[0]) is None
