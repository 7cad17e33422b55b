"""Whether a request is Slack's. https://docs.slack.dev/authentication/verifying-requests-from-slack"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.domain.durations import Seconds

OLDEST: Seconds = 300.0
"""A request that is older may be somebody's who listened to one. The SDK has the same number, and sees to it once more."""

_STAMP: Final = re.compile(r"[0-9]{1,11}", re.ASCII)
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a request's headers say of its origin; not checked yet."""

    stamp: str
    """Unix time in seconds, as digits."""

    mark: str
    """`v0=` and 64 hexadecimal digits."""

    @property
    def recent(self) -> bool:
        """Whether it is of now, by this machine's clock: that is what Slack's is compared with."""
        return abs(time.time() - int(self.stamp)) <= OLDEST


def signature_of(request: web.BaseRequest) -> Signature | None:
    """The signature, if its headers are there, once each, and look like Slack's."""
    stamps = request.headers.getall("X-Slack-Request-Timestamp", [])
    marks = request.headers.getall("X-Slack-Signature", [])
    if len(stamps) != 1 or len(marks) != 1 or not _STAMP.fullmatch(stamps[0]) or not _SIGNATURE.fullmatch(marks[0]):
        return None
    return Signature(stamp=stamps[0], mark=marks[0])


def fits(signature: Signature, body: bytes, verifier: SignatureVerifier) -> bool:
    """Whether Slack put this signature under this body, of late."""
    try:
        return verifier.is_valid(body, signature.stamp, signature.mark)
    except UnicodeDecodeError:  # the SDK signs text; Slack sends nothing else
        return False
