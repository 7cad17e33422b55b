"""What a conversation is, told from its object. Pure. Source: docs.slack.dev, /reference/objects/conversation-object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack_format.text import clean_name, identifier
from bot.domain.keys import ChannelKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelInfo:
    """A channel the app knows. `key` is its key in events. None: Slack didn't say.

    `shared`: another organisation is in it, or is invited. `connected`: the workspaces of other organisations in it.
    `across`: other workspaces of our own organisation are in it (Enterprise Grid). `unmet`: the bot came into it, and Slack
    couldn't be asked yet what it is: its id stands for its name.
    """

    key: str
    id: str
    name: str
    private: bool | None = None
    shared: bool | None = None
    connected: tuple[str, ...] = ()
    across: bool = False
    archived: bool = False
    is_member: bool = False
    unmet: bool = False


def channel_key(team: str, channel: str) -> str:
    """A channel's key in events: "slack:T1:C1", the same as an export's."""
    return ChannelKey(platform="slack", workspace=team, channel=channel).spell()


def is_direct(channel: object, kind: object = None) -> bool:
    """Whether these are direct messages, of two or of several (`kind` is an event's `channel_type`). Those are never read."""
    return kind in ("im", "mpim", "app_home") or (isinstance(channel, str) and channel.startswith("D"))


def read_channel(told: Mapping[str, Any], *, team: str, is_member: bool | None = None) -> ChannelInfo | None:
    """A conversation object as a channel; None for direct messages and whatever has no id."""
    id = identifier(told.get("id"))
    if not id or told.get("is_im") is True or told.get("is_mpim") is True:
        return None
    private = told.get("is_private")
    connected = tuple(found for found in _ids(told.get("connected_team_ids")) if found != team)
    return ChannelInfo(
        key=channel_key(team, id),
        id=id,
        name=clean_name(told.get("name")) or id,
        private=private if isinstance(private, bool) else None,
        shared=_shared(told, connected),
        connected=connected,
        across=told.get("is_org_shared") is True,
        archived=told.get("is_archived") is True,
        is_member=told.get("is_member") is True if is_member is None else is_member,
    )


def _shared(told: Mapping[str, Any], connected: tuple[str, ...]) -> bool | None:
    """An invitation that isn't accepted yet counts: what is written meanwhile will be readable then."""
    ext, pending = told.get("is_ext_shared"), told.get("is_pending_ext_shared")
    waiting = told.get("pending_shared") or told.get("pending_connected_team_ids")
    if ext is True or pending is True or connected or waiting:
        return True
    if told.get("is_shared") is True and told.get("is_org_shared") is not True:
        return True
    return False if ext is False else None


def _ids(value: object) -> tuple[str, ...]:
    return tuple(found for each in value if (found := identifier(each))) if isinstance(value, list) else ()
