"""What customers keep asking: near-same questions of several of them within a month, found by fingerprints of words, as links."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from bot.domain.asked_words import AskedWords, asked_alike
from bot.domain.durations import DAY, Seconds
from bot.domain.waits import Wait, WaitState
from bot.queries.snapshot import Snapshot
from bot.wording.topics import AskedAgain, AskedWhere

MONTH: Seconds = 30 * DAY
"""How far back questions are compared, as far as what was read in them is still kept."""

MOST_COMPARED = 600
"""Questions that are compared, the latest."""

MOST = 8
"""Matters that are listed."""

_NO_QUESTION = (WaitState.DISMISSED, WaitState.WITHDRAWN)


def words_of(snapshot: Snapshot, wait: Wait) -> frozenset[int]:
    """The words of what a customer asked, as fingerprints; nothing where that is forgotten."""
    return frozenset(word for seen in snapshot.tx.written_in(wait) for word in seen.reading.fingerprints)


def asked_again(snapshot: Snapshot, told: Callable[[str], bool] = lambda _: True, most: int = MOST) -> tuple[AskedAgain, ...]:
    """What several customers asked within the last month, what most of them asked first; in channels of which is `told`. Nothing
    where the settings leave that out."""
    if not snapshot.lookups.care.topics:
        return ()
    since = snapshot.now - MONTH
    questions = (wait for wait in snapshot.opened_since(since) if wait.state not in _NO_QUESTION and told(wait.channel))
    waits = {wait.id: wait for wait in deque(questions, maxlen=MOST_COMPARED)}
    asked = [
        AskedWords(wait=wait.id, customer=wait.customer, at=wait.opened_at, words=words_of(snapshot, wait))
        for wait in waits.values()
    ]
    return tuple(_listed(snapshot, [waits[one.wait] for one in group]) for group in asked_alike(asked)[:most])


def _listed(snapshot: Snapshot, waits: list[Wait]) -> AskedAgain:
    lookups = snapshot.lookups
    waiting = [wait for wait in waits if wait.open]
    return AskedAgain(
        customers=len({wait.customer for wait in waits}),
        asked=tuple(
            AskedWhere(
                customer=wait.customer,
                channel_name=lookups.channel_name(wait.channel),
                at=wait.opened_at,
                link=lookups.link_of(wait),
            )
            for wait in reversed(waits)
        ),
        texts=tuple(kept.text for kept in snapshot.tx.texts(waiting[-1].id)) if waiting else (),
    )
