"""Who of the team is asked to say hello to those who came into a channel: who greeted longest ago, of those who can be asked now.
All inside a transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.arrivals import GREETED_WITHIN, Arrival, channel_told_of
from bot.domain.durations import HOUR, Instant
from bot.domain.outgoing import DueNotice
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.writes import SaveArrival
from bot.engine.engine import Engine
from bot.ports import OutboxTransaction
from bot.waits.availability import Availability


def ask_to_greet(tx: OutboxTransaction, engine: Engine, people: Availability, due: DueNotice, now: Instant) -> str | None:
    """The member who is asked now; None where nobody is: the row is settled, or comes again when somebody can be. `people` says
    who can be told something about the channel."""
    channel, quiet = engine.moves.of(channel_told_of(due.key)), people.quiet
    waiting = [
        one
        for one in tx.open_arrivals(now - GREETED_WITHIN)
        if one.channel == channel
        and one.told in (None, due.key)
        and one.at <= now
        and one.person not in engine.team.members  # who is on the team by now isn't a stranger any more
    ]
    if not waiting or engine.rules_of(channel).greeted_after is None:
        tx.mark_moot(due, reason=Reason(code=ReasonCode.NOTHING_TO_SAY))
        return None
    passed = {member for one in waiting for member in one.passed}
    paused = quiet.paused(channel, now)
    told = None if passed else tx.arrivals_told(channel, but=due.key)  # what is passed on is no other message
    again = _next_day(told, people, now) if told is not None and paused is None else paused
    if again is not None:
        tx.mark_again(due, due_at=again)
        return None
    team = engine.team
    members = [one for one in team.there(channel, team.members) if one not in passed and not people.is_outside(one)]
    greeted = tx.greeters()
    able = [one for one in people.free(members, own=False) if people.rests_until(one) is None]
    if able:
        member = min(able, key=lambda one: (greeted.get(one, 0.0), people.today(one), one in team.leads, one))
        asked = [replace(one, told=due.key, greeter=member, told_at=now) for one in waiting]
        engine.settle(tx, [SaveArrival(arrival=one, at=now) for one in asked])
        return member
    _wait_for_somebody(tx, people, due, waiting, members, now)
    return None


def _wait_for_somebody(
    tx: OutboxTransaction, people: Availability, due: DueNotice, waiting: list[Arrival], members: list[str], now: Instant
) -> None:
    """Nobody can be asked just now: the row comes again when somebody can be, unless that is too late, or never."""
    found = [people.rests_until(one) if people.passed(one, own=False) is None else people.back(one, own=False) for one in members]
    times = [at for at in found if at is not None and at > now]
    at = min(times, default=now + HOUR)
    if not members or at >= min(one.at for one in waiting) + GREETED_WITHIN:
        tx.mark_moot(due, reason=Reason(code=ReasonCode.UNWANTED, about=tuple(members)))
    else:
        tx.mark_again(due, due_at=at)


def _next_day(told: Instant, people: Availability, now: Instant) -> Instant | None:
    """When the next message about the channel may leave, by the team's calendar: one a day. None: now."""
    zone = people.quiet.hours_of("").zone
    day = datetime.fromtimestamp(now, zone)
    if datetime.fromtimestamp(told, zone).date() < day.date():
        return None
    return (day + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp()
