"""Who was passed over and why, in `why`, in digests and in a reminder that nobody could be asked of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.durations import DAY, HOUR
from bot.domain.notifications import Appeal, Asking, PassedOver, Unavailable
from bot.domain.outgoing import SentReminder, SkippedReminder
from bot.domain.preferences import Pause
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.views import PersonName, Text, View
from bot.wording.answers import WhyFacts, why
from bot.wording.digest import DigestFacts, Row, digest
from bot.wording.passed import cannot_be_asked, passed_over
from bot.wording.reminder import reminder, reminders
from tests.wording.samples import NOW, ZONE, facts, wait
from tests.wording.test_wording import codes, read

FULL = PassedOver(member="ana", why=Unavailable.FULL, budget=3)
AWAY = PassedOver(member="ben", why=Unavailable.AWAY, until=NOW + 3 * DAY)


def said(*passed: PassedOver) -> str:
    return read(View(nodes=(Text(passed_over(passed, ZONE, NOW)),), fallback="x"))


def test_each_reason_is_said_with_its_end_where_it_has_one() -> None:
    assert said(FULL) == "Ana: over the budget of 3 a day"
    assert said(FULL, AWAY).startswith("Ana: over the budget of 3 a day; Ben: away until ")
    for code in Unavailable:
        words = said(PassedOver(member="ana", why=code, budget=1))
        assert "{" not in words and "None" not in words and len(words) > len("Ana: ")


def about(**more: object) -> WhyFacts:
    return WhyFacts(wait=wait(), handle="w1", now=NOW, zone=ZONE, channel_name="help", working_seconds=0.0, **more)  # type: ignore[arg-type]


def test_why_names_every_rung_in_order_with_who_was_passed_over_for_it() -> None:
    asking = Asking(passed=(FULL, AWAY), lead="mia", days_full=True)
    sent = (
        SentReminder(wait="w", step=0, at=NOW - 3 * HOUR, to=("mia",), asking=Asking(passed=(FULL,))),
        SentReminder(wait="w", step=1, at=NOW - HOUR, to=(), asking=asking),
    )
    left_out = Reason(code=ReasonCode.OVER_BUDGET, about=("ana",))
    text = read(why(about(
        reminders=sent,
        skipped=(SkippedReminder(step=0, at=NOW - 2 * HOUR, reason=left_out, asking=Asking(passed=(AWAY,))),),
        appeals=(Appeal(wait="w", person="mia", at=NOW, decides=True),),
        next_reminder=NOW + HOUR, next_passed=(AWAY,),
        paused=Pause(since=NOW - HOUR, until=NOW + 2 * HOUR, by="mia"),
    )))  # fmt: skip
    parts = (
        "Reminded Mia, ", "Passed over: Ana: over the budget of 3 a day.", "Reminder 1 was left out", "Ben: away until",
        "Reminded the team, ", "It named Mia, since nobody could be asked.", "A digest mentioned Mia", "to decide.",
        "The next reminder is due", "Couldn't be asked before: Ben: away", "Reminders are paused until", "by Mia.",
    )  # fmt: skip
    places = [text.find(part) for part in parts]
    assert -1 not in places, [part for part, place in zip(parts, places, strict=True) if place < 0]
    assert places == sorted(places)


def row(number: int, appeal: Appeal | None = None) -> Row:
    return Row(wait=wait(), handle=f"w{number}", channel_name="help", working_seconds=0.0, appeal=appeal)


def told(view: View | None) -> View:
    assert view is not None
    return view


def pinged(view: View) -> list[str]:
    spans = [span for node in view.nodes if isinstance(node, Text) for span in node.spans]
    return [span.person for span in spans if isinstance(span, PersonName) and span.ping]


def test_a_digest_notifies_each_it_mentions_once_and_gives_a_lead_what_is_to_be_decided() -> None:
    owners = [row(number, Appeal(wait="w", person="ana", at=NOW)) for number in (1, 2)]
    undecided = [row(number, Appeal(wait="w", person="mia", at=NOW, decides=True)) for number in (3, 4)]
    view = told(digest(DigestFacts(rows=(*owners, *undecided, row(5)), now=NOW, zone=ZONE)))
    assert pinged(view) == ["ana", "mia"] and set(view.addressed) == {"ana", "mia"}
    text = read(view)
    assert text.index("Waiting\n") < text.index("Still waiting, after the last reminder") < text.index("To be decided")
    assert "please decide what becomes of these" in text
    assert {"claim:w3", "dismiss:w4"} <= set(codes(view).values()) and "claim:w1" not in codes(view).values()
    plain = told(digest(DigestFacts(rows=(row(5),), now=NOW, zone=ZONE)))
    assert pinged(plain) == [] and plain.addressed == ()


@pytest.mark.parametrize("several", [False, True])
def test_where_nobody_could_be_asked_the_reminder_names_a_lead_and_notifies_nobody(several: bool) -> None:
    one = facts(to=(), lead="mia")
    view = reminders([one, facts(to=(), lead="mia", handle="w2")]) if several else reminder(one)
    assert "Nobody can be asked just now. Mia may know who has a moment." in read(view)
    assert pinged(view) == [] and view.addressed == ()


def test_of_a_lead_who_isnt_at_work_it_says_when_they_are_back() -> None:
    text = read(reminder(facts(to=(), lead="mia", back=NOW + 15 * HOUR)))
    assert "Nobody can be asked just now; Mia is back " in text and "may know" not in text
    assert "Mia may know who has a moment." in read(reminder(facts(to=(), lead="mia", back=NOW - HOUR)))


def test_what_is_over_is_said_without_its_end() -> None:
    assert said(PassedOver(member="ben", why=Unavailable.OFF_HOURS, until=NOW - HOUR)) == "Ben: not at work"


@pytest.mark.parametrize(
    ("why", "until", "words"),
    [
        (Unavailable.LIST_ONLY, None, "wants only the list"),
        (Unavailable.UNWANTED, None, "wants no reminders"),
        (Unavailable.AWAY, NOW + 3 * DAY, "is away until "),
        (Unavailable.AWAY, NOW - HOUR, "may be busy just now"),
        (Unavailable.FULL, None, "may be busy just now"),
    ],
)
def test_a_colleague_reads_why_it_isnt_the_owner_who_is_asked(why: Unavailable, until: float | None, words: str) -> None:
    passed = (PassedOver(member="ana", why=why, until=until, budget=3),)
    assert cannot_be_asked(passed, "ana", ZONE, NOW).startswith(words)
    assert f"but {words}" in read(reminder(facts(to=("ben",), passed=passed)))


def test_a_rung_that_was_left_out_says_whose_it_was_and_why_in_a_whole_sentence() -> None:
    def left_out(code: ReasonCode, *members: str) -> str:
        skipped = SkippedReminder(step=1, at=NOW, reason=Reason(code=code, about=members))
        return read(why(about(skipped=(skipped,)))).partition("Reminder 2 was left out")[2]

    assert ": Ana and Ben had been asked a moment ago." in left_out(ReasonCode.ASKED_LATELY, "ana", "ben")
    assert ": the team had been asked a moment ago." in left_out(ReasonCode.ASKED_LATELY)
    assert "works within the next year." in left_out(ReasonCode.NOBODY_WORKS)


def test_what_had_its_last_reminder_stays_together_on_days_when_nobody_is_mentioned() -> None:
    after = [replace(row(number), after_last=True) for number in range(1, 11)]
    text = read(told(digest(DigestFacts(rows=(*after[:2], row(20)), now=NOW, zone=ZONE))))
    assert text.index("w20") < text.index("Still waiting, after the last reminder") < text.index("w1")
    assert "and 2 more" in read(told(digest(DigestFacts(rows=tuple(after), now=NOW, zone=ZONE))))
