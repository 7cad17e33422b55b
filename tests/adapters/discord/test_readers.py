"""Who can read a channel, told by roles: what isn't surely for the team alone is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.domain.outgoing import Address, Readers
from bot.errors import RetryLater
from tests.adapters.discord.conftest import Harbor

Change = Callable[[Harbor], Coroutine[Any, Any, Any]]


async def outsiders(harbor: Harbor, channel: Any) -> bool | None:
    assert harbor.connection is not None
    await harbor.fake.settle()
    found = await harbor.connection.readers_of(Address("discord", "channel", channel.id))
    assert found.shared is False
    return found.outsiders


async def nothing(harbor: Harbor) -> None:
    await asyncio.sleep(0)


async def open_to_all(harbor: Harbor) -> None:
    await harbor.fake.allows(harbor.desk, harbor.guild.id, allow=["VIEW_CHANNEL"])


async def open_to_a_role(harbor: Harbor) -> None:
    await harbor.fake.creates_role("Partners")
    await harbor.fake.allows(harbor.desk, "Partners", allow=["VIEW_CHANNEL"])


async def open_to_a_customer(harbor: Harbor) -> None:
    await harbor.fake.allows(harbor.desk, harbor.dana, allow=["VIEW_CHANNEL"])


async def open_to_a_member(harbor: Harbor) -> None:
    await harbor.fake.allows(harbor.desk, harbor.ben, allow=["VIEW_CHANNEL"])


async def open_to_a_former_member(harbor: Harbor) -> None:
    await harbor.fake.allows(harbor.desk, harbor.ben, allow=["VIEW_CHANNEL"])
    await harbor.ben.changes(roles=[])


async def open_to_another_app(harbor: Harbor) -> None:
    zap = harbor.fake.person("Zap")
    zap.bot = True
    await zap.joins()
    await harbor.fake.allows(harbor.desk, zap, allow=["VIEW_CHANNEL"])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (nothing, False), (open_to_all, True), (open_to_a_role, True), (open_to_a_customer, True), (open_to_a_member, False),
        (open_to_a_former_member, True), (open_to_another_app, False),
    ],
)  # fmt: skip
async def test_who_reads_a_channel(harbor: Harbor, change: Change, expected: bool) -> None:
    async with harbor.watched():
        await change(harbor)
        assert await outsiders(harbor, harbor.desk) is expected
        assert await outsiders(harbor, harbor.help) is True


async def test_a_customer_by_the_settings_who_has_a_role_of_the_team_reads_there(harbor: Harbor) -> None:
    async with harbor.watched(customers=frozenset({harbor.ben.id})):
        assert await outsiders(harbor, harbor.desk) is True


async def test_threads_are_read_like_their_channel_and_private_ones_by_who_is_in_them(harbor: Harbor) -> None:
    async with harbor.watched():
        await harbor.fake.allows(harbor.desk, harbor.fake.world.bot, allow=["VIEW_CHANNEL", "MANAGE_THREADS"])
        public = await harbor.ana.opens_thread(harbor.desk, "inside")
        private = await harbor.ana.opens_thread(harbor.desk, "closed", private=True)
        assert await outsiders(harbor, public) is False
        assert await outsiders(harbor, private) is False


async def test_whose_direct_messages_they_are_is_asked(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        for person, outside in ((harbor.ana, False), (harbor.dana, True)):
            readers = await connection.readers_of(Address("discord", "person", person.id))
            assert readers == Readers(shared=False, outsiders=outside)


async def test_of_a_server_that_has_an_outage_nothing_can_be_told(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        address = Address("discord", "channel", harbor.desk.id)
        assert (await connection.readers_of(address)).internal is True
        await harbor.fake.outage()
        for unsure in (address, Address("discord", "person", harbor.ana.id)):
            with pytest.raises(RetryLater, match="outage") as error:
                await connection.readers_of(unsure)
            assert not error.value.uncertain, "nothing was sent"


async def test_who_calls_in_an_outage_is_on_the_team_by_discords_word_alone(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        await harbor.fake.outage()
        ana = Address("discord", "person", harbor.ana.id)
        with connection.workspace.answering(int(harbor.ana.id)):
            assert (await connection.readers_of(ana)).internal is True
            for code, status in ((10004, 404), (10007, 404), (50001, 403)):
                harbor.fake.trouble.refuse("GET /guilds/*/members/*", code, status=status)
                with pytest.raises(RetryLater, match="outage"):
                    await connection.readers_of(ana)
            assert harbor.ana.id in connection.workspace.team().members
            await harbor.ana.changes(roles=[])
            with pytest.raises(RetryLater, match="outage"):
                await connection.readers_of(ana)
        with pytest.raises(RetryLater, match="outage"):
            await connection.readers_of(Address("discord", "person", harbor.ben.id))
