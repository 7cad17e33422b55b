"""Waits as JSON lines, one a wait, in the order in which they opened."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

from bot.domain.outgoing import SentReminder
from bot.domain.waits import Wait


def write_waits(out: TextIO, waits: Iterable[tuple[Wait, tuple[SentReminder, ...]]], *, channel_name: dict[str, str]) -> int:
    """Write one line per wait and return how many were written. `channel_name` maps channel keys to names."""
    count = 0
    for wait, reminders in waits:
        json.dump(row(wait, reminders, channel_name.get(wait.channel, wait.channel)), out, ensure_ascii=False)
        out.write("\n")
        count += 1
    return count


def row(wait: Wait, reminders: tuple[SentReminder, ...], channel: str) -> dict[str, Any]:
    """One wait as a JSON object. Instants are epoch seconds, ids the archive's own. `answer` is the first human reply of
    any kind, `kind` its kind; `state` says how the wait ended, or "waiting"."""
    first, personal = wait.first_reply, wait.first_personal
    return {
        "wait": wait.id,
        "channel": channel,
        "customer": wait.customer,
        "messages": list(wait.messages),
        "opened_at": wait.opened_at,
        "state": wait.state.value,
        "ended_at": wait.ended_at,
        "kind": first.kind.value if first is not None else None,
        "answer": first.message if first is not None else None,
        "answered_by": first.by if first is not None else None,
        "answered_at": first.at if first is not None else None,
        "personal": personal.message if personal is not None else None,
        "personal_at": personal.at if personal is not None else None,
        "owner": wait.owner,
        "owner_reason": wait.owner_reason,
        "came_back_from": wait.came_back_from,
        "probability": round(wait.probability, 3),
        "evidence": list(wait.evidence),
        "reminders": [{"at": sent.at, "step": sent.step, "to": list(sent.to)} for sent in reminders],
    }
