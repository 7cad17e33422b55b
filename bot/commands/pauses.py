"""Commands by which a lead has reminders about a channel, or about everything, stand still for a time."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.ends import read_span
from bot.commands.reach import with_silence
from bot.commands.resolve import find_channel
from bot.commands.responses import Response, said, with_note
from bot.domain.durations import Instant
from bot.domain.params import Param
from bot.domain.preferences import EVERYWHERE, Pause, SetPause
from bot.domain.refusal import Refusal
from bot.domain.views import CommandText, PersonName, Plain, Span, Spans, Timestamp
from bot.language.times.away_clock import AwayClock
from bot.wording.phrases import count, say_date, say_days

PAUSE_EXAMPLES = ("pause #help 2h", "pause all until monday 9:00", "pause #help friday")

_ALL = ("all", "everything", "everywhere")


def pause(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Let reminders stand still; without words: what does."""
    if given.text is None:
        return Response(view=with_note(ctx, now, _running(ctx, now), Plain("For example "), CommandText(PAUSE_EXAMPLES[0])))
    first, *rest = given.text.split()
    place = _place(first, ctx)
    if isinstance(place, Refusal):
        # "pause 2h": everything, perhaps, but nobody is to stop all reminders by a slip.
        span = read_span(given.text, ctx, "pause all")
        if first.startswith("#") or (isinstance(span, Refusal) and not span.wrong_time):
            return place
        which = "Pause which channel, or all of them?"
        if isinstance(span, Refusal):
            return replace(span, says=f"{which} And {span.says}", tries=PAUSE_EXAMPLES)
        return Refusal(says=which, tries=(f"pause all {given.text}", f"pause #help {given.text}"))
    name = _name(place, ctx)
    if not rest:
        return Refusal(says="Until when?", tries=tuple(f"pause {name} {time}" for time in ("2h", "until monday 9:00")))
    span = read_span(" ".join(rest), ctx, f"pause {name}")
    if isinstance(span, Refusal):
        return span
    since, end = span.since, span.until
    before = ctx.choices.pauses_ahead(now).get(place)
    if since > now and before is not None and before.since <= now:
        says = f"{'Everything' if place == EVERYWHERE else name} is paused already, and one pause at a time is kept there."
        clock = AwayClock(now=now, hours=ctx.hours_of(ctx.who))
        return Refusal(says=says, tries=(f"pause {name} until {clock.typed(end)}", f"resume {name}"))
    if since > now:
        saved = SetPause(channel=place, since=since, until=end, by=ctx.who, at=now)
        drops: Spans = (CommandText(f"resume {name}"), Plain(" drops it."))
        planned = Pause(since=since, until=end, by=ctx.who)
        return Response(
            view=with_note(ctx, now, how_paused(place, planned, ctx, now), *with_silence(ctx, drops)),
            choices=(saved,),
        )
    waiting = [listed for listed in ctx.waits if place in (EVERYWHERE, listed.wait.channel)]
    what = f"{_whose(place, ctx)} stand still"
    there = f" Meanwhile {count(len(waiting), 'customer waits', 'customers wait')} there." if waiting and place else ""
    there = f" Meanwhile {count(len(waiting), 'customer waits', 'customers wait')}." if waiting and not place else there
    spans: Spans = (
        Plain(f"{what} until "),
        Timestamp(end),
        Plain(f" ({say_date(end, ctx.zone, now)}), and the digest says so.{there}"),
    )
    if before is not None and before.since > now:
        spans = (*spans, Plain(" This is instead of the pause from "), Timestamp(before.since), Plain("."))
    saved = SetPause(channel=place, until=end, by=ctx.who, at=now)
    ends: Spans = (CommandText(f"resume {name}"), Plain(" ends it."))
    return Response(view=with_note(ctx, now, spans, *with_silence(ctx, ends)), choices=(saved,))


def resume(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Let reminders go on: about a channel, or wherever they stand still."""
    running = ctx.choices.pauses_ahead(now)
    if not running:
        return Response(view=said(ctx, now, Plain("Nothing is paused.")))
    if given.text is None or given.text.casefold() in _ALL:
        ended = tuple(running)
        if given.text is None and len(ended) > 1:
            several = ", ".join("everything" if key == EVERYWHERE else _name(key, ctx) for key in ended)
            tries = dict.fromkeys((*(f"resume {_name(key, ctx)}" for key in ended if key != EVERYWHERE), "resume all"))
            return Refusal(says=f"Several are paused: {several}. Which is to go on?", tries=tuple(tries))
    else:
        place = _place(given.text.split()[0], ctx)
        if isinstance(place, Refusal):
            return place
        if place not in running and EVERYWHERE in ctx.choices.running_pauses(now):
            until = running[EVERYWHERE].until
            return Response(
                view=with_note(
                    ctx,
                    now,
                    (
                        Plain(f"{_name(place, ctx)} stands still because everything is paused until "),
                        Timestamp(until),
                        Plain(f" ({say_date(until, ctx.zone, now)})."),
                    ),
                    CommandText("resume all"),
                    Plain(" ends that."),
                )
            )
        if place not in running:
            return Response(view=said(ctx, now, Plain(f"{_name(place, ctx)} isn't paused.")))
        ended = (place,)
    names = ", ".join("everything" if key == EVERYWHERE else _name(key, ctx) for key in ended)
    still = ctx.choices.running_pauses(now).get(EVERYWHERE) if EVERYWHERE not in ended else None
    if all(running[key].since > now for key in ended) and still is None:
        return Response(
            view=said(ctx, now, Plain(f"Dropped: {names} won't be paused.")),
            choices=tuple(SetPause(channel=key, until=None, by=ctx.who, at=now) for key in ended),
        )
    spans: Spans = (Plain(f"Reminders go on: {names}."),)
    if still is not None:
        spans = (
            Plain(f"{names} isn't paused by itself any more, but everything is until "),
            Timestamp(still.until),
            Plain(f" ({say_date(still.until, ctx.zone, now)})."),
        )
    saved = tuple(SetPause(channel=key, until=None, by=ctx.who, at=now) for key in ended)
    return Response(view=said(ctx, now, *spans), choices=saved)


def _place(word: str, ctx: CommandContext) -> str | Refusal:
    return EVERYWHERE if word.casefold() in _ALL else find_channel(word, ctx)


def _name(place: str, ctx: CommandContext) -> str:
    """A place as a command takes it."""
    return "all" if place == EVERYWHERE else f"#{ctx.channel_name(place)}"


def how_paused(place: str, pause: Pause | None, ctx: CommandContext, now: Instant) -> Spans:
    """Whether reminders about a channel, or about everything, stand still by this pause."""
    what = _whose(place, ctx)
    if pause is None or pause.until <= now:
        return (Plain(f"{what} go on."),)
    begins: Spans = (Plain(f"{what} stand still until "),)
    day = say_date(pause.until, ctx.zone, now)
    if pause.since > now:
        begins = (Plain(f"{what} will stand still from "), Timestamp(pause.since), Plain(" until "))
        day = say_days(pause.since, pause.until, ctx.zone, now)
    return (
        *begins,
        Timestamp(pause.until),
        Plain(f" ({day}), by "),
        PersonName(pause.by),
        Plain("."),
    )


def _whose(place: str, ctx: CommandContext) -> str:
    return "Reminders" if place == EVERYWHERE else f"Reminders about {_name(place, ctx)}"


def _running(ctx: CommandContext, now: Instant) -> Spans:
    running = ctx.choices.pauses_ahead(now)
    if not running:
        return (Plain("Nothing is paused."),)
    spans: list[Span] = [Plain("Paused: ")]
    for at, (key, one) in enumerate(running.items()):
        spans += [*([Plain("; ")] if at else []), *_said(key, one, ctx)]
    return (*spans, Plain("."))


def _said(key: str, one: Pause, ctx: CommandContext) -> Spans:
    what = "everything" if key == EVERYWHERE else _name(key, ctx)
    begins: Spans = (Plain(f"{what} until "),)
    if one.since > ctx.now:
        begins = (Plain(f"{what} from "), Timestamp(one.since), Plain(" until "))
    return (
        *begins,
        Timestamp(one.until),
        Plain(f" ({say_date(one.until, ctx.zone, ctx.now)}), by "),
        PersonName(one.by),
    )


PAUSE = Command(
    name="pause",
    help="reminders about a channel, or about everything, stand still for a time",
    role="lead",
    params=(
        Param(
            name="what",
            kind="text",
            required=False,
            tells=True,
            written="CHANNEL|all WHEN",
            question="Which channel, and until when?",
            examples=("#help 2h", "all until monday 9:00", "#help friday"),
            most=10,
        ),
    ),
    examples=PAUSE_EXAMPLES,
    changes=True,
    run=pause,
)

RESUME = Command(
    name="resume",
    help="reminders that were paused go on",
    role="lead",
    params=(Param(name="what", kind="text", required=False, written="CHANNEL|all", most=1),),
    examples=("resume #help", "resume all"),
    button=True,
    changes=True,
    run=resume,
)
