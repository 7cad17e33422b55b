"""Short answers: a sentence, a refusal with what to try instead, a sentence with a button."""

from __future__ import annotations

from dataclasses import dataclass

from bot.commands.context import CommandContext
from bot.domain import durations
from bot.domain.durations import Instant
from bot.domain.events import Acted
from bot.domain.preferences import ChoiceWrite
from bot.domain.refusal import Refusal
from bot.domain.views import (
    Button,
    Buttons,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a command leads to: what is shown to who asked, what happens to waits, what was chosen, whether reminders begin."""

    view: View
    events: tuple[Acted, ...] = ()
    choices: tuple[ChoiceWrite, ...] = ()
    starts: bool = False


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
    return View(nodes=nodes, fallback=refused.says, refused=True)


def plain(spans: Spans, ctx: CommandContext, now: Instant) -> str:
    """Spans as text, for notifications and screen readers."""
    return "".join(_as_text(span, ctx, now) for span in spans)


def _as_text(span: Span, ctx: CommandContext, now: Instant) -> str:
    if isinstance(span, PersonName):
        return ctx.name(span.person)
    if isinstance(span, Timestamp):
        return durations.say_clock(span.at, ctx.zone, now)
    return span.label if isinstance(span, Link) else span.text
