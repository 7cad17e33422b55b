"""Guilds, members and users. https://docs.discord.com/developers/resources/guild and /resources/user"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.discord_sandbox import permissions, shapes
from tests.discord_sandbox.errors import Refused
from tests.discord_sandbox.model import Json
from tests.discord_sandbox.routes.messages import refuse_bad_body
from tests.discord_sandbox.routes.table import Call, Route, find_guild, limit_of
from tests.discord_sandbox.validation import misfits

if TYPE_CHECKING:
    from tests.discord_sandbox.fake import FakeDiscord


def read(fake: FakeDiscord, call: Call) -> Json:
    """GET /guilds/{guild.id}"""
    counts = call.query.get("with_counts", "0").lower() in ("1", "true")
    return shapes.guild_object(fake.world, find_guild(fake, call), counts=counts)


def channels(fake: FakeDiscord, call: Call) -> list[Json]:
    """GET /guilds/{guild.id}/channels: without threads, with those the bot can't view."""
    guild = find_guild(fake, call)
    return [shapes.channel_object(fake.world, c) for c in guild.channels.values() if not c.is_thread and not c.deleted]


def roles(fake: FakeDiscord, call: Call) -> list[Json]:
    """GET /guilds/{guild.id}/roles"""
    return [shapes.role_object(role) for role in find_guild(fake, call).roles.values()]


def member(fake: FakeDiscord, call: Call) -> Json:
    """GET /guilds/{guild.id}/members/{user.id}"""
    guild = find_guild(fake, call)
    if call.parts["user"] not in fake.world.users:
        raise Refused(10013)
    if call.parts["user"] not in guild.members:
        raise Refused(10007)
    return shapes.member_object(guild.members[call.parts["user"]])


def members(fake: FakeDiscord, call: Call) -> list[Json]:
    """GET /guilds/{guild.id}/members: needs the members intent."""
    guild = find_guild(fake, call)
    if "members" not in fake.privileged:
        raise Refused(50001)
    after, limit = int(call.query.get("after", 0)), limit_of(call, 1, 1000)
    found = sorted((m for m in guild.members.values() if int(m.user.id) > after), key=lambda m: int(m.user.id))
    return [shapes.member_object(m) for m in found[:limit]]


def me(fake: FakeDiscord, _: Call) -> Json:
    """GET /users/@me"""
    bot = shapes.user_object(fake.world.bot)
    return {**bot, "verified": True, "mfa_enabled": False, "email": None, "flags": 0, "locale": "en-US"}


def change_me(fake: FakeDiscord, call: Call) -> Json:
    """PATCH /users/@me"""
    refuse_bad_body("user", list(misfits("BotAccountPatchRequest", call.json)))
    return me(fake, call)


def my_guilds(fake: FakeDiscord, call: Call) -> list[Json]:
    """GET /users/@me/guilds"""
    limit_of(call, 200, 200)
    found = []
    for guild in fake.world.guilds.values():
        if guild.has_bot:
            allowed = permissions.base(guild, guild.members[fake.world.bot.id])
            found.append(
                {
                    "id": guild.id,
                    "name": guild.name,
                    "icon": None,
                    "banner": None,
                    "owner": False,
                    "permissions": str(allowed),
                    "features": list(guild.features),
                }
            )
    return found


def user(fake: FakeDiscord, call: Call) -> Json:
    """GET /users/{user.id}"""
    if call.parts["user"] not in fake.world.users:
        raise Refused(10013)
    return shapes.user_object(fake.world.users[call.parts["user"]])


ROUTES = (
    Route(method="GET", path="/users/@me", handler=me),
    Route(method="PATCH", path="/users/@me", handler=change_me, body=True),
    Route(
        method="GET", path="/users/@me/guilds", handler=my_guilds, query=frozenset({"limit", "before", "after", "with_counts"})
    ),
    Route(method="GET", path="/users/{user}", handler=user),
    Route(method="GET", path="/guilds/{guild}", handler=read, query=frozenset({"with_counts"})),
    Route(method="GET", path="/guilds/{guild}/channels", handler=channels),
    Route(method="GET", path="/guilds/{guild}/roles", handler=roles),
    Route(method="GET", path="/guilds/{guild}/members", handler=members, query=frozenset({"limit", "after"})),
    Route(method="GET", path="/guilds/{guild}/members/{user}", handler=member),
)
