"""Customers' thanks in words: for who was thanked alone, in the weekly digest if they agree. No counts, nothing that was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.thanks import Thanks
from bot.domain.views import (
    BULLET,
    Bold,
    CommandText,
    Heading,
    Node,
    PersonName,
    Plain,
    SmallPrint,
    Spans,
    Text,
    Timestamp,
    View,
)
from bot.wording.phrases import place

NO_THANKS = "Nobody thanked you in the last week, as far as I can tell."

SWITCHED_OFF = "The settings pass no thanks on ([care] thanks = false)."


@dataclass(frozen=True, slots=True, kw_only=True)
class ThanksRow:
    """A customer's thanks, with where they were said."""

    thanks: Thanks
    channel_name: str
    link: str | None = None


def own_thanks(rows: Sequence[ThanksRow]) -> tuple[Node, ...]:
    """Thanks as a part of the list of who was thanked; nothing where there are none."""
    return tuple(_line(row, (Plain("you"),)) for row in rows)


def public_thanks(rows: Sequence[ThanksRow]) -> tuple[Node, ...]:
    """Thanks in the weekly digest: of those who agreed."""
    return (Text((Bold("Thanks"),)), *(_line(row, (PersonName(row.thanks.member),)) for row in rows)) if rows else ()


def thanks_view(rows: Sequence[ThanksRow], *, public: bool) -> View:
    """The answer to who asks for the thanks they got. `public`: they agreed that the weekly digest has them, too."""
    head = "Thanks to you, in the last week" if rows else NO_THANKS
    lines: list[Node] = [Heading(head), *(_line(row, (Plain("you"),)) for row in rows)] if rows else [Text((Plain(head),))]
    return View(nodes=(*lines, SmallPrint(public_said(public=public))), fallback=head)


def public_said(*, public: bool) -> Spans:
    """Who else reads of somebody's thanks, and how they change that."""
    if public:
        off = Plain(" ends that.")
        return (
            Plain("The team's weekly digest tells of thanks to you, too, as you chose. "),
            CommandText("thanks public off"),
            off,
        )
    on = Plain(" has the team's weekly digest tell of them, too.")
    return (Plain("Only you see thanks to you. "), CommandText("thanks public on"), on)


def _line(row: ThanksRow, whom: Spans) -> Text:
    who, where = PersonName(row.thanks.customer), place(row.channel_name, row.link)
    return Text((Plain(BULLET), who, Plain(" thanked "), *whom, Plain(" in "), where, Plain(", "), Timestamp(row.thanks.at)))
