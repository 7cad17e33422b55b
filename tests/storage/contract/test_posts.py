"""Posts follow the waits they tell of: whatever changes what they say puts down one update of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.keys import digest_key, digest_place
from bot.domain.outgoing import Address, Attempt, Due, DueNotice, DueUpdate, LivePost, Post, SentReminder
from bot.domain.posted_wait import GATHERED
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.waits import FollowUp, Hold, HoldKind, Reply, ReplyKind, Wait, WaitState
from bot.domain.writes import AddNotice, NoticeSubject, SaveWait, SetReminder
from bot.ports import Store, Transaction
from tests.storage.samples import wait

TEAM, ANA = Address("local", "channel", "team"), Address("local", "person", "ana")
POSTED = wait(1, owner="ana", messages=("1.0",))


def due(tx: Transaction, now: float) -> list[Due]:
    return list(tx.claim_due(now, limit=10, lease=30.0))


def post(tx: Transaction, *waits: Wait, at: float = 10.0, address: Address = TEAM, ref: str = "m1") -> None:
    """Save waits, and post their reminders as one message."""
    for one in waits:
        tx.save([SaveWait(wait=one), SetReminder(wait=one.id, step=0, to="owner", due_at=at)])
    for row in due(tx, at):
        assert tx.mark_sent(row, at=at, to=("ana",), ref=ref, address=address)


async def updated(store: Store, changed: Wait) -> list[tuple[int, float]]:
    """(post, due) of the updates that saving a wait puts down."""

    def work(tx: Transaction) -> list[tuple[int, float]]:
        touched = tx.save([SaveWait(wait=changed)])
        found = [(row.post, row.due_at) for row in due(tx, 1e6) if isinstance(row, DueUpdate)]
        assert touched == bool(found)
        return found

    return await store.transact(work)


CLAIM = Hold(kind=HoldKind.CLAIM, since=20.0, until=90.0, by="ana")
SNOOZED = replace(CLAIM, kind=HoldKind.SNOOZE)
HELD = replace(POSTED, hold=CLAIM)
MAYBE = Reply(message="19.0", by="ben", at=19.0, kind=ReplyKind.PERSONAL, probability=0.5)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (POSTED, replace(POSTED, state=WaitState.ANSWERED, ended_at=20.0)),
        (POSTED, replace(POSTED, last_message_at=20.0, owner="ben")),
        (POSTED, HELD),
        (HELD, replace(POSTED, last_message_at=20.0)),
        (HELD, replace(POSTED, hold=replace(CLAIM, until=91.0))),
        (HELD, replace(POSTED, hold=replace(CLAIM, by="ben"))),
        (HELD, replace(POSTED, hold=replace(CLAIM, kind=HoldKind.SNOOZE))),
        (replace(POSTED, hold=replace(SNOOZED, since=19.0)), replace(POSTED, hold=SNOOZED)),  # with other words, perhaps
        (POSTED, replace(POSTED, last_message_at=20.0, possible_answer=MAYBE)),
    ],
)
async def test_what_changes_the_words_of_a_post_updates_it(store: Store, before: Wait, after: Wait) -> None:
    await store.transact(lambda tx: post(tx, before))
    assert await updated(store, after) == [(1, 20.0)]
    assert await updated(store, after) == [], "it is under way already"


@pytest.mark.parametrize(
    "after",
    [
        POSTED,
        replace(POSTED, probability=0.25, not_me=("mia",), evidence=("asks",), automatic_replies=1),
        replace(POSTED, hold=Hold(kind=HoldKind.TYPING, since=20.0, until=25.0, by="ana")),
    ],
)
async def test_what_a_post_doesnt_tell_leaves_it_alone(store: Store, after: Wait) -> None:
    await store.transact(lambda tx: post(tx, POSTED))
    assert await updated(store, after) == []


async def test_an_update_is_due_once_and_since_the_earliest_change(store: Store) -> None:
    def work(tx: Transaction) -> None:
        post(tx, POSTED)
        assert tx.save([SaveWait(wait=HELD)])
        assert tx.save([SaveWait(wait=replace(POSTED, state=WaitState.ANSWERED, ended_at=40.0))])
        tx.update_post(TEAM, "m1", due_at=50.0)
        (row,) = due(tx, 50.0)
        assert isinstance(row, DueUpdate) and row.due_at == 20.0
        assert tx.mark_sent(row, at=51.0, to=())
        assert due(tx, 99.0) == []
        tx.update_post(TEAM, "m1", due_at=60.0)
        tx.update_post(TEAM, "nowhere", due_at=60.0)
        assert [row.due_at for row in due(tx, 99.0)] == [60.0]

    await store.transact(work)


LINE = "l1"
MORE = replace(POSTED, messages=("1.0", "1.5"), last_message_at=20.0)


def line(tx: Transaction, *, step: int = 1, at: float = 12.0) -> None:
    """A further rung of the posted wait leaves as a line below its post."""
    live = tx.live_post(POSTED.id, TEAM)
    assert live is not None
    tx.save([SetReminder(wait=POSTED.id, step=step, to="duty", due_at=at)])
    (row,) = due(tx, at)
    attempt = Attempt(address=TEAM, key="k", at=at, to=("ben",), under=live.post, stands=live.post, told=1)
    tx.mark_leaving([(row, attempt)])
    assert tx.mark_sent(row, at=at, to=("ben",), ref=LINE, address=TEAM, under=live.post)


async def test_what_a_customer_goes_on_writing_is_gathered_for_a_moment(store: Store) -> None:
    await store.transact(lambda tx: post(tx, POSTED))
    assert await updated(store, MORE) == [(1, 20.0 + GATHERED)]


async def test_so_is_what_asks_nothing(store: Store) -> None:
    await store.transact(lambda tx: post(tx, POSTED))
    assert await updated(store, replace(POSTED, went_on=(FollowUp(message="30.0", at=30.0),))) == [(1, 30.0 + GATHERED)]


async def test_a_post_is_brought_up_to_date_always_and_a_line_once_when_it_isnt_so_any_more(store: Store) -> None:
    def work(tx: Transaction) -> None:
        post(tx, POSTED)
        line(tx)

    async def touched(changed: Wait) -> list[int]:
        found = await updated(store, changed)
        await store.transact(lambda tx: [tx.mark_sent(row, at=40.0, to=()) for row in due(tx, 1e6 + 60)])
        return sorted(post for post, _ in found)

    await store.transact(work)
    assert await touched(MORE) == [1]
    assert await touched(replace(MORE, hold=CLAIM)) == [1, 2], "somebody is on it"
    assert await touched(replace(MORE, hold=replace(CLAIM, kind=HoldKind.SNOOZE))) == [1], "the line says nothing of that"
    assert await touched(MORE) == [1]
    assert await touched(replace(MORE, possible_answer=MAYBE)) == [1]
    assert await touched(MORE) == [1, 2], "it may have asked about what is settled by now"
    assert await touched(replace(MORE, state=WaitState.ANSWERED, ended_at=50.0)) == [1, 2]


async def test_a_wait_stands_in_its_first_post_until_that_is_gone(store: Store) -> None:
    def work(tx: Transaction) -> None:
        assert tx.live_post(POSTED.id, TEAM) is None
        post(tx, POSTED)
        line(tx)
        line(tx, step=2, at=14.0)
        assert tx.live_post(POSTED.id, TEAM) == LivePost(post=1, ref="m1")
        assert tx.live_post(POSTED.id, ANA) is None
        first, below = tx.post(1), tx.post(2)
        assert first is not None and below is not None and below.under == 1
        assert [(sent.step, sent.line) for sent in first.reminders] == [(0, False), (1, False), (2, False)]
        assert [(sent.step, sent.line) for sent in below.reminders] == [(1, True), (2, True)]
        tx.post_gone(1, at=15.0)
        assert tx.live_post(POSTED.id, TEAM) is None

    await store.transact(work)


async def test_who_was_asked_counts_what_may_have_arrived_but_not_what_was_taken_away(store: Store) -> None:
    def work(tx: Transaction) -> None:
        post(tx, POSTED)
        tx.save([SetReminder(wait=POSTED.id, step=1, to="duty", due_at=12.0)])
        (row,) = due(tx, 12.0)
        tx.mark_leaving([(row, Attempt(address=TEAM, key="k", at=12.0, to=("ben",)))])
        tx.save([SetReminder(wait=POSTED.id, step=0, to="owner", due_at=13.0)])
        (other,) = due(tx, 13.0)
        assert [(sent.step, sent.to) for sent in tx.asked(POSTED.id, but=other)] == [(0, ("ana",)), (1, ("ben",))]
        assert [sent.to for sent in tx.asked(POSTED.id, but=row)] == [("ana",)]
        tx.post_gone(1, at=14.0)
        assert [sent.to for sent in tx.asked(POSTED.id, but=other)] == [("ben",)]

    await store.transact(work)


async def test_a_wait_without_a_post_updates_nothing(store: Store) -> None:
    await store.transact(lambda tx: tx.save([SaveWait(wait=POSTED)]))
    assert await updated(store, HELD) == []


async def test_a_post_knows_its_waits_in_their_order_and_a_wait_all_its_posts(store: Store) -> None:
    other = wait(2)

    def work(tx: Transaction) -> None:
        post(tx, other, POSTED)
        post(tx, POSTED, at=20.0, address=ANA, ref="d1")
        assert tx.save([SaveWait(wait=replace(POSTED, state=WaitState.ANSWERED, ended_at=30.0))])
        rows = due(tx, 30.0)
        found = [tx.post(row.post) for row in rows if isinstance(row, DueUpdate)]
        assert found == [
            Post(
                address=TEAM,
                ref="m1",
                at=10.0,
                reminders=tuple(
                    SentReminder(wait=one.id, step=0, at=10.0, to=("ana",), ref="m1", address=TEAM) for one in (other, POSTED)
                ),
            ),
            Post(
                address=ANA,
                ref="d1",
                at=20.0,
                reminders=(SentReminder(wait=POSTED.id, step=0, at=20.0, to=("ana",), ref="d1", address=ANA),),
            ),
        ]
        assert tx.post(99) is None
        assert tx.sent_since("ana", 0.0) == 2, "two waits in one message are one reminder"
        with pytest.raises(ValueError, match="its reference and its address"):
            tx.mark_sent(rows[0], at=31.0, to=(), ref="m3")

    await store.transact(work)


async def test_a_notice_is_put_down_once_and_its_post_is_found_by_its_subject(store: Store) -> None:
    notice = AddNotice(kind="digest", key="digest:1", due_at=10.0, subject=NoticeSubject.DAY)

    def work(tx: Transaction) -> None:
        tx.save([notice, replace(notice, due_at=5.0), AddNotice(kind="tip", key="tip:1", due_at=11.0, person="ana")])
        digest, tip = due(tx, 20.0)
        assert (digest.due_at, tip.due_at) == (10.0, 11.0)
        assert tx.mark_moot(tip, reason=Reason(code=ReasonCode.NO_DIRECT_MESSAGES))
        assert not tx.update_notices(NoticeSubject.DAY, due_at=15.0)
        assert tx.mark_sent(digest, at=20.0, to=(), ref="m1", address=TEAM)
        tx.save([notice])
        assert due(tx, 99.0) == [], "one that was there is there for good"
        assert tx.update_notices(NoticeSubject.DAY, due_at=30.0) and not tx.update_notices(NoticeSubject.WEEK, due_at=30.0)
        (row,) = due(tx, 99.0)
        assert isinstance(row, DueUpdate)
        found = tx.post(row.post)
        assert found is not None and (found.reminders, found.notices) == ((), ("day",))

    await store.transact(work)


async def test_of_missed_digests_only_the_latest_is_left(store: Store) -> None:
    def work(tx: Transaction) -> None:
        day, week = NoticeSubject.DAY, NoticeSubject.WEEK
        for number, (due_at, subject) in enumerate(((10.0, day), (20.0, day), (15.0, week), (90.0, day), (95.0, day))):
            tx.save([AddNotice(kind="digest", key=f"digest:{number}", due_at=due_at, subject=subject)])
        assert tx.drop_digests(50.0, but=["digest:3"]) == 1
        again = AddNotice(kind="digest", key="digest:4", due_at=96.0, subject=day)
        tx.save([again])  # it isn't planned any more, and then it is again, at another time
        assert [row.due_at for row in due(tx, 99.0)] == [15.0, 20.0, 90.0, 96.0]

    await store.transact(work)


async def test_missed_digests_are_counted_by_platform(store: Store) -> None:
    def work(tx: Transaction) -> None:
        for at in (10.0, 20.0):
            for platform in ("slack", "discord"):
                key = digest_key(at, "day", platform)
                tx.save([AddNotice(kind="digest", key=key, due_at=at, subject=NoticeSubject.DAY)])
        assert tx.drop_digests(50.0, but=[]) == 2
        assert [digest_place(row.key) for row in due(tx, 99.0) if isinstance(row, DueNotice)] == ["slack", "discord"]

    await store.transact(work)


async def test_when_a_place_was_told_last_by_a_digest_of_the_day(store: Store) -> None:
    def work(tx: Transaction) -> None:
        for at, place in ((100.0, "discord:1"), (200.0, "discord:1"), (200.0, "discord:2"), (300.0, "discord:1")):
            key = digest_key(at, "day", place)
            tx.save([AddNotice(kind="digest", key=key, due_at=at, subject=NoticeSubject.DAY)])
        for row in due(tx, 200.0):
            if row.key != digest_key(100.0, "day", "discord:1"):
                assert tx.mark_sent(row, at=row.due_at + 1, to=())
        assert tx.last_digest(digest_key(300.0, "day", "discord:1")) == 201.0
        assert tx.last_digest(digest_key(200.0, "day", "discord:1")) is None, "that of the day before never left"
        assert tx.last_digest(digest_key(300.0, "day")) is None, "another place's"

    await store.transact(work)


async def test_waits_that_ended_with_their_channel(store: Store) -> None:
    def work(tx: Transaction) -> None:
        lost = replace(wait(1), state=WaitState.WITHDRAWN, ended_at=50.0, by_channel=True)
        tx.save([SaveWait(wait=lost), SaveWait(wait=wait(2))])
        assert tx.lost_waits() == (lost,)
        tx.save([SaveWait(wait=wait(1))])
        assert tx.lost_waits() == ()

    await store.transact(work)


async def test_a_post_whose_update_was_given_up_is_brought_up_to_date_once_its_place_is_there_again(store: Store) -> None:
    def lost(tx: Transaction) -> list[str]:
        post(tx, POSTED)
        post(tx, wait(2), at=11.0, address=ANA, ref="m2")
        for place, ref in ((TEAM, "m1"), (TEAM, "m1"), (ANA, "m2")):
            tx.update_post(place, ref, due_at=20.0)
            for row in due(tx, 20.0):
                assert tx.mark_dead(row, reason=Reason(code=ReasonCode.REFUSED), refused=True)
        return [dead.what for dead in tx.dead(10)]

    assert await store.transact(lost) == ["update"] * 3

    def again(tx: Transaction) -> list[tuple[int, float]]:
        assert tx.update_given_up(due_at=30.0, places=(Address("local", "channel", "other"),)) == 0
        assert tx.update_given_up(due_at=30.0, places=(TEAM,)) == 1
        assert [dead.what for dead in tx.dead(10)] == ["update"], "hers is another's"
        assert tx.update_given_up(due_at=31.0, places=(TEAM,)) == 0, "once"
        found = [(row.post, row.due_at) for row in due(tx, 40.0) if isinstance(row, DueUpdate)]
        tx.remove_posts(ANA, due_at=40.0)
        assert tx.update_given_up(due_at=40.0) == 0, "what is to be removed says nothing any more"
        return found

    assert await store.transact(again) == [(1, 30.0)]
