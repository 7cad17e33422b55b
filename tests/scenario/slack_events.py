"""Every kind of event that Slack may hand an app like ours, as an envelope of its own each: for tests of what becomes of them.

Sources: docs.slack.dev, /reference/events and /reference/events/message (subtypes).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.scenario.slack_stage import SlackStage
from tests.scenario.test_reminding import QUESTION
from tests.slack_sandbox.acting import Person
from tests.slack_sandbox.model import Json, Message


@dataclass(frozen=True, kw_only=True)
class Told:
    """One event. `kept`: it must be in the database once it was acknowledged."""

    name: str
    kept: bool
    payload: Json


class Events:
    """Makes one of each kind, about people whom the bot has never heard of and who need to be asked for."""

    def __init__(self, stage: SlackStage) -> None:
        self.fake = stage.fake
        self.stage = stage
        self.place = stage.fake.workspace.conversation("help")

    def each(self) -> list[Told]:
        """One of each kind."""
        return [*self.messages(), *self.changes_of_messages(), *self.reactions(), *self.notices(), *self.others()]

    def messages(self) -> Iterator[Told]:
        """What somebody or something wrote."""
        parent = self._said()
        bot = {"bot_id": "B0OTHER001", "app_id": "A0OTHER001", "text": "Deployed."}
        for name, more in (
            ("message", {}),
            ("in a thread", {"thread_ts": parent.ts}),
            ("by a member", {"user": self.stage.persons["ana"].id}),
            ("naming somebody", {"text": f"<@{self._somebody().id}> {QUESTION}"}),
            ("file_share", {"subtype": "file_share", "files": [self.fake.file_object("log.txt", parent.user)]}),
            ("me_message", {"subtype": "me_message"}),
            (
                "thread_broadcast",
                {"subtype": "thread_broadcast", "thread_ts": parent.ts, "root": self.fake.workspace.message_object(parent)},
            ),
            ("bot_message", {"subtype": "bot_message", "user": None, "username": "Zap", **bot}),
            ("by an app", bot),
        ):
            yield self._told(name, {**self._body(), **more}, kept=True)

    def changes_of_messages(self) -> Iterator[Told]:
        """Edits and deletions, of known messages and of ones that weren't told of."""
        for name, quiet in (("known", False), ("unknown", True)):
            said = self._said(quiet=quiet)
            now = {**said.body, "text": QUESTION + " It is urgent.", "edited": {"user": said.user, "ts": self._ts()}}
            changed: Json = {"subtype": "message_changed", "hidden": True, "message": now, "previous_message": said.body}
            yield self._told(f"message_changed of one {name}", self._event(changed), kept=True)
            gone = self._said(quiet=quiet)
            deleted: Json = {"subtype": "message_deleted", "hidden": True, "deleted_ts": gone.ts, "previous_message": gone.body}
            yield self._told(f"message_deleted of one {name}", self._event(deleted), kept=True)
        said = self._said()
        tombstone = {**said.body, "subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted."}
        buried: Json = {"subtype": "message_changed", "hidden": True, "message": tombstone, "previous_message": said.body}
        yield self._told("message_changed to a tombstone", self._event(buried), kept=True)
        unfurled: Json = {"subtype": "message_changed", "hidden": True, "message": said.body, "previous_message": said.body}
        yield self._told("message_changed in nothing", self._event(unfurled), kept=False)
        replied: Json = {"subtype": "message_replied", "hidden": True, "message": said.body}
        yield self._told("message_replied", self._event(replied), kept=False)

    def reactions(self) -> Iterator[Told]:
        """Put on and taken back."""
        for kind in ("reaction_added", "reaction_removed"):
            said = self._said()
            item: Json = {"type": "message", "channel": self.place.id, "ts": said.ts}
            event: Json = {"type": kind, "user": self._somebody().id, "reaction": "eyes", "item": item, "item_user": said.user}
            yield self._told(kind, event, kept=True)

    def notices(self) -> Iterator[Told]:
        """Slack's own lines in a channel, nobody's words."""
        for subtype in (
            *("channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name", "channel_archive"),
            *("channel_unarchive", "channel_convert_to_private", "channel_posting_permissions", "pinned_item", "bot_add"),
            *("bot_remove", "reminder_add", "huddle_thread"),
        ):
            yield self._told(f"message {subtype}", {**self._body(), "subtype": subtype, "text": "something happened"}, kept=False)

    def others(self) -> Iterator[Told]:
        """What is about people, channels, the app."""
        fake, place = self.fake, self.place
        person, other = self._somebody(), fake.channel("elsewhere", members=[self.stage.persons["ana"]], bot=False)
        shown = fake.workspace.user_object(person, with_email=False)
        group = {"id": "S0GROUP001", "handle": "crew", "name": "crew", "users": [person.id]}
        channel: Json = {"id": place.id, "name": "help", "created": 1}
        in_place: Json = {"channel": place.id}
        for kind, more in (
            ("user_change", {"user": shown}),
            ("user_profile_changed", {"user": shown}),
            ("user_status_changed", {"user": shown}),
            ("team_join", {"user": fake.workspace.user_object(self._somebody(), with_email=False)}),
            ("dnd_updated_user", {"user": self.stage.persons["ana"].id, "dnd_status": {"dnd_enabled": True}}),
            ("subteam_created", {"subteam": group}),
            ("subteam_updated", {"subteam": group}),
            ("subteam_members_changed", {"subteam_id": "S0GROUP001", "added_users": [person.id]}),
            ("member_joined_channel", {**in_place, "user": self._somebody().id, "team": "T0OTHER001"}),
            ("member_left_channel", {**in_place, "user": person.id, "team": "T0OTHER001"}),
            ("channel_created", {"channel": {"id": other.id, "name": "elsewhere"}}),
            ("channel_rename", {"channel": channel}),
            ("channel_shared", {**in_place, "connected_team_id": "T0OTHER001"}),
            ("channel_unshared", {**in_place, "previously_connected_team_id": "T0OTHER001", "is_ext_shared": False}),
            ("shared_channel_invite_received", {"channel": channel, "invite": {"id": "I1"}}),
            ("shared_channel_invite_accepted", {"channel": channel, "invite": {"id": "I1"}}),
            ("channel_archive", {"channel": other.id}),
            ("channel_unarchive", {"channel": other.id}),
            ("channel_deleted", {"channel": other.id}),
            ("channel_left", {"channel": other.id}),
            ("group_rename", {"channel": {"id": other.id, "name": "elsewhere"}}),
            ("channel_history_changed", in_place),
            ("file_shared", {"file_id": "F1", "channel_id": place.id}),
            ("pin_added", {"channel_id": place.id, "item": {}}),
            ("emoji_changed", {"subtype": "add", "name": "picard"}),
            ("app_mention", {**self._body(), "channel": place.id}),
            ("app_home_opened", {"user": self.stage.persons["ana"].id, "channel": "D1", "tab": "home"}),
            ("app_home_opened", {"user": self._somebody().id, "channel": "D1", "tab": "home"}),
            ("app_home_opened", {"user": person.id, "channel": "D1", "tab": "messages"}),
            ("something_new", {"what": ["nobody", {"knows": 1}]}),
        ):
            yield self._told(kind, {**more, "type": kind}, kept=False)
        yield self._told("message in a DM", {**self._body(), "channel": "D0SOMEBODY", "channel_type": "im"}, kept=False)

    def joined(self) -> Told:
        """The bot came into a channel."""
        new = self.fake.channel(f"new-{self.fake.workspace.numbering.id('N').lower()}", members=[self.stage.persons["ana"]])
        event: Json = {"type": "member_joined_channel", "user": self.fake.workspace.bot.id, "channel": new.id}
        return self._told("the bot joined", event, kept=False)

    def rate_limited(self) -> Told:
        """Slack dropped events."""
        at = int(self.stage.now) // 60 * 60
        team, app = self.fake.workspace.team.id, self.fake.workspace.app_id
        payload: Json = {"type": "app_rate_limited", "team_id": team, "minute_rate_limited": at, "api_app_id": app, "token": "t"}
        return Told(name="app_rate_limited", kept=False, payload=payload)

    def ends(self) -> tuple[Told, Told]:
        """Slack throws the app out."""
        revoked: Json = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.fake.workspace.bot.id]}}
        return (
            self._told("app_uninstalled", {"type": "app_uninstalled"}, kept=False),
            self._told("tokens_revoked", revoked, kept=False),
        )

    # -- how they are made

    def _ts(self) -> str:
        return self.fake.announcer.ts()

    def _somebody(self) -> Person:
        """A customer nobody told of."""
        person = self.fake.person(f"Stranger {self.fake.workspace.numbering.id('N')}")
        self.place.members.append(person.id)
        return person

    def _body(self) -> Json:
        return self._event({"user": self._somebody().id, "team": self.fake.workspace.team.id, "text": QUESTION})

    def _event(self, more: Json) -> Json:
        ts = self._ts()
        return {"type": "message", "channel": self.place.id, "channel_type": "channel", "ts": ts, "event_ts": ts, **more}

    def _said(self, *, quiet: bool = False) -> Message:
        """Something that was written; `quiet`: before anybody listened."""
        body: Json = {"user": self._somebody().id, "team": self.fake.workspace.team.id, "text": QUESTION}
        said, self._sending = self.fake.put(self.place, body, quiet=quiet)
        return said

    def _told(self, name: str, event: Json, *, kept: bool) -> Told:
        event = {"event_ts": self._ts(), **{key: value for key, value in event.items() if value is not None}}
        return Told(name=name, kept=kept, payload=self.fake.announcer.envelope(event, self.place))
