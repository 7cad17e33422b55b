"""Connections that break, sessions that end, servers that go away: what may have been missed is noted, and it goes on.

The order of events is that of discord.py 2.7.1 against the fake's gateway; what each close code means stands in
https://docs.discord.com/developers/topics/opcodes-and-status-codes.
"""

from __future__ import annotations

import importlib.util
import logging

import pytest

from adapters.discord import listening
from bot.domain.gaps import GapReason
from bot.errors import AccessLost, RetryLater, StorageError
from tests.adapters.discord.conftest import Harbor


async def test_a_new_session_is_a_gap_since_the_last_thing_that_came(harbor: Harbor) -> None:
    fake = harbor.fake
    async with harbor.watched() as connection:
        await harbor.dana.says("help", "hello")
        await harbor.until(lambda: harbor.taken.messages)
        heard = fake.clock.now()
        await fake.advance(600)
        assert await connection.listened_until() == fake.clock.now(), "a quiet connection that lives misses nothing"
        fake.gateway.invalidate(resumable=False)
        await harbor.until(lambda: not connection.connected)
        assert await connection.listened_until() == heard
        await harbor.until(lambda: harbor.taken.gaps)
        assert harbor.taken.gaps == [(GapReason.DISCONNECTED, heard, True, None)]
        await harbor.dana.says("help", "anybody?")
        await harbor.until(lambda: len(harbor.taken.messages) == 2)
        assert await connection.listened_until() == fake.clock.now()


@pytest.mark.parametrize("how", ["reconnect", "invalidate", "cut"])
async def test_a_session_that_is_resumed_is_looked_at_all_the_same(harbor: Harbor, how: str) -> None:
    fake = harbor.fake
    async with harbor.watched():
        await harbor.dana.says("help", "hello")
        match how:
            case "reconnect":
                fake.gateway.reconnect()
            case "invalidate":
                fake.gateway.invalidate(resumable=True)
            case "cut":
                fake.gateway.close(4000)
        await harbor.until(lambda: harbor.taken.gaps)
        await harbor.dana.says("help", "anybody?")
        await harbor.until(lambda: len(harbor.taken.messages) == 2)
    ((reason, _, whole, channel),) = harbor.taken.gaps
    assert (reason, whole, channel) == (GapReason.RENEWED, False, None), "nothing is held up by it"


async def test_a_resume_that_is_refused_is_a_gap(harbor: Harbor) -> None:
    async with harbor.watched():
        await harbor.dana.says("help", "hello")
        harbor.fake.gateway.refuse_resume()
        harbor.fake.gateway.close(4000)
        await harbor.until(lambda: harbor.taken.gaps)
    assert harbor.taken.gaps[0][:1] + harbor.taken.gaps[0][2:] == (GapReason.DISCONNECTED, True, None)


async def test_an_event_that_discord_py_cannot_read_ends_the_session_and_not_the_bot(harbor: Harbor) -> None:
    fake = harbor.fake
    async with harbor.watched():
        await harbor.dana.says("help", "hello")
        fake.gateway.dispatch(fake.gateway.session, "MESSAGE_UPDATE", {"id": "1", "channel_id": harbor.help.id})
        await harbor.until(lambda: harbor.taken.gaps)
        await harbor.dana.says("help", "anybody?")
        await harbor.until(lambda: len(harbor.taken.messages) == 2)
    assert harbor.taken.gaps[0][0] is GapReason.DISCONNECTED and not harbor.taken.thrown_out


async def test_a_token_that_is_reset_throws_the_bot_out(harbor: Harbor) -> None:
    async with harbor.watched():
        harbor.fake.revoke()
        await harbor.until(lambda: harbor.taken.thrown_out)
    assert "token" in str(harbor.taken.thrown_out[0]) and "4004" in str(harbor.taken.thrown_out[0])
    harbor.fake.offences.clear()


async def test_a_token_that_is_wrong_from_the_start(harbor: Harbor) -> None:
    harbor.fake.revoked = True
    with pytest.raises(AccessLost, match="token"):
        async with harbor.watched():
            pass


async def test_intents_that_are_switched_off_while_it_runs(harbor: Harbor) -> None:
    fake = harbor.fake
    async with harbor.watched() as connection:
        fake.privileged = {"members"}
        fake.gateway.close(4014)
        await harbor.until(lambda: harbor.taken.gaps)
        assert not connection.sight.message_content, "it goes on with what is left"
        await harbor.dana.says("help", "@realreply hello")
        await harbor.until(lambda: harbor.taken.messages)


async def test_hardly_any_sessions_left(harbor: Harbor) -> None:
    harbor.fake.identifies_left = 20
    with pytest.raises(RetryLater, match="only 20 sessions"):
        async with harbor.watched():
            pass


async def test_a_server_that_was_away_is_read_back_channel_by_channel(harbor: Harbor) -> None:
    fake = harbor.fake
    async with harbor.watched() as connection:
        since = fake.clock.now()
        await fake.outage()
        assert connection.workspace.destination() is not None, "reminders wait for it; they don't go elsewhere"
        assert connection.workspace.channel_name(harbor.key(harbor.help)) == "help"
        await fake.advance(300)
        await fake.back()
        await harbor.until(lambda: harbor.taken.gaps)
    assert harbor.taken.gaps == [(GapReason.DISCONNECTED, since, True, harbor.key(harbor.help))]
    assert not [change for change in harbor.taken.changes if change.joined or change.destination_found]


async def test_a_flood_that_is_not_stored_in_time_is_dropped_and_read_back(
    harbor: Harbor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "MOST_WAITING", 10)
    monkeypatch.setattr(listening, "TOGETHER", 2)
    async with harbor.watched() as connection:
        harbor.taken.open.clear()
        first = await harbor.dana.says("help", "line 0")
        began = harbor.fake.clock.now()
        await harbor.fake.advance(10)
        assert await connection.listened_until() == began, "what isn't stored yet would be lost with us"
        sent = [await harbor.dana.says("help", f"line {number}") for number in range(1, 20)]
        await harbor.until(lambda: harbor.taken.gaps)
        harbor.taken.open.set()
        await harbor.until(lambda: len(harbor.taken.messages) >= 12)
    reason, since, whole, _ = harbor.taken.gaps[0]
    assert (reason, whole) == (GapReason.DROPPED, True)
    kept = {message.id for message in harbor.taken.messages}
    assert {first.id, sent[0].id} <= kept and all(connection_at(one.id) >= since for one in sent if one.id not in kept)


def connection_at(id: str) -> float:
    return ((int(id) >> 22) + 1_420_070_400_000) / 1000


async def test_what_cannot_be_stored_does_not_stop_what_comes_after(harbor: Harbor) -> None:
    async with harbor.watched():
        harbor.taken.refuses = StorageError("the disk is full")
        await harbor.dana.says("help", "lost for now")
        await harbor.fake.settle()
        harbor.taken.refuses = None
        await harbor.dana.says("help", "kept")
        await harbor.until(lambda: harbor.taken.messages)
    assert [message.text for message in harbor.taken.messages][-1] == "kept"


async def test_what_comes_twice_or_in_another_order_is_told_apart_by_its_key(harbor: Harbor) -> None:
    async with harbor.watched():
        harbor.fake.trouble.duplicate()
        await harbor.dana.says("help", "hello")
        await harbor.until(lambda: len(harbor.taken.messages) == 2)
        said = await harbor.dana.says("help", "done?")
        harbor.fake.trouble.duplicate()
        await harbor.ana.reacts(said, "✅")
        await harbor.dana.says("help", "thanks")
        await harbor.until(lambda: len(harbor.taken.messages) == 4)
    first, second, *_ = harbor.taken.events
    assert first.key == second.key
    assert sum(event.key.kind == "reacted" for event in harbor.taken.events) == 1, "a reaction has no time of its own"


async def test_connections_that_are_closed_as_soon_as_they_are_made(harbor: Harbor) -> None:
    """discord.py connects again without any pause there; it is stopped, and a session is begun after one."""
    fake = harbor.fake
    async with harbor.watched() as connection:
        await harbor.dana.says("help", "hello")
        sessions = len(fake.gateway.sessions)
        fake.gateway.refuse(4000, times=30)
        fake.gateway.close(4000)
        await harbor.until(lambda: harbor.taken.gaps)
        await harbor.dana.says("help", "anybody?")
        await harbor.until(lambda: len(harbor.taken.messages) == 2)
        assert connection.connected and len(fake.gateway.sessions) == sessions + 1


async def test_a_session_that_is_left_is_over_for_discord_too(harbor: Harbor) -> None:
    """Else the bot seems to be there for a while, and a second session beside it."""
    async with harbor.watched():
        await harbor.dana.says("help", "hello")
    assert [session.over for session in harbor.fake.gateway.sessions.values()] == [True]


async def test_the_library_raises_no_false_alarm(harbor: Harbor, caplog: pytest.LogCaptureFixture) -> None:
    """discord.py measures an answer that is faster than its own thread from the heartbeat before, and says it can't keep up."""
    async with harbor.watched():
        logger = logging.getLogger("discord.gateway")
        logger.warning("Can't keep up, shard ID %s websocket is %.1fs behind.", None, 41.2)
        logger.warning("Shard ID %s heartbeat blocked for more than %s seconds.", None, 10)
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert said == ["Shard ID None heartbeat blocked for more than 10 seconds."]


async def test_the_gateway_is_understood_compressed_as_the_library_asks_for_it(harbor: Harbor) -> None:
    """Zstd where `zstandard` is installed, else zlib (discord.py 2.7.1, utils.py): also over many messages, long ones and other
    letters, and on a connection after another."""
    best = "zlib-stream" if importlib.util.find_spec("zstandard") is None else "zstd-stream"
    texts = [("Ćwikła \N{GRINNING FACE} " * count)[:1999] for count in (1, 20, 200)]
    asked = set()
    async with harbor.watched():
        for text in texts:
            asked |= {connection.request.query.get("compress") for connection in harbor.fake.gateway.connections}
            said = await harbor.dana.says("help", text)
            await harbor.until(lambda id=said.id: any(message.id == id for message in harbor.taken.messages))
            harbor.fake.gateway.cut()
            await harbor.fake.gateway.disconnected()
            await harbor.fake.gateway.connected()
    assert [message.text for message in harbor.taken.messages] == texts
    assert asked == {best}
