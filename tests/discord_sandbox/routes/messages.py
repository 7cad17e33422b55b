"""Messages: reading, sending, editing, deleting, reactions, typing. https://docs.discord.com/developers/resources/message"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.discord_sandbox import shapes
from tests.discord_sandbox.errors import Refused, invalid
from tests.discord_sandbox.model import CATEGORY, DM, FORUM, MEDIA, STAGE, VOICE, Channel, Json, Message, Outgoing
from tests.discord_sandbox.routes.table import Call, Route, find_channel, find_message, limit_of
from tests.discord_sandbox.validation import problems_of_message

if TYPE_CHECKING:
    from tests.discord_sandbox.fake import FakeDiscord

TEXTLESS = frozenset({CATEGORY, FORUM, MEDIA})
KEPT = ("embeds", "components", "attachments", "poll")
"""What of a body is stored as it came."""

OLD = 3600.0
"""Seconds after which edits of a message are few: 30046."""


def refuse_bad_body(what: str, problems: list[str]) -> None:
    """50035 with the first problem; all of them are the offence."""
    if problems:
        field, _, words = problems[0].partition(": ")
        refused = invalid(field, "BASE_TYPE_BAD_LENGTH", words)
        refused.offence = f"{what}: " + "; ".join(problems)
        raise refused


def want_allowed_mentions(fake: FakeDiscord, what: str, body: Json) -> None:
    """Without allowed_mentions Discord parses everything in a text, also in that of an edit."""
    if body.get("allowed_mentions") is None and any(body.get(key) for key in ("content", "components", "embeds")):
        fake.offence(f"{what}: sent without allowed_mentions")


def kept(body: Json, files: list[str]) -> Json:
    """What of a body becomes of the message, beside its content."""
    extra = {key: body[key] or [] for key in KEPT if key in body and key != "attachments"}
    for embed in extra.get("embeds", []):
        embed.setdefault("type", "rich")
    if files:
        extra["attachments"] = [
            {"id": str(number + 1), "filename": name, "size": 1, "url": f"https://cdn.example/{name}", "proxy_url": ""}
            for number, name in enumerate(files)
        ]
    return extra


def numbered(components: list[Json]) -> list[Json]:
    """Components with the ids that Discord gives those that came without."""
    number = 0

    def walk(component: Json) -> Json:
        nonlocal number
        number += 1
        shown = {"id": component.get("id") or number, **{k: v for k, v in component.items() if k != "id" and v is not None}}
        for key in ("components",):
            if key in shown:
                shown[key] = [walk(inner) for inner in shown[key]]
        if isinstance(shown.get("accessory"), dict):
            shown["accessory"] = walk(shown["accessory"])
        return shown

    return [walk(component) for component in components]


def history(fake: FakeDiscord, call: Call) -> list[Json]:
    """GET /channels/{channel.id}/messages: without READ_MESSAGE_HISTORY an empty list; in voice channels CONNECT is needed."""
    channel = find_channel(fake, call)
    limit, now, bot = limit_of(call, 50, 100), fake.clock.now(), fake.world.bot.id
    if channel.kind in TEXTLESS:
        raise Refused(50008, offence="a forum or category has no messages of its own")
    if channel.kind in (VOICE, STAGE) and not fake.world.may(bot, channel, "CONNECT", now=now):
        raise Refused(50013)
    if not fake.world.may(bot, channel, "READ_MESSAGE_HISTORY", now=now):
        return []
    marks = [key for key in ("before", "after", "around") if key in call.query]
    if len(marks) > 1:
        raise Refused(50035, offence=f"{' and '.join(marks)} exclude each other")
    found = [m for m in channel.posts if m.posted_at + fake.history_lag <= now or m.author.id != bot]
    if "after" in call.query:
        found = [m for m in found if int(m.id) > int(call.query["after"])][:limit]
    elif "around" in call.query:
        found = sorted(found, key=lambda m: abs(int(m.id) - int(call.query["around"])))[:limit]
        found.sort(key=lambda m: int(m.id))
    else:
        if "before" in call.query:
            found = [m for m in found if int(m.id) < int(call.query["before"])]
        found = found[-limit:]
    return [_shown(fake, message) for message in reversed(found)]


def _shown(fake: FakeDiscord, message: Message) -> Json:
    shown = shapes.message_object(fake.world, message, content="message_content" in fake.privileged)
    thread = fake.world.channels.get(message.id)
    if thread is not None and thread.parent_id == message.channel_id and not thread.deleted:
        shown["thread"] = shapes.thread_object(fake.world, thread)
    return shown


def read(fake: FakeDiscord, call: Call) -> Json:
    """GET /channels/{channel.id}/messages/{message.id}"""
    channel = find_channel(fake, call, "READ_MESSAGE_HISTORY")
    return _shown(fake, find_message(channel, call.parts["message"]))


def send(fake: FakeDiscord, call: Call) -> Json:
    """POST /channels/{channel.id}/messages"""
    record = Outgoing(what="message", channel=call.parts["channel"], body=call.json, at=fake.clock.now(), accepted=False)
    fake.outgoing.append(record)
    try:
        message = _send(fake, call, record)
    except Refused as refused:
        record.error = f"{refused.code} {refused.message}"
        raise
    record.id, record.accepted = message.id, True
    answer = shapes.message_object(fake.world, message)
    return {**answer, "nonce": message.nonce} if message.nonce is not None else answer


def _send(fake: FakeDiscord, call: Call, record: Outgoing) -> Message:
    channel, body, now = find_channel(fake, call), call.json, fake.clock.now()
    bot, world = fake.world.bot.id, fake.world
    if channel.kind in TEXTLESS:
        raise Refused(50008, offence="sent into a forum or category itself")
    if channel.kind == DM:
        _refuse_closed(fake, channel)
    elif not world.may(bot, channel, "SEND_MESSAGES_IN_THREADS" if channel.is_thread else "SEND_MESSAGES", now=now):
        raise Refused(50013)
    if channel.locked and not world.may(bot, channel, "MANAGE_THREADS", now=now):
        raise Refused(160005)
    refuse_bad_body("message", problems_of_message("MessageCreateRequest", body))
    want_allowed_mentions(fake, "message", body)
    if body.get("embeds") and not world.may(bot, channel, "EMBED_LINKS", now=now):
        raise Refused(50013)
    if call.files and not world.may(bot, channel, "ATTACH_FILES", now=now):
        raise Refused(50013)
    nonce = body.get("nonce")
    if body.get("enforce_nonce") and nonce is not None:
        first = fake.nonces.get((channel.id, str(nonce)))
        if first is not None and now - first.posted_at <= fake.nonce_seconds:
            if first.deleted:
                raise Refused(10008)
            return first
    reply_to = _answered(fake, channel, body.get("message_reference"))
    message = fake.put(
        channel,
        world.bot,
        body.get("content") or "",
        reply_to=reply_to,
        allowed=body.get("allowed_mentions") or ({"parse": ["users", "roles", "everyone"], "replied_user": True}),
        flags=int(body.get("flags") or 0),
        nonce=nonce,
        extra=stored(body, call.files),
    )
    if nonce is not None:
        fake.nonces[channel.id, str(nonce)] = message
    record.notified = fake.notified(message)
    if message.mention_everyone:
        fake.offence("message: it mentions @everyone or @here")
    return message


def stored(body: Json, files: list[str]) -> Json:
    """What is kept of a body, components numbered."""
    extra = kept(body, files)
    if "components" in extra:
        extra["components"] = numbered(extra["components"])
    return extra


def _refuse_closed(fake: FakeDiscord, channel: Channel) -> None:
    user = fake.world.users[channel.recipient or ""]
    if user.dms_closed:
        raise Refused(50007)
    if not any(user.id in guild.members for guild in fake.world.guilds.values() if guild.has_bot):
        raise Refused(50278)


def _answered(fake: FakeDiscord, channel: Channel, reference: Json | None) -> Message | None:
    if not reference:
        return None
    if reference.get("channel_id") not in (None, channel.id, int(channel.id)):
        raise invalid(
            "message_reference", "REPLIES_CANNOT_REPLY_TO_OTHER_CHANNEL", "Cannot reply to a message in another channel"
        )
    if not fake.world.may(fake.world.bot.id, channel, "READ_MESSAGE_HISTORY", now=fake.clock.now()):
        raise Refused(160002)
    found = channel.messages.get(str(reference["message_id"]))
    if found is not None and not found.deleted:
        return found
    if reference.get("fail_if_not_exists", True):
        refused = invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        refused.offence = ""
        raise refused
    return None


def edit(fake: FakeDiscord, call: Call) -> Json:
    """PATCH /channels/{channel.id}/messages/{message.id}"""
    record = Outgoing(
        what="edit", channel=call.parts["channel"], body=call.json, at=fake.clock.now(), id=call.parts["message"], accepted=False
    )
    fake.outgoing.append(record)
    try:
        channel, body = find_channel(fake, call), call.json
        message = find_message(channel, call.parts["message"])
        if message.author.id != fake.world.bot.id or message.webhook_name is not None:
            raise Refused(50005, offence="edits somebody else's message")
        if channel.archived:
            raise Refused(50083)
        apply_edit(fake, "edit", "MessageEditRequestPartial", message, body, call.files)
    except Refused as refused:
        record.error = f"{refused.code} {refused.message}"
        raise
    record.accepted = True
    return shapes.message_object(fake.world, message)


def apply_edit(fake: FakeDiscord, what: str, schema: str, message: Message, body: Json, files: list[str]) -> None:
    """Changes a message of ours as a body says."""
    before = {
        "content": message.content,
        "embeds": [{key: value for key, value in embed.items() if key != "type"} for embed in message.embeds],
        "components": message.components,
        "flags": message.flags,
    }
    refuse_bad_body(what, problems_of_message(schema, body, before=before))
    want_allowed_mentions(fake, what, body)
    if "flags" in body and body["flags"] is not None:
        message.flags = (message.flags & ~4) | int(body["flags"])
    content = (body["content"] or "") if "content" in body else None
    fake.change(message, content=content, allowed=body.get("allowed_mentions"), **stored(body, files))
    if message.mention_everyone:
        fake.offence(f"{what}: it mentions @everyone or @here")


def delete(fake: FakeDiscord, call: Call) -> None:
    """DELETE /channels/{channel.id}/messages/{message.id}"""
    channel = find_channel(fake, call)
    message = find_message(channel, call.parts["message"])
    if message.author.id != fake.world.bot.id:
        raise Refused(50013, offence="deletes somebody else's message")
    if channel.archived:
        raise Refused(50083)
    fake.outgoing.append(Outgoing(what="delete", channel=channel.id, body={}, at=fake.clock.now(), id=message.id))
    fake.remove(message)


def who_reacted(fake: FakeDiscord, call: Call) -> list[Json]:
    """GET /channels/{channel.id}/messages/{message.id}/reactions/{emoji}"""
    channel = find_channel(fake, call, "READ_MESSAGE_HISTORY")
    message = find_message(channel, call.parts["message"])
    users = message.reactions.get(unquote(call.parts["emoji"]), [])
    found = [id for id in users if int(id) > int(call.query.get("after", 0))]
    return [shapes.user_object(fake.world.users[id]) for id in sorted(found, key=int)[: limit_of(call, 25, 100)]]


def type_(fake: FakeDiscord, call: Call) -> None:
    """POST /channels/{channel.id}/typing: our bot has no reason to."""
    find_channel(fake, call, "SEND_MESSAGES")
    fake.offence("typing: nobody is to see the bot write")


def react(fake: FakeDiscord, call: Call) -> Any:
    """PUT .../reactions/{emoji}/@me: the bot never reacts to anything."""
    find_channel(fake, call, "READ_MESSAGE_HISTORY", "ADD_REACTIONS")
    raise Refused(50013, offence="the bot reacts to a message")


def pins(fake: FakeDiscord, call: Call) -> Json:
    """GET /channels/{channel.id}/messages/pins"""
    channel = find_channel(fake, call, "READ_MESSAGE_HISTORY")
    items = [{"pinned_at": call.at, "message": _shown(fake, message)} for message in channel.posts if message.pinned]
    return {"items": items, "has_more": False}


MESSAGES = "/channels/{channel}/messages"

ROUTES = (
    Route(method="GET", path=MESSAGES, handler=history, query=frozenset({"before", "after", "around", "limit"})),
    Route(method="POST", path=MESSAGES, handler=send, body=True),
    Route(method="GET", path=f"{MESSAGES}/pins", handler=pins, query=frozenset({"before", "limit"})),
    Route(method="GET", path=MESSAGES + "/{message}", handler=read),
    Route(method="PATCH", path=MESSAGES + "/{message}", handler=edit, body=True),
    Route(method="DELETE", path=MESSAGES + "/{message}", handler=delete),
    Route(
        method="GET",
        path=MESSAGES + "/{message}/reactions/{emoji}",
        handler=who_reacted,
        query=frozenset({"after", "limit", "type"}),
    ),
    Route(method="PUT", path=MESSAGES + "/{message}/reactions/{emoji}/@me", handler=react),
    Route(method="POST", path="/channels/{channel}/typing", handler=type_),
)
