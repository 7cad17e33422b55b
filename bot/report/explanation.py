"""Why a message did what it did and what became of its waits, as `realreply explain` prints it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.domain import durations
from bot.domain.durations import Instant
from bot.domain.events import Acted, ChannelLost, Corrected, Deleted, Edited, Event, Joined, Posted, Solved, Typing
from bot.domain.keys import message_of
from bot.domain.views import BULLET, Bold, Code, CommandText, Link, PersonName, Plain, Span, Spans, Timestamp
from bot.domain.waits import Wait
from bot.wording.lives import ExplainedEvent, LifeFacts, LifeMoment, headline, moments, unwaited
from bot.wording.phrases import say_date, say_moment, shorten

QUOTED = 400
"""Characters of a message that are shown."""

MOST_LISTED = 30
"""Waits to choose from, the latest."""

BAR = "│ "
"""What stands before the lines of a quote."""

TIME = 7
"""Columns in which the time of a moment stands."""


def show_lives(console: Console, lives: Sequence[LifeFacts], *, name: Callable[[str], str]) -> None:
    """Print the whole life of each wait: what was written, what it counted as and why, who was asked and why them."""
    for number, facts in enumerate(lives):
        if number:
            console.print()
        page = _Page(console, facts.why.zone, name)
        wait = facts.why.wait
        console.print(page.text(headline(facts), facts.why.now, style="bold"))
        console.print(Text(f"wait {wait.id}", style="dim"), soft_wrap=True)
        console.print(Text(f"times are those of {facts.why.zone}", style="dim"))
        page.moments(moments(facts))


def show_unwaited(console: Console, entries: Sequence[ExplainedEvent], *, zone: tzinfo, name: Callable[[str], str]) -> None:
    """Print what was made of a message that belongs to no wait."""
    console.print(Text("No wait has to do with this message.", style="bold"))
    console.print(Text(f"times are those of {zone}", style="dim"))
    _Page(console, zone, name).moments([unwaited(entry) for entry in entries])


def show_choice(
    console: Console,
    waits: Sequence[Wait],
    *,
    says: str,
    zone: tzinfo,
    name: Callable[[str], str],
    channel_name: Callable[[str], str],
) -> None:
    """List waits of which one is to be chosen, each with what names it."""
    console.print(Text(f"{says} Which one? Pass what stands on the left:", style="bold"))
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    for wait in waits[-MOST_LISTED:]:
        opening = message_of(wait.id)
        alone = sum(message_of(other.id) == opening for other in waits) == 1
        began = datetime.fromtimestamp(wait.opened_at, zone)
        how = "still waiting" if wait.open else wait.state.value
        if wait.ended_at is not None:
            how += f" after {durations.say(wait.ended_at - wait.opened_at)}"
        where = f"{say_date(wait.opened_at, zone, waits[-1].opened_at)} {began:%H:%M}, #{channel_name(wait.channel)}"
        table.add_row(Text(opening if alone else wait.id), Text(f"{name(wait.customer)}, {where}: {how}"))
    console.print(Padding(table, (0, 0, 0, 2), expand=False))
    if len(waits) > MOST_LISTED:
        console.print(Text(f"and {len(waits) - MOST_LISTED} earlier ones: `replay --waits FILE` lists all."))


class _Page:
    """Moments as they are printed, by the clock of a zone."""

    def __init__(self, console: Console, zone: tzinfo, name: Callable[[str], str]) -> None:
        self._console, self._zone, self._name = console, zone, name

    def moments(self, shown: Sequence[LifeMoment]) -> None:
        """Print them, with a line for each new day."""
        day = None
        for moment in shown:
            began = datetime.fromtimestamp(moment.at, self._zone)
            if began.date() != day:
                day = began.date()
                self._console.print()
                self._console.print(Text(f"{began:%a} {began.day} {began:%B %Y}", style="bold"))
            # Whole: a wait of days has its moments apart, and a clock time alone is what people look for.
            clock = f"{began:%H:%M}" if moment.timed else "?"
            self._row(clock, self.text(moment.says, moment.at))
            if moment.quote.strip():
                for line in _safe(shorten(moment.quote, QUOTED)).split("\n"):
                    self._row("", Text(line, style="italic"), mark=BAR)
            for spans in moment.lines:
                whole = self.text(spans, moment.at)
                if whole.plain.startswith(BULLET):
                    self._row("", whole[len(BULLET) :], mark=BULLET)
                else:
                    self._row("", whole)

    def _row(self, clock: str, text: Text, mark: str = "") -> None:
        for number, line in enumerate(text.wrap(self._console, max(20, self._console.width - TIME - len(mark)))):
            line.rstrip()
            # The bar of a quote goes on beside its further lines, the dot of an item doesn't.
            shown = mark if not number or mark == BAR else " " * len(mark)
            begins = (clock if not number else "").ljust(TIME)
            self._console.print(Text.assemble(begins, (shown, "dim"), line), soft_wrap=True)

    def text(self, spans: Spans, now: Instant, *, style: str = "") -> Text:
        """The spans as they read at an instant."""
        whole = Text(style=style)
        for span in spans:
            whole.append(self._said(span, now))
        return whole

    def _said(self, span: Span, now: Instant) -> str:
        match span:
            case Plain(text) | Bold(text) | Code(text) | CommandText(text):
                return _safe(text)
            case PersonName(person, _):
                return _safe(self._name(person)).replace("\n", " ")
            case Link(_, label):
                return _safe(label)
            case Timestamp(at):
                return say_moment(at, self._zone, now)


def _safe(text: str) -> str:
    """Text of people, of which a terminal takes no command."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)


def show_features(
    console: Console, entries: Sequence[ExplainedEvent], waits: Sequence[Wait], *, name: Callable[[str], str]
) -> None:
    """Print every event with the reasons of its decision and all features, then what became of the waits."""
    for entry in entries:
        event = entry.event
        console.print(Text(_headline(event, name), style="bold"))
        if isinstance(event, Posted | Edited) and event.message.text:
            text = _safe(event.message.text)
            shown = text if len(text) <= QUOTED else text[: QUOTED - 1].rstrip() + "…"
            console.print(Padding(Text(shown, style="italic"), (0, 0, 0, 2), expand=False))
        for reason in entry.reasons:
            for line in reason.lines():
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
