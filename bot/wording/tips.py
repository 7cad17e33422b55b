"""A tip in words: what was seen, with a count and where it stands, and the thought behind it. For one member alone.

It asks and never accuses, says nothing of anybody else, and has no text in it that could be sent to a customer.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import keys
from bot.domain.durations import Instant
from bot.domain.tips import Tip, TipKind
from bot.domain.views import (
    Bold,
    Button,
    Buttons,
    CommandText,
    Link,
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
from bot.wording.phrases import channel, count

_ABOUT: dict[TipKind, str] = {
    TipKind.CANNED: "lines that repeat",
    TipKind.PITCH: "first words to newcomers",
    TipKind.BROADCAST: "the same message in several channels",
    TipKind.AUTO_DM: "automatic direct messages",
}
"""What each kind is about, as it is said where kinds are listed."""

_THOUGHT: dict[TipKind, str] = {
    TipKind.CANNED: "People answer people: saying “I”, and naming the thing they asked about, shows that somebody looked.",
    TipKind.PITCH: (
        "Whoever comes here with a question hopes for a person. A word of your own about what brought them comes first; an offer "
        "can wait until they ask for one."
    ),
    TipKind.BROADCAST: (
        "Who reads several of these channels comes upon it in each. News has more of a hearing in one place, and with a word of "
        "your own to those whom it is about."
    ),
    TipKind.AUTO_DM: (
        "A direct message that nobody asked for, and nobody typed, is easily taken for spam. Did you know that it is sent? Where "
        "it is you who writes, people can write back."
    ),
}
"""The thought behind it: never a reproach, never words to be sent on."""

_NOBODY_ELSE = "Nobody else is told, and no figure counts it. "

_ALONE: dict[TipKind, str] = {
    TipKind.AUTO_DM: "Nobody else is told; leads see how many came through which app, without names. ",
}
"""What is said of who else knows, where it differs."""

MOST_APPS = 3
"""Apps that are named in a tip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMessage:
    """A message that a tip leads to: where and when it was written, and its address, where it has one."""

    channel_name: str
    at: Instant
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TipFacts:
    """What a tip says: the tip itself, the messages that were seen, oldest first, and the `apps` through which direct messages
    went, where their platform says so."""

    tip: Tip
    messages: tuple[SeenMessage, ...] = ()
    apps: tuple[str, ...] = ()


def about(kind: TipKind) -> str:
    """What a kind of tip is about."""
    return _ABOUT[kind]


def tip_nodes(facts: TipFacts) -> tuple[Node, ...]:
    """A tip as a part of what its member is shown."""
    tip = facts.tip
    off = Button("Don't tell me this again", "want", keys.argument("tips", "off", tip.kind))
    return (
        Text((Bold("A tip, for you alone"), Plain(": "), *_seen(facts))),
        *((Text(_places(facts)),) if facts.messages else ()),
        Text((Plain(_THOUGHT[tip.kind]),)),
        Buttons((off,)),
        SmallPrint((Plain(_ALONE.get(tip.kind, _NOBODY_ELSE)), CommandText("tips off"), Plain(" ends all tips."))),
    )


def tip_view(facts: TipFacts) -> View:
    """A tip as a direct message, which notifies its reader by itself."""
    return View(nodes=tip_nodes(facts), fallback=f"A tip, for you alone: {about(facts.tip.kind)}")


def _seen(facts: TipFacts) -> Spans:
    tip = facts.tip
    match tip.kind:
        case TipKind.CANNED:
            told = count(tip.count, "customer", "customers")
            return (Plain(f"in the last month you wrote nearly the same to {told}."),)
        case TipKind.PITCH:
            whom: Spans = (
                (Plain("somebody new here"),) if tip.about is None else (PersonName(tip.about), Plain(", who is new here,"))
            )
            return (Plain("the first that you wrote to "), *whom, Plain(" was mostly an offer or a link."))
        case TipKind.BROADCAST:
            places = count(tip.count, "channel", "channels")
            return (Plain(f"within a day you put the same message into {places} that customers read."),)
        case TipKind.AUTO_DM:
            through = f" They came through {' and '.join(facts.apps[:MOST_APPS])}." if facts.apps else ""
            return (Plain(f"automatic direct messages that people here got in your name were reported.{through}"),)


def _places(facts: TipFacts) -> Spans:
    """Where the messages stand, with their time."""
    spans: list[Span] = []
    for place, one in enumerate(facts.messages):
        name = channel(one.channel_name)
        spans += [
            *([Plain(", ")] if place else []),
            Link(one.link, name) if one.link else Plain(name),
            Plain(" "),
            Timestamp(one.at),
        ]
    return tuple(spans)
