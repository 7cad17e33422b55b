"""What `realreply doctor` found, and what to do about each finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.core.model import Instant
from bot.core.outgoing import Dead

MARKS = {"good": ("ok  ", "green"), "note": ("note", "yellow"), "bad": ("BAD ", "bold red")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: how it is, in a sentence, and what to do (empty when nothing is)."""

    level: Literal["good", "note", "bad"]
    says: str
    do: str = ""


def of_dead(dead: Dead) -> Finding:
    """A message that was given up."""
    about = f" about wait {dead.wait}" if dead.wait is not None else ""
    where = f" It may have arrived in {dead.address.kind} {dead.address.id}." if dead.address is not None else ""
    return Finding(
        level="bad",
        says=f"a {dead.what}{about}, due {clock(dead.due_at)}, was given up: {dead.reason}.{where}",
        do="see that the customer is answered; what stopped it is in the reason",
    )


def show(console: Console, findings: Sequence[Finding]) -> None:
    """Print the findings, each with what to do below it."""
    for finding in findings:
        mark, style = MARKS[finding.level]
        console.print(Text.assemble((mark, style), "  ", finding.says), soft_wrap=True)
        if finding.do:
            console.print(Padding(Text(finding.do, style="dim"), (0, 0, 0, 6), expand=False))


def clock(at: Instant) -> str:
    """An instant in UTC, as logs have it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
