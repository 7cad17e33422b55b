"""What messages say, at the moment they leave: gathered from storage by `queries`, put into words by `wording`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain.durations import Instant
from bot.domain.outgoing import DueNotice, WaitInMessage
from bot.domain.views import PersonName, Plain, Spans, View
from bot.domain.writes import NoticeSubject
from bot.ports import QueryTransaction
from bot.queries.digests import digest_facts, week_facts
from bot.queries.preview import begun, preview_facts
from bot.queries.snapshot import Lookups, Snapshot
from bot.queries.waits import note_on, reminder_facts, settled_facts, updated_facts
from bot.wording import digest, ended, preview, reminder
from bot.wording.holds import hold_line, said_why
from bot.wording.phrases import channel
from bot.wording.reminder import ReminderFacts


class Contents(Protocol):
    """What messages say, made from storage at the moment they leave. All methods run inside a transaction."""

    def reminder(self, tx: QueryTransaction, waits: Sequence[WaitInMessage], now: Instant) -> View:
        """A reminder of one or several waits, all still open."""
        ...

    def updated(self, tx: QueryTransaction, waits: Sequence[WaitInMessage], now: Instant) -> View:
        """What a posted reminder of these waits says now that some are over or held: without quotes."""
        ...

    def notice(self, tx: QueryTransaction, notice: DueNotice, now: Instant) -> View | None:
        """A digest or a tip; None when there is nothing to say any more."""
        ...

    def notice_now(self, tx: QueryTransaction, subject: NoticeSubject, now: Instant) -> View | None:
        """What the post of a notice with this subject says now; None when it stays as it is."""
        ...


@dataclass(frozen=True, slots=True)
class StoredContents:
    """The contents of everything we post. Nothing is kept here."""

    lookups: Lookups

    def reminder(self, tx: QueryTransaction, waits: Sequence[WaitInMessage], now: Instant) -> View:
        """A reminder of one or several open waits, longest first, with what each customer asked."""
        return reminder.reminders(reminder_facts(self.lookups.at(tx, now), waits))

    def updated(self, tx: QueryTransaction, waits: Sequence[WaitInMessage], now: Instant) -> View:
        """What the post says now: how each wait ended, who is on it, or still that somebody waits; nothing is quoted and
        nobody is notified again."""
        snapshot = self.lookups.at(tx, now)
        waits = [replace(one, wait=one.wait.as_of(now)) for one in waits]
        if len(waits) == 1:
            return _updated_one(snapshot, waits[0])
        waiting: list[ReminderFacts] = []
        over: list[Spans] = []
        for one in waits:
            if one.wait.open and one.wait.hold is None:
                waiting.append(updated_facts(snapshot, one))
            elif one.wait.open:
                where = Plain(f" in {channel(self.lookups.channel_name(one.wait.channel))}: ")
                over.append(
                    (
                        PersonName(one.wait.customer),
                        where,
                        *ended.going_on(hold_line(one.wait)),
                        *said_why(note_on(snapshot, one.wait)),
                    )
                )
            else:
                over.append(ended.outcome_line(settled_facts(snapshot, one.wait)))
        return replace(reminder.reminders(waiting, over=over), addressed=())

    def notice(self, tx: QueryTransaction, notice: DueNotice, now: Instant) -> View | None:
        """A digest, None when nobody waits (or wrote), or when reminders have begun and there is nothing to preview. Tips have no
        words yet, so there is nothing to say."""
        snapshot = self.lookups.at(tx, now)
        match notice.subject:
            case NoticeSubject.DAY:
                return _to_the_willing(digest.digest(digest_facts(snapshot, tx.appeals_in(notice.key))), snapshot)
            case NoticeSubject.WEEK:
                return _to_the_willing(digest.week(week_facts(snapshot)), snapshot)
            case NoticeSubject.PREVIEW:
                return preview.preview(preview_facts(snapshot)) if begun(snapshot) is None else None
            case None:
                return None

    def notice_now(self, tx: QueryTransaction, subject: NoticeSubject, now: Instant) -> View | None:
        """What a posted preview says once reminders have begun; every other notice stays as it was posted."""
        began = begun(self.lookups.at(tx, now)) if subject is NoticeSubject.PREVIEW else None
        return None if began is None else preview.begun(at=began.at, by=began.by)


def _to_the_willing(view: View | None, snapshot: Snapshot) -> View | None:
    """A digest that calls only those who want to be called in digests, and aren't muted. The others are named all the same."""
    if view is None or not view.addressed:
        return view
    wants = snapshot.lookups.preferences.wants
    return replace(view, addressed=tuple(member for member in view.addressed if wants(member, "digests", snapshot.now)))


def _updated_one(snapshot: Snapshot, one: WaitInMessage) -> View:
    if not one.wait.open:
        return ended.settled(settled_facts(snapshot, one.wait))
    if one.wait.hold is not None:
        return ended.held(settled_facts(snapshot, one.wait))
    return replace(reminder.reminder(updated_facts(snapshot, one)), addressed=())
