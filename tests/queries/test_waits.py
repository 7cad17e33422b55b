"""What is gathered of waits: quotes within a bound, whose day was full, when the owner last talked with the customer."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from bot.domain.outgoing import DueReminder, WaitInMessage
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.waits import Wait, WaitState
from bot.domain.writes import KeepText, SaveExchange, SetReminder
from bot.queries.waits import reminder_facts, rows, updated_facts, why_facts
from bot.wording.digest import MOST_PER_GROUP
from bot.wording.reminder import MOST_MERGED
from tests.queries.stored import HELP, SALES, TEN, snapshot, transaction
from tests.waits.world import DAY, HOUR, MINUTE, NINE


def a_wait(number: int, **changes: Any) -> Wait:
    at = NINE + number * MINUTE
    values: dict[str, Any] = {
        "id": f"{HELP}/{at}", "channel": HELP, "customer": "dana", "thread": None, "messages": (f"{at}",), "opened_at": at,
        "last_message_at": at,
    }  # fmt: skip
    return Wait(**{**values, **changes})


def asking(number: int) -> KeepText:
    wait = a_wait(number)
    return KeepText(wait=wait.id, message=wait.messages[0], text=f"question {number}")


MANY = 100
SHOWN = 3 * MOST_PER_GROUP
"""Waits that the longest of lists shows."""


def test_every_wait_that_a_list_shows_is_quoted_and_few_more_are_looked_up() -> None:
    found = snapshot(transaction([a_wait(n) for n in range(MANY)], [asking(n) for n in range(MANY)]), TEN + DAY)
    quoted = [row.texts for row in rows(found, found.open_waits())]
    assert quoted[:SHOWN] == [(f"question {n}",) for n in range(SHOWN)]
    assert quoted[-1] == ()


def test_a_reminder_of_several_quotes_those_who_have_waited_longest() -> None:
    tx = transaction([a_wait(n) for n in range(MANY)], [asking(n) for n in range(MANY)])
    told = [WaitInMessage(wait=a_wait(n), step=0, to=("ana",)) for n in reversed(range(MANY))]
    facts = reminder_facts(snapshot(tx, TEN + DAY), told)
    assert [one.texts for one in facts[-MOST_MERGED:]] == [(f"question {n}",) for n in reversed(range(MOST_MERGED))]
    assert facts[0].texts == ()
    assert updated_facts(snapshot(tx, TEN + DAY), told[-1]).texts == ("question 0",), "a post follows the conversation"


def test_only_a_full_day_counts_as_left_out_and_until_a_reminder_leaves() -> None:
    waits = [a_wait(n) for n in range(3)]
    tx = transaction(waits, [SetReminder(wait=wait.id, step=0, to="owner", due_at=TEN) for wait in waits])
    codes = (ReasonCode.OVER_BUDGET, ReasonCode.BACK_TOO_LATE)
    for due, code in zip(tx.claim_due(TEN, limit=2, lease=60), codes, strict=True):
        tx.mark_moot(due, reason=Reason(code=code, about=("ana",)))

    def unsent(now: float) -> list[bool]:
        found = snapshot(tx, now)
        return [row.unsent for row in rows(found, found.open_waits(), with_reminders=True)]

    assert unsent(TEN + HOUR) == [True, False, False]
    assert unsent(TEN + 9 * DAY) == [True, False, False], "it stays true"
    tx.save([SetReminder(wait=waits[0].id, step=1, to="duty", due_at=TEN + HOUR)])
    due = tx.claim_due(TEN + HOUR, limit=2, lease=60)[-1]
    tx.mark_sent(due, at=TEN + HOUR, to=("ben",))
    assert unsent(TEN + 2 * HOUR) == [False, False, False]
    found = snapshot(tx, TEN + 2 * HOUR)
    after = [row.after_last for row in rows(found, found.open_waits(), with_reminders=True)]
    assert after == [True, False, False], "nothing comes after it; of the others no reminder has left"


def test_the_last_exchange_is_the_owners_before_this_wait_and_told_where_it_is_the_reason() -> None:
    known = a_wait(1, owner="ana", owner_reason="acquaintance")
    exchanges = [
        SaveExchange(channel=channel, member=member, customer="dana", strength=1.0, at=at)
        for channel, member, at in ((HELP, "ana", NINE - DAY), (SALES, "ana", TEN), (HELP, "ben", NINE - HOUR))
    ]
    found = snapshot(transaction([known, a_wait(2, owner="ana", owner_reason="duty")], exchanges))
    assert reminder_facts(found, [WaitInMessage(wait=known, step=0, to=("ana",))])[0].last_exchange == ("ana", NINE - DAY)
    why = [why_facts(found, listed, UTC).last_exchange for listed in found.open_waits()]
    assert why == [("ana", NINE - DAY), None]


def test_why_tells_what_was_sent_and_what_comes_next_while_the_customer_waits() -> None:
    wait = a_wait(1)
    tx = transaction([wait], [SetReminder(wait=wait.id, step=0, to="owner", due_at=NINE + HOUR / 2)])
    (due,) = tx.claim_due(TEN, limit=9, lease=60)
    assert isinstance(due, DueReminder)
    tx.mark_sent(due, at=NINE + HOUR / 2, to=("ben",))
    tx.save([SetReminder(wait=wait.id, step=1, to="duty", due_at=TEN + HOUR)])
    (listed,) = snapshot(tx).open_waits()
    facts = why_facts(snapshot(tx), listed, UTC)
    assert [(sent.at, sent.to) for sent in facts.reminders] == [(NINE + HOUR / 2, ("ben",))]
    assert (facts.next_reminder, facts.working_seconds) == (TEN + HOUR, 59 * MINUTE)


def test_the_working_time_of_a_wait_that_is_over_ends_with_it() -> None:
    over = a_wait(0, state=WaitState.ANSWERED, ended_at=TEN)
    found = snapshot(transaction([over]), TEN + 5 * HOUR)
    listed = found.by_handle("w1")
    assert listed is not None and why_facts(found, listed, UTC).working_seconds == HOUR
