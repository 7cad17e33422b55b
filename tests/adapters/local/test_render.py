"""Views in a terminal: they fit, they look the same with and without colour, and nothing people write can break out.

After a deliberate change of wording or layout: `python -m tests.adapters.local.test_render` writes the golden files anew; read
the difference before keeping it.
"""

from __future__ import annotations

import io
import re
import unicodedata
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from adapters.local.lines import LEAST_WIDTH, safe, safe_url
from adapters.local.render import actions, render, render_plain
from bot.domain.views import (
    Bold,
    Button,
    Buttons,
    Code,
    CommandText,
    Divider,
    Fields,
    Form,
    Heading,
    Input,
    Link,
    Menu,
    PersonName,
    Plain,
    Quote,
    SmallPrint,
    Text,
    Timestamp,
    View,
)
from tests.wording.samples import NOW, ZONE, name, views

GOLDEN = Path(__file__).parent / "golden"

EVIL = (
    "\x1b[31mred\x1b[0m", "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07", "a\rb\x08c\x7fd\x9b31m", "[bold red]x[/]",
    "abc\u202egnp.exe\u202c", "\u2066x\u2069\u200f", "half \ud83d pair", "z" + "\u0301" * 200, "\u2028new\u2029line\x0b\x0c\x85",
    "tab\there", "[link=https://evil.example]x[/link]", ":smile:", "\U000e0041tag", "漢字" * 90, "x" * 500,
)  # fmt: skip


def shown(view: View, width: int = 80) -> str:
    return render_plain(view, name=name, zone=ZONE, now=NOW, width=width)


def on_terminal(view: View, width: int = 80, *, colour: bool = True) -> str:
    console = Console(
        file=io.StringIO(), width=width, force_terminal=colour, color_system="truecolor" if colour else None, legacy_windows=False
    )
    console.print(render(view, name=name, zone=ZONE, now=NOW, width=width))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def without_styles(text: str) -> str:
    """Terminal output without the two escapes that rendering may use: colours and links to a web address."""
    return re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;(id=[0-9-]+)?;(https?://[!-~]*)?\x1b\\", "", text)


def wide(line: str) -> int:
    """Columns, counted apart from the code under test."""
    return sum(
        0 if unicodedata.category(letter) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in line
    )


@pytest.mark.parametrize("kind", sorted(views()))
def test_every_kind_of_view_looks_as_agreed(kind: str) -> None:
    assert shown(views()[kind]) + "\n" == (GOLDEN / f"{kind}.txt").read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(views())


@pytest.mark.parametrize("width", [LEAST_WIDTH, 47, 80, 140])
@pytest.mark.parametrize("kind", sorted(views()))
def test_colour_changes_nothing_but_the_colour(kind: str, width: int) -> None:
    plain = on_terminal(views()[kind], width, colour=False)
    assert "\x1b" not in plain
    assert without_styles(on_terminal(views()[kind], width)) == plain
    assert max(wide(line) for line in plain.splitlines()) <= width


def test_buttons_and_menus_are_numbered_through() -> None:
    view = views()["reminders"]
    done = actions(view)
    assert [action.number for action in done] == list(range(1, len(done) + 1))
    assert (done[0].label, done[0].code) == ("I'm on it: Lee, w3", "claim:w3")
    for action in done:
        assert f"[{action.number}] {action.label.rpartition(': ')[2]}" in shown(view)
    done = actions(views()["reminder"])
    assert (done[0].label, done[0].code) == ("I'm on it", "claim:w17")
    assert (done[4].label, done[4].code) == ("Snooze 2 hours", "snooze:w17 2h"), "what is tucked away elsewhere comes last"


def test_a_button_isnt_broken_in_the_middle_while_it_fits() -> None:
    view = View(nodes=(Buttons(tuple(Button("Two words", "x", str(n)) for n in range(9))),), fallback="x")
    for line in shown(view, 40).splitlines():
        assert re.fullmatch(r"(\[\d\] Two words {0,2})+", line)


def test_only_who_is_addressed_is_called() -> None:
    nodes = (Text((PersonName("ana", ping=True), Plain(", "), PersonName("dana", ping=True), Plain(", "), PersonName("ben"))),)
    assert shown(View(nodes=nodes, fallback="x", addressed=("ana", "ben"))) == "@Ana, Dana, Ben"


def test_times_are_the_readers() -> None:
    view = View(nodes=(Text((Timestamp(NOW),)),), fallback="x")
    assert shown(view) == "14:05"
    assert render_plain(view, name=name, zone=UTC, now=NOW) == "12:05"


def test_a_quote_has_a_bar_on_every_line_and_an_end() -> None:
    lines = shown(View(nodes=(Quote("word " * 400),), fallback="x"), 40).splitlines()
    assert len(lines) == 7
    assert all(line.startswith("│ ") for line in lines)
    assert lines[-1] == "│ …"


def test_a_terminal_that_got_narrower_since_cuts_lines_and_doesnt_break_them_again() -> None:
    view = views()["reminder"]
    console = Console(file=io.StringIO(), width=60)
    console.print(render(view, name=name, zone=ZONE, now=NOW, width=80))
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().count("\n") == on_terminal(view, colour=False).count("\n")


def test_too_narrow_a_terminal_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 20 columns"):
        shown(views()["settled"], LEAST_WIDTH - 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (EVIL[0], "␛[31mred␛[0m"), (EVIL[2], "a␍b␈c␡d\ufffd31m"), (EVIL[4], "abcgnp.exe"), (EVIL[5], "x"),
        (EVIL[6], "half \ufffd pair"),
        (EVIL[7], "z" + "\u0301" * 4), (EVIL[9], "tab here"), ("a\r\nb", "a b"), (EVIL[12], "tag"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
    ],
)  # fmt: skip
def test_what_a_terminal_would_obey_is_shown_or_gone(text: str, said: str) -> None:
    assert safe(text) == said


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://x.example/\x1b\\", "https://x.example/a b", "file:///etc", "https://é"]
)
def test_an_unsafe_address_is_no_link(url: str) -> None:
    assert safe_url(url) is None
    view = View(nodes=(Text((Link(url, "here"),)),), fallback="x")
    assert "\x1b]8" not in on_terminal(view)
    assert shown(view) == "here"


def test_markup_in_peoples_words_stays_as_it_is() -> None:
    view = View(nodes=(Quote("[bold red]x[/] :smile: [link=https://evil.example]y[/link]"),), fallback="x")
    assert "[bold red]x[/] :smile: [link=https://evil.example]y[/link]" in without_styles(on_terminal(view))


def texts() -> st.SearchStrategy[str]:
    any_letter = st.characters(exclude_categories=())
    return (
        st.text(any_letter, max_size=40)
        | st.sampled_from(EVIL)
        | st.text(st.sampled_from(" \n\x1b[]0m;漢\u202e\u0301x"), max_size=80)
    )


def spans() -> st.SearchStrategy[tuple[object, ...]]:
    one = (
        st.builds(Plain, texts()) | st.builds(Bold, texts()) | st.builds(Code, texts()) | st.builds(CommandText, texts())
        | st.builds(PersonName, texts(), st.booleans())
        | st.builds(Link, texts() | st.just("https://ok.example/1"), texts()) | st.builds(Timestamp, st.floats(0, 7e9))
    )  # fmt: skip
    return st.lists(one, max_size=4).map(tuple)


def nodes() -> st.SearchStrategy[object]:
    buttons = st.lists(st.builds(Button, texts(), st.just("claim"), st.just("w1")), max_size=4).map(tuple)
    options = st.lists(st.tuples(texts(), st.just("w1")), max_size=4).map(tuple)
    inputs = st.lists(st.builds(Input, texts(), texts(), texts()), max_size=2).map(tuple)
    return st.one_of(
        st.builds(Heading, texts()), st.builds(Text, spans()), st.builds(Quote, texts()), st.builds(SmallPrint, spans()),
        st.builds(Fields, st.lists(st.tuples(texts(), spans()), max_size=3).map(tuple)), st.builds(Buttons, buttons),
        st.builds(Menu, texts(), st.just("snooze"), options), st.builds(Form, texts(), st.just("v"), st.just("a"), inputs),
        st.just(Divider()),
    )  # fmt: skip


@given(st.lists(nodes(), min_size=1, max_size=5), st.integers(LEAST_WIDTH, 140), texts())
def test_any_text_anywhere_fits_and_obeys_nothing(made: list[object], width: int, called: str) -> None:
    view = View(nodes=tuple(made), fallback="x", addressed=("ana",))  # type: ignore[arg-type]
    plain = render_plain(view, name=lambda person: called, zone=ZONE, now=NOW, width=width)
    lines = plain.split("\n")
    assert max(wide(line) for line in lines) <= width
    assert not [letter for letter in plain.replace("\n", "") if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")]
    assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", plain)
    plain.encode("utf-8")

    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system="truecolor", legacy_windows=False)
    console.print(render(view, name=lambda person: called, zone=ZONE, now=NOW, width=width))
    assert isinstance(console.file, io.StringIO)
    on_screen = without_styles(console.file.getvalue())
    assert not [letter for letter in on_screen.replace("\n", "") if unicodedata.category(letter) == "Cc"]
    assert max(wide(line) for line in on_screen.split("\n")) <= width


def write_golden() -> None:
    """Write the golden files anew."""
    for path in GOLDEN.glob("*.txt"):
        path.unlink()
    for kind, view in views().items():
        (GOLDEN / f"{kind}.txt").write_text(shown(view) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_golden()
