"""What a reply shows of whether it was written for one person: a template's marks, whom it greets, "I" or "we"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.personal import MOST_MARKS, PersonalReading, load_personal_words


def read(text: str) -> PersonalReading:
    return load_personal_words().read(text)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Hi {{first_name}}, thanks", "{{first_name}}"),
        ("Hi {{ contact.firstName }}, thanks", "{{ contact.firstName }}"),
        ("Hi [First Name], thanks", "[First Name]"),
        ("Hello <NAME>, thanks", "<NAME>"),
        ("%FIRSTNAME%, it has shipped", "%FIRSTNAME%"),
        ("Hi {name}!", "{name}"),
        ("Hello *|FNAME|*!", "*|FNAME|*"),
        ("See [insert link here]", "[insert link here]"),
        ("Guten Tag [Nachname], danke", "[Nachname]"),
        ("Bonjour {{prénom}}", "{{prénom}}"),
    ],
)
def test_what_a_template_left_in_it(text: str, mark: str) -> None:
    assert read(text).marks == (mark,)


@pytest.mark.parametrize(
    "text",
    [
        "use `{{name}}` in the template",
        "click [docs](https://docs.example.com) or [Save]",
        "call GET /users/{name}/exports",
        "it lies below C:\\Users\\%USERNAME%\\AppData, or %APPDATA%",
        "run it with --user <name>",
        "<b>no</b>, set <Name>value</Name>",
        "${{ github.event.name }} is empty there",
        "in 50% of cases, name 20% of them",
        "see [1], [x] and {x}",
    ],
)
def test_what_is_said_of_code_and_links_is_no_template(text: str) -> None:
    assert read(text).marks == ()


@pytest.mark.parametrize(
    ("text", "anybody"),
    [
        ("Dear customer, thank you", "Dear customer"),
        ("Dear valued customers, thank you", "Dear valued customers"),
        ("Sehr geehrte Damen und Herren, danke", "Sehr geehrte Damen und Herren"),
        ("Cher client, merci", "Cher client"),
        ("Estimado cliente, gracias", "Estimado cliente"),
        ("尊敬的用户您好", "尊敬的用户"),
        ("Dear Dana, our customers like it", ""),
    ],
)
def test_whom_it_greets(text: str, anybody: str) -> None:
    assert read(text).anybody == anybody


def test_a_greeting_without_its_name() -> None:
    assert read("Hi , your export is whole").greets_nobody == "Hi ,"
    assert read("Good morning , it is whole").greets_nobody == "Good morning ,"
    assert not read("Hi, your export is whole").greets_nobody
    assert not read("Hi Dana , your export is whole").greets_nobody


@pytest.mark.parametrize(
    ("only_we", "with_i"),
    [
        ("We have fixed it, he only waits for our release", "I have fixed it, we release tomorrow"),
        ("Wir haben das behoben", "Ich habe das behoben, wir liefern morgen"),
        ("Nous avons bien reçu votre demande", "J'ai regardé, nous livrons demain"),
        ("Hemos recibido su solicitud", "He revisado tu cuenta y nuestro equipo lo arregla"),
        ("Abbiamo risolto il problema della fattura", "Ho risolto il problema, noi spediamo domani"),
        ("We hebben het opgelost", "Ik heb het opgelost, we leveren morgen"),
        ("My naprawiliśmy to dla was, dziękujemy", "Sprawdziłem to, jutro wysyłamy nasz plik"),
        ("Nós verificamos a sua conta", "Eu verifiquei a sua conta, nosso time envia amanhã"),
        ("हमने इसे ठीक कर दिया है", "मैंने इसे देखा, हम कल भेजेंगे"),
        ("私たちが確認しました", "私が確認しました。弊社から送ります"),
        ("我们已经收到了", "我看了一下，我们会修"),
    ],
)
def test_i_and_we_in_every_language(only_we: str, with_i: str) -> None:
    assert read(only_we).only_we and not read(only_we).says_i
    assert read(with_i).says_i and not read(with_i).only_we


def test_who_says_neither_says_neither() -> None:
    seen = read("Take the date filter away, then it is whole.")
    assert not seen.only_we and not seen.says_i


@pytest.mark.parametrize(
    "text",
    [
        "It runs in us-east-1, next to your workers in the US.",
        "Our dashboard has it.",
        "Contactez-nous",
        'The text "we are closed"',
    ],
)
def test_what_is_ours_or_quoted_or_a_place_isnt_we(text: str) -> None:
    assert not read(text).only_we


def test_an_article_isnt_i() -> None:
    assert not read("I file sono pronti da ieri").says_i
    assert read("I'm here").says_i and read("Let me see, that is my part").says_i


def test_who_speaks_of_templates_leaves_no_mark() -> None:
    for text in ("The template takes {name} after the greeting", 'Write "Hello {name}" there', "Der Platzhalter heißt %FNAME%"):
        assert read(text).marks == ()
    for text in (
        "Dear Mr XXX, it leaves",
        "It arrives on [date of delivery].",
        "From here: INSERT LINK",
        "Hello [Customer's Name], hi",
    ):
        assert read(text).marks, text


def test_how_much_of_it_is_links() -> None:
    assert read("see https://example.com/a/long/way/to/the/page").links > 0.8
    assert read("It is whole now, and here is what changed in the last release: https://a.io").links < 0.5
    assert read("").links == 0.0


@given(
    st.one_of(
        st.text(max_size=200),
        st.sampled_from(["{{", "[a ", "%a", "<A", "*|", "Hi ", " ,", "\u202e", "```"]).map(lambda s: s * 4000),
    )
)
def test_any_text_is_read(text: str) -> None:
    seen = read(text)
    assert len(seen.marks) <= MOST_MARKS and 0.0 <= seen.links <= 1.0 and not (seen.only_we and seen.says_i)
