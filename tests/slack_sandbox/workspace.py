"""The workspace's contents and how they are looked up and shown in the Web API's shapes."""

from __future__ import annotations

from typing import Any

from tests.slack_sandbox.model import Conversation, Json, Message, Numbering, Profile, Team, UserGroup

SLACKBOT = "USLACKBOT"


class Workspace:
    """Teams, people, groups and conversations, with the shapes Slack gives them."""

    def __init__(self, *, team: Team, app_id: str, bot_id: str, bot_user_id: str, bot_name: str, created: int) -> None:
        self.team = team
        self.app_id = app_id
        self.bot_id = bot_id
        self.created = created
        self.numbering = Numbering()
        self.teams: dict[str, Team] = {team.id: team}
        self.people: dict[str, Profile] = {}
        self.groups: dict[str, UserGroup] = {}
        self.conversations: dict[str, Conversation] = {}
        self.bots: dict[str, Json] = {}
        self.bot = Profile(
            id=bot_user_id, name=bot_name, real_name=bot_name, display_name="", team=team, is_bot=True, updated=created
        )
        self.people[bot_user_id] = self.bot
        self.bots[bot_id] = self.bot_profile(bot_id, bot_name, app_id)

    # Looking up

    def conversation(self, key: str | Conversation) -> Conversation:
        """A channel by id, by name with or without #, or itself."""
        if isinstance(key, Conversation):
            return key
        if key in self.conversations:
            return self.conversations[key]
        for conversation in self.conversations.values():
            if conversation.name == key.removeprefix("#"):
                return conversation
        raise KeyError(f"there is no channel {key!r}")

    def person(self, key: str | Profile) -> Any:
        """A person by id, name or display name (any case), or itself."""
        if isinstance(key, Profile):
            return key
        if key in self.people:
            return self.people[key]
        for person in self.people.values():
            if key.lower() in (person.name.lower(), person.display_name.lower(), person.real_name.lower()):
                return person
        raise KeyError(f"there is nobody called {key!r}")

    def message(self, channel: str | Conversation, ts: str) -> Message:
        """A message that hasn't been deleted; KeyError otherwise."""
        found = self.conversation(channel).messages[ts]
        if found.deleted:
            raise KeyError(f"the message {ts} is deleted")
        return found

    def dm(self, person: Profile) -> Conversation:
        """The DM between the bot and somebody; made when first asked for."""
        for conversation in self.conversations.values():
            if conversation.kind == "im" and set(conversation.members) == {self.bot.id, person.id}:
                return conversation
        made = Conversation(
            id=self.numbering.id("D"),
            name=f"dm-{person.name}",
            kind="im",
            team=self.team,
            created=self.created,
            members=[self.bot.id, person.id],
        )
        self.conversations[made.id] = made
        return made

    def between(self, one: Profile, other: str) -> Conversation:
        """The direct messages of somebody with another person or app (by id), in which the bot isn't; made when asked for."""
        both = {one.id, other}
        for conversation in self.conversations.values():
            if conversation.kind == "im" and set(conversation.members) == both:
                return conversation
        name = f"dm-{one.name}-{other}"
        made = Conversation(
            id=self.numbering.id("D"), name=name, kind="im", team=self.team, created=self.created, members=sorted(both)
        )
        self.conversations[made.id] = made
        return made

    def in_it(self, conversation: Conversation) -> bool:
        """Whether the bot is a member."""
        return self.bot.id in conversation.members

    # Shapes

    def bot_profile(self, bot_id: str, name: str, app_id: str) -> Json:
        """https://docs.slack.dev/reference/methods/bots.info, as messages carry it."""
        return {
            "id": bot_id,
            "deleted": False,
            "name": name,
            "updated": self.created,
            "app_id": app_id,
            "user_id": "",
            "icons": {"image_36": "", "image_48": "", "image_72": ""},
            "team_id": self.team.id,
        }

    def user_object(self, person: Profile, *, with_email: bool) -> Json:
        """https://docs.slack.dev/reference/objects/user-object; people from elsewhere show less (Slack Connect)."""
        profile: Json = {
            "title": "",
            "phone": "",
            "skype": "",
            "avatar_hash": "g" + person.id[-8:].lower(),
            "first_name": person.real_name.split()[0],
            "last_name": " ".join(person.real_name.split()[1:]),
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            "display_name": person.display_name,
            "display_name_normalized": person.display_name,
            "status_text": person.status_text,
            "status_text_canonical": "",
            "status_emoji": person.status_emoji,
            "status_emoji_display_info": [],
            "status_expiration": person.status_expiration,
            **{f"image_{size}": "" for size in (24, 32, 48, 72, 192, 512)},
            "fields": {},
            "team": person.team.id,
        }
        shown: Json = {
            "id": person.id,
            "team_id": person.team.id,
            "name": person.name,
            "deleted": person.deleted,
            "real_name": person.real_name,
            "is_bot": person.is_bot,
            "is_app_user": False,
            "updated": person.updated,
            "profile": profile,
        }
        if person.is_stranger:
            return {**shown, "is_stranger": True}
        if with_email and person.email:
            profile["email"] = person.email
        if person.is_bot:
            profile["api_app_id"] = self.app_id
            profile["bot_id"] = self.bot_id
        if person.team.enterprise_id:
            shown["enterprise_user"] = {"id": person.id, "enterprise_id": person.team.enterprise_id, "teams": [person.team.id]}
        return {
            **shown,
            "color": "9f69e7",
            "tz": person.tz,
            "tz_label": person.tz,
            "tz_offset": person.tz_offset,
            "is_admin": person.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": bool(person.guest),
            "is_ultra_restricted": person.guest == "single",
            "is_email_confirmed": True,
            "who_can_share_contact_card": "EVERYONE",
            "has_2fa": False,
        }

    def conversation_object(self, conversation: Conversation) -> Json:
        """https://docs.slack.dev/reference/objects/conversation-object."""
        if conversation.kind == "im":
            other = next((m for m in conversation.members if m != self.bot.id), self.bot.id)
            return {
                "id": conversation.id,
                "created": conversation.created,
                "is_im": True,
                "is_org_shared": False,
                "context_team_id": self.team.id,
                "user": other,
                "is_user_deleted": False,
                "is_archived": False,
            }
        return {
            "id": conversation.id,
            "name": conversation.name,
            "name_normalized": conversation.name,
            "is_channel": True,
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": conversation.is_private,
            "created": conversation.created,
            "creator": conversation.creator,
            "is_archived": conversation.archived,
            "is_general": conversation.is_general,
            "unlinked": 0,
            "is_shared": conversation.is_ext_shared or conversation.is_org_shared,
            "is_org_shared": conversation.is_org_shared,
            "is_ext_shared": conversation.is_ext_shared,
            "is_pending_ext_shared": bool(conversation.pending_shared),
            "pending_shared": conversation.pending_shared,
            "pending_connected_team_ids": [],
            "connected_team_ids": conversation.connected_team_ids,
            "shared_team_ids": [conversation.team.id, *conversation.connected_team_ids],
            "internal_team_ids": [],
            "context_team_id": self.team.id,
            "is_member": self.in_it(conversation),
            "parent_conversation": None,
            "topic": {"value": conversation.topic, "creator": "", "last_set": 0},
            "purpose": {"value": conversation.purpose, "creator": "", "last_set": 0},
            "previous_names": [],
        }

    def message_object(self, message: Message, *, metadata: bool = False, threads: bool = True) -> Json:
        """A message as history shows it: thread figures on the parent, reactions, metadata only when asked for."""
        shown = dict(message.body)
        if message.thread_ts is not None:
            shown["thread_ts"] = message.thread_ts
        replies = self.conversations[message.channel].thread(message.ts) if threads else []
        if replies:
            shown |= {
                "thread_ts": message.ts,
                "reply_count": len(replies),
                "reply_users_count": len({r.user for r in replies}),
                "latest_reply": replies[-1].ts,
                "reply_users": list(dict.fromkeys(r.user for r in replies)),
                "is_locked": False,
                "subscribed": False,
            }
        elif message.is_reply:
            parent = self.conversations[message.channel].messages.get(message.thread_ts or "")
            if parent is not None:
                shown["parent_user_id"] = parent.user
        if any(message.reactions.values()):
            shown["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items() if users
            ]
        if metadata and message.metadata is not None:
            shown["metadata"] = message.metadata
        return shown

    def group_object(self, group: UserGroup, *, users: bool) -> Json:
        """https://docs.slack.dev/reference/objects/usergroup-object."""
        shown: Json = {
            "id": group.id,
            "team_id": self.team.id,
            "is_usergroup": True,
            "is_subteam": True,
            "name": group.name,
            "description": "",
            "handle": group.handle,
            "is_external": False,
            "auto_provision": False,
            "channel_count": 0,
            "enterprise_subteam_id": "",
            "date_create": group.created,
            "date_update": group.updated,
            "date_delete": group.updated if group.disabled else 0,
            "auto_type": None,
            "created_by": "",
            "updated_by": "",
            "deleted_by": None,
            "prefs": {"channels": [], "groups": []},
            "user_count": len(group.users),
        }
        return {**shown, "users": list(group.users)} if users else shown

    def dnd_object(self, person: Profile, *, for_itself: bool) -> Json:
        """https://docs.slack.dev/reference/methods/dnd.info; snooze fields are for oneself only."""
        enabled = person.dnd_end > 0
        shown: Json = {
            "dnd_enabled": enabled,
            "next_dnd_start_ts": person.dnd_start if enabled else 1,
            "next_dnd_end_ts": person.dnd_end if enabled else 1,
        }
        return {**shown, "snooze_enabled": False} if for_itself else shown
