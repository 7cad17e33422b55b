"""Who came into a community channel and is to be greeted, with what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.domain.arrivals import GREETED_WITHIN, Arrival
from bot.queries.snapshot import Snapshot
from bot.wording.arrivals import ArrivalsFacts, CameIn


def arrivals_facts(snapshot: Snapshot, notice: str) -> ArrivalsFacts | None:
    """Those of whom a notice (by its key) tells; None where it tells of nobody any more."""
    found = snapshot.tx.arrivals_in(notice)
    return _facts(snapshot, found) if found else None


def told_with(snapshot: Snapshot, number: int) -> ArrivalsFacts | None:
    """Those of whom was told together with the arrival of this number; None where nothing is kept of it any more, or the reader
    may not read there."""
    one = snapshot.tx.arrival(number)
    if one is None or not snapshot.shows(one.channel):
        return None
    return _facts(snapshot, (one,) if one.told is None else snapshot.tx.arrivals_in(one.told))


def all_arrivals(snapshot: Snapshot) -> tuple[ArrivalsFacts, ...]:
    """Those who are still to be greeted, by the channel and by the message that tells of them, oldest first. Who is on the team
    by now isn't a stranger any more."""
    groups: dict[tuple[str, str | None], list[Arrival]] = {}
    for one in snapshot.tx.open_arrivals(snapshot.now - GREETED_WITHIN):
        if snapshot.shows(one.channel) and one.person not in snapshot.lookups.team().members:
            groups.setdefault((one.channel, one.told), []).append(one)
    return tuple(_facts(snapshot, group) for group in groups.values())


def own_arrivals(snapshot: Snapshot, member: str) -> tuple[ArrivalsFacts, ...]:
    """Those whom a member is asked to greet."""
    return tuple(facts for facts in all_arrivals(snapshot) if facts.to == member)


def still_to_greet(snapshot: Snapshot, told: Callable[[str], bool]) -> tuple[ArrivalsFacts, ...]:
    """Those whom somebody was asked to greet and nobody has, in channels of which is `told`."""
    return tuple(facts for facts in all_arrivals(snapshot) if facts.to is not None and told(facts.came[0].arrival.channel))


def _facts(snapshot: Snapshot, found: Sequence[Arrival]) -> ArrivalsFacts:
    lookups = snapshot.lookups
    return ArrivalsFacts(
        came=tuple(
            CameIn(
                arrival=one,
                company=lookups.company_of(one.person),
                link=None if one.first_message is None else lookups.link_to(one.channel, one.first_message, one.thread),
            )
            for one in found
        ),
        to=found[0].greeter,
        channel_name=lookups.channel_name(found[0].channel),
    )
