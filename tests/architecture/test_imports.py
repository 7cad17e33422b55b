"""Who may import whom, read from the source of every module."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("bot", "adapters", "storage")

SEES_ALL = ("bot.wiring", "bot.examination", "bot.doctor", "bot.cli", "bot.__main__")
"""The composition root and the command line; nobody else sees bot, adapters and storage together."""

OLD = ("bot.core", "bot.judge", "bot.app", "bot.replay")
"""Rooms that are being moved out of."""

DOMAIN = (*OLD, "bot.domain")
LANGUAGE = (*DOMAIN, "bot.language")
WAITS = (*LANGUAGE, "bot.waits")
WORDING = (*WAITS, "bot.wording")
COMMANDS = (*WORDING, "bot.commands")
ENGINE = (*WAITS, "bot.ports", "bot.errors", "bot.engine")
OUTBOX = (*ENGINE, *WORDING, "bot.outbox")
INTAKE = (*OUTBOX, "bot.intake")

# What a part may import besides the standard library and itself. The longest fitting prefix decides.
ALLOWED: dict[str, tuple[str, ...]] = {
    "bot.core": COMMANDS,
    "bot.app": (*COMMANDS, *INTAKE, "bot.runtime", "bot.ports", "bot.errors", "structlog", "apscheduler", "dateparser"),
    "bot.replay": (*INTAKE, "bot.report", "rich", "structlog"),
    "bot.domain": OLD,
    "bot.language": (*DOMAIN, "rapidfuzz", "dateparser", "structlog"),
    "bot.judge": (*LANGUAGE, "rapidfuzz"),
    "bot.waits": LANGUAGE,
    "bot.wording": WAITS,
    "bot.commands": WORDING,
    "bot.errors": DOMAIN,
    "bot.ports": (*DOMAIN, "bot.errors"),
    "bot.engine": (*ENGINE, "structlog"),
    "bot.outbox": (*OUTBOX, "structlog", "apscheduler"),
    "bot.intake": (*INTAKE, "bot.report", "rich", "structlog"),
    "bot.runtime": (*COMMANDS, *INTAKE, "structlog", "apscheduler"),
    "bot.logs": ("bot.errors", "structlog"),
    "bot.settings": (*LANGUAGE, "bot.waits", "bot.errors", "bot.logs", "holidays", "pydantic", "pydantic_core"),
    "bot.report": (*WORDING, "bot.ports", "bot.errors", "rich"),
    "bot": (),
    # What Slack's records mean is the same live and in an export.
    "adapters.slack_format": (*DOMAIN, "bot.ports", "bot.errors"),
    "adapters.slack": (
        *DOMAIN,
        "bot.ports",
        "bot.errors",
        "adapters.slack_format",
        "slack_bolt",
        "slack_sdk",
        "aiohttp",
        "structlog",
    ),
    "adapters.discord": (*DOMAIN, "bot.ports", "bot.errors", "discord", "aiohttp", "structlog"),
    "adapters.local": (*COMMANDS, "bot.ports", "bot.errors", "rich", "structlog"),
    "adapters.archives": (*DOMAIN, "bot.ports", "bot.errors", "adapters.slack_format", "structlog"),
    "adapters": (),
    "storage": (*WAITS, "bot.ports", "bot.errors", "aiosqlite", "structlog"),
}

PURE = ("bot.core", "bot.domain", "bot.language", "bot.judge", "bot.waits", "bot.wording", "bot.commands")
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
    return name == prefix or name.startswith((prefix + ".", prefix + "_"))


def rule_of(module: str) -> tuple[str, tuple[str, ...]]:
    part = max((prefix for prefix in ALLOWED if within(module, prefix)), key=len)
    return part, ALLOWED[part]


def offences(module: str, source: str) -> list[str]:
    """What a module imports against the rules."""
    if any(within(module, prefix) for prefix in SEES_ALL):
        return []
    part, allowed = rule_of(module)
    # A package's own __init__ and single modules directly in `bot` import nothing of their neighbours unless listed.
    own = () if part in ("bot", "adapters") else (part,)
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


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports(path: Path) -> None:
    assert offences(name_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("bot.waits.decide", "import discord"),
        ("bot.waits.decide", "from bot import ports"),
        ("bot.waits.decide", "from bot.intake.inbox import Inbox"),
        ("bot.waits.decide", "import time"),
        ("bot.domain.hours", "def f():\n    import random"),
        ("bot.judge.features", "from logging import getLogger"),
        ("bot.judge.features", "from ..core import model"),
        ("bot.domain.model", "if TYPE_CHECKING:\n    from pydantic import BaseModel"),
        ("bot.ports", "from storage.database import Database"),
        ("bot.outbox.loop", "import sqlite3"),
        ("bot.outbox.loop", "from adapters.slack import adapter"),
        ("bot.outbox.loop", "from bot.wiring import wire"),
        ("bot.replay.report", "from bot.cli import main"),
        ("bot.settings.file", "import structlog"),
        ("bot.somewhere", "from bot.core import model"),
        ("adapters.slack.adapter", "import discord"),
        ("adapters.slack.adapter", "from adapters.discord import render"),
        ("adapters.slack.adapter", "from bot.intake import inbox"),
        ("adapters.archives.slack_export", "import slack_sdk"),
        ("adapters.archives.slack_export", "from adapters.slack import web"),
        ("adapters.slack_format.records", "import slack_sdk"),
        ("adapters.slack_format.records", "from adapters.slack import web"),
        ("adapters", "from adapters.slack import adapter"),
        ("storage.waits", "from adapters.local import adapter"),
        ("storage.waits", "from bot.outbox.guard import Guard"),
    ],
)
def test_the_rules_catch(module: str, source: str) -> None:
    assert len(offences(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("bot.waits.decide", "import re\nfrom bot.domain.judge import Judge\nfrom bot.domain.model import Wait"),
        ("bot.judge.features", "from rapidfuzz import fuzz"),
        ("bot.ports", "from bot.core import events\nimport bot.errors"),
        ("bot.settings.model", "from bot.settings import file\nfrom pydantic import BaseModel"),
        ("bot.cli", "import discord, storage, adapters.slack"),
        ("storage.waits", "import sqlite3, aiosqlite\nfrom storage import database\nfrom bot.domain.reading import Reading"),
        ("adapters.slack.adapter", "from slack_bolt.async_app import AsyncApp\nfrom adapters.slack import render"),
    ],
)
def test_the_rules_allow(module: str, source: str) -> None:
    assert offences(module, source) == []
