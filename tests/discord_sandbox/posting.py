"""How messages come to be, change and go, whoever writes them: people, webhooks, other apps, our own bot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.discord_sandbox.announcing import Announcer
from tests.discord_sandbox.model import (
    FORUM,
    HAS_THREAD,
    MEDIA,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    REPLY,
    SUPPRESS_NOTIFICATIONS,
    THREAD_CREATED,
    THREAD_STARTER,
    Channel,
    Guild,
    Json,
    Message,
    User,
)
from tests.discord_sandbox.permissions import may
from tests.discord_sandbox.validation import every
from tests.discord_sandbox.world import World


@dataclass(frozen=True, kw_only=True)
class Mentions:
    """Who is mentioned, once what is allowed was looked at."""

    users: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    everyone: bool = False


class Posting:
    """The part of the fake that keeps messages."""

    clock: Any
    world: World
    announcer: Announcer

    def put(
        self,
        channel: Channel,
        author: User,
        content: str,
        *,
        reply_to: Message | None = None,
        ping: bool = True,
        kind: int | None = None,
        allowed: Json | None = None,
        id: str | None = None,
        quiet: bool = False,
        at: float | None = None,
        **more: Any,
    ) -> Message:
        """A new message. `allowed` is allowed_mentions (None: all is parsed); `quiet`: nobody is told; `at`: written then."""
        guild = self.world.guild_of(channel)
        now = self.clock.now() if at is None else at
        if reply_to is not None:
            more["reference"] = {
                "type": 0,
                "channel_id": reply_to.channel_id,
                "message_id": reply_to.id,
                **({"guild_id": guild.id} if guild is not None else {}),
            }
            kind = REPLY if kind is None else kind
        message = Message(
            id=id or self.world.numbering.id(now),
            channel_id=channel.id,
            author=author,
            content=content,
            posted_at=now,
            kind=kind or 0,
            **more,
        )
        found = self.mentions(message, guild, allowed, webhook=message.webhook_id is not None)
        users = list(found.users)
        answered = reply_to is not None and (allowed or {}).get("replied_user", ping if allowed is None else False)
        if reply_to is not None and answered and reply_to.webhook_id is None and reply_to.author.id not in users:
            users.append(reply_to.author.id)
        message.mentions, message.mention_roles, message.mention_everyone = users, list(found.roles), found.everyone
        channel.messages[message.id] = message
        if at is not None:
            channel.messages = dict(sorted(channel.messages.items(), key=lambda one: int(one[0])))
        quiet = quiet or (bool(channel.between) and message.only_for is None)
        if message.only_for is None:
            channel.last_message_id = max(message.id, channel.last_message_id or "0", key=int)
        if channel.is_thread:
            channel.sent += message.kind != THREAD_STARTER
            if channel.archived and not quiet:
                channel.archived, channel.archived_at = False, self.clock.now()
                self.announcer.thread("THREAD_UPDATE", channel)
            if guild is not None and author.id in guild.members and author.id not in channel.thread_members:
                channel.thread_members[author.id] = now
                if not quiet:
                    self.announcer.thread_members(channel, added=[author.id])
        if not quiet:
            self.announcer.message("MESSAGE_CREATE", message)
        return message

    def mentions(self, message: Message, guild: Guild | None, allowed: Json | None, *, webhook: bool = False) -> Mentions:
        """Who is mentioned by the content and by text displays (never by embeds).
        https://docs.discord.com/developers/resources/message#allowed-mentions-object"""
        words = "\n".join(
            [message.content, *(str(c.get("content") or "") for _, c in every(message.components) if c.get("type") == 10)]
        )
        users, roles, everyone = self.world.named(words, guild)
        if guild is not None:
            member = guild.members.get(message.author.id)
            channel = self.world.channels[message.channel_id]
            all_of_them = webhook or may(guild, channel, member, "MENTION_EVERYONE", now=self.clock.now())
            roles = [id for id in roles if guild.roles[id].mentionable or all_of_them]
            everyone = everyone and all_of_them
        if allowed is not None:
            parse = allowed.get("parse") or []
            named_users = {str(id) for id in allowed.get("users") or []}
            named_roles = {str(id) for id in allowed.get("roles") or []}
            users = [id for id in users if "users" in parse or id in named_users]
            roles = [id for id in roles if "roles" in parse or id in named_roles]
            everyone = everyone and "everyone" in parse
        return Mentions(users=tuple(users), roles=tuple(roles), everyone=everyone)

    def notified(self, message: Message) -> tuple[str, ...]:
        """Ids of everybody whom a message notifies."""
        channel = self.world.channels[message.channel_id]
        guild = self.world.guild_of(channel)
        if message.only_for is not None:
            return ()
        if guild is None:
            return (channel.recipient,) if channel.recipient else ()
        found = list(message.mentions)
        readers = self.world.readers(channel, now=self.clock.now())
        for id, member in guild.members.items():
            if message.mention_everyone or set(member.roles) & set(message.mention_roles):
                found.append(id)
        quiet = message.flags & SUPPRESS_NOTIFICATIONS and not found
        return () if quiet else tuple(id for id in dict.fromkeys(found) if id in readers and id != message.author.id)

    def change(
        self, message: Message, *, content: str | None = None, words: bool = True, allowed: Json | None = None, **extra: Any
    ) -> None:
        """Changes a message and tells of it. `words`: people see it as edited; otherwise the instant stays as it was (embeds that
        resolve, pins, threads)."""
        if content is not None:
            message.content = content
        message.extra |= extra
        if words:
            message.edited_at = self.clock.now()
        guild = self.world.guild_of(self.world.channels[message.channel_id])
        if words:
            found = self.mentions(message, guild, allowed, webhook=message.webhook_id is not None)
            kept = [id for id in message.mentions if message.reference is not None and id == self._answered(message)]
            message.mentions = list(dict.fromkeys([*found.users, *kept]))
            message.mention_roles, message.mention_everyone = list(found.roles), found.everyone
        message.updates += 1
        self.announcer.message("MESSAGE_UPDATE", message)

    def _answered(self, message: Message) -> str | None:
        reference = message.reference or {}
        place = self.world.channels.get(str(reference.get("channel_id")))
        found = place.messages.get(str(reference.get("message_id"))) if place is not None else None
        return found.author.id if found is not None else None

    def remove(self, message: Message, *, told: bool = True) -> None:
        """Deletes a message and tells of it."""
        message.deleted = True
        if told:
            self.announcer.deletion(message)

    def remove_many(self, channel: Channel, messages: Sequence[Message]) -> None:
        """Deletes several at once, as moderators do: one event."""
        for message in messages:
            message.deleted = True
        self.announcer.bulk_deletion(channel, messages)

    # -- threads

    def open_thread(
        self,
        parent: Channel,
        name: str,
        owner: User,
        *,
        starter: Message | None = None,
        private: bool = False,
        tags: Sequence[str] = (),
        quiet: bool = False,
    ) -> Channel:
        """A thread: of a message it has that message's id; without one the parent says so in a message of its own; a forum's
        gets its starter inside, a moment later."""
        now = self.clock.now()
        forum = parent.kind in (FORUM, MEDIA)
        made = Channel(
            id=starter.id if starter is not None and not forum else self.world.numbering.id(now),
            kind=PRIVATE_THREAD if private else PUBLIC_THREAD,
            name=name,
            guild_id=parent.guild_id,
            parent_id=parent.id,
            owner_id=owner.id,
            archived_at=now,
            applied_tags=list(tags),
            thread_members={owner.id: now},
        )
        guild = self.world.guild_of(parent)
        assert guild is not None
        guild.channels[made.id] = self.world.channels[made.id] = made
        if forum:
            parent.last_message_id = made.id
        if not quiet:
            self.announcer.thread("THREAD_CREATE", made, newly=True)
        if starter is not None and not forum:
            reference = {"type": 0, "channel_id": parent.id, "message_id": starter.id, "guild_id": guild.id}
            self.put(made, owner, "", kind=THREAD_STARTER, reference=reference, quiet=quiet)
            starter.flags |= HAS_THREAD
            if not quiet:
                self.change(starter, words=False)
        elif not forum and not private:
            reference = {"type": 0, "channel_id": made.id, "guild_id": guild.id}
            self.put(parent, owner, name, kind=THREAD_CREATED, reference=reference, quiet=quiet)
        return made

    def archive(
        self, thread: Channel, *, archived: bool = True, locked: bool | None = None, tags: Sequence[str] | None = None
    ) -> None:
        """Archives a thread, or opens it again; locks it; sets its tags."""
        if archived != thread.archived:
            thread.archived, thread.archived_at = archived, self.clock.now()
        thread.locked = thread.locked if locked is None else locked
        thread.applied_tags = thread.applied_tags if tags is None else list(tags)
        self.announcer.thread("THREAD_UPDATE", thread)
