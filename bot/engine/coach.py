"""Tips as they are given: what a member's message gives rise to is stored with the event, once, if they may be told of it.

Only what is said now counts: nothing that is read back from longer ago than a day, and nothing before reminders have begun. A
member gets one tip a week at most, whatever its kind; of several that nobody looked at only the latest is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.coaching.coaching import NOTICES, came_of
from bot.coaching.noticed import Noticed
from bot.domain.context import Context
from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.tips import APART, STALE, KeptTip, SaidBefore, Tip, TipKind
from bot.domain.writes import AddNotice, KeepTip, NoticeSubject, Write
from bot.engine.preferences import Preferences
from bot.ports import Clock, IntakeTransaction, Lookup
from bot.waits.channel_state import ChannelState

FROM_NOW: Seconds = DAY
"""How old a message may be that gives rise to a tip."""

MOST_SAID = 1_000
"""Messages of one member that are looked through, the latest."""


class Coach:
    """Gives tips of these kinds. `speaks` tells whether reminders leave at all."""

    def __init__(
        self, kinds: frozenset[TipKind], preferences: Preferences, *, clock: Clock, speaks: Callable[[], bool] = lambda: True
    ) -> None:
        self._kinds = kinds
        self._preferences = preferences
        self._clock = clock
        self._speaks = speaks

    def notice(
        self, tx: IntakeTransaction, state: ChannelState, context: Context, message: Message, writes: Sequence[Write]
    ) -> tuple[Write, ...]:
        """What a member's message gives rise to, beside what was decided of it (`writes`, not stored yet)."""
        now = self._clock.now()
        if message.role is not Role.MEMBER or now - message.at > FROM_NOW or not self._speaks():
            return ()
        found = came_of(message.id, writes)
        if found is None or message.author not in state.team.members:
            return ()
        seen, waits = found
        looked: list[Sequence[KeptTip]] = []  # looked up once, where something is noticed
        for kind, notices in NOTICES.items():
            if kind not in self._kinds or not self._preferences.switch_of(message.author).wants_tip(kind):
                continue

            def earlier() -> Sequence[KeptTip]:
                if not looked:
                    looked.append(tx.tips(message.author, now - STALE))
                return looked[0]

            known = _Known(tx, kind, message, now, earlier)
            tip = notices(Noticed(state=state, context=context, message=message, seen=seen, waits=waits, known=known))
            if tip is not None:
                return self._given(tip, earlier(), now)
        return ()

    def give(self, tx: Lookup, tip: Tip) -> tuple[Write, ...]:
        """What stores a tip that something else than a message gave rise to, now or for when it is to be told (`tip.at`); nothing
        where they are not to be told of it. Whether its member is on the team is for the caller to see to."""
        if tip.kind not in self._kinds or not self._speaks() or not self._preferences.switch_of(tip.member).wants_tip(tip.kind):
            return ()
        now = self._clock.now()
        return self._given(tip, tx.tips(tip.member, now - STALE), max(now, tip.at))

    def _given(self, tip: Tip, earlier: Sequence[KeptTip], now: Instant) -> tuple[Write, ...]:
        """A tip for who got none lately. It goes as a direct message to who asked for these, `now` or when it is to be told; else
        it waits for them."""
        if _lately(earlier, now) or any(kept.tip.key == tip.key for kept in earlier):
            return ()
        switch = self._preferences.switch_of(tip.member)
        if not self._preferences.wants_dm(tip.member) or switch.budget == 0:
            return (KeepTip(tip=tip),)
        notice = AddNotice(kind="tip", key=tip.key, due_at=now, subject=NoticeSubject.TIP, person=tip.member)
        return (KeepTip(tip=tip), notice)


def _lately(earlier: Sequence[KeptTip], now: Instant) -> bool:
    """Whether they got a tip, or were shown one, so lately that they get no other."""
    return any(max(kept.tip.at, kept.told_at or 0.0) > now - APART for kept in earlier)


@dataclass(frozen=True, slots=True)
class _Known:
    """What storage knows about a message's author, asked when it matters. Fits `coaching.noticed.KnownBefore`."""

    _tx: IntakeTransaction
    _kind: TipKind
    _message: Message
    _now: Instant
    _earlier: Callable[[], Sequence[KeptTip]]

    def said(self, since: Instant) -> Sequence[SaidBefore]:
        if _lately(self._earlier(), self._now):
            return ()  # whatever they wrote, they get no tip about it
        channel, id = self._message.channel, self._message.id
        found = self._tx.said_by(self._message.author, since, MOST_SAID)
        return [one for one in found if (one.channel, one.message.id) != (channel, id)]

    def customers_of(self, waits: Sequence[str]) -> Mapping[str, str]:
        return {wait.id: wait.customer for wait in self._tx.waits(waits)}

    def asked_in(self, waits: Sequence[str]) -> Mapping[str, frozenset[int]]:
        return {
            wait.id: frozenset(word for seen in self._tx.written_in(wait) for word in seen.reading.fingerprints)
            for wait in self._tx.waits(waits)
        }

    def customer_wrote(self, channel: str) -> bool:
        return self._tx.customer_wrote(channel)

    def is_new(self, customer: str) -> bool:
        return len(self._tx.first_waits(customer)) < 2 and not any(one.strength > 0 for one in self._tx.exchanges(customer))

    def last_about(self) -> Instant:
        return max((kept.tip.at for kept in self._earlier() if kept.tip.kind is self._kind), default=0.0)
