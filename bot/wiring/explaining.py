"""What `realreply explain` runs: an archive through the engine to find what is meant, and once more to see all of its life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import tzinfo
from difflib import get_close_matches

from bot.domain.durations import Instant
from bot.domain.hours import Hours, working_between
from bot.domain.keys import channel_id
from bot.domain.waits import Wait
from bot.errors import UsageError
from bot.intake.explanation import Explanation
from bot.intake.replay import Progress
from bot.ports import Problem, QueryTransaction
from bot.queries.lives import customers_who_waited, life_facts, waits_named
from bot.queries.snapshot import Lookups
from bot.report.inquiry import TAKES, Inquiry
from bot.wiring.replay import Replayed, ReplayOptions, replay
from bot.wording.lives import ExplainedEvent, LifeFacts

MOST_SHOWN = 3
"""Waits of one message that are told of in full; of more, one is to be chosen."""

MOST_NAMED = 10
"""Channels that are named where nothing was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What there is to tell: the `lives` of waits; or `choice`, waits of which one is to be chosen; or only the `entries` of a
    message that belongs to none. `waits` are those that were found."""

    waits: tuple[Wait, ...]
    zone: tzinfo
    replayed: Replayed
    lives: tuple[LifeFacts, ...] = ()
    entries: tuple[ExplainedEvent, ...] = ()
    choice: bool = False


@dataclass(slots=True)
class _Found:
    """What a first replay found."""

    wanted: Inquiry
    waits: tuple[Wait, ...] = ()
    lives: tuple[LifeFacts, ...] = ()
    near: tuple[str, ...] = ()
    is_member: bool = False
    hours: Hours | None = None

    def look(self, lookups: Lookups, tx: QueryTransaction) -> None:
        """Find the waits that are meant."""
        wanted, end = self.wanted, tx.latest()
        self.hours = lookups.preferences.hours_of("")
        snapshot = lookups.at(tx, end)
        if wanted.wait is not None:
            wait = tx.wait(wanted.wait)
            self.waits = () if wait is None else (wait,)
        elif wanted.message is not None:
            keys = (key for key in tx.channels() if wanted.channel in (None, channel_id(key)))
            self.waits = tuple(wait for key in keys for wait in tx.waits_of(key, wanted.message))
        else:
            self.waits = waits_named(snapshot, (wanted.said,))
            if not self.waits:
                self._miss(lookups, customers_who_waited(snapshot))
        if len(self.waits) <= MOST_SHOWN:
            self.lives = tuple(life_facts(snapshot, wait, self.hours.zone, asked_for=wanted.message) for wait in self.waits)

    def _miss(self, lookups: Lookups, customers: tuple[str, ...]) -> None:
        said = self.wanted.said.removeprefix("@").casefold()
        members = lookups.team().members
        self.is_member = any(said == name.casefold() for member in members for name in (member, *lookups.names_of(member)))
        by_name = {name.casefold(): name for name in customers}
        self.near = tuple(by_name[name] for name in get_close_matches(said, by_name, n=3))


async def explain(
    wanted: Inquiry,
    options: ReplayOptions,
    *,
    problem: Callable[[Problem], None],
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Explained:
    """Explain what is wanted of an archive. Raises UsageError when nothing in it fits."""
    found = _Found(wanted=wanted)
    messages = frozenset(() if wanted.message is None else (wanted.message,))
    first = Explanation(messages=messages, look=found.look)
    replayed = await replay(options, problem=problem, on_progress=on_progress, explain=first)
    entries = tuple(entry for entry in first.entries if wanted.channel in (None, channel_id(entry.event.channel)))
    hours = found.hours
    assert hours is not None, "it was looked for"
    if not found.waits and not entries:
        raise UsageError(_missing(found, replayed.channels))
    several = len(found.waits) > (1 if wanted.name is not None else MOST_SHOWN)
    if several or not found.waits:
        return Explained(waits=found.waits, zone=hours.zone, replayed=replayed, entries=entries, choice=several)
    second = Explanation(lives=tuple((wait.id, wait.channel, wait.opened_at, wait.ended_at) for wait in found.waits))
    # What couldn't be read was told the first time.
    await replay(replace(options, waits=None, db=None), problem=lambda _: None, on_progress=on_progress, explain=second)
    ends = replayed.progress.last_at or 0.0
    lives = tuple(_whole(life, ends, hours, tuple(second.entries)) for life in found.lives)
    return Explained(waits=found.waits, zone=hours.zone, replayed=replayed, lives=lives, entries=entries or tuple(second.entries))


def _whole(life: LifeFacts, ends: Instant, hours: Hours, entries: tuple[ExplainedEvent, ...]) -> LifeFacts:
    """A life with what happened in it; who still waits has waited until the archive ends."""
    wait = life.why.wait
    end = ends if wait.ended_at is None else wait.ended_at
    working = working_between(hours, wait.opened_at, max(end, wait.opened_at))
    return replace(life, why=replace(life.why, working_seconds=working), archive_ends=ends, entries=entries)


def _missing(found: _Found, channels: tuple[str, ...]) -> str:
    """That nothing fits, with what was looked for, where, and what would be found."""
    read = ", ".join(f"#{name}" for name in channels[:MOST_NAMED]) + (", ..." if len(channels) > MOST_NAMED else "")
    says = f"Looked for {found.wanted.looked_for}, and there is none in what was read ({read})."
    if found.is_member:
        return f"{found.wanted.said} is on the team, and only customers wait: name a customer, or a message. {TAKES}"
    if found.wanted.name is not None:
        near = f" Did you mean {' or '.join(map(repr, found.near))}?" if found.near else ""
        return f"{says} Who never had to wait isn't found by name, only a message of theirs.{near} {TAKES}"
    return f"{says} {TAKES}"
