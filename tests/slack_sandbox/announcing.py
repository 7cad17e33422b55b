"""Events as the Events API sends them, and which of them the app gets.

The envelope: https://docs.slack.dev/apis/events-api/#callback-field. Each event: https://docs.slack.dev/reference/events/NAME.
"""

from __future__ import annotations

import asyncio
import base64
import json
from typing import TYPE_CHECKING, Any

from tests.slack_sandbox.model import Conversation, Json, Message

if TYPE_CHECKING:
    from tests.slack_sandbox.fake import FakeSlack

EVENTS: dict[str, str] = {
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "member_joined_channel": "channels:read|groups:read",
    "member_left_channel": "channels:read|groups:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_rename": "channels:read",
    "channel_created": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "channel_shared": "channels:read|groups:read",
    "channel_unshared": "channels:read|groups:read",
    "channel_id_changed": "channels:read|groups:read",
    "group_archive": "groups:read",
    "group_unarchive": "groups:read",
    "group_rename": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "user_change": "users:read",
    "team_join": "users:read",
    "subteam_created": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "subteam_members_changed": "usergroups:read",
    "dnd_updated_user": "dnd:read",
    "app_home_opened": "",
    "tokens_revoked": "",
    "app_uninstalled": "",
    "app_rate_limited": "",
}
"""The events a manifest can subscribe to here -> the scope each needs (one of several)."""

MESSAGES = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}

Sending = list[asyncio.Task[None]]


class Announcer:
    """Builds envelopes and hands them to the courier, if the app subscribed, has the scope and is in the place."""

    def __init__(self, fake: FakeSlack) -> None:
        self.fake = fake

    def envelope(self, event: Json, conversation: Conversation | None = None) -> Json:
        """The wrapper of an event."""
        fake = self.fake
        team = fake.workspace.team
        channel = conversation.id if conversation is not None else ""
        context = base64.b64encode(json.dumps({"et": event["type"], "tid": team.id, "cid": channel}).encode()).decode()
        return {
            "token": "fake-verification-token",
            "team_id": team.id,
            "enterprise_id": team.enterprise_id,
            "context_team_id": team.id,
            "context_enterprise_id": team.enterprise_id,
            "api_app_id": fake.workspace.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": fake.workspace.numbering.id("Ev"),
            "event_time": int(fake.clock.now()),
            "authorizations": [
                {
                    "enterprise_id": team.enterprise_id,
                    "team_id": team.id,
                    "user_id": fake.workspace.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(conversation and conversation.is_ext_shared),
            "event_context": "4-" + context,
        }

    def emit(self, name: str, event: Json, conversation: Conversation | None = None, *, outside: bool = False) -> Sending:
        """Sends an event if the app gets it. `outside`: also from channels it isn't in (channel_created, channel_left ...)."""
        fake = self.fake
        if fake.deaf or name not in fake.events:
            return []
        needed = EVENTS[name]
        if "|" in needed:
            private = conversation is not None and conversation.is_private
            needed = needed.split("|")[1 if private else 0]
        if needed and needed not in fake.scopes:
            return []
        if conversation is not None and not outside and not fake.workspace.in_it(conversation):
            return []
        event = {"event_ts": self.ts(), **event}
        _, task = fake.courier.start("events_api", self.envelope(event, conversation))
        return [task]

    def ts(self) -> str:
        """A fresh event time."""
        return self.fake.workspace.numbering.ts(self.fake.clock.now())

    def message(self, message: Message) -> Sending:
        """A new message, and app_mention beside it if it names the bot."""
        fake = self.fake
        conversation = fake.workspace.conversations[message.channel]
        shown = self._event_body(message)
        around: Json = {"channel": message.channel, "event_ts": message.ts, "channel_type": conversation.kind}
        sent = self.emit(MESSAGES[conversation.kind], {**shown, **around}, conversation)
        if f"<@{fake.workspace.bot.id}" in message.text and message.user != fake.workspace.bot.id and conversation.kind != "im":
            mention = {key: value for key, value in shown.items() if key != "subtype"}
            sent += self.emit(
                "app_mention",
                {**mention, "type": "app_mention", "channel": message.channel, "event_ts": message.ts},
                conversation,
            )
        return sent

    def _event_body(self, message: Message) -> Json:
        fake = self.fake
        shown = dict(message.body)
        if message.thread_ts is not None:
            shown["thread_ts"] = message.thread_ts
            parent = fake.workspace.conversations[message.channel].messages.get(message.thread_ts)
            if message.is_reply and parent is not None and parent.user:
                shown["parent_user_id"] = parent.user
            if message.broadcast and parent is not None:
                shown["subtype"] = "thread_broadcast"
                shown["root"] = fake.workspace.message_object(parent)
        if message.metadata is not None and message.body.get("app_id") == fake.workspace.app_id:
            shown["metadata"] = message.metadata
        author = fake.workspace.people.get(message.user)
        if author is not None and author.team.id != fake.workspace.team.id:
            shown |= {"user_team": author.team.id, "source_team": author.team.id}
            shown["user_profile"] = {
                "display_name": author.display_name,
                "real_name": author.real_name,
                "first_name": author.real_name.split()[0],
                "name": author.name,
                "team": author.team.id,
                "is_restricted": False,
                "is_ultra_restricted": False,
                "avatar_hash": "",
                "image_72": "",
            }
        return shown

    def change(self, message: Message, before: Json) -> Sending:
        """https://docs.slack.dev/reference/events/message/message_changed"""
        conversation = self.fake.workspace.conversations[message.channel]
        now = self.fake.workspace.message_object(message)
        past = {**before, "thread_ts": message.thread_ts} if message.thread_ts else before
        for shown in (now, past):
            shown.setdefault("source_team", shown.get("team"))
            shown.setdefault("user_team", shown.get("team"))
        ts = self.ts()
        event: Json = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "message": now,
            "previous_message": past,
            "channel": message.channel,
            "ts": ts,
            "event_ts": ts,
            "channel_type": conversation.kind,
        }
        return self.emit(MESSAGES[conversation.kind], event, conversation)

    def deletion(self, message: Message) -> Sending:
        """https://docs.slack.dev/reference/events/message/message_deleted"""
        conversation = self.fake.workspace.conversations[message.channel]
        ts = self.ts()
        event: Json = {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "deleted_ts": message.ts,
            "previous_message": self._event_body(message),
            "channel": message.channel,
            "ts": ts,
            "event_ts": ts,
            "channel_type": conversation.kind,
        }
        return self.emit(MESSAGES[conversation.kind], event, conversation)

    def reaction(self, kind: str, user: str, message: Message, name: str) -> Sending:
        """https://docs.slack.dev/reference/events/reaction_added and reaction_removed"""
        event: Json = {
            "type": kind,
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": message.channel, "ts": message.ts},
            "item_user": message.user,
        }
        return self.emit(kind, event, self.fake.workspace.conversations[message.channel])

    def membership(self, kind: str, user: str, conversation: Conversation, inviter: str | None = None) -> Sending:
        """https://docs.slack.dev/reference/events/member_joined_channel and member_left_channel"""
        person = self.fake.workspace.people[user]
        event: Json = {
            "type": kind,
            "user": user,
            "channel": conversation.id,
            "channel_type": "G" if conversation.is_private else "C",
            "team": person.team.id,
        }
        if inviter:
            event["inviter"] = inviter
        return self.emit(kind, event, conversation)

    def lifecycle(self, what: str, conversation: Conversation, **more: Any) -> Sending:
        """channel_* or group_*: archive, unarchive, rename, created, deleted, left, shared, unshared."""
        prefix = "group" if conversation.is_private and what not in ("shared", "unshared") else "channel"
        name = f"{prefix}_{what}"
        if name not in EVENTS:
            return []
        event: Json = {"type": name, "channel": conversation.id, **more}
        if what == "rename":
            event["channel"] = {
                "id": conversation.id,
                "name": conversation.name,
                "name_normalized": conversation.name,
                "created": conversation.created,
                "is_channel": True,
                "is_mpim": False,
            }
        elif what == "created":
            shown = self.fake.workspace.conversation_object(conversation)
            event["channel"] = {**shown, "is_frozen": False}
        elif what == "archive":
            event["is_moved"] = 0
        elif what == "deleted":
            event["date_deleted"] = int(self.fake.clock.now())
        open_to_all = not conversation.is_private or what == "left"
        return self.emit(name, event, conversation, outside=open_to_all)

    def user(self, kind: str, user: str) -> Sending:
        """https://docs.slack.dev/reference/events/user_change and team_join"""
        fake = self.fake
        shown = fake.workspace.user_object(fake.workspace.people[user], with_email="users:read.email" in fake.scopes)
        shown["locale"] = "en-US"
        return self.emit(kind, {"type": kind, "user": shown, "cache_ts": int(fake.clock.now())})

    def rate_limited(self) -> Sending:
        """Its own envelope, to which no app subscribes: https://docs.slack.dev/reference/events/app_rate_limited."""
        fake = self.fake
        payload: Json = {
            "token": "fake-verification-token",
            "type": "app_rate_limited",
            "team_id": fake.workspace.team.id,
            "minute_rate_limited": int(fake.clock.now()) // 60 * 60,
            "api_app_id": fake.workspace.app_id,
        }
        _, task = fake.courier.start("events_api", payload)
        return [task]
