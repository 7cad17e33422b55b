"""A member's open ends as one list, to be handed over in person: with whom each could go to, at one click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain import keys
from bot.domain.durations import HOUR, Instant, Seconds
from bot.domain.keys import HandoverKey
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
from bot.domain.waits import Handover
from bot.wording.digest import Row, head_of
from bot.wording.ended import SettledFacts, going_on, quiet_line
from bot.wording.holds import own_line
from bot.wording.lists import NOBODY, ListPlace, in_list
from bot.wording.phrases import channel, count, people

MOST_LISTED = 8
"""Waits in the list: as many as on a page of `waiting`."""

LATE: Seconds = HOUR
"""A list that is read so long after a shift says when that ended."""

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
    """What a member has open. `on_team`: they are still. `occasion`: why it is told, where nobody asked. `settled`: what a posted
    list told of that isn't theirs to hand over any more, each with how it was handed over last. `closed`: why a posted list has
    nothing to hand over any more, although something is open: they are on duty again, or a later list tells of it."""

    member: str
    proposals: tuple[Proposal, ...]
    now: Instant
    on_team: bool
    occasion: HandoverKey | None = None
    settled: tuple[tuple[SettledFacts, Handover | None], ...] = ()
    closed: Literal["duty", "later"] | None = None


def handover(facts: HandoverFacts, to: tuple[str, ...]) -> View | None:
    """The list as a message to `to`: whose it is, or, of somebody who left, a lead. None where nothing is open."""
    if not facts.proposals:
        return None
    return View(nodes=(Text(_head(facts, to)), *items(facts, _reader(facts))), fallback=_gist(facts), addressed=to)


def handover_now(facts: HandoverFacts, to: tuple[str, ...]) -> View:
    """The same list as it is by now: what is still open, and what became of the rest. Nobody is notified again."""
    if facts.closed is not None:
        called: Spans = (*people(to, ping=to), Plain(", ")) if to else ()
        why = "you are on duty again." if facts.closed == "duty" else "a later list tells what you still have open."
        return View(nodes=(Text((*called, Plain(why))),), fallback="This list is closed", addressed=())
    lines = [Text((Plain(BULLET), *_settled(*one))) for one in facts.settled[:MOST_LISTED]]
    more = len(facts.settled) - MOST_LISTED
    if more > 0:
        lines.append(Text((Plain(f"and {more} more."),)))
    left = items(facts, _reader(facts)) if facts.proposals else ()
    return View(nodes=(Text(_head(facts, to)), *lines, *left), fallback=_gist(facts), addressed=())


def from_before() -> View:
    """What a list says of which isn't known any more what it told of: nobody is to click what may be over."""
    spans: Spans = (
        Plain("This hand-over list is from before; "),
        CommandText("waiting mine"),
        Plain(" tells what you have open."),
    )
    return View(nodes=(Text(spans),), fallback="This list is closed", addressed=())


def _reader(facts: HandoverFacts) -> str:
    return facts.member if facts.on_team else ""


def _gist(facts: HandoverFacts) -> str:
    waits = count(len(facts.proposals), "customer", "customers")
    if not facts.proposals:
        return "Nothing is left to hand over"
    return f"{waits} to hand over" if facts.on_team else f"{waits} without anybody"


def _head(facts: HandoverFacts, to: tuple[str, ...]) -> Spans:
    """Why they read it, and how much is open."""
    called: Spans = (*people(to, ping=to), Plain(", ")) if to else ()
    still = " still" if facts.settled else ""
    left = len(facts.proposals)
    has = count(left, "customer", "customers") if left else "nothing"
    occasion = facts.occasion
    if not facts.on_team:
        gone: Spans = (*called, PersonName(facts.member), Plain(" isn't on the team any more"))
        return (*gone, Plain(f" and{still} has {has} open." if left else "; nothing is open any more."))
    rest = f"{still} have {has} open." if left else ""
    nothing = "; nothing is open any more."
    if occasion is not None and occasion.why == "away":
        verb = "you are away from " if facts.now < occasion.at else "you have been away since "
        return (*called, Plain(verb), Timestamp(occasion.at), Plain(f" on and{rest}" if left else nothing))
    if occasion is not None and facts.now - occasion.at > LATE:
        ended: Spans = (*called, Plain("your shift ended "), Timestamp(occasion.at))
        return (*ended, Plain(f", and you still have {has} open." if left else nothing))
    return (*called, Plain("you aren't on duty any more" + (f" and{rest}" if left else nothing)))


def _settled(facts: SettledFacts, handed: Handover | None) -> Spans:
    """What became of a wait that isn't theirs any more: "Dana in #help: handed to Ben"."""
    wait = facts.wait
    if not wait.open or wait.hold is not None:
        return quiet_line(facts)
    where: Spans = (PersonName(wait.customer), Plain(f" in {channel(facts.channel_name)}: "))
    if wait.owner_reason == "assigned" and handed is not None:
        return (*where, Plain("handed to "), PersonName(handed.to), Plain(" by "), PersonName(handed.by))
    return (*where, Plain("now with "), PersonName(wait.owner)) if wait.owner is not None else (*where, Plain("now the team's"))


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
        spans: Spans = head_of(row, facts.now)
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
