"""When a member is away: `away` and `back`."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.responses import Response, said, with_note
from bot.commands.subject import MEMBER, for_whom
from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.params import FormText, Param
from bot.domain.preferences import EndAway, SetAway
from bot.domain.refusal import Moment, Refusal
from bot.domain.views import CommandText, PersonName, Plain, Spans, Timestamp, View

LONGEST_AWAY: Seconds = 366 * DAY

AWAY_EXAMPLES = ("away until monday", "away friday", "away 2h", "away tomorrow until 1 December")
UNSET = "unset"

_SAYS_UNTIL = re.compile(r"(?:^|\s)(?:until|till|til|to)\s", re.IGNORECASE)
_UNTIL = re.compile(r"(?:^|\s)(?:until|till|til|to)\s+", re.IGNORECASE)


def away(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Be away for a span; without a time: say how it is."""
    member = for_whom(given, ctx)
    if isinstance(member, Refusal):
        return member
    if given.text is None:
        return Response(view=_how_away(member, ctx, now))
    if given.text.casefold() in (UNSET, "off"):
        return _back(member, ctx, now)
    span = _away_span(given.text, ctx, now, given.said)
    if isinstance(span, Refusal):
        return span
    since, until = span
    # The new span replaces what it touches: "until Thursday" after "until Friday" means Thursday.
    ends = [(start, end) for start, end in ctx.choices.away.get(member, ()) if start < until and end > since and end > now]
    dropped = tuple(EndAway(member=member, since=start, at=max(start, since)) for start, end in ends if start != since)
    chosen = SetAway(member=member, since=since, until=until, by=ctx.who, at=now)
    begins: Spans = () if since <= now else (Plain(" from "), Timestamp(since))
    subject: Spans = (Plain("You are"),) if member == ctx.who else (PersonName(member), Plain(" is"))
    spans = (*subject, Plain(" away"), *begins, Plain(" until "), Timestamp(until), Plain(": no reminders in between."))
    return Response(
        view=with_note(ctx, now, spans, CommandText(_back_words(member, ctx)), Plain(" ends it.")), choices=(*dropped, chosen)
    )


def _away_span(text: str, ctx: CommandContext, now: Instant, named: str) -> tuple[Instant, Instant] | Refusal:
    """From when to when: "until B", "A until B", or A alone, a day or a span of time. `named` is the command without its times,
    for what one may try instead."""

    def unread(refused: Refusal) -> Refusal:
        return replace(refused, tries=tuple(f"{named} until {time}" for time in refused.tries))

    first, *last = _UNTIL.split(text, maxsplit=1)
    first = first.strip().removeprefix("from ").strip()
    begin = ctx.read_when(first) if first else None
    if isinstance(begin, Refusal):
        return unread(begin)
    if last:
        end = ctx.read_when(last[0])
        if isinstance(end, Refusal):
            return unread(end)
        since = now if begin is None else max(now, _start(begin))
        until = end.at
    elif begin is not None:
        since = max(now, _start(begin)) if begin.kind == "stretch" else now
        until = begin.stretch[1] if begin.stretch is not None else begin.at
    else:
        return Refusal(says="Until when?", tries=AWAY_EXAMPLES)
    if until <= since:
        return Refusal(says="That ends before it begins.", tries=AWAY_EXAMPLES)
    if until > now + LONGEST_AWAY:
        return Refusal(says="That is more than a year ahead.", tries=AWAY_EXAMPLES)
    return since, until


def _start(moment: Moment) -> Instant:
    return moment.at if moment.stretch is None else moment.stretch[0]


def _how_away(member: str, ctx: CommandContext, now: Instant) -> View:
    subject: Spans = (Plain("You are"),) if member == ctx.who else (PersonName(member), Plain(" is"))
    running = ctx.choices.away_now(member, now)
    if running is not None:
        spans = (*subject, Plain(" away until "), Timestamp(running[1]), Plain("."))
        return with_note(ctx, now, spans, CommandText(_back_words(member, ctx)), Plain(" ends it."))
    ahead = [span for span in ctx.choices.away.get(member, ()) if span[0] > now]
    spans = (*subject, Plain(" here."))
    if ahead:
        spans = (
            *subject,
            Plain(" here now, and away from "),
            Timestamp(ahead[0][0]),
            Plain(" until "),
            Timestamp(ahead[0][1]),
            Plain("."),
        )
    return with_note(ctx, now, spans, Plain("For example "), CommandText("away until monday"), Plain("."))


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
        plan: Spans = (Plain("Dropped: away from "), Timestamp(ahead[0]), Plain(" until "), Timestamp(ahead[1]), Plain("."))
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
            examples=("until monday", "friday", "2h", "tomorrow until 1 December"),
            form=FormText(title="Away", label="Until when? (monday, 3 days, 1 December)", parts="span"),
        ),
    ),
    examples=(*AWAY_EXAMPLES, "away @ben until friday"),
    changes=True,
    run=away,
    from_form=lambda text: text if _SAYS_UNTIL.search(text) else f"until {text}",
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
