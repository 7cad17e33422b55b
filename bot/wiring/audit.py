"""What apps wrote to customers, read beside the running bot or from an archive: what `realreply audit` runs. Composition only."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path

from bot.domain.durations import Seconds
from bot.domain.hours import Own
from bot.domain.people import Team
from bot.queries.audit import audited, with_present
from bot.runtime.workspaces import Workspaces
from bot.settings.model import Settings
from bot.wiring.build import Timing
from bot.wiring.database import look
from bot.wiring.live import policy
from bot.wiring.waiting import asked
from bot.wording.audit import AuditFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedDatabase:
    """What was found, the team's `zone`, and `unasked`: why a platform couldn't be asked which apps are there."""

    facts: AuditFacts
    zone: tzinfo = UTC
    unasked: str | None = None


async def audit(settings: Settings, db: Path, *, back: Seconds, asks: bool, time: Timing | None = None) -> AuditedDatabase:
    """What was counted in the database at `db`, so far back. `asks`: the platforms are asked which apps are there; whatever comes
    of that, the rest is told. Raises StorageError."""
    time = time or Timing()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(look(db))
        connected, unasked = await asked(settings, (), time, stack, apps=True) if asks else ((), None)
        wanted = policy(settings, [connection.name for connection in connected])
        team = Team(accounts=wanted.accounts)
        workspaces = Workspaces(connected, team=lambda: team)
        now = time.clock.now()
        found = await store.read(lambda tx: audited(tx, now - back, now, workspaces.names))
        facts = with_present(found, workspaces.apps())
        return AuditedDatabase(facts=facts, zone=wanted.hours_of("", Own()).zone, unasked=unasked)
