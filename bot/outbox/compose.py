"""From rows that may leave to messages: where each goes, what goes together, what it says. All inside a transaction."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

import structlog

from bot.domain.accounts import on_platform
from bot.domain.durations import Instant
from bot.domain.keys import platform_of
from bot.domain.outgoing import Address, Attempt, Due, DueNotice, DueReminder, DueUpdate, WaitInMessage
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.views import View
from bot.engine.engine import Engine
from bot.errors import described
from bot.outbox.address_queues import NEVER, Item, OutgoingMessage, Sender, together
from bot.outbox.last_look import LastLook
from bot.outbox.results import Results
from bot.ports import OutboxTransaction
from bot.waits import ladder

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
        for row in self._last_look.review(tx, dues, now):
            if isinstance(row.due, DueUpdate):
                outgoing_messages += self._update(sender, tx, row.due, now)
                continue
            address = self._address(sender, tx, row, now)
            if address is not None:
                addressed.append((address, row))
        addressed += self._going_along(sender, tx, addressed, given_up, now)
        for address, rows in together(addressed, overdue_until=overdue_until, alone=alone):
            view = self._view(sender, tx, rows, now)
            if view is None:
                continue
            outgoing = self._message(address, rows, view, now)
            key = outgoing.keys[0]
            leaving += [(row.due, Attempt(address=address, key=key, at=now, to=row.to)) for row in rows]
            outgoing_messages.append(outgoing)
        tx.mark_leaving(leaving)
        return outgoing_messages

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
        address = sender.destination.of(to, platform_of(wait.channel))
        return None if address is None else (address, to)

    def _address(self, sender: Sender, tx: OutboxTransaction, row: Item, now: Instant) -> Address | None:
        """Where a row goes; a row that has nowhere to go is settled."""
        due = row.due
        if isinstance(due, DueNotice) and due.kind == "tip":
            address = sender.destination.direct(due.person) if due.person is not None else None
            if address is None:
                tx.mark_moot(due, reason=Reason(code=ReasonCode.NO_DIRECT_MESSAGES))
            return address
        platform = platform_of(row.waits[0].wait.channel) if row.waits else None
        address = sender.destination.of(row.to, platform)
        if address is None:
            self._results.fail(tx, (due,), now, Reason(code=ReasonCode.NOWHERE))
        return address

    def _update(self, sender: Sender, tx: OutboxTransaction, due: DueUpdate, now: Instant) -> list[OutgoingMessage]:
        post = tx.post(due.post)
        if post is not None and post.removed:
            tx.mark_moot(due, reason=Reason(code=ReasonCode.POST_REMOVED))
            return []
        # Two reminders of one wait stand in a post when it was taken for two, in a channel that got another id.
        reminders = {sent.wait: sent for sent in post.reminders} if post is not None else {}
        sent_waits = [(self._engine.wait(tx, sent.wait), sent) for sent in reminders.values()]
        waits = tuple(
            WaitInMessage(wait=wait, step=sent.step, to=sent.to, asking=sent.asking)
            for wait, sent in sent_waits
            if wait is not None
        )
        if post is not None and not waits and post.notices:
            view = sender.views.notice_now(tx, post.notices[0], now)
            if view is not None:
                return [self._message(post.address, (Item(due=due, to=()),), view, now, ref=post.ref)]
        if post is None or not waits:
            tx.mark_moot(due, reason=Reason(code=ReasonCode.WAITS_FORGOTTEN))
            return []
        for one in waits:
            self._results.ask_later(tx, one.wait, one.step, now)
        row = Item(due=due, to=(), waits=waits)
        view = self._view(sender, tx, (row,), now)
        return [self._message(post.address, (row,), view, now, ref=post.ref)] if view is not None else []

    def _message(
        self, address: Address, rows: tuple[Item, ...], view: View, now: Instant, *, ref: str | None = None
    ) -> OutgoingMessage:
        """A message as it is read at its address, where members go by their accounts."""
        accounts = self._engine.team.accounts
        if accounts.by_member:
            view = on_platform(view, address.platform, accounts, self._engine.names_of)
        return OutgoingMessage(address=address, rows=rows, view=view, at=now, ref=ref)

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
