"""What the fake sends, against the types Slack publishes for its events (schemas/events.json)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.slack_sandbox import FakeSlack, validation
from tests.slack_sandbox.bolts import CARD, FORM, make_app, over_socket

IRREGULAR = {
    "channel_id_changed": "ChannelIDChangedEvent",
    "": "GenericMessageEvent",
    "bot_message": "BotMessageEvent",
    "me_message": "MeMessageEvent",
    "message_changed": "MessageChangedEvent",
    "message_deleted": "MessageDeletedEvent",
    "dnd_updated_user": "DNDUpdatedUserEvent",
}


def type_of(event: dict[str, Any]) -> str:
    """The name of the type an event should be of."""
    if event["type"] == "message":
        subtype = event.get("subtype", "")
        return IRREGULAR.get(subtype) or "".join(part.title() for part in subtype.split("_")) + "MessageEvent"
    return IRREGULAR.get(event["type"]) or "".join(part.title() for part in event["type"].split("_")) + "Event"


def completed(event: dict[str, Any]) -> dict[str, Any]:
    """The event with its inner messages as the types want them. Slack sends those without the channel around them, as the
    example at docs.slack.dev/reference/events/message/message_changed shows.
    """
    around = {key: event[key] for key in ("channel", "channel_type", "event_ts") if key in event}
    inner = {key: completed({**around, **event[key]}) for key in ("message", "previous_message", "root") if key in event}
    return {**event, **inner}


async def everything(slack: FakeSlack) -> None:
    """Every kind of event at least once."""
    reef = slack.other_team("Reef")
    dana, ana = slack.person("Dana", team=reef), slack.person("Ana", email="ana@harbor.example")
    slack.channel("help", members=[dana], shared_with=[reef])
    secret = slack.channel("secret", members=[ana], private=True)
    await ana.joins("help", inviter=dana)
    await dana.says("help", "@realreply see here", files=["crash.png"])
    first = await dana.says("help", "it is broken")
    await ana.reacts(first, "eyes")
    await ana.unreacts(first, "eyes")
    await dana.edits(first, "it is still broken")
    reply = await ana.says("help", "same here", thread=first, broadcast=True)
    await ana.deletes(reply)
    await ana.says("help", "shrugs", me=True)
    await slack.app_posts("help", "New ticket", webhook=True)
    await slack.app_posts("help", "posted for Ana", user=ana)
    await ana.leaves("help")
    mole = slack.other_team("Mole")
    await slack.share("help", mole)
    await slack.unshare("help", mole)
    await slack.change_id(slack.channel("old-kind", members=[ana], private=True, id="G0OLDKIND"))
    for place in (slack.workspace.conversation("help"), secret):
        await slack.rename(place, place.name + "-old")
        await slack.archive(place)
        await slack.unarchive(place)
        brief = slack.channel("brief", members=[ana], private=place.is_private, bot=False)
        await slack.bot_joins(brief, inviter=ana)
        await slack.erase(brief)
        await slack.kick(place)
    await slack.create("brand-new", by=ana)
    await ana.changes(status_emoji=":palm_tree:")
    await ana.changes(dnd_start=1, dnd_end=2)
    await slack.hires(slack.person("Ben"))
    await slack.regroup(await slack.group("support", [ana]), [])
    await ana.opens_home()
    await slack.revoke(uninstalled=True)


async def test_all_events_are_of_slacks_own_types(slack: FakeSlack) -> None:
    slack.scopes |= {"app_mentions:read", "usergroups:read"}
    got: list[dict[str, Any]] = []
    async with over_socket(slack, make_app(slack, got)):
        await everything(slack)
    wrong = []
    for body in got:
        event = body["event"]
        name = type_of(event)
        assert name in validation.definitions(validation.RECEIVED), name
        wrong += [f"{name}: {problem}" for problem in validation.misfits(name, completed(event), validation.RECEIVED)]
    assert wrong == [], "\n".join(wrong)
    unsent = slack.events - {body["event"]["type"] for body in got}
    assert unsent == {"message.channels", "message.groups", "message.im", "app_rate_limited"}


@pytest.mark.parametrize("key", ["ts", "channel", "event_ts", "channel_type"])
async def test_the_types_would_notice(slack: FakeSlack, key: str) -> None:
    got: list[dict[str, Any]] = []
    dana = slack.person("Dana")
    slack.channel("help", members=[dana])
    async with over_socket(slack, make_app(slack, got)):
        await dana.says("help", "hello")
    event = got[0]["event"]
    assert validation.misfits("GenericMessageEvent", event, validation.RECEIVED) == ()
    del event[key]
    (problem,) = validation.misfits("GenericMessageEvent", event, validation.RECEIVED)
    assert re.search(f"'{key}' is a required property", problem)


INTERACTIONS = {
    "block_actions": "BlockAction",
    "view_submission": "ViewSubmitAction",
    "view_closed": "ViewClosedAction",
    "message_action": "MessageShortcut",
    "shortcut": "GlobalShortcut",
    "slash": "SlashCommand",
}


def typed(payload: dict[str, Any]) -> dict[str, Any]:
    """A payload with what Bolt's types demand although Slack doesn't send it: outside Grid `enterprise` is null, and actions in
    views have no response_url (docs.slack.dev/reference/interaction-payloads/block_actions-payload).
    """
    made = {key: value for key, value in payload.items() if not (key == "enterprise" and value is None)}
    return {"response_url": "", **made} if payload.get("container", {}).get("type") == "view" else made


async def test_all_interactions_are_of_slacks_own_types(slack: FakeSlack) -> None:
    ana = slack.person("Ana")
    channel = slack.channel("support-team", members=[ana], private=True)
    app = make_app(slack, [])

    async def answer(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        if body.get("type") in ("shortcut", "message_action"):
            await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    for listen in (app.action, app.shortcut, app.view_submission, app.view_closed):
        listen(re.compile(".*"))(answer)
    app.command("/realreply")(answer)
    async with over_socket(slack, app):
        posted = await app.client.chat_postMessage(channel=channel.id, text="Dana waits", blocks=CARD)
        post = channel.messages[posted["ts"]]
        await ana.clicks(post, "I'm on it")
        await ana.chooses(post, "Day")
        await ana.chooses(post, "Not mine")
        await ana.chooses(post, "Ana", where="hand")
        await ana.slash("/realreply", "waiting", channel=channel)
        await ana.uses_shortcut("report", await ana.says(channel, "look"))
        await ana.submits(values={"Why": "spam", "Kind": "Spam"})
        await ana.uses_shortcut("report")
        await ana.closes()
        await app.client.views_publish(user_id=ana.id, view={"type": "home", "blocks": CARD})
        assert ana.home is not None
        await ana.clicks(ana.home, "I'm on it")
    sent = [delivery for delivery in slack.deliveries() if delivery.kind != "events_api"]
    assert all(delivery.acknowledged for delivery in sent)
    wrong = [
        f"{name}: {problem}"
        for delivery in sent
        for name in [INTERACTIONS[delivery.payload.get("type", "slash")]]
        for problem in validation.misfits(name, typed(delivery.payload), validation.INTERACTIONS)
    ]
    assert wrong == [], "\n".join(wrong)
    assert {delivery.payload.get("type", "slash") for delivery in sent} == INTERACTIONS.keys()
