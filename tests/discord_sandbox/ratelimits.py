"""How much may be asked: headers on every answer, and 429 where it was too much. https://docs.discord.com/developers/topics/rate-limits

Buckets fill again by real time, as the client sleeps by it. By default they are so wide that no test waits; `narrow` sets one as
Discord has it, or tighter. Ten thousand invalid requests in ten minutes would ban the address: they are counted.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field

from tests.discord_sandbox.model import Json

WIDE = (1000, 1.0)
"""Requests, and the seconds within which."""

GLOBAL = 50
"""Requests a second over all routes."""


@dataclass(kw_only=True)
class Bucket:
    """What is left of one."""

    limit: int
    within: float
    left: int
    resets_at: float


@dataclass(kw_only=True)
class Verdict:
    """What a request is told: headers, and how long it has to wait if it was one too many."""

    headers: dict[str, str]
    wait: float | None = None
    globally: bool = False


@dataclass(kw_only=True)
class Limits:
    """All buckets."""

    rules: dict[str, tuple[int, float]] = field(default_factory=dict)
    buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)
    everything: Bucket | None = None
    invalid: int = 0
    """Answers 401, 403 and 429 so far (not those of shared limits)."""
    refused: int = 0

    def narrow(self, what: str, limit: int, within: float) -> None:
        """From now on one bucket a channel (or guild, or webhook) takes `limit` requests within so many real seconds."""
        self.rules[what] = (limit, within)

    def narrow_all(self, limit: int = GLOBAL, within: float = 1.0) -> None:
        """The same over all routes but interactions."""
        self.everything = Bucket(limit=limit, within=within, left=limit, resets_at=0.0)

    def take(self, what: str, major: str, *, interaction: bool) -> Verdict:
        """One request."""
        now = time.monotonic()
        if self.everything is not None and not interaction:
            self._fill(self.everything, now)
            if self.everything.left <= 0:
                self.refused += 1
                return Verdict(headers={}, wait=self.everything.resets_at - now, globally=True)
            self.everything.left -= 1
        limit, within = self.rules.get(what, WIDE)
        bucket = self.buckets.setdefault((what, major), Bucket(limit=limit, within=within, left=limit, resets_at=0.0))
        bucket.limit, bucket.within = limit, within
        self._fill(bucket, now)
        bucket.left -= 1
        over = bucket.left < 0
        wait = bucket.resets_at - now
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, bucket.left)),
            "X-RateLimit-Reset": f"{time.time() + wait:.3f}",
            "X-RateLimit-Reset-After": f"{wait:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(what.encode()).hexdigest()[:32],
        }
        if over:
            self.refused += 1
        return Verdict(headers=headers, wait=max(wait, 0.001) if over else None)

    @staticmethod
    def _fill(bucket: Bucket, now: float) -> None:
        if now >= bucket.resets_at:
            bucket.left, bucket.resets_at = bucket.limit, now + bucket.within


def too_many(wait: float, *, globally: bool) -> Json:
    """The body of a 429."""
    return {"message": "You are being rate limited.", "retry_after": round(wait, 3), "global": globally}
