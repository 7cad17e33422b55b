"""Whether reminders leave. A new bot reads, judges and notes what it would have sent, until a lead has seen that and says so.

While it only notes, everything else is as always: waits open and end, commands are answered. When reminders begin, what was noted
is forgotten, customers who wait since less than a day get onto the ladder, and whoever has waited longer is only listed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain.durations import Instant, Seconds
from bot.domain.keys import preview_key
from bot.domain.marks import BEGUN_ANEW, NEW, STARTED
from bot.domain.writes import AddNotice, DropReminder, NoticeSubject, SaveWait, Write
from bot.engine.engine import Engine
from bot.ports import Mark, OutboxTransaction
from bot.waits import ladder

FRESH: Seconds = 24 * 3600
"""Who has waited longer than this when the bot comes in is listed, and nobody is reminded of them: that day is over."""

MOST_OPEN = 100_000

MOST_DEAD = 100
"""What couldn't be posted, looked through for previews."""


PreviewPlace = tuple[str, str | None]
"""A place where the preview is shown, and the server that it is about; None: all there is."""


class Activation:
    """Says whether reminders leave. `observe`: never in this process, whatever a lead said."""

    def __init__(
        self, engine: Engine, *, observe: bool = False, places: Callable[[], Sequence[PreviewPlace]] = lambda: (("first", None),)
    ) -> None:
        """`places` are those where the preview is shown, each with its server where those have a team each; none while there is
        none."""
        self._engine = engine
        self._observe = observe
        self._places = places
        self.started: Mark | None = None
        """When reminders began, and who let them."""

    @property
    def active(self) -> bool:
        """Whether reminders leave."""
        return self.started is not None and not self._observe

    @property
    def observing(self) -> bool:
        """Whether this process was told to send nothing."""
        return self._observe

    def load(self, tx: OutboxTransaction, now: Instant) -> None:
        """Learn from storage how things stand. What an observing process noted in between is forgotten when this one speaks."""
        self.started = tx.mark(STARTED)
        if self.active:
            noted = tx.noted_since(0.0)
            if noted:
                self._begin(tx, now)

    def start(self, tx: OutboxTransaction, by: str, now: Instant) -> bool:
        """Let reminders begin, as `by` says. False when they had begun before."""
        if tx.mark(STARTED) is not None:
            return False
        tx.put_mark(STARTED, now, by=by)
        tx.update_notices(NoticeSubject.PREVIEW, due_at=now)
        self._begin(tx, now)
        return True

    def ask(self, tx: OutboxTransaction, now: Instant, *, anew: bool = False) -> None:
        """Have the preview posted to the team: once in each place, and again at the next start when nothing could be posted there
        (somebody from outside read it), so that mending it is enough. `anew`: reminders had begun before, as far as can be seen,
        and what was known of that is lost."""
        places = self._places()
        if not places or self._observe or tx.mark(STARTED) is not None:
            return
        refused = [dead.key for dead in tx.dead(MOST_DEAD) if dead.subject is NoticeSubject.PREVIEW and dead.address is None]
        for place, server in places:
            theirs = preview_key(place, server)
            key = preview_key(place, server, again=sum(one == theirs or one.startswith(f"{theirs}.") for one in refused))
            tx.save([AddNotice(kind="digest", key=key, due_at=now, subject=NoticeSubject.PREVIEW)])
        tx.put_mark(NEW, None)
        if anew:
            tx.put_mark(BEGUN_ANEW, now)

    def settle(self, tx: OutboxTransaction, now: Instant, *, channel: str | None = None) -> None:
        """Put the open waits (of one channel) where they belong when reminders begin there: young ones onto the ladder's first
        rung, old ones off it."""
        for wait in tx.open_waits(MOST_OPEN):
            if channel is not None and wait.channel != channel:
                continue
            writes: list[Write] = []
            maybe = wait.possible_answer
            if maybe is not None and maybe.asked:
                writes.append(SaveWait(wait=replace(wait, possible_answer=replace(maybe, asked=()))))  # that was only noted
            if wait.opened_at < now - FRESH:
                writes.append(DropReminder(wait=wait.id))
            else:
                writes += ladder.schedule(wait, self._engine.rules_of(wait.channel), now=now)
            self._engine.apply(tx, wait.channel, tuple(writes))

    def _begin(self, tx: OutboxTransaction, now: Instant) -> None:
        tx.forget_noted()
        self.settle(tx, now)
