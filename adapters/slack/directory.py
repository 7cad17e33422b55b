"""The workspace as the bot knows it: its people, the channels the bot is in, and who reads a channel. Asked for at the start,
kept up to date by events, asked again where that may not do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

import structlog

from adapters.slack.accounts import WhoIsWho
from adapters.slack.calls import LARGE_PAGE, Calls, pages
from adapters.slack.changes import NOTHING, Changes
from adapters.slack.channels import ChannelInfo, channel_key, is_direct, read_channel
from adapters.slack.companies import Companies
from adapters.slack.failures import MissingScope
from adapters.slack.register import ASK_AGAIN, CERTAIN_FOR, Register
from adapters.slack_format.records import stamp
from adapters.slack_format.text import clean_name, identifier
from bot.domain.durations import Seconds
from bot.domain.keys import ChannelKey, channel_id
from bot.domain.moves import ChannelMove, Moves
from bot.domain.outgoing import Readers
from bot.domain.people import Role
from bot.errors import AccessLost, DeliveryError, Gone, RetryLater
from bot.ports import Clock, Sought

MOST_LISTED: Final = 10_000
"""People taken from users.list at the start. In a larger workspace the others are asked for when they write."""

MOST_CHANNELS: Final = 5_000
MOST_READERS: Final = 2_000
"""People of one channel that are looked at before it counts as unknown who reads it."""

MOST_SOUGHT: Final = 50
"""Channels in which somebody waits that are asked for, one call each, when they aren't where they were."""

READERS_WITHIN: Final[Seconds] = 15.0
"""How long people of a channel who aren't known are asked for before it counts as unknown who reads it."""

_ABOUT_CHANNELS: Final = ("channel_", "group_", "member_", "shared_channel_")

_CHANGES_NO_READERS: Final = frozenset(
    f"{kind}_{what}"
    for kind in ("channel", "group")
    for what in ("topic", "purpose", "name", "rename", "created", "history_changed", "canvas_updated", "open", "close", "marked")
)
"""What changes nothing about who reads a channel. Whatever else tells of one, known today or not, may: asking once too often
costs a call, believing what isn't true any more a customer's question."""

log = structlog.get_logger()


def tells_of_readers(event: Mapping[str, Any]) -> bool:
    """Whether a message is Slack's own line about its channel or the people in it ("channel_join", "channel_convert_to_public":
    docs.slack.dev, /reference/events/message, "Message subtypes") and who reads it may be others since. Some such changes are
    told by no other event."""
    subtype = event.get("subtype")
    if not isinstance(subtype, str) or event.get("type") != "message":
        return False
    return subtype.startswith(_ABOUT_CHANNELS) and subtype not in _CHANGES_NO_READERS


class Directory(Register):
    """The people and channels of one workspace. Nothing is known before `start`."""

    def __init__(self, web: Calls, *, settings: WhoIsWho, clock: Clock) -> None:
        super().__init__(web, settings=settings, clock=clock)
        self.team_id = ""
        self.enterprise_id = ""
        """The organisation the workspace belongs to; "" for one that stands alone."""
        self.bot_id = ""
        self.url = ""
        """The workspace's address, "https://harbor.slack.com/"."""
        self._companies = Companies(web, clock=clock)
        self._channels: dict[str, ChannelInfo] = {}
        self._moves = Moves()
        self.gone: frozenset[str] = frozenset()
        """Keys of channels that couldn't be reached when they were last sought."""

    async def start(self) -> None:
        """Ask for everything, at Slack's pace. May be called again to take what events didn't tell; what is known stays known
        meanwhile. Raises DeliveryError and its kinds.
        """
        told = await self._web.call("auth.test", patient=True)
        team, bot_user = identifier(told.get("team_id")), identifier(told.get("user_id"))
        if not team or not bot_user:
            raise RetryLater("Slack's auth.test names no workspace; it is tried again", after=ASK_AGAIN, uncertain=False)
        self.team_id, self.bot_user, self.bot_id = team, bot_user, identifier(told.get("bot_id"))
        self.enterprise_id = identifier(told.get("enterprise_id"))
        url = told.get("url")
        self.url = url if isinstance(url, str) else ""
        own = frozenset({team, self.enterprise_id} - {""})
        self.begin(own, team=self.team_id)
        self._companies.ask_anew()
        await self._list_people()
        await self.ask_groups(patient=True)
        await self._list_channels()
        log.info(
            "slack_directory",
            say="Slack's people and channels are known.",
            people=len(self._accounts),
            members=len(self.members()),
            channels=len(self._channels),
        )

    async def _list_people(self) -> None:
        more_than_listed = False
        told_of = self._told_of.copy()
        known, there = {user for user, account in self._accounts.items() if account.active}, set[str]()
        async for entries, more in pages(self._web, "users.list", "members", most=MOST_LISTED, page=LARGE_PAGE):
            for entry in entries:
                user = identifier(entry.get("id")) if isinstance(entry, dict) else ""
                if self._told_of.get(user, 0) != told_of.get(user, 0):
                    there.add(user)  # what an event told while the list was under way is newer than the list
                    continue
                account = self.take(entry)
                if account is not None:
                    there.add(account.person.id)
            more_than_listed = more
        self._lists_everybody = not more_than_listed
        if not self._lists_everybody:
            log.info(
                "slack_many_people",
                say="The workspace has more people than are listed at the start; the others are looked up when they write.",
                listed=len(self._accounts),
            )
            return
        for user in known - there:
            # People of other workspaces are never in the list. Anybody else who isn't: are they still there?
            account = self._accounts.get(user)
            if account is not None and account.standing in ("home", "guest", "hosted"):
                await self._ask_whether_there(user)

    async def _ask_whether_there(self, user: str) -> None:
        with suppress(Gone):
            await self.ask_account(user, patient=True)

    async def _list_channels(self) -> None:
        """The channels the bot is in. Private ones need groups:read; without it they are left out."""
        kinds = "public_channel,private_channel"
        before = set(self._channels)
        while True:
            found: dict[str, ChannelInfo] = {}
            try:
                async for entries, _ in pages(self._web, "users.conversations", "channels", most=MOST_CHANNELS, types=kinds):
                    for entry in entries:
                        info = read_channel(entry, team=self.team_id, is_member=True) if isinstance(entry, dict) else None
                        if info is not None:
                            found[info.id] = info
            except MissingScope as error:
                if "private" not in kinds:
                    raise
                kinds = "public_channel"
                log.info(
                    "slack_private_channels_hidden",
                    say="Private channels aren't watched: add groups:read and groups:history to the app if they should be.",
                    needed=error.needed,
                )
                continue
            # What events told while the list was under way is newer than the list.
            left = before - self._channels.keys()
            joined = {id: info for id, info in self._channels.items() if id not in before or (info.unmet and id not in found)}
            self._channels = {id: info for id, info in found.items() if id not in left} | joined
            return

    # -- where customers come from

    def company(self, user: str) -> str | None:
        """What the organisation is called from which somebody comes in through Slack Connect; None for people of our own
        workspace, and while it isn't known."""
        home = self._foreign_home(user)
        return None if home is None else self._companies.name(home)

    async def acquaint(self, ids: Iterable[str], *, within: Seconds | None) -> None:
        """Ask who people are (`ensure`), and what the organisations are called that they come from, in `within` seconds
        altogether."""
        people, began = tuple(ids), self._clock.elapsed()
        await self.ensure(people, within=within)
        foreign = [home for user in people if (home := self._foreign_home(user)) is not None]
        left = None if within is None else within - (self._clock.elapsed() - began)
        if foreign and (left is None or left > 0):
            await self._companies.ensure(foreign, within=left)

    def _foreign_home(self, user: str) -> str | None:
        """The workspace of somebody of another organisation, by its id."""
        account = self._accounts.get(user)
        if account is not None:
            return account.person.home if account.standing == "stranger" else None
        seen = self.people.get(user)
        return None if seen is None or seen.app or seen.home in self._homes else seen.home

    def channels(self) -> Mapping[str, ChannelInfo]:
        """The channels the bot is in, by their key in events."""
        return MappingProxyType({info.key: info for info in self._channels.values()})

    def channel_name(self, channel: str) -> str:
        """The name of a channel by its id; "" when it isn't known."""
        info = self._channels.get(channel)
        return "" if info is None else info.name

    # -- channels that have another id now

    def recall(self, moves: Moves) -> None:
        """Channels that were given another id before."""
        self._moves = moves

    def key_of(self, channel: str) -> str:
        """A channel's key in events, by the id it has or had."""
        return self._moves.of(channel_key(self.team_id, channel))

    def current(self, channel: str) -> str:
        """The id a channel has now, by the one it has or had; whatever is no such id as it is."""
        return channel_id(self.key_of(channel)) if self._moves else channel

    async def seek(self, channels: Sequence[str], waiting: Collection[str]) -> Sought:
        """What became of channels (by key) that the bot isn't in any more: some may go by another id.

        Slack's only word on that is the event: whoever missed it can ask for nothing that names both ids. But where ids have
        changed, it was a G that became a C while the rest stayed (Slack's own example, and what public issues tell): a channel
        the bot is in whose id fits so is the same one. For the others in which somebody waits conversations.info is asked, in
        case it knows the old id. Raises AccessLost; what can't be asked now is as it was.
        """
        moves: list[ChannelMove] = []
        gone: list[str] = []
        asked = 0
        for key in channels:
            parsed = ChannelKey.parse(key)
            if parsed.workspace != self.team_id:
                continue
            if parsed.channel in self._channels:
                if key in waiting and self._channels[parsed.channel].archived:
                    gone.append(key)
                continue
            now = f"C{parsed.channel[1:]}" if parsed.channel.startswith("G") else ""
            if now not in self._channels:
                if key not in waiting or asked >= MOST_SOUGHT:
                    continue
                asked += 1
                try:
                    info = await self.meet(parsed.channel)
                except Gone:
                    gone.append(key)
                    continue
                except AccessLost:
                    raise
                except DeliveryError as error:
                    log.info("slack_channel_unsought", say="It couldn't be asked what became of a channel.", reason=str(error))
                    continue
                if info is None or info.id == parsed.channel:
                    continue
                now = info.id
            moves.append(ChannelMove(old=key, new=channel_key(self.team_id, now), at=self._clock.now()))
        for move in moves:
            self._moves = self._moves.after(move)
        self.gone = frozenset(gone)
        return Sought(moves=tuple(moves), gone=tuple(gone))

    def knows_channel(self, channel: str) -> bool:
        """Whether the bot is in a channel, by the id it has or had."""
        return self.current(channel) in self._channels

    async def meet(self, channel: str) -> ChannelInfo | None:
        """Ask what a channel is, now, and remember it if the bot is in it. None for direct messages. Raises DeliveryError."""
        told = (await self._web.call("conversations.info", channel=channel)).get("channel")
        info = read_channel(told, team=self.team_id) if isinstance(told, dict) else None
        if info is not None and info.is_member and (info.id in self._channels or len(self._channels) < MOST_CHANNELS):
            self._channels[info.id] = info
        elif self.is_unmet(channel):
            del self._channels[channel]  # the bot isn't in it after all, or it is none
        return info

    def expect(self, channel: str) -> None:
        """The bot came into a channel of which nothing is known; `meet` tells what it is."""
        found = read_channel({"id": channel}, team=self.team_id, is_member=True)
        if found is not None and channel not in self._channels and len(self._channels) < MOST_CHANNELS:
            self._channels[channel] = replace(found, unmet=True)

    def is_unmet(self, channel: str) -> bool:
        """Whether the bot came into a channel (by its id) of which Slack couldn't be asked yet what it is."""
        info = self._channels.get(channel)
        return info is not None and info.unmet

    async def readers_of(self, channel: str) -> Readers:
        """Who can read a channel, asked of Slack now. Raises DeliveryError and its kinds.

        A private channel is read by who is in it. A public one can be opened by every full account of the workspace besides,
        while guests can't (Slack: "Understand guest roles"): where belonging to the workspace makes a member, that adds nobody;
        where the team is listed, one active account off the list is enough. Apps don't read. Whatever can't be told is None.
        """
        self.insist_on_homes()
        await self.ask_groups(patient=False, within=CERTAIN_FOR)
        told = (await self._web.call("conversations.info", channel=channel)).get("channel")
        info = read_channel(told, team=self.team_id) if isinstance(told, dict) else None
        if info is None:
            return Readers(shared=None, outsiders=None)
        if info.shared:
            return Readers(shared=True, outsiders=None)
        await self.ensure(self._settings.customers, within=READERS_WITHIN)
        opened = self._may_be_opened(info)
        if opened:
            return Readers(shared=info.shared, outsiders=True)
        inside = await self._has_outsiders(channel)
        outsiders = True if inside else None if inside is None or opened is None else False
        return Readers(shared=info.shared, outsiders=outsiders)

    def _may_be_opened(self, info: ChannelInfo) -> bool | None:
        """Whether somebody off the team who isn't in a channel could open it."""
        if info.private:
            return False
        if info.private is None:
            return None
        if any(account.active and self._reads_public(user) for user, account in self._accounts.items()):
            return True
        if self._settings.home_counts and self.at_home:
            return False
        return False if self._lists_everybody and not info.across else None

    def _reads_public(self, user: str) -> bool:
        """Whether somebody off the team has a full account of the workspace the app is in."""
        account = self._accounts[user]
        inside = account.person.home == self.team_id or account.standing in ("home", "hosted")
        return inside and not account.person.guest and not account.person.app and self.role(user) is Role.CUSTOMER

    async def _has_outsiders(self, channel: str) -> bool | None:
        """Whether somebody off the team is in a channel."""
        count, unknown = 0, False
        async for entries, more in pages(
            self._web, "conversations.members", "members", most=MOST_READERS, page=LARGE_PAGE, patient=False, channel=channel
        ):
            ids = [found for entry in entries if (found := identifier(entry)) and found != self.bot_user]
            await self.ensure(ids, within=READERS_WITHIN)
            for user in ids:
                if not self.is_certain(user):
                    unknown = True
                elif self.role(user) is Role.CUSTOMER:
                    return True
            count += len(entries)
            unknown = unknown or (more and count >= MOST_READERS)
        return None if unknown or not count else False

    async def outsiders(self, channel: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who makes a channel one that outsiders read, by id: people off the team in it, and those who aren't in it but may open
        it. For whoever is to be told why; `readers_of` decides. Raises DeliveryError and its kinds."""
        inside: list[str] = []
        async for entries, _ in pages(
            self._web, "conversations.members", "members", most=MOST_READERS, page=LARGE_PAGE, channel=channel
        ):
            ids = [found for entry in entries if (found := identifier(entry)) and found != self.bot_user]
            await self.ensure(ids, within=READERS_WITHIN)
            inside += [user for user in ids if self.role(user) is Role.CUSTOMER]
        info = self._channels.get(channel)
        if info is None or info.private:
            return tuple(inside), ()
        opening = (user for user, account in self._accounts.items() if account.active and self._reads_public(user))
        return tuple(inside), tuple(user for user in opening if user not in inside)

    # -- events

    def learn(self, event: Mapping[str, Any]) -> Changes:
        """Take an event (the inner one of an Events API body) that tells of people or channels, and say what changed.

        Never raises: what can't be read changes nothing. Sources: docs.slack.dev, /reference/events.
        """
        kind = event.get("type")
        if not isinstance(kind, str):
            return NOTHING
        if kind in ("user_change", "team_join", "user_profile_changed", "user_status_changed"):
            return self._learn_person(event.get("user"), joined=kind == "team_join")
        if kind.startswith("subteam_"):
            return self._learn_group(kind, event)
        if kind == "dnd_updated_user":
            person = identifier(event.get("user"))
            self.forget_times(person)
            return Changes(times=person or None)
        given = event.get("channel")
        about: Mapping[str, Any] = given if isinstance(given, dict) else {}
        channel = identifier(about.get("id") if about else given)
        if kind == "channel_id_changed":
            return self._learn_new_id(event)
        if not channel or is_direct(channel):
            return NOTHING
        channel = self.current(channel)  # Slack may tell of it by the id it had
        if tells_of_readers(event):
            return Changes(channel=channel, readers_changed=True)
        return self._learn_channel(kind, channel, about, event)

    def _learn_person(self, entry: object, *, joined: bool) -> Changes:
        user = identifier(entry.get("id")) if isinstance(entry, dict) else ""
        if not user:
            return NOTHING
        before = self._accounts.get(user)
        role_before = self.role(user)
        account = self.take_event(user, entry)
        if account is None:
            return NOTHING
        same = before is not None and (before.standing, before.active) == (account.standing, account.active)
        people = joined or not same or role_before is not self.role(user)
        return Changes(people=people, readers_changed=people, person=user, times=user)

    def _learn_group(self, kind: str, event: Mapping[str, Any]) -> Changes:
        changed = self.take_group(kind, event)
        return Changes(people=changed, readers_changed=changed)

    def _learn_new_id(self, event: Mapping[str, Any]) -> Changes:
        """A private channel that is about to be shared gets another id, for good. Told again, it is said again: what was to
        follow may have failed the first time."""
        old, new = identifier(event.get("old_channel_id")), identifier(event.get("new_channel_id"))
        if not old or not new or old == new:
            return NOTHING
        at = stamp(event.get("event_ts"))
        key = channel_key(self.team_id, new)
        move = ChannelMove(old=channel_key(self.team_id, old), new=key, at=float(at) if at else self._clock.now())
        self._moves = self._moves.after(move)
        if self.current(old) != new:
            return NOTHING  # it came late: the channel has gone on since
        info = self._channels.pop(old, None)
        if info is not None and new not in self._channels:
            self._channels[new] = replace(info, id=new, key=key)
        return Changes(channel=new, readers_changed=True, moved=move)

    def _learn_channel(self, kind: str, channel: str, about: Mapping[str, Any], event: Mapping[str, Any]) -> Changes:
        info = self._channels.get(channel)
        ours = identifier(event.get("user")) == self.bot_user
        match kind:
            case "member_joined_channel" | "member_left_channel":
                joined = kind == "member_joined_channel"
                if ours and joined:
                    self.expect(channel)
                elif ours and not joined:
                    self._channels.pop(channel, None)
                return Changes(channel=channel, readers_changed=True, joined=ours and joined, left=ours and not joined)
            case "channel_left" | "group_left" | "channel_deleted" | "group_deleted":
                self._channels.pop(channel, None)
                return Changes(channel=channel, readers_changed=True, left=True, deleted=kind.endswith("_deleted"))
            case "channel_rename" | "group_rename":
                name = clean_name(about.get("name"))
                self._put(info, name=name or (info.name if info else ""))
                return Changes(channel=channel)
            case "channel_archive" | "group_archive" | "channel_unarchive" | "group_unarchive":
                archived = not kind.endswith("unarchive")
                self._put(info, archived=archived)
                return Changes(channel=channel, readers_changed=True, archived=archived)
            case "channel_shared":
                team = identifier(event.get("connected_team_id"))
                connected = info.connected if info is not None else ()
                self._put(info, shared=True, connected=tuple(dict.fromkeys((*connected, *([team] if team else [])))))
                return Changes(channel=channel, readers_changed=True)
            case "channel_unshared":
                team = identifier(event.get("previously_connected_team_id"))
                shared = event.get("is_ext_shared")
                connected = tuple(one for one in info.connected if one != team) if info is not None else ()
                self._put(info, shared=shared if isinstance(shared, bool) else None, connected=connected)
                return Changes(channel=channel, readers_changed=True)
            case _:
                touched = kind.startswith(_ABOUT_CHANNELS) and kind not in _CHANGES_NO_READERS
                return Changes(channel=channel, readers_changed=True) if touched else NOTHING

    def _put(self, info: ChannelInfo | None, **changes: Any) -> None:
        if info is not None:
            self._channels[info.id] = replace(info, **changes)
