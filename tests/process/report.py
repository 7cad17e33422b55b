"""What is left of a story after its process was killed again and again, and what of it is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.waits import Wait
from tests.storage.sqlite.rows import rows_of


@dataclass
class Report:
    """What was found. `on_their_way`: kills that caught a message between being claimed and being settled; `unheard`: posts that
    the platform took, and whose sender never got an answer; `untaken`: events that nobody acknowledged."""

    kills: int = 0
    on_their_way: int = 0
    messages: int = 0
    reminders: int = 0
    posts: int = 0
    updates: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)
    unheard: int = 0
    untaken: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({self.on_their_way} with a message on its way), {self.messages} messages, {self.reminders} "
            f"reminders in {self.posts} posts ({self.unheard} unheard), {self.updates} updates, {self.untaken} events untaken, "
            f"{self.seconds:.0f} s: " + (f"{len(self.wrong)} wrong" if self.wrong else "0 lost, 0 doubled, database intact")
        )


@dataclass(frozen=True, kw_only=True)
class Row:
    """A reminder as it is recorded. `ref` is the post it left in."""

    key: str
    wait: str
    step: int
    state: str
    ref: str | None


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What a database holds, read past its own code: how often each (channel, message) was dealt with, and all reminders."""

    messages: Counter[tuple[str, str]]
    reminders: list[Row]

    @property
    def sent(self) -> list[Row]:
        """The reminders that left."""
        return [row for row in self.reminders if row.state == "sent"]

    @property
    def unsettled(self) -> list[Row]:
        """The reminders that are still to leave, or of which nobody knows."""
        return [row for row in self.reminders if row.state in ("pending", "sending")]


def read_rows(path: Path) -> Rows:
    """The rows of the database at `path`, which may be in use."""
    messages = rows_of(
        path, "SELECT channels.key, message FROM event_keys JOIN channels ON no = channel WHERE event_keys.kind = 'posted'"
    )
    reminders = rows_of(
        path,
        "SELECT outgoing.key, waits.id, step, outgoing.state, posts.ref FROM outgoing JOIN waits ON waits.no = outgoing.wait "
        "LEFT JOIN posts ON posts.no = outgoing.post WHERE outgoing.kind = 'reminder'",
    )
    rows = [Row(key=key, wait=wait, step=step, state=state, ref=ref) for key, wait, step, state, ref in reminders]
    return Rows(messages=Counter(messages), reminders=rows)


def is_on_its_way(path: Path) -> bool:
    """Whether something was on its way when the process died. The file is left as it is."""
    on_its_way = "SELECT 1 FROM outgoing WHERE state = 'sending' AND left_at IS NOT NULL"
    return path.exists() and bool(rows_of(path, on_its_way, unfinished=True))


def unreminded(rows: Rows, waits: Iterable[Wait], rungs: int) -> Iterator[str]:
    """Whoever was never answered was reminded of on every rung, nobody was twice on one, and nothing is left over."""
    left = Counter((row.wait, row.step) for row in rows.sent)
    yield from (f"reminder {step} of {wait} left {count} times" for (wait, step), count in left.items() if count > 1)
    yield from (f"left over: {row}" for row in rows.unsettled)
    for wait in waits:
        if wait.open:
            yield from (f"reminder {step} of {wait.id} never left" for step in range(rungs) if not left[wait.id, step])
