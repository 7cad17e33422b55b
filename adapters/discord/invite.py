"""The link by which the bot comes into a server, with what it asks for there. Pure, and without the library, which takes a
quarter of a second to load.

Permissions: https://docs.discord.com/developers/topics/permissions; the link: /topics/oauth2, "Bot Authorization Flow".
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from bot.domain.value import value

SCOPES: Final = ("bot", "applications.commands")

READS: Final = {"view_channel": "View Channel", "read_message_history": "Read Message History"}
"""What it takes to watch a channel, by Discord's name and by the one that people read."""

VOICE: Final = {"connect": "Connect"}
"""What it takes besides to read back the chat of a voice channel."""

POSTS: Final = {"send_messages": "Send Messages"}
"""What it takes besides where reminders are posted, which is never a thread. Messages made of components have no embeds, and do
without Embed Links."""


@value
class Intent:
    """A switch in the portal: what Discord calls it, and what doesn't work without it."""

    name: str
    without: str


INTENTS: Final = (
    Intent(
        name="Message Content Intent",
        without="the bot sees only messages that name it, and asks of members' replies whether they were the answer",
    ),
    Intent(
        name="Server Members Intent",
        without="of the team it knows whom [[members]] lists, and who has written since it came",
    ),
)


BITS: Final = {
    "view_channel": 10,
    "send_messages": 11,
    "read_message_history": 16,
    "connect": 20,
}
"""Where each of them stands in Discord's number for permissions."""


def permissions() -> int:
    """What the bot is to be allowed in a server: to read, and to post in the team's channel."""
    return sum(1 << BITS[name] for name in (*READS, *POSTS))


FOR_USERS: Final = 1
"""An app that somebody installs for themselves (https://docs.discord.com/developers/resources/application, "Installation
Context")."""


def for_oneself(app: int) -> str:
    """The link for anybody who wants to report auto-DMs: that is shown in direct messages to who has the app for themselves."""
    asked: dict[str, str | int] = {"client_id": app, "integration_type": FOR_USERS, "scope": "applications.commands"}
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"


def invitation(app: int, guild: int | None = None) -> str:
    """The link for whoever manages a server; with `guild` that one is chosen already."""
    asked: dict[str, str | int] = {"client_id": app, "scope": " ".join(SCOPES), "permissions": permissions()}
    if guild is not None:
        asked["guild_id"] = guild
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"
