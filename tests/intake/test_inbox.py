"""Events in: grouped, committed, acknowledged; duplicates and poisoned events harm nobody."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

import pytest

from bot.domain.events import Deleted
from bot.domain.waits import WaitState
from bot.engine.engine import MOST_CHANNELS
from bot.errors import Stopping
from bot.intake.inbox import Inbox
from bot.waits.channel_state import ChannelState
from tests.runtime.simulated import CHANNEL, House, a_house, posted, wait_id
from tests.waits.world import HOUR, MINUTE, NINE


async def submit_all(house: House, *events: object) -> list[object]:
    running = asyncio.create_task(house.inbox.run())
    outcomes = await asyncio.gather(*(house.inbox.submit(event) for event in events), return_exceptions=True)  # type: ignore[arg-type]
    house.inbox.close()
    await running
    return list(outcomes)


async def test_an_event_is_committed_when_submit_returns(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        running = asyncio.create_task(house.inbox.run())
        await house.inbox.submit(posted("dana", "where is it?"))
        wait = await house.wait(wait_id())  # the reading connection sees only what is committed
        assert wait is not None and wait.open
        house.inbox.close()
        await running


async def test_the_same_message_delivered_twice_counts_once(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        asked = posted("dana", "where is it?", event="Ev1")
        first, again, other_envelope, same_envelope = await submit_all(
            house,
            asked,
            asked,
            posted("dana", "where is it?", event="Ev2"),
            posted("dana", "something else?", NINE + 5, event="Ev1"),
        )
        assert [outcome.new for outcome in (first, again, other_envelope, same_envelope)] == [True, False, False, False]  # type: ignore[attr-defined]
        wait = await house.wait(wait_id())
        assert wait is not None and wait.messages == (asked.message.id,)


async def test_duplicates_are_known_after_a_restart(tmp_path: Path) -> None:
    asked = posted("dana", "where is it?")
    async with a_house(tmp_path / "a.db") as house:
        await submit_all(house, asked)
    async with a_house(tmp_path / "a.db") as house:
        (outcome,) = await submit_all(house, asked)
        assert outcome.new is False  # type: ignore[attr-defined]


async def test_a_channel_is_rebuilt_from_storage_alone(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await submit_all(house, posted("dana", "where is it?"), posted("omar", "and mine?", NINE + 1))
    async with a_house(tmp_path / "a.db") as house:
        await submit_all(house, posted("ana", "Dana in Rotterdam", NINE + MINUTE))
        dana, omar = await house.wait(wait_id()), await house.wait(wait_id(NINE + 1))
        assert dana is not None and dana.state is WaitState.ANSWERED
        assert omar is not None and omar.open


async def test_an_old_wait_is_found_by_its_message_when_it_has_left_memory(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        chatter = [posted("omar", "nice weather", NINE + 10 + n) for n in range(250)]
        await submit_all(house, posted("dana", "where is it?"), posted("ana", "Dana here", NINE + 5), *chatter)
    async with a_house(tmp_path / "a.db") as house:
        await submit_all(house, Deleted(channel=CHANNEL, id=f"{NINE + 5:.6f}", at=NINE + HOUR))
        wait = await house.wait(wait_id())
        assert wait is not None and wait.open, "its answer was deleted"


async def test_a_poisoned_event_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_house(tmp_path / "a.db") as house:
        judge = house.engine.context.judge
        read = judge.read

        def poisoned(message: object, names: object) -> object:
            if "poison" in message.text:  # type: ignore[attr-defined]
                raise RuntimeError("poisoned")
            return read(message, names)  # type: ignore[arg-type]

        monkeypatch.setattr(judge, "read", poisoned)
        before, bad, after = await submit_all(
            house,
            posted("dana", "where is it?"),
            posted("omar", "poison?", NINE + 1),
            posted("ana", "Dana in Rotterdam", NINE + 2),
        )
        assert before.new and after.new  # type: ignore[attr-defined]
        assert isinstance(bad, RuntimeError)
        dana = await house.wait(wait_id())
        assert dana is not None and dana.state is WaitState.ANSWERED
        assert await house.wait(wait_id(NINE + 1)) is None
        # Nothing of it was kept, its key included: the platform may deliver it again.
        monkeypatch.setattr(judge, "read", read)
        house.inbox = Inbox(house.engine, house.store)
        (again,) = await submit_all(house, posted("omar", "poison?", NINE + 1))
        assert again.new  # type: ignore[attr-defined]


async def test_a_failed_commit_acknowledges_nothing_and_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_house(tmp_path / "a.db") as house:
        transact = house.store.transact

        async def failing(work: object) -> object:
            def then_fail(tx: object) -> object:
                work(tx)  # type: ignore[operator]
                raise OSError("the disk is full")

            return await transact(then_fail)

        monkeypatch.setattr(house.store, "transact", failing)
        (outcome,) = await submit_all(house, posted("dana", "where is it?"))
        assert isinstance(outcome, OSError)
        monkeypatch.setattr(house.store, "transact", transact)
        house.inbox = Inbox(house.engine, house.store)
        (again,) = await submit_all(house, posted("dana", "where is it?"))
        assert again.new  # type: ignore[attr-defined]
        wait = await house.wait(wait_id())
        assert wait is not None and len(wait.messages) == 1


async def test_cancelling_the_submitter_loses_nothing(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        running = asyncio.create_task(house.inbox.run())
        task = asyncio.create_task(house.inbox.submit(posted("dana", "where is it?")))
        await asyncio.sleep(0)
        task.cancel()
        house.inbox.close()
        await running
        assert await house.wait(wait_id()) is not None


async def test_a_closed_inbox_refuses_loudly(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        house.inbox.close()
        with pytest.raises(Stopping, match="being stopped"):
            await house.inbox.submit(posted("dana", "where is it?"))


async def test_the_inbox_says_when_something_falls_due(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        dues: list[float] = []
        house.inbox = Inbox(house.engine, house.store, on_due=dues.append)
        await submit_all(house, posted("dana", "where is it?"), posted("omar", "nice weather", NINE + 1))
        assert dues == [NINE + 10 * MINUTE]


async def test_many_channels_are_kept_in_bounded_memory(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        events = [posted("dana", "where is it?", channel=f"local:many:{n}") for n in range(MOST_CHANNELS + 36)]
        await submit_all(house, *events)
        gc.collect()
        kept = [one for one in gc.get_objects() if isinstance(one, ChannelState) and one.key.startswith("local:many:")]
        assert len(kept) == MOST_CHANNELS
        house.inbox = Inbox(house.engine, house.store)
        await submit_all(house, posted("ana", "Dana here", NINE + 5, channel="local:many:0"))
        wait = await house.wait(wait_id(channel="local:many:0"))
        assert wait is not None and wait.state is WaitState.ANSWERED
