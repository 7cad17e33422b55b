"""Whatever stands in a settings file, `load` gives settings or a SettingsError whose lines exist."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.settings import model as settings
from bot.settings.lines import locate
from bot.settings.model import Settings
from tests.thorough import examples

EXAMPLE = (Path(__file__).parents[2] / "config.example.toml").read_text(encoding="utf-8")

KEYS = sorted(set(re.findall(r"\b[a-z_]+\b", EXAMPLE)))

keys = st.sampled_from(KEYS) | st.text(st.characters(codec="utf-8"), max_size=8)
words = st.sampled_from(["", "10m", "mon-fri", "09:00-17:00", "UTC", "DE", "owner", "env:A", "*", "U1", "#\"'\\[]{}=,"])
scalars = (
    words
    | st.text(st.characters(codec="utf-8"), max_size=12)
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.booleans()
    | st.datetimes().map(lambda at: at.replace(microsecond=0))
    | st.dates()
    | st.times().map(lambda at: at.replace(microsecond=0))
)
trees = st.dictionaries(
    keys,
    st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12),
    max_size=5,
)


def check(path: Path, content: bytes) -> Settings | None:
    path.write_bytes(content)
    try:
        return settings.load(path)
    except SettingsError as error:
        assert error.problems
        for problem in error.problems:
            place = re.match(r"line (\d+): \S", problem)
            assert place is not None, problem
            assert 1 <= int(place[1]) <= content.count(b"\n") + 1, problem
            assert problem.isprintable(), problem
        return None


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "config.toml"


@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf")
@example(b"a=[\xff")
@example(b"a = 2020-02-31")
@example(b'a = "\\uD800"')
@example(b"\r")
def test_any_bytes(path: Path, content: bytes) -> None:
    check(path, content)


@given(st.text(st.sampled_from("ab.[]{}=\"'\\#,\n\r\t 10:-_u\x00é"), max_size=60))
@effort(max_examples=150)
def test_any_text_of_toml_signs(path: Path, text: str) -> None:
    check(path, text.encode())
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(locate(text)) == places_in(tree)


@pytest.mark.slow
@given(trees, st.randoms(use_true_random=False))
@effort(max_examples=examples(60, 500))
def test_any_tree_in_any_spelling(path: Path, tree: dict[str, Any], chance: Any) -> None:
    text = "\n".join(written(tree, (), chance)) + "\n"
    assert places_in(tomllib.loads(text)) == places_in(tree)
    places = locate(text)
    assert set(places) == places_in(tree)
    lines = text.split("\n")
    for place in places:
        if isinstance(place[-1], str):
            line = lines[places.line(place) - 1]
            assert json.dumps(place[-1], ensure_ascii=False).replace("\x7f", "\\u007f") in line or place[-1] in line
    check(path, text.encode())


@given(st.data())
@effort(max_examples=150)
def test_the_example_with_anything_changed(path: Path, data: st.DataObject) -> None:
    lines = [line for line in EXAMPLE.split("\n") if not line.startswith("#")]
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        line = lines[place]
        how = data.draw(st.sampled_from(["drop", "double", "move", "cut", "insert", "value"]))
        if how == "drop":
            lines[place] = ""
        elif how == "double":
            lines.insert(place, line)
        elif how == "move":
            lines.insert(data.draw(st.integers(0, len(lines))), line)
        elif how == "cut":
            lines[place] = line[: data.draw(st.integers(0, len(line)))]
        elif how == "insert":
            at = data.draw(st.integers(0, len(line)))
            lines[place] = line[:at] + data.draw(st.text(st.characters(codec="utf-8"), max_size=3)) + line[at:]
        elif "=" in line:
            value = data.draw(st.sampled_from(["1", "true", '""', "[]", "[[]]", "{}", '"x"', "-1", "1.5", '"99d"', "[1, {}]"]))
            lines[place] = line.split("=")[0] + "= " + value
    check(path, "\n".join(lines).encode())


def places_in(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    found = {path} - {()}
    if isinstance(value, dict):
        for key, inner in value.items():
            found |= places_in(inner, (*path, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            found |= places_in(inner, (*path, index))
    return found


def written(tree: dict[str, Any], header: tuple[str, ...], chance: Any) -> list[str]:
    """A table's lines: plain keys first, then sub-tables under headers of their own or inline, as chance has it."""
    now, later = [], []
    for key, value in tree.items():
        if isinstance(value, dict) and chance.random() < 0.6:
            deeper = (*header, key)
            later += [f"[{dotted(deeper)}]{comment(chance)}", *written(value, deeper, chance)]
        elif isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value) and chance.random() < 0.6:
            deeper = (*header, key)
            for entry in value:
                later += [f"[[ {dotted(deeper)} ]]", *written(entry, deeper, chance)]
        else:
            now += f"{dotted((key,))} = {inline(value, chance)}{comment(chance)}".split("\n")
    return now + later


def comment(chance: Any) -> str:
    return chance.choice(["", "", "  # [not.a.header] = {", "\n", '\n# """'])


def dotted(path: tuple[str, ...]) -> str:
    parts = [part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else quoted(part) for part in path]
    return ".".join(parts)


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def inline(value: Any, chance: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{dotted((key,))} = {inline(inner, chance)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        gap = chance.choice(["", " ", "\n", "\n# ] }\n"])
        return "[" + "".join(f"{gap}{inline(inner, chance)}{gap}," for inner in value) + gap + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if "'" not in value and value.isprintable() and chance.random() < 0.3:
            return f"'{value}'"
        if value.isprintable() and chance.random() < 0.3:
            return '"""' + "\n" + quoted(value)[1:-1] + '"""'
        return quoted(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    return value.isoformat()


def test_what_no_terminal_shows_is_written_out_in_what_a_problem_quotes(path: Path) -> None:
    for letter, written in (("\x80", r"\x80"), ("\U00018cd6", r"\U00018cd6"), ("\u202e", r"\u202e")):
        path.write_text(f'[team]\nhours = "{letter}09:00-17:30"\n', encoding="utf-8")
        with pytest.raises(SettingsError) as refused:
            settings.load(path)
        assert written in refused.value.problems[0] and refused.value.problems[0].isprintable()
