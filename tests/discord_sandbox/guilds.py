"""Guilds and what happens in them: people, roles, channels, permissions, threads, outages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.discord_sandbox import permissions, shapes
from tests.discord_sandbox.acting import Person
from tests.discord_sandbox.model import CATEGORY, TEXT, Channel, Guild, Member, Message, Overwrite, Role, User, Webhook
from tests.discord_sandbox.permissions import bits
from tests.discord_sandbox.posting import Posting

if TYPE_CHECKING:
    from tests.discord_sandbox.fake import FakeDiscord

Place = str | Channel


class Guilds(Posting):
    """The part of the fake that keeps guilds. What happens after the app is connected is a coroutine and is announced."""

    async def settle(self) -> None:
        """Waits until the app has taken everything it was told."""
        raise NotImplementedError

    def _id(self, id: str | None) -> str:
        return id or self.world.numbering.id(self.clock.now() - 86_400)

    # -- making

    def guild(
        self, name: str = "Harbor", *, id: str | None = None, bot: bool = True, everyone: int = permissions.EVERYONE
    ) -> Guild:
        """A server with an owner of its own; `bot`: ours is in it, by a role with what our invitation asks for."""
        owner = self.person(f"{name} owner", guild=None)
        made = Guild(id=self._id(id), name=name, owner_id=owner.id, created_at=self.clock.now() - 86_400, has_bot=bot)
        self.world.guilds[made.id] = made
        made.roles[made.id] = Role(id=made.id, name="@everyone", permissions=everyone, position=0)
        made.members[owner.id] = Member(user=owner, joined_at=made.created_at)
        if bot:
            own = self.role(self.world.bot.username, permissions.BOT, guild=made, managed=True, bot_id=self.world.bot.id)
            made.members[self.world.bot.id] = Member(user=self.world.bot, joined_at=made.created_at, roles=[own.id])
        return made

    def role(
        self, name: str, permissions: int = 0, *, guild: str | Guild | None = None, id: str | None = None, **more: Any
    ) -> Role:
        """A role, above those that are there."""
        place = self.world.guild(guild)
        made = Role(id=self._id(id), name=name, permissions=permissions, position=len(place.roles), **more)
        place.roles[made.id] = made
        return made

    def person(
        self,
        name: str,
        *,
        guild: str | Guild | None = "",
        roles: Sequence[str | Role] = (),
        id: str | None = None,
        username: str = "",
        nick: str | None = None,
    ) -> Person:
        """Somebody new, in the first guild unless another (or None) is said. Nothing is announced: see `Person.joins`."""
        fake: FakeDiscord = self  # type: ignore[assignment]
        handle = username or name.lower().replace(" ", ".")
        made = Person(id=self._id(id), username=handle, global_name=name, fake=fake)
        self.world.users[made.id] = made
        if guild is not None:
            place = self.world.guild(guild or None)
            ids = [self.world.role(place, role).id for role in roles]
            place.members[made.id] = Member(user=made, joined_at=self.clock.now() - 30 * 86_400, roles=ids, nick=nick)
        return made

    def channel(
        self,
        name: str,
        *,
        guild: str | Guild | None = None,
        kind: int = TEXT,
        id: str | None = None,
        only: Sequence[str | Role | User] | None = None,
        parent: Channel | None = None,
        topic: str | None = None,
        tags: Sequence[str] = (),
    ) -> Channel:
        """A channel that everybody reads; `only`: these roles and people, and our bot; `tags` of a forum, by name."""
        place = self.world.guild(guild)
        made = Channel(
            id=self._id(id),
            kind=kind,
            name=name,
            guild_id=place.id,
            position=len(place.channels),
            parent_id=parent.id if parent is not None else None,
            topic=topic,
            overwrites=[Overwrite(**vars(each)) for each in parent.overwrites] if parent is not None and only is None else [],
            available_tags=[
                {"id": self._id(None), "name": tag, "moderated": False, "emoji_id": None, "emoji_name": None} for tag in tags
            ],
        )
        if only is not None:
            made.overwrites = [Overwrite(id=place.id, kind=0, deny=bits("VIEW_CHANNEL"))]
            for who in (*only, *([self.world.bot] if place.has_bot else [])):
                person = isinstance(who, User)
                id_ = who.id if isinstance(who, User) else self.world.role(place, who).id
                made.overwrites.append(Overwrite(id=id_, kind=int(person), allow=bits("VIEW_CHANNEL")))
        place.channels[made.id] = self.world.channels[made.id] = made
        return made

    def webhook(self, channel: Place, name: str = "Hook", *, id: str | None = None, app: str | None = None) -> Webhook:
        """A webhook of a channel."""
        made = Webhook(id=self._id(id), name=name, channel_id=self.world.channel(channel).id, application_id=app)
        self.world.webhooks[made.id] = made
        return made

    # -- happening

    async def creates(self, name: str, **what: Any) -> Channel:
        """A channel is made while the app is there."""
        made = self.channel(name, **what)
        self.announcer.channel("CHANNEL_CREATE", made)
        await self.settle()
        return made

    async def erases(self, channel: Place) -> None:
        """A channel or thread is deleted, with all that is in it."""
        gone = self.world.channel(channel)
        guild = self.world.guild_of(gone)
        assert guild is not None
        if gone.is_thread:
            self.announcer.thread("THREAD_DELETE", gone)
        gone.deleted = True
        if not gone.is_thread:
            for thread in guild.threads:
                thread.deleted = thread.deleted or thread.parent_id == gone.id
            self.announcer.channel("CHANNEL_DELETE", gone)
        await self.settle()

    async def renames(self, channel: Place, name: str) -> None:
        """A channel or thread gets another name."""
        place = self.world.channel(channel)
        place.name = name
        if place.is_thread:
            self.announcer.thread("THREAD_UPDATE", place)
        else:
            self.announcer.channel("CHANNEL_UPDATE", place)
        await self.settle()

    async def allows(
        self, channel: Place, who: str | Role | User, *, allow: Sequence[str] = (), deny: Sequence[str] = (), quiet: bool = False
    ) -> None:
        """An overwrite of a channel is set (or taken away, where nothing is allowed or denied). A category's goes to the channels
        in it: one update each. What the bot gains or loses by it, it is told of as Discord tells."""
        place = self.world.channel(channel)
        guild = self.world.guild_of(place)
        assert guild is not None
        id, kind = (who.id, 1) if isinstance(who, User) else (self.world.role(guild, who).id, 0)
        for each in [place, *(c for c in guild.channels.values() if place.kind == CATEGORY and c.parent_id == place.id)]:
            saw = self.announcer.sees(each)
            each.overwrites = [one for one in each.overwrites if (one.id, one.kind) != (id, kind)]
            if allow or deny:
                each.overwrites.append(Overwrite(id=id, kind=kind, allow=bits(*allow), deny=bits(*deny)))
            if quiet:
                continue
            self.announcer.channel("CHANNEL_UPDATE", each)
            if not saw and self.announcer.sees(each):
                self.announcer.thread_list(guild, each)
        await self.settle()

    async def changes_role(self, role: Role, *, guild: str | Guild | None = None, **what: Any) -> None:
        """A role's permissions, name or the like change."""
        for key, value in what.items():
            setattr(role, key, value)
        self.announcer.role("GUILD_ROLE_UPDATE", self.world.guild(guild), role)
        await self.settle()

    async def creates_role(self, name: str, permissions: int = 0, **what: Any) -> Role:
        """A role is made while the app is there."""
        made = self.role(name, permissions, **what)
        self.announcer.role("GUILD_ROLE_CREATE", self.world.guild(what.get("guild")), made)
        await self.settle()
        return made

    async def erases_role(self, role: Role, *, guild: str | Guild | None = None) -> None:
        """A role is deleted; members and channels lose it."""
        place = self.world.guild(guild)
        del place.roles[role.id]
        for member in place.members.values():
            member.roles = [id for id in member.roles if id != role.id]
        for channel in place.channels.values():
            channel.overwrites = [each for each in channel.overwrites if each.id != role.id]
        self.announcer.role("GUILD_ROLE_DELETE", place, role)
        await self.settle()

    async def archives(self, thread: Channel, **what: Any) -> None:
        """A thread is archived (`archived=False`: opened again), locked, tagged (`tags`: names)."""
        parent = self.world.channels[thread.parent_id or ""]
        if "tags" in what:
            what["tags"] = [tag["id"] for tag in parent.available_tags if tag["name"] in what["tags"]]
        self.archive(thread, **{"archived": True, **what})
        await self.settle()

    async def takes_in(self, thread: Channel, user: User) -> None:
        """Somebody is added to a private thread; for who couldn't see it before it is a new one."""
        thread.thread_members[user.id] = self.clock.now()
        if user.id == self.world.bot.id:
            self.announcer.thread("THREAD_CREATE", thread)
        self.announcer.thread_members(thread, added=[user.id])
        await self.settle()

    async def takes_out(self, thread: Channel, user: User) -> None:
        """Somebody is removed from a thread."""
        del thread.thread_members[user.id]
        self.announcer.thread_members(thread, removed=[user.id])
        await self.settle()

    async def tags(self, post: Channel | Message, *names: str) -> None:
        """A forum post gets these tags."""
        thread = self.world.channels[post.id]
        await self.archives(thread, archived=thread.archived, tags=names)

    async def pins(self, message: Message) -> None:
        """A message is pinned: an update that is no edit."""
        message.pinned = True
        self.change(message, words=False)
        self.announcer.pins(self.world.channels[message.channel_id])
        await self.settle()

    async def outage(self, guild: str | Guild | None = None) -> None:
        """A guild becomes unavailable: GUILD_DELETE with `unavailable`."""
        place = self.world.guild(guild)
        self.announcer.guild("GUILD_DELETE", place, {"id": place.id, "unavailable": True})
        place.unavailable = True
        await self.settle()

    async def back(self, guild: str | Guild | None = None) -> None:
        """The outage is over."""
        place = self.world.guild(guild)
        place.unavailable = False
        self.announcer.guild("GUILD_CREATE", place, shapes.guild_event(self.world, place, now=self.clock.now()))
        await self.settle()

    async def kicks(self, guild: str | Guild | None = None) -> None:
        """Our bot is thrown out of a guild."""
        place = self.world.guild(guild)
        self.announcer.guild("GUILD_DELETE", place, {"id": place.id})
        place.has_bot = False
        place.members.pop(self.world.bot.id, None)
        await self.settle()

    async def invites(self, guild: str | Guild | None = None) -> None:
        """Our bot comes into a guild."""
        place = self.world.guild(guild)
        place.has_bot = True
        own = next((role for role in place.roles.values() if role.bot_id == self.world.bot.id), None)
        if own is None:
            name = self.world.bot.username
            own = self.role(name, permissions.BOT, guild=place, managed=True, bot_id=self.world.bot.id)
        place.members[self.world.bot.id] = Member(user=self.world.bot, joined_at=self.clock.now(), roles=[own.id])
        self.announcer.guild("GUILD_CREATE", place, shapes.guild_event(self.world, place, now=self.clock.now()))
        await self.settle()
