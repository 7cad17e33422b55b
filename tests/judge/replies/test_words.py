"""What members say in each language when they send elsewhere, promise, hold, are away or have done it: by the words alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.cli.judge import QUESTION, Circumstances, From, Opinion, opinions

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC).timestamp()


def member_says(text: str) -> Opinion:
    """What the bot thinks of a member's reply on a Monday morning."""
    said = Circumstances(said_by=From.MEMBER, question=QUESTION, at=MONDAY, zone=UTC)
    return next(iter(opinions([text], said)))


@pytest.mark.parametrize(
    "text",
    [
        # a telephone number, whatever the words
        "Am schnellsten geht's unter 030 7654321",
        "Joignez-nous au 01 98 76 54 32",
        "Mejor por teléfono: 91 765 43 21",
        "Ring us on +44 20 7946 0123",
        "電話は03-9876-5432です",
        "请打 400-765-4321",
        # a channel without a verb
        "Der richtige Ort dafür ist #invoices",
        "Ça, c'est plutôt #invoices",
        "Voor zoiets hebben ze #invoices",
        # not us, but them
        "Damit bist du hier falsch, da bist du bei uns falsch, das macht die Personalabteilung",
        "C'est pas chez nous, c'est la facturation",
        "Non siamo noi, se ne occupa l'amministrazione",
        "To nie do nas, tym zajmują się kadry",
        "That's not our team, finance takes care of it",
        "这不属于我们负责，请找财务",
        # a department, a person
        "Parlez-en avec le service juridique",
        "Fale com o financeiro",
        "Habla con tu gestora de cuenta",
        "Vraag het aan de boekhouding",
        "Sprecht bitte mit eurer Kundenbetreuerin",
    ],
)
def test_sends_elsewhere(text: str) -> None:
    assert member_says(text).kind == "redirect"


@pytest.mark.parametrize(
    "text",
    [
        "Your order has the number 0012345678",
        "The invoice of 2026-03-12 10:00 has been paid",
        "The total comes to 1 234 567",
        "Use the color #ffaa00",
        "Ich habe in #invoices nachgefragt",
        "Die Technik ist in Ordnung, leere bitte den Cache",
        "Eso lo cambia el administrador en Ajustes",
    ],
)
def test_numbers_and_departments_that_send_nobody_elsewhere(text: str) -> None:
    assert member_says(text).kind != "redirect"


@pytest.mark.parametrize("text", ["メールでお送りしました", "メールにてお送りしました", "发您邮箱了", "已发你邮箱", "私信您了"])
def test_what_was_sent_by_mail_holds_as_it_does_in_english(text: str) -> None:
    assert member_says("I sent it by email").kind == member_says(text).kind == "holding"


@pytest.mark.parametrize("text", ["こちらで再設定しました、メールをご確認ください", "再発行できました、メールをご確認ください"])
def test_look_into_your_mail_after_what_was_done_answers(text: str) -> None:
    assert member_says(text).kind == "personal"


@pytest.mark.parametrize("text", ["メールをお送りしました", "请私信我", "メールをご確認ください"])
def test_a_mail_by_itself_sends_elsewhere(text: str) -> None:
    assert member_says(text).kind == "redirect"
