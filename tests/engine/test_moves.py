"""A channel goes by another key while messages, events and clicks are under way."""

from __future__ import annotations

from pathlib import Path

from bot.domain.events import Acted, Deleted
from bot.domain.moves import ChannelMove
from bot.domain.outgoing import Address
from bot.domain.waits import HoldKind, WaitState
from bot.ports import Transaction
from tests.runtime.simulated import CHANNEL, House, a_house, posted, wait_id
from tests.waits.world import HOUR, MINUTE, NINE

DESK = "local:harbor:desk"
MOVED = f"{DESK}/{wait_id().partition('/')[2]}"


async def move(house: House, old: str = CHANNEL, new: str = DESK, at: float = NINE) -> None:
    await house.engine.transact(house.store, lambda tx: house.engine.move(tx, ChannelMove(old=old, new=new, at=at)))


async def test_a_reminder_that_is_on_its_way_is_followed_by_the_next_rung(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        due = await house.next_due()
        assert due is not None

        async def meanwhile() -> None:
            await move(house)

        house.courier.meanwhile = meanwhile
        await house.step(due)
        house.courier.meanwhile = None
        sent = await house.store.read(lambda tx: tx.sent_reminders(MOVED))
        assert [reminder.step for reminder in sent] == [0]
        pending = await house.store.read(lambda tx: tx.pending(MOVED))
        assert pending is not None and pending.step == 1
        await house.happen(posted("ana", "It is on the quay.", due + 5 * MINUTE, channel=DESK))
        await house.drain(due + 10 * HOUR)
        assert len(house.courier.posts) == 1
        assert [view.fallback for _, view in house.courier.updates][-1:] == ["dana: answered"]


async def test_a_post_in_a_channel_that_moves_is_found_where_it_is(tmp_path: Path) -> None:
    """The team's own channel moves while a message is on its way there."""
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        due = await house.next_due()
        assert due is not None

        async def meanwhile() -> None:
            await move(house, "local:harbor:team", "local:harbor:crew")

        house.courier.meanwhile = meanwhile
        await house.step(due)

        def place(tx: Transaction) -> Address | None:
            post = tx.post(1)
            return None if post is None else post.address

        assert await house.store.transact(place) == Address("local", "channel", "crew")


async def test_a_row_that_is_looked_at_again_knows_its_wait(tmp_path: Path) -> None:
    """It was leased with the wait's earlier id."""
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        await move(house)
        found = await house.store.transact(lambda tx: house.engine.waits(tx, [wait_id(), MOVED, "nowhere/1"]))
        assert {asked: wait.id for asked, wait in found.items()} == {wait_id(): MOVED, MOVED: MOVED}
        one = await house.store.transact(lambda tx: house.engine.wait(tx, wait_id()))
        assert one is not None and one.id == MOVED


async def test_events_and_deeds_under_the_old_key_are_the_channels(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        asked = posted("dana", "Ana, where is it?")
        await house.happen(asked)
        await move(house)
        await house.happen(asked)
        await house.happen(Acted(channel=CHANNEL, wait=wait_id(), verb="claim", by="ana", at=NINE + MINUTE))
        (wait,) = await house.store.read(lambda tx: list(tx.all_waits()))
        assert wait.id == MOVED and wait.hold is not None and wait.hold.kind is HoldKind.CLAIM
        await house.happen(posted("ana", "It is on the quay.", NINE + 2 * MINUTE))
        (wait,) = await house.store.read(lambda tx: list(tx.all_waits()))
        assert wait.state is WaitState.ANSWERED
        assert await house.store.read(lambda tx: tx.channels()) == (DESK,)


async def test_a_move_that_isnt_committed_leaves_everything_where_it_is(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"))

        def fails(tx: Transaction) -> None:
            house.engine.move(tx, ChannelMove(old=CHANNEL, new=DESK, at=NINE))
            raise RuntimeError("no")

        try:
            await house.engine.transact(house.store, fails)
        except RuntimeError:
            await house.engine.transact(house.store, house.engine.recall)
        await house.happen(posted("ana", "It is on the quay.", NINE + MINUTE))
        (wait,) = await house.store.read(lambda tx: list(tx.all_waits()))
        assert (wait.id, wait.state) == (wait_id(), WaitState.ANSWERED)


async def test_what_came_under_the_new_key_before_that_was_known_takes_its_place(tmp_path: Path) -> None:
    """A deletion of what was known, and a channel that is in memory under both keys."""
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "Ana, and mine?", NINE + 1))
        await house.happen(posted("kim", "hello?", NINE + 2, channel=DESK))
        first = wait_id().partition("/")[2]
        await house.happen(Deleted(channel=DESK, id=first, at=NINE + 3))
        assert len(await house.store.read(lambda tx: tx.open_waits(10))) == 3
        await move(house, at=NINE + 10)
        waits = {wait.customer: wait.state for wait in await house.store.read(lambda tx: list(tx.all_waits()))}
        assert waits == {"dana": WaitState.WITHDRAWN, "omar": WaitState.WAITING, "kim": WaitState.WAITING}
        assert await house.store.transact(lambda tx: tx.channel(DESK, 10).early) == ()
        await house.happen(posted("ana", "Omar, yours is on the quay.", NINE + MINUTE, channel=DESK))
        waits = {wait.customer: wait.state for wait in await house.store.read(lambda tx: list(tx.all_waits()))}
        assert waits["omar"] is WaitState.ANSWERED
