"""Whom a digest mentions: gathered when it leaves, and kept with it. All inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.durations import Instant
from bot.domain.notifications import Appeal
from bot.domain.outgoing import SentReminder
from bot.engine.engine import Engine
from bot.outbox.address_queues import Destination
from bot.ports import OutboxTransaction
from bot.waits import appeals, ladder
from bot.waits.availability import AskingFacts, Availability, QuietRules

MOST_LOOKED_AT = 500
"""Open waits that are looked at, the latest."""

MOST_MENTIONED = 8
"""Waits that a digest mentions somebody about, of each sort: a page that is read. The others' turn comes the next day."""


def digest_appeals(
    tx: OutboxTransaction,
    engine: Engine,
    quiet: QuietRules,
    now: Instant,
    place: str | None = None,
    destination: Destination | None = None,
) -> tuple[Appeal, ...]:
    """Whom a digest that leaves now mentions, about which waits: those that have had their last rung, the least mentioned and
    longest ones. The last rung of one about which nobody can be mentioned now comes once more, when somebody begins work.

    The digest of one `place` (a platform, or a server with a team of its own) mentions whom its channel reaches and no other does
    that is nearer to the customer: of what waits elsewhere it tells only for their sake. Who is on several is mentioned on one of
    them, since once a day is enough."""
    facts = AskingFacts(notified=tx.notified, mentioned=tx.appealed_to)
    people = Availability(quiet=quiet, facts=facts, now=now, kind="digests")
    found: list[tuple[int, Instant, Appeal, str | None]] = []

    def told_today(member: str) -> bool:
        local = datetime.fromtimestamp(now, quiet.hours_of(member).zone)
        return tx.appealed_to(member, local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp()) is not None

    for stored in tx.open_waits(MOST_LOOKED_AT):
        wait = stored.as_of(now)
        paused = quiet.paused(wait.channel, now)
        if wait.hold is not None or (paused is not None and paused > now) or tx.reminder_ahead(wait.id):
            continue
        sent = [one for one in tx.sent_reminders(wait.id) if one.asking.promised is None]
        if not sent:
            continue
        earlier, again = tx.appeals(wait.id), _again(sent)
        mentions: dict[str, str | None] = {}
        if destination is not None:
            mentions = {member: _digest_for(member, wait.channel, engine, destination) for member in engine.team.members}
        unreached = frozenset(member for member, where in mentions.items() if where is None)
        one = appeals.appeal(wait, engine.team, people, earlier=earlier, told_today=told_today, again=again, unreached=unreached)
        if one is not None:
            found.append((len(earlier), wait.opened_at, one, mentions.get(one.person)))
            continue
        opens = appeals.opening(wait, engine.team, people, earlier=earlier, again=again, unreached=unreached)
        if opens is not None:
            rules = engine.rules_of(wait.channel)
            engine.apply(tx, wait.channel, tuple(ladder.again(wait, rules, step=sent[-1].step, at=opens)))
    found.sort(key=lambda row: row[:2])
    on: dict[str, str | None] = {}
    for _, _, one, where in found:
        on.setdefault(one.person, where)
    mine = [one for _, _, one, where in found if place is None or on[one.person] == where == place]
    owners = [one for one in mine if not one.decides]
    leads = [one for one in mine if one.decides]
    return (*owners[:MOST_MENTIONED], *leads[:MOST_MENTIONED])


def _digest_for(member: str, channel: str, engine: Engine, destination: Destination) -> str | None:
    """Whose digest may mention a member about something in a channel; none, where they may not even read there."""
    return destination.mentions(member, channel) if engine.team.may_read(member, channel) else None


def _again(sent: Sequence[SentReminder]) -> int:
    """How often the rung that left last had left before; not counting the times when nobody's day had room for it."""
    return max(0, sum(one.step == sent[-1].step and not one.asking.days_full for one in sent) - 1)
