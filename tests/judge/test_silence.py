"""How much of a time in which nobody of the team wrote counts."""

from __future__ import annotations

from bot.judge.silence import LULL, Silence

HOUR = 3600.0


def test_a_short_time_counts_as_it_is() -> None:
    assert Silence().up_to(1000.0, None)(400.0) == 600.0
    assert Silence().up_to(1000.0, None)(1400.0) == 0.0


def test_a_night_counts_as_a_lull() -> None:
    silence = Silence()
    silence.broken(HOUR, None)
    assert silence.up_to(17 * HOUR, None)(HOUR + 60) == LULL


def test_between_members_messages_each_stretch_counts_by_itself() -> None:
    silence = Silence()
    for at in (100.0, 400.0, 20 * HOUR, 20 * HOUR + 300):
        silence.broken(at, None)
    until = silence.up_to(20 * HOUR + 600, None)
    assert until(50.0) == 50 + 300 + LULL + 300 + 300
    assert until(450.0) == LULL + 300 + 300
    assert until(20 * HOUR + 10) == 590


def test_told_hours_are_asked_about_long_stretches_only() -> None:
    silence = Silence()
    asked = []

    def worked(since: float, until: float) -> float:
        asked.append((since, until))
        return 120.0

    silence.broken(100.0, worked)
    silence.broken(160.0, worked)
    assert asked == []
    assert silence.up_to(HOUR * 16, worked)(170.0) == 120.0
    assert (170.0, HOUR * 16) in asked


def test_working_time_longer_than_a_lull_counts_as_one() -> None:
    assert Silence().up_to(100 * HOUR, lambda since, until: 40 * HOUR)(HOUR) == LULL


def test_old_times_are_forgotten_without_a_change_to_what_is_kept() -> None:
    silence = Silence()
    for number in range(3_000):
        silence.broken(60.0 * (number + 1), None)
    assert silence.up_to(60.0 * 3_001, None)(60.0 * 2_900 + 30) == 60.0 * 101 - 30
