"""Introductions to make, in words, for leads: who stopped asking, who knows only one of us. No figures, and nobody's fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.durations import Instant
from bot.domain.views import (
    BULLET,
    Bold,
    Button,
    Buttons,
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
from bot.wording.phrases import customer_name, place

NOBODY_TO_INTRODUCE = "Nobody needs an introduction just now, as far as I can tell."

SWITCHED_OFF = "The settings leave introductions out ([care] introductions = false)."

MOST_ON_HOME = 2
"""Customers of each kind that a lead's page names, in one line."""

_HEAD = "Introductions to make"
_BACK = (
    "They asked at least twice, nobody answered them, and they have written nothing for a month. A word from somebody who says "
    "who they are may bring them back."
)
_COVER = "When that one is away, nobody knows them. The introduction is yours to make: I never write to customers."


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedAsking:
    """A customer who stopped asking, and where and when they wrote last."""

    customer: str
    channel_name: str
    at: Instant
    link: str | None = None
    company: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowsOne:
    """A customer who knows one member alone, and where and when they last dealt with each other."""

    customer: str
    member: str
    channel_name: str
    at: Instant
    link: str | None = None
    company: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Introductions:
    """Customers to whom somebody had better be introduced, the latest first."""

    stopped: Sequence[StoppedAsking] = ()
    known: Sequence[KnowsOne] = ()


def introductions(facts: Introductions) -> View:
    """The answer to a lead who asks."""
    if not facts.stopped and not facts.known:
        return View(nodes=(Text((Plain(NOBODY_TO_INTRODUCE),)),), fallback=NOBODY_TO_INTRODUCE)
    nodes: list[Node] = [Heading(_HEAD)]
    if facts.stopped:
        nodes += [Text((Bold("Stopped asking"),)), *map(_stopped, facts.stopped), SmallPrint((Plain(_BACK),))]
    if facts.known:
        nodes += [Text((Bold("Know only one of us"),)), *map(_knows_one, facts.known), SmallPrint((Plain(_COVER),))]
    return View(nodes=tuple(nodes), fallback=_HEAD)


def on_home(facts: Introductions) -> tuple[Node, ...]:
    """The same on a lead's own page, in a line; nothing where there are none."""
    who: list[Spans] = [
        (*customer_name(one.customer, one.company), Plain(" stopped asking")) for one in facts.stopped[:MOST_ON_HOME]
    ]
    who += [
        (*customer_name(one.customer, one.company), Plain(" knows only "), PersonName(one.member))
        for one in facts.known[:MOST_ON_HOME]
    ]
    if not who:
        return ()
    spans: list[Span] = [Bold(_HEAD), Plain(": ")]
    for number, each in enumerate(who):
        spans += [*([Plain("; ")] if number else []), *each]
    return (Text((*spans, Plain("."))), Buttons((Button("All introductions", "introductions", ""),)))


def _stopped(one: StoppedAsking) -> Text:
    asked: Spans = (Plain(" asked and heard from nobody, last in "), place(one.channel_name, one.link), Plain(", "))
    return Text((Plain(BULLET), *customer_name(one.customer, one.company), *asked, Timestamp(one.at)))


def _knows_one(one: KnowsOne) -> Text:
    knows: Spans = (Plain(" knows only "), PersonName(one.member), Plain(" of us, last in "))
    where: Spans = (place(one.channel_name, one.link), Plain(", "), Timestamp(one.at))
    return Text((Plain(BULLET), *customer_name(one.customer, one.company), *knows, *where))
