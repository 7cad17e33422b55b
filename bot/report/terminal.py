"""Figures as a terminal shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.domain import durations
from bot.domain.waits import ReplyKind, Wait
from bot.waits.figures import Figures, percentile

MOST_NAMED = 12

ALWAYS_SHOWN = frozenset(
    {
        "customers who waited",
        "waits",
        "answered personally",
        "only redirected",
        "got an automatic post only",
        "never answered",
    }
)
"""Rows that are shown even when they are zero: their being zero is news."""

AFTER = {ReplyKind.HOLDING: "put off", ReplyKind.PROMISE: "promised", ReplyKind.REDIRECT: "redirected"}
"""How a wait that is still open was put off last."""


def first_message(wait: Wait) -> str:
    """Where a wait began, as an archive names it."""
    return wait.messages[0]


def show_summary(
    console: Console,
    figures: Figures,
    *,
    name: Callable[[str], str],
    days: float,
    head: Sequence[str],
    sent: str = "would have gone out",
    place: Callable[[Wait], str] = first_message,
    channel: Callable[[Wait], str] | None = None,
) -> None:
    """Print the summary under the lines of `head`. `name` gives what a person is called, `place` where a wait began, `days` how
    long it all lasted; `sent` says of the reminders whether they went out; `channel` names a
    wait's channel where there are several."""
    for number, line in enumerate(head):
        console.print(Text(line, style="" if number else "bold"))
    console.print(_inset(_outcomes(figures)))
    console.print(_inset(_times(figures)))
    console.print(_inset(_reminders(figures, name, days, sent)))
    if figures.waits:
        console.print(_inset(_longest(figures, name, place, channel)))
    console.print(_inset(_never(figures, name)))


def _inset(content: RenderableType) -> RenderableType:
    return Group("", Padding(content, (0, 0, 0, 2), expand=False))


def _grid(*justify: str) -> Table:
    table = Table.grid(padding=(0, 2))
    for side in justify:
        table.add_column(justify="right" if side == "r" else "left", no_wrap=side == "r", overflow="fold")
    return table


def _outcomes(figures: Figures) -> RenderableType:
    table = _grid("r", "l", "r")
    rows = [
        (len(figures.customers), "customers who waited", None),
        (figures.waits, "waits", None),
        (figures.personally, "answered personally", figures.personally),
        (figures.marked, "marked answered by a member", figures.marked),
        (figures.helped, "helped by another customer", figures.helped),
        (figures.resolved, "solved by the customer", figures.resolved),
        (figures.redirected, "only redirected", figures.redirected),
        (figures.held, "put off, and nothing more", figures.held),
        (figures.automatic_only, "got an automatic post only", figures.automatic_only),
        (figures.claimed, "somebody is on it", figures.claimed),
        (figures.unanswered, "never answered", figures.unanswered),
        (figures.withdrawn, "withdrawn by the customer", figures.withdrawn),
        (figures.dismissed, "needed no reply", figures.dismissed),
    ]
    for count, what, part in rows:
        if not count and what not in ALWAYS_SHOWN:
            continue
        share = f"{part / figures.waits:.0%}" if part is not None and figures.waits else ""
        style = "bold" if part is None else ("red" if what == "never answered" and count else "")
        table.add_row(str(count), ("" if part is None else "  ") + what, share, style=style)
    return table


def _times(figures: Figures) -> RenderableType:
    table = _grid("l", "r", "r")
    table.add_row("", "half within", "nine in ten within", style="dim")
    for what, values in (("first reply of any kind", figures.first), ("first personal reply", figures.personal)):
        half, most = percentile(values, 0.5), percentile(values, 0.9)
        table.add_row(what, *("-" if value is None else durations.say(value) for value in (half, most)))
    return table


def _reminders(figures: Figures, name: Callable[[str], str], days: float, sent: str) -> RenderableType:
    spread = max(days, 1.0)
    head = Text(f"{_count(figures.reminders, 'reminder')} {sent}, {figures.reminders / spread:.1f} a day")
    table = _grid("r", "l", "r")
    for person, count in figures.reminded.most_common(MOST_NAMED):
        most = figures.busiest_day(person)
        table.add_row(
            str(count),
            name(person) if person else "the team as a whole",
            f"{count / spread:.1f} a day" + (f", {most} notifications on the busiest" if most > 1 else ""),
        )
    return Group(head, table)


def _longest(
    figures: Figures, name: Callable[[str], str], place: Callable[[Wait], str], channel: Callable[[Wait], str] | None
) -> RenderableType:
    # An empty last column would be measured too narrow, and what stands before it be cut.
    table = _grid("r", "l", "l", "l", *(("l",) if channel is not None else ()))
    table.columns[2].no_wrap = True
    for waited, wait in figures.longest():
        how = "waiting" if wait.open else wait.state.value
        if wait.open and wait.replies:
            how += f", {AFTER.get(wait.replies[-1].kind, 'answered in part')}"
        where = (channel(wait),) if channel is not None else ()
        table.add_row(durations.say(waited), name(wait.customer), place(wait), how, *where)
    return Group(Text("Longest waits"), table)


def _never(figures: Figures, name: Callable[[str], str]) -> RenderableType:
    if not figures.never:
        return Text("Nobody was left without an answer.", style="green")
    named = [name(person) + (f" ({count} times)" if count > 1 else "") for person, count in figures.never.most_common(MOST_NAMED)]
    more = len(figures.never) - len(named)
    tail = f" and {more} more" if more > 0 else ""
    return Group(Text("Never answered"), Text(", ".join(named) + tail))


def _count(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")
