"""Who is waiting, read beside the running bot: what `realreply waiting` runs. Composition only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.domain.durations import Instant, Seconds
from bot.domain.hours import Hours, Own
from bot.domain.people import Team
from bot.engine.preferences import Preferences
from bot.errors import DeliveryError, UsageError
from bot.ports import Connection, QueryTransaction
from bot.queries.listing import MOST, ListedOpen, Surroundings, listing
from bot.runtime.workspaces import Workspaces
from bot.settings.model import Settings
from bot.wiring.build import Timing, company
from bot.wiring.database import look
from bot.wiring.live import connections, policy

PATIENCE: Seconds = 20.0
"""How long a platform is asked for names, in real seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The open waits at `now`, the team's `hours`, and `unnamed`: why people and channels go by their ids, if they do."""

    found: tuple[ListedOpen, ...]
    now: Instant
    hours: Hours
    unnamed: str | None = None


async def waiting(settings: Settings, db: Path, *, names: bool, time: Timing | None = None) -> Listing:
    """Who is waiting by the database at `db`. `names`: the platforms are asked what people and channels are called, and where
    messages are; whatever comes of that, the list does. Raises StorageError."""
    time = time or Timing()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(look(db))
        people = await store.read(lambda tx: {wait.customer for wait in tx.open_waits(MOST)})
        connected, unnamed = await asked(settings, people, time, stack) if names and people else ((), None)
        wanted = policy(settings, [connection.name for connection in connected])
        team = Team(accounts=wanted.accounts)
        workspaces = Workspaces(connected, team=lambda: team)
        preferences = Preferences(
            hours_of=lambda person: wanted.hours_of(person, Own()),
            rules_of=lambda channel: wanted.rules_of(workspaces.channel_name(channel)),
        )
        known = Surroundings(
            name_of=_names(settings, workspaces),
            company_of=lambda person: company(wanted, workspaces, person),
            channel_name=_channel_names(workspaces),
            link_of=workspaces.link,
            rules_of=preferences.rules_of,
            hours=preferences.hours_of(""),
        )
        now = time.clock.now()

        def read(tx: QueryTransaction) -> tuple[ListedOpen, ...]:
            preferences.take(tx.choices())
            return listing(tx, known, now)

        return Listing(found=await store.read(read), now=now, hours=known.hours, unnamed=unnamed)


async def asked(
    settings: Settings, people: Collection[str], time: Timing, stack: AsyncExitStack, *, apps: bool = False
) -> tuple[Sequence[Connection], str | None]:
    """The platforms that told who and what is there, and why not the others. `apps`: also which apps are there."""
    try:
        wanted = connections(settings, time=time)
    except UsageError as error:  # no platform, or a token that isn't there: this is a list, not a start
        return (), str(error)
    told: list[Connection] = []
    why: str | None = None
    for connection in wanted:
        stack.push_async_callback(connection.close)
        try:
            async with asyncio.timeout(PATIENCE):
                await connection.workspace.refresh()
                told.append(connection)
                await connection.workspace.ask_names(people)
                if apps:
                    await connection.workspace.ask_apps()
        except (DeliveryError, TimeoutError) as error:
            why = str(error) or f"no answer within {PATIENCE:.0f} seconds"
    return told, why


def _names(settings: Settings, workspaces: Workspaces) -> Callable[[str], str | None]:
    def name_of(person: str) -> str | None:
        member = settings.member(person)
        known = workspaces.names(person)
        return known[0] if known and known[0] != person else (None if member is None else member.name)

    return name_of


def _channel_names(workspaces: Workspaces) -> Callable[[str], str | None]:
    def channel_name(channel: str) -> str | None:
        known = workspaces.channel_name(channel).removeprefix("#")
        return None if known in (channel, channel.rpartition(":")[2]) else known

    return channel_name
