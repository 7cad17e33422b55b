"""HTTP mode: requests to the app's own URL, signed as Slack signs them.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from tests.sandbox.clock import Clock
from tests.slack_sandbox.model import Json


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A request as it went out, for sending it again."""

    headers: dict[str, str]
    body: bytes


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`v0=` and the HMAC-SHA256 of `v0:timestamp:body`."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    """Body and content type: events are JSON, commands a form, interactions a form with one `payload`."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


class Push:
    """Sends to `target`. `wrong_signature` and `age` (seconds) spoil the next requests."""

    def __init__(self, *, secret: str, clock: Clock, real_timestamps: bool = True) -> None:
        self.secret = secret
        self.clock = clock
        self.target: str | None = None
        self.wrong_signature = False
        self.age = 0.0
        self.real_timestamps = real_timestamps
        """The SDK's verifier compares with the machine's clock, whatever the fake's clock shows."""
        self.sent: list[Sent] = []
        self._session: aiohttp.ClientSession | None = None

    def signed(self, body: bytes, content_type: str) -> dict[str, str]:
        """The headers Slack sends along."""
        stamp = str(int((time.time() if self.real_timestamps else self.clock.now()) - self.age))
        secret = "not-" + self.secret if self.wrong_signature else self.secret
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(secret, stamp, body),
        }

    async def session(self) -> aiohttp.ClientSession:
        """One session, made when first needed."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self._session

    async def send(self, kind: str, payload: Json, *, attempt: int, reason: str, seconds: float) -> tuple[str, Json]:
        """One request; ("", the answer), or why it failed. The answer's key "no_retry" tells that x-slack-no-retry was set."""
        body, content_type = encoded(kind, payload)
        headers = self.signed(body, content_type)
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        sent = Sent(headers=headers, body=body)
        self.sent.append(sent)
        return await self._request(sent, seconds)

    async def _request(self, sent: Sent, seconds: float) -> tuple[str, Json]:
        if self.target is None:
            return "connection_failed", {}
        session = await self.session()
        try:
            async with asyncio.timeout(seconds):
                async with session.post(self.target, data=sent.body, headers=sent.headers) as response:
                    text = await response.text()
                    if response.status // 100 != 2:
                        return "http_error", {
                            "no_retry": response.headers.get("x-slack-no-retry") == "1",
                            "status": response.status,
                        }
        except TimeoutError:
            return "http_timeout", {}
        except aiohttp.ClientError:
            return "connection_failed", {}
        if not text.strip():
            return "", {}
        try:
            answer = json.loads(text)
        except ValueError:
            return "", {"text": text}
        return "", answer if isinstance(answer, dict) else {"text": text}

    async def replay(self, number: int = -1, *, seconds: float = 3.0) -> tuple[str, Json]:
        """Sends an earlier request again, byte for byte, signature and time included."""
        return await self._request(self.sent[number], seconds)

    async def verify(self, *, seconds: float = 3.0) -> bool:
        """The url_verification challenge: https://docs.slack.dev/reference/events/url_verification."""
        challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
        payload: Json = {"token": "fake-verification-token", "challenge": challenge, "type": "url_verification"}
        failed, answer = await self.send("events_api", payload, attempt=0, reason="", seconds=seconds)
        return not failed and challenge in (answer.get("challenge"), answer.get("text"))

    async def close(self) -> None:
        """Closes the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None
