"""`realreply discord invite` where Discord can't be asked whose the token is."""

from __future__ import annotations

from pathlib import Path

import pytest
from discord.http import Route

from bot.cli.discord import invite
from bot.errors import Unreachable

SETTINGS = """
[discord]
token = "env:DISCORD_TOKEN"
api = "http://127.0.0.1:9/api/v10"
gateway = "ws://127.0.0.1:9"
[[discord.guilds]]
id = "41771983423143937"
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    place = tmp_path / "config.toml"
    place.write_text(SETTINGS)
    return place


def test_without_a_network_it_says_what_can_be_done(config: Path) -> None:
    with pytest.raises(Unreachable) as failed:
        invite(config=config, app=None)
    said = str(failed.value)
    assert "couldn't be reached" in said and "pass --app ID" in said
    assert "is tried again" not in said, "nobody tries it again"


def test_with_the_apps_id_nobody_is_asked(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invite(config=config, app="77")
    said = capsys.readouterr().out
    assert "client_id=77" in said and "client_id=77&integration_type=1&scope=applications.commands" in said
    config.write_text(f"{SETTINGS}[reports]\nauto_dms = false\n")
    invite(config=config, app="77")
    assert "integration_type" not in capsys.readouterr().out
