"""Every scenario on every platform. A scenario that one platform can't play says so with `only`; its setup is `setup(...)`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.scenario.local_stage import local_stage
from tests.scenario.slack_stage import slack_stage
from tests.scenario.stage import Setup, Stage

PLATFORMS = {"slack": slack_stage, "local": local_stage}
"""How each platform puts up its stage. A further one is added here."""

FIXED = "This is a tool of the team here, and it has nothing to show you."
ABOUT = "I'm a tool of the team here: I help them notice who is still waiting"
"""What the only things hold that somebody off the team may be shown."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "setup(**what): how the stage differs from the default, see stage.Setup")
    config.addinivalue_line("markers", "only(*platforms): the platforms that have what this scenario is about")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "stage" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("only")
        metafunc.parametrize("platform", only.args if only is not None else list(PLATFORMS))


@pytest_asyncio.fixture
async def stage(
    platform: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """The stage, set up and running. Afterwards: nothing was written where somebody reads it who isn't on the team."""
    marker = request.node.get_closest_marker("setup")
    setup = Setup(**(marker.kwargs if marker is not None else {}))
    async with PLATFORMS[platform](setup, tmp_path, monkeypatch) as put_up:
        yield put_up
        leaked = [said for said in put_up.seen_outside() if FIXED not in said and ABOUT not in said]
        assert leaked == [], "the bot wrote where somebody reads it who isn't on the team"
