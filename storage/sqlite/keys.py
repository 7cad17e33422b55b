"""Keys of this database, by name: made once where there is none, the same ever after."""

from __future__ import annotations

import sqlite3
from secrets import token_bytes

MAKE = "INSERT INTO keys (name, key) VALUES (?, ?) ON CONFLICT (name) DO NOTHING"

KEY = "SELECT key FROM keys WHERE name = ?"

KEY_BYTES = 32
"""Half of what BLAKE2b takes at most, and more than anybody can try."""


def one(connection: sqlite3.Connection, name: str) -> bytes:
    """The key with this name."""
    # One statement each, committed by itself where no transaction is open: whoever comes second reads what the first one wrote.
    connection.execute(MAKE, (name, token_bytes(KEY_BYTES)))
    key: bytes = connection.execute(KEY, (name,)).fetchone()[0]
    return key
