"""What `realreply doctor` says about the channels: those the bot watches, those it was meant to, and the one it reminds in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.slack import checks
from adapters.slack.channels import ChannelInfo
from adapters.slack.checks import Access, Everywhere, Reach
from adapters.slack.directory import Directory
from adapters.slack.doctor.expected import Expected, ExpectedChannels
from adapters.slack.failures import MissingScope
from adapters.slack.web import Web
from adapters.slack.workspace import SlackWorkspace
from bot.errors import DeliveryError, RetryLater
from bot.ports import Finding
from bot.ports.examination import listed

WILD: Final = frozenset("*?[")
"""What makes a glob of a channel's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """The channels as the findings need them: the bot is in `ours`; `others` are public and it isn't."""

    ours: tuple[ChannelInfo, ...]
    others: tuple[ChannelInfo, ...]
    whole: bool
    invite: str

    def other(self, wanted: str) -> ChannelInfo | None:
        """A channel the bot isn't in, by name or id."""
        return next((info for info in self.others if wanted in (info.id, info.name)), None)


async def examine_channels(
    directory: Directory, workspace: SlackWorkspace, access: Access, expected: Expected, web: Web
) -> list[Finding]:
    """The findings about channels. The directory was started. Raises RetryLater when Slack can't be asked any more."""
    ours = tuple(directory.channels().values())
    found: list[Finding] = []
    try:
        everywhere = await checks.everywhere(web, team=access.team_id)
    except RetryLater:
        raise
    except DeliveryError as error:
        found.append(Finding(level="note", says=f"the channels realreply isn't in couldn't be listed: {error}"))
        everywhere = Everywhere(channels=(), whole=False)
    known = {info.id for info in ours}
    others = tuple(info for info in everywhere.channels if info.id not in known)
    place = _Place(ours=ours, others=others, whole=everywhere.whole, invite=f"/invite @{access.bot_name}")
    found += _of_watched(workspace, place)
    for entry in expected.channels:
        found += _of_pattern(entry, place)
    return found + await _of_destination(directory, workspace, place, web)


def _of_watched(workspace: SlackWorkspace, place: _Place) -> list[Finding]:
    live = [info for info in place.ours if not info.archived]
    watched = [info for info in live if workspace.watches(info.key)]
    found = []
    if watched:
        private, shared = sum(info.private is True for info in watched), sum(info.shared is True for info in watched)
        says = f"channels that are watched: {len(watched)}"
        says += f", {private} of them private" if private else ""
        says += f", {shared} shared with another organisation" if shared else ""
        names = listed([f"#{info.name}" for info in sorted(watched, key=lambda info: info.name)])
        found.append(Finding(level="good", says=f"{says} ({names})"))
    else:
        do = f"say {place.invite} in each channel where customers write"
        found.append(Finding(level="bad", says="no channel is watched: realreply isn't in any where customers could be", do=do))
    archived = [f"#{info.name}" for info in place.ours if info.archived]
    if archived:
        says = f"archived, so nothing happens there any more: {listed(archived)}"
        found.append(Finding(level="note", says=says))
    return found


def _of_pattern(entry: ExpectedChannels, place: _Place) -> list[Finding]:
    """An entry of [[channels]] against the channels that there are."""
    what = f'[[channels]] match = "{entry.match}"'
    ours = [info for info in place.ours if entry.fits(info.name)]
    others = [info for info in place.others if entry.fits(info.name) and not info.archived]
    if WILD.isdisjoint(entry.match):
        if ours:
            return []
        if others:
            says = f"{what}: realreply isn't in #{others[0].name}, so nothing is seen of it"
            return [Finding(level="bad", says=says, do=f"invite it: say {place.invite} there")]
        if any(entry.fits(info.name) for info in place.others):
            return [Finding(level="note", says=f"{what}: that channel is archived", do="take the entry out")]
        return [_missing(what, place)]
    if not ours:
        names = f"; it would fit {_named(others)}" if others else ""
        says = f"{what} fits none of the channels that realreply is in{names}"
        return [Finding(level="note", says=says, do=f"say {place.invite} in those that are meant, or correct the pattern")]
    if others and entry.match != "*":
        says = f"{what} also fits channels that realreply isn't in: {_named(others)}"
        return [Finding(level="note", says=says, do=f"say {place.invite} in those that are meant")]
    return []


def _missing(what: str, place: _Place) -> Finding:
    says = f"{what}: there is no such channel that realreply can see"
    if not place.whole:
        says = f"{what}: realreply isn't in such a channel, and not all channels could be listed"
    return Finding(level="bad", says=says, do=f"correct the name; if the channel is private, say {place.invite} there")


def _named(channels: Sequence[ChannelInfo]) -> str:
    return listed([f"#{info.name}" for info in channels])


async def _of_destination(directory: Directory, workspace: SlackWorkspace, place: _Place, web: Web) -> list[Finding]:
    """The channel where reminders go: set, there, the bot in it, read by the team alone, and readable again."""
    wanted = workspace.wanted
    if wanted is None:
        says = "no channel for reminders is set, so none can leave"
        return [Finding(level="bad", says=says, do="name the team's own channel as destination under [reminders]")]
    address = workspace.destination()
    if address is None:
        return [_absent(wanted, place)]
    info = next(info for info in place.ours if info.id == address.id)
    what = f"the reminders channel #{info.name}"
    try:
        reach = await checks.reach(web, directory, info.id)
    except RetryLater:
        raise
    except DeliveryError as error:
        return [Finding(level="bad", says=f"who reads {what} couldn't be asked: {error}", do="until then nothing is sent there")]
    return [_of_readers(what, info, reach, directory), *_of_reading_back(what, info, reach)]


def _absent(wanted: str, place: _Place) -> Finding:
    what = f'reminders.destination = "{wanted}"'
    if any(wanted in (info.id, info.name) for info in place.ours):  # and archived, or it would be the destination
        return Finding(level="bad", says=f"{what}: the channel is archived", do="unarchive it, or name another one")
    other = place.other(wanted)
    if other is None:
        return _missing(what, place)
    if other.archived:
        return Finding(level="bad", says=f"{what}: the channel is archived", do="unarchive it, or name another one")
    says = f"{what}: realreply isn't in #{other.name}, so no reminder can leave"
    return Finding(
        level="bad", says=says, do=f"invite it: say {place.invite} there. Better still, take a private channel of the team"
    )


def _of_readers(what: str, info: ChannelInfo, reach: Reach, directory: Directory) -> Finding:
    name, readers = directory.name, reach.readers
    if readers.internal:
        return Finding(level="good", says=f"{what} is read by the team alone" + (" (it is private)" if info.private else ""))
    if readers.shared:
        return Finding(
            level="bad",
            says=f"{what} is shared with another organisation, or one is invited: nothing is sent there",
            do="name another channel, a private one with the team alone in it",
        )
    if reach.inside:
        who = listed([name(id) for id in reach.inside])
        do = "list them under [[members]] if they are on the team; else name another channel, with the team alone in it"
        return Finding(level="bad", says=f"{what} has people in it who aren't on the team ({who}): nothing is sent there", do=do)
    if reach.may_open:
        who = listed([name(id) for id in reach.may_open])
        says = f"{what} is public, and people who aren't on the team can open it ({who}): nothing is sent there"
        return Finding(level="bad", says=says, do="make it private, or list them under [[members]] if they are on the team")
    says = f"who reads {what} can't be told, so nothing is sent there"
    return Finding(level="bad", says=says, do="name a private channel with the team alone in it")


def _of_reading_back(what: str, info: ChannelInfo, reach: Reach) -> list[Finding]:
    error = reach.unreadable
    if error is None:
        return []
    says = f"{what} can't be read back, so a reminder that may have left before a crash is given up instead of looked for: "
    if isinstance(error, MissingScope):
        scope = error.needed or ("groups:history" if info.private else "channels:history")
        return [Finding(level="bad", says=f"{says}the scope {scope} is missing", do="add it and install the app again")]
    return [Finding(level="note", says=f"{says}{error}")]
