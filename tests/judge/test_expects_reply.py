"""Which messages of customers call for a reply."""

from __future__ import annotations

import pytest

from bot.domain.messages import MessageRecord
from bot.domain.rules import Sensitivity
from bot.domain.window import Window
from tests.judge.scene import JUDGE, Scene

QUESTIONS = [
    "How do I change the billing address?",
    "is there a way to export all invoices",
    "Hi all, I get an error 500 when I upload a file since this morning",
    "Hello, can someone help me with the login?",
    "The import doesn't work, it stops after the first row.",
    "I need help with the webhooks please",
    "hi, we are trying to connect our shop and it fails with a timeout",
    # other languages
    "Hallo, wie kann ich die Rechnungsadresse ändern?",
    "Guten Tag, der Import funktioniert nicht, es kommt immer eine Fehlermeldung",
    "Bonjour, comment puis-je changer l'adresse de facturation ?",
    "Bonjour, l'import ne marche pas, j'ai une erreur à chaque fois",
    "Hola, ¿cómo puedo cambiar la dirección de facturación?",
    "Buenos días, la importación no funciona, me sale un error",
    "Olá, como faço para mudar o endereço de cobrança?",
    "Bom dia, a importação não funciona, aparece um erro",
    # languages without cue words
    "請問如何更改帳單地址？",
    "Как мне изменить платёжный адрес?",
    "Hoe kan ik mijn factuuradres wijzigen?",
    "كيف يمكنني تغيير عنوان الفواتير؟",
]

NOT_CALLING = [
    "thanks",
    "ok, will try",
    "thank you so much, that works",
    "great, got it",
    "perfect :)",
    "haha",
    "danke, das hat geklappt",
    "super, merci beaucoup !",
    "muchas gracias, ya funciona",
    "obrigado, deu certo",
]


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_or_a_problem_of_somebody_new_calls_for_a_reply(text: str) -> None:
    scene = Scene()
    scene.says("Omar", "good morning", after=3600)
    assert scene.calls("Dana", text, after=1200)


@pytest.mark.parametrize("text", NOT_CALLING)
def test_thanks_and_acknowledgements_after_an_answer_do_not(text: str) -> None:
    scene = Scene()
    scene.says("Dana", "How do I change the billing address?", opens=True)
    scene.says("Ana", "Dana: under Settings, Billing, Address.", ends="Dana")
    assert not scene.calls("Dana", text)


def test_a_bare_greeting_does_not_but_a_greeting_with_a_request_does() -> None:
    assert not Scene().calls("Dana", "hello")
    assert Scene().calls("Dana", "hello, can someone help?")


def test_the_answer_to_a_clarifying_question_leaves_the_ball_with_the_team() -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails", opens=True)
    scene.says("Ana", "Dana: which error do you get?", ends="Dana")
    assert scene.calls("Dana", "it says code 413, request entity too large")


def test_a_customer_who_goes_to_look_does_not_wait_yet() -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails", opens=True)
    scene.says("Ana", "Dana: which error do you get?", ends="Dana")
    assert not scene.calls("Dana", "let me check")


def test_a_bump_calls() -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails with code 413, what can I do?", opens=True)
    assert scene.calls("Dana", "anyone?", after=1200)


def test_the_rest_of_a_burst_belongs_to_it() -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails, this is what I send:", opens=True)
    assert scene.calls("Dana", 'POST /v2/files HTTP/1.1 {"name": "a.png"}', after=5)


def test_talk_between_customers_needs_nothing_from_the_team() -> None:
    scene = Scene()
    scene.says("Omar", "Dana: did you get the import to run?")
    scene.says("Dana", "Omar: yes, with the second version of the file", after=20)
    scene.says("Omar", "Dana: which columns does yours have?", after=20)
    assert not scene.calls("Dana", "Omar: just the name and the address", after=20)


def test_a_mention_of_the_team_weighs() -> None:
    scene = Scene()
    plain = scene.judged("Dana", "the new invoices page", after=900).probability
    called = scene.judged("Dana", "the new invoices page", after=900, calls_team=True).probability
    assert called > plain + 0.05


def test_only_what_came_before_is_looked_at() -> None:
    scene = Scene()
    scene.says("Dana", "How do I change the billing address?", opens=True)
    late = scene.seen("Dana", "it says code 413")
    before = JUDGE.expects_reply(late, scene.window, scene.waits).probability
    scene.says("Ana", "Dana: which error do you get?", ends=None)
    scene.says("Dana", "thanks, solved")
    scene.judged("Dana", "hm")
    assert JUDGE.expects_reply(late, scene.window, scene.waits).probability == pytest.approx(before)


def probability(scene: Scene, seen: MessageRecord, window: Window | None = None) -> float:
    return JUDGE.expects_reply(seen, window if window is not None else scene.window, scene.waits).probability


def test_the_same_values_give_the_same_judgement_whatever_was_derived_before() -> None:
    scene = Scene()
    for number in range(30):
        scene.says(("Dana", "Ana", "Omar")[number % 3], f"Dana: line {number}?", opens=number % 3 == 0 and number < 9)
        scene.judged("Dana", "any news?", after=1)
    seen = scene.seen("Dana", "does it work now?")
    assert probability(scene, seen) == probability(scene, seen, Window(list(scene.window)))


@pytest.mark.parametrize("gone", ["question", "last"])
def test_a_message_that_was_deleted_is_not_remembered(gone: str) -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails", opens=True)
    question = scene.says("Ana", "Dana: which error do you get?", ends="Dana")
    last = scene.says("Omar", "Dana: same here, how did you do it?")
    seen = scene.seen("Dana", "code 413")
    before = probability(scene, seen)
    scene.window.drop({"question": question.id, "last": last.id}[gone])
    after = probability(scene, seen)
    assert after == probability(scene, seen, Window(list(scene.window)))
    assert after != before


def test_a_question_of_the_team_makes_its_answer_count() -> None:
    def after(said: str) -> float:
        scene = Scene()
        scene.says("Dana", "The upload fails", opens=True)
        scene.says("Ana", said, ends="Dana")
        return scene.judged("Dana", "version 3.2 on the small plan").probability

    assert after("Dana: which version is that?") > after("Dana: the limit is 10 MB there.") + 0.02


def test_thresholds_are_ordered() -> None:
    scene = Scene()
    for text in (*QUESTIONS, *NOT_CALLING, "the new page", "hm, strange"):
        judged = scene.judged("Dana", text)
        careful, balanced, eager = (
            JUDGE.calls(judged, s) for s in (Sensitivity.CAREFUL, Sensitivity.BALANCED, Sensitivity.EAGER)
        )
        assert careful <= balanced <= eager


def test_a_judgement_names_its_reasons_heaviest_first() -> None:
    evidence = Scene().judged("Dana", "How do I change the billing address?").evidence()
    assert {"question mark", "ask start"} <= {item.name for item in evidence if item.weight > 0}
    weights = [abs(item.weight) for item in evidence]
    assert weights == sorted(weights, reverse=True)


def test_solved_ends_the_wait_and_a_question_does_not() -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails with code 413", opens=True)
    wait = scene.waits[0]
    assert JUDGE.closes(scene.seen("Dana", "never mind, I found it"), scene.window, wait) is not None
    assert JUDGE.closes(scene.seen("Dana", "hat sich erledigt, danke"), scene.window, wait) is not None
    assert JUDGE.closes(scene.seen("Dana", "it works now in Firefox, but how do I fix Chrome?"), scene.window, wait) is None
    assert JUDGE.closes(scene.seen("Dana", "the file has 3 MB"), scene.window, wait) is None


def test_thanks_to_the_member_who_wrote_last_close_the_wait_at_any_length() -> None:
    scene = Scene()
    scene.says("Dana", "the import says that my key is wrong")
    scene.says("Ana", "Dana: do you use the same key on both sides?")
    scene.says("Dana", "do you mean the test key or the other one?", opens=True)
    thanks = "Ana: thank you, you are right, that was the old test key"
    assert JUDGE.closes(scene.seen("Dana", thanks), scene.window, scene.waits[0]) is not None
    assert (
        JUDGE.closes(
            scene.seen("Dana", "thanks in advance to whoever can look at that for me today"), scene.window, scene.waits[0]
        )
        is None
    )


def test_what_was_said_in_somebody_elses_thread_was_no_overlooked_answer() -> None:
    scene = Scene()
    other = scene.says("Omar", "How do I cancel?", opens=True)
    scene.says("Dana", "The upload fails with code 413", opens=True)
    scene.says("Ben", "under Settings", thread=other.id)
    assert JUDGE.overlooked(scene.seen("Dana", "thanks!"), scene.waits[1], scene.window) is None


def test_thanks_for_an_overlooked_answer_point_to_it() -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails with code 413", opens=True)
    answer = scene.says("Ana", "that means the file is over the limit", after=60)
    thanks = scene.seen("Dana", "thanks Ana!")
    assert JUDGE.overlooked(thanks, scene.waits[0], scene.window) == answer.id


@pytest.mark.parametrize("hours", [3, 22, 70], ids=["hours", "next day", "after the weekend"])
def test_thanks_find_the_overlooked_answer_days_later(hours: int) -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails with code 413", opens=True)
    answer = scene.says("Ana", "that means the file is over the limit", after=4 * 3600)
    thanks = scene.seen("Dana", "thanks Ana!", after=hours * 3600)
    assert JUDGE.overlooked(thanks, scene.waits[0], scene.window) == answer.id


def test_thanks_to_somebody_else_point_to_nothing() -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails with code 413", opens=True)
    scene.says("Ana", "it is over the limit", after=60)
    assert JUDGE.overlooked(scene.seen("Dana", "thanks Ben!"), scene.waits[0], scene.window) is None


def test_what_was_said_to_somebody_else_by_name_was_not_the_answer() -> None:
    scene = Scene()
    scene.says("Omar", "hello", after=60)
    scene.says("Dana", "The upload fails with code 413", opens=True)
    scene.says("Ana", "Omar: it is over the limit", after=60)
    assert JUDGE.overlooked(scene.seen("Dana", "thanks!"), scene.waits[0], scene.window) is None


def test_a_different_question_much_later_is_a_new_matter_and_a_bump_is_not() -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails with code 413", opens=True)
    wait = scene.waits[0]
    other = scene.seen("Dana", "How do I change the billing address?", after=7200)
    assert not JUDGE.belongs(other, wait, scene.window)
    assert JUDGE.belongs(scene.seen("Dana", "any update?", after=60), wait, scene.window)
    assert JUDGE.belongs(scene.seen("Dana", "the upload still fails with 413, also in Firefox"), wait, scene.window)


@pytest.mark.parametrize(
    "text", ["that is on the small plan of our second team", "same in Firefox", "here is what it looks like"]
)
def test_what_is_added_hours_later_goes_on_with_the_wait(text: str) -> None:
    scene = Scene()
    scene.says("Dana", "Why does my export come out empty?", opens=True)
    assert JUDGE.belongs(scene.seen("Dana", text, after=3 * 3600), scene.waits[0], scene.window)


@pytest.mark.parametrize("text", ["I need a new key", "our login is broken since noon", "Hi all, a word about the invoices"])
def test_a_wish_trouble_or_a_greeting_hours_later_is_a_new_matter(text: str) -> None:
    scene = Scene()
    scene.says("Dana", "Why does my export come out empty?", opens=True)
    assert not JUDGE.belongs(scene.seen("Dana", text, after=3 * 3600), scene.waits[0], scene.window)


def test_an_earlier_message_of_somebody_who_waits_can_be_judged() -> None:
    """It came late, was edited, or a member says that it was overlooked."""
    scene = Scene()
    earlier = scene.says("Dana", "How do I export my data?")
    scene.says("Dana", "It says there is no file.", after=3600, opens=True)
    assert 0 < JUDGE.expects_reply(earlier, Window(), scene.waits).probability < 1
