"""For pytest: a small workspace that fails the test if the app offended Slack.

Use it with `from tests.slack_sandbox.fixtures import slack  # noqa: F401` or write your own around `FakeSlack.check`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.slack_sandbox.fake import FakeSlack


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A running fake on a clock that is moved by hand. The test fails if offences are left when it ends."""
    async with FakeSlack() as fake:
        yield fake
    fake.check()
