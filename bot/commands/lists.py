"""Answers that only inform: who waits and why, who knows a customer, figures, the digest."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.command import Arguments
from bot.commands.context import CommandContext
from bot.commands.responses import Response, said
from bot.domain.durations import Instant
from bot.domain.views import Divider, Heading, Node, PersonName, Plain, Spans, Text, Timestamp, View
from bot.queries.acquaintances import Acquainted, who_knows
from bot.queries.arrivals import own_arrivals
from bot.queries.auto_dms import auto_dm_sources
from bot.queries.delay_trial import trial_report_of
from bot.queries.digests import digest_facts
from bot.queries.figures import figures_of
from bot.queries.home import own_waits
from bot.queries.introductions import introductions as to_introduce
from bot.queries.own_record import own_record_of
from bot.queries.pauses import paused_places
from bot.queries.thanks import thanks_of
from bot.queries.topics import asked_again
from bot.queries.waits import rows, why_facts
from bot.waits import acquaintance
from bot.wording import topics as topics_wording
from bot.wording.answers import own_stats, team_stats
from bot.wording.answers import why as why_view
from bot.wording.arrivals import own_greetings
from bot.wording.auto_dms import auto_dm_sums
from bot.wording.delay_trial import trial_report
from bot.wording.digest import digest as digest_view
from bot.wording.introductions import SWITCHED_OFF
from bot.wording.introductions import introductions as introductions_view
from bot.wording.lists import ListPlace, page
from bot.wording.own_record import own_record
from bot.wording.switches import said_for
from bot.wording.thanks import own_thanks

WELL = 3.0
"""The strength of acquaintance from which on somebody knows a customer well: three exchanges lately, or more a while ago."""

_DAYS = {"day": 1, "week": 7, "month": 30}


def waiting(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """Who is waiting: everybody, or what is the asker's ("mine"); a page of it."""
    if given.choice == "mine":
        place, found = ListPlace(whose="mine", page=given.number or 1), own_waits(ctx.snapshot, ctx.who)
    else:
        place, found = ListPlace(page=given.number or 1), ctx.waits
    pauses = paused_places(ctx.snapshot)
    by = ctx.choices.switched_by.get(ctx.who, ctx.who)
    told = by != ctx.who and given.choice == "mine"
    chosen = said_for(by, ctx.switch_of(ctx.who), ctx.team_budget, now) if told else ()
    listed = rows(ctx.snapshot, found)
    view = page(listed, place=place, reader=ctx.who, now=now, pauses=pauses, said_for_them=chosen)
    if place.whose != "mine" or place.page != 1:
        return Response(view=view)
    more = (*own_greetings(own_arrivals(ctx.snapshot, ctx.who)), *own_thanks(thanks_of(ctx.snapshot, ctx.who)))
    return Response(view=replace(view, nodes=(*view.nodes, Divider(), *more)) if more else view)


def digest(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """The team's digest as it would read now."""
    del given
    told = digest_view(digest_facts(ctx.snapshot))
    return Response(view=told or page((), place=ListPlace(), reader=ctx.who, now=now))


def why(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """Why a wait counts as one and why it is whose it is, what was sent about it and what comes next. Also once it is over."""
    del now
    return Response(view=why_view(why_facts(ctx.snapshot, given.listed, ctx.zone)))


def who(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """Who on the team knows a customer, best first: from counts and times of exchanges, never from what was said."""
    customer = given.customer or ""
    known = who_knows(ctx.snapshot, customer)
    if not known:
        return Response(view=said(ctx, now, Plain("Nobody on the team has talked with "), PersonName(customer), Plain(" yet.")))
    lines: list[Node] = [Text(_acquainted(one, ctx, now)) for one in known]
    head = f"Who knows {ctx.name(customer)}"
    return Response(
        view=View(nodes=(Heading(head), *lines), fallback=f"{head}: {', '.join(ctx.name(one.member) for one in known)}")
    )


def _acquainted(known: Acquainted, ctx: CommandContext, now: Instant) -> Spans:
    well = (
        "knows them well"
        if known.strength >= WELL
        else ("has helped them" if known.strength >= acquaintance.ACQUAINTED else "helped them once")
    )
    away = ctx.snapshot.lookups.preferences.away_now(known.member, now)
    absent: Spans = () if away is None else (Plain("; away until "), Timestamp(away.until))
    return (Plain("• "), PersonName(known.member), Plain(f" {well}, last "), Timestamp(known.last), *absent)


def introductions(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """Who stopped asking, and who knows only one of the team, for leads."""
    del given
    if not ctx.snapshot.lookups.care.introductions:
        return Response(view=said(ctx, now, Plain(SWITCHED_OFF)))
    return Response(view=introductions_view(to_introduce(ctx.snapshot)))


def topics(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """What several customers asked in the last month, as links."""
    del given
    if not ctx.snapshot.lookups.care.topics:
        return Response(view=said(ctx, now, Plain(topics_wording.SWITCHED_OFF)))
    return Response(view=topics_wording.topics(asked_again(ctx.snapshot)))


def auto_dms(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """Which apps sent the automatic direct messages that people reported, as sums."""
    del now
    days = _DAYS[given.choice or "month"]
    return Response(view=auto_dm_sums(auto_dm_sources(ctx.snapshot, ctx.who, days=days), days=days))


def stats(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """The asker's own figures and the team's sums, of the last day, 7 or 30 days, in a channel or everywhere, and the bot's own
    record of a month. Nobody sees another member's."""
    days = _DAYS[given.choice or "week"]
    del now
    own, team = figures_of(ctx.snapshot, ctx.who, days=days, channel=given.channel, returns=True)
    place = None if given.channel is None else ctx.channel_name(given.channel)
    yours, theirs = own_stats(own, channel_name=place), team_stats(team, days=days, channel_name=place)
    mine = own_record(own_record_of(ctx.snapshot, channel=given.channel), channel_name=place)
    report = trial_report_of(ctx.snapshot, channel=given.channel)
    tried = () if report is None else (Divider(), *trial_report(report).nodes)
    nodes = (*yours.nodes, Divider(), *theirs.nodes, Divider(), *mine.nodes, *tried)
    return Response(view=View(nodes=nodes, fallback=yours.fallback))
