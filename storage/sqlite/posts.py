"""Posts: messages of ours that members can see, and their updates when a wait they tell of ends, is held or comes back.

Updates are put down here, where every change of a wait arrives: whatever changes a wait, by whichever way, its posts follow, and
whoever decides needn't know what was posted. What counts as a change is domain.posted_wait's.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from bot.domain.durations import Instant
from bot.domain.outgoing import Address, LivePost, Post, SentReminder
from bot.domain.posted_wait import list_update_due, update_due
from bot.domain.reasons import ReasonCode
from bot.domain.waits import Wait
from bot.domain.writes import NoticeSubject
from storage.sqlite import handover_lists, notifications, waits
from storage.sqlite.flushed import Flushed

SUBJECTS = {subject.value: subject for subject in NoticeSubject}
"""By what is stored of it. Another text, which no version of ours writes, isn't worth an outbox that stands still."""

UPDATE = """
INSERT INTO outgoing (kind, post, key, due_at) VALUES ('update', ?, '', ?)
ON CONFLICT (post) WHERE kind = 'update' AND state = 'pending' DO UPDATE SET due_at = min(due_at, excluded.due_at)
"""

REMEMBER = """
INSERT INTO posts (platform, kind, place, ref, at, under) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (platform, kind, place, ref) DO NOTHING
"""

FIND = "SELECT no FROM posts WHERE platform = ? AND kind = ? AND place = ? AND ref = ?"

ONE = "SELECT platform, kind, place, ref, at, coalesce(remove_at, removed_at) IS NOT NULL, under FROM posts WHERE no = ?"

REMINDERS_IN = """
SELECT waits.id, outgoing.step, outgoing.sent_at, outgoing.sent_to, outgoing.asking, outgoing.told,
    outgoing.post = :post AND outgoing.stands IS NOT NULL AND outgoing.stands <> :post
FROM outgoing CROSS JOIN waits ON waits.no = outgoing.wait
WHERE outgoing.id IN (SELECT id FROM outgoing WHERE post = :post UNION SELECT id FROM outgoing WHERE stands = :post)
    AND outgoing.state = 'sent'
ORDER BY outgoing.id
"""
"""Those that left in it, and those that left in a line while their wait stood in it."""

LIVE = """
SELECT posts.no, posts.ref FROM waits
CROSS JOIN outgoing ON outgoing.wait = waits.no CROSS JOIN posts ON posts.no = coalesce(outgoing.stands, outgoing.post)
WHERE waits.id = ? AND outgoing.state = 'sent' AND posts.platform = ? AND posts.kind = ? AND posts.place = ?
    AND posts.remove_at IS NULL AND posts.removed_at IS NULL
ORDER BY outgoing.id DESC LIMIT 1
"""

IN_FULL = """
SELECT DISTINCT coalesce(outgoing.stands, outgoing.post) FROM waits CROSS JOIN outgoing ON outgoing.wait = waits.no
WHERE waits.id = ? AND outgoing.post IS NOT NULL
"""

GIVEN_UP = """
SELECT outgoing.id, posts.no, posts.platform, posts.kind, posts.place
FROM outgoing INDEXED BY outgoing_dead CROSS JOIN posts ON posts.no = outgoing.post
WHERE outgoing.state = 'dead' AND outgoing.due_at > 0 AND outgoing.kind = 'update'
    AND posts.remove_at IS NULL AND posts.removed_at IS NULL
"""

REPLACED = (
    f"UPDATE outgoing SET state = 'withdrawn', reason = '{ReasonCode.REPLACED}', detail = NULL WHERE id = ? AND state = 'dead'"
)

GONE = "UPDATE posts SET removed_at = ?, remove_at = NULL WHERE no = ? AND removed_at IS NULL"

NOTICES_IN = """
SELECT DISTINCT subject FROM outgoing
WHERE post = ? AND kind IN ('digest', 'tip') AND subject IS NOT NULL
"""

OF_NOTICE = "SELECT DISTINCT post FROM outgoing WHERE kind = 'digest' AND subject = ? AND post IS NOT NULL"

ARRIVALS_IN = "SELECT key FROM outgoing WHERE post = ? AND kind = 'tip' AND subject = ? ORDER BY id DESC LIMIT 1"
"""By which notice it tells who came into a channel."""

PRUNE = """
DELETE FROM posts
WHERE NOT EXISTS (SELECT 1 FROM outgoing WHERE outgoing.post = posts.no AND outgoing.kind <> 'update')
    AND remove_at IS NULL AND at < ? AND NOT EXISTS (SELECT 1 FROM posts AS below WHERE below.under = posts.no)
"""


def follow(connection: sqlite3.Connection, wait: Wait) -> bool:
    """Put down updates of the posts that tell of a stored wait which is about to be saved as `wait`, if that changes what they
    say. True when there are any."""
    before, told = waits.told_by_posts(connection, wait.id)
    if before is None:
        return False
    any_due = False
    for post, how in told.items():
        due = list_update_due(before, wait) if how == "list" else update_due(before, wait, line=how == "line")
        if due is not None:
            connection.execute(UPDATE, (post, due))
            any_due = True
    return any_due


def number(
    connection: sqlite3.Connection, address: Address, ref: str, at: Instant, *, under: int | None = None
) -> tuple[int, bool]:
    """The number of a post, which is remembered from now on, and whether it wasn't before. `under`: the post it is a line
    below."""
    made = connection.execute(REMEMBER, (address.platform, address.kind, address.id, ref, at, under))
    if made.rowcount:
        assert made.lastrowid is not None
        return made.lastrowid, True
    found = find(connection, address, ref)
    assert found is not None
    return found, False


def find(connection: sqlite3.Connection | Flushed, address: Address, ref: str) -> int | None:
    """The number of a remembered post."""
    row = connection.execute(FIND, (address.platform, address.kind, address.id, ref)).fetchone()
    return None if row is None else row[0]


def update(connection: sqlite3.Connection, address: Address, ref: str, due_at: Instant) -> None:
    """Have a remembered post brought up to date, once."""
    post = find(connection, address, ref)
    if post is not None:
        connection.execute(UPDATE, (post, due_at))


def update_given_up(connection: sqlite3.Connection, due_at: Instant, places: Collection[Address] | None) -> int:
    """Have the posts brought up to date whose update was given up, once each; of those at these places (None: anywhere). What was
    given up isn't listed any more. Gives how many posts."""
    found: set[int] = set()
    for row, post, platform, kind, place in connection.execute(GIVEN_UP).fetchall():
        if places is None or Address(platform, kind, place) in places:
            connection.execute(UPDATE, (post, due_at))
            connection.execute(REPLACED, (row,))
            found.add(post)
    return len(found)


def live(connection: Flushed, wait: str, address: Address) -> LivePost | None:
    """The post at an address in which a wait stands in full, the latest."""
    row = connection.execute(LIVE, (wait, address.platform, address.kind, address.id)).fetchone()
    return None if row is None else LivePost(post=row[0], ref=row[1])


def update_full(connection: Flushed, wait: str, due_at: Instant, *, but: tuple[Address, str] | None) -> None:
    """Have the posts in which a wait stands in full brought up to date, all but one."""
    left_out = None if but is None else find(connection, *but)
    for (post,) in connection.execute(IN_FULL, (wait,)).fetchall():
        if post != left_out:
            connection.execute(UPDATE, (post, due_at))


def gone(connection: sqlite3.Connection, post: int, at: Instant) -> None:
    """Somebody deleted it."""
    connection.execute(GONE, (at, post))


def one(connection: Flushed, post: int) -> Post | None:
    """A post by its number."""
    row = connection.execute(ONE, (post,)).fetchone()
    if row is None:
        return None
    platform, kind, place, ref, at, removed, under = row
    address = Address(platform, kind, place)
    reminders = tuple(
        SentReminder(
            wait=id,
            step=step,
            at=sent,
            to=tuple(json.loads(to)),
            ref=ref,
            asking=notifications.unpacked(asking),
            address=address,
            told=told or 0,
            line=bool(line),
        )
        for id, step, sent, to, asking, told, line in connection.execute(REMINDERS_IN, {"post": post}).fetchall()
    )
    subjects = [subject for (subject,) in connection.execute(NOTICES_IN, (post,)).fetchall()]
    notices = tuple(SUBJECTS[subject] for subject in subjects if subject in SUBJECTS)
    return Post(
        address=address,
        ref=ref,
        at=at,
        reminders=reminders,
        notices=notices,
        removed=bool(removed),
        under=under,
        arrivals=_arrivals_key(connection, post) if NoticeSubject.ARRIVALS in notices else None,
        handover=handover_lists.in_post(connection, post) if NoticeSubject.HANDOVER in notices else None,
    )


def _arrivals_key(connection: Flushed, post: int) -> str | None:
    row = connection.execute(ARRIVALS_IN, (post, NoticeSubject.ARRIVALS)).fetchone()
    return None if row is None else row[0]


def update_notices(connection: sqlite3.Connection, subject: NoticeSubject, due_at: Instant) -> bool:
    """Have the posts of a notice brought up to date, once each. True when there are any."""
    found = connection.execute(OF_NOTICE, (subject,)).fetchall()
    for (post,) in found:
        connection.execute(UPDATE, (post, due_at))
    return bool(found)


def prune(connection: Flushed, before: Instant) -> int:
    """Forget posts from before an instant that tell of nothing we still know, but for those that are still to be removed. Gives
    how many."""
    return connection.execute(PRUNE, (before,)).rowcount
