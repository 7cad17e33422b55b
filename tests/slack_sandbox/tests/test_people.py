"""What people do with the app: commands, buttons, choices, forms, shortcuts, and what they see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.slack_sandbox import FakeSlack
from tests.slack_sandbox.bolts import CARD, FORM, make_app, over_socket


@pytest_asyncio.fixture
async def app(slack: FakeSlack) -> AsyncIterator[AsyncApp]:
    made = make_app(slack, [])
    async with over_socket(slack, made):
        yield made


async def test_buttons_and_choices(slack: FakeSlack, app: AsyncApp) -> None:
    ana, ben = slack.person("Ana"), slack.person("Ben")
    channel = slack.channel("support-team", members=[ana, ben], private=True)
    acts: list[dict[str, Any]] = []

    for action_id in ("claim", "snooze", "more", "hand"):

        @app.action(action_id)
        async def acted(ack: Any, body: dict[str, Any], respond: Any) -> None:
            await ack()
            acts.append(body)
            await respond(text="Noted", replace_original=False)

    posted = await app.client.chat_postMessage(channel=channel.id, text="Dana waits", blocks=CARD)
    post = channel.messages[posted["ts"]]
    await ana.clicks(post, "I'm on it")
    await ana.chooses(post, "Day")
    await ana.chooses(post, "Not mine")
    await ana.chooses(post, "Ben", where="hand")
    assert [act["actions"][0]["action_id"] for act in acts] == ["claim", "snooze", "more", "hand"]
    click = acts[0]
    assert click["actions"][0]["value"] == "claim:7" and click["container"]["message_ts"] == post.ts
    assert click["user"]["id"] == ana.id and click["channel"]["id"] == channel.id
    assert acts[1]["actions"][0]["selected_option"]["value"] == "day" and acts[3]["actions"][0]["selected_user"] == ben.id
    assert [seen.text for seen in ana.sees()] == ["Noted"] * 4 and ben.sees() == []
    with pytest.raises(LookupError, match="I'm on it"):
        await ana.clicks(post, "Explode")


async def test_a_form_from_opening_to_errors_to_closing(slack: FakeSlack, app: AsyncApp) -> None:
    ana = slack.person("Ana")
    sent: list[dict[str, Any]] = []
    closed: list[str] = []

    @app.shortcut("report")
    async def shortcut(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        sent.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("report")
    async def submitted(ack: Any, view: dict[str, Any]) -> None:
        if view["state"]["values"]["why"]["text"]["value"] == "?":
            await ack(response_action="errors", errors={"why": "Say more"})
        else:
            sent.append(view["state"]["values"])
            await ack()

    @app.view_closed("report")
    async def shut(ack: Any, view: dict[str, Any]) -> None:
        await ack()
        closed.append(view["id"])

    talk = slack.private_talk(ana, dana := slack.person("Dana"))
    said = await dana.says(talk, "please help")
    await ana.uses_shortcut("report", said)
    assert sent[0]["message"]["text"] == "please help" and sent[0]["channel"] == {"id": talk.id, "name": "directmessage"}
    with pytest.raises(ValueError, match="Why"):
        await ana.submits()
    await ana.submits(values={"Why": "?"})
    assert ana.modal["errors"] == {"why": "Say more"}
    await ana.submits(values={"Why": "spam", "Kind": "Spam"})
    assert sent[1]["why"]["text"]["value"] == "spam" and sent[1]["kind"]["k"]["selected_option"]["value"] == "spam"
    with pytest.raises(LookupError):
        assert ana.modal
    await ana.uses_shortcut("report", said)
    await ana.closes()
    assert len(closed) == 1


async def test_a_trigger_is_good_once_and_for_three_seconds(slack: FakeSlack, app: AsyncApp) -> None:
    ana = slack.person("Ana")
    triggers: list[str] = []

    @app.command("/realreply")
    async def command(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        triggers.append(body["trigger_id"])

    await ana.slash("/realreply")
    await app.client.views_open(trigger_id=triggers[0], view=FORM)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await app.client.views_open(trigger_id=triggers[0], view=FORM)
    assert len(slack.offences) == 1
    slack.offences.clear()
    await ana.slash("/realreply")
    await slack.advance(3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await app.client.views_open(trigger_id=triggers[1], view=FORM)


async def test_a_response_url_is_good_five_times_in_half_an_hour(slack: FakeSlack, app: AsyncApp) -> None:
    ana = slack.person("Ana")
    urls: list[str] = []

    @app.command("/realreply")
    async def command(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        urls.append(body["response_url"])

    await ana.slash("/realreply")
    hook = AsyncWebhookClient(urls[0])
    answers = [await hook.send(text=f"answer {number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404] and answers[0].body == "ok"
    assert "used more than 5 times" in slack.offences.pop()
    await ana.slash("/realreply")
    await slack.advance(1801)
    assert (await AsyncWebhookClient(urls[1]).send(text="late")).status_code == 404
    assert len(ana.sees()) == 5


async def test_a_command_nobody_answers_fails_visibly(slack: FakeSlack) -> None:
    ana = slack.person("Ana")
    await ana.slash("/realreply", "help")
    (seen,) = ana.sees()
    assert seen.kind == "failure" and "dispatch_failed" in seen.text
    with pytest.raises(ValueError, match="/realreply"):
        await ana.slash("/unknown")


async def test_what_only_one_person_sees(slack: FakeSlack, app: AsyncApp) -> None:
    ana, ben = slack.person("Ana"), slack.person("Ben")
    channel = slack.channel("support-team", members=[ana, ben], private=True)
    dm = await app.client.conversations_open(users=[ana.id])
    await app.client.chat_postMessage(channel=dm["channel"]["id"], text="in private")
    await slack.advance(1)
    await app.client.chat_postEphemeral(channel=channel.id, user=ana.id, text="only you", blocks=CARD)
    assert [(seen.kind, seen.text) for seen in ana.sees()] == [("dm", "in private"), ("ephemeral", "only you")]
    got: list[dict[str, Any]] = []

    @app.action("claim")
    async def claim(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        got.append(body)

    await app.client.chat_update(channel=dm["channel"]["id"], ts=ana.sees()[0].ts, text="in private", blocks=CARD)
    for seen in ana.sees():
        await ana.clicks(seen, "I'm on it")
    private, ephemeral = got
    assert private["message"]["text"] == "in private" and not private["container"]["is_ephemeral"]
    assert "message" not in ephemeral and ephemeral["container"]["is_ephemeral"]
    assert ben.sees() == [] and channel.posts == []
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        await app.client.chat_postEphemeral(channel=channel.id, user=slack.person("Cleo").id, text="x")


async def test_the_home_is_published_when_it_is_opened(slack: FakeSlack, app: AsyncApp) -> None:
    ana = slack.person("Ana")
    events: list[dict[str, Any]] = []

    @app.middleware
    async def publish(body: dict[str, Any], client: Any, next: Any) -> None:
        if body.get("event", {}).get("type") == "app_home_opened":
            events.append(body["event"])
            await client.views_publish(user_id=body["event"]["user"], view={"type": "home", "blocks": CARD})
        await next()

    await ana.opens_home()
    await ana.opens_home()
    assert "view" not in events[0] and events[1]["view"]["id"] == slack.home_of(ana)["id"]


async def test_a_form_that_is_not_acknowledged_stays_open(slack: FakeSlack, app: AsyncApp) -> None:
    slack.courier.seconds = 0.05
    ana = slack.person("Ana")

    @app.shortcut("report")
    async def shortcut(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("report")
    async def submitted() -> None:
        """Forgets to acknowledge."""

    await ana.uses_shortcut("report")
    delivery = await ana.submits(values={"Why": "x"})
    assert delivery.given_up and ana.modal["callback_id"] == "report"
    assert "operation_timeout" in ana.sees()[-1].text
