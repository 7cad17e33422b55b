"""When somebody isn't there: vacation by their status, do not disturb."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import structlog

from adapters.slack.absences import Absence, PersonTimes
from adapters.slack.changes import Changes
from adapters.slack.failures import MissingScope
from bot.errors import RetryLater
from tests.adapters.slack.conftest import NOW, Script, user


def away(**profile: Any) -> dict[str, Any]:
    return user("UANA", "Ana", profile=profile)


@pytest.mark.parametrize(
    ("profile", "until"),
    [
        ({"status_emoji": ":palm_tree:", "status_text": "", "status_expiration": NOW + 3600}, NOW + 3600),
        ({"status_emoji": ":palm_tree::skin-tone-2:", "status_expiration": 0}, NOW + 86400),
        ({"status_emoji": "", "status_text": "OOO until Monday", "status_expiration": NOW + 60}, NOW + 60),
        ({"status_emoji": ":palm_tree:", "status_text": "Back next Monday"}, NOW + 86400),
        ({"status_emoji": "", "status_text": "Happy holidays!"}, None),
        ({"status_emoji": "", "status_text": "Out of office", "status_expiration": NOW + 60}, NOW + 60),
        ({"status_text": "Im Urlaub", "status_expiration": NOW + 60}, NOW + 60),
        ({"status_text": "En congés", "status_expiration": NOW + 60}, NOW + 60),
        ({"status_emoji": ":palm_tree:", "status_text": "Back from vacation"}, None),
        ({"status_emoji": ":palm_tree:", "status_expiration": NOW - 1}, None),
        ({"status_emoji": ":house:", "status_text": "Working remotely"}, None),
        ({"status_emoji": ":calendar:", "status_text": "In a meeting"}, None),
        ({"status_emoji": ":palm_tree:", "status_expiration": NOW * 2}, None),
        ({"status_emoji": None, "status_text": 7, "status_expiration": "soon"}, None),
        ({}, None),
    ],
)
async def test_a_vacation_status(slack: Script, profile: dict[str, Any], until: float | None) -> None:
    slack.knows(away(**profile))
    times = await (await slack.directory()).person_times("UANA")
    absences = () if until is None else (Absence(since=NOW, until=until, why="vacation"),)
    assert times == PersonTimes(timezone="Europe/Lisbon", absences=absences)


async def test_do_not_disturb(slack: Script) -> None:
    # docs.slack.dev, /reference/methods/dnd.info
    quiet = {"dnd_enabled": True, "next_dnd_start_ts": NOW + 3600, "next_dnd_end_ts": NOW + 7200, "snooze_enabled": False}
    slack.answers["dnd.info"] = quiet
    directory = await slack.directory()
    absence = Absence(since=NOW + 3600, until=NOW + 7200, why="do_not_disturb")
    assert (await directory.person_times("UANA")).absences == (absence,)
    assert (await directory.person_times("UANA")).absences == (absence,)
    assert slack.count("dnd.info") == 1
    # An event is seen at once, everything else after ten minutes.
    assert directory.learn({"type": "dnd_updated_user", "user": "UANA", "dnd_status": quiet}) == Changes(times="UANA")
    slack.answers["dnd.info"] = quiet | {"dnd_enabled": False}
    assert (await directory.person_times("UANA")).absences == ()
    slack.clock.advance_to(NOW + 600)
    slack.answers["dnd.info"] = quiet
    assert (await directory.person_times("UANA")).absences == (absence,)


async def test_without_dnd_read_only_the_status_counts(slack: Script) -> None:
    slack.answers["dnd.info"] = MissingScope("no", needed="dnd:read")
    slack.knows(away(status_emoji=":palm_tree:", status_expiration=NOW + 60))
    directory = await slack.directory()
    with structlog.testing.capture_logs() as lines:
        assert len((await directory.person_times("UANA")).absences) == 1
        await directory.person_times("UBEN")
    assert slack.count("dnd.info") == 1 and [line["event"] for line in lines] == ["slack_dnd_hidden"]


async def test_what_was_known_last_counts_while_slack_cant_be_asked(slack: Script) -> None:
    slack.knows(away(status_emoji=":palm_tree:", status_expiration=NOW + 86400))
    directory = await slack.directory()
    known = await directory.person_times("UANA")
    assert known.absences
    slack.clock.advance_to(NOW + 700)
    slack.answers["users.info"] = RetryLater("slow down", after=5)
    assert await directory.person_times("UANA") == known


@pytest.mark.parametrize("asked_before", [False, True])
async def test_each_source_fails_alone_and_what_failed_keeps_what_was_known(slack: Script, asked_before: bool) -> None:
    vacation = Absence(since=NOW, until=NOW + 86400, why="vacation")
    quiet = Absence(since=NOW + 3600, until=NOW + 7200, why="do_not_disturb")
    slack.knows(away(status_emoji=":palm_tree:", status_expiration=NOW + 86400))
    told = {"dnd_enabled": True, "next_dnd_start_ts": NOW + 3600, "next_dnd_end_ts": NOW + 7200}
    directory = await slack.directory()
    if asked_before:
        slack.answers["dnd.info"] = told
        assert (await directory.person_times("UANA")).absences == (vacation, quiet)
        slack.clock.advance_to(NOW + 600)
    now = NOW + 600 * asked_before
    slack.answers["dnd.info"] = RetryLater("slow down", after=5)
    with structlog.testing.capture_logs() as lines:
        absences = (await directory.person_times("UANA")).absences
    assert absences == (replace(vacation, since=now), quiet)[: 1 + asked_before], "a failing dnd.info throws away no vacation"
    assert [(line["event"], line["repeats"]) for line in lines] == [("slack_times_unknown", True)]
    # It is asked for again soon, and then the other one may fail.
    slack.clock.advance_to(now + 60)
    slack.answers["dnd.info"], slack.answers["users.info"] = told, RetryLater("slow down", after=5)
    assert (await directory.person_times("UANA")).absences == (replace(vacation, since=now), quiet)
    slack.clock.advance_to(now + 60 + 60)
    slack.answers["dnd.info"] = told | {"dnd_enabled": False}
    assert (await directory.person_times("UANA")).absences == (replace(vacation, since=now),), "what Slack says is over is over"


async def test_a_status_that_changed_throws_away_no_do_not_disturb(slack: Script) -> None:
    slack.answers["dnd.info"] = {"dnd_enabled": True, "next_dnd_start_ts": NOW + 3600, "next_dnd_end_ts": NOW + 7200}
    directory = await slack.directory()
    assert len((await directory.person_times("UANA")).absences) == 1
    slack.clock.advance_to(NOW + 600)
    slack.knows(away(status_emoji=":palm_tree:", status_expiration=NOW + 86400))
    slack.answers["dnd.info"] = RetryLater("slow down", after=5)
    assert [one.why for one in (await directory.person_times("UANA")).absences] == ["vacation", "do_not_disturb"]
