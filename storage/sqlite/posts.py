"""Posts: messages of ours that members can see, and their updates when a wait they tell of ends, is held or comes back.

Updates are put down here, where every change of a wait arrives, and not by the core: whatever changes a wait, by whichever way,
its posts follow; and the core decides without knowing what was posted.
"""

from __future__ import annotations

import json
import sqlite3

from bot.domain.durations import Instant
from bot.domain.outgoing import Address, Post, SentReminder
from bot.domain.waits import HoldKind, Wait
from storage.sqlite.waits import packed_reply

TOUCHED = """
SELECT outgoing.post FROM waits CROSS JOIN outgoing ON outgoing.wait = waits.no
WHERE waits.id = ? AND outgoing.post IS NOT NULL
    AND (waits.state <> ? OR waits.owner IS NOT ?
        OR waits.hold_kind IS NOT ? OR waits.hold_until IS NOT ? OR waits.hold_by IS NOT ? OR waits.maybe IS NOT ?)
"""

UPDATE = """
INSERT INTO outgoing (kind, post, key, due_at) VALUES ('update', ?, '', ?)
ON CONFLICT (post) WHERE kind = 'update' AND state = 'pending' DO UPDATE SET due_at = min(due_at, excluded.due_at)
"""


def touch(connection: sqlite3.Connection, wait: Wait) -> bool:
    """Put down updates of the posts that tell of a stored wait which is about to be saved as `wait`, if that changes what they
    say. True when there are any."""
    hold = wait.hold
    if hold is not None and hold.kind is HoldKind.TYPING:
        return False  # a moment's hold isn't worth a word: by the time it is read, it is over
    held = (hold.kind.value, hold.until, hold.by) if hold else (None, None, None)
    told = (wait.state.value, wait.owner, *held, packed_reply(wait.possible_answer))
    # Not SELECT DISTINCT: most waits have no post, and for those SQLite's own table of what it has seen costs more than the rest.
    touched = dict.fromkeys(post for (post,) in connection.execute(TOUCHED, (wait.id, *told)))
    for post in touched:
        connection.execute(UPDATE, (post, _latest(wait)))
    return bool(touched)


def _latest(wait: Wait) -> Instant:
    """The latest instant the wait itself tells of: its update has been due since then."""
    instants = [wait.last_message_at, *(reply.at for reply in wait.replies)]
    if wait.ended_at is not None:
        instants.append(wait.ended_at)
    if wait.possible_answer is not None:
        instants.append(wait.possible_answer.at)
    if wait.hold is not None:
        instants.append(wait.hold.since)
    return max(instants)


def number(connection: sqlite3.Connection, address: Address, ref: str, at: Instant) -> tuple[int, bool]:
    """The number of a post, which is remembered from now on, and whether it wasn't before."""
    made = connection.execute(
        "INSERT INTO posts (platform, kind, place, ref, at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (platform, kind, place, ref) DO NOTHING",
        (address.platform, address.kind, address.id, ref, at),
    )
    if made.rowcount:
        assert made.lastrowid is not None
        return made.lastrowid, True
    found = find(connection, address, ref)
    assert found is not None
    return found, False


def find(connection: sqlite3.Connection, address: Address, ref: str) -> int | None:
    """The number of a remembered post."""
    row = connection.execute(
        "SELECT no FROM posts WHERE platform = ? AND kind = ? AND place = ? AND ref = ?",
        (address.platform, address.kind, address.id, ref),
    ).fetchone()
    return None if row is None else row[0]


def update(connection: sqlite3.Connection, address: Address, ref: str, due_at: Instant) -> None:
    """Have a remembered post brought up to date, once."""
    post = find(connection, address, ref)
    if post is not None:
        connection.execute(UPDATE, (post, due_at))


def one(connection: sqlite3.Connection, post: int) -> Post | None:
    """A post by its number."""
    row = connection.execute("SELECT platform, kind, place, ref, at FROM posts WHERE no = ?", (post,)).fetchone()
    if row is None:
        return None
    platform, kind, place, ref, at = row
    rows = connection.execute(
        "SELECT waits.id, outgoing.step, outgoing.sent_at, outgoing.sent_to "
        "FROM outgoing CROSS JOIN waits ON waits.no = outgoing.wait WHERE outgoing.post = ? ORDER BY outgoing.id",
        (post,),
    ).fetchall()
    told = connection.execute(
        "SELECT DISTINCT subject FROM outgoing WHERE post = ? AND kind IN ('digest', 'tip') AND subject IS NOT NULL", (post,)
    ).fetchall()
    reminders = tuple(SentReminder(wait=id, step=step, at=sent, to=tuple(json.loads(to)), ref=ref) for id, step, sent, to in rows)
    return Post(
        address=Address(platform, kind, place), ref=ref, at=at, reminders=reminders, notices=tuple(subject for (subject,) in told)
    )


def update_notices(connection: sqlite3.Connection, subject: str, due_at: Instant) -> bool:
    """Have the posts of a notice brought up to date, once each. True when there are any."""
    found = connection.execute(
        "SELECT DISTINCT post FROM outgoing WHERE kind = 'digest' AND subject = ? AND post IS NOT NULL", (subject,)
    ).fetchall()
    for (post,) in found:
        connection.execute(UPDATE, (post, due_at))
    return bool(found)


def prune(connection: sqlite3.Connection) -> int:
    """Forget posts that tell of nothing we still know. Gives how many."""
    gone = connection.execute(
        "DELETE FROM posts WHERE NOT EXISTS (SELECT 1 FROM outgoing WHERE outgoing.post = posts.no AND outgoing.kind <> 'update')"
    ).rowcount
    return gone
