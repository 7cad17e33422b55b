"""When a member is away: `away` and `back`."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.responses import Response, said, with_note
from bot.commands.subject import MEMBER, for_whom
from bot.domain.durations import DAY, HOUR, Instant, Seconds
from bot.domain.hours import Interval
from bot.domain.params import FormText, Param
from bot.domain.preferences import EndAway, SetAway
from bot.domain.refusal import Refusal
from bot.domain.views import CommandText, PersonName, Plain, Spans, Timestamp, View
from bot.language.times.absences import read_absence
from bot.queries.handover import handover_facts
from bot.wording.handover import below
from bot.wording.phrases import say_date, say_days

LONGEST_AWAY: Seconds = 366 * DAY

HANDED_OVER: Seconds = 4 * HOUR
"""Who is away for longer is shown what they have open, to hand it over."""

AWAY_EXAMPLES = ("away until monday", "away this afternoon", "away thursday to friday", "away 2h", "away from 2pm")
UNSET = "unset"


def away(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Be away for a span; without a time: say how it is."""
    member = for_whom(given, ctx)
    if isinstance(member, Refusal):
        return member
    if given.text is None:
        return Response(view=_how_away(member, ctx, now))
    if given.text.casefold() in (UNSET, "off"):
        return _back(member, ctx, now)
    span = read_absence(given.text, now, ctx.hours_of(ctx.who))
    if isinstance(span, Refusal):
        return replace(span, tries=tuple(f"{given.said} {time}" for time in span.tries))
    since, until = span.since, span.until
    if until > now + LONGEST_AWAY:
        return Refusal(says="That is more than a year ahead.", tries=AWAY_EXAMPLES)
    # The new span replaces what it touches: "until Thursday" after "until Friday" means Thursday.
    ends = [(start, end) for start, end in ctx.choices.away.get(member, ()) if start < until and end > since and end > now]
    dropped = tuple(EndAway(member=member, since=start, at=max(start, since)) for start, end in ends if start != since)
    chosen = SetAway(member=member, since=since, until=until, by=ctx.who, at=now)
    begins: Spans = () if since <= now else (Plain(" from "), Timestamp(since))
    subject: Spans = (Plain("You are"),) if member == ctx.who else (PersonName(member), Plain(" is"))
    days = Plain(f" ({say_days(since, until, ctx.zone, now)}): no reminders in between.")
    spans = (*subject, Plain(" away"), *begins, Plain(" until "), Timestamp(until), days)
    view = with_note(ctx, now, spans, CommandText(_back_words(member, ctx)), Plain(" ends it."))
    if until - since >= HANDED_OVER:
        view = below(view, handover_facts(ctx.snapshot, member), ctx.who)
    return Response(view=view, choices=(*dropped, chosen))


def _how_away(member: str, ctx: CommandContext, now: Instant) -> View:
    spans = how_away(member, ctx.choices.away.get(member, ()), ctx, now)
    if ctx.choices.away_now(member, now) is not None:
        return with_note(ctx, now, spans, CommandText(_back_words(member, ctx)), Plain(" ends it."))
    return with_note(ctx, now, spans, Plain("For example "), CommandText("away until monday"), Plain("."))


def how_away(member: str, absences: tuple[Interval, ...], ctx: CommandContext, now: Instant) -> Spans:
    """Whether somebody is away now, or will be."""
    subject: Spans = (Plain("You are"),) if member == ctx.who else (PersonName(member), Plain(" is"))
    running = max((span for span in absences if span[0] <= now < span[1]), key=lambda span: span[1], default=None)
    if running is not None:
        return (*subject, Plain(" away until "), Timestamp(running[1]), Plain(f" ({say_date(running[1], ctx.zone, now)})."))
    ahead = next((span for span in absences if span[0] > now), None)
    if ahead is None:
        return (*subject, Plain(" here."))
    days = Plain(f" ({say_days(*ahead, ctx.zone, now)}).")
    return (*subject, Plain(" here now, and away from "), Timestamp(ahead[0]), Plain(" until "), Timestamp(ahead[1]), days)


def _back_words(member: str, ctx: CommandContext) -> str:
    return "back" if member == ctx.who else f"back @{ctx.name(member)}"


def back(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Be here again: end the span that is running, else drop the next one that was planned."""
    member = for_whom(given, ctx)
    return member if isinstance(member, Refusal) else _back(member, ctx, now)


def _back(member: str, ctx: CommandContext, now: Instant) -> Response:
    mine = member == ctx.who
    spans = ctx.choices.away.get(member, ())
    running = [span for span in spans if span[0] <= now < span[1]]
    if running:
        who: Spans = (Plain("Welcome back. "),) if mine else (PersonName(member), Plain(" counts as here again. "))
        ended = tuple(EndAway(member=member, since=start, at=now) for start, _ in running)
        return Response(view=said(ctx, now, *who, Plain("Reminders keep to the usual hours again.")), choices=ended)
    ahead = next((span for span in spans if span[0] > now), None)
    if ahead is not None:
        dropped = EndAway(member=member, since=ahead[0], at=now)
        days = Plain(f" ({say_days(*ahead, ctx.zone, now)}).")
        plan: Spans = (Plain("Dropped: away from "), Timestamp(ahead[0]), Plain(" until "), Timestamp(ahead[1]), days)
        return Response(view=said(ctx, now, *plan), choices=(dropped,))
    subject: Spans = (Plain("You aren't away."),) if mine else (PersonName(member), Plain(" isn't away."))
    return Response(view=said(ctx, now, *subject))


AWAY = Command(
    name="away",
    help="no reminders while you are away; for somebody else: leads only",
    params=(
        MEMBER,
        Param(
            name="when",
            kind="text",
            required=False,
            tells=True,
            question="Until when?",
            examples=("until monday", "this afternoon", "thursday to friday", "2h"),
            form=FormText(title="Away", label="When? (until monday, friday, 2pm to 4pm)", parts="span"),
            most=14,
        ),
    ),
    examples=(*AWAY_EXAMPLES, "away @ben until friday"),
    changes=True,
    run=away,
)

BACK = Command(
    name="back",
    help="you are here again; for somebody else: leads only",
    params=(MEMBER,),
    examples=("back",),
    button=True,
    changes=True,
    run=back,
)
