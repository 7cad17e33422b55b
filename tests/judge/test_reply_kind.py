"""What kind of reply a member's message is."""

from __future__ import annotations

import pytest

from bot.domain.people import Role
from bot.domain.reading import Cue
from bot.domain.waits import ReplyKind
from bot.judge.reply_kind import reply_kind
from tests.judge.scene import read
from tests.language.redirect_lines import NO_REDIRECT, ONLY, WITH_HELP

KINDS = [
    (ReplyKind.HOLDING, "one sec, looking"),
    (ReplyKind.HOLDING, "Dana: looking"),
    (ReplyKind.HOLDING, "let me check that for you"),
    (ReplyKind.HOLDING, "on it!"),
    (ReplyKind.HOLDING, "checking..."),
    (ReplyKind.HOLDING, "Will do!"),
    (ReplyKind.HOLDING, "I've passed it on to the developers"),
    (ReplyKind.HOLDING, "Sorry about that!"),
    (ReplyKind.PERSONAL, "Done, 300 a minute from now on"),
    (ReplyKind.PERSONAL, "About a minute, at most five minutes."),
    (ReplyKind.PERSONAL, "Click on it and choose Print"),
    (ReplyKind.PERSONAL, "Good to hear, thanks for checking."),
    (ReplyKind.PERSONAL, "Sorry, that can't be changed once it is sent"),
    (ReplyKind.HOLDING, "asking around internally, not sure"),
    (ReplyKind.HOLDING, "einen Moment, ich schaue mal"),
    (ReplyKind.HOLDING, "un instant, je regarde"),
    (ReplyKind.HOLDING, "un momento, lo reviso"),
    (ReplyKind.HOLDING, "só um minuto, vou verificar"),
    (ReplyKind.PROMISE, "I'll get back to you tomorrow"),
    (ReplyKind.PROMISE, "I'll ask our engineers and let you know by Friday"),
    (ReplyKind.PROMISE, "ich melde mich morgen"),
    (ReplyKind.PROMISE, "je reviens vers vous demain"),
    (ReplyKind.PROMISE, "mañana te aviso"),
    (ReplyKind.PROMISE, "te retorno amanhã"),
    (ReplyKind.CLARIFYING, "Which error do you get?"),
    (ReplyKind.CLARIFYING, "can you share the request id?"),
    (ReplyKind.CLARIFYING, "welche Version benutzt du?"),
    (ReplyKind.REDIRECT, "please email support@shop.example"),
    (ReplyKind.REDIRECT, "DM me"),
    (ReplyKind.PERSONAL, "Under Settings, then Billing."),
    (ReplyKind.PERSONAL, "yes"),
    (
        ReplyKind.PERSONAL,
        "looking at the log it is the second key that is wrong, so please swap it for the one that starts with live",
    ),
    (ReplyKind.PERSONAL, "See https://docs.shop.example/limits"),
]


@pytest.mark.parametrize(("kind", "text"), KINDS, ids=[text for _, text in KINDS])
def test_kinds_of_replies(kind: ReplyKind, text: str) -> None:
    assert reply_kind(read(text, author="ana", role=Role.MEMBER)).kind is kind


def redirects(text: str) -> tuple[bool, bool]:
    reading = read(text, author="ana", role=Role.MEMBER)
    return reading.has(Cue.REDIRECT), reading.has(Cue.REDIRECT_ONLY)


def test_redirects_are_found_on_made_lines() -> None:
    lines = [(text, True) for text in (*ONLY, *WITH_HELP)] + [(text, False) for text in NO_REDIRECT]
    assert len(lines) >= 100
    found = [(redirects(text)[0], truth) for text, truth in lines]
    hits = sum(said and truth for said, truth in found)
    assert hits / sum(said for said, _ in found) >= 0.9
    assert hits / sum(truth for _, truth in found) >= 0.9


def test_redirects_that_do_nothing_else_are_told_from_those_that_help() -> None:
    wrong = [text for text in ONLY if redirects(text) == (True, False)] + [text for text in WITH_HELP if redirects(text)[1]]
    assert len(wrong) <= 3, wrong


def test_only_what_members_say_is_a_redirect() -> None:
    assert not read("please email me at dana@mail.example", role=Role.CUSTOMER).has(Cue.REDIRECT)


def test_a_redirect_says_why() -> None:
    kind = reply_kind(read("please email support@shop.example", author="ana", role=Role.MEMBER))
    assert kind.evidence == ("it only sends the customer elsewhere",)


@pytest.mark.parametrize(
    "text",
    [
        "Did you contact support already?",
        "Please don't DM me, ask here so that everybody learns from it.",
        "No need to open a ticket, I can see it here.",
        "Hast du den Support schon gefragt?",
    ],
)
def test_asking_about_or_advising_against_another_channel_is_no_redirect(text: str) -> None:
    assert redirects(text) == (False, False)
