"""What apps post is counted once, whatever is delivered twice, comes late, or is decided again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.events import Edited, Posted
from bot.domain.people import Role
from bot.domain.sources import Source, SourceKind
from tests.runtime.simulated import a_house, posted
from tests.waits.world import NINE

ZAP = Source(id="A1", kind=SourceKind.BOT)


def post(at: float, text: str = "Thanks for your message, we will get back to you.") -> Posted:
    event = posted("zap", text, at, marks=("bot_id",), app="Zap", source=ZAP)
    return Posted(message=replace(event.message, role=Role.APP))


async def test_a_post_counts_once(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:

        async def counted() -> list[tuple[int, float]]:
            found = await house.store.read(lambda tx: tx.posts_of_sources(0.0))
            return [(one.posts, one.last_at) for one in found]

        await house.happen(posted("dana", "Can you help me with the export?", NINE + 10))
        await house.happen(post(NINE + 20))
        await house.happen(post(NINE + 20))
        assert await counted() == [(1, NINE + 20)], "delivered twice"
        await house.happen(posted("omar", "How do I reset the password of our account?", NINE + 5))
        assert await counted() == [(1, NINE + 20)], "what came before it came late, so that it was decided again"
        await house.happen(Edited(message=post(NINE + 20, "Thanks!").message, at=NINE + 30))
        assert await counted() == [(1, NINE + 20)], "it was edited"
        await house.happen(post(NINE + 15))
        assert await counted() == [(2, NINE + 20)], "a late one counts, too"


class Poisoned:
    """A judge that can't read anything."""

    def read(self, *_: object) -> object:
        raise RuntimeError("poisoned")


async def test_what_could_not_be_stored_does_not_count(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        context = house.engine.context
        house.engine.context = replace(context, judge=Poisoned())  # type: ignore[arg-type]
        with pytest.raises(RuntimeError):
            await house.happen(post(NINE))
        house.engine.context = context
        assert await house.store.read(lambda tx: tx.posts_of_sources(0.0)) == ()
        await house.happen(post(NINE))
        (one,) = await house.store.read(lambda tx: tx.posts_of_sources(0.0))
        assert one.posts == 1, "read back, it counts"
