"""Spans as Slack shows them: as elements of rich text, and as mrkdwn in the few places that take nothing else.

`PeopleInMessage` is one message's: it knows who may be called, and calls each of them once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from adapters.slack.texts import as_mrkdwn, code_as_mrkdwn, escape, escaped_units, literal, safe_url
from bot.domain.durations import Instant
from bot.domain.views import Bold, Code, CommandText, Link, PersonName, Plain, Span, Spans, Timestamp
from bot.domain.visible import clean, is_blank, is_false_label, shorten, units

Json = dict[str, object]
"""An object of Slack's; never leaves the adapter."""

LONGEST_TEXT = 3_000
"""Characters of a paragraph: a section's limit (https://docs.slack.dev/reference/block-kit/blocks/section-block). Rich text has
no documented one; it is kept to the same."""

LONGEST_NAME = 80
"""Characters of what somebody is called: Slack's own limit for display names."""

NAMELESS = "somebody"

CALLED = "/realreply"
"""What calls the bot on Slack: its slash command."""

DATE = "{date_short_pretty} at {time}"
""" "today at 14:05", "yesterday at 9:00 AM", "May 17, 2024 at 16:00", in the reader's zone, language and clock."""

MID_SENTENCE = "\u200b"
"""Slack capitalises a date that its format begins with ("since Today at 14:05"); after this invisible blank it doesn't."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_USER = re.compile(r"[UW][A-Z0-9]+")


class PeopleInMessage:
    """How one message speaks of people. `addressed` are those who may be notified, `name_of` gives what others are called."""

    def __init__(self, addressed: tuple[str, ...], name_of: Callable[[str], str]) -> None:
        self._addressed, self._name_of = frozenset(addressed), name_of
        self.called: dict[str, None] = {}
        """Who has been called so far, in order."""

    def may_call(self, who: PersonName) -> bool:
        """Whether this span notifies somebody: it says so, they are addressed, and Slack would know the id."""
        return who.ping and who.person in self._addressed and _USER.fullmatch(who.person) is not None

    def name(self, person: str) -> str:
        """What somebody is called, on one line."""
        called = clean(self._name_of(person)).strip()
        return NAMELESS if is_blank(called) else shorten(called, LONGEST_NAME)

    def rich(self, spans: Spans) -> tuple[list[Json], int]:
        """The elements of one paragraph of rich text, and how long its text is; none when there is nothing to see.

        Text is literal in them. A text that is too long is shortened, and what comes after it is left out.
        """
        elements: list[Json] = []
        used, seen = 0, False
        for span in spans:
            element, text = self._element(span, first=not seen)
            seen = seen or not is_blank(text)
            room = LONGEST_TEXT - used
            cut = shorten(text, room) if room > 1 else "…"
            if cut != text:
                elements.append({"type": "text", "text": cut})
                return elements, used + units(cut)
            if not text:
                continue
            if isinstance(span, PersonName) and element["type"] == "user":
                self.called[span.person] = None
            _join(elements, element)
            used += units(text)
        return (_trimmed(elements), used) if seen else ([], 0)

    def _element(self, span: Span, *, first: bool) -> tuple[Json, str]:
        """One element of rich text, and the text that is seen of it."""
        match span:
            case Plain(text):
                said = literal(clean(text, lines=True))
                return {"type": "text", "text": said}, said
            case Bold(text):
                said = literal(clean(text, lines=True))
                return {"type": "text", "text": said, "style": {"bold": True}}, said
            case Code(text):
                said = literal(clean(text))
                return {"type": "text", "text": said, "style": {"code": True}}, said
            case CommandText(text):
                return self._element(Code(f"{CALLED} {text}"), first=first)
            case PersonName(person) if self.may_call(span) and person not in self.called:
                return {"type": "user", "user_id": person}, "@" + self.name(person)
            case PersonName(person):
                said = literal(self.name(person))
                return {"type": "text", "text": said}, said
            case Link(_, label):
                said = literal(clean(label))
                address = _address(span)
                return ({"type": "link", "url": address, "text": said} if address else {"type": "text", "text": said}), said
            case Timestamp(at):
                fallback = in_utc(at)
                return {"type": "date", "timestamp": int(at), "format": _format(first), "fallback": fallback}, fallback

    def mrkdwn(self, spans: Spans, limit: int) -> str:
        """Spans as one line of markup of at most `limit` characters; empty when there is nothing to see."""
        said, seen = "", False
        for span in spans:
            whole, text = self._markup(span, first=not seen)
            seen = seen or not is_blank(text)
            if units(said) + units(whole) > limit:
                room = limit - units(said)
                return said + (as_mrkdwn(shorten(text, room, size=escaped_units)) if room > 1 else "…"[:room])
            if isinstance(span, PersonName) and whole.startswith("<@"):
                self.called[span.person] = None
            said += whole
        return said.strip() if seen else ""

    def _markup(self, span: Span, *, first: bool) -> tuple[str, str]:
        """A span as markup, and the text that is seen of it."""
        match span:
            case Plain(text):
                said = clean(text)
                return as_mrkdwn(said), said
            case Bold(text):
                said = clean(text)
                return bold(said), said
            case Code(text):
                said = clean(text)
                return ("" if is_blank(said) else code_as_mrkdwn(said)), said
            case CommandText(text):
                return self._markup(Code(f"{CALLED} {text}"), first=first)
            case PersonName(person) if self.may_call(span) and person not in self.called:
                return f"<@{person}>", "@" + self.name(person)
            case PersonName(person):
                said = self.name(person)
                return as_mrkdwn(said), said
            case Link(_, label):
                said = clean(label)
                address = _address(span)
                # A bar would end the address, in a label it ends nothing; it is replaced all the same.
                return (f"<{escape(address)}|{as_mrkdwn(said.replace('|', '∣'))}>" if address else as_mrkdwn(said)), said
            case Timestamp(at):
                fallback = in_utc(at)
                return f"<!date^{int(at)}^{_format(first)}|{fallback}>", fallback


def bold(text: str) -> str:
    """Clean text of one line in bold markup. Slack reads the stars only where no blank is inside them."""
    inner = text.strip()
    if is_blank(inner):
        return as_mrkdwn(text)
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}*{as_mrkdwn(inner).replace('*', '∗')}*{after}"


def in_utc(at: Instant) -> str:
    """ "15 May 2024 12:05 UTC": for where Slack can't put it into the reader's zone. Raises ValueError or OverflowError for an
    instant outside the years 1 to 9999."""
    then = datetime.fromtimestamp(at, UTC)
    return f"{then.day} {_MONTHS[then.month - 1]} {then.year} {then.hour:02}:{then.minute:02} UTC"


def _address(link: Link) -> str | None:
    """Where a link leads; None when it may not be one."""
    label = clean(link.label)
    return None if is_blank(label) or is_false_label(label, link.url) else safe_url(link.url)


def _format(first: bool) -> str:
    return DATE if first else MID_SENTENCE + DATE


def _trimmed(elements: list[Json]) -> list[Json]:
    """The elements without blanks and line breaks before and after them all."""
    while elements and elements[0]["type"] == "text" and not str(elements[0]["text"]).strip():
        del elements[0]
    while elements and elements[-1]["type"] == "text" and not str(elements[-1]["text"]).strip():
        del elements[-1]
    if elements and elements[0]["type"] == "text":
        elements[0]["text"] = str(elements[0]["text"]).lstrip()
    if elements and elements[-1]["type"] == "text":
        elements[-1]["text"] = str(elements[-1]["text"]).rstrip()
    return elements


def _join(elements: list[Json], element: Json) -> None:
    """Add an element; two texts in the same style become one."""
    last = elements[-1] if elements else None
    if last is not None and last["type"] == element["type"] == "text" and last.get("style") == element.get("style"):
        last["text"] = str(last["text"]) + str(element["text"])
    else:
        elements.append(element)
