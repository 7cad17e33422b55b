"""What members say about those whom they were asked to greet: `hello`."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.responses import Response, offering, said
from bot.domain import keys
from bot.domain.arrivals import GREETED_WITHIN, SAID_BY_HAND, Arrival, ArrivalEnd, arrivals_key
from bot.domain.durations import Instant
from bot.domain.params import Param
from bot.domain.refusal import Refusal
from bot.domain.views import Button, CommandText, PersonName, Plain, Spans
from bot.domain.writes import AddNotice, NoticeSubject, SaveArrival, Write
from bot.queries.arrivals import all_arrivals, told_with
from bot.wording.arrivals import NOT_YET, VERB, ArrivalsFacts, CameIn, came_of, end_said, listed

SAID, NOT_ME, NEEDLESS = "said", "not-me", "needless"


def hello(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Whom to greet; or that they were greeted, that somebody else is to do it, that there is no need, or that there is after
    all."""
    if given.number is None and given.choice is None:
        return Response(view=listed(all_arrivals(ctx.snapshot), ctx.who))
    number = _only_one(given.choice, ctx) if given.number is None else given.number
    if number is None:
        return Refusal(says=f"Of whom? Say the number with it, as in “hello 3 {given.choice}”.", tries=("hello",))
    facts = told_with(ctx.snapshot, number)
    if facts is None:
        return Refusal(says=f"There is nobody to greet under {number}.", tries=("hello",))
    if given.choice == NOT_YET:
        return _open_again(facts, number, ctx, now)
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
    first = str(done[0].number)
    back: Spans = (Plain(" "), CommandText(f"hello {first} {NOT_YET}"), Plain(" takes it back."))
    undo = Button("Undo", VERB, keys.argument(first, NOT_YET))
    return Response(view=offering(ctx, now, (*came_of(facts, (Plain(how),)), *back), undo), writes=_saved(done, now))


def _only_one(choice: str | None, ctx: CommandContext) -> int | None:
    """Whom somebody means who says no number: the only ones whom they are asked to greet, else the only ones there are. None
    where that isn't one message's, or where it is about who isn't to be greeted any more."""
    if choice == NOT_YET:
        return None
    every = all_arrivals(ctx.snapshot)
    meant = [facts for facts in every if facts.to == ctx.who] or every
    return meant[0].open[0].arrival.number if len(meant) == 1 else None


def _open_again(facts: ArrivalsFacts, number: int, ctx: CommandContext, now: Instant) -> Response:
    """Who was said to be greeted, or to need nobody, is to be greeted after all: with those of whom it was said in the same
    breath. Where nobody was asked so far, somebody will be, after the usual time."""
    one = next(came.arrival for came in facts.came if came.arrival.number == number)
    if one.end not in SAID_BY_HAND or one.at <= now - GREETED_WITHIN:
        how = (*end_said(one), Plain("; nothing is changed."))
        return Response(view=said(ctx, now, *came_of(replace(facts, came=_only(facts, [one])), how)))
    said_of = (one.end, one.ended_at, one.by)
    back = [
        came.arrival
        for came in facts.came
        if (came.arrival.end, came.arrival.ended_at, came.arrival.by) == said_of and came.arrival.at > now - GREETED_WITHIN
    ]
    again = [replace(each, end=None, ended_at=None, by=None) for each in back]
    facts = replace(facts, came=_only(facts, back))
    asked: Spans = (
        (Plain(" Somebody will be asked."),) if facts.to is None else (Plain(" "), PersonName(facts.to), Plain(" is asked."))
    )
    view = said(ctx, now, *came_of(facts, (Plain("still to be greeted."), *asked)))
    return Response(view=view, writes=(*_saved(again, now), *_asks_for(again, ctx, now)))


def _asks_for(again: list[Arrival], ctx: CommandContext, now: Instant) -> tuple[Write, ...]:
    """The notice by which somebody is asked about those who were settled before anybody was; nothing where somebody was."""
    first = again[0]
    after = ctx.snapshot.lookups.preferences.rules_of(first.channel).greeted_after
    if first.told is not None or after is None:
        return ()
    key = arrivals_key(first.channel, now, first.person)  # of its own: the first one may have found nobody, and be gone
    return (AddNotice(kind="tip", key=key, due_at=max(now, first.at + after), subject=NoticeSubject.ARRIVALS),)


def _only(facts: ArrivalsFacts, arrivals: list[Arrival]) -> tuple[CameIn, ...]:
    numbers = {one.number for one in arrivals}
    return tuple(came for came in facts.came if came.arrival.number in numbers)


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
    help="who came into a community channel and is to be greeted; of one: said, not-me, needless or not-yet",
    params=(
        Param(name="number", kind="number", required=False, tells=True),
        Param(
            name="what",
            kind="choice",
            options=(SAID, NOT_ME, NEEDLESS, NOT_YET),
            required=False,
            wrong="Of who came in you may say said, not-me, needless or not-yet; {} is none of these.",
        ),
    ),
    examples=("hello", "hello 3 said", "hello 3 not-me"),
    button=True,
    changes=True,
    topic="lists",
    run=hello,
)
