"""chat.*: what the bot writes. Every accepted and refused message is recorded in `fake.outgoing`."""

from __future__ import annotations

import copy
import uuid
from typing import TYPE_CHECKING, Any

from tests.slack_sandbox import limits, validation
from tests.slack_sandbox.calls.table import Method, Refused, conversation_of, need_scope
from tests.slack_sandbox.model import Conversation, Json, Message, Outgoing

if TYPE_CHECKING:
    from tests.slack_sandbox.fake import FakeSlack


def refuse_bad_content(fake: FakeSlack, method: str, arguments: Json, *, may_be_empty: bool = False) -> None:
    """Raises what Slack would for text, blocks and metadata that it doesn't take; notes a missing fallback text."""
    text, blocks, attachments = arguments.get("text"), arguments.get("blocks"), arguments.get("attachments")
    if blocks == [] and may_be_empty:
        blocks = None
    if not may_be_empty and not (text and text.strip()) and not blocks and not attachments:
        raise Refused("no_text", offence="has neither text nor blocks")
    if text is not None and len(text) > limits.MESSAGE_TEXT:
        raise Refused("msg_too_long", offence=f"text of {len(text)} characters; {limits.MESSAGE_TEXT} are allowed")
    if text is not None and len(text) > limits.MESSAGE_TEXT_ADVISED:
        fake.warnings.append(f"{method}: text of {len(text)} characters; over {limits.MESSAGE_TEXT_ADVISED} reads badly")
    if blocks is not None:
        problems = validation.problems_of_blocks(blocks, surface="message")
        if problems:
            raise Refused("invalid_blocks", messages=problems, offence="; ".join(problems))
        if not (text and text.strip()):
            fake.offence(f"{method}: blocks without a fallback text, which notifications and screen readers need")
    metadata = arguments.get("metadata")
    if metadata:
        problems = validation.problems_of_metadata(metadata)
        if problems:
            raise Refused("invalid_metadata_format", messages=problems, offence="; ".join(problems))


def with_block_ids(blocks: Any) -> list[Json]:
    """Blocks as Slack gives them back: each with a block_id."""
    given = copy.deepcopy(list(blocks or []))
    for block in given:
        block.setdefault("block_id", uuid.uuid4().hex[:5])
    return given


def _place(fake: FakeSlack, key: str) -> Conversation:
    if key.startswith(("U", "W")) and key in fake.workspace.people:
        conversation = fake.workspace.dm(fake.workspace.people[key])
    else:
        conversation = conversation_of(fake, key)
    if conversation.archived:
        raise Refused("is_archived")
    if not fake.workspace.in_it(conversation):
        raise Refused("not_in_channel")
    return conversation


def _body(fake: FakeSlack, ts: str, arguments: Json) -> Json:
    workspace = fake.workspace
    body: Json = {
        "user": workspace.bot.id,
        "type": "message",
        "ts": ts,
        "bot_id": workspace.bot_id,
        "app_id": workspace.app_id,
        "text": arguments.get("text", ""),
        "team": workspace.team.id,
        "bot_profile": workspace.bots[workspace.bot_id],
    }
    if arguments.get("blocks"):
        body["blocks"] = with_block_ids(arguments["blocks"])
    if arguments.get("attachments"):
        body["attachments"] = arguments["attachments"]
    return body


def post_message(fake: FakeSlack, arguments: Json) -> Json:
    """https://docs.slack.dev/reference/methods/chat.postMessage"""
    record = Outgoing(
        method="chat.postMessage", channel=arguments["channel"], arguments=arguments, at=fake.clock.now(), accepted=False
    )
    fake.outgoing.append(record)
    if any(key in arguments for key in ("username", "icon_emoji", "icon_url")):
        need_scope(fake, "chat:write.customize")
    if arguments["channel"].startswith("#"):
        raise Refused("channel_not_found", offence="names a channel instead of giving its id")
    conversation = _place(fake, arguments["channel"])
    refuse_bad_content(fake, "chat.postMessage", arguments)
    thread = arguments.get("thread_ts")
    if thread is not None:
        parent = conversation.messages.get(thread)
        if parent is None or parent.deleted:
            # Nothing fails: the reply stands in the channel, and the answer doesn't say in which thread it is
            # (https://github.com/slack-go/slack/issues/1571).
            thread = None
        elif parent.is_reply:
            fake.offence("chat.postMessage: thread_ts is a reply's; it must be the parent's")
            thread = parent.thread_ts
    now = fake.clock.now()
    ts = fake.workspace.numbering.ts(now)
    message = Message(
        channel=conversation.id,
        ts=ts,
        body=_body(fake, ts, arguments),
        posted_at=now,
        thread_ts=thread,
        broadcast=bool(thread and arguments.get("reply_broadcast")),
        visible_from=now + fake.history_lag,
        metadata=arguments.get("metadata") or None,
    )
    conversation.add(message)
    record.ts, record.channel, record.accepted = ts, conversation.id, True
    fake.announce_message(message)
    answer: Json = {
        "channel": conversation.id,
        "ts": ts,
        "message": fake.workspace.message_object(message, metadata=True, threads=False),
    }
    return answer


def update(fake: FakeSlack, arguments: Json) -> Json:
    """https://docs.slack.dev/reference/methods/chat.update: text without blocks removes the blocks; metadata stays
    unless given, and an empty one removes it.
    """
    record = Outgoing(
        method="chat.update",
        channel=arguments["channel"],
        arguments=arguments,
        at=fake.clock.now(),
        ts=arguments["ts"],
        accepted=False,
    )
    fake.outgoing.append(record)
    conversation = _place(fake, arguments["channel"])
    message = conversation.messages.get(arguments["ts"])
    if message is None or message.deleted:
        raise Refused("message_not_found")
    if message.body.get("bot_id") != fake.workspace.bot_id:
        raise Refused("cant_update_message", offence="updates somebody else's message")
    if not {"text", "blocks", "attachments"} & set(arguments):
        raise Refused("no_text", offence="updates nothing")
    refuse_bad_content(fake, "chat.update", arguments, may_be_empty=arguments.get("blocks") == [] and bool(arguments.get("text")))
    before = copy.deepcopy(message.body)
    for key in ("text", "attachments"):
        if key in arguments:
            message.body[key] = arguments[key]
    if arguments.get("blocks"):
        message.body["blocks"] = with_block_ids(arguments["blocks"])
    elif "text" in arguments or "blocks" in arguments:
        message.body.pop("blocks", None)
    if "metadata" in arguments:
        message.metadata = arguments["metadata"] or None
    message.body["edited"] = {"user": fake.workspace.bot_id, "ts": fake.workspace.numbering.ts(fake.clock.now())}
    record.accepted = True
    fake.announce_change(message, before)
    return {
        "channel": conversation.id,
        "ts": message.ts,
        "text": message.text,
        "message": fake.workspace.message_object(message, threads=False),
    }


def delete(fake: FakeSlack, arguments: Json) -> Json:
    """https://docs.slack.dev/reference/methods/chat.delete. realreply deletes only what somebody off the team can read: an
    offence anywhere else.
    """
    conversation = _place(fake, arguments["channel"])
    if "chat.delete" not in fake.allowed and not fake.exposed(conversation):
        fake.offence("chat.delete: the bot deletes nothing that only the team reads; it updates what has become moot")
    message = conversation.messages.get(arguments["ts"])
    if message is None or message.deleted:
        raise Refused("message_not_found")
    if message.body.get("bot_id") != fake.workspace.bot_id:
        raise Refused("cant_delete_message")
    fake.remove(message)
    return {"channel": conversation.id, "ts": message.ts}


def post_ephemeral(fake: FakeSlack, arguments: Json) -> Json:
    """https://docs.slack.dev/reference/methods/chat.postEphemeral: seen by one member of the channel, stored nowhere."""
    record = Outgoing(
        method="chat.postEphemeral",
        channel=arguments["channel"],
        arguments=arguments,
        at=fake.clock.now(),
        user=arguments["user"],
        accepted=False,
    )
    fake.outgoing.append(record)
    conversation = _place(fake, arguments["channel"])
    if arguments["user"] not in fake.workspace.people or arguments["user"] not in conversation.members:
        raise Refused("user_not_in_channel")
    refuse_bad_content(fake, "chat.postEphemeral", arguments)
    ts = fake.workspace.numbering.ts(fake.clock.now())
    record.ts, record.accepted = ts, True
    fake.show(
        arguments["user"],
        kind="ephemeral",
        channel=conversation.id,
        ts=ts,
        text=arguments.get("text", ""),
        blocks=with_block_ids(arguments.get("blocks")),
    )
    return {"message_ts": ts}


def permalink(fake: FakeSlack, arguments: Json) -> Json:
    """https://docs.slack.dev/reference/methods/chat.getPermalink"""
    conversation = conversation_of(fake, arguments["channel"])
    message = conversation.messages.get(arguments["message_ts"])
    if message is None or message.deleted:
        raise Refused("message_not_found")
    return {"channel": conversation.id, "permalink": fake.permalink(message)}


SHOWN = "text:str blocks:json attachments:json as_user:bool link_names:bool parse:str markdown_text:str"
LOOKS = "icon_emoji:str icon_url:str username:str"
METHODS = {
    "chat.postMessage": Method(
        arguments=f"channel:str! {SHOWN} {LOOKS} thread_ts:ts reply_broadcast:bool unfurl_links:bool unfurl_media:bool "
        "mrkdwn:bool metadata:json",
        handler=post_message,
        scope="chat:write",
    ),
    "chat.update": Method(
        arguments=f"channel:str! ts:ts! {SHOWN} reply_broadcast:bool file_ids:json metadata:json",
        handler=update,
        scope="chat:write",
    ),
    "chat.delete": Method(arguments="channel:str! ts:ts! as_user:bool", handler=delete, scope="chat:write"),
    "chat.postEphemeral": Method(
        arguments=f"channel:str! user:str! {SHOWN} {LOOKS} thread_ts:ts", handler=post_ephemeral, scope="chat:write"
    ),
    "chat.getPermalink": Method(arguments="channel:str! message_ts:ts!", handler=permalink),
}
