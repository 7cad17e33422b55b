"""What somebody should know to whom a wait was handed: by whom, with what words, who spoke with the customer before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from bot.domain.durations import Instant
from bot.domain.views import Link, PersonName, Plain, Span, Spans, Timestamp
from bot.domain.waits import Handover
from bot.wording.phrases import say_day


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerHistory:
    """By whom a wait was handed over, who `was_on_it` until then, who spoke with its customer, each with the last time, latest
    first, and the customer's earlier waits, each with its beginning and its link, if there is one."""

    handover: Handover
    was_on_it: str | None = None
    spoke: tuple[tuple[str, Instant], ...] = ()
    earlier: tuple[tuple[Instant, str | None], ...] = ()


def handed_words(handover: Handover, to: tuple[str, ...]) -> Spans:
    """By whom it was handed to whom, and what was said of it."""
    whom: Spans = (Plain("you"),) if to == (handover.to,) else (PersonName(handover.to),)
    note: Spans = (Plain(f": “{handover.note}”"),) if handover.note else ()
    return (PersonName(handover.by), Plain(" handed this to "), *whom, Plain(", "), Timestamp(handover.at), *note)


def handed_line(handover: Handover, reader: str) -> Spans:
    """The same behind a wait in a list: "handed to you by Ben: “knows their setup”"."""
    whom: Spans = (Plain("handed to you"),) if handover.to == reader else (Plain("handed to "), PersonName(handover.to))
    by: Spans = (Plain(" by you"),) if handover.by == reader else (Plain(" by "), PersonName(handover.by))
    return (*whom, *by, *((Plain(f": “{handover.note}”"),) if handover.note else ()))


def lines_of(history: CustomerHistory, customer: str, *, to: tuple[str, ...], zone: tzinfo, now: Instant) -> list[Spans]:
    """A line each; `to` are those who read them."""
    end: Spans = () if history.handover.note else (Plain("."),)
    lines: list[Spans] = [(*handed_words(history.handover, to), *end)]
    if history.was_on_it is not None:
        lines.append((PersonName(history.was_on_it), Plain(" was on it until then.")))
    if history.spoke:
        spans: list[Span] = [Plain("So far "), PersonName(customer), Plain(" spoke with ")]
        for place, (member, at) in enumerate(history.spoke):
            spans += [*([Plain(", ")] if place else []), PersonName(member), Plain(f" (last {say_day(at, zone, now)})")]
        lines.append((*spans, Plain(".")))
    if history.earlier:
        earlier: list[Span] = [PersonName(customer), Plain(" was here before: ")]
        for place, (at, link) in enumerate(history.earlier):
            day = say_day(at, zone, now)
            earlier += [*([Plain(", ")] if place else []), Plain(day) if link is None else Link(link, day)]
        lines.append((*earlier, Plain(".")))
    return lines
