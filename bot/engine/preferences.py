"""What holds now: the settings file, with what members chose in chat over it. In memory, taken anew when a choice is saved.

Everything that asks for somebody's hours, a channel's rules or who wants DMs asks here, so that a choice takes effect with the
next decision. Asked from the event loop and from the storage thread: what was taken is replaced as a whole, never changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.domain.absences import KnownAbsence, absence_at, known_absences
from bot.domain.durations import Instant
from bot.domain.duty import CalendarSpans
from bot.domain.hours import Hours, Own
from bot.domain.preferences import ORDINARY, Choices, NotificationKind, OwnHours, OwnSwitch, Watched, hours_with
from bot.domain.rules import ChannelRules
from bot.language.times.input import zone_named
from bot.ports import Store


@dataclass(frozen=True, slots=True)
class _Taken:
    """Choices and what the team's calendar says, and the hours worked out from them so far."""

    choices: Choices
    calendar: CalendarSpans = CalendarSpans()  # noqa: RUF009 (never changed)
    hours: dict[str, Hours] = field(default_factory=dict)


class Preferences:
    """The file's settings with the choices over them.

    `hours_of`, `rules_of` and `dm_of` are the file's: working hours by member ("" = the team's), rules by channel key, whether a
    member wants DMs, what they want to be told. People go by member, not by account, so that who is away is away everywhere.
    """

    def __init__(
        self,
        *,
        hours_of: Callable[[str], Hours],
        rules_of: Callable[[str], ChannelRules],
        dm_of: Callable[[str], bool] = lambda _: False,
        switch_of: Callable[[str], OwnSwitch] = lambda _: ORDINARY,
    ) -> None:
        self._file_hours = hours_of
        self._file_rules = rules_of
        self._file_dm = dm_of
        self._file_switch = switch_of
        self._taken = _Taken(Choices())
        self._loading = asyncio.Lock()

    @property
    def choices(self) -> Choices:
        """The choices as last taken."""
        return self._taken.choices

    @property
    def calendar(self) -> CalendarSpans:
        """What the team's calendar says, as last taken."""
        return self._taken.calendar

    async def load(self, store: Store) -> None:
        """Take the choices that are stored, and what the calendar said. Once at the start, before the first event, and after each
        save."""
        async with self._loading:  # one at a time: what is taken last must be what was stored last
            self._taken = _Taken(*await store.read(lambda tx: (tx.choices(), tx.calendar())))

    def take(self, choices: Choices) -> None:
        """Let these choices hold from now on."""
        self._taken = _Taken(choices, self._taken.calendar)

    def hours_of(self, person: str) -> Hours:
        """When somebody works: their own choice or the file's, without the time they are away. "" is the team."""
        taken = self._taken
        hours = taken.hours.get(person)
        if hours is None:
            hours = taken.hours[person] = self._hours(taken, person)
        return hours

    def _hours(self, taken: _Taken, person: str) -> Hours:
        choices = taken.choices
        chosen = choices.hours.get(person, OwnHours())
        # A zone that this machine doesn't know any more: the file's counts, and zone_named has logged it if it is damaged.
        zone = None if chosen.zone is None else zone_named(chosen.zone)
        file = self._file_hours(person)
        away = tuple((one.since, one.until) for one in self._absences(taken.calendar, choices, person, file))
        return hours_with(replace(file, away=()) if file.away else file, Own(zone=zone, week=chosen.week), away)

    def absences_of(self, person: str, choices: Choices | None = None) -> tuple[KnownAbsence, ...]:
        """When a member is away, whatever says so, in order; with other `choices`, as it would be by those. Their hours leave out
        the very same."""
        taken = self._taken
        return self._absences(taken.calendar, choices or taken.choices, person, self._file_hours(person))

    def away_now(self, person: str, now: Instant) -> KnownAbsence | None:
        """The absence that a member is in, whatever says so; None when they are here."""
        return absence_at(self.absences_of(person), now)

    @staticmethod
    def _absences(calendar: CalendarSpans, choices: Choices, person: str, file: Hours) -> tuple[KnownAbsence, ...]:
        told = [(span.since, span.until) for span in calendar.away if span.member == person]
        return known_absences(choices.away.get(person, ()), told, file.away, choices.here.get(person))

    def rules_of(self, channel: str) -> ChannelRules:
        """The rules of a channel. One that isn't watched has no ladder: nobody is reminded of anything in it."""
        rules = self._file_rules(channel)
        anew = self._taken.choices.anew.get(channel)
        if anew is not None:
            rules = replace(rules, learns_from=anew)
        chosen = self._taken.choices.watch.get(channel)
        if chosen is None:
            return rules
        return replace(rules, steps=(), keep_text=False) if chosen == "nothing" else replace(rules, watch=chosen)

    def watched(self, channel: str) -> Watched:
        """How a channel is watched."""
        return self._taken.choices.watch.get(channel) or self._file_rules(channel).watch

    def listens(self, channel: str) -> bool:
        """Whether a channel's messages are looked at. Where not, they aren't to reach the inbox: nothing is stored of them."""
        return self._taken.choices.watch.get(channel) != "nothing"

    def wants_dm(self, person: str) -> bool:
        """Whether a member wants reminders and tips as direct messages."""
        chosen = self._taken.choices.dm.get(person)
        return self._file_dm(person) if chosen is None else chosen

    def written_switch(self, person: str) -> OwnSwitch:
        """What a member wants to be told as the file says it."""
        return self._file_switch(person)

    def switch_of(self, person: str) -> OwnSwitch:
        """What a member wants to be told. A budget of None is the team's."""
        written, chosen = self._file_switch(person), self._taken.choices.switches.get(person)
        if chosen is None:
            return written
        return replace(chosen, budget=written.budget) if chosen.budget is None else chosen

    def wants(self, person: str, kind: NotificationKind, now: Instant) -> bool:
        """Whether a member is to be notified of something of this kind now: they want it, aren't muted, have a budget."""
        switch = self.switch_of(person)
        return kind in switch.wanted and switch.budget != 0 and not switch.muted_at(now)

    def paused(self, channel: str, now: Instant) -> Instant | None:
        """Until when reminders about a channel stand still, by a lead's word; None when they don't."""
        pause = self._taken.choices.paused(channel, now)
        return None if pause is None else pause.until
