"""A small part of `make attack`: the same attacks, over in less than a minute."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.attacks.counted import Counted
from tests.attacks.leftovers import bytes_left
from tests.attacks.renewal import renewed_now_and_then
from tests.attacks.storm import stormed
from tests.attacks.weather import Mode, weathered

pytestmark = pytest.mark.slow


def wrong(counted: Counted) -> dict[str, int]:
    """What ought to be nothing and isn't."""
    print(counted)
    return {name: count for name, count in counted.figures.items() if count}


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_in_all_weathers_nothing_is_lost_doubled_or_left(tmp_path: Path, mode: Mode) -> None:
    counted = await weathered(tmp_path, mode=mode, messages=100, seed=4)
    assert wrong(counted) == {}
    assert counted.messages >= 100 and counted.posts > 5 and len(counted.troubles) > 6, "there was no weather"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are started by fork")
async def test_the_real_process_in_a_storm_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    counted = await stormed(tmp_path, messages=24, seed=2)
    assert wrong(counted) == {}
    assert counted.messages >= 24 and counted.troubles["kill -9"] >= 1, "there was no storm"


async def test_reminders_are_hardly_late_while_a_connection_is_renewed(tmp_path: Path) -> None:
    found = await renewed_now_and_then(tmp_path, channels=10, messages=100, questions=40, every=600)
    print(found)
    assert found.renewals > 3 and found.never == 0
    assert found.share(0.99) <= 5


def test_words_that_are_left_are_found(tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / "a.db").write_bytes(b"\0\0container00012x\0container00012x")
    (tmp_path / "a.db").write_bytes(b"nothing")
    assert bytes_left(tmp_path, ["container00012x", "container00013x"]) == {"copies/a.db": 30}
