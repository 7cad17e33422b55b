"""The open waits as other tools take them: who waits, since when, with whom. Facts only: nothing of what anybody wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain import hours
from bot.domain.durations import Instant, Seconds
from bot.domain.hours import Hours
from bot.domain.keys import channel_id, platform_of
from bot.domain.rules import ChannelRules
from bot.domain.waits import Wait
from bot.ports import QueryTransaction
from bot.waits import ladder

MOST = 100_000
"""Open waits that are listed, the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody, or a channel, by id; `name` is None where it isn't known."""

    id: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedOpen:
    """An open wait. `rung` counts the rungs of its ladder that left, of `rungs`; `next_reminder` is when the next one falls
    due, to `next_to`. `working` is how much of `waited` was the team's working time. `company` stands beside the customer's
    name; `target` is within what time the wait comes, or came, to its first rung, and `target_at` when that falls due, None
    once it has left."""

    wait: Wait
    handle: str
    platform: str
    channel: Named
    customer: Named
    company: str | None
    owner: Named | None
    held_by: Named | None
    perhaps_by: Named | None
    waited: Seconds
    working: Seconds
    rung: int
    rungs: int
    next_reminder: Instant | None
    next_to: str | None
    target: Seconds | None
    target_at: Instant | None
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known beside storage. `name_of`, `company_of` and `channel_name` give None for what isn't; `hours` are the
    team's."""

    name_of: Callable[[str], str | None]
    company_of: Callable[[str], str | None]
    channel_name: Callable[[str], str | None]
    link_of: Callable[[Wait], str | None]
    rules_of: Callable[[str], ChannelRules]
    hours: Hours


def listing(tx: QueryTransaction, known: Surroundings, now: Instant) -> tuple[ListedOpen, ...]:
    """The open waits, those that aren't on hold first, the longest first."""
    found = [_listed(tx, known, wait.as_of(now), now) for wait in tx.open_waits(MOST)]
    return tuple(sorted(found, key=lambda one: (one.wait.hold is not None, one.wait.opened_at, one.wait.id)))


def _listed(tx: QueryTransaction, known: Surroundings, wait: Wait, now: Instant) -> ListedOpen:
    def named(person: str | None) -> Named | None:
        return None if person is None else Named(id=person, name=known.name_of(person))

    pending, sent = tx.pending(wait.id), tx.sent_reminders(wait.id)
    until = max(now, wait.opened_at)
    rung = max((reminder.step + 1 for reminder in sent if reminder.asking.promised is None), default=0)
    first = ladder.steps_of(wait, known.rules_of(wait.channel))[:1]
    return ListedOpen(
        wait=wait,
        handle=tx.handle(wait.id),
        platform=platform_of(wait.channel),
        channel=Named(id=channel_id(wait.channel), name=known.channel_name(wait.channel)),
        customer=Named(id=wait.customer, name=known.name_of(wait.customer)),
        company=known.company_of(wait.customer),
        owner=named(wait.owner),
        held_by=named(None if wait.hold is None else wait.hold.by),
        perhaps_by=named(None if wait.possible_answer is None else wait.possible_answer.by),
        waited=until - wait.opened_at,
        working=hours.working_between(known.hours, wait.opened_at, until),
        rung=rung,
        rungs=len(known.rules_of(wait.channel).steps),
        next_reminder=None if pending is None else pending.due_at,
        next_to=None if pending is None else pending.to,
        target=first[0].after if first else None,
        target_at=None if pending is None or not first or pending.step or rung or wait.hold is not None else pending.due_at,
        link=known.link_of(wait),
    )
