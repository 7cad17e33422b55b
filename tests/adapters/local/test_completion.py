"""What Tab completes at the prompt of the embedded platform."""

from __future__ import annotations

from types import ModuleType

import pytest

from adapters.local.completion import Nameable, complete_on, completions

TOWN = Nameable(
    people=("ana", "ben", "dana"),
    channels=("help", "team"),
    watched=("help",),
    members=("Ana", "Ben"),
    handles=("w1", "w12"),
)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("", ["ana", "ben", "dana", "exit", "help", "new", "quit", "team", "who"]),
        ("d", ["dana"]),
        ("DA", ["dana"]),
        ("ana /cla", ["/claim"]),
        ("ana /not", ["/not-me", "/not-yet"]),
        ("ana h", ["home"]),
        ("ana #t", ["#team"]),
        ("dana #", ["#help", "#team"]),
        ("ana /stats #", ["#help"]),
        ("ana /watch #", ["#help", "#team"]),
        ("ana /claim w", ["w1", "w12"]),
        ("ana /claim d", ["dana"]),
        ("ana /help sn", ["snooze"]),
        ("mia /away @", ["@Ana", "@Ben", "@realreply"]),
        ("ana: hello d", []),
        ("ana /snooze w1 to", []),
    ],
)
def test_what_tab_offers(line: str, offered: list[str]) -> None:
    word = line.rpartition(" ")[2]
    assert completions(line, word, TOWN) == offered


def test_tab_asks_for_what_is_known_then() -> None:
    readline, known = ModuleType("readline"), [TOWN]
    bound: list[str] = []
    typed = "d"
    readline.get_line_buffer = lambda: typed  # type: ignore[attr-defined]
    readline.get_endidx = lambda: len(typed)  # type: ignore[attr-defined]
    completer = []
    readline.set_completer = completer.append  # type: ignore[attr-defined]
    readline.set_completer_delims = bound.append  # type: ignore[attr-defined]
    readline.parse_and_bind = bound.append  # type: ignore[attr-defined]
    complete_on(readline, lambda: known[-1])
    assert bound[-1] == "tab: complete"
    assert [completer[0]("d", at) for at in range(2)] == ["dana", None]
    known.append(Nameable(people=("dana", "dario")))
    assert [completer[0]("d", at) for at in range(3)] == ["dana", "dario", None]
    typed = "ana /cla"
    assert [completer[0]("/cla", at) for at in range(2)] == ["/claim ", None], "what is whole is parted from what follows"
    readline.__doc__ = "Importing this module enables command line editing using libedit readline."
    complete_on(readline, lambda: TOWN)
    assert bound[-1] == "bind ^I rl_complete"
