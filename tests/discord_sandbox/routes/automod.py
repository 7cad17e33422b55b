"""AutoMod's rules: kept and shown, not carried out. https://docs.discord.com/developers/resources/auto-moderation"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.discord_sandbox import permissions
from tests.discord_sandbox.errors import Refused
from tests.discord_sandbox.model import Guild, Json
from tests.discord_sandbox.routes.messages import refuse_bad_body
from tests.discord_sandbox.routes.table import Call, Route, find_guild
from tests.discord_sandbox.validation import misfits

if TYPE_CHECKING:
    from tests.discord_sandbox.fake import FakeDiscord

KEYWORD = 1
ALERT = 2
MOST_OF_KEYWORDS = 6
"""Rules of this type in a guild ("Trigger Types")."""


def _managed(fake: FakeDiscord, call: Call) -> Guild:
    """The guild, if the bot has MANAGE_GUILD there."""
    guild = find_guild(fake, call)
    if not permissions.base(guild, guild.members[fake.world.bot.id]) & permissions.bits("MANAGE_GUILD"):
        raise Refused(50013)
    return guild


def rules(fake: FakeDiscord, call: Call) -> list[Json]:
    """GET /guilds/{guild.id}/auto-moderation/rules"""
    return list(_managed(fake, call).automod)


def make(fake: FakeDiscord, call: Call) -> Json:
    """POST /guilds/{guild.id}/auto-moderation/rules: of keywords alone; an app like ours makes no others."""
    guild, given = _managed(fake, call), call.json
    refuse_bad_body("rule", list(misfits("KeywordUpsertRequest", given)))
    problems = [f"exempt_roles: no role {id}" for id in given.get("exempt_roles") or () if id not in guild.roles]
    for action in given.get("actions") or ():
        if action["type"] == ALERT:
            channel = guild.channels.get(str(action["metadata"]["channel_id"]))
            if channel is None or channel.deleted:
                problems.append("actions: alerts go to a channel of the guild")
    refuse_bad_body("rule", problems)
    if sum(rule["trigger_type"] == KEYWORD for rule in guild.automod) >= MOST_OF_KEYWORDS:
        raise Refused(50035, message="Maximum number of rules of this type reached")
    metadata = given.get("trigger_metadata") or {}
    made: Json = {
        "id": fake.world.numbering.id(fake.clock.now()),
        "guild_id": guild.id,
        "name": given["name"],
        "creator_id": fake.world.bot.id,
        "event_type": given["event_type"],
        "trigger_type": given["trigger_type"],
        "trigger_metadata": {key: metadata.get(key) or [] for key in ("keyword_filter", "regex_patterns", "allow_list")},
        "actions": [{"metadata": {}, **action} for action in given.get("actions") or ()],
        "enabled": bool(given.get("enabled")),
        "exempt_roles": given.get("exempt_roles") or [],
        "exempt_channels": given.get("exempt_channels") or [],
    }
    for action in made["actions"]:
        action["metadata"] = {key: str(value) for key, value in action["metadata"].items()}
    guild.automod.append(made)
    return made


ROUTES = (
    Route(method="GET", path="/guilds/{guild}/auto-moderation/rules", handler=rules),
    Route(method="POST", path="/guilds/{guild}/auto-moderation/rules", handler=make, body=True),
)
