"""What the fake sends, against the types Slack publishes for its events (schemas/events.json)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.fakes.bolts import make_app, over_socket
from tests.fakes.slack import FakeSlack, validation

IRREGULAR = {
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
    slack.scopes.add("app_mentions:read")
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
