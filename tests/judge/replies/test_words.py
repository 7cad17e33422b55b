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


@pytest.mark.parametrize(
    ("text", "until"),
    [
        # I call, send, do it
        ("Ich ruf euch in ner halben Stunde an", "2026-03-02 10:3"),
        ("Je te rappelle dans une demi-heure", "2026-03-02 10:30"),
        ("Te llamo en dos horas", "2026-03-02 12:00"),
        ("Ich schick dir die Rechnung morgen", "2026-03-03"),
        ("Nous corrigerons cela vendredi", "2026-03-06"),
        ("Lo sistemiamo domani", "2026-03-03"),
        ("Zrobimy to w piątek", "2026-03-06"),
        # then it comes, or is done
        ("Morgen kommt ein Patch", "2026-03-03"),
        ("Mañana sale un parche", "2026-03-03"),
        ("Bis Ende der Woche sollte das live sein", "2026-03-06"),
        ("Ce sera corrigé d'ici vendredi", "2026-03-06"),
        ("Do piątku powinno być naprawione", "2026-03-06"),
        ("It'll be fixed by the end of the month", "2026-03-31"),
        ("A patch should be out by Friday", "2026-03-06"),
        # what the customer will have is asked of nobody
        ("Bis Dienstag hast du eine Antwort", "2026-03-03"),
        ("Amanhã você tem uma resposta", "2026-03-03"),
        # the time of who takes it on
        ("Ich kümmere mich am Mittwoch darum", "2026-03-04"),
        ("Je m'en occupe mercredi", "2026-03-04"),
        ("Me encargo el miércoles", "2026-03-04"),
        ("Cuido disso na quarta-feira", "2026-03-04"),
        # scripts without spaces, and Hindi
        ("明早回您", "2026-03-03"),
        ("周五之前修复", "2026-03-06"),
        ("半小时后给您答案", "2026-03-02 10:30"),
        ("明日リリース予定です", "2026-03-03"),
        ("20分ください", "2026-03-02 10:20"),
        ("kal tak ho jayega", "2026-03-03"),
        ("कल तक हो जाएगा", "2026-03-03"),
    ],
)
def test_promises(text: str, until: str) -> None:
    said = member_says(text)
    assert (said.kind, (said.until or "")[: len(until)]) == ("promise", until)


@pytest.mark.parametrize(
    "text",
    [
        "The trial will be charged on April 1",
        "Die Rechnung wird am 1. April verschickt",
        "La oferta termina el viernes",
        "Le support est ouvert demain de 9h à 18h",
        "更新到最新版本就可以解决这个问题",
        "設定画面から修正できます",
        "settings me jaake export karo, ho jayega",
    ],
)
def test_times_that_promise_nothing(text: str) -> None:
    assert member_says(text).kind == "personal"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        # away, by the way they say where they are
        ("Ich bin schwer erreichbar heute", "nothing"),
        ("Je suis en télétravail, pas joignable avant midi", "nothing"),
        ("Estoy teletrabajando y poco localizable", "nothing"),
        ("Hoje estou de folga", "nothing"),
        # passed on, as a state
        ("Liegt jetzt bei den Entwicklern", "holding"),
        ("Já está com a equipe financeira", "holding"),
        ("Jest już u działu prawnego", "holding"),
        ("総務に確認依頼を出しました", "holding"),
        ("跟財務說了一聲", "holding"),
        # received, sorry, and nothing else
        ("受付完了いたしました", "nothing"),
        ("ご迷惑をおかけして申し訳ございません", "nothing holding"),
        ("給您帶來不便，深表歉意", "nothing holding"),
        ("asuvidha ke liye khed hai", "nothing holding"),
        # knows nothing of it, has no time
        ("No controlo ese tema", "nothing"),
        ("Je m'y connais pas trop", "nothing"),
        ("Non me ne intendo molto", "nothing"),
        ("nwm", "nothing"),
        # exclamations
        *(
            (word, "nothing")
            for word in ("Mist!", "zut alors", "ostras", "eita", "uffa", "oei", "ojejku", "まじか", "天哪", "arre yaar")
        ),
        # done, in few words
        ("Sollte jetzt wieder gehen", "personal"),
        ("On vient de corriger ça", "personal"),
        ("Lo acabo de arreglar", "personal"),
        ("Zou weer moeten werken", "personal"),
        ("Abbiamo appena sistemato", "personal"),
        # the same words of other things
        ("Der Server ist wieder erreichbar", "personal"),
        ("Im Homeoffice brauchst du zuerst das VPN", "personal"),
        ("Vaya a Ajustes y pulse Exportar", "personal"),
        ("画面の右上に見えます、そこを押してください", "personal"),
    ],
)
def test_words_that_hold_or_say_nothing_and_those_that_answer(text: str, kinds: str) -> None:
    assert member_says(text).kind in kinds.split()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Damy znać 13.03", "03-13"),
        ("Ich melde mich am 13.3", "03-13"),
        ("Je hoort van ons voor 12-03", "03-12"),
        ("Te respondo el 13-03", "03-13"),
        ("Ich melde mich in der übernächsten Woche", "03-18"),
        ("本周四回复您", "03-05"),
        ("3/12 回复您", "03-12"),
        ("20 tareekh ko bata denge", "03-20"),
        ("Ich melde mich um 9 Uhr Pazifik-Zeit", "03-02 17:00"),
        *(
            (text, "03-16")
            for text in ("Je hoort van me over twee weken", "Odezwę się za dwa tygodnie", "I'll call you in two weeks")
        ),
    ],
)
def test_days_as_they_are_written(text: str, day: str) -> None:
    assert (member_says(text).until or "").startswith(f"2026-{day}")
