"""kill -9 of `realreply run` on Discord, at any instant, loses nothing and doubles nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.process import discord_ordeal

KILLS = 6
"""Each life reads its channels back first. `make soak` kills it a hundred times."""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are started by fork")
def test_realreply_run_that_is_killed_again_and_again_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    report = discord_ordeal.run(tmp_path, kills=KILLS, seed=7)
    print(report)
    assert report.wrong == []
    assert report.kills >= KILLS
    assert report.reminders > 2 and report.messages > 8, "there was something to lose"
    assert report.on_their_way >= 1, "no kill came while a message was on its way: the test tried nothing"
    assert report.unheard >= 1, "Discord never took a post of which we didn't hear: the test tried nothing"
