"""Posts that are to be removed from where they are read: put down at once, leased while that is tried, until it is done."""

from __future__ import annotations

import sqlite3

from bot.domain.durations import Instant, Seconds
from bot.domain.outgoing import Address, DueRemoval
from storage.sqlite.flushed import Flushed

PLACES = "SELECT DISTINCT platform, kind, place FROM posts WHERE removed_at IS NULL"

ANY_AT = "SELECT 1 FROM posts WHERE platform = ? AND kind = ? AND place = ? AND removed_at IS NULL LIMIT 1"

PUT_DOWN = "UPDATE posts SET remove_at = ? WHERE platform = ? AND kind = ? AND place = ? AND removed_at IS NULL"

CLAIM = """
UPDATE posts SET remove_at = :until
WHERE no IN (SELECT no FROM posts WHERE remove_at <= :now ORDER BY at DESC, no DESC LIMIT :count)
RETURNING no, platform, kind, place, ref, at
"""
"""The latest first: those are read."""

PUT_OFF = "UPDATE posts SET remove_at = ? WHERE remove_at <= ?"

AGAIN = "UPDATE posts SET remove_at = ? WHERE no = ? AND removed_at IS NULL"

DONE = "UPDATE posts SET remove_at = NULL, removed_at = ? WHERE no = ?"

UNREMINDED = """
SELECT waits.id, (
    SELECT gone.step FROM outgoing AS gone JOIN posts ON posts.no = gone.post
    WHERE gone.wait = waits.no AND (posts.remove_at IS NOT NULL OR posts.removed_at IS NOT NULL)
    ORDER BY gone.id DESC LIMIT 1
)
FROM outgoing AS told CROSS JOIN waits ON waits.no = told.wait
WHERE told.post = ? AND waits.state = 'waiting' AND NOT EXISTS (
    SELECT 1 FROM outgoing AS other LEFT JOIN posts ON posts.no = other.post
    WHERE other.wait = waits.no AND (
        other.state = 'sending' OR (posts.no <> told.post AND posts.remove_at IS NULL AND posts.removed_at IS NULL)
    )
)
GROUP BY waits.no
"""
"""Nothing is on its way about these, and no other post tells of them. With each the latest rung of which the post was removed."""


def places(connection: sqlite3.Connection) -> tuple[Address, ...]:
    """Everywhere where posts of ours are read."""
    return tuple(Address(*row) for row in connection.execute(PLACES).fetchall())


def any_at(connection: sqlite3.Connection, address: Address) -> bool:
    """Whether a post of ours is read there."""
    return connection.execute(ANY_AT, (address.platform, address.kind, address.id)).fetchone() is not None


def put_down(connection: sqlite3.Connection, address: Address, at: Instant) -> int:
    """Have all posts at an address removed. Gives how many."""
    return connection.execute(PUT_DOWN, (at, address.platform, address.kind, address.id)).rowcount


def claim(connection: sqlite3.Connection, now: Instant, limit: int, lease: Seconds, rest: Seconds) -> tuple[DueRemoval, ...]:
    """Lease up to `limit` posts that are to be removed for `lease` seconds, the latest first; the others' turn is in `rest`."""
    rows = connection.execute(CLAIM, {"now": now, "until": now + lease, "count": limit}).fetchall()
    if len(rows) == limit:
        connection.execute(PUT_OFF, (now + rest, now))
    # SQLite promises no order for RETURNING: https://sqlite.org/lang_returning.html
    rows.sort(key=lambda row: (row[5], row[0]), reverse=True)
    return tuple(DueRemoval(post=no, address=Address(*where), ref=ref) for no, *where, ref, _ in rows)


def again(connection: sqlite3.Connection, post: int, at: Instant | None) -> None:
    """Try it again then; None: not before it is put down again."""
    connection.execute(AGAIN, (at, post))


def done(connection: Flushed, post: int, at: Instant) -> tuple[tuple[str, int], ...]:
    """It is removed. Gives the open waits nobody is reminded of now, and the latest rung that was removed."""
    unreminded = tuple(connection.execute(UNREMINDED, (post,)).fetchall())
    connection.execute(DONE, (at, post))
    return unreminded
