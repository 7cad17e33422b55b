"""The fake under test, and bots to drive it with."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_sandbox import FakeSlack
from tests.slack_sandbox.fixtures import slack

__all__ = ["slack"]


@pytest_asyncio.fixture
async def web(slack: FakeSlack) -> AsyncIterator[AsyncWebClient]:
    """The SDK's client, without its own retries."""
    yield AsyncWebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[], timeout=5)
