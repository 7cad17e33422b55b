"""What is said to nobody by name, hours after the only customer who waits: news answers nobody, a late answer counts."""

from __future__ import annotations

import pytest

from bot.domain.context import Context
from bot.domain.hours import ALWAYS
from bot.domain.waits import HoldKind, ReplyKind, WaitState
from bot.judge.standard import StandardJudge
from tests.waits.world import DAY, HOUR, MINUTE, World

JUDGE = StandardJudge()

NEWS = [
    "Our prices change on 1 July, the new list is on the website.",
    "We published a guide about roles and rights: https://example.com/guides/roles",
    "Please fill in our short survey, it helps us plan the next quarter: https://example.com/survey",
    "We're hiring a technical writer, spread the word!",
    "The webinar on reporting starts in ten minutes, join us!",
    "Our office stays closed on Thursday, it's a public holiday.",
    "Congratulations to the winners of the photo contest!",
    "Wir haben eine neue Version veröffentlicht, die Neuerungen stehen im Blog.",
    "Unser Büro ist am Montag wegen Feiertag geschlossen.",
    "Nous recrutons une développeuse à Nantes.",
    "Nuestra oficina cierra el lunes por festivo.",
    "Estamos contratando, há vagas em Braga.",
    "Lunedì gli uffici sono chiusi per ferie.",
    "Doe mee aan onze enquête, er is een webinar voor de winnaars.",
    "Zapraszamy na webinar o raportach w czwartek.",
]
LATE = [
    "The folder had the wrong owner. I've changed it, have another go.",
    "Under Settings there is a switch for that, it's called Compact.",
    "It only counts finished rows, so drafts are missing.",
    "Which browser is that in?",
    "Das liegt am Datumsfilter, einfach leeren.",
    "Il faut d'abord vider le cache, puis relancer.",
    "Hay que volver a iniciar sesión, el permiso ya está puesto.",
    "É só apagar o filtro e gerar outra vez.",
    "Basta svuotare la cache e riaprire la pagina.",
    "Je moet eerst de filter weghalen.",
    "Trzeba wyczyścić filtr i wczytać stronę jeszcze raz.",
]


def asked(question: str = "Hello, why does my export come out empty?", later: float = 3 * HOUR) -> World:
    world = World()
    world.context = Context(judge=JUDGE, hours_of=lambda _: ALWAYS)
    world.dana.says(question)
    world.later(later)
    return world


@pytest.mark.parametrize("text", NEWS)
def test_news_for_all_answers_nobody(text: str) -> None:
    world = asked()
    world.ana.says(text)
    assert world.wait.open


@pytest.mark.parametrize("text", LATE)
def test_a_late_answer_without_a_name_counts(text: str) -> None:
    world = asked()
    world.ana.says(text)
    assert world.wait.state is WaitState.ANSWERED


def test_the_same_news_answers_whoever_is_told_it_by_name_or_in_their_thread() -> None:
    text = "Our office stays closed on Thursday, it's a public holiday."
    by_name, in_thread = asked("Can I pick up the parcel on Thursday?"), asked("Can I pick up the parcel on Thursday?")
    by_name.ana.says(f"Dana: {text}")
    in_thread.ana.says(text, thread=in_thread.wait.messages[0])
    assert by_name.wait.state is in_thread.wait.state is WaitState.ANSWERED


def test_one_answer_without_a_name_is_for_all_who_ask_the_same_in_the_same_words() -> None:
    same, another = (asked("How do I export the yearly invoices as a spreadsheet?", later=MINUTE) for _ in range(2))
    same.omar.says("How can we export yearly invoices as spreadsheet?")
    another.omar.says("Where is the Berlin office?")
    for world in (same, another):
        world.later(HOUR)
        world.ana.says("Use the export button above the invoices and pick XLSX.")
    assert not [wait for wait in same.waits if wait.open]
    assert [wait.customer for wait in another.waits if wait.open] == ["omar"]


def test_a_promise_put_off_again_is_a_promise() -> None:
    world = asked("Could you check why the invoices are missing?", later=MINUTE)
    world.ana.says("I'll get back to you on Thursday", thread=world.wait.messages[0])
    world.later(3 * DAY)
    world.ana.says("it'll be Monday", thread=world.wait.messages[0])
    assert world.wait.open and world.wait.replies[-1].kind is ReplyKind.PROMISE
    assert world.wait.hold is not None and world.wait.hold.kind is HoldKind.PROMISE


def test_two_answers_in_one_message_are_for_both_who_are_named() -> None:
    world = asked("How do I rename the workspace?", later=MINUTE)
    world.omar.says("The login page stays white, what can I do?")
    world.later(MINUTE)
    world.ana.says("Dana: in the settings, at the top. Omar: please clear the cache and load it again.")
    assert not [wait.customer for wait in world.waits if wait.open]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("how do I export my list?", "How can I export the yearly list?"),
        ("Hello, how do I reset my password?", "how to reset the password??"),
        ("what is the limit for uploads?", "Hey, what's the upload limit"),
    ],
)
def test_one_answer_to_two_who_ask_alike_in_few_words_is_for_both_or_asked_about(one: str, other: str) -> None:
    world = asked(one, later=4 * MINUTE)
    world.omar.says(other)
    world.later(5 * MINUTE)
    world.ana.says("It is under File > Settings, click on it there")
    left = [wait for wait in world.waits if wait.open]
    assert len(left) < 2 and all(wait.possible_answer is not None for wait in left)


@pytest.mark.parametrize(
    "text",
    [
        "Dana, it's in the settings. Omar, please clear the cache.",
        "Hi Dana, it's in the settings. And Omar: clear the cache please.",
        "Dana - in the settings; Omar - clear the cache",
        "Dana: in the settings, Omar: clear the cache",
        "* Dana: in the settings\n* Omar: clear the cache",
        "1) Dana: in the settings 2) Omar: clear the cache",
    ],
)
def test_each_who_is_named_where_a_clause_or_a_line_begins_is_answered(text: str) -> None:
    world = asked("How do I rename the workspace?", later=MINUTE)
    world.omar.says("The login page stays white, what can I do?")
    world.later(MINUTE)
    world.ana.says(text)
    assert not [wait.customer for wait in world.waits if wait.open]


@pytest.mark.parametrize(
    ("promised", "later"),
    [
        ("I'll get back to you on Thursday", "sorry, needs till Friday"),
        ("ich melde mich am Donnerstag", "wird leider erst Freitag"),
        ("te aviso el jueves", "necesito hasta el viernes"),
    ],
)
def test_a_promise_put_off_in_other_words_stays_one(promised: str, later: str) -> None:
    world = asked("Could you check why the invoices are missing?", later=MINUTE)
    world.ana.says(promised, thread=world.wait.messages[0])
    world.later(DAY)
    world.ana.says(later, thread=world.wait.messages[0])
    assert world.wait.open and world.wait.replies[-1].kind is ReplyKind.PROMISE


@pytest.mark.parametrize(
    "text",
    [
        "Fun fact: a million labels were printed this week",
        "The desktop app is rolling out in stages",
        "Did you know that labels can be pinned?",
        "From today on there are free trials of 30 days",
        "Thanks to everybody who came to the meetup!",
        "Reports are now available on every plan",
        "We just passed ten thousand customers!",
        "Black week: yearly plans cost a quarter less until Sunday",
    ],
)
def test_news_without_a_word_of_newness_answers_nobody(text: str) -> None:
    world = asked()
    world.ana.says(text)
    assert world.wait.open
