"""Why a message did what it did, as `realreply explain` prints it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.domain import durations
from bot.domain.durations import Instant
from bot.domain.events import Acted, ChannelLost, Corrected, Deleted, Edited, Event, Joined, Posted, Solved, Typing
from bot.domain.waits import Wait

QUOTED = 400
"""Characters of a message that are shown."""


def show_explanation(
    console: Console,
    entries: Sequence[tuple[Event, tuple[str, ...]]],
    waits: Sequence[Wait],
    *,
    name: Callable[[str], str],
) -> None:
    """Print every event about the message with the reasons of its decision, then what became of its waits."""
    for event, lines in entries:
        console.print(Text(_headline(event, name), style="bold"))
        if isinstance(event, Posted | Edited) and event.message.text:
            text = event.message.text
            shown = text if len(text) <= QUOTED else text[: QUOTED - 1].rstrip() + "…"
            console.print(Padding(Text(shown, style="italic"), (0, 0, 0, 2), expand=False))
        for line in lines:
            console.print(Padding(Text(line), (0, 0, 0, 2), expand=False))
        console.print()
    for wait in waits:
        console.print(Text(f"Wait {wait.id} of {name(wait.customer)}", style="bold"))
        for line in _fate(wait, name):
            console.print(Padding(Text(line), (0, 0, 0, 2), expand=False))


def _headline(event: Event, name: Callable[[str], str]) -> str:
    if isinstance(event, Posted):
        return f"Message {event.message.id} by {name(event.message.author)} ({event.message.role.value}), {_clock(event.at)}"
    if isinstance(event, Edited):
        return f"Edited, {_clock(event.at)}"
    if isinstance(event, Deleted):
        return f"Deleted, {_clock(event.at)}"
    if isinstance(event, Acted):
        return f"{name(event.by)}: {event.verb}, {_clock(event.at)}"
    if isinstance(event, Corrected):
        says = "waiting for an answer" if event.says == "waits" else "no reply needed"
        return f"{name(event.by)} says: {says}, {_clock(event.at)}"
    if isinstance(event, Typing):
        return f"{name(event.by)} is typing, {_clock(event.at)}"
    if isinstance(event, ChannelLost):
        return f"The channel {'is there again' if event.back else 'is gone or cannot be seen any more'}, {_clock(event.at)}"
    if isinstance(event, Solved):
        what = "is marked as solved no more" if event.taken_back else f"was {'deleted' if event.gone else 'marked as solved'}"
        return f"Thread {event.thread} {what}, {_clock(event.at)}"
    if isinstance(event, Joined):
        return f"{name(event.person)} {'left' if event.left else 'joined'} the channel, {_clock(event.at)}"
    when = f", {_clock(event.at)}" if event.timed else " (the archive doesn't say when)"
    return f"Reaction :{event.emoji}: by {name(event.by)}{when}"


def _fate(wait: Wait, name: Callable[[str], str]) -> list[str]:
    lines = [f"opened {_clock(wait.opened_at)} by {', '.join(wait.messages)}"]
    lines += [
        f"{reply.kind.value} reply by {name(reply.by)} after {durations.say(reply.at - wait.opened_at)} (message {reply.message})"
        + (", a near-copy of what another customer was told" if reply.canned else "")
        for reply in wait.replies
    ]
    if wait.automatic_replies:
        lines.append(f"automatic posts, which don't count: {wait.automatic_replies}")
    if wait.owner is not None:
        lines.append(f"owner: {name(wait.owner)} ({wait.owner_reason})")
    if wait.newcomer:
        lines.append("the customer's first question here")
    if wait.target is not None:
        whose = "by the settings for this customer" if wait.target.whose == "customer" else "as a newcomer's, if that is sooner"
        lines.append(f"target: the first reminder after {durations.say(wait.target.first)}, {whose}")
    if wait.came_back_from is not None:
        lines.append(f"came back from wait {wait.came_back_from}")
    if wait.ended_at is None:
        lines.append("still waiting at the end")
    else:
        lines.append(f"{wait.state.value} after {durations.say(wait.ended_at - wait.opened_at)}")
    return lines


def _clock(at: Instant) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
