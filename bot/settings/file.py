"""From a settings file to checked values: reads the text, checks it, and words every problem with its line and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.errors import SettingsError
from bot.settings import checks as settings_checks
from bot.settings.lines import Path, Places, locate
from bot.settings.values import nearest, show

if TYPE_CHECKING:
    from bot.settings.model import Settings

LARGEST: Final = 1 << 20
"""Bytes. A thousand members take some 150 kB; what is larger is some other file."""

SHOWN: Final = 100
"""Problems listed at once; who has more is reading the wrong file."""

LineProblem = tuple[int, str]
"""Line and sentence."""


def load(path: FilePath, kind: type[Settings]) -> Settings:
    """The settings of type `kind` in the file at `path`. Raises SettingsError with every problem there is."""
    tree, places = _parse(path, _text(path))
    context = {"folder": path.absolute().parent}
    faults: list[ErrorDetails] = []
    settings: Settings | None = None
    try:
        settings = sound = kind.model_validate(tree, context=context)
        original: dict[Path, Path] = {}
    except ValidationError as error:
        faults = error.errors(include_url=False)
        # Contradictions are looked for in what remains, so that one run lists everything.
        sound, original = _without_faults(tree, kind, context)
    problems = [(places.line(fault["loc"]), f"{spelt(fault['loc'])}: {_worded(fault, kind)}") for fault in faults]
    broken = frozenset(fault["loc"][0] for fault in faults if fault["loc"])
    for found in settings_checks.contradictions(sound, broken):
        place = original.get(found.place, found.place)
        said = found.said
        if found.other is not None:
            said = said.replace("{other}", f"line {places.line(original.get(found.other, found.other))}")
        problems.append((places.line(place), f"{spelt(place)}: {said}"))
    if settings is None or problems:
        raise SettingsError(str(path), _listed(problems))
    return settings


def spelt(place: Path) -> str:
    """A key path as people write it: "reminders.steps.after". Positions in lists are told by the line."""
    keys = [part if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", part) else show(part) for part in place if isinstance(part, str)]
    return ".".join(keys)


def _text(path: FilePath) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise SettingsError(str(path), ("there is no such file; copy config.example.toml there, or name another file",)) from None
    except IsADirectoryError:
        raise SettingsError(str(path), ("this is a folder; name the settings file in it, usually config.toml",)) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        why = getattr(error, "strerror", None) or str(error)
        raise SettingsError(str(path), (f"the file can't be read: {why}",)) from error
    if len(raw) > LARGEST:
        raise SettingsError(str(path), (f"the file is larger than {LARGEST >> 20} MiB, so it is hardly a settings file",))
    try:
        # Some editors put a byte order mark first, which TOML doesn't know.
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        what = "the file is UTF-16" if utf16 else f"byte {raw[error.start]:#04x} here isn't UTF-8"
        raise SettingsError(str(path), (f"line {line}: {what}; save the file as UTF-8",)) from None


def _parse(path: FilePath, text: str) -> tuple[dict[str, Any], Places]:
    lines = text.split("\n")
    try:
        return tomllib.loads(text), locate(text)
    except RecursionError:
        deepest = max(range(len(lines)), key=lambda index: lines[index].count("[") + lines[index].count("{"))
        problem = (deepest + 1, "values stand inside one another too deeply; no setting needs more than three brackets")
    except ValueError as error:  # TOMLDecodeError is one; another comes from numbers of thousands of digits
        problem = _syntax(str(error), lines)
    raise SettingsError(str(path), _listed([problem])) from None


def _syntax(complaint: str, lines: list[str]) -> LineProblem:
    at = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", complaint)
    if at is None:
        longest = max(range(len(lines)), key=lambda index: len(lines[index]))
        return longest + 1, "a number has too many digits"
    what = complaint[: at.start()]
    what = what[:1].lower() + what[1:]
    if at[1] is None:
        last = max((index for index, line in enumerate(lines) if line.strip()), default=0)
        return last + 1, f"not TOML: {what} at the end of the file; look for a bracket or quote that isn't closed"
    hints = (
        ("invalid value", 'texts stand in quotes: "..."; true, false and numbers without'),
        ("expected '=' after", "write key = value"),
        ("cannot overwrite", "the key is given twice; keep one"),
        ("cannot declare", "the table is given twice; keep one, or write [[...]] for the entries of a list"),
        ("expected newline or end", "one key a line; texts stand in quotes"),
        ("illegal character '\\n'", "the text's closing quote is missing"),
        ("unescaped '\\'", "write \\\\ for a backslash, or put the text in single quotes"),
    )
    hint = next((hint for start, hint in hints if what.startswith(start)), "see https://toml.io for how TOML is written")
    return int(at[1]), f"not TOML: {what} at column {at[2]}; {hint}"


def _worded(fault: ErrorDetails, kind: type[BaseModel]) -> str:
    place, sort = fault["loc"], fault["type"]
    value, context = fault["input"], fault.get("ctx", {})
    if sort == "value_error":
        return str(context["error"])
    if sort == "extra_forbidden":
        return _unknown(place, kind)
    if sort == "missing":
        return "missing; every entry needs it"
    if sort == "bool_type":
        return f"{show(value)} is neither true nor false; write one of them, without quotes"
    if sort == "int_type":
        return f"{show(value)} is not a whole number; write digits without quotes"
    if sort == "greater_than_equal":
        return f"{show(value)} is too small; write {context['ge']} or more"
    if sort == "less_than_equal":
        return f"{show(value)} is too large; write {context['le']} or less"
    if sort in ("model_type", "model_attributes_type", "dict_type"):
        return _no_table(place, value)
    if sort == "tuple_type":
        if _section_at(kind, place) is None:
            return f'{show(value)} is not a list; write ["...", "..."]'
        if len(place) == 1:
            return f"{show(value)} is not a list of tables; write [[{spelt(place)}]], with two brackets, above each entry"
        return f"{show(value)} is not a list of tables; write [{{ key = value, ... }}, ...]"
    return f"{show(value)}: {fault['msg']}"


def _no_table(place: Path, value: object) -> str:
    if isinstance(place[-1], int):
        return f"{show(value)} is not an entry; write {{ key = value, ... }}"
    once = ", once" if isinstance(value, list) else ""
    return f"{show(value)} is not a table; write [{spelt(place)}]{once}, and its keys under it"


def _unknown(place: Path, kind: type[BaseModel]) -> str:
    *around, key = place
    section = _section_at(kind, tuple(around))
    known = tuple(section.model_fields) if section is not None else ()
    alike = nearest(str(key), known)
    if alike is not None:
        return f"there is no such key; did you mean {alike}?"
    elsewhere = [f"[{spelt(home)}]" for home in _homes(kind, str(key))]
    if elsewhere:
        return f"there is no such key here; it belongs into {' or '.join(elsewhere)}"
    return f"there is no such key; known here are {', '.join(known)}"


def _section_at(kind: type[BaseModel], place: Path) -> type[BaseModel] | None:
    """The section that stands at a place; None where a plain value does."""
    section: type[BaseModel] | None = kind
    for part in place:
        if isinstance(part, int):
            continue
        field = section.model_fields.get(part) if section is not None else None
        section = _section_in(field.annotation) if field is not None else None
    return section


def _section_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _section_in(part)) is not None), None)


def _homes(kind: type[BaseModel], key: str, place: Path = ()) -> Iterable[Path]:
    """The sections that know a key."""
    for name, field in kind.model_fields.items():
        section = _section_in(field.annotation)
        if section is not None:
            if key in section.model_fields:
                yield (*place, name)
            yield from _homes(section, key, (*place, name))


def _without_faults(tree: dict[str, Any], kind: type[Settings], context: dict[str, Any]) -> tuple[Settings, dict[Path, Path]]:
    """The settings that remain when everything faulty is left out, and where what moved up in its list stood before."""
    original: dict[Path, Path] = {}
    while True:
        try:
            return kind.model_validate(tree, context=context), original
        except ValidationError as error:
            bad = {fault["loc"][:-1] if fault["type"] == "missing" else fault["loc"] for fault in error.errors(include_url=False)}
            moved: dict[Path, Path] = {}
            # Every turn leaves something out, and the empty tree is sound: this ends.
            tree = _pruned(tree, bad, (), (), moved)
            original = {new: original.get(old, old) for new, old in moved.items()}


def _pruned(value: Any, bad: set[Path], old: Path, new: Path, moved: dict[Path, Path]) -> Any:
    moved[new] = old
    if isinstance(value, dict):
        return {
            key: _pruned(inner, bad, (*old, key), (*new, key), moved) for key, inner in value.items() if (*old, key) not in bad
        }
    if isinstance(value, list):
        kept = [(index, inner) for index, inner in enumerate(value) if (*old, index) not in bad]
        return [_pruned(inner, bad, (*old, index), (*new, place), moved) for place, (index, inner) in enumerate(kept)]
    return value


def _visible(sentence: str) -> str:
    """A sentence with what no terminal shows written out, whichever value it quotes: "\\x80"."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in sentence)


def _listed(problems: list[LineProblem]) -> tuple[str, ...]:
    problems.sort()
    listed = [f"line {line}: {_visible(sentence)}" for line, sentence in problems]
    if len(listed) > SHOWN:
        listed[SHOWN:] = [f"line {problems[-1][0]}: {len(listed) - SHOWN} more problems up to this line"]
    return tuple(listed)
