"""For tests elsewhere that must look at what is stored, not at what a store says of it: none of them knows SQLite but this."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def rows_of(path: Path, statement: str, *, unfinished: bool = False) -> list[tuple[Any, ...]]:
    """What a statement reads from the database at `path`, which may be in use and is left as it is. `unfinished`: whoever was
    making it may have been killed before its tables were there; then there are no rows."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute(statement).fetchall()
        except sqlite3.OperationalError:
            if not unfinished:
                raise
            return []
