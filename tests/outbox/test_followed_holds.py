"""Holds that began before posts followed them to their end are followed once, after an upgrade."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.events import Acted
from bot.outbox.followed_holds import follow_holds
from tests.outbox.test_address_queues import TEN, reminded
from tests.runtime.simulated import CHANNEL, House, a_house, wait_id
from tests.waits.world import HOUR, MINUTE


async def claimed_under_an_earlier_version(house: House) -> None:
    """Its update says that Ana is on it, and nothing is due when that ends; the next reminder is far away."""
    await reminded(house)
    await house.happen(Acted(channel=CHANNEL, wait=wait_id(), verb="claim", by="ana", at=TEN + MINUTE))
    await house.step(TEN + MINUTE)
    forget = "DELETE FROM outgoing WHERE state = 'pending'"
    await house.store.writer.run(lambda connection: connection.execute(forget))
    house.courier.updates.clear()


@pytest.mark.parametrize("after", [HOUR, 3 * HOUR])
async def test_the_post_of_a_hold_that_began_before_the_upgrade_follows_its_end(tmp_path: Path, after: float) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await claimed_under_an_earlier_version(house)
        started = TEN + after
        await house.store.transact(lambda tx: follow_holds(tx, started))
        await house.drain(TEN + 2 * HOUR)
        assert house.courier.updates == [], "Ana is still on it"
        await house.drain(TEN + 3 * HOUR + MINUTE)
        assert [ref for ref, _ in house.courier.updates] == ["post-1"], "the claim has run out"
        await house.store.transact(lambda tx: follow_holds(tx, TEN + 4 * HOUR))
        await house.drain(TEN + 5 * HOUR)
        assert len(house.courier.updates) == 1, "once"
