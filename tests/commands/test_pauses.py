"""Pauses: a lead has reminders stand still, about a channel or about everything."""

from __future__ import annotations

import pytest

from bot.domain.preferences import EVERYWHERE, Choices, OwnSwitch, Pause, SetPause
from bot.domain.views import CommandText
from tests.commands.test_commands import Given, ask, notes, words
from tests.commands.test_switches import instants
from tests.queries.stored import HELP, SALES, TEN
from tests.waits.world import DAY, HOUR

ALL = {EVERYWHERE: Pause(since=TEN - HOUR, until=TEN + HOUR, by="mia")}
ONE = {HELP: Pause(since=TEN - HOUR, until=TEN + 2 * HOUR, by="mia")}
OVER = {SALES: Pause(since=TEN - HOUR, until=TEN, by="mia")}


def says(line: str, who: str = "mia", pauses: dict[str, Pause] | None = None) -> Given:
    return ask(line, who, choices=Choices(pauses=pauses or {}))


def tries(given: Given) -> list[str]:
    return [span.text for span in notes(given.view) if isinstance(span, CommandText)]


@pytest.mark.parametrize(
    ("line", "place", "until"),
    [
        ("pause #help 2h", HELP, TEN + 2 * HOUR),
        ("pause help for 2h", HELP, TEN + 2 * HOUR),
        (f"pause #{{{SALES}}} until 3pm", SALES, TEN + 5 * HOUR),
        ("pause all until tomorrow 9:00", EVERYWHERE, TEN + DAY - HOUR),
        ("pause everything today", EVERYWHERE, TEN + 14 * HOUR),
        ("pause all 9:00-12:00", EVERYWHERE, TEN + 2 * HOUR),
    ],
)
def test_a_pause_says_what_and_until_when(line: str, place: str, until: float) -> None:
    given = says(line)
    assert given.choices == (SetPause(channel=place, until=until, by="mia", at=TEN),)
    assert instants(given.view) == [until] and "stand still until" in words(given.view)
    assert "Mon 2 March)" in words(given.view) or "Tue 3 March)" in words(given.view), "the day with it"
    (back,) = tries(given)
    running = {place: Pause(since=TEN, until=until, by="mia")}
    assert says(back, pauses=running).choices == (SetPause(channel=place, until=None, by="mia", at=TEN),)


@pytest.mark.parametrize(
    ("line", "since", "until"),
    [
        ("pause all 14:00-16:00", TEN + 4 * HOUR, TEN + 6 * HOUR),
        ("pause all from 2pm to 4pm", TEN + 4 * HOUR, TEN + 6 * HOUR),
        ("pause all over lunch", TEN + 2 * HOUR, TEN + 3 * HOUR),
        ("pause all tomorrow", TEN + 14 * HOUR, TEN + 38 * HOUR),
        ("pause all friday to monday", TEN + 4 * DAY - 10 * HOUR, TEN + 8 * DAY - 10 * HOUR),
    ],
)
def test_a_pause_may_begin_later(line: str, since: float, until: float) -> None:
    given = says(line)
    assert given.choices == (SetPause(channel=EVERYWHERE, since=since, until=until, by="mia", at=TEN),)
    assert instants(given.view) == [since, until] and "will stand still from" in words(given.view)
    planned = {EVERYWHERE: Pause(since=since, until=until, by="mia")}
    choices = Choices(pauses=planned)
    assert choices.paused(HELP, TEN) is None and choices.paused(HELP, since) is not None and choices.paused(HELP, until) is None
    told = says("pause", pauses=planned)
    assert instants(told.view) == [since, until] and "everything from" in words(told.view)
    assert "is paused" not in words(ask("digest", choices=choices).view), "not yet"
    dropped = says("resume", pauses=planned)
    assert dropped.choices == (SetPause(channel=EVERYWHERE, until=None, by="mia", at=TEN),) and "Dropped" in words(dropped.view)
    assert "isn't paused" in words(says("resume #help", pauses=planned).view)


def test_one_pause_at_a_time() -> None:
    given = says("pause #help friday", pauses=ONE)
    assert given.view.refused and "paused already" in words(given.view)
    assert tries(given) == ["pause #help until 7 March 00:00", "resume #help"]
    assert says("pause #sales friday", pauses=ONE).choices, "another place"
    planned = {HELP: Pause(since=TEN + DAY, until=TEN + 2 * DAY, by="mia")}
    now = says("pause #help 2h", pauses=planned)
    assert now.choices and "instead of the pause from" in words(now.view)


def test_the_digest_says_it_and_who_is_left() -> None:
    muted = {"ana": OwnSwitch(muted_until=TEN + HOUR), "ben": OwnSwitch(budget=0), "mia": OwnSwitch(muted_until=TEN - 1)}
    told = " ".join(words(ask("digest", choices=Choices(switches=muted, pauses={**ALL, **ONE, **OVER})).view).split())
    assert "Everything is paused until" in told and "#help is paused until" in told and "#sales is paused" not in told
    assert "Muted: Ana until" in told and "with a budget of 0: Ben" in told and "everybody" not in told
    told = words(ask("digest", choices=Choices(switches={**muted, "mia": OwnSwitch(wanted=frozenset({"tips"}))})).view)
    assert "Want no reminders:  Mia" in told and "That is everybody on the team" in told and "paused" not in told


def test_who_waits_there_is_counted() -> None:
    assert "2 customers wait there" in words(says("pause #help 2h").view)
    assert "3 customers wait." in words(says("pause all 2h").view)


@pytest.mark.parametrize(
    "line",
    [
        "pause 2h",
        "pause #help",
        "pause all",
        "pause #nowhere 2h",
        "pause #help banana",
        "pause all 60 days",
        "pause all from tomorrow",
        "pause #help from friday",
        "pause all 14-16",
        "pause all firday",
    ],
)
def test_a_pause_that_isnt_clear_changes_nothing(line: str) -> None:
    given = says(line)
    assert given.view.refused and not given.choices
    assert all(says(tried).choices for tried in tries(given)[:2] if tried != "waiting")


def test_pauses_are_for_leads() -> None:
    for line in ("pause all 2h", "resume all", "pause #help 2h", "pause"):
        given = says(line, "ana", ALL)
        assert not given.choices and "for leads" in words(given.view)


def test_what_is_paused_is_told() -> None:
    assert "Nothing is paused" in words(says("pause", pauses=OVER).view)
    told = says("pause", pauses={**ALL, **ONE, **OVER})
    assert "everything until" in words(told.view) and "#help until" in words(told.view) and "#sales" not in words(told.view)
    assert instants(told.view) == [TEN + HOUR, TEN + 2 * HOUR] and not told.choices


def test_resuming() -> None:
    assert not says("resume", pauses=OVER).choices
    assert says("resume", pauses=ONE).choices == (SetPause(channel=HELP, until=None, by="mia", at=TEN),)
    assert {choice.channel for choice in says("resume all", pauses={**ALL, **ONE}).choices} == {EVERYWHERE, HELP}  # type: ignore[union-attr]
    which = says("resume", pauses={**ALL, **ONE})
    assert which.view.refused and tries(which) == ["resume #help", "resume all"]
    assert "isn't paused" in words(says("resume #sales", pauses=ONE).view)


def test_a_channel_in_a_pause_of_everything() -> None:
    one = says("resume #sales", pauses=ALL)
    assert not one.choices and "everything is paused until" in words(one.view) and tries(one) == ["resume all"]
    both = says("resume #help", pauses={**ALL, **ONE})
    assert both.choices == (SetPause(channel=HELP, until=None, by="mia", at=TEN),)
    assert "but everything is until" in words(both.view)
    assert not says("resume #nowhere", pauses=ALL).choices
