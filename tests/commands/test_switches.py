"""What members want to be told: budget, mute, only mine, kinds. For themselves, and by a lead for others."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.preferences import ALL_KINDS, Choices, OwnSwitch, SetAway, SetSwitch
from bot.domain.views import CommandText, Timestamp, View
from tests.commands.test_commands import Given, ask, notes, words
from tests.queries.stored import TEN, lookups
from tests.waits.world import DAY, HOUR

MIDNIGHT = TEN + 14 * HOUR


def says(line: str, who: str = "ana", switch: OwnSwitch | None = None, of: str = "ana", **more: Any) -> Given:
    """What comes of a line where `of` chose something before."""
    return ask(line, who, choices=Choices(switches={} if switch is None else {of: switch}), **more)


def chosen(given: Given) -> OwnSwitch | None:
    (choice,) = given.choices
    assert isinstance(choice, SetSwitch) and choice.at == TEN
    return choice.switch


def instants(view: View) -> list[float]:
    return [span.at for node in view.nodes for span in getattr(node, "spans", ()) if isinstance(span, Timestamp)]


def tries(given: Given) -> list[str]:
    return [span.text for span in notes(given.view) if isinstance(span, CommandText)]


# Budget


@pytest.mark.parametrize(
    ("line", "budget", "said"),
    [
        ("budget 2", 2, "at most 2 notifications a day"),
        ("budget 1", 1, "at most 1 notification a day"),
        ("budget 0", 0, "no notifications: what waits is on the list"),
        ("budget 100", 100, "at most 100 notifications"),
        ("BUDGET 4 a day", 4, "at most 4"),
    ],
)
def test_a_budget_of_ones_own(line: str, budget: int, said: str) -> None:
    given = says(line)
    assert chosen(given) == OwnSwitch(budget=budget) and said in words(given.view)


@pytest.mark.parametrize("line", ["budget many", "budget -1", "budget 101", "budget 2.5", "budget ٣", "budget 2 3 4"])
def test_what_is_no_budget_changes_nothing(line: str) -> None:
    given = says(line)
    assert not given.choices and given.view.refused
    assert all(not ask(tried).view.refused for tried in tries(given))


def test_a_budget_is_as_the_settings_say_again() -> None:
    given = says("budget unset", switch=OwnSwitch(budget=5))
    assert chosen(given) is None and "again, as the settings say" in words(given.view)
    assert chosen(says("budget unset", switch=OwnSwitch(budget=5, only_mine=True))) == OwnSwitch(only_mine=True)


def test_bare_words_tell_how_it_is() -> None:
    assert "at most 5 notifications" in words(says("budget", switch=OwnSwitch(budget=5)).view)
    assert "aren't muted" in words(says("mute").view)
    assert "aren't muted" in words(says("mute", switch=OwnSwitch(muted_until=TEN)).view)
    assert "You are muted until" in words(says("mute", switch=OwnSwitch(muted_until=TEN + 1)).view)
    assert "about the team's waits, too" in words(says("only").view)
    assert "only about what is yours" in words(says("only", switch=OwnSwitch(only_mine=True)).view)
    told = words(says("want", switch=OwnSwitch(budget=0, wanted=frozenset({"tips"}), only_mine=True)).view)
    assert "tips, no reminders or digests" in told and "no notifications" in told and "only what is yours" in told
    for line in ("budget", "mute", "only", "want"):
        assert not says(line).choices


# Mute


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("mute 2h", TEN + 2 * HOUR),
        ("mute for 2 hours", TEN + 2 * HOUR),
        ("mute today", MIDNIGHT),
        ("mute until 3pm", TEN + 5 * HOUR),
        ("mute 3pm", TEN + 5 * HOUR),
        ("mute till 15:00", TEN + 5 * HOUR),
        ("mute until tomorrow", TEN + DAY - HOUR),
        ("mute until tomorrow 11:00", TEN + DAY + HOUR),
    ],
)
def test_mute_until(line: str, until: float) -> None:
    given = says(line)
    assert chosen(given) == OwnSwitch(muted_until=until)
    assert instants(given.view) == [until] and "unmute" in words(given.view), "what was understood, and the way back"
    assert "March)" in words(given.view), "the day with it"


@pytest.mark.parametrize(
    "line",
    [
        "mute tomorrow",
        "mute friday",
        "mute banana",
        "mute yesterday",
        "mute 60 days",
        "mute from 2pm",
        "mute from 2pm to 4pm",
        "mute 14:00-16:00",
        "mute at 3pm",
        "mute lunch",
        "mute in 2 hours",
        "mute from friday",
        "mute this evening",
        "mute starting in 1 hour",
        "mute 14-16",
        "mute until 2026-12-01",
    ],
)
def test_a_time_that_isnt_clear_mutes_nobody(line: str) -> None:
    given = says(line)
    assert given.view.refused and not given.choices
    assert tries(given) and all(says(tried).choices for tried in tries(given)), "what is offered instead is taken"


@pytest.mark.parametrize("line", ["mute from 2pm", "mute friday", "mute at 3pm", "mute over lunch", "mute 14-16"])
def test_a_mute_that_is_to_begin_later_is_an_absence(line: str) -> None:
    given = says(line)
    assert "can be said ahead" in words(given.view)
    assert tries(given)[0].startswith("away ") and isinstance(says(tries(given)[0]).choices[0], SetAway)  # type: ignore[index]
    told = ask(line.replace("mute", "mute @ben"), "mia")
    assert tries(told)[0].startswith("away @Ben ")


def test_a_slip_is_told_as_one() -> None:
    given = says("mute firday")
    assert "Did you mean “friday”?" in words(given.view) and "later" not in words(given.view)
    assert tries(given) == ["mute until friday"]


def test_unmuting() -> None:
    muted = OwnSwitch(muted_until=TEN + HOUR, budget=2)
    for line in ("unmute", "mute off"):
        given = says(line, switch=muted)
        assert chosen(given) == OwnSwitch(budget=2) and instants(given.view) == [TEN + HOUR]
    assert chosen(says("unmute", switch=OwnSwitch(muted_until=TEN + HOUR))) is None
    assert not says("unmute", switch=OwnSwitch(muted_until=TEN - 1)).choices


def test_a_mute_that_is_over_isnt_stored_again() -> None:
    assert chosen(says("budget 2", switch=OwnSwitch(muted_until=TEN - 1, only_mine=True))) == OwnSwitch(budget=2, only_mine=True)
    still = OwnSwitch(muted_until=TEN + 1, budget=2)
    assert chosen(says("budget 3", switch=still)) == OwnSwitch(muted_until=TEN + 1, budget=3)


# Only mine, kinds


def test_only_mine_and_back() -> None:
    given = says("only mine")
    assert chosen(given) == OwnSwitch(only_mine=True) and "only about what is yours" in words(given.view)
    given = says("only all", switch=OwnSwitch(only_mine=True))
    assert chosen(given) is None
    assert chosen(says("only unset", switch=OwnSwitch(only_mine=True, budget=1))) == OwnSwitch(budget=1)
    assert says("only yours").view.refused


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("want tips off", {"reminders", "digests"}),
        ("tips off", {"reminders", "digests"}),
        ("Tip off", {"reminders", "digests"}),
        ("digest off", {"reminders", "tips"}),
        ("digests off", {"reminders", "tips"}),
        ("reminders off, digests on", {"digests", "tips"}),
        ("want no tips or digests", {"reminders"}),
        ("want only reminders", {"reminders"}),
        ("want only reminders and tips", {"reminders", "tips"}),
        ("want nothing", set()),
        ("want none", set()),
    ],
)
def test_the_kinds_one_wants(line: str, wanted: set[str]) -> None:
    given = says(line)
    assert chosen(given) == OwnSwitch(wanted=frozenset(wanted)), line  # type: ignore[arg-type]


@pytest.mark.parametrize("line", ["want all", "want everything", "reminders on", "want unset", "want digests tips and reminders"])
def test_wanting_all_again_is_as_the_settings_say(line: str) -> None:
    assert chosen(says(line, switch=OwnSwitch(wanted=ALL_KINDS - {"reminders"}))) is None


def test_a_kind_there_isnt() -> None:
    given = says("want newsletters")
    assert given.view.refused and not given.choices and "reminders, digests and tips" in words(given.view)


# For others


@pytest.mark.parametrize(
    ("line", "switch"),
    [
        ("budget @ben 2", OwnSwitch(budget=2)),
        ("mute @ben 2h", OwnSwitch(muted_until=TEN + 2 * HOUR)),
        ("only @ben mine", OwnSwitch(only_mine=True)),
        ("want @ben tips off", OwnSwitch(wanted=ALL_KINDS - {"tips"})),
    ],
)
def test_only_a_lead_chooses_for_somebody_else(line: str, switch: OwnSwitch) -> None:
    refused = says(line)
    assert not refused.choices and "Only leads say this for somebody else. Please ask Mia." in words(refused.view)
    given = says(line, "mia")
    (choice,) = given.choices
    assert choice == SetSwitch(member="ben", switch=switch, by="mia", at=TEN)
    assert "Ben" in words(given.view) and all("@Ben" in tried for tried in tries(given)), "the way back is about them, too"
    told = says(line.rpartition("@ben")[0] + "@ben")
    assert not told.choices and "Only leads" in words(told.view), "nor is anybody told what others chose"


def test_a_lead_unmutes_others() -> None:
    muted = OwnSwitch(muted_until=TEN + HOUR)
    (choice,) = says("unmute @ben", "mia", muted, of="ben").choices
    assert choice == SetSwitch(member="ben", switch=None, by="mia", at=TEN)
    assert not says("unmute @ben", "ana", muted, of="ben").choices


# Over the settings file


WRITTEN = OwnSwitch(budget=5, only_mine=True, wanted=ALL_KINDS - {"tips"})


def test_the_file_says_what_nobody_chose_otherwise() -> None:
    told = words(says("want", written=WRITTEN).view)
    assert "reminders and digests, no tips" in told and "at most 5" in told and "only what is yours" in told
    assert "at most 3 notifications" in words(says("budget").view), "the team's"
    given = says("budget 2", written=WRITTEN)
    assert chosen(given) == OwnSwitch(budget=2, only_mine=True, wanted=ALL_KINDS - {"tips"})
    assert chosen(says("budget unset", switch=chosen(given), written=WRITTEN)) is None, "as the file says again"
    assert "at most 5 notifications a day again" in words(says("budget unset", switch=chosen(given), written=WRITTEN).view)
    assert chosen(says("only all", written=WRITTEN)) == OwnSwitch(wanted=ALL_KINDS - {"tips"})
    assert chosen(says("only unset", switch=OwnSwitch(wanted=ALL_KINDS - {"tips"}), written=WRITTEN)) is None
    assert chosen(says("want all", written=WRITTEN)) == OwnSwitch(only_mine=True)
    assert "reminders and digests, no tips, as the settings say" in words(says("want unset", written=WRITTEN).view)


def test_a_choice_without_a_budget_leaves_the_files_in_force() -> None:
    known = lookups(written=WRITTEN, choices=Choices(switches={"ana": OwnSwitch(muted_until=TEN + 1)})).preferences
    assert known.switch_of("ana") == OwnSwitch(budget=5, muted_until=TEN + 1)
    assert known.switch_of("ben") == WRITTEN
    assert not known.wants("ana", "reminders", TEN) and known.wants("ana", "reminders", TEN + 1)
    assert known.wants("ben", "digests", TEN) and not known.wants("ben", "tips", TEN)
