"""A flood of people whom Slack doesn't know leaves a log that can be read."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs
from bot.errors import Gone
from tests.adapters.slack.conftest import Script

PEOPLE = 2_000


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("info", stream, now=lambda: 0.0, later=lambda _, call: None)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def test_thousands_of_unknown_people_are_a_line_a_minute_with_their_number(slack: Script, written: io.StringIO) -> None:
    directory = await slack.directory()
    slack.answers["users.info"] = Gone("there is no such person")
    before = len(written.getvalue())
    for first in range(0, PEOPLE, 500):
        await directory.ensure(f"UNEW{number:06}" for number in range(first, first + 500))
    assert slack.count("users.info") == PEOPLE
    logging.getLogger().handlers[0].close()
    told = [json.loads(line) for line in written.getvalue()[before:].splitlines()]
    assert [line.get("times", 1) for line in told] == [1, PEOPLE - 1]
    assert len(written.getvalue()) - before < 1_000, "they were 2,000 lines, 600 KB"
