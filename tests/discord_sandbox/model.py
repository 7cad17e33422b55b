"""What a Discord is made of: users, guilds with roles and channels, messages, as plain values that the fake changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

EPOCH_MS = 1_420_070_400_000
"""The first millisecond of 2015, from which ids count: https://docs.discord.com/developers/reference#snowflakes."""

TEXT, DM, VOICE, CATEGORY, ANNOUNCEMENT, STAGE, FORUM, MEDIA = 0, 1, 2, 4, 5, 13, 15, 16
ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12
"""Types of channels: https://docs.discord.com/developers/resources/channel#channel-object-channel-types."""

THREADS = frozenset({ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD})

EPHEMERAL, HAS_THREAD, HAS_SNAPSHOT, VOICE_MESSAGE, COMPONENTS_V2 = 1 << 6, 1 << 5, 1 << 14, 1 << 13, 1 << 15
CROSSPOSTED, IS_CROSSPOST, LOADING, SUPPRESS_NOTIFICATIONS = 1 << 0, 1 << 1, 1 << 7, 1 << 12
"""Flags of messages: https://docs.discord.com/developers/resources/message#message-object-message-flags."""

DEFAULT, REPLY, COMMAND, THREAD_CREATED, THREAD_STARTER, CONTEXT_COMMAND = 0, 19, 20, 18, 21, 23
"""Types of messages: https://docs.discord.com/developers/resources/message#message-object-message-types."""


def iso(instant: float) -> str:
    """An instant as Discord writes it."""
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="microseconds")


def instant_of(id: str) -> float:
    """When a snowflake was made, in seconds since 1970."""
    return ((int(id) >> 22) + EPOCH_MS) / 1000


class Numbering:
    """Ids that tell their time and are never given twice."""

    def __init__(self) -> None:
        self._last = 0

    def id(self, now: float) -> str:
        """A snowflake of this instant, larger than every other one."""
        self._last = max((int(now * 1000) - EPOCH_MS) << 22, self._last + 1)
        return str(self._last)


@dataclass(kw_only=True)
class User:
    """An account. `bot`: it belongs to an app."""

    id: str
    username: str
    global_name: str | None = None
    bot: bool = False
    dms_closed: bool = False

    @property
    def name(self) -> str:
        """What is shown of them where they have no nickname."""
        return self.global_name or self.username


@dataclass(kw_only=True)
class Member:
    """Somebody in a guild."""

    user: User
    joined_at: float
    roles: list[str] = field(default_factory=list)
    nick: str | None = None
    timed_out_until: float | None = None
    pending: bool = False


@dataclass(kw_only=True)
class Role:
    """A role; the one with the guild's own id is @everyone."""

    id: str
    name: str
    permissions: int
    position: int
    mentionable: bool = False
    managed: bool = False
    bot_id: str | None = None


@dataclass(kw_only=True)
class Overwrite:
    """What a channel allows and denies a role (`kind` 0) or a member (1)."""

    id: str
    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(kw_only=True)
class Message:
    """One message. `extra` is what only some kinds have: embeds, components, attachments, poll, sticker_items ..."""

    id: str
    channel_id: str
    author: User
    content: str
    posted_at: float
    kind: int = DEFAULT
    flags: int = 0
    edited_at: float | None = None
    nonce: str | int | None = None
    webhook_name: str | None = None
    webhook_id: str | None = None
    application_id: str | None = None
    reference: Json | None = None
    mentions: list[str] = field(default_factory=list)
    mention_roles: list[str] = field(default_factory=list)
    mention_everyone: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    pinned: bool = False
    deleted: bool = False
    only_for: str | None = None
    """Whoever alone sees it (an ephemeral answer)."""
    updates: int = 0
    extra: Json = field(default_factory=dict)

    @property
    def embeds(self) -> list[Json]:
        """Its embeds, if any."""
        found: list[Json] = self.extra.get("embeds", [])
        return found

    @property
    def components(self) -> list[Json]:
        """Its components, if any."""
        found: list[Json] = self.extra.get("components", [])
        return found

    @property
    def text(self) -> str:
        """All that can be read in it: content, embeds, text displays, labels of buttons and menus."""
        return "\n".join(part for part in [self.content, *texts(self.embeds), *texts(self.components)] if part)


def texts(node: Any) -> list[str]:
    """Every text in embeds or components, in order."""
    if isinstance(node, list):
        return [text for part in node for text in texts(part)]
    if not isinstance(node, dict):
        return []
    found = [node[key] for key in ("title", "name", "label", "description", "value", "content") if isinstance(node.get(key), str)]
    if isinstance(node.get("text"), str):
        found.append(node["text"])
    for key in ("author", "fields", "footer", "components", "component", "accessory", "options"):
        found += texts(node.get(key))
    return found


@dataclass(kw_only=True)
class Channel:
    """A channel, a thread (or forum post), or a DM (`guild_id` None) between the bot and one person, or `between` two others, by
    their ids."""

    id: str
    kind: int
    name: str
    guild_id: str | None = None
    parent_id: str | None = None
    position: int = 0
    topic: str | None = None
    overwrites: list[Overwrite] = field(default_factory=list)
    available_tags: list[Json] = field(default_factory=list)
    last_message_id: str | None = None
    messages: dict[str, Message] = field(default_factory=dict)
    deleted: bool = False
    recipient: str | None = None
    between: tuple[str, ...] = ()
    # Of threads only
    owner_id: str | None = None
    archived: bool = False
    archived_at: float = 0.0
    locked: bool = False
    auto_archive_duration: int = 4320
    applied_tags: list[str] = field(default_factory=list)
    thread_members: dict[str, float] = field(default_factory=dict)
    sent: int = 0
    """Messages ever sent in the thread."""

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread or a forum post."""
        return self.kind in THREADS

    @property
    def posts(self) -> list[Message]:
        """What everybody who reads it sees, oldest first."""
        return [m for m in self.messages.values() if not m.deleted and m.only_for is None]


@dataclass(kw_only=True)
class Guild:
    """A server."""

    id: str
    name: str
    owner_id: str
    created_at: float
    roles: dict[str, Role] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    """Threads among them."""
    members: dict[str, Member] = field(default_factory=dict)
    unavailable: bool = False
    has_bot: bool = True
    features: list[str] = field(default_factory=list)
    automod: list[Json] = field(default_factory=list)
    """Rules of AutoMod, as they are shown."""

    @property
    def everyone(self) -> Role:
        """The role that all have."""
        return self.roles[self.id]

    @property
    def threads(self) -> list[Channel]:
        """All threads and posts that weren't deleted."""
        return [c for c in self.channels.values() if c.is_thread and not c.deleted]


@dataclass(kw_only=True)
class Webhook:
    """A webhook through which others write: https://docs.discord.com/developers/resources/webhook."""

    id: str
    name: str
    channel_id: str
    application_id: str | None = None


@dataclass(kw_only=True)
class Outgoing:
    """Something the app sent that people can see, as it sent it: the record that tests look at. `error`: why it wasn't
    taken."""

    what: str
    """"message", "edit", "delete", "answer" (of an interaction), "followup", "modal" ..."""
    channel: str
    body: Json
    at: float
    id: str = ""
    user: str = ""
    """Whoever alone sees it."""
    notified: tuple[str, ...] = ()
    """Ids of the people whom it notified."""
    accepted: bool = True
    error: str = ""
