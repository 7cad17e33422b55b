"""What happens in channels: made, written in, joined, shared, archived. The part of the fake that changes conversations."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.slack_sandbox.announcing import Announcer, Sending
from tests.slack_sandbox.calls.chat import with_block_ids
from tests.slack_sandbox.model import Conversation, Json, Message, Profile, Team
from tests.slack_sandbox.workspace import SLACKBOT, Workspace

if TYPE_CHECKING:
    from tests.slack_sandbox.acting import Person, Seen

Place = str | Conversation


class Channels:
    """Channels and what is in them. `FakeSlack` is made of this and what the app can do."""

    workspace: Workspace
    announcer: Announcer
    clock: Any
    history_lag: float
    seen: dict[str, list[Seen]]

    def channel(
        self,
        name: str,
        *,
        members: Sequence[Profile] = (),
        private: bool = False,
        shared_with: Sequence[Team] = (),
        bot: bool = True,
        purpose: str = "",
        id: str | None = None,
    ) -> Conversation:
        """A channel that has been there all along (nothing is announced). `bot`: whether the app is in it."""
        made = Conversation(
            id=id or self.workspace.numbering.id("C"),
            name=name,
            kind="group" if private else "channel",
            team=self.workspace.team,
            created=int(self.clock.now()) - 3600,
            creator=members[0].id if members else "",
            members=[*(m.id for m in members), *([self.workspace.bot.id] if bot else [])],
            connected_team_ids=[team.id for team in shared_with],
            purpose=purpose,
        )
        self.workspace.conversations[made.id] = made
        return made

    def private_talk(self, *people: Profile) -> Conversation:
        """A DM between people, without the app: only a message shortcut can come from there."""
        made = Conversation(
            id=self.workspace.numbering.id("D"),
            name="-".join(p.name for p in people),
            kind="im",
            team=self.workspace.team,
            created=int(self.clock.now()),
            members=[p.id for p in people],
        )
        self.workspace.conversations[made.id] = made
        return made

    def rich_text(self, text: str) -> list[Json]:
        """The blocks Slack's own client puts beside a text."""
        section: Json = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        return [{"type": "rich_text", "block_id": uuid.uuid4().hex[:5], "elements": [section]}]

    def put(
        self, conversation: Conversation, body: Json, *, thread: str | None = None, broadcast: bool = False, quiet: bool = False
    ) -> tuple[Message, Sending]:
        """Stores a message and announces it. `quiet`: as if it had been written before the app was there."""
        if conversation.archived:
            raise ValueError(f"#{conversation.name} is archived")
        now = self.clock.now()
        ts = self.workspace.numbering.ts(now)
        whole: Json = {"type": "message", "ts": ts, **body}
        if body.get("client_msg_id"):
            whole["blocks"] = self.rich_text(str(body["text"]))
        message = Message(channel=conversation.id, ts=ts, body=whole, posted_at=now, thread_ts=thread, broadcast=broadcast)
        if thread is not None:
            parent = conversation.messages.get(thread)
            if parent is None or parent.is_reply:
                raise ValueError(f"{thread} starts no thread in #{conversation.name}")
        conversation.add(message)
        return message, [] if quiet else self.announcer.message(message)

    async def app_posts(
        self,
        channel: Place,
        text: str,
        *,
        name: str = "Zap",
        user: Profile | None = None,
        thread: str | None = None,
        workflow: bool = False,
        marked: bool = True,
        webhook: bool = False,
        blocks: Sequence[Json] = (),
    ) -> Message:
        """A post by another app: as a bot user (default), with a person's token (`user`), by a workflow (`workflow`; unless it is
        `marked` only bots.info says so), or through an incoming webhook (`webhook`: subtype bot_message, no user).
        https://docs.slack.dev/reference/events/message/bot_message
        """
        conversation = self.workspace.conversation(channel)
        app_id = "A" + uuid.uuid5(uuid.NAMESPACE_URL, name).hex[:9].upper()
        bot_id = "B" + app_id[1:]
        profile = self.workspace.bots.setdefault(bot_id, self.workspace.bot_profile(bot_id, name, app_id))
        body: Json = {"text": text, "bot_id": bot_id, "app_id": app_id, "team": self.workspace.team.id, "bot_profile": profile}
        if webhook or workflow:
            body |= {"subtype": "bot_message", "username": name}
            if workflow:
                told = {**profile, "is_workflow_bot": True}
                if marked:
                    body["bot_profile"] = told
                else:
                    self.workspace.bots[bot_id] = told
        else:
            body["user"] = user.id if user else "U" + app_id[1:]
            if user is None and body["user"] not in self.workspace.people:
                self.workspace.people[body["user"]] = Profile(
                    id=body["user"], name=name.lower(), real_name=name, display_name=name, team=self.workspace.team, is_bot=True
                )
        if blocks:
            body["blocks"] = with_block_ids(list(blocks))
        message, sending = self.put(conversation, body, thread=thread)
        await asyncio.gather(*sending)
        return message

    def app_speaks(self, conversation: Conversation, answer: Json, *, user: str) -> Message:
        """Our app's own visible answer to a command (`response_type` in_channel)."""
        workspace = self.workspace
        body: Json = {
            "text": answer.get("text", ""),
            "user": user or workspace.bot.id,
            "bot_id": workspace.bot_id,
            "app_id": workspace.app_id,
            "team": workspace.team.id,
        }
        if answer.get("blocks"):
            body["blocks"] = with_block_ids(answer["blocks"])
        message, _ = self.put(conversation, body)
        message.visible_from = self.clock.now() + self.history_lag
        return message

    def announce_message(self, message: Message) -> Sending:
        """Tells the app of a new message."""
        return self.announcer.message(message)

    def announce_change(self, message: Message, before: Json) -> Sending:
        """Tells the app of an edit."""
        return self.announcer.change(message, before)

    def remove(self, message: Message) -> Sending:
        """Deletes a message. A parent with replies becomes a tombstone, which is a message_changed."""
        conversation = self.workspace.conversations[message.channel]
        if conversation.thread(message.ts):
            before = dict(message.body)
            message.body = {
                "type": "message",
                "subtype": "tombstone",
                "text": "This message was deleted.",
                "user": SLACKBOT,
                "hidden": True,
                "ts": message.ts,
            }
            return self.announcer.change(message, before)
        # The event shows the message as it was, its thread's figures included.
        sending = self.announcer.deletion(message)
        message.deleted = True
        return sending

    def file_object(self, name: str, user: str) -> Json:
        """https://docs.slack.dev/reference/objects/file-object"""
        made = self.workspace.numbering.id("F")
        ending = name.rpartition(".")[2].lower()
        return {
            "id": made,
            "created": int(self.clock.now()),
            "timestamp": int(self.clock.now()),
            "name": name,
            "title": name,
            "mimetype": {"png": "image/png", "jpg": "image/jpeg", "txt": "text/plain"}.get(ending, "application/octet-stream"),
            "filetype": ending,
            "pretty_type": ending.upper(),
            "user": user,
            "user_team": self.workspace.people[user].team.id,
            "mode": "hosted",
            "editable": False,
            "is_starred": False,
            "channels": [],
            "groups": [],
            "ims": [],
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "external_type": "",
            "url_private_download": f"https://files.slack.com/files-pri/{self.workspace.team.id}-{made}/download/{name}",
            "permalink_public": f"https://slack-files.com/{self.workspace.team.id}-{made}-0",
            "has_rich_preview": False,
            "media_display_type": "unknown",
            "size": 4096,
            "is_external": False,
            "is_public": True,
            "url_private": f"https://files.slack.com/files-pri/{self.workspace.team.id}-{made}/{name}",
            "permalink": f"https://{self.workspace.team.domain}.slack.com/files/{user}/{made}/{name}",
            "file_access": "visible",
        }

    # Who is in it

    def let_in(self, person: Profile, conversation: Conversation, inviter: Profile | None = None) -> Sending:
        """Somebody joins: a channel_join message and member_joined_channel."""
        if person.id in conversation.members:
            return []
        conversation.members.append(person.id)
        body: Json = {
            "subtype": "channel_join",
            "user": person.id,
            "team": person.team.id,
            "text": f"<@{person.id}> has joined the channel",
        }
        if inviter is not None:
            body["inviter"] = inviter.id
        _, sending = self.put(conversation, body)
        return sending + self.announcer.membership(
            "member_joined_channel", person.id, conversation, inviter.id if inviter else None
        )

    def let_out(self, person: Profile, conversation: Conversation) -> Sending:
        """Somebody leaves: a channel_leave message and member_left_channel."""
        conversation.members.remove(person.id)
        body: Json = {
            "subtype": "channel_leave",
            "user": person.id,
            "team": person.team.id,
            "text": f"<@{person.id}> has left the channel",
        }
        _, sending = self.put(conversation, body)
        return sending + self.announcer.membership("member_left_channel", person.id, conversation)

    async def bot_joins(self, channel: Place, *, inviter: Person | None = None) -> None:
        """The app is added to a channel."""
        await asyncio.gather(*self.let_in(self.workspace.bot, self.workspace.conversation(channel), inviter))

    async def kick(self, channel: Place) -> None:
        """The app is removed from a channel: channel_left (or group_left)."""
        conversation = self.workspace.conversation(channel)
        conversation.members.remove(self.workspace.bot.id)
        await asyncio.gather(*self.announcer.lifecycle("left", conversation, actor_id=conversation.creator))

    # What becomes of it

    async def create(self, name: str, *, by: Profile, private: bool = False) -> Conversation:
        """Somebody makes a new channel: channel_created if it is public."""
        made = self.channel(name, members=[by], private=private, bot=False)
        await asyncio.gather(*self.announcer.lifecycle("created", made))
        return made

    async def archive(self, channel: Place) -> None:
        """channel_archive; posts are refused from now on."""
        conversation = self.workspace.conversation(channel)
        conversation.archived = True
        await asyncio.gather(*self.announcer.lifecycle("archive", conversation, user=conversation.creator))

    async def unarchive(self, channel: Place) -> None:
        """channel_unarchive."""
        conversation = self.workspace.conversation(channel)
        conversation.archived, creator = False, conversation.creator
        await asyncio.gather(*self.announcer.lifecycle("unarchive", conversation, user=creator, actor_id=creator))

    async def rename(self, channel: Place, name: str) -> None:
        """channel_rename."""
        conversation = self.workspace.conversation(channel)
        conversation.name = name
        await asyncio.gather(*self.announcer.lifecycle("rename", conversation))

    async def erase(self, channel: Place) -> None:
        """channel_deleted; it is as if it had never been."""
        conversation = self.workspace.conversation(channel)
        sending = self.announcer.lifecycle("deleted", conversation, actor_id=conversation.creator)
        conversation.deleted = True
        await asyncio.gather(*sending)

    async def convert(self, channel: Place, *, by: Profile, private: bool = False) -> None:
        """A private channel is made public, or (`private`) the other way round. Slack tells of it by a message alone:
        https://docs.slack.dev/reference/events/message/channel_convert_to_public and channel_convert_to_private
        """
        conversation = self.workspace.conversation(channel)
        conversation.kind = "group" if private else "channel"
        kind = "private" if private else "public"
        _, sending = self.put(
            conversation, {"subtype": f"channel_convert_to_{kind}", "user": by.id, "text": f"made this channel {kind}"}
        )
        await asyncio.gather(*sending)

    async def share(self, channel: Place, team: Team) -> None:
        """Slack Connect: another organisation joins the channel. channel_shared. The id of a private channel that begins with G
        changes before, when somebody begins to share it (see `change_id`)."""
        conversation = self.workspace.conversation(channel)
        if conversation.id.startswith("G"):
            await self.change_id(conversation)
        conversation.connected_team_ids.append(team.id)
        await asyncio.gather(*self.announcer.lifecycle("shared", conversation, connected_team_id=team.id))

    async def change_id(self, channel: Place, id: str | None = None) -> str:
        """The channel gets another id, for good; the old one is nothing any more. channel_id_changed. By default a G becomes a C
        and the rest stays, as in Slack's own example. Gives the old id.
        https://docs.slack.dev/reference/events/channel_id_changed
        """
        conversation, workspace = self.workspace.conversation(channel), self.workspace
        old = conversation.id
        new = id or f"C{old[1:]}"
        if new in workspace.conversations:
            raise ValueError(f"{new} is another channel's id")
        workspace.conversations = {new if key == old else key: place for key, place in workspace.conversations.items()}
        conversation.id = new
        for message in conversation.messages.values():
            message.channel = new
        for seen in (one for shown in self.seen.values() for one in shown if one.channel == old):
            seen.channel = new
        event: Json = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new}
        await asyncio.gather(*self.announcer.emit("channel_id_changed", event, conversation))
        return old

    async def unshare(self, channel: Place, team: Team) -> None:
        """The other organisation leaves. channel_unshared."""
        conversation = self.workspace.conversation(channel)
        conversation.connected_team_ids.remove(team.id)
        more: Json = {"previously_connected_team_id": team.id, "is_ext_shared": conversation.is_ext_shared}
        await asyncio.gather(*self.announcer.lifecycle("unshared", conversation, **more))
