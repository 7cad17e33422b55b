"""Who came back with the same question after an answer: a sum of the team's, by fingerprints of words."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.asked_words import returns_with
from bot.domain.durations import DAY, Seconds
from bot.domain.waits import ANSWERING, Wait
from bot.queries.snapshot import Snapshot
from bot.queries.topics import words_of

SOON: Seconds = 2 * DAY
"""Who asks the same again within this time of an answer wasn't helped by it."""

MOST_LOOKED_AT = 500
"""Waits of customers who came back that are looked at; beyond that the sum is of these."""


def came_back(snapshot: Snapshot, waits: Iterable[Wait]) -> int | None:
    """How many customers came back in these waits with the words of one that a member had answered within two days before. None
    where the settings leave that out."""
    if not snapshot.lookups.care.came_back:
        return None
    returned: set[str] = set()
    looked = 0
    for wait in waits:
        if wait.came_back_from is None or wait.customer in returned:
            continue
        before = snapshot.tx.wait(wait.came_back_from)
        answered = None if before is None else max((one.at for one in before.replies if one.kind in ANSWERING), default=None)
        if before is None or answered is None or not 0 <= wait.opened_at - answered <= SOON:
            continue
        looked += 1
        if looked > MOST_LOOKED_AT:
            break
        if returns_with(words_of(snapshot, wait), words_of(snapshot, before)):
            returned.add(wait.customer)
    return len(returned)
