"""Discord for `realreply run` and `doctor`, by the settings. Composition only."""

from __future__ import annotations

import structlog

from adapters.discord.client import API
from adapters.discord.connection import DiscordConnection
from adapters.discord.doctor.examination import DiscordExamination, application_id
from adapters.discord.options import DiscordOptions, GuildOptions
from bot.domain.people import Team
from bot.errors import UsageError
from bot.ports import Clock
from bot.settings.model import DiscordSection, GuildSection, Settings
from bot.wiring.build import Timing

log = structlog.get_logger()

PORTAL = "discord.com/developers/applications, Bot, Reset Token"


def connect(settings: Settings, section: DiscordSection, *, time: Timing) -> DiscordConnection:
    """The connection to Discord, not open yet. Raises UsageError when the token is missing or wrong."""
    for sentence in exposed(section):
        log.warning("secret_exposed", say=sentence)
    return DiscordConnection(token(section), options(settings, section), clock=time.clock, sleep=time.sleep)


def options(settings: Settings, section: DiscordSection) -> DiscordOptions:
    """What the settings say about Discord."""
    listed = settings.team_on("discord")
    elsewhere = section.api.rstrip("/") != API
    return DiscordOptions(
        guilds=tuple(_guild(settings, guild) for guild in section.guilds),
        listed=Team(members=listed.members, leads=listed.leads, duty=listed.duty),
        customers=frozenset(settings.team.customers),
        relays=frozenset(section.relays),
        relayed={name: member.discord for member in settings.members if member.discord for name in member.relayed_as},
        marks=frozenset(settings.reminders.reactions()),
        auto_dms=settings.reports.auto_dms,
        first_read=section.first_read,
        api=section.api.rstrip("/"),
        gateway=section.gateway if elsewhere else None,
    )


def _guild(settings: Settings, guild: GuildSection) -> GuildOptions:
    return GuildOptions(
        id=int(guild.id),
        team_roles=(*guild.team_roles, *settings.team.discord_roles),
        channels=guild.channels,
        destination=guild.destination or settings.reminders.destination,
        solved_tags=guild.solved_tags,
        greeted=tuple(match.removeprefix("#") for match in settings.greetings.channels),
        apart=guild.destination is not None,
    )


def examination(settings: Settings, section: DiscordSection, *, clock: Clock) -> DiscordExamination:
    """What looks at Discord for the doctor, whatever is wrong with the token."""
    found, problems = read(section)
    return DiscordExamination(
        found,
        problems,
        options(settings, section),
        [(member.discord, member.name) for member in settings.members if member.discord is not None],
        clock=clock,
        exposed=exposed(section),
    )


async def app_behind(settings: Settings, section: DiscordSection) -> int:
    """The id of the app that the token belongs to, asked of Discord. Raises UsageError and DeliveryError."""
    return await application_id(token(section), options(settings, section))


def read(section: DiscordSection) -> tuple[str | None, tuple[str, ...]]:
    """The token as it is now, and a sentence for what is wrong with it: what, where, what to do."""
    if section.token is None:
        return None, (f"discord.token is missing: set it to where the bot's token is kept ({PORTAL})",)
    try:
        found = section.token.reveal().strip()
    except UsageError as error:
        return None, (f"discord.token: {str(error).rstrip('.')}. It is to hold the bot's token ({PORTAL})",)
    if found.startswith(("xoxb-", "xapp-")):
        return None, (f"discord.token ({section.token}) holds something else than a bot's token ({PORTAL})",)
    return found, ()


def exposed(section: DiscordSection) -> tuple[str, ...]:
    """A sentence if others on this machine can read the token's file: where, and what to do."""
    secret = section.token
    if secret is None or not secret.exposed:
        return ()
    return (f"discord.token: others on this machine can read {secret.place}. Make it yours alone: chmod 600 {secret.place}",)


def token(section: DiscordSection) -> str:
    """The token as it is now. Raises UsageError with what is wrong with it."""
    found, problems = read(section)
    if found is None:
        raise UsageError("\n".join(f"{problem}." for problem in problems))
    return found
