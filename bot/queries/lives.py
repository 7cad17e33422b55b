"""The whole life of a wait, as a replay of its archive took it down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from bot.domain.waits import Wait
from bot.queries.snapshot import Snapshot
from bot.queries.waits import why_facts
from bot.wording.lives import LifeFacts


def life_facts(snapshot: Snapshot, wait: Wait, zone: tzinfo, *, asked_for: str | None) -> LifeFacts:
    """What is told of a wait, but for the events that changed it. `asked_for`: the message that was named."""
    team = snapshot.lookups.team()
    return LifeFacts(
        why=why_facts(snapshot, snapshot.listed(wait), zone),
        duty=team.duty,
        leads=team.leads,
        archive_ends=snapshot.now,
        asked_for=asked_for,
    )


def waits_named(snapshot: Snapshot, names: Sequence[str]) -> tuple[Wait, ...]:
    """The waits of customers who are called so or have such an id, in order; case doesn't count, nor a leading @."""
    wanted = {name.removeprefix("@").casefold() for name in names}
    known: dict[str, bool] = {}
    found: list[Wait] = []
    for wait in snapshot.tx.all_waits():
        fits = known.get(wait.customer)
        if fits is None:
            called = (wait.customer, *snapshot.lookups.names_of(wait.customer))
            fits = known[wait.customer] = any(name.casefold() in wanted for name in called)
        if fits:
            found.append(wait)
    return tuple(found)


def customers_who_waited(snapshot: Snapshot) -> tuple[str, ...]:
    """What those are called who waited, each once."""
    return tuple(dict.fromkeys(snapshot.name(wait.customer) for wait in snapshot.tx.all_waits()))
