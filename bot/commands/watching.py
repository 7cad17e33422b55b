"""How a channel is watched, as leads choose it in chat: `watch` and `unwatch`."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.responses import Response, offering, said, with_note
from bot.domain import keys
from bot.domain.durations import Instant
from bot.domain.events import Acted
from bot.domain.params import ANYWAY, FormText, Param
from bot.domain.preferences import SetAnew, SetWatch, Watched
from bot.domain.refusal import Refusal
from bot.domain.rules import Watch
from bot.domain.views import Button, CommandText, Plain, Spans
from bot.waits.verbs.unwatch import UNWATCH
from bot.wording.phrases import count

UNSET = "unset"


def watch(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """How a channel is watched; without a word for it: what it is now."""
    channel, mode = given.channel or "", given.choice
    name = f"#{ctx.channel_name(channel)}"
    if mode is None:
        meaning = _meaning(ctx.watched(channel))
        return Response(view=with_note(ctx, now, (Plain(f"{name}: {meaning}."),), CommandText(f"watch {name} mentions")))
    if mode == UNSET:
        chosen = SetWatch(channel=channel, watch=None, by=ctx.who, at=now)
        return Response(view=said(ctx, now, Plain(how_watched(channel, None, ctx))), choices=(chosen,))
    chosen = SetWatch(channel=channel, watch=Watch(mode), by=ctx.who, at=now)
    how: Spans = (Plain(how_watched(channel, Watch(mode), ctx)),)
    view = with_note(ctx, now, how, CommandText(f"watch {name} unset"), Plain(": as the settings file says."))
    return Response(view=view, choices=(chosen,))


def how_watched(channel: str, chosen: Watched | None, ctx: CommandContext) -> str:
    """How a channel is watched by what was chosen; None: nothing was."""
    name = f"#{ctx.channel_name(channel)}"
    return f"{name} is watched as the settings file says again." if chosen is None else f"{name}: {_meaning(chosen)}."


def _meaning(watched: Watched) -> str:
    return {
        "mentions": "only messages that name somebody on the team, the team, me or a watched word count",
        "questions": "every message that calls for a reply counts",
        "everything": "every customer's message counts, except thanks and chatter",
        "nothing": "not watched",
    }[str(watched)]


def unwatch(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """Stop watching a channel. Who still waits there is taken off the list, after asking."""
    channel = given.channel or ""
    name = f"#{ctx.channel_name(channel)}"
    open_there = [listed.wait for listed in ctx.waits if listed.wait.channel == channel]
    if open_there and given.choice != ANYWAY:
        waiting = count(len(open_there), "customer still waits", "customers still wait")
        asked: Spans = (Plain(f"In {name} {waiting}; they would be off the list."),)
        anyway = Button("Stop watching it", UNWATCH_CHANNEL.name, keys.argument(name, ANYWAY))
        return Response(view=offering(ctx, now, asked, anyway))
    chosen = SetWatch(channel=channel, watch="nothing", by=ctx.who, at=now)
    # Ended, not left behind: what they wrote is kept only while they wait, and nobody would ever look at these again.
    ended = tuple(Acted(channel=channel, wait=wait.id, verb=UNWATCH.name, by=ctx.who, at=now) for wait in open_there)
    how: Spans = (Plain(f"{name} isn't watched any more."),)
    view = with_note(ctx, now, how, CommandText(f"watch {name} unset"), Plain(": as the settings file says."))
    return Response(view=view, events=ended, choices=(chosen,))


def learn_anew(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """What was marked in a channel so far moves its threshold no more."""
    channel = given.channel or ""
    chosen = SetAnew(channel=channel, since=now, by=ctx.who, at=now)
    return Response(view=said(ctx, now, Plain(how_learnt(channel, now, ctx))), choices=(chosen,))


def how_learnt(channel: str, since: Instant | None, ctx: CommandContext) -> str:
    """From when on marks move a channel's threshold."""
    name = f"#{ctx.channel_name(channel)}"
    if not ctx.snapshot.lookups.preferences.rules_of(channel).learns:
        return f"Nothing that is marked in {name} moves its threshold: the settings say so (marks_move_threshold)."
    if since is None:
        return f"All that was ever marked in {name} as needless or overlooked moves its threshold again."
    return f"The threshold of {name} is as the settings say. What is marked needless or overlooked from now on moves it again."


CHANNEL = Param(name="channel", kind="channel")

WATCH = Command(
    name="watch",
    help="what counts as waiting in a channel",
    role="lead",
    params=(
        replace(
            CHANNEL,
            question="Which channel?",
            examples=("#help", "#help mentions"),
            form=FormText(title="What is watched", label="Channel"),
        ),
        Param(
            name="mode",
            kind="choice",
            options=(*(mode.value for mode in Watch), UNSET),
            required=False,
            tells=True,
            wrong="A channel is watched for mentions, questions or everything, not {}.",
            question="What counts as waiting?",
            examples=("questions", "mentions"),
            form=FormText(title="What is watched", label="What counts as waiting"),
        ),
    ),
    examples=("watch #help questions", "watch #help mentions", "watch #help unset"),
    changes=True,
    run=watch,
)

LEARN_ANEW = Command(
    name="learn-anew",
    help="what was marked needless or overlooked in a channel so far counts no more",
    role="lead",
    params=(CHANNEL,),
    examples=("learn-anew #help",),
    changes=True,
    run=learn_anew,
)

UNWATCH_CHANNEL = Command(
    name="unwatch",
    help="stop watching a channel",
    role="lead",
    params=(CHANNEL, Param(name="anyway", kind="choice", options=(ANYWAY,), required=False, hidden=True)),
    examples=("unwatch #random",),
    changes=True,
    button=True,
    run=unwatch,
)
