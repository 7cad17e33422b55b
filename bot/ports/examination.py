"""What a platform can say about whether the bot will work there, for `realreply doctor`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

MOST_NAMED = 8
"""Naming in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: how it is, in a sentence, and what to do (empty when nothing is)."""

    level: Literal["good", "note", "bad"]
    says: str
    do: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What people (by id), channels (by id or key) and waits' channels are called; who isn't known is called by their id."""

    person: Callable[[str], str] = str
    channel: Callable[[str], str] = str


def _cant_tell(channel: str) -> bool | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What was found on a platform, in order, and what people and channels are called there. `sees`: whether the bot is in a
    channel, by its key; None where that can't be told, or is another platform's to tell."""

    findings: tuple[Finding, ...]
    names: Naming = field(default_factory=Naming)
    sees: Callable[[str], bool | None] = _cant_tell


class Examination(Protocol):
    """A platform, to be looked at. Nothing there is changed, and the bot may run meanwhile."""

    async def examine(self, learnt: Collection[str] = ()) -> Examined:
        """Look at everything that can be looked at, with what the bot has `learnt` there (see Workspace.learnt). Raises nothing
        on the platform's account: what can't be asked is a finding. No finding holds a secret."""
        ...


def listed(names: Sequence[str], *, most: int = MOST_NAMED) -> str:
    """Naming in a sentence: the first `most` of them, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
