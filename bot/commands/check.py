"""Check: is a reply personal? What is seen of it is said to its writer alone, and nothing of it is kept. One looks at one's own
words: a colleague's message isn't looked at."""

from __future__ import annotations

import re

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.resolve import handle_in
from bot.commands.responses import Response
from bot.domain.durations import Instant
from bot.domain.keys import channel_id
from bot.domain.messages import Message
from bot.domain.params import Param
from bot.domain.refusal import Refusal
from bot.domain.tags import with_names
from bot.domain.views import View
from bot.queries.checks import check_facts, replied_to
from bot.wording.check import check as check_view

LONGEST = 4_000
"""Characters of a reply that can be typed to be checked: what Slack and Discord take as a message, too."""

TRIES = ("check Hi {{name}}, we have received your request", "check w17 I looked at your export: it is whole now")

NO_WORDS = Refusal(says="That message has no words of yours, so there is nothing to check.")

UNREADABLE = Refusal(says="I can't read that message. Give me its words instead:", tries=TRIES[:1])

ANOTHERS = Refusal(
    says="I look at your own messages only: what somebody else wrote is between them and the customer.", tries=TRIES[:1]
)

_HANDLE = re.compile(r"[wW#]", re.ASCII)


def check(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """What is seen of a text. Where it begins with a wait's handle, what its customer asked is looked at, too."""
    del now
    text = (given.text or "").strip()
    first, _, rest = text.partition(" ")
    handle = handle_in(first) if _HANDLE.match(first) else None  # a number may be the reply's own
    listed = None if handle is None else ctx.by_handle(handle)
    if handle is not None and listed is None and first[0] != "#":
        return Refusal(says=f"There is no wait {handle}.", tries=("waiting", f"check {rest[:20]}".rstrip()))
    text = rest.strip() if listed is not None else text
    if not text:
        return Refusal(says="What would you like to send?", tries=TRIES)
    facts = check_facts(ctx.snapshot, _named(text, ctx), ctx.who, reply_to=listed)
    return Response(view=check_view(facts))


def check_message(message: Message, ctx: CommandContext) -> View | Refusal:
    """What is seen of a message that the asker wrote."""
    if message.marks or ctx.member_of(message.author) != ctx.who:
        return ANOTHERS
    if not message.text.strip():
        return NO_WORDS
    reply_to = replied_to(ctx.snapshot, message)
    return check_view(check_facts(ctx.snapshot, message.text, ctx.who, reply_to=reply_to, message=message.id))


def _named(text: str, ctx: CommandContext) -> str:
    """A text in which who is mentioned stands by name, as it will read."""

    def channel(id: str) -> str:
        return ctx.channel_name(next((key for key in ctx.channels if id in (key, channel_id(key))), id)).removeprefix("#")

    return with_names(text, person=lambda id: ctx.name(ctx.member_of(id)), channel=channel)


CHECK = Command(
    name="check",
    help="is what you are about to send personal? what I see in it, for you alone",
    params=(
        Param(name="text", kind="text", question="What would you like to send?", examples=(), most=LONGEST, longest=LONGEST),
    ),
    examples=TRIES,
    run=check,
)
