"""Who came into a community channel, for one member to say hello to: what is known of them, never what to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain import keys
from bot.domain.arrivals import SAID_BY_HAND, Arrival, ArrivalEnd
from bot.domain.views import (
    BULLET,
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
from bot.wording.phrases import channel, count, customer_name, people

VERB: Final = "hello"
"""What a button about who came in comes back as."""

NOT_YET: Final = "not-yet"
"""That somebody who was said to be greeted is to be greeted after all."""

MOST_NAMED: Final = 5
"""Those who are named in a message; of more, how many."""

MOST_ON_HOME: Final = 2
"""Messages about who came in that a member's own page has, the oldest."""

FLOOD: Final = 20
"""So many aren't to be greeted one by one."""

WHY: Final = (
    "A few words of yours instead of a welcome by a machine. It is over once one of you has spoken with them, or they ask "
    "something."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameIn:
    """One who came in, what stands beside their name, and where their first message is."""

    arrival: Arrival
    company: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalsFacts:
    """Those of whom one message tells (at least one), in order, and the member who is asked to greet them."""

    came: tuple[CameIn, ...]
    to: str | None
    channel_name: str

    @property
    def open(self) -> tuple[CameIn, ...]:
        """Those who are still to be greeted."""
        return tuple(one for one in self.came if one.arrival.open)


def arrivals(facts: ArrivalsFacts) -> View | None:
    """The message to the member who is asked; None where there is nobody to greet any more."""
    if not facts.open:
        return None
    to = () if facts.to is None else (facts.to,)
    return View(nodes=_open_nodes(facts, facts.open, to), fallback=_gist(facts), addressed=to)


def arrivals_now(facts: ArrivalsFacts) -> View:
    """The same message as things are by now; nobody is notified again."""
    settled = [one for one in facts.came if not one.arrival.open]
    lines: list[Node] = [Text((Plain(BULLET), *_settled(one))) for one in settled[:MOST_NAMED]]
    if len(settled) > MOST_NAMED:
        lines.append(Text((Plain(f"and {len(settled) - MOST_NAMED} more."),)))
    if facts.open:
        to = () if facts.to is None else (facts.to,)
        return View(nodes=_open_nodes(facts, facts.open, to, lines), fallback=_gist(facts))
    where = channel(facts.channel_name)
    if len(settled) == 1:
        only = Text((*_settled(settled[0]), Plain(f" ({where}).")))
        return View(nodes=(only, *_taken_back(settled)), fallback=f"Nobody is left to greet in {where}")
    head = Text((Plain(f"{_people(len(settled))} joined {where}; nobody is left to greet:"),))
    return View(nodes=(head, *lines, *_taken_back(settled)), fallback=f"Nobody is left to greet in {where}")


def _taken_back(settled: Sequence[CameIn]) -> tuple[Node, ...]:
    """The way back from what was said last of who came in; nothing where that isn't a member's to take back."""
    said = [one.arrival for one in settled if one.arrival.end in SAID_BY_HAND]
    if not said:
        return ()
    last = max(said, key=lambda one: one.ended_at or 0.0)
    return (Buttons((Button("Still to greet", VERB, keys.argument(str(last.number), NOT_YET)),)),)


def passed_on() -> View:
    """What a message says that was passed on, or of whom nothing is kept any more."""
    said = "This was passed on, or is from before: nothing is to be done about it here."
    return View(nodes=(Text((Plain(said),)),), fallback="This was passed on")


def listed(several: tuple[ArrivalsFacts, ...], reader: str) -> View:
    """Who is still to be greeted, and who is asked to; with buttons for the `reader`, where that is them."""
    if not several:
        return View(nodes=(Text((Plain("Nobody is waiting for a hello."),)),), fallback="Nobody is waiting for a hello")
    nodes: list[Node] = []
    for facts in several:
        if facts.to == reader:
            nodes += _open_nodes(facts, facts.open, (reader,))
            continue
        asked: Spans = (Plain("Nobody is asked yet."),) if facts.to is None else (PersonName(facts.to), Plain(" is asked."))
        done: Spans = (Plain(" If you greeted them: "), CommandText(f"hello {facts.open[0].arrival.number} said"), Plain("."))
        nodes += [Text((*_who(facts, facts.open), Plain(" "), *asked, *done)), *_each(facts.open)]
    return View(nodes=tuple(nodes), fallback="Who is still to be greeted")


def own_greetings(several: Sequence[ArrivalsFacts]) -> tuple[Node, ...]:
    """Those whom the reader is asked to greet, as a part of their own list; nothing where there is nobody."""
    nodes: list[Node] = []
    for facts in several[:MOST_ON_HOME]:
        came = facts.open
        when = " since " if len(came) > 1 else ", "
        joined: Spans = (Plain(f" joined {channel(facts.channel_name)}{when}"), _first(facts), Plain("."))
        nodes += [Text((Plain("Will you say hello? "), *_names(came), *joined)), _buttons(came)]
    return tuple(nodes)


def digest_line(several: Sequence[ArrivalsFacts]) -> Node | None:
    """That nobody has spoken yet with people who came in, for the team's digest; None where there is nobody."""
    spans: list[Span] = []
    for facts in several[:MOST_NAMED]:
        spans += [Plain("; " if spans else "Nobody has said hello yet to "), *_names(facts.open)]
        spans += [Plain(f" in {channel(facts.channel_name)}, since "), _first(facts)]
    if not spans:
        return None
    return Text((*spans, Plain(". "), CommandText("hello"), Plain(" lists them.")))


def _names(came: tuple[CameIn, ...]) -> Spans:
    return people([one.arrival.person for one in came]) if len(came) <= MOST_NAMED else (Plain(_people(len(came))),)


def _first(facts: ArrivalsFacts) -> Timestamp:
    return Timestamp(facts.open[0].arrival.at)


def came_of(facts: ArrivalsFacts, said: Spans) -> Spans:
    """An answer that repeats whom it is about: "Kira in #community: you said hello"."""
    shown = facts.came
    return (*_names(shown), Plain(f" in {channel(facts.channel_name)}: "), *said)


def end_said(arrival: Arrival) -> Spans:
    """Why somebody isn't to be greeted any more, as it reads after a colon."""
    by: Spans = (Plain("somebody"),) if arrival.by is None else (PersonName(arrival.by),)
    match arrival.end:
        case ArrivalEnd.GREETED:
            return (*by, Plain(" said hello"))
        case ArrivalEnd.ASKED:
            return (Plain("asked something by themselves, and is on the list of who waits"),)
        case ArrivalEnd.LEFT:
            return (Plain("has left"),)
        case ArrivalEnd.NEEDLESS:
            return (Plain("no need, says "), *by)
        case None:
            return (Plain("still to be greeted"),)


def _open_nodes(
    facts: ArrivalsFacts, came: tuple[CameIn, ...], to: tuple[str, ...], settled: Sequence[Node] = ()
) -> tuple[Node, ...]:
    call: Spans = (*people(to, ping=to), Plain(", will you say hello")) if to else (Plain("Will somebody say hello"),)
    whom = "? " if len(came) < FLOOD else " to all of them? "
    head = Text((*call, Plain(whom), *_who(facts, came)))
    return (head, *_each(came), *settled, SmallPrint((Plain(WHY),)), _buttons(came))


def _buttons(came: tuple[CameIn, ...]) -> Buttons:
    argument = str(came[0].arrival.number)
    return Buttons(
        (
            Button("I said hello", VERB, keys.argument(argument, "said"), "primary"),
            Button("Not me", VERB, keys.argument(argument, "not-me")),
            Button("No need", VERB, keys.argument(argument, "needless")),
        )
    )


def _who(facts: ArrivalsFacts, came: tuple[CameIn, ...]) -> Spans:
    """ "Kira (Reef) joined #community at 14:02." or "3 people joined #community since 14:02:"."""
    where = channel(facts.channel_name)
    if len(came) == 1:
        (one,) = came
        joined: Spans = (Plain(f" joined {where}, "), Timestamp(one.arrival.at), *_wrote(one), Plain("."))
        return (*customer_name(one.arrival.person, one.company), *joined)
    return (Plain(f"{_people(len(came))} joined {where} since "), Timestamp(came[0].arrival.at), Plain("."))


def _each(came: tuple[CameIn, ...]) -> list[Node]:
    """A line for each of several; of a flood none, whose names nobody reads."""
    if len(came) == 1 or len(came) >= FLOOD:
        return []
    lines: list[Node] = []
    for one in came[:MOST_NAMED]:
        who = customer_name(one.arrival.person, one.company)
        lines.append(Text((Plain(BULLET), *who, Plain(", "), Timestamp(one.arrival.at), *_wrote(one))))
    if len(came) > MOST_NAMED:
        lines.append(Text((Plain(f"and {len(came) - MOST_NAMED} more."),)))
    return lines


def _wrote(one: CameIn) -> Spans:
    if one.arrival.first_message is None:
        return ()
    return (Plain(", and wrote"),) if one.link is None else (Plain(", and "), Link(one.link, "wrote"))


def _settled(one: CameIn) -> Spans:
    return (*customer_name(one.arrival.person, one.company), Plain(": "), *end_said(one.arrival))


def _people(number: int) -> str:
    return count(number, "person", "people")


def _gist(facts: ArrivalsFacts) -> str:
    return f"{_people(len(facts.open))} joined {channel(facts.channel_name)}. Will you say hello?"
