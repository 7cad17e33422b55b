"""What is seen of a reply that its writer has checked: observations, each on its own ground."""

from __future__ import annotations

from datetime import UTC

import pytest

from bot.coaching.check import CheckedReply, Copies, EarlierReply, Observations, observe
from bot.domain.messages import Message
from bot.domain.people import CUSTOMER, MEMBER
from bot.domain.views import Quote, Text
from bot.judge.standard import StandardJudge
from bot.language.personal import load_personal_words
from bot.language.pitches import shipped_pitches
from bot.wording.check import NOTHING, CheckFacts, check, remarked

DAY = 86_400.0
JUDGE = StandardJudge()
MACRO = "We apologise for the inconvenience, our engineers investigate the outage and restore exports shortly"


def prints(text: str) -> tuple[int, ...]:
    return JUDGE.read(Message(channel="c", id="1", at=0.0, author="ana", role=MEMBER, text=text), {}).fingerprints


def seen(text: str, *, asked: str | None = None, before: tuple[EarlierReply, ...] = ()) -> Observations:
    reading = JUDGE.read(Message(channel="c", id="1", at=0.0, author="ana", role=MEMBER, text=text), {})
    shared = None if asked is None else JUDGE.words_with(text, prints(asked))
    question = Message(channel="c", id="2", at=0.0, author="dana", role=CUSTOMER, text=asked or "")
    return observe(
        CheckedReply(
            personal=load_personal_words().read(text),
            reading=reading,
            shared=shared,
            before=before,
            offers=shipped_pitches().offers(text),
            asks=JUDGE.read(question, {}).cues,
            same_language=asked is None or load_personal_words().same_language(text, asked),
        ),
    )


def told(customer: str, at: float, text: str = MACRO) -> EarlierReply:
    return EarlierReply(customer=customer, at=at, words=prints(text))


def test_it_names_what_they_asked_or_nothing_of_it() -> None:
    asked = "Hello, why does the csv export of March come out empty?"
    named = seen("The CSV export skips March, I mend it today", asked=asked)
    assert named.shared == ("csv", "export", "march") and not named.names_nothing
    assert seen("Restart the machine, clear cookies, install the browser and printer", asked=asked).names_nothing
    assert not seen("Yes, since today", asked=asked).names_nothing, "too short to miss anything"
    assert not seen("Restart the machine, clear cookies, install the browser and printer").names_nothing, (
        "nobody knows what they asked"
    )


def test_a_near_copy_says_to_how_many_and_when() -> None:
    before = (told("omar", 1 * DAY), told("pia", 3 * DAY), told("omar", 2 * DAY), told("kim", 9 * DAY, "Take the filter away"))
    assert seen(MACRO, before=before).copies == Copies(customers=2, last=3 * DAY)
    assert seen("Thanks a lot, all is well", before=(told("omar", DAY, "Thanks a lot, all is well"),)).copies is None, "short"
    assert seen("The filter hides March: take it away and the totals are right again", before=before).copies is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Please contact support@harbor.example", "only sends them elsewhere"),
        ("https://harbor.example/docs/exports/empty", "mostly a link"),
        ("We have fixed it in our release", "never “I”"),
        ("I can show you that, book a demo", "reads like an offer"),
        ("Hi {{name}}, done", "“{{name}}”"),
        ("Dear customer, I looked at it", "“Dear customer” could be anybody"),
        ("Hi , I looked at it", "After “Hi ,” a name seems to be missing"),
    ],
)
def test_each_remark_is_a_sentence(text: str, says: str) -> None:
    found = seen(text)
    assert not found.clear
    (line,) = remarked(found, 0.0, UTC)
    assert says in line


def test_nothing_to_remark_is_said_too() -> None:
    view = check(CheckFacts(seen=seen("I took the filter away, Dana: it is whole now"), now=0.0, zone=UTC))
    assert view.nodes[0] == Text(view.nodes[0].spans) and view.fallback == NOTHING  # type: ignore[union-attr]
    assert not any(isinstance(node, Quote) for node in view.nodes), "no words to send are ever offered"
