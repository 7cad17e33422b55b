"""A member is told that direct messages in their name were reported: on hard evidence or two people's word, days later."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.coaching.auto_dm import LATEST, SOONEST, auto_dm
from bot.domain.auto_dms import AutoDm
from bot.domain.durations import DAY
from bot.domain.tips import APART, STALE, KeptTip, Tip, TipKind

NOW = 400 * DAY
PLAIN = AutoDm(platform="slack", message="m1", reporter="r1", sent_at=NOW, opened_at=NOW, reported_at=NOW, sender="ana")
SECOND = replace(PLAIN, message="m2", reporter="r2")
MARKED = replace(PLAIN, app="A1", app_name="Zap")


def told(*reports: AutoDm, earlier: tuple[KeptTip, ...] = (), chance: float = 0.0) -> Tip | None:
    return auto_dm("ana", reports, earlier, NOW, chance=chance)


def tip(at: float, kind: TipKind = TipKind.AUTO_DM, *, told_at: float | None = None) -> KeptTip:
    return KeptTip(tip=Tip(kind=kind, member="ana", at=at, trigger="x", count=1), told_at=told_at)


@pytest.mark.parametrize(
    "reports",
    [
        (),
        (PLAIN,),
        (PLAIN, replace(PLAIN, message="m2")),  # the same person again
        (PLAIN, replace(SECOND, sender="ben")),
        (PLAIN, replace(SECOND, reported_at=NOW - STALE - 1)),
        (replace(MARKED, reported_at=None),),
        (replace(MARKED, sender=None),),
    ],
)
def test_one_person_s_word_is_told_nobody(reports: tuple[AutoDm, ...]) -> None:
    assert told(*reports) is None


def test_a_mark_is_enough_and_so_are_two_people() -> None:
    for reports, count in (((MARKED,), 1), ((PLAIN, SECOND), 2), ((PLAIN, replace(SECOND, message="m1")), 1)):
        made = told(*reports)
        assert made is not None and (made.kind, made.member, made.count) == (TipKind.AUTO_DM, "ana", count)


def test_it_is_told_days_later_at_no_hour_that_says_anything() -> None:
    at = [made.at - NOW for chance in (0.0, 0.37, 1.0) if (made := told(MARKED, chance=chance)) is not None]
    assert at[0] == SOONEST and at[2] == LATEST and at[0] < at[1] < at[2]


def test_what_they_were_told_of_or_will_be_isnt_told_again() -> None:
    assert told(MARKED, earlier=(tip(NOW + DAY),)) is None, "it is on its way"
    before = replace(MARKED, reported_at=NOW - 10 * DAY)
    assert told(before, earlier=(tip(NOW - 9 * DAY),)) is None
    assert told(before, PLAIN, earlier=(tip(NOW - 9 * DAY),)) is None, "one person since then"
    assert told(before, MARKED, earlier=(tip(NOW - 9 * DAY),)) is not None


def test_a_week_lies_between_two_tips_of_whatever_kind() -> None:
    for earlier, free in (
        (tip(NOW - DAY, TipKind.CANNED), NOW - DAY + APART),
        (tip(NOW - 20 * DAY, TipKind.PITCH, told_at=NOW - 2 * DAY), NOW - 2 * DAY + APART),
        (tip(NOW - 20 * DAY, TipKind.PITCH), NOW),
    ):
        made = told(MARKED, earlier=(earlier,))
        assert made is not None and made.at == free + SOONEST
