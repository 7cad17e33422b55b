"""What is out of range is refused with what is wrong and what is possible; all that is offered instead is taken."""

from __future__ import annotations

import pytest

from bot.domain.views import CommandText
from tests.commands.test_commands import ask, notes


@pytest.mark.parametrize(
    ("line", "who", "said"),
    [
        ("mute 5 years", "ana", "“5 years” is too long: 31 days at most"),
        ("mute 45 days", "ana", "31 days at most"),
        ("mute 0m", "ana", "“0m” is no time at all"),
        ("snooze w1 100 years", "ana", "31 days at most"),
        ("snooze w1 5 years waiting for the release", "ana", "31 days at most"),
        ("snooze w1 999999999h", "ana", "31 days at most"),
        ("snooze w1 0 hours", "ana", "“0 hours” is no time at all"),
        ("pause 0m", "mia", "Pause which channel, or all of them? And “0m” is no time at all"),
        ("pause 5 years", "mia", "or all of them? And “5 years” is too long: 31 days at most"),
        ("pause #help yesterday", "mia", "“yesterday” is in the past"),
        ("away 50 years", "ana", "more than a year ahead"),
        ("away 3 Jahre", "ana", "more than a year ahead"),
        ("away yesterday", "ana", "in the past"),
        ("away until 32.12.", "ana", "There is no “32.12” in the calendar"),
        ("hours 25-26", "ana", "a day runs from 00:00 to 24:00"),
        ("hours 9:70-17:00", "ana", "an hour has 60 minutes"),
        ("budget 9999", "ana", "from 0 to 100"),
        ("duty rotate @ana", "mia", "two members at least"),
        ("duty rotate @ana @ben, every 40 days", "mia", "Turns change on days of the week"),
        ("duty @ana 5 years", "mia", "31 days at most"),
    ],
)
def test_what_is_out_of_range(line: str, who: str, said: str) -> None:
    given = ask(line, who)
    assert given.view.refused and said in given.view.fallback and not given.choices and not given.events
    tried = [span.text for span in notes(given.view) if isinstance(span, CommandText)]
    assert tried, "what can be written is said"
    assert [one for one in tried if ask(one, who).view.refused] == []


def test_a_year_is_not_out_of_range() -> None:
    assert ask("away 1 year").choices
