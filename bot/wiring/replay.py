"""An archive through the engine: what `realreply replay` and `explain` run."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache, partial
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.archives.recognition import open_archive
from bot.domain.context import Context
from bot.domain.durations import Instant, Seconds
from bot.domain.events import Posted
from bot.domain.hours import ALWAYS, Hours, Own, combine
from bot.domain.messages import Message
from bot.domain.outgoing import SentReminder
from bot.domain.people import Role, Team
from bot.domain.reading import unpack
from bot.domain.rules import ChannelRules
from bot.domain.waits import Wait
from bot.engine.engine import Engine, count_of
from bot.errors import UsageError
from bot.intake.explanation import Explanation, lookups_of
from bot.intake.replay import TOGETHER, Progress, Replay
from bot.judge.standard import StandardJudge
from bot.ports import Archive, Problem, QueryTransaction, Transaction
from bot.queries.audit import audited
from bot.queries.report import Basis, Counting, Report, with_questions, worth_quoting
from bot.report.waits_jsonl import write_waits
from bot.settings.calendars import working_hours
from bot.settings.model import Settings
from bot.settings.model import load as load_settings
from bot.waits.availability import QuietRules
from bot.wiring import roster
from bot.wiring.replay_report import guessed_duty, links, questions, said_hours, with_times
from bot.wording.audit import AuditFacts
from bot.wording.evidence import sentences
from storage.sqlite.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOptions:
    """What `realreply replay` and `explain` were asked to do. Spans are seconds; `audit`: how far back from its end the archive's
    apps are looked at."""

    path: Path
    team: tuple[str, ...] = ()
    config: Path | None = None
    channels: tuple[str, ...] = ("*",)
    first_after: Seconds | None = None
    always_on: bool = False
    until: Seconds = 24 * 3600
    waits: Path | None = None
    db: Path | None = None
    audit: Seconds | None = None
    zone: str | None = None
    hours: str | None = None
    duty: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    workspace: str | None = None
    with_text: bool = False
    details: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What came out of a replay. `channel_names` maps channel keys to names, `name` a person's id to what they are called;
    `skipped` are the conversations that are never read."""

    progress: Progress
    report: Report
    roster: roster.Roster
    problems: int
    channels: tuple[str, ...]
    channel_names: dict[str, str]
    name: Callable[[str], str]
    audit: AuditFacts | None = None
    skipped: tuple[str, ...] = ()


class NoTeam(UsageError):
    """Nobody said who is on the team and the archive can't tell. `likely` are (name, id, people written to)."""

    def __init__(self, likely: Sequence[tuple[str, str, int]]) -> None:
        self.likely = tuple(likely)
        super().__init__("the archive doesn't say who is on the team")


async def replay(
    options: ReplayOptions,
    *,
    problem: Callable[[Problem], None],
    on_progress: Callable[[Progress], None] = lambda _: None,
    explain: Explanation | None = None,
) -> Replayed:
    """Replay an archive through the engine. Raises UsageError and StorageError (see `errors`); what can't be read of the
    archive goes to `problem` and doesn't stop it."""
    settings = load_settings(options.config) if options.config is not None else Settings()
    settings = with_times(settings, zone=options.zone, hours=options.hours)
    archive = _opened(options.path, settings)
    link = links(archive, options.workspace)
    count = 0

    def report(found: Problem) -> None:
        nonlocal count
        count += 1
        problem(found)

    channels = _matching(archive, options.channels)
    people = _roster(archive, options, settings)
    guessed = () if people.team.duty else guessed_duty(archive, people, options.channels)
    people = replace(people, team=replace(people.team, duty=people.team.duty or guessed))
    names = {channel.key: channel.name for channel in archive.channels}
    engine, quiet = _engine(archive, people, settings, options, names)
    async with _scratch(options.db) as store:
        run = Replay(engine, store, quiet=quiet, problem=report, explain=explain)
        events = archive.events(role=people.role, channels=options.channels, problem=report)
        progress = await run.run(events, until=options.until, on_progress=on_progress)
        name = _naming(archive)
        basis = _basis(progress, people, settings, options, guessed=bool(guessed), name=name)
        counting = Counting(
            basis,
            name=name,
            channel_name=lambda key: names.get(key, key),
            sentences=sentences,
            link=link,
            details=options.details,
        )
        await store.read(lambda tx: _collect(tx, counting, options.waits, names))
        report_ = counting.report()
        if options.with_text:
            report_ = with_questions(report_, questions(archive, people, options.channels, worth_quoting(report_)))
        audit = await _audit(store, options.audit, progress.last_at or 0.0, archive)
        if explain is not None:
            await store.read(partial(explain.look, lookups_of(engine, quiet, people.team, names)))
    return Replayed(
        progress=progress,
        report=report_,
        roster=people,
        problems=count,
        channels=channels,
        channel_names=names,
        name=name,
        audit=audit,
        skipped=tuple(archive.skipped),
    )


async def count_apps(options: ReplayOptions, *, problem: Callable[[Problem], None]) -> AuditFacts:
    """What apps posted in an archive of which nobody knows who is on the team: who waits can't be told. Raises UsageError."""
    settings = load_settings(options.config) if options.config is not None else Settings()
    archive = _opened(options.path, settings)
    last_at = 0.0
    async with _scratch(None) as store:
        events = archive.events(role=lambda _who, _message: Role.CUSTOMER, channels=options.channels, problem=problem)
        while group := list(islice(events, TOGETHER)):
            last_at = max(last_at, *(event.at for event in group))
            posted = [event.message for event in group if isinstance(event, Posted)]
            await store.transact(partial(_count, posted))
        audit = await _audit(store, options.audit or 0.0, last_at, archive)
    assert audit is not None, "it was asked for"
    return audit


def _count(messages: Sequence[Message], tx: Transaction) -> None:
    tx.save(count_of(message, message.source) for message in messages if message.source is not None)


def _opened(path: Path, settings: Settings) -> Archive:
    trusted = frozenset(settings.slack.trusted_apps if settings.slack is not None else ())
    return open_archive(
        path, trusted_apps=trusted, relays=frozenset(settings.discord.relays if settings.discord is not None else ())
    )


async def _audit(store: Database, back: Seconds | None, end: Instant, archive: Archive) -> AuditFacts | None:
    if back is None:
        return None

    def names_of(app: str) -> tuple[str, ...]:
        known = archive.people.get(app)
        return known.names if known is not None else ()

    return await store.read(lambda tx: audited(tx, end - back, end, names_of))


def _matching(archive: Archive, globs: Sequence[str]) -> tuple[str, ...]:
    """The names of the channels that will be read. Raises UsageError when a glob fits none."""
    every = [channel.name for channel in archive.channels]
    chosen = tuple(name for name in every if any(fnmatchcase(name, glob.removeprefix("#")) for glob in globs))
    if not chosen:
        known = ", ".join(f"#{name}" for name in every[:20]) + (", ..." if len(every) > 20 else "")
        raise UsageError(f"--channel {' '.join(globs)}: no channel fits. The archive has {known or 'no channel at all'}.")
    return chosen


def _roster(archive: Archive, options: ReplayOptions, settings: Settings) -> roster.Roster:
    """Who is on the team: --team, else the settings' members, else what the archive tells. Raises NoTeam otherwise."""
    apps = frozenset(person.id for person in archive.people.values() if person.app)
    customers = frozenset(settings.team.customers)
    configured = settings.team_on(archive.platform)
    guilds = settings.discord.guilds if settings.discord is not None and archive.platform == "discord" else ()
    roles = tuple(role for guild in guilds if guild.id == archive.home for role in guild.team_roles)
    with_roles = roster.having(archive.people, roles)
    if options.team:
        members, how = roster.said(archive.people, options.team)
    elif configured.members or with_roles:
        members, how = tuple(dict.fromkeys((*configured.members, *with_roles))), "listed in the settings"
    else:
        from_archive = roster.from_archive(archive)
        if from_archive is None:
            everybody = roster.Roster(team=Team(), how="", apps=apps)
            events = archive.events(role=everybody.role, channels=options.channels, problem=lambda _: None)
            name = _naming(archive)
            raise NoTeam([(name(id), id, count) for id, count in roster.likely_members(events, archive.people)])
        members, how = from_archive, "the home workspace's own people, as the archive tells them apart"
    members = tuple(member for member in members if member not in customers)
    known = frozenset(members)
    leads, duty = (
        _of_team(archive, option, names, known) for option, names in (("--lead", options.leads), ("--duty", options.duty))
    )
    team = Team(
        members=known,
        leads=leads or tuple(lead for lead in configured.leads if lead in known),
        duty=duty or tuple(member for member in configured.duty if member in known),
    )
    return roster.Roster(team=team, how=how, apps=apps - known, customers=customers)


def _of_team(archive: Archive, option: str, names: Sequence[str], known: frozenset[str]) -> tuple[str, ...]:
    """The members that an option names. Raises UsageError for who isn't one."""
    try:
        found = roster.named(archive.people, names)
    except UsageError as error:
        raise UsageError(str(error).replace("--team:", f"{option}:", 1)) from error
    others = [name for id, name in zip(found, names, strict=False) if id not in known]
    if others:
        raise UsageError(f"{option} {others[0]}: isn't on the team. Name them with --team, too.")
    return found


def _basis(
    progress: Progress,
    people: roster.Roster,
    settings: Settings,
    options: ReplayOptions,
    *,
    guessed: bool,
    name: Callable[[str], str],
) -> Basis:
    hours = ALWAYS if options.always_on else working_hours(settings.working_time(None))
    count = len(people.team.members)
    return Basis(
        since=progress.first_at or 0.0,
        until=progress.last_at or 0.0,
        hours=hours,
        hours_said=said_hours(hours, always_on=options.always_on),
        members=f"{count} member{'' if count == 1 else 's'}, {people.how}",
        duty=tuple(map(name, people.team.duty)),
        leads=tuple(map(name, people.team.leads)),
        messages=progress.messages,
        duty_guessed=guessed,
    )


def _engine(
    archive: Archive, people: roster.Roster, settings: Settings, options: ReplayOptions, names: dict[str, str]
) -> tuple[Engine, QuietRules]:
    hours_of = _hours_of(settings, archive, always_on=options.always_on)

    @cache
    def rules_of(channel: str) -> ChannelRules:
        # A replay sends nothing, so it has no use for what people wrote, and keeps none of it.
        rules = replace(settings.channel_rules(names.get(channel, channel)), keep_text=False)
        if options.first_after is None or not rules.steps:
            return rules
        first = replace(rules.steps[0], after=options.first_after)
        later = tuple(step for step in rules.steps[1:] if step.after > first.after)
        return replace(rules, steps=(first, *later), newcomer_first=None)  # what was asked for is for everybody

    def names_of(person: str) -> tuple[str, ...]:
        known = archive.people.get(person)
        return known.names if known is not None else ()

    engine = Engine(
        context=Context(
            judge=StandardJudge(),
            hours_of=hours_of,
            customer_of=lambda person: settings.customer_rule(person, names_of(person)),
        ),
        team=people.team,
        rules_of=rules_of,
        names_of=names_of,
    )
    if options.always_on:
        return engine, QuietRules(hours_of=hours_of)
    told = settings.reminders
    return engine, QuietRules(hours_of=hours_of, budget=told.budget, switch_of=settings.switch_of, patience=told.patience)


def _hours_of(settings: Settings, archive: Archive, *, always_on: bool) -> Callable[[str], Hours]:
    """Working hours by member id, "" for the team's own. Who isn't in the settings works the team's hours by the clock of the
    time zone the archive knows them in."""
    if always_on:
        return lambda _: ALWAYS

    @cache
    def hours_of(person: str) -> Hours:
        member = settings.member(person)
        hours = working_hours(settings.working_time(member))
        known = archive.people.get(person)
        if member is not None or known is None or known.timezone is None:
            return hours
        try:
            return combine(hours, Own(zone=ZoneInfo(known.timezone)))
        except (ZoneInfoNotFoundError, ValueError):  # an export's zone may be anything; the team's clock is a fair guess
            return hours

    return hours_of


def _naming(archive: Archive) -> Callable[[str], str]:
    def name(person: str) -> str:
        known = archive.people.get(person)
        return known.names[0] if known is not None and known.names else person

    return name


@asynccontextmanager
async def _scratch(path: Path | None) -> AsyncIterator[Database]:
    """The database file a replay was asked to keep, or a temporary one. Either can be made again, so nothing waits for the
    disk."""
    if path is not None:
        if path.exists() and path.stat().st_size:
            raise UsageError(f"--db {path}: there is a file already, and two replays in one would be mixed up. Name a new file.")
        async with await Database.open(path, unpack=unpack, synchronous="OFF") as store:
            yield store
            await store.checkpoint()  # what was blanked is then gone from the file, too
        return
    with tempfile.TemporaryDirectory(prefix="realreply-") as folder:
        async with await Database.open(Path(folder) / "replay.db", unpack=unpack, synchronous="OFF") as store:
            yield store


def _collect(tx: QueryTransaction, counting: Counting, path: Path | None, names: dict[str, str]) -> None:
    """Count all waits, and write them down if asked to."""

    def counted() -> Iterator[tuple[Wait, tuple[SentReminder, ...]]]:
        for wait in tx.all_waits():
            sent = tx.sent_reminders(wait.id)
            counting.add(wait, sent)
            yield wait, sent

    if path is None:
        for _ in counted():
            pass
        return
    try:
        with path.open("w", encoding="utf-8") as out:
            write_waits(out, counted(), channel_name=names)
    except OSError as error:
        says = f"--waits {path}: can't write the file ({error.strerror}). Make the folder first, or name another file."
        raise UsageError(says) from error
