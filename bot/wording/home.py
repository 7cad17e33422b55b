"""A member's own list: who waits for them, what they promised and put off, their figures and settings. Nobody else sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.domain import keys
from bot.domain.durations import Instant
from bot.domain.hours import Hours, Interval
from bot.domain.preferences import ORDINARY, OwnSwitch
from bot.domain.reasons import Reason
from bot.domain.views import (
    BULLET,
    Bold,
    Button,
    Buttons,
    Code,
    Divider,
    Fields,
    Heading,
    Node,
    Plain,
    Quote,
    SmallPrint,
    Spans,
    Text,
    Timestamp,
    View,
)
from bot.waits import holds
from bot.waits.figures import Figures
from bot.wording.answers import OwnFigures, own_stats, team_stats
from bot.wording.digest import Row, head_of, perhaps
from bot.wording.ended import going_on
from bot.wording.holds import own_line, said_why
from bot.wording.phrases import count, say_hours, snippet
from bot.wording.reasons import sentence
from bot.wording.reminder import asked_about
from bot.wording.switches import own_rows

MOST_WAITING = 8
"""Waits that are listed as waiting for a member; with `MOST_QUIET` it keeps a list below 80 nodes."""

MOST_QUIET = 5
"""Waits that are listed as promised by them, and as put off by them."""

MOST_DEAD = 5
"""Messages that couldn't be delivered which a lead's list shows, the latest."""

ABOUT = (
    "I'm a tool of the team here: I help them notice who is still waiting for an answer, so that a person replies. "
    "If you need something, please just ask in the channel."
)
"""All that somebody who isn't a member is shown."""

NOBODY = "Nobody is waiting for you."


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A message that was given up: what it was, the handle of the wait it was about, and why. `perhaps`: it may have arrived all
    the same."""

    what: Literal["reminder", "update", "digest", "tip"]
    reason: Reason
    handle: str | None = None
    perhaps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeFacts:
    """What a member's own list holds at `now`. `rows` are the waits that are theirs in any way, in any order; `member` is their
    key. `hours` are their working hours, `away` the span they are away in, or the next, `switch` what they want to be told;
    `team_budget` is the most notifications in a day of who chose no number.
    `own` and `team` are figures of the same days; `undelivered` is for leads."""

    rows: tuple[Row, ...]
    member: str
    now: Instant
    own: OwnFigures
    team: Figures
    hours: Hours
    dms: bool
    switch: OwnSwitch = ORDINARY
    team_budget: int | None = None
    away: Interval | None = None
    undelivered: tuple[Undelivered, ...] = field(default=())


def about() -> View:
    """What somebody who isn't a member sees where a member sees the own list."""
    return View(nodes=(Heading("realreply"), Text((Plain(ABOUT),))), fallback="realreply, a tool of the team here")


def home(facts: HomeFacts) -> View:
    """The own list with figures and settings, at most 80 nodes."""
    listed = own_list(facts.rows, member=facts.member, now=facts.now)
    nodes: list[Node] = [*listed.nodes, Divider(), Heading("Your settings"), *_settings(facts)]
    nodes += [Divider(), *own_stats(facts.own).nodes, *team_stats(facts.team, days=facts.own.days).nodes]
    if facts.undelivered:
        nodes += [Divider(), Heading("What couldn't be delivered")]
        nodes += [_given_up(message) for message in facts.undelivered[:MOST_DEAD]]
        nodes.append(SmallPrint((Code("realreply doctor"), Plain(" on the machine I run on lists all of it, and what to do."))))
    return View(nodes=tuple(nodes), fallback=listed.fallback)


def own_list(rows: Sequence[Row], *, member: str, now: Instant) -> View:
    """The waits of a member with their buttons: waiting for them, promised by them, and quiet just now."""
    waiting, promised, quiet = _parted(rows, member)
    head = f"{count(len(waiting), 'customer is', 'customers are')} waiting for you" if waiting else NOBODY
    nodes: list[Node] = [Heading(head)] if rows else [Text((Plain(head),))]
    for row in waiting[:MOST_WAITING]:
        nodes += _item(row, member, now, _WAITING)
    nodes += _more(waiting, MOST_WAITING)
    for title, group in (("You promised an answer", promised), ("Quiet just now", quiet)):
        if group:
            nodes.append(Text((Bold(title),)))
        for row in group[:MOST_QUIET]:
            nodes += _item(row, member, now, _PROMISED if group is promised else _QUIET)
        nodes += _more(group, MOST_QUIET)
    return View(nodes=tuple(nodes), fallback=head)


def _parted(rows: Sequence[Row], member: str) -> tuple[list[Row], list[Row], list[Row]]:
    """(waiting, promised by them, quiet for another reason): longest wait first; what is quiet by when it comes up again."""
    ranked = sorted(rows, key=lambda row: (row.wait.opened_at, row.wait.id))
    held = [(row.wait.hold.until, row) for row in ranked if row.wait.hold is not None]
    held.sort(key=lambda pair: pair[0])
    promised = [row for _, row in held if _promised(row, member)]
    return (
        [row for row in ranked if row.wait.hold is None],
        promised,
        [row for _, row in held if not _promised(row, member)],
    )


def _promised(row: Row, member: str) -> bool:
    hold = row.wait.hold
    return hold is not None and holds.promised_for(hold) is not None and hold.by == member


_WAITING = (
    ("I'm on it", "claim", ""),
    ("Answered elsewhere", "answered", ""),
    ("No reply needed", "dismiss", ""),
    ("Not me", "not_me", ""),
    ("Snooze…", "form", "snooze"),
)
_PROMISED = (("Answered elsewhere", "answered", ""), ("No reply needed", "dismiss", ""), ("Snooze…", "form", "snooze"))
_QUIET = (*_PROMISED, ("Not me", "not_me", ""))
"""(label, verb, what stands before the handle, if anything) of the buttons below a wait."""


def _item(row: Row, member: str, now: Instant, controls: tuple[tuple[str, str, str], ...]) -> list[Node]:
    wait, maybe = row.wait, row.wait.possible_answer
    spans = head_of(row, now)
    if wait.hold is not None:
        spans = (*spans, Plain(": "), *going_on(own_line(wait)), *said_why(row.note))
    asked = snippet(row.texts)
    buttons = [
        Button(label, verb, keys.argument(before, row.handle) if before else row.handle) for label, verb, before in controls
    ]
    if maybe is not None and maybe.by == member:  # only who wrote it can say
        about = asked_about(row.handle, maybe)
        buttons = [Button("Yes, answered", "confirm", about), Button("Not yet", "not_yet", about), *buttons[-2:]]
    return [
        Text((*spans, *perhaps(wait, member), Plain("  "), Code(row.handle))),
        *([Quote(asked)] if asked else []),
        Buttons(tuple(buttons)),
    ]


def _more(rows: Sequence[Row], most: int) -> list[Node]:
    if len(rows) <= most:
        return []
    handles = [row.handle for row in rows[most : most + 10]]
    further = ", ".join(handles) + (" and others" if len(rows) > most + len(handles) else "")
    return [Text((Plain(f"and {len(rows) - most} more: "), Code(further)))]


def _settings(facts: HomeFacts) -> list[Node]:
    away: Spans = (Plain("no"),)
    if facts.away is not None:
        since, until = facts.away
        begins: Spans = () if since <= facts.now else (Plain("from "), Timestamp(since), Plain(" "))
        away = (*begins, Plain("until "), Timestamp(until))
    rows: tuple[tuple[str, Spans], ...] = (
        ("working hours", (Plain(say_hours(facts.hours)),)),
        ("direct messages", (Plain("reminders and tips come as DMs" if facts.dms else "none"),)),
        ("away", away),
        *own_rows(facts.switch, facts.team_budget, facts.now),
    )
    buttons = (
        Button("Set my hours…", "form", "hours"),
        Button("No more DMs", "dm", "off") if facts.dms else Button("Send me DMs", "dm", "on"),
        Button("Away until…", "form", "away"),
        *((Button("I'm back", "back", ""),) if facts.away is not None else ()),
        *((Button("Unmute", "unmute", ""),) if facts.switch.muted_at(facts.now) else ()),
    )
    return [Fields(rows), Buttons(buttons)]


def _given_up(message: Undelivered) -> Node:
    about_wait: Spans = () if message.handle is None else (Plain(" about "), Code(message.handle))
    perhaps = " It may have arrived all the same." if message.perhaps else ""
    article = "An" if message.what == "update" else "A"
    spans: Spans = (Plain(f"{BULLET}{article} {message.what}"), *about_wait)
    return Text((*spans, Plain(f": {sentence(message.reason)}.{perhaps}")))
