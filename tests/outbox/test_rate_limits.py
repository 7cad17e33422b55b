"""One message a second to each address, whatever the machine's clock is set to."""

from __future__ import annotations

import pytest

from bot.domain.outgoing import Address
from bot.outbox.rate_limits import RateLimits
from tests.runtime.simulated import HandClock
from tests.waits.world import DAY

TO = Address("local", "channel", "team")


@pytest.mark.parametrize("set_back", [DAY, -DAY])
async def test_a_clock_that_is_set_holds_nothing_up_and_lets_nothing_hurry(set_back: float) -> None:
    clock = HandClock()
    limits = RateLimits(clock, clock.sleep)
    await limits.turn(TO)
    clock.set_back(set_back)
    assert limits.wait(TO) == pytest.approx(1.0)
    before = clock.elapsed()
    assert await limits.turn(TO)
    assert clock.elapsed() - before == pytest.approx(1.0)


async def test_a_pause_that_the_platform_asked_for_lasts_as_long_as_it_said() -> None:
    clock = HandClock()
    limits = RateLimits(clock, clock.sleep)
    limits.pause(TO, 30)
    clock.set_back(DAY)
    limits.pause(TO, 10)  # a shorter one takes nothing off
    assert limits.wait(TO) == pytest.approx(30)
