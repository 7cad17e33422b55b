"""A view's nodes as blocks, within what Slack takes. Paragraphs, lists and quotes that belong together share one rich text block,
as they do in a message that somebody typed: it reads better, and a long list stays far below the number of blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, groupby, pairwise
from typing import Literal

from adapters.slack.elements import button, input_block, label, menus, overflows, plain
from adapters.slack.spans import CALLED, LONGEST_TEXT, Json, PeopleInMessage, bold
from adapters.slack.texts import escaped_units
from bot.domain.views import (
    ALL_WAITING,
    BULLET,
    Bold,
    Buttons,
    Divider,
    Fields,
    Form,
    Heading,
    Input,
    Menu,
    Node,
    PersonName,
    Plain,
    Quote,
    SmallPrint,
    Spans,
    Text,
    Timestamp,
    View,
)
from bot.domain.visible import clean, is_blank, shorten, units

QUOTED_LINES = 8
"""Lines of a quote that are shown: one letter a line would make a page of it."""

# Limits, in characters unless said otherwise: https://docs.slack.dev/reference/block-kit/blocks and its pages of each block,
# element and composition object.
LONGEST_HEADING = 150
LONGEST_FIELD = 2_000
MOST_FIELDS = 10
MOST_CONTROLS = 25
"""Elements of one actions block."""
MOST_BESIDE = 5
"""Buttons in one actions block: more of them fill several rows, and nobody reads them."""

MOST_AT_END = 3
"""Actions blocks at the end that stay when what is before them is cut."""

BLOCK_WEIGHT = 75
"""Characters that a block counts besides its texts, see `weight`."""


@dataclass(slots=True)
class Part:
    """A block without its ids, how many nodes it shows, and whom it calls."""

    block: Json
    nodes: int
    called: tuple[str, ...] = ()


PartKind = Literal["section", "list", "quote"]


@dataclass(slots=True)
class _Rich:
    """A rich text block being filled: (kind, its paragraphs or items)."""

    groups: list[tuple[PartKind, list[list[Json]]]] = field(default_factory=list)
    nodes: int = 0
    size: int = 0
    called: tuple[str, ...] = ()


class Page:
    """A view being laid out. With `inputs`, forms can be filled in; without, they are shown."""

    def __init__(self, view: View, *, name_of: Callable[[str], str], inputs: bool = False) -> None:
        self._view, self._inputs = view, inputs
        self._speech = PeopleInMessage(view.addressed, name_of)
        self._rich = _Rich()
        self._parts: list[Part] = []
        # A quote stands at the margin, left of a list's bullets. Where items have quotes, these set them off from each other.
        self._bullets = not any(
            isinstance(node, Text) and _is_item(node.spans) and isinstance(after, Quote) for node, after in pairwise(view.nodes)
        )
        for controls, group in groupby(view.nodes, lambda node: isinstance(node, Buttons | Menu)):
            if controls:
                self._controls(list(group))
                continue
            for node in group:
                self._node(node)
        self._close()

    def blocks(self, most: int, longest: int) -> list[Json]:
        """At most `most` blocks that weigh `longest` at most, with their ids; empty when there is nothing to see.

        What doesn't fit is counted in a line of small print. Buttons at the end stay, because they are how people act; so do
        calls: whoever was called in what is left out is called in that line.
        """
        actions = count()
        return [_numbered(part.block, place, actions) for place, part in enumerate(self._fitting(most, longest))]

    def _fitting(self, most: int, longest: int) -> list[Part]:
        parts = self._parts
        fits = len(parts) <= most and sum(weight(part.block) for part in parts) <= longest
        if fits and not self._uncalled(parts):
            return parts
        room, left = most - 1, longest - weight(self._rest(len(self._view.nodes), self._uncalled(())).block)
        last = len(parts)
        while last > 0 and parts[last - 1].block["type"] == "actions" and len(parts) - last < MOST_AT_END:
            if weight(parts[last - 1].block) > left:
                break
            last, room, left = last - 1, room - 1, left - weight(parts[last - 1].block)
        kept: list[Part] = []
        for part in parts[:last]:
            left -= weight(part.block)
            if len(kept) == room or left < 0:
                break
            kept.append(part)
        more, tail = sum(part.nodes for part in parts[len(kept) : last]), parts[last:]
        return [*kept, self._rest(more, self._uncalled([*kept, *tail])), *tail]

    def _uncalled(self, parts: Iterable[Part]) -> list[str]:
        """Who is to be called and isn't by any of these."""
        called = {person for part in parts for person in part.called}
        wanted = dict.fromkeys(who.person for who in _people(self._view) if self._speech.may_call(who))
        return [person for person in wanted if person not in called]

    def _rest(self, more: int, uncalled: list[str]) -> Part:
        """What stands in the place of `more` nodes that were left out, and of the calls in them."""
        said = []
        if more:
            lines = "One more line doesn't" if more == 1 else f"{more} more lines don't"
            said.append(f"{lines} fit in here. `{CALLED} {ALL_WAITING}` lists who is waiting.")
        if uncalled:
            said.append("For " + ", ".join(f"<@{person}>" for person in uncalled) + ".")
        return Part(_context(" ".join(said)), 1, tuple(uncalled))

    def _node(self, node: Node) -> None:
        match node:
            case Heading(text):
                said = label(text, LONGEST_HEADING)
                self._add({"type": "header", "text": plain(said)} if said else None)
            case Text(spans):
                self._paragraph(spans)
            case Quote(text):
                self._quote(text)
            case Fields(fields):
                self._fields(fields)
            case SmallPrint(spans):
                self._note(spans)
            case Form():
                self._form(node)
            case Divider():
                self._add({"type": "divider"})
            case Buttons() | Menu():
                self._controls([node])

    def _add(self, block: Json | None, nodes: int = 1, called: tuple[str, ...] = ()) -> None:
        if block is not None:
            self._close()
            self._parts.append(Part(block, nodes, called))

    def _paragraph(self, spans: Spans) -> None:
        if len(spans) == 1 and isinstance(spans[0], Bold):
            # The title of a group stands apart from what comes before it.
            self._close()
        first = spans[0] if _is_item(spans) else None
        if isinstance(first, Plain):
            spans = (Plain(first.text.removeprefix(BULLET)), *spans[1:])
        self._rich_text("list" if first is not None and self._bullets else "section", spans)

    def _quote(self, text: str) -> None:
        lines = clean(text, lines=True).strip().split("\n")
        shown = lines if len(lines) <= QUOTED_LINES else [*lines[:QUOTED_LINES], "…"]
        self._rich_text("quote", (Plain("\n".join(shown)),))

    def _rich_text(self, kind: PartKind, spans: Spans) -> None:
        before = len(self._speech.called)
        elements, size = self._speech.rich(spans)
        if not elements:
            return
        after_list = bool(self._rich.groups) and self._rich.groups[-1][0] == "list"
        if self._rich.size + size > LONGEST_TEXT or (kind == "section" and after_list):
            self._close()
        rich = self._rich
        if kind != "quote" and rich.groups and rich.groups[-1][0] == kind:
            rich.groups[-1][1].append(elements)
        else:
            rich.groups.append((kind, [elements]))
        rich.nodes, rich.size = rich.nodes + 1, rich.size + size
        rich.called = (*rich.called, *list(self._speech.called)[before:])

    def _close(self) -> None:
        """Put the rich text block that is being filled among the parts."""
        rich, self._rich = self._rich, _Rich()
        if rich.groups:
            elements = [_group(kind, paragraphs) for kind, paragraphs in rich.groups]
            self._parts.append(Part({"type": "rich_text", "elements": elements}, rich.nodes, rich.called))

    def _note(self, spans: Spans) -> None:
        before = len(self._speech.called)
        said = self._speech.mrkdwn(spans, LONGEST_TEXT)
        self._add(_context(said) if said else None, 1, tuple(self._speech.called)[before:])

    def _fields(self, fields: tuple[tuple[str, Spans], ...]) -> None:
        shown: list[tuple[Json, tuple[str, ...]]] = []
        for title, spans in fields:
            before = len(self._speech.called)
            name = shorten(clean(title).strip(), LONGEST_FIELD // 2, size=escaped_units)
            # It stands alone on its line, as a heading.
            name = name[:1].upper() + name[1:]
            head = "" if is_blank(name) else bold(name) + "\n"
            said = self._speech.mrkdwn(spans, LONGEST_FIELD - units(head))
            if said:
                shown.append((_mrkdwn(head + said), tuple(self._speech.called)[before:]))
        for start in range(0, len(shown), MOST_FIELDS):
            row = shown[start : start + MOST_FIELDS]
            called = tuple(person for _, people in row for person in people)
            self._add({"type": "section", "fields": [each for each, _ in row]}, len(row), called)

    def _controls(self, nodes: list[Node]) -> None:
        """Buttons and menus side by side: menus stand beside the buttons before them."""
        rows: list[list[Json]] = []
        for node in nodes:
            if isinstance(node, Buttons):
                made = [element for each in node.buttons if (element := button(each)) is not None]
                rows += [made[start : start + MOST_BESIDE] for start in range(0, len(made), MOST_BESIDE)]
                for tucked in overflows(node.more):
                    if not rows:
                        rows.append([])
                    rows[-1].append(tucked)
            elif isinstance(node, Menu):
                for menu in menus(node):
                    if not rows or len(rows[-1]) == MOST_CONTROLS:
                        rows.append([])
                    rows[-1].append(menu)
        for row in rows:
            self._add({"type": "actions", "elements": row})

    def _form(self, form: Form) -> None:
        if self._inputs:
            for place, asked in enumerate(form.inputs):
                self._add(input_block(place, asked))
            return
        self._paragraph((Bold(form.title),))
        for asked in form.inputs:
            self._rich_text("section", (Plain(f"{asked.label}: "), *_shown(asked)))


def _shown(asked: Input) -> Spans:
    """What stands in an input, where it is shown and not filled in."""
    if is_blank(clean(asked.value)):
        return (Plain("____"),)
    if asked.kind == "moment" and asked.value.isdigit():
        return (Timestamp(float(asked.value)),)
    named = {value: name for name, value in asked.options}
    return (Plain(", ".join(named.get(value, value) for value in asked.value.split(","))),)


def _is_item(spans: Spans) -> bool:
    """Whether a paragraph is an item of a list."""
    return bool(spans) and isinstance(spans[0], Plain) and spans[0].text.startswith(BULLET)


def _numbered(block: Json, place: int, actions: Iterator[int]) -> Json:
    """The block with its ids: `b0`, `b1`, ... and, for what can be clicked, `act:0`, `act:1`, ... through the whole surface."""
    elements = block.get("elements")
    if block["type"] == "actions" and isinstance(elements, list):
        elements = [{**element, "action_id": f"act:{next(actions)}"} for element in elements]
        return {**block, "block_id": f"b{place}", "elements": elements}
    return {**block, "block_id": f"b{place}"}


def weight(block: Json) -> int:
    """What a block counts towards Slack's limit for a whole message.

    That one is documented nowhere: "12,000 text characters with a buffer for block containers" say the maintainers
    (https://github.com/slackapi/bolt-js/issues/2509), and measurements there and in issue 2867 (13,297 characters in one block
    taken, 11,341 in 45 blocks refused) fit 43 to 74 characters for a block.
    """
    return BLOCK_WEIGHT + sum(units(text) for text in _texts(block))


def _texts(value: object) -> Iterator[str]:
    """Every text, address and value in a block."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str):
                if key not in ("type", "block_id", "action_id", "style"):
                    yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _people(view: View) -> Iterator[PersonName]:
    """Everybody a view speaks of."""
    for node in view.nodes:
        if isinstance(node, Text | SmallPrint):
            yield from (span for span in node.spans if isinstance(span, PersonName))
        elif isinstance(node, Fields):
            yield from (span for _, spans in node.fields for span in spans if isinstance(span, PersonName))


def _group(kind: PartKind, paragraphs: list[list[Json]]) -> Json:
    if kind == "quote":
        return {"type": "rich_text_quote", "elements": paragraphs[0]}
    if kind == "list":
        items = [{"type": "rich_text_section", "elements": elements} for elements in paragraphs]
        return {"type": "rich_text_list", "style": "bullet", "elements": items}
    lines: list[Json] = []
    for elements in paragraphs:
        if lines:
            lines.append({"type": "text", "text": "\n"})
        lines += elements
    return {"type": "rich_text_section", "elements": lines}


def _mrkdwn(text: str) -> Json:
    """Text with markup. `verbatim`: addresses and #channels in it aren't made links."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _context(text: str) -> Json:
    return {"type": "context", "elements": [_mrkdwn(text)]}
