"""The app's manifest as a team's settings need it: the least scopes, and all events, commands and shortcuts.

manifest.yaml is the whole of it. A line marked `# [option]` stays only where the option is wanted, so what is printed is what can
be read there. Scopes: https://docs.slack.dev/reference/scopes; format: https://docs.slack.dev/reference/app-manifest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("manifest.yaml")

_MARKED = re.compile(r"^(?P<line>.*?)\s+# \[(?P<option>\w+)\]$")
_SCOPE = re.compile(r"^      - (?P<scope>[a-z]+:[a-z.:]+|commands)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the app is to be able to do. `email`: people's addresses, to tell guests of the team's own domains apart. `http`:
    events come over HTTP instead of Socket Mode."""

    private: bool = True
    email: bool = False
    dm: bool = True
    http: bool = False

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
    return frozenset(found["scope"] for line in manifest(wanted).splitlines() if (found := _SCOPE.match(line)) is not None)
