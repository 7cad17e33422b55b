"""Discord's AutoMod: a rule against who poses as the team and gets customers into direct messages.

AutoMod is the only thing that looks at a message before anybody reads it. Making a rule, and looking at those there are, takes
Manage Server, which the bot's link doesn't ask for. https://docs.discord.com/developers/resources/auto-moderation
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import discord
import structlog
from discord import (
    AutoModRule,
    AutoModRuleAction,
    AutoModRuleActionType,
    AutoModRuleEventType,
    AutoModRuleTriggerType,
    AutoModTrigger,
)

from adapters.discord.failures import Waiting
from adapters.discord.people import DiscordPeople
from adapters.discord.places import DiscordPlaces, channel_key
from bot.domain.letters import on_one_line
from bot.domain.outgoing import Address
from bot.ports import FilterProposal

NAME: Final = "realreply: “DM me”"
"""What the rule is called in the server's settings."""

REASON: Final = "A lead of the team made it with realreply"
"""Stands in the server's audit log."""

MOST_KEYWORD_RULES: Final = 6
MOST_EXEMPT: Final = 20
MOST_WORDS: Final = 1_000
"""Discord's limits for a server and a rule ("Trigger Types", "Auto Moderation Rule Object", "Trigger Limits")."""

NEEDS: Final = "Manage Server"

NAME_LENGTH: Final = 80

log = structlog.get_logger()


class DiscordModeration:
    """Fits `bot.ports.Moderation`."""

    def __init__(
        self, client: Callable[[], discord.Client], places: DiscordPlaces, people: DiscordPeople, waiting: Waiting
    ) -> None:
        self._client = client
        self._places = places
        self._people = people
        self._waiting = waiting
        self._one_at_a_time = asyncio.Lock()

    async def proposals(self) -> Sequence[FilterProposal]:
        """What could be made on each server that is looked at."""
        return [await self._proposal(guild) for guild in self._places.guilds()]

    async def make(self, proposal: FilterProposal, words: Sequence[str], *, blocks: bool) -> FilterProposal:
        """Make the rule. Two leads who click at once make one."""
        guild = self._places.guild(f"{proposal.server}:0")
        if guild is None:
            return replace(proposal, obstacle="The bot isn't in that server any more.")
        async with self._one_at_a_time:
            now = await self._proposal(guild)
            if now.existing is not None or now.obstacle:
                return now
            if now.alerts is None or now.alerts != proposal.alerts:
                return replace(now, obstacle="The channel for reminders is another one by now: look at the rule again first.")
            made = await self._waiting.answer(
                guild.create_automod_rule(
                    name=NAME,
                    event_type=AutoModRuleEventType.message_send,
                    trigger=AutoModTrigger(type=AutoModRuleTriggerType.keyword, keyword_filter=list(words[:MOST_WORDS])),
                    actions=_actions(int(now.alerts.id), blocks=blocks),
                    enabled=True,
                    exempt_roles=self._exempt(guild),
                    reason=REASON,
                ),
                "making a rule of AutoMod",
                where=str(guild.id),
                needs=NEEDS,
            )
        log.info("automod_rule_made", say="A rule of AutoMod was made, as a lead said.", guild=guild.id, blocks=blocks)
        return replace(now, existing=_called(made))

    def _exempt(self, guild: discord.Guild) -> list[discord.Role]:
        found = [role for id in sorted(self._people.team_roles(guild)) if (role := guild.get_role(id)) is not None]
        return found[: MOST_EXEMPT + 1]

    async def _proposal(self, guild: discord.Guild) -> FilterProposal:
        exempt, place = self._exempt(guild), self._places.destination(guild.id)
        channel = None if place is None else guild.get_channel(place)
        found = FilterProposal(
            server=_server(guild.id),
            server_name=on_one_line(guild.name, NAME_LENGTH),
            name=NAME,
            exempt=tuple(on_one_line(role.name, NAME_LENGTH) for role in exempt),
            alerts=None if channel is None else Address("discord", "channel", str(channel.id)),
            alerts_name="" if channel is None else on_one_line(channel.name, NAME_LENGTH),
        )
        if not guild.me.guild_permissions.manage_guild:
            role = guild.self_role
            own = "its role" if role is None else f"the role “{on_one_line(role.name, NAME_LENGTH)}”"
            return replace(
                found,
                obstacle=f"It takes {NEEDS}, which the bot doesn't ask for when it is invited. Whoever manages the server: "
                f"Server Settings, Roles, {own}, Permissions, switch {NEEDS} on; once the rule is made it may be switched off.",
            )
        asking = guild.fetch_automod_rules()
        rules = await self._waiting.answer(asking, "looking at AutoMod's rules", where=str(guild.id), needs=NEEDS)
        keyword = [rule for rule in rules if rule.trigger.type is AutoModRuleTriggerType.keyword]
        ours = next((rule for rule in keyword if rule.creator_id == guild.me.id), None)
        if ours is not None:
            return replace(found, existing=_called(ours))
        return replace(found, obstacle=_obstacle(found, len(keyword)))


def _server(guild: int) -> str:
    return channel_key(guild, 0).rpartition(":")[0]


def _obstacle(found: FilterProposal, rules: int) -> str:
    if not found.exempt:
        return "No role is the team's there, so its own messages would be caught: name roles in team_roles first."
    if len(found.exempt) > MOST_EXEMPT:
        return f"The team has more than {MOST_EXEMPT} roles there, and no more can be left out of a rule."
    if rules >= MOST_KEYWORD_RULES:
        return f"There are {rules} rules with words in that server, as many as Discord allows: delete one first."
    return "" if found.alerts is not None else "There is no channel for alerts: the server has no channel for reminders."


def _actions(alerts: int, *, blocks: bool) -> list[AutoModRuleAction]:
    """What it does with what it finds. Who is stopped reads Discord's own words: we say nothing where a customer reads."""
    alert = AutoModRuleAction(type=AutoModRuleActionType.send_alert_message, channel_id=alerts)
    return [AutoModRuleAction(type=AutoModRuleActionType.block_message), alert] if blocks else [alert]


def _called(rule: AutoModRule) -> str:
    return on_one_line(rule.name, NAME_LENGTH) + ("" if rule.enabled else " (switched off)")
