"""Tips as they are stored: each once, told once; and what members wrote, by which they are noticed."""

from __future__ import annotations

from bot.domain.moves import ChannelMove
from bot.domain.outgoing import Address, Attempt, DueNotice
from bot.domain.people import Role
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.tips import STALE, KeptTip, Tip, TipKind, TipMessage
from bot.domain.writes import AddNotice, DropMessage, KeepTip, NoticeSubject, SaveMessage, SeeTip
from bot.ports import Store, Transaction
from tests.storage.samples import CHANNEL, OTHER, seen

DIRECT = Address("slack", "person", "ana")
TIP = Tip(
    kind=TipKind.CANNED,
    member="ana",
    at=10.0,
    trigger=f"{CHANNEL}/9.0",
    count=3,
    messages=(TipMessage(channel=OTHER, id="4.0", at=4.0), TipMessage(channel=CHANNEL, id="9.0", at=9.0, thread="8.0")),
    about="dana",
)
NOTICE = AddNotice(kind="tip", key=TIP.key, due_at=10.0, subject=NoticeSubject.TIP, person="ana")


async def test_a_tip_is_kept_once_and_told_once(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.save([KeepTip(tip=TIP), KeepTip(tip=TIP)])
        assert tx.tips("ana", 0.0) == (KeptTip(tip=TIP),)
        assert tx.tips("ben", 0.0) == () == tx.tips("ana", 10.5)
        tx.save([SeeTip(key=TIP.key, at=20.0), SeeTip(key=TIP.key, at=30.0), KeepTip(tip=TIP)])
        assert tx.tips("ana", 0.0) == (KeptTip(tip=TIP, told_at=20.0),)

    await store.transact(work)


async def test_its_direct_message_tells_whether_it_is_still_to_come_or_may_have_arrived(store: Store) -> None:
    def work(tx: Transaction) -> None:
        def kept() -> tuple[bool, float | None]:
            (one,) = tx.tips("ana", 0.0)
            return one.ahead, one.told_at

        tx.save([KeepTip(tip=TIP), NOTICE])
        assert kept() == (True, None)
        (due,) = tx.claim_due(10.0, limit=9, lease=60.0)
        assert isinstance(due, DueNotice) and kept() == (True, None)
        tx.mark_leaving([(due, Attempt(address=DIRECT, key=due.key, at=11.0, to=("ana",)))])
        assert kept() == (True, 11.0), "nobody knows whether it arrived"
        tx.mark_dead(due, reason=Reason(code=ReasonCode.NOWHERE), refused=True)
        assert kept() == (False, None), "it surely didn't: it waits in their own list"

    await store.transact(work)


async def test_what_may_have_arrived_was_told(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.save([KeepTip(tip=TIP), NOTICE])
        (due,) = tx.claim_due(10.0, limit=9, lease=60.0)
        tx.mark_leaving([(due, Attempt(address=DIRECT, key=due.key, at=11.0, to=("ana",)))])
        tx.mark_dead(due, reason=Reason(code=ReasonCode.NOWHERE))
        (one,) = tx.tips("ana", 0.0)
        assert (one.ahead, one.told_at) == (False, 11.0)

    await store.transact(work)


async def test_a_message_that_is_deleted_takes_its_tip_along(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.save([SaveMessage(channel=CHANNEL, seen=seen("9.0", 9.0, role=Role.MEMBER)), KeepTip(tip=TIP)])
        tx.save([DropMessage(channel=CHANNEL, id="9.1", at=9.1), DropMessage(channel=OTHER, id="9.0", at=9.0)])
        assert tx.tips("ana", 0.0)[0].told_at is None
        tx.save([DropMessage(channel=CHANNEL, id="9.0", at=9.0)])
        assert tx.tips("ana", 0.0)[0].told_at is not None

    await store.transact(work)


async def test_a_tip_leads_to_where_a_moved_channel_is_now(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.save([KeepTip(tip=TIP)])
        tx.move_channel(ChannelMove(old=OTHER, new="slack:T1:C9", at=12.0))
        assert [one.channel for one in tx.tips("ana", 0.0)[0].tip.messages] == ["slack:T1:C9", CHANNEL]

    await store.transact(work)


async def test_tips_are_forgotten_after_a_month_however_little_is_kept_of_messages(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.save([KeepTip(tip=TIP)])
        tx.prune(10.0 + STALE - 1, keep=1.0, window=200)
        assert len(tx.tips("ana", 0.0)) == 1
        tx.prune(10.0 + STALE + 1, keep=1.0, window=200)
        assert tx.tips("ana", 0.0) == ()

    await store.transact(work)


async def test_what_a_member_wrote_is_found_in_all_channels(store: Store) -> None:
    def work(tx: Transaction) -> None:
        written = [
            (CHANNEL, seen("1.0", 1.0, author="ana", role=Role.MEMBER)),
            (OTHER, seen("2.0", 2.0, author="ana", role=Role.MEMBER)),
            (OTHER, seen("3.0", 3.0, author="ben", role=Role.MEMBER)),
            (CHANNEL, seen("4.0", 4.0)),
        ]
        tx.save([SaveMessage(channel=channel, seen=message) for channel, message in written])
        assert [(one.channel, one.message) for one in tx.said_by("ana", 0.0, 9)] == written[:2]
        assert (
            [one.message.id for one in tx.said_by("ana", 0.0, 1)]
            == ["2.0"]
            == [one.message.id for one in tx.said_by("ana", 1.5, 9)]
        )
        assert tx.customer_wrote(CHANNEL) and not tx.customer_wrote(OTHER) and not tx.customer_wrote("slack:T1:C7")

    await store.transact(work)
