"""Contradictions: settings that are fine one by one and can't be meant together."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from bot.domain.emoji import canonical
from bot.settings.lines import Path

if TYPE_CHECKING:
    from bot.settings.model import DiscordSection, RemindersSection, Settings, SlackSection, StepSection

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Something at `place` that can't be meant; "{other}" in `said` stands for the line of `other`."""

    place: Path
    said: str
    other: Path | None = None


def contradictions(settings: Settings, broken: Container[object] = ()) -> Iterator[Contradiction]:
    """All contradictions. `broken` are sections of which something was left out because it couldn't be read: nothing is
    said to be missing there.
    """
    yield from _twice_in_members(settings)
    if "members" not in broken:
        yield from _unknowable(settings)
        if "discord" not in broken:
            yield from _relayed(settings)
    yield from _customers(settings)
    yield from _channels(settings)
    yield from _targets(settings)
    yield from _ladders(settings, members_known=bool(settings.members) and "members" not in broken)
    yield from _reminders(settings.reminders)
    if settings.privacy.keep_waits < settings.privacy.keep_messages:
        yield Contradiction(
            place=("privacy", "keep_waits" if "keep_waits" in settings.privacy.model_fields_set else "keep_messages"),
            said="waits would be forgotten before their messages; let keep_waits be at least as long as keep_messages",
        )
    if settings.slack is not None and "slack" not in broken:
        yield from _slack(settings.slack)
    if settings.discord is not None and "discord" not in broken:
        yield from _discord(settings.discord)
        yield from _roles_of_everybody(settings, settings.discord)


def remarks(settings: Settings) -> Iterator[str]:
    """What is right as it stands and is hardly meant: nothing that keeps the bot from running."""
    somewhere = settings.reminders.destination is not None
    if settings.discord is not None:
        yield from _remarks_on_discord(settings, settings.discord)
    if settings.slack is not None and not somewhere:
        yield (
            "reminders.destination isn't given, so no reminder can leave: it would only watch and note. "
            'Name the team\'s own channel under [reminders], as in destination = "support-team"'
        )


def _remarks_on_discord(settings: Settings, discord: DiscordSection) -> Iterator[str]:
    if not settings.team.discord_roles and not any(member.discord for member in settings.members):
        for guild in discord.guilds:
            if not guild.team_roles:
                yield (
                    f"nobody is on the team in the Discord server {guild.id}: name the roles of its people in team_roles, or "
                    "list their ids under [[members]]"
                )
    if settings.reminders.destination is None and not any(guild.destination for guild in discord.guilds):
        yield (
            "no channel for reminders is given for Discord, so none can leave there: name the team's own channel as destination "
            "under [reminders] or [[discord.guilds]]"
        )


def _repeated(items: Iterable[tuple[Path, T]], same: Callable[[T], object] = lambda item: item) -> Iterator[tuple[Path, Path, T]]:
    """(place, first place, item) of every item that was there before."""
    first: dict[object, Path] = {}
    for place, item in items:
        if first.setdefault(same(item), place) != place:
            yield place, first[same(item)], item


def _twice_in_members(settings: Settings) -> Iterator[Contradiction]:
    members = list(enumerate(settings.members))
    names = [(("members", index, "name"), member.name) for index, member in members]
    for place, other, name in _repeated(names, str.casefold):
        said = f'"{name}" is a member already ({{other}}); use another name, or put both ids into one entry'
        yield Contradiction(place=place, said=said, other=other)
    for platform in ("slack", "discord"):
        ids = [(("members", index, platform), id) for index, member in members if (id := getattr(member, platform)) is not None]
        for place, other, id in _repeated(ids):
            yield Contradiction(place=place, said=f'"{id}" belongs to another member already ({{other}}); keep one', other=other)


def _unknowable(settings: Settings) -> Iterator[Contradiction]:
    for index, member in enumerate(settings.members):
        if member.slack is None and member.discord is None:
            said = f'"{member.name}" has no id, and names can be taken by anybody; give slack = "U..." or discord = "..."'
            yield Contradiction(place=("members", index), said=said)


def _relayed(settings: Settings) -> Iterator[Contradiction]:
    names: list[tuple[Path, str]] = []
    for index, member in enumerate(settings.members):
        place: Path = ("members", index, "relayed_as")
        names += [((*place, number), name) for number, name in enumerate(member.relayed_as)]
        if member.relayed_as and member.discord is None:
            yield Contradiction(place=place, said="what comes through a relay on Discord is theirs by their id; give discord too")
        elif member.relayed_as and (settings.discord is None or not settings.discord.relays):
            yield Contradiction(place=place, said="there is no relay; name it in [discord] relays, or take this out")
    for place, other, name in _repeated(names, str.casefold):
        yield Contradiction(place=place, said=f'"{name}" is a name of another already ({{other}}); keep one', other=other)


def _customers(settings: Settings) -> Iterator[Contradiction]:
    customers = [(("team", "customers", index), id) for index, id in enumerate(settings.team.customers)]
    for place, other, id in _repeated(customers):
        yield Contradiction(place=place, said=f'"{id}" is listed already ({{other}}); keep one', other=other)
    members = {id: index for index, member in enumerate(settings.members) for id in (member.slack, member.discord) if id}
    for place, id in customers:
        if id in members:
            said = f'"{id}" is a member ({{other}}) and can\'t be a customer too; keep one of the two'
            yield Contradiction(place=place, said=said, other=("members", members[id]))


def _channels(settings: Settings) -> Iterator[Contradiction]:
    entries = [(("channels", index, "match"), entry.match) for index, entry in enumerate(settings.channels)]
    doubled = set()
    for place, other, match in _repeated(entries, str.casefold):
        doubled.add(place)
        yield Contradiction(place=place, said=f'"{match}" is matched already ({{other}}); keep one entry', other=other)
    everything = next((place for place, match in entries if match == "*"), None)
    for place, match in entries:
        if everything is not None and place > everything and place not in doubled:
            said = f'"{match}" is never reached: "*" before it ({{other}}) takes every channel; put this entry first'
            yield Contradiction(place=place, said=said, other=everything)
    destination = settings.reminders.destination
    for place, match in entries:
        if destination is not None and match.casefold() == destination.casefold():
            said = f'"{match}" is where reminders go ({{other}}), so no customer waits there; remove one of the two'
            yield Contradiction(place=place, said=said, other=("reminders", "destination"))


def _targets(settings: Settings) -> Iterator[Contradiction]:
    for index, channel in enumerate(settings.channels):
        here: Path = ("channels", index, "first")
        if channel.first is not None and channel.steps is not None:
            said = "a ladder of its own ({other}) begins when its first step says; keep one of the two"
            yield Contradiction(place=here, said=said, other=("channels", index, "steps"))
        elif channel.first is not None and not settings.reminders.steps:
            said = "there is no ladder to begin ([reminders] has steps = []); give this channel steps of its own"
            yield Contradiction(place=here, said=said)
    members = {id: index for index, member in enumerate(settings.members) for id in (member.slack, member.discord) if id}
    ids: list[tuple[Path, str]] = []
    matches: list[tuple[Path, str]] = []
    for index, entry in enumerate(settings.customers):
        place: Path = ("customers", index)
        ids += [((*place, "ids", number), id) for number, id in enumerate(entry.ids)]
        if entry.match is not None:
            matches.append(((*place, "match"), entry.match))
        elif not entry.ids:
            yield Contradiction(place=place, said='it names no customer; give match = "Reef *", or their ids = ["U..."]')
        if entry.name is None and entry.first is None:
            said = 'it says nothing of them; give a name to show beside theirs, or first = "15m"'
            yield Contradiction(place=place, said=said)
    for found, other, id in _repeated(ids):
        yield Contradiction(
            place=found, said=f'"{id}" is in an entry already ({{other}}), which is the one that counts', other=other
        )
    for found, other, match in _repeated(matches, str.casefold):
        yield Contradiction(place=found, said=f'"{match}" is matched already ({{other}}); keep one entry', other=other)
    for found, id in ids:
        if id in members:
            said = f'"{id}" is a member ({{other}}), who never waits; remove one of the two'
            yield Contradiction(place=found, said=said, other=("members", members[id]))


def _ladders(settings: Settings, *, members_known: bool) -> Iterator[Contradiction]:
    # The default ladder names everybody it could ask; only what was written down can contradict the list of members.
    if "steps" in settings.reminders.model_fields_set:
        yield from _ladder(settings, settings.reminders.steps, ("reminders", "steps"), members_known)
    for index, entry in enumerate(settings.channels):
        if entry.steps is not None:
            yield from _ladder(settings, entry.steps, ("channels", index, "steps"), members_known)


def _ladder(settings: Settings, steps: tuple[StepSection, ...], place: Path, members_known: bool) -> Iterator[Contradiction]:
    for index, (lower, upper) in enumerate(pairwise(steps), start=1):
        if upper.after <= lower.after:
            said = "a step must come later than the one before it ({other}); put the steps in order of their time"
            yield Contradiction(place=(*place, index, "after"), said=said, other=(*place, index - 1, "after"))
    if not members_known:
        return
    for index, rung in enumerate(steps):
        nobody = (rung.to == "lead" and not any(member.lead for member in settings.members)) or (
            rung.to == "duty" and not any(member.duty for member in settings.members)
        )
        if nobody:
            said = f'no member has {rung.to} = true; add it to one in [[members]], or write to = "team"'
            yield Contradiction(place=(*place, index, "to"), said=said)


def _reminders(reminders: RemindersSection) -> Iterator[Contradiction]:
    yield from _reactions(reminders)
    slots = [
        (("reminders", "digest", index), (day, slot.at, slot.what))
        for index, slot in enumerate(reminders.digest)
        for day in slot.days
    ]
    seen = set()
    for place, other, _slot in _repeated(slots):
        if place not in seen:
            seen.add(place)
            yield Contradiction(place=place, said="another digest ({other}) has the same day and time; keep one", other=other)


def _reactions(reminders: RemindersSection) -> Iterator[Contradiction]:
    listed: list[tuple[Path, str]] = [
        (("reminders", key, index), emoji) for key in reminders.REACTIONS for index, emoji in enumerate(getattr(reminders, key))
    ]
    given = {place: emoji for place, emoji in listed if place[1] in reminders.model_fields_set}
    for place, other, emoji in _repeated(given.items(), canonical):
        # Both spellings of one emoji under one key say the same twice, which does no harm.
        if place[1] != other[1] or given[other] == emoji:
            yield Contradiction(place=place, said=f'"{emoji}" has a meaning already ({{other}}); keep one', other=other)
    defaults = {canonical(emoji): place[1] for place, emoji in listed if place not in given}
    for place, emoji in given.items():
        key = defaults.get(canonical(emoji))
        if key is not None:
            yield Contradiction(place=place, said=f'"{emoji}" is among the defaults of {key}; use another, or write {key} too')


def _slack(slack: SlackSection) -> Iterator[Contradiction]:
    if slack.bot_token is None:
        said = 'the section is there without bot_token; write bot_token = "env:SLACK_BOT_TOKEN"'
        yield Contradiction(place=("slack",), said=said)
    place: Path = ("slack", "mode")  # falls back to the section's line when mode isn't given
    if slack.mode == "socket" and slack.app_token is None:
        yield Contradiction(place=place, said='mode "socket" needs app_token; write app_token = "env:SLACK_APP_TOKEN"')
    if slack.mode == "http" and slack.signing_secret is None:
        yield Contradiction(
            place=place, said='mode "http" needs signing_secret; write signing_secret = "env:SLACK_SIGNING_SECRET"'
        )


def _discord(discord: DiscordSection) -> Iterator[Contradiction]:
    if discord.token is None:
        said = 'the section is there without token; write token = "env:DISCORD_TOKEN"'
        yield Contradiction(place=("discord",), said=said)
    if not discord.guilds:
        said = "no server is named, and anybody may invite a bot into theirs; add [[discord.guilds]] with the id of yours"
        yield Contradiction(place=("discord",), said=said)
    ids = [(("discord", "guilds", index, "id"), guild.id) for index, guild in enumerate(discord.guilds)]
    for place, other, id in _repeated(ids):
        yield Contradiction(place=place, said=f'"{id}" is named already ({{other}}); keep one entry', other=other)


def _roles_of_everybody(settings: Settings, discord: DiscordSection) -> Iterator[Contradiction]:
    """The role that everybody has bears its server's id, and is called @everyone (https://docs.discord.com/developers/topics/permissions,
    "Permission Hierarchy")."""
    servers = {guild.id for guild in discord.guilds}
    named: list[tuple[Path, str]] = [
        (("team", "discord_roles", index), role) for index, role in enumerate(settings.team.discord_roles)
    ]
    for number, guild in enumerate(discord.guilds):
        named += [(("discord", "guilds", number, "team_roles", index), role) for index, role in enumerate(guild.team_roles)]
    for place, role in named:
        if role in servers or role.lstrip("@").casefold() == "everyone":
            said = f'"{role}" is the role that everybody in a server has: there would be no customer; name the roles of the team'
            yield Contradiction(place=place, said=said)
