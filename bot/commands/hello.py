"""What members say about those whom they were asked to greet: `hello`."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.responses import Response, said
from bot.domain.arrivals import Arrival, ArrivalEnd, arrivals_key
from bot.domain.durations import Instant
from bot.domain.params import Param
from bot.domain.refusal import Refusal
from bot.domain.views import PersonName, Plain, Spans
from bot.domain.writes import AddNotice, NoticeSubject, SaveArrival, Write
from bot.queries.arrivals import all_arrivals, told_with
from bot.wording.arrivals import ArrivalsFacts, came_of, end_said, listed

SAID, NOT_ME, NEEDLESS = "said", "not-me", "needless"


def hello(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Whom to greet; or that they were greeted, that somebody else is to do it, or that there is no need."""
    if given.number is None:
        return Response(view=listed(all_arrivals(ctx.snapshot), ctx.who))
    facts = told_with(ctx.snapshot, given.number)
    if facts is None:
        return Refusal(says=f"There is nobody to greet under {given.number}.", tries=("hello",))
    waiting = facts.open
    if not waiting:
        over = end_said(facts.came[0].arrival)
        return Response(view=said(ctx, now, *came_of(facts, (Plain("is over already: "), *over, Plain(".")))))
    facts = replace(facts, came=waiting)
    if given.choice == NOT_ME:
        return _passed_on(facts, ctx, now)
    end = ArrivalEnd.NEEDLESS if given.choice == NEEDLESS else ArrivalEnd.GREETED
    done = [replace(one.arrival, end=end, ended_at=now, by=ctx.who) for one in waiting]
    how = "nobody is asked to say hello any more." if end is ArrivalEnd.NEEDLESS else "you said hello. Thank you!"
    return Response(view=said(ctx, now, *came_of(facts, (Plain(how),))), writes=_saved(done, now))


def _passed_on(facts: ArrivalsFacts, ctx: CommandContext, now: Instant) -> Response:
    """Somebody else is asked, in a message of its own; only who is asked can pass it on."""
    if facts.to != ctx.who:
        asked: Spans = (
            (Plain("nobody is asked yet."),) if facts.to is None else (PersonName(facts.to), Plain(" is asked, not you."))
        )
        return Response(view=said(ctx, now, *came_of(facts, asked)))
    first = facts.came[0].arrival
    key = arrivals_key(first.channel, first.at, first.person, again=len(first.passed) + 1)
    passed = [replace(one.arrival, passed=(*one.arrival.passed, ctx.who), greeter=None, told=key) for one in facts.came]
    others = ctx.team.there(first.channel, ctx.team.members) if first.channel else ()
    left = [one for one in others if one not in passed[0].passed]
    how = "somebody else is asked to say hello." if left else "everybody has passed it on, so nobody is asked any more."
    notice = AddNotice(kind="tip", key=key, due_at=now, subject=NoticeSubject.ARRIVALS)
    return Response(view=said(ctx, now, *came_of(facts, (Plain(how),))), writes=(*_saved(passed, now), notice))


def _saved(arrivals: list[Arrival], now: Instant) -> tuple[Write, ...]:
    return tuple(SaveArrival(arrival=one, at=now) for one in arrivals)


HELLO = Command(
    name="hello",
    help="who came into a community channel and is to be greeted; of one: said, not-me or needless",
    params=(
        Param(name="number", kind="number", required=False, tells=True),
        Param(
            name="what",
            kind="choice",
            options=(SAID, NOT_ME, NEEDLESS),
            required=False,
            wrong="Of who came in you may say said, not-me or needless; {} is none of these.",
        ),
    ),
    examples=("hello", "hello 3 said", "hello 3 not-me"),
    button=True,
    changes=True,
    topic="lists",
    run=hello,
)
