"""What the app is told of: events by intent, and by what its bot may see. https://docs.discord.com/developers/events/gateway-events"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tests.discord_sandbox import shapes
from tests.discord_sandbox.model import Channel, Guild, Json, Member, Message, Role, User, iso
from tests.discord_sandbox.sockets import Session

if TYPE_CHECKING:
    from tests.discord_sandbox.fake import FakeDiscord

Data = Json | Callable[[Session], Json]


class Announcer:
    """One method a kind of event; each decides who hears of it."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.world = fake.world
        self._held: list[Callable[[], None]] = []

    def emit(self, event: str, data: Data, guild: Guild | None, *intents: str, channel: Channel | None = None) -> None:
        """Tells every session that asked for the intents, if the bot may view the channel; trouble on order befalls it here."""
        if channel is not None and guild is not None and not self.sees(channel):
            return
        trouble = self.fake.trouble
        for session in self.fake.gateway.listeners(guild, *intents):
            if trouble.lost:
                trouble.lost -= 1
                continue
            shown = data(session) if callable(data) else data
            times = 1
            if trouble.duplicates:
                trouble.duplicates -= 1
                times = 2

            def send(session: Session = session, shown: Json = shown, times: int = times) -> None:
                for _ in range(times):
                    self.fake.gateway.dispatch(session, event, shown)

            if not trouble.shuffled:
                send()
                continue
            trouble.shuffled -= 1
            self._held.append(send)
            if not trouble.shuffled:
                held, self._held = self._held, []
                for late in reversed(held):
                    late()

    def sees(self, channel: Channel) -> bool:
        """Whether the bot may view a channel."""
        return self.world.may(self.world.bot.id, channel, "VIEW_CHANNEL", now=self.fake.clock.now())

    # -- messages

    def message(self, event: str, message: Message) -> None:
        """MESSAGE_CREATE or MESSAGE_UPDATE. What only one person sees comes back to the app, as if it were a DM (docs#4557)."""
        channel = self.world.channels[message.channel_id]
        guild = self.world.guild_of(channel)
        if message.only_for is not None:
            guild = None

        def shown(session: Session) -> Json:
            found = shapes.message_event(self.world, message, content=session.has("message_content"))
            if message.only_for is not None:
                found = {key: value for key, value in found.items() if key not in ("guild_id", "member")}
            if event == "MESSAGE_CREATE" and message.nonce is not None:
                found["nonce"] = message.nonce
            return found

        self.emit(event, shown, guild, "guild_messages" if guild is not None else "direct_messages", channel=channel)

    def deletion(self, message: Message) -> None:
        """MESSAGE_DELETE: ids only."""
        channel = self.world.channels[message.channel_id]
        guild = self.world.guild_of(channel)
        if message.only_for is not None:
            guild = None
        event = {"id": message.id, "channel_id": channel.id, **_of(guild)}
        self.emit("MESSAGE_DELETE", event, guild, "guild_messages" if guild else "direct_messages", channel=channel)

    def bulk_deletion(self, channel: Channel, messages: Sequence[Message]) -> None:
        """MESSAGE_DELETE_BULK."""
        guild = self.world.guild_of(channel)
        event = {"ids": [message.id for message in messages], "channel_id": channel.id, **_of(guild)}
        self.emit("MESSAGE_DELETE_BULK", event, guild, "guild_messages", channel=channel)

    def reaction(self, event: str, user: User, message: Message, emoji: str) -> None:
        """MESSAGE_REACTION_ADD or MESSAGE_REACTION_REMOVE."""
        channel = self.world.channels[message.channel_id]
        guild = self.world.guild_of(channel)
        shown: Json = {
            "user_id": user.id,
            "channel_id": channel.id,
            "message_id": message.id,
            "emoji": shapes.emoji_object(emoji),
            "burst": False,
            "type": 0,
            **_of(guild),
        }
        if event == "MESSAGE_REACTION_ADD":
            shown["message_author_id"] = message.webhook_id or message.author.id
            if guild is not None and user.id in guild.members:
                shown["member"] = shapes.member_object(guild.members[user.id])
        self.emit(event, shown, guild, "guild_reactions" if guild else "direct_reactions", channel=channel)

    def reactions_cleared(self, message: Message, emoji: str | None) -> None:
        """MESSAGE_REACTION_REMOVE_ALL or ..._EMOJI."""
        channel = self.world.channels[message.channel_id]
        guild = self.world.guild_of(channel)
        shown: Json = {"channel_id": channel.id, "message_id": message.id, **_of(guild)}
        event = "MESSAGE_REACTION_REMOVE_ALL"
        if emoji is not None:
            shown["emoji"], event = shapes.emoji_object(emoji), "MESSAGE_REACTION_REMOVE_EMOJI"
        self.emit(event, shown, guild, "guild_reactions", channel=channel)

    def typing(self, user: User, channel: Channel) -> None:
        """TYPING_START."""
        guild = self.world.guild_of(channel)
        shown: Json = {
            "channel_id": channel.id,
            "user_id": user.id,
            "timestamp": int(self.fake.clock.now()),
            **_of(guild),
        }
        if guild is not None and user.id in guild.members:
            shown["member"] = shapes.member_object(guild.members[user.id])
        self.emit("TYPING_START", shown, guild, "guild_typing" if guild else "direct_typing", channel=channel)

    # -- channels and threads

    def channel(self, event: str, channel: Channel) -> None:
        """CHANNEL_CREATE, CHANNEL_UPDATE or CHANNEL_DELETE."""
        self.emit(event, shapes.channel_object(self.world, channel), self.world.guild_of(channel), "guilds")

    def thread(self, event: str, thread: Channel, *, newly: bool = False) -> None:
        """THREAD_CREATE, THREAD_UPDATE, or THREAD_DELETE with ids only."""
        guild = self.world.guild_of(thread)
        shown = shapes.thread_object(self.world, thread)
        if event == "THREAD_DELETE":
            shown = {key: shown[key] for key in ("id", "guild_id", "parent_id", "type")}
        elif newly:
            shown["newly_created"] = True
        self.emit(event, shown, guild, "guilds", channel=thread)

    def thread_members(self, thread: Channel, *, added: Sequence[str] = (), removed: Sequence[str] = ()) -> None:
        """THREAD_MEMBERS_UPDATE: without the members intent only about the bot itself."""
        guild = self.world.guild_of(thread)
        assert guild is not None
        shown: Json = {
            "id": thread.id,
            "guild_id": guild.id,
            "member_count": min(50, len(thread.thread_members)),
            "added_members": [
                {
                    **shapes.thread_member_object(thread, id),
                    "member": shapes.member_object(guild.members[id]),
                    "presence": None,
                }
                for id in added
            ],
            "removed_member_ids": list(removed),
        }
        mine = self.world.bot.id in (*added, *removed)
        self.emit("THREAD_MEMBERS_UPDATE", shown, guild, *(("guilds",) if mine else ("guilds", "members")))

    def thread_list(self, guild: Guild, channel: Channel) -> None:
        """THREAD_LIST_SYNC: the bot may view a channel from now on."""
        threads = [t for t in guild.threads if t.parent_id == channel.id and not t.archived and self.sees(t)]
        shown: Json = {
            "guild_id": guild.id,
            "channel_ids": [channel.id],
            "threads": [shapes.thread_object(self.world, thread) for thread in threads],
            "members": [
                shapes.thread_member_object(thread, self.world.bot.id)
                for thread in threads
                if self.world.bot.id in thread.thread_members
            ],
        }
        self.emit("THREAD_LIST_SYNC", shown, guild, "guilds")

    # -- guilds, roles and members

    def guild(self, event: str, guild: Guild, data: Json) -> None:
        """GUILD_CREATE, GUILD_UPDATE or GUILD_DELETE, also of a guild that isn't available."""
        for session in self.fake.gateway.sessions.values():
            if not session.over and session.has("guilds"):
                self.fake.gateway.dispatch(session, event, data)

    def role(self, event: str, guild: Guild, role: Role) -> None:
        """GUILD_ROLE_CREATE, GUILD_ROLE_UPDATE or GUILD_ROLE_DELETE."""
        what: Json = {"role_id": role.id} if event == "GUILD_ROLE_DELETE" else {"role": shapes.role_object(role)}
        self.emit(event, {"guild_id": guild.id, **what}, guild, "guilds")

    def member(self, event: str, guild: Guild, member: Member) -> None:
        """GUILD_MEMBER_ADD, GUILD_MEMBER_UPDATE or GUILD_MEMBER_REMOVE. What becomes of the bot
        itself it hears without the intent."""
        shown: Json = {"guild_id": guild.id}
        if event == "GUILD_MEMBER_REMOVE":
            shown["user"] = shapes.user_object(member.user)
        else:
            shown |= shapes.member_object(member)
        itself = member.user.id == self.world.bot.id and event == "GUILD_MEMBER_UPDATE"
        self.emit(event, shown, guild, *(("guilds",) if itself else ("members",)))

    def interaction(self, payload: Json) -> None:
        """INTERACTION_CREATE needs no intent, and nobody's view of a channel; two processes with one token both get it."""
        for session in self.fake.gateway.sessions.values():
            if not session.over:
                self.fake.gateway.dispatch(session, "INTERACTION_CREATE", payload)

    def pins(self, channel: Channel) -> None:
        """CHANNEL_PINS_UPDATE."""
        guild = self.world.guild_of(channel)
        shown = {"channel_id": channel.id, "last_pin_timestamp": iso(self.fake.clock.now()), **_of(guild)}
        self.emit("CHANNEL_PINS_UPDATE", shown, guild, "guilds", channel=channel)


def _of(guild: Guild | None) -> Json:
    return {"guild_id": guild.id} if guild is not None else {}
