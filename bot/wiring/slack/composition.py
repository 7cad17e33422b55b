"""A house on Slack: what `realreply run` runs. Composition only, like `wiring`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog

from adapters.slack.accounts import WhoIsWho
from adapters.slack.directory import Directory
from adapters.slack.history import SlackHistory
from adapters.slack.inbound import Inbound
from adapters.slack.links import permalink
from adapters.slack.listening import PING, HttpServer, Sockets
from adapters.slack.platform import SlackPlatform
from adapters.slack.surfaces import Surfaces, make_app
from adapters.slack.web import Web
from bot.domain.context import Context
from bot.domain.durations import Instant, Seconds
from bot.domain.events import Event
from bot.domain.keys import channel_id
from bot.domain.outgoing import Address
from bot.domain.people import Team
from bot.domain.waits import Wait
from bot.domain.writes import NoticeSubject
from bot.engine.activation import Activation
from bot.engine.clock import WallClock
from bot.engine.engine import Engine
from bot.engine.preferences import Preferences
from bot.errors import DeliveryError, UsageError
from bot.intake.backfill import Backfill
from bot.intake.gates import Gates
from bot.intake.inbox import Inbox
from bot.intake.replay import Replay
from bot.judge.standard import StandardJudge
from bot.outbox.address_queues import Destination, Sender
from bot.outbox.contents import StoredContents
from bot.outbox.digests import Digests, DigestSlot
from bot.outbox.guard import Guard
from bot.outbox.loop import OutboxLoop
from bot.outbox.rate_limits import RateLimits, Sleep
from bot.ports import Clock, Problem, Store
from bot.queries.snapshot import Lookups
from bot.runtime.front import FrontDesk
from bot.runtime.interactions import Interactions
from bot.runtime.jobs import Jobs, Recurring, Retention
from bot.runtime.service import Listener, Service
from bot.settings.model import Settings, SlackSection
from bot.waits.ladder import QuietRules
from bot.wiring import replay as wiring
from bot.wiring.slack.tokens import Tokens, tokens
from bot.wiring.slack.workspace import SlackWorkspace

PEOPLE: Seconds = 10 * 60
"""How often members' vacation status and do-not-disturb are looked up; events tell of changes in between."""

DIRECTORY: Seconds = 24 * 3600

GAPS: Seconds = 10 * 60
"""How often what couldn't be read back is tried again."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackBot:
    """Everything that runs for one team on Slack. `lost` gets the reason when Slack throws us out."""

    service: Service
    listener: Listener
    slack: SlackWorkspace
    front: FrontDesk
    lost: asyncio.Future[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The clock, how to wait by it, and how long real seconds a connection may stay silent (see listening.PING)."""

    clock: Clock = field(default_factory=WallClock)
    sleep: Sleep = asyncio.sleep
    ping: Seconds = PING


@asynccontextmanager
async def house(settings: Settings, *, observe: bool = False, time: Timing | None = None) -> AsyncIterator[SlackBot]:
    """A house that is ready to run.

    Raises UsageError (a setting or a token is missing or wrong), StorageError, DeliveryError (Slack can't be reached).
    """
    section = settings.slack
    if section is None:
        raise UsageError("There is no [slack] section in the settings; config.example.toml shows one.")
    secrets = tokens(section)
    time = time or Timing()
    async with wiring.database(settings.storage.path) as store:
        web = Web(secrets.bot, clock=time.clock, sleep=time.sleep, base_url=section.api)
        try:
            directory = Directory(web, settings=who_is_who(settings, section), clock=time.clock)
            await directory.start()
            slack = SlackWorkspace(settings=settings, directory=directory)
            judge = StandardJudge(key=await store.key("fingerprints"))
            _warn(slack)
            yield _Composition(slack, section, web, store, judge, time, observe).house(secrets)
        finally:
            await web.close()


def _warn(slack: SlackWorkspace) -> None:
    """Say what keeps reminders from leaving. It is no reason not to start: what is asked meanwhile is noted all the same."""
    wanted = slack.settings.reminders.destination
    if wanted is None:
        log.warning(
            "no_reminders_channel",
            say="No reminder can leave: name the team's own channel as destination under [reminders] and start again.",
        )
    elif slack.destination() is None:
        log.warning(
            "reminders_channel_missing",
            say="realreply isn't in the channel for reminders, or there is none of this name, or it is archived. Make it if need "
            "be and say /invite @realreply there: until then it watches and only notes.",
            channel=wanted,
        )
    if not slack.team().members:
        log.warning(
            "nobody_on_the_team",
            say="Nobody is on the team, so everybody counts as a customer: list the team's ids under [[members]] or name a user "
            "group in slack_user_groups, and start again.",
        )


def who_is_who(settings: Settings, section: SlackSection) -> WhoIsWho:
    """What the settings say about who is on the team, as Slack's directory takes it."""
    return WhoIsWho(
        members=settings.team_on("slack").members,
        customers=frozenset(settings.team.customers),
        user_groups=settings.team.slack_user_groups,
        home_workspace=settings.team.home_workspace,
        email_domains=frozenset(settings.team.host_email_domains),
        trusted_apps=frozenset(section.trusted_apps),
    )


class _Composition:
    """Makes the parts and joins them. What Slack tells of people and channels goes to whoever relies on it."""

    def __init__(
        self,
        slack: SlackWorkspace,
        section: SlackSection,
        web: Web,
        store: Store,
        judge: StandardJudge,
        time: Timing,
        observe: bool,
    ) -> None:
        settings, directory, clock = slack.settings, slack.directory, time.clock
        self.slack, self.section, self.web, self.store, self.time = slack, section, web, store, time
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.preferences = Preferences(hours_of=slack.hours_of, rules_of=slack.rules_of, dm_of=slack.wants_dm)
        self.engine = Engine(
            context=Context(judge=judge, hours_of=self.preferences.hours_of),
            team=slack.team(),
            rules_of=self.preferences.rules_of,
            names_of=directory.names,
        )
        self.activation = Activation(self.engine, observe=observe, place=self._place)
        self.lookups = self._lookups()
        trusted = frozenset(section.trusted_apps)
        self.inbound = Inbound(directory, trusted_apps=trusted, bot_user=directory.bot_user, team_id=directory.team_id)
        self.history = SlackHistory(web, self.inbound)
        self.platform = SlackPlatform(web, directory, self.history)
        wants_dm = self.preferences.wants_dm
        self.guard = Guard({self.platform.name: self.platform}, team=self._team, wants_dm=wants_dm, clock=clock)
        self.quiet = QuietRules(hours_of=self.preferences.hours_of, budget=settings.reminders.budget)
        self.due = OutboxLoop(
            self.engine,
            store,
            Sender(
                guard=self.guard,
                views=StoredContents(self.lookups),
                destination=Destination(channels={self.platform.name: slack.destination}, wants_dm=wants_dm, team=self._team),
                limits=RateLimits(clock, time.sleep),
                clock=clock,
                sleep=time.sleep,
            ),
            quiet=self.quiet,
            speaks=lambda: self.activation.active and slack.destination() is not None,
            sent_before_activation=frozenset() if observe else frozenset({NoticeSubject.PREVIEW}),
        )
        self.inbox = Inbox(self.engine, store, on_due=lambda _: self.due.poke())
        self.gates = Gates()
        self.backfill = self._backfill()

    def house(self, tokens: Tokens) -> SlackBot:
        """The whole of it."""
        service = Service(
            store=self.store,
            engine=self.engine,
            inbox=self.inbox,
            due=self.due,
            preferences=self.preferences,
            activation=self.activation,
            backfill=self.backfill,
            gates=self.gates,
            housekeeping=self._housekeeping(),
            clock=self.time.clock,
            listens=self.listens,
        )
        desk = Interactions(
            self.engine,
            self.store,
            self.inbox,
            self.preferences,
            self.lookups,
            on_due=lambda _: self.due.poke(),
            activation=self.activation,
            reread=self._reread,
        )
        front = FrontDesk(service, desk)
        app = make_app(self.web, tokens.secret)
        surfaces = Surfaces(self.web, self.slack.directory, self.inbound, front)
        surfaces.on_gap, surfaces.on_lost, surfaces.on_change = self.backfill.note_gap, self.lose, self.changed
        surfaces.put_up(app)
        listener: Listener
        if tokens.app is not None:
            listener = Sockets(app, tokens.app, self.time.clock, self._gap, ping=self.time.ping)
        else:
            listener = HttpServer(app, *self.section.listen)
        return SlackBot(service=service, listener=listener, slack=self.slack, front=front, lost=self.lost)

    def listens(self, channel: str) -> bool:
        """Whether a channel is watched at all."""
        return self.slack.watches(channel) and self.preferences.listens(channel)

    def lose(self, why: str) -> None:
        """Slack threw us out."""
        if not self.lost.done():
            self.lost.set_result(why)

    async def changed(self, event: Mapping[str, Any]) -> None:
        """Something changed about people or channels: whoever relies on how it was is told."""
        directory = self.slack.directory
        nowhere = self.slack.destination() is None
        changes = directory.learn(event)
        if changes.access_lost:
            self.lose("the app was removed")
        if changes.joined and changes.channel is not None:
            await directory.meet(changes.channel)
        if changes.people:
            await self._regroup()
        if changes.readers_changed:
            self.guard.forget(Address(self.platform.name, "channel", changes.channel) if changes.channel is not None else None)
        if changes.times is not None and self._is_member(changes.times):
            directory.forget_times(changes.times)
            await self._look_up(changes.times)
            self.preferences.take(self.preferences.choices)
        if changes.joined:
            self.backfill.look_again()
        if changes.left or changes.archived:
            log.warning(
                "channel_lost",
                say="A channel was archived, or realreply was taken out of it: nothing more is seen of it.",
                channel=directory.channel_name(changes.channel or "") or changes.channel,
            )
        if not nowhere and self.slack.destination() is None:
            log.error(
                "reminders_nowhere",
                say="The reminders channel is gone: nothing is sent until it is back. Unarchive it and invite realreply again, "
                "or set reminders.destination to another.",
                channel=changes.channel,
            )
        if nowhere and self.slack.destination() is not None:
            now = self.time.clock.now()
            await self.engine.transact(self.store, lambda tx: self.activation.load(tx, now))
            await self.store.transact(lambda tx: self.activation.ask(tx, now))
            self.due.poke()

    async def _reread(self, channel: str, message: str, thread: str | None) -> str:
        try:
            found = await self.history.message(channel_id(channel), message, thread)
        except DeliveryError as error:
            log.info("message_unread", say="A message couldn't be read again; its link is shown.", reason=str(error))
            return ""
        return "" if found is None else found.text

    async def _gap(self, since: Instant, whole: bool) -> None:
        await self.backfill.note_gap(since, whole=whole)

    def _place(self) -> str | None:
        """Where the team is shown what would have been sent: the channel for reminders, by its id."""
        to = self.slack.destination()
        return None if to is None else to.id

    def _team(self) -> Team:
        return self.engine.team

    def _is_member(self, person: str) -> bool:
        return person in self.engine.team.members

    def _channels(self) -> dict[str, str]:
        """The names of the watched channels by their keys."""
        known = self.slack.directory.channels().values()
        return {info.key: info.name for info in known if self.slack.watches(info.key)}

    def _link_of(self, wait: Wait) -> str | None:
        if not wait.messages:
            return None
        return permalink(self.slack.directory.url, channel_id(wait.channel), wait.messages[0], wait.thread)

    def _lookups(self) -> Lookups:
        return Lookups(
            preferences=self.preferences,
            team=self._team,
            names_of=self.slack.directory.names,
            channel_name=self.slack.channel_name,
            judge=self.engine.context.judge,
            channels=self._channels,
            link_of=self._link_of,
            begins_by_lead=True,
            observing=self.activation.observing,
        )

    def _backfill(self) -> Backfill:
        directory = self.slack.directory
        return Backfill(
            self.platform,
            self.engine,
            self.store,
            self.inbox,
            self.due,
            self.gates,
            self.activation,
            channels=lambda: [info.key for info in directory.channels().values() if not info.archived],
            listens=self.listens,
            rehearse=self._rehearse,
            clock=self.time.clock,
            first_read=self.section.first_read,
            threads=self.section.threads,
        )

    async def _rehearse(self, events: Sequence[Event], afterwards: Seconds) -> None:
        def unread(problem: Problem) -> None:
            log.warning("past_unread", say="A past message couldn't be judged; the others were.", problem=str(problem))

        await Replay(self.engine, self.store, quiet=self.quiet, problem=unread).run(events, until=afterwards)

    def _housekeeping(self) -> Jobs:
        settings = self.slack.settings
        backups = settings.storage.backups
        slots = tuple(
            DigestSlot(days=slot.days, minute=slot.at, weekly=slot.what == "week") for slot in settings.reminders.digest
        )
        return Jobs(
            self.engine,
            self.store,
            self.due,
            Digests(slots, self.preferences.hours_of("").zone),
            Retention(
                messages=settings.privacy.keep_messages,
                waits=settings.privacy.keep_waits,
                copies=backups.folder,
                copy_every=backups.every,
                copies_kept=backups.keep,
            ),
            clock=self.time.clock,
            also=(
                Recurring(name="people", every=PEOPLE, work=self._look_everybody_up, at_start=True),
                Recurring(name="directory", every=DIRECTORY, work=self._list_again),
                Recurring(name="gaps", every=GAPS, work=self.backfill.try_again),
            ),
        )

    async def _look_up(self, member: str) -> None:
        times = await self.slack.directory.person_times(member)
        self.slack.absences[member] = tuple((absence.since, absence.until) for absence in times.absences)

    async def _look_everybody_up(self) -> None:
        for member in sorted(self.engine.team.members):
            await self._look_up(member)
        self.preferences.take(self.preferences.choices)  # hours are worked out anew

    async def _list_again(self) -> None:
        await self.slack.directory.start()
        await self._regroup()

    async def _regroup(self) -> None:
        team = self.slack.team()
        await self.engine.transact(self.store, lambda tx: self.engine.regroup(team))
        self.guard.forget()
