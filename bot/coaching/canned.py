"""Canned: nearly the same words to the third customer within a month.

It is said to somebody where it answers them, or names them by the platform's own mention (a welcome). Only what somebody wrote
themselves counts, and each message for one customer: what answers several who wait at once is one answer. That something works
again is said to everybody who waited for it in the same words, and isn't counted.
"""

from __future__ import annotations

from bot.coaching.noticed import Noticed, place_of
from bot.domain.durations import DAY, Seconds
from bot.domain.keys import message_key
from bot.domain.messages import MessageRecord
from bot.domain.reading import MENTIONED, Cue
from bot.domain.tips import Tip, TipKind, TipMessage

WITHIN: Seconds = 30 * DAY

CUSTOMERS = 3
"""To the second one it may be chance."""

MOST_NAMED = 5
"""Messages that a tip leads to, the latest."""


def canned(noticed: Noticed) -> Tip | None:
    """The tip that a reply gives rise to, if it is the third of its kind."""
    seen, members = noticed.seen, noticed.state.team.members
    customers = {wait.customer for wait in noticed.waits} or set(_named(seen, members))
    replies = [reply for wait in noticed.waits for reply in wait.replies if reply.message == seen.id]
    alike = any(reply.canned for reply in replies) if replies else bool(customers)
    if not alike or seen.reading.has(Cue.NEWS):
        return None
    known = noticed.known
    copies = [one for one in noticed.copies(seen.at - WITHIN) if one.message.at > known.last_about()]
    whose = known.customers_of([wait for one in copies for wait in one.message.answers])
    told: dict[str, TipMessage] = {}
    for one in copies:
        to = [whose[wait] for wait in one.message.answers if wait in whose] or _named(one.message, members)
        first = next((customer for customer in to if customer not in told), None)
        if first is not None:
            told[first] = place_of(one)
    if customers <= told.keys() or len(told) + 1 < CUSTOMERS:
        return None
    return Tip(
        kind=TipKind.CANNED,
        member=seen.author,
        at=seen.at,
        trigger=message_key(noticed.state.key, seen.id),
        count=len(told) + 1,
        messages=(*sorted(told.values(), key=lambda one: one.at), noticed.place)[-MOST_NAMED:],
    )


def _named(seen: MessageRecord, members: frozenset[str]) -> list[str]:
    """The customers that a message names by the platform's own mention."""
    return [person for person, strength in seen.reading.addressed if strength >= MENTIONED and person not in members]
