"""Commands in words as somebody picks them from what Discord offers: "snooze w1 2h" is the command `snooze` with its options
filled in, in their order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]

SUBCOMMAND, GROUP, STRING, INTEGER, CHANNEL = 1, 2, 3, 4, 7

TIME = re.compile(
    r"\d+(\.\d+)?[smhdw]|\d{1,2}(:\d\d)?([ap]m)?|until|in|at|on|next|this|for|an?|hours?|minutes?|days?|weeks?|today|tomorrow|noon"
    r"|(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?",
    re.IGNORECASE,
)
"""Words that say when."""


KINDS = ("reminders", "digests", "tips")
"""What `want` is about: elsewhere these are commands, too."""


class Unoffered(LookupError):
    """Discord has nothing like it on offer: only an app that knows older commands would send it."""


def typed(command: Mapping[str, Any], text: str) -> tuple[str, dict[str, Any]]:
    """The path of a command, and its options by name. What the bare command does elsewhere is said by name here."""
    name, *words = text.split() or ["waiting"]
    name, words = ("want", [name, *words]) if name in KINDS else (name, words)
    for step in command["options"]:
        inner = step.get("options") or () if step["type"] == GROUP else (step,)
        for offered in inner:
            if offered["name"] == name:
                path = [command["name"], *([step["name"]] if step["type"] == GROUP else []), name]
                return " ".join(path), _filled(offered.get("options") or [], words)
    raise Unoffered(text)


def _filled(options: Sequence[Json], words: Sequence[str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    left = list(words)
    for place, option in enumerate(options):
        last = place == len(options) - 1
        taken = _taken(option, left, last=last)
        if not taken:
            continue
        said = " ".join(left[:taken])
        given[option["name"]] = _value(option, said)
        left = left[taken:]
    if left:
        raise Unoffered(f"there is no option for {left}")
    return given


def _taken(option: Json, words: Sequence[str], *, last: bool) -> int:
    """How many of these words an option takes."""
    if not words:
        return 0
    name, kind = option["name"], option["type"]
    if kind == INTEGER:
        return int(words[0].isdigit())
    if kind == CHANNEL:
        return int(option.get("required", False) or words[0].startswith("#"))
    if option.get("choices"):
        return int(words[0] in [choice["value"] for choice in option["choices"]])
    if name == "member":
        return int(option.get("required", False) or words[0].startswith("@"))
    if last:
        return len(words)
    if name == "when":
        times = next((place for place, word in enumerate(words) if not TIME.fullmatch(word)), len(words))
        return times or len(words)
    return 1


def _value(option: Json, said: str) -> Any:
    if option["type"] == INTEGER:
        return int(said)
    return said.removeprefix("#") if option["type"] == CHANNEL else said
