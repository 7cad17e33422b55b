"""Snapshots for tests: a real database in memory, real preferences, and a team with names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC

from bot.domain.duty import CalendarSpans, on_duty
from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.people import Team
from bot.domain.preferences import ORDINARY, Choices, OwnSwitch
from bot.domain.rules import ChannelRules
from bot.domain.waits import Wait
from bot.domain.writes import SaveWait, Write
from bot.engine.preferences import Preferences
from bot.ports import Transaction
from bot.queries.snapshot import Lookups, Snapshot
from tests.storage.sqlite.memory import in_memory
from tests.waits.world import LADDER, NINE, Said, ScriptedJudge

HELP, SALES = "local:harbor:help", "local:harbor:sales"
TEAM = Team(members=frozenset({"ana", "ben", "mia"}), leads=("mia",), duty=("ben",))
NAMES = {
    "dana": ("Dana Reyes", "dana"),
    "dan": ("Dan Okoro",),
    "omar": ("Omar",),
    "ana": ("Ana",),
    "ben": ("Ben",),
    "mia": ("Mia",),
}
CHANNELS = {HELP: "help", SALES: "sales"}
OFFICE = Hours(zone=UTC, week=weekly(range(5), [WorkingSpan(opens=540, closes=1020)]))
TEN = NINE + 3600


def lookups(
    *,
    names_of: Callable[[str], tuple[str, ...]] = lambda person: NAMES.get(person, ()),
    choices: Choices | None = None,
    hours: Hours = OFFICE,
    dm: bool = False,
    written: OwnSwitch = ORDINARY,
    begins_by_lead: bool = False,
    observing: bool = False,
) -> Lookups:
    """What is known beside storage: the team above, whose members work office hours."""
    preferences = Preferences(
        hours_of=lambda _: hours, rules_of=lambda _: ChannelRules(steps=LADDER), dm_of=lambda _: dm, switch_of=lambda _: written
    )
    preferences.take(choices or Choices())
    return Lookups(
        preferences=preferences,
        team=lambda: TEAM,
        names_of=names_of,
        channel_name=lambda key: CHANNELS.get(key, key),
        judge=ScriptedJudge(),  # type: ignore[arg-type]
        channels=lambda: CHANNELS,
        budget=3,
        on_duty=lambda at, plan: on_duty(TEAM, preferences.choices.duty_plan if plan is None else plan, CalendarSpans(), at),
        begins_by_lead=begins_by_lead,
        observing=observing,
    )


def transaction(waits: Iterable[Wait] = (), writes: Iterable[Write] = ()) -> Transaction:
    """A database that holds these waits (the first is w1) and what else is written."""
    tx = in_memory(Said.unpack)  # type: ignore[arg-type]
    for wait in waits:
        tx.save([SaveWait(wait=wait)])
    tx.save(writes)
    return tx


def snapshot(tx: Transaction, now: float = TEN, known: Lookups | None = None) -> Snapshot:
    """All of it at an instant."""
    return (known or lookups()).at(tx, now)
