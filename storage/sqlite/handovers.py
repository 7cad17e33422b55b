"""Who handed a wait to whom, and what they said of it."""

from __future__ import annotations

import sqlite3

from bot.domain.waits import Handover
from storage.sqlite.flushed import Flushed

KEEP = """
INSERT INTO handovers (wait, by, member, at, note) SELECT no, ?, ?, ?, ? FROM waits WHERE no = ? AND state = 'waiting'
ON CONFLICT (wait, at) DO UPDATE SET by = excluded.by, member = excluded.member, note = excluded.note
"""

DROP = "DELETE FROM handovers WHERE wait = ?1 AND at = (SELECT max(at) FROM handovers WHERE wait = ?1)"

BLANK = "UPDATE handovers SET note = '' WHERE wait = ? AND note <> ''"

ONE = """
SELECT handovers.by, handovers.member, handovers.at, handovers.note
FROM waits CROSS JOIN handovers ON handovers.wait = waits.no WHERE waits.id = ?
ORDER BY handovers.at DESC LIMIT 1
"""


def keep(connection: sqlite3.Connection, no: int, handover: Handover | None) -> None:
    """Keep how the wait in row `no` was handed over, while it is open; None: the last time is taken back."""
    if handover is None:
        connection.execute(DROP, (no,))
    else:
        # A lone surrogate can't be stored.
        note = handover.note.encode("utf-8", "replace").decode("utf-8")
        connection.execute(KEEP, (handover.by, handover.to, handover.at, note, no))


def blank(connection: sqlite3.Connection, no: int) -> None:
    """Forget what was said of the wait in row `no`."""
    connection.execute(BLANK, (no,))


def of(connection: Flushed, wait: str) -> Handover | None:
    """How a wait was handed over last; None where it wasn't."""
    row = connection.execute(ONE, (wait,)).fetchone()
    return None if row is None else Handover(by=row[0], to=row[1], at=row[2], note=row[3])
