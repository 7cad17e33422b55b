"""What `realreply explain` was asked about: a message, a wait or a customer, however people name them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.domain.keys import channel_of, message_of
from bot.errors import UsageError

_SLACK: Final = re.compile(r"https?://[^/\s]+/archives/(?P<channel>[A-Z0-9]+)(?:/p(?P<ts>\d{7,16}))?(?:[/?#].*)?", re.IGNORECASE)
_SLACK_APP: Final = re.compile(
    r"https?://app\.slack\.com/client/[A-Z0-9]+/(?P<channel>[A-Z0-9]+)(?:/thread/[A-Z0-9]+-(?P<ts>\d+\.\d+))?(?:[/?#].*)?",
    re.IGNORECASE,
)
_DISCORD: Final = re.compile(
    r"https?://(?:[a-z]+\.)?discord(?:app)?\.com/channels/\d+/(?P<channel>\d+)(?:/(?P<message>\d+))?/?(?:[?#].*)?", re.IGNORECASE
)
_TS: Final = re.compile(r"\d{5,}\.\d{1,6}")
_BARE_TS: Final = re.compile(r"p(\d{10,16})")
_NUMBER: Final = re.compile(r"\d{15,20}")
_HANDLE: Final = re.compile(r"w\d+", re.IGNORECASE)

_PLACES: Final = 6
"""Digits behind the point of a Slack `ts`; a permalink has them without the point."""

TAKES = (
    "Name a message by its link (https://x.slack.com/archives/C1/p1772456720559744, https://discord.com/channels/1/2/3) or its id"
    " (in Slack the `ts`, like 1772442000.000100), a wait by its id (`replay --waits FILE` lists them), or a customer by name."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What was `said`, and what it may mean: a message's id, with the platform's own id of its `channel` where a link tells it; a
    wait's id; else somebody's name."""

    said: str
    message: str | None = None
    channel: str | None = None
    wait: str | None = None

    @property
    def name(self) -> str | None:
        """The name of a customer, if it is one."""
        return self.said if self.message is None and self.wait is None else None

    @property
    def looked_for(self) -> str:
        """What was looked for, in words."""
        if self.wait is not None:
            return f"a wait with the id {self.wait}"
        if self.message is not None:
            return f"a message {self.message}" + (f" in the channel {self.channel}" if self.channel is not None else "")
        return f"a customer called {self.said!r}"


def read_inquiry(said: str) -> Inquiry:
    """What is meant by what somebody passed. Raises UsageError, which says what can be."""
    text = said.strip().strip("<>").strip()
    if not text:
        raise UsageError(f"There is nothing to explain. {TAKES}")
    if "://" in text:
        return _linked(text)
    if _HANDLE.fullmatch(text):
        says = f"{text} is what a running bot calls a wait, and an archive knows nothing of it: ask"
        raise UsageError(f"{says} `/realreply why {text}`. {TAKES}")
    if (bare := _BARE_TS.fullmatch(text)) is not None:
        return Inquiry(said=text, message=_with_point(bare[1]))
    if _TS.fullmatch(text):
        whole, _, part = text.partition(".")
        return Inquiry(said=text, message=f"{whole}.{part.ljust(_PLACES, '0')}")
    if _NUMBER.fullmatch(text):
        return Inquiry(said=text, message=text)
    if "/" in text and ":" in channel_of(text) and message_of(text):
        return Inquiry(said=text, wait=text)
    return Inquiry(said=text)


def _linked(link: str) -> Inquiry:
    found = _SLACK_APP.fullmatch(link) or _SLACK.fullmatch(link)
    if found is not None:
        ts = found["ts"]
        if ts is None:
            raise UsageError(f"{link} leads to a channel, not to a message: use *Copy link* of the message itself.")
        return Inquiry(said=link, message=ts if "." in ts else _with_point(ts), channel=found["channel"].upper())
    found = _DISCORD.fullmatch(link)
    if found is not None:
        # A forum's post and its first message have one id; so the link to the post does, too.
        return Inquiry(said=link, message=found["message"] or found["channel"])
    raise UsageError(f"{link} is no link to a message of Slack or Discord. {TAKES}")


def _with_point(digits: str) -> str:
    return f"{digits[:-_PLACES]}.{digits[-_PLACES:]}"
