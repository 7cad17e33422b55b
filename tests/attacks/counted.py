"""What an attack has left behind, counted: everything but the first few figures ought to be nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Counted:
    """What was found.

    `lost`: messages that were acknowledged and aren't stored; `forgotten`: the same of edits, deletions and reactions. `missing`:
    messages that were written, never acknowledged, and aren't there long after everything works again; `after_restart`: the same
    after a restart besides. `doubled`: keys of posts that were posted twice; `readable`: posts that somebody off the team could
    read when they were made; `left`: bytes of words of people whose wait is over, by file. `other` is whatever else is wrong.
    """

    name: str
    messages: int = 0
    posts: int = 0
    given_up: int = 0
    """Events that Slack gave up on, for nobody acknowledged them."""
    troubles: Counter[str] = field(default_factory=Counter)
    lost: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)
    after_restart: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    readable: int = 0
    left: Counter[str] = field(default_factory=Counter)
    other: list[str] = field(default_factory=list)

    @property
    def figures(self) -> dict[str, int]:
        """What ought to be nothing, by what it is called in the table."""
        return {
            "acknowledged, lost": len(self.lost) + len(self.forgotten),
            "never read back": len(self.missing),
            "nor after a restart": len(self.after_restart),
            "posts doubled": len(self.doubled),
            "readable by customers": self.readable,
            "bytes of text left": sum(self.left.values()),
            "otherwise wrong": len(self.other),
        }

    @property
    def size(self) -> str:
        """How many of everything there were."""
        troubles = ", ".join(f"{count} {name}" for name, count in sorted(self.troubles.items()))
        return f"{self.messages} messages, {self.posts} posts, {self.given_up} events given up; {troubles}"

    def __str__(self) -> str:
        wrong = ", ".join(f"{count} {name}" for name, count in self.figures.items() if count)
        return f"{self.name}: {self.size}: {wrong or 'nothing wrong'}"
