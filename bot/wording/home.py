"""A member's own list: who waits for them, what they promised and put off, their figures and settings. Nobody else sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.domain import keys
from bot.domain.absences import KnownAbsence
from bot.domain.delay_trial import DelayTrial
from bot.domain.durations import Instant
from bot.domain.hours import Hours
from bot.domain.preferences import ORDINARY, OwnSwitch, Watched
from bot.domain.reasons import Reason
from bot.domain.rules import Watch
from bot.domain.views import (
    BULLET,
    Bold,
    Button,
    Buttons,
    Code,
    CommandText,
    Divider,
    Fields,
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
from bot.waits.figures import Figures
from bot.wording.absences import said_by
from bot.wording.answers import OwnFigures, own_stats, team_stats
from bot.wording.arrivals import ArrivalsFacts, own_greetings
from bot.wording.delay_trial import running_line
from bot.wording.digest import Row
from bot.wording.introductions import Introductions, on_home
from bot.wording.lists import NOBODY, Group, item, own_groups
from bot.wording.phrases import channel, count, people, say_hours
from bot.wording.reasons import sentence
from bot.wording.switches import PausedPlace, own_rows, paused_lines
from bot.wording.thanks import ThanksRow, own_thanks

MOST_WAITING = 6
"""Waits that are listed as waiting for a member; with the others here it keeps the page below 100 nodes."""

MOST_ENDS = 5
"""Waits that are listed as promised, taken on or put off by them."""

MOST_QUIET = 3
"""Waits of theirs that are listed as quiet because of somebody else."""

MOST_HANDED_ON = 2
"""Waits that were theirs until a colleague handed them on."""

MOST_OTHERS = 5
"""Waits of others that a lead's page lists, the longest."""

MOST_HELD = 3
"""Waits of others that are promised or on hold which it lists, the longest."""

MOST_PAUSES = 3
"""Pauses that it names, each with its button."""

MOST_NAMED = 12
"""Channels that are watched, and members who are away, that a lead's page names."""

MOST_DEAD = 5
"""Messages that couldn't be delivered which a lead's list shows, the latest."""

ABOUT = (
    "I'm a tool of the team here: I help them notice who is still waiting for an answer, so that a person replies. "
    "If you need something, please just ask in the channel."
)
"""All that somebody who isn't a member is shown."""

PRIVACY = "I read the channels I'm in and nothing else, and keep what a customer wrote only while they wait; then ids and times."
"""What a member may want to know of what is kept, in a line."""

_HOW: dict[Watched, str] = {
    Watch.MENTIONS: "mentions",
    Watch.QUESTIONS: "questions",
    Watch.EVERYTHING: "everything",
    "nothing": "not watched",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A message that was given up: what it was, the handle of the wait it was about, and why. `perhaps`: it may have arrived all
    the same."""

    what: Literal["reminder", "update", "digest", "tip"]
    reason: Reason
    handle: str | None = None
    perhaps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamNow:
    """How the team stands, for a lead. `waiting` is how many customers wait for anybody, `others` those of them that aren't on
    the lead's own list, longest first; `held` is how many are promised or on hold, `quiet` those of them that aren't the lead's.
    `pauses` are what stands still. `duty_until` is when others are on duty (`next_duty`), where that is known. `away` are who is
    away with until when; `watched` the channels, by name, with how they are watched and whether they are paused."""

    waiting: int
    others: tuple[Row, ...]
    duty: tuple[str, ...]
    duty_until: Instant | None = None
    next_duty: tuple[str, ...] = ()
    away: tuple[tuple[str, Instant], ...] = ()
    watched: tuple[tuple[str, Watched, bool], ...] = ()
    quiet: tuple[Row, ...] = ()
    held: int = 0
    pauses: tuple[PausedPlace, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeFacts:
    """What a member's own list holds at `now`. `rows` are the waits that are theirs in any way, in any order; `member` is their
    key. `dms`: they want direct messages; `dms_closed`: and take none from us. `hours` are their working hours, `away` the span
    they are away in, or the next, `switch` what they want to be told, `switched_by` the lead who said so for them, if one did;
    `team_budget` is the most notifications in a day of who chose no number.
    `own` and `team` are figures of the same days; `team_now`, `undelivered`, `troubles` (what is wrong on a platform, for a lead
    to mend, a sentence each) and `introductions` are for leads; `thanks` are those of customers, lately; `greetings` those whom
    they are asked to greet. `trial`: of first reminders, the one that runs."""

    rows: tuple[Row, ...]
    member: str
    now: Instant
    own: OwnFigures
    team: Figures
    hours: Hours
    dms: bool
    dms_closed: bool = False
    switch: OwnSwitch = ORDINARY
    switched_by: str | None = None
    team_budget: int | None = None
    away: KnownAbsence | None = None
    undelivered: tuple[Undelivered, ...] = field(default=())
    team_now: TeamNow | None = None
    troubles: Sequence[str] = ()
    thanks: Sequence[ThanksRow] = ()
    greetings: Sequence[ArrivalsFacts] = ()
    introductions: Introductions | None = None
    trial: DelayTrial | None = None


def about() -> View:
    """What somebody who isn't a member sees where a member sees the own list."""
    return View(nodes=(Heading("realreply"), Text((Plain(ABOUT),))), fallback="realreply, a tool of the team here")


def home(facts: HomeFacts) -> View:
    """The own list with figures and settings, at most 100 nodes. A lead's has everybody's waits, too, and how the team stands."""
    listed = own_list(facts.rows, member=facts.member, now=facts.now)
    nodes: list[Node] = [*listed.nodes, *own_greetings(facts.greetings), *own_thanks(facts.thanks)]
    if facts.team_now is not None:
        nodes += [Divider(), *_everybody(facts, facts.team_now), Heading("The team now"), *_team_now(facts.team_now)]
    nodes += on_home(facts.introductions) if facts.introductions is not None else ()
    nodes += [Divider(), Heading("Your settings"), *_settings(facts)]
    nodes += [Divider(), *own_stats(facts.own).nodes, *team_stats(facts.team, days=facts.own.days).nodes]
    nodes += [Text((Plain(trouble),)) for trouble in facts.troubles[:MOST_DEAD]]
    if facts.undelivered:
        nodes += [Divider(), Heading("What couldn't be delivered")]
        nodes += [_given_up(message) for message in facts.undelivered[:MOST_DEAD]]
        nodes.append(SmallPrint((Code("realreply doctor"), Plain(" on the machine I run on lists all of it, and what to do."))))
    tried: Spans = () if facts.trial is None else (*running_line(facts.trial, facts.hours.zone, facts.now), Plain(" "))
    nodes += [Divider(), SmallPrint((*tried, CommandText("help"), Plain(" lists what you can ask me. " + PRIVACY)))]
    return View(nodes=tuple(nodes), fallback=listed.fallback)


def own_list(rows: Sequence[Row], *, member: str, now: Instant) -> View:
    """The waits of a member with their buttons: waiting for them; promised, taken on or put off by them; and quiet because of
    somebody else."""
    *groups, handed_on = zip(own_groups(rows, member), (MOST_WAITING, MOST_ENDS, MOST_QUIET, MOST_HANDED_ON), strict=True)
    waiting = groups[0][0]
    number = len(waiting.rows)
    head = f"{count(number, 'customer is', 'customers are')} waiting for you" if number else NOBODY["mine"]
    nodes: list[Node] = [Heading(head)] if rows else [Text((Plain(head),))]
    for group, most in groups:
        nodes += _group(group, most, member, now)
    nodes += _group(*handed_on, member, now, lines=True)
    more = sum(max(0, len(group.rows) - most) for group, most in (*groups, handed_on))
    if more:
        nodes.append(Buttons((Button(f"All of it ({more} more)", "waiting", "mine"),)))
    return View(nodes=tuple(nodes), fallback=head)


def _group(group: Group, most: int, member: str, now: Instant, *, own: bool = True, lines: bool = False) -> list[Node]:
    """The waits of a group; `lines`: without what was asked and what can be done, which the list has."""
    nodes: list[Node] = [Text((Bold(group.title),))] if group.rows and group.title else []
    for row in group.rows[:most]:
        nodes += item(row, member, now, own=own)[: 1 if lines else None]
    return nodes


def _everybody(facts: HomeFacts, team: TeamNow) -> list[Node]:
    """The waits of everybody else, for a lead, and below them those that are promised or on hold; what is paused."""
    nodes: list[Node] = []
    if not team.waiting and not team.held:
        nodes += [Heading("Everybody"), Text((Plain("Nobody else is waiting."),))]
    else:
        waiting = (
            count(team.waiting, "customer is", "customers are") + " waiting" if team.waiting else "nobody is waiting just now"
        )
        held = f", {team.held} promised or on hold" if team.held else ""
        nodes.append(Heading(f"Everybody: {waiting}{held}"))
    nodes += _group(Group(title="", rows=team.others), MOST_OTHERS, facts.member, facts.now, own=False)
    nodes += _group(Group(title="Promised or on hold", rows=team.quiet), MOST_HELD, facts.member, facts.now, own=False)
    if team.waiting or team.held:
        nodes.append(Buttons((Button("Everybody who waits", "waiting", "all"),)))
    nodes += [Text(line) for line in paused_lines(team.pauses, MOST_PAUSES)]
    if team.pauses:
        resumes = (Button(_resume(pause), "resume", keys.argument(pause.key)) for pause in team.pauses[:MOST_PAUSES])
        nodes.append(Buttons(tuple(resumes)))
    return nodes


def _resume(pause: PausedPlace) -> str:
    return "Resume everything" if pause.channel_name is None else f"Resume {channel(pause.channel_name)}"


def _team_now(team: TeamNow) -> list[Node]:
    """Who is on duty, who is away, what is watched."""
    away: list[Span] = []
    for place, (member, until) in enumerate(team.away[:MOST_NAMED]):
        away += [*([Plain(", ")] if place else []), PersonName(member), Plain(" until "), Timestamp(until)]
    watched = [f"{channel(name)} ({_HOW[how]}{', paused' if paused else ''})" for name, how, paused in team.watched[:MOST_NAMED]]
    more = f" and {len(team.watched) - MOST_NAMED} more" if len(team.watched) > MOST_NAMED else ""
    rows: tuple[tuple[str, Spans], ...] = (
        ("on duty", (*(people(team.duty) if team.duty else (Plain("nobody"),)), *_then(team))),
        ("away", tuple(away) or (Plain("nobody"),)),
        ("watched", (Plain(", ".join(watched) + more if watched else "no channel yet: invite me into one"),)),
    )
    return [Fields(rows), *([Buttons((Button("Watch otherwise…", "form", "watch"),))] if watched else [])]


def _then(team: TeamNow) -> Spans:
    """Until when they are on duty, and who is next; nothing where that isn't known."""
    if team.duty_until is None:
        return ()
    following = people(team.next_duty) if team.next_duty else (Plain("nobody"),)
    return (Plain(" until "), Timestamp(team.duty_until), Plain(", then "), *following)


def _settings(facts: HomeFacts) -> list[Node]:
    away: Spans = (Plain("no"),)
    if facts.away is not None:
        absence = facts.away
        begins: Spans = () if absence.since <= facts.now else (Plain("from "), Timestamp(absence.since), Plain(" "))
        away = (*begins, Plain("until "), Timestamp(absence.until), Plain(said_by(absence.source, own=True)))
    rows: tuple[tuple[str, Spans], ...] = (
        ("working hours", (Plain(say_hours(facts.hours)),)),
        ("direct messages", (Plain(_dms(facts)),)),
        ("away", away),
        *own_rows(facts.switch, facts.team_budget, facts.now, by=facts.switched_by),
    )
    buttons = (
        Button("Set my hours…", "form", "hours"),
        *((Button("Send me DMs", "dm", "on"),) if facts.dms and facts.dms_closed else ()),
        Button("No more DMs", "dm", "off") if facts.dms else Button("Send me DMs", "dm", "on"),
        Button("Away…", "form", "away"),
        Button("What I'm told…", "form", "want"),
        *((Button("I'm back", "back", ""),) if _can_end(facts.away, facts.now) else ()),
        *((Button("Unmute", "unmute", ""),) if facts.switch.muted_at(facts.now) else ()),
    )
    return [Fields(rows), Buttons(buttons)]


def _dms(facts: HomeFacts) -> str:
    if facts.dms and facts.dms_closed:
        closed = "you asked for them, but your DMs are closed for me, so your reminders are in the team's channel"
        return f"{closed}. Allow DMs from people you share a server with, then choose Send me DMs"
    return "reminders and tips come as DMs" if facts.dms else "none"


def _can_end(absence: KnownAbsence | None, now: Instant) -> bool:
    """Whether saying that one is back changes something: of what calendar or status say that is so once it has begun."""
    return absence is not None and (absence.since <= now or absence.source == "chat")


def _given_up(message: Undelivered) -> Node:
    about_wait: Spans = () if message.handle is None else (Plain(" about "), Code(message.handle))
    perhaps = " It may have arrived all the same." if message.perhaps else ""
    article = "An" if message.what == "update" else "A"
    spans: Spans = (Plain(f"{BULLET}{article} {message.what}"), *about_wait)
    return Text((*spans, Plain(f": {sentence(message.reason)}.{perhaps}")))
