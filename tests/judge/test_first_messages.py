"""What a customer writes first: which words call for a reply, however few they are, and which don't, however many."""

from __future__ import annotations

import pytest

from tests.judge.scene import Scene

CALLS = [
    # a bare cry for help
    "Help",
    "help!",
    "HELP PLEASE",
    "Need help",
    "need some help here",
    "I need help",
    "Help needed",
    "Hilfe",
    "Hilfe!",
    "Brauche Hilfe",
    "Besoin d'aide",
    "Ayuda",
    "Necesito ayuda",
    "Ajuda",
    "Preciso de ajuda",
    # a wish in a few words
    "I need a new key",
    "I need a new invoice",
    "We need another seat",
    "I want a refund",
    "We'd like to upgrade",
    "Ich brauche einen neuen Schlüssel",
    "J'ai besoin d'une nouvelle clé",
    "Necesito una clave nueva",
    "Preciso de uma chave nova",
    # alarm
    "URGENT",
    "Urgent!!",
    "emergency",
    "This is urgent",
    "The site is down",
    "Everything is down!!!",
    "production is down since 10 minutes",
    "Dringend!",
    "Notfall",
    "C'est urgent",
    "Es urgente",
    "É urgente",
    # a report in a few words, without a question
    "I'm looking at the invoices and one is missing",
    "I'm checking our numbers, and the totals are wrong",
    "Login is broken",
    "the import fails again",
    "My invoice shows the wrong amount.",
    "Feature request: a dark theme for the dashboard.",
    # praise, or that something works, and then what doesn't
    "Nice update! But now I can't find my contracts",
    "The new calendar is awesome, but the print button does nothing",
    "Great update! But the old reports are gone now",
    "It works now, except for the invoices",
    "It works again, except for umlauts",
    "Der neue Kalender ist klasse, aber der Druckknopf tut nichts",
    "Es funktioniert jetzt, bis auf die Suche",
    "Le nouveau calendrier est génial, mais le bouton imprimer ne fait rien",
    "Ça marche maintenant, sauf la recherche",
    "El calendario nuevo es genial, pero el botón no hace nada",
    "Ya funciona, excepto el buscador",
    "O novo calendário está ótimo, mas o botão não faz nada",
    "Il nuovo calendario è fantastico, ma il pulsante non fa nulla",
    "De nieuwe agenda is super, maar de printknop doet niets",
    "Nowy kalendarz jest super, ale przycisk druku nic nie robi",
    "新しい画面はとても良いですが、印刷ボタンが動きません",
    "新界面很好，但是打印按钮没有反应",
    "naya calendar badhiya hai, lekin print button kaam nahi karta",
]

NOTHING = [
    # praise, and nothing against it
    "Great, but no rush",
    "Fixed it myself, but thanks anyway",
    "never mind, it works, but it took a while",
    "Nice release! But no complaints from us",
    "Perfect, all good now",
    # absence notes
    "I'm out of office until Monday 9 March. For urgent matters contact Omar.",
    "Out of office: back on Tuesday, please write to Omar meanwhile",
    "I am currently on parental leave.",
    "I'm on vacation until the 12th and will read your message when I am back.",
    "Automatic reply: I am on annual leave with limited access to my mail.",
    "Abwesenheitsnotiz: Ich bin bis 9. März nicht im Büro.",
    "Ich bin bis Montag im Urlaub, in dringenden Fällen hilft Omar.",
    # greetings, thanks, joy
    "Hello everybody, nice to be here",
    "Good morning all!",
    "Happy Friday everyone",
    "hi",
    "Guten Morgen zusammen",
    "Bonjour à tous",
    "Buenos días a todos",
    "Bom dia a todos",
    "thanks everybody, have a nice weekend",
    "lol",
    ":)",
    "👍",
    # for everybody, and asks nothing
    "Tip for everybody: the keyboard shortcut for search is ctrl k",
    "For anyone who had the trouble with the old key: logging out and in again solved it for me",
    "Heads up everyone, the new release notes are out",
    # one's own next step
    "will try it tomorrow",
    "ok, let me check that first",
    "I'll have a look at the docs and try again",
    # it is over
    "Never mind, found it",
    "solved, it was our proxy",
    "works now, it was our firewall",
]


@pytest.mark.parametrize("text", CALLS)
def test_it_calls_for_a_reply(text: str) -> None:
    assert Scene().calls("Dana", text)


@pytest.mark.parametrize("text", CALLS)
def test_it_calls_no_less_when_another_customer_spoke_just_before(text: str) -> None:
    scene = Scene()
    scene.says("Omar", "thanks, that works", after=3600)
    assert scene.calls("Dana", text, after=5)


@pytest.mark.parametrize("text", NOTHING)
def test_it_opens_nothing(text: str) -> None:
    assert not Scene().calls("Dana", text)


@pytest.mark.parametrize("text", ["@Ana", "<@U1>", "Ana?", "@Ana @Ben", "hey @Ana"])
def test_a_member_who_is_called_by_name_and_nothing_else_is_called(text: str) -> None:
    scene = Scene()
    mentions = ("ana",) if "@" in text else ()
    assert scene.calls("Dana", text, mentions=mentions, calls_team=bool(mentions))


@pytest.mark.parametrize("before", ["hi", "Hello!", ":)", "😕", "Hello everybody", "Guten Tag", "good morning all"])
def test_a_greeting_or_an_emoticon_before_the_question_opens_nothing_and_the_question_opens(before: str) -> None:
    scene = Scene()
    greeting = scene.judged("Dana", before)
    assert greeting.probability < 0.5
    scene.says("Dana", before)
    assert scene.calls("Dana", "How do I get an invoice for last month?", after=20)
    assert scene.calls("Dana", "the last invoice isn't in my inbox", after=20)
    assert scene.calls("Dana", "I need a new key", after=20)
    assert scene.calls("Dana", "help", after=20)


@pytest.mark.parametrize(
    "text",
    [
        "I'm on vacation from tomorrow on, can somebody unlock our account before?",
        "My colleague is on leave, who can give me access to her invoices?",
        "We need the new key before I am on vacation",
    ],
)
def test_who_speaks_of_an_absence_may_ask(text: str) -> None:
    assert Scene().calls("Dana", text)
