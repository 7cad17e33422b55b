"""What a store keeps of what may be missing: coverage by channel, gaps, events that couldn't be stored."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.events import EventKey
from bot.domain.gaps import Coverage, FailedEvent, Gap, GapReason
from bot.domain.outgoing import Paused
from bot.domain.writes import SaveWait, SetReminder
from bot.ports import Store, Transaction
from tests.storage.contract.conftest import Opener
from tests.storage.samples import CHANNEL, OTHER, wait

BAY = "bay:B1:C1"


async def test_coverage_outlives_a_restart_and_nothing_is_known_of_the_others(open_store: Opener) -> None:
    store, covered = await open_store(), Coverage(first_read_at=1.0, missing_since=5.0, threads_since=4.0)
    await store.transact(lambda tx: tx.put_coverage(CHANNEL, Coverage(first_read_to=3.0)))
    await store.transact(lambda tx: tx.put_coverage(CHANNEL, covered))
    await store.transact(lambda tx: tx.put_coverage(BAY, Coverage(missing_since=2.0)))
    await store.close()
    store = await open_store()

    def look(tx: Transaction) -> None:
        assert tx.coverage(CHANNEL) == covered and tx.coverage(OTHER) == Coverage()
        assert tx.coverage_on("bay") == {BAY: Coverage(missing_since=2.0)}
        assert list(tx.behind().items()) == [(BAY, 2.0), (CHANNEL, 5.0)]
        tx.put_coverage(BAY, Coverage(first_read_at=9.0))
        assert tx.behind() == {CHANNEL: 5.0}

    await store.transact(look)


async def test_a_gap_grows_while_it_is_open_and_is_closed_once(store: Store) -> None:
    gap = Gap(platform="bay", reason=GapReason.DISCONNECTED, since=5.0, noted_at=6.0)

    def work(tx: Transaction) -> None:
        tx.note_gap(gap)
        tx.note_gap(replace(gap, since=4.0, noted_at=7.0))
        tx.note_gap(replace(gap, since=9.0, noted_at=9.0))
        tx.note_gap(replace(gap, reason=GapReason.RETRIED, channel=BAY))
        tx.note_gap(replace(gap, platform="other"))
        assert {(one.reason, one.since, one.channel) for one in tx.close_gaps("bay", 10.0)} == {
            (GapReason.DISCONNECTED, 4.0, None),
            (GapReason.RETRIED, 5.0, BAY),
        }
        assert tx.close_gaps("bay", 11.0) == ()
        tx.note_gap(replace(gap, since=12.0, noted_at=12.0))
        assert [(one.platform, one.closed_at) for one in tx.gaps(3)] == [("bay", None), ("other", None), ("bay", 10.0)]

    await store.transact(work)


async def test_events_that_failed_are_noted_once_and_listed_until_they_are_stored(store: Store) -> None:
    failed = FailedEvent(channel=BAY, message="1.0", kind="posted", edit="", at=1.0, error="ValueError", noted_at=2.0)

    def work(tx: Transaction) -> None:
        tx.note_failed(failed)
        tx.note_failed(replace(failed, error="KeyError", noted_at=3.0))
        tx.note_failed(replace(failed, channel=CHANNEL, noted_at=4.0))
        again = replace(failed, error="KeyError", noted_at=3.0)
        assert tx.failed_events(9) == (replace(failed, channel=CHANNEL, noted_at=4.0), again)
        assert tx.failed_on("bay") == (again,)
        tx.drop_stored_failures(BAY)
        assert tx.failed_on("bay") == (again,)
        tx.first_time(EventKey(channel=BAY, message="1.0", kind="posted"), None, 1.0)
        tx.drop_stored_failures(CHANNEL)
        tx.drop_stored_failures(BAY)
        assert len(tx.failed_events(9)) == 1 and tx.failed_on("bay") == ()

    await store.transact(work)


async def test_old_gaps_and_failed_events_are_forgotten(store: Store) -> None:
    gap = Gap(platform="bay", reason=GapReason.SILENT, since=1.0, noted_at=1.0)
    failed = FailedEvent(channel=BAY, message="1.0", kind="posted", edit="", at=1.0, error="ValueError", noted_at=2.0)

    def work(tx: Transaction) -> None:
        tx.note_gap(gap)
        tx.close_gaps("bay", 2.0)
        tx.note_gap(gap)
        tx.note_failed(failed)
        tx.put_coverage(BAY, Coverage(first_read_at=1.0))
        tx.prune(100.0, keep=50.0, window=10)
        assert [one.closed_at for one in tx.gaps(9)] == [None] and tx.failed_events(9) == ()
        assert tx.coverage(BAY) == Coverage(first_read_at=1.0), "a quiet channel isn't taken for a new one"

    await store.transact(work)


async def test_reminders_of_a_channel_that_is_held_stay(store: Store) -> None:
    here, there = wait(1), wait(2, id=f"{OTHER}/2.0", channel=OTHER)

    def work(tx: Transaction) -> None:
        for one in (here, there):
            tx.save([SaveWait(wait=one), SetReminder(wait=one.id, step=0, to="owner", due_at=10.0 * one.opened_at)])
        held = Paused(channels=(CHANNEL,))
        assert (tx.next_due(), tx.next_due(held)) == (10.0, 20.0)
        assert tx.claim_due(10.0, limit=9, lease=5.0, paused=held) == []
        (due,) = tx.claim_due(30.0, limit=9, lease=5.0, paused=held)
        assert due.key.startswith(there.id)
        (due,) = tx.claim_due(30.0, limit=9, lease=5.0)
        assert due.key.startswith(here.id)

    await store.transact(work)
