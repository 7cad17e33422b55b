"""From rows that may leave to messages: where each goes, what goes together, what it says. All inside a transaction."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import structlog

from bot.domain.accounts import on_platform
from bot.domain.arrivals import channel_told_of
from bot.domain.durations import MINUTE, Instant, Seconds
from bot.domain.keys import HandoverKey, digest_place, preview_server
from bot.domain.marks import dm_closed
from bot.domain.outgoing import (
    Address,
    Attempt,
    Due,
    DueNotice,
    DueReminder,
    DueUpdate,
    LivePost,
    Post,
    SentReminder,
    WaitInMessage,
)
from bot.domain.posted_wait import GATHERED
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.views import View
from bot.domain.writes import NoticeSubject
from bot.engine.engine import Engine
from bot.errors import described
from bot.outbox.address_queues import NEVER, Closed, Item, OutgoingMessage, Sender, together
from bot.outbox.last_look import LastLook
from bot.outbox.results import Results
from bot.ports import OutboxTransaction
from bot.waits import ladder
from bot.waits.asked import latest_rung

LOOKED_FOR_AGAIN: Seconds = 15 * MINUTE
"""A server's own channel for reminders that can't be found is looked for after so long, as long as its customers wait."""

TO_MEMBERS: Final = (NoticeSubject.HANDOVER, NoticeSubject.ARRIVALS)
"""What is for one member and goes where their reminders do."""

log = structlog.get_logger()


class Composer:
    """Makes messages of the leased rows that pass the last look."""

    def __init__(self, engine: Engine, results: Results, last_look: LastLook) -> None:
        self._engine = engine
        self._results = results
        self._last_look = last_look

    def compose(
        self,
        sender: Sender,
        tx: OutboxTransaction,
        dues: Iterable[Due],
        now: Instant,
        *,
        overdue_until: Instant = NEVER,
        given_up: Iterable[Due] = (),
        alone: Container[int] = (),
    ) -> list[OutgoingMessage]:
        """Make messages of rows that are leased to us, and note where each goes: from then on it may have arrived.

        `given_up` are leased, too, and leave before their time if there is a message for the same people, else at their time.
        `alone` are rows that go with no others.
        """
        addressed: list[tuple[Address, Item]] = []
        outgoing_messages: list[OutgoingMessage] = []
        leaving: list[tuple[Due, Attempt]] = []
        updates: list[DueUpdate] = []
        for row in self._last_look.review(tx, dues, now, destination=sender.destination):
            if isinstance(row.due, DueUpdate):
                updates.append(row.due)
                continue
            address = self._address(sender, tx, row, now)
            if address is not None:
                addressed.append((address, row))
        asked_now = {entry.wait.id for _, row in addressed for entry in row.waits}
        for update in updates:
            outgoing_messages += self._update(sender, tx, update, now, asked_now)
        addressed += self._going_along(sender, tx, addressed, given_up, now)
        questions = {row.due.id for _, row in addressed if any(entry.asking.loop for entry in row.waits)}
        by_themselves = [row.due.id for _, row in addressed if row.due.id in questions or row.due.id in alone]
        for address, grouped in together(addressed, overdue_until=overdue_until, alone=by_themselves):
            live = self._live(tx, address, grouped)
            rows = tuple(_as_lines(row, live) for row in grouped)
            view = self._view(sender, tx, rows, now)
            if view is None:
                continue
            rows = tuple(self._listing(sender, tx, row, now) for row in rows)
            outgoing = self._message(address, rows, view, now, under=_under(rows, live))
            leaving += [(row.due, _attempt(outgoing, row, live)) for row in rows]
            outgoing_messages.append(outgoing)
        tx.mark_leaving(leaving)
        return outgoing_messages

    def _listing(self, sender: Sender, tx: OutboxTransaction, row: Item, now: Instant) -> Item:
        """A row with the waits that it lists, which are kept with it: its post follows them."""
        due = row.due
        if not isinstance(due, DueNotice) or due.subject is not NoticeSubject.HANDOVER:
            return row
        listed = sender.views.listed(tx, due, now)
        tx.list_handover(due, [wait.id for wait in listed])
        return replace(row, listed=tuple(listed))

    def _live(self, tx: OutboxTransaction, address: Address, rows: Iterable[Item]) -> dict[str, LivePost]:
        """The posts at an address in which these waits stand already: what is said of them now is a line."""
        found = ((entry.wait.id, tx.live_post(entry.wait.id, address)) for row in rows for entry in row.waits)
        return {wait: post for wait, post in found if post is not None}

    def _going_along(
        self, sender: Sender, tx: OutboxTransaction, addressed: Iterable[tuple[Address, Item]], dues: Iterable[Due], now: Instant
    ) -> list[tuple[Address, Item]]:
        """Those rows for whose people at their address there is a reminder already. The others go back."""
        targets = {(address, row.to) for address, row in addressed if isinstance(row.due, DueReminder)}
        found: list[tuple[Address, Item]] = []
        for due in dues:
            target = self._target(sender, tx, due, now)
            if target is None or target not in targets:
                tx.mark_again(due, due_at=due.due_at)
            else:
                for row in self._last_look.review(tx, (due,), now):
                    if row.to == target[1]:
                        found.append((target[0], row))
                    else:  # somebody else is asked now
                        tx.mark_again(due, due_at=due.due_at)
        return found

    def _target(self, sender: Sender, tx: OutboxTransaction, due: Due, now: Instant) -> tuple[Address, tuple[str, ...]] | None:
        """Where and to whom a reminder would go now; None where it wouldn't."""
        wait = self._engine.wait(tx, due.wait) if isinstance(due, DueReminder) else None
        if not isinstance(due, DueReminder) or wait is None or not wait.open:
            return None
        rules = self._engine.rules_of(wait.channel)
        if due.step >= len(rules.steps) or (wait.hold is not None and wait.hold.until > now):
            return None
        team = self._engine.team
        writer = ladder.writer_to_ask(wait, team)
        to = (writer,) if writer is not None else ladder.recipients(wait, rules, team, step=due.step)
        address = sender.destination.of(to, wait.channel, closed=_closed(tx))
        return None if address is None else (address, to)

    def _address(self, sender: Sender, tx: OutboxTransaction, row: Item, now: Instant) -> Address | None:
        """Where a row goes; a row that has nowhere to go is settled."""
        due = row.due
        if isinstance(due, DueNotice) and due.kind == "tip" and due.subject not in TO_MEMBERS:
            address = sender.destination.direct(due.person, closed=_closed(tx)) if due.person is not None else None
            if address is None:
                tx.mark_moot(due, reason=Reason(code=ReasonCode.NO_DIRECT_MESSAGES))
            return address
        if any(entry.asking.loop for entry in row.waits):
            return self._in_private(sender, tx, row, now)
        about = _about(due) if isinstance(due, DueNotice) else None
        about = row.waits[0].wait.channel if row.waits else about
        if any(entry.asking.anybody for entry in row.waits):  # the whole team reads it, whoever is asked first
            address = sender.destination.read_by_all(row.to, about, closed=_closed(tx))
        elif row.waits and not row.to:  # the team: where whom it names reads it, too
            named = [entry.asking.lead for entry in row.waits if entry.asking.lead is not None]
            address = sender.destination.channel(about, named)
        else:
            address = sender.destination.of(row.to, about, closed=_closed(tx))
        if address is None and sender.destination.parted:  # a server's own channel can't be found just now
            tx.mark_again(due, due_at=now + LOOKED_FOR_AGAIN)
        elif address is None:
            self._results.fail(tx, (due,), now, Reason(code=ReasonCode.NOWHERE))
        return address

    def _in_private(self, sender: Sender, tx: OutboxTransaction, row: Item, now: Instant) -> Address | None:
        """Where a question goes that is for one member alone. One that can't be had there stands in their list, and the row waits
        for what comes after it."""
        (entry,) = row.waits
        address = sender.destination.direct(row.to[0], entry.wait.channel, closed=_closed(tx))
        if address is None:
            tx.mark_again(row.due, due_at=now if entry.asking.promised is None else entry.asking.promised)
        return address

    def _update(
        self, sender: Sender, tx: OutboxTransaction, due: DueUpdate, now: Instant, asked_now: Container[str]
    ) -> list[OutgoingMessage]:
        """`asked_now`: the waits about which somebody is asked in this moment. A post that tells of one of them follows what that
        comes to: it doesn't call on whom the rung before was for first."""
        post = tx.post(due.post)
        if post is not None and post.removed:
            tx.mark_moot(due, reason=Reason(code=ReasonCode.POST_REMOVED))
            return []
        waits = () if post is None else self._told_in(tx, post)
        if post is not None and not waits and post.notices:
            view = sender.views.notice_now(tx, post, now)
            if view is not None:
                listed = () if post.handover is None else tx.waits(post.handover.waits)
                return [self._message(post.address, (Item(due=due, to=(), listed=listed),), view, now, ref=post.ref)]
        if post is None or not waits:
            tx.mark_moot(due, reason=Reason(code=ReasonCode.WAITS_FORGOTTEN))
            return []
        if any(one.wait.id in asked_now for one in waits if not one.line):
            tx.mark_again(due, due_at=now + GATHERED)  # it is due as soon as that has left
            return []
        for one in waits:
            if not one.line:
                self._results.ask_later(tx, one.wait, one.step, now)
        row = Item(due=due, to=(), waits=waits)
        view = self._view(sender, tx, (row,), now)
        return [self._message(post.address, (row,), view, now, ref=post.ref)] if view is not None else []

    def _told_in(self, tx: OutboxTransaction, post: Post) -> tuple[WaitInMessage, ...]:
        """The waits a post tells of, each with the latest rung that it is to tell of."""
        by_wait: dict[str, list[SentReminder]] = {}
        for sent in post.reminders:
            by_wait.setdefault(sent.wait, []).append(sent)
        found: list[WaitInMessage] = []
        for id, reminders in by_wait.items():
            wait = self._engine.wait(tx, id)
            if wait is None:
                continue
            in_full = [sent for sent in reminders if not sent.line]
            # A post of the team's tells, too, who was asked in a direct message since; but nothing that is for one alone.
            sent_here = [sent for sent in tx.sent_reminders(id) if not sent.asking.loop or sent.address == post.address]
            told, latest = (in_full or reminders)[0].told, (in_full and latest_rung(wait, sent_here)) or reminders[-1]
            elsewhere = latest if in_full and latest.address != post.address else None
            # A direct message is over then. A post of the team's goes on, since whoever reads it may take the wait; it calls on
            # nobody who was asked in a direct message.
            direct = post.address.kind == "person"
            asked_at = None if elsewhere is None else elsewhere.address
            found.append(
                WaitInMessage(
                    wait=wait,
                    step=latest.step,
                    to=latest.to,
                    asking=latest.asking,
                    told=told,
                    line=not in_full,
                    moved=elsewhere if direct else None,
                    apart=not direct and asked_at is not None and asked_at.kind == "person",
                    left_at=latest.at,
                )
            )
        return tuple(found)

    def _message(
        self,
        address: Address,
        rows: tuple[Item, ...],
        view: View,
        now: Instant,
        *,
        ref: str | None = None,
        under: LivePost | None = None,
    ) -> OutgoingMessage:
        """A message as it is read at its address, where members go by their accounts."""
        accounts = self._engine.team.accounts
        if accounts.by_member:
            view = on_platform(view, address.platform, accounts, self._engine.names_of)
        return OutgoingMessage(address=address, rows=rows, view=view, at=now, ref=ref, under=under)

    def _view(self, sender: Sender, tx: OutboxTransaction, rows: Sequence[Item], now: Instant) -> View | None:
        """What a message says. None when there is nothing to say, or when it can't be said: only this message suffers then."""
        due = rows[0].due
        waits = [entry for row in rows for entry in row.waits]
        try:
            if isinstance(due, DueUpdate):
                return sender.views.updated(tx, waits, now)
            if isinstance(due, DueReminder):
                return sender.views.reminder(tx, waits, now)
            view = sender.views.notice(tx, due, now)
        except Exception as error:  # one message that can't be worded (which only reads) must not keep the others from leaving
            log.error(
                "message_unsayable",
                say="A message couldn't be put into words, which is a mistake in realreply. It will be tried again.",
                waits=[entry.wait.id for entry in waits],
                error=described(error),
            )
            self._results.unsayable(tx, [row.due for row in rows], now, error)
            return None
        if view is None:
            tx.mark_moot(due, reason=Reason(code=ReasonCode.NOTHING_TO_SAY))
        return view


def _about(due: DueNotice) -> str | None:
    """The channel, server or platform that a notice is about; None: all there is."""
    if due.subject is NoticeSubject.ARRIVALS:
        return channel_told_of(due.key)
    if due.subject is NoticeSubject.HANDOVER:
        return HandoverKey.parse(due.key).place or None
    return digest_place(due.key) or preview_server(due.key)


def _as_lines(row: Item, live: Mapping[str, LivePost]) -> Item:
    """A row whose waits are told of in a line where they stand in full already."""
    if not any(entry.wait.id in live for entry in row.waits):
        return row
    return replace(row, waits=tuple(replace(entry, line=entry.wait.id in live) for entry in row.waits))


def _under(rows: Sequence[Item], live: Mapping[str, LivePost]) -> LivePost | None:
    """The post that a message goes with: that of whoever waits longest, where all that it says is lines. What stands in full for
    the first time is a message of its own, with the other lines in it: whom it is for is notified once. So is what is for nobody:
    below a post nobody would see it."""
    entries = [entry for row in rows for entry in row.waits]
    if not entries or not all(entry.line for entry in entries) or not any(row.to for row in rows):
        return None
    longest = min(entries, key=lambda entry: (entry.wait.opened_at, entry.wait.id))
    return live[longest.wait.id]


def _attempt(outgoing: OutgoingMessage, row: Item, live: Mapping[str, LivePost]) -> Attempt:
    wait = row.waits[0].wait if row.waits else None
    stands = None if wait is None else live.get(wait.id)
    return Attempt(
        address=outgoing.address,
        key=outgoing.keys[0],
        at=outgoing.at,
        to=row.to,
        under=None if outgoing.under is None else outgoing.under.post,
        stands=None if stands is None else stands.post,
        told=0 if wait is None else wait.written,
    )


def _closed(tx: OutboxTransaction) -> Closed:
    """Who takes no direct messages from us, as it turned out."""
    return lambda platform, account: tx.mark(dm_closed(platform, account)) is not None
