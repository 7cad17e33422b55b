"""The bot's own record: what followed its reminders, and what members marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.outgoing import Address, DueReminder
from bot.domain.shares import Share
from bot.domain.waits import Reply, ReplyKind, Wait, WaitState
from bot.domain.writes import SaveCorrection, SetReminder, Write
from bot.ports import Transaction
from bot.queries.own_record import own_record_of
from bot.wording.own_record import MovedThreshold, own_record
from tests.queries.stored import HELP, SALES, TEN, snapshot, transaction
from tests.queries.test_waits import a_wait
from tests.waits.world import DAY, HOUR, MINUTE, NINE

TEAM = Address("local", "channel", "team")


def replied(kind: ReplyKind, at: float) -> tuple[Reply, ...]:
    return (Reply(message=f"r{at}", by="ana", at=at, kind=kind),)


def reminded(waits: Sequence[Wait], more: Iterable[Write] = (), *, noted: Iterable[str] = ()) -> Transaction:
    """The waits with a reminder each that left at ten; of some it was only noted."""
    tx = transaction(waits, [*more, *(SetReminder(wait=wait.id, step=0, to="owner", due_at=TEN) for wait in waits)])
    for number, due in enumerate(tx.claim_due(TEN, limit=99, lease=60)):
        assert isinstance(due, DueReminder)
        if due.wait in noted:
            tx.mark_sent(due, at=TEN, to=("ana",))
        else:
            tx.mark_sent(due, at=TEN, to=("ana",), ref=f"m{number}", address=TEAM)
    return tx


def test_what_followed_within_an_hour_of_reminders_that_left() -> None:
    waits = [
        a_wait(0, replies=replied(ReplyKind.PERSONAL, TEN + 59 * MINUTE)),
        a_wait(1, replies=replied(ReplyKind.PERSONAL, TEN + 61 * MINUTE)),
        a_wait(2, replies=replied(ReplyKind.PROMISE, TEN + 5 * MINUTE)),
        a_wait(3, replies=replied(ReplyKind.HOLDING, TEN - 5 * MINUTE)),
        a_wait(4, state=WaitState.ANSWERED, ended_at=TEN + MINUTE, marked_by="ana"),
        a_wait(5, state=WaitState.HELPED, ended_at=TEN + MINUTE, replies=replied(ReplyKind.PERSONAL, TEN + MINUTE)),
        a_wait(6, replies=replied(ReplyKind.PERSONAL, TEN + MINUTE)),
    ]
    tx = reminded(waits, noted=(waits[6].id,))
    assert own_record_of(snapshot(tx, TEN + 59 * MINUTE)).heeded == Share(number=0, of=0), "their hour isn't over"
    found = own_record_of(snapshot(tx, TEN + 2 * HOUR))
    assert found.heeded == Share(number=3, of=6) and found.about == 6
    assert found.overlooked == Share(number=0, of=7)
    assert own_record_of(snapshot(tx, TEN + 31 * DAY)).heeded.of == 0


def test_what_members_marked_and_a_channel_by_itself() -> None:
    waits = [
        a_wait(0, state=WaitState.DISMISSED, ended_at=TEN),
        a_wait(1, state=WaitState.ANSWERED, ended_at=TEN),
        a_wait(2, opened_by="member"),
        a_wait(3, opened_by="member", state=WaitState.DISMISSED, ended_at=TEN),
        a_wait(4, channel=SALES, id=f"{SALES}/1"),
    ]
    said = [
        SaveCorrection(channel=HELP, message=waits[place].opening, says="needs_none", by="ana", at=TEN, judged=True)
        for place in (0, 1)
    ]
    tx = reminded(waits, said)
    everywhere = own_record_of(snapshot(tx, TEN + 2 * HOUR))
    assert (everywhere.needless, everywhere.overlooked) == (Share(number=3, of=5), Share(number=1, of=5))
    assert everywhere.moved is None
    help_alone = own_record_of(snapshot(tx, TEN + 2 * HOUR), channel=HELP)
    assert help_alone.needless == Share(number=3, of=4)
    assert help_alone.moved == MovedThreshold(less=True, needless=2, overlooked=0)
    sales = own_record_of(snapshot(tx, TEN + 2 * HOUR), channel=SALES)
    assert (sales.needless.of, sales.moved) == (1, None)
    assert "I ask a little less here: 2 marked needless by the team." in repr(own_record(help_alone, channel_name="help"))
    assert "too few to say more" in repr(own_record(help_alone)) and "likely" not in repr(own_record(help_alone)).casefold()


def test_a_month_without_anything_says_so() -> None:
    assert "none left" in repr(own_record(own_record_of(snapshot(transaction(), NINE))))
