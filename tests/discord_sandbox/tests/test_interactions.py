"""Commands, buttons, menus and forms: https://docs.discord.com/developers/interactions/receiving-and-responding"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
import pytest_asyncio

from tests.discord_sandbox import FakeDiscord, NotOffered
from tests.discord_sandbox.tests.conftest import Watcher, running

Interaction = discord.Interaction[Any]


class Answering(Watcher):
    """Answers interactions as it was told to."""

    answer: Any = None

    async def on_interaction(self, interaction: Interaction) -> None:
        await self.answer(interaction)


COMMANDS: list[Any] = [
    {
        "name": "realreply",
        "description": "Who waits",
        "default_member_permissions": "0",
        "options": [
            {
                "type": 1,
                "name": "waiting",
                "description": "Who waits",
                "options": [
                    {"type": 3, "name": "whose", "description": "Whose", "required": True, "autocomplete": True},
                    {"type": 6, "name": "member", "description": "Which member"},
                    {"type": 3, "name": "order", "description": "How", "choices": [{"name": "Oldest first", "value": "old"}]},
                ],
            }
        ],
    },
    {"name": "Mark as waiting", "type": 3, "contexts": [0, 1, 2], "integration_types": [0, 1]},
]


@pytest_asyncio.fixture
async def app(harbor: FakeDiscord) -> AsyncIterator[Answering]:
    async with running(Answering(), harbor) as client:
        made = await client.http.bulk_upsert_global_commands(client.application_id or 0, COMMANDS)
        harbor.opened = {str(command["id"]) for command in made}
        yield client


async def asked(harbor: FakeDiscord, **more: Any) -> Any:
    return await harbor.world.user("Ana").slash("realreply waiting", {"whose": "mine"}, channel="help", **more)


async def test_a_command_is_answered_privately(harbor: FakeDiscord, app: Answering) -> None:
    async def answer(interaction: Interaction) -> None:
        assert interaction.user.display_name == "Ana"
        await interaction.response.defer(thinking=True, ephemeral=True)
        await interaction.edit_original_response(content="Nobody waits")

    app.answer = answer
    command = await asked(harbor)
    await harbor.until(lambda: command.words == "Nobody waits")
    ana = harbor.world.user("Ana")
    assert [m.text for m in ana.sees()] == ["Nobody waits"] and harbor.world.channel("help").posts == []
    await harbor.settle()
    (echo,) = app.events("message")
    assert echo.guild is None and echo.flags.ephemeral, "Discord sends an app its own private answers, as if they were DMs"


async def test_options_are_typed_and_come_with_what_they_stand_for(harbor: FakeDiscord, app: Answering) -> None:
    ana, dana, seen = harbor.world.user("Ana"), harbor.world.user("Dana"), []

    async def answer(interaction: Interaction) -> None:
        seen.append(interaction.data)
        await interaction.response.send_message("ok", ephemeral=True)

    app.answer = answer
    await ana.slash("realreply waiting", {"whose": "all", "member": "Dana", "order": "Oldest first"}, channel="help")
    (sub,) = seen[0]["options"]
    assert [(o["name"], o["value"]) for o in sub["options"]] == [("whose", "all"), ("member", dana.id), ("order", "old")]
    assert dana.id in seen[0]["resolved"]["members"]
    for wrong in ({}, {"whose": "x", "order": "sideways"}, {"whose": "x", "member": "Nobody"}, {"whose": "x", "who": "x"}):
        with pytest.raises((LookupError, ValueError)):
            await ana.slash("realreply waiting", wrong, channel="help")
    with pytest.raises(LookupError):
        await ana.slash("realreply", {}, channel="help")


async def test_who_is_not_offered_a_command_does_not_see_it(harbor: FakeDiscord, app: Answering) -> None:
    harbor.opened.clear()
    with pytest.raises(NotOffered):
        await harbor.world.user("Dana").slash("realreply waiting", {"whose": "mine"}, channel="help")


async def test_what_is_typed_is_completed(harbor: FakeDiscord, app: Answering) -> None:
    async def answer(interaction: Interaction) -> None:
        await interaction.response.autocomplete([discord.app_commands.Choice(name="Mine", value="mine")])

    app.answer = answer
    found = await harbor.world.user("Ana").completes("realreply waiting", "whose", "mi", channel="help")
    assert found == [{"name": "Mine", "value": "mine"}]


async def test_an_interaction_nobody_answers_in_time_has_failed(harbor: FakeDiscord, app: Answering) -> None:
    kept: list[Interaction] = []

    async def answer(interaction: Interaction) -> None:
        kept.append(interaction)

    app.answer = answer
    harbor.ack_seconds = 0.02
    command = await asked(harbor)
    assert command.expired and not command.answered
    with pytest.raises(discord.NotFound, match="10062"):
        await kept[0].response.send_message("too late", ephemeral=True)


async def test_a_second_answer_is_refused_and_a_token_ends(harbor: FakeDiscord, app: Answering) -> None:
    kept: list[Interaction] = []

    async def answer(interaction: Interaction) -> None:
        kept.append(interaction)
        await interaction.response.send_message("first", ephemeral=True)

    app.answer = answer
    command = await asked(harbor)
    again = discord.InteractionResponse(kept[0])
    with pytest.raises(discord.HTTPException, match="40060"):
        await again.send_message("second", ephemeral=True)
    await kept[0].edit_original_response(content="changed")
    assert command.words == "changed"
    await kept[0].followup.send("more", ephemeral=True)
    assert command.words == "changed\nmore"
    await harbor.advance(901)
    with pytest.raises(discord.HTTPException, match="50027"):
        await kept[0].edit_original_response(content="too late")


async def test_a_button_opens_a_form_and_the_form_is_answered(harbor: FakeDiscord, app: Answering) -> None:
    ana, team = harbor.world.user("Ana"), discord.utils.get(app.guilds[0].text_channels, name="support-team")
    assert team is not None
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Snooze", custom_id="snooze:7"))
    view.add_item(discord.ui.Button(label="Look", url="https://example.com"))
    await team.send("Dana waits", view=view)

    async def answer(interaction: Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            modal = discord.ui.Modal(title="Snooze", custom_id="form:7")
            modal.add_item(discord.ui.Label(text="Until", component=discord.ui.TextInput(custom_id="until", required=True)))
            options = [discord.SelectOption(label="Reminders", value="r", default=True)]
            modal.add_item(discord.ui.Label(text="What", component=discord.ui.Select(custom_id="what", options=options)))
            modal.add_item(discord.ui.Label(text="Who", component=discord.ui.UserSelect(custom_id="who", required=False)))
            await interaction.response.send_modal(modal)
        else:
            assert interaction.data is not None
            parts = [part["component"] for part in interaction.data["components"]]
            said = [part["value"] if part["type"] == 4 else part["values"] for part in parts]
            await interaction.response.edit_message(content=str(said), view=None)

    app.answer = answer
    (post,) = harbor.world.channel("support-team").posts
    assert (await ana.clicks(post, "Snooze")).answered and ana.modal["title"] == "Snooze"
    with pytest.raises(ValueError, match="must be filled in"):
        await ana.submits()
    with pytest.raises(LookupError):
        await ana.submits({"Since": "x"})
    assert (await ana.submits({"Until": "tomorrow", "Who": "Ben"})).answered
    assert post.text == str(["tomorrow", ["r"], [harbor.world.user("Ben").id]]) and post.components == []
    with pytest.raises(LookupError):
        await ana.clicks(post, "Look")


async def test_a_menu_command_works_where_the_bot_is_not(harbor: FakeDiscord, app: Answering) -> None:
    harbor.guild("Elsewhere", bot=False)
    harbor.channel("general", guild="Elsewhere")
    ana = harbor.world.user("Ana")
    await ana.joins("Elsewhere")
    said = await ana.says("general", "look at this")
    seen: list[Interaction] = []

    async def answer(interaction: Interaction) -> None:
        seen.append(interaction)
        await interaction.response.send_message("noted", ephemeral=True)

    app.answer = answer
    used = await ana.uses_menu("Mark as waiting", said, outside=True)
    assert used.words == "noted" and seen[0].data is not None
    assert list(seen[0].data["resolved"]["messages"]) == [said.id]
    assert seen[0].guild is not None and list(seen[0].guild.roles) == []


@pytest.mark.parametrize("bare", [False, True])
async def test_forged_and_bare_clicks_reach_the_app(harbor: FakeDiscord, app: Answering, bare: bool) -> None:
    harbor.bare_ephemerals = bare
    seen: list[Interaction] = []

    async def answer(interaction: Interaction) -> None:
        seen.append(interaction)
        await interaction.response.send_message("answer", ephemeral=True)

    app.answer = answer
    await asked(harbor)
    ana = harbor.world.user("Ana")
    pressed = await ana.presses(ana.sees()[0], "forged:../../etc")
    assert pressed.answered and seen[1].data is not None and seen[1].data["custom_id"] == "forged:../../etc"
    assert (seen[1].message is None) is bare


async def wrong_answers(interaction: Interaction, what: str) -> None:
    response = interaction.response
    if what == "long":
        await response.send_message("x" * 2001, ephemeral=True)
    elif what == "title":
        modal = discord.ui.Modal(title="x" * 46, custom_id="f")
        modal.add_item(discord.ui.Label(text="x", component=discord.ui.TextInput()))
        await response.send_modal(modal)
    elif what == "label":
        modal = discord.ui.Modal(title="x", custom_id="f")
        modal.add_item(discord.ui.Label(text="x" * 46, component=discord.ui.TextInput()))
        await response.send_modal(modal)
    elif what == "empty":
        await response.send_modal(discord.ui.Modal(title="x", custom_id="f"))


@pytest.mark.parametrize("what", ["long", "title", "label", "empty"])
async def test_answers_that_discord_would_refuse(harbor: FakeDiscord, app: Answering, what: str) -> None:
    harbor.ack_seconds = 0.05
    refused: list[discord.HTTPException] = []

    async def answer(interaction: Interaction) -> None:
        try:
            await wrong_answers(interaction, what)
        except discord.HTTPException as error:
            refused.append(error)

    app.answer = answer
    await asked(harbor)
    await harbor.until(lambda: bool(refused) or bool(harbor.offences))
    assert harbor.offences
    harbor.offences.clear()
