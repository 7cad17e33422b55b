"""A house on Slack: what `realreply run` runs. Composition only, like `wiring`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from adapters.slack.accounts import WhoIsWho
from adapters.slack.directory import Directory
from adapters.slack.history import History
from adapters.slack.inbound import Inbound
from adapters.slack.links import permalink
from adapters.slack.listening import HttpServer, Sockets
from adapters.slack.platform import SlackPlatform
from adapters.slack.surfaces import Surfaces, make_app
from adapters.slack.web import Web
from bot import wiring
from bot.app.backfill import Backfill
from bot.app.clock import WallClock
from bot.app.delivery import Destination, Outlet
from bot.app.desk import Desk
from bot.app.digests import Digests, DigestSlot
from bot.app.due import DueLoop
from bot.app.engine import Engine
from bot.app.front import FrontDesk
from bot.app.gates import Gates
from bot.app.guard import Guard
from bot.app.housekeeping import Housekeeping, Keeping, Recurring
from bot.app.inbox import Inbox
from bot.app.limits import Limits
from bot.app.preferences import Preferences
from bot.app.run import Listener, Service
from bot.app.speaking import PREVIEW, Speaking
from bot.app.views import StoredViews
from bot.calendars import working_hours
from bot.core.context import Context
from bot.core.events import Event
from bot.core.hours import Hours, Interval, Own, combine
from bot.core.ladder import Quiet
from bot.core.model import ChannelRules, Seconds, Team, Wait
from bot.core.outgoing import Address
from bot.errors import UsageError
from bot.judge.standard import StandardJudge
from bot.ports import Clock, Store
from bot.replay.replay import Replay
from bot.settings import Settings, SlackSection

PEOPLE: Seconds = 10 * 60
"""How often members' vacation status and do-not-disturb are looked up; events tell of changes in between."""

DIRECTORY: Seconds = 24 * 3600

log = structlog.get_logger()


@dataclass(slots=True)
class Slack:
    """A team's Slack as the rest of the house asks about it: who works when, what channels are called, where reminders go."""

    settings: Settings
    directory: Directory
    absences: dict[str, tuple[Interval, ...]] = field(default_factory=dict)

    def team(self) -> Team:
        """Who is on the team now. Leads and duty are in the settings; whom they don't name comes from Slack."""
        configured = self.settings.team_on("slack")
        return replace(configured, members=self.directory.members())

    def destination(self) -> Address | None:
        """The team's channel for reminders, once the bot is in it."""
        wanted = self.settings.reminders.destination
        if wanted is None:
            return None
        for info in self.directory.channels().values():
            if wanted in (info.id, info.name) and not info.archived:
                return Address("channel", info.id)
        return None

    def watches(self, channel: str) -> bool:
        """Whether a channel's messages are looked at at all: the bot's own posts to the team are nothing to watch."""
        to = self.destination()
        return to is None or _id(channel) != to.id

    def channel_name(self, key: str) -> str:
        """What a channel is called, by its key."""
        id = _id(key)
        return self.directory.channel_name(id) or id

    def rules_of(self, channel: str) -> ChannelRules:
        """A channel's rules by its key. Patterns of the settings fit names, and ids."""
        return self.settings.channel_rules(self.channel_name(channel))

    def key_of(self, person: str) -> str:
        """What a person's choices are kept under: one key for all the platforms they are on."""
        member = self.settings.member(person)
        return person if member is None else member.slack or member.discord or person

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


def _id(channel: str) -> str:
    """A channel's id by its key."""
    return channel.rpartition(":")[2]


def _slots(settings: Settings) -> tuple[DigestSlot, ...]:
    return tuple(DigestSlot(days=slot.days, minute=slot.at, weekly=slot.what == "week") for slot in settings.reminders.digest)


@cache
def _hours(settings: Settings, person: str) -> Hours:
    return working_hours(settings.working_time(settings.member(person) if person else None))


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackHouse:
    """Everything that runs for one team on Slack."""

    service: Service
    listener: Listener
    slack: Slack
    front: FrontDesk


@asynccontextmanager
async def house(settings: Settings, *, observe: bool, lost: asyncio.Future[str]) -> AsyncIterator[SlackHouse]:
    """A house that is ready to run. `lost` gets the reason when Slack throws us out.

    Raises UsageError (a setting or a token is missing or wrong), StorageError, DeliveryError (Slack can't be reached).
    """
    section = settings.slack
    if section is None:
        raise UsageError("There is no [slack] section in the settings; config.example.toml shows one.")
    bot_token, secret, app_token = _secrets(section)
    clock = WallClock()
    async with wiring.database(settings.storage.path) as store:
        web = Web(bot_token, clock=clock, base_url=section.api)
        try:
            directory = Directory(web, settings=_who_is_who(settings, section), clock=clock)
            await directory.start()
            slack = Slack(settings=settings, directory=directory)
            yield _house(slack, section, web, store, clock, observe=observe, secret=secret, app_token=app_token, lost=lost)
        finally:
            await web.close()


def _secrets(section: SlackSection) -> tuple[str, str | None, str | None]:
    """(bot token, signing secret, app token), as far as the mode needs them. Raises UsageError."""
    if section.bot_token is None:
        raise UsageError("slack.bot_token is missing.")
    http = section.mode == "http"
    secret = section.signing_secret.reveal() if http and section.signing_secret is not None else None
    app_token = section.app_token.reveal() if not http and section.app_token is not None else None
    if (secret if http else app_token) is None:
        raise UsageError(f'slack.mode is "{section.mode}", which needs slack.{"signing_secret" if http else "app_token"}.')
    return section.bot_token.reveal(), secret, app_token


def _who_is_who(settings: Settings, section: SlackSection) -> WhoIsWho:
    return WhoIsWho(
        members=settings.team_on("slack").members,
        customers=frozenset(settings.team.customers),
        user_groups=settings.team.slack_user_groups,
        home_workspace=settings.team.home_workspace,
        email_domains=frozenset(settings.team.host_email_domains),
        trusted_apps=frozenset(section.trusted_apps),
    )


def _house(
    slack: Slack,
    section: SlackSection,
    web: Web,
    store: Store,
    clock: Clock,
    *,
    observe: bool,
    secret: str | None,
    app_token: str | None,
    lost: asyncio.Future[str],
) -> SlackHouse:
    settings, directory = slack.settings, slack.directory
    preferences = Preferences(hours_of=slack.hours_of, rules_of=slack.rules_of, dm_of=slack.wants_dm, key_of=slack.key_of)
    engine = Engine(
        context=Context(judge=StandardJudge(), hours_of=preferences.hours_of),
        team=slack.team(),
        rules_of=preferences.rules_of,
        names_of=directory.names,
    )
    speaking = Speaking(engine, observe=observe)
    inbound = Inbound(
        directory, trusted_apps=frozenset(section.trusted_apps), bot_user=directory.bot_user, team_id=directory.team_id
    )
    platform = SlackPlatform(web, directory, History(web, inbound))
    guard = Guard(platform, is_member=lambda person: person in engine.team.members, wants_dm=preferences.wants_dm, clock=clock)

    def link_of(wait: Wait) -> str | None:
        return permalink(directory.url, _id(wait.channel), wait.messages[0], wait.thread) if wait.messages else None

    views = StoredViews(
        team=engine.team,
        hours_of=preferences.hours_of,
        names_of=directory.names,
        channel_name=slack.channel_name,
        link_of=link_of,
    )
    outlet = Outlet(
        guard=guard,
        views=views,
        destination=Destination(channel=slack.destination, wants_dm=preferences.wants_dm),
        limits=Limits(clock, asyncio.sleep),
        clock=clock,
        sleep=asyncio.sleep,
    )
    quiet = Quiet(hours_of=preferences.hours_of, budget=settings.reminders.budget)
    due = DueLoop(
        engine,
        store,
        outlet,
        quiet=quiet,
        speaks=lambda: speaking() and slack.destination() is not None,
        aloud=frozenset() if observe else frozenset({PREVIEW}),
    )
    inbox = Inbox(engine, store, on_due=lambda _: due.poke())
    desk = Desk(
        engine,
        store,
        inbox,
        preferences,
        names_of=directory.names,
        channels=lambda: {info.key: info.name for info in directory.channels().values() if slack.watches(info.key)},
        link_of=link_of,
        on_due=lambda _: due.poke(),
    )

    async def rehearse(events: Sequence[Event], afterwards: Seconds) -> None:
        replay = Replay(
            engine,
            store,
            quiet=quiet,
            problem=lambda problem: log.warning("event_unread", say="A past message couldn't be judged.", problem=str(problem)),
        )
        await replay.run(events, until=afterwards)

    def listens(channel: str) -> bool:
        return slack.watches(channel) and preferences.listens(channel)

    gates = Gates()
    backfill = Backfill(
        platform,
        engine,
        store,
        inbox,
        due,
        gates,
        speaking,
        channels=lambda: [info.key for info in directory.channels().values() if not info.archived],
        listens=listens,
        rehearse=rehearse,
        clock=clock,
        first_read=section.first_read,
        threads=section.threads,
    )

    async def look_up(member: str) -> None:
        times = await directory.person_times(member)
        slack.absences[member] = tuple((absence.since, absence.until) for absence in times.absences)

    async def refresh_times() -> None:
        for member in sorted(engine.team.members):
            await look_up(member)
        preferences.take(preferences.choices)  # hours are worked out anew

    async def refresh_directory() -> None:
        await directory.start()
        await regroup()

    async def regroup() -> None:
        team = slack.team()
        await engine.transact(store, lambda tx: engine.regroup(team))
        guard.forget()

    housekeeping = Housekeeping(
        engine,
        store,
        due,
        Digests(_slots(settings), preferences.hours_of("").zone),
        Keeping(
            messages=settings.privacy.keep_messages,
            waits=settings.privacy.keep_waits,
            copies=settings.storage.backups.folder,
            copy_every=settings.storage.backups.every,
            copies_kept=settings.storage.backups.keep,
        ),
        clock=clock,
        also=(
            Recurring(name="people", every=PEOPLE, work=refresh_times),
            Recurring(name="directory", every=DIRECTORY, work=refresh_directory),
        ),
    )
    service = Service(
        store=store,
        engine=engine,
        inbox=inbox,
        due=due,
        preferences=preferences,
        speaking=speaking,
        backfill=backfill,
        gates=gates,
        housekeeping=housekeeping,
        clock=clock,
        listens=listens,
    )
    front = FrontDesk(service, desk)

    async def changed(event: Mapping[str, Any]) -> None:
        """Something changed about people or channels: whoever relies on how it was is told."""
        before = slack.destination()
        changes = directory.learn(event)
        if changes.access_lost:
            lose("the app was removed")
        if changes.joined and changes.channel is not None:
            await directory.meet(changes.channel)
        if changes.people:
            await regroup()
        if changes.readers_changed:
            guard.forget(Address("channel", changes.channel) if changes.channel is not None else None)
        if changes.times is not None and changes.times in engine.team.members:
            directory.forget_times(changes.times)
            await look_up(changes.times)
            preferences.take(preferences.choices)
        if changes.joined:
            backfill.look_again()
        if (changes.archived and changes.channel is not None) or changes.left:
            log.warning(
                "channel_lost",
                say="A channel was archived, or realreply was taken out of it: nothing more is seen of it.",
                channel=directory.channel_name(changes.channel or "") or changes.channel,
            )
        if before is None and slack.destination() is not None:
            await engine.transact(store, lambda tx: speaking.load(tx, clock.now()))
            await store.transact(lambda tx: speaking.ask(tx, clock.now()))
            due.poke()

    def lose(why: str) -> None:
        if not lost.done():
            lost.set_result(why)

    app = make_app(web, secret)
    Surfaces(app, web, directory, inbound, front, on_gap=backfill.note_gap, on_lost=lose, on_change=changed)
    listener: Listener
    if app_token is not None:
        listener = Sockets(app, app_token, clock, lambda since, whole: backfill.note_gap(since, whole=whole))
    else:
        listener = HttpServer(app, *section.listen)
    return SlackHouse(service=service, listener=listener, slack=slack, front=front)
