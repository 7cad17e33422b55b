"""A channel that goes by another key: all that is stored of it goes along, and joins what the new key has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from bot.domain.events import Deleted, EarlyEdit, EventKey
from bot.domain.moves import ChannelMove
from bot.domain.outgoing import Address, Attempt, DueReminder, DueUpdate
from bot.domain.people import Role
from bot.domain.preferences import Pause, SetPause, SetWatch
from bot.domain.rules import Watch
from bot.domain.writes import (
    AddNotice,
    KeepEarly,
    KeepText,
    NoticeSubject,
    SaveCorrection,
    SaveExchange,
    SaveMessage,
    SaveWait,
    SetReminder,
)
from bot.ports import Doubles, Store, Transaction
from tests.storage.samples import full_wait, seen, wait

T = TypeVar("T")

OLD, NEW, OTHER = "slack:T1:G1", "slack:T1:C9", "slack:T1:G10"
MOVE = ChannelMove(old=OLD, new=NEW, at=100.0)
TEAM = Address("slack", "channel", "G1")


def here(value: T, channel: str = OLD) -> T:
    """A sample in another channel."""
    changes = {"channel": channel}
    if hasattr(value, "opened_at"):
        changes["id"] = value.id.replace("slack:T1:C1", channel)
        if value.came_back_from is not None:
            changes["came_back_from"] = value.came_back_from.replace("slack:T1:C1", channel)
    return replace(value, **changes)  # type: ignore[type-var]


def said(id: str, at: float, channel: str = OLD, **changes: object) -> SaveMessage:
    values = {"wait": f"{channel}/{id}", "answers": (f"{channel}/0.1", f"{channel}/0.2"), **changes}
    return SaveMessage(channel=channel, seen=seen(id, at, **values))


async def moved(store: Store, move: ChannelMove = MOVE) -> Doubles | None:
    return await store.transact(lambda tx: tx.move_channel(move))


def fill(tx: Transaction) -> None:
    """A channel with everything that can be stored of one, and a neighbour whose key begins the same."""
    one = here(wait(1))
    tx.first_time(EventKey(channel=OLD, message="1.0", kind="posted"), "Ev1", 1.0)
    tx.first_time(EventKey(channel=OLD, message=one.id, kind="acted:claim", edit="ana:9.0"), None, 9.0)
    tx.save(
        [
            said("1.0", 1.0),
            SaveWait(wait=one),
            SaveWait(wait=here(full_wait())),
            SaveWait(wait=here(wait(1), OTHER)),
            KeepText(wait=one.id, message="1.0", text="How do I export?"),
            SetReminder(wait=one.id, step=0, to="owner", due_at=10.0),
            SaveExchange(channel=OLD, member="ana", customer="dana", strength=2.5, at=9.0),
            SaveCorrection(channel=OLD, message="1.0", says="waits", by="ana", at=8.0, judged=True),
            KeepEarly(event=Deleted(channel=OLD, id="7.0", at=7.5, platform_event="Ev7")),
            KeepEarly(event=EarlyEdit(channel=OLD, id="7.0", at=7.2, reading=seen("7.0", 7.0).reading)),
            AddNotice(kind="digest", key="preview:G1", due_at=500.0, subject=NoticeSubject.PREVIEW),
        ]
    )
    tx.choose([SetWatch(channel=OLD, watch="nothing", by="cleo", at=5.0)])
    tx.choose([SetPause(channel=OLD, until=900.0, by="cleo", at=6.0)])
    tx.put_mark(f"unread {OLD}", 3.0)
    tx.put_mark(f"unread {OTHER}", 4.0)
    (due,) = tx.claim_due(10.0, limit=10, lease=30.0)
    tx.mark_sent(due, at=11.0, to=("ana",), ref="G1/11.5", address=TEAM)
    tx.save([SetReminder(wait=one.id, step=1, to="duty", due_at=40.0)])


async def test_everything_goes_along(store: Store) -> None:
    await store.transact(fill)
    handles = await store.read(lambda tx: [tx.handle(here(one).id) for one in (wait(1), full_wait())])
    assert await moved(store) == Doubles()

    def look(tx: Transaction) -> None:
        one, ended = here(wait(1), NEW), here(full_wait(), NEW)
        record = tx.channel(NEW, 50)
        assert record.messages == (said("1.0", 1.0, NEW).seen,)
        assert record.waits == (ended, one)
        assert record.early == (
            EarlyEdit(channel=NEW, id="7.0", at=7.2, reading=seen("7.0", 7.0).reading),
            Deleted(channel=NEW, id="7.0", at=7.5, platform_event="Ev7"),
        )
        (correction,) = record.corrections
        assert (correction.channel, correction.message, correction.by) == (NEW, "1.0", "ana")
        assert [tx.handle(each.id) for each in (one, ended)] == handles
        assert tx.wait_by_handle(handles[0]) == one
        assert [kept.text for kept in tx.texts(one.id)] == ["How do I export?"]
        assert tx.waits_of(NEW, "8.0") == (ended,), "what belongs to it does so still"
        assert [(known.channel, known.strength) for known in tx.exchanges("dana")] == [(NEW, 2.5)]
        assert tx.choices().watch == {NEW: "nothing"}
        assert tx.choices().pauses == {NEW: Pause(since=6.0, until=900.0, by="cleo")}
        marks = [tx.mark(f"unread {channel}") for channel in (OLD, NEW, OTHER)]
        assert [None if mark is None else mark.at for mark in marks] == [None, 3.0, 4.0]
        assert not tx.first_time(EventKey(channel=NEW, message="1.0", kind="posted"), None, 1.0)
        assert not tx.first_time(EventKey(channel=NEW, message=one.id, kind="acted:claim", edit="ana:9.0"), None, 9.0)
        (sent,) = tx.sent_reminders(one.id)
        assert sent.ref == "C9/11.5"
        pending = tx.pending(one.id)
        assert pending is not None and pending.wait == one.id
        reminder, update = tx.claim_due(150.0, limit=10, lease=5000.0)
        assert isinstance(update, DueUpdate) and isinstance(reminder, DueReminder), "its post leads to the channel, as it is now"
        post = tx.post(update.post)
        assert post is not None and (post.address, post.ref) == (Address("slack", "channel", "C9"), "C9/11.5")
        tx.save([AddNotice(kind="digest", key="preview:C9", due_at=500.0, subject=NoticeSubject.PREVIEW)])
        assert len(tx.claim_due(600.0, limit=10, lease=1.0)) == 1, "it was asked for in this place, so it isn't asked again"
        # Nothing is left under the old key, and the neighbour is as it was.
        assert tx.channel(OLD, 50).waits == () and tx.wait(here(wait(1)).id) is None
        assert tx.channel(OTHER, 50).waits == (here(wait(1), OTHER),)
        assert (tx.channels(), tx.moves()) == ((NEW, OTHER), (MOVE,))

    await store.transact(look)
    assert (await store.check()).product


async def test_what_is_in_doubt_is_looked_for_where_it_is_now_under_the_key_it_left_with(store: Store) -> None:
    one = here(wait(1))

    def leave(tx: Transaction) -> None:
        tx.save([SaveWait(wait=one), SetReminder(wait=one.id, step=0, to="owner", due_at=10.0)])
        (due,) = tx.claim_due(10.0, limit=10, lease=5.0)
        assert isinstance(due, DueReminder)
        tx.mark_leaving([(due, Attempt(address=TEAM, key=due.key, at=11.0, to=("ana",)))])

    await store.transact(leave)
    await moved(store)

    def look(tx: Transaction) -> None:
        (due,) = tx.claim_due(200.0, limit=10, lease=5.0)
        assert isinstance(due, DueReminder) and due.wait == f"{NEW}/1.0"
        assert due.left == Attempt(address=Address("slack", "channel", "C9"), key=f"{OLD}/1.0#0.0", at=11.0, to=("ana",))

    await store.transact(look)


async def test_a_move_that_is_told_twice_or_late_does_nothing(store: Store) -> None:
    await store.transact(fill)
    assert await moved(store) is not None
    assert await moved(store) is None
    back = ChannelMove(old=NEW, new="slack:T1:C10", at=200.0)
    assert await moved(store, back) is not None
    assert await moved(store, MOVE) is None, "the channel went on since"
    assert await moved(store, replace(back, old=back.new, new=OLD, at=300.0)) is not None
    assert await moved(store, MOVE) is None

    def look(tx: Transaction) -> None:
        assert [one.id for one in tx.channel(OLD, 50).waits] == [here(full_wait()).id, here(wait(1)).id]
        assert {move.old: move.new for move in tx.moves()} == {NEW: OLD, "slack:T1:C10": OLD}

    await store.transact(look)


async def test_a_channel_nobody_stored_anything_of_is_remembered_all_the_same(store: Store) -> None:
    assert await moved(store) == Doubles()
    assert await store.read(lambda tx: (tx.moves(), tx.channels())) == ((MOVE,), ())


# Something came in under the new key before that was known


async def test_a_wait_that_stands_twice_is_the_one_people_know(store: Store) -> None:
    """Read again under the new key, where it grew: its handle is the old one, its posts tell of the one, no reminder is doubled,
    and what either had is kept."""
    known, double = here(wait(1)), here(wait(1), NEW)
    grown = replace(double, messages=("1.0", "2.0"))

    def twice(tx: Transaction) -> str:
        for one, at in ((known, 10.0), (double, 20.0)):
            tx.save([SaveWait(wait=one), SetReminder(wait=one.id, step=0, to="owner", due_at=at)])
            (due,) = tx.claim_due(at, limit=10, lease=5.0)
            tx.mark_sent(due, at=at, to=("ana",), ref=f"CTEAM/{at}", address=Address("slack", "channel", "CTEAM"))
            tx.save([SetReminder(wait=one.id, step=1, to="duty", due_at=400.0 + at)])
        tx.save([SaveWait(wait=grown), KeepText(wait=grown.id, message="2.0", text="Hello?")])
        tx.save([KeepText(wait=known.id, message="1.0", text="How?")])
        return tx.handle(known.id)

    handle = await store.transact(twice)
    assert handle == "w1"
    doubles = await moved(store)
    assert doubles is not None and doubles.waits == ((here(wait(1), NEW), grown),)

    def look(tx: Transaction) -> None:
        assert [one.id for one in tx.all_waits()] == [double.id]
        assert tx.handle(double.id) == handle
        assert [one.id for one in tx.waits_of(NEW, "2.0")] == [double.id]
        tx.save([SaveWait(wait=grown)])
        assert [kept.text for kept in tx.texts(double.id)] == ["How?", "Hello?"]
        assert [sent.at for sent in tx.sent_reminders(double.id)] == [10.0, 20.0]
        due = tx.claim_due(1000.0, limit=10, lease=5000.0)
        told = [tx.post(row.post) for row in due if isinstance(row, DueUpdate)]
        assert {post.ref for post in told if post is not None} == {"CTEAM/10.0", "CTEAM/20.0"}
        assert [row.key for row in due if isinstance(row, DueReminder)] == [f"{OLD}/1.0#1.1"]
        tx.save([SetReminder(wait=double.id, step=2, to="lead", due_at=2000.0)])
        (later,) = tx.claim_due(2000.0, limit=10, lease=500.0)
        assert later.key not in {f"{OLD}/1.0#1.1", f"{NEW}/1.0#0.0", f"{NEW}/1.0#1.1"}

    await store.transact(look)


def correct(channel: str, at: float, by: str) -> SaveCorrection:
    return SaveCorrection(
        channel=channel, message="1.0", says="waits" if by == "ana" else "needs_none", by=by, at=at, judged=True
    )


@pytest.mark.parametrize("newest", [OLD, NEW])
async def test_of_what_members_said_the_last_word_counts(store: Store, newest: str) -> None:
    def both(tx: Transaction) -> None:
        for channel, by in ((OLD, "ana"), (NEW, "ben")):
            at = 50.0 if channel == newest else 40.0
            tx.save([correct(channel, at, by)])
            tx.choose([SetWatch(channel=channel, watch=Watch.MENTIONS if by == "ana" else "nothing", by=by, at=at)])

    await store.transact(both)
    await moved(store)
    (correction,), choices = await store.read(lambda tx: (tx.corrections(NEW), tx.choices()))
    assert correction.by == ("ana" if newest == OLD else "ben")
    assert choices.watch == {NEW: Watch.MENTIONS if newest == OLD else "nothing"}


async def test_the_earlier_mark_counts(store: Store) -> None:
    def both(tx: Transaction) -> None:
        for name, old, new in (("unread", 3.0, 5.0), ("seen", 5.0, 3.0)):
            tx.put_mark(f"{name} {OLD}", old)
            tx.put_mark(f"{name} {NEW}", new)

    await store.transact(both)
    await moved(store)
    marks = await store.read(lambda tx: [tx.mark(f"{name} {channel}") for name in ("unread", "seen") for channel in (OLD, NEW)])
    assert [None if mark is None else mark.at for mark in marks] == [None, 3.0, None, 3.0]


async def test_both_windows_are_one_and_what_meant_nothing_is_read_again(store: Store) -> None:
    """An answer that came under the new key found no wait there: it is forgotten, so that it can be read among what was known."""

    def both(tx: Transaction) -> None:
        for channel, message in ((OLD, "1.0"), (NEW, "1.0"), (NEW, "2.0"), (NEW, "3.0")):
            tx.first_time(EventKey(channel=channel, message=message, kind="posted"), f"Ev{channel}{message}", float(message))
        alone = {"wait": None, "answers": (), "role": Role.MEMBER}
        tx.save([said("1.0", 1.0), said("1.0", 1.0, NEW), said("2.0", 2.0, NEW), said("3.0", 3.0, NEW, **alone)])

    await store.transact(both)
    doubles = await moved(store)
    assert doubles is not None and doubles.read_from == 3.0

    def look(tx: Transaction) -> None:
        assert [message.id for message in tx.channel(NEW, 50).messages] == ["1.0", "2.0"]
        known = [tx.first_time(EventKey(channel=NEW, message=id, kind="posted"), None, float(id)) for id in ("1.0", "2.0", "3.0")]
        assert known == [False, False, True]

    await store.transact(look)


async def test_acquaintances_are_told_and_others_go_along(store: Store) -> None:
    make: Callable[[str, str, float, float], SaveExchange] = lambda channel, member, strength, at: SaveExchange(  # noqa: E731
        channel=channel, member=member, customer="dana", strength=strength, at=at
    )
    known, double, other = make(OLD, "ana", 4.0, 10.0), make(NEW, "ana", 1.0, 20.0), make(NEW, "ben", 2.0, 20.0)
    await store.transact(lambda tx: tx.save([known, double, other]))
    doubles = await moved(store)
    assert doubles is not None and doubles.exchanges == ((replace(known, channel=NEW), double),)
    found = await store.read(lambda tx: {(one.channel, one.member): one.strength for one in tx.exchanges("dana")})
    assert found == {(NEW, "ana"): 4.0, (NEW, "ben"): 2.0}


async def test_a_move_that_isnt_committed_hasnt_happened(store: Store) -> None:
    await store.transact(fill)

    def fail(tx: Transaction) -> None:
        assert tx.move_channel(MOVE) is not None
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        await store.transact(fail)
    assert await store.read(lambda tx: tx.channels()) == (OLD, OTHER)
    assert await store.transact(lambda tx: [one.id for one in tx.channel(OLD, 50).waits]) == [full_wait_id(), here(wait(1)).id]
    assert await moved(store) == Doubles()


def full_wait_id() -> str:
    return here(full_wait()).id
