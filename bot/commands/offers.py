"""What a platform may offer while somebody types what a command takes: the waits, members, customers, times and words that fit
what is there so far. Nothing need be chosen from it: what is typed is read as ever."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from bot.commands.context import CommandContext
from bot.commands.resolve import JUST_NOW, LATELY
from bot.commands.table import COMMANDS
from bot.domain.params import Param
from bot.domain.refusal import Moment
from bot.domain.tags import channel_tag, person_tag
from bot.domain.value import value
from bot.language.times.input import LONGEST as LONGEST_TIME
from bot.queries.snapshot import ListedWait
from bot.wording.phrases import say_moment, span_of

MOST_OFFERED: Final = 25
"""Discord's most; nobody reads more of them."""

TIMES: Final = ("30m", "2h", "tomorrow 9am", "monday", "next week")

LONGEST_TYPED: Final = 100
"""Characters of what is there so far that are looked at."""


@value
class Offer:
    """Something that may be meant: how it reads, and what the command is given for it."""

    label: str
    value: str


def offers(command: str, param: str, typed: str, ctx: CommandContext) -> tuple[Offer, ...]:
    """What fits what was typed for a command's param so far, likeliest first; nothing where there is no such param."""
    row = COMMANDS.get(command)
    asked = None if row is None else next((one for one in row.params if one.name == param and not one.hidden), None)
    if row is None or asked is None:
        return ()
    said = typed.strip()[:LONGEST_TYPED]
    found = _found(asked, said, ctx, ended=not row.open_only)
    return tuple(offer for offer, _ in zip(found, range(MOST_OFFERED), strict=False))


def _found(param: Param, said: str, ctx: CommandContext, *, ended: bool) -> Iterator[Offer]:
    match param.kind:
        case "wait":
            waits = [*ctx.waits, *(_lately_ended(ctx) if ended else ())]
            yield from _fitting(said, (_wait(one, ctx) for one in waits))
        case "member":
            people = sorted(ctx.snapshot.members(), key=lambda member: ctx.name(member).casefold())
            yield from _fitting(said, (_member(member, ctx) for member in people))
        case "customer":
            yield from _fitting(said, (Offer(label=ctx.name(one), value=person_tag(one)) for one in _customers(ctx)))
        case "channel":
            named = sorted((f"#{name.removeprefix('#')}", key) for key, name in ctx.channels.items())
            yield from _fitting(said, (Offer(label=name, value=channel_tag(key)) for name, key in named))
        case "when":
            yield from _times(said, ctx)
        case "choice":
            yield from _fitting(said, (Offer(label=word, value=word) for word in param.options))
        case "text":
            words = COMMANDS if param.name == "command" else param.examples
            yield from _fitting(said, (Offer(label=word, value=word) for word in words))
            if said and param.examples:
                yield Offer(label=said, value=said)
        case "number":
            return


def _fitting(said: str, among: Iterable[Offer]) -> Iterator[Offer]:
    """Those that begin with what was said, then those that hold it."""
    wanted = said.removeprefix("@").removeprefix("#").casefold()
    offered = list(among)

    def begins(offer: Offer) -> bool:
        return offer.label.lstrip("#@").casefold().startswith(wanted)

    fits: tuple[Callable[[Offer], bool], ...] = (
        begins,
        lambda offer: not begins(offer) and wanted in offer.label.casefold(),
    )
    for fit in fits:
        yield from filter(fit, offered)


def _wait(listed: ListedWait, ctx: CommandContext) -> Offer:
    wait = listed.wait
    how = f"waiting {span_of(ctx.now - wait.opened_at)}" if wait.open else wait.state.value
    held = "" if wait.hold is None or not wait.open else ", on hold"
    label = f"{listed.handle}: {ctx.name(wait.customer)} in #{ctx.channel_name(wait.channel)}, {how}{held}"
    return Offer(label=label, value=listed.handle)


def _lately_ended(ctx: CommandContext) -> list[ListedWait]:
    """Waits of the last days that are over, the latest first."""
    over = [wait for wait in ctx.snapshot.opened_since(ctx.now - JUST_NOW) if wait.ended_at is not None]
    over.sort(key=lambda wait: -(wait.ended_at or 0.0))
    return [ctx.snapshot.listed(wait) for wait in over[:MOST_OFFERED]]


def _member(member: str, ctx: CommandContext) -> Offer:
    account = ctx.team.accounts.account(ctx.platform, member) or member
    return Offer(label=f"{ctx.name(member)}{' (you)' if member == ctx.who else ''}", value=person_tag(account))


def _customers(ctx: CommandContext) -> Iterable[str]:
    """Who waits, longest first, then who waited lately."""
    known = dict.fromkeys(listed.wait.customer for listed in ctx.waits)
    known.update(dict.fromkeys(wait.customer for wait in ctx.snapshot.opened_since(ctx.now - LATELY)))
    return known


def _times(said: str, ctx: CommandContext) -> Iterator[Offer]:
    """What was typed, with when that is, and the usual ones that begin so."""
    usual = [word for word in TIMES if word.startswith(said.casefold())]
    for words in dict.fromkeys(([said] if said else []) + usual):
        moment = ctx.read_when(words) if len(words) <= LONGEST_TIME else None
        if isinstance(moment, Moment):
            yield Offer(label=f"{words} ({say_moment(moment.at, ctx.zone, ctx.now)})", value=words)
