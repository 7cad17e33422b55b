"""Whoever's standing turns out to be another, by whatever was asked: the team is told once, and nothing hides it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from adapters.slack.directory import Directory
from adapters.slack.register import CERTAIN_FOR
from bot.domain.people import Role
from bot.errors import Gone, RetryLater
from tests.adapters.slack.conftest import Script, user

Way = Callable[[Directory], Awaitable[object]]


async def _by_event(directory: Directory) -> None:
    directory.learn({"type": "user_change", "user": user("UANA", "Ana", is_restricted=True)})


WAYS: dict[str, Way] = {
    "an event": _by_event,
    "the list": lambda directory: directory.start(),
    "their times": lambda directory: directory.person_times("UANA"),
    "a click": lambda directory: directory.role_now("UANA"),
    "a message about to leave": lambda directory: directory.is_member_now("UANA"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_member_who_became_a_guest_is_news_by_whatever_way_it_is_seen(slack: Script, way: str) -> None:
    directory = await slack.directory()
    directory.news()
    told: list[None] = []
    directory.on_news = lambda: told.append(None)
    slack.clock.advance_to(slack.clock.now() + 3600)
    slack.knows(user("UANA", "Ana", is_restricted=True))
    await WAYS[way](directory)
    assert told and directory.news() and not directory.news()
    assert directory.role("UANA") is Role.CUSTOMER and "UANA" not in directory.members()


@pytest.mark.parametrize("way", ["the list", "their times", "a click", "a message about to leave"])
async def test_who_is_not_there_any_more_is_no_member(slack: Script, way: str) -> None:
    directory = await slack.directory(members=frozenset({"UANA", "UBEN"}))
    directory.news()
    slack.clock.advance_to(slack.clock.now() + 3600)
    del slack.people["UANA"]
    await WAYS[way](directory)
    assert directory.news() and directory.members() == {"UBEN"}


async def test_who_is_missing_in_the_list_is_asked_for_by_name(slack: Script) -> None:
    directory = await slack.directory()
    slack.listed = ["UBEN", "UDANA", "UOMAR", "UBOT"]  # the list forgot her
    await directory.start()
    assert directory.members() == {"UANA", "UBEN"}


async def test_nothing_is_news_while_nothing_changed(slack: Script) -> None:
    directory = await slack.directory()
    directory.news()
    await directory.start()
    await directory.person_times("UANA")
    assert not directory.news()
    directory.learn({"type": "user_change", "user": user("UDANA", "Dana", is_restricted=True)})
    assert not directory.news()


async def test_a_click_asks_at_most_once_a_minute_and_goes_by_what_is_known_where_slack_does_not_answer(slack: Script) -> None:
    directory = await slack.directory()
    assert [await directory.role_now("UANA") for _ in range(3)] == [Role.MEMBER] * 3
    assert slack.count("users.info") == 0
    slack.clock.advance_to(slack.clock.now() + CERTAIN_FOR)
    assert [await directory.role_now("UANA") for _ in range(3)] == [Role.MEMBER] * 3
    assert slack.count("users.info") == 1
    slack.clock.advance_to(slack.clock.now() + CERTAIN_FOR)
    slack.answers["users.info"] = RetryLater("Slack has trouble", after=30)
    assert await directory.role_now("UANA") is Role.MEMBER


async def test_the_teams_groups_are_asked_for_before_somebody_reads(slack: Script) -> None:
    slack.groups = [{"id": "S1", "handle": "support", "users": ["UANA", "UBEN"]}]
    directory = await slack.directory(user_groups=("support",))
    directory.news()
    assert (await directory.readers_of("G1")).internal
    slack.groups = [{"id": "S1", "handle": "support", "users": ["UANA"]}]
    slack.clock.advance_to(slack.clock.now() + CERTAIN_FOR)
    assert (await directory.readers_of("G1")).outsiders and directory.news()
    assert slack.count("usergroups.list") == 2


async def test_somebody_unknown_to_slack_reads_no_direct_messages(slack: Script) -> None:
    directory = await slack.directory(members=frozenset({"UANA", "UGONE"}))
    slack.answers["users.info UGONE"] = Gone("user_not_found")
    assert await directory.is_member_now("UANA") is True
    assert await directory.is_member_now("UGONE") is False
    slack.answers["users.info UANA"] = {"user": "what"}
    assert await directory.is_member_now("UANA") is None
