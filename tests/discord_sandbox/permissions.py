"""Who may do what where: https://docs.discord.com/developers/topics/permissions."""

from __future__ import annotations

from tests.discord_sandbox.model import Channel, Guild, Member

NAMES = {
    "KICK_MEMBERS": 1,
    "ADMINISTRATOR": 3,
    "MANAGE_CHANNELS": 4,
    "MANAGE_GUILD": 5,
    "ADD_REACTIONS": 6,
    "VIEW_AUDIT_LOG": 7,
    "VIEW_CHANNEL": 10,
    "SEND_MESSAGES": 11,
    "MANAGE_MESSAGES": 13,
    "EMBED_LINKS": 14,
    "ATTACH_FILES": 15,
    "READ_MESSAGE_HISTORY": 16,
    "MENTION_EVERYONE": 17,
    "USE_EXTERNAL_EMOJIS": 18,
    "CONNECT": 20,
    "SPEAK": 21,
    "CHANGE_NICKNAME": 26,
    "MANAGE_ROLES": 28,
    "MANAGE_WEBHOOKS": 29,
    "USE_APPLICATION_COMMANDS": 31,
    "MANAGE_THREADS": 34,
    "CREATE_PUBLIC_THREADS": 35,
    "CREATE_PRIVATE_THREADS": 36,
    "SEND_MESSAGES_IN_THREADS": 38,
    "MODERATE_MEMBERS": 40,
    "SEND_VOICE_MESSAGES": 46,
    "SEND_POLLS": 49,
    "USE_EXTERNAL_APPS": 50,
    "PIN_MESSAGES": 51,
}
"""Those that matter here, by their bit."""


def bits(*names: str) -> int:
    """Permissions by name as one number."""
    return sum(1 << NAMES[name] for name in names)


ALL = (1 << 53) - 1

EVERYONE = bits(
    "ADD_REACTIONS", "VIEW_CHANNEL", "SEND_MESSAGES", "EMBED_LINKS", "ATTACH_FILES", "READ_MESSAGE_HISTORY", "CONNECT", "SPEAK",
    "CHANGE_NICKNAME", "USE_APPLICATION_COMMANDS", "CREATE_PUBLIC_THREADS", "SEND_MESSAGES_IN_THREADS", "USE_EXTERNAL_EMOJIS",
)  # fmt: skip
"""What @everyone has in a guild that nobody changed."""

BOT = bits("VIEW_CHANNEL", "SEND_MESSAGES", "READ_MESSAGE_HISTORY")
"""What an invitation like ours asks for, and the bot's own role has."""

TIMED_OUT = bits("VIEW_CHANNEL", "READ_MESSAGE_HISTORY")


def base(guild: Guild, member: Member) -> int:
    """Permissions in the guild, without any channel's overwrites."""
    if member.user.id == guild.owner_id:
        return ALL
    found = guild.everyone.permissions
    for id in member.roles:
        if id in guild.roles:
            found |= guild.roles[id].permissions
    return ALL if found & bits("ADMINISTRATOR") else found


def within(guild: Guild, channel: Channel, member: Member, *, now: float) -> int:
    """Permissions in a channel; a thread has those of its parent."""
    found = base(guild, member)
    if found == ALL:
        return ALL
    place = guild.channels[channel.parent_id] if channel.is_thread and channel.parent_id else channel
    overwrites = {(each.kind, each.id): each for each in place.overwrites}
    everyone = overwrites.get((0, guild.id))
    if everyone is not None:
        found = found & ~everyone.deny | everyone.allow
    own = [overwrites[0, id] for id in member.roles if (0, id) in overwrites]
    denied, allowed = 0, 0
    for each in own:
        denied |= each.deny
        allowed |= each.allow
    found = found & ~denied | allowed
    personal = overwrites.get((1, member.user.id))
    if personal is not None:
        found = found & ~personal.deny | personal.allow
    if member.timed_out_until is not None and member.timed_out_until > now:
        found &= TIMED_OUT
    if not found & bits("VIEW_CHANNEL"):
        return 0
    if not channel.is_thread and not found & bits("SEND_MESSAGES"):
        found &= ~bits("MENTION_EVERYONE", "ATTACH_FILES", "EMBED_LINKS")
    return found


def may(guild: Guild, channel: Channel, member: Member | None, *names: str, now: float) -> bool:
    """Whether somebody may do all of this in a channel. A private thread is seen by those in it and by who manages threads."""
    if member is None:
        return False
    found = within(guild, channel, member, now=now)
    if channel.kind == 12 and member.user.id not in channel.thread_members and not found & bits("MANAGE_THREADS"):
        return False
    return not bits(*names) & ~found
