"""Trouble on order: what the Web API does next instead of answering properly, and what happens to events on their way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Mishap:
    """One kind of trouble for one method (or "*"), for the next `times` calls (None: until it is cleared)."""

    method: str
    times: int | None = 1
    status: int | None = None
    error: str | None = None
    retry_after: int | None = None
    rubbish: str | None = None
    dropped: bool = False
    accepted: bool = False
    """With `dropped`: the call is carried out, then the connection breaks without an answer."""
    gate: asyncio.Event | None = None
    seconds: float = 0.0
    late: float = 0.0
    """Seconds of real time between carrying the call out and answering it."""
    channel: str | None = None
    """Only calls that name this channel."""


@dataclass(kw_only=True)
class Trouble:
    """What is going to go wrong. Every method returns at once; the trouble comes with the next calls or events."""

    planned: list[Mishap] = field(default_factory=list)
    duplicates: int = 0
    shuffled: int = 0

    def ratelimit(self, method: str, *, retry_after: int = 1, times: int | None = 1, channel: str | None = None) -> None:
        """429 with Retry-After (seconds): https://docs.slack.dev/apis/web-api/rate-limits."""
        self.planned.append(Mishap(method=method, times=times, status=429, retry_after=retry_after, channel=channel))

    def fail(self, method: str, *, status: int = 500, times: int | None = 1) -> None:
        """A server error, nothing carried out."""
        self.planned.append(Mishap(method=method, times=times, status=status))

    def refuse(self, method: str, error: str, *, times: int | None = 1, channel: str | None = None) -> None:
        """`{"ok": false, "error": error}`: token_revoked, account_inactive, is_archived, not_in_channel ..."""
        self.planned.append(Mishap(method=method, times=times, error=error, channel=channel))

    def garble(self, method: str, *, body: str = "<html>Sign in to the network</html>", times: int | None = 1) -> None:
        """HTTP 200 with a body that isn't Slack's (a proxy's page, half an answer), nothing carried out."""
        self.planned.append(Mishap(method=method, times=times, rubbish=body))

    def drop(self, method: str, *, accepted: bool, times: int | None = 1) -> None:
        """The connection breaks without an answer: before (`accepted=False`) or after the call was carried out."""
        self.planned.append(Mishap(method=method, times=times, dropped=True, accepted=accepted))

    def delay(self, method: str, *, seconds: float = 0.0, times: int | None = 1) -> asyncio.Event:
        """A slow answer: after `seconds` of real time, or (0) when the event that is returned is set."""
        gate = asyncio.Event()
        self.planned.append(Mishap(method=method, times=times, gate=gate, seconds=seconds))
        return gate

    def linger(self, method: str, *, seconds: float, times: int | None = 1) -> None:
        """The call is carried out at once and answered after `seconds` of real time: room for the caller to die in between."""
        self.planned.append(Mishap(method=method, times=times, late=seconds))

    def duplicate(self, times: int = 1) -> None:
        """The next events come twice, under the same event_id."""
        self.duplicates += times

    def shuffle(self, count: int) -> None:
        """The next `count` events are held back and then come in reverse."""
        self.shuffled = count

    def clear(self) -> None:
        """Nothing more goes wrong; held answers are let go."""
        for mishap in self.planned:
            if mishap.gate is not None:
                mishap.gate.set()
        self.planned.clear()
        self.duplicates = self.shuffled = 0

    def next_for(self, method: str, channel: str | None) -> Mishap | None:
        """Takes what is planned next for a call, if anything."""
        for mishap in self.planned:
            if mishap.method in (method, "*") and mishap.channel in (None, channel):
                if mishap.times is not None:
                    mishap.times -= 1
                    if mishap.times <= 0:
                        self.planned.remove(mishap)
                return mishap
        return None
