"""The schema's versions."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.domain.reading import unpack
from bot.domain.writes import SaveWait
from bot.errors import NewerDatabase, StorageError
from storage.sqlite import migrate
from storage.sqlite.database import Database
from tests.storage.sqlite.samples import wait

SCHEMA = Path(migrate.__file__).with_name("schema.sql")


def with_later(monkeypatch: pytest.MonkeyPatch, *scripts: str) -> None:
    known = migrate.migrations()
    later = [migrate.Migration(number=len(known) + n, name=f"later_{n}.sql", script=s) for n, s in enumerate(scripts, 1)]
    monkeypatch.setattr(migrate, "migrations", lambda: (*known, *later))


def test_the_snapshot_is_all_migrations() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == migrate.snapshot(), (
        "run: python -m storage.sqlite.migrate > storage/sqlite/schema.sql"
    )


def test_every_table_is_strict() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate.upgrade(connection, migrate.migrations())
    tables = connection.execute(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    connection.close()
    assert len(tables) > 5
    assert [name for name, strict in tables if not strict] == []


def test_scripts_are_split_where_statements_end() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM b;\n  SELECT 'x;';\nEND;"
    script = f"-- first; it says\n\nCREATE TABLE a (x); -- after\n{trigger}\nINSERT INTO a\nVALUES (';');\n"
    assert list(migrate.statements(script)) == ["CREATE TABLE a (x); -- after", trigger, "INSERT INTO a\nVALUES (';');"]
    with pytest.raises(StorageError, match="inside a statement"):
        list(migrate.statements("CREATE TABLE a (x)"))


async def test_an_upgrade_keeps_what_was_there_and_a_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await Database.open(path, unpack=unpack) as db:
        await db.transact(lambda tx: tx.save([SaveWait(wait=wait())]))
    with monkeypatch.context() as later:
        with_later(
            later, "CREATE TABLE more (x TEXT) STRICT;\nINSERT INTO more VALUES ('a');", "ALTER TABLE more ADD COLUMN y TEXT;"
        )
        async with await Database.open(path, unpack=unpack) as db:
            assert await db.read(lambda tx: tx.wait(wait().id)) == wait()
            assert await db._reader.run(lambda c: c.execute("SELECT * FROM more").fetchall()) == [("a", None)]
            # An older version must see by the main file's header alone that it is too old, whatever a -wal holds.
            header = sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)
            assert migrate.version(header) == len(migrate.migrations())
            header.close()
        copy = path.with_name(f"{path.name}.before-v{len(migrate.migrations())}")
        assert copy.exists()
        async with await Database.open(path, unpack=unpack):  # nothing more to do
            pass
    # The copy serves the version that was there before; the upgraded file it refuses.
    async with await Database.open(copy, unpack=unpack) as db:
        assert await db.read(lambda tx: tx.wait(wait().id)) == wait()
    with pytest.raises(NewerDatabase):
        await Database.open(path, unpack=unpack)


async def test_a_failing_upgrade_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await Database.open(path, unpack=unpack) as db:
        await db.transact(lambda tx: tx.save([SaveWait(wait=wait())]))
    for scripts, told in (
        (("CREATE TABLE good (x);", "CREATE TABLE more (x);\nDROP TABLE nowhere;"), "later_2.sql"),
        (("INSERT INTO texts VALUES (99, 'm', 't');",), "point nowhere"),
    ):
        with monkeypatch.context() as later:
            with_later(later, *scripts)
            with pytest.raises(StorageError, match=told):
                await Database.open(path, unpack=unpack)
    async with await Database.open(path, unpack=unpack) as db:
        assert await db.read(lambda tx: tx.wait(wait().id)) == wait()
        names = await db._reader.run(lambda c: c.execute("SELECT name FROM sqlite_schema").fetchall())
        assert not {("good",), ("more",)} & set(names)


def test_a_missing_migration_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0002_more.sql").touch()
    monkeypatch.setattr(migrate.resources, "files", lambda package: tmp_path)
    with pytest.raises(StorageError, match="incomplete"):
        migrate.migrations()
