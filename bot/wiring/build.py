"""A team's bot put together, for any connections, any store and any clock: live platforms, simulations, tests and benchmarks.

What runs where is decided by who builds: `service` is what lives by the clock on the wall, `simulation` stands still until
time is let pass. Composition only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog

from bot.domain.care import Care
from bot.domain.context import Context
from bot.domain.durations import DAY, MINUTE, WEEK, Seconds
from bot.domain.events import Event
from bot.domain.hours import Hours, Own
from bot.domain.judge import Judge
from bot.domain.people import Accounts, Team, merged
from bot.domain.preferences import ORDINARY, OwnSwitch
from bot.domain.rules import NO_RULE, ChannelRules, CustomerRule
from bot.domain.tips import ALL_TIPS, TipKind
from bot.domain.writes import NoticeSubject
from bot.engine.activation import Activation
from bot.engine.arrivals import Welcomes
from bot.engine.clock import VirtualClock, WallClock
from bot.engine.coach import Coach
from bot.engine.engine import Engine
from bot.engine.gratitude import PassedThanks
from bot.engine.preferences import Preferences
from bot.engine.shifts import Shifts
from bot.intake.backfill import Backfill
from bot.intake.gaps import Gaps
from bot.intake.gates import Gates
from bot.intake.inbox import Inbox
from bot.intake.replay import Replay
from bot.language.calendar_entries import NOBODY_NAMED, CalendarPeople
from bot.outbox.address_queues import Destination, Sender
from bot.outbox.contents import Contents, StoredContents
from bot.outbox.digests import Digests, DigestSlot
from bot.outbox.guard import Guard
from bot.outbox.loop import LEASE, OutboxLoop
from bot.outbox.rate_limits import RateLimits
from bot.ports import Clock, Connection, Problem, Sleep, Store, TeamCalendar
from bot.queries.snapshot import Lookups
from bot.runtime.interactions import Interactions
from bot.runtime.jobs import BEAT, CALENDAR, DIRECTORY, PEOPLE, SWEEP, WORDS, Jobs, Recurring, Retention
from bot.runtime.membership import Membership
from bot.runtime.platform_service import PlatformService
from bot.runtime.recordings import Recordings
from bot.runtime.rereading import Rereading
from bot.runtime.service import Service
from bot.runtime.simulation import Simulation
from bot.runtime.team_calendar import CalendarReading
from bot.runtime.workspaces import Workspaces
from bot.waits.availability import QuietRules

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a team wants, whatever platforms it is on. `hours_of` gives working hours by member ("" = the team's) and what
    their platforms tell of their time, `rules_of` a channel's rules by its name, `customer_of` what the settings say of a
    customer, by id and all they are called, their organisation included, `dm_of` whether a member wants direct messages,
    `switch_of` what they want to be told,
    `accounts` whose accounts on these platforms are whose. `budget` counts notifications a person and day, None: no
    budget; `digest_mentions` and `patience`: see QuietRules; `tips`: the kinds of tips that are given; `care`: what of
    customers' ways is shown; `trial_lasts`: see Lookups; `takes_auto_dms`: people may report auto-DMs."""

    hours_of: Callable[[str, Own], Hours]
    rules_of: Callable[[str], ChannelRules]
    customer_of: Callable[[str, Sequence[str]], CustomerRule] = lambda _id, _names: NO_RULE
    dm_of: Callable[[str], bool] = lambda _: False
    switch_of: Callable[[str], OwnSwitch] = lambda _: ORDINARY
    accounts: Accounts = field(default_factory=Accounts)
    budget: int | None = None
    digest_mentions: int = 5
    patience: Seconds = 15 * MINUTE
    trial_lasts: Seconds = 8 * WEEK
    digests: tuple[DigestSlot, ...] = ()
    tips: frozenset[TipKind] = ALL_TIPS
    care: Care = field(default_factory=Care)
    takes_auto_dms: bool = True
    calendar: TeamCalendar | None = None
    calendar_people: CalendarPeople = NOBODY_NAMED
    retention: Retention = field(default_factory=lambda: Retention(messages=30 * DAY, waits=400 * DAY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The clock, and how to wait by it."""

    clock: Clock = field(default_factory=WallClock)
    sleep: Sleep = asyncio.sleep


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """The parts of a team's bot. `activation` None: reminders leave without a lead's word, as in a simulation. `interactions`
    are by the platforms' names."""

    connections: tuple[Connection, ...]
    store: Store
    policy: Policy
    clock: Clock
    engine: Engine
    preferences: Preferences
    shifts: Shifts
    calendar: CalendarReading
    guard: Guard
    sender: Sender
    outbox: OutboxLoop
    inbox: Inbox
    activation: Activation | None
    interactions: Mapping[str, Interactions]
    membership: Membership
    digests: Digests
    quiet: QuietRules
    rereading: Rereading
    recordings: Recordings


def build(
    connections: Sequence[Connection],
    store: Store,
    policy: Policy,
    *,
    judge: Judge,
    time: Timing,
    activates: bool = True,
    observe: bool = False,
    contents: Contents | None = None,
    lease: Seconds = LEASE,
) -> Bot:
    """Make the parts and join them. `activates`: reminders leave once a lead says so, and with `observe` not even then.
    `contents` stands for what messages say, where that isn't made from storage."""
    team_now: Callable[[], Team] = lambda: engine.team  # noqa: E731
    workspaces = Workspaces(connections, team=team_now)
    preferences = Preferences(
        hours_of=lambda person: policy.hours_of(person, workspaces.times(person) if person else Own()),
        rules_of=lambda channel: policy.rules_of(workspaces.channel_name(channel)),
        dm_of=policy.dm_of,
        switch_of=policy.switch_of,
    )

    def customer_of(person: str) -> CustomerRule:
        return customer_rule(policy, workspaces, person)

    engine = Engine(
        context=Context(judge=judge, hours_of=preferences.hours_of, customer_of=customer_of),
        team=merged({connection.name: connection.workspace.team() for connection in connections}, policy.accounts),
        rules_of=preferences.rules_of,
        names_of=workspaces.names,
    )
    shifts = Shifts(engine, preferences)
    platforms = {connection.name: connection for connection in connections}
    guard = Guard(platforms, team=team_now, wants_dm=preferences.wants_dm, clock=time.clock)
    destination = Destination(
        channels={name: connection.workspace.destination for name, connection in platforms.items()},
        wants_dm=preferences.wants_dm,
        team=team_now,
        all_channels=lambda name: platforms[name].workspace.destinations(),
        server_of=lambda place: platforms[place.platform].workspace.server_of(place),
    )

    def previews() -> tuple[tuple[str, str | None], ...]:
        if not destination.parted:
            to = destination.channel()
            return () if to is None else ((to.id, None),)
        digests = [(name, destination.channel(name)) for name in _places(connections)]
        return tuple((to.id, name) for name, to in digests if to is not None and destination.has_digest(name))

    activation = Activation(engine, observe=observe, places=previews) if activates else None
    speaks: Callable[[], bool] = lambda: activation is None or activation.active  # noqa: E731
    engine.coach = Coach(policy.tips, preferences, clock=time.clock, speaks=speaks)
    engine.welcomes = Welcomes(preferences.rules_of, clock=time.clock, speaks=speaks)
    engine.passed_thanks = PassedThanks(clock=time.clock) if policy.care.thanks else None
    quiet = QuietRules(
        hours_of=preferences.hours_of,
        budget=policy.budget,
        switch_of=preferences.switch_of,
        paused=preferences.paused,
        digest_mentions=policy.digest_mentions,
        patience=policy.patience,
        reaches=destination.reaches,
        direct=lambda member: destination.direct(member) is not None,
        outside=destination.outside,
        trial=lambda now: preferences.choices.running_trial(now),  # noqa: PLW0108 (choices are replaced as a whole)
    )
    lookups = Lookups(
        preferences=preferences,
        team=team_now,
        names_of=workspaces.names,
        channel_name=workspaces.channel_name,
        judge=judge,
        channels=workspaces.channels,
        budget=policy.budget,
        trial_lasts=policy.trial_lasts,
        reaches=destination.reaches,
        outside=destination.outside,
        link_of=workspaces.link,
        link_to=workspaces.link_to,
        on_duty=shifts.on_duty,
        company_of=lambda person: company(policy, workspaces, person),
        held_since=lambda until: outbox.held_since(until),  # noqa: PLW0108 (made below)
        begins_by_lead=activates,
        observing=observe,
        troubles=workspaces.troubles,
        digest_tells=destination.tells,
        apps=workspaces.apps,
        filters=any(connection.moderation is not None for connection in connections),
        care=policy.care,
    )
    sender = Sender(
        guard=guard,
        views=contents or StoredContents(lookups),
        destination=destination,
        limits=RateLimits(time.clock, time.sleep),
        clock=time.clock,
        sleep=time.sleep,
    )
    outbox = OutboxLoop(
        engine,
        store,
        sender,
        quiet=quiet,
        lease=lease,
        change_over=shifts.change_over,
        speaks=lambda: activation is None or (activation.active and destination.channel() is not None),
        edits=speaks,
        sent_before_activation=frozenset() if observe else frozenset({NoticeSubject.PREVIEW}),
    )
    inbox = Inbox(engine, store, on_due=lambda _: outbox.poke())
    membership = Membership(
        connections, engine, store, preferences, shifts, guard, outbox, activation, clock=time.clock, accounts=policy.accounts
    )
    calendar = CalendarReading(
        policy.calendar,
        engine,
        store,
        preferences,
        shifts,
        team=team_now,
        names_of=workspaces.names,
        people=policy.calendar_people,
        clock=time.clock,
        on_change=outbox.poke,
    )
    interactions = {
        name: Interactions(
            engine,
            store,
            inbox,
            preferences,
            lookups,
            clock=time.clock,
            change_over=shifts.change_over,
            on_due=lambda _: outbox.poke(),
            activation=activation,
            reread=workspaces.reread,
            guard=guard,
            platform=name,
            moderation=next((one.moderation for one in connections if one.moderation is not None), None),
            takes_auto_dms=policy.takes_auto_dms,
        )
        for name in platforms
    }
    return Bot(
        connections=tuple(connections),
        store=store,
        policy=policy,
        clock=time.clock,
        engine=engine,
        preferences=preferences,
        shifts=shifts,
        calendar=calendar,
        guard=guard,
        sender=sender,
        outbox=outbox,
        inbox=inbox,
        activation=activation,
        interactions=interactions,
        membership=membership,
        digests=Digests(policy.digests, preferences.hours_of("").zone, places=_places(connections)),
        quiet=quiet,
        rereading=Rereading(store, workspaces.reread, rules_of=preferences.rules_of),
        recordings=Recordings(engine, store, inbox, workspaces.look_again, clock=time.clock),
    )


def _places(connections: Sequence[Connection]) -> tuple[str, ...]:
    """What has a digest of its own: each server with a team of its own, else the platform."""
    return tuple(place for connection in connections for place in connection.workspace.servers() or (connection.name,))


def customer_rule(policy: Policy, workspaces: Workspaces, person: str) -> CustomerRule:
    """What the settings say of a customer, by all they are called where they are known, and their organisation."""
    told = workspaces.company(person)
    return policy.customer_of(person, (*workspaces.names(person), *(() if told is None else (told,))))


def company(policy: Policy, workspaces: Workspaces, person: str) -> str | None:
    """What stands beside a customer's name: the settings' word, else their platform's."""
    return customer_rule(policy, workspaces, person).company or workspaces.company(person)


def service(bot: Bot) -> Service:
    """The bot on its live platforms."""
    activation = bot.activation
    if activation is None:
        raise ValueError("on live platforms reminders leave when a lead says so: build with activates=True")
    platforms = [_attended(bot, connection, activation) for connection in bot.connections]

    async def beat() -> None:
        for platform in platforms:
            await platform.beat()

    async def sweep() -> None:
        for platform in platforms:
            platform.backfill.sweep()

    jobs = Jobs(
        bot.engine,
        bot.store,
        bot.outbox,
        bot.digests,
        bot.policy.retention,
        clock=bot.clock,
        also=(
            Recurring(name="people", every=PEOPLE, work=bot.membership.ask_everybody, at_start=True),
            Recurring(name="directory", every=DIRECTORY, work=bot.membership.refresh),
            Recurring(name="customers", every=PEOPLE, work=bot.membership.ask_who_waits, soon=True),
            Recurring(name="calendar", every=CALENDAR, work=bot.calendar.run, soon=True),
            Recurring(name="beat", every=BEAT, work=beat),
            Recurring(name="threads", every=SWEEP, work=sweep),
            Recurring(name="words", every=WORDS, work=bot.rereading.run, soon=True),
            Recurring(name="recordings", every=MINUTE, work=bot.recordings.run),
        ),
    )
    bot.inbox.on_unworded = lambda: jobs.soon("words")
    made = Service(
        platforms,
        store=bot.store,
        engine=bot.engine,
        inbox=bot.inbox,
        outbox=bot.outbox,
        preferences=bot.preferences,
        activation=activation,
        jobs=jobs,
        clock=bot.clock,
    )
    bot.outbox.on_lost = made.lost
    return made


def simulation(bot: Bot, clock: VirtualClock) -> Simulation:
    """The bot with time standing still: `clock` is the one it was built with."""
    return Simulation(
        [(connection, bot.interactions[connection.name]) for connection in bot.connections],
        store=bot.store,
        engine=bot.engine,
        inbox=bot.inbox,
        outbox=bot.outbox,
        preferences=bot.preferences,
        membership=bot.membership,
        digests=bot.digests,
        shifts=bot.shifts,
        calendar=bot.calendar,
        clock=clock,
    )


def _attended(bot: Bot, connection: Connection, activation: Activation) -> PlatformService:
    gates = Gates(bot.sender.sleep)

    async def rehearse(events: Sequence[Event], afterwards: Seconds) -> None:
        def unread(problem: Problem) -> None:
            log.warning("past_unread", say="A past message couldn't be judged; the others were.", problem=str(problem))

        await Replay(bot.engine, bot.store, quiet=bot.quiet, problem=unread).run(events, until=afterwards)

    def listens(channel: str) -> bool:
        channel = bot.engine.moves.of(channel)  # an event may have waited before a gate meanwhile
        return connection.workspace.watches(channel) and bot.preferences.listens(channel)

    def attended() -> list[str]:
        return [channel for channel in connection.history.readable() if listens(channel)]

    gaps = Gaps(connection.name, bot.store, attended=attended, readable=connection.history.readable, clock=bot.clock)
    backfill = Backfill(
        connection.name,
        connection.history,
        bot.engine,
        bot.store,
        bot.inbox,
        bot.outbox,
        gates,
        gaps,
        activation,
        attended=attended,
        rehearse=rehearse,
        refresh=partial(bot.membership.refresh, connection.name),
        clock=bot.clock,
        sleep=bot.sender.sleep,
    )
    return PlatformService(
        connection,
        bot.interactions[connection.name],
        inbox=bot.inbox,
        outbox=bot.outbox,
        membership=bot.membership,
        gates=gates,
        gaps=gaps,
        backfill=backfill,
        listens=listens,
        clock=bot.clock,
    )
