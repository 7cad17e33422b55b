"""Channels, threads and DMs. https://docs.discord.com/developers/resources/channel and /topics/threads"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tests.discord_sandbox import shapes
from tests.discord_sandbox.errors import Refused
from tests.discord_sandbox.model import PRIVATE_THREAD, Channel, Json
from tests.discord_sandbox.routes.messages import refuse_bad_body
from tests.discord_sandbox.routes.table import Call, Route, find_channel, find_guild, limit_of
from tests.discord_sandbox.validation import misfits

if TYPE_CHECKING:
    from tests.discord_sandbox.fake import FakeDiscord


def read(fake: FakeDiscord, call: Call) -> Json:
    """GET /channels/{channel.id}"""
    return shapes.channel_object(fake.world, find_channel(fake, call))


def change(fake: FakeDiscord, call: Call) -> Json:
    """PATCH /channels/{channel.id}: the bot may open a thread that isn't locked, nothing else."""
    channel = find_channel(fake, call)
    if not channel.is_thread or call.json.keys() - {"archived", "auto_archive_duration"} or call.json.get("archived"):
        raise Refused(50013, offence=f"changes a channel: {call.json}")
    if channel.locked or not fake.world.may(fake.world.bot.id, channel, "SEND_MESSAGES_IN_THREADS", now=call.at):
        raise Refused(50013)
    fake.archive(channel, archived=False)
    return shapes.channel_object(fake.world, channel)


def open_dm(fake: FakeDiscord, call: Call) -> Json:
    """POST /users/@me/channels"""
    refuse_bad_body("DM", list(misfits("CreatePrivateChannelRequest", call.json)))
    user = fake.world.users.get(str(call.json.get("recipient_id")))
    if user is None:
        raise Refused(10013)
    if user.bot:
        raise Refused(50007, offence="opens a DM with a bot")
    return shapes.channel_object(fake.world, fake.world.dm(user))


def _listed(fake: FakeDiscord, threads: list[Channel], *, more: bool) -> Json:
    mine = [thread for thread in threads if fake.world.bot.id in thread.thread_members]
    return {
        "threads": [shapes.thread_object(fake.world, thread) for thread in threads],
        "members": [shapes.thread_member_object(thread, fake.world.bot.id) for thread in mine],
        "has_more": more,
    }


def active(fake: FakeDiscord, call: Call) -> Json:
    """GET /guilds/{guild.id}/threads/active"""
    guild = find_guild(fake, call)
    found = [thread for thread in guild.threads if not thread.archived and fake.announcer.sees(thread)]
    listed = _listed(fake, sorted(found, key=lambda thread: -int(thread.id)), more=False)
    del listed["has_more"]
    return listed


def _archived(fake: FakeDiscord, call: Call, *, private: bool, joined: bool = False) -> Json:
    channel = find_channel(fake, call, "READ_MESSAGE_HISTORY", *(("MANAGE_THREADS",) if private and not joined else ()))
    guild = fake.world.guild_of(channel)
    if guild is None or channel.is_thread:
        raise Refused(50024, offence="asks for the threads of something that has none")
    found = [
        thread
        for thread in guild.threads
        if thread.parent_id == channel.id
        and thread.archived
        and (thread.kind == PRIVATE_THREAD) is private
        and (not joined or fake.world.bot.id in thread.thread_members)
    ]
    before = call.query.get("before")
    if joined:
        # This list alone is ordered by the threads' ids.
        found.sort(key=lambda thread: -int(thread.id))
        found = [thread for thread in found if before is None or int(thread.id) < int(before)]
    else:
        found.sort(key=lambda thread: -thread.archived_at)
        mark = datetime.fromisoformat(before).timestamp() if before is not None else None
        found = [thread for thread in found if mark is None or thread.archived_at < mark]
    limit = limit_of(call, 50, 100)
    return _listed(fake, found[:limit], more=len(found) > limit)


def archived_public(fake: FakeDiscord, call: Call) -> Json:
    """GET /channels/{channel.id}/threads/archived/public"""
    return _archived(fake, call, private=False)


def archived_private(fake: FakeDiscord, call: Call) -> Json:
    """GET /channels/{channel.id}/threads/archived/private"""
    return _archived(fake, call, private=True)


def archived_joined(fake: FakeDiscord, call: Call) -> Json:
    """GET /channels/{channel.id}/users/@me/threads/archived/private"""
    return _archived(fake, call, private=True, joined=True)


def members(fake: FakeDiscord, call: Call) -> list[Json]:
    """GET /channels/{channel.id}/thread-members: needs the members intent."""
    channel = find_channel(fake, call)
    if not channel.is_thread:
        raise Refused(50024)
    if "members" not in fake.privileged:
        raise Refused(50001)
    guild = fake.world.guild_of(channel)
    assert guild is not None
    shown = []
    for id in sorted(channel.thread_members, key=int):
        found = shapes.thread_member_object(channel, id)
        if call.query.get("with_member", "false").lower() in ("true", "1"):
            found["member"] = shapes.member_object(guild.members[id])
        shown.append(found)
    return shown


def member(fake: FakeDiscord, call: Call) -> Json:
    """GET /channels/{channel.id}/thread-members/{user.id}"""
    channel = find_channel(fake, call)
    if call.parts["user"] not in channel.thread_members:
        raise Refused(10007)
    return shapes.thread_member_object(channel, call.parts["user"])


def join(fake: FakeDiscord, call: Call) -> None:
    """PUT /channels/{channel.id}/thread-members/@me"""
    channel = find_channel(fake, call)
    if channel.archived:
        raise Refused(50083)
    if fake.world.bot.id not in channel.thread_members:
        channel.thread_members[fake.world.bot.id] = call.at
        fake.announcer.thread_members(channel, added=[fake.world.bot.id])


ARCHIVED = frozenset({"before", "limit"})

ROUTES = (
    Route(method="GET", path="/channels/{channel}", handler=read),
    Route(method="PATCH", path="/channels/{channel}", handler=change, body=True),
    Route(method="POST", path="/users/@me/channels", handler=open_dm, body=True),
    Route(method="GET", path="/guilds/{guild}/threads/active", handler=active),
    Route(method="GET", path="/channels/{channel}/threads/archived/public", handler=archived_public, query=ARCHIVED),
    Route(method="GET", path="/channels/{channel}/threads/archived/private", handler=archived_private, query=ARCHIVED),
    Route(method="GET", path="/channels/{channel}/users/@me/threads/archived/private", handler=archived_joined, query=ARCHIVED),
    Route(
        method="GET",
        path="/channels/{channel}/thread-members",
        handler=members,
        query=frozenset({"with_member", "after", "limit"}),
    ),
    Route(method="PUT", path="/channels/{channel}/thread-members/@me", handler=join),
    Route(method="GET", path="/channels/{channel}/thread-members/{user}", handler=member, query=frozenset({"with_member"})),
)
