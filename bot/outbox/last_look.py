"""The last look at what is due: as things are now, which rows may still leave, and to whom. All inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeGuard

from bot.domain.durations import Instant
from bot.domain.outgoing import Due, DueNotice, DueReminder, WaitInMessage
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.waits import Wait
from bot.domain.writes import NoticeSubject
from bot.engine.engine import Engine
from bot.outbox.address_queues import Item
from bot.outbox.results import Results
from bot.ports import OutboxTransaction
from bot.waits import ladder
from bot.waits.ladder import Verdict


class LastLook:
    """Looks at leased rows, and settles those that won't leave now."""

    def __init__(self, engine: Engine, results: Results, quiet: ladder.QuietRules) -> None:
        self._engine = engine
        self._results = results
        self._quiet = quiet

    def review(self, tx: OutboxTransaction, dues: Iterable[Due], now: Instant, *, merging: bool = True) -> list[Item]:
        """Look at each row as things are now: what is moot or held doesn't leave.

        `merging`: what goes to the same members leaves as one message, so that it counts once in their day, and what goes to
        them in other messages of this batch counts too.
        """
        ready: list[Item] = []
        planned: dict[str, set[tuple[str, ...]]] = {}
        dues = tuple(dues)
        # A wait that ended and came back while its reminder queued for the channel's turn has two: the later one says it all.
        latest = {due.wait: due for due in sorted(dues, key=lambda due: due.id) if isinstance(due, DueReminder)}
        waits = self._engine.waits(tx, list(latest))
        # Several digests that couldn't leave at their time would say the same now.
        digests = {due.subject: due for due in sorted(dues, key=lambda due: due.id) if _is_digest(due)}
        for due in dues:
            if _is_digest(due) and due is not digests[due.subject]:
                tx.mark_moot(due, reason=Reason(code=ReasonCode.MISSED))
                continue
            if not isinstance(due, DueReminder):
                person = due.person if isinstance(due, DueNotice) else None
                ready.append(Item(due=due, to=(person,) if person is not None else ()))
                continue
            if due is not latest[due.wait]:
                tx.mark_moot(due, reason=Reason(code=ReasonCode.REPLACED))
                continue
            wait = waits.get(due.wait)
            if wait is None:
                tx.mark_moot(due, reason=Reason(code=ReasonCode.WAIT_GONE))
                continue
            verdict = self._verdict(tx, wait, due, now, planned if merging else {})
            if isinstance(verdict, ladder.Moot):
                tx.mark_moot(due, reason=verdict.reason)
            elif isinstance(verdict, ladder.Skip):
                tx.mark_moot(due, reason=verdict.reason)
                self._results.next_rung(tx, due, now)
            elif isinstance(verdict, ladder.Later):
                tx.mark_again(due, due_at=verdict.at)
            else:
                entry = WaitInMessage(wait=wait, step=due.step, to=verdict.to, handle=due.handle)
                ready.append(Item(due=due, to=verdict.to, waits=(entry,)))
                for member in verdict.to:
                    planned.setdefault(member, set()).add(verdict.to)
        return ready

    def _verdict(
        self, tx: OutboxTransaction, wait: Wait, due: DueReminder, now: Instant, planned: dict[str, set[tuple[str, ...]]]
    ) -> Verdict:
        rules, team = self._engine.rules_of(wait.channel), self._engine.team

        def decide(also: dict[str, int]) -> Verdict:
            def sent_since(person: str, since: Instant) -> int:
                return tx.sent_since(person, since) + also.get(person, 0)

            return ladder.review(
                wait, rules, team, self._quiet, step=due.step, now=now, sent_since=sent_since if also else tx.sent_since
            )

        verdict = decide({})
        if not isinstance(verdict, ladder.Send):
            return verdict
        others = {member: len(planned.get(member, set()) - {verdict.to}) for member in verdict.to}
        joins = any(verdict.to in planned.get(member, ()) for member in verdict.to)
        return decide(others) if any(others.values()) and not joins else verdict


def _is_digest(due: Due) -> TypeGuard[DueNotice]:
    """Whether a row is a digest that says how things are when it leaves."""
    return isinstance(due, DueNotice) and due.subject in (NoticeSubject.DAY, NoticeSubject.WEEK)
