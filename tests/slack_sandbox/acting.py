"""What people do: the vocabulary of tests. Each verb ends when the app has acknowledged, or hasn't in time."""

from __future__ import annotations

import asyncio
import copy
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.slack_sandbox import interactions
from tests.slack_sandbox.calls.chat import refuse_bad_content, with_block_ids
from tests.slack_sandbox.calls.table import Refused
from tests.slack_sandbox.delivery import Delivery
from tests.slack_sandbox.model import Conversation, Json, Message, Profile

if TYPE_CHECKING:
    from tests.slack_sandbox.fake import FakeSlack


@dataclass(kw_only=True)
class Seen:
    """Something only one person sees. `kind`: ephemeral, response (to a command or click), dm, or failure (Slack's own words)."""

    kind: str
    channel: str
    ts: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    at: float = 0.0

    @property
    def words(self) -> str:
        """The fallback text and all text in the blocks."""
        return "\n".join([self.text, *texts(self.blocks)])


def texts(node: Any) -> list[str]:
    """Every text in blocks or a view, in order."""
    if isinstance(node, list):
        return [text for part in node for text in texts(part)]
    if isinstance(node, dict):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [text for key, part in node.items() if not (key == "text" and own) for text in texts(part)]
    return []


Place = str | Conversation
Thing = Message | Seen | Json
"""What carries controls: a message, something only one person sees, or a view."""


@dataclass(kw_only=True, eq=False)
class Person(Profile):
    """Somebody who can act."""

    fake: FakeSlack = field(repr=False)

    # In channels

    async def says(
        self,
        channel: Place,
        text: str,
        *,
        thread: Message | str | None = None,
        files: Sequence[str] = (),
        broadcast: bool = False,
        me: bool = False,
    ) -> Message:
        """Posts a message. `@Name` becomes a mention; & < > are escaped as Slack does."""
        conversation = self.fake.workspace.conversation(channel)
        if self.id not in conversation.members:
            raise ValueError(f"{self.name} isn't in #{conversation.name}")
        body: Json = {"client_msg_id": str(uuid.uuid4()), "text": self.fake.wire(text), "user": self.id, "team": self.team.id}
        if me:
            body["subtype"] = "me_message"
        if files:
            body["subtype"] = "file_share"
            body["files"] = [self.fake.file_object(name, self.id) for name in files]
            body["upload"] = False
        ts = thread.ts if isinstance(thread, Message) else thread
        message, sending = self.fake.put(conversation, body, thread=ts, broadcast=broadcast)
        await asyncio.gather(*sending)
        return message

    async def edits(self, message: Message, text: str) -> None:
        """Changes their own message."""
        before = copy.deepcopy(message.body)
        message.body["text"] = self.fake.wire(text)
        message.body["edited"] = {"user": self.id, "ts": self.fake.announcer.ts()}
        message.body["blocks"] = self.fake.rich_text(message.body["text"])
        await asyncio.gather(*self.fake.announcer.change(message, before))

    async def deletes(self, message: Message) -> None:
        """Deletes their own message; a parent with replies leaves a tombstone."""
        await asyncio.gather(*self.fake.remove(message))

    async def reacts(self, message: Message, name: str) -> None:
        """Adds a reaction, by its name without colons."""
        users = message.reactions.setdefault(name, [])
        if self.id not in users:
            users.append(self.id)
            await asyncio.gather(*self.fake.announcer.reaction("reaction_added", self.id, message, name))

    async def unreacts(self, message: Message, name: str) -> None:
        """Takes a reaction back."""
        message.reactions[name].remove(self.id)
        await asyncio.gather(*self.fake.announcer.reaction("reaction_removed", self.id, message, name))

    async def joins(self, channel: Place, *, inviter: Profile | None = None) -> None:
        """Joins a channel: a channel_join message and member_joined_channel."""
        conversation = self.fake.workspace.conversation(channel)
        await asyncio.gather(*self.fake.let_in(self, conversation, inviter))

    async def leaves(self, channel: Place) -> None:
        """Leaves a channel."""
        conversation = self.fake.workspace.conversation(channel)
        await asyncio.gather(*self.fake.let_out(self, conversation))

    async def changes(self, **profile: Any) -> None:
        """Changes something about them (status_text, tz, guest, deleted, dnd_end ...): user_change, dnd_updated_user."""
        for key, value in profile.items():
            if not hasattr(self, key):
                raise AttributeError(f"a person has no {key}")
            setattr(self, key, value)
        self.updated = int(self.fake.clock.now())
        if profile.keys() & {"dnd_start", "dnd_end"}:
            status = self.fake.workspace.dnd_object(self, for_itself=False)
            event: Json = {"type": "dnd_updated_user", "user": self.id, "dnd_status": status}
            await asyncio.gather(*self.fake.announcer.emit("dnd_updated_user", event))
        if profile.keys() - {"dnd_start", "dnd_end"}:
            await asyncio.gather(*self.fake.announcer.user("user_change", self.id))

    # With the app

    async def slash(self, command: str, text: str = "", *, channel: Place | None = None) -> Delivery:
        """Runs a slash command, in a channel they are in or in the DM with the app."""
        fake = self.fake
        if command not in fake.commands:
            raise ValueError(f"{command} isn't one of the app's commands: {', '.join(fake.commands)}")
        place = fake.workspace.conversation(channel) if channel is not None else fake.workspace.dm(self)
        if self.id not in place.members:
            raise ValueError(f"{self.name} isn't in #{place.name}")
        names = {"im": "directmessage", "group": "privategroup"}
        payload: Json = {
            "token": "fake-verification-token",
            "team_id": fake.workspace.team.id,
            "team_domain": fake.workspace.team.domain,
            "channel_id": place.id,
            "channel_name": names.get(place.kind, place.name),
            "user_id": self.id,
            "user_name": self.name,
            "command": command,
            "text": text,
            "api_app_id": fake.workspace.app_id,
            "is_enterprise_install": "false",
            "response_url": interactions.response_url(fake, self.id, place.id),
            "trigger_id": interactions.trigger_id(fake, self.id),
        }
        if fake.workspace.team.enterprise_id:
            payload |= {"enterprise_id": fake.workspace.team.enterprise_id, "enterprise_name": fake.workspace.team.name}
        delivery = await self._send("slash_commands", payload, place, command)
        answer = delivery.answer
        if answer.get("text") or answer.get("blocks"):
            self._check("slash command answer", answer)
            if answer.get("response_type") == "in_channel":
                fake.app_speaks(place, answer, user="")
            else:
                fake.show(
                    self.id,
                    kind="response",
                    channel=place.id,
                    text=answer.get("text", ""),
                    blocks=with_block_ids(answer.get("blocks")),
                )
        return delivery

    async def _send(self, kind: str, payload: Json, place: Conversation | None, what: str) -> Delivery:
        delivery, task = self.fake.courier.start(kind, payload)
        await task
        if not delivery.acknowledged:
            why = "operation_timeout" if "timeout" in delivery.tries[-1] else "dispatch_failed"
            self.fake.show(
                self.id, kind="failure", channel=place.id if place else "", text=f'{what} failed with the error "{why}"'
            )
        return delivery

    def _check(self, what: str, answer: Json) -> None:
        try:
            refuse_bad_content(self.fake, what, answer)
        except Refused as refused:
            self.fake.offence(f"{what}: {refused.offence}")

    async def clicks(self, thing: Thing, what: interactions.What) -> Delivery:
        """Presses the button with this label, action_id or value."""
        block, element = interactions.find(blocks_of(thing), what, ("button", "workflow_button"))
        action: Json = {key: element[key] for key in ("action_id", "text", "value", "style", "url", "type") if key in element}
        return await self._acts(thing, block, action)

    async def chooses(self, thing: Thing, choice: Any, *, where: interactions.What | None = None) -> Delivery:
        """Chooses an option (by label or value; a person, a channel, a date) in a select, overflow menu or the like.
        `where` names the control when there are several.
        """
        pairs = [(b, e) for b, e in interactions.elements(blocks_of(thing)) if e["type"] not in ("button", "workflow_button")]
        if where is not None:
            pairs = [interactions.find(blocks_of(thing), where)]
        if not pairs:
            raise LookupError("there is nothing to choose here")
        for number, (block, element) in enumerate(pairs):
            try:
                taken = interactions.chosen(self.fake, element, choice)
            except (LookupError, KeyError):
                if number == len(pairs) - 1:
                    raise
                continue
            action: Json = {"type": element["type"], "action_id": element.get("action_id", ""), **taken}
            if "placeholder" in element:
                action["placeholder"] = element["placeholder"]
            if isinstance(thing, dict):
                held = thing["state"]["values"].setdefault(block["block_id"], {})
                held[element.get("action_id", "")] = {"type": element["type"], **taken}
            return await self._acts(thing, block, action)
        raise LookupError(f"no control here takes {choice!r}")

    async def _acts(self, thing: Thing, block: Json, action: Json) -> Delivery:
        """https://docs.slack.dev/reference/interaction-payloads/block_actions-payload"""
        fake = self.fake
        if isinstance(thing, Seen) and thing.kind == "dm":
            thing = fake.workspace.conversations[thing.channel].messages[thing.ts]
        action |= {"block_id": block.get("block_id", ""), "action_ts": fake.announcer.ts()}
        payload = interactions.base(fake, "block_actions", self)
        payload |= {"trigger_id": interactions.trigger_id(fake, self.id), "actions": [action]}
        place: Conversation | None = None
        if isinstance(thing, dict):
            payload |= {"container": {"type": "view", "view_id": thing["id"]}, "view": copy.deepcopy(thing)}
            payload["view"]["state"] = interactions.state_of(fake, thing["blocks"], {}, thing["state"]["values"])
        else:
            place = fake.workspace.conversations[thing.channel]
            ephemeral = isinstance(thing, Seen)
            container: Json = {"type": "message", "message_ts": thing.ts, "channel_id": thing.channel, "is_ephemeral": ephemeral}
            payload |= {
                "container": container,
                "channel": {"id": place.id, "name": "directmessage" if place.kind == "im" else place.name},
                "state": interactions.state_of(fake, thing.blocks, {}),
                "response_url": interactions.response_url(fake, self.id, place.id, thing.ts),
            }
            if isinstance(thing, Message):
                if thing.thread_ts:
                    container["thread_ts"] = thing.thread_ts
                payload["message"] = fake.workspace.message_object(thing)
        return await self._send("interactive", payload, place, "That action")

    async def submits(self, modal: Json | None = None, values: dict[str, Any] | None = None) -> Delivery:
        """Fills in the modal (by label, action_id or block_id) and submits it; then it closes, changes or shows errors.
        https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
        """
        fake = self.fake
        modal = modal or self.modal
        view = copy.deepcopy(modal)
        view["state"] = interactions.state_of(fake, view["blocks"], values or {}, modal["state"]["values"])
        if empty := interactions.missing_input(view["blocks"], view["state"]):
            raise ValueError(f"{empty!r} must be filled in before the form can be sent")
        payload = interactions.base(fake, "view_submission", self)
        payload |= {"trigger_id": interactions.trigger_id(fake, self.id), "view": view, "response_urls": []}
        delivery = await self._send("interactive", payload, None, "That form")
        if delivery.acknowledged:
            fake.after_submission(self.id, modal, delivery.answer)
        return delivery

    async def closes(self, modal: Json | None = None) -> Delivery | None:
        """Closes the modal; the app hears of it if it asked to (notify_on_close)."""
        modal = modal or self.modal
        self.fake.modals[self.id].remove(modal)
        if not modal["notify_on_close"]:
            return None
        payload = interactions.base(self.fake, "view_closed", self)
        return await self._send("interactive", {**payload, "view": copy.deepcopy(modal), "is_cleared": False}, None, "Closing")

    async def opens_home(self, tab: str = "home") -> None:
        """Looks at the app's Home (or Messages) tab."""
        event: Json = {"type": "app_home_opened", "user": self.id, "channel": self.fake.workspace.dm(self).id, "tab": tab}
        if tab == "home" and self.id in self.fake.homes:
            event["view"] = copy.deepcopy(self.fake.homes[self.id])
        await asyncio.gather(*self.fake.announcer.emit("app_home_opened", event))

    async def uses_shortcut(self, callback_id: str, message: Message | None = None) -> Delivery:
        """A message shortcut (works in conversations the app isn't in), or without a message a global one.
        https://docs.slack.dev/reference/interaction-payloads/shortcuts-interactions-payload
        """
        fake = self.fake
        payload = interactions.base(fake, "message_action" if message else "shortcut", self)
        payload |= {
            "callback_id": callback_id,
            "trigger_id": interactions.trigger_id(fake, self.id),
            "action_ts": fake.announcer.ts(),
        }
        place = None
        if message is not None:
            place = fake.workspace.conversations[message.channel]
            payload |= {
                "channel": {"id": place.id, "name": {"im": "directmessage", "group": "privategroup"}.get(place.kind, place.name)},
                "message_ts": message.ts,
                "message": fake.workspace.message_object(message),
                "response_url": interactions.response_url(fake, self.id, place.id),
            }
        return await self._send("interactive", payload, place, "That shortcut")

    # Looking

    @property
    def modal(self) -> Json:
        """The modal on top; LookupError if none is open."""
        stack = self.fake.modals.get(self.id)
        if not stack:
            raise LookupError(f"{self.name} has no modal open")
        return stack[-1]

    @property
    def home(self) -> Json | None:
        """Their App Home, as last published."""
        return self.fake.homes.get(self.id)

    def sees(self) -> list[Seen]:
        """What only they see, oldest first: ephemerals, answers, DMs from the app, Slack's failure notes."""
        return self.fake.seen_by(self.id)


def blocks_of(thing: Thing) -> list[Json]:
    """The blocks of whatever carries controls."""
    found: list[Json] = thing["blocks"] if isinstance(thing, dict) else thing.blocks
    return found
