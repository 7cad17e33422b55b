"""Reported direct messages as they are stored: once for each message and reporter, and not for long."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.auto_dms import KEPT, OPEN_FOR, AutoDm, AutoDmSort
from bot.domain.writes import KeepAutoDm
from bot.ports import Store, Transaction

REPORT = AutoDm(
    platform="slack",
    message="m1",
    reporter="r1",
    sent_at=5.0,
    opened_at=9.0,
    reported_at=10.0,
    sender="ana",
    app="A1",
    app_name="Zap",
    sort=AutoDmSort.PITCH,
    words=(3, 4_000_000_000),
)


async def test_a_report_is_kept_once_for_each_message_and_reporter(store: Store) -> None:
    other = replace(REPORT, reporter="r2", reported_at=20.0, sender=None)

    def work(tx: Transaction) -> None:
        tx.save([KeepAutoDm(report=REPORT), KeepAutoDm(report=REPORT), KeepAutoDm(report=other)])
        assert tx.auto_dm("m1", "r1") == REPORT and tx.auto_dm("m1", "r3") is None
        assert tx.auto_dms(10.0) == (REPORT, other) and tx.auto_dms(10.5) == (other,)
        assert tx.auto_dms(0.0, sender="ana") == (REPORT,)
        assert (tx.count_auto_dms(0.0), tx.count_auto_dms(0.0, reporter="r1"), tx.count_auto_dms(15.0, reporter="r1")) == (
            2,
            1,
            0,
        )

    await store.transact(work)


async def test_a_form_that_is_open_counts_for_nothing_and_each_has_one(store: Store) -> None:
    opened = replace(REPORT, message="m2", reported_at=None)
    another = replace(opened, message="m3")

    def work(tx: Transaction) -> None:
        tx.save([KeepAutoDm(report=REPORT), KeepAutoDm(report=opened), KeepAutoDm(report=another)])
        assert tx.auto_dm("m2", "r1") is None and tx.auto_dm("m3", "r1") == another
        assert tx.auto_dms(0.0) == (REPORT,) and tx.count_auto_dms(0.0, reporter="r1") == 1
        sent = replace(another, reported_at=11.0)
        tx.save([KeepAutoDm(report=sent)])
        assert tx.auto_dms(0.0) == (REPORT, sent)

    await store.transact(work)


async def test_they_are_forgotten(store: Store) -> None:
    opened = replace(REPORT, message="m2", reported_at=None)

    def work(tx: Transaction) -> None:
        tx.save([KeepAutoDm(report=REPORT), KeepAutoDm(report=opened)])
        tx.prune(9.0 + OPEN_FOR, keep=1.0, window=5)
        assert tx.auto_dm("m2", "r1") == opened
        tx.prune(9.5 + OPEN_FOR, keep=1.0, window=5)
        assert tx.auto_dm("m2", "r1") is None and tx.auto_dm("m1", "r1") == REPORT
        tx.prune(10.5 + KEPT, keep=1e9, window=5)
        assert tx.auto_dm("m1", "r1") is None

    await store.transact(work)
