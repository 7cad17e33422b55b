"""What `realreply doctor` looks at: the settings, SQLite, the database, what couldn't be delivered, what was chosen in chat."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bot import wiring
from bot.core.choices import Choices
from bot.errors import SettingsError, StorageError
from bot.report.doctor import Finding, clock, of_dead
from bot.settings import Settings
from bot.settings import load as load_settings

MOST_DEAD = 50


async def examine(config: Path | None, db: Path | None) -> list[Finding]:
    """Look at everything that can be looked at without the platforms. The database is the one given, else the settings'."""
    findings: list[Finding] = []
    settings = Settings()
    if config is not None:
        try:
            settings = load_settings(config)
            findings.append(Finding(level="good", says=f"{config}: all settings are right"))
        except SettingsError as error:
            findings += [Finding(level="bad", says=f"{error.path}: {problem}") for problem in error.problems]
    findings.append(Finding(level="good", says=f"SQLite {sqlite3.sqlite_version}"))
    path = db if db is not None else settings.storage.path
    if not path.exists():
        findings.append(Finding(level="note", says=f"{path}: there is no database yet", do="pass --db FILE to look at one"))
        return findings
    try:
        findings += await _database(path)
    except StorageError as error:
        findings.append(Finding(level="bad", says=str(error)))
    return findings


async def _database(path: Path) -> list[Finding]:
    async with wiring.database(path) as store:
        await store.check()
        dead = await store.read(lambda tx: tx.dead(MOST_DEAD))
        choices = await store.read(lambda tx: tx.choices())
        waiting = await store.read(lambda tx: len(tx.open_waits(100_000)))
        found = [Finding(level="good", says=f"{path}: in order; open waits: {waiting}")]
        found += [of_dead(message) for message in dead] or [Finding(level="good", says="no message had to be given up")]
        return found + _chosen(choices)


def _chosen(choices: Choices) -> list[Finding]:
    """What members chose in chat over the settings file, and how to take it back."""
    found = [
        Finding(level="note", says=f"{who} is away until {clock(until)}, as said in chat", do="`back` ends it")
        for who, spans in choices.away.items()
        for _, until in spans
    ]
    found += [
        Finding(level="note", says=f"{who} chose {'direct messages' if on else 'no direct messages'}", do="`dm unset` reverts it")
        for who, on in choices.dm.items()
    ]
    found += [
        Finding(level="note", says=f"{who} chose hours of their own", do="`hours unset` reverts it") for who in choices.hours
    ]
    found += [
        Finding(level="note", says=f"{channel} is watched as chosen in chat: {watch}", do="`watch CHANNEL unset` reverts it")
        for channel, watch in choices.watch.items()
    ]
    return found
