"""One sense a word: what classes are called, and the glossary in docs/."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.architecture.test_imports import ROOT, modules, name_of

GLOSSARY = ROOT / "docs" / "glossary.md"


def classes(path: Path) -> Iterator[str]:
    """The public classes of a module, and what it gives a class's kind of name to (`Instant = float`)."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        named = [node.name] if isinstance(node, ast.ClassDef) else []
        if isinstance(node, ast.Assign):
            named = [target.id for target in node.targets if isinstance(target, ast.Name)]
        yield from (name for name in named if re.fullmatch(r"[A-Z][A-Za-z]*[a-z][A-Za-z]*", name))


def glossary() -> dict[str, str]:
    """What stands in the glossary's tables: word -> where it is in the code."""
    rows = re.findall(r"^\| ([a-z ]+) \| .* \| `([\w.]+)` \|$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    return {word: place for word, place in rows if word != "word"}


def exists(place: str) -> bool:
    """Whether a dotted name is a module, or something a module has."""
    try:
        import_module(place)
    except ModuleNotFoundError:
        module, _, name = place.rpartition(".")
        return hasattr(import_module(module), name)
    return True


def test_no_two_classes_have_the_same_name() -> None:
    homes: dict[str, list[str]] = {}
    for path in modules():
        for name in classes(path):
            homes.setdefault(name, []).append(name_of(path))
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_a_word_of_the_glossary_names_no_other_class() -> None:
    own = {word.title().replace(" ", ""): place for word, place in glossary().items()}
    found = [(name, name_of(path)) for path in modules() for name in classes(path) if name in own]
    assert [f"{module}.{name}" for name, module in found if not f"{module}.{name}".startswith(own[name])] == []


def test_what_the_glossary_names_exists() -> None:
    words = glossary()
    assert len(words) > 40
    assert [place for place in words.values() if not exists(place)] == []


def test_every_word_stands_once() -> None:
    rows = re.findall(r"^\| ([a-z ]+) \|", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    words = [word for word in rows if word != "word"]
    assert len(words) == len(set(words)) == len(glossary())
