"""The application commands follow from the table, stay within Discord's limits, and are registered when they changed.

Limits: https://docs.discord.com/developers/interactions/application-commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import discord
import pytest

from adapters.discord.commands import HOME, as_compared, payload, sync_if_changed
from adapters.discord.failures import Waiting
from adapters.discord.given import given_in
from adapters.discord.presence import DESCRIPTION, STATUS
from adapters.discord.typed import CALLED, as_typed, as_written
from bot.commands.table import COMMANDS
from tests.adapters.discord.conftest import Harbor

PUT = "PUT /applications/*/commands"
NAME = re.compile(r"[-_a-z0-9]{1,32}")


def nested(commands: list[Any]) -> Iterator[Any]:
    for each in commands:
        yield each
        yield from nested(each.get("options", []))


def test_every_command_of_the_table_can_be_typed_and_nothing_else() -> None:
    (slash, *menus) = payload()
    found: dict[str, list[str]] = {}
    options: Any = slash["options"]
    for below in options:
        if below["type"] == 2:
            found.update({each["name"]: [below["name"]] for each in below["options"]})
        else:
            found[below["name"]] = []
    assert set(found) == {*COMMANDS, HOME}
    for name, groups in found.items():
        if name != HOME:
            assert as_typed(name) == " ".join(("/realreply", *groups, name))
    assert as_typed("tips off") == "/realreply me want tips off"
    assert as_typed("nonsense x") == "/realreply nonsense x"
    in_servers = ["Mark as waiting", "Mark as needing no reply", "Why?", "Check my reply"]
    assert [menu["name"] for menu in menus] == [*in_servers, "Report an auto-DM"]
    assert [(menu["contexts"], menu["integration_types"]) for menu in menus[:4]] == [([0], [0])] * 4
    report = menus[-1]
    assert (report["contexts"], report["integration_types"]) == ([2], [1]), "between others, where who installed it has it alone"
    assert "default_member_permissions" not in report, "customers report, too"
    assert payload(auto_dms=False) == [slash, *menus[:4]]


def test_what_a_command_takes_is_asked_for_by_its_own_elements() -> None:
    options: Any = payload()[0]["options"]
    below = {each["name"]: each for each in nested(options)}
    assert [(each["name"], each["type"], each.get("required", False)) for each in below["snooze"]["options"]] == [
        ("wait", 3, True), ("when", 3, True), ("why", 3, False),
    ]  # fmt: skip
    assert below["snooze"]["options"][0]["autocomplete"] is True
    assert [choice["value"] for choice in below["waiting"]["options"][0]["choices"]] == ["mine", "all"]
    assert below["waiting"]["options"][1]["type"] == 4
    assert below["watch"]["options"][0]["type"] == 7
    assert all(each["name"] != "anyway" for each in nested(options)), "what buttons alone give isn't asked for"


def test_discords_limits() -> None:
    for command in payload():
        made: Any = command
        every = list(nested([made]))
        assert len(made.get("options", [])) <= 25
        for each in every:
            assert len(each.get("options", [])) <= 25 and len(each.get("choices", [])) <= 25
            if each.get("type") != 3 or each is not made:
                assert NAME.fullmatch(each["name"]), each["name"]
                assert 1 <= len(each["description"]) <= 100
            asked = [option.get("required", False) for option in each.get("options", [])]
            assert asked == sorted(asked, reverse=True), "what has to be there comes first"
        said = sum(len(each["name"]) + len(each.get("description", "")) for each in every)
        said += sum(len(choice["name"]) + len(str(choice["value"])) for each in every for choice in each.get("choices", []))
        assert said <= 8_000


async def test_commands_are_registered_once_and_again_when_they_differ(harbor: Harbor) -> None:
    fake = harbor.fake
    async with harbor.watched():
        await harbor.until(lambda: fake.commands.get(""))
        await harbor.until(lambda: fake.description)
    assert fake.description == DESCRIPTION and len(DESCRIPTION) <= 400
    assert STATUS in str(fake.gateway.presences) and len(STATUS) <= 128
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(fake.token)
        assert await sync_if_changed(lambda: client, Waiting()) is False
        next(iter(fake.commands[""].values()))["description"] = "something else"
        assert await sync_if_changed(lambda: client, Waiting()) is True
        assert await sync_if_changed(lambda: client, Waiting()) is False
    assert len([call for call in fake.calls if call.what == PUT]) == 2


async def test_a_profile_that_says_something_is_left_alone(harbor: Harbor) -> None:
    harbor.fake.description = "Ask me anything."
    async with harbor.watched():
        await harbor.until(lambda: harbor.fake.commands.get(""))
    assert harbor.fake.description == "Ask me anything."


async def test_reports_are_left_out_where_people_cant_install_the_app(harbor: Harbor) -> None:
    harbor.fake.for_users = False
    async with harbor.watched():
        await harbor.until(lambda: harbor.fake.commands.get(""))
    names = {command["name"] for command in harbor.fake.commands[""].values()}
    assert "Check my reply" in names and "Report an auto-DM" not in names


def test_the_same_commands_are_equal_however_discord_tells_of_them() -> None:
    told: Any = [
        {
            **each, "id": "1", "version": "2", "application_id": "3", "nsfw": False,
            "default_member_permissions": "8192" if "default_member_permissions" in each else None,
            "contexts": list(reversed(each["contexts"])), "name_localizations": None,  # type: ignore[call-overload]
        }
        for each in reversed(payload())
    ]  # fmt: skip
    assert as_compared(told) == as_compared(payload())
    told[0]["name"] = "Other"
    assert as_compared(told) != as_compared(payload())


def test_what_a_command_was_given_is_read_from_the_innermost() -> None:
    data: Any = {
        "name": "realreply",
        "options": [
            {"type": 2, "name": "leads", "options": [
                {"type": 1, "name": "watch", "options": [
                    {"type": 7, "name": "channel", "value": "77"}, {"type": 3, "name": "mode", "value": "<@80351110224678912> x"},
                    {"type": 4, "name": "page", "value": 2}, {"type": 3, "name": "odd", "value": None}, {"name": 7, "value": "x"},
                ]},
            ]},
        ],
    }  # fmt: skip
    found = given_in(data)
    assert (found.command, found.typing) == ("watch", None)
    assert found.given == {"channel": "#{77}", "mode": "@{80351110224678912} x", "page": "2"}
    assert given_in({}).command == ""
    assert given_in({"name": "x", "options": [None, {"type": 1, "name": "y", "options": "z"}]}).command == "y"


@pytest.mark.parametrize("name", list(COMMANDS))
def test_what_is_read_of_a_command_can_be_written_to_the_bot(name: str) -> None:
    for text in (name, *COMMANDS[name].examples):
        typed = as_typed(text)
        assert as_written(typed) == as_written(typed.removeprefix("/")) == text
        assert as_written(typed.removeprefix(CALLED).strip()) == text


def test_a_group_is_left_out_only_before_its_own_commands() -> None:
    assert (
        as_written("me") == "me"
        and as_written("leads away") == "leads away"
        and as_written("Me Away until monday") == "Away until monday"
    )
