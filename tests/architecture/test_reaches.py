"""Tests use what the code offers to everybody: none reaches into what begins with an underscore."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.test_modules import called, modules, name_of

PRIVATE = re.compile(r"_[a-z]\w*")

ALLOWED = {
    ("tests/storage/sqlite/test_connection.py", "_execute"): "states what we need of a part of aiosqlite that isn't public",
}
"""(file, name): why there is no other way."""


def reaches(source: str) -> Iterator[tuple[int, str]]:
    """Private names of others that a module reads, sets or patches, with their lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and PRIVATE.fullmatch(node.attr):
            owner = ast.unparse(node.value)
            if owner not in ("self", "cls", "super()") and (owner, node.attr) != ("os", "_exit"):
                yield node.lineno, node.attr
        elif isinstance(node, ast.Call) and called(node).endswith(("setattr", "getattr", "delattr")):
            for given in node.args:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    name = given.value.rpartition(".")[2]
                    if PRIVATE.fullmatch(name):
                        yield node.lineno, name


def test_no_test_reaches_into_what_is_private() -> None:
    found = {
        (name_of(path), name): f"{name_of(path)}, line {line}: {name}"
        for path in modules("tests")
        for line, name in reaches(path.read_text(encoding="utf-8"))
    }
    assert [where for reach, where in found.items() if reach not in ALLOWED] == []
    assert set(ALLOWED) <= set(found), "what isn't done any more needs no leave"


@pytest.mark.parametrize(
    "source",
    [
        "house.due._sender = None",
        "print(engine._states)",
        'monkeypatch.setattr(logs, "_secrets", None)',
        'patch.setattr("bot.logs._x", 1)',
    ],
)
def test_a_reach_is_found(source: str) -> None:
    assert list(reaches(source))


def test_ones_own_is_no_reach() -> None:
    assert list(reaches("class A:\n    def f(self):\n        return self._x, self.__class__, os._exit(0)")) == []
