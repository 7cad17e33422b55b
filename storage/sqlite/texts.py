"""What the customers who still wait wrote: the only table that holds people's words for longer than an odd moment."""

from __future__ import annotations

import json
import sqlite3

from bot.ports import KeptText, UnwordedMessage
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
    """Forget all texts of the wait in row `no`."""
    connection.execute(BLANK, (no,))


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
    a whole, and deleting all rows frees all pages. Both tables are small: one row per message of an open wait.
    """
    for table in ("texts", "early"):
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()
        connection.execute(f"DELETE FROM {table}")
        if rows:
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
