"""What `realreply doctor` says about one server: its roles, the channels that are watched, and the one for reminders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import discord

from adapters.discord.failures import Waiting
from adapters.discord.invite import POSTS, READS, VOICE
from adapters.discord.options import DiscordOptions, GuildOptions
from adapters.discord.people import DiscordPeople
from adapters.discord.places import PARENTS, Parent
from adapters.discord.readers import let_in_by_name, off_the_team, open_roles
from bot.domain.letters import on_one_line
from bot.domain.value import value
from bot.errors import Gone
from bot.ports import Finding
from bot.ports.examination import listed

NAME_LENGTH: Final = 80

MOST_LISTED: Final = 1_000
"""People of a server that are looked through for those on the team: one request."""


@value
class ExaminedServer:
    """What was found in a server, with what people and channels are called there, by id; `seen` are the channels that the bot
    sees, `members` how many people there are."""

    id: int
    findings: tuple[Finding, ...]
    people: Mapping[str, str]
    channels: Mapping[str, str]
    seen: frozenset[str]
    members: int


async def examine_server(
    client: discord.Client,
    guild: discord.Guild,
    options: GuildOptions,
    settings: DiscordOptions,
    people: DiscordPeople,
    waiting: Waiting,
    *,
    lists: bool,
) -> ExaminedServer:
    """The findings about a server. `lists`: who is in it can be asked for. Raises DeliveryError."""
    user = client.user
    assert user is not None, "it is known after logging in"
    where = str(guild.id)
    me = await waiting.answer(guild.fetch_member(user.id), "asking about the bot itself", where=where)
    fetched = await waiting.answer(guild.fetch_channels(), "listing channels", where=where)
    channels: list[Parent] = [channel for channel in fetched if isinstance(channel, PARENTS)]
    members = await _members(guild, settings, waiting, lists=lists)
    names = {str(one.id): on_one_line(one.display_name, NAME_LENGTH) for one in (*members, me)}
    found = _of_team(guild, settings, people, members, lists=lists)
    found += _of_watched(guild, options, channels, me)
    to = _destination(options, channels)
    besides = [] if to is None else await _readers_besides(to, people, members, me, waiting)
    found += _of_destination(guild, options, to, me, besides)
    seen = frozenset(str(channel.id) for channel in channels if channel.permissions_for(me).view_channel)
    return ExaminedServer(
        id=guild.id,
        findings=tuple(found),
        people=names,
        channels={str(channel.id): channel.name for channel in channels},
        seen=seen,
        members=guild.approximate_member_count or 0,
    )


async def _members(guild: discord.Guild, settings: DiscordOptions, waiting: Waiting, *, lists: bool) -> list[discord.Member]:
    if lists:

        async def everybody() -> list[discord.Member]:
            return [member async for member in guild.fetch_members(limit=MOST_LISTED)]

        found: list[discord.Member] = await waiting.answer(everybody(), "listing who is in a server", where=str(guild.id))
    else:
        found = []
    known = {str(member.id) for member in found}
    for user in sorted(settings.listed.members - known):
        try:
            found.append(await waiting.answer(guild.fetch_member(int(user)), "asking who somebody is", where=str(guild.id)))
        except Gone:
            continue
    return found


def _of_team(
    guild: discord.Guild,
    settings: DiscordOptions,
    people: DiscordPeople,
    members: Sequence[discord.Member],
    *,
    lists: bool,
) -> list[Finding]:
    found = [
        Finding(
            level="bad",
            says=f"{guild.name} has no role {name}, which team_roles names: its people can't be told from customers",
            do="correct the name, or take the role's id (right click on it in developer mode, Copy Role ID)",
        )
        for name in people.missing_roles(guild)
    ]
    found += [
        Finding(
            level="bad",
            says=f"the role {role.there} of {guild.name}, which team_roles names, is now called "
            f"{on_one_line(role.now, NAME_LENGTH)}{f', and a new role is called {role.there}' if role.another else ''}",
            do="both count as the team's; put the id of the one that is meant into the settings"
            if role.another
            else "it counts as before; put its new name, or better its id, into the settings",
        )
        for role in people.renamed_roles(guild)
    ]
    roles = [role for role in guild.roles if role.id in people.team_roles(guild)]
    ids = {role.id for role in roles}
    on_team = [
        member
        for member in members
        if not member.bot
        and str(member.id) not in settings.customers
        and (str(member.id) in settings.listed.members or any(member.get_role(id) is not None for id in ids))
    ]
    if on_team:
        names = listed(sorted(on_one_line(member.display_name, NAME_LENGTH) for member in on_team))
        found.append(Finding(level="good", says=f"on the team in {guild.name}: {len(on_team)} ({names})"))
    elif lists or not roles:
        do = "name roles of its people in team_roles, or list their ids under [[members]]"
        says = f"nobody is on the team in {guild.name}: everybody there counts as a customer"
        found.append(Finding(level="bad", says=says, do=do))
    for role in roles:
        if role.permissions.administrator or role.is_bot_managed():
            continue
        if role.mentionable:
            says = f"anybody in {guild.name} may notify all who have the role {role.name}"
            found.append(Finding(level="note", says=says, do="switch it off in the role, unless you want that"))
    return found


def _of_watched(guild: discord.Guild, options: GuildOptions, channels: Sequence[Parent], me: discord.Member) -> list[Finding]:
    to = _destination(options, channels)
    wanted = [channel for channel in channels if options.fits(channel.id, channel.name) and channel != to]
    seen = [channel for channel in wanted if channel.permissions_for(me).view_channel]
    found: list[Finding] = []
    if seen:
        names = listed([f"#{channel.name}" for channel in sorted(seen, key=lambda channel: channel.name)])
        found.append(Finding(level="good", says=f"channels that are watched in {guild.name}: {len(seen)} ({names})"))
    else:
        says = f"no channel is watched in {guild.name}: the bot sees none that the settings name"
        do = f"give the role {_role(me)} View Channel where customers write, or correct channels in [[discord.guilds]]"
        found.append(Finding(level="bad", says=says, do=do))
    hidden = [channel for channel in wanted if channel not in seen]
    if hidden:
        names = listed([f"#{channel.name}" for channel in sorted(hidden, key=lambda channel: channel.name)])
        says = f"the bot can't see {names} in {guild.name}, so nothing there is watched"
        do = f"if customers write there: {_mend(me, ['View Channel', 'Read Message History'])}"
        found.append(Finding(level="note", says=says, do=do))
    for channel in seen:
        missing = _missing(channel, me, _reads(channel))
        if missing:
            says = f"#{channel.name}: the bot lacks {', '.join(missing)}: what is missed there can't be read back"
            found.append(Finding(level="bad", says=says, do=_mend(me, missing, channel)))
    for pattern in options.channels:
        if pattern != "*" and not any(GuildOptions(id=0, channels=(pattern,)).fits(one.id, one.name) for one in channels):
            says = f"{guild.name} has no channel that fits {pattern}, which channels names"
            found.append(Finding(level="note", says=says, do="correct it under [[discord.guilds]]"))
    return found


def _of_destination(
    guild: discord.Guild,
    options: GuildOptions,
    to: Parent | None,
    me: discord.Member,
    besides: Sequence[str],
) -> list[Finding]:
    if options.destination is None:
        says = f"no channel for reminders is set for {guild.name}, so they go to another server's or nowhere"
        return [Finding(level="note", says=says, do="name one as destination under [[discord.guilds]] or [reminders]")]
    if to is None:
        says = f"{guild.name} has no text channel {options.destination}, where reminders are to go"
        return [Finding(level="bad", says=says, do="make it, let nobody but the team and the bot see it, or correct destination")]
    found: list[Finding] = []
    missing = _missing(to, me, _reads(to) | POSTS)
    if missing:
        says = f"the reminders channel #{to.name}: the bot lacks {', '.join(missing)}"
        found.append(Finding(level="bad", says=says, do=_mend(me, missing, to)))
    if besides:
        says = (
            f"the reminders channel #{to.name} can be read by others than the team ({listed(besides)}), so nothing is sent there"
        )
        do = (
            "let nobody but the team's role and the bot's see it (Edit Channel, Permissions): deny @everyone View Channel, and "
            "take out whoever else is let in"
        )
        found.append(Finding(level="bad", says=says, do=do))
    if not found:
        says = f"reminders of {guild.name} go to #{to.name}, which only the team reads"
        found.append(Finding(level="good", says=says))
    return found


async def _readers_besides(
    channel: Parent, people: DiscordPeople, members: Sequence[discord.Member], me: discord.Member, waiting: Waiting
) -> list[str]:
    """Who reads a channel and isn't on the team, as the guard tells it: roles, whoever has a role of the team and isn't on it,
    and people who are let in by name. Raises DeliveryError."""

    def holders(role: discord.Role) -> list[discord.Member]:
        return [member for member in members if member.get_role(role.id) is not None]

    found: list[str] = []
    team = people.team_roles(channel.guild)
    for role in open_roles(channel, people, holders):
        if role.id in team:
            found += [f"{_named(one)}, a customer with the role {role.name}" for one in off_the_team(holders(role), people)]
        else:
            found.append("everybody" if role.is_default() else f"the role {role.name}")
    known = {member.id: member for member in members}
    for user in let_in_by_name(channel):
        if user in (channel.guild.owner_id, me.id):
            continue
        member = known.get(user)
        if member is None:
            try:
                asking = channel.guild.fetch_member(user)
                member = await waiting.answer(asking, "asking who somebody is", where=str(channel.guild.id))
            except Gone:
                found.append(f"somebody who left ({user}), by name")
                continue
        found += [f"{_named(one)}, by name" for one in off_the_team((member,), people)]
    return found


def _named(member: discord.Member) -> str:
    return on_one_line(member.display_name, NAME_LENGTH)


def _destination(options: GuildOptions, channels: Sequence[Parent]) -> Parent | None:
    wanted = options.destination
    if wanted is None:
        return None
    text = [channel for channel in channels if not isinstance(channel, discord.ForumChannel)]
    name = wanted.removeprefix("#").casefold()
    by_id = (channel for channel in text if str(channel.id) == wanted)
    return next(by_id, None) or next((channel for channel in text if channel.name.casefold() == name), None)


def _reads(channel: Parent) -> dict[str, str]:
    """What it takes to read a channel: the chat of a voice or stage channel takes more."""
    return READS | (VOICE if isinstance(channel, discord.VoiceChannel | discord.StageChannel) else {})


def _missing(channel: Parent, me: discord.Member, needed: Mapping[str, str]) -> list[str]:
    """What the bot may not there, by the names that people read."""
    may = channel.permissions_for(me)
    return [name for permission, name in needed.items() if not getattr(may, permission)]


def _role(me: discord.Member) -> str:
    """The role that came with the bot."""
    own = next((role for role in me.roles if role.is_bot_managed()), None)
    return own.name if own is not None else me.name


def _mend(me: discord.Member, missing: Sequence[str], channel: Parent | None = None) -> str:
    """What to change so that the bot may: whichever overwrite takes it away is to allow it."""
    where = "there" if channel is None else f"in #{channel.name}"
    denying = _denying(channel, me) if channel is not None else ""
    return f"{where} (Edit Channel, Permissions) allow {', '.join(missing)} for the role {_role(me)}{denying}"


def _denying(channel: Parent, me: discord.Member) -> str:
    """Which overwrites of a channel take something away from the bot."""
    mine = {me.id, *(role.id for role in me.roles)}
    names = [
        "@everyone" if isinstance(who, discord.Role) and who.is_default() else str(getattr(who, "name", who))
        for who, overwrite in channel.overwrites.items()
        if who.id in mine and overwrite.pair()[1].value
    ]
    return f"; it is denied to {listed(names)}" if names else ""
