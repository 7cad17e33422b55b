"""Trouble told as a statement, by somebody who was here before: it opens as the first message of theirs would."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.judge.scene import Scene

LINES = {
    "en": [
        "I can't log in", "our account is locked", "my card was charged twice", "site is down", "the dashboard shows zeros",
        "invoice 4711 has the wrong VAT number", "the confirmation mail never comes", "the export is empty",
        "the app stopped syncing yesterday", "the page just spins", "upload doesn't work on my phone", "we are missing two seats",
        "I got an error 500 on checkout", "the report is blank", "our webhook isn't firing", "the search finds nothing",
        "login link has expired", "reset mail does not arrive",
    ],
    "de": [
        "ich kann mich nicht einloggen", "unser Konto ist gesperrt", "meine Karte wurde doppelt belastet", "die Seite ist down",
        "das Dashboard zeigt nur Nullen", "die Bestätigungsmail kommt nicht an", "der Export ist leer", "die Seite lädt ewig",
        "auf Rechnung 4711 steht die falsche USt-Nummer",
    ],
    "fr": [
        "je n'arrive pas à me connecter", "notre compte est bloqué", "ma carte a été débitée deux fois",
        "le tableau de bord affiche des zéros", "l'export est vide", "le site est en panne",
    ],
    "es": ["no puedo iniciar sesión", "nuestra cuenta está bloqueada", "me cobraron dos veces", "el panel muestra ceros"],
    "pt": ["não consigo entrar", "nossa conta está bloqueada", "fui cobrado duas vezes", "o painel mostra zeros"],
    "it": ["non riesco ad accedere", "il nostro account è bloccato", "la dashboard mostra zeri", "l'export è vuoto"],
    "nl": ["ik kan niet inloggen", "ons account is geblokkeerd", "het dashboard toont nullen", "de export is leeg"],
    "pl": ["nie mogę się zalogować", "nasze konto jest zablokowane", "panel pokazuje zera", "eksport jest pusty"],
    "ja": ["ログインできません", "アカウントがロックされました", "二重に請求されています", "ダッシュボードがゼロになっています"],
    "zh": ["登录不了", "我们的账号被锁了", "网站打不开", "报表全是零"],
    "hi": ["login nahi ho raha", "site down hai", "dashboard zero dikha raha hai", "लॉगिन नहीं हो रहा है"],
}  # fmt: skip


def _greeted() -> Scene:
    scene = Scene()
    scene.says("Dana", "Good morning!")
    return scene


def _thanked() -> Scene:
    scene = Scene()
    scene.says("Dana", "Hello, how do I change the logo?", opens=True)
    scene.says("Ana", "Under Settings there is an upload button.", after=300, ends="Dana")
    scene.says("Dana", "thanks!", after=60)
    return scene


def _known_and_greeting() -> Scene:
    scene = _thanked()
    scene.says("Dana", "hi all", after=86_400)
    return scene


HOUR, DAY = 3600.0, 86_400.0


@pytest.mark.parametrize("language", LINES)
@pytest.mark.parametrize(
    ("begin", "after"),
    [
        (Scene, 30), (_greeted, 20), (_greeted, 60), (_greeted, 900), (_greeted, 2 * HOUR), (_known_and_greeting, 60),
        (_thanked, HOUR), (_thanked, DAY), (_thanked, 7 * DAY),
    ],
    ids=["first", "20 s after hello", "a minute after hello", "15 min after hello", "2 h after hello", "hello the next day",
         "an hour after thanks", "the next day", "a week later"],
)  # fmt: skip
def test_trouble_opens_whenever_it_is_told(language: str, begin: Callable[[], Scene], after: float) -> None:
    missed = [line for line in LINES[language] if not begin().calls("Dana", line, after=after)]
    assert len(missed) <= len(LINES[language]) // 9, missed


@pytest.mark.parametrize(
    "text", ["done", "nice weather today, lol", "Heads up everyone, the new release notes are out", "Omar: the red one"]
)
def test_a_comment_opens_nothing_the_next_day(text: str) -> None:
    scene = _thanked()
    scene.says("Omar", "Good morning all")
    assert not scene.calls("Dana", text, after=DAY)
