"""What a new bot says before it reminds anybody: what it has read, what it would have sent, and who may let it begin."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.durations import Instant
from bot.domain.views import (
    Bold,
    Button,
    Buttons,
    CommandText,
    Heading,
    Node,
    PersonName,
    Plain,
    SmallPrint,
    Span,
    Spans,
    Text,
    Timestamp,
    View,
)
from bot.domain.waits import Wait
from bot.wording.phrases import channel, count, people, span_of

MOST_SHOWN = 10
"""Reminders a preview lists; a team that would have got more reads how many."""


LOST = "I have lost my memory"


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldBe:
    """A reminder that would have left: about which wait, when, to whom (empty: the team)."""

    wait: Wait
    channel_name: str
    at: Instant
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewFacts:
    """What a preview tells of. `rows`: the last day's, in order; `waiting`: how many wait now, `old`: how many of them since more
    than a day, who are only listed. `observing`: this process was told to send nothing, whatever a lead says. `anew`: reminders
    had begun before, and the database that knew is lost."""

    rows: tuple[WouldBe, ...]
    waiting: int
    old: int
    leads: tuple[str, ...]
    observing: bool = False
    anew: bool = False


def preview(facts: PreviewFacts) -> View:
    """What would have been sent today, and the button with which a lead lets reminders begin."""
    number = len(facts.rows)
    would = f"In the last 24 hours I would have sent {count(number, 'reminder')}" if number else ""
    nodes = _anew(facts.leads) if facts.anew else _new()
    if number:
        nodes.append(Text((Bold(would + ":"),)))
        nodes += [Text(_row(row)) for row in facts.rows[:MOST_SHOWN]]
        if number > MOST_SHOWN:
            nodes.append(SmallPrint((Plain(f"… and {number - MOST_SHOWN} more."),)))
    else:
        nodes.append(Text((Plain("In the last 24 hours nobody would have been reminded of anything."),)))
    nodes.append(Text(_now(facts)))
    if facts.observing:
        nodes.append(SmallPrint((Plain("This run only observes: it sends nothing, whatever is clicked here."),)))
    else:
        start = Button("Start reminding", "start", "", "primary")
        nodes.append(Buttons((start, Button("Who is waiting", "waiting", "all"))))
        nodes.append(SmallPrint(_who_may(facts.leads)))
    if facts.anew:
        return View(nodes=tuple(nodes), fallback=f"{LOST}: nobody is reminded until a lead says so", addressed=facts.leads)
    return View(nodes=tuple(nodes), fallback=would or "Nobody has been reminded yet: please have a look")


def begun(*, at: Instant, by: str | None) -> View:
    """What the preview's post says once a lead has let reminders begin."""
    who: Spans = () if by is None else (Plain(", by "), PersonName(by))
    spans: Spans = (Plain("Reminders are on since "), Timestamp(at), *who, Plain("."))
    note = SmallPrint(
        (Plain("Who had waited for more than a day by then is only listed in "), CommandText("waiting"), Plain("."))
    )
    return View(nodes=(Text(spans), note), fallback="Reminders are on")


def _new() -> list[Node]:
    says = "I have read what was written here lately, without a word. Before I remind anybody, please have a look."
    return [Heading("Nobody has been reminded yet"), Text((Plain(says),))]


def _anew(leads: tuple[str, ...]) -> list[Node]:
    """For a lead, at once: whoever relied on reminders gets none until one of them acts."""
    says = (
        "My database is new, though I have posted here before: the old one was deleted or exchanged. I have read the channels "
        "again, but what was chosen in chat (hours, absences, which channels are watched) and what was corrected is gone."
    )
    ask: Spans = (Plain("If there is a copy of it, stop me and put it back. Else please start reminders again."),)
    if leads:
        ask = (*people(leads, ping=leads), Plain(": nobody is reminded until you say so. "), *ask)
    else:
        ask = (Plain("Nobody is reminded until one of you says so. "), *ask)
    return [Heading(LOST), Text((Plain(says),)), Text(ask)]


def _row(row: WouldBe) -> Spans:
    to = people(row.to) if row.to else (Plain("the team"),)
    long = span_of(row.at - row.wait.opened_at)
    where = channel(row.channel_name)
    return (
        Timestamp(row.at),
        Plain(", to "),
        *to,
        Plain(": "),
        PersonName(row.wait.customer),
        Plain(f" had waited {long} in {where}"),
    )


def _now(facts: PreviewFacts) -> Spans:
    if not facts.waiting:
        return (Plain("Right now nobody is waiting."),)
    spans: list[Span] = [Plain(f"Right now {count(facts.waiting, 'customer is waiting', 'customers are waiting')}")]
    if facts.old:
        which = "of them for more than a day; that one is" if facts.old == 1 else "of them for more than a day; those are"
        spans.append(Plain(f", {facts.old} {which} only listed in "))
        spans.append(CommandText("waiting"))
    return (*spans, Plain("."))


def _who_may(leads: tuple[str, ...]) -> Spans:
    if not leads:
        return (Plain("Anybody on the team may start it. "), CommandText("preview"), Plain(" shows this again, as it is then."))
    return (*people(leads), Plain(" may start it. "), CommandText("preview"), Plain(" shows this again, as it is then."))
