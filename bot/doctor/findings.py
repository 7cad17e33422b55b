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
from bot.domain.outgoing import DeadLetter
from bot.domain.writes import NoticeSubject
from bot.ports import Finding, Naming, QueryTransaction
from bot.wording.reasons import sentence

MARKS = {"good": ("ok  ", "green"), "note": ("note", "yellow"), "bad": ("BAD ", "bold red")}


def of_dead(tx: QueryTransaction, most: int, names: Naming) -> list[Finding]:
    """The messages that were given up, the latest `most`; once where several about the same wait were for the same reason. To be
    mended is what customers who still wait are about. A tip is for its member alone, and waits in their own list."""
    found: dict[tuple[str, str | None, str], DeadLetter] = {}
    for dead in (one for one in tx.dead(most) if one.subject is not NoticeSubject.TIP):
        found.setdefault((dead.what, dead.wait, sentence(dead.reason)), dead)
    return [_of_dead(tx, dead, names) for dead in found.values()]


def _of_dead(tx: QueryTransaction, dead: DeadLetter, names: Naming) -> Finding:
    where = ""
    if dead.address is not None:
        place, id = dead.address.kind, dead.address.id
        where = (
            f" It may have arrived in {names.channel(id) if place == 'channel' else 'direct messages to ' + names.person(id)}."
        )
    reason = f"{_named(sentence(dead.reason), names)}.{where}"
    wait = None if dead.wait is None else tx.wait(dead.wait)
    if wait is None or not wait.open:
        return Finding(level="note", says=f"a {dead.what}, due {clock(dead.due_at)}, was given up: {reason}")
    called = names.channel(wait.channel)
    inside = f" in {called}" if called != wait.channel else ""
    return Finding(
        level="bad",
        says=f"a {dead.what} about wait {tx.handle(wait.id)}{inside} was given up: {reason}",
        do="see that the customer is answered; what stopped it is in the reason. While they wait it is tried again by itself, "
        "and listed until it arrives",
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
