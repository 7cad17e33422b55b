"""The app's manifest as a team's settings need it: the least scopes and events, and all commands and shortcuts.

manifest.yaml is the whole of it. A line marked `# [option]` stays only where the option is wanted, so what is printed is what can
be read there. Scopes: https://docs.slack.dev/reference/scopes; format: https://docs.slack.dev/reference/app-manifest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("manifest.yaml")

_MARKED = re.compile(r"^(?P<line>.*?)\s+# \[(?P<option>\w+)\]$")
_SCOPE = re.compile(r"^      - (?P<name>[a-z_]+:[a-z.:]+|commands)$")
_EVENT = re.compile(r"^      - (?P<name>[a-z_]+(?:\.[a-z]+)?)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the app is to be able to do. `private`: see private channels. `email`: people's addresses, to tell guests of the
    team's own domains apart. `groups`: user groups, where those say who is on the team. `dm`: write to members who ask for it.
    `http`: events come over HTTP instead of Socket Mode. `reports`: people may report auto-DMs."""

    private: bool = True
    email: bool = False
    groups: bool = False
    dm: bool = True
    http: bool = False
    reports: bool = True

    def has(self, option: str) -> bool:
        """Whether lines of an option stay. Raises AttributeError for one that doesn't exist."""
        return not self.http if option == "socket" else bool(getattr(self, option))


def manifest(wanted: Wanted) -> str:
    """The manifest as YAML, ready to be pasted."""
    lines = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        marked = _MARKED.match(line)
        if marked is None:
            lines.append(line)
        elif wanted.has(marked["option"]):
            lines.append(marked["line"])
    return "\n".join(lines) + "\n"


def scopes(wanted: Wanted) -> frozenset[str]:
    """The bot scopes the manifest asks for."""
    return _named(_SCOPE, manifest(wanted))


def events(wanted: Wanted) -> frozenset[str]:
    """The events the manifest has sent."""
    return _named(_EVENT, manifest(wanted).partition("bot_events:")[2])


def _named(pattern: re.Pattern[str], text: str) -> frozenset[str]:
    return frozenset(found["name"] for line in text.splitlines() if (found := pattern.match(line)) is not None)
