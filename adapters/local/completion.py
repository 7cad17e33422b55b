"""What Tab completes at the prompt: who says something, commands, channels, names in commands."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import ModuleType

from adapters.local.typed import WORDS
from bot.commands.table import COMMANDS

AFTER_A_NAME = ("types", "joins", "leaves", "edit", "delete", "waits", "needless", "check", "fill", "home")
"""What may follow somebody's name, besides a colon, a command, a reaction or a button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameable:
    """What there is to be named: people by their ids, channels, those of them that are `watched`, members by their shown names,
    the handles of open waits."""

    people: Collection[str] = ()
    channels: Collection[str] = ()
    watched: Collection[str] = ()
    members: Collection[str] = ()
    handles: Collection[str] = ()


def completions(line: str, word: str, known: Nameable) -> list[str]:
    """What `word`, the last one of a line so far, may become; none where anything may be said."""
    before = line[: len(line) - len(word)].split() if word and line.endswith(word) else line.split()
    return sorted(option for option in _options(before, word, known) if option.casefold().startswith(word.casefold()))


def _options(before: list[str], word: str, known: Nameable) -> Collection[str]:
    if not before:
        return (*known.people, *WORDS)
    if word.startswith("#"):
        commanded = len(before) > 1 and before[1].startswith("/") and before[1] != "/watch"
        return [f"#{channel}" for channel in (known.watched if commanded else known.channels)]
    if word.startswith("@"):
        return [*(f"@{name}" for name in known.members), "@realreply"]
    if len(before) == 1:
        return [f"/{name}" for name in COMMANDS] if word.startswith("/") else AFTER_A_NAME
    command = before[1].removeprefix("/")
    if not before[1].startswith("/") or len(before) > 2:
        return ()
    return COMMANDS if command == "help" else (*known.people, *known.handles)


def complete_on(readline: ModuleType, known: Callable[[], Nameable]) -> None:
    """Have Tab complete what is typed at the prompt."""
    found: list[str] = []

    def completer(word: str, state: int) -> str | None:
        if state == 0:
            line = readline.get_line_buffer()[: readline.get_endidx()]
            found[:] = completions(line, word, known())
            if len(found) == 1 and line.split()[:-1]:  # what is whole is parted from what follows; after a name a colon may
                found[:] = [f"{found[0]} "]
        return found[state] if state < len(found) else None

    readline.set_completer(completer)
    readline.set_completer_delims(" \t\n")
    # Where it is libedit that stands behind the module (macOS), keys are bound in its own words.
    readline.parse_and_bind("bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete")
