"""A lead tries whether first reminders help: for some weeks a tenth of them leaves a quarter of an hour later."""

from __future__ import annotations

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.responses import Response, with_note
from bot.domain.delay_trial import DELAY, DelayTrial
from bot.domain.durations import MINUTE, Instant
from bot.domain.params import Param
from bot.domain.preferences import SetTrial
from bot.domain.refusal import Refusal
from bot.domain.views import CommandText, Divider, Plain, Spans, View
from bot.queries.delay_trial import trial_report_of
from bot.wording.delay_trial import chosen, trial_report
from bot.wording.phrases import say_date

NO_TRIALS = Refusal(says='The settings allow no trials (trial_lasts = "0" in [reminders]).', tries=("stats",))


def trial(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Begin a trial, or end it; without a word: whether one runs, and what came of it."""
    before = ctx.choices.trial
    running = ctx.choices.running_trial(now)
    lasts = ctx.snapshot.lookups.trial_lasts
    if given.choice is None:
        report = trial_report_of(ctx.snapshot)
        told = with_note(ctx, now, chosen(before, now), *_note(running))
        if report is None:
            return Response(view=told)
        return Response(view=View(nodes=(*told.nodes, Divider(), *trial_report(report).nodes), fallback=told.fallback))
    if given.choice == "off":
        if running is None:
            return Response(view=with_note(ctx, now, chosen(before, now), *_note(None)))
        ended = DelayTrial(since=running.since, until=now, by=running.by)
        minutes = round(DELAY / MINUTE)
        every = f"every first reminder leaves at its time, those put off already within {minutes} minutes"
        said: Spans = (Plain(f"The trial is over: {every}. What came of it stays in "),)
        view = with_note(ctx, now, (*said, CommandText("stats"), Plain(".")), CommandText("trial on"), Plain(" begins another."))
        return Response(view=view, choices=(SetTrial(trial=ended, by=ctx.who, at=now),))
    if not lasts:
        return NO_TRIALS
    if running is not None:
        return Response(view=with_note(ctx, now, chosen(running, now), *_note(running)))
    begun = DelayTrial(since=now, until=now + lasts, by=ctx.who)
    day = say_date(begun.until, ctx.zone, now)
    more: Spans = (
        Plain(f" It ends by itself ({day}). The digest says that it runs, and "),
        CommandText("stats"),
        Plain(" what comes of it."),
    )
    view = with_note(ctx, now, (*chosen(begun, now), *more), *_note(begun))
    return Response(view=view, choices=(SetTrial(trial=begun, by=ctx.who, at=now),))


def _note(running: DelayTrial | None) -> Spans:
    if running is None:
        return (CommandText("trial on"), Plain(" begins one."))
    return (CommandText("trial off"), Plain(" ends it."))


TRIAL = Command(
    name="trial",
    help="try whether first reminders help: one in ten leaves 15 minutes later",
    role="lead",
    params=(Param(name="on", kind="choice", options=("on", "off"), required=False, tells=True),),
    examples=("trial", "trial on", "trial off"),
    changes=True,
    run=trial,
)
