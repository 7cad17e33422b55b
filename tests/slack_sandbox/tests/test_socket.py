"""Socket Mode and events, with Bolt as the app."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.slack_sandbox import FakeSlack
from tests.slack_sandbox.bolts import make_app, over_socket


def kinds(got: list[dict[str, Any]]) -> list[str]:
    return [":".join(filter(None, (b["event"]["type"], b["event"].get("subtype")))) for b in got]


async def test_a_message_arrives_in_its_envelope(slack: FakeSlack) -> None:
    got: list[dict[str, Any]] = []
    reef = slack.other_team("Reef")
    dana = slack.person("Dana", team=reef)
    help_ = slack.channel("help", members=[dana], shared_with=[reef])
    async with over_socket(slack, make_app(slack, got)):
        said = await dana.says("help", "is 3 < 4, @realreply?")
    (body,) = (each for each in got if each["event"]["type"] == "message")
    assert body["type"] == "event_callback" and body["is_ext_shared_channel"] and body["event_id"].startswith("Ev")
    assert body["authorizations"][0]["user_id"] == "U0REALREPLY"
    event = body["event"]
    assert event["text"] == "is 3 &lt; 4, <@U0REALREPLY>?" and event["client_msg_id"]
    assert (event["ts"], event["channel"], event["channel_type"]) == (said.ts, help_.id, "channel")
    assert (event["team"], event["user_team"], event["user_profile"]["real_name"]) == (reef.id, reef.id, "Dana")


async def test_app_mention_comes_beside_the_message_if_its_scope_is_there(slack: FakeSlack) -> None:
    got: list[dict[str, Any]] = []
    assert "app_mentions:read" in slack.scopes, "the manifest asks for it"
    dana = slack.person("Dana")
    slack.channel("help", members=[dana])
    async with over_socket(slack, make_app(slack, got)):
        await dana.says("help", "@realreply hello")
    assert sorted(kinds(got)) == ["app_mention", "message"]
    assert got[0]["event"]["ts"] == got[1]["event"]["ts"] and got[0]["event_id"] != got[1]["event_id"]


async def test_everything_that_happens_in_a_channel(slack: FakeSlack) -> None:
    got: list[dict[str, Any]] = []
    dana, omar = slack.person("Dana"), slack.person("Omar")
    reef = slack.other_team("Reef")
    slack.channel("help", members=[dana])
    async with over_socket(slack, make_app(slack, got)):
        await omar.joins("help")
        first = await dana.says("help", "it is broken", files=["crash.png"])
        await omar.reacts(first, "eyes")
        await omar.unreacts(first, "eyes")
        await dana.edits(first, "it is still broken")
        reply = await omar.says("help", "same here", thread=first, broadcast=True)
        await omar.deletes(reply)
        await omar.says("help", "shrugs", me=True)
        await slack.app_posts("help", "New ticket", webhook=True)
        second = await dana.says("help", "well?")
        await omar.says("help", "yes?", thread=second)
        await dana.deletes(second)
        await omar.leaves("help")
        await slack.share("help", reef)
        await slack.unshare("help", reef)
        await slack.rename("help", "help-desk")
        await slack.archive("help-desk")
    assert kinds(got) == [
        "message:channel_join",
        "member_joined_channel",
        "message:file_share",
        "reaction_added",
        "reaction_removed",
        "message:message_changed",
        "message:thread_broadcast",
        "message:message_deleted",
        "message:me_message",
        "message:bot_message",
        "message",
        "message",
        "message:message_changed",
        "message:channel_leave",
        "member_left_channel",
        "channel_shared",
        "channel_unshared",
        "channel_rename",
        "channel_archive",
    ]
    changed = got[5]["event"]
    assert changed["message"]["text"] == "it is still broken" and changed["previous_message"]["text"] == "it is broken"
    assert got[12]["event"]["message"]["subtype"] == "tombstone"
    assert got[7]["event"]["deleted_ts"] == reply.ts


async def test_people_and_groups_change(slack: FakeSlack) -> None:
    slack.scopes.add("usergroups:read")
    got: list[dict[str, Any]] = []
    ana = slack.person("Ana")
    async with over_socket(slack, make_app(slack, got)):
        await ana.changes(status_emoji=":palm_tree:")
        await ana.changes(dnd_start=1, dnd_end=2)
        await slack.hires(slack.person("Ben"))
        await slack.regroup(await slack.group("support", [ana]), [])
        await ana.opens_home()
        await slack.kick(slack.channel("help", members=[ana]))
        await slack.revoke(uninstalled=True)
    assert kinds(got) == [
        "user_change",
        "dnd_updated_user",
        "team_join",
        "subteam_created",
        "subteam_updated",
        "subteam_members_changed",
        "app_home_opened",
        "channel_left",
        "tokens_revoked",
        "app_uninstalled",
    ]
    assert got[0]["event"]["user"]["profile"]["status_emoji"] == ":palm_tree:"


async def test_only_what_the_app_may_hear(slack: FakeSlack) -> None:
    got: list[dict[str, Any]] = []
    dana = slack.person("Dana")
    slack.channel("elsewhere", members=[dana], bot=False)
    slack.channel("help", members=[dana])
    slack.channel("secret", members=[dana], private=True)
    slack.scopes.discard("groups:history")
    slack.events.discard("reaction_added")
    async with over_socket(slack, make_app(slack, got)):
        await dana.says("elsewhere", "unheard")
        await dana.says("secret", "unheard")
        await dana.reacts(await dana.says("help", "heard"), "eyes")
        async with slack.away():
            await dana.says("help", "missed")
    assert [b["event"]["text"] for b in got] == ["heard"]


async def test_an_event_that_is_not_acknowledged_comes_again(slack: FakeSlack) -> None:
    slack.courier.seconds = 0.02
    dana = slack.person("Dana")
    slack.channel("help", members=[dana])
    tries: list[dict[str, Any]] = []
    async with aiohttp.ClientSession() as session, session.ws_connect(slack.sockets.ticket(slack.port)) as socket:
        hello = await socket.receive_json()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"]["app_id"] == "A0REALREPLY" and hello["debug_info"]["approximate_connection_time"]

        async def read() -> None:
            async for frame in socket:
                tries.append(frame.json())
                if len(tries) == 4:
                    await socket.send_json({"envelope_id": tries[-1]["envelope_id"]})

        reading = asyncio.create_task(read())
        await dana.says("help", "hello?")
        assert [t["retry_attempt"] for t in tries] == [0, 1]
        await slack.advance(59)
        assert len(tries) == 2
        await slack.advance(1)
        assert len(tries) == 3
        await slack.advance(300)
        reading.cancel()
    assert [t["retry_attempt"] for t in tries] == [0, 1, 2, 3] and tries[1]["retry_reason"] == "timeout"
    assert len({t["envelope_id"] for t in tries}) == 4 and len({t["payload"]["event_id"] for t in tries}) == 1
    (delivery,) = slack.deliveries("message")
    assert delivery.acknowledged


async def test_nobody_connected_means_lost_after_the_retries(slack: FakeSlack) -> None:
    dana = slack.person("Dana")
    slack.channel("help", members=[dana])
    await dana.says("help", "anybody?")
    (delivery,) = slack.deliveries("message")
    assert not delivery.given_up
    await slack.advance(400)
    assert delivery.given_up and len(delivery.tries) == 4


async def test_duplicates_and_disorder(slack: FakeSlack) -> None:
    got: list[dict[str, Any]] = []
    dana = slack.person("Dana")
    slack.channel("help", members=[dana])
    async with over_socket(slack, make_app(slack, got)):
        slack.trouble.duplicate()
        await dana.says("help", "twice")
        slack.trouble.shuffle(3)
        for text in "abc":
            await dana.says("help", text)
    assert [b["event"]["text"] for b in got] == ["twice", "twice", "c", "b", "a"]
    assert got[0]["event_id"] == got[1]["event_id"]


async def test_the_socket_is_refreshed(slack: FakeSlack) -> None:
    got: list[dict[str, Any]] = []
    dana = slack.person("Dana")
    slack.channel("help", members=[dana])
    async with over_socket(slack, make_app(slack, got)):
        await slack.sockets.disconnect("refresh_requested")
        async with asyncio.timeout(5):
            while slack.sockets.opened < 2:
                await asyncio.sleep(0)
        await slack.sockets.connected()
        await dana.says("help", "still there?")
    assert got[-1]["event"]["text"] == "still there?" and slack.sockets.opened == 2


async def test_each_event_goes_to_one_of_several_connections(slack: FakeSlack) -> None:
    got: list[dict[str, Any]] = []
    dana = slack.person("Dana")
    slack.channel("help", members=[dana])
    app = make_app(slack, got)
    async with over_socket(slack, app), over_socket(slack, app):
        await slack.sockets.connected(2)
        for number in range(4):
            await dana.says("help", str(number))
        assert [connection.received for connection in slack.sockets.connections] == [2, 2]
    assert len(got) == 4


async def test_at_most_ten_connections(slack: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(slack.sockets.ticket(slack.port)) for _ in range(10)]
        await slack.sockets.connected(10)
        late = await session.ws_connect(slack.sockets.ticket(slack.port))
        assert (await late.receive_json())["reason"] == "too_many_websockets"
        for socket in [*sockets, late]:
            await socket.close()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"ws://127.0.0.1:{slack.port}/link?ticket=made-up")


async def test_app_rate_limited_has_its_own_envelope(slack: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(slack.sockets.ticket(slack.port)) as socket:
        await socket.receive_json()
        (task,) = slack.announcer.rate_limited()
        envelope = await socket.receive_json()
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await task
    assert envelope["payload"]["type"] == "app_rate_limited" and "event" not in envelope["payload"]


async def test_a_cut_line_is_found_and_mended(slack: FakeSlack) -> None:
    got: list[dict[str, Any]] = []
    dana = slack.person("Dana")
    slack.channel("help", members=[dana])
    async with over_socket(slack, make_app(slack, got), ping_interval=0.01):
        await slack.sockets.ping()
        await slack.sockets.cut()
        await slack.sockets.connected()
        await dana.says("help", "back again?")
    assert got[-1]["event"]["text"] == "back again?" and slack.sockets.opened == 2


async def test_an_event_under_way_when_the_line_breaks_comes_again(slack: FakeSlack) -> None:
    dana = slack.person("Dana")
    slack.channel("help", members=[dana])
    async with aiohttp.ClientSession() as session:
        first = await session.ws_connect(slack.sockets.ticket(slack.port))
        second = await session.ws_connect(slack.sockets.ticket(slack.port))
        await slack.sockets.connected(2)
        saying = asyncio.create_task(dana.says("help", "hello?"))
        tries = []
        for socket in (first, second):
            await socket.receive_json()
        waiting = {asyncio.create_task(socket.receive_json()): socket for socket in (first, second)}
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        (task,) = done
        tries.append(task.result())
        broken = waiting.pop(task)
        await broken.close()
        (other, socket), *_ = waiting.items()
        tries.append(await other)
        await socket.send_json({"envelope_id": tries[1]["envelope_id"]})
        await saying
        await socket.close()
    assert [t["retry_attempt"] for t in tries] == [0, 1] and tries[0]["payload"] == tries[1]["payload"]
    (delivery,) = slack.deliveries("message")
    assert delivery.tries == ["connection closed", ""]
