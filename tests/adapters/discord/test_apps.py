"""Which bots are in a server, and which of them can welcome by direct message: told by a session, and asked for without one."""

from __future__ import annotations

import pytest

from adapters.discord.connection import DiscordConnection
from adapters.discord.welcome_bots import welcome_bots
from adapters.discord.workspace import UNLISTED
from tests.adapters.discord.conftest import Harbor, no_pause
from tests.discord_sandbox.model import Member, User

YAGPDB = "204255221017214977"
TUNES = "900900900900900900"


@pytest.fixture
def bots(harbor: Harbor) -> Harbor:
    for id, name in ((YAGPDB, "YAGPDB"), (TUNES, "Tunes\u202e")):
        harbor.fake.world.users[id] = bot = User(id=id, username=name, bot=True)
        harbor.guild.members[id] = Member(user=bot, joined_at=harbor.fake.clock.now() - 3600)
    return harbor


def test_every_bot_that_is_listed_has_an_id_and_says_where_it_stands() -> None:
    assert YAGPDB in welcome_bots()
    for id, bot in welcome_bots().items():
        assert id.isdecimal() and len(id) >= 17 and bot.name and bot.source.startswith("https://")


async def test_a_session_tells_which_bots_are_there(bots: Harbor) -> None:
    async with bots.watched() as connection:
        await connection.workspace.ask_apps()
        told = connection.workspace.apps()
    assert [(app.name, bool(app.welcomes)) for app in sorted(told.apps, key=lambda app: app.id)] == [
        ("YAGPDB", True),
        ("Tunes", False),
    ], "not the bot itself, nor people; and each once"
    assert {app.server for app in told.apps} == {f"discord:{bots.guild.id}"} and UNLISTED not in told.untold


@pytest.mark.parametrize("intent", [True, False])
async def test_without_a_session_they_are_asked_for(bots: Harbor, intent: bool) -> None:
    if not intent:
        bots.fake.privileged.discard("members")
    connection = DiscordConnection(bots.fake.token, bots.options, clock=bots.fake.clock, sleep=no_pause)
    try:
        await connection.workspace.refresh()
        assert connection.workspace.apps().apps == ()
        await connection.workspace.ask_apps()
        told = connection.workspace.apps()
    finally:
        await connection.close()
    assert {app.id for app in told.apps} == ({YAGPDB, TUNES} if intent else set())
    assert (UNLISTED in told.untold) is not intent
