"""Whether somebody who just came in was spoken to, or asks something by themselves: beside what was decided. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.domain.arrivals import Arrival, ArrivalEnd
from bot.domain.durations import Instant
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.reading import INLINE
from bot.domain.writes import SaveArrival, SaveMessage, SaveWait, Write
from bot.waits.channel_state import ChannelState

Arrivals = Mapping[str, Sequence[Arrival]]
"""Those who are still to be greeted, by person."""


def asked_something(arrivals: Arrivals, writes: Iterable[Write], at: Instant) -> list[SaveArrival]:
    """Those of whom a wait is open by now: whoever is reminded of that speaks with them."""
    asked = {write.wait.customer for write in writes if isinstance(write, SaveWait) and write.wait.open}
    return [_ended(one, ArrivalEnd.ASKED, at) for person in asked for one in arrivals.get(person, ())]


def wrote(arrivals: Arrivals, message: Message) -> list[SaveArrival]:
    """The first that somebody wrote who just came in, as far as it opened no wait."""
    found = (one for one in arrivals.get(message.author, ()) if one.channel == message.channel)
    return [
        SaveArrival(arrival=replace(one, first_message=message.id, thread=message.thread), at=message.at)
        for one in found
        if one.first_message is None and one.at <= message.at
    ]


def spoken_to(arrivals: Arrivals, state: ChannelState, message: Message, writes: Sequence[Write]) -> list[SaveArrival]:
    """Those to whom a member's message speaks: it mentions or names them, replies to them, stands in their thread, or answers
    them by the judge's account."""
    if message.role is not Role.MEMBER or message.marks or message.to_bot or message.author not in state.team.members:
        return []
    people = set(message.mentions)
    for about in (message.thread, message.reply_to):
        seen = None if about is None else state.window.get(about)
        people |= set() if seen is None else {seen.author}
        people |= {person for person, each in arrivals.items() if about is not None and _wrote_it(each, state.key, about)}
    answered: tuple[str, ...] = ()
    for write in writes:
        if isinstance(write, SaveMessage) and write.seen.id == message.id:
            people |= {person for person, strength in write.seen.reading.addressed if strength >= INLINE}
            answered = write.seen.answers
    people |= {write.wait.customer for write in writes if isinstance(write, SaveWait) and write.wait.id in answered}
    return [
        _ended(one, ArrivalEnd.GREETED, message.at, message.author)
        for person in people
        for one in arrivals.get(person, ())
        if one.at <= message.at
    ]


def _wrote_it(arrivals: Sequence[Arrival], channel: str, message: str) -> bool:
    return any(one.channel == channel and message in (one.first_message, one.thread) for one in arrivals)


def _ended(arrival: Arrival, end: ArrivalEnd, at: Instant, by: str | None = None) -> SaveArrival:
    return SaveArrival(arrival=replace(arrival, end=end, ended_at=at, by=by), at=at)
