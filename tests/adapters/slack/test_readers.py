"""Who can read a channel: what the guard goes by."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack import directory as directories
from bot.domain.outgoing import Readers
from bot.errors import Gone
from tests.adapters.slack.conftest import Script, conversation, user

TEAM_ONLY = Readers(shared=False, outsiders=False)
READ_BY_OTHERS = Readers(shared=False, outsiders=True)


async def test_who_reads_a_private_channel(slack: Script) -> None:
    directory = await slack.directory()
    assert await directory.readers_of("G1") == TEAM_ONLY
    for outsider in ("UDANA", "UOMAR"):
        slack.inside["G1"] = ["UANA", outsider]
        assert await directory.readers_of("G1") == READ_BY_OTHERS
    slack.inside["G1"] = ["UANA", "UNOBODY"]
    assert await directory.readers_of("G1") == Readers(shared=False, outsiders=None)
    slack.inside["G1"] = []
    assert await directory.readers_of("G1") == Readers(shared=False, outsiders=None)


async def test_a_guest_in_a_public_channel_reads_it(slack: Script) -> None:
    directory = await slack.directory()
    assert await directory.readers_of("C1") == READ_BY_OTHERS
    slack.inside["C1"] = ["UANA", "UBOT"]
    assert await directory.readers_of("C1") == TEAM_ONLY


async def test_everybody_in_a_community_can_open_a_public_channel(slack: Script) -> None:
    slack.inside["C1"] = ["UANA"]
    directory = await slack.directory(members=frozenset({"UANA"}))
    assert await directory.readers_of("C1") == READ_BY_OTHERS  # Ben has an account
    assert (await directory.readers_of("G1")).internal is False  # and is in this one
    slack.inside["G1"] = ["UANA"]
    assert await directory.readers_of("G1") == TEAM_ONLY
    slack.knows(user("UBEN", "Ben", deleted=True))
    directory = await slack.directory(members=frozenset({"UANA"}))
    assert await directory.readers_of("C1") == TEAM_ONLY  # guests, strangers and apps can't open it
    slack.channels["C1"]["is_org_shared"] = True
    assert await directory.readers_of("C1") == Readers(shared=False, outsiders=None)


async def test_a_customer_with_an_account_can_open_a_public_channel(slack: Script) -> None:
    slack.inside["C1"] = ["UANA"]
    slack.listed = ["UANA"]
    directory = await slack.directory(customers=frozenset({"UBEN"}))
    assert await directory.readers_of("C1") == READ_BY_OTHERS


async def test_in_a_large_community_it_cant_be_told(slack: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directories, "MOST_LISTED", 1)
    answer = {"members": [slack.people["UANA"]], "response_metadata": {"next_cursor": "next"}}
    slack.answers["users.list"] = answer
    slack.inside["C1"] = ["UANA"]
    directory = await slack.directory(members=frozenset({"UANA"}))
    assert await directory.readers_of("C1") == Readers(shared=False, outsiders=None)
    assert (await (await slack.directory()).readers_of("C1")) == TEAM_ONLY


@pytest.mark.parametrize(
    ("told", "shared"),
    [
        ({"is_ext_shared": True}, True),
        ({"is_pending_ext_shared": True}, True),
        ({"pending_shared": ["T9"]}, True),
        ({"pending_connected_team_ids": ["T9"]}, True),
        ({"connected_team_ids": ["T9"]}, True),
        ({"is_shared": True}, True),
        ({"is_shared": True, "is_org_shared": True, "connected_team_ids": ["T1"]}, False),
        ({"is_ext_shared": None}, None),
    ],
)
async def test_shared_channels(slack: Script, told: dict[str, Any], shared: bool | None) -> None:
    slack.has(conversation("G1", "team", is_private=True, **told), inside=["UANA"])
    readers = await (await slack.directory()).readers_of("G1")
    assert readers.shared is shared
    assert readers.internal is {True: False, False: True, None: None}[shared]
    assert slack.count("conversations.members") == (0 if shared else 1)


async def test_what_slack_doesnt_say_isnt_guessed(slack: Script) -> None:
    slack.has(conversation("G1", "team", is_private=None), inside=["UANA"])
    directory = await slack.directory()
    assert await directory.readers_of("G1") == Readers(shared=False, outsiders=None)
    slack.answers["conversations.info"] = {"channel": "?"}
    assert await directory.readers_of("G1") == Readers(shared=None, outsiders=None)
    slack.answers["conversations.info"] = Gone("no such channel")
    with pytest.raises(Gone):
        await directory.readers_of("G1")


async def test_a_channel_of_thousands_isnt_read_to_the_end(slack: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directories, "MOST_READERS", 4)
    slack.answers["conversations.members"] = lambda given: {
        "members": ["UANA", "UBEN"],
        "response_metadata": {"next_cursor": str(int(given.get("cursor", 0)) + 1)},
    }
    assert await (await slack.directory()).readers_of("G1") == Readers(shared=False, outsiders=None)
    assert slack.count("conversations.members") == 2
