"""Who came in and is to be greeted by hand: noted with the event, once, and settled by what shows that somebody spoke with them.

Only what happens now counts: who came longer than a day ago, before reminders began, or again within a month is none. Nothing is
ever said to who came.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain.arrivals import CAUGHT_UP, GREETED_WITHIN, REMEMBERED, Arrival, ArrivalEnd, arrivals_key
from bot.domain.events import Event, Joined, Posted
from bot.domain.people import Role
from bot.domain.rules import ChannelRules
from bot.domain.writes import AddNotice, NoticeSubject, SaveArrival, Write
from bot.ports import Clock, IntakeTransaction, Lookup
from bot.waits import arrivals
from bot.waits.channel_state import ChannelState


class Welcomes:
    """Keeps who is still to be greeted. `speaks` tells whether reminders leave at all."""

    def __init__(self, rules_of: Callable[[str], ChannelRules], *, clock: Clock, speaks: Callable[[], bool]) -> None:
        self._rules_of = rules_of
        self._clock = clock
        self._speaks = speaks
        self._open: dict[str, tuple[Arrival, ...]] | None = None

    def forget(self) -> None:
        """What is stored may be another than is known: it is read again."""
        self._open = None

    def open(self, tx: Lookup) -> dict[str, tuple[Arrival, ...]]:
        """Those who are still to be greeted, by person."""
        if self._open is None:
            self._open = {}
            for one in tx.open_arrivals(self._clock.now() - GREETED_WITHIN):
                self._open[one.person] = (*self._open.get(one.person, ()), one)
        return self._open

    def in_channel(self, tx: Lookup, channel: str) -> tuple[str, ...]:
        """Those who came into a channel and are still to be greeted: they may be called by their names."""
        return tuple(person for person, came in self.open(tx).items() if any(one.channel == channel for one in came))

    def joined(self, tx: IntakeTransaction, state: ChannelState, event: Joined) -> Sequence[Write]:
        """What somebody's coming or going changes; it isn't stored yet."""
        after = self._rules_of(event.channel).greeted_after
        if after is None or event.role is not Role.CUSTOMER or event.person in state.team.members:
            return ()
        known = tx.arrivals_of(event.person)
        if event.left:
            return self._left(event, known)
        now = self._clock.now()
        if now - event.at > CAUGHT_UP or not self._speaks() or _was_here(tx, state, event, known):
            return ()
        came = Arrival(person=event.person, channel=event.channel, at=event.at)
        wrote = state.window.by(event.person)  # what they wrote was heard of first
        if wrote:
            came = replace(came, first_message=wrote[0].id, thread=wrote[0].thread)
        save = SaveArrival(arrival=came, at=event.at)
        waiting = [one for each in self.open(tx).values() for one in each if one.channel == event.channel and one.told is None]
        if any(one.at <= event.at < one.at + after and one.at + after > now for one in waiting):
            return (save,)  # it is told of with them
        key = arrivals_key(event.channel, event.at, event.person)
        due_at = max(now, event.at + after)
        return (save, AddNotice(kind="tip", key=key, due_at=due_at, subject=NoticeSubject.ARRIVALS))

    def follow(self, tx: Lookup, state: ChannelState, event: Event, writes: Sequence[Write]) -> Sequence[SaveArrival]:
        """What an event settles beside what was decided of it; it isn't stored yet."""
        waiting = self.open(tx)
        if not waiting:
            return ()
        found = arrivals.asked_something(waiting, writes, event.at)
        if isinstance(event, Posted):
            asked = {save.arrival.person for save in found}
            found += [save for save in arrivals.wrote(waiting, event.message) if save.arrival.person not in asked]
            found += arrivals.spoken_to(waiting, state, event.message, writes)
        return found

    def _left(self, event: Joined, known: Sequence[Arrival]) -> Sequence[Write]:
        """Who leaves is greeted no more; nor who comes again before it is forgotten that they were here."""
        here = next((one for one in known if one.channel == event.channel and one.at <= event.at), None)
        if here is not None and here.open:
            left = replace(here, end=ArrivalEnd.LEFT, ended_at=event.at)
        else:
            left = Arrival(person=event.person, channel=event.channel, at=event.at, end=ArrivalEnd.LEFT, ended_at=event.at)
        return (SaveArrival(arrival=left, at=event.at),)


def _was_here(tx: Lookup, state: ChannelState, event: Joined, known: Sequence[Arrival]) -> bool:
    """Whether somebody is no stranger: they came or went within a month, spoke with the team, waited before, or wrote here."""
    person = event.person
    if any(one.at > event.at - REMEMBERED for one in known) or any(one.strength > 0 for one in tx.exchanges(person)):
        return True
    return bool(tx.first_waits(person)) or any(seen.at < event.at for seen in state.window.by(person))
