"""What messages say, at the moment they leave: gathered from storage by `queries`, put into words by `wording`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain.durations import Instant
from bot.domain.keys import digest_place, preview_server
from bot.domain.outgoing import DueNotice, Post, SentReminder, WaitInMessage
from bot.domain.views import PersonName, Plain, Spans, View
from bot.domain.waits import Wait
from bot.domain.writes import NoticeSubject
from bot.ports import QueryTransaction
from bot.queries.arrivals import arrivals_facts
from bot.queries.digests import digest_facts, week_facts
from bot.queries.handover import list_facts, list_facts_now
from bot.queries.preview import begun, preview_facts
from bot.queries.snapshot import Lookups, Snapshot
from bot.queries.tips import tip_told
from bot.queries.waits import asked_facts, place_of, reminder_facts, settled_facts, updated_facts
from bot.wording import arrivals, digest, ended, handover, lines, loops, preview, reminder
from bot.wording.phrases import channel
from bot.wording.tips import tip_view


class Contents(Protocol):
    """What messages say, made from storage at the moment they leave. All methods run inside a transaction."""

    def reminder(self, tx: QueryTransaction, waits: Sequence[WaitInMessage], now: Instant) -> View:
        """A reminder of one or several waits, all still open; of those that stand in another post only a line."""
        ...

    def updated(self, tx: QueryTransaction, waits: Sequence[WaitInMessage], now: Instant) -> View:
        """What a posted reminder of these waits says now: who still waits and what they wrote last, what is over, held or asked
        about elsewhere."""
        ...

    def notice(self, tx: QueryTransaction, notice: DueNotice, now: Instant) -> View | None:
        """A digest or a tip; None when there is nothing to say any more."""
        ...

    def listed(self, tx: QueryTransaction, notice: DueNotice, now: Instant) -> Sequence[Wait]:
        """The waits that a notice lists for somebody to hand over."""
        ...

    def notice_now(self, tx: QueryTransaction, post: Post, now: Instant) -> View | None:
        """What the post of a notice says now; None when it stays as it is."""
        ...


@dataclass(frozen=True, slots=True)
class StoredContents:
    """The contents of everything we post. Nothing is kept here."""

    lookups: Lookups

    def reminder(self, tx: QueryTransaction, waits: Sequence[WaitInMessage], now: Instant) -> View:
        """A reminder of one or several open waits, longest first, with what each customer asked."""
        snapshot = self.lookups.at(tx, now)
        if waits[0].asking.loop:  # it leaves by itself
            (asked,) = reminder_facts(snapshot, waits)
            return loops.line(asked) if waits[0].line else loops.question(asked)
        in_lines = reminder_facts(snapshot, [one for one in waits if one.line])
        in_full = [one for one in waits if not one.line]
        if not in_full:
            return lines.line(in_lines)
        view = reminder.reminders(reminder_facts(snapshot, in_full))
        return lines.with_lines(view, in_lines) if in_lines else view

    def updated(self, tx: QueryTransaction, waits: Sequence[WaitInMessage], now: Instant) -> View:
        """What the post says now: how each wait ended, who is on it, or still that somebody waits; of what is over or held
        nothing is quoted, and nobody is notified again. Of lines only who was asked is left."""
        snapshot = self.lookups.at(tx, now)
        waits = [replace(one, wait=one.wait.as_of(now)) for one in waits]
        in_full = [one for one in waits if not one.line]
        asked = asked_facts(snapshot, [one for one in waits if one.line])
        if not in_full:
            return lines.line_asked(asked)
        view = _updated_one(snapshot, in_full[0]) if len(in_full) == 1 else _updated_several(snapshot, in_full)
        return replace(lines.with_asked(view, asked), addressed=())

    def notice(self, tx: QueryTransaction, notice: DueNotice, now: Instant) -> View | None:
        """A digest, None when nobody waits (or wrote), or when reminders have begun and there is nothing to preview; a tip, None
        when its member knows of it, or doesn't want it."""
        snapshot = self.lookups.at(tx, now)
        match notice.subject:
            case NoticeSubject.DAY:
                told = digest_facts(
                    snapshot, tx.appeals_in(notice.key), digest_place(notice.key), since=tx.last_digest(notice.key)
                )
                return _to_the_willing(digest.digest(told), snapshot)
            case NoticeSubject.WEEK:
                return _to_the_willing(digest.week(week_facts(snapshot, digest_place(notice.key))), snapshot)
            case NoticeSubject.PREVIEW:
                return preview.preview(preview_facts(snapshot, preview_server(notice.key))) if begun(snapshot) is None else None
            case NoticeSubject.HANDOVER:
                to = () if notice.person is None else (notice.person,)
                facts = list_facts(snapshot, notice.key, notice.id)
                return None if facts is None else handover.handover(facts, to)
            case NoticeSubject.ARRIVALS:
                came = arrivals_facts(snapshot, notice.key)
                return None if came is None else arrivals.arrivals(came)
            case NoticeSubject.TIP:
                tip = None if notice.person is None else tip_told(snapshot, notice.person, notice.key)
                return None if tip is None else tip_view(tip)
            case None:
                return None

    def listed(self, tx: QueryTransaction, notice: DueNotice, now: Instant) -> Sequence[Wait]:
        """The waits of a hand-over list."""
        if notice.subject is not NoticeSubject.HANDOVER:
            return ()
        facts = list_facts(self.lookups.at(tx, now), notice.key, notice.id)
        return () if facts is None else tuple(proposal.row.wait for proposal in facts.proposals)

    def notice_now(self, tx: QueryTransaction, post: Post, now: Instant) -> View | None:
        """What a posted preview says once reminders have begun, and what has become of a hand-over list, or of those who came
        into a channel; every other notice stays as it was posted."""
        snapshot = self.lookups.at(tx, now)
        if post.handover is not None:
            listed = post.handover
            to = () if listed.person is None else (listed.person,)
            return handover.handover_now(list_facts_now(snapshot, listed), to)
        if post.arrivals is not None:
            came = arrivals_facts(snapshot, post.arrivals)
            return arrivals.passed_on() if came is None else arrivals.arrivals_now(came)
        if NoticeSubject.HANDOVER in post.notices and not post.notices[1:]:
            return handover.from_before()
        began = begun(snapshot) if NoticeSubject.PREVIEW in post.notices else None
        return None if began is None else preview.begun(at=began.at, by=began.by)


def _to_the_willing(view: View | None, snapshot: Snapshot) -> View | None:
    """A digest that calls only those who want to be called in digests, and aren't muted. The others are named all the same."""
    if view is None or not view.addressed:
        return view
    wants = snapshot.lookups.preferences.wants
    return replace(view, addressed=tuple(member for member in view.addressed if wants(member, "digests", snapshot.now)))


def _waiting(one: WaitInMessage) -> bool:
    """Whether somebody is to look, and here."""
    return one.wait.open and one.wait.hold is None and one.moved is None


def _updated_several(snapshot: Snapshot, waits: Sequence[WaitInMessage]) -> View:
    waiting = [updated_facts(snapshot, one) for one in waits if _waiting(one)]
    over = [_over(snapshot, one) for one in waits if not _waiting(one)]
    return reminder.reminders(waiting, over=over)


def _over(snapshot: Snapshot, one: WaitInMessage) -> Spans:
    """In a list: a wait that is over, held, or asked about elsewhere."""
    if one.moved is None or not one.wait.open:
        return ended.quiet_line(settled_facts(snapshot, one.wait))
    where = Plain(f" in {channel(snapshot.lookups.channel_name(one.wait.channel))}: now with ")
    return (PersonName(one.wait.customer), where, *ended.elsewhere(one.moved.to, _place(snapshot, one, one.moved)))


def _place(snapshot: Snapshot, one: WaitInMessage, moved: SentReminder) -> str:
    if moved.address is None:
        raise ValueError(f"the rung of {moved.wait} that left at {moved.at} has no post")
    return place_of(snapshot, one.wait, moved.address)


def _updated_one(snapshot: Snapshot, one: WaitInMessage) -> View:
    if not one.wait.open:
        return ended.settled(settled_facts(snapshot, one.wait))
    if one.moved is not None:
        return ended.moved(settled_facts(snapshot, one.wait), one.moved.to, _place(snapshot, one, one.moved))
    if one.asking.loop and any(loops.is_asked(one.wait, member) for member in one.to):
        return loops.question(reminder_facts(snapshot, (one,))[0])
    if one.wait.hold is not None:
        return ended.held(settled_facts(snapshot, one.wait))
    return reminder.reminder(updated_facts(snapshot, one))
