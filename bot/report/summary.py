"""A report as a terminal shows it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.queries.report import OUTCOMES, UNANSWERED, PartSums, Report, ReportedWait
from bot.report import sentences
from bot.report.sentences import both, clock, said, share

ALWAYS_TOLD = ("personal", "redirected", "automatic", "never")
"""Rows that are shown even when they are zero: their being zero is news."""

MOST_PARTS = 8
QUOTED = 5


def show_report(console: Console, report: Report, *, head: Sequence[str]) -> None:
    """Print the figures under the lines of `head`: sums first, then the longest waits, then what it all rests on."""
    for number, line in enumerate(head):
        console.print(Text(line, style="" if number else "bold"))
    blocks = [_outcomes(report), _times(report), _within(report)]
    for what, parts, prefix in (("channel", report.channels, "#"), ("customer", report.by_customer, "")):
        if len(parts) > 1:
            blocks.append(_parts(f"By {what}", parts, prefix))
    blocks += [Group(*(Text(line) for line in sentences.reminder_sentences(report))), _basis(report)]
    if report.longest:
        blocks.append(_longest(report))
    blocks.append(_never(report))
    for block in blocks:
        console.print(Group("", Padding(block, (0, 0, 0, 2), expand=False)))


def _grid(*justify: str) -> Table:
    table = Table.grid(padding=(0, 2))
    for side in justify:
        table.add_column(justify="right" if side == "r" else "left", no_wrap=side == "r", overflow="fold")
    return table


def _outcomes(report: Report) -> RenderableType:
    table = _grid("r", "l", "r")
    table.add_row(str(report.customers), "customers who waited", "", style="bold")
    table.add_row(str(report.waits), "waits", "", style="bold")
    for how, count in report.outcomes.items():
        if count or how in ALWAYS_TOLD:
            style = "red" if how in UNANSWERED and count else ""
            table.add_row(str(count), f"  {OUTCOMES[how]}", f"{count / report.waits:.0%}" if report.waits else "", style=style)
    return table


def _times(report: Report) -> RenderableType:
    table = _grid("l", "r", "r")
    table.add_row("", "half within", "nine in ten within", style="dim")
    table.add_row("first reply of any kind", *map(said, report.first))
    table.add_row("first personal reply", *map(said, report.personal))
    table.add_row("  in working time", *map(said, report.personal_working))
    return table


def _within(report: Report) -> RenderableType:
    table = _grid("l", "r", "r")
    table.add_row("answered personally within", "by the clock", "in working time", style="dim")
    for each in report.within:
        table.add_row(each.bound, share(each.wall, each.wall_of), share(each.working, each.working_of))
    return table


def _parts(title: str, parts: Sequence[PartSums], prefix: str) -> RenderableType:
    table = _grid("l", "r", "r", "r", "r")
    table.add_row(title, "waits", "personally", "never", "half within", style="dim")
    for part in parts[:MOST_PARTS]:
        table.add_row(Text(prefix + part.name), str(part.waits), str(part.personally), str(part.unanswered), said(part.half))
    more = len(parts) - MOST_PARTS
    return Group(table, *((Text(f"and {more} more", style="dim"),) if more > 0 else ()))


def _basis(report: Report) -> RenderableType:
    table = _grid("l", "l", "l")
    for what, is_, option in sentences.basis_rows(report.basis):
        table.add_row(what, Text(is_), Text(option, style="dim"))
    return Group(Text("What these figures rest on", style="bold"), table)


def _longest(report: Report) -> RenderableType:
    lines: list[RenderableType] = [Text("Longest waits", style="bold")]
    for one in report.longest[:QUOTED]:
        told = f"{one.customer}, {both(one.waited, one.working)}, #{one.channel}, {clock(one.opened_at, report.basis)}: "
        lines.append(Text(told + OUTCOMES[one.outcome]))
        lines += [Padding(Text(line, style="dim"), (0, 0, 0, 4)) for line in _beneath(one)]
    return Group(*lines)


def _beneath(one: ReportedWait) -> list[str]:
    asked = "" if one.question is None else " ".join(each if each.isprintable() else " " for each in one.question.split())
    message = one.id.rpartition("/")[2]
    shown = "".join(each for each in asked if each.isprintable())
    return [line for line in (shown and f"“{shown}”", one.link or f"message {message}") if line]


def _never(report: Report) -> RenderableType:
    left = [(part.name, part.unanswered) for part in report.by_customer if part.unanswered]
    still = [part.name for part in report.by_customer if part.still_open]
    lines = []
    if left:
        named = [name + (f" ({count} times)" if count > 1 else "") for name, count in left[:12]]
        more = f" and {len(left) - 12} more" if len(left) > 12 else ""
        lines += [Text("Never answered", style="bold"), Text(", ".join(named) + more)]
    else:
        lines.append(Text("Nobody was left without an answer for a working day.", style="green"))
    if still:
        more = f" and {len(still) - 12} more" if len(still) > 12 else ""
        lines += [Text("Still open when it ends, for less than a working day", style="bold"), Text(", ".join(still[:12]) + more)]
    return Group(*lines)
