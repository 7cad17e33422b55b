"""When a member is away: `away` and `back`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.responses import Response, said, with_note
from bot.commands.subject import MEMBER, for_whom
from bot.domain.absences import KnownAbsence, SaidHere, absence_at, next_absence
from bot.domain.durations import DAY, HOUR, Instant, Seconds
from bot.domain.hours import Interval
from bot.domain.params import FormText, Param
from bot.domain.preferences import ChoiceWrite, EndAway, SetAway, SetHere
from bot.domain.refusal import Refusal
from bot.domain.views import CommandText, PersonName, Plain, Spans, Timestamp, View
from bot.language.times.absences import read_absence
from bot.queries.handover import handover_facts
from bot.wording.absences import said_by, who_says
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
    said_before = [(start, end) for start, end in ctx.choices.away.get(member, ()) if end > now]
    around = [one for one in said_before if since > now and one[0] <= since and until <= one[1]]
    # "from 2pm" after "this afternoon" says the same hours better; an afternoon in a vacation says nothing new.
    corrected = [one for one in around if one[1] - one[0] <= DAY]
    inside = next((one for one in around if one not in corrected), None)
    if inside is not None:
        return Response(view=_stays(member, inside, ctx, now))
    begins, ends, touched = _joined(since, until, [one for one in said_before if one not in corrected], now)
    dropped = tuple(EndAway(member=member, since=start, at=start) for start, _ in (*touched, *corrected) if start != begins)
    chosen = SetAway(member=member, since=begins, until=ends, by=ctx.who, at=now)
    spans: Spans = (*_subject(member, ctx), Plain(" away"), *_when(begins, ends, ctx, now))
    longer = next((end for start, end in touched if end > ends), None)
    if (begins, ends) != (since, until) and longer is None and touched != [(begins, ends)]:
        spans = (*spans, Plain(", together with what was said before"))
    spans = (*spans, Plain(": no reminders in between."))
    if longer is not None:
        spans = (*spans, Plain(" Before, it was until "), Timestamp(longer), Plain(f" ({say_date(longer - 1, ctx.zone, now)})."))
    after = replace(ctx.choices, away={**ctx.choices.away, member: ((begins, ends),)})
    running = absence_at(ctx.absences_of(member, after), max(begins, now))
    if running is not None and running.until > ends and running.source != "chat":
        says = who_says(running.source, own=member == ctx.who)
        spans = (*spans, Plain(f" {says} that it lasts until "), Timestamp(running.until), Plain("."))
    view = with_note(ctx, now, spans, CommandText(_back_words(member, ctx)), Plain(" ends it."))
    if ends - begins >= HANDED_OVER:
        view = below(view, handover_facts(ctx.snapshot, member), ctx.who)
    return Response(view=view, choices=(*dropped, chosen))


def _joined(since: Instant, until: Instant, said: Sequence[Interval], now: Instant) -> tuple[Instant, Instant, list[Interval]]:
    """A new span made one with those it touches, and which those are. "until Thursday" after "until Friday" means Thursday: what
    runs is made shorter by what is said of now, and by nothing else."""
    touched = [(start, end) for start, end in said if start <= until and end >= since]
    begins = min(since, *(start for start, _ in touched), since)
    if since <= now and any(start <= now and end > until for start, end in touched):
        return begins, until, touched
    return begins, max(until, *(end for _, end in touched), until), touched


def _stays(member: str, span: Interval, ctx: CommandContext, now: Instant) -> View:
    """The answer where a span lies inside what was said before, which nobody means to drop by it."""
    subject: Spans = (*_subject(member, ctx), Plain(" away"), *_when(*span, ctx, now))
    return with_note(
        ctx, now, (*subject, Plain(" already; that stays.")), CommandText(_back_words(member, ctx)), Plain(" ends it.")
    )


def _subject(member: str, ctx: CommandContext) -> Spans:
    return (Plain("You are"),) if member == ctx.who else (PersonName(member), Plain(" is"))


def _when(since: Instant, until: Instant, ctx: CommandContext, now: Instant) -> Spans:
    begins: Spans = () if since <= now else (Plain(" from "), Timestamp(since))
    return (*begins, Plain(" until "), Timestamp(until), Plain(f" ({say_days(max(since, now), until, ctx.zone, now)})"))


def _how_away(member: str, ctx: CommandContext, now: Instant) -> View:
    absences = ctx.absences_of(member)
    spans = how_away(member, absences, ctx, now)
    if absence_at(absences, now) is not None:
        return with_note(ctx, now, spans, CommandText(_back_words(member, ctx)), Plain(" ends it."))
    return with_note(ctx, now, spans, Plain("For example "), CommandText("away until monday"), Plain("."))


def how_away(member: str, absences: tuple[KnownAbsence, ...], ctx: CommandContext, now: Instant) -> Spans:
    """Whether somebody is away now, or will be, and what says so."""
    mine = member == ctx.who
    subject = _subject(member, ctx)
    running = absence_at(absences, now)
    if running is not None:
        date = Plain(f" ({say_date(running.until, ctx.zone, now)}){said_by(running.source, own=mine)}.")
        return (*subject, Plain(" away until "), Timestamp(running.until), date)
    ahead = next_absence(absences, now)
    if ahead is None:
        return (*subject, Plain(" here."))
    here: Spans = (*subject, Plain(" here now, and away from "), Timestamp(ahead.since), Plain(" until "), Timestamp(ahead.until))
    return (*here, Plain(f" ({say_days(ahead.since, ahead.until, ctx.zone, now)}){said_by(ahead.source, own=mine)}."))


def _back_words(member: str, ctx: CommandContext) -> str:
    return "back" if member == ctx.who else f"back @{ctx.name(member)}"


def back(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Be here again: end the absence that is running, whatever says so, else drop the next one that was said in chat."""
    member = for_whom(given, ctx)
    return member if isinstance(member, Refusal) else _back(member, ctx, now)


def _back(member: str, ctx: CommandContext, now: Instant) -> Response:
    mine, absences = member == ctx.who, ctx.absences_of(member)
    running = [one for one in absences if one.since <= now < one.until]
    if running:
        return _here_again(member, running, ctx, now)
    spans = ctx.choices.away.get(member, ())
    ahead = next((span for span in spans if span[0] > now), None)
    if ahead is not None:
        dropped = EndAway(member=member, since=ahead[0], at=now)
        days = Plain(f" ({say_days(*ahead, ctx.zone, now)}).")
        plan: Spans = (Plain("Dropped: away from "), Timestamp(ahead[0]), Plain(" until "), Timestamp(ahead[1]), days)
        return Response(view=said(ctx, now, *plan), choices=(dropped,))
    if next_absence(absences, now) is not None:
        begins: Spans = (CommandText(_back_words(member, ctx)), Plain(" ends it once it has begun."))
        return Response(view=with_note(ctx, now, how_away(member, absences, ctx, now), *begins))
    subject: Spans = (Plain("You aren't away."),) if mine else (PersonName(member), Plain(" isn't away."))
    return Response(view=said(ctx, now, *subject))


def _here_again(member: str, running: Sequence[KnownAbsence], ctx: CommandContext, now: Instant) -> Response:
    """End what runs: what was said in chat is over; what calendar and status say isn't gone by until it ends there."""
    mine = member == ctx.who
    who: Spans = (Plain("Welcome back. "),) if mine else (PersonName(member), Plain(" counts as here again. "))
    spans: Spans = (*who, Plain("Reminders keep to the usual hours again."))
    chosen = ctx.choices.away.get(member, ())
    choices: list[ChoiceWrite] = [EndAway(member=member, since=since, at=now) for since, until in chosen if since <= now < until]
    told = sorted((one for one in running if one.source != "chat"), key=lambda one: -one.until)
    if told:
        until = told[0].until
        before = ctx.choices.here.get(member)
        here = SaidHere(since=now, until=until) if before is None else before.again(now=now, until=until)
        choices.append(SetHere(member=member, here=here, by=ctx.who, at=now))
        first, *others = dict.fromkeys(who_says(one.source, own=mine) for one in told)
        says = f" {first} says" if not others else f" {first} and {others[0][:1].lower()}{others[0][1:]} say"
        date = f" ({say_date(until, ctx.zone, now)}); that counts no more. What begins later there does."
        spans = (*spans, Plain(f"{says} otherwise until "), Timestamp(until), Plain(date))
    ended = max(one.until for one in running)
    follows = next((one for one in ctx.absences_of(member) if now < one.since <= ended < one.until), None)
    if follows is not None:
        again: Spans = (
            Plain(" Away again from "),
            Timestamp(follows.since),
            Plain(" until "),
            Timestamp(follows.until),
            Plain("."),
        )
        spans = (*spans, *again)
    return Response(view=said(ctx, now, *spans), choices=tuple(choices))


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
