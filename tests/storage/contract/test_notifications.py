"""Who was told what and when, how those were chosen who are asked, and whom digests mention: as stored rows tell it."""

from __future__ import annotations

from bot.domain.notifications import STRAIGHT, Appeal, Asking, PassedOver, Unavailable
from bot.domain.outgoing import Attempt, DueNotice
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.writes import AddNotice, NoticeSubject, SaveWait, SetReminder
from bot.ports import Store, Transaction
from tests.storage.contract.test_outgoing import TEAM, W, claim, remind
from tests.storage.samples import wait

PASSED = (
    PassedOver(member="ana", why=Unavailable.FULL, budget=3),
    PassedOver(member="ben", why=Unavailable.AWAY, until=99.0),
)


async def test_what_is_on_its_way_to_somebody_counts_until_it_is_known_not_to_have_arrived(store: Store) -> None:
    def work(tx: Transaction) -> None:
        remind(tx, 10.0)
        due = claim(tx, 10.0)
        assert tx.notified("ana", 0.0) == ()
        tx.mark_leaving([(due, Attempt(address=TEAM, key=due.key, at=11.0, to=("ana", "ben")))])
        assert tx.notified("ana", 0.0) == (11.0,) == tx.notified("ben", 11.0)
        assert tx.notified("ana", 11.5) == () == tx.notified("mia", 0.0)
        assert tx.notified("ana", 0.0, but=(due.id,)) == (), "a row that is looked at doesn't keep itself back"
        tx.mark_again(due, due_at=12.0, failed=True)
        assert tx.notified("ana", 0.0) == ()
        again = claim(tx, 12.0)
        tx.mark_sent(again, at=13.0, to=("ana",), ref="m1", address=TEAM)
        assert tx.notified("ana", 0.0, but=(again.id,)) == (13.0,) and tx.notified("ben", 0.0) == ()

    await store.transact(work)


async def test_what_is_tried_again_and_again_counts_as_of_when_it_was_due(store: Store) -> None:
    def work(tx: Transaction) -> None:
        remind(tx, 10.0)
        due = claim(tx, 10.0)
        for at in (11.0, 500.0):
            tx.mark_leaving([(due, Attempt(address=TEAM, key=due.key, at=at, to=("ana",)))])
            tx.mark_again(due, due_at=at, failed=True, uncertain=True)
        assert tx.notified("ana", 0.0) == (10.0,), "not as of the last try, which mostly failed as well"
        assert tx.notified("ana", 400.0) == (400.0,), "in a day that began later it counts still"
        assert tx.team_asked_at() is None

    await store.transact(work)


async def test_a_digest_that_is_tried_again_and_again_mentions_nobody_just_now(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.save([SaveWait(wait=wait(1)), AddNotice(kind="digest", key="monday", due_at=10.0, subject=NoticeSubject.DAY)])
        (due,) = tx.claim_due(10.0, limit=9, lease=1.0)
        tx.appeal("monday", [Appeal(wait=W, person="ana", at=10.0)])
        tx.mark_leaving([(due, Attempt(address=TEAM, key=due.key, at=10.0, to=()))])
        assert tx.appealed_to("ana", 0.0) == 10.0
        tx.mark_again(due, due_at=11.0, failed=True, uncertain=True)
        assert tx.appealed_to("ana", 0.0) is None

    await store.transact(work)


async def test_how_those_were_chosen_who_are_asked_stays_with_the_row(store: Store) -> None:
    asking = Asking(passed=PASSED, lead="mia", days_full=True)

    def work(tx: Transaction) -> None:
        remind(tx, 10.0)
        due = claim(tx, 10.0)
        assert due.asking == STRAIGHT
        tx.note_asking(due, asking)
        tx.mark_again(due, due_at=20.0)
        pending = tx.pending(W)
        assert pending is not None and pending.asking == asking
        due = claim(tx, 20.0)
        assert due.asking == asking
        tx.mark_leaving([(due, Attempt(address=TEAM, key=due.key, at=20.0, to=()))])
        assert tx.team_asked_at() == 20.0 and tx.team_asked_at(but=(due.id,)) is None
        tx.mark_sent(due, at=21.0, to=(), ref="m1", address=TEAM)
        assert tx.team_asked_at(but=(due.id,)) == 21.0
        (sent,) = tx.sent_reminders(W)
        assert sent.asking == asking
        tx.save([SetReminder(wait=W, step=1, to="lead", due_at=30.0)])
        due = claim(tx, 30.0)
        tx.note_asking(due, Asking(passed=PASSED[:1]))
        tx.mark_moot(due, reason=Reason(code=ReasonCode.OVER_BUDGET, about=("ana",)))
        (skipped,) = tx.skipped_reminders(W)
        assert (skipped.step, skipped.at, skipped.asking.passed) == (1, 30.0, PASSED[:1])

    await store.transact(work)


async def test_a_new_plan_knows_nothing_of_who_was_passed_over_for_the_old_one(store: Store) -> None:
    def work(tx: Transaction) -> None:
        remind(tx, 10.0)
        due = claim(tx, 10.0)
        tx.note_asking(due, Asking(passed=PASSED))
        tx.mark_again(due, due_at=20.0)
        tx.save([SetReminder(wait=W, step=1, to="duty", due_at=30.0)])
        pending = tx.pending(W)
        assert pending is not None and pending.asking == STRAIGHT

    await store.transact(work)


async def test_whom_a_digest_mentions_counts_unless_it_never_arrived(store: Store) -> None:
    one = Appeal(wait=W, person="ana", at=50.0)

    def work(tx: Transaction) -> None:
        for number in (1, 2):
            remind(tx, 10.0, number=number)
        slots = [AddNotice(kind="digest", key=key, due_at=50.0, subject=NoticeSubject.DAY) for key in ("mon", "tue")]
        tx.save(slots)
        monday, tuesday = (due for due in tx.claim_due(50.0, limit=9, lease=5.0) if isinstance(due, DueNotice))
        tx.appeal("mon", [one, Appeal(wait=wait(2).id, person="mia", at=50.0, decides=True)])
        assert tx.appeals(W) == (one,) and tx.appeals(wait(2).id)[0].decides
        assert {found.wait for found in tx.appeals_in("mon")} == {W, wait(2).id}
        assert tx.appealed_to("ana", 50.0) and not tx.appealed_to("ana", 50.5)
        tx.mark_again(monday, due_at=60.0)
        assert tx.appeals(W) == () and not tx.appealed_to("ana", 0.0), "it hasn't left"
        tx.appeal("tue", [one])
        tx.mark_sent(tuesday, at=51.0, to=(), ref="m1", address=TEAM)
        assert tx.appeals(W) == (one,)
        (monday,) = (due for due in tx.claim_due(60.0, limit=9, lease=5.0) if isinstance(due, DueNotice))
        tx.mark_dead(monday, reason=Reason(code=ReasonCode.NOWHERE))
        assert tx.appeals_in("mon") == () and tx.appeals(wait(2).id) == ()

    await store.transact(work)


async def test_whether_a_reminder_is_still_to_come(store: Store) -> None:
    def work(tx: Transaction) -> None:
        remind(tx, 10.0)
        assert tx.reminder_ahead(W)
        due = claim(tx, 10.0)
        assert tx.reminder_ahead(W)
        tx.mark_sent(due, at=11.0, to=("ana",), ref="m1", address=TEAM)
        assert not tx.reminder_ahead(W) and not tx.reminder_ahead("nowhere/1")

    await store.transact(work)
