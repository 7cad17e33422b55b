"""What customers ask again: by what was read in their waits, as far as it is kept and may be shown."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.care import Care
from bot.domain.people import Role
from bot.domain.reading import Reading, unpack
from bot.domain.waits import Reply, ReplyKind, Wait, WaitState
from bot.domain.writes import KeepText, SaveMessage, SaveWait, Write
from bot.ports import Transaction
from bot.queries.came_back import SOON, came_back
from bot.queries.digests import week_facts
from bot.queries.figures import figures_of
from bot.queries.snapshot import Lookups
from bot.queries.topics import MONTH, asked_again
from bot.wording.topics import topics
from tests.queries.stored import HELP, SALES, TEN, lookups, snapshot
from tests.queries.test_waits import a_wait
from tests.storage.samples import seen
from tests.storage.sqlite.memory import in_memory
from tests.waits.world import DAY, HOUR, MINUTE

WORDS = (11, 12, 13, 14)
CUSTOMERS = ("dana", "omar", "pia")


def asked(ago: float, customer: str, *words: int, channel: str = HELP, **changes: object) -> list[Write]:
    """A question so long ago, with what was read in it."""
    at = TEN - ago
    wait = replace(
        a_wait(0), id=f"{channel}/{at}", channel=channel, messages=(f"{at}",), opened_at=at, last_message_at=at, customer=customer
    )
    wait = replace(wait, **changes)  # type: ignore[arg-type]
    read = Reading(chars=40, words=8, fingerprints=words or WORDS)
    record = seen(wait.opening, at, author=customer, role=Role.CUSTOMER, wait=wait.id, answers=(), reading=read)
    return [SaveWait(wait=wait), SaveMessage(channel=channel, seen=record)]


def stored(*writes: list[Write]) -> Transaction:
    tx = in_memory(unpack)
    for each in writes:
        tx.save(each)
    return tx


def found(*writes: list[Write], known: Lookups | None = None) -> list[int]:
    """How many customers asked each of what is asked again."""
    return [one.customers for one in asked_again(snapshot(stored(*writes), TEN, known))]


def test_three_customers_within_a_month_in_whatever_channel_and_however_it_ended() -> None:
    over = {"state": WaitState.ANSWERED, "ended_at": TEN}
    same = [asked(n * DAY, who, channel=SALES if n else HELP, **over) for n, who in enumerate(CUSTOMERS, 1)]
    assert found(*same) == [3]
    assert found(*same[:2]) == []
    assert found(*same[:2], asked(MONTH + HOUR, "pia")) == []


def test_what_needed_no_reply_was_no_question() -> None:
    for state in (WaitState.DISMISSED, WaitState.WITHDRAWN):
        assert found(*(asked(n * DAY, who, state=state, ended_at=TEN) for n, who in enumerate(CUSTOMERS, 1))) == []


def test_what_is_forgotten_of_messages_isnt_compared() -> None:
    tx = stored(*(asked(n * DAY, who) for n, who in enumerate(CUSTOMERS, 1)))
    assert len(asked_again(snapshot(tx))) == 1
    tx.prune(TEN + 40 * DAY, keep=30 * DAY, window=1)
    assert asked_again(snapshot(tx)) == ()


def test_nothing_is_compared_where_the_settings_leave_it_out() -> None:
    known = replace(lookups(), care=Care(topics=False, came_back=False))
    writes = [asked(n * DAY, who) for n, who in enumerate(CUSTOMERS, 1)]
    assert found(*writes, known=known) == []
    assert came_back(snapshot(stored(*writes), TEN, known), ()) is None


def test_it_is_quoted_while_somebody_waits_and_the_digest_has_it_too() -> None:
    waits = [asked(n * HOUR, who) for n, who in enumerate(CUSTOMERS, 1)]
    first = waits[0][0]
    assert isinstance(first, SaveWait)
    text = KeepText(wait=first.wait.id, message=first.wait.opening, text="how do I get my invoice?")
    tx = stored(*waits, [text])
    (one,) = asked_again(snapshot(tx))
    assert one.texts == ("how do I get my invoice?",) and "3 customers" in repr(topics([one]))
    assert week_facts(snapshot(tx)).again == (one,)
    assert asked_again(snapshot(tx), lambda channel: channel == SALES) == ()


def returned(ago: float, *words: int, answered: float = 3 * HOUR, kind: ReplyKind = ReplyKind.PERSONAL) -> int | None:
    """How many came back when Dana asked again after this answer."""
    reply = Reply(message="r", by="ana", at=TEN - answered, kind=kind)
    before = asked(9 * DAY, "dana", replies=(reply,), state=WaitState.ANSWERED, ended_at=TEN - answered)
    earlier = before[0]
    assert isinstance(earlier, SaveWait)
    again = asked(ago, "dana", *words, came_back_from=earlier.wait.id)
    _, team = figures_of(snapshot(stored(before, again)), "ana", days=7, returns=True)
    return team.came_back


def test_who_came_back_with_the_same_words_soon_after_an_answer_is_counted() -> None:
    assert returned(HOUR) == 1 and returned(HOUR, 11, 12, 99) == 1
    assert returned(HOUR, 97, 98, 99) == 0, "something else"
    assert returned(HOUR, answered=SOON + HOUR + MINUTE) == 0, "later than that"
    assert returned(HOUR, kind=ReplyKind.REDIRECT) == 0, "nobody had answered"


def test_a_customer_counts_once_and_only_in_the_teams_sum() -> None:
    waits: list[Wait] = []
    writes: list[list[Write]] = []
    for n in range(3):
        reply = Reply(message=f"r{n}", by="ana", at=TEN - (9 - n) * HOUR + MINUTE, kind=ReplyKind.PERSONAL)
        made = asked((9 - n) * HOUR, "dana", replies=(reply,), came_back_from=waits[-1].id if waits else None)
        assert isinstance(made[0], SaveWait)
        waits.append(made[0].wait)
        writes.append(made)
    own, team = figures_of(snapshot(stored(*writes)), "ana", days=7, returns=True)
    assert team.came_back == 1 and not hasattr(own, "came_back")
