"""What `realreply doctor` looks at: the settings, the platforms, the database with what couldn't be delivered and what was
chosen in chat. It changes nothing, and works while the bot runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from bot import logs
from bot.doctor.calendars import of_calendar, of_failing, said_on_duty
from bot.doctor.findings import clock, of_dead
from bot.doctor.missing import of_missing
from bot.domain.delay_trial import ONE_IN
from bot.domain.durations import Instant
from bot.domain.duty import NO_PLAN
from bot.domain.marks import LEARNT, STARTED
from bot.domain.preferences import EVERYWHERE, Choices, OwnSwitch
from bot.errors import SettingsError, StorageError
from bot.ports import Clock, Examination, Finding, Naming, QueryTransaction, ReadableStore, TeamCalendar
from bot.settings.model import Settings
from bot.settings.model import load as load_settings
from bot.wording.switches import wanted_said

MOST_DEAD = 50
MOST_OPEN = 100_000
_REVERTS = "`budget unset`, `unmute`, `only unset` and `want unset` revert it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor:
    """Looks at an installation. `look` opens the file at a path
    to be read only, `platforms` are those in the settings; `product` says what
    keeps the database, also where there is none yet."""

    look: Callable[[Path], AbstractAsyncContextManager[ReadableStore]]
    platforms: Callable[[Settings], Sequence[Examination]]
    clock: Clock
    product: Callable[[], Finding]
    calendar: Callable[[Settings], TeamCalendar | None] = lambda _: None

    async def examine(self, config: Path | None, db: Path | None) -> list[Finding]:
        """Look at everything that can be looked at. The database is the one given, else the settings'. No finding holds a
        secret."""
        findings: list[Finding] = []
        names = Naming()
        sees: list[Callable[[str], bool | None]] = []
        settings = Settings()
        sound = config is not None
        if config is None and db is None:
            says = f"{Path.cwd()}: there are no settings (config.toml) here, so neither they nor a platform were looked at"
            findings.append(Finding(level="bad", says=says, do="pass --config FILE, or --db FILE for a database alone"))
        if config is not None:
            try:
                settings = load_settings(config)
                findings.append(Finding(level="good", says=f"{config}: all settings are right"))
            except SettingsError as error:
                sound = False
                findings += [Finding(level="bad", says=f"{error.path}: {problem}") for problem in error.problems]
        platforms = self.platforms(settings)
        learnt = await self._learnt(db if db is not None else settings.storage.path)
        for platform in platforms:
            examined = await platform.examine(learnt)
            findings += examined.findings
            names = _either(names, examined.names)
            sees.append(examined.sees)
        if sound and not platforms:
            says = f"{config}: there is no [slack] section and no [discord] section, so there is nothing to run"
            findings.append(Finding(level="note", says=says, do="config.example.toml shows both"))
        findings += await of_calendar(self.calendar(settings), self.clock.now())
        findings.append(self.product())
        path = db if db is not None else settings.storage.path
        if path.exists():
            try:
                begins = _begins(settings)
                findings += await self._database(path, names, begins, lambda channel: any(one(channel) is False for one in sees))
            except StorageError as error:
                findings.append(Finding(level="bad", says=str(error)))
        else:
            do = "`realreply run` makes it" if sound else "pass --db FILE to look at one"
            findings.append(Finding(level="note", says=f"{path}: there is no database yet", do=do))
        return [replace(one, says=logs.redacted(one.says), do=logs.redacted(one.do)) for one in findings]

    async def _learnt(self, path: Path) -> frozenset[str]:
        """What the bot has learnt of platforms that can't be asked for any more."""
        if not path.exists():
            return frozenset()
        try:
            async with self.look(path) as store:
                marks = await store.read(lambda tx: tx.marks(LEARNT))
        except StorageError:
            return frozenset()  # what is wrong with it is said where it is looked at
        return frozenset(name.removeprefix(LEARNT).partition(":")[2] for name in marks)

    async def _database(self, path: Path, names: Naming, begins: str, unseen: Callable[[str], bool]) -> list[Finding]:
        now = self.clock.now()
        async with self.look(path) as store:
            health = await store.check()
            choices = await store.read(lambda tx: tx.choices())
            waiting = await store.read(lambda tx: Counter(wait.channel for wait in tx.open_waits(MOST_OPEN)))
            found = [Finding(level="good", says=f"{path}: in order ({health.product}); open waits: {waiting.total()}")]
            found += [_unseen(names.channel(channel), count) for channel, count in waiting.items() if unseen(channel)]
            found.append(await store.read(lambda tx: _started(tx, names, begins)))
            found += await store.read(lambda tx: of_missing(tx, names, now))
            found += await store.read(of_failing)
            given_up = await store.read(lambda tx: of_dead(tx, MOST_DEAD, names))
            found += given_up or [Finding(level="good", says="no message had to be given up")]
            return found + _chosen(choices, names, now)


def _either(one: Naming, other: Naming) -> Naming:
    """What is known to one or the other."""

    def person(id: str) -> str:
        return name if (name := one.person(id)) != id else other.person(id)

    def channel(id: str) -> str:
        return name if (name := one.channel(id)) != id else other.channel(id)

    return Naming(person=person, channel=channel)


def _unseen(channel: str, waits: int) -> Finding:
    says = f"{channel}: customers wait there (open waits: {waits}), and realreply isn't in it any more: no answer is seen"
    do = "invite it there again; if the channel is gone, `dismiss` takes the waits off the list"
    return Finding(level="note", says=says, do=do)


def _begins(settings: Settings) -> str:
    """The command that lets reminders begin, as it is typed: on Discord it stands among those for leads."""
    on_discord, typed = "`/realreply leads start`", "`/realreply start`"
    if settings.discord is None:
        return typed
    return on_discord if settings.slack is None else f"{typed} (on Discord {on_discord})"


def _started(tx: QueryTransaction, names: Naming, begins: str) -> Finding:
    """Whether reminders have begun, or what lets them begin."""
    started = tx.mark(STARTED)
    if started is None:
        says = "reminders haven't begun: until a lead has seen what would have been sent and says so, it is only noted"
        return Finding(level="note", says=says, do=f"`/realreply preview` shows it, {begins} lets them begin")
    at, by = started.at, started.by
    return Finding(level="good", says=f"reminders have begun {clock(at)}" + (f", by {names.person(by)}" if by else ""))


def _chosen(choices: Choices, names: Naming, now: Instant) -> list[Finding]:
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
            says=f"{name(who)} counts as here until {clock(here.over_at)}, as said in chat, whatever calendar and status say",
            do="`away` sets it again",
        )
        for who, here in choices.here.items()
        if here.over_at > now
    ]
    found += [
        Finding(
            level="note",
            says=f"{name(who)} chose {'direct messages' if on else 'no direct messages'}",
            do="`dm unset` reverts it",
        )
        for who, on in choices.dm.items()
    ]
    if choices.duty_plan != NO_PLAN:
        found.append(
            Finding(
                level="note",
                says=f"who is on duty was said in chat: {said_on_duty(choices.duty_plan, name, now)}",
                do="`duty stop` reverts it",
            )
        )
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
    found += [
        Finding(level="note", says=f"{name(who)} chose in chat: {_wanted(switch, now)}", do=_REVERTS)
        for who, switch in choices.switches.items()
    ]
    trial = choices.running_trial(now)
    if trial is not None:
        says = f"a trial of first reminders runs until {clock(trial.until)}, by {name(trial.by)}"
        says += f": one in {ONE_IN} leaves 15 minutes later"
        found.append(Finding(level="note", says=says, do="`trial off` ends it, `stats` says what comes of it"))
    for key, pause in choices.pauses_ahead(now).items():
        what = "everything" if key == EVERYWHERE else names.channel(key)
        when = f"is paused until {clock(pause.until)}"
        when = f"will be paused from {clock(pause.since)} until {clock(pause.until)}" if pause.since > now else when
        says = f"{what} {when}, by {name(pause.by)}: no reminder leaves"
        found.append(Finding(level="note", says=says, do="`resume` ends it"))
    return found


def _wanted(switch: OwnSwitch, now: Instant) -> str:
    """What a member wants to be told."""
    budget = "the budget of the settings" if switch.budget is None else f"a budget of {switch.budget} a day"
    mine = ["only what is their own"] if switch.only_mine else []
    muted = [f"muted until {clock(switch.muted_until)}"] if switch.muted_until is not None and now < switch.muted_until else []
    return ", ".join((budget, wanted_said(switch), *mine, *muted))
