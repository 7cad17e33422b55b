"""Digests and tips among what leaves: announced once each, withdrawn when missed, forgotten when settled."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from bot.domain.durations import Instant
from bot.domain.keys import digest_place, digests_begin
from bot.domain.reasons import ReasonCode
from bot.domain.writes import AddNotice, NoticeSubject
from storage.sqlite.flushed import Flushed

MOST_DIGESTS = 60
"""Digests of a day that are looked through for the last one of a place."""

ANNOUNCE = """
INSERT INTO outgoing (kind, key, person, subject, due_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) WHERE kind IN ('digest', 'tip') DO NOTHING
"""

PRUNE_NOTICES = f"""
DELETE FROM outgoing
WHERE kind IN ('digest', 'tip') AND state IN ('sent', 'moot', 'dead', 'withdrawn') AND due_at < ?
    AND subject IS NOT '{NoticeSubject.PREVIEW}'
"""
"""A preview is announced once for good."""

MISSED = (
    "SELECT id, key, subject FROM outgoing WHERE state = 'pending' AND kind = 'digest' AND due_at < ? ORDER BY due_at DESC, id"
)

SENT_DIGESTS = f"""
SELECT key, CASE WHEN state = 'sent' AND subject = '{NoticeSubject.DAY}' THEN sent_at END FROM outgoing
WHERE kind IN ('digest', 'tip') AND key >= ? AND key < ? ORDER BY key DESC LIMIT {MOST_DIGESTS}
"""
"""By the time in their keys, latest first."""

DROP = f"UPDATE outgoing SET state = 'withdrawn', reason = '{ReasonCode.MISSED}' WHERE id = ?"

FORGET_UNPLANNED = f"""
DELETE FROM outgoing
WHERE state = 'pending' AND kind = 'digest' AND due_at > ? AND subject IN ('{NoticeSubject.DAY}', '{NoticeSubject.WEEK}')
    AND attempt = 0 AND key NOT IN (SELECT wanted.value FROM json_each(?) AS wanted)
"""
"""It was never on its way, and may be planned again."""


def announce(connection: sqlite3.Connection, notice: AddNotice) -> None:
    """Add a digest or a tip, unless there was one with its key before."""
    connection.execute(ANNOUNCE, (notice.kind, notice.key, notice.person, notice.subject, notice.due_at))


def drop_digests(connection: sqlite3.Connection, now: Instant, but: Sequence[str]) -> int:
    """Withdraw the digests whose slot passed before `now`, all but the latest of each subject and platform, and forget those to
    come but these. Gives how many were withdrawn."""
    connection.execute(FORGET_UNPLANNED, (now, json.dumps(but)))
    latest: set[tuple[str, str | None]] = set()
    missed: list[tuple[int]] = []
    for id, key, subject in connection.execute(MISSED, (now,)):
        of = (subject, digest_place(key))
        if of in latest:
            missed.append((id,))
        latest.add(of)
    connection.executemany(DROP, missed)
    return len(missed)


def last_digest(connection: Flushed, key: str) -> Instant | None:
    """When the digest of a day was sent last that told of the same place as the one with this key."""
    place, beginning = digest_place(key), digests_begin()
    known = connection.execute(SENT_DIGESTS, (beginning, key))
    return next((at for other, at in known if at is not None and digest_place(other) == place), None)


def prune_notices(connection: sqlite3.Connection, before: Instant) -> int:
    """Forget the notices of before an instant that are settled. Gives how many."""
    return connection.execute(PRUNE_NOTICES, (before,)).rowcount
