"""What members said was judged wrongly: the last word on each message."""

from __future__ import annotations

import sqlite3

from bot.domain.durations import Instant
from bot.domain.writes import DropCorrection, SaveCorrection
from bot.ports import CorrectionCounts

SAVE = """
INSERT INTO corrections (channel, message, says, by, at, judged) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (channel, message) DO UPDATE
SET says = excluded.says, by = excluded.by, at = excluded.at, judged = excluded.judged WHERE says <> excluded.says
"""

DROP = "DELETE FROM corrections WHERE channel = ? AND message = ?"

OF_CHANNEL = "SELECT message, says, by, at, judged FROM corrections WHERE channel = ? ORDER BY at, message"

COUNT_SINCE = "SELECT says, count(*) FROM corrections WHERE at >= ? GROUP BY says"


def save(connection: sqlite3.Connection, channel: int, write: SaveCorrection | DropCorrection) -> None:
    """Store a correction in place of an earlier one of the message, the same word again leaves the first as it was; or forget it,
    if there is one."""
    if isinstance(write, DropCorrection):
        connection.execute(DROP, (channel, write.message))
        return
    connection.execute(SAVE, (channel, write.message, write.says, write.by, write.at, int(write.judged)))


def of(connection: sqlite3.Connection, channel: int, key: str) -> tuple[SaveCorrection, ...]:
    """The corrections of the channel with this number and key, in order of time. There are as many as members made by hand."""
    return tuple(
        SaveCorrection(channel=key, message=message, says=says, by=by, at=at, judged=bool(judged))
        for message, says, by, at, judged in connection.execute(OF_CHANNEL, (channel,)).fetchall()
    )


def since(connection: sqlite3.Connection, since: Instant) -> CorrectionCounts:
    """How many there are of an instant or later."""
    found: dict[str, int] = dict(connection.execute(COUNT_SINCE, (since,)).fetchall())
    return CorrectionCounts(overlooked=found.get("waits", 0), needs_none=found.get("needs_none", 0))
