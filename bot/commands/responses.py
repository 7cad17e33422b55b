"""Short answers: a sentence, a refusal with what to try instead, a sentence with a button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.commands.context import CommandContext
from bot.domain import durations
from bot.domain.durations import Instant
from bot.domain.events import Acted
from bot.domain.notifications import AT_ONCE, NothingLeaves, Telling
from bot.domain.preferences import ChoiceWrite
from bot.domain.refusal import Refusal
from bot.domain.views import (
    Button,
    Buttons,
    Code,
    CommandText,
    Link,
    Node,
    PersonName,
    Plain,
    SmallPrint,
    Span,
    Spans,
    Text,
    Timestamp,
    View,
)
from bot.domain.waits import Wait, WaitState
from bot.domain.writes import Write
from bot.waits.verbs.verb import reopen_button
from bot.wording import ended
from bot.wording.holds import own_line
from bot.wording.phrases import say_date
from bot.wording.switches import silence_words


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterRequest:
    """A filter of the platform's own is to be proposed; with `server`, by the id that a button carries, it is to be made there.
    `blocks`: what it finds isn't posted."""

    server: str | None = None
    blocks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a command leads to: what is shown to who asked, and what is stored in the same transaction: what happens to waits,
    what was chosen, whether reminders begin. `undoes` is the number of the change that what was chosen takes back. `filters` is
    to be asked of a platform, whose answer is shown instead of the view; `writes` is what becomes of who came into a channel."""

    view: View
    events: tuple[Acted, ...] = ()
    choices: tuple[ChoiceWrite, ...] = ()
    starts: bool = False
    undoes: int | None = None
    filters: FilterRequest | None = None
    writes: tuple[Write, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateSpeech:
    """The words for who asked, about one wait: what verbs and corrections answer with (fits waits.verbs.verb.Speech)."""

    ctx: CommandContext
    now: Instant
    handle: str
    told: Mapping[str, Telling] = field(default_factory=dict)
    silence: NothingLeaves = ""

    def silent(self) -> Spans:
        """That nothing leaves at all; nothing where it does."""
        return silence_words(self.silence)

    def telling(self, member: str) -> Telling:
        """When a member is told of what is theirs; at once, where it wasn't looked up."""
        return self.told.get(member, AT_ONCE)

    def which(self, wait: Wait) -> Spans:
        """Which wait: "w17, Dana in #help"."""
        where = f" in #{self.ctx.channel_name(wait.channel)}"
        return (Code(self.handle), Plain(", "), PersonName(wait.customer), Plain(where))

    def date_of(self, at: Instant) -> str:
        """The date of an instant by the asker's calendar, with its weekday: "Thu 5 March"."""
        return say_date(at, self.ctx.zone, self.now)

    def how_it_ended(self, wait: Wait) -> Spans:
        """How a wait ended, as it reads after a colon."""
        return ended.going_on(self._outcome(wait))

    def how_it_is_held(self, wait: Wait) -> Spans:
        """What holds a wait, as it reads after a colon; nothing where nothing does."""
        return () if wait.hold is None else own_line(wait, self.ctx.who)

    def is_member(self, person: str) -> bool:
        """Whether somebody is on the team."""
        return person in self.ctx.team.members

    def said(self, *spans: Span) -> View:
        """A sentence."""
        return said(self.ctx, self.now, *spans)

    def offering(self, spans: Spans, *buttons: Button) -> View:
        """A sentence with buttons."""
        return offering(self.ctx, self.now, spans, *buttons)

    def refused(self, refused: Refusal) -> View:
        """Why not, and what to try instead."""
        return refusal(refused)

    def over(self, wait: Wait) -> View:
        """It is over already, and how it ended. A question that was taken back isn't brought back."""
        when: Spans = () if wait.ended_at is None else (Plain(", "), Timestamp(wait.ended_at))
        spans: Spans = (*self.which(wait), Plain(", is over already: "), *self.how_it_ended(wait), *when, Plain("."))
        return self.offering(spans, *(() if wait.state is WaitState.WITHDRAWN else (reopen_button(self),)))

    def _outcome(self, wait: Wait) -> Spans:
        ctx = self.ctx
        return ended.outcome(
            ended.SettledFacts(
                wait=wait, handle=self.handle, now=self.now, zone=ctx.zone, channel_name=ctx.channel_name(wait.channel)
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A verb on a wait: decided where everything is that changes a wait, and put into words by `speech` afterwards."""

    event: Acted
    speech: PrivateSpeech


def said(ctx: CommandContext, now: Instant, *spans: Span) -> View:
    """One sentence."""
    return View(nodes=(Text(spans),), fallback=plain(spans, ctx, now))


def with_note(ctx: CommandContext, now: Instant, spans: Spans, *note: Span) -> View:
    """A sentence, and in small print what more can be done."""
    return View(nodes=(Text(spans), SmallPrint(note)), fallback=plain(spans, ctx, now))


def offering(ctx: CommandContext, now: Instant, spans: Spans, *buttons: Button) -> View:
    """A sentence with buttons, if there are any."""
    controls: tuple[Node, ...] = (Buttons(buttons),) if buttons else ()
    return View(nodes=(Text(spans), *controls), fallback=plain(spans, ctx, now))


def refusal(refused: Refusal) -> View:
    """Why not, and what to try instead."""
    nodes: tuple[Node, ...] = (Text((Plain(refused.says),)),)
    if refused.tries:
        parts: list[Span] = [Plain("Try ")]
        for place, command in enumerate(refused.tries):
            parts += [*([Plain(", ")] if place else []), CommandText(command)]
        nodes = (*nodes, SmallPrint(tuple(parts)))
    return View(nodes=nodes, fallback=refused.says, refused=True, field=refused.field)


def plain(spans: Spans, ctx: CommandContext, now: Instant) -> str:
    """Spans as text, for notifications and screen readers."""
    return "".join(_as_text(span, ctx, now) for span in spans)


def _as_text(span: Span, ctx: CommandContext, now: Instant) -> str:
    if isinstance(span, PersonName):
        return ctx.name(span.person)
    if isinstance(span, Timestamp):
        return durations.say_clock(span.at, ctx.zone, now)
    return span.label if isinstance(span, Link) else span.text
