"""What `realreply doctor` looks at: the settings, the platform, the database with what couldn't be delivered and what was
chosen in chat. It changes nothing, and works while the bot runs.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot import logs
from bot.doctor.findings import Finding, Names, clock, of_dead
from bot.domain.durations import Instant
from bot.domain.marks import STARTED
from bot.domain.preferences import Choices
from bot.engine.clock import WallClock
from bot.errors import SettingsError, StorageError
from bot.intake.backfill import GAP
from bot.ports import Clock, QueryTransaction
from bot.settings.model import Settings
from bot.settings.model import load as load_settings
from bot.wiring import replay as wiring

MOST_DEAD = 50
MOST_OPEN = 100_000


async def examine(config: Path | None, db: Path | None, *, time: Clock | None = None) -> list[Finding]:
    """Look at everything that can be looked at. The database is the one given, else the settings'. No finding holds a secret."""
    findings: list[Finding] = []
    names = Names()
    settings = Settings()
    sound = config is not None
    if config is not None:
        try:
            settings = load_settings(config)
            findings.append(Finding(level="good", says=f"{config}: all settings are right"))
        except SettingsError as error:
            sound = False
            findings += [Finding(level="bad", says=f"{error.path}: {problem}") for problem in error.problems]
    if settings.slack is not None:
        from bot.doctor.slack.checks import examine_slack  # the SDK takes a quarter of a second to load

        found, names = await examine_slack(settings, settings.slack, clock=time or WallClock())
        findings += found
    elif sound:
        says = f"{config}: there is no [slack] section, so there is nothing to run"
        findings.append(Finding(level="note", says=says, do="config.example.toml shows one"))
    path = db if db is not None else settings.storage.path
    if path.exists():
        try:
            findings += await _database(path, names, (time or WallClock()).now())
        except StorageError as error:
            findings.append(Finding(level="bad", says=str(error)))
    else:
        do = "`realreply run` makes it" if sound else "pass --db FILE to look at one"
        findings.append(Finding(level="note", says=f"{path}: there is no database yet", do=do))
    return [replace(one, says=logs.redacted(one.says), do=logs.redacted(one.do)) for one in findings]


async def _database(path: Path, names: Names, now: Instant) -> list[Finding]:
    async with wiring.look(path) as store:
        health = await store.check()
        dead = await store.read(lambda tx: tx.dead(MOST_DEAD))
        choices = await store.read(lambda tx: tx.choices())
        waiting = await store.read(lambda tx: len(tx.open_waits(MOST_OPEN)))
        found = [Finding(level="good", says=f"{path}: in order ({health.product}); open waits: {waiting}")]
        found += await store.read(lambda tx: _marks(tx, names))
        found += [of_dead(message, names) for message in dead] or [Finding(level="good", says="no message had to be given up")]
        return found + _chosen(choices, names, now)


def _marks(tx: QueryTransaction, names: Names) -> list[Finding]:
    """Whether reminders have begun, and what hasn't been read back."""
    started, gap = tx.mark(STARTED), tx.mark(GAP)
    if started is None:
        says = "reminders haven't begun: until a lead has seen what would have been sent and says so, it is only noted"
        found = [Finding(level="note", says=says, do="`/realreply preview` shows it, `/realreply start` lets them begin")]
    else:
        at, by = started.at, started.by
        found = [Finding(level="good", says=f"reminders have begun {clock(at)}" + (f", by {names.person(by)}" if by else ""))]
    if gap is not None:
        found.append(_gap(gap.at))
    return found


def _gap(since: Instant) -> Finding:
    says = f"what happened since {clock(since)} may have been missed and isn't read back yet"
    return Finding(
        level="note", says=says, do="the running bot reads it back; if this stays, its log names the channel that can't be"
    )


def _chosen(choices: Choices, names: Names, now: Instant) -> list[Finding]:
    """What members chose in chat over the settings file and still holds, and how to take it back."""
    name = names.person
    found = [
        Finding(level="note", says=f"{name(who)} is away until {clock(until)}, as said in chat", do="`back` ends it")
        for who, spans in choices.away.items()
        for _, until in spans
        if until > now
    ]
    found += [
        Finding(
            level="note",
            says=f"{name(who)} chose {'direct messages' if on else 'no direct messages'}",
            do="`dm unset` reverts it",
        )
        for who, on in choices.dm.items()
    ]
    found += [
        Finding(level="note", says=f"{name(who)} chose hours of their own", do="`hours unset` reverts it")
        for who in choices.hours
    ]
    found += [
        Finding(
            level="note",
            says=f"{names.channel(channel)} is watched as chosen in chat: {watch}",
            do="`watch CHANNEL unset` reverts it",
        )
        for channel, watch in choices.watch.items()
    ]
    return found
