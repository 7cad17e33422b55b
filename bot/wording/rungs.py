"""What is said of rungs that left: who was asked, when and where."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.outgoing import SentReminder
from bot.domain.views import Plain, Spans, Timestamp
from bot.wording.phrases import people

MOST_EARLIER = 4
"""Rungs that left before of which a reminder tells, the latest."""


def asked_before(earlier: Sequence[SentReminder]) -> Spans:
    """Whom the rungs before went to, and when: "Ana was asked 10:10 and again 12:10, then Ben 16:00"."""
    spans: Spans = ()
    before: tuple[str, ...] | None = None
    for sent in earlier[-MOST_EARLIER:]:
        whom: Spans = people(sent.to) if sent.to else (Plain("the team"),)
        if not spans:
            whom = whom if sent.to else (Plain("The team"),)
            spans = (*whom, Plain(" were asked " if len(sent.to) > 1 else " was asked "), Timestamp(sent.at))
        elif sent.to == before:
            spans = (*spans, Plain(" and again "), Timestamp(sent.at))
        else:
            spans = (*spans, Plain(", then "), *whom, Plain(" "), Timestamp(sent.at))
        before = sent.to
    return spans


def asked_apart(sent: SentReminder) -> Spans:
    """Who was asked in a direct message, for the team: "Mia was asked 12:00 in a direct message"."""
    verb = " were asked " if len(sent.to) > 1 else " was asked "
    return (*people(sent.to), Plain(verb), Timestamp(sent.at), Plain(" in a direct message"))
