"""Answers that only inform: who waits and why, who knows a customer, figures, the digest."""

from __future__ import annotations

from bot.commands.command import Arguments
from bot.commands.context import CommandContext, ListedWait
from bot.commands.responses import Response, said
from bot.domain import hours
from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.views import (
    Divider,
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
from bot.domain.waits import ReplyKind, Wait
from bot.waits import acquaintance
from bot.waits.figures import Figures
from bot.wording.answers import OwnFigures, WhyFacts, own_stats, team_stats
from bot.wording.answers import why as why_view
from bot.wording.digest import DigestFacts, Row, waiting_list
from bot.wording.digest import digest as digest_view
from bot.wording.phrases import count, people

MOST_QUOTED = 60
"""Waits whose text is looked up for a list; a list shows fewer than this."""

WELL = 3.0
"""The strength of acquaintance from which on somebody knows a customer well: three exchanges lately, or more a while ago."""

PERSONAL = (ReplyKind.PERSONAL, ReplyKind.CLARIFYING)

_DAYS = {"week": 7, "month": 30}


def waiting(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """Who is waiting, everybody ("mine" is answered by `own_list`)."""
    del given
    return Response(view=waiting_list(rows_of(ctx.waits, ctx, now), now=now))


def digest(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """The team's summary as it would read now."""
    del given
    facts = DigestFacts(rows=rows_of(ctx.waits, ctx, now), now=now, zone=ctx.hours_of("").zone)
    return Response(view=digest_view(facts) or waiting_list((), now=now))


def rows_of(waits: tuple[ListedWait, ...], ctx: CommandContext, now: Instant) -> tuple[Row, ...]:
    """Waits as a list shows them."""
    return tuple(
        Row(
            wait=listed.wait,
            handle=listed.handle,
            channel_name=ctx.channel_name(listed.wait.channel),
            working_seconds=_working(listed.wait, ctx, now),
            link=ctx.link_of(listed.wait),
            texts=ctx.texts_of(listed.wait.id) if place < MOST_QUOTED else (),
        )
        for place, listed in enumerate(waits)
    )


def _working(wait: Wait, ctx: CommandContext, now: Instant) -> Seconds:
    end = now if wait.ended_at is None else wait.ended_at
    return hours.working_between(ctx.hours_of(""), wait.opened_at, max(end, wait.opened_at))


def why(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """Why a wait counts as one and why it is whose it is, what was sent about it and what comes next. Also once it is over."""
    listed = given.listed
    wait = listed.wait
    last = [(known.at, known.member) for known in ctx.exchanges_of(wait.customer) if known.member == wait.owner]
    view = why_view(
        WhyFacts(
            wait=wait,
            handle=listed.handle,
            now=now,
            zone=ctx.zone,
            channel_name=ctx.channel_name(wait.channel),
            working_seconds=_working(wait, ctx, now),
            link=ctx.link_of(wait),
            last_exchange=None if not last else (max(last)[1], max(last)[0]),
        )
    )
    nodes = (*view.nodes, *_threshold(wait, ctx), *_reminders(wait, ctx))
    return Response(view=View(nodes=nodes, fallback=view.fallback))


def _threshold(wait: Wait, ctx: CommandContext) -> tuple[Node, ...]:
    """How sure the judge must be in this channel, where that isn't what the settings say."""
    threshold = ctx.threshold_of(wait.channel)
    if threshold is None:
        return ()
    moved = f"This channel's threshold is {threshold.now:.0%} instead of {threshold.usual:.0%}"
    return (SmallPrint((Plain(f"{moved}, after {count(threshold.corrections, 'correction')} by the team."),)),)


def _reminders(wait: Wait, ctx: CommandContext) -> list[Node]:
    lines: list[Spans] = [
        (Plain("Reminded "), *(people(sent.to) if sent.to else (Plain("the team"),)), Plain(", "), Timestamp(sent.at), Plain("."))
        for sent in ctx.reminders_of(wait.id)
    ]
    ahead = ctx.next_reminder_of(wait.id) if wait.open else None
    if ahead is not None:
        lines.append((Plain("The next reminder is due "), Timestamp(ahead), Plain(", unless somebody answers.")))
    if wait.not_me:
        lines.append((Plain("Not asked any more, as they wished: "), *people(wait.not_me), Plain(".")))
    return [SmallPrint(line) for line in lines]


def who(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """Who on the team knows a customer, best first: from counts and times of exchanges, never from what was said."""
    customer = given.customer or ""
    known: dict[str, tuple[float, Instant]] = {}
    for one in ctx.exchanges_of(customer):
        if one.member in ctx.team.members:
            total, last = known.get(one.member, (0.0, one.at))
            known[one.member] = (total + acquaintance.decayed(one.strength, one.at, now), max(last, one.at))
    if not known:
        return Response(view=said(ctx, now, Plain("Nobody on the team has talked with "), PersonName(customer), Plain(" yet.")))
    ranked = sorted(known.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))
    lines: list[Node] = [Text(_acquainted(member, strength, at, ctx, now)) for member, (strength, at) in ranked]
    head = f"Who knows {ctx.name(customer)}"
    return Response(
        view=View(nodes=(Heading(head), *lines), fallback=f"{head}: {', '.join(ctx.name(member) for member, _ in ranked)}")
    )


def _acquainted(member: str, strength: float, last: Instant, ctx: CommandContext, now: Instant) -> Spans:
    well = (
        "knows them well"
        if strength >= WELL
        else ("has helped them" if strength >= acquaintance.ACQUAINTED else "helped them once")
    )
    away = ctx.choices.away_now(member, now)
    absent: Spans = () if away is None else (Plain("; away until "), Timestamp(away[1]))
    return (Plain("• "), PersonName(member), Plain(f" {well}, last "), Timestamp(last), *absent)


def stats(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """The asker's own figures and the team's sums, of the last 7 or 30 days. Nobody sees another member's."""
    days = _DAYS[given.choice or "week"]
    own, team = figures_of(ctx, now, days=days)
    yours, theirs = own_stats(own), team_stats(team, days=days)
    return Response(view=View(nodes=(*yours.nodes, Divider(), *theirs.nodes), fallback=yours.fallback))


def figures_of(ctx: CommandContext, now: Instant, *, days: int) -> tuple[OwnFigures, Figures]:
    """The asker's own figures and the team's, of the last `days` days."""
    since = now - days * DAY
    corrected = ctx.corrected_since(since)
    team = Figures(end=now, overlooked=corrected.overlooked, needless=corrected.needs_none)
    mine = _Mine()
    for wait in ctx.opened_since(since):
        team.add(wait)
        mine.add(wait, ctx.who)
    own = OwnFigures(
        days=days,
        customers=len(mine.customers),
        replies=mine.replies,
        canned=mine.canned,
        times=tuple(mine.times),
        promises=mine.promises,
        kept=mine.kept,
        reminders=ctx.reminded_since(since),
    )
    return own, team


class _Mine:
    """One member's part in waits."""

    def __init__(self) -> None:
        self.customers: set[str] = set()
        self.times: list[Seconds] = []
        self.replies = self.promises = self.kept = self.canned = 0

    def add(self, wait: Wait, member: str) -> None:
        """Count a wait."""
        personal = [reply.at for reply in wait.replies if reply.by == member and reply.kind in PERSONAL]
        self.canned += sum(reply.canned for reply in wait.replies if reply.by == member)
        promised = [reply.at for reply in wait.replies if reply.by == member and reply.kind is ReplyKind.PROMISE]
        if personal:
            self.customers.add(wait.customer)
            self.replies += len(personal)
            self.times.append(max(0.0, personal[0] - wait.opened_at))
        if promised:
            self.promises += 1
            self.kept += any(at > promised[0] for at in personal)
