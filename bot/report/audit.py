"""What apps wrote to customers, for a terminal and for other tools."""

from __future__ import annotations

import json
from datetime import UTC, datetime, tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.domain import durations
from bot.domain.durations import DAY, Instant
from bot.wording.audit import KINDS, AuditFacts, reported_line, shown_name, summed

TRUSTED = "trusted"


def as_json(facts: AuditFacts, *, waits_known: bool = True) -> str:
    """The audit as one object, in one line. docs/audit.md says what each field is."""
    told = {
        "since": _iso(facts.since),
        "until": _iso(facts.now),
        "waits": facts.waits if waits_known else None,
        "waits_with_automatic_reply_only": facts.alone if waits_known else None,
        "sources": [
            {
                "id": row.source.id,
                "platform": row.platform,
                "name": row.name or None,
                "several_names": row.name is None,
                "kind": row.source.kind.value,
                "trusted": row.source.trusted,
                "posts": row.posts,
                "channels": row.channels,
                "last_seen": _iso(row.last_at),
                "waits_with_no_other_reply": row.alone if waits_known else None,
            }
            for row in facts.rows
        ],
        "bots": [{"name": app.name, "server": app.server or None, "can_welcome": app.welcomes or None} for app in facts.present],
        "reported_auto_dms": facts.reported,
        "untold": list(facts.untold),
    }
    return json.dumps(told, ensure_ascii=False)


def _iso(at: Instant) -> str:
    return datetime.fromtimestamp(round(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def show_audit(console: Console, facts: AuditFacts, *, zone: tzinfo) -> None:
    """Print it as a table that fits 80 columns: who, by what way, how often, in how many channels, when last, and how many waits
    got nothing else."""
    days = max(1, round((facts.now - facts.since) / DAY))
    over = durations.say_day_clock(facts.now, zone)
    console.print(Text(f"{days} {'day' if days == 1 else 'days'} until {over}: {summed(facts)}", style="bold"))
    if facts.rows:
        console.print()
        console.print(_table(facts, zone))
    if facts.reported:
        console.print(Text(f"\n{reported_line(facts.reported)} /realreply auto-dms says of which apps."))
    for app in facts.present:
        if app.welcomes:
            where = f" in {app.server}" if app.server else ""
            says = (
                f"{app.name}{where} can send welcome direct messages (its documentation says so). Whether it does, its settings"
            )
            console.print(Text(f"\n{says} tell: please look at them."))
            console.print(Text(app.welcomes, style="dim"), soft_wrap=True)
    others = [f"{app.name} ({app.server})" if app.server else app.name for app in facts.present if not app.welcomes]
    if others:
        console.print(Text(f"\nOther bots that are here: {', '.join(others)}."))
    for sentence in facts.untold:
        console.print(Text(f"\n{sentence}", style="dim"))


def _table(facts: AuditFacts, zone: tzinfo) -> Table:
    table = Table.grid(padding=(0, 2))
    for side, wide in (("left", 23), ("left", 11), ("right", 6), ("right", 8), ("left", 17), ("right", 5)):
        table.add_column(justify=side, max_width=wide, overflow="fold")  # type: ignore[arg-type]
    table.add_row("app", "by way of", "posts", "channels", "last", "alone", style="dim")
    for row in facts.rows:
        how = TRUSTED if row.source.trusted else KINDS[row.source.kind]
        last = durations.say_day_clock(row.last_at, zone)
        cells = (shown_name(row), how, str(row.posts), str(row.channels), last, str(row.alone) if row.alone else "")
        table.add_row(*map(Text, cells))
    return table
