"""How modules are made: short, quiet at import, nothing swallowed, no sleeping, log lines that can be found and read."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LONGEST = 500
"""Lines. One idea read from top to bottom may take that many; what is longer holds two."""

BROAD = frozenset({"Exception", "BaseException"})
VAGUE = frozenset({"utils", "util", "helpers", "helper", "manager", "misc", "common"})
LOG_METHODS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


OURS = modules("bot", "adapters", "storage")
ALL = [*OURS, *modules("tests", "benchmarks")]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def slips(source: str) -> Iterator[str]:
    """What no module of ours does, with its line."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            yield from _handler(node)
        elif isinstance(node, ast.Call):
            yield from _call(node)
        elif isinstance(node, ast.ImportFrom) and node.module == "time" and any(alias.name == "sleep" for alias in node.names):
            yield f"line {node.lineno}: time.sleep; inject the clock"


def _handler(node: ast.ExceptHandler) -> Iterator[str]:
    if node.type is None:
        yield f"line {node.lineno}: bare except; name what you can handle"
        return
    names = {part.id for part in ast.walk(node.type) if isinstance(part, ast.Name)}
    empty = all(
        isinstance(part, ast.Pass | ast.Continue) or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        for part in node.body
    )
    if names & BROAD and empty:
        yield f"line {node.lineno}: swallows every exception"


def called(node: ast.Call) -> str:
    """The last name of what is called: `b` for `a.b()`. (To write all of it out takes much longer.)"""
    return node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""


def _call(node: ast.Call) -> Iterator[str]:
    name = called(node)
    if name == "sleep" and ast.unparse(node.func) == "time.sleep":
        yield f"line {node.lineno}: time.sleep; inject the clock"
    if name.endswith("suppress") and any(isinstance(part, ast.Name) and part.id in BROAD for part in node.args):
        yield f"line {node.lineno}: swallows every exception"


def work_at_import(source: str) -> Iterator[str]:
    """Statements at the top of a module that do something when it is imported."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.If):
            condition = ast.unparse(node.test)
            if condition in ("TYPE_CHECKING", "typing.TYPE_CHECKING", "__name__ == '__main__'") or "sys.platform" in condition:
                continue
        constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.For | ast.While | ast.With | ast.If | ast.Expr | ast.Delete) and not constant:
            yield f"line {node.lineno}: {ast.unparse(node)[:60]}"


def unreadable_logs(source: str) -> Iterator[str]:
    """Log calls without a constant event key or without a sentence (`say=`)."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in LOG_METHODS
            and re.fullmatch(r"(self\.)?_?(log|logger)", ast.unparse(node.func.value))
        ):
            event = node.args[0] if node.args else None
            stable = isinstance(event, ast.Constant) and re.fullmatch(r"[a-z][a-z0-9_]*", str(event.value))
            if not stable or not any(keyword.arg == "say" for keyword in node.keywords):
                yield f'line {node.lineno}: write log.{node.func.attr}("stable_key", say="A sentence.", ...)'


def offenders(paths: list[Path], slips_of: Callable[[str], Iterator[str]]) -> list[str]:
    return [f"{name_of(path)}, {slip}" for path in paths for slip in slips_of(path.read_text(encoding="utf-8"))]


def test_nothing_is_swallowed_and_nothing_sleeps() -> None:
    assert offenders(ALL, slips) == []


def test_modules_are_quiet_at_import() -> None:
    assert offenders(OURS, work_at_import) == []


def test_modules_are_nouns_that_say_what_they_are() -> None:
    assert [name_of(path) for path in OURS if path.stem in VAGUE] == []
    mute = [
        path for path in OURS if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert [name_of(path) for path in mute] == []


def test_modules_are_of_one_idea() -> None:
    assert [name_of(path) for path in OURS if path.read_text(encoding="utf-8").count("\n") > LONGEST] == []


def test_log_lines_have_a_key_and_a_sentence() -> None:
    assert offenders(OURS, unreadable_logs) == []


def test_three_names_that_begin_alike_are_a_folder() -> None:
    """`wording_home`, `wording_digest`, `wording_week` want to be wording/home, wording/digest, wording/week."""
    families: dict[tuple[Path, str], list[str]] = {}
    for path in OURS:
        first, _, _ = path.stem.partition("_")
        if first:
            families.setdefault((path.parent, first), []).append(path.name)
    crowded = {f"{folder.relative_to(ROOT)}/{first}_*": names for (folder, first), names in families.items() if len(names) > 2}
    assert crowded == {}


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    f()\nexcept:\n    raise",
        "try:\n    f()\nexcept Exception:\n    pass",
        "try:\n    f()\nexcept (ValueError, BaseException):\n    '''why'''",
        "import contextlib\nwith contextlib.suppress(Exception):\n    f()",
        "import time\ntime.sleep(1)",
        "from time import sleep",
    ],
)
def test_slips_are_seen(source: str) -> None:
    assert len(list(slips(source))) == 1


@pytest.mark.parametrize("source", ["print(1)", "for a in b:\n    pass", "with f():\n    pass", "if a:\n    b = 1"])
def test_work_at_import_is_seen(source: str) -> None:
    assert len(list(work_at_import(source))) == 1


@pytest.mark.parametrize(
    "source",
    ['log.info("Started up", say="x.")', 'log.info("started")', 'self._log.error(f"x{a}", say="x.")', 'logger.info(say="x.")'],
)
def test_unreadable_logs_are_seen(source: str) -> None:
    assert len(list(unreadable_logs(source))) == 1
