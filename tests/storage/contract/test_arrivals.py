"""Who came into a channel, as it is stored: one for each person and channel; posts that tell of them follow."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.arrivals import REMEMBERED, Arrival, ArrivalEnd, arrivals_key, channel_told_of
from bot.domain.moves import ChannelMove
from bot.domain.outgoing import Address, Attempt, DueNotice, DueUpdate
from bot.domain.writes import AddNotice, NoticeSubject, SaveArrival
from bot.ports import Store, Transaction
from tests.storage.samples import CHANNEL, OTHER

TEAM = Address("slack", "channel", "team")
KEY = arrivals_key(CHANNEL, 10.0, "kira")
KIRA = Arrival(person="kira", channel=CHANNEL, at=10.0, first_message="11.0", thread="9.0")
ROSA = Arrival(person="rosa", channel=OTHER, at=20.0)
NOTICE = AddNotice(kind="tip", key=KEY, due_at=30.0, subject=NoticeSubject.ARRIVALS)


def saved(tx: Transaction, *arrivals: Arrival, at: float = 50.0) -> bool:
    return tx.save([SaveArrival(arrival=one, at=at) for one in arrivals])


def told(arrival: Arrival, key: str = KEY) -> Arrival:
    return replace(arrival, told=key, greeter="ana", told_at=40.0, passed=("ben",))


async def test_an_arrival_comes_back_as_it_was_stored_and_a_later_one_takes_its_place(store: Store) -> None:
    def work(tx: Transaction) -> None:
        saved(tx, KIRA, ROSA)
        (kira, rosa) = tx.open_arrivals(0.0)
        assert (replace(kira, number=0), replace(rosa, number=0)) == (KIRA, ROSA) and tx.arrival(kira.number) == kira
        assert tx.open_arrivals(10.5) == (rosa,) == tx.arrivals_of("rosa") and tx.arrival(99) is None
        done = replace(told(kira), end=ArrivalEnd.GREETED, ended_at=60.0, by="cleo")
        saved(tx, done)
        assert tx.arrivals_of("kira") == (done,) == tx.arrivals_in(KEY) and tx.open_arrivals(0.0) == (rosa,)
        assert tx.greeters() == {"ana": 40.0, "cleo": 60.0}
        assert tx.arrivals_told(CHANNEL, but=KEY) is None and tx.arrivals_told(CHANNEL, but="other") == 40.0

    await store.transact(work)


async def test_a_post_follows_what_becomes_of_those_it_tells_of(store: Store) -> None:
    def work(tx: Transaction) -> None:
        saved(tx, KIRA)
        tx.save([NOTICE, NOTICE])
        (due,) = tx.claim_due(30.0, limit=9, lease=60.0)
        assert isinstance(due, DueNotice) and channel_told_of(due.key) == CHANNEL
        (kira,) = tx.open_arrivals(0.0)
        assert not saved(tx, told(kira)), "there is no post yet"
        tx.mark_leaving([(due, Attempt(address=TEAM, key=due.key, at=31.0, to=("ana",)))])
        tx.mark_sent(due, at=31.0, to=("ana",), ref="p1", address=TEAM)
        assert tx.notified("ana", 0.0) == (31.0,), "it counts in their day"
        assert tx.claim_due(40.0, limit=9, lease=60.0) == []
        assert saved(tx, replace(told(kira), told=arrivals_key(CHANNEL, 10.0, "kira", again=1))), "it was passed on"
        (update,) = tx.claim_due(50.0, limit=9, lease=60.0)
        assert isinstance(update, DueUpdate)
        post = tx.post(update.post)
        assert post is not None and post.arrivals == KEY and tx.arrivals_in(KEY) == ()

    await store.transact(work)


async def test_what_is_settled_while_the_message_is_on_its_way_is_told_right_after(store: Store) -> None:
    def work(tx: Transaction) -> None:
        saved(tx, told(KIRA))
        tx.save([NOTICE])
        (due,) = tx.claim_due(30.0, limit=9, lease=60.0)
        saved(tx, replace(told(KIRA), end=ArrivalEnd.LEFT, ended_at=31.0))
        tx.mark_sent(due, at=32.0, to=("ana",), ref="p1", address=TEAM)
        (update,) = tx.claim_due(32.0, limit=9, lease=60.0)
        assert isinstance(update, DueUpdate)

    await store.transact(work)


async def test_they_move_with_their_channel_and_are_forgotten_after_a_month(store: Store) -> None:
    def work(tx: Transaction) -> None:
        saved(tx, KIRA)
        tx.move_channel(ChannelMove(old=CHANNEL, new="slack:T1:C9", at=12.0))
        assert [one.channel for one in tx.open_arrivals(0.0)] == ["slack:T1:C9"]
        tx.prune(10.0 + REMEMBERED - 1, keep=1.0, window=200)
        assert len(tx.open_arrivals(0.0)) == 1
        tx.prune(10.0 + REMEMBERED + 1, keep=1.0, window=200)
        assert tx.open_arrivals(0.0) == ()

    await store.transact(work)
