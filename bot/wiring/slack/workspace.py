"""A team's Slack as the house asks about it: who is on it, who works when, what channels are called, where reminders go.

What the settings say comes first; Slack says the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.slack.directory import Directory
from bot.domain.hours import Hours, Interval, Own, combine
from bot.domain.keys import channel_id
from bot.domain.outgoing import Address
from bot.domain.people import Team
from bot.domain.rules import ChannelRules
from bot.settings.calendars import working_hours
from bot.settings.model import Settings


@dataclass(slots=True)
class SlackWorkspace:
    """A team's Slack as the rest of the house asks about it: who works when, what channels are called, where reminders go."""

    settings: Settings
    directory: Directory
    absences: dict[str, tuple[Interval, ...]] = field(default_factory=dict)

    def team(self) -> Team:
        """Who is on the team now. Leads and duty are in the settings; whom they don't name comes from Slack. Who is gone there is
        asked nothing any more, whatever the settings say."""
        configured, members = self.settings.team_on("slack"), self.directory.members()
        return replace(
            configured,
            members=members,
            leads=tuple(lead for lead in configured.leads if lead in members),
            duty=tuple(member for member in configured.duty if member in members),
        )

    def destination(self) -> Address | None:
        """The team's channel for reminders, once the bot is in it."""
        wanted = self.settings.reminders.destination
        if wanted is None:
            return None
        for info in self.directory.channels().values():
            if wanted in (info.id, info.name) and not info.archived:
                return Address("slack", "channel", info.id)
        return None

    def watches(self, channel: str) -> bool:
        """Whether a channel's messages are looked at at all: the bot's own posts to the team are nothing to watch."""
        to = self.destination()
        return to is None or channel_id(channel) != to.id

    def channel_name(self, key: str) -> str:
        """What a channel is called, by its key."""
        id = channel_id(key)
        return self.directory.channel_name(id) or id

    def rules_of(self, channel: str) -> ChannelRules:
        """A channel's rules by its key. Patterns of the settings fit names, and ids."""
        return self.settings.channel_rules(self.channel_name(channel))

    def wants_dm(self, person: str) -> bool:
        """Whether the settings say that a member wants direct messages."""
        member = self.settings.member(person)
        return member is not None and member.dm

    def hours_of(self, person: str) -> Hours:
        """When somebody works: the settings', by the clock of their own zone, without Slack's vacation and do-not-disturb."""
        hours = self._written(person)
        if person:
            hours = combine(hours, Own(zone=self._zone(person), away=self.absences.get(person, ())))
        return hours

    def _written(self, person: str) -> Hours:
        return _hours(self.settings, person)

    def _zone(self, person: str) -> ZoneInfo | None:
        """Slack's zone for who has none in the settings."""
        member = self.settings.member(person)
        if member is not None:
            return None
        known = self.directory.timezone(person)
        try:
            return None if known is None else ZoneInfo(known)
        except (ZoneInfoNotFoundError, ValueError):  # a zone this machine doesn't know: the team's clock is a fair guess
            return None


@cache
def _hours(settings: Settings, person: str) -> Hours:
    return working_hours(settings.working_time(settings.member(person) if person else None))
