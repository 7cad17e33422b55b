"""The figures of an installation, read beside the running bot: what `realreply report` runs. Composition only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

from bot.domain.durations import Instant, Seconds
from bot.domain.hours import Hours, Own
from bot.domain.people import Team
from bot.domain.waits import Wait
from bot.ports import QueryTransaction
from bot.queries.report import Basis, Counting, Report
from bot.runtime.workspaces import Workspaces
from bot.settings.model import Settings
from bot.wiring.build import Timing
from bot.wiring.database import look
from bot.wiring.live import policy
from bot.wiring.replay_report import said_hours
from bot.wiring.waiting import asked
from bot.wording.evidence import sentences


async def report(
    settings: Settings, db: Path, *, back: Seconds, names: bool, details: bool, time: Timing | None = None
) -> tuple[Report, str | None]:
    """(the figures of the waits that began within the last `back` seconds or are still open, why people go by
    their ids, if they do). `names`: the platforms are asked what people are called, and where messages are.
    Raises StorageError."""
    time = time or Timing()
    now = time.clock.now()
    since = now - back
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(look(db))
        people = await store.read(lambda tx: {wait.customer for wait in _told(tx, since)})
        connected, unnamed = await asked(settings, people, time, stack) if names and people else ((), None)
        wanted = policy(settings, [connection.name for connection in connected])
        team = Team(accounts=wanted.accounts)
        workspaces = Workspaces(connected, team=lambda: team)

        def name(person: str) -> str:
            member = settings.member(person)
            known = workspaces.names(person)
            return known[0] if known else (person if member is None else member.name)

        counting = Counting(
            _basis(settings, since, now, wanted.hours_of("", Own())),
            name=name,
            channel_name=lambda key: workspaces.channel_name(key).removeprefix("#").rpartition(":")[2],
            sentences=sentences,
            link=workspaces.link,
            details=details,
        )

        def count(tx: QueryTransaction) -> None:
            for wait in _told(tx, since):
                counting.add(wait, tx.sent_reminders(wait.id))

        await store.read(count)
        return counting.report(), unnamed


def _told(tx: QueryTransaction, since: Instant) -> Iterator[Wait]:
    """The waits that a report tells of: who has waited since before its span and still does waits longest of all."""
    yield from (wait for wait in tx.open_waits(sys.maxsize) if wait.opened_at < since)
    yield from tx.opened_since(since)


def _basis(settings: Settings, since: Instant, until: Instant, hours: Hours) -> Basis:
    count = len(settings.members)
    return Basis(
        since=since,
        until=until,
        hours=hours,
        hours_said=said_hours(hours, always_on=False),
        members=f"{count} member{'' if count == 1 else 's'} in the settings, and whom the platforms name",
        duty=tuple(member.name for member in settings.members if member.duty),
        leads=tuple(member.name for member in settings.members if member.lead),
        messages=None,
        rehearsed=False,
        changes=False,
    )
