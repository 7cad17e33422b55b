"""What people do: the vocabulary of tests. Each verb ends when the app has taken what it was told, or answered what was asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.discord_sandbox import interactions, shapes
from tests.discord_sandbox.interactions import AUTOCOMPLETE, BUTTON, COMMAND, COMPONENT, MODAL, SELECTS, Interaction
from tests.discord_sandbox.model import (
    DM,
    FORUM,
    HAS_SNAPSHOT,
    MEDIA,
    VOICE_MESSAGE,
    Channel,
    Guild,
    Json,
    Member,
    Message,
    Role,
    User,
)
from tests.discord_sandbox.permissions import base, bits

if TYPE_CHECKING:
    from tests.discord_sandbox.fake import FakeDiscord

Place = str | Channel


class NotOffered(LookupError):
    """Discord's own client wouldn't show this to them."""


@dataclass(kw_only=True, eq=False)
class Person(User):
    """Somebody who can act."""

    fake: FakeDiscord = field(repr=False)

    # -- in channels

    async def says(
        self,
        channel: Place,
        text: str,
        *,
        reply_to: Message | None = None,
        ping: bool = True,
        files: Sequence[str] = (),
        voice: bool = False,
        sticker: str = "",
        poll: str = "",
        forwards: Message | None = None,
        silent: bool = False,
        at: float | None = None,
    ) -> Message:
        """Writes. `@Name` becomes a mention; `files` are attached names; `voice`: a recording instead of words; `forwards`:
        somebody's message, without own words. `at`: written at that instant, though it only comes now."""
        fake, place = self.fake, self._place(channel, "SEND_MESSAGES")
        extra: Json = {}
        flags = (1 << 12) if silent else 0
        if files or voice:
            names = ["voice-message.ogg"] if voice else files
            extra["attachments"] = [fake.attachment(name, voice=voice) for name in names]
            flags |= VOICE_MESSAGE if voice else 0
        if sticker:
            extra["sticker_items"] = [{"id": fake.world.numbering.id(fake.clock.now()), "name": sticker, "format_type": 1}]
        if poll:
            extra["poll"] = fake.poll(poll)
        more: dict[str, Any] = {}
        if forwards is not None:
            flags |= HAS_SNAPSHOT
            extra["message_snapshots"] = [{"message": fake.snapshot(forwards)}]
            origin = fake.world.channels[forwards.channel_id]
            more["reference"] = {
                "type": 1,
                "channel_id": origin.id,
                "message_id": forwards.id,
                **({"guild_id": origin.guild_id} if origin.guild_id else {}),
            }
        words = fake.world.wire(text, fake.world.guild_of(place))
        said = fake.put(place, self, words, reply_to=reply_to, ping=ping, flags=flags, extra=extra, at=at, **more)
        await fake.settle()
        return said

    def _place(self, channel: Place, *needs: str) -> Channel:
        place = self.fake.world.channel(channel)
        if place.is_thread and "SEND_MESSAGES" in needs:
            needs = ("SEND_MESSAGES_IN_THREADS",)
        if not self.fake.world.may(self.id, place, "VIEW_CHANNEL", *needs, now=self.fake.clock.now()):
            raise PermissionError(f"{self.name} may not do that in #{place.name}")
        return place

    async def edits(self, message: Message, text: str) -> None:
        """Changes their own message."""
        guild = self.fake.world.guild_of(self.fake.world.channels[message.channel_id])
        self.fake.change(message, content=self.fake.world.wire(text, guild))
        await self.fake.settle()

    async def deletes(self, message: Message, *others: Message) -> None:
        """Deletes a message; several at once as a moderator does."""
        if others:
            self.fake.remove_many(self.fake.world.channels[message.channel_id], [message, *others])
        else:
            self.fake.remove(message)
        await self.fake.settle()

    async def reacts(self, message: Message, emoji: str) -> None:
        """Adds a reaction: a unicode emoji, or `name:id`."""
        users = message.reactions.setdefault(emoji, [])
        if self.id not in users:
            users.append(self.id)
            self.fake.announcer.reaction("MESSAGE_REACTION_ADD", self, message, emoji)
            await self.fake.settle()

    async def unreacts(self, message: Message, emoji: str) -> None:
        """Takes a reaction back."""
        message.reactions[emoji].remove(self.id)
        self.fake.announcer.reaction("MESSAGE_REACTION_REMOVE", self, message, emoji)
        await self.fake.settle()

    async def types(self, channel: Place) -> None:
        """Begins to write."""
        self.fake.announcer.typing(self, self._place(channel))
        await self.fake.settle()

    async def opens_thread(self, channel: Place, name: str, *, on: Message | None = None, private: bool = False) -> Channel:
        """Opens a thread: on a message, or by itself."""
        needs = "CREATE_PRIVATE_THREADS" if private else "CREATE_PUBLIC_THREADS"
        place = self._place(channel, *((needs,) if not private else ()))
        made = self.fake.open_thread(place, name, self, starter=on, private=private)
        await self.fake.settle()
        return made

    async def posts(
        self,
        forum: Place,
        title: str,
        text: str,
        *,
        tags: Sequence[str] = (),
        files: Sequence[str] = (),
        between: Callable[[], Awaitable[Any]] | None = None,
    ) -> Message:
        """A new post in a forum: its starter message. Its thread has the same id, and is told of first; while files are uploaded
        the starter isn't there yet: `between` is awaited then."""
        fake, place = self.fake, self._place(forum)
        if place.kind not in (FORUM, MEDIA):
            raise ValueError(f"#{place.name} is no forum")
        ids = [tag["id"] for tag in place.available_tags if tag["name"] in tags]
        made = fake.open_thread(place, title, self, tags=ids)
        if between is not None:
            await fake.settle()
            await between()
        extra = {"attachments": [fake.attachment(name) for name in files]} if files else {}
        starter = fake.put(made, self, fake.world.wire(text, fake.world.guild_of(place)), id=made.id, extra=extra)
        await fake.settle()
        return starter

    # -- in guilds

    async def joins(self, guild: str | Guild | None = None, *, roles: Sequence[str | Role] = (), pending: bool = False) -> Member:
        """Comes into a guild; `pending`: its membership screening isn't passed yet."""
        place = self.fake.world.guild(guild)
        ids = [self.fake.world.role(place, role).id for role in roles]
        member = place.members[self.id] = Member(user=self, joined_at=self.fake.clock.now(), roles=ids, pending=pending)
        self.fake.announcer.member("GUILD_MEMBER_ADD", place, member)
        await self.fake.settle()
        return member

    async def leaves(self, guild: str | Guild | None = None) -> None:
        """Leaves a guild."""
        place = self.fake.world.guild(guild)
        member = place.members.pop(self.id)
        self.fake.announcer.member("GUILD_MEMBER_REMOVE", place, member)
        await self.fake.settle()

    async def changes(self, guild: str | Guild | None = None, *, roles: Sequence[str | Role] | None = None, **what: Any) -> None:
        """Gets other roles, another nick (`nick`), a time-out (`timed_out_until`), another name (`global_name`)."""
        place = self.fake.world.guild(guild)
        member = place.members[self.id]
        if roles is not None:
            member.roles = [self.fake.world.role(place, role).id for role in roles]
        for key, value in what.items():
            setattr(self if hasattr(self, key) else member, key, value)
        self.fake.announcer.member("GUILD_MEMBER_UPDATE", place, member)
        await self.fake.settle()

    # -- with the app

    async def slash(
        self, path: str, options: Mapping[str, Any] | None = None, *, channel: Place | None = None, hidden: bool = False
    ) -> Interaction:
        """Runs a chat command: its name and subcommands ("realreply waiting"), options by name. `hidden`: though Discord wouldn't
        show it to them."""
        place = self._where(channel)
        command, steps = self._command(path, 1, place, hidden=hidden)
        nested, resolved = interactions.options_of(self.fake, self.fake.world.guild_of(place), command, steps, options or {})
        return await self._send(COMMAND, place, self._data(command, place, nested, resolved))

    async def slash_unoffered(self, name: str, words: Sequence[str], *, channel: Place | None = None) -> Interaction:
        """Sends a subcommand that the app hasn't registered (any more), as a client with an old list does."""
        place = self._where(channel)
        command, _ = self._command(name, 1, place, hidden=True)
        option: Json = {"type": 1, "name": words[0] if words else "", "options": []}
        if len(words) > 1:
            option["options"] = [{"type": 3, "name": "text", "value": " ".join(words[1:])}]
        return await self._send(COMMAND, place, self._data(command, place, [option], {}))

    async def completes(
        self, path: str, option: str, typed: str, *, others: Mapping[str, Any] | None = None, channel: Place | None = None
    ) -> list[Json]:
        """Types into an option; what is suggested."""
        place = self._where(channel)
        command, steps = self._command(path, 1, place)
        lenient = _without_required(command)
        nested, resolved = interactions.options_of(
            self.fake, self.fake.world.guild_of(place), lenient, steps, {**(others or {}), option: typed}
        )
        for entry in _innermost(nested):
            if entry["name"] == option:
                entry["focused"] = True
        sent = await self._send(AUTOCOMPLETE, place, self._data(command, place, nested, resolved))
        return sent.choices or []

    async def uses_menu(self, name: str, target: Message | User, *, hidden: bool = False, outside: bool = False) -> Interaction:
        """A context menu's command on a message or a person. `outside`: the person installed the app for themselves, and the
        bot isn't there: the message can be one of their own DMs."""
        world = self.fake.world
        kind = 3 if isinstance(target, Message) else 2
        place = world.channels[target.channel_id] if isinstance(target, Message) else self._where(None)
        command, _ = self._command(name, kind, place, hidden=hidden or outside, whole=True)
        resolved: Json = {}
        if isinstance(target, Message):
            resolved["messages"] = {target.id: shapes.message_object(world, target)}
        else:
            resolved["users"] = {target.id: shapes.user_object(target)}
            guild = world.guild_of(place)
            if guild is not None and target.id in guild.members:
                resolved["members"] = {target.id: shapes.member_object(guild.members[target.id], user=False)}
        data = {**self._data(command, place, [], resolved), "target_id": target.id}
        data.pop("options", None)
        return await self._send(COMMAND, place, data)

    async def clicks(self, message: Message, label: str) -> Interaction:
        """Presses the button with this label or custom_id."""
        button = interactions.labelled(message.components, label, frozenset({BUTTON}))
        if button.get("disabled") or not button.get("custom_id"):
            raise LookupError(f"{label!r} can't be pressed: it is disabled or a link")
        return await self.presses(message, button["custom_id"])

    async def presses(self, message: Message, custom_id: str, *, kind: int = BUTTON, **more: Any) -> Interaction:
        """Sends a component's interaction as it stands: also one that was forged."""
        place = self.fake.world.channels[message.channel_id]
        data = {"custom_id": custom_id, "component_type": kind, "id": 1, **more}
        return await self._send(COMPONENT, place, data, message=message)

    async def chooses(self, message: Message, menu: str, choice: Any) -> Interaction:
        """Chooses in a menu (by its placeholder or custom_id): options by label or value, people by name."""
        control = interactions.labelled(message.components, menu, frozenset(SELECTS))
        guild = self.fake.world.guild_of(self.fake.world.channels[message.channel_id])
        taken = interactions.chosen(self.fake, guild, control, choice)
        return await self.presses(message, control["custom_id"], kind=control["type"], **taken)

    async def submits(self, given: Mapping[str, Any] | None = None) -> Interaction:
        """Fills in the form that is open, by labels or custom_ids, and sends it."""
        opened, modal = self.fake.modals[self.id]
        place = opened.channel
        data = interactions.filled(self.fake, self.fake.world.guild_of(place), modal, given or {})
        sent = await self._send(MODAL, place, data, message=opened.message)
        if sent.answered:
            self.fake.modals.pop(self.id, None)
        return sent

    def dismisses(self) -> None:
        """Closes the form; the app never hears of it."""
        del self.fake.modals[self.id]

    async def _send(self, kind: int, place: Channel, data: Json, *, message: Message | None = None) -> Interaction:
        made = interactions.make(self.fake, kind, self, place, data, message=message)
        await interactions.send(self.fake, made)
        await self.fake.settle()
        return made

    def _where(self, channel: Place | None) -> Channel:
        return self._place(channel) if channel is not None else self.fake.world.dm(self)

    def _command(
        self, path: str, kind: int, place: Channel, *, hidden: bool = False, whole: bool = False
    ) -> tuple[Json, list[str]]:
        steps = [path] if whole else path.split()
        guild = self.fake.world.guild_of(place)
        known = {**self.fake.commands.get("", {}), **(self.fake.commands.get(guild.id, {}) if guild is not None else {})}
        for command in known.values():
            if command["type"] == kind and command["name"] == steps[0]:
                if not hidden and (why := self._hidden(command, guild, place)):
                    raise NotOffered(f"{self.name} isn't offered {path!r}: {why}")
                return command, steps[1:]
        raise NotOffered(f"there is no command {path!r} of type {kind}; there are {[c['name'] for c in known.values()]}")

    def _hidden(self, command: Json, guild: Guild | None, place: Channel) -> str:
        contexts = command.get("contexts")
        here = 0 if guild is not None else 2 if place.between else 1
        if contexts is not None and here not in contexts:
            return "not in this context"
        if guild is None or command.get("id") in self.fake.opened:
            return ""
        allowed = base(guild, guild.members[self.id])
        wanted = command.get("default_member_permissions")
        if wanted is not None and (int(wanted) & ~allowed or (int(wanted) == 0 and not allowed & bits("ADMINISTRATOR"))):
            return "not with their permissions"
        usable = self.fake.world.may(self.id, place, "USE_APPLICATION_COMMANDS", now=self.fake.clock.now())
        return "" if usable else "no USE_APPLICATION_COMMANDS here"

    def _data(self, command: Json, place: Channel, options: list[Json], resolved: Json) -> Json:
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
        if options:
            data["options"] = options
        if resolved:
            data["resolved"] = resolved
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return data

    # -- what they see

    def sees(self) -> list[Message]:
        """What the app showed them alone (ephemeral answers), oldest first."""
        return [message for message in self.fake.seen.get(self.id, []) if not message.deleted]

    def direct(self) -> list[Message]:
        """Direct messages from the app, oldest first."""
        dm = next((c for c in self.fake.world.channels.values() if c.kind == DM and c.recipient == self.id), None)
        return [m for m in dm.posts if m.author.id == self.fake.world.bot.id] if dm is not None else []

    @property
    def modal(self) -> Json:
        """The form that is open."""
        return self.fake.modals[self.id][1]

    def reads(self, channel: Place) -> bool:
        """Whether they can read a channel now."""
        return self.fake.world.may(self.id, self.fake.world.channel(channel), "VIEW_CHANNEL", now=self.fake.clock.now())


def _innermost(options: list[Json]) -> list[Json]:
    while options and options[0]["type"] in (1, 2):
        options = options[0]["options"]
    return options


def _without_required(command: Json) -> Json:
    """A command whose options may be missing, and whose values are whatever is typed: while somebody still types."""

    def lenient(option: Json) -> Json:
        if option["type"] in (1, 2):
            return {**option, "options": [lenient(inner) for inner in option.get("options") or ()]}
        return {**option, "required": False, "min_length": 0, **({"type": 3} if option["type"] in (4, 10) else {})}

    return {**command, "options": [lenient(option) for option in command.get("options") or ()]}
