"""Which SQLite this Python has, for `realreply doctor`."""

from __future__ import annotations

import sqlite3

from bot.ports import Finding
from storage.sqlite.opening import WHOLE_WAL


def examined() -> Finding:
    """SQLite's version, and whether its log can be damaged by who else opens the database."""
    version = f"SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info >= WHOLE_WAL:
        return Finding(level="good", says=version)
    fixed = ".".join(map(str, WHOLE_WAL))
    return Finding(
        level="note",
        says=f"{version} has the WAL-reset bug, unless your system's makers mended it: two programs that write the same database "
        f"may damage it. realreply keeps to one that writes; {fixed} has it no more",
        do="open the database with nothing else that may write (an sqlite3 shell does) while realreply runs; update Python or "
        "SQLite when you can",
    )
