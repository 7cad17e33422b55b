"""What a store keeps, forgets, gives back and copies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.durations import DAY
from bot.domain.events import Deleted, EventKey
from bot.domain.outgoing import Address, DeadLetter, SentReminder
from bot.domain.preferences import SetAway
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.waits import Reply, ReplyKind, WaitState
from bot.domain.writes import (
    AddNotice,
    BlankText,
    DropReminder,
    KeepEarly,
    KeepText,
    NoticeSubject,
    SaveExchange,
    SaveMessage,
    SaveWait,
    SetReminder,
)
from bot.errors import StorageError
from bot.ports import Mark, Store, Transaction, UnwordedMessage
from tests.storage.contract.conftest import Opener
from tests.storage.samples import CHANNEL, OTHER, seen, wait

TEAM = Address("local", "channel", "team")


async def save(store: Store, *writes: object) -> None:
    await store.transact(lambda tx: tx.save(writes))  # type: ignore[arg-type]


# -- forgetting


async def test_pruning_leaves_the_windows_and_what_is_young(store: Store) -> None:
    await save(
        store,
        *(SaveMessage(channel=CHANNEL, seen=seen(f"{n}.0", n)) for n in range(10)),
        SaveMessage(channel=OTHER, seen=seen("0.0", 0)),
        KeepEarly(event=Deleted(channel=CHANNEL, id="x", at=1.0)),
        KeepEarly(event=Deleted(channel=CHANNEL, id="y", at=8.0)),
    )
    assert await store.transact(lambda tx: tx.prune(10.0, keep=6.0, window=3)) == 5  # messages 0 to 3 and one early event
    record = await store.transact(lambda tx: tx.channel(CHANNEL, 100))
    assert [s.at for s in record.messages] == [4, 5, 6, 7, 8, 9]
    assert [e.at for e in record.early] == [8.0]
    assert await store.transact(lambda tx: tx.prune(10.0, keep=0.0, window=3)) == 4
    assert [s.at for s in (await store.transact(lambda tx: tx.channel(CHANNEL, 100))).messages] == [7, 8, 9]
    assert len((await store.transact(lambda tx: tx.channel(OTHER, 100))).messages) == 1


async def test_old_absences_are_forgotten(store: Store) -> None:
    old = SetAway(member="ana", since=1.0, until=50.0, by="ana", at=1.0)
    await store.transact(lambda tx: tx.choose((old, replace(old, since=60.0, until=99.0))))
    assert await store.transact(lambda tx: tx.prune(200.0, keep=120.0, window=5)) == 1
    assert (await store.read(lambda tx: tx.choices())).away == {"ana": ((60.0, 99.0),)}


async def test_waits_that_ended_long_ago_go_with_all_that_belongs_to_them(store: Store) -> None:
    old, young, waiting = wait(1), wait(2), wait(3)

    def work(tx: Transaction) -> None:
        for one in (old, young, waiting):
            tx.save([SaveWait(wait=one), SetReminder(wait=one.id, step=0, to="owner", due_at=10.0)])
        for number, due in enumerate(tx.claim_due(10.0, limit=9, lease=9.0)):
            tx.mark_sent(due, at=10.0, to=("ana",), ref=f"m{number}", address=TEAM)
        for one, ended in ((old, 20.0), (young, 80.0)):
            tx.save([SaveWait(wait=replace(one, state=WaitState.ANSWERED, ended_at=ended))])
        for due in tx.claim_due(99.0, limit=9, lease=9.0):
            tx.mark_sent(due, at=99.0, to=())

    await store.transact(work)
    assert await store.transact(lambda tx: tx.prune_waits(100.0, keep=50.0)) == 1
    assert await store.transact(lambda tx: tx.prune_waits(100.0, keep=50.0)) == 0
    assert await store.read(lambda tx: [each.id for each in tx.all_waits()]) == [young.id, waiting.id]
    assert await store.read(lambda tx: [len(tx.sent_reminders(each.id)) for each in (old, young, waiting)]) == [0, 1, 1]
    assert await store.read(lambda tx: tx.waits_of(CHANNEL, "1.0")) == ()
    assert await store.read(lambda tx: tx.sent_since("ana", 0.0)) == 2
    found = await store.transact(lambda tx: [tx.post(number) is not None for number in (1, 2, 3)])
    assert found == [False, True, True]
    await store.check()


# -- what only was noted, what couldn't be delivered, what was left out


async def test_what_was_only_noted_is_told_apart_from_what_left_and_can_be_forgotten(store: Store) -> None:
    def work(tx: Transaction) -> None:
        for number in (1, 2):
            tx.save([SaveWait(wait=wait(number)), SetReminder(wait=wait(number).id, step=0, to="owner", due_at=10.0 * number)])
        noted, sent = tx.claim_due(20.0, limit=9, lease=9.0)
        tx.mark_sent(noted, at=20.0, to=("ana",))
        tx.mark_sent(sent, at=21.0, to=("ana",), ref="m1", address=TEAM)
        assert tx.noted_since(20.0) == (SentReminder(wait=wait(1).id, step=0, at=20.0, to=("ana",)),)
        assert tx.noted_since(20.5) == ()
        assert [(one.wait, one.step, one.at) for one in tx.left_since(0.0)] == [(wait(2).id, 0, 21.0)]
        assert tx.left_since(21.5) == ()
        assert tx.sent_since("ana", 0.0) == 2
        assert tx.forget_noted() == 1
        assert tx.noted_since(0.0) == () and tx.sent_reminders(wait(1).id) == ()
        assert len(tx.sent_reminders(wait(2).id)) == 1
        assert tx.sent_since("ana", 0.0) == 1
        tx.save([SetReminder(wait=wait(1).id, step=0, to="owner", due_at=30.0)])
        (again,) = tx.claim_due(30.0, limit=9, lease=9.0)
        assert again.key != noted.key, "what was noted once must not be taken for it"  # type: ignore[union-attr]

    await store.transact(work)


async def test_what_could_not_be_delivered_is_listed_latest_first(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.save([SaveWait(wait=wait(1)), SetReminder(wait=wait(1).id, step=0, to="owner", due_at=10.0)])
        tx.save([AddNotice(kind="digest", key="d", due_at=20.0, subject=NoticeSubject.DAY)])
        reminder, digest = tx.claim_due(20.0, limit=9, lease=9.0)
        nowhere, refused = Reason(code=ReasonCode.NOWHERE), Reason(code=ReasonCode.REFUSED, about=("refused",))
        assert tx.mark_dead(reminder, reason=nowhere)
        assert tx.mark_dead(digest, reason=refused, refused=True)
        listed = tx.dead(9)
        assert listed == (
            DeadLetter(
                id=digest.id,
                what="digest",
                wait=None,
                due_at=20.0,
                reason=refused,
                address=None,
                subject=NoticeSubject.DAY,
                key="d",
            ),
            DeadLetter(id=reminder.id, what="reminder", wait=wait(1).id, due_at=10.0, reason=nowhere, address=None),
        )
        assert tx.dead(1) == listed[:1]
        assert tx.next_due() is None

    await store.transact(work)


# -- marks, keys, copies


async def test_marks_outlive_a_restart(open_store: Opener) -> None:
    store = await open_store()
    assert await store.read(lambda tx: tx.mark("started")) is None
    await store.transact(lambda tx: tx.put_mark("started", 1.5, by="mia"))
    await store.transact(lambda tx: tx.put_mark("gap", 2.0))
    await store.transact(lambda tx: tx.put_mark("gap", 3.0))
    await store.close()
    store = await open_store()
    marks = await store.read(lambda tx: (tx.mark("started"), tx.mark("gap")))
    assert marks == (Mark(at=1.5, by="mia"), Mark(at=3.0, by=None))
    await store.transact(lambda tx: tx.put_mark("gap", None))
    await store.transact(lambda tx: tx.put_mark("gap", None))
    assert await store.read(lambda tx: tx.mark("gap")) is None


async def test_each_database_has_keys_of_its_own_for_good(open_store: Opener) -> None:
    keys = []
    for name in ("one", "one", "other"):
        store = await open_store(name)
        keys.append(await store.key("fingerprints"))
        assert await store.key("fingerprints") == keys[-1] != await store.key("something else")
        await store.close()
    assert keys[0] == keys[1] != keys[2] and len(keys[0]) == 32


async def test_a_copy_is_made_once(store: Store, tmp_path: Path) -> None:
    await save(store, SaveWait(wait=wait()), KeepText(wait=wait().id, message="1.0", text="words"))
    copy = tmp_path / "copy"
    await store.backup(copy)
    assert copy.stat().st_size
    with pytest.raises(StorageError, match="already"):
        await store.backup(copy)
    with pytest.raises(StorageError, match="folder"):
        await store.backup(tmp_path / "missing" / "copy")


async def test_it_says_that_it_is_in_order_and_what_keeps_it(store: Store) -> None:
    await save(store, SaveWait(wait=wait()), KeepText(wait=wait().id, message="1.0", text="words"))
    await store.checkpoint()
    assert (await store.check()).product
    assert len(await store.read(lambda tx: tx.texts(wait().id))) == 1


# -- by which keys events are known


def posted_at(at: float, channel: str = CHANNEL) -> tuple[EventKey, None, float]:
    return EventKey(channel=channel, message=f"{at}", kind="posted"), None, at


async def test_keys_are_forgotten_by_the_day_and_the_young_ones_stay(store: Store) -> None:
    instants = [DAY * day + 60.0 for day in range(10)]
    asked = [posted_at(at) for at in instants]
    assert await store.transact(lambda tx: [tx.first_time(*one) for one in asked]) == [True] * 10
    assert await store.transact(lambda tx: tx.prune_keys(events_before=3 * DAY + 70.0, deliveries_before=0.0)) == 1, (
        "a day a time"
    )
    while await store.transact(lambda tx: tx.prune_keys(events_before=3 * DAY + 70.0, deliveries_before=0.0)):
        pass
    assert await store.transact(lambda tx: [tx.first_time(*one) for one in asked[3:]]) == [False] * 7


async def test_a_message_whose_key_was_forgotten_is_known_by_what_is_kept_of_it(open_store: Opener) -> None:
    """Read back months later, it opens nothing anew and counts once. One that was never seen is dealt with all the same."""
    store = await open_store()
    in_window, of_wait, reply, chatter, gap = DAY, DAY + 1, DAY + 2, DAY + 3, DAY + 4
    answered = Reply(message=f"{reply}", by="ana", at=reply, kind=ReplyKind.PERSONAL, probability=0.9)
    waited = wait(
        1,
        id=f"{CHANNEL}/{of_wait}",
        messages=(f"{of_wait}",),
        opened_at=of_wait,
        last_message_at=of_wait,
        state=WaitState.ANSWERED,
        ended_at=reply,
        replies=(answered,),
    )

    def live(tx: Transaction) -> None:
        for at in (in_window, of_wait, reply, chatter):
            assert tx.first_time(*posted_at(at))
        tx.save([SaveMessage(channel=CHANNEL, seen=seen(f"{in_window}", in_window)), SaveWait(wait=waited)])

    await store.transact(live)
    while await store.transact(lambda tx: tx.prune_keys(events_before=9 * DAY, deliveries_before=9 * DAY)):
        pass
    with pytest.raises(RuntimeError):
        await store.transact(_fails_after(posted_at(chatter)))
    await store.close()
    store = await open_store()
    again = (in_window, of_wait, reply, chatter, gap)
    assert await store.transact(lambda tx: [tx.first_time(*posted_at(at)) for at in again]) == [False, False, False, True, True]
    assert await store.transact(lambda tx: [tx.first_time(*posted_at(at)) for at in again]) == [False] * 5
    assert await store.transact(lambda tx: tx.first_time(*posted_at(in_window, OTHER))), "another channel's"
    # Once its wait has no links any more, the message that opened it still is known.
    assert await store.transact(lambda tx: tx.prune_traces(9 * DAY)) == 2
    while await store.transact(lambda tx: tx.prune_keys(events_before=9 * DAY, deliveries_before=9 * DAY)):
        pass
    assert not await store.transact(lambda tx: tx.first_time(*posted_at(of_wait)))


def _fails_after(asked: tuple[EventKey, None, float]) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        tx.prune_keys(events_before=99 * DAY, deliveries_before=0.0)
        tx.first_time(*asked)
        raise RuntimeError("rolled back")

    return work


async def test_a_delivery_is_known_for_a_while(store: Store) -> None:
    key = EventKey(channel=CHANNEL, message="1", kind="deleted")
    assert await store.transact(lambda tx: tx.first_time(key, "Ev1", 5 * DAY))
    assert await store.transact(lambda tx: tx.prune_keys(events_before=0.0, deliveries_before=5 * DAY + 9)) == 0
    other = EventKey(channel=CHANNEL, message="2", kind="deleted")
    assert not await store.transact(lambda tx: tx.first_time(other, "Ev1", 5 * DAY))
    assert await store.transact(lambda tx: tx.prune_keys(events_before=0.0, deliveries_before=6 * DAY)) == 1
    third = EventKey(channel=CHANNEL, message="3", kind="deleted")
    assert await store.transact(lambda tx: tx.first_time(third, "Ev1", 5 * DAY))


# -- old waits


async def test_of_an_old_wait_the_row_is_left_and_it_can_go_on(store: Store) -> None:
    answered = Reply(message="5.0", by="ana", at=5.0, kind=ReplyKind.PERSONAL, probability=0.9)
    old = wait(1, messages=("1.0", "1.5"), state=WaitState.ANSWERED, ended_at=5.0, replies=(answered,))
    young, waiting = wait(2, state=WaitState.ANSWERED, ended_at=80.0), wait(3)

    def live(tx: Transaction) -> None:
        for one in (old, young, waiting):
            tx.save([SaveWait(wait=replace(one, state=WaitState.WAITING, ended_at=None))])
            tx.save([SetReminder(wait=one.id, step=0, to="owner", due_at=2.0)])
        for number, due in enumerate(tx.claim_due(2.0, limit=9, lease=9.0)):
            tx.mark_sent(due, at=2.0, to=("ana",), ref=f"m{number}", address=TEAM)
        for one in (old, young, waiting):
            tx.save([SetReminder(wait=one.id, step=1, to="lead", due_at=9.0)])
        for one in (old, young):
            tx.save([DropReminder(wait=one.id), SaveWait(wait=one)])

    await store.transact(live)
    assert await store.transact(lambda tx: tx.prune_traces(50.0)) == 4, "three links, and the reminder that never left"
    assert await store.transact(lambda tx: tx.prune_traces(50.0)) == 0
    await store.check()
    assert await store.read(lambda tx: tx.wait(old.id)) == old
    assert await store.read(lambda tx: tx.waits_of(CHANNEL, "1.0")) == (old,), "found by the message that opened it"
    assert await store.read(lambda tx: tx.waits_of(CHANNEL, "1.5")) == ()
    assert await store.read(lambda tx: tx.waits_of(CHANNEL, "2.0")) == (young,)
    assert await store.read(lambda tx: len(tx.sent_reminders(old.id))) == 1
    again = replace(old, state=WaitState.WAITING, ended_at=None, replies=())
    await save(store, SaveWait(wait=again), SetReminder(wait=old.id, step=0, to="owner", due_at=60.0))
    await save(store, DropReminder(wait=old.id), SetReminder(wait=old.id, step=1, to="owner", due_at=70.0))
    assert await store.read(lambda tx: tx.waits_of(CHANNEL, "1.5")) == (again,)
    pending = await store.read(lambda tx: tx.pending(old.id))
    assert pending is not None and pending.due_at == 70.0 and pending.key.endswith("#1.2"), "numbered after those before it"


async def test_old_digests_and_acquaintances_go_with_old_waits_and_the_preview_stays(store: Store) -> None:
    def live(tx: Transaction) -> None:
        for key, due, subject in (
            ("d1", 10.0, NoticeSubject.DAY),
            ("d2", 90.0, NoticeSubject.DAY),
            ("p", 10.0, NoticeSubject.PREVIEW),
        ):
            tx.save([AddNotice(kind="digest", key=key, due_at=due, subject=subject)])
        for due_row in tx.claim_due(99.0, limit=9, lease=9.0):
            tx.mark_sent(due_row, at=10.0, to=(), ref=f"m{due_row.id}", address=TEAM)
        tx.remember_post(TEAM, "found of old", at=49.0)
        tx.remember_post(TEAM, "found", at=51.0)
        tx.save([AddNotice(kind="digest", key="d0", due_at=5.0, subject=NoticeSubject.WEEK)])
        for member, at in (("ana", 10.0), ("ben", 90.0)):
            tx.save([SaveExchange(channel=CHANNEL, member=member, customer="dana", strength=1.0, at=at)])

    await store.transact(live)
    await store.transact(lambda tx: tx.prune_waits(100.0, keep=50.0))
    assert [one.member for one in await store.read(lambda tx: tx.exchanges("dana"))] == ["ben"]
    assert await store.read(lambda tx: tx.next_due()) == 5.0, "one that is still to leave isn't forgotten"
    found = await store.transact(lambda tx: [tx.post(number) is not None for number in range(1, 6)])
    assert sorted(found[:3]) == [False, True, True] and found[3:] == [False, True]


# -- words that are missing


async def test_missing_words_are_listed_until_they_are_there_or_given_up(store: Store) -> None:
    for n in (1, 2, 3):
        await save(store, SaveWait(wait=wait(n)), KeepText(wait=wait(n).id, message=f"{n}.0", text=""))
    listed = [UnwordedMessage(wait=wait(n).id, message=f"{n}.0") for n in (3, 2, 1)]
    assert await store.transact(lambda tx: tx.unworded(9)) == tuple(listed)
    assert await store.transact(lambda tx: tx.unworded(1)) == tuple(listed[:1])
    await save(store, KeepText(wait=wait(3).id, message="3.0", text="as it reads now"))
    await store.transact(lambda tx: tx.leave_unworded(listed[1]))
    await save(store, SaveWait(wait=wait(1, state=WaitState.ANSWERED, ended_at=9.0)), BlankText(wait=wait(1).id))
    assert await store.transact(lambda tx: tx.unworded(9)) == ()
