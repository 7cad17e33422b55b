"""What is said of a reply whose writer asked whether it is personal: what was seen. No score, no other words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

from bot.coaching.check import Observations
from bot.domain.durations import Instant
from bot.domain.refusal import quoted
from bot.domain.views import BULLET, Code, Node, PersonName, Plain, SmallPrint, Spans, Text, View
from bot.domain.visible import clean
from bot.wording.phrases import count, say_day

NOTHING = "Nothing to remark."

FOR_YOU = "Only you see this, and nothing of it is kept. What you make of it is yours."


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """What was seen of a reply, as of `now`, by the clock of `zone`. `handle` and `customer` are of the wait that it was compared
    with, where there is one."""

    seen: Observations
    now: Instant
    zone: tzinfo
    handle: str | None = None
    customer: str | None = None


def check(facts: CheckFacts) -> View:
    """What was seen of a reply, for its writer alone."""
    remarks, fine = tuple(remarked(facts.seen, facts.now, facts.zone)), tuple(well(facts.seen))
    nodes: list[Node] = [] if remarks else [Text((Plain(NOTHING),))]
    nodes += [Text((Plain(f"{BULLET}{line}"),)) for line in (*remarks, *fine)]
    asked: Spans = ()
    if facts.handle is not None and facts.customer is not None:
        asked = (Plain("Compared with what "), PersonName(facts.customer), Plain(" asked, "), Code(facts.handle), Plain(". "))
    nodes.append(SmallPrint((*asked, Plain(FOR_YOU))))
    return View(nodes=tuple(nodes), fallback=count(len(remarks), "remark") if remarks else NOTHING)


def remarked(seen: Observations, now: Instant, zone: tzinfo) -> Iterator[str]:
    """What may be worth another look, a sentence each."""
    if seen.marks:
        which = ", ".join(quoted(clean(mark)) for mark in seen.marks)
        yield f"A template's place is still in it, not filled in: {which}."
    if seen.greets_nobody:
        yield f"After {quoted(clean(seen.greets_nobody))} a name seems to be missing."
    if seen.anybody:
        yield f"{quoted(clean(seen.anybody))} could be anybody."
    if seen.names_nothing:
        yield "It names nothing of what they asked."
    if seen.only_redirects:
        yield "It only sends them elsewhere; here the question stays open."
    if seen.copies is not None:
        whom, day = count(seen.copies.customers, "other customer"), say_day(seen.copies.last, zone, now)
        yield f"Nearly the same was written to {whom} before, last {day}."
    if seen.mostly_link:
        yield "It is mostly a link."
    if seen.offers:
        yield "It reads like an offer."
    if seen.only_we:
        yield "It says “we”, and never “I”."


def well(seen: Observations) -> Iterator[str]:
    """What is fine about it, a sentence each."""
    if seen.shared:
        yield f"It names what they asked: {', '.join(clean(word) for word in seen.shared)}."
    if seen.says_i:
        yield "It says “I”."
