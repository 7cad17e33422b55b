"""No table is forgotten when a channel goes by another key."""

from __future__ import annotations

import sqlite3

import pytest

from storage.sqlite import migrate
from storage.sqlite.moves import TABLES, ChannelTable, joining

DECIDED = {"waits", "exchanges"}
"""Of these somebody makes one of two (bot.waits.doubles)."""


@pytest.fixture
def schema() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    for migration in migrate.migrations():
        for statement in migrate.statements(migration.script):
            connection.execute(statement)
    return connection


def test_every_table_with_a_channels_number_joins(schema: sqlite3.Connection) -> None:
    columns: dict[str, dict[str, int]] = {}
    for (table,) in schema.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        columns[table] = {name: key for _, name, _, _, _, key in schema.execute(f"PRAGMA table_info({table})").fetchall()}
    having = {table for table, named in columns.items() if "channel" in named}
    assert having == DECIDED | {table.name for table in TABLES}, "add a line to storage.sqlite.moves.TABLES"
    for table in TABLES:
        keys = {name for name, key in columns[table.name].items() if key}
        assert "channel" not in keys or {"channel", *table.key} == keys, f"{table.name} is told apart by {keys}"
        assert {table.later or "channel", *table.least} <= columns[table.name].keys()


@pytest.mark.parametrize(
    ("key", "more", "stands"),
    [
        ((), {"least": ("one", "two")}, [(1, "a", 3.0, 2.0)]),
        (("name",), {"least": ("one",)}, [(1, "a", 3.0, None), (1, "b", 9.0, 9.0)]),
        (("name",), {"later": "one"}, [(1, "a", 5.0, None), (1, "b", 9.0, 9.0)]),
        (("name",), {}, [(1, "a", 5.0, None), (1, "b", 9.0, 9.0)]),
    ],
)
def test_of_two_rows_one_stands(key: tuple[str, ...], more: dict[str, str], stands: list[tuple[object, ...]]) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE t (channel, name, one, two, PRIMARY KEY ({', '.join(('channel', *key))}))")
    rows = [(1, "a", 5.0, None), (2, "a", 3.0, 2.0), (2, "b", 9.0, 9.0)]
    connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows if key else rows[:2])
    for statement in joining(ChannelTable(name="t", key=key, **more)):  # type: ignore[arg-type]
        connection.execute(statement, {"channel": 1, "other": 2})
    assert connection.execute("SELECT * FROM t ORDER BY name").fetchall() == stands


def test_the_later_row_stands_whichever_it_is() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (channel, name, at, PRIMARY KEY (channel, name))")
    connection.executemany("INSERT INTO t VALUES (?, ?, ?)", [(1, "a", 5.0), (2, "a", 7.0), (3, "a", 99.0)])
    for statement in joining(ChannelTable(name="t", key=("name",), later="at")):
        connection.execute(statement, {"channel": 1, "other": 2})
    assert connection.execute("SELECT * FROM t ORDER BY channel").fetchall() == [(1, "a", 7.0), (3, "a", 99.0)]
