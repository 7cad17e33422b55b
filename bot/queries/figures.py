"""Waits and reminders in figures: a member's own, the team's sums, and everything a database holds."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.outgoing import SentReminder
from bot.domain.waits import ANSWERING, ReplyKind, Wait
from bot.ports import CorrectionCounts, QueryTransaction
from bot.queries.came_back import came_back
from bot.queries.snapshot import Snapshot
from bot.waits.figures import Figures, marked
from bot.wording.answers import OwnFigures


def figures_of(
    snapshot: Snapshot, member: str, *, days: int, channel: str | None = None, returns: bool = False
) -> tuple[OwnFigures, Figures]:
    """A member's own figures and the team's, of the last `days` days: of a channel, by its key, or of all. The reminders somebody
    got are counted of all alone: one may be about several channels. `returns`: with how many customers came back."""
    tx, since = snapshot.tx, snapshot.now - days * DAY
    corrected = _corrected(snapshot, since, channel)
    team = Figures(end=snapshot.now, overlooked=corrected.overlooked, needless=corrected.needs_none)
    own, back = _Own(member), list[Wait]()
    for wait in snapshot.opened_since(since):
        if channel is None or wait.channel == channel:
            team.add(wait)
            own.add(wait)
            if wait.came_back_from is not None:
                back.append(wait)
    if returns:
        team.came_back = came_back(snapshot, back)
    return own.figures(days=days, reminders=tx.sent_since(member, since) if channel is None else None), team


def _corrected(snapshot: Snapshot, since: Instant, channel: str | None) -> CorrectionCounts:
    tx = snapshot.tx
    if channel is None and snapshot.shows_all:
        return tx.corrections_since(since)
    places = [channel] if channel is not None else [key for key in tx.channels() if snapshot.shows(key)]
    said = [correction.says for key in places for correction in tx.corrections(key) if correction.at >= since]
    return CorrectionCounts(overlooked=said.count("waits"), needs_none=said.count("needs_none"))


def counted(tx: QueryTransaction, figures: Figures) -> Iterator[tuple[Wait, tuple[SentReminder, ...]]]:
    """All waits there are with the reminders that left, each counted into `figures` as it comes. To be used up within the
    transaction."""
    for wait in tx.all_waits():
        sent = tx.sent_reminders(wait.id)
        figures.add(wait)
        for reminder in sent:
            figures.add_reminder(reminder.to, reminder.at)
        yield wait, sent


class _Own:
    """One member's part in waits."""

    def __init__(self, member: str) -> None:
        self._member = member
        self._customers: set[str] = set()
        self._times: list[Seconds] = []
        self._replies = self._promises = self._kept = self._canned = self._marked = 0

    def add(self, wait: Wait) -> None:
        """Count a wait."""
        mine = [reply for reply in wait.replies if reply.by == self._member]
        answers = [reply.at for reply in mine if reply.kind in ANSWERING]
        promised = [reply.at for reply in mine if reply.kind is ReplyKind.PROMISE]
        self._marked += wait.marked_by == self._member and marked(wait)
        self._canned += sum(reply.canned for reply in mine)
        if answers:
            self._customers.add(wait.customer)
            self._replies += len(answers)
            self._times.append(max(0.0, answers[0] - wait.opened_at))
        if promised:
            self._promises += 1
            self._kept += any(at > promised[0] for at in answers)

    def figures(self, *, days: int, reminders: int | None) -> OwnFigures:
        """What was counted, with the reminders they got (None: that isn't known)."""
        return OwnFigures(
            days=days,
            customers=len(self._customers),
            replies=self._replies,
            canned=self._canned,
            marked=self._marked,
            times=tuple(self._times),
            promises=self._promises,
            kept=self._kept,
            reminders=reminders,
        )
