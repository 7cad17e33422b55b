"""What kind of reply a member's message is, to a plain question and to one that asks for the very thing it says."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from bot.domain.reading import MENTIONED
from bot.domain.waits import ReplyKind
from bot.judge.replies.model import KindOfReply, load_reply_weights, parse_reply_weights
from tests.judge.scene import JUDGE, Scene

PLAIN = "Hello, why does my report come out twice?"
TEAM = frozenset({"ana", "ben", "mia"})


def reply(text: str, question: str = PLAIN, **more: object) -> KindOfReply:
    """The kind of Ana's reply in the thread of Dana's question."""
    scene = Scene()
    asked = scene.says("Dana", question, opens=True)
    seen = scene.seen("Ana", text, thread=asked.id, after=300, **more)
    return JUDGE.reply_kind(seen, scene.waits[0], scene.window, TEAM)


HOLDING = [
    "one sec, looking",
    "Dana: looking",
    "let me check that for you",
    "on it!",
    "checking...",
    "Will do!",
    "Sorry about that!",
    "asking around internally, not sure",
    "Hold tight!",
    "We know about it and are working on a fix.",
    "Let me get Mia for this",
    "I'd have to look that up",
    "Please wait a minute",
    "debugging",
    "I'm taking this one",
    "I've passed it on to the developers",
    "Escalated to the platform team.",
    "Ticket created: OPS-12",
    "I have opened an issue for it with the developers.",
    "Put it on our backlog.",
    "Reported to engineering, thanks.",
    "@Ben can you take this one?",
    "einen Moment, ich schaue mal",
    "un instant, je regarde",
    "un momento, lo reviso",
    "só um minuto, vou verificar",
]
PROMISE = [
    "I'll get back to you tomorrow",
    "I'll ask our engineers and let you know by Friday",
    "More news on this tomorrow",
    "Answer follows on Monday",
    "ich melde mich morgen",
    "je reviens vers vous demain",
    "mañana te aviso",
    "te retorno amanhã",
]
REDIRECT = [
    "please email support@shop.example",
    "DM me",
    "I've sent you a mail",
    "Please use the chat in the app for this.",
    "Could you open an issue on GitHub?",
    "Best to go through the portal.",
    "Kindly raise a case",
    "please take this to the forum",
]
NOTHING = [
    "ok",
    "👍",
    ":eyes:",
    "hm",
    "lol",
    "+1",
    "^",
    "Hello Dana!",
    "Interesting.",
    "Noted, thanks!",
    "ack",
    "I don't know",
    "no idea, sorry",
    "We're swamped this week.",
    "Thank you for your patience!",
    "We have received your message.",
    "I'm out of office until the 9th, please contact my colleagues.",
    "On holiday until Tuesday.",
    "off sick today",
    "cc @Ben",
    "@Ben fyi",
    "https://docs.shop.example",
    "same here",
]
ANSWERS = [
    "Done, 300 a minute from now on",
    "About a minute, at most five minutes.",
    "Click on it and choose Print",
    "Sorry, that can't be changed once it is sent",
    "Under Settings, then Billing.",
    "looking at the log it is the second key that is wrong, so please swap it for the one that starts with live",
    "The limits are listed at https://docs.shop.example/limits",
    "It's a known bug and we're working on a fix; until then take the second sheet away.",
    "Fixed.",
    "The schedule is in there twice, take one of them away.",
    "Not sure why, but removing the second schedule helps.",
    "Thanks for the report! The second schedule was left over from the migration, you can delete it.",
]
CLARIFYING = ["Which error do you get?", "can you share the request id?", "welche Version benutzt du?", "why?"]
EXPECTED = [
    (kind, text)
    for kind, texts in (
        (ReplyKind.HOLDING, HOLDING), (ReplyKind.PROMISE, PROMISE), (ReplyKind.REDIRECT, REDIRECT), (ReplyKind.NOTHING, NOTHING),
        (ReplyKind.PERSONAL, ANSWERS), (ReplyKind.CLARIFYING, CLARIFYING),
    )
    for text in texts
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), EXPECTED, ids=[text for _, text in EXPECTED])
def test_what_a_reply_to_a_plain_question_is(kind: ReplyKind, text: str) -> None:
    found = reply(text)
    # A bare link may also be asked about: it ends nothing either way.
    assert found.kind is kind and not found.doubtful, found


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("When will the new version be out?", "ETA Thursday noon."),
        ("How long does the import take?", "10 minutes"),
        ("When do you open?", "tomorrow at nine"),
        ("Where do I report a bug?", "Please open an issue on GitHub."),
        ("Who do I contact about an invoice?", "billing@shop.example"),
        ("Could you forward this to your developers?", "Forwarded to the developers."),
        ("Can you log this as a bug for us?", "I've logged it as OPS-13."),
        ("Are you open on Friday?", "We're on holiday that day, so no."),
        ("Does the export keep the order?", "Yes"),
        ("Can I delete it?", "Sure!"),
        ("Is it possible to get it as a CSV?", "nope"),
    ],
)
def test_the_same_words_answer_where_they_were_asked_for(question: str, text: str) -> None:
    found = reply(text, question)
    assert found.kind is ReplyKind.PERSONAL and not found.doubtful, found


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("When will the new version be out?", "let me ask"),
        ("When will the new version be out?", "I'll let you know tomorrow"),
        ("Where do I report a bug?", "no idea"),
        ("Could you forward this to your developers?", "will do"),
        ("Does the export keep the order?", "ok"),
        ("The export is broken", "Yes!"),
    ],
)
def test_to_ask_for_something_makes_no_answer_of_what_puts_it_off(question: str, text: str) -> None:
    found = reply(text, question)
    assert found.kind not in (ReplyKind.PERSONAL, ReplyKind.CLARIFYING) or found.doubtful, found


def test_who_is_a_colleague_is_the_teams_word_and_what_is_for_the_customer_is_not_for_a_colleague() -> None:
    def to_ben(text: str, members: frozenset[str]) -> KindOfReply:
        scene = Scene()
        asked = scene.says("Dana", PLAIN, opens=True)
        return JUDGE.reply_kind(scene.seen("Ana", text, thread=asked.id), scene.waits[0], scene.window, members)

    asks = "@Ben can you say why the schedule runs twice?"
    assert to_ben(asks, TEAM).kind is ReplyKind.HOLDING
    assert to_ben(asks, frozenset()).kind is ReplyKind.CLARIFYING
    answer = "@Dana the schedule is in there twice, take one of them away. @Ben fyi"
    assert to_ben(answer, TEAM).kind is ReplyKind.PERSONAL
    assert Scene().seen("Ana", answer).reading.names("ben") == MENTIONED


def test_in_talk_few_words_may_answer_what_would_be_in_doubt_out_of_the_blue() -> None:
    text = "that sounds right, like the other one"
    scene = Scene()
    first = scene.says("Dana", PLAIN, opens=True)
    scene.says("Ana", "Dana: which of the two schedules is it?", ends="dana")
    asked = scene.says("Dana", "the second, is that the wrong one then?", opens=True)
    talking = JUDGE.reply_kind(scene.seen("Ana", text), scene.waits[0], scene.window, TEAM)
    assert asked.id in scene.waits[0].messages and first.id not in scene.waits[0].messages
    assert talking.probability > reply(text).probability


@pytest.mark.parametrize(
    "text",
    [
        "Reports twice, twice the fun 😄",
        "reports are a nightmare, I hate them",
        "contacting the printer people about it at the moment",
        "going through the scheduler log rn",
        "You'll have an answer before the evening",
        "There will be a blog post about that soon",
        "Kindly refer to the manual.",
        "would you mind filing a bug on GitHub?",
        "your account manager is the right contact for that",
        "Auto-reply: our office is closed, we're back on Monday 28 April.",
        "Thanks, your ticket number is 4711.",
    ],
)
def test_remarks_and_what_puts_off_in_passing_are_no_answer(text: str) -> None:
    found = reply(text)
    assert found.kind not in (ReplyKind.PERSONAL, ReplyKind.CLARIFYING) or found.doubtful, found


@pytest.mark.parametrize(
    "text",
    [
        "Schedules > Nightly, untick the second one",
        "only the first one counts, the other is a preview",
        "because two schedules are enabled",
        "The old one was moved this morning, you'll have it once from tomorrow on.",
        "it's the default since 3.2, set report.copies=1",
    ],
)
def test_what_names_something_exactly_or_states_a_fact_answers(text: str) -> None:
    found = reply(text)
    assert found.kind is ReplyKind.PERSONAL and not found.doubtful, found


def test_said_to_their_face_in_a_lively_channel_less_is_enough() -> None:
    text = "Dana: our reports look like that as well"
    scene = Scene()
    scene.says("Dana", PLAIN, opens=True)
    beside = JUDGE.reply_kind(scene.seen("Ana", text, after=120), scene.waits[0], scene.window, TEAM)
    later = JUDGE.reply_kind(scene.seen("Ana", text, after=4 * 3600), scene.waits[0], scene.window, TEAM)
    assert beside.kind is ReplyKind.PERSONAL and not beside.doubtful, beside
    assert later.kind is not ReplyKind.PERSONAL or later.doubtful, later


def test_a_file_with_hardly_a_word_is_asked_about() -> None:
    found = reply("here", files=1)
    assert found.doubtful and found.kind is ReplyKind.PERSONAL and found.evidence == ("it is a file, and hardly a word with it",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("please email support@shop.example", "it only sends the customer elsewhere"),
        ("We have received your message.", "it only says that the message has arrived"),
        ("I'm on holiday", "it says that its writer isn't there"),
        ("no idea", "it says that its writer doesn't know, has no time, or hasn't met this yet"),
        ("We haven't seen it", "it says that its writer doesn't know, has no time, or hasn't met this yet"),
        ("Escalated to the platform team.", "it says that somebody else has it now"),
        ("cc @Ben", "it speaks to a colleague, not to the customer"),
        ("👍", "it holds no words"),
        ("thanks!", "it greets, thanks, agrees or smiles, and says nothing else yet"),
    ],
)
def test_a_kind_says_why(text: str, why: str) -> None:
    assert reply(text).evidence == (why,)


def test_the_weights_name_their_sources_and_those_of_another_version_are_refused() -> None:
    assert "LiveChat" in load_reply_weights().source and "CC-BY-4.0" in load_reply_weights().source
    content = json.loads((files("bot.judge") / "weights_replies.json").read_text(encoding="utf-8"))
    del content["answers"]["weights"]["no words"]
    with pytest.raises(ValueError, match=r"no words.*train again"):
        parse_reply_weights(content)


def test_who_is_glad_to_have_somebody_asks_nothing() -> None:
    assert reply("Happy to have you here!").kind is ReplyKind.NOTHING
    assert reply("Have you in the meantime tried it?").kind is ReplyKind.CLARIFYING


def test_formulas_answer_nothing_and_that_it_is_fixed_does() -> None:
    text = "Sorry for the inconvenience, we are aware of the problem and our engineers are working on it."
    assert reply(text).kind is ReplyKind.HOLDING
    assert (
        reply("Sorry for the inconvenience, our engineers have fixed the problem and it works again.").kind is ReplyKind.PERSONAL
    )
