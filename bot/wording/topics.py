"""What customers keep asking, in words: who asked it where, as links. It is quoted while somebody still waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.durations import Instant
from bot.domain.views import BULLET, Bold, Heading, Node, PersonName, Plain, Quote, SmallPrint, Span, Text, Timestamp, View
from bot.wording.phrases import count, place, snippet

NOTHING_AGAIN = "No question came from several customers in the last month, as far as I can tell."

SWITCHED_OFF = 'The settings leave this out ([care] topics = false, or [privacy] text = "never").'

MOST_LINKS = 5
"""Questions of one matter that are linked, the latest."""

_HEAD = "Asked again and again"
_NOTE = "Nearly the same words, from several customers within a month. Perhaps it is worth a page of your own."


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedWhere:
    """Who asked, where and when."""

    customer: str
    channel_name: str
    at: Instant
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAgain:
    """A question that so many customers asked, the latest first. `texts`: what one of them wrote who still waits."""

    customers: int
    asked: Sequence[AskedWhere]
    texts: Sequence[str] = ()


def topics(found: Sequence[AskedAgain]) -> View:
    """The answer to who asks what customers keep asking."""
    if not found:
        return View(nodes=(Text((Plain(NOTHING_AGAIN),)),), fallback=NOTHING_AGAIN)
    lines = [node for one in found for node in _listed(one)]
    return View(nodes=(Heading(_HEAD), *lines, SmallPrint((Plain(_NOTE),))), fallback=_HEAD)


def in_digest(found: Sequence[AskedAgain]) -> tuple[Node, ...]:
    """The same in the weekly digest; nothing where there is none."""
    return (Text((Bold(_HEAD),)), *(node for one in found for node in _listed(one))) if found else ()


def _listed(one: AskedAgain) -> list[Node]:
    spans: list[Span] = [Plain(f"{BULLET}{count(one.customers, 'customer')}: ")]
    for number, asked in enumerate(one.asked[:MOST_LINKS]):
        where = place(asked.channel_name, asked.link)
        spans += [*([Plain(", ")] if number else []), PersonName(asked.customer), Plain(" in "), where]
        spans += [Plain(" ("), Timestamp(asked.at), Plain(")")]
    if len(one.asked) > MOST_LINKS:
        spans.append(Plain(f" and {len(one.asked) - MOST_LINKS} more"))
    said = snippet(one.texts)
    return [Text(tuple(spans)), *([Quote(said)] if said else [])]
