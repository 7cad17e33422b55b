"""Replies that put off and help besides, that look for a colleague, that name one, or give the link that was asked for."""

from __future__ import annotations

import pytest

from bot.domain.waits import ANSWERING, ReplyKind
from tests.judge.replies.test_kinds import PLAIN, reply


@pytest.mark.parametrize(
    "text",
    [
        "known bug, upgrade to 5.1",
        "we're working on it, meanwhile take the second schedule away",
        "We're on it. You can use the old report until then.",
        "Not sure why, but reloading the page twice helps.",
        "No clue why, but clearing the browser cache helps.",
        "We know about it: please use the other button for now",
        "bekannter Fehler, mit 5.1 behoben",
        "wir sind dran, in der Zwischenzeit hilft Neuladen der Seite",
        "on travaille dessus, en attendant utilisez l'ancien rapport",
        "estamos en ello, mientras tanto usa el informe antiguo",
    ],
)
def test_what_puts_off_and_helps_is_an_answer(text: str) -> None:
    assert reply(text).kind in ANSWERING


@pytest.mark.parametrize(
    "text", ["we're working on a fix, hang tight", "known issue, we're on it", "not sure, sorry", "let me check, one moment"]
)
def test_what_only_puts_off_is_none(text: str) -> None:
    assert reply(text).kind not in ANSWERING


@pytest.mark.parametrize(
    "text",
    [
        "anybody around?", "Who knows about reports?", "has anyone seen that before?", "can someone take this?",
        "who's on duty today?", "wer kennt sich mit Berichten aus?", "alguém aqui?",
    ],
)  # fmt: skip
def test_a_question_to_whoever_of_the_team_reads_it_asks_the_customer_nothing(text: str) -> None:
    assert reply(text).kind is ReplyKind.HOLDING


def test_a_question_about_the_customers_own_people_is_one_to_them() -> None:
    assert reply("does anyone of you use a proxy?").kind is ReplyKind.CLARIFYING


def test_really_asks_nothing_back() -> None:
    assert reply("Really?").kind is ReplyKind.NOTHING


def test_a_colleague_is_the_answer_where_one_asks_who() -> None:
    assert reply("Ben does that, he's in at ten", "Who handles the invoices?").kind is ReplyKind.PERSONAL
    assert reply("I'll ask Ben", "Who handles the invoices?").kind is ReplyKind.HOLDING


@pytest.mark.parametrize(
    "text",
    [
        "Ben knows this one best", "Mia would know", "that's one for Mia I think", "you could ask Ben",
        "better ask Mia about reports",
        "Ben handles those", "da fragst du am besten Ben", "das weiß Mia", "das kann dir Ben sagen, der kennt sich aus",
        "c'est Mia qui s'en occupe", "il faut demander à Ben", "eso lo lleva Mia", "pregúntale a Ben", "lo sa Mia",
        "chiedi pure a Ben",
        "quem cuida disso é a Mia", "pergunta pro Ben", "dat weet Mia wel", "vraag dat even aan Ben", "Mia się tym zajmuje",
        "Miaさんが詳しいです", "Benに聞いてみてください", "这个Mia比较清楚", "你找Ben问问", "Ben ko pata hoga",
        "Mia se puch lijiye",
    ],
)  # fmt: skip
def test_who_leaves_it_to_a_colleague_by_name_passes_it_on(text: str) -> None:
    assert reply(text).kind is ReplyKind.HOLDING


@pytest.mark.parametrize(
    "text",
    [
        "I asked Ben: the second schedule is doubled, delete it",
        "Ben knows this bug, it is fixed in 5.1 since Monday, please update",
        "one for each of the schedules, that's why it is there twice",
        "as far as I know the list asks for it twice",
    ],
)
def test_who_tells_what_a_colleague_knows_or_names_nobody_passes_nothing_on(text: str) -> None:
    assert reply(text).kind is ReplyKind.PERSONAL


@pytest.mark.parametrize(
    "text", ["May I ask which browser it is?", "does it ask for a password?", "wer von euch weiß das Passwort?"]
)
def test_words_that_leave_to_somebody_in_a_question_to_the_customer_leave_nothing(text: str) -> None:
    assert reply(text).kind is ReplyKind.CLARIFYING


@pytest.mark.parametrize(
    "text",
    [
        "Let me check... yes, the second schedule does that",
        "one moment. No, that was taken out in the summer",
        "moment... ja, der zweite Plan ist noch aktiv",
        "un instant... oui, le deuxième planning est actif",
        "un momento... sí, el segundo horario sigue activo",
    ],
)
def test_who_holds_and_then_answers_in_one_message_answers(text: str) -> None:
    assert reply(text).kind is ReplyKind.PERSONAL


@pytest.mark.parametrize(
    "text",
    [
        "Hi, yes it's down on our side, we're on it", "yes, we see it too, the team is on it", "yep it's broken, looking into it",
        "ja, bei uns auch kaputt, wir sind dran", "oui c'est en panne chez nous, on est dessus",
    ],
)  # fmt: skip
def test_who_only_says_that_the_trouble_is_known_holds(text: str) -> None:
    assert reply(text).kind is ReplyKind.HOLDING


def test_what_a_colleague_said_is_told_to_the_customer() -> None:
    assert reply("Ben says the second schedule must be deleted.").kind is ReplyKind.PERSONAL


@pytest.mark.parametrize("question", ["Where is the documentation?", "What's the url of the status page?"])
def test_a_bare_link_answers_who_asks_where_something_is(question: str) -> None:
    assert reply("https://docs.shop.example", question).kind is ReplyKind.PERSONAL
    assert reply("https://docs.shop.example", PLAIN).kind is ReplyKind.NOTHING


def test_a_name_and_no_word_says_nothing() -> None:
    assert reply("Dana:").kind is ReplyKind.NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "This is better suited for the developers channel", "wrong channel, sorry", "please file an issue",
        "this room is for partners only", "this chat is reserved for partners", "this channel is strictly for incidents",
        "Sorry, but this channel is for developers", "would you mind emailing support?", "could you raise this with sales?",
    ],
)  # fmt: skip
def test_the_wrong_room_sends_elsewhere(text: str) -> None:
    assert reply(text).kind is ReplyKind.REDIRECT


@pytest.mark.parametrize(
    "text",
    [
        "this field is only for numbers", "this list is only updated at night", "do you mind sending the log?",
        "we raised this with the support team, they fixed it", "This channel is for you, ask away",
    ],
)  # fmt: skip
def test_what_is_only_for_something_and_no_room_sends_nobody_elsewhere(text: str) -> None:
    assert reply(text).kind is not ReplyKind.REDIRECT


POINTING = [
    "see https://docs.example.com/print",
    "Check https://docs.example.com/print",
    "here: https://docs.example.com/print",
    "Siehe https://docs.example.com/print",
    "voir ici https://docs.example.com/print",
    "mira aquí: https://docs.example.com/print",
    "veja https://docs.example.com/print",
    "vedi https://docs.example.com/print",
    "zie hier https://docs.example.com/print",
    "zobacz https://docs.example.com/print",
    "こちらをご覧ください https://docs.example.com/print",
    "请看 https://docs.example.com/print",
    "yahan dekhiye https://docs.example.com/print",
]


@pytest.mark.parametrize("text", POINTING)
def test_words_that_only_point_to_a_link_say_no_more_than_the_link(text: str) -> None:
    assert reply(text, PLAIN).kind is ReplyKind.NOTHING
    assert reply(text, "Where is the documentation?").kind is ReplyKind.PERSONAL
    assert reply(f"Turn the filter off in the settings, {text}", PLAIN).kind is ReplyKind.PERSONAL
