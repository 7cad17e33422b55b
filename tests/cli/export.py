"""Writes small Slack exports for tests: people, channels and what they said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

NINE = 1_772_442_000
"""Monday, 2 March 2026, 09:00 UTC."""

PEOPLE = {"UANA": "Ana", "UBEN": "Ben", "UDANA": "Dana", "UOMAR": "Omar"}


def said(user: str, minutes: float, text: str, **more: Any) -> dict[str, Any]:
    """A message `minutes` after nine."""
    return {"type": "message", "user": user, "ts": f"{NINE + minutes * 60:.6f}", "text": text, **more}


def write_export(folder: Path, messages: list[dict[str, Any]], *, channel: str = "help", people: dict[str, str] = PEOPLE) -> Path:
    """An export with one channel on one day."""
    (folder / channel).mkdir(parents=True)
    users = [
        {"id": id, "name": name.lower(), "profile": {"display_name": name, "real_name": name}} for id, name in people.items()
    ]
    (folder / "users.json").write_text(json.dumps(users))
    (folder / "channels.json").write_text(json.dumps([{"id": "C1", "name": channel}]))
    (folder / channel / "2026-03-02.json").write_text(json.dumps(messages))
    return folder


DAY = [
    said("UDANA", 0, "Hi, could you tell me where my container is?"),
    said("UDANA", 1, "it should have arrived yesterday"),
    said("UANA", 5, "Dana: it left Rotterdam this morning and will be with you at four"),
    said("UDANA", 6, "great, thank you Ana!"),
    said("UOMAR", 30, "Hello, the invoice page shows an error since this morning. Can somebody help?"),
    said("USLACKBOT", 30.2, "Thanks for your message, we will get back to you", bot_id="B1", subtype="bot_message"),
]
"""Dana is answered after five minutes, Omar never."""
