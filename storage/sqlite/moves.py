"""A channel that goes by another key: everything stored of it goes along.

Most of it hangs on the channel's number, which stays. What holds the key itself is spelled anew: waits' ids and who refers to
them, early events, marks, choices, and the addresses of what is posted there. Idempotency keys stay as they are: they stand in
the metadata of posts, by which a post in doubt is found.

Where something is stored under the new key already, what happened there came in before the word that it is the same channel. It
joins what was known. The older numbers stand, since people call waits by them ("w17").
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.durations import Instant
from bot.domain.keys import ChannelKey, encoded, joined
from bot.domain.moves import ChannelMove, Moves
from bot.domain.reasons import ReasonCode
from bot.domain.waits import Wait
from bot.domain.writes import NoticeSubject, SaveExchange
from bot.ports import Doubles
from storage.sqlite import events, posts, waits
from storage.sqlite.flushed import Flushed
from storage.sqlite.json_texts import quoted
from storage.sqlite.messages import Unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTable:
    """A table whose rows belong to a channel by its number, in the column `channel`.

    `key` are the columns that tell a channel's rows apart (none: it has one row). Of two rows that are alike in these the one
    known under the old key stands; with `later` the one in which that column is the greater; in the columns `least` the lesser of
    both.
    """

    name: str
    key: tuple[str, ...] = ()
    later: str | None = None
    least: tuple[str, ...] = ()


TABLES = (
    ChannelTable(name="event_keys", key=("day", "message", "kind", "edit")),
    ChannelTable(name="messages", key=("at", "id")),
    ChannelTable(name="early", key=("message", "kind", "edit")),
    ChannelTable(name="arrivals", key=("person",), later="at"),
    ChannelTable(name="corrections", key=("message",), later="at"),
    ChannelTable(name="coverage", least=("first_read_at", "first_read_to", "missing_since", "threads_since")),
    ChannelTable(name="gaps"),
    ChannelTable(name="failed_events", key=("message", "kind", "edit")),
    ChannelTable(name="app_posts", key=("day", "source", "kind", "trusted"), later="posts"),
    ChannelTable(name="tip_messages", key=("tip", "place")),
    ChannelTable(name="thanks", key=("message", "member")),
)
"""What joins when both keys have rows; waits and exchanges besides, of which whoever decides makes one. A test compares this with
the schema."""

EVERY = "SELECT old, new, at FROM moves ORDER BY at, old"

FORGET = "DELETE FROM moves"

REMEMBER = "INSERT INTO moves (old, new, at) VALUES (?, ?, ?)"

CHANNELS = "SELECT key FROM channels ORDER BY no"

NUMBER = "SELECT no FROM channels WHERE key = ?"

RENAME = "UPDATE channels SET key = ? WHERE no = ?"

DROP = "DELETE FROM channels WHERE no = ?"

# -- keys that are spelled out. `old` and `new` end in "/", so that no other channel's are meant.

IDS = """
UPDATE waits SET id = :new || substr(id, length(:old) + 1)
WHERE channel = :channel AND substr(id, 1, length(:old)) = :old
"""

CAME_BACK = """
UPDATE waits SET came_back_from = :new || substr(came_back_from, length(:old) + 1)
WHERE channel = :channel AND substr(came_back_from, 1, length(:old)) = :old
"""

OPENED = """
UPDATE messages SET wait = :new || substr(wait, length(:old) + 1)
WHERE channel = :channel AND substr(wait, 1, length(:old)) = :old
"""

ANSWERED = """
UPDATE messages SET answers = replace(answers, :old_quoted, :new_quoted)
WHERE channel = :channel AND answers IS NOT NULL
"""

DEEDS = """
UPDATE OR IGNORE event_keys SET message = :new || substr(message, length(:old) + 1)
WHERE channel = :channel AND message >= :old AND message < :after AND substr(message, 1, length(:old)) = :old
"""
"""What members did by hand is known by the wait it was done to."""

DEEDS_LEFT = "DELETE FROM event_keys WHERE channel = :channel AND message >= :old AND message < :after"

# -- both keys have rows

DOUBLES = """
SELECT ours.no, theirs.no FROM waits AS theirs
CROSS JOIN waits AS ours ON ours.id = :old || substr(theirs.id, length(:new) + 1)
WHERE theirs.channel = :other AND ours.channel = :channel
ORDER BY ours.no
"""

HAS_PENDING = "SELECT 1 FROM outgoing WHERE wait = ? AND state = 'pending'"

WITHDRAW = f"UPDATE outgoing SET state = 'withdrawn', reason = '{ReasonCode.REPLACED}' WHERE wait = ? AND state = 'pending'"

POSTS_OF = "SELECT DISTINCT post FROM outgoing WHERE wait = ? AND post IS NOT NULL"

TAKE_OUTGOING = (
    "UPDATE outgoing SET wait = ?, n = n + (SELECT coalesce(max(n) + 1, 0) FROM outgoing WHERE wait = ?) WHERE wait = ?"
)

TAKE_LINKS = "UPDATE OR IGNORE wait_messages SET wait = ? WHERE wait = ?"

TAKE_TEXTS = """
UPDATE OR IGNORE texts SET wait = :ours
WHERE wait = :theirs AND EXISTS (SELECT 1 FROM waits WHERE no = :ours AND state = 'waiting')
"""

DROP_WAIT = "DELETE FROM waits WHERE no = ?"

TAKE_WAITS = "UPDATE waits SET channel = :channel WHERE channel = :other"

EXCHANGES = """
SELECT theirs.customer, theirs.member, ours.strength, ours.at, theirs.strength, theirs.at
FROM exchanges AS theirs
JOIN exchanges AS ours ON ours.channel = :channel AND ours.customer = theirs.customer AND ours.member = theirs.member
WHERE theirs.channel = :other
"""

TAKE_EXCHANGES = "UPDATE OR IGNORE exchanges SET channel = :channel WHERE channel = :other"

DROP_EXCHANGES = "DELETE FROM exchanges WHERE channel = :other"

UNLINKED = """
SELECT theirs.at, theirs.id FROM messages AS theirs
WHERE theirs.channel = :other AND theirs.wait IS NULL AND theirs.answers IS NULL
    AND NOT EXISTS (SELECT 1 FROM messages AS ours WHERE ours.channel = :channel AND ours.at = theirs.at AND ours.id = theirs.id)
"""
"""What was said under the new key and meant nothing there: among what was known it may be an answer."""

DROP_MESSAGE = "DELETE FROM messages WHERE channel = ? AND at = ? AND id = ?"

DROP_POSTED = "DELETE FROM event_keys WHERE day = ? AND channel = ? AND message = ? AND kind = 'posted'"

# -- what names the channel beside its number

MARKS = "SELECT name, at, by FROM marks WHERE substr(name, -length(:old) - 1) = ' ' || :old"

DROP_MARK = "DELETE FROM marks WHERE name = ?"

PUT_MARK = """
INSERT INTO marks (name, at, by) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET at = min(at, excluded.at)
"""

CHOICE = """
INSERT INTO choices (kind, subject, value, by, at)
SELECT kind, :new, value, by, at FROM choices WHERE kind IN ('watch', 'pause', 'anew') AND subject = :old
ON CONFLICT (kind, subject) DO UPDATE SET value = excluded.value, by = excluded.by, at = excluded.at
WHERE excluded.at >= choices.at
"""

DROP_CHOICE = "DELETE FROM choices WHERE kind IN ('watch', 'pause', 'anew') AND subject = ?"

LEFT = """
UPDATE outgoing SET left_place = :new WHERE left_platform = :platform AND left_kind = 'channel' AND left_place = :old
"""

NOTICES = """
UPDATE OR IGNORE outgoing SET key = :new || substr(key, length(:old) + 1)
WHERE kind = 'digest' AND (key = :old OR substr(key, 1, length(:old) + 1) = :old || '.')
"""
"""A preview is posted once in each place."""

POSTS = """
UPDATE OR IGNORE posts SET place = :new, ref = CASE
    WHEN substr(ref, 1, length(:old_ref)) = :old_ref THEN :new_ref || substr(ref, length(:old_ref) + 1) ELSE ref END
WHERE platform = :platform AND kind = 'channel' AND place = :old
"""

OPEN_POSTS = """
SELECT DISTINCT outgoing.post FROM waits CROSS JOIN outgoing ON outgoing.wait = waits.no
WHERE waits.channel = ? AND waits.state = 'waiting' AND outgoing.post IS NOT NULL
"""


def every(connection: sqlite3.Connection) -> tuple[ChannelMove, ...]:
    """The moves so far, in order of time."""
    return tuple(ChannelMove(old=old, new=new, at=at) for old, new, at in connection.execute(EVERY).fetchall())


def channels(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The keys of all channels that something is stored of."""
    return tuple(key for (key,) in connection.execute(CHANNELS).fetchall())


def carry_out(connection: Flushed, move: ChannelMove, unpack: Unpack) -> Doubles | None:
    """Move everything, and remember the move. None when it is known, or the channel has gone on since: nothing happens then."""
    known = Moves(every(connection))
    moves = known.after(move)
    if moves is known:
        return None
    connection.execute(FORGET)
    connection.executemany(REMEMBER, [(one.old, one.new, one.at) for one in moves])
    _spell_anew(connection, move)
    ours, theirs = _number(connection, move.old), _number(connection, move.new)
    if ours is None:
        return Doubles()
    found = _Found()
    if theirs is not None:
        found = _join(connection, move, ours, theirs)
    _rename(connection, move, ours, unpack)
    if theirs is not None:
        _take(connection, ours, theirs)
    connection.execute(RENAME, (move.new, ours))
    _update_posts(connection, (post for (post,) in connection.execute(OPEN_POSTS, (ours,)).fetchall()), move.at)
    pairs = [(waits.numbered(connection, no), double) for no, double in found.waits]
    return Doubles(
        waits=tuple((wait, double) for wait, double in pairs if wait is not None),
        exchanges=found.exchanges,
        read_from=found.read_from,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What stood twice: doubled waits by the number that stands, exchanges, and from when on messages are to be read again."""

    waits: tuple[tuple[int, Wait], ...] = ()
    exchanges: tuple[tuple[SaveExchange, SaveExchange], ...] = ()
    read_from: Instant | None = None


def _number(connection: sqlite3.Connection, key: str) -> int | None:
    row = connection.execute(NUMBER, (key,)).fetchone()
    return None if row is None else row[0]


def _rename(connection: sqlite3.Connection, move: ChannelMove, channel: int, unpack: Unpack) -> None:
    """Spell the ids of waits anew wherever they stand."""
    old, new = f"{move.old}/", f"{move.new}/"
    values = {
        "channel": channel,
        "old": old,
        "new": new,
        "after": f"{move.old}0",  # "0" comes after "/"
        "old_quoted": quoted(old)[:-1],
        "new_quoted": quoted(new)[:-1],
    }
    for statement in (IDS, CAME_BACK, OPENED, ANSWERED, DEEDS, DEEDS_LEFT):
        connection.execute(statement, values)
    early = events.early(connection, channel, unpack)
    if early:
        connection.execute("DELETE FROM early WHERE channel = ?", (channel,))
        for event in early:
            events.keep(connection, channel, replace(event, channel=move.new))


def _join(connection: Flushed, move: ChannelMove, ours: int, theirs: int) -> _Found:
    """Make one of what stands under both keys, as far as that needs no deciding."""
    both: dict[str, Any] = {"channel": ours, "other": theirs}
    doubled: list[tuple[int, Wait]] = []
    named = {**both, "old": f"{move.old}/", "new": f"{move.new}/"}
    for known, double in connection.execute(DOUBLES, named).fetchall():
        wait = waits.numbered(connection, double)
        assert wait is not None
        doubled.append((known, wait))
        _absorb(connection, known, double, move.at)
    exchanges = tuple(
        (
            SaveExchange(channel=move.new, customer=customer, member=member, strength=known, at=at),
            SaveExchange(channel=move.new, customer=customer, member=member, strength=strength, at=when),
        )
        for customer, member, known, at, strength, when in connection.execute(EXCHANGES, both).fetchall()
    )
    unlinked = connection.execute(UNLINKED, both).fetchall()
    for at, message in unlinked:
        connection.execute(DROP_MESSAGE, (theirs, at, message))
        connection.execute(DROP_POSTED, (events.day_of(at), theirs, message))
    return _Found(waits=tuple(doubled), exchanges=exchanges, read_from=min((at for at, _ in unlinked), default=None))


def _absorb(connection: sqlite3.Connection, known: int, double: int, at: Instant) -> None:
    """All that hangs on a doubled wait hangs on the one that was known."""
    if connection.execute(HAS_PENDING, (known,)).fetchone() is not None:
        connection.execute(WITHDRAW, (double,))
    # What was posted of it carries its number on the buttons, which nobody knows any more.
    _update_posts(connection, (post for (post,) in connection.execute(POSTS_OF, (double,)).fetchall()), at)
    connection.execute(TAKE_OUTGOING, (known, known, double))
    connection.execute(TAKE_LINKS, (known, double))
    connection.execute(TAKE_TEXTS, {"ours": known, "theirs": double})
    connection.execute(DROP_WAIT, (double,))


def _take(connection: sqlite3.Connection, ours: int, theirs: int) -> None:
    """Everything under the other number comes under ours."""
    both = {"channel": ours, "other": theirs}
    connection.execute(TAKE_WAITS, both)
    connection.execute(TAKE_EXCHANGES, both)
    connection.execute(DROP_EXCHANGES, {"other": theirs})
    for table in TABLES:
        for statement in joining(table):
            connection.execute(statement, both)
    connection.execute(DROP, (theirs,))


def joining(table: ChannelTable) -> list[str]:
    """The statements by which the rows of one channel (`other`) come under another one's number (`channel`)."""
    name = table.name
    alike = " AND ".join(f"theirs.{column} = ours.{column}" for column in table.key) or "true"
    found: list[str] = []
    if table.later is not None:
        later = f"theirs.{table.later} > ours.{table.later}"
        newer = f"SELECT 1 FROM {name} AS theirs WHERE theirs.channel = :other AND {alike} AND {later}"
        found.append(f"DELETE FROM {name} AS ours WHERE channel = :channel AND EXISTS ({newer})")
    if table.least:
        # min() of several values is NULL when one is: an instant that isn't known is no earlier one.
        lesser = ", ".join(f"{one} = coalesce(min(ours.{one}, theirs.{one}), ours.{one}, theirs.{one})" for one in table.least)
        theirs = f"(SELECT * FROM {name} WHERE channel = :other) AS theirs"
        found.append(f"UPDATE {name} AS ours SET {lesser} FROM {theirs} WHERE ours.channel = :channel AND {alike}")
    return [
        *found,
        f"UPDATE OR IGNORE {name} SET channel = :channel WHERE channel = :other",
        f"DELETE FROM {name} WHERE channel = :other",
    ]


def _spell_anew(connection: sqlite3.Connection, move: ChannelMove) -> None:
    """Marks, choices, and where posts are."""
    for name, at, by in connection.execute(MARKS, {"old": move.old}).fetchall():
        connection.execute(DROP_MARK, (name,))
        connection.execute(PUT_MARK, (name[: -len(move.old)] + move.new, at, by))
    connection.execute(CHOICE, {"old": move.old, "new": move.new})
    connection.execute(DROP_CHOICE, (move.old,))
    before, now = ChannelKey.parse(move.old), ChannelKey.parse(move.new)
    place = {"platform": before.platform, "old": before.channel, "new": now.channel}
    connection.execute(LEFT, place)
    refs = {"old_ref": f"{encoded(before.channel)}/", "new_ref": f"{encoded(now.channel)}/"}
    connection.execute(POSTS, place | refs)
    subject = NoticeSubject.PREVIEW
    connection.execute(NOTICES, {"old": joined(subject, before.channel), "new": joined(subject, now.channel)})


def _update_posts(connection: sqlite3.Connection, found: Iterable[int], at: Instant) -> None:
    """Have posts brought up to date: they lead to the channel."""
    for post in found:
        connection.execute(posts.UPDATE, (post, at))
