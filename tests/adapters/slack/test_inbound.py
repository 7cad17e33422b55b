"""Slack's events become the bot's. Payloads are shaped like those of the pages of docs.slack.dev named beside them."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.slack.failures import MissingScope
from adapters.slack.inbound import Undecided
from adapters.slack_format.text import only_links_into_slack
from bot.domain.events import Deleted, Edited, Event, Posted, Reacted
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.errors import Gone, RetryLater
from tests.adapters.slack.conftest import Script, user


def body(event: dict[str, Any], id: str = "Ev1") -> dict[str, Any]:
    """/apis/events-api#callback-field"""
    return {
        "token": "x",
        "team_id": "T1",
        "api_app_id": "AOURS",
        "event": event,
        "type": "event_callback",
        "event_id": id,
        "event_time": 1772442000,
        "authorizations": [{"team_id": "T1", "user_id": "UBOT", "is_bot": True}],
    }


def said(**more: Any) -> dict[str, Any]:
    """/reference/events/message.channels"""
    event = {
        "type": "message",
        "channel": "C1",
        "user": "UDANA",
        "text": "Where is my crate?",
        "ts": "1772442000.000100",
        "event_ts": "1772442000.000100",
        "channel_type": "channel",
        "team": "T1",
        "client_msg_id": "c-1",
    }
    return event | more


async def one(slack: Script, event: dict[str, Any], **options: Any) -> Message:
    (posted,) = await (await slack.inbound(**options)).translate(body(event))
    assert isinstance(posted, Posted)
    return posted.message


async def events(slack: Script, event: dict[str, Any], **options: Any) -> tuple[Event, ...]:
    return await (await slack.inbound(**options)).translate(body(event))


async def test_a_message_of_a_customer(slack: Script) -> None:
    (posted,) = await events(slack, said())
    message = Message(
        channel="slack:T1:C1",
        id="1772442000.000100",
        at=1772442000.0001,
        author="UDANA",
        role=Role.CUSTOMER,
        text="Where is my crate?",
    )
    assert posted == Posted(message=message, platform_event="Ev1")


async def test_delivered_twice_it_is_the_same_event(slack: Script) -> None:
    inbound = await slack.inbound()
    first, again = [await inbound.translate(body(said())) for _ in range(2)]
    assert first == again
    (other,) = await inbound.translate(body(said(), id="Ev2"))
    assert other.key == first[0].key and other.platform_event == "Ev2"


async def test_a_mention_of_the_app_comes_as_message_too(slack: Script) -> None:
    # /reference/events/app_mention
    assert await events(slack, said(type="app_mention", text="<@UBOT> hello")) == ()
    assert (await one(slack, said(text="<@UBOT> hello"))).calls_team


async def test_what_a_member_begins_with_the_bots_name_is_said_to_the_bot(slack: Script) -> None:
    assert (await one(slack, said(user="UANA", text="<@UBOT> claim w1"))).to_bot
    assert not (await one(slack, said(user="UANA", text="it is there, <@UBOT> knows"))).to_bot


async def test_only_the_teams_groups_call_on_the_team(slack: Script) -> None:
    # /messaging/formatting-message-text#mentioning-groups
    slack.groups = [{"id": "S1", "handle": "support", "users": ["UANA"]}, {"id": "S2", "handle": "chess", "users": ["UBEN"]}]
    team = {"user_groups": ("support",)}
    message = await one(slack, said(text="<!subteam^S1|@support> please"), **team)
    assert message.calls_team and message.text == "@support please"
    assert not (await one(slack, said(text="<!subteam^S2> please"), **team)).calls_team
    assert not (await one(slack, said(text="<!here> please"), **team)).calls_team
    message = await one(slack, said(text="<@UANA> and <@UBEN>, please"), **team)
    assert not message.calls_team and message.mentions == ("UANA", "UBEN") and message.text == "@Ana and @Ben, please"


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        # /reference/events/message/thread_broadcast
        (
            {"subtype": "thread_broadcast", "thread_ts": "1772441000.000100", "root": {"ts": "1772441000.000100"}},
            {"thread": "1772441000.000100"},
        ),
        # /reference/events/message/file_share
        ({"subtype": "file_share", "text": "", "files": [{"id": "F1", "mode": "hosted"}], "upload": True}, {"files": 1}),
        # /reference/events/message/me_message
        ({"subtype": "me_message", "text": "waves"}, {"text": "waves"}),
        # /messaging/retrieving-messages#threading: the thread's first message carries its own ts
        ({"thread_ts": "1772442000.000100"}, {"thread": None}),
        ({"thread_ts": "1772441000.000100", "parent_user_id": "UANA"}, {"thread": "1772441000.000100"}),
        # /reference/block-kit/blocks/rich-text-block
        (
            {
                "text": "",
                "blocks": [
                    {
                        "type": "rich_text",
                        "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "UBOT"}]}],
                    }
                ],
            },
            {"text": "@realreply", "calls_team": True},
        ),
    ],
)
async def test_kinds_of_messages(slack: Script, event: dict[str, Any], shown: dict[str, Any]) -> None:
    message = await one(slack, said(**event))
    assert message.role is Role.CUSTOMER and message.author == "UDANA"
    assert {name: getattr(message, name) for name in shown} == shown


@pytest.mark.parametrize(
    "subtype",
    [
        "channel_join",
        "channel_topic",
        "channel_archive",
        "pinned_item",
        "bot_add",
        "message_replied",
        "document_comment_root",
        "share_shortcut",
        "assistant_app_thread",
        "something_new",
    ],
)
async def test_notices_are_no_messages(slack: Script, subtype: str) -> None:
    # /reference/events/message/channel_join and its neighbours
    assert await events(slack, said(subtype=subtype)) == ()


async def test_what_an_app_posts_is_no_persons_word(slack: Script) -> None:
    # /reference/events/message/bot_message
    event = said(subtype="bot_message", user=None, bot_id="B7", app_id="A7", username="Harbor bridge: Femi")
    message = await one(slack, event)
    assert message.role is Role.APP and message.marks == ("app_id=A7", "bot_id", "subtype=bot_message")
    # a post with a person's token: /reference/methods/chat.postMessage
    assert (await one(slack, said(user="UANA", bot_id="B9", app_id="A9", bot_profile={"id": "B9"}))).role is Role.APP
    # ... unless people speak through it
    message = await one(slack, event, trusted_apps=frozenset({"A7"}))
    assert message.role is Role.CUSTOMER and message.marks == ()
    assert (await one(slack, said(user="USLACKBOT"))).role is Role.APP
    assert (await one(slack, said(user="UROBOT"))).role is Role.APP


async def test_a_workflows_form_is_the_submitters_request(slack: Script) -> None:
    # /workflows: "Send a message to a channel" after a form
    text = "*Help request* submission from <@UNEW>\nThe gate is stuck, what can we do?"
    slack.knows(user("UNEW", "Ines", team="T2"))
    slack.listed = ["UANA"]
    message = await one(slack, said(subtype="bot_message", user=None, bot_id="B9", app_id="A9", text=text))
    assert (message.author, message.role, message.marks) == ("UNEW", Role.CUSTOMER, ())
    assert message.text.startswith("*Help request* submission from @Ines")


FORM = "*Help request* submission from <@UDANA>\n*What is it about?*\nThe printer on floor three"
ASKED_FREELY = "New ticket by <@UDANA>\n*What is it about?*\nThe printer on floor three"
WELCOME = "Welcome to the channel, <@UDANA>! *Please* read the rules."


def workflow_post(text: str, **more: Any) -> dict[str, Any]:
    """What "Send a message to a channel" posts."""
    return said(subtype="bot_message", user=None, bot_id="B9", app_id="A9", username="Help desk", text=text) | more


@pytest.mark.parametrize("known_by", ["the post", "bots.info", "users.info", "users.list"])
async def test_a_workflows_form_is_a_request_whatever_its_wording(slack: Script, known_by: str) -> None:
    # is_workflow_bot: /reference/objects/user-object, /reference/methods/bots.info
    more = {"bot_profile": {"id": "B9", "app_id": "A9", "is_workflow_bot": True}} if known_by == "the post" else {}
    slack.bots["B9"] = {"id": "B9", "app_id": "A9"}
    if known_by == "bots.info":
        slack.bots["B9"] |= {"is_workflow_bot": True}
    if known_by.startswith("users"):
        slack.listed = [*slack.people] + (["UFLOW"] if known_by == "users.list" else [])
        slack.knows(user("UFLOW", "Help desk", is_bot=True, is_workflow_bot=True, profile={"bot_id": "B9"}))
        slack.bots["B9"] |= {"user_id": "UFLOW"}
    inbound = await slack.inbound()
    for text in (FORM, ASKED_FREELY):
        for _ in range(2):
            (posted,) = await inbound.translate(body(workflow_post(text, **more)))
            assert isinstance(posted, Posted)
            message = posted.message
            assert (message.author, message.role, message.marks, message.is_request) == ("UDANA", Role.CUSTOMER, (), True)
    assert slack.count("bots.info") == (0 if known_by in ("the post", "users.list") else 1)
    (posted,) = await inbound.translate(body(workflow_post(WELCOME, **more)))
    assert isinstance(posted, Posted) and posted.message.role is Role.APP


@pytest.mark.parametrize(
    "text",
    [
        "*Who asks*\n<@UDANA>\n*What is it?*\nI asked <@UANA> last week, the printer is still broken",
        "*Who asks:* <@UDANA>\n*What is it?* The printer",
        "*Who asks*\n\n<@UDANA>\n\n*What is it?*\n\nThe printer",
        "*Qui ?*\n<@UDANA>\n*Quoi ?*\nL'imprimante, dit <@UANA>",
        "*Assigned to*\n<@UANA>\n*Customer*\n<@UDANA>\n*What is it?*\nThe printer",
        "Request by <@UDANA>\n_What is it?_\nThe printer",
        "New ticket submitted by <@UDANA|dana>\nThe printer",
        "Hello team, there is a new request from <@UDANA>\nThe printer",
        "Requester: <@UDANA>\nProblem: the printer",
        "<@UDANA> needs help: the printer",
        "<@UDANA>: my printer is broken",
        "Thanks, <@UDANA>! This is what you sent:\n*What is it?*\nThe printer",
    ],
)
async def test_a_form_names_who_filled_it_in_in_many_ways(slack: Script, text: str) -> None:
    message = await one(slack, workflow_post(text, bot_profile={"id": "B9", "is_workflow_bot": True}))
    assert (message.author, message.role, message.is_request) == ("UDANA", Role.CUSTOMER, True)


@pytest.mark.parametrize(
    "text",
    [
        "*Welcome to the channel!*\nHi <@UDANA>, good to have you here. How can we help you?",
        "*New here?*\nPlease welcome our new user <@UDANA> to the channel",
        "<@UDANA> has joined. *Say hello!*\nWho are you?",
        "*For which customer*\n<@UDANA>\n*What was done*\nI called them, can somebody check tomorrow?",
        "*Submitted by*\n<@UANA>\n*Customer*\n<@UDANA>\n*What is it?*\nThe printer",
        "<@UDANA>: your ticket was closed",
        "Heads-up <@UDANA>, the maintenance starts at five",
        "*What is it?*\nThe printer",
    ],
)
async def test_a_workflow_that_greets_tells_or_speaks_about_a_customer_asks_nothing_for_them(slack: Script, text: str) -> None:
    message = await one(slack, workflow_post(text, bot_profile={"id": "B9", "is_workflow_bot": True}))
    assert (message.role, message.is_request) == (Role.APP, False)


async def test_a_members_form_stays_the_workflows_post(slack: Script) -> None:
    flow = {"bot_profile": {"id": "B9", "app_id": "A9", "is_workflow_bot": True}}
    for text in (FORM, ASKED_FREELY):
        message = await one(slack, workflow_post(text.replace("UDANA", "UANA"), **flow))
        assert (message.author, message.role, message.is_request) == ("B9", Role.APP, False)


@pytest.mark.parametrize("by", ["UDANA", "UANA"])
@pytest.mark.parametrize("known_by", ["bots.info", "the post", "its user"])
async def test_an_app_that_words_its_posts_like_a_form_speaks_for_nobody(slack: Script, by: str, known_by: str) -> None:
    slack.bots["B9"] = {"id": "B9", "app_id": "A9", "user_id": "UROBOT"}
    more: dict[str, Any] = {"bot_profile": {"id": "B9", "is_workflow_bot": False}} if known_by == "the post" else {}
    more |= {"user": "UROBOT"} if known_by == "its user" else {}
    message = await one(slack, workflow_post(FORM.replace("UDANA", by), **more))
    assert message.role is Role.APP and message.marks and not message.is_request


@pytest.mark.parametrize("why", [Gone("bot_not_found"), MissingScope("no", needed="users:read")])
async def test_of_a_bot_slack_wont_tell_of_the_usual_wording_is_a_customers_and_no_members(slack: Script, why: Exception) -> None:
    slack.answers["bots.info"] = why
    message = await one(slack, workflow_post(FORM))
    assert (message.author, message.role, message.is_request) == ("UDANA", Role.CUSTOMER, False)
    assert (await one(slack, workflow_post(FORM.replace("UDANA", "UANA")))).role is Role.APP
    assert (await one(slack, workflow_post(ASKED_FREELY))).role is Role.APP


async def test_what_a_bot_posts_that_slack_cant_be_asked_about_isnt_judged_for_an_hour(slack: Script) -> None:
    slack.answers["bots.info"] = RetryLater("slow down", after=30)
    inbound = await slack.inbound()
    for _ in range(3):
        with pytest.raises(Undecided) as raised:
            await inbound.translate(body(workflow_post(ASKED_FREELY)))
        assert (raised.value.channel, raised.value.message) == ("slack:T1:C1", "1772442000.000100")
        with pytest.raises(RetryLater):
            await inbound.read(workflow_post(ASKED_FREELY), "C1")
        slack.clock.advance_to(slack.clock.now() + 19 * 60)
    assert await inbound.translate(body(said(subtype="bot_message", bot_id="B8", text="The build is green.")))
    slack.clock.advance_to(slack.clock.now() + 19 * 60)
    (posted,) = await inbound.translate(body(workflow_post(FORM)))
    assert isinstance(posted, Posted) and posted.message.author == "UDANA", "some bots Slack never tells of"
    del slack.answers["bots.info"]
    slack.bots["B9"] = {"id": "B9", "is_workflow_bot": True}
    slack.clock.advance_to(slack.clock.now() + 61)
    (posted,) = await inbound.translate(body(workflow_post(ASKED_FREELY)))
    assert isinstance(posted, Posted) and posted.message.is_request


async def test_who_comes_while_a_bot_is_asked_about_waits_for_the_same_answer(
    slack: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.bots["B9"] = {"id": "B9", "is_workflow_bot": True}
    inbound, call, told = await slack.inbound(), slack.call, asyncio.Event()

    async def slow(method: str, **arguments: Any) -> dict[str, Any]:
        if method == "bots.info":
            await told.wait()
        return await call(method, **arguments)

    monkeypatch.setattr(slack, "call", slow)
    asked = [asyncio.create_task(inbound.translate(body(workflow_post(ASKED_FREELY)))) for _ in range(2)]
    await asyncio.sleep(0)
    told.set()
    for (posted,) in await asyncio.gather(*asked):
        assert isinstance(posted, Posted) and posted.message.is_request
    assert slack.count("bots.info") == 1


PERMALINK = "https://harbor.slack.com/archives/C1/p1772441000000100"
SHARED = {
    "is_share": True,
    "is_msg_unfurl": True,
    "author_id": "UDANA",
    "from_url": PERMALINK,
    "fallback": "[March 2nd, 2026] dana: Where is my crate?",
    "text": "Where is my crate?",
    "files": [{"id": "F1"}],
}


@pytest.mark.parametrize(
    "event",
    [
        {"text": "", "blocks": [], "attachments": [SHARED]},
        {"text": "", "attachments": [SHARED, SHARED]},
        {"text": f"<{PERMALINK}>"},
        {"text": f"<{PERMALINK}>\n <{PERMALINK}?thread_ts=1.1&amp;cid=C1|{PERMALINK}>", "attachments": [SHARED]},
        {"text": f"<{PERMALINK}><{PERMALINK}>"},
        {"text": PERMALINK},
        {"text": "<https://slack.com/shortcuts/Ft01ABC/0123abcd>", "blocks": [{"type": "share_shortcut", "title": "Refund"}]},
        {"text": "", "blocks": [{"type": "image", "image_url": "https://x.example/a.png", "alt_text": "a cat?"}]},
        {"text": "", "attachments": [{"fallback": "a cat?", "image_url": "https://x.example/a.gif"}]},
        {"text": "", "blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}]},
    ],
)
async def test_what_holds_nothing_of_its_authors_own_has_no_text(slack: Script, event: dict[str, Any]) -> None:
    for who in ("UDANA", "UANA"):
        message = await one(slack, said(user=who, **event))
        assert (message.author, message.text, message.files, message.mentions) == (who, "", 0, ())


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ({"text": "Handle this, please", "attachments": [SHARED]}, "Handle this, please"),
        ({"text": f"see <{PERMALINK}>"}, f"see {PERMALINK}"),
        ({"text": f"<{PERMALINK}|as Ana said>"}, f"as Ana said ({PERMALINK})"),
        ({"text": "<https://docs.example/setup>"}, "https://docs.example/setup"),
        ({"text": "<https://notslack.com/archives/C1/p1>"}, "https://notslack.com/archives/C1/p1"),
        ({"text": "<https://harbor.slack.com/docs/T1/F1>"}, "https://harbor.slack.com/docs/T1/F1"),
    ],
)
async def test_own_words_beside_it_count(slack: Script, event: dict[str, Any], text: str) -> None:
    assert (await one(slack, said(**event))).text == text


def test_a_text_made_to_be_slow_isnt() -> None:
    for text in (
        PERMALINK * 900 + "!",
        f"<{PERMALINK}|" * 600,
        "https://" + "a-." * 13_000 + "slack.com/archives/",
        "slack " * 6_000,
    ):
        began = time.perf_counter()
        only_links_into_slack(text)
        assert time.perf_counter() - began < 0.5


async def test_our_own_posts_are_no_events(slack: Script) -> None:
    own = {"user": "UBOT", "bot_id": "BBOT", "app_id": "AOURS"}
    for event in (
        said(**own),
        said(user=None, subtype="bot_message", app_id="AOURS"),
        said(user=None, subtype="bot_message", bot_id="BBOT"),
        {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "1772442001.0", "message": said(**own)},
        {
            "type": "message",
            "subtype": "message_deleted",
            "channel": "C1",
            "ts": "1772442001.0",
            "deleted_ts": "1772442000.000100",
            "previous_message": said(**own),
        },
        reaction(user="UBOT"),
        reaction(item_user="UBOT"),
    ):
        assert await events(slack, event) == ()


async def test_direct_messages_are_never_read(slack: Script) -> None:
    # /reference/events/message.im, message.mpim
    for where in ({"channel": "D1", "channel_type": "im"}, {"channel": "D1"}, {"channel": "G9", "channel_type": "mpim"}):
        assert await events(slack, said(**where)) == ()
    assert await events(slack, reaction(item={"type": "message", "channel": "D1", "ts": "1772442000.000100"})) == ()


def changed(now: dict[str, Any], before: dict[str, Any] | None, ts: str = "1772442060.000300") -> dict[str, Any]:
    """/reference/events/message/message_changed"""
    event = {"type": "message", "subtype": "message_changed", "hidden": True, "channel": "C1", "ts": ts, "event_ts": ts}
    event |= {"channel_type": "channel", "message": {key: value for key, value in now.items() if key != "channel"}}
    return event if before is None else event | {"previous_message": before}


EDITED = {"edited": {"user": "UDANA", "ts": "1772442060.000000"}}


async def test_an_edit_shows_the_message_as_it_reads_now(slack: Script) -> None:
    for before in (said(), None):  # the documentation's own example comes without previous_message
        (event,) = await events(slack, changed(said(text="Where is my <@UANA>?", **EDITED), before))
        assert isinstance(event, Edited)
        assert (event.at, event.message.id, event.message.text) == (1772442060.0003, "1772442000.000100", "Where is my @Ana?")
        assert event.message.role is Role.CUSTOMER and event.platform_event == "Ev1"


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (said(attachments=[{"from_url": "https://x.example", "text": "a page"}]), said()),
        (said(reply_count=2, latest_reply="1772442060.000300", thread_ts="1772442000.000100"), said()),
        (said(language={"locale": "fr"}), None),
        (said(reply_count=2, **(EDITED | {"edited": {"user": "UDANA", "ts": "1772442010.000000"}})), None),
        (said(text="", blocks=[], attachments=[]), said(text="", blocks=[])),
        (said(text="", attachments=[{"text": "a page", "title": "Setup"}]), said(text="")),
        (said(text="", attachments=[{"is_share": True, "text": "quoted"}]), said(text="", attachments=[])),
        (said(subtype="huddle_thread", text="A huddle started", **EDITED), said(subtype="huddle_thread", text="")),
        (said(subtype="document_comment_root", text="Checklist", **EDITED), None),
    ],
)
async def test_nobody_wrote_anything_when_a_link_unfolds_or_a_reply_counts(
    slack: Script, now: dict[str, Any], before: dict[str, Any] | None
) -> None:
    assert await events(slack, changed(now, before)) == ()


async def test_what_was_said_in_a_recording_comes_as_an_edit(slack: Script) -> None:
    def clip(**transcription: Any) -> dict[str, Any]:
        return said(text="", subtype="file_share", files=[{"id": "F1", "subtype": "slack_audio", "transcription": transcription}])

    before = clip(status="processing")
    (posted,) = await events(slack, before)
    assert isinstance(posted, Posted) and posted.message.recording and posted.message.text == ""
    after = clip(status="complete", preview={"content": "why is it empty?", "has_more": False})
    (event,) = await events(slack, changed(after, before))
    assert isinstance(event, Edited)
    assert (event.message.text, event.message.recording) == ("why is it empty?", False)
    assert await events(slack, changed(before, before)) == ()


async def test_deleted_messages(slack: Script) -> None:
    # /reference/events/message/message_deleted
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": "C1",
        "ts": "1772442090.000400",
        "deleted_ts": "1772442000.000100",
        "event_ts": "1772442090.000400",
        "previous_message": said(),
    }
    gone = Deleted(channel="slack:T1:C1", id="1772442000.000100", at=1772442090.0004, platform_event="Ev1")
    assert await events(slack, event) == (gone,)
    # The first message of a thread with replies becomes a tombstone: /reference/events/message/message_changed
    stone = {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.", "ts": "1772442000.000100"}
    assert await events(slack, changed(stone, said(), ts="1772442090.000400")) == (gone,)


def reaction(**more: Any) -> dict[str, Any]:
    """/reference/events/reaction_added, reaction_removed"""
    event = {"type": "reaction_added", "user": "UANA", "reaction": "eyes", "item_user": "UDANA"}
    event["item"] = {"type": "message", "channel": "C1", "ts": "1772442000.000100"}
    return event | {"event_ts": "1772442030.000200"} | more


async def test_reactions(slack: Script) -> None:
    at = 1772442030.0002
    eyes = Reacted(
        channel="slack:T1:C1", id="1772442000.000100", by="UANA", by_member=True, emoji="eyes", at=at, platform_event="Ev1"
    )
    assert await events(slack, reaction()) == (eyes,)
    (toned,) = await events(slack, reaction(reaction="wave::skin-tone-2", user="UDANA"))
    assert isinstance(toned, Reacted) and (toned.emoji, toned.by_member) == ("wave", False)
    (removed,) = await events(slack, reaction(type="reaction_removed"))
    assert isinstance(removed, Reacted) and not removed.added
    assert await events(slack, reaction(item={"type": "file", "file": "F1"})) == ()
    (robot,) = await events(slack, reaction(user="UROBOT"))
    assert isinstance(robot, Reacted) and not robot.by_member


async def test_people_of_another_organisation_are_customers(slack: Script) -> None:
    # /apis/slack-connect: user_team, source_team, user_profile
    event = said(user="UINES", team="T2", user_team="T2", source_team="T2", user_profile={"display_name": "Ines", "team": "T2"})
    slack.answers["users.info"] = RetryLater("slow down", after=30)
    assert (await one(slack, event)).role is Role.CUSTOMER
    # Without Slack's word the message itself tells a colleague from a stranger, and nobody from nothing.
    ours = {"display_name": "Cleo", "team": "T1", "is_restricted": False, "is_ultra_restricted": False}
    assert (await one(slack, said(user="UCLEO", user_profile=ours))).role is Role.MEMBER
    assert (await one(slack, said(user="UCLEO", user_profile=ours | {"is_restricted": True}))).role is Role.CUSTOMER
    assert (await one(slack, said(user="UCLEO"))).role is Role.CUSTOMER


async def test_an_author_is_asked_for_before_they_are_judged(slack: Script) -> None:
    slack.knows(user("UCLEO", "Cleo"))
    slack.listed = ["UDANA"]
    inbound = await slack.inbound()
    for _ in range(2):
        (event,) = await inbound.translate(body(said(user="UCLEO")))
        assert isinstance(event, Posted) and event.message.role is Role.MEMBER
    assert slack.count("users.info") == 1


async def test_history_gives_the_same_message_and_its_reactions(slack: Script) -> None:
    inbound = await slack.inbound()
    record = {key: value for key, value in said().items() if key not in ("channel", "event_ts", "channel_type")}
    reactions = [{"name": "eyes", "users": ["UANA", "UDANA"], "count": 2}]
    posted, eyes, other = await inbound.read(record | {"reactions": reactions}, "C1")
    (live,) = await inbound.translate(body(said()))
    assert posted.key == live.key and isinstance(posted, Posted) and isinstance(live, Posted) and posted.message == live.message
    assert isinstance(eyes, Reacted) and isinstance(other, Reacted)
    assert (eyes.by_member, other.by_member, eyes.timed) == (True, False, False)
    assert await inbound.read(record | {"user": "UBOT"}, "C1") == ()


async def test_a_subtype_that_isnt_known_is_told_once(slack: Script) -> None:
    inbound = await slack.inbound()
    with structlog.testing.capture_logs() as lines:
        for _ in range(3):
            assert await inbound.translate(body(said(subtype="something_new"))) == ()
            assert await inbound.translate(body(changed(said(subtype="something_new", **EDITED), None))) == ()
            assert await inbound.translate(body(said(subtype="share_shortcut"))) == ()
    assert [(line["event"], line["what"]) for line in lines] == [
        ("slack_odd_event", "has a `subtype` that isn't known, 'something_new'; it was taken for nobody's words")
    ]


async def test_an_odd_event_is_told_once(slack: Script) -> None:
    inbound = await slack.inbound()
    with structlog.testing.capture_logs() as lines:
        for _ in range(3):
            assert await inbound.translate(body({"type": "message", "channel": "C1", "ts": "nonsense"})) == ()
            assert await inbound.translate({"type": "event_callback"}) == ()
            assert await inbound.translate(body({"type": "something_new"})) == ()
    assert [line["kind"] for line in lines] == ["message", "body"]
    assert all(line["event"] == "slack_odd_event" and "say" in line for line in lines)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["C1", "UANA", "1772442000.1"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
WORDS = re.compile(r"[a-z_]+")
FIELDS = WORDS.findall(
    "type subtype channel user text ts thread_ts message previous_message deleted_ts item reaction event_ts files reactions "
    "bot_id app_id bot_profile username edited user_profile blocks attachments channel_type comment file subteam dnd_status "
    "id team_id added_users old_channel_id new_channel_id connected_team_id name profile"
)
TYPES = WORDS.findall(
    "message app_mention reaction_added user_change team_join subteam_updated subteam_members_changed channel_rename "
    "channel_shared channel_unshared channel_id_changed member_joined_channel member_left_channel dnd_updated_user "
    "channel_left"
)
EVENT = st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=8)
SHAPED = st.builds(
    lambda event, more: event | more,
    EVENT,
    st.fixed_dictionaries(
        {"type": st.sampled_from(TYPES)},
        optional={
            "subtype": st.sampled_from(["message_changed", "message_deleted", "bot_message", "file_share"]),
            "channel": st.just("C1") | EVENT,
            "ts": st.sampled_from(["1772442000.000100", 1772442000.1, 10**400, "9" * 400]),
            "message": EVENT,
            "item": EVENT,
            "user": st.just("UDANA") | EVENT,
            "subteam": EVENT,
        },
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(ANYTHING | st.builds(body, SHAPED | EVENT))
async def test_nothing_that_slack_may_send_breaks_the_bot(slack: Script, anything: Any) -> None:
    directory = await slack.directory(user_groups=("S1",))
    inbound = await slack.inbound()
    with structlog.testing.capture_logs() as lines:
        assert isinstance(await inbound.translate(anything), tuple)
    assert not any(line.get("error") for line in lines if line["event"] == "slack_odd_event"), lines
    if isinstance(anything, dict) and isinstance(anything.get("event"), dict):
        directory.learn(anything["event"])
