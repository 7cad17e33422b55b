"""A member's open ends as one list, to be handed over in person: with whom each could go to, at one click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import keys
from bot.domain.durations import Instant
from bot.domain.views import (
    BULLET,
    MOST_IN_BUTTON,
    Button,
    Buttons,
    Code,
    CommandText,
    Heading,
    Node,
    PersonName,
    Plain,
    SmallPrint,
    Spans,
    Text,
    Timestamp,
    View,
)
from bot.wording.digest import Row, head_of
from bot.wording.ended import going_on
from bot.wording.holds import own_line
from bot.wording.lists import NOBODY, ListPlace, in_list
from bot.wording.phrases import count, people

MOST_LISTED = 8
"""Waits in the list: as many as on a page of `waiting`."""

_LONGEST_NAME = 20

INTRODUCE = "Please introduce them yourself: a customer who knows who goes on isn't left alone."


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A wait, and the colleague (with their name) it could go to; None where nobody is here. `knows`: they know the customer."""

    row: Row
    to: str | None
    name: str
    knows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverFacts:
    """All that a member has open. `on_team`: they are still. `leaves`: when they will be away, if that is soon."""

    member: str
    proposals: tuple[Proposal, ...]
    now: Instant
    on_team: bool
    leaves: Instant | None = None


def handover(facts: HandoverFacts, to: tuple[str, ...]) -> View | None:
    """The list as a message to `to`: whose it is, or, of somebody who left, a lead. None where nothing is open."""
    if not facts.proposals:
        return None
    waits = count(len(facts.proposals), "customer", "customers")
    called: Spans = (*people(to, ping=to), Plain(", ")) if to else ()
    head: Spans
    if facts.on_team and facts.leaves is not None:
        head = (*called, Plain("you are away from "), Timestamp(facts.leaves), Plain(f" on and have {waits} open."))
        gist = f"{waits} to hand over"
    elif facts.on_team:
        head = (*called, Plain(f"you aren't on duty any more and have {waits} open."))
        gist = f"{waits} to hand over"
    else:
        head = (*called, PersonName(facts.member), Plain(f" isn't on the team any more and has {waits} open."))
        gist = f"{waits} without anybody"
    return View(nodes=(Text(head), *items(facts, facts.member if facts.on_team else "")), fallback=gist, addressed=to)


def below(view: View, facts: HandoverFacts, reader: str) -> View:
    """An answer to `reader`, who said that somebody goes away (themselves, or as a lead), and below it what those have open."""
    if not facts.proposals:
        return view
    return View(nodes=(*view.nodes, *_kept(facts, reader)), fallback=view.fallback, addressed=view.addressed)


def left_to_hand_over(facts: HandoverFacts, reader: str) -> View:
    """What somebody who goes away still has open, for below what came of a click of `reader` in that list."""
    if not facts.proposals:
        return View(nodes=(Text((Plain(NOBODY["leaving"]),)),), fallback=NOBODY["leaving"])
    return View(nodes=_kept(facts, reader), fallback="Before you go" if reader == facts.member else "To hand over")


def _kept(facts: HandoverFacts, reader: str) -> tuple[Node, ...]:
    """The list with buttons that bring it up to date."""
    waits = f"{count(len(facts.proposals), 'customer', 'customers')} to hand over"
    head: Node = Heading(f"Before you go: {waits}")
    if reader != facts.member:  # a lead said that they are away
        head = Text((PersonName(facts.member), Plain(f" has {waits}:")))
    return in_list((head, *items(facts, reader)), ListPlace(whose="leaving", member=facts.member))


def items(facts: HandoverFacts, reader: str) -> Sequence[Node]:
    """A line a wait as `reader` reads it, with a button that hands it to who is proposed and one to choose somebody else."""
    nodes: list[Node] = []
    for proposal in facts.proposals[:MOST_LISTED]:
        row = proposal.row
        spans: Spans = (Plain(BULLET), *head_of(row, facts.now))
        if row.wait.hold is not None:
            spans = (*spans, Plain(": "), *going_on(own_line(row.wait, reader)))
        spans = (*spans, Plain("  "), Code(row.handle))
        if proposal.to is not None and proposal.knows:
            spans = (*spans, Plain("  "), PersonName(proposal.to), Plain(" knows them."))
        nodes += [Text(spans), Buttons(_buttons(proposal))]
    left = len(facts.proposals) - MOST_LISTED
    if left > 0:
        lists = "waiting mine" if reader == facts.member else "waiting all"
        nodes.append(Text((Plain(f"and {left} more: "), CommandText(lists))))
    nodes.append(SmallPrint((Plain(INTRODUCE),)))
    return nodes


def _buttons(proposal: Proposal) -> tuple[Button, ...]:
    handle = proposal.row.handle
    other = Button("Somebody else…" if proposal.to else "Hand over…", "form", keys.argument("assign", handle))
    if proposal.to is None:
        return (other,)
    argument = keys.argument(handle, proposal.to)
    if len(keys.code("assign", argument)) > MOST_IN_BUTTON:
        return (other,)
    name = proposal.name if len(proposal.name) <= _LONGEST_NAME else f"{proposal.name[: _LONGEST_NAME - 1]}…"
    return (Button(f"Hand to {name}", "assign", argument), other)
