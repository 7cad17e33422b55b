"""Who can be asked now: working hours, absences, what members chose for themselves, and how much they were told today. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain import hours
from bot.domain.delay_trial import DelayTrial
from bot.domain.durations import MINUTE, Instant, Seconds
from bot.domain.hours import ALWAYS, Hours
from bot.domain.notifications import APART, PassedOver, Unavailable, counted
from bot.domain.people import Team
from bot.domain.preferences import ORDINARY, NotificationKind, OwnSwitch
from bot.domain.waits import Wait
from bot.waits import acquaintance

Strengths = Mapping[tuple[str, str], tuple[float, Instant]]
"""How well members know a customer: (channel, member) to (strength, at)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietRules:
    """What keeps reminders bearable. `hours_of` gives working hours by member id ("" = the team's own); `budget` is the most
    notifications a person gets in one of their days (None: they aren't counted, nor kept apart); `switch_of` is what a member
    chose for themselves; `reaches` says whether anything can be sent to a member at all; `paused` gives until when a channel (by
    key) is paused at an instant, if it is. `digest_mentions`: in how many digests who should reply is mentioned about a wait that
    has had its last rung; `direct`: whether a member can be sent a direct message, and asked for those. `outside` says whether a
    member can't be asked about what happens in a channel (by key), since they are on another server's team only. `patience`: how
    long, in the team's working time, a rung waits for whom it is for and who is back soon, while a colleague can be asked.
    `trial`: the trial of first reminders that runs at an instant, if one does."""

    hours_of: Callable[[str], Hours]
    budget: int | None = None
    switch_of: Callable[[str], OwnSwitch] = lambda _: ORDINARY
    paused: Callable[[str, Instant], Instant | None] = lambda _channel, _now: None
    digest_mentions: int = 5
    patience: Seconds = 15 * MINUTE
    reaches: Callable[[str], bool] = lambda _: True
    direct: Callable[[str], bool] = lambda _: False
    outside: Callable[[str, str], bool] = lambda _member, _channel: False
    trial: Callable[[Instant], DelayTrial | None] = lambda _: None


ROUND_THE_CLOCK = QuietRules(hours_of=lambda _: ALWAYS)
"""No working hours, no budget."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingFacts:
    """What is stored of a customer and of what was sent, looked up where it is needed. `notified(member, since)`: when messages
    for them left (or went on their way) since then. `known`: who knows the wait's customer. `asked`: who was reminded of the
    wait, and `asked_last` by the last of those reminders. `lately`: until when a member was asked of it too lately to be asked
    again, where they were. `mentioned(member, since)`: when a digest mentioned them last, since then. `team_asked_at`: when the
    team as a whole was asked last because nobody could be. `team_gathers(apart)`: until when a message for the team waits for
    what falls due in so short a time, where something does. `seen`: what was found of members at this instant already, by member
    and whether it is their own; shared by those who look at many waits at once. `told_of_promises`: for when the promises were
    due of which who made them was told before. `asked_of_loops`: until when the holds last about which who pointed a customer
    elsewhere was asked. `since`: from when on the rung has waited for whom it is for, if it was put off for them."""

    notified: Callable[[str, Instant], Sequence[Instant]] = lambda _member, _since: ()
    known: Callable[[], Strengths] = dict
    asked: Callable[[], frozenset[str]] = frozenset
    asked_last: Callable[[], tuple[str, ...]] = tuple
    lately: Callable[[str], Instant | None] = lambda _member: None
    mentioned: Callable[[str, Instant], Instant | None] = lambda _member, _since: None
    team_asked_at: Callable[[], Instant | None] = lambda: None
    team_gathers: Callable[[Seconds], Instant | None] = lambda _apart: None
    told_of_promises: Callable[[], frozenset[Instant]] = frozenset
    asked_of_loops: Callable[[], frozenset[Instant]] = frozenset
    since: Instant | None = None
    seen: dict[tuple[str, bool], PassedOver | None] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Who can be told something now; `about`: of what happens in a channel, by its key. `apart`: what is for one member comes no
    closer together than this."""

    quiet: QuietRules
    facts: AskingFacts
    now: Instant
    kind: NotificationKind = "reminders"
    apart: Seconds = APART
    about: str | None = None

    def is_outside(self, member: str) -> bool:
        """Whether they are on another server's team only than the one that this is about."""
        return self.about is not None and self.quiet.outside(member, self.about)

    def passed(self, member: str, *, own: bool) -> PassedOver | None:
        """Why a member can't be asked now; None when they can. `own`: it is theirs, and not just the team's."""
        if self.is_outside(member):
            return PassedOver(member=member, why=Unavailable.OUTSIDE)
        key, seen = (member, own), self.facts.seen
        if key not in seen:
            seen[key] = self._look_at(member, own)
        return seen[key]

    def _look_at(self, member: str, own: bool) -> PassedOver | None:
        quiet, now = self.quiet, self.now
        works, switch = quiet.hours_of(member), quiet.switch_of(member)
        if not quiet.reaches(member):
            return PassedOver(member=member, why=Unavailable.UNREACHED)
        if not hours.is_open(works, now):
            why = Unavailable.AWAY if hours.is_away(works, now) else Unavailable.OFF_HOURS
            return PassedOver(member=member, why=why, until=self._open_from(member, now))
        if switch is not ORDINARY:
            if switch.budget == 0:
                return PassedOver(member=member, why=Unavailable.LIST_ONLY)
            if self.kind not in switch.wanted:
                return PassedOver(member=member, why=Unavailable.UNWANTED)
            if switch.only_mine and not own:
                return PassedOver(member=member, why=Unavailable.ONLY_MINE)
            if switch.muted_until is not None and switch.muted_until > now:
                return PassedOver(member=member, why=Unavailable.MUTED, until=self._open_from(member, switch.muted_until))
        budget = quiet.budget if switch.budget is None else switch.budget
        if budget is not None and self.today(member) >= budget:
            return PassedOver(member=member, why=Unavailable.FULL, budget=budget)
        return None

    def _open_from(self, member: str, at: Instant) -> Instant | None:
        """When they work next, no sooner than `at` and than a mute of theirs ends."""
        muted = self.quiet.switch_of(member).muted_until
        return hours.next_open(self.quiet.hours_of(member), at if muted is None else max(at, muted))

    def today(self, member: str) -> int:
        """How many notifications they had in their day so far."""
        return counted(self.facts.notified(member, self._midnight(member, self.now)))

    def _midnight(self, member: str, at: Instant) -> Instant:
        """When a day of theirs began."""
        local = datetime.fromtimestamp(at, self.quiet.hours_of(member).zone)
        return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp()

    def back(self, member: str, *, own: bool) -> Instant | None:
        """When somebody who can't be asked now can be; None where that won't be by itself."""
        found = self.passed(member, own=own)
        if found is None:
            return self.now
        switch = self.quiet.switch_of(member)
        if switch.budget == 0 or self.kind not in switch.wanted or (switch.only_mine and not own):
            return None
        return self._day_opens(member) if found.why is Unavailable.FULL else found.until

    def _day_opens(self, member: str) -> Instant | None:
        """When they work next on a later day: what they were told today counts no more then."""
        local = datetime.fromtimestamp(self.now, self.quiet.hours_of(member).zone) + timedelta(days=1)
        return self._open_from(member, self._midnight(member, local.timestamp()))

    def rests_until(self, member: str) -> Instant | None:
        """Until when nothing more is said to a member who was told something, or mentioned by a digest, just now; None when they
        weren't."""
        if self.quiet.budget is None and self.quiet.switch_of(member).budget is None:
            return None
        since = self.now - self.apart
        mentioned = self.facts.mentioned(member, since)
        latest = max((*self.facts.notified(member, since), *(() if mentioned is None else (mentioned,))), default=None)
        return None if latest is None or latest <= since else latest + self.apart

    def free(self, members: Iterable[str], *, own: bool) -> tuple[str, ...]:
        """Those of them who can be asked now."""
        return tuple(member for member in members if self.passed(member, own=own) is None)

    def at_work(self, member: str) -> bool:
        """Whether it is their working time."""
        found = self.passed(member, own=True)
        return found is None or found.why not in (Unavailable.AWAY, Unavailable.OFF_HOURS, Unavailable.OUTSIDE)

    def opens(self, member: str) -> Instant | None:
        """When it is their working time next, whatever they want to be told then; now, while it is. None, too, where they are
        outside."""
        if self.is_outside(member):
            return None
        return hours.next_open(self.quiet.hours_of(member), self.now)

    def colleagues(self, wait: Wait, team: Team, *, but: Iterable[str]) -> tuple[str, ...]:
        """Who could be asked of a wait instead of others, best first: who knows the customer, who is on duty, then whom the day
        has left alone so far, leads last among equals. Whom we asked of this wait before comes after all of them, and who has no
        account where the customer waits last: a mention there doesn't reach them. Who is outside isn't asked at all."""
        known = strengths(self.facts.known(), wait.channel, self.now)
        asked, left_out = self.facts.asked(), {*but, *wait.not_me}
        here = frozenset(team.there(wait.channel, team.members))
        duty = {member: place for place, member in enumerate(team.duty)}

        def rank(member: str) -> tuple[object, ...]:
            strength = known.get(member, 0.0)
            familiar = strength if strength >= acquaintance.ACQUAINTED else 0.0
            idle = (self.today(member), member in team.leads) if self.passed(member, own=False) is None else (0, False)
            return (member not in here, member in asked, -familiar, duty.get(member, len(duty)), *idle, member)

        return tuple(sorted((one for one in team.members if one not in left_out and not self.is_outside(one)), key=rank))


def strengths(known: Strengths, channel: str, now: Instant) -> dict[str, float]:
    """How well each member knows a customer now, seen from a channel."""
    sums: dict[str, float] = {}
    for (where, member), (strength, at) in known.items():
        worth = acquaintance.decayed(strength, at, now) * (1.0 if where == channel else acquaintance.ELSEWHERE)
        sums[member] = sums.get(member, 0.0) + worth
    return sums
