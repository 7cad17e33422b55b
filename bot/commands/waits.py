"""The answer to a command or a click: what is shown, what happens to waits, what is chosen. Pure: a snapshot in, values out.

Everything about a single wait is here; what only informs is in `telling`, what members choose for themselves or a channel in
`choosing`. The desk (bot/runtime/interactions.py) performs what an answer asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from bot.commands import home as own_list
from bot.commands import lists
from bot.commands import preferences as choosing
from bot.commands import start as starting
from bot.commands.context import CommandContext, ListedWait
from bot.commands.resolve import find_wait, handle_in
from bot.commands.responses import Response, offering, refusal, said
from bot.commands.table import COMMANDS, Request
from bot.domain import keys
from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.events import Acted, Verb
from bot.domain.refusal import Moment, Permission, Refusal, quoted
from bot.domain.views import Button, Code, CommandText, PersonName, Plain, Spans, Timestamp, View
from bot.domain.waits import HoldKind, Wait, WaitState
from bot.waits import holds
from bot.wording import home as wording_home
from bot.wording.answers import for_the_team
from bot.wording.ended import SettledFacts, outcome

LONGEST_SNOOZE: Seconds = 31 * DAY
"""A customer who is told nothing for longer isn't waiting any more."""

ANYWAY = "anyway"
"""Said after a command that asked "are you sure?"."""

_RANK: dict[Permission, int] = {"anyone": 0, "member": 1, "lead": 2}


def answer(request: Request | Refusal, ctx: CommandContext, now: Instant) -> Response:
    """What comes of a request. Somebody outside the team gets the same sentence whatever they asked, mistakes included."""
    if ctx.is_a == "anyone":
        return Response(view=for_the_team())
    if isinstance(request, Refusal):
        return Response(view=refusal(request))
    command = COMMANDS[request.verb]
    if _RANK[ctx.is_a] < _RANK[command.needs]:
        return Response(view=refusal(leads_only(command.verb, ctx)))
    given = _ANSWERS[request.verb](request, ctx, now)
    return Response(view=refusal(_as_commands(given, request.verb))) if isinstance(given, Refusal) else given


def _as_commands(refused: Refusal, verb: str) -> Refusal:
    """The refusal with each thing to try as a whole command: where several waits may be meant, their handles alone are known."""
    return replace(refused, tries=tuple(f"{verb} {one}" if handle_in(one) is not None else one for one in refused.tries))


def leads_only(verb: str, ctx: CommandContext) -> Refusal:
    """The refusal of what only leads may do, naming them."""
    leads = ", ".join(ctx.name(lead) for lead in ctx.team.leads)
    return Refusal(says=f"{verb} is for leads. Please ask {leads}.")


@dataclass(frozen=True, slots=True)
class _Target:
    """An open wait and the words after its name."""

    listed: ListedWait
    rest: tuple[str, ...]

    @property
    def wait(self) -> Wait:
        return self.listed.wait


def _target(request: Request, ctx: CommandContext, now: Instant) -> _Target | Response | Refusal:
    found = find_wait(request.words, ctx)
    if isinstance(found, Refusal):
        return found
    if not found.listed.wait.open:
        return Response(view=over(found.listed, ctx, now))
    return _Target(found.listed, found.rest)


def over(listed: ListedWait, ctx: CommandContext, now: Instant) -> View:
    """The wait is over already, and how it ended."""
    facts = SettledFacts(
        wait=listed.wait, handle=listed.handle, now=now, zone=ctx.zone, channel_name=ctx.channel_name(listed.wait.channel)
    )
    ended = listed.wait.ended_at
    when: Spans = () if ended is None else (Plain(", "), Timestamp(ended))
    spans = (Code(listed.handle), Plain(" is over already: "), *outcome(facts), *when, Plain("."))
    return offering(ctx, now, spans, *_reopening(listed))


def settled(view: View, event: Acted, after: ListedWait | None, ctx: CommandContext, now: Instant) -> View:
    """What to show once `event` was dealt with: `view`, unless somebody else was quicker and the wait became something else."""
    if after is None:
        return said(ctx, now, Plain("That wait isn't there any more."))
    if came_true(event, after.wait):
        return view
    if not after.wait.open:
        return over(after, ctx, now)
    return said(
        ctx,
        now,
        Code(after.handle),
        Plain(" changed in the same moment. Please look again: "),
        CommandText(f"why {after.handle}"),
    )


def came_true(event: Acted, wait: Wait) -> bool:
    """Whether the wait is what the action meant to make of it."""
    hold = wait.hold
    match event.verb:
        case "claim":
            return wait.open and wait.owner == event.by and hold is not None and hold.kind is HoldKind.CLAIM
        case "snooze":
            return wait.open and hold is not None and hold.kind is HoldKind.SNOOZE and hold.until == event.until
        case "answered":
            return wait.state is WaitState.ANSWERED and wait.marked_by == event.by
        case "dismiss" | "unwatch":
            return wait.state is WaitState.DISMISSED
        case "reopen":
            return wait.open
        case "confirm":
            return wait.state is WaitState.ANSWERED and any(reply.message == event.message for reply in wait.replies)
        case "not_yet":
            return wait.open and wait.possible_answer is None
        case "not_me":
            return event.by in wait.not_me


def _acted(
    target: _Target, verb: Verb, ctx: CommandContext, now: Instant, until: Instant | None = None, message: str | None = None
) -> tuple[Acted, ...]:
    wait = target.wait
    return (Acted(channel=wait.channel, wait=wait.id, verb=verb, by=ctx.who, at=now, until=until, message=message),)


def _unexpected(target: _Target, verb: str) -> Refusal | None:
    """A wait's name must be all there is: "dismiss dana tomorrow" was meant for something else."""
    if not target.rest:
        return None
    says = f"{verb} takes only a wait; what is {quoted(' '.join(target.rest))}?"
    return Refusal(says=says, tries=(f"{verb} {target.listed.handle}",))


def _waiting(request: Request, ctx: CommandContext, now: Instant) -> Response:
    if request.words != ("mine",):
        return lists.waiting(request, ctx, now)
    rows = lists.rows_of(own_list.mine(ctx), ctx, now)
    return Response(view=wording_home.own_list(rows, is_mine=lambda person: own_list.is_mine(person, ctx), now=now))


def _claim(request: Request, ctx: CommandContext, now: Instant) -> Response | Refusal:
    target = _target(request, ctx, now)
    if not isinstance(target, _Target):
        return target
    anyway = target.rest == (ANYWAY,)
    unexpected = None if anyway else _unexpected(target, "claim")
    if unexpected is not None:
        return unexpected
    wait, handle = target.wait, target.listed.handle
    hold = wait.hold
    if hold is not None and hold.kind is HoldKind.CLAIM and hold.until > now:
        if hold.by == ctx.who:
            spans: Spans = (Plain("You are on it already. It stays quiet until "), Timestamp(hold.until), Plain("."))
            return Response(view=said(ctx, now, Code(handle), Plain(": "), *spans))
        if not anyway:
            taken: Spans = (
                PersonName(hold.by),
                Plain(" has been on "),
                Code(handle),
                Plain(" since "),
                Timestamp(hold.since),
                Plain("."),
            )
            return Response(view=offering(ctx, now, taken, Button("Take it over", "claim", keys.argument(handle, ANYWAY))))
    until = holds.until(HoldKind.CLAIM, ctx.rules_of(wait.channel).holds, now)
    spans = (Plain("You're on it: "), *_which(target.listed, ctx), Plain(". Nobody is reminded of it before "), Timestamp(until))
    view = offering(ctx, now, (*spans, Plain(".")), Button("Not me after all", "not_me", handle))
    (event,) = _acted(target, "claim", ctx, now)
    return Response(view=view, events=(replace(event, anyway=anyway),))


def _snooze(request: Request, ctx: CommandContext, now: Instant) -> Response | Refusal:
    target = _target(request, ctx, now)
    if not isinstance(target, _Target):
        return target
    handle = target.listed.handle
    if not target.rest:
        tries = (f"snooze {handle} 2h", f"snooze {handle} tomorrow 9am", f"snooze {handle} monday")
        return Refusal(says="Until when?", tries=tries)
    moment = ctx.read_when(" ".join(target.rest))
    if isinstance(moment, Refusal):
        return replace(moment, tries=tuple(f"snooze {handle} {time}" for time in moment.tries))
    assert isinstance(moment, Moment)
    if moment.at > now + LONGEST_SNOOZE:
        return Refusal(says="That is more than a month ahead, too long for a customer to wait.", tries=(f"dismiss {handle}",))
    hold = target.wait.hold
    spans: Spans = (*_which(target.listed, ctx), Plain(", comes up again "), Timestamp(moment.at), Plain("."))
    if hold is not None and hold.kind is HoldKind.SNOOZE and hold.until == moment.at:
        return Response(view=said(ctx, now, *spans))
    return Response(view=said(ctx, now, *spans), events=_acted(target, "snooze", ctx, now, moment.at))


def _answered(request: Request, ctx: CommandContext, now: Instant) -> Response | Refusal:
    target = _target(request, ctx, now)
    if not isinstance(target, _Target):
        return target
    spans: Spans = (Plain("Thank you. "), *_which(target.listed, ctx), Plain(", counts as answered by you."))
    view = offering(ctx, now, spans, *_reopening(target.listed))
    return _unexpected(target, "answered") or Response(view=view, events=_acted(target, "answered", ctx, now))


def _dismiss(request: Request, ctx: CommandContext, now: Instant) -> Response | Refusal:
    target = _target(request, ctx, now)
    if not isinstance(target, _Target):
        return target
    spans: Spans = (*_which(target.listed, ctx), Plain(", needs no reply: it is off the list."))
    view = offering(ctx, now, spans, *_reopening(target.listed))
    return _unexpected(target, "dismiss") or Response(view=view, events=_acted(target, "dismiss", ctx, now))


def _reopen(request: Request, ctx: CommandContext, now: Instant) -> Response | Refusal:
    found = find_wait(request.words, ctx)
    if isinstance(found, Refusal):
        return found
    target = _Target(found.listed, found.rest)
    unexpected = _unexpected(target, "reopen")
    if unexpected is not None:
        return unexpected
    wait, handle = target.wait, target.listed.handle
    if wait.state is WaitState.WITHDRAWN:
        gone: Spans = (
            PersonName(wait.customer),
            Plain(" took the question of "),
            Code(handle),
            Plain(" back: nobody is waiting."),
        )
        return Response(view=said(ctx, now, *gone))
    how = "is on the list already" if wait.open else "is back on the list"
    spans: Spans = (*_which(target.listed, ctx), Plain(f", {how}, waiting since "), Timestamp(wait.opened_at), Plain("."))
    view = offering(ctx, now, spans, Button("I'm on it", "claim", handle), Button("No reply needed", "dismiss", handle))
    return Response(view=view, events=() if wait.open else _acted(target, "reopen", ctx, now))


def _reopening(listed: ListedWait) -> tuple[Button, ...]:
    """The way to undo the end of a wait; a question that was taken back isn't brought back."""
    return () if listed.wait.state is WaitState.WITHDRAWN else (Button("Still waiting", "reopen", listed.handle),)


def _confirm(request: Request, ctx: CommandContext, now: Instant) -> Response | Refusal:
    return _was_it(request, "confirm", ctx, now)


def _not_yet(request: Request, ctx: CommandContext, now: Instant) -> Response | Refusal:
    return _was_it(request, "not_yet", ctx, now)


def _was_it(request: Request, verb: Literal["confirm", "not_yet"], ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Whether the message that may have answered a wait did. A button names the message it was asked about; where another one
    is in question by now, or none, nothing is done."""
    target = _target(request, ctx, now)
    if not isinstance(target, _Target):
        return target
    maybe, handle = target.wait.possible_answer, target.listed.handle
    if maybe is None or target.rest not in ((), (maybe.message,)):
        still: Spans = (*_which(target.listed, ctx), Plain(", is still waiting; nothing is in question about that message."))
        return Response(view=offering(ctx, now, still, Button("I'm on it", "claim", handle)))
    events = _acted(target, verb, ctx, now, message=maybe.message)
    if verb == "confirm":
        answered: Spans = (Plain("Thank you. "), *_which(target.listed, ctx), Plain(", was answered by "), PersonName(maybe.by))
        view = offering(ctx, now, (*answered, Plain(", "), Timestamp(maybe.at), Plain(".")), *_reopening(target.listed))
        return Response(view=view, events=events)
    waits: Spans = (Plain("Thank you. "), *_which(target.listed, ctx), Plain(", is still waiting."))
    return Response(view=offering(ctx, now, waits, Button("I'm on it", "claim", handle)), events=events)


def _not_me(request: Request, ctx: CommandContext, now: Instant) -> Response | Refusal:
    target = _target(request, ctx, now)
    if not isinstance(target, _Target):
        return target
    unexpected = _unexpected(target, "not-me")
    if unexpected is not None:
        return unexpected
    spans: Spans = (Plain("All right, you aren't asked again about "), *_which(target.listed, ctx), Plain("."))
    view = offering(ctx, now, spans, Button("I'm on it after all", "claim", target.listed.handle))
    if ctx.who in target.wait.not_me and target.wait.owner != ctx.who:
        return Response(view=view)
    return Response(view=view, events=_acted(target, "not_me", ctx, now))


def _which(listed: ListedWait, ctx: CommandContext) -> Spans:
    return (
        Code(listed.handle),
        Plain(", "),
        PersonName(listed.wait.customer),
        Plain(f" in #{ctx.channel_name(listed.wait.channel)}"),
    )


_ANSWERS: dict[str, Callable[[Request, CommandContext, Instant], Response | Refusal]] = {
    "waiting": _waiting,
    "claim": _claim,
    "snooze": _snooze,
    "answered": _answered,
    "dismiss": _dismiss,
    "reopen": _reopen,
    "confirm": _confirm,
    "not-yet": _not_yet,
    "not-me": _not_me,
    "why": lists.why,
    "who": lists.who,
    "away": choosing.away,
    "back": choosing.back,
    "dm": choosing.dm,
    "hours": choosing.hours,
    "stats": lists.stats,
    "watch": choosing.watch,
    "unwatch": choosing.unwatch,
    "preview": starting.preview,
    "start": starting.start,
    "digest": lists.digest,
    "help": lists.help_,
}
