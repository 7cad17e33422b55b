"""What `realreply doctor` found, shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.domain.durations import Instant
from bot.domain.keys import channel_of
from bot.domain.outgoing import DeadLetter
from bot.ports import Finding, Naming
from bot.wording.reasons import sentence

MARKS = {"good": ("ok  ", "green"), "note": ("note", "yellow"), "bad": ("BAD ", "bold red")}


def of_dead(dead: DeadLetter, names: Naming) -> Finding:
    """A message that was given up."""
    about = where = ""
    if dead.wait is not None:
        channel = channel_of(dead.wait)
        called = names.channel(channel)
        about = f" about wait {dead.wait}" + (f" in {called}" if called != channel else "")
    if dead.address is not None:
        place, id = dead.address.kind, dead.address.id
        where = (
            f" It may have arrived in {names.channel(id) if place == 'channel' else 'direct messages to ' + names.person(id)}."
        )
    return Finding(
        level="bad",
        says=f"a {dead.what}{about}, due {clock(dead.due_at)}, was given up: {_named(sentence(dead.reason), names)}.{where}",
        do="see that the customer is answered; what stopped it is in the reason"
        + ("; while they wait it is tried again by itself, and listed until it arrives" if dead.what == "reminder" else ""),
    )


def _named(reason: str, names: Naming) -> str:
    """A reason with names where the guard, which knows none, wrote ids: "nothing was sent to channel C024BE7LR: ..."."""

    def named(found: re.Match[str]) -> str:
        name = names.channel(found[1])
        return found[0] if name == found[1] else name

    return re.sub(r"\bchannel (\w+)(?=:)", named, reason)


def show(console: Console, findings: Sequence[Finding]) -> None:
    """Print the findings, each with what to do below it, and how many there are to mend. On a terminal lines are wrapped below
    one another; elsewhere each finding is one line, for whoever searches."""
    for finding in findings:
        mark, style = MARKS[finding.level]
        says, do = Text(finding.says), Text(finding.do, style="dim")
        if console.is_terminal:
            row = Table.grid(padding=(0, 2))
            row.add_row(Text(mark, style), says)
            if finding.do:
                row.add_row("", do)
            console.print(row)
            continue
        console.print(Text.assemble((mark, style), "  ", says), soft_wrap=True)
        if finding.do:
            console.print(Text.assemble("      ", do), soft_wrap=True)
    count = Counter(finding.level for finding in findings)
    console.print(f"{count['bad']} to mend, {count['note']} to know, {count['good']} in order")


def clock(at: Instant) -> str:
    """An instant in UTC, as logs have it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
