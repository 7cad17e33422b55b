"""What the customers who still wait wrote, and what members say of why one is quiet: the only tables that hold people's words for
longer than an odd moment."""

from __future__ import annotations

import json
import sqlite3

from bot.domain.durations import Instant
from bot.ports import KeptText, UnwordedMessage
from storage.sqlite import handovers
from storage.sqlite.flushed import Flushed

KEEP = """
INSERT INTO texts (wait, message, text) SELECT no, ?, ? FROM waits WHERE no = ? AND state = 'waiting'
ON CONFLICT (wait, message) DO UPDATE SET text = excluded.text
"""

PUT = """
INSERT INTO texts (wait, message, text) VALUES (?, ?, ?)
ON CONFLICT (wait, message) DO UPDATE SET text = excluded.text
"""

DROP = "DELETE FROM texts WHERE wait = ? AND message = ?"

BLANK = "DELETE FROM texts WHERE wait = ?"

KEEP_NOTE = """
INSERT INTO notes (wait, since, note) SELECT no, ?, ? FROM waits WHERE no = ? AND state = 'waiting'
ON CONFLICT (wait, since) DO UPDATE SET note = excluded.note
"""

BLANK_NOTE = "DELETE FROM notes WHERE wait = ? AND since = ?"

BLANK_NOTES = "DELETE FROM notes WHERE wait = ?"

NOTE = "SELECT notes.note FROM waits CROSS JOIN notes ON notes.wait = waits.no WHERE waits.id = ? AND notes.since = ?"

OF_WAIT = """
SELECT texts.message, texts.text, waits.messages
FROM waits CROSS JOIN texts ON texts.wait = waits.no
WHERE waits.id = ?
"""

UNWORDED = """
SELECT waits.id, texts.message FROM texts CROSS JOIN waits ON waits.no = texts.wait
WHERE texts.text = '' ORDER BY texts.wait DESC LIMIT ?
"""
"""By a partial index that holds nothing else."""


def keep(connection: sqlite3.Connection, no: int, message: str, text: str) -> None:
    """Keep what a customer wrote while the wait in row `no` is open. Once it has ended, nothing is kept, whatever is asked."""
    connection.execute(KEEP, (message, _storable(text), no))


def put(connection: sqlite3.Connection, no: int, message: str, text: str) -> None:
    """`keep`, for a wait that is known to be open."""
    connection.execute(PUT, (no, message, _storable(text)))


def _storable(text: str) -> str:
    # Half a surrogate pair, as broken exports have it, can't be stored.
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def drop(connection: sqlite3.Connection, no: int, message: str) -> None:
    """Forget one text of the wait in row `no`: its message was deleted."""
    connection.execute(DROP, (no, message))


def blank(connection: sqlite3.Connection, no: int) -> None:
    """Forget all texts of the wait in row `no`, and its notes."""
    connection.execute(BLANK, (no,))
    connection.execute(BLANK_NOTES, (no,))
    handovers.blank(connection, no)


def keep_note(connection: sqlite3.Connection, no: int, since: Instant, note: str) -> None:
    """Keep a member's note on the hold of the wait in row `no` that began at `since`, while the wait is open; an empty one takes
    it back."""
    if note:
        connection.execute(KEEP_NOTE, (since, _storable(note), no))
    else:
        connection.execute(BLANK_NOTE, (no, since))


def note(connection: Flushed, wait: str, since: Instant) -> str:
    """The note on the hold of a wait that began at `since`; "" without one."""
    found = connection.execute(NOTE, (wait, since)).fetchone()
    return "" if found is None else str(found[0])


def of(connection: Flushed, wait: str) -> tuple[KeptText, ...]:
    """What is kept of a wait, in the order of its messages."""
    rows = connection.execute(OF_WAIT, (wait,)).fetchall()
    if not rows:
        return ()
    kept: dict[str, str] = {message: text for message, text, _ in rows if text}
    return tuple(KeptText(message=message, text=kept[message]) for message in json.loads(rows[0][2]) if message in kept)


def unworded(connection: Flushed, limit: int) -> tuple[UnwordedMessage, ...]:
    """Messages of open waits whose words are to be read again, those of the latest waits first."""
    rows = connection.execute(UNWORDED, (limit,)).fetchall()
    return tuple(UnwordedMessage(wait=wait, message=message) for wait, message in rows)


def scrub(connection: sqlite3.Connection) -> None:
    """Write the tables that hold words anew, so that no copy of a deleted text is left in the file.

    `secure_delete` overwrites a deleted row, but when SQLite moves rows between pages to balance them, it leaves the moved bytes
    in the unused part of the old page: a deleted text may survive there. A page that is freed as a whole is overwritten as
    a whole, and deleting all rows frees all pages. The tables are small: one row per message of an open wait.
    """
    for table in ("texts", "early", "notes", "handovers"):
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()
        connection.execute(f"DELETE FROM {table}")
        if rows:
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
