"""The life of a reminder: pending, leased, settled."""

from __future__ import annotations

import pytest

from bot.domain.outgoing import Address, Attempt, DueNotice, DueReminder, Paused, SentReminder
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.writes import AddNotice, DropReminder, NoticeSubject, SaveWait, SetReminder
from bot.ports import Store, Transaction
from tests.storage.samples import wait

W = wait(1).id
TEAM = Address("local", "channel", "team")


def remind(tx: Transaction, due_at: float, step: int = 0, number: int = 1) -> None:
    tx.save([SaveWait(wait=wait(number)), SetReminder(wait=wait(number).id, step=step, to="owner", due_at=due_at)])


def claim(tx: Transaction, now: float, lease: float = 30.0) -> DueReminder:
    (due,) = tx.claim_due(now, limit=10, lease=lease)
    assert isinstance(due, DueReminder)
    return due


async def test_a_wait_has_one_pending_reminder(store: Store) -> None:
    def work(tx: Transaction) -> None:
        remind(tx, 10.0)
        first = tx.pending(W)
        assert first is not None and first.key == f"{W}#0.0"
        tx.save([SetReminder(wait=W, step=1, to="duty", due_at=20.0)])
        moved = tx.pending(W)
        assert moved == DueReminder(id=first.id, key=first.key, wait=W, step=1, to="duty", due_at=20.0, attempt=0)
        assert tx.claim_due(15.0, limit=10, lease=5.0) == []
        tx.save([DropReminder(wait=W)])
        assert tx.pending(W) is None
        assert tx.claim_due(99.0, limit=10, lease=5.0) == []
        assert tx.next_due() is None

    await store.transact(work)


async def test_whether_anybody_was_reminded_of_any_of_several_waits(store: Store) -> None:
    def work(tx: Transaction) -> None:
        others = [wait(number).id for number in (2, 3)]
        for number in (1, 2, 3):
            remind(tx, 10.0 * number, number=number)
        tx.save([DropReminder(wait=others[0])])
        assert not tx.reminded([W, *others]) and not tx.reminded([]) and not tx.reminded(["nowhere/1"])
        due = claim(tx, 10.0)
        assert tx.reminded([*others, W]) and not tx.reminded(others)  # it may be on its way
        tx.mark_sent(due, at=11.0, to=("ana",), ref="m1", address=TEAM)
        assert tx.reminded([W])
        tx.mark_dead(claim(tx, 30.0), reason=Reason(code=ReasonCode.NOWHERE))
        assert tx.reminded(others)

    await store.transact(work)


async def test_due_reminders_come_earliest_first_and_once(store: Store) -> None:
    def work(tx: Transaction) -> None:
        for number, due_at in ((1, 30.0), (2, 10.0), (3, 20.0), (4, 10.0), (5, 99.0)):
            remind(tx, due_at, number=number)
        assert tx.next_due() == 10.0
        assert [d.wait for d in tx.claim_due(30.0, limit=3, lease=5.0)] == [wait(2).id, wait(4).id, wait(3).id]
        assert [d.wait for d in tx.claim_due(30.0, limit=3, lease=50.0)] == [wait(1).id]
        assert tx.claim_due(30.0, limit=3, lease=5.0) == []
        assert tx.next_due() == 35.0  # the first lease ends
        again = tx.claim_due(35.0, limit=2, lease=5.0)
        assert [(d.wait, d.attempt) for d in again] == [(wait(2).id, 2), (wait(4).id, 2)]

    await store.transact(work)


async def test_a_sent_reminder_is_never_touched_again(store: Store) -> None:
    def work(tx: Transaction) -> None:
        remind(tx, 10.0)
        due = claim(tx, 10.0)
        assert tx.mark_sent(due, at=11.0, to=("ana", "ben"), ref="m1", address=TEAM)
        tx.save([SetReminder(wait=W, step=1, to="lead", due_at=40.0)])
        pending = tx.pending(W)
        assert pending is not None and (pending.key, pending.attempt) == (f"{W}#1.1", 0)
        tx.save([DropReminder(wait=W)])
        assert not tx.mark_sent(due, at=99.0, to=("mia",), ref="m2", address=TEAM)
        assert not tx.mark_dead(due, reason=Reason(code=ReasonCode.NOWHERE))
        assert tx.sent_reminders(W) == (SentReminder(wait=W, step=0, at=11.0, to=("ana", "ben"), ref="m1", address=TEAM),)
        tx.save([SetReminder(wait=W, step=1, to="lead", due_at=40.0)])
        due = claim(tx, 40.0)
        assert due.key == f"{W}#1.2"
        assert tx.mark_sent(due, at=41.0, to=("ana",), ref=None)
        assert [s.at for s in tx.sent_reminders(W)] == [11.0, 41.0]
        assert [tx.sent_since("ana", t) for t in (0.0, 11.0, 11.5, 42.0)] == [2, 2, 1, 0]
        assert tx.sent_since("ben", 0.0) == 1

    await store.transact(work)


@pytest.mark.parametrize("settle", ["sent", "again", "moot", "dead"])
async def test_a_lost_lease_settles_nothing(store: Store, settle: str) -> None:
    def mark(tx: Transaction, due: DueReminder) -> bool:
        match settle:
            case "sent":
                return tx.mark_sent(due, at=1.0, to=(), ref=None)
            case "again":
                return tx.mark_again(due, due_at=50.0)
            case "moot":
                return tx.mark_moot(due, reason=Reason(code=ReasonCode.ENDED, about=("answered",)))
            case _:
                return tx.mark_dead(due, reason=Reason(code=ReasonCode.REFUSED, about=("gone",)))

    def work(tx: Transaction) -> None:
        remind(tx, 10.0)
        mine = claim(tx, 10.0, lease=5.0)
        theirs = claim(tx, 15.0, lease=5.0)
        assert (theirs.id, theirs.key, theirs.attempt) == (mine.id, mine.key, 2)
        assert not mark(tx, mine)
        assert tx.next_due() == 20.0  # still theirs
        assert mark(tx, theirs)
        assert not mark(tx, theirs)
        assert tx.next_due() == (50.0 if settle == "again" else None)

    await store.transact(work)


async def test_a_reminder_that_comes_back_keeps_its_key(store: Store) -> None:
    def work(tx: Transaction) -> None:
        remind(tx, 10.0)
        due = claim(tx, 10.0)
        assert tx.mark_again(due, due_at=20.0)
        again = claim(tx, 20.0)
        assert (again.key, again.attempt) == (due.key, 2)

    await store.transact(work)


async def test_while_one_is_being_sent_another_may_be_set(store: Store) -> None:
    def work(tx: Transaction) -> None:
        remind(tx, 10.0)
        due = claim(tx, 10.0)
        tx.save([SetReminder(wait=W, step=0, to="owner", due_at=60.0)])
        pending = tx.pending(W)
        assert pending is not None and pending.id != due.id and pending.key != due.key
        assert tx.mark_again(due, due_at=20.0)  # the later one stands: a wait has one pending reminder
        assert tx.pending(W) == pending
        assert tx.claim_due(20.0, limit=10, lease=5.0) == []

    await store.transact(work)


async def test_what_may_have_left_is_looked_for_only_when_the_platform_would_show_it(store: Store) -> None:
    def work(tx: Transaction) -> None:
        remind(tx, 10.0, number=1)
        remind(tx, 11.0, number=2)
        gone, _ = tx.claim_due(12.0, limit=10, lease=60.0)
        tx.mark_leaving([(gone, Attempt(address=TEAM, key=gone.key, at=12.0, to=("ana",)))])
        assert tx.end_leases(18.0) == 2
        assert [due.wait for due in tx.claim_due(13.0, limit=10, lease=1.0)] == [wait(2).id]
        assert tx.end_leases(19.0) == 2  # a second restart doesn't put it off again
        assert [due.id for due in tx.claim_due(18.0, limit=10, lease=60.0) if due.left is not None] == [gone.id]

    await store.transact(work)


@pytest.mark.parametrize("code", ReasonCode)
async def test_a_reason_is_kept_as_it_was_given(store: Store, code: ReasonCode) -> None:
    reason = Reason(code=code, about=("ana", 'a "b", c'))

    def work(tx: Transaction) -> None:
        remind(tx, 10.0)
        assert tx.mark_dead(claim(tx, 10.0), reason=reason)
        assert [dead.reason for dead in tx.dead(9)] == [reason]

    await store.transact(work)


async def test_what_is_paused_is_neither_leased_nor_next(store: Store) -> None:
    """Of two platforms one is paused: its reminders, also those whose lease has ended, and the updates of its posts stay; digests
    stay where they are paused too."""
    bay, here = "bay:B1:C1", wait(2)
    there = wait(1, id=f"{bay}/1.0", channel=bay)
    posted = wait(3, id=f"{bay}/3.0", channel=bay)

    def work(tx: Transaction) -> None:
        for one, due_at in ((there, 10.0), (here, 20.0), (posted, 5.0)):
            tx.save([SaveWait(wait=one), SetReminder(wait=one.id, step=0, to="owner", due_at=due_at)])
        due = claim(tx, 5.0)
        tx.mark_sent(due, at=5.0, to=("ana",), ref="m1", address=Address("bay", "channel", "team"))
        tx.update_post(Address("bay", "channel", "team"), "m1", due_at=7.0)
        tx.save([AddNotice(kind="digest", key="d", due_at=15.0, subject=NoticeSubject.DAY)])
        reading, gone = Paused(platforms=("bay",), notices=True), Paused(platforms=("bay",))
        assert (tx.next_due(), tx.next_due(reading), tx.next_due(gone)) == (7.0, 20.0, 15.0)
        (due,) = tx.claim_due(20.0, limit=10, lease=5.0, paused=reading)
        assert isinstance(due, DueReminder) and due.wait == here.id
        (due,) = tx.claim_due(20.0, limit=10, lease=5.0, paused=gone)
        assert isinstance(due, DueNotice)
        assert len(tx.claim_due(20.0, limit=10, lease=5.0)) == 2
        again = tx.claim_due(26.0, limit=10, lease=5.0, paused=reading)
        assert [due.key for due in again if isinstance(due, DueReminder)] == [f"{here.id}#0.0"]

    await store.transact(work)


async def test_what_failed_or_was_given_up_can_be_woken(store: Store) -> None:
    refused = Reason(code=ReasonCode.REFUSED, about=("no",))

    def work(tx: Transaction) -> None:
        for number in (1, 2, 3, 4):
            remind(tx, 10.0, number=number)
        failed, put_off, dead, _ = tx.claim_due(10.0, limit=9, lease=30.0)
        tx.mark_again(failed, due_at=900.0, failed=True)
        tx.mark_again(put_off, due_at=900.0)
        tx.mark_dead(dead, reason=refused, refused=True)
        tx.save([SetReminder(wait=wait(3).id, step=0, to="owner", due_at=900.0)])
        assert tx.wake(20.0, given_up=False) == 1
        assert tx.pending(wait(1).id).due_at == 20.0  # type: ignore[union-attr]
        assert tx.wake(30.0, given_up=True) == 1, "the first is due already"
        assert [due.wait for due in tx.claim_due(30.0, limit=9, lease=99.0)] == [wait(1).id, wait(3).id]
        assert tx.wake(40.0, given_up=True) == 0, "nothing else, and nothing that is leased"

    await store.transact(work)


async def test_what_was_planned_anew_is_not_woken_for_what_held_up_the_old_plan(store: Store) -> None:
    def work(tx: Transaction) -> None:
        remind(tx, 10.0)
        tx.mark_again(claim(tx, 10.0), due_at=50.0, failed=True)
        tx.save([SetReminder(wait=W, step=0, to="owner", due_at=900.0)])
        assert tx.wake(20.0, given_up=True) == 0

    await store.transact(work)


async def test_a_rung_that_was_given_up_can_go_along_and_is_listed_until_it_arrives(store: Store) -> None:
    refused = Reason(code=ReasonCode.REFUSED, about=("no",))

    def work(tx: Transaction) -> None:
        remind(tx, 10.0)
        remind(tx, 500.0, number=2)
        for _ in range(3):
            due = claim(tx, 10.0)
            tx.mark_dead(due, reason=refused, refused=True)
            tx.drop_given_up(due)
            tx.save([SetReminder(wait=W, step=0, to="owner", due_at=10.0)])
        assert [letter.id for letter in tx.dead(9)] == [due.id], "only the latest"
        tx.mark_again(claim(tx, 10.0), due_at=900.0)
        assert tx.claim_given_up(20.0, lease=30.0, paused=Paused(platforms=("slack",))) == []
        (again,) = tx.claim_given_up(20.0, lease=30.0)
        assert isinstance(again, DueReminder) and again.wait == W and again.due_at == 900.0
        assert tx.claim_given_up(20.0, lease=30.0) == [], "it is leased"
        assert tx.mark_sent(again, at=20.0, to=("ana",))
        tx.drop_given_up(again)
        assert tx.dead(9) == ()

    await store.transact(work)
