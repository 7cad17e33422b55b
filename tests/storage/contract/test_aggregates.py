"""What is stored comes back, and only that."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import pytest

from bot.domain.events import Deleted, EarlyEdit, EventKey, Reacted
from bot.domain.people import Role
from bot.domain.waits import ENDED_CAPACITY, OPEN_CAPACITY, Handover, Reply, ReplyKind, Wait, WaitState
from bot.domain.writes import (
    BlankText,
    DropCorrection,
    DropEarly,
    DropMessage,
    DropReminder,
    DropWait,
    KeepEarly,
    KeepHandover,
    KeepNote,
    KeepText,
    SaveCorrection,
    SaveExchange,
    SaveMessage,
    SaveWait,
    SetReminder,
)
from bot.errors import StorageError
from bot.ports import Exchange, KeptText, PastReply, Store, Transaction
from tests.storage.contract.conftest import Opener
from tests.storage.samples import CHANNEL, OTHER, full_wait, seen, wait


async def save(store: Store, *writes: object) -> None:
    await store.transact(lambda tx: tx.save(writes))  # type: ignore[arg-type]


async def test_a_wait_comes_back_with_every_field(store: Store) -> None:
    stored = full_wait()
    for field in dataclasses.fields(Wait):  # the sample must not fall behind the model
        if field.default is not dataclasses.MISSING:
            assert getattr(stored, field.name) != field.default, field.name
    await save(store, SaveWait(wait=stored))
    assert await store.read(lambda tx: tx.wait(stored.id)) == stored
    plain = wait()
    await save(store, SaveWait(wait=plain))
    assert await store.read(lambda tx: tx.wait(plain.id)) == plain
    changed = replace(
        stored, **{f.name: getattr(plain, f.name) for f in dataclasses.fields(Wait) if f.name not in ("id", "messages")}
    )
    await save(store, SaveWait(wait=changed))
    assert await store.read(lambda tx: tx.wait(stored.id)) == changed
    assert await store.read(lambda tx: tx.wait("nowhere/1")) is None


async def test_a_window_comes_back_by_position(store: Store) -> None:
    late, early, middle = seen("3.0", 3.0), seen("1.0", 1.0, answers=(), wait=None, thread=None), seen("2.0", 2.0)
    elsewhere = seen("9.0", 9.0)
    await save(
        store, *(SaveMessage(channel=CHANNEL, seen=s) for s in (late, early, middle)), SaveMessage(channel=OTHER, seen=elsewhere)
    )
    assert (await store.transact(lambda tx: tx.channel(CHANNEL, 10))).messages == (early, middle, late)
    assert (await store.transact(lambda tx: tx.channel(CHANNEL, 2))).messages == (middle, late)
    assert (await store.transact(lambda tx: tx.channel("nowhere", 2))).messages == ()
    edited = replace(middle, reply_probability=0.25)
    await save(
        store,
        SaveMessage(channel=CHANNEL, seen=edited),
        DropMessage(channel=CHANNEL, id="1.0", at=1.0),
        DropMessage(channel=OTHER, id="3.0", at=3.0),
    )
    assert (await store.transact(lambda tx: tx.channel(CHANNEL, 10))).messages == (edited, late)
    await save(store, DropMessage(channel=CHANNEL, id="2.0"), DropMessage(channel=OTHER, id="3.0"))
    assert (await store.transact(lambda tx: tx.channel(CHANNEL, 10))).messages == (late,)


async def test_a_channel_comes_with_its_open_and_lately_ended_waits(store: Store) -> None:
    long_open = wait(1)
    long_over = wait(2, state=WaitState.ANSWERED, ended_at=3.0)
    over = wait(3, state=WaitState.RESOLVED, ended_at=50.0)
    reopened = wait(4, state=WaitState.ANSWERED, ended_at=4.5)
    elsewhere = wait(5, channel=OTHER)
    await save(store, *(SaveWait(wait=w) for w in (long_open, long_over, over, reopened, elsewhere)))
    reopened = replace(reopened, state=WaitState.WAITING, ended_at=None)
    await save(store, SaveWait(wait=reopened), *(SaveMessage(channel=CHANNEL, seen=seen(f"{n}.0", n)) for n in (10, 50, 60)))
    assert (await store.transact(lambda tx: tx.channel(CHANNEL, 10))).waits == (over, long_open, reopened)
    assert (await store.transact(lambda tx: tx.channel(CHANNEL, 1))).waits == (long_open, reopened)


async def test_a_channel_comes_with_no_more_waits_than_a_state_keeps(store: Store) -> None:
    waiting = [wait(n) for n in range(1, OPEN_CAPACITY + 10)]
    over = [wait(1000 + n, state=WaitState.ANSWERED, ended_at=2000.0 - n) for n in range(ENDED_CAPACITY + 10)]
    await save(store, *(SaveWait(wait=w) for w in (*waiting, *over)), SaveMessage(channel=CHANNEL, seen=seen("1.0", 1)))
    found = (await store.transact(lambda tx: tx.channel(CHANNEL, 10))).waits
    assert found == (*reversed(over[:ENDED_CAPACITY]), *waiting[-OPEN_CAPACITY:])


async def test_waits_are_found_by_their_messages(store: Store) -> None:
    reply = Reply(message="7.0", by="ana", at=7.0, kind=ReplyKind.PERSONAL)
    first, second = wait(1, replies=(reply,)), wait(2, messages=("2.0", "2.5"), replies=(reply,))
    elsewhere = wait(3, id=f"{OTHER}/x", channel=OTHER, messages=("7.0",))
    await save(
        store,
        SaveWait(wait=first),
        SaveWait(wait=second),
        SaveWait(wait=elsewhere),
    )
    assert await store.read(lambda tx: tx.waits_of(CHANNEL, "7.0")) == (second, first)
    assert await store.read(lambda tx: tx.waits_of(CHANNEL, "2.5")) == (second,)
    # The answer to the second and one of its messages are deleted.
    second = replace(second, messages=("2.5",), replies=())
    await save(store, SaveWait(wait=second))
    assert await store.read(lambda tx: tx.waits_of(CHANNEL, "7.0")) == (first,)
    assert await store.read(lambda tx: tx.waits_of(CHANNEL, "2.0")) == ()
    empty = replace(second, messages=(), state=WaitState.WITHDRAWN, ended_at=9.0)
    await save(store, SaveWait(wait=empty))
    await save(store, SaveWait(wait=empty))
    assert await store.read(lambda tx: tx.wait(second.id)) == empty


async def test_what_members_answered_lately_comes_with_its_customers(store: Store) -> None:
    def reply(message: str, by: str) -> Reply:
        return Reply(message=message, by=by, at=float(message), kind=ReplyKind.PERSONAL)

    said = [seen(f"{n}.0", float(n), author="ana", role=Role.MEMBER) for n in (7, 8)]
    peer = seen("9.0", 9.0, author="omar")
    await save(
        store,
        *(SaveMessage(channel=CHANNEL, seen=one) for one in (*said, peer)),
        SaveWait(wait=wait(1, replies=(reply("7.0", "ana"),))),
        SaveWait(wait=wait(2, customer="omar", replies=(reply("7.0", "ana"), reply("8.0", "ana")))),
        SaveWait(wait=wait(3, replies=(reply("9.0", "omar"),))),
        SaveWait(wait=wait(4, replies=(reply("6.0", "ana"),))),  # its message is no longer there
    )
    first, second = said
    assert await store.transact(lambda tx: tx.replies(10)) == (
        PastReply(channel=CHANNEL, customer="dana", message=first),
        PastReply(channel=CHANNEL, customer="omar", message=first),
        PastReply(channel=CHANNEL, customer="omar", message=second),
    )
    assert [reply.message for reply in await store.transact(lambda tx: tx.replies(3))] == [first, second]


async def test_what_a_customer_wrote_in_a_wait_comes_in_order(store: Store) -> None:
    asked = wait(1, messages=("1.0", "3.0"), last_message_at=3.0)
    first, later, other = seen("1.0", 1.0, wait=asked.id), seen("3.0", 3.0, wait=asked.id), seen("2.0", 2.0, wait=None)
    writes = (SaveMessage(channel=CHANNEL, seen=one) for one in (later, other, first))
    await save(store, SaveWait(wait=asked), *writes)
    assert await store.read(lambda tx: tx.written_in(asked)) == (first, later)
    assert await store.read(lambda tx: tx.written_in(replace(asked, channel="nowhere"))) == ()


async def test_all_waits_come_in_the_order_they_opened(store: Store) -> None:
    await save(store, *(SaveWait(wait=wait(n)) for n in (3, 1, 2)))
    assert await store.read(lambda tx: [w.opened_at for w in tx.all_waits()]) == [1.0, 2.0, 3.0]


async def test_an_event_is_new_once(store: Store) -> None:
    key = EventKey(channel=CHANNEL, message="1.0", kind="posted")
    asked = [
        (key, None),
        (key, None),
        (key, "Ev1"),  # the same happening in another envelope
        (replace(key, message="2.0"), "Ev1"),  # the same envelope
        (replace(key, kind="edited", edit="5.0"), "Ev2"),
        (replace(key, channel=OTHER), None),
    ]
    assert await store.transact(lambda tx: [tx.first_time(*a, 1.0) for a in asked]) == [True, False, False, False, True, True]
    assert await store.transact(lambda tx: [tx.first_time(*a, 1.0) for a in asked]) == [False] * 6


async def test_texts_are_kept_while_the_customer_waits(store: Store) -> None:
    open_wait = wait(1, messages=("1.0", "1.5"))
    id = open_wait.id
    await save(
        store,
        SaveWait(wait=open_wait),
        KeepText(wait=id, message="1.5", text="second"),
        KeepText(wait=id, message="1.0", text="frist"),
        KeepText(wait=id, message="1.0", text="first \x00 \u202e"),
    )
    assert await store.read(lambda tx: tx.texts(id)) == (
        KeptText(message="1.0", text="first \x00 \u202e"),
        KeptText(message="1.5", text="second"),
    )
    await save(store, KeepText(wait=id, message="1.5", text="half a pair: \ud83d"))
    assert (await store.read(lambda tx: tx.texts(id)))[1].text == "half a pair: ?"
    ended = replace(open_wait, state=WaitState.ANSWERED, ended_at=5.0)
    await save(store, SaveWait(wait=ended), BlankText(wait=id), KeepText(wait=id, message="1.0", text="too late"))
    assert await store.read(lambda tx: tx.texts(id)) == ()
    assert await store.read(lambda tx: tx.texts("nowhere/1")) == ()


async def test_a_note_is_about_one_hold_and_kept_while_the_customer_waits(open_store: Opener) -> None:
    store = await open_store()
    one, other = wait(1), wait(2)
    await save(store, SaveWait(wait=one), SaveWait(wait=other))
    await save(store, KeepNote(wait=one.id, since=4.5, note="the release first"))
    assert await store.read(lambda tx: (tx.note(one.id, 4.5), tx.note(one.id, 5.0), tx.note(other.id, 4.5))) == (
        "the release first",
        "",
        "",
    )
    await save(store, KeepNote(wait=one.id, since=6.0, note="half a pair: \ud83d"), KeepNote(wait=other.id, since=1.0, note="b"))
    await save(store, KeepNote(wait=other.id, since=1.0, note=""))
    await store.close()
    store = await open_store()
    assert await store.read(lambda tx: (tx.note(one.id, 6.0), tx.note(other.id, 1.0))) == ("half a pair: ?", "")
    ended = replace(one, state=WaitState.ANSWERED, ended_at=7.0)
    await save(store, SaveWait(wait=ended), BlankText(wait=one.id), KeepNote(wait=one.id, since=6.0, note="too late"))
    assert await store.read(lambda tx: tx.note(one.id, 6.0)) == ""
    assert await store.read(lambda tx: tx.note("nowhere/1", 6.0)) == ""


async def test_how_a_wait_was_handed_over_is_kept_and_its_note_while_the_customer_waits(open_store: Opener) -> None:
    store = await open_store()
    one, other = wait(1), wait(2)
    handover = Handover(by="ana", to="ben", at=4.5, note="half a pair: \ud83d")
    again = KeepHandover(wait=other.id, handover=replace(handover, to="mia"))
    await save(store, SaveWait(wait=one), SaveWait(wait=other), KeepHandover(wait=one.id, handover=handover), again)
    await save(store, KeepHandover(wait=other.id, handover=None))
    await store.close()
    store = await open_store()
    assert await store.read(lambda tx: tx.handover(one.id)) == replace(handover, note="half a pair: ?")
    assert await store.read(lambda tx: (tx.handover(other.id), tx.handover("nowhere/1"))) == (None, None)
    ended = replace(one, state=WaitState.ANSWERED, ended_at=7.0)
    await save(store, SaveWait(wait=ended), BlankText(wait=one.id))
    assert await store.read(lambda tx: tx.handover(one.id)) == replace(handover, note="")


@pytest.mark.parametrize("together", [True, False], ids=["in one transaction", "in another"])
async def test_nothing_is_left_of_a_wait_that_is_dropped(store: Store, together: bool) -> None:
    """Nor is it in the way of one with the same id that comes after it."""
    gone, other = wait(1, messages=("1.0", "1.5")), wait(2)
    made = [SaveWait(wait=each) for each in (gone, other)]
    made += [KeepText(wait=each.id, message=each.messages[0], text="secret") for each in (gone, other)]  # type: ignore[misc]
    made += [SetReminder(wait=each.id, step=0, to="owner", due_at=9.0) for each in (gone, other)]  # type: ignore[misc]
    drop = DropWait(wait=gone.id)
    await (save(store, *made, drop, drop) if together else save(store, *made))
    if not together:
        await save(store, drop)
    assert await store.read(lambda tx: [found.id for found in tx.all_waits()]) == [other.id]
    assert await store.read(lambda tx: (tx.texts(gone.id), tx.pending(gone.id), tx.waits_of(CHANNEL, "1.5"))) == ((), None, ())
    assert await store.read(lambda tx: len(tx.texts(other.id))) == 1
    again = wait(1)
    await save(store, drop, SaveWait(wait=again), SetReminder(wait=again.id, step=0, to="owner", due_at=7.0))
    assert await store.read(lambda tx: tx.wait(again.id)) == again
    pending = await store.read(lambda tx: tx.pending(again.id))
    assert pending is not None and pending.due_at == 7.0


async def test_the_text_of_a_deleted_message_goes_with_it(store: Store) -> None:
    both = wait(1, messages=("1.0", "1.5"))
    await save(store, SaveWait(wait=both), KeepText(wait=both.id, message="1.5", text="secret"))
    await save(store, SaveWait(wait=replace(both, messages=("1.0",))))
    await save(store, SaveWait(wait=both))
    assert await store.read(lambda tx: tx.texts(both.id)) == ()


@pytest.mark.parametrize(
    "write",
    [
        KeepText(wait="nowhere/1", message="1", text="?"),
        SetReminder(wait="nowhere/1", step=0, to="owner", due_at=1.0),
        BlankText(wait="nowhere/1"),
        DropReminder(wait="nowhere/1"),
    ],
)
async def test_nothing_is_stored_of_a_wait_that_was_never_saved(store: Store, write: object) -> None:
    with pytest.raises(StorageError, match="nowhere/1"):
        await save(store, write)


async def test_early_events_wait_for_their_message(store: Store) -> None:
    events = (
        EarlyEdit(channel=CHANNEL, id="3.0", at=4.0, reading=seen("3.0", 3.0).reading, mentions=("ana",), calls_team=True),
        Reacted(
            channel=CHANNEL,
            id="3.0",
            by="ana",
            by_member=True,
            emoji="eyes",
            at=5.0,
            added=False,
            timed=False,
            platform_event="Ev2",
        ),
        Deleted(channel=CHANNEL, id="3.0", at=6.0, platform_event="Ev3"),
    )
    other = Deleted(channel=CHANNEL, id="4.0", at=7.0)
    await save(store, *(KeepEarly(event=event) for event in (other, *reversed(events), events[0])))
    assert (await store.transact(lambda tx: tx.channel(CHANNEL, 5))).early == (*events, other)
    await save(store, DropEarly(channel=CHANNEL, id="3.0"), DropEarly(channel=OTHER, id="4.0"))
    assert (await store.transact(lambda tx: tx.channel(CHANNEL, 5))).early == (other,)


async def test_acquaintance_is_found_by_customer(store: Store) -> None:
    def told(channel: str, member: str, strength: float, at: float) -> SaveExchange:
        return SaveExchange(channel=channel, member=member, customer="dana", strength=strength, at=at)

    await save(
        store,
        told(CHANNEL, "ana", 1.0, 1.0),
        told(OTHER, "ana", 2.0, 2.0),
        told(CHANNEL, "ben", 3.0, 3.0),
        told(CHANNEL, "ana", 1.5, 4.0),
    )
    assert set(await store.read(lambda tx: tx.exchanges("dana"))) == {
        Exchange(channel=CHANNEL, member="ana", strength=1.5, at=4.0),
        Exchange(channel=OTHER, member="ana", strength=2.0, at=2.0),
        Exchange(channel=CHANNEL, member="ben", strength=3.0, at=3.0),
    }
    assert await store.read(lambda tx: tx.exchanges("omar")) == ()


async def test_what_a_transaction_changes_twice_is_stored_as_it_was_last(store: Store) -> None:
    opened = wait(1, messages=("1.0",))
    reply = Reply(message="7.0", by="ana", at=7.0, kind=ReplyKind.PERSONAL)
    longer = replace(opened, messages=("1.0", "1.5"), last_message_at=1.5)
    ended = replace(longer, replies=(reply,), state=WaitState.ANSWERED, ended_at=7.0)

    def work(tx: Transaction) -> None:
        for stage in (opened, longer, ended):
            tx.save(
                [
                    SaveWait(wait=stage),
                    SaveMessage(channel=CHANNEL, seen=seen("1.0", 1.0, reply_probability=stage.last_message_at)),
                ]
            )
            assert tx.wait(opened.id) == stage  # what is pending is seen inside the transaction
            assert tx.channel(CHANNEL, 5).messages[-1].reply_probability == stage.last_message_at

    await store.transact(work)
    assert await store.read(lambda tx: tx.wait(opened.id)) == ended
    assert await store.read(lambda tx: [len(tx.waits_of(CHANNEL, m)) for m in ("1.0", "1.5", "7.0", "8.0")]) == [1, 1, 1, 0]
    second = wait(2, messages=("2.0",))
    await save(
        store, *(SaveWait(wait=w) for w in (second, replace(second, messages=("2.0", "2.5")), replace(second, probability=0.5)))
    )
    assert await store.read(lambda tx: tx.wait(second.id)) == replace(second, probability=0.5)
    assert await store.read(lambda tx: tx.waits_of(CHANNEL, "2.5")) == ()


async def test_texts_follow_their_wait_within_one_transaction(store: Store) -> None:
    one = wait(1, messages=("1.0",))
    two = replace(one, messages=("1.0", "1.5"))
    ended = replace(two, state=WaitState.ANSWERED, ended_at=5.0)
    words = [KeepText(wait=one.id, message=message, text="secret") for message in ("1.0", "1.5")]
    await save(store, SaveWait(wait=one), words[0], SaveWait(wait=two), words[1], SaveWait(wait=one))
    assert await store.read(lambda tx: tx.texts(one.id)) == (KeptText(message="1.0", text="secret"),)
    await save(store, SaveWait(wait=two))
    assert await store.read(lambda tx: tx.texts(one.id)) == (
        KeptText(message="1.0", text="secret"),
    )  # the deleted message's text is gone
    await save(store, SaveWait(wait=ended), BlankText(wait=one.id), words[0], SaveWait(wait=two), words[1])
    assert await store.read(lambda tx: tx.texts(one.id)) == (KeptText(message="1.5", text="secret"),)
    other = wait(2, messages=("2.0",))
    late = KeepText(wait=other.id, message="2.0", text="too late")
    over = replace(other, state=WaitState.ANSWERED, ended_at=5.0)
    await save(store, SaveWait(wait=other), late, SaveWait(wait=over), BlankText(wait=other.id), late)
    assert await store.read(lambda tx: tx.texts(other.id)) == ()


async def test_the_last_word_on_a_message_is_kept_once(store: Store) -> None:
    def word(says: str, at: float, message: str = "1.0", by: str = "ana") -> SaveCorrection:
        return SaveCorrection(channel=CHANNEL, message=message, says=says, by=by, at=at, judged=True)  # type: ignore[arg-type]

    async def counted(since: float = 0.0) -> tuple[int, int]:
        counts = await store.read(lambda tx: tx.corrections_since(since))
        return counts.overlooked, counts.needs_none

    await save(store, word("waits", 1.0), word("waits", 9.0, by="ben"))
    assert (await counted(), await counted(5.0)) == ((1, 0), (0, 0)), "the same word again changes nothing"
    await save(store, word("needs_none", 7.0), word("needs_none", 7.0, "2.0"))
    assert (await counted(), await counted(5.0)) == ((0, 2), (0, 2))
    await save(store, DropCorrection(channel=CHANNEL, message="1.0"), DropCorrection(channel=OTHER, message="2.0"))
    assert await counted() == (0, 1)
