"""Who reads of thanks: the one who was thanked; in the weekly digest if they agreed, where it tells of the channel."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.care import Care
from bot.domain.durations import WEEK
from bot.domain.preferences import Choices, OwnSwitch
from bot.domain.thanks import SHOWN, Thanks
from bot.domain.writes import SaveThanks
from bot.queries.digests import week_facts
from bot.queries.snapshot import Lookups
from bot.queries.thanks import MOST_EACH, MOST_OWN, MOST_PUBLIC, public_thanks, thanks_of
from bot.wording.digest import week
from tests.queries.stored import HELP, SALES, TEN, lookups, snapshot, transaction
from tests.queries.test_waits import a_wait
from tests.waits.world import HOUR


def said(ago: float, member: str = "ana", channel: str = HELP) -> SaveThanks:
    """Thanks so long ago."""
    thanks = Thanks(channel=channel, message=f"{ago}{member}", at=TEN - ago, customer="dana", member=member)
    return SaveThanks(channel=channel, message=thanks.message, thanks=(thanks,))


def agreed(*members: str) -> Lookups:
    return lookups(choices=Choices(switches={member: OwnSwitch(thanks_public=True) for member in members}))


def test_the_latest_of_a_week_are_for_who_was_thanked_alone() -> None:
    now = snapshot(transaction(writes=[said(SHOWN + 1), *(said(n * HOUR) for n in range(1, 5))]))
    assert [row.thanks.at for row in thanks_of(now, "ana")] == [TEN - HOUR, TEN - 2 * HOUR] and MOST_OWN == 2
    assert len(thanks_of(now, "ana", 9)) == 4 and thanks_of(now, "ben") == () == thanks_of(now, "dana")


def test_the_weekly_digest_tells_of_those_who_agreed_and_of_no_others() -> None:
    tx = transaction([a_wait(0)], [said(HOUR), said(2 * HOUR, "ben"), said(WEEK + HOUR, "mia")])
    assert public_thanks(snapshot(tx), lambda _: True) == ()
    rows = week_facts(snapshot(tx, TEN, agreed("ben", "mia"))).thanks
    assert [row.thanks.member for row in rows] == ["ben"]
    told = repr(week(week_facts(snapshot(tx, TEN, agreed("ben")))))
    assert " thanked " in told and "person='ben'" in told and "person='ana'" not in told
    assert " thanked " not in repr(week(week_facts(snapshot(tx))))
    assert public_thanks(snapshot(tx, TEN, agreed("ben")), lambda channel: channel == SALES) == ()


def test_nobody_fills_the_digest() -> None:
    writes = [said(n * HOUR, who) for n in range(1, 8) for who in ("ana", "ben")]
    rows = public_thanks(snapshot(transaction(writes=writes), TEN, agreed("ana", "ben")), lambda _: True)
    assert len(rows) == MOST_PUBLIC
    assert max(sum(row.thanks.member == who for row in rows) for who in ("ana", "ben")) <= MOST_EACH


def test_nothing_is_shown_where_the_settings_pass_no_thanks_on() -> None:
    known = replace(agreed("ana"), care=Care(thanks=False))
    now = snapshot(transaction(writes=[said(HOUR)]), TEN, known)
    assert thanks_of(now, "ana") == () == public_thanks(now, lambda _: True)
