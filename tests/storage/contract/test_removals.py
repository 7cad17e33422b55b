"""Posts that are to be removed: put down, leased, tried until it is done, and nothing about them is forgotten."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.outgoing import Address, DueRemoval, DueUpdate
from bot.domain.waits import Wait, WaitState
from bot.domain.writes import SaveWait, SetReminder
from bot.ports import Store, Transaction
from tests.storage.contract.test_posts import ANA, POSTED, TEAM, due, post
from tests.storage.samples import wait

ELSEWHERE = Address("local", "channel", "other")


def claimed(tx: Transaction, now: float, *, limit: int = 10) -> list[str]:
    return [removal.ref for removal in tx.claim_removals(now, limit=limit, lease=60.0, rest=25.0)]


async def test_all_posts_of_a_place_go_the_latest_first_and_no_others(store: Store) -> None:
    def work(tx: Transaction) -> None:
        for number in range(3):
            post(tx, wait(number + 1), at=10.0 + number, ref=f"m{number}")
        post(tx, wait(4), at=20.0, address=ANA, ref="d1")
        assert set(tx.places()) == {TEAM, ANA}
        assert tx.has_posts(TEAM) and not tx.has_posts(ELSEWHERE)
        assert tx.remove_posts(ELSEWHERE, due_at=30.0) == 0
        assert tx.remove_posts(TEAM, due_at=30.0) == 3 and tx.next_due() == 30.0
        assert claimed(tx, 29.0) == []
        assert claimed(tx, 30.0) == ["m2", "m1", "m0"]

    await store.transact(work)


async def test_more_than_fit_have_their_turn_later_and_what_is_not_settled_comes_again(store: Store) -> None:
    def work(tx: Transaction) -> None:
        for number in range(3):
            post(tx, wait(number + 1), at=10.0 + number, ref=f"m{number}")
        tx.remove_posts(TEAM, due_at=30.0)
        assert claimed(tx, 30.0, limit=2) == ["m2", "m1"]
        assert tx.next_due() == 55.0 and claimed(tx, 55.0) == ["m0"]
        assert claimed(tx, 90.0) == ["m2", "m1"], "their lease has ended"
        assert tx.remove_posts(TEAM, due_at=91.0) == 3, "told again, all are tried at once"

    await store.transact(work)


async def test_what_is_removed_is_removed_for_good_and_what_was_put_off_is_tried_then(store: Store) -> None:
    def work(tx: Transaction) -> None:
        post(tx, wait(1))
        tx.remove_posts(TEAM, due_at=30.0)
        (removal,) = tx.claim_removals(30.0, limit=10, lease=60.0, rest=25.0)
        assert removal == DueRemoval(post=1, address=TEAM, ref="m1")
        tx.remove_again(removal, due_at=40.0)
        assert claimed(tx, 39.0) == [] and claimed(tx, 40.0) == ["m1"]
        tx.mark_removed(removal, at=41.0)
        tx.remove_again(removal, due_at=42.0)
        assert tx.remove_posts(TEAM, due_at=43.0) == 0 and claimed(tx, 1e6) == []
        assert not tx.has_posts(TEAM) and not tx.places()

    await store.transact(work)


async def test_a_post_is_known_to_be_removed_from_when_that_was_put_down(store: Store) -> None:
    def work(tx: Transaction) -> None:
        post(tx, POSTED)
        tx.remove_posts(TEAM, due_at=15.0)
        tx.save([SaveWait(wait=replace(POSTED, state=WaitState.ANSWERED, ended_at=20.0))])
        (row,) = due(tx, 20.0)
        assert isinstance(row, DueUpdate)
        found = tx.post(row.post)
        assert found is not None and found.removed

    await store.transact(work)


async def test_who_is_told_of_nowhere_else_is_given_back(store: Store) -> None:
    """One is over, one has its next reminder, one is told of in a direct message, too; the last is nowhere any
    more. Whoever has only a later rung to come is given back: that may be a day away."""

    def work(tx: Transaction) -> None:
        over, pending, elsewhere, nowhere = (wait(number) for number in range(1, 5))
        post(tx, over, pending, elsewhere, nowhere)
        post(tx, elsewhere, at=12.0, address=ANA, ref="d1")
        tx.save([SaveWait(wait=replace(over, state=WaitState.ANSWERED, ended_at=20.0))])
        tx.save([SetReminder(wait=pending.id, step=1, to="duty", due_at=99.0)])
        tx.remove_posts(TEAM, due_at=30.0)
        (removal,) = tx.claim_removals(30.0, limit=10, lease=60.0, rest=25.0)
        assert sorted(tx.mark_removed(removal, at=31.0)) == [(pending.id, 0), (nowhere.id, 0)]
        tx.remove_posts(ANA, due_at=32.0)
        (removal,) = tx.claim_removals(32.0, limit=10, lease=60.0, rest=25.0)
        assert list(tx.mark_removed(removal, at=33.0)) == [(elsewhere.id, 0)]

    await store.transact(work)


async def test_a_post_that_is_still_to_be_removed_is_not_forgotten_with_its_wait(store: Store) -> None:
    ended: Wait = replace(POSTED, state=WaitState.ANSWERED, ended_at=20.0)

    def work(tx: Transaction) -> None:
        post(tx, POSTED)
        tx.remove_posts(TEAM, due_at=30.0)
        tx.save([SaveWait(wait=ended)])
        tx.prune_waits(1e6, keep=1.0)
        assert claimed(tx, 1e6) == ["m1"]

    await store.transact(work)
