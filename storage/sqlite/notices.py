"""Digests and tips among what leaves: announced once each, withdrawn when missed, forgotten when settled."""

from __future__ import annotations

import sqlite3

from bot.domain.durations import Instant
from bot.domain.reasons import ReasonCode
from bot.domain.writes import AddNotice, NoticeSubject

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

DROP_MISSED = f"""
UPDATE outgoing SET state = 'withdrawn', reason = '{ReasonCode.MISSED}'
WHERE state = 'pending' AND kind = 'digest' AND due_at < :now AND EXISTS (
    SELECT 1 FROM outgoing AS later
    WHERE later.state = 'pending' AND later.kind = 'digest' AND later.subject = outgoing.subject
        AND later.due_at > outgoing.due_at AND later.due_at < :now
)
"""


def announce(connection: sqlite3.Connection, notice: AddNotice) -> None:
    """Add a digest or a tip, unless there was one with its key before."""
    connection.execute(ANNOUNCE, (notice.kind, notice.key, notice.person, notice.subject, notice.due_at))


def drop_missed_digests(connection: sqlite3.Connection, now: Instant) -> int:
    """Withdraw the digests whose slot passed before `now`, all but the latest of each subject. Gives how many went."""
    return connection.execute(DROP_MISSED, {"now": now}).rowcount


def prune_notices(connection: sqlite3.Connection, before: Instant) -> int:
    """Forget the notices of before an instant that are settled. Gives how many."""
    return connection.execute(PRUNE_NOTICES, (before,)).rowcount
