"""The schema's versions."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from bot.domain.outgoing import Address, Attempt, DueNotice, DueUpdate
from bot.domain.reading import unpack
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.writes import AddNotice, NoticeSubject, SaveMessage, SaveWait, SetReminder
from bot.errors import NewerDatabase, StorageError
from bot.ports import Transaction
from bot.wording.reasons import sentence
from storage.sqlite import migrate
from storage.sqlite.channels import Channels
from storage.sqlite.database import Database
from storage.sqlite.transaction import OpenTransaction
from tests.storage.samples import seen, wait

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


def test_tables_without_rowids_begin_with_their_keys() -> None:
    """Where they don't, SQLite 3.40's quick_check takes one column for another: it calls a sound table damaged."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate.upgrade(connection, migrate.migrations())
    tables = [name for (name,) in connection.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND wr")]
    columns = {name: connection.execute("SELECT name, pk FROM pragma_table_info(?)", (name,)).fetchall() for name in tables}
    connection.close()
    assert len(tables) > 10
    for table, found in columns.items():
        keys = [pk for _, pk in found if pk]
        assert [pk for _, pk in found][: len(keys)] == sorted(keys), table


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
            assert await db.reader.run(lambda c: c.execute("SELECT * FROM more").fetchall()) == [("a", None)]
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
        names = await db.reader.run(lambda c: c.execute("SELECT name FROM sqlite_schema").fetchall())
        assert not {("good",), ("more",)} & set(names)


def test_a_missing_migration_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0002_more.sql").touch()
    monkeypatch.setattr(migrate.resources, "files", lambda package: tmp_path)
    with pytest.raises(StorageError, match="incomplete"):
        migrate.migrations()


def made_before(path: Path, name: str, now: Path) -> None:
    """A file as it was before the migration of this name, with what `now` (of the latest version) holds."""
    before = [migration for migration in migrate.migrations() if not migration.name.endswith(f"_{name}.sql")]
    (this,) = set(migrate.migrations()) - set(before)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        migrate.upgrade(connection, tuple(before[: this.number - 1]))
        connection.execute("ATTACH ? AS now", (str(now),))
        tables = connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'").fetchall()
        for (table,) in tables:
            known = connection.execute("SELECT name FROM pragma_table_info(?, 'main')", (table,)).fetchall()
            columns = ", ".join(f'"{column}"' for (column,) in known)
            connection.execute(f'INSERT INTO main."{table}" ({columns}) SELECT {columns} FROM now."{table}"')
    finally:
        connection.close()


@pytest.mark.parametrize(("platform", "channel"), [("slack", "slack:T1:C1"), ("local", "local:harbor:help"), ("slack", "help")])
async def test_what_left_before_addresses_named_platforms_went_to_the_platform_of_its_wait(
    path: Path, tmp_path: Path, platform: str, channel: str
) -> None:
    """A post that is known, one in doubt, one that was given up, and a digest, which is about no wait."""
    team, ana = Address("elsewhere", "channel", "C9"), Address("elsewhere", "person", "U1")
    ids = [f"{channel}/{number}.0" for number in (1, 2, 3)]

    def leave(tx: Transaction) -> None:
        waits = [wait(number, id=id, channel=channel) for number, id in enumerate(ids, 1)]
        tx.save([SaveMessage(channel=channel, seen=seen("1.0", 1.0)), *(SaveWait(wait=each) for each in waits)])
        tx.save([SetReminder(wait=id, step=0, to="owner", due_at=10.0) for id in ids])
        tx.save([AddNotice(kind="digest", key="digest:1:day", due_at=10.0, subject=NoticeSubject.DAY)])
        dues = tx.claim_due(20.0, limit=10, lease=30.0)
        tx.mark_leaving([(due, Attempt(address=ana, key=due.key, at=20.0, to=("U1",))) for due in dues[1:3]])  # type: ignore[union-attr]
        assert tx.mark_sent(dues[0], at=21.0, to=("U1",), ref="C9/1", address=team)
        assert tx.mark_dead(dues[2], reason=Reason(code=ReasonCode.IN_DOUBT, about=("nobody knows",)))
        assert tx.mark_sent(dues[3], at=21.0, to=(), ref="C9/2", address=team)

    now = tmp_path / "now.db"
    async with await Database.open(now, unpack=unpack) as db:
        await db.transact(leave)
    made_before(path, "platforms", now)

    def check(tx: Transaction) -> None:
        posts = [tx.post(number) for number in (1, 2)]
        assert [post and post.address for post in posts] == [Address(platform, "channel", "C9")] * 2
        assert posts[0] is not None and [sent.wait for sent in posts[0].reminders] == [ids[0]]
        (dead,) = tx.dead(10)
        assert dead.address == Address(platform, "person", "U1")
        (again,) = tx.claim_due(90.0, limit=10, lease=5.0)
        assert again.left is not None and again.left.address == Address(platform, "person", "U1")
        tx.save([SaveWait(wait=wait(1, id=ids[0], channel=channel, owner="ben"))])
        (update,) = tx.claim_due(90.0, limit=10, lease=5.0)
        assert isinstance(update, DueUpdate) and update.post == 1, "what it says changed"
        same = Address(platform, "channel", "C9")
        tx.update_post(same, "C9/2", due_at=91.0)
        assert [due.post for due in tx.claim_due(92.0, limit=10, lease=1.0) if isinstance(due, DueUpdate)] == [2]

    async with await Database.open(path, unpack=unpack) as db:
        await db.transact(check)


def test_reasons_that_were_sentences_become_codes_and_no_word_is_lost() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    known = migrate.migrations()
    before = next(n for n, one in enumerate(known) if one.name.endswith("_reasons.sql"))
    migrate.upgrade(connection, known[:before])
    rows = [
        ("moot", "over the daily budget of ana, ben"),
        ("moot", "over the daily budget of ana"),
        ("dead", 'gave up after 12 attempts: "no"'),
        ("pending", None),
    ]
    for number, (state, reason) in enumerate(rows):
        connection.execute(
            "INSERT INTO outgoing (kind, key, subject, due_at, state, reason) VALUES ('digest', ?, 'day', 1.0, ?, ?)",
            (f"d{number}", state, reason),
        )
    migrate.upgrade(connection, known)
    found = connection.execute("SELECT reason, detail FROM outgoing ORDER BY id").fetchall()
    assert [(code, None if detail is None else json.loads(detail)) for code, detail in found] == [
        ("over_budget", ["ana", "ben"]),
        ("over_budget", ["ana"]),
        ("old", ['gave up after 12 attempts: "no"']),
        (None, None),
    ]
    tx = OpenTransaction(connection, Channels(), unpack)
    assert [sentence(dead.reason) for dead in tx.dead(9)] == ['gave up after 12 attempts: "no"']
    connection.close()


def test_a_subject_nobody_knows_stops_nothing() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate.upgrade(connection, migrate.migrations())
    connection.execute("INSERT INTO outgoing (kind, key, subject, due_at) VALUES ('digest', 'd', 'moon', 1.0)")
    (due,) = OpenTransaction(connection, Channels(), unpack).claim_due(2.0, limit=9, lease=60.0)
    assert isinstance(due, DueNotice) and due.subject is None
    connection.close()
