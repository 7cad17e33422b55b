"""How the API shows things: the shapes of Discord's objects.

Sources: https://docs.discord.com/developers/resources/{user,guild,channel,message,application}, /topics/permissions (roles).
"""

from __future__ import annotations

from tests.discord_sandbox import permissions
from tests.discord_sandbox.model import (
    CATEGORY,
    DM,
    FORUM,
    HAS_SNAPSHOT,
    MEDIA,
    PRIVATE_THREAD,
    STAGE,
    VOICE,
    Channel,
    Guild,
    Json,
    Member,
    Message,
    Overwrite,
    Role,
    User,
    iso,
)
from tests.discord_sandbox.world import World

USER_CONTENT = ("embeds", "attachments", "components")
"""What is empty, beside `content`, for an app that doesn't have the message content intent; a poll is left out."""


def user_object(user: User) -> Json:
    """https://docs.discord.com/developers/resources/user#user-object"""
    shown: Json = {
        "id": user.id,
        "username": user.username,
        "discriminator": "0",
        "global_name": user.global_name,
        "avatar": None,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
        "collectibles": None,
        "avatar_decoration_data": None,
    }
    if user.bot:
        shown["bot"] = True
    return shown


def member_object(member: Member, *, user: bool = True) -> Json:
    """https://docs.discord.com/developers/resources/guild#guild-member-object"""
    shown: Json = {
        "roles": list(member.roles),
        "nick": member.nick,
        "avatar": None,
        "banner": None,
        "joined_at": iso(member.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": member.pending,
        "communication_disabled_until": iso(member.timed_out_until) if member.timed_out_until is not None else None,
    }
    return {**shown, "user": user_object(member.user)} if user else shown


def role_object(role: Role) -> Json:
    """https://docs.discord.com/developers/topics/permissions#role-object"""
    shown: Json = {
        "id": role.id,
        "name": role.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": role.position,
        "permissions": str(role.permissions),
        "managed": role.managed,
        "mentionable": role.mentionable,
        "flags": 0,
    }
    return {**shown, "tags": {"bot_id": role.bot_id}} if role.bot_id else shown


def overwrite_object(overwrite: Overwrite) -> Json:
    """https://docs.discord.com/developers/resources/channel#overwrite-object"""
    return {"id": overwrite.id, "type": overwrite.kind, "allow": str(overwrite.allow), "deny": str(overwrite.deny)}


def channel_object(world: World, channel: Channel) -> Json:
    """https://docs.discord.com/developers/resources/channel#channel-object"""
    if channel.kind == DM:
        with_whom = channel.between or ((channel.recipient,) if channel.recipient else ())
        recipients = [user_object(world.users[id]) for id in with_whom]
        return {
            "id": channel.id,
            "type": DM,
            "last_message_id": channel.last_message_id,
            "recipients": recipients,
            "flags": 0,
        }
    if channel.is_thread:
        return thread_object(world, channel)
    shown: Json = {
        "id": channel.id,
        "guild_id": channel.guild_id,
        "type": channel.kind,
        "name": channel.name,
        "position": channel.position,
        "parent_id": channel.parent_id,
        "permission_overwrites": [overwrite_object(each) for each in channel.overwrites],
        "flags": 0,
        "nsfw": False,
    }
    if channel.kind == CATEGORY:
        return shown
    shown |= {"topic": channel.topic, "last_message_id": channel.last_message_id, "rate_limit_per_user": 0}
    if channel.kind in (VOICE, STAGE):
        shown |= {"bitrate": 64_000, "user_limit": 0, "rtc_region": None, "video_quality_mode": 1}
    if channel.kind in (FORUM, MEDIA):
        shown |= {
            "available_tags": channel.available_tags,
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
            "default_thread_rate_limit_per_user": 0,
            "template": "",
        }
    return shown


def thread_object(world: World, thread: Channel) -> Json:
    """A thread or forum post; with `member` if the bot is in it."""
    shown: Json = {
        "id": thread.id,
        "guild_id": thread.guild_id,
        "parent_id": thread.parent_id,
        "owner_id": thread.owner_id,
        "type": thread.kind,
        "name": thread.name,
        "last_message_id": thread.last_message_id,
        "message_count": min(50, max(0, thread.sent)),
        "total_message_sent": thread.sent,
        "member_count": min(50, len(thread.thread_members)),
        "rate_limit_per_user": 0,
        "flags": 0,
        "bitrate": 64_000,
        "user_limit": 0,
        "rtc_region": None,
        "thread_metadata": {
            "archived": thread.archived,
            "archive_timestamp": iso(thread.archived_at),
            "auto_archive_duration": thread.auto_archive_duration,
            "locked": thread.locked,
            "create_timestamp": iso(thread.archived_at if not thread.thread_members else min(thread.thread_members.values())),
            **({"invitable": True} if thread.kind == PRIVATE_THREAD else {}),
        },
    }
    if parent_is_forum(world, thread):
        shown["applied_tags"] = list(thread.applied_tags)
    if world.bot.id in thread.thread_members:
        shown["member"] = thread_member_object(thread, world.bot.id)
    return shown


def parent_is_forum(world: World, thread: Channel) -> bool:
    """Whether a thread is a forum post."""
    return thread.parent_id is not None and world.channels[thread.parent_id].kind in (FORUM, MEDIA)


def thread_member_object(thread: Channel, user_id: str) -> Json:
    """https://docs.discord.com/developers/resources/channel#thread-member-object"""
    return {"id": thread.id, "user_id": user_id, "join_timestamp": iso(thread.thread_members[user_id]), "flags": 0}


def emoji_object(emoji: str) -> Json:
    """`👀`, or `name:id` of a custom one."""
    name, _, id = emoji.partition(":")
    return {"id": id or None, "name": name}


def author_object(world: World, message: Message) -> Json:
    """Whoever wrote it; of a webhook its own id with the name it chose for this message, and no mark of a bot."""
    if message.webhook_name is not None and message.webhook_id is not None:
        shown = {"id": message.webhook_id, "username": message.webhook_name, "avatar": None, "discriminator": "0000"}
        return {**shown, "global_name": None, "public_flags": 0, "flags": 0, "primary_guild": None}
    return user_object(message.author)


def message_object(world: World, message: Message, *, content: bool = True, referenced: bool = True) -> Json:
    """As REST shows it: no guild_id, no member. `content`: the app has the message content intent."""
    shown: Json = {
        "id": message.id,
        "channel_id": message.channel_id,
        "type": message.kind,
        "author": author_object(world, message),
        "content": message.content,
        "timestamp": iso(message.posted_at),
        "edited_timestamp": iso(message.edited_at) if message.edited_at is not None else None,
        "tts": False,
        "mention_everyone": message.mention_everyone,
        "mentions": [user_object(world.users[id]) for id in message.mentions],
        "mention_roles": list(message.mention_roles),
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": message.pinned,
        "flags": message.flags,
        **message.extra,
    }
    if message.webhook_id is not None:
        shown["webhook_id"] = message.webhook_id
    if message.application_id is not None:
        shown["application_id"] = message.application_id
    if message.reactions:
        shown["reactions"] = [
            {
                "emoji": emoji_object(emoji),
                "count": len(users),
                "count_details": {"burst": 0, "normal": len(users)},
                "burst_colors": [],
                "me_burst": False,
                "burst_me": False,
                "me": world.bot.id in users,
                "burst_count": 0,
            }
            for emoji, users in message.reactions.items()
            if users
        ]
    if message.reference is not None:
        shown["message_reference"] = dict(message.reference)
        if message.kind in (19, 21, 20) and referenced and "message_id" in message.reference:
            place = world.channels.get(str(message.reference["channel_id"]))
            found = place.messages.get(str(message.reference["message_id"])) if place is not None else None
            gone = found is None or found.deleted
            shown["referenced_message"] = (
                None if gone or found is None else message_object(world, found, content=content, referenced=False)
            )
    if not content and not _content_anyway(world, message):
        shown["content"] = ""
        shown |= {key: [] for key in USER_CONTENT}
        shown.pop("poll", None)
        if message.flags & HAS_SNAPSHOT:
            shown["message_snapshots"] = []
    return shown


def _content_anyway(world: World, message: Message) -> bool:
    """Its own messages, messages that mention it and DMs: https://docs.discord.com/developers/events/gateway#message-content-intent."""
    dm = world.channels[message.channel_id].kind == DM
    return dm or message.author.id == world.bot.id or world.bot.id in message.mentions


def message_event(world: World, message: Message, *, content: bool) -> Json:
    """As MESSAGE_CREATE and MESSAGE_UPDATE show it: with guild_id and the member's roles."""
    shown = message_object(world, message, content=content)
    channel = world.channels[message.channel_id]
    guild = world.guild_of(channel)
    if guild is None:
        return {**shown, "channel_type": DM}
    shown |= {"guild_id": guild.id, "channel_type": channel.kind}
    if message.webhook_name is None and message.author.id in guild.members:
        shown["member"] = member_object(guild.members[message.author.id], user=False)
    for mentioned in shown["mentions"]:
        if mentioned["id"] in guild.members:
            mentioned["member"] = member_object(guild.members[mentioned["id"]], user=False)
    return shown


def guild_object(world: World, guild: Guild, *, counts: bool = False) -> Json:
    """https://docs.discord.com/developers/resources/guild#guild-object, as REST shows it: without channels and members."""
    shown: Json = {
        "id": guild.id,
        "name": guild.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "owner_id": guild.owner_id,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "roles": [role_object(role) for role in guild.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": list(guild.features),
        "mfa_level": 0,
        "application_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "max_members": 500_000,
        "vanity_url_code": None,
        "description": None,
        "banner": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "public_updates_channel_id": None,
        "nsfw_level": 0,
        "nsfw": False,
        "home_header": None,
        "region": "deprecated",
        "widget_enabled": False,
        "widget_channel_id": None,
        "max_presences": None,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "incidents_data": None,
        "premium_progress_bar_enabled": False,
        "safety_alerts_channel_id": None,
    }
    if counts:
        shown |= {"approximate_member_count": len(guild.members), "approximate_presence_count": len(guild.members)}
    return shown


def guild_event(world: World, guild: Guild, *, now: float) -> Json:
    """GUILD_CREATE: https://docs.discord.com/developers/events/gateway-events#guild-create. Without presences `members`
    holds the bot alone; channels that it can't view are shown all the same; threads are those that are active and visible."""
    shown = guild_object(world, guild)
    channels = [channel for channel in guild.channels.values() if not channel.is_thread and not channel.deleted]
    threads = [
        thread for thread in guild.threads if not thread.archived and world.may(world.bot.id, thread, "VIEW_CHANNEL", now=now)
    ]
    bot = guild.members[world.bot.id]
    return {
        **shown,
        "joined_at": iso(bot.joined_at),
        "large": len(guild.members) > 250,
        "unavailable": False,
        "member_count": len(guild.members),
        "voice_states": [],
        "members": [member_object(bot)],
        "channels": [channel_object(world, channel) for channel in channels],
        "threads": [thread_object(world, thread) for thread in threads],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def interaction_channel(world: World, channel: Channel, *, permissions_of: int) -> Json:
    """The partial channel of an interaction."""
    shown = channel_object(world, channel)
    return shown if channel.kind == DM else {**shown, "permissions": str(permissions_of)}


def interaction_member(guild: Guild, channel: Channel, member: Member, *, now: float) -> Json:
    """The member of an interaction, with their permissions in the channel."""
    found = permissions.within(guild, channel, member, now=now)
    return {**member_object(member), "permissions": str(found), "unusual_dm_activity_until": None}


def application_object(
    world: World, *, flags: int, description: str, name: str, guilds: int, for_users: bool = True, public: bool = False
) -> Json:
    """https://docs.discord.com/developers/resources/application#application-object"""
    return {
        "id": world.application_id,
        "name": name,
        "icon": None,
        "description": description,
        "summary": "",
        "type": None,
        "bot": user_object(world.bot),
        "is_monetized": False,
        "bot_public": public,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": flags,
        "approximate_guild_count": guilds,
        "approximate_user_install_count": 0,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "tags": [],
        "install_params": None,
        "custom_install_url": None,
        "hook": True,
        "team": None,
        "owner": None,
        "rpc_origins": None,
        "integration_types_config": {"0": {}, **({"1": {}} if for_users else {})},
    }
