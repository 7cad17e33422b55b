"""What was blanked is in no file any more, for whoever reads raw bytes."""

from __future__ import annotations

from pathlib import Path

from bot.domain.waits import WaitState
from bot.domain.writes import BlankText, KeepText, SaveWait
from storage.sqlite.database import Database
from tests.storage.samples import wait


async def save(db: Database, *writes: object) -> None:
    await db.transact(lambda tx: tx.save(writes))  # type: ignore[arg-type]


async def test_blanked_text_leaves_no_bytes(db: Database, path: Path) -> None:
    count = 300
    # Long and short ones, in pages that split and merge, so that every way a text can lie in the file is tried.
    texts = [f"marker-{n:04}-" + "x" * (n * 37 % 3000) for n in range(count)]
    for n in range(count):
        await save(db, SaveWait(wait=wait(n)), KeepText(wait=wait(n).id, message=f"{n}.0", text=texts[n]))
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
