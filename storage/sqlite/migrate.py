"""The schema's versions: numbered SQL files, applied in order, each file once.

`python -m storage.sqlite.migrate > storage/sqlite/schema.sql` writes the snapshot that people read and a test compares.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from bot.errors import StorageError

APPLICATION_ID = 0x52525031
"""Marks an SQLite file as ours ("RRP1"): https://sqlite.org/pragma.html#pragma_application_id"""

FILE_NAME = re.compile(r"(\d{4})_\w+\.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One numbered file. `number` is the schema's version after it."""

    number: int
    name: str
    script: str


def migrations() -> tuple[Migration, ...]:
    """All migrations of the package, in order. Raises StorageError when a number is missing or double."""
    found = []
    for file in resources.files("storage.sqlite").joinpath("migrations").iterdir():
        match = FILE_NAME.fullmatch(file.name)
        if match:
            found.append(Migration(number=int(match[1]), name=file.name, script=file.read_text(encoding="utf-8")))
    found.sort(key=lambda migration: migration.number)
    numbers = [migration.number for migration in found]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        raise StorageError(f"this installation is incomplete: its migrations are numbered {numbers}. Install realreply again")
    return tuple(found)


def statements(script: str) -> Iterator[str]:
    """The single statements of a script, without comments between them.

    `executescript` would commit the open transaction first, so that a failing script would leave half of itself behind.
    """
    pending = ""
    for line in script.splitlines(keepends=True):
        if not pending and (not line.strip() or line.lstrip().startswith("--")):
            continue
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if pending.strip():
        raise StorageError(f"a migration ends inside a statement: {pending.strip()[:60]!r}")


def version(connection: sqlite3.Connection) -> int:
    """The schema's version in a file; 0 for a new one."""
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


def upgrade(connection: sqlite3.Connection, wanted: tuple[Migration, ...]) -> None:
    """Apply the migrations a database doesn't have yet, all of them or none, in one transaction.

    The connection must be outside a transaction and without foreign keys enforced (a rebuilt table would cascade); they are
    checked at the end. Raises StorageError naming the migration that failed.
    """
    connection.execute("BEGIN IMMEDIATE")
    name = ""
    try:
        for migration in wanted[version(connection) :]:
            name = migration.name
            for statement in statements(migration.script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {migration.number}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise StorageError(f"{name} leaves {len(broken)} rows that point nowhere, the first in {broken[0][0]!r}")
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if isinstance(error, sqlite3.Error):
            raise StorageError(f"migration {name} failed, nothing was changed ({error})") from error
        raise


def snapshot() -> str:
    """The schema that all migrations together make, as SQL."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        upgrade(connection, migrations())
        rows = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name"
        ).fetchall()
    finally:
        connection.close()
    head = "-- All migrations together. Made by `python -m storage.sqlite.migrate > storage/sqlite/schema.sql`; don't edit.\n"
    return head + "".join(f"\n{sql};\n" for (sql,) in rows)


if __name__ == "__main__":
    sys.stdout.write(snapshot())
