"""Every scenario on every platform, alone and beside another one. A scenario that one platform can't play says so with `only`,
one about the end of the last platform with `alone`; its setup is `setup(...)`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.scenario import words
from tests.scenario.both_stage import both_stage
from tests.scenario.discord_stage import discord_stage
from tests.scenario.local_stage import local_beside_town, local_stage
from tests.scenario.reports import is_of_a_report
from tests.scenario.slack_stage import slack_beside_town, slack_stage
from tests.scenario.stage import Setup, Stage
from tests.thorough import THOROUGH

PLATFORMS = {
    "slack": slack_stage,
    "local": local_stage,
    "discord": discord_stage,
    "slack beside town": slack_beside_town,
    "local beside town": local_beside_town,
}
"""How each platform puts up its stage. A further one is added here."""

TOGETHER = {"slack and discord": both_stage}
"""Two platforms at once, for scenarios about that (`together`), and for the most important of all others."""

TOGETHER_TOO = ("test_reminding", "test_passing_on")
"""The modules whose scenarios are played on two platforms at once, too. They act on Discord, while Slack is there beside it. Of
the others only those about two platforms are played on Slack beside a town; `make soak` plays all of them there (thorough.py)."""

TEXTLESS = ("slack beside town", "local beside town")
"""Where every scenario is played with `text = "never"`, too: all but those about quotes, whose setup says what is kept."""

FIXED = "This is a tool of the team here, and it has nothing to show you."
ABOUT = "I'm a tool of the team here: I help them notice who is still waiting"
"""What the only things hold that somebody off the team may be shown."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "setup(**what): how the stage differs from the default, see stage.Setup")
    config.addinivalue_line("markers", "alone: not beside another platform")
    config.addinivalue_line("markers", "beside: only beside another platform")
    config.addinivalue_line("markers", "together: on two platforms at once, and nowhere else")
    config.addinivalue_line("markers", "only(*platforms): the platforms that have what this scenario is about")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "stage" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("only")
        wanted = only.args if only is not None else {name.partition(" beside ")[0] for name in PLATFORMS}
        names = [name for name in PLATFORMS if name.partition(" beside ")[0] in wanted]
        if metafunc.definition.get_closest_marker("alone") is not None:
            names = [name for name in names if " beside " not in name]
        if metafunc.definition.get_closest_marker("beside") is not None:
            names = [name for name in names if " beside " in name]
        elif not THOROUGH and metafunc.module.__name__.rpartition(".")[2] not in TOGETHER_TOO:
            names = [name for name in names if name != "slack beside town"]
        if metafunc.definition.get_closest_marker("together") is not None:
            names = list(TOGETHER)
        elif only is None and metafunc.module.__name__.rpartition(".")[2] in TOGETHER_TOO:
            names += TOGETHER
        metafunc.parametrize("platform", names)


@pytest_asyncio.fixture
async def stage(
    platform: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """The stage, set up and running. Afterwards: nothing was written where somebody reads it who isn't on the team, and no words
    are left in any file but those of who waits, which are in the database alone; with `text = "never"` none, not even before."""
    marker = request.node.get_closest_marker("setup")
    setup = Setup(
        **{"text": "never" if platform in TEXTLESS else "while_waiting", **(marker.kwargs if marker is not None else {})}
    )
    async with (PLATFORMS | TOGETHER)[platform](setup, tmp_path, monkeypatch) as put_up:
        yield put_up
        if setup.text == "never":
            assert words.found(tmp_path.rglob("*"), put_up.said) == [], "words are in a file while the bot runs"
        leaked = [said for said in put_up.seen_outside() if FIXED not in said and ABOUT not in said and not is_of_a_report(said)]
        assert leaked == [], "the bot wrote where somebody reads it who isn't on the team"
    kept = words.kept(put_up.path)
    elsewhere = [file for file in tmp_path.rglob("*") if file != put_up.path]
    assert words.found([put_up.path], put_up.said, allowed=kept) == [], "words of somebody who doesn't wait are left"
    assert words.found(elsewhere, put_up.said) == [], "words are left beside the database"
