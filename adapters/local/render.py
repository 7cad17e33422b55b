"""A view as a terminal shows it. Pure: the same view gives the same lines, in colour (`render`) and without (`render_plain`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from itertools import groupby

from rich.console import Group, RenderableType
from rich.style import Style
from rich.text import Text

from adapters.local.lines import LEAST_WIDTH, Run, columns, safe, safe_url, wrap
from bot.domain import keys
from bot.domain.durations import Instant
from bot.domain.views import (
    BULLET,
    Bold,
    Buttons,
    Code,
    CommandText,
    Divider,
    Fields,
    Form,
    Heading,
    Input,
    Link,
    Menu,
    Node,
    PersonName,
    Plain,
    Quote,
    SmallPrint,
    Span,
    Spans,
    Timestamp,
    View,
)
from bot.domain.views import Text as Paragraph
from bot.wording.phrases import say_moment

BAR = "│ "
QUOTED_LINES = 6
"""Lines of a quote that are shown."""

_PLAIN = Style()
_STRONG = Style(bold=True)
_FAINT = Style(dim=True)
_CODE = Style(color="cyan")
_PERSON = Style(color="blue", bold=True)
_PINGED = Style(color="yellow", bold=True)
_LINKED = Style(underline=True)
_QUOTED = Style(italic=True)
_NUMBER = Style(color="magenta")
_LABELS = {"plain": _PLAIN, "primary": Style(color="green", bold=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that can be done with a view: its `number` as shown, its `label`, and the `verb:argument` it sends."""

    number: int
    label: str
    code: str


def actions(view: View) -> tuple[Action, ...]:
    """What the numbers shown with a view stand for, in order: its buttons and the options of its menus."""
    found: list[tuple[str, str]] = []
    for node in view.nodes:
        if isinstance(node, Buttons):
            found += [(button.label, button.code) for button in (*node.buttons, *node.more)]
        elif isinstance(node, Menu):
            found += [(f"{node.label}: {label}", keys.code(node.verb, argument)) for label, argument in node.options]
    return tuple(Action(number=number, label=label, code=code) for number, (label, code) in enumerate(found, 1))


def render(view: View, *, name: Callable[[str], str], zone: tzinfo, now: Instant, width: int) -> RenderableType:
    """The view for a terminal of `width` columns. `name` gives what a person is called, `zone` is the reader's.

    Raises ValueError for a terminal narrower than LEAST_WIDTH columns.
    """
    lines = _Page(view, name=name, zone=zone, now=now, width=width, urls=False).lines()
    for line in lines:
        # The lines are broken already; a terminal that is narrower than was said cuts them instead of breaking them again.
        line.no_wrap = True
        line.overflow = "crop"
    return Group(*lines)


def render_plain(view: View, *, name: Callable[[str], str], zone: tzinfo, now: Instant, width: int = 80) -> str:
    """The view as plain text, each link with its address. No line is wider than `width`, and none ends in blanks."""
    return "\n".join(line.plain for line in _Page(view, name=name, zone=zone, now=now, width=width, urls=True).lines())


class _Page:
    """A view being laid out."""

    def __init__(self, view: View, *, name: Callable[[str], str], zone: tzinfo, now: Instant, width: int, urls: bool) -> None:
        if width < LEAST_WIDTH:
            raise ValueError(f"a view needs at least {LEAST_WIDTH} columns, not {width}")
        self._view, self._name, self._zone, self._now, self._width, self._urls = view, name, zone, now, width, urls
        self._number = 0

    def lines(self) -> list[Text]:
        lines: list[Text] = []
        before: Node | None = None
        for listed, group in groupby(self._view.nodes, _is_command):
            nodes = list(group)
            if before is not None and _apart(before, nodes[0]):
                lines.append(Text())
            if listed:
                lines += self._commands([node.spans for node in nodes if isinstance(node, Paragraph)])
                before = nodes[-1]
                continue
            for node in nodes:
                if node is not nodes[0] and before is not None and _apart(before, node):
                    lines.append(Text())
                lines += self._quote(node.text, "  " if _is_item(before) else "") if isinstance(node, Quote) else self._node(node)
                before = node
        return lines

    def _node(self, node: Node) -> list[Text]:
        match node:
            case Heading(text):
                return wrap([(safe(text), _STRONG)], self._width)
            case Paragraph(spans):
                return self._paragraph(spans, _PLAIN)
            case SmallPrint(spans):
                return self._paragraph(spans, _FAINT)
            case Quote(text):
                return self._quote(text, "")
            case Fields(fields):
                return self._fields(fields)
            case Buttons(buttons, more):
                return self._row([self._button(button.label, _LABELS[button.style]) for button in (*buttons, *more)])
            case Menu(label, _, options):
                head: list[Run] = [(safe(label) + ":", _FAINT)]
                return self._row([head, *(self._button(option, _PLAIN) for option, _ in options)])
            case Form():
                return self._form(node)
            case Divider():
                return [Text("─" * self._width, style=_FAINT)]

    def _paragraph(self, spans: Spans, style: Style) -> list[Text]:
        runs = self._runs(spans, style)
        if spans and isinstance(spans[0], Plain) and spans[0].text.startswith(BULLET):
            opening = runs[0][0].removeprefix(BULLET)
            return wrap([(opening, runs[0][1]), *runs[1:]], self._width, first=Text.assemble((BULLET, _FAINT)), rest=Text("  "))
        return wrap(runs, self._width)

    def _runs(self, spans: Spans, style: Style) -> list[Run]:
        return [(text, style + own) for span in spans for text, own in self._span(span)]

    def _span(self, span: Span) -> Iterator[Run]:
        match span:
            case Plain(text):
                yield safe(text, lines=True), _PLAIN
            case Bold(text):
                yield safe(text, lines=True), _STRONG
            case Code(text) | CommandText(text):
                yield safe(text), _CODE
            case PersonName(person, ping):
                # Only who is addressed is notified, whatever the spans say.
                pinged = ping and person in self._view.addressed
                yield ("@" if pinged else "") + safe(self._name(person)), _PINGED if pinged else _PERSON
            case Link(url, label):
                address = safe_url(url)
                yield safe(label), _LINKED if address is None else _LINKED + Style(link=address)
                if self._urls and address is not None:
                    yield f" <{address}>", _FAINT
            case Timestamp(at):
                yield say_moment(at, self._zone, self._now), _PLAIN

    def _quote(self, text: str, indent: str) -> list[Text]:
        bar = Text.assemble((indent + BAR, _FAINT))
        lines = wrap([(safe(text, lines=True), _QUOTED)], self._width, first=bar, rest=bar)
        if len(lines) > QUOTED_LINES:
            lines = [*lines[:QUOTED_LINES], Text(indent + BAR + "…", _FAINT)]
        return lines

    def _fields(self, fields: tuple[tuple[str, Spans], ...]) -> list[Text]:
        return self._table([((safe(label), _FAINT), self._runs(spans, _PLAIN)) for label, spans in fields])

    def _commands(self, rows: list[Spans]) -> list[Text]:
        """Commands with what they do, in two columns."""
        return self._table([(next(self._span(spans[0])), self._runs(spans[1:], _PLAIN)) for spans in rows])

    def _table(self, rows: list[tuple[Run, list[Run]]]) -> list[Text]:
        """Labels and what belongs to them side by side; below each other where the labels take too much room."""
        margin = max((columns(label) for (label, _), _ in rows), default=0) + 2
        if margin > self._width // 2:
            margin = 2
        lines: list[Text] = []
        for (label, style), runs in rows:
            beside = columns(label) + 2 <= margin
            if not beside:
                lines += wrap([(label, style)], self._width)
            first = Text.assemble((label + " " * (margin - columns(label)), style)) if beside else Text(" " * margin)
            lines += wrap(runs, self._width, first=first, rest=Text(" " * margin))
        return lines

    def _button(self, label: str, style: Style) -> list[Run]:
        self._number += 1
        return [(f"[{self._number}]", _NUMBER), ("\u00a0" + safe(label).replace(" ", "\u00a0"), style)]

    def _row(self, items: list[list[Run]]) -> list[Text]:
        """Buttons side by side, two blanks between them; none is broken while it fits on a line of its own."""
        runs: list[Run] = []
        for item in items:
            runs += ([("  ", _PLAIN)] if runs else []) + item
        lines = wrap(runs, self._width)
        for line in lines:
            line.plain = line.plain.replace("\u00a0", " ")
        return lines

    def _form(self, form: Form) -> list[Text]:
        lines = wrap([(safe(form.title), _STRONG)], self._width)
        for field in form.inputs:
            name: list[Run] = [(f"{safe(short_name(field))} ", _CODE)] if len(form.inputs) > 1 else []
            value: Run = (safe(self._value(field)) or "____", _PLAIN)
            advice = _advice(field)
            unneeded: list[Run] = [(f" ({', '.join(advice)})", _FAINT)] if advice else []
            colon = " " if field.label.endswith("?") else ": "
            lines += wrap([*name, (safe(field.label) + colon, _FAINT), value, *unneeded], self._width)
        return lines

    def _value(self, field: Input) -> str:
        """What stands in an input, in words."""
        if field.kind == "moment" and field.value.isdigit():
            return say_moment(float(field.value), self._zone, self._now)
        named = {value: label for label, value in field.options}
        if field.kind == "option" and not field.value:
            return " or ".join(named.values())
        return ", ".join(named.get(value, value) for value in field.value.split(",")) if field.options else field.value


def _advice(field: Input) -> list[str]:
    """How an input is typed, and that it needn't be."""
    how = ["like 2h, tomorrow 9am, monday"] if field.kind == "moment" else []
    return how if field.required else [*how, "may stay empty"]


def short_name(field: Input) -> str:
    """What an input is called where its value is typed: the last part of its name."""
    return field.name.rpartition(".")[2]


def _is_item(node: Node | None) -> bool:
    """Whether this is an item of a list."""
    return (
        isinstance(node, Paragraph | SmallPrint)
        and bool(node.spans)
        and isinstance(node.spans[0], Plain)
        and node.spans[0].text.startswith(BULLET)
    )


def _is_command(node: Node) -> bool:
    """Whether this is a command with what it does. A sentence that only begins with a wait's handle goes on right after it."""
    if not isinstance(node, Paragraph) or len(node.spans) < 2 or not isinstance(node.spans[0], Code | CommandText):
        return False
    rest = node.spans[1]
    return not isinstance(rest, Plain) or rest.text[:1] not in (",", ".", ":", ";")


def _apart(before: Node, node: Node) -> bool:
    """Whether a blank line stands between two nodes: around parts, never inside a list."""
    if isinstance(before, Heading | Fields) or isinstance(node, Heading | Fields | Form):
        return True
    controls = (Buttons, Menu)
    if isinstance(node, controls) or isinstance(before, controls):
        return not (isinstance(before, controls) and isinstance(node, controls)) and not isinstance(node, SmallPrint | Divider)
    if isinstance(node, SmallPrint) and not _is_item(node):
        return isinstance(before, Quote) or _is_item(before)
    return isinstance(node, Paragraph) and len(node.spans) == 1 and isinstance(node.spans[0], Bold)
