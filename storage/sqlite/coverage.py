"""How much of each channel's past is stored, the gaps there were, and the events that couldn't be stored."""

from __future__ import annotations

import sqlite3

from bot.domain.durations import Instant
from bot.domain.gaps import Coverage, FailedEvent, Gap, GapReason
from storage.sqlite.flushed import Flushed

COLUMNS = "coverage.first_read_at, coverage.first_read_to, coverage.missing_since, coverage.threads_since"
"""In the order `_coverage` takes them."""

ONE = f"SELECT {COLUMNS} FROM coverage WHERE channel = ?"

OF_PLATFORM = f"""
SELECT channels.key, {COLUMNS} FROM coverage JOIN channels ON channels.no = coverage.channel
WHERE substr(channels.key, 1, length(:begins)) = :begins ORDER BY channels.key
"""

PUT = """
INSERT INTO coverage (channel, first_read_at, first_read_to, missing_since, threads_since) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (channel) DO UPDATE SET
    first_read_at = excluded.first_read_at, first_read_to = excluded.first_read_to,
    missing_since = excluded.missing_since, threads_since = excluded.threads_since
"""

BEHIND = """
SELECT channels.key, coverage.missing_since FROM coverage JOIN channels ON channels.no = coverage.channel
WHERE coverage.missing_since IS NOT NULL ORDER BY coverage.missing_since, channels.key
"""

SAME_GAP = """
UPDATE gaps SET since = min(since, :since)
WHERE platform = :platform AND channel IS :channel AND reason = :reason AND closed_at IS NULL
"""

NOTE_GAP = (
    "INSERT INTO gaps (platform, channel, reason, since, noted_at) VALUES (:platform, :channel, :reason, :since, :noted_at)"
)

CLOSE_GAPS = """
UPDATE gaps SET closed_at = ? WHERE platform = ? AND closed_at IS NULL
RETURNING platform, (SELECT key FROM channels WHERE channels.no = gaps.channel), reason, since, noted_at, closed_at
"""

GAPS = """
SELECT platform, (SELECT key FROM channels WHERE channels.no = gaps.channel), reason, since, noted_at, closed_at
FROM gaps ORDER BY closed_at IS NOT NULL, noted_at DESC, id DESC LIMIT ?
"""

PRUNE_GAPS = "DELETE FROM gaps WHERE closed_at < ? OR (closed_at IS NOT NULL AND id <= (SELECT max(id) FROM gaps) - ?)"

MOST_GAPS = 500
"""Closed gaps that are kept, the latest; they tell how it has been lately."""

LATEST = """
SELECT max(latest) FROM (
    SELECT (SELECT max(messages.at) FROM messages WHERE messages.channel = channels.no) AS latest
    FROM channels WHERE substr(channels.key, 1, length(:begins)) = :begins
)
"""

NOTE_FAILED = """
INSERT INTO failed_events (channel, message, kind, edit, at, error, noted_at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET error = excluded.error, noted_at = excluded.noted_at
"""

FAILED = """
SELECT channels.key, message, kind, edit, failed_events.at, error, noted_at
FROM failed_events JOIN channels ON channels.no = failed_events.channel
"""

FAILED_LATELY = f"{FAILED} ORDER BY noted_at DESC, message LIMIT ?"

FAILED_OF_PLATFORM = f"{FAILED} WHERE substr(channels.key, 1, length(:begins)) = :begins ORDER BY failed_events.at"

DROP_STORED = """
DELETE FROM failed_events
WHERE channel = ? AND EXISTS (
    SELECT 1 FROM event_keys
    WHERE event_keys.day = CAST(failed_events.at / 86400 AS INTEGER)
        AND event_keys.channel = failed_events.channel AND event_keys.message = failed_events.message
        AND event_keys.kind = failed_events.kind AND event_keys.edit = failed_events.edit
)
"""
"""Nothing of an event that failed is stored, nor its key: one whose key is there was stored since."""

PRUNE_FAILED = "DELETE FROM failed_events WHERE noted_at < ?"


def one(connection: sqlite3.Connection, channel: int) -> Coverage:
    """A channel's coverage; that of a channel nothing is known of is empty."""
    row = connection.execute(ONE, (channel,)).fetchone()
    return Coverage() if row is None else _coverage(*row)


def of_platform(connection: sqlite3.Connection, platform: str) -> dict[str, Coverage]:
    """The coverage of a platform's channels, by their keys."""
    rows = connection.execute(OF_PLATFORM, {"begins": f"{platform}:"}).fetchall()
    return {key: _coverage(*row) for key, *row in rows}


def put(connection: sqlite3.Connection, channel: int, coverage: Coverage) -> None:
    """Store a channel's coverage in place of what it was."""
    values = (coverage.first_read_at, coverage.first_read_to, coverage.missing_since, coverage.threads_since)
    connection.execute(PUT, (channel, *values))


def behind(connection: sqlite3.Connection) -> dict[str, Instant]:
    """Since when something may be missing, by the keys of the channels of which it may; earliest first."""
    return dict(connection.execute(BEHIND).fetchall())


def latest(connection: Flushed, platform: str) -> Instant | None:
    """When the latest message that is stored of a platform was posted, by the platform's own clock."""
    instant: Instant | None = connection.execute(LATEST, {"begins": f"{platform}:"}).fetchone()[0]
    return instant


def note_gap(connection: sqlite3.Connection, gap: Gap, channel: int | None) -> None:
    """Note a gap for people. One for the same reason that is still open is made longer instead."""
    values = {
        "platform": gap.platform,
        "channel": channel,
        "reason": gap.reason.value,
        "since": gap.since,
        "noted_at": gap.noted_at,
    }
    if not connection.execute(SAME_GAP, values).rowcount:
        connection.execute(NOTE_GAP, values)


def close_gaps(connection: sqlite3.Connection, platform: str, at: Instant) -> tuple[Gap, ...]:
    """All open gaps of a platform are closed. Gives them."""
    return tuple(_gap(*row) for row in connection.execute(CLOSE_GAPS, (at, platform)).fetchall())


def gaps(connection: sqlite3.Connection, limit: int) -> tuple[Gap, ...]:
    """The gaps that are known, open ones first, then the latest."""
    return tuple(_gap(*row) for row in connection.execute(GAPS, (limit,)).fetchall())


def note_failed(connection: sqlite3.Connection, failed: FailedEvent, channel: int) -> None:
    """Note an event that couldn't be stored."""
    values = (channel, failed.message, failed.kind, failed.edit, failed.at, failed.error, failed.noted_at)
    connection.execute(NOTE_FAILED, values)


def failed_lately(connection: Flushed, limit: int) -> tuple[FailedEvent, ...]:
    """The events that couldn't be stored, latest first."""
    return tuple(_failed(*row) for row in connection.execute(FAILED_LATELY, (limit,)).fetchall())


def failed_on(connection: sqlite3.Connection, platform: str) -> tuple[FailedEvent, ...]:
    """The events of a platform that couldn't be stored, in the order in which they happened."""
    rows = connection.execute(FAILED_OF_PLATFORM, {"begins": f"{platform}:"}).fetchall()
    return tuple(_failed(*row) for row in rows)


def drop_stored(connection: sqlite3.Connection, channel: int) -> None:
    """Forget the failed events of a channel that were stored after all."""
    connection.execute(DROP_STORED, (channel,))


def prune(connection: Flushed, before: Instant) -> int:
    """Forget closed gaps and failed events from before an instant. Gives how many."""
    gone = connection.execute(PRUNE_GAPS, (before, MOST_GAPS)).rowcount
    return gone + connection.execute(PRUNE_FAILED, (before,)).rowcount


def _coverage(
    first_read_at: Instant | None, first_read_to: Instant | None, missing_since: Instant | None, threads_since: Instant | None
) -> Coverage:
    return Coverage(
        first_read_at=first_read_at, first_read_to=first_read_to, missing_since=missing_since, threads_since=threads_since
    )


def _gap(platform: str, channel: str | None, reason: str, since: Instant, noted_at: Instant, closed_at: Instant | None) -> Gap:
    return Gap(platform=platform, channel=channel, reason=GapReason(reason), since=since, noted_at=noted_at, closed_at=closed_at)


def _failed(channel: str, message: str, kind: str, edit: str, at: Instant, error: str, noted_at: Instant) -> FailedEvent:
    return FailedEvent(channel=channel, message=message, kind=kind, edit=edit, at=at, error=error, noted_at=noted_at)
