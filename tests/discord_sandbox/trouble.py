"""Trouble on order: what the API does next instead of answering properly, and what happens to events on their way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tests.discord_sandbox.model import Json


@dataclass(kw_only=True)
class Mishap:
    """One kind of trouble for requests of one method and route ("POST /channels/*/messages"), "*" for all, for the next `times`
    (None: until it is cleared)."""

    what: str
    times: int | None = 1
    status: int | None = None
    code: int = 0
    message: str = ""
    retry_after: float | None = None
    globally: bool = False
    scope: str = "user"
    banned: bool = False
    """429 as a wall before Discord gives it: no Via header, no JSON."""
    dropped: bool = False
    accepted: bool = False
    """With `dropped` or `status`: the request is carried out first."""
    gate: asyncio.Event | None = None
    seconds: float = 0.0
    channel: str | None = None
    """Only requests about this channel."""


@dataclass(kw_only=True)
class Trouble:
    """What is going to go wrong. Every method returns at once; the trouble comes with the next requests or events."""

    planned: list[Mishap] = field(default_factory=list)
    duplicates: int = 0
    shuffled: int = 0
    lost: int = 0

    def ratelimit(
        self, what: str = "*", *, retry_after: float = 0.05, globally: bool = False, scope: str = "user", times: int | None = 1
    ) -> None:
        """429: https://docs.discord.com/developers/topics/rate-limits."""
        planned = Mishap(what=what, times=times, status=429, retry_after=retry_after, globally=globally, scope=scope)
        self.planned.append(planned)

    def ban(self, *, times: int | None = 1) -> None:
        """429 from the wall before Discord, as an address gets it after 10,000 invalid requests in ten minutes."""
        self.planned.append(Mishap(what="*", times=times, status=429, banned=True))

    def fail(self, what: str = "*", *, status: int = 500, accepted: bool = False, times: int | None = 1) -> None:
        """A server error; `accepted`: the request was carried out all the same."""
        self.planned.append(Mishap(what=what, times=times, status=status, accepted=accepted))

    def refuse(
        self, what: str, code: int, message: str = "", *, status: int = 403, channel: str | None = None, times: int | None = 1
    ) -> None:
        """An error of Discord's own: 50001 Missing Access, 50007, 10003, 200000 ..."""
        planned = Mishap(what=what, times=times, status=status, code=code, message=message, channel=channel)
        self.planned.append(planned)

    def drop(self, what: str = "*", *, accepted: bool, times: int | None = 1) -> None:
        """The connection breaks without an answer: before (`accepted=False`) or after the request was carried out."""
        self.planned.append(Mishap(what=what, times=times, dropped=True, accepted=accepted))

    def delay(self, what: str = "*", *, seconds: float = 0.0, accepted: bool = False, times: int | None = 1) -> asyncio.Event:
        """A slow answer: after `seconds` of real time, or (0) when the event that is returned is set. `accepted`: the request is
        carried out at once, only the answer is late."""
        gate = asyncio.Event()
        self.planned.append(Mishap(what=what, times=times, gate=gate, seconds=seconds, accepted=accepted))
        return gate

    def duplicate(self, times: int = 1) -> None:
        """The next events come twice."""
        self.duplicates += times

    def shuffle(self, count: int) -> None:
        """The next `count` events are held back and then come in reverse."""
        self.shuffled = count

    def lose(self, count: int) -> None:
        """The next `count` events never come, not even by a RESUME."""
        self.lost += count

    def clear(self) -> None:
        """Nothing more goes wrong; held answers are let go."""
        for mishap in self.planned:
            if mishap.gate is not None:
                mishap.gate.set()
        self.planned.clear()
        self.duplicates = self.shuffled = self.lost = 0

    def next_for(self, what: str, channel: str | None) -> Mishap | None:
        """Takes what is planned next for a request, if anything."""
        for mishap in self.planned:
            if mishap.what in (what, "*") and mishap.channel in (None, channel):
                if mishap.times is not None:
                    mishap.times -= 1
                    if mishap.times <= 0:
                        self.planned.remove(mishap)
                return mishap
        return None

    def body(self, mishap: Mishap) -> Json:
        """What a refusal says."""
        return {"message": mishap.message or "refused on order", "code": mishap.code}
