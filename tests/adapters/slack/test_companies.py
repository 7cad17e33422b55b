"""Which organisation people come from, through Slack Connect."""

from __future__ import annotations

import asyncio

import pytest
import structlog

from adapters.slack import companies
from adapters.slack.failures import MissingScope
from bot.domain.durations import DAY, HOUR
from bot.errors import Gone, RetryLater
from tests.adapters.slack.conftest import Script, user


async def test_people_of_other_organisations_have_a_company_and_our_own_have_none(slack: Script) -> None:
    slack.knows(user("UKIRA", "Kira", team="T2"), user("UNOA", "Noa", team="T3"))
    slack.answers["team.info T3"] = {"team": {"id": "T3", "name": "noa-emea", "enterprise_name": "Noa & Sons"}}
    directory = await slack.directory()
    assert directory.company("UOMAR") is None, "nobody asked yet"
    await directory.acquaint(["UANA", "UDANA", "UROBOT", "UOMAR", "UKIRA", "UNOA"], within=2.0)
    found = {id: directory.company(id) for id in ("UANA", "UDANA", "UROBOT", "UOMAR", "UKIRA", "UNOA", "UNOBODY")}
    assert found == dict.fromkeys(("UANA", "UDANA", "UROBOT", "UNOBODY")) | {
        "UOMAR": "Reef Hotels",
        "UKIRA": "Reef Hotels",
        "UNOA": "Noa & Sons",  # a workspace of an organisation goes by that one's name
    }
    assert slack.count("team.info") == 2, "once for each workspace"


async def test_a_name_is_asked_for_again_after_a_day_and_stands_meanwhile(slack: Script) -> None:
    directory = await slack.directory()
    await directory.acquaint(["UOMAR"], within=2.0)
    slack.answers["team.info"] = {"team": {"id": "T2", "name": "Reef Resorts"}}
    slack.clock.advance_to(slack.clock.now() + DAY - 60)
    await directory.acquaint(["UOMAR"], within=2.0)
    assert directory.company("UOMAR") == "Reef Hotels" and slack.count("team.info") == 1
    slack.clock.advance_to(slack.clock.now() + 120)
    await directory.acquaint(["UOMAR"], within=2.0)
    assert directory.company("UOMAR") == "Reef Resorts"
    slack.answers["team.info"] = Gone("no channel is shared any more")
    slack.clock.advance_to(slack.clock.now() + 2 * DAY)
    await directory.acquaint(["UOMAR"], within=2.0)
    assert directory.company("UOMAR") == "Reef Resorts", "what was known stays"
    asked = slack.count("team.info")
    slack.clock.advance_to(slack.clock.now() + HOUR - 60)
    await directory.acquaint(["UOMAR"], within=2.0)
    assert slack.count("team.info") == asked


async def test_without_the_scope_it_is_asked_once_and_said_once_until_everybody_is_asked_anew(slack: Script) -> None:
    slack.knows(user("UNOA", "Noa", team="T3"))
    slack.answers["team.info"] = MissingScope("no", needed="team:read")
    directory = await slack.directory()
    with structlog.testing.capture_logs() as lines:
        for _ in range(3):
            await directory.acquaint(["UOMAR"], within=2.0)
            await directory.acquaint(["UNOA"], within=2.0)
            slack.clock.advance_to(slack.clock.now() + DAY)
    assert slack.count("team.info") == 1
    assert [line["event"] for line in lines] == ["slack_companies_hidden"] and "team:read" in lines[0]["say"]
    del slack.answers["team.info"]
    await directory.start()
    await directory.acquaint(["UOMAR"], within=2.0)
    assert directory.company("UOMAR") == "Reef Hotels"


async def test_slack_is_left_alone_for_as_long_as_it_asks_and_nobody_waits_longer_than_told(slack: Script) -> None:
    slack.answers["team.info"] = RetryLater("slow down", after=300)
    directory = await slack.directory()
    for _ in range(4):
        await directory.acquaint(["UOMAR"], within=2.0)
        slack.clock.advance_to(slack.clock.now() + 70)
    assert slack.count("team.info") == 1
    slack.clock.advance_to(slack.clock.now() + 30)
    never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    usual = slack.call

    async def hangs(method: str, *, patient: bool = False, **arguments: object) -> dict[str, object]:
        if method == "team.info":
            await never
        return await usual(method, patient=patient, **arguments)

    slack.call = hangs  # type: ignore[method-assign]
    await asyncio.gather(*(directory.acquaint(["UOMAR"], within=0.01) for _ in range(3)))
    assert directory.company("UOMAR") is None


async def test_no_more_names_are_kept_than_there_is_room_for(slack: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companies, "MOST_TEAMS", 3)
    slack.knows(*(user(f"U{number}", f"P{number}", team=f"TX{number}") for number in range(5)))
    directory = await slack.directory()
    for number in range(5):
        await directory.acquaint([f"U{number}"], within=2.0)
    assert [directory.company(f"U{number}") is not None for number in range(5)] == [False, False, False, True, True]
