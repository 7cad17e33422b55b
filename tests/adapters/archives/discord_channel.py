"""Small made-up channels as DiscordChatExporter writes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NINE = 1_772_442_000
"""Monday, 2 March 2026, 09:00 UTC."""

HELP = 1_100_000_000_000_000_001


def snowflake(minutes: float) -> str:
    """The id of what was made so many minutes after nine."""
    return str((int((NINE + minutes * 60) * 1000) - 1_420_070_400_000) << 22)


def account(id: str, name: str, *roles: str, **more: Any) -> dict[str, Any]:
    listed = [{"id": f"7{len(role)}", "name": role, "color": None, "position": 1} for role in roles]
    return {"id": id, "name": name.lower(), "discriminator": "0000", "nickname": name, "isBot": False, "roles": listed} | more


DANA = account("11", "Dana", "Verified")
ANA = account("22", "Ana", "Support", "Verified")


def said(author: dict[str, Any], minutes: float, content: str, **more: Any) -> dict[str, Any]:
    stamp = datetime.fromtimestamp(NINE + minutes * 60, UTC).isoformat()
    return {
        "id": snowflake(minutes),
        "type": "Default",
        "timestamp": stamp,
        "timestampEdited": None,
        "content": content,
        "author": author,
        "attachments": [],
        "embeds": [],
        "stickers": [],
        "reactions": [],
        "mentions": [],
    } | more


def channel(messages: list[Any], *, exported: str = "2026-03-09T00:00:00+00:00", guild: str = "5", **more: Any) -> dict[str, Any]:
    told = {
        "id": str(HELP),
        "type": "GuildTextChat",
        "categoryId": "3",
        "category": "Public",
        "name": "help",
        "topic": None,
    } | more
    return {
        "guild": {"id": guild, "name": "Harbor", "iconUrl": ""},
        "channel": told,
        "dateRange": {"after": None, "before": None},
        "exportedAt": exported,
        "messages": messages,
        "messageCount": len(messages),
    }


def write(path: Path, value: dict[str, Any], encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False), encoding=encoding)
    return path


DAY = [
    said(DANA, 0, "Hi, could you tell me where my container is?"),
    said(ANA, 5, "it left Rotterdam this morning and will be with you at four", type="Reply")
    | {"reference": {"type": "Default", "messageId": snowflake(0), "channelId": str(HELP), "guildId": "5"}, "mentions": [DANA]},
    said(account("33", "Omar"), 30, "Hello, the invoice page shows an error since this morning. Can somebody help?"),
    said(account("44", "Greeter", isBot=True, discriminator="1234"), 30.2, "Thanks for your message, we will get back to you"),
]
"""Dana is answered after five minutes, Omar never."""
