"""The engine over storage: the same decisions live, in replay and after a restart; bounded memory."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.archives.slack_export import open_archive
from bot.domain.context import Context
from bot.domain.events import Event, Posted
from bot.domain.hours import ALWAYS
from bot.domain.messages import Message
from bot.domain.people import Role, Team
from bot.domain.reading import unpack
from bot.domain.rules import ChannelRules
from bot.domain.waits import ENDED_CAPACITY, OPEN_CAPACITY, Wait
from bot.engine.engine import Engine
from bot.intake.inbox import Inbox
from bot.intake.replay import Replay
from bot.judge.standard import StandardJudge
from bot.waits.availability import ROUND_THE_CLOCK
from storage.sqlite.database import Database
from tests.runtime.simulated import CHANNEL, a_house, posted, wait_id
from tests.waits.world import LADDER, MINUTE, NINE

HARBOR = Path(__file__).parents[2] / "examples" / "harbor-export"
TEAM = ("Ana", "Ben", "Mia", "Theo")


def harbor() -> tuple[list[Event], Engine]:
    """The shipped example's events, and an engine that knows its people."""
    archive = open_archive(HARBOR)
    members = frozenset(person.id for person in archive.people.values() if person.names[0] in TEAM)

    def role(person: str, message: Message) -> Role:
        return Role.MEMBER if person in members else Role.CUSTOMER

    events = list(archive.events(role=role, channels=("*",), problem=surprise))
    engine = Engine(
        context=Context(judge=StandardJudge(), hours_of=lambda _: ALWAYS),
        team=Team(members=members),
        rules_of=lambda _: ChannelRules(steps=LADDER),
        names_of=lambda person: archive.people[person].names if person in archive.people else (),
    )
    return events, engine


def surprise(problem: object) -> None:
    """The shipped example has no problems."""
    raise AssertionError(str(problem))


async def all_waits(store: Database) -> list[Wait]:
    """All waits, but for who was asked about what may be an answer: where no reminder leaves nobody is."""
    waits = await store.read(lambda tx: list(tx.all_waits()))
    return [
        replace(wait, possible_answer=replace(wait.possible_answer, asked=())) if wait.possible_answer is not None else wait
        for wait in waits
    ]


async def test_live_replay_and_a_house_that_restarts_all_the_time_decide_alike(tmp_path: Path) -> None:
    events, engine = harbor()
    async with await Database.open(tmp_path / "replay.db", unpack=unpack, synchronous="OFF") as store:
        await Replay(engine, store, quiet=ROUND_THE_CLOCK, problem=surprise).run(events, until=0)
        replayed = await all_waits(store)
    assert len(replayed) > 20

    _, engine = harbor()
    async with await Database.open(tmp_path / "live.db", unpack=unpack, synchronous="OFF") as store:
        inbox = Inbox(engine, store)
        running = asyncio.create_task(inbox.run())
        await asyncio.gather(*(inbox.submit(event) for event in events))
        inbox.close()
        await running
        assert await all_waits(store) == replayed

    async with await Database.open(tmp_path / "restarts.db", unpack=unpack, synchronous="OFF") as store:
        for event in events:
            _, engine = harbor() if event is events[0] else (None, _forgetful(engine))
            await engine.transact(store, lambda tx, event=event, engine=engine: engine.process(tx, event))  # type: ignore[misc]
        assert await all_waits(store) == replayed


def _forgetful(engine: Engine) -> Engine:
    """An engine as it is after a restart: nothing cached."""
    return Engine(context=engine.context, team=engine.team, rules_of=engine.rules_of, names_of=engine.names_of)


async def test_a_channel_where_nobody_ever_answers_stays_bounded_in_memory(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        events = [posted(f"customer{n}", "where is it?", NINE + n) for n in range(3 * OPEN_CAPACITY)]
        await house.happen(*events)
        state = await house.store.read(lambda tx: house.engine.state(tx, CHANNEL))
        assert len(state.waits) == OPEN_CAPACITY and len(state.window) == 200
        # The oldest is still open in storage, and a reply that refers to it finds it there.
        answer = posted("ana", "here it is", NINE + 10 * MINUTE, reply_to=f"{NINE:.6f}")
        await house.happen(answer)
        wait = await house.wait(wait_id())
        assert wait is not None and not wait.open


async def test_ended_waits_stay_bounded_in_memory(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        events: list[Event] = []
        for n in range(3 * ENDED_CAPACITY):
            events.append(posted("dana", "where is it?", NINE + 10 * n))
            events.append(posted("ana", "Dana here", NINE + 10 * n + 5))
        await house.happen(*events)
        state = await house.store.read(lambda tx: house.engine.state(tx, CHANNEL))
        assert len(state.waits) == ENDED_CAPACITY


async def test_a_poisoned_message_costs_a_replay_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its group is rolled back and done again: nothing of it may be counted or stored twice, or be missing."""
    events, engine = harbor()
    bad = next(event for event in events[20:] if isinstance(event, Posted) and "?" in event.message.text)
    without = [event for event in events if event.key.message != bad.message.id]
    async with await Database.open(tmp_path / "without.db", unpack=unpack, synchronous="OFF") as store:
        expected = await Replay(engine, store, quiet=ROUND_THE_CLOCK, problem=surprise).run(without, until=0)
        waits = await all_waits(store)

    _, engine = harbor()
    judge = engine.context.judge
    read = judge.read

    def poisoned(message: Message, names: object) -> object:
        if message.id == bad.message.id:
            raise RuntimeError("poisoned")
        return read(message, names)  # type: ignore[arg-type]

    monkeypatch.setattr(judge, "read", poisoned)
    problems: list[object] = []
    kept = [event for event in events if event is bad or event in without]
    async with await Database.open(tmp_path / "poisoned.db", unpack=unpack, synchronous="OFF") as store:
        progress = await Replay(engine, store, quiet=ROUND_THE_CLOCK, problem=problems.append).run(kept, until=0)
        assert await all_waits(store) == waits
    assert [bad.message.id in str(problem) for problem in problems] == [True]
    assert (progress.failed, progress.messages, progress.duplicates) == (1, expected.messages + 1, 0)
    assert progress.reminders == expected.reminders > 0
