"""Slack's Web API: one call in, a dict or one of the bot's own errors out. The SDK retries nothing by itself."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import failures
from adapters.slack.pace import PER_MINUTE, Pace
from adapters.slack.skew import ClockWatch
from bot.domain.durations import Seconds
from bot.errors import DeliveryError, RetryLater
from bot.ports import Clock, Sleep

ADDRESS: Final = "https://slack.com/api/"

MOST_TRIES: Final = 6
"""How often a patient call is made at most. With Slack's pauses of a minute or less that is several minutes."""

LONGEST_PATIENCE: Final[Seconds] = 300.0
"""A patient call doesn't wait longer than this at once; a longer pause is passed on to the caller."""

_WHERE: Final = ("channel", "user", "usergroup", "view_id", "channel_id")
"""Arguments that hold an id fit for a sentence."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiResponse:
    """What came back from a method. `headers` take a name in any case."""

    data: dict[str, Any]
    headers: Mapping[str, str]


class Web:
    """The one way to Slack's methods. `clock` and `sleep` are what patient calls wait with; `timeout` is in seconds per call.

    Arguments go as a form, which every method takes; lists and dicts in it as JSON (docs.slack.dev, /apis/web-api).
    """

    def __init__(
        self, token: str, *, clock: Clock, sleep: Sleep = asyncio.sleep, base_url: str = ADDRESS, timeout: Seconds = 30.0
    ) -> None:
        # The SDK's logger writes requests and answers, messages and all, when it is set to DEBUG: nobody may read those.
        quiet = logging.getLogger("adapters.slack.sdk")
        quiet.setLevel(logging.INFO)
        self.client = AsyncWebClient(token=token, base_url=base_url, retry_handlers=[], timeout=int(timeout), logger=quiet)
        self._timeout = timeout
        self._clock = clock
        self._sleep = sleep
        self._paces: dict[str, Pace] = {}
        self._clock_watch = ClockWatch()

    async def close(self) -> None:
        """Close the connections. The next call would open new ones."""
        session, self.client.session = self.client.session, None
        if session is not None:
            await session.close()

    async def call(self, method: str, *, patient: bool = False, **arguments: Any) -> dict[str, Any]:
        """Call a method and give its answer. Arguments that are None are left out.

        Raises RetryLater, Gone, Forbidden, Rejected or AccessLost (see failures). `patient` is for reading in quantity, at the
        start and after a gap: it keeps to Slack's rate and waits out what RetryLater asks for, `MOST_TRIES` times at most.
        """
        pace = self._pace(method)
        if not patient:
            if pace is not None:
                pace.take()
            return (await self._once(method, arguments)).data
        tries = 0
        while True:
            if pace is not None:
                await pace.turn()
            tries += 1
            try:
                return (await self._once(method, arguments)).data
            except RetryLater as error:
                if tries >= MOST_TRIES or error.after > LONGEST_PATIENCE:
                    raise
                say = "Slack can't be asked just now; it is asked again after a pause. The reason says what to look at."
                log.info("slack_waits", say=say, method=method, after=error.after, reason=str(error))
                await self._sleep(error.after)

    async def ask(self, method: str, **arguments: Any) -> ApiResponse:
        """Call a method once, at once, for what its headers tell. Raises as `call` does."""
        return await self._once(method, arguments)

    def _pace(self, method: str) -> Pace | None:
        per_minute = PER_MINUTE.get(method)
        if per_minute is None:
            return None
        pace = self._paces.get(method)
        if pace is None:
            pace = self._paces[method] = Pace(per_minute, clock=self._clock, sleep=self._sleep)
        return pace

    async def _once(self, method: str, arguments: dict[str, Any]) -> ApiResponse:
        if self.client.session is None or self.client.session.closed:
            self.client.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._timeout))
        where = next((found for key in _WHERE if isinstance(found := arguments.get(key), str)), "")
        form = {key: _written(given) for key, given in arguments.items() if given is not None}
        failure: DeliveryError
        try:
            answer = await self.client.api_call(method, data=form)
            if isinstance(answer.data, dict):
                self._clock_watch.answered(answer.headers.get("Date"), self._clock.now())
                return ApiResponse(data=answer.data, headers=answer.headers)
            failure = failures.bad_status(method, answer.status_code, None, where=where)
        except SlackApiError as error:
            failure = of_answer(method, error.response, where=where)
        except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError, ValueError, TypeError, AttributeError) as error:
            # The last three are what the SDK runs into with a body that is JSON but no object, or no text.
            failure = failures.broken(method, error, where=where)
        # Not chained: the SDK's errors hold the request, and with it the token.
        raise failure


def _written(given: Any) -> str:
    """An argument as a form takes it."""
    if isinstance(given, bool):
        return "true" if given else "false"
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)


def of_answer(method: str, response: Any, *, where: str) -> DeliveryError:
    """The error for an answer that the SDK takes for a failure: an AsyncSlackResponse, or aiohttp's when the body was no JSON."""
    found = getattr(response, "status_code", None) or getattr(response, "status", None)
    status = found if isinstance(found, int) else 0
    headers = getattr(response, "headers", None) or {}
    retry_after = headers.get("Retry-After")
    data = getattr(response, "data", None)
    if status == 429:
        return failures.too_fast(method, retry_after, where=where)
    if isinstance(data, dict) and "error" in data and status < 500:
        return failures.refused(
            method, data["error"], where=where, needed=data.get("needed"), detail=_detail(data.get("response_metadata"))
        )
    return failures.bad_status(method, status, retry_after, where=where)


def _detail(metadata: object) -> str:
    """Slack's remarks on a refused payload ("[ERROR] must be less than 3001 characters"), which name fields, not contents."""
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    return "; ".join(str(message)[:200] for message in messages[:3]) if isinstance(messages, list) else ""
