"""What a workspace is made of: teams, people, user groups, channels and messages, as plain values that the fake changes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(kw_only=True)
class Team:
    """A workspace: the home of the bot, or one that shares channels with it."""

    id: str
    name: str
    domain: str
    enterprise_id: str | None = None
    enterprise_name: str = ""


@dataclass(kw_only=True)
class Profile:
    """What is known of somebody. `guest` is "", "multi" (is_restricted) or "single" (is_ultra_restricted)."""

    id: str
    name: str
    real_name: str
    display_name: str
    team: Team
    tz: str = "Europe/London"
    tz_offset: int = 0
    email: str = ""
    guest: str = ""
    is_stranger: bool = False
    is_bot: bool = False
    is_admin: bool = False
    deleted: bool = False
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    dnd_start: int = 0
    dnd_end: int = 0
    updated: int = 0


@dataclass(kw_only=True)
class UserGroup:
    """`@support`: a handle and its members' ids."""

    id: str
    handle: str
    name: str
    users: list[str]
    created: int
    updated: int
    disabled: bool = False


@dataclass(kw_only=True)
class Message:
    """One message as stored. `body` is what the Web API shows of it, without thread figures and reactions."""

    channel: str
    ts: str
    body: Json
    posted_at: float
    thread_ts: str | None = None
    broadcast: bool = False
    visible_from: float = 0.0
    """Before this instant conversations.history and conversations.replies don't know it yet."""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    deleted: bool = False
    metadata: Json | None = None

    @property
    def text(self) -> str:
        """Its text, or the empty string."""
        return str(self.body.get("text", ""))

    @property
    def user(self) -> str:
        """The author's user id, or the empty string."""
        return str(self.body.get("user", ""))

    @property
    def blocks(self) -> list[Json]:
        """Its blocks, if any."""
        found: list[Json] = self.body.get("blocks", [])
        return found

    @property
    def is_reply(self) -> bool:
        """Whether it belongs to somebody else's thread."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(kw_only=True)
class Conversation:
    """A channel, or a DM (`kind` "im") between the bot and one person, or between two of them."""

    id: str
    name: str
    kind: str
    team: Team
    created: int
    creator: str = ""
    members: list[str] = field(default_factory=list)
    connected_team_ids: list[str] = field(default_factory=list)
    pending_shared: list[str] = field(default_factory=list)
    is_org_shared: bool = False
    is_general: bool = False
    archived: bool = False
    deleted: bool = False
    topic: str = ""
    purpose: str = ""
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[Message]] = field(default_factory=dict)
    """Replies by the ts of their parent."""

    @property
    def is_ext_shared(self) -> bool:
        """Whether another organisation is in it (Slack Connect)."""
        return bool(self.connected_team_ids)

    @property
    def is_private(self) -> bool:
        """Whether only members can read it."""
        return self.kind in ("group", "im")

    @property
    def posts(self) -> list[Message]:
        """What members see, oldest first; replies too."""
        return [m for m in self.messages.values() if not m.deleted]

    def add(self, message: Message) -> None:
        """Stores a message; later than all others."""
        self.messages[message.ts] = message
        if message.is_reply:
            self.threads.setdefault(str(message.thread_ts), []).append(message)

    def thread(self, ts: str) -> list[Message]:
        """The replies to `ts`, oldest first."""
        return [m for m in self.threads.get(ts, []) if not m.deleted]


@dataclass(kw_only=True)
class Outgoing:
    """Something the bot sent, as it sent it: the record that tests look at. `error` is why Slack didn't take it."""

    method: str
    channel: str
    arguments: Json
    at: float
    ts: str = ""
    user: str = ""
    accepted: bool = True
    error: str = ""


class Numbering:
    """Ids and message times that are never given twice."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._last_ts = 0

    def id(self, prefix: str) -> str:
        """Something like C00000007."""
        return f"{prefix}{next(self._numbers):08d}"

    def ts(self, now: float) -> str:
        """A message time, later than every other: seconds and six decimals, as Slack writes it."""
        micro = max(int(now * 1_000_000), self._last_ts + 1)
        self._last_ts = micro
        return f"{micro // 1_000_000}.{micro % 1_000_000:06d}"
