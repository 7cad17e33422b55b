"""The last look at what is due: as things are now, which rows may still leave, and to whom. All inside a transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeGuard

from bot.domain.arrivals import channel_told_of
from bot.domain.durations import HOUR, Instant, Seconds
from bot.domain.keys import digest_place
from bot.domain.marks import TEAM_GATHERS
from bot.domain.notifications import Asking, PassedOver
from bot.domain.outgoing import Due, DueNotice, DueReminder, SentReminder, WaitInMessage
from bot.domain.people import Team
from bot.domain.preferences import NotificationKind
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.waits import Wait
from bot.domain.writes import NoticeSubject
from bot.engine.engine import Engine
from bot.outbox.address_queues import Destination, Item
from bot.outbox.appeals import digest_appeals
from bot.outbox.greeting import ask_to_greet
from bot.outbox.results import Results
from bot.outbox.trial_draws import put_off_until
from bot.ports import OutboxTransaction
from bot.waits import asked, holds, ladder
from bot.waits.availability import AskingFacts, Availability, QuietRules
from bot.waits.ladder import Verdict

NEWCOMER: Final[Seconds] = 8 * HOUR
"""How much longer a customer whom nobody here ever answered counts as having waited."""


class LastLook:
    """Looks at leased rows, and settles those that won't leave now."""

    def __init__(self, engine: Engine, results: Results, quiet: QuietRules) -> None:
        self._engine = engine
        self._results = results
        self._quiet = quiet

    def review(
        self,
        tx: OutboxTransaction,
        dues: Iterable[Due],
        now: Instant,
        *,
        merging: bool = True,
        destination: Destination | None = None,
    ) -> list[Item]:
        """Look at each row as things are now: what is moot or held doesn't leave.

        `merging`: what goes to the same members on a platform leaves as one message, so that it counts once in their day, and
        what goes to them in other messages of this batch counts too. Who has waited longest comes first, and newcomers: where
        people's days are short, it is they who are asked about. `destination`: where what leaves goes, if it goes anywhere.
        """
        ready: list[Item] = []
        dues = tuple(dues)
        batch = _Batch(but=tuple(due.id for due in dues), team=self._engine.team)
        # A wait that ended and came back while its reminder queued for the channel's turn has two: the later one says it all.
        latest = {due.wait: due for due in sorted(dues, key=lambda due: due.id) if isinstance(due, DueReminder)}
        waits = self._engine.waits(tx, list(latest))
        # Several digests that couldn't leave at their time would say the same now.
        digests = {_told_by(due): due for due in sorted(dues, key=lambda due: due.id) if _is_digest(due)}
        for due in self._ranked(tx, dues, waits):
            if _is_digest(due) and due is not digests[_told_by(due)]:
                tx.mark_moot(due, reason=Reason(code=ReasonCode.MISSED))
                continue
            if _is_digest(due) and destination is not None and _told_elsewhere(due, destination):
                tx.mark_moot(due, reason=Reason(code=ReasonCode.REPLACED))
                continue
            if isinstance(due, DueNotice) and due.subject is NoticeSubject.ARRIVALS:
                greeter = self._greeter(tx, due, now, batch)
                if greeter is not None:
                    ready.append(Item(due=due, to=(greeter,)))
                continue
            if isinstance(due, DueNotice):
                if _is_digest(due) and due.subject is NoticeSubject.DAY:
                    tx.appeal(due.key, ())  # those of an attempt that failed
                    tx.appeal(due.key, digest_appeals(tx, self._engine, self._quiet, now, digest_place(due.key), destination))
                if self._may_be_told(tx, due, now, batch):
                    ready.append(Item(due=due, to=(due.person,) if due.person is not None else ()))
                continue
            if not isinstance(due, DueReminder):
                ready.append(Item(due=due, to=()))
                continue
            if due is not latest[due.wait]:
                tx.mark_moot(due, reason=Reason(code=ReasonCode.REPLACED))
                continue
            wait = waits.get(due.wait)
            if wait is None:
                tx.mark_moot(due, reason=Reason(code=ReasonCode.WAIT_GONE))
                continue
            verdict = self._verdict(tx, wait, due, now, batch, merging=merging)
            verdict = self._but_pressed(tx, wait, due, now, batch, verdict, merging=merging)
            verdict = self._but_asked(tx, wait, due, now, batch, verdict)
            if destination is not None:  # else nothing leaves, and there is nothing to try
                verdict = self._but_tried(tx, wait, due, now, verdict)
            if isinstance(verdict, ladder.Later) and verdict.asking.since is None and due.asking.since is not None:
                verdict = replace(verdict, asking=replace(verdict.asking, since=due.asking.since))
            if isinstance(verdict, ladder.Send) and wait.handed_to is not None and verdict.to == (wait.handed_to,):
                verdict = replace(verdict, asking=replace(verdict.asking, assigned=True))
            if not isinstance(verdict, ladder.Moot) and verdict.asking != due.asking:
                tx.note_asking(due, verdict.asking)
            if isinstance(verdict, ladder.Moot):
                tx.mark_moot(due, reason=verdict.reason)
            elif isinstance(verdict, ladder.Skip):
                tx.mark_moot(due, reason=verdict.reason)
                self._results.next_rung(tx, due, now, asking=verdict.asking)
            elif isinstance(verdict, ladder.Later):
                tx.mark_again(due, due_at=verdict.at)
            else:
                entry = WaitInMessage(wait=wait, step=due.step, to=verdict.to, handle=due.handle, asking=verdict.asking)
                # What comes after a word before a promise is due depends on that, also where it is given up.
                leaves = due if verdict.asking.promised is None else replace(due, asking=verdict.asking)
                ready.append(Item(due=leaves, to=verdict.to, waits=(entry,)))
                batch.plan(wait, verdict.to)
        return ready

    def _ranked(self, tx: OutboxTransaction, dues: Sequence[Due], waits: Mapping[str, Wait]) -> Sequence[Due]:
        """The rows in the order in which people's days are given to them. A newcomer counts as having waited a working day
        longer: who was never answered here doesn't know yet that anybody will."""
        reminders = [due for due in dues if isinstance(due, DueReminder) and due.wait in waits]
        if len(reminders) < 2 or self._quiet.budget is None:
            return dues

        def since(due: Due) -> float:
            wait = waits.get(due.wait) if isinstance(due, DueReminder) else None
            if wait is None:
                return 0.0
            return wait.opened_at - (0.0 if tx.exchanges(wait.customer) else NEWCOMER)

        return sorted(dues, key=since)

    def _but_asked(
        self, tx: OutboxTransaction, wait: Wait, due: DueReminder, now: Instant, batch: _Batch, verdict: Verdict
    ) -> Verdict:
        """The verdict without those who were asked about the wait lately: whatever made the rung come, nobody is notified of one
        wait twice within a rung's span. Who held it until its customer asked again is told first, where they can be."""
        if isinstance(verdict, ladder.Moot) or verdict.asking.promised is not None:
            return verdict
        verdict = self._but_handed(tx, wait, due, now, batch, verdict)
        if isinstance(verdict, ladder.Send) and verdict.asking.handed:
            return verdict
        holder = asked.holder_to_tell(wait, self._engine.team) if due.step == 0 else None
        if holder is not None and self._quiet.paused(wait.channel, now) is None:
            facts = self._facts(tx, batch, now, planned=batch.told, wait=wait)
            people = Availability(quiet=self._quiet, facts=facts, now=now, about=wait.channel)
            if people.passed(holder, own=True) is None and people.rests_until(holder) is None:
                verdict = ladder.Send(to=(holder,))
        if not isinstance(verdict, ladder.Send) or (not verdict.to and verdict.asking.lead is not None):
            return verdict  # the team is asked, because nobody can be, at a distance of its own
        rules, sent = self._engine.rules_of(wait.channel), tx.asked(wait.id, but=due)
        to = asked.not_lately(wait, rules, sent, verdict.to, now)
        if to is not None:
            return replace(verdict, to=to)
        untils = [asked.lately_until(wait, rules, sent, member, now) for member in verdict.to or (None,)]
        until = min(at for at in untils if at is not None)
        found = ladder.asked_lately(wait, rules, step=due.step, now=now, until=until, about=verdict.to)
        returns = verdict.asking.returns
        if not isinstance(found, ladder.Skip) or returns is None:
            return found
        return replace(found, asking=replace(found.asking, returns=returns))

    def _but_tried(self, tx: OutboxTransaction, wait: Wait, due: DueReminder, now: Instant, verdict: Verdict) -> Verdict:
        """The verdict, put off where a trial of first reminders has drawn the wait."""
        if not isinstance(verdict, ladder.Send):
            return verdict
        rules, trial = self._engine.rules_of(wait.channel), self._quiet.trial(now)
        until = put_off_until(tx, wait, due, verdict, trial=trial, rules=rules, quiet=self._quiet, now=now)
        return verdict if until is None else ladder.Later(at=until)

    def _but_pressed(
        self, tx: OutboxTransaction, wait: Wait, due: DueReminder, now: Instant, batch: _Batch, verdict: Verdict, *, merging: bool
    ) -> Verdict:
        """The verdict, where a wait's customer asks again while a promise holds it: whoever is to keep that is told once, as soon
        as they can be, else a colleague. The promise stands."""
        promised = holds.promised_for(wait.as_of(now).hold)
        if promised is None or isinstance(verdict, ladder.Moot | ladder.Send) or wait.insisted is None:
            return verdict
        as_theirs = asked.pressed(wait, tx.sent_reminders(wait.id), now)
        if as_theirs is None:
            return verdict
        found = self._verdict(tx, as_theirs, replace(due, step=0), now, batch, merging=merging)
        if isinstance(found, ladder.Send):
            return replace(found, asking=replace(found.asking, promised=promised, pressed=True))
        if isinstance(found, ladder.Later) and found.at < promised:
            return found
        return verdict

    def _but_handed(
        self, tx: OutboxTransaction, wait: Wait, due: DueReminder, now: Instant, batch: _Batch, verdict: Verdict
    ) -> Verdict:
        """The verdict, with whom the wait was handed to and who doesn't know yet: they are told of a promise at once, where they
        can be; and where the rung goes to others it comes to them when they can be told."""
        if isinstance(verdict, ladder.Moot) or wait.handed is None:
            return verdict
        member = asked.handed_to(wait, tx.sent_reminders(wait.id))
        if member is None or member not in self._engine.team.members or self._quiet.paused(wait.channel, now) is not None:
            return verdict
        promised = holds.promised_for(wait.as_of(now).hold)
        facts = self._facts(tx, batch, now, planned=batch.told, wait=wait)
        people = Availability(quiet=self._quiet, facts=facts, now=now, about=wait.channel)
        found = people.passed(member, own=True)
        at = people.rests_until(member) if found is None else people.back(member, own=True)
        if promised is not None:
            if found is None and at is None:
                return ladder.Send(to=(member,), asking=Asking(promised=promised, handed=True))
            return verdict if at is None or at >= promised else ladder.Later(at=at, asking=verdict.asking)
        if isinstance(verdict, ladder.Later) or (isinstance(verdict, ladder.Send) and member in verdict.to):
            return verdict
        if self._quiet.budget == 0 or (found is not None and at is None):
            return verdict
        asking = replace(verdict.asking, returns=now if at is None else at)
        if isinstance(verdict, ladder.Skip):
            return replace(verdict, asking=asking)
        return replace(verdict, asking=asking)

    def _verdict(
        self, tx: OutboxTransaction, wait: Wait, due: DueReminder, now: Instant, batch: _Batch, *, merging: bool
    ) -> Verdict:
        rules, team = self._engine.rules_of(wait.channel), self._engine.team
        sent: list[Sequence[SentReminder]] = []

        def earlier() -> Sequence[SentReminder]:
            if not sent:  # looked up once, where it is needed
                sent.append(tx.asked(wait.id, but=due))
            return sent[0]

        def lately(member: str) -> Instant | None:
            return asked.lately_until(wait, rules, earlier(), member, now)

        def last() -> tuple[str, ...]:
            return asked.last_asked(wait, earlier())

        def decide(planned: Collection[str]) -> Verdict:
            facts = self._facts(tx, batch, now, planned=planned, wait=wait)
            facts = replace(facts, lately=lately, asked_last=last, since=due.asking.since)
            return ladder.review(wait, rules, team, self._quiet, step=due.step, now=now, facts=facts)

        verdict = decide(())
        if not merging or not isinstance(verdict, ladder.Send) or batch.joins(wait, verdict.to):
            return verdict
        return decide(batch.told) if any(member in batch.told for member in verdict.to) else verdict

    def _facts(
        self, tx: OutboxTransaction, batch: _Batch, now: Instant, *, planned: Collection[str], wait: Wait | None = None
    ) -> AskingFacts:
        """`planned` are told something in this batch, in another message."""

        def notified(member: str, since: Instant) -> Sequence[Instant]:
            found = batch.notified(tx, member, since)
            return (*found, now) if member in planned else found

        if wait is None:
            return AskingFacts(notified=notified, mentioned=tx.appealed_to)
        customer, id = wait.customer, wait.id
        return AskingFacts(
            notified=notified,
            mentioned=tx.appealed_to,
            known=lambda: {(one.channel, one.member): (one.strength, one.at) for one in tx.exchanges(customer)},
            asked=lambda: frozenset(member for sent in tx.sent_reminders(id) for member in sent.to),
            team_asked_at=lambda: tx.team_asked_at(but=batch.but),
            team_gathers=lambda apart: _team_gathers(tx, now, apart),
            told_of_promises=lambda: frozenset(
                sent.asking.promised
                for sent in tx.sent_reminders(id)
                if sent.asking.promised is not None and not (sent.asking.handed or sent.asking.pressed or sent.asking.loop)
            ),
            asked_of_loops=lambda: frozenset(
                sent.asking.promised for sent in tx.sent_reminders(id) if sent.asking.promised is not None and sent.asking.loop
            ),
            seen={} if planned else batch.seen,
        )

    def _greeter(self, tx: OutboxTransaction, due: DueNotice, now: Instant, batch: _Batch) -> str | None:
        """The member who is asked to greet somebody: it counts in their day like a reminder."""
        channel = self._engine.moves.of(channel_told_of(due.key))
        facts = self._facts(tx, batch, now, planned=batch.told)
        found = ask_to_greet(tx, self._engine, Availability(quiet=self._quiet, facts=facts, now=now, about=channel), due, now)
        if found is not None:
            batch.told.add(found)
        return found

    def _may_be_told(self, tx: OutboxTransaction, due: DueNotice, now: Instant, batch: _Batch) -> bool:
        """Whether a notice may leave now. What is for one member counts in their day like a reminder, and waits for it."""
        if due.person is None:
            return True
        kind: NotificationKind = "reminders" if due.subject is NoticeSubject.HANDOVER else "tips"
        people = Availability(quiet=self._quiet, facts=self._facts(tx, batch, now, planned=batch.told), now=now, kind=kind)
        found = people.passed(due.person, own=True)
        until = people.rests_until(due.person) if found is None else people.back(due.person, own=True)
        if found is not None and until is None:
            tx.mark_moot(due, reason=Reason(code=ReasonCode.UNWANTED, about=(due.person,)))
        elif until is not None:
            tx.mark_again(due, due_at=until)
        else:
            batch.told.add(due.person)
            return True
        return False


@dataclass(slots=True)
class _Batch:
    """What leaves together with what is looked at: `but` are the rows themselves, `told` the members some message is for."""

    but: tuple[int, ...]
    team: Team
    told: set[str] = field(default_factory=set)
    seen: dict[tuple[str, bool], PassedOver | None] = field(default_factory=dict)
    _notified: dict[tuple[str, Instant], tuple[Instant, ...]] = field(default_factory=dict)
    _messages: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)

    def notified(self, tx: OutboxTransaction, member: str, since: Instant) -> tuple[Instant, ...]:
        """When messages for a member left before this batch: looked up once, since many waits ask it of everybody."""
        found = self._notified.get((member, since))
        if found is None:
            found = self._notified[member, since] = tx.notified(member, since, but=self.but)
        return found

    def joins(self, wait: Wait, to: tuple[str, ...]) -> bool:
        """Whether there is a message for just these members, which takes this wait along."""
        return (self.team.place_of(wait.channel), to) in self._messages

    def plan(self, wait: Wait, to: tuple[str, ...]) -> None:
        """A reminder leaves for these members."""
        self.told.update(to)
        self._messages.add((self.team.place_of(wait.channel), to))


def _team_gathers(tx: OutboxTransaction, now: Instant, apart: Seconds) -> Instant | None:
    """Until when a message for the team waits, so that it tells of all that falls due within `apart` of the first of it; None
    where nothing does. Since when it waits outlives a restart."""
    mark = tx.mark(TEAM_GATHERS)
    begun = mark.at if mark is not None and mark.at <= now <= mark.at + apart else now
    until = tx.reminders_due(now, begun + apart)
    if until is not None and begun == now:
        tx.put_mark(TEAM_GATHERS, now)
    return until


def _is_digest(due: Due) -> TypeGuard[DueNotice]:
    """Whether a row is a digest that says how things are when it leaves."""
    return isinstance(due, DueNotice) and due.subject in (NoticeSubject.DAY, NoticeSubject.WEEK)


def _told_by(due: DueNotice) -> tuple[NoticeSubject | None, str | None]:
    """What a digest tells, and of which platform: of several with the same only the latest leaves."""
    return due.subject, digest_place(due.key)


def _told_elsewhere(due: DueNotice, destination: Destination) -> bool:
    """Whether there is no channel for the digest of a platform or a server, so that another's tells what it would; or servers
    have come to have one each since it was put down for all."""
    place = digest_place(due.key)
    return destination.parted if place is None else not destination.has_digest(place)
