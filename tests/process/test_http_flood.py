"""`realreply run` in HTTP mode with few files, and every kind of unsigned trouble at once: Slack's events still come in."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.process import http_flood


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory and waiting are read from /proc")
async def test_trouble_from_strangers_costs_little_and_keeps_no_event_out(tmp_path: Path) -> None:
    (trouble,) = await http_flood.run(tmp_path, http_flood.QUICK)
    print(trouble)
    assert trouble.wrong == []
    assert {0, 400, 401, 413} <= set(trouble.answers), "some kind of trouble was never made"
