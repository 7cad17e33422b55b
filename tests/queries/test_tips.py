"""Which tip a member is shown, and when none is: only the latest, only to a member, only what they want."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.keys import server_of
from bot.domain.outgoing import DueNotice
from bot.domain.people import Accounts, Team
from bot.domain.preferences import Choices, OwnSwitch
from bot.domain.tips import STALE, Tip, TipKind, TipMessage
from bot.domain.writes import AddNotice, KeepTip, NoticeSubject, SeeTip, Write
from bot.outbox.contents import StoredContents
from bot.queries.snapshot import Lookups
from bot.queries.tips import tip_for
from tests.queries.stored import HELP, TEN, lookups, snapshot, transaction
from tests.waits.world import DAY

FIRST = Tip(
    kind=TipKind.CANNED,
    member="ana",
    at=TEN - 8 * DAY,
    trigger="1",
    count=3,
    messages=(TipMessage(channel=HELP, id="1", at=TEN),),
)
LATER = replace(FIRST, kind=TipKind.PITCH, at=TEN - 60, trigger="2", about="dana")


def shown(*writes: Write, member: str = "ana", known: Lookups | None = None, now: float = TEN) -> Tip | None:
    found = tip_for(snapshot(transaction(writes=writes), now, known), member)
    return None if found is None else found.tip


def test_the_latest_that_they_do_not_know_of_is_shown_and_to_nobody_else() -> None:
    assert shown(KeepTip(tip=FIRST)) == FIRST
    assert shown(KeepTip(tip=FIRST), KeepTip(tip=LATER)) == LATER
    assert shown(KeepTip(tip=FIRST), KeepTip(tip=LATER), SeeTip(key=LATER.key, at=TEN)) is None
    assert shown(KeepTip(tip=FIRST), member="mia") is None
    assert shown(KeepTip(tip=LATER), now=TEN + STALE) is None


@pytest.mark.parametrize("off", [{"tips_off": frozenset({TipKind.CANNED})}, {"wanted": frozenset({"reminders"})}])
def test_what_they_switched_off_since_is_not_shown(off: dict[str, object]) -> None:
    known = lookups(choices=Choices(switches={"ana": OwnSwitch(**off)}))  # type: ignore[arg-type]
    assert shown(KeepTip(tip=FIRST), known=known) is None


def test_who_is_no_member_any_more_is_told_nothing() -> None:
    known = replace(lookups(), team=lambda: Team(members=frozenset({"ben", "mia"})))
    assert shown(KeepTip(tip=FIRST), known=known) is None
    assert told(FIRST, KeepTip(tip=FIRST), known=known) is None


def test_who_left_a_servers_team_reads_no_more_of_its_customers() -> None:
    accounts = Accounts(by_member={"ana": {"local": "ana"}})
    for there, seen in (({"ana", "ben"}, LATER), ({"ben"}, None)):
        team = Team(members=frozenset({"ana", "ben"}), servers={server_of(HELP): frozenset(there)}, accounts=accounts)
        known = replace(lookups(), team=lambda team=team: team)
        assert shown(KeepTip(tip=LATER), known=known) == seen
        assert (told(LATER, KeepTip(tip=LATER), known=known) is None) is (seen is None)


def told(tip: Tip, *writes: Write, known: Lookups | None = None) -> object:
    """What a direct message about a tip says."""
    notice = DueNotice(id=1, key=tip.key, kind="tip", person=tip.member, subject=NoticeSubject.TIP, due_at=TEN, attempt=1)
    return StoredContents(known or lookups()).notice(transaction(writes=writes), notice, TEN)


def test_a_direct_message_tells_the_latest_alone_and_what_leaves_as_one_is_shown_nowhere_else() -> None:
    assert told(FIRST, KeepTip(tip=FIRST)) is not None
    assert told(FIRST, KeepTip(tip=FIRST), KeepTip(tip=LATER)) is None
    assert told(LATER, KeepTip(tip=FIRST), KeepTip(tip=LATER)) is not None
    assert told(FIRST, KeepTip(tip=FIRST), SeeTip(key=FIRST.key, at=TEN)) is None
    notice = AddNotice(kind="tip", key=FIRST.key, due_at=TEN, subject=NoticeSubject.TIP, person="ana")
    assert shown(KeepTip(tip=FIRST), notice) is None
