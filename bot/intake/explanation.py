"""What a replay takes down of one message, or of waits, so that it can be explained."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.domain.durations import DAY, Instant
from bot.domain.events import Event
from bot.domain.people import Team
from bot.domain.trace import SILENT, Trace
from bot.engine.engine import Engine
from bot.engine.preferences import Preferences
from bot.ports import IntakeTransaction, QueryTransaction
from bot.queries.snapshot import Lookups
from bot.waits.availability import QuietRules
from bot.wording.lives import ChangedWait, ExplainedEvent


def lookups_of(engine: Engine, quiet: QuietRules, team: Team, names: dict[str, str]) -> Lookups:
    """What a replay knows beside its storage."""
    preferences = Preferences(hours_of=quiet.hours_of, rules_of=engine.rules_of, switch_of=quiet.switch_of)
    return Lookups(
        preferences=preferences,
        team=lambda: team,
        names_of=engine.names_of,
        channel_name=lambda key: names.get(key, key),
        judge=engine.context.judge,
        budget=quiet.budget,
    )


def nothing_more(_lookups: Lookups, _tx: QueryTransaction) -> None:
    """Look at nothing when the replay is over."""


@dataclass(slots=True)
class Explanation:
    """What to explain, and what was found of it.

    `messages` are the ids of messages of which every event is taken down. Of the waits in `lives` (their ids, each with its
    channel, its beginning, and when it ended, None: it didn't) every event that changed them is. `look` is called with the
    replay's database when it is over.
    """

    messages: frozenset[str] = frozenset()
    lives: tuple[tuple[str, str, Instant, Instant | None], ...] = ()
    look: Callable[[Lookups, QueryTransaction], None] = nothing_more
    entries: list[ExplainedEvent] = field(default_factory=list)

    def until_its_end(self, events: Iterable[Event]) -> Iterator[Event]:
        """The events up to the last that may tell something: all, unless only waits are to be explained that are over."""
        if self.messages or not self.lives:
            yield from events
            return
        end = max(float("inf") if ended is None else ended for _, _, _, ended in self.lives) + DAY
        for event in events:
            if event.at > end:
                return
            yield event

    @contextmanager
    def taking_down(self, tx: IntakeTransaction, event: Event) -> Iterator[Trace]:
        """Give the trace for an event's decision, and keep it if it tells something."""
        watched = [
            wait
            for wait, channel, began, ended in self.lives
            if event.channel == channel and event.at >= began and (ended is None or event.at <= ended + DAY)
        ]
        named = event.key.message in self.messages
        if not watched and not named:
            yield SILENT
            return
        trace = Trace(on=True)
        before = [tx.wait(wait) for wait in watched]
        yield trace
        after = [tx.wait(wait) for wait in watched]
        changed = tuple(
            ChangedWait(before=was, after=now) for was, now in zip(before, after, strict=True) if now is not None and was != now
        )
        if changed or named:
            self.entries.append(ExplainedEvent(event=event, reasons=tuple(trace.reasons), changed=changed))
