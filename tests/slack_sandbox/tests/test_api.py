"""The Web API of the fake, driven with Slack's own client."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_sandbox import FakeSlack

SECTION: dict[str, Any] = {"type": "section", "text": {"type": "mrkdwn", "text": "Dana waits"}}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": "I'm on it"}, "action_id": "claim", **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


async def error_of(call: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as refused:
        await call
    answer: dict[str, Any] = refused.value.response.data
    return answer


def forgive(fake: FakeSlack) -> list[str]:
    """The offences so far, which the test expected."""
    found = list(fake.offences)
    fake.offences.clear()
    return found


async def test_who_am_i(slack: FakeSlack, web: AsyncWebClient) -> None:
    me = await web.auth_test()
    assert (me["team_id"], me["user_id"], me["bot_id"]) == ("T0HARBOR1", "U0REALREPLY", "B0REALREPLY")
    assert "chat:write" in me.headers["x-oauth-scopes"].split(",")
    assert "enterprise_id" not in me.data


async def test_grid_tells_its_enterprise() -> None:
    async with FakeSlack(enterprise_id="E0GRID") as fake:
        me = await AsyncWebClient(token=fake.bot_token, base_url=fake.base_url).auth_test()
        assert me["enterprise_id"] == "E0GRID"


async def test_tokens(slack: FakeSlack) -> None:
    for token, error in (("xoxb-other", "invalid_auth"), (slack.app_token, "not_allowed_token_type")):
        client = AsyncWebClient(token=token, base_url=slack.base_url, retry_handlers=[])
        assert (await error_of(client.auth_test()))["error"] == error
    assert len(forgive(slack)) == 2


async def test_a_missing_scope_is_named(slack: FakeSlack, web: AsyncWebClient) -> None:
    ana = slack.person("Ana")
    slack.scopes.discard("users:read")
    answer = await error_of(web.users_info(user=ana.id))
    assert answer["error"] == "missing_scope" and answer["needed"] == "users:read" and "chat:write" in answer["provided"]
    assert slack.offences == [], "a scope of our manifest that an installation lacks is no offence"
    answer = await error_of(web.conversations_history(channel=slack.workspace.dm(ana).id))
    assert answer["needed"] == "im:history"
    assert "im:history" in forgive(slack)[0]


async def test_emails_need_their_own_scope(slack: FakeSlack, web: AsyncWebClient) -> None:
    ana = slack.person("Ana", email="ana@harbor.example")
    assert "email" not in (await web.users_info(user=ana.id))["user"]["profile"]
    slack.scopes.add("users:read.email")
    assert (await web.users_info(user=ana.id))["user"]["profile"]["email"] == "ana@harbor.example"


async def test_strangers_and_guests(slack: FakeSlack, web: AsyncWebClient) -> None:
    reef = slack.other_team("Reef")
    dana, guest = slack.person("Dana", team=reef), slack.person("Gus", guest="single")
    user = (await web.users_info(user=dana.id))["user"]
    assert user["is_stranger"] and user["team_id"] == reef.id and "tz" not in user
    user = (await web.users_info(user=guest.id))["user"]
    assert user["is_restricted"] and user["is_ultra_restricted"] and user["team_id"] == "T0HARBOR1"


async def test_other_teams_are_told_of_where_a_channel_is_shared_with_them(slack: FakeSlack, web: AsyncWebClient) -> None:
    reef, mole = slack.other_team("Reef"), slack.other_team("Mole")
    mole.enterprise_id, mole.enterprise_name = "E0MOLE", "Mole Group"
    slack.channel("project", shared_with=[reef, mole])
    assert (await web.team_info())["team"]["id"] == "T0HARBOR1"
    assert (await web.team_info(team=reef.id))["team"]["name"] == "Reef"
    assert (await web.team_info(team=mole.id))["team"]["enterprise_name"] == "Mole Group"
    await slack.unshare("project", reef)
    assert (await error_of(web.team_info(team=reef.id)))["error"] == "team_not_found"
    slack.channel("elsewhere", shared_with=[reef], bot=False)
    assert (await error_of(web.team_info(team=reef.id)))["error"] == "team_not_found", "the bot doesn't see that channel"
    assert slack.offences == []
    assert (await error_of(web.team_info(domain="reef")))["error"] == "team_not_on_enterprise"
    assert len(forgive(slack)) == 1
    slack.scopes.discard("team:read")
    assert (await error_of(web.team_info()))["needed"] == "team:read"


async def test_lists_come_in_pages(slack: FakeSlack, web: AsyncWebClient) -> None:
    for number in range(5):
        slack.channel(f"room-{number}")
    slack.channel("hidden", private=True, bot=False)
    names, cursor, pages = [], None, 0
    while cursor != "":
        answer = await web.conversations_list(limit=2, cursor=cursor, types="public_channel,private_channel")
        names += [c["name"] for c in answer["channels"]]
        cursor, pages = answer["response_metadata"]["next_cursor"], pages + 1
    assert names == [f"room-{n}" for n in range(5)] and pages == 3
    assert (await error_of(web.conversations_list(cursor="bm90aGluZw==")))["error"] == "invalid_cursor"
    assert (await error_of(web.conversations_list(limit=1001)))["error"] == "invalid_limit"
    assert len(forgive(slack)) == 2


async def test_history_is_newest_first_without_replies(slack: FakeSlack, web: AsyncWebClient) -> None:
    dana = slack.person("Dana")
    help_ = slack.channel("help", members=[dana])
    first = await dana.says("help", "one")
    await slack.advance(10)
    second = await dana.says("help", "two")
    await dana.says("help", "reply", thread=first)
    shout = await dana.says("help", "loud reply", thread=first, broadcast=True)
    answer = await web.conversations_history(channel=help_.id)
    assert [m["text"] for m in answer["messages"]] == ["loud reply", "two", "one"]
    parent = answer["messages"][-1]
    assert (parent["reply_count"], parent["latest_reply"], parent["thread_ts"]) == (2, shout.ts, first.ts)
    thread = await web.conversations_replies(channel=help_.id, ts=first.ts)
    assert [m["text"] for m in thread["messages"]] == ["one", "reply", "loud reply"]
    assert thread["messages"][1]["parent_user_id"] == dana.id
    late = await web.conversations_history(channel=help_.id, oldest=second.ts)
    assert [m["text"] for m in late["messages"]] == ["loud reply"]
    both = await web.conversations_history(channel=help_.id, oldest=first.ts, latest=second.ts, inclusive=True)
    assert [m["text"] for m in both["messages"]] == ["two", "one"]


async def test_history_pages_do_not_shift(slack: FakeSlack, web: AsyncWebClient) -> None:
    dana = slack.person("Dana")
    help_ = slack.channel("help", members=[dana])
    for number in range(5):
        await dana.says("help", str(number))
    one = await web.conversations_history(channel=help_.id, limit=2)
    await dana.says("help", "meanwhile")
    two = await web.conversations_history(channel=help_.id, limit=2, cursor=one["response_metadata"]["next_cursor"])
    assert [m["text"] for m in [*one["messages"], *two["messages"]]] == ["4", "3", "2", "1"]
    assert two["has_more"]


async def test_history_lags_behind_the_bots_own_posts(slack: FakeSlack, web: AsyncWebClient) -> None:
    channel = slack.channel("support-team", private=True)
    metadata = {"event_type": "reminder", "event_payload": {"key": "k1"}}
    posted = await web.chat_postMessage(channel=channel.id, text="Dana waits", metadata=metadata)
    assert (await web.conversations_history(channel=channel.id))["messages"] == []
    await slack.advance(1.9)
    assert (await web.conversations_history(channel=channel.id))["messages"] == []
    await slack.advance(0.2)
    (found,) = (await web.conversations_history(channel=channel.id))["messages"]
    assert found["ts"] == posted["ts"] and "metadata" not in found
    (found,) = (await web.conversations_history(channel=channel.id, include_all_metadata=True))["messages"]
    assert found["metadata"] == metadata and found["bot_id"] == "B0REALREPLY"


@pytest.mark.parametrize(
    ("blocks", "says"),
    [
        ([SECTION] * 51, "no more than 50"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}], "less than 3001"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "less than 151"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": ""}}], "more than 0"),
        ([{"type": "section"}], "text or fields"),
        ([actions(button(text={"type": "plain_text", "text": "x" * 76}))], "less than 76"),
        ([actions(button(value="x" * 2001))], "less than 2001"),
        ([actions(button(action_id="x" * 256))], "less than 256"),
        ([actions(*(button(action_id=str(n)) for n in range(26)))], "no more than 25"),
        ([actions(button(), button())], "action_id `claim` already exists"),
        ([{**SECTION, "block_id": "b"}, {**SECTION, "block_id": "b"}], "block_id `b` already exists"),
        ([{**SECTION, "block_id": "x" * 256}], "less than 256"),
        ([{"type": "section", "fields": [{"type": "mrkdwn", "text": "f"}] * 11}], "no more than 10"),
        ([{"type": "section", "fields": [{"type": "mrkdwn", "text": "f" * 2001}]}], "less than 2001"),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "c"}] * 11}], "no more than 10"),
        ([{"type": "sektion"}], "unsupported type: sektion"),
        ([{**SECTION, "colour": "red"}], "not a SectionBlock"),
        ([actions({**button(), "style": "loud"})], "not a ActionsBlock"),
    ],
)
async def test_blocks_that_slack_refuses(slack: FakeSlack, web: AsyncWebClient, blocks: list[Any], says: str) -> None:
    channel = slack.channel("support-team", private=True)
    answer = await error_of(web.chat_postMessage(channel=channel.id, text="Dana waits", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    assert any(says in message for message in answer["response_metadata"]["messages"]), answer
    assert channel.posts == [] and len(forgive(slack)) == 1


@pytest.mark.parametrize(
    ("select", "says"),
    [
        ({"options": [{"text": {"type": "plain_text", "text": "o" * 76}, "value": "1"}]}, "less than 76"),
        ({"options": [{"text": {"type": "plain_text", "text": "o"}, "value": "1" * 151}]}, "less than 151"),
        (
            {"options": [{"text": {"type": "plain_text", "text": str(n)}, "value": str(n)} for n in range(101)]},
            "no more than 100",
        ),
        ({"options": []}, "no fewer than 1"),
    ],
)
async def test_options_that_slack_refuses(slack: FakeSlack, web: AsyncWebClient, select: dict[str, Any], says: str) -> None:
    channel = slack.channel("support-team", private=True)
    block = actions({"type": "static_select", "action_id": "pick", **select})
    answer = await error_of(web.chat_postMessage(channel=channel.id, text="t", blocks=[block]))
    assert any(says in message for message in answer["response_metadata"]["messages"]), answer
    forgive(slack)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "metadata": {"event_type": "reminder"}}, "invalid_metadata_format"),
        ({"text": "x", "colour": "red"}, "invalid_arguments"),
        ({"text": "x", "unfurl_links": "no"}, "invalid_arguments"),
        ({"text": "x", "username": "Ana"}, "missing_scope"),
    ],
)
async def test_messages_that_slack_refuses(slack: FakeSlack, web: AsyncWebClient, arguments: dict[str, Any], error: str) -> None:
    channel = slack.channel("support-team", private=True)
    answer = await error_of(web.api_call("chat.postMessage", json={"channel": channel.id, **arguments}))
    assert answer["error"] == error
    assert forgive(slack) != []


async def test_blocks_without_fallback_text_are_taken_but_noted(slack: FakeSlack, web: AsyncWebClient) -> None:
    channel = slack.channel("support-team", private=True)
    with pytest.warns(UserWarning):
        await web.chat_postMessage(channel=channel.id, blocks=[SECTION])
    assert "fallback" in forgive(slack)[0]


async def test_places_the_bot_cannot_write_to(slack: FakeSlack, web: AsyncWebClient) -> None:
    open_, closed = slack.channel("open", bot=False), slack.channel("closed", private=True, bot=False)
    old = slack.channel("old")
    await slack.archive(old)
    for channel, error in ((open_, "not_in_channel"), (closed, "channel_not_found"), (old, "is_archived")):
        assert (await error_of(web.chat_postMessage(channel=channel.id, text="x")))["error"] == error
    assert (await error_of(web.conversations_history(channel=open_.id)))["error"] == "not_in_channel"
    assert (await error_of(web.conversations_members(channel=closed.id)))["error"] == "channel_not_found"
    assert [post.error for post in slack.outgoing] == ["not_in_channel", "channel_not_found", "is_archived"]


async def test_a_private_channel_of_the_old_kind_gets_another_id_when_it_is_shared(slack: FakeSlack, web: AsyncWebClient) -> None:
    """https://docs.slack.dev/reference/events/channel_id_changed: "you will need the channel's new ID"."""
    ana, dana = slack.person("Ana"), slack.person("Dana")
    channel = slack.channel("project", members=[ana, dana], private=True, id="G0PROJECT")
    posted = await web.chat_postMessage(channel="G0PROJECT", text="Dana waits", blocks=[SECTION])
    said = await dana.says("project", "hello")
    await slack.share("project", slack.other_team("Reef"))
    assert (channel.id, said.channel) == ("C0PROJECT", "C0PROJECT")
    for call in (
        web.conversations_info(channel="G0PROJECT"),
        web.conversations_history(channel="G0PROJECT"),
        web.chat_postMessage(channel="G0PROJECT", text="x"),
        web.chat_update(channel="G0PROJECT", ts=posted["ts"], text="x"),
    ):
        assert (await error_of(call))["error"] == "channel_not_found"
    await slack.clock.advance(10)
    found = await web.conversations_history(channel="C0PROJECT")
    assert [message["text"] for message in found["messages"]] == ["hello", "Dana waits"]
    told = [delivery.payload["event"]["type"] for delivery in slack.courier.deliveries if "event" in delivery.payload]
    assert told[-2:] == ["channel_id_changed", "channel_shared"]
    await slack.share("project", slack.other_team("Mole"))
    assert channel.id == "C0PROJECT", "permanently"


async def test_updates(slack: FakeSlack, web: AsyncWebClient) -> None:
    ana = slack.person("Ana")
    channel = slack.channel("support-team", members=[ana], private=True)
    posted = await web.chat_postMessage(channel=channel.id, text="Dana waits", blocks=[SECTION, actions(button())])
    await web.chat_update(channel=channel.id, ts=posted["ts"], text="Answered by Ben", blocks=[SECTION])
    (post,) = channel.posts
    assert post.text == "Answered by Ben" and len(post.blocks) == 1 and post.body["edited"]["user"] == "B0REALREPLY"
    await web.chat_update(channel=channel.id, ts=posted["ts"], text="Answered")
    assert post.blocks == [], "text without blocks replaces them"
    theirs = await ana.says(channel, "hello")
    assert (await error_of(web.chat_update(channel=channel.id, ts=theirs.ts, text="x")))["error"] == "cant_update_message"
    assert (await error_of(web.chat_update(channel=channel.id, ts="1.000001", text="x")))["error"] == "message_not_found"
    assert len(forgive(slack)) == 1


async def test_what_does_not_exist_is_loud(slack: FakeSlack, web: AsyncWebClient) -> None:
    assert (await error_of(web.api_call("chat.postNonsense")))["error"] == "unknown_method"
    channel = slack.channel("support-team", private=True)
    posted = await web.chat_postMessage(channel=channel.id, text="x")
    await web.chat_delete(channel=channel.id, ts=posted["ts"])
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{slack.port}/somewhere") as response:
        assert response.status == 404
    assert len(forgive(slack)) == 3
    with pytest.raises(AssertionError, match="once more"):
        slack.offence("once more")
        slack.check()
    forgive(slack)


async def test_forms_are_checked_as_json_is(slack: FakeSlack) -> None:
    channel = slack.channel("support-team", private=True)
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    url = slack.base_url + "chat.postMessage"
    async with aiohttp.ClientSession(headers=headers) as session:
        form = {"channel": channel.id, "text": "x", "blocks": '[{"type": "divider"}]', "unfurl_links": "false"}
        async with session.post(url, data=form) as response:
            assert (await response.json())["ok"]
        async with session.post(url, data={**form, "blocks": "[{"}) as response:
            assert (await response.json())["error"] == "invalid_arguments"
        async with session.post(slack.base_url + "conversations.history", json={"channel": channel.id, "limit": "5"}) as response:
            assert (await response.json())["error"] == "invalid_arguments"
    assert len(forgive(slack)) == 2


async def test_trouble_on_order(slack: FakeSlack, web: AsyncWebClient) -> None:
    channel = slack.channel("support-team", private=True)
    slack.trouble.ratelimit("chat.postMessage", retry_after=7)
    with pytest.raises(SlackApiError) as limited:
        await web.chat_postMessage(channel=channel.id, text="one")
    assert limited.value.response.status_code == 429 and limited.value.response.headers["Retry-After"] == "7"
    slack.trouble.fail("chat.postMessage", status=503)
    with pytest.raises(SlackApiError):
        await web.chat_postMessage(channel=channel.id, text="two")
    slack.trouble.drop("chat.postMessage", accepted=False)
    with pytest.raises(aiohttp.ClientError):
        await web.chat_postMessage(channel=channel.id, text="three")
    assert channel.posts == []
    slack.trouble.drop("chat.postMessage", accepted=True)
    with pytest.raises(aiohttp.ClientError):
        await web.chat_postMessage(channel=channel.id, text="four")
    assert [post.text for post in channel.posts] == ["four"]
    slack.trouble.linger("chat.postMessage", seconds=30.0)
    posting = asyncio.create_task(web.chat_postMessage(channel=channel.id, text="five"))
    while len(channel.posts) < 2:
        await asyncio.sleep(0)
    assert not posting.done(), "it is there, and nobody was told yet"
    posting.cancel()
    slack.trouble.refuse("*", "account_inactive")
    assert (await error_of(web.auth_test()))["error"] == "account_inactive"
    gate = slack.trouble.delay("auth.test")
    asking = asyncio.create_task(web.auth_test())
    await asyncio.wait([asking], timeout=0.02)
    assert not asking.done()
    gate.set()
    assert (await asking)["ok"]


async def test_user_groups_and_quiet_hours(slack: FakeSlack, web: AsyncWebClient) -> None:
    slack.scopes.add("usergroups:read")
    ana, ben = slack.person("Ana"), slack.person("Ben")
    group = await slack.group("support", [ana])
    await slack.regroup(group, [ana, ben])
    listed = await web.usergroups_list(include_users=True)
    assert listed["usergroups"][0]["users"] == [ana.id, ben.id]
    assert (await web.usergroups_users_list(usergroup=group.id))["users"] == [ana.id, ben.id]
    await ana.changes(dnd_start=100, dnd_end=200)
    quiet = await web.dnd_teamInfo(users=[ana.id, ben.id])
    assert quiet["users"][ana.id] == {"dnd_enabled": True, "next_dnd_start_ts": 100, "next_dnd_end_ts": 200}
    assert not quiet["users"][ben.id]["dnd_enabled"]


async def test_views(slack: FakeSlack, web: AsyncWebClient) -> None:
    ana = slack.person("Ana")
    await web.views_publish(user_id=ana.id, view={"type": "home", "blocks": [SECTION]})
    assert ana.home is not None and ana.home["blocks"][0]["text"]["text"] == "Dana waits"
    bad = {"type": "modal", "title": {"type": "plain_text", "text": "x" * 25}, "blocks": [SECTION]}
    assert (await error_of(web.views_open(trigger_id="t", view=bad)))["error"] == "invalid_arguments"
    good = {**bad, "title": {"type": "plain_text", "text": "Settings"}}
    assert (await error_of(web.views_open(trigger_id="made-up", view=good)))["error"] == "invalid_trigger_id"
    home = {"type": "home", "blocks": [SECTION] * 101}
    assert (await error_of(web.views_publish(user_id=ana.id, view=home)))["error"] == "invalid_arguments"
    assert len(forgive(slack)) == 3


async def test_threads_are_answered_at_their_parent(slack: FakeSlack, web: AsyncWebClient) -> None:
    ana = slack.person("Ana")
    channel = slack.channel("support-team", members=[ana], private=True)
    parent = await ana.says(channel, "hello")
    reply = await ana.says(channel, "more", thread=parent)
    await web.chat_postMessage(channel=channel.id, text="inside", thread_ts=parent.ts)
    assert slack.offences == [] and [m.text for m in channel.thread(parent.ts)] == ["more", "inside"]
    await web.chat_postMessage(channel=channel.id, text="wrong", thread_ts=reply.ts)
    assert "reply's" in forgive(slack)[0]
    link = await web.chat_getPermalink(channel=channel.id, message_ts=reply.ts)
    assert link["permalink"].endswith(f"?thread_ts={parent.ts}&cid={channel.id}")


async def test_what_is_lost_while_the_bot_is_away_is_in_the_history(slack: FakeSlack, web: AsyncWebClient) -> None:
    dana = slack.person("Dana")
    help_ = slack.channel("help", members=[dana])
    async with slack.away():
        said = await dana.says("help", "anybody?")
        await dana.says("help", "please", thread=said)
        await dana.edits(said, "anybody there?")
    assert list(slack.deliveries()) == []
    (found,) = (await web.conversations_history(channel=help_.id))["messages"]
    assert found["text"] == "anybody there?" and found["edited"]["user"] == dana.id and found["reply_count"] == 1
