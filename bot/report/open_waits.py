"""Who is waiting, for a terminal and for other tools."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.domain import durations
from bot.domain.durations import Instant
from bot.domain.waits import HoldKind
from bot.queries.listing import ListedOpen, Named

HELD = {
    HoldKind.CLAIM: "claimed",
    HoldKind.HOLDING: "looking into it",
    HoldKind.PROMISE: "promised",
    HoldKind.REDIRECT: "pointed elsewhere",
    HoldKind.SNOOZE: "put off",
    HoldKind.OUTCOME: "outcome to come",
    HoldKind.TYPING: "writing",
}
"""How a hold reads in a table."""


def as_json(one: ListedOpen) -> str:
    """A wait as one object, in one line. docs/other-tools.md says what each field is."""
    wait = one.wait
    hold = wait.hold
    held_by = one.held_by
    row = {
        "handle": one.handle,
        "platform": one.platform,
        "channel": _named(one.channel),
        "customer": _named(one.customer),
        "company": one.company,
        "newcomer": wait.newcomer,
        "since": _iso(wait.opened_at),
        "seconds": round(one.waited),
        "working_seconds": round(one.working),
        "owner": _named(one.owner),
        "owner_reason": None if one.owner is None else wait.owner_reason,
        "target": None if one.target is None else {"seconds": round(one.target), "due": _iso(one.target_at)},
        "rung": one.rung,
        "rungs": one.rungs,
        "next_reminder": _iso(one.next_reminder),
        "next_to": one.next_to,
        "hold": None if hold is None else {"kind": hold.kind.value, "until": _iso(hold.until), "by": _named(held_by)},
        "perhaps_answered_by": _named(one.perhaps_by),
        "sure": round(wait.probability, 3),
        "link": one.link,
    }
    return json.dumps(row, ensure_ascii=False)


def _named(who: Named | None) -> dict[str, str | None] | None:
    return None if who is None else {"id": who.id, "name": who.name}


def _iso(at: Instant | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(round(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def show_open_waits(console: Console, found: Sequence[ListedOpen], *, zone: tzinfo, now: Instant) -> None:
    """Print the waits as a table that fits 80 columns: how long, who, where, with whom, and why it is quiet."""
    if not found:
        console.print("Nobody is waiting.")
        return
    table = Table.grid(padding=(0, 2))
    for side, wide in (("right", 4), ("right", 9), ("left", 16), ("left", 14), ("left", 25)):
        table.add_column(justify=side, max_width=wide, overflow="fold")  # type: ignore[arg-type]
    table.add_row("", "waits", "who", "where", "with", style="dim")
    for one in found:
        where = f"#{one.channel.name}" if one.channel.name is not None else one.channel.id
        table.add_row(*map(Text, (one.handle, durations.say(one.waited), _called(one.customer), where, _with(one, zone, now))))
    console.print(table)


def _called(who: Named) -> str:
    return who.name or who.id


def _with(one: ListedOpen, zone: tzinfo, now: Instant) -> str:
    hold, owner = one.wait.hold, one.owner
    if hold is not None and one.held_by is not None:
        return f"{_called(one.held_by)}: {HELD[hold.kind]}, until {durations.say_clock(hold.until, zone, now)}"
    if one.perhaps_by is not None:
        return f"{_called(one.perhaps_by)} perhaps answered"
    return "nobody yet" if owner is None else _called(owner)
