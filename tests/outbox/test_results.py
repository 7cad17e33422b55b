"""What the team told customers is known in all channels and after a restart; it marks near-copies and decides nothing."""

from __future__ import annotations

from pathlib import Path

from bot.domain.context import Context
from bot.domain.events import Posted
from bot.domain.hours import ALWAYS
from bot.domain.messages import Message
from bot.domain.people import Role, Team
from bot.domain.reading import unpack
from bot.domain.rules import ChannelRules
from bot.domain.waits import Wait, WaitState
from bot.engine.engine import Engine
from bot.judge.standard import StandardJudge
from storage.sqlite.database import Database

FIRST = "Hi Dana, exports with more than 1000 rows are cut by the old version. Update the desktop app and run the export again."
COPY = "Hello Omar! Update the desktop app and run the export again: exports with more than 5000 rows are cut by the old version."
OWN = "Omar: the export stops at a row with a broken date, line 418 of your file. Correct it and everything comes through."


def an_engine() -> Engine:
    return Engine(
        context=Context(judge=StandardJudge(), hours_of=lambda _: ALWAYS),
        team=Team(members=frozenset({"ana"})),
        rules_of=lambda _: ChannelRules(),
        names_of=lambda person: (person.title(),),
    )


def post(channel: str, at: float, author: str, text: str) -> Posted:
    role = Role.MEMBER if author == "ana" else Role.CUSTOMER
    return Posted(message=Message(channel=channel, id=f"{at:.6f}", at=at, author=author, role=role, text=text))


async def after(path: Path, reply: str, *, restart: bool, to: str = "omar") -> Wait:
    """What becomes of a second customer's question, in another channel, when Ana replies to it."""
    async with await Database.open(path, unpack=unpack, synchronous="OFF") as store:
        engine = an_engine()
        before = [post("C1", 1e9, "dana", "why is my export cut off?"), post("C1", 1e9 + 60, "ana", FIRST)]
        then = [post("C2", 1e9 + 600, to, "where did half of my export go?"), post("C2", 1e9 + 660, "ana", reply)]
        for event in before:
            await engine.transact(store, lambda tx, event=event: engine.process(tx, event))  # type: ignore[misc]
        if restart:
            engine = an_engine()
        for event in then:
            await engine.transact(store, lambda tx, event=event: engine.process(tx, event))  # type: ignore[misc]
        waits = await store.read(lambda tx: list(tx.all_waits()))
    assert [wait.state for wait in waits] == [WaitState.ANSWERED, WaitState.ANSWERED]
    assert not waits[0].replies[0].canned
    return waits[1]


async def test_a_near_copy_is_marked_and_ends_the_wait_all_the_same(tmp_path: Path) -> None:
    wait = await after(tmp_path / "a.db", COPY, restart=False)
    assert wait.replies[0].canned


async def test_what_was_told_survives_a_restart(tmp_path: Path) -> None:
    wait = await after(tmp_path / "a.db", COPY, restart=True)
    assert wait.replies[0].canned


async def test_own_words_are_not_marked(tmp_path: Path) -> None:
    wait = await after(tmp_path / "a.db", OWN, restart=True)
    assert not wait.replies[0].canned


async def test_the_same_customer_may_be_told_twice(tmp_path: Path) -> None:
    wait = await after(tmp_path / "a.db", COPY.replace("Omar", "Dana"), restart=True, to="dana")
    assert not wait.replies[0].canned
