"""What was blanked is in no file any more, for whoever reads raw bytes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.context import Context
from bot.domain.events import Deleted, EarlyEdit, Edited, Posted
from bot.domain.hours import ALWAYS
from bot.domain.messages import Message
from bot.domain.people import Role, Team
from bot.domain.rules import ChannelRules, Step
from bot.domain.waits import WaitState
from bot.domain.writes import BlankText, KeepEarly, KeepNote, KeepText, SaveWait
from bot.engine.engine import Engine
from bot.judge.standard import StandardJudge
from storage.sqlite.database import Database
from tests.storage.samples import CHANNEL, seen, wait
from tests.storage.sqlite.conftest import Open


async def save(db: Database, *writes: object) -> None:
    await db.transact(lambda tx: tx.save(writes))  # type: ignore[arg-type]


async def test_blanked_text_leaves_no_bytes(db: Database, path: Path) -> None:
    count = 300
    # Long and short ones, in pages that split and merge, so that every way a text can lie in the file is tried.
    texts = [f"marker-{n:04}-" + "x" * (n * 37 % 3000) for n in range(count)]
    for n in range(count):
        kept = KeepText(wait=wait(n).id, message=f"{n}.0", text=texts[n])
        await save(db, SaveWait(wait=wait(n)), KeepNote(wait=wait(n).id, since=1.0, note=texts[n]) if n % 3 == 0 else kept)
    folder = path.parent

    def found() -> set[int]:
        stored = b"".join(file.read_bytes() for file in folder.iterdir())
        return {n for n in range(count) if f"marker-{n:04}".encode() in stored}

    assert found() == set(range(count))
    order = sorted(range(count), key=lambda n: n * 7919 % count)
    for n in order[:200]:
        await save(db, SaveWait(wait=wait(n, state=WaitState.ANSWERED, ended_at=999.0)), BlankText(wait=wait(n).id))
    await db.checkpoint()
    assert found() == set(order[200:])
    for n in order[200:]:
        await save(db, SaveWait(wait=wait(n, state=WaitState.ANSWERED, ended_at=999.0)), BlankText(wait=wait(n).id))
    await db.checkpoint()
    assert found() == set()


async def test_the_log_of_a_killed_process_is_scrubbed_before_anything_else_happens(
    db: Database, path: Path, tmp_path: Path, opened: Open
) -> None:
    """Its files as a kill -9 leaves them: what was blanked after the last checkpoint is in the -wal, in whole pages."""
    texts = [f"marker-{n:04}-" + "x" * 700 for n in range(60)]
    for n, text in enumerate(texts):
        await save(db, SaveWait(wait=wait(n)), KeepText(wait=wait(n).id, message=f"{n}.0", text=text))
    for n in range(59):
        await save(db, SaveWait(wait=wait(n, state=WaitState.ANSWERED, ended_at=999.0)), BlankText(wait=wait(n).id))
    killed = tmp_path / "killed"
    killed.mkdir()
    for ending in ("", "-wal"):
        shutil.copyfile(path.with_name(path.name + ending), killed / f"b.db{ending}")

    def left() -> list[int]:
        stored = b"".join(file.read_bytes() for file in killed.iterdir())
        return [n for n in range(60) if f"marker-{n:04}".encode() in stored]

    assert len(left()) > 50
    store = await opened(killed / "b.db")
    assert left() == [59], "only who still waits"
    await save(store, SaveWait(wait=wait(59, state=WaitState.ANSWERED, ended_at=999.0)), BlankText(wait=wait(59).id))
    await store.close()
    assert left() == [], "and a clean end leaves nothing"


@pytest.mark.parametrize("keep_text", [True, False])
async def test_an_edit_that_comes_before_its_message_leaves_no_words(db: Database, path: Path, keep_text: bool) -> None:
    rules = ChannelRules(steps=(Step(after=600, to="owner"),), keep_text=keep_text)
    engine = Engine(
        context=Context(judge=StandardJudge(), hours_of=lambda _: ALWAYS),
        team=Team(members=frozenset({"ana"})),
        rules_of=lambda _: rules,
        names_of=lambda _: (),
    )
    asked = Message(
        channel=CHANNEL,
        id="1772452800.000000",
        at=1772452800.0,
        author="dana",
        role=Role.CUSTOMER,
        text="Where is the zanzibar crate, can you help?",
    )
    edited = Edited(message=asked, at=asked.at + 60)
    before = replace(asked, text="hello")

    def found() -> bool:
        return any(b"zanzibar" in file.read_bytes() for file in path.parent.iterdir())

    assert await engine.transact(db, lambda tx: engine.process(tx, edited).new)
    assert not found()
    engine.evict(CHANNEL)  # as after a restart
    processed = await engine.transact(db, lambda tx: engine.process(tx, Posted(message=before)))
    (wait,) = await db.read(lambda tx: tx.open_waits(9))
    assert processed.unworded and wait.opened_at == edited.at, "the edit counts, though its words are gone"
    missing = await db.transact(lambda tx: tx.unworded(9))
    assert [one.message for one in missing] == ([asked.id] if keep_text else [])
    assert not found()


async def test_an_early_edit_is_kept_for_a_while_only(db: Database) -> None:
    edit = EarlyEdit(channel=CHANNEL, id="8.5", at=9.0, reading=seen("8.5", 8.5).reading)
    late = Deleted(channel=CHANNEL, id="8.5", at=9.0)
    await save(db, KeepEarly(event=edit), KeepEarly(event=late))
    assert await db.transact(lambda tx: tx.prune_early_edits(9.0)) == 0
    assert await db.transact(lambda tx: tx.prune_early_edits(9.5)) == 1
    assert (await db.transact(lambda tx: tx.channel(CHANNEL, 9))).early == (late,)
