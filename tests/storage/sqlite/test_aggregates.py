"""What is stored comes back, and only that."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.events import Deleted, Edited, Reacted
from bot.domain.people import Role
from bot.domain.waits import Reply, ReplyKind, Wait, WaitState
from bot.domain.writes import (
    BlankText,
    DropCorrection,
    DropEarly,
    DropMessage,
    DropReminder,
    KeepEarly,
    KeepText,
    SaveCorrection,
    SaveExchange,
    SaveMessage,
    SaveWait,
    SetReminder,
)
from bot.errors import StorageError
from bot.ports import Transaction
from bot.waits.channel_state import ENDED_CAPACITY, OPEN_CAPACITY
from storage.sqlite.database import Database
from tests.storage.sqlite.samples import CHANNEL, OTHER, full_wait, message, seen, wait


async def save(db: Database, *writes: object) -> None:
    await db.transact(lambda tx: tx.save(writes))  # type: ignore[arg-type]


async def test_a_wait_comes_back_with_every_field(db: Database) -> None:
    stored = full_wait()
    for field in dataclasses.fields(Wait):  # the sample must not fall behind the model
        if field.default is not dataclasses.MISSING:
            assert getattr(stored, field.name) != field.default, field.name
    await save(db, SaveWait(wait=stored))
    assert await db.read(lambda tx: tx.wait(stored.id)) == stored
    plain = wait()
    await save(db, SaveWait(wait=plain))
    assert await db.read(lambda tx: tx.wait(plain.id)) == plain
    changed = replace(
        stored, **{f.name: getattr(plain, f.name) for f in dataclasses.fields(Wait) if f.name not in ("id", "messages")}
    )
    await save(db, SaveWait(wait=changed))
    assert await db.read(lambda tx: tx.wait(stored.id)) == changed
    assert await db.read(lambda tx: tx.wait("nowhere/1")) is None


async def test_a_window_comes_back_by_position(db: Database) -> None:
    late, early, middle = seen("3.0", 3.0), seen("1.0", 1.0, answers=(), wait=None, thread=None), seen("2.0", 2.0)
    elsewhere = seen("9.0", 9.0)
    await save(
        db, *(SaveMessage(channel=CHANNEL, seen=s) for s in (late, early, middle)), SaveMessage(channel=OTHER, seen=elsewhere)
    )
    assert (await db.read(lambda tx: tx.channel(CHANNEL, 10))).messages == (early, middle, late)
    assert (await db.read(lambda tx: tx.channel(CHANNEL, 2))).messages == (middle, late)
    assert (await db.read(lambda tx: tx.channel("nowhere", 2))).messages == ()
    edited = replace(middle, reply_probability=0.25)
    await save(
        db,
        SaveMessage(channel=CHANNEL, seen=edited),
        DropMessage(channel=CHANNEL, id="1.0", at=1.0),
        DropMessage(channel=OTHER, id="3.0", at=3.0),
    )
    assert (await db.read(lambda tx: tx.channel(CHANNEL, 10))).messages == (edited, late)
    await save(db, DropMessage(channel=CHANNEL, id="2.0"), DropMessage(channel=OTHER, id="3.0"))
    assert (await db.read(lambda tx: tx.channel(CHANNEL, 10))).messages == (late,)


async def test_a_channel_comes_with_its_open_and_lately_ended_waits(db: Database) -> None:
    long_open = wait(1)
    long_over = wait(2, state=WaitState.ANSWERED, ended_at=3.0)
    over = wait(3, state=WaitState.RESOLVED, ended_at=50.0)
    reopened = wait(4, state=WaitState.ANSWERED, ended_at=4.5)
    elsewhere = wait(5, channel=OTHER)
    await save(db, *(SaveWait(wait=w) for w in (long_open, long_over, over, reopened, elsewhere)))
    reopened = replace(reopened, state=WaitState.WAITING, ended_at=None)
    await save(db, SaveWait(wait=reopened), *(SaveMessage(channel=CHANNEL, seen=seen(f"{n}.0", n)) for n in (10, 50, 60)))
    assert (await db.read(lambda tx: tx.channel(CHANNEL, 10))).waits == (over, long_open, reopened)
    assert (await db.read(lambda tx: tx.channel(CHANNEL, 1))).waits == (long_open, reopened)


async def test_a_channel_comes_with_no_more_waits_than_a_state_keeps(db: Database) -> None:
    waiting = [wait(n) for n in range(1, OPEN_CAPACITY + 10)]
    over = [wait(1000 + n, state=WaitState.ANSWERED, ended_at=2000.0 - n) for n in range(ENDED_CAPACITY + 10)]
    await save(db, *(SaveWait(wait=w) for w in (*waiting, *over)), SaveMessage(channel=CHANNEL, seen=seen("1.0", 1)))
    found = (await db.read(lambda tx: tx.channel(CHANNEL, 10))).waits
    assert found == (*reversed(over[:ENDED_CAPACITY]), *waiting[-OPEN_CAPACITY:])


async def test_waits_are_found_by_their_messages(db: Database) -> None:
    reply = Reply(message="7.0", by="ana", at=7.0, kind=ReplyKind.PERSONAL)
    first, second = wait(1, replies=(reply,)), wait(2, messages=("2.0", "2.5"), replies=(reply,))
    await save(
        db, SaveWait(wait=first), SaveWait(wait=second), SaveWait(wait=wait(3, id=f"{OTHER}/x", channel=OTHER, messages=("7.0",)))
    )
    assert await db.read(lambda tx: tx.waits_of(CHANNEL, "7.0")) == (second, first)
    assert await db.read(lambda tx: tx.waits_of(CHANNEL, "2.5")) == (second,)
    # The answer to the second and one of its messages are deleted.
    second = replace(second, messages=("2.5",), replies=())
    await save(db, SaveWait(wait=second))
    assert await db.read(lambda tx: tx.waits_of(CHANNEL, "7.0")) == (first,)
    assert await db.read(lambda tx: tx.waits_of(CHANNEL, "2.0")) == ()
    empty = replace(second, messages=(), state=WaitState.WITHDRAWN, ended_at=9.0)
    await save(db, SaveWait(wait=empty))
    await save(db, SaveWait(wait=empty))
    assert await db.read(lambda tx: tx.wait(second.id)) == empty


async def test_what_members_answered_lately_comes_with_its_customers(db: Database) -> None:
    def reply(message: str, by: str) -> Reply:
        return Reply(message=message, by=by, at=float(message), kind=ReplyKind.PERSONAL)

    said = [seen(f"{n}.0", float(n), author="ana", role=Role.MEMBER) for n in (7, 8)]
    peer = seen("9.0", 9.0, author="omar")
    await save(
        db,
        *(SaveMessage(channel=CHANNEL, seen=one) for one in (*said, peer)),
        SaveWait(wait=wait(1, replies=(reply("7.0", "ana"),))),
        SaveWait(wait=wait(2, customer="omar", replies=(reply("7.0", "ana"), reply("8.0", "ana")))),
        SaveWait(wait=wait(3, replies=(reply("9.0", "omar"),))),
        SaveWait(wait=wait(4, replies=(reply("6.0", "ana"),))),  # its message is no longer there
    )
    first, second = said
    assert await db.read(lambda tx: tx.replies(10)) == (
        (CHANNEL, "dana", first),
        (CHANNEL, "omar", first),
        (CHANNEL, "omar", second),
    )
    assert await db.read(lambda tx: tx.replies(3)) == ((CHANNEL, "omar", first), (CHANNEL, "omar", second))


async def test_all_waits_come_in_the_order_they_opened(db: Database) -> None:
    await save(db, *(SaveWait(wait=wait(n)) for n in (3, 1, 2)))
    assert await db.read(lambda tx: [w.opened_at for w in tx.all_waits()]) == [1.0, 2.0, 3.0]


async def test_an_event_is_new_once(db: Database) -> None:
    key = (CHANNEL, "1.0", "posted", "")
    asked = [
        (key, None),
        (key, None),
        (key, "Ev1"),  # the same happening in another envelope
        ((CHANNEL, "2.0", "posted", ""), "Ev1"),  # the same envelope
        ((CHANNEL, "1.0", "edited", "5.0"), "Ev2"),
        ((OTHER, "1.0", "posted", ""), None),
    ]
    assert await db.transact(lambda tx: [tx.first_time(*a) for a in asked]) == [True, False, False, False, True, True]
    assert await db.transact(lambda tx: [tx.first_time(*a) for a in asked]) == [False] * 6


async def test_texts_are_kept_while_the_customer_waits(db: Database) -> None:
    open_wait = wait(1, messages=("1.0", "1.5"))
    id = open_wait.id
    await save(
        db,
        SaveWait(wait=open_wait),
        KeepText(wait=id, message="1.5", text="second"),
        KeepText(wait=id, message="1.0", text="frist"),
        KeepText(wait=id, message="1.0", text="first \x00 \u202e"),
    )
    assert await db.read(lambda tx: tx.texts(id)) == (("1.0", "first \x00 \u202e"), ("1.5", "second"))
    await save(db, KeepText(wait=id, message="1.5", text="half a pair: \ud83d"))
    assert (await db.read(lambda tx: tx.texts(id)))[1] == ("1.5", "half a pair: ?")
    ended = replace(open_wait, state=WaitState.ANSWERED, ended_at=5.0)
    await save(db, SaveWait(wait=ended), BlankText(wait=id), KeepText(wait=id, message="1.0", text="too late"))
    assert await db.read(lambda tx: tx.texts(id)) == ()
    assert await db.read(lambda tx: tx.texts("nowhere/1")) == ()


async def test_the_text_of_a_deleted_message_goes_with_it(db: Database) -> None:
    both = wait(1, messages=("1.0", "1.5"))
    await save(db, SaveWait(wait=both), KeepText(wait=both.id, message="1.5", text="secret"))
    await save(db, SaveWait(wait=replace(both, messages=("1.0",))))
    await save(db, SaveWait(wait=both))
    assert await db.read(lambda tx: tx.texts(both.id)) == ()


@pytest.mark.parametrize(
    "write",
    [
        KeepText(wait="nowhere/1", message="1", text="?"),
        SetReminder(wait="nowhere/1", step=0, to="owner", due_at=1.0),
        BlankText(wait="nowhere/1"),
        DropReminder(wait="nowhere/1"),
    ],
)
async def test_nothing_is_stored_of_a_wait_that_was_never_saved(db: Database, write: object) -> None:
    with pytest.raises(StorageError, match="nowhere/1"):
        await save(db, write)


async def test_blanked_text_leaves_no_bytes(db: Database, path: Path) -> None:
    count = 300
    # Long and short ones, in pages that split and merge, so that every way a text can lie in the file is tried.
    texts = [f"marker-{n:04}-" + "x" * (n * 37 % 3000) for n in range(count)]
    for n in range(count):
        await save(db, SaveWait(wait=wait(n)), KeepText(wait=wait(n).id, message=f"{n}.0", text=texts[n]))
    folder = path.parent

    def found() -> set[int]:
        stored = b"".join(file.read_bytes() for file in folder.iterdir())
        return {n for n in range(count) if f"marker-{n:04}".encode() in stored}

    assert found() == set(range(count))
    order = sorted(range(count), key=lambda n: n * 7919 % count)
    for n in order[:200]:
        await save(db, SaveWait(wait=wait(n, state=WaitState.ANSWERED, ended_at=999.0)), BlankText(wait=wait(n).id))
    await db.checkpoint()
    assert found() == set(order[200:])
    for n in order[200:]:
        await save(db, SaveWait(wait=wait(n, state=WaitState.ANSWERED, ended_at=999.0)), BlankText(wait=wait(n).id))
    await db.checkpoint()
    assert found() == set()


async def test_early_events_wait_for_their_message(db: Database) -> None:
    events = (
        Edited(message=message(), at=4.0, platform_event="Ev1"),
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
    await save(db, *(KeepEarly(event=event) for event in (other, *reversed(events), events[0])))
    assert (await db.read(lambda tx: tx.channel(CHANNEL, 5))).early == (*events, other)
    await save(db, DropEarly(channel=CHANNEL, id="3.0"), DropEarly(channel=OTHER, id="4.0"))
    assert (await db.read(lambda tx: tx.channel(CHANNEL, 5))).early == (other,)


async def test_acquaintance_is_found_by_customer(db: Database) -> None:
    def told(channel: str, member: str, strength: float, at: float) -> SaveExchange:
        return SaveExchange(channel=channel, member=member, customer="dana", strength=strength, at=at)

    await save(
        db,
        told(CHANNEL, "ana", 1.0, 1.0),
        told(OTHER, "ana", 2.0, 2.0),
        told(CHANNEL, "ben", 3.0, 3.0),
        told(CHANNEL, "ana", 1.5, 4.0),
    )
    assert set(await db.read(lambda tx: tx.exchanges("dana"))) == {
        (CHANNEL, "ana", 1.5, 4.0),
        (OTHER, "ana", 2.0, 2.0),
        (CHANNEL, "ben", 3.0, 3.0),
    }
    assert await db.read(lambda tx: tx.exchanges("omar")) == ()


async def test_pruning_leaves_the_windows_and_what_is_young(db: Database) -> None:
    await save(
        db,
        *(SaveMessage(channel=CHANNEL, seen=seen(f"{n}.0", n)) for n in range(10)),
        SaveMessage(channel=OTHER, seen=seen("0.0", 0)),
    )
    await save(
        db, KeepEarly(event=Deleted(channel=CHANNEL, id="x", at=1.0)), KeepEarly(event=Deleted(channel=CHANNEL, id="y", at=8.0))
    )
    assert await db.transact(lambda tx: tx.prune(10.0, keep=6.0, window=3)) == 5  # messages 0 to 3 and one early event
    record = await db.read(lambda tx: tx.channel(CHANNEL, 100))
    assert [s.at for s in record.messages] == [4, 5, 6, 7, 8, 9]
    assert [e.at for e in record.early] == [8.0]
    assert await db.transact(lambda tx: tx.prune(10.0, keep=0.0, window=3)) == 4
    assert [s.at for s in (await db.read(lambda tx: tx.channel(CHANNEL, 100))).messages] == [7, 8, 9]
    assert len((await db.read(lambda tx: tx.channel(OTHER, 100))).messages) == 1


async def test_what_a_transaction_changes_twice_is_stored_as_it_was_last(db: Database) -> None:
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

    await db.transact(work)
    assert await db.read(lambda tx: tx.wait(opened.id)) == ended
    assert await db.read(lambda tx: [len(tx.waits_of(CHANNEL, m)) for m in ("1.0", "1.5", "7.0", "8.0")]) == [1, 1, 1, 0]
    second = wait(2, messages=("2.0",))
    await save(
        db, *(SaveWait(wait=w) for w in (second, replace(second, messages=("2.0", "2.5")), replace(second, probability=0.5)))
    )
    assert await db.read(lambda tx: tx.wait(second.id)) == replace(second, probability=0.5)
    assert await db.read(lambda tx: tx.waits_of(CHANNEL, "2.5")) == ()


async def test_texts_follow_their_wait_within_one_transaction(db: Database) -> None:
    one = wait(1, messages=("1.0",))
    two = replace(one, messages=("1.0", "1.5"))
    ended = replace(two, state=WaitState.ANSWERED, ended_at=5.0)
    words = [KeepText(wait=one.id, message=message, text="secret") for message in ("1.0", "1.5")]
    await save(db, SaveWait(wait=one), words[0], SaveWait(wait=two), words[1], SaveWait(wait=one))
    assert await db.read(lambda tx: tx.texts(one.id)) == (("1.0", "secret"),)
    await save(db, SaveWait(wait=two))
    assert await db.read(lambda tx: tx.texts(one.id)) == (("1.0", "secret"),)  # the deleted message's text is gone
    await save(db, SaveWait(wait=ended), BlankText(wait=one.id), words[0], SaveWait(wait=two), words[1])
    assert await db.read(lambda tx: tx.texts(one.id)) == (("1.5", "secret"),)
    other = wait(2, messages=("2.0",))
    late = KeepText(wait=other.id, message="2.0", text="too late")
    over = replace(other, state=WaitState.ANSWERED, ended_at=5.0)
    await save(db, SaveWait(wait=other), late, SaveWait(wait=over), BlankText(wait=other.id), late)
    assert await db.read(lambda tx: tx.texts(other.id)) == ()


async def test_the_last_word_on_a_message_is_kept_once(db: Database) -> None:
    def word(says: str, at: float, message: str = "1.0", by: str = "ana") -> SaveCorrection:
        return SaveCorrection(channel=CHANNEL, message=message, says=says, by=by, at=at, judged=True)  # type: ignore[arg-type]

    async def counted(since: float = 0.0) -> tuple[int, int]:
        return await db.read(lambda tx: tx.corrections_since(since))

    await save(db, word("waits", 1.0), word("waits", 9.0, by="ben"))
    assert (await counted(), await counted(5.0)) == ((1, 0), (0, 0)), "the same word again changes nothing"
    await save(db, word("needs_none", 7.0), word("needs_none", 7.0, "2.0"))
    assert (await counted(), await counted(5.0)) == ((0, 2), (0, 2))
    await save(db, DropCorrection(channel=CHANNEL, message="1.0"), DropCorrection(channel=OTHER, message="2.0"))
    assert await counted() == (0, 1)
