"""Who knows a customer best."""

from __future__ import annotations

from bot.waits import acquaintance
from tests.waits.world import DAY, NINE


def test_more_exchanges_make_a_better_acquaintance() -> None:
    known = {("c", "ana"): (3.0, NINE), ("c", "ben"): (1.0, NINE)}
    assert acquaintance.best(known, channel="c", now=NINE) == ("ana", 3.0)


def test_old_exchanges_fade_behind_recent_ones() -> None:
    known = {("c", "ana"): (2.0, NINE - 200 * DAY), ("c", "ben"): (1.0, NINE)}
    found = acquaintance.best(known, channel="c", now=NINE)
    assert found is not None and found[0] == "ben"


def test_an_exchange_in_this_channel_counts_more_than_one_elsewhere() -> None:
    known = {("other", "ana"): (1.0, NINE), ("c", "ben"): (1.0, NINE)}
    found = acquaintance.best(known, channel="c", now=NINE)
    assert found is not None and found[0] == "ben"


def test_exchanges_in_several_channels_add_up() -> None:
    known = {("c", "ana"): (1.0, NINE), ("d", "ana"): (1.0, NINE), ("c", "ben"): (1.2, NINE)}
    assert acquaintance.best(known, channel="c", now=NINE) == ("ana", 1.5)


def test_one_exchange_long_ago_is_no_acquaintance() -> None:
    assert acquaintance.best({("c", "ana"): (1.0, NINE - 365 * DAY)}, channel="c", now=NINE) is None
    assert acquaintance.best({}, channel="c", now=NINE) is None


def test_people_passed_over_or_gone_are_not_named() -> None:
    known = {("c", "ana"): (3.0, NINE), ("c", "ben"): (1.0, NINE), ("c", "zoe"): (9.0, NINE)}
    assert acquaintance.best(known, channel="c", now=NINE, without=("ana",), within={"ana", "ben"}) == ("ben", 1.0)


def test_ties_go_to_who_spoke_last_and_then_always_to_the_same() -> None:
    same = {("c", "ana"): (1.0, NINE), ("c", "ben"): (1.0, NINE)}
    assert acquaintance.best(same, channel="c", now=NINE) == ("ana", 1.0)
    assert acquaintance.best(dict(reversed(same.items())), channel="c", now=NINE) == ("ana", 1.0)


def test_an_exchange_adds_one_to_what_is_left() -> None:
    assert acquaintance.after_exchange(None, NINE) == 1.0
    assert acquaintance.after_exchange((2.0, NINE), NINE + 90 * DAY) == 2.0
    assert acquaintance.decayed(2.0, NINE, NINE - DAY) == 2.0  # a clock that goes back makes nobody closer
