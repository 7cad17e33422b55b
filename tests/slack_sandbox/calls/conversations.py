"""conversations.* and users.conversations: https://docs.slack.dev/reference/methods?family=conversations."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from tests.slack_sandbox.calls.table import HISTORY, OPEN, READ, Method, Refused, conversation_of, need_scope, page
from tests.slack_sandbox.model import Conversation, Json, Message

if TYPE_CHECKING:
    from tests.slack_sandbox.fake import FakeSlack

TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def _kinds(fake: FakeSlack, types: str | None) -> set[str]:
    asked = [part.strip() for part in (types or "public_channel").split(",")]
    if unknown := [kind for kind in asked if kind not in TYPES]:
        raise Refused("invalid_types", offence=f"conversation types {unknown}")
    kinds = {TYPES[kind] for kind in asked}
    need_scope(fake, *sorted({READ.get(kind, "mpim:read") for kind in kinds}))
    return kinds


def _listed(fake: FakeSlack, arguments: Json, conversations: list[Conversation]) -> Json:
    if arguments.get("exclude_archived"):
        conversations = [c for c in conversations if not c.archived]
    part, following = page(conversations, cursor=arguments.get("cursor"), limit=arguments.get("limit"), default=100, most=1000)
    shown = []
    for conversation in part:
        entry = fake.workspace.conversation_object(conversation)
        if conversation.kind != "im":
            entry["num_members"] = len(conversation.members)
        shown.append(entry)
    return {"channels": shown, "response_metadata": {"next_cursor": following}}


def listing(fake: FakeSlack, arguments: Json) -> Json:
    """All public channels, and the private ones the bot is in."""
    kinds = _kinds(fake, arguments.get("types"))
    workspace = fake.workspace
    found = [
        c
        for c in workspace.conversations.values()
        if c.kind in kinds and not c.deleted and (not c.is_private or workspace.in_it(c))
    ]
    return _listed(fake, arguments, found)


def of_user(fake: FakeSlack, arguments: Json) -> Json:
    """The conversations of a user (the bot, if none is given) that the bot may know of."""
    kinds = _kinds(fake, arguments.get("types"))
    who = arguments.get("user", fake.workspace.bot.id)
    if who not in fake.workspace.people:
        raise Refused("user_not_found")
    workspace = fake.workspace
    found = [
        c
        for c in workspace.conversations.values()
        if c.kind in kinds and not c.deleted and who in c.members and (not c.is_private or workspace.in_it(c))
    ]
    return _listed(fake, arguments, found)


def info(fake: FakeSlack, arguments: Json) -> Json:
    """One conversation."""
    conversation = conversation_of(fake, arguments["channel"])
    need_scope(fake, READ[conversation.kind])
    shown = fake.workspace.conversation_object(conversation)
    if arguments.get("include_num_members"):
        shown["num_members"] = len(conversation.members)
    return {"channel": shown}


def members(fake: FakeSlack, arguments: Json) -> Json:
    """Ids of a conversation's members."""
    conversation = conversation_of(fake, arguments["channel"])
    need_scope(fake, READ[conversation.kind])
    part, following = page(
        conversation.members, cursor=arguments.get("cursor"), limit=arguments.get("limit"), default=100, most=1000
    )
    return {"members": part, "response_metadata": {"next_cursor": following}}


def _readable(fake: FakeSlack, key: str) -> Conversation:
    conversation = conversation_of(fake, key)
    need_scope(fake, HISTORY[conversation.kind])
    if not fake.workspace.in_it(conversation):
        raise Refused("not_in_channel")
    return conversation


def _span(arguments: Json, messages: list[Message]) -> list[Message]:
    oldest, latest = float(arguments.get("oldest") or 0), float(arguments.get("latest") or "inf")
    both = arguments.get("inclusive", False)
    return [m for m in messages if oldest < float(m.ts) < latest or (both and (float(m.ts) == oldest or float(m.ts) == latest))]


def _window(messages: list[Message], arguments: Json, *, default: int, most: int) -> tuple[list[Message], str]:
    """A page whose cursor is a message time, so that new messages don't shift it."""
    limit = arguments.get("limit")
    if limit is not None and not 1 <= limit <= most:
        raise Refused("invalid_limit", offence=f"limit must be from 1 to {most}, not {limit}")
    if cursor := arguments.get("cursor"):
        try:
            word, ts = base64.b64decode(cursor, validate=True).decode().split(":")
        except ValueError:
            word, ts = "", ""
        if word != "next_ts" or not any(m.ts == ts for m in messages):
            raise Refused("invalid_cursor", offence=f"the cursor {cursor!r} isn't one we gave for these arguments")
        messages = messages[next(n for n, m in enumerate(messages) if m.ts == ts) :]
    size = limit or default
    rest = messages[size:]
    return messages[:size], base64.b64encode(f"next_ts:{rest[0].ts}".encode()).decode() if rest else ""


def history(fake: FakeSlack, arguments: Json) -> Json:
    """The channel's own messages, newest first; replies only where they were broadcast. Fresh posts of apps lag."""
    conversation = _readable(fake, arguments["channel"])
    now = fake.clock.now()
    found = [
        m for m in conversation.messages.values() if not m.deleted and m.visible_from <= now and (not m.is_reply or m.broadcast)
    ]
    found = sorted(_span(arguments, found), key=lambda m: float(m.ts), reverse=True)
    part, following = _window(found, arguments, default=100, most=999)
    metadata = arguments.get("include_all_metadata", False)
    answer: Json = {
        "messages": [fake.workspace.message_object(m, metadata=metadata) for m in part],
        "has_more": bool(following),
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    if "latest" in arguments:
        answer["latest"] = arguments["latest"]
    if following:
        answer["response_metadata"] = {"next_cursor": following}
    return answer


def replies(fake: FakeSlack, arguments: Json) -> Json:
    """A thread: its parent first, then the replies, oldest first. For a reply's own ts, that reply alone."""
    conversation = _readable(fake, arguments["channel"])
    now = fake.clock.now()
    root = conversation.messages.get(arguments["ts"])
    if root is None or root.deleted or root.visible_from > now:
        raise Refused("thread_not_found")
    found = [] if root.is_reply else [m for m in conversation.thread(root.ts) if m.visible_from <= now]
    part, following = _window([root, *_span(arguments, found)], arguments, default=1000, most=1000)
    if arguments.get("cursor"):
        part = [root, *part]
    metadata = arguments.get("include_all_metadata", False)
    answer: Json = {
        "messages": [fake.workspace.message_object(m, metadata=metadata) for m in part],
        "has_more": bool(following),
    }
    if following:
        answer["response_metadata"] = {"next_cursor": following}
    return answer


def open_dm(fake: FakeSlack, arguments: Json) -> Json:
    """The DM with one person."""
    if "channel" in arguments:
        conversation = conversation_of(fake, arguments["channel"])
    else:
        users = arguments.get("users", [])
        if len(users) != 1:
            raise Refused(
                "not_enough_users" if not users else "method_not_supported_for_channel_type", offence="opens a DM with one"
            )
        need_scope(fake, OPEN["im"])
        person = fake.workspace.people.get(users[0])
        if person is None:
            raise Refused("user_not_found")
        if person.is_bot:
            raise Refused("cannot_dm_bot")
        if person.deleted:
            raise Refused("user_disabled")
        conversation = fake.workspace.dm(person)
    if arguments.get("return_im"):
        return {"channel": fake.workspace.conversation_object(conversation), "no_op": True, "already_open": True}
    return {"channel": {"id": conversation.id}}


async def join(fake: FakeSlack, arguments: Json) -> Json:
    """The bot joins a public channel (needs a scope our manifest lacks)."""
    conversation = conversation_of(fake, arguments["channel"])
    if conversation.archived:
        raise Refused("is_archived")
    if not fake.workspace.in_it(conversation):
        await fake.bot_joins(conversation)
    return {"channel": fake.workspace.conversation_object(conversation)}


PAGED = "cursor:str limit:int"
SPAN = f"channel:str! latest:ts oldest:ts inclusive:bool include_all_metadata:bool {PAGED}"
METHODS = {
    "conversations.list": Method(arguments=f"exclude_archived:bool team_id:str types:str {PAGED}", handler=listing),
    "users.conversations": Method(arguments=f"exclude_archived:bool team_id:str types:str user:str {PAGED}", handler=of_user),
    "conversations.info": Method(arguments="channel:str! include_locale:bool include_num_members:bool", handler=info),
    "conversations.members": Method(arguments=f"channel:str! {PAGED}", handler=members),
    "conversations.history": Method(arguments=SPAN, handler=history),
    "conversations.replies": Method(arguments=f"ts:ts! {SPAN}", handler=replies),
    "conversations.open": Method(
        arguments="channel:str users:ids return_im:bool prevent_creation:bool", handler=open_dm, scope="im:write"
    ),
    "conversations.join": Method(arguments="channel:str!", handler=join, scope="channels:join"),
}
