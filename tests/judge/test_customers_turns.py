"""Small turns of customers' talk, in the languages that are covered: not solved, over, one more question, a slip."""

from __future__ import annotations

import pytest

from tests.judge.scene import JUDGE, Scene

DAY = 86_400.0

NOT_OVER = [
    "no, same problem", "nein, gleiches Problem", "non, même problème", "nie, ten sam problem", "nahi, wahi problem",
    "hmm ça ne marche toujours pas", "nie, nie działa", "dzięki, ale nic się nie zmienia", "hm, nothing changed",
  "it worked once, and now it's empty again", "it happened again", "and it's back",
    "Tried that already", "I can't find it", "I can't find that menu",
    # one more question
    "danke. noch was: wie ändere ich das Logo", "ok danke, wo ist das denn genau", "danke und wo finde ich die Rechnung",
    "last question, where do I upload the logo", "dzięki, a jak zmienić logo", "merci, et comment changer le logo",
    "gracias, y cómo cambio el logo", "obrigado, e como mudo o logo", "grazie, e come cambio il logo",
    "bedankt, en hoe verander ik het logo",
]  # fmt: skip

OVER = [
    "no, that was all, thanks", "nein, das war alles, danke", "non, c'est tout, merci", "no, eso era todo, gracias",
    "não, era só isso, obrigado", "no, è tutto, grazie", "nee, dat was alles, bedankt", "nie, to wszystko, dzięki",
    "a pity, but thanks", "schade, aber danke", "dommage, mais merci", "qué pena, pero gracias", "que pena, mas obrigado",
    "szkoda, ale dzięki", "peccato, ma grazie", "jammer, maar bedankt", "ale szybko, dziękuję",
    "I was looking at the wrong account", "ah ero sul browser sbagliato", "ich war im falschen Konto",
    "turns out our proxy blocked it",
]  # fmt: skip

FIRST = [
    "mera account block ho gaya", "data delete ho gaya", "file gayab ho gayi", "link expire ho gaya", "मेरा खाता बंद हो गया",
    "डेटा डिलीट हो गया", "フォルダのログを確認してください", "請求書を再送してください", "Il me faudrait votre numéro de TVA",
    "ca marche pas", "nao ta funcionando o login", "Koennt ihr mir die Rechnung nochmal schicken",
    "wondering if you support SSO", "Need this fixed before our demo at 3", "数据没了", "多久能修好", "बिल दोबारा भेज दीजिए",
]  # fmt: skip

NOTHING = [
    "Frohe Weihnachten", "Feliz Navidad", "Happy Diwali", "Merry Christmas everyone", "Joyeux Noël à tous", "Wesołych Świąt",
    "新年快乐", "あけましておめでとうございます", "wrong channel, sorry", "falscher Kanal, sorry",
    "In case it helps anybody: clearing the cache helped us",
]  # fmt: skip

TOLD = [
    "Thanks, it's 4.2", "Thank you for looking! It's 4.2.1", "Will do, it's req_8812", "ok, it's 4.2", "Ah yes, sorry: 4.2",
    "Oh, 4.2 I think", "Danke, es ist 4.2", "Merci, c'est la 4.2", "gracias, es la 4.2", "ok, 4.2",
]  # fmt: skip


def answered() -> Scene:
    scene = Scene()
    scene.says("Dana", "Hello, why does my export come out empty?", opens=True)
    scene.says(
        "Ana", "That happens when the date filter is set. Clear it under Filters and run it again.", after=300, ends="Dana"
    )
    return scene


@pytest.mark.parametrize("text", NOT_OVER)
def test_it_goes_on_after_the_answer(text: str) -> None:
    assert answered().calls("Dana", text, after=300)


@pytest.mark.parametrize("text", OVER)
def test_it_is_over(text: str) -> None:
    assert not answered().calls("Dana", text, after=300)


@pytest.mark.parametrize("text", FIRST)
def test_a_first_message_opens(text: str) -> None:
    assert Scene().calls("Dana", text)


@pytest.mark.parametrize("text", NOTHING)
def test_wishes_tips_and_slips_open_nothing(text: str) -> None:
    assert not Scene().calls("Dana", text)


@pytest.mark.parametrize("question", ["Which version do you use?", "Dana: can you share the request id?"])
@pytest.mark.parametrize("text", TOLD)
def test_a_number_after_a_courtesy_answers_the_team(text: str, question: str) -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails", opens=True)
    scene.says("Ana", question, after=60, ends="Dana")
    assert scene.calls("Dana", text, after=120)


@pytest.mark.parametrize(
    "text", ["hello??", "?", "so?", "und?", "Is there any progress?", "Ana, could you please answer?", "des nouvelles ?"]
)
def test_a_bump_hours_later_goes_on_with_the_wait(text: str) -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails with a red message", opens=True)
    assert JUDGE.belongs(scene.seen("Dana", text, after=7300), scene.waits[0], scene.window)


@pytest.mark.parametrize("text", ["How do I change the logo?", "I need a new key", "please resend the invoice"])
def test_a_new_matter_hours_later_does_not(text: str) -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails with a red message", opens=True)
    assert not JUDGE.belongs(scene.seen("Dana", text, after=7300), scene.waits[0], scene.window)


@pytest.mark.parametrize("text", ["no rush", "No rush, take your time"])
def test_no_rush_ends_nothing(text: str) -> None:
    scene = Scene()
    scene.says("Dana", "Hello, why does my export come out empty?", opens=True)
    assert JUDGE.closes(scene.seen("Dana", text), scene.window, scene.waits[0]) is None
