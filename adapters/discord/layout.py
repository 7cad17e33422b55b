"""A view's nodes as components of a message, within what Discord takes: 40 components in all and 4,000 characters of text.

Words that belong together share one text; what can be clicked stands right below what it is about. A list of waits has a good
many buttons: the more there are, the closer they are put together, see `Density`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise
from typing import Final

from adapters.discord.codes import Carried
from adapters.discord.elements import (
    ACTION_ROW,
    CONTAINER,
    MOST_IN_ROW,
    MOST_OPTIONS,
    SECTION,
    SEPARATOR,
    TEXT_DISPLAY,
    Choice,
    button,
    choices_in,
    choices_of,
    row,
    select,
    text_display,
)
from adapters.discord.spans import JsonObject, PeopleInMarkdown, for_them
from adapters.discord.texts import escaped, quoted, small
from adapters.discord.typed import CALLED
from bot.domain.views import (
    ALL_WAITING,
    BULLET,
    Bold,
    Button,
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

MOST_COMPONENTS: Final = 40
"""Components of a message, those within others counted, too (https://docs.discord.com/developers/components/reference)."""

LONGEST_MESSAGE: Final = 4_000
"""Characters of all texts of a message together (the same page)."""

LONGEST_TEXT: Final = 2_000
"""Characters of a paragraph: one that is longer would leave no room for what can be clicked."""

LONGEST_HEADING: Final = 256
QUOTED_LINES: Final = 8
"""Lines of a quote that are shown: one letter a line would make a page of it."""

MORE: Final = "More…"
"""What stands on a menu of what is wanted less often."""

WHAT_TO_DO: Final = "What to do…"
"""What stands on a menu of all that can be done."""


class Density(IntEnum):
    """How closely what can be clicked is put together, where a part of it is wanted less often (`Buttons.more`)."""

    ROOMY = 0
    """Buttons in a row, and a menu with the rest."""
    CLOSE = 1
    """The first button beside what it is about, and a menu with the rest."""
    TIGHT = 2
    """One menu."""


@dataclass(slots=True)
class Words:
    """Lines of markup that stand together, and whom they call. `head`: they are a title, and not a part of what can be done
    something about below them."""

    lines: list[str] = field(default_factory=list)
    called: tuple[str, ...] = ()
    head: bool = False

    def split(self) -> list[Words]:
        """The same line by line, each with whom it calls."""
        return [
            Words([line], tuple(person for person in self.called if f"<@{person}>" in line), self.head) for line in self.lines
        ]


@dataclass(slots=True)
class Controls:
    """What can be clicked, side by side."""

    nodes: list[Buttons | Menu]

    @property
    def tucks(self) -> bool:
        """Whether a part of it is wanted less often."""
        return any(isinstance(node, Buttons) and node.more for node in self.nodes)


@dataclass(slots=True)
class Rule:
    """A line across."""


Piece = Words | Controls | Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What all that can be clicked in a message carries besides what it does: see codes.Carried."""

    page: int | None = None
    post: str = ""


class MessageLayout:
    """A view being laid out."""

    def __init__(self, view: View, *, name_of: Callable[[str], str], stamp: Stamp | None = None) -> None:
        self._view, self._stamp = view, stamp or Stamp()
        self._people = PeopleInMarkdown(view.addressed, name_of)
        self.pieces: list[Piece] = []
        # What can be done, or a quote, sets the items of a list off from each other; bullets would stand in its way.
        self._bullets = not any(
            isinstance(node, Text) and _is_item(node.spans) and isinstance(after, Quote | Buttons | Menu)
            for node, after in pairwise(view.nodes)
        )
        for node in view.nodes:
            self._node(node)

    # -- from nodes to pieces

    def _node(self, node: Node) -> None:
        match node:
            case Heading(text):
                said = clean(text).strip()
                heading = "" if is_blank(said) else f"### {escaped(shorten(said, LONGEST_HEADING), starts=False)}"
                self._words(heading, head=True)
            case Text(spans):
                self._paragraph(spans)
            case Quote(text):
                self._quote(text)
            case Fields(fields):
                for title, spans in fields:
                    self._field(title, spans)
            case SmallPrint(spans):
                before = len(self._people.called)
                said = self._people.said(spans, LONGEST_TEXT, lines=False)
                self._words(small(said) if said else "", before)
            case Form():
                self._form(node)
            case Divider():
                if self.pieces and not isinstance(self.pieces[-1], Rule):
                    self.pieces.append(Rule())
            case Buttons() | Menu():
                last = self.pieces[-1] if self.pieces else None
                if isinstance(last, Controls) and isinstance(node, Menu):
                    last.nodes.append(node)
                else:
                    self.pieces.append(Controls([node]))

    def _paragraph(self, spans: Spans) -> None:
        before = len(self._people.called)
        first = spans[0] if _is_item(spans) else None
        if isinstance(first, Plain):
            spans = (Plain(first.text.removeprefix(BULLET)), *spans[1:])
            item = self._people.said(spans, LONGEST_TEXT, starts=not self._bullets)
            self._words(f"- {item}" if item and self._bullets else item, before)
            return
        self._words(self._people.said(spans, LONGEST_TEXT), before, head=len(spans) == 1 and isinstance(spans[0], Bold))

    def _quote(self, text: str) -> None:
        lines = clean(text, lines=True).strip().split("\n")
        shown = "\n".join(lines if len(lines) <= QUOTED_LINES else [*lines[:QUOTED_LINES], "…"])
        cut = shorten(shown, LONGEST_TEXT, size=lambda part: units(quoted(part)))
        self._words("" if is_blank(cut) else quoted(cut))

    def _field(self, title: str, spans: Spans) -> None:
        before = len(self._people.called)
        name = shorten(clean(title).strip(), LONGEST_HEADING)
        head = "" if is_blank(name) else f"**{escaped(name[:1].upper() + name[1:], starts=False)}:** "
        said = self._people.said(spans, LONGEST_TEXT, lines=False, starts=not head)
        self._words(head + said if said else "", before)

    def _form(self, form: Form) -> None:
        """A form where it can't be filled in."""
        self._paragraph((Bold(form.title),))
        for asked in form.inputs:
            self._paragraph((Plain(f"{asked.label}: "), *_shown(asked)))

    def _words(self, line: str, before: int | None = None, *, head: bool = False) -> None:
        if not line:
            return
        called = () if before is None else tuple(self._people.called)[before:]
        last = self.pieces[-1] if self.pieces else None
        if not isinstance(last, Words) or (head and not last.head) or (last.head and not head):
            last = Words(head=head)
            self.pieces.append(last)
        last.lines.append(line)
        last.called = (*last.called, *called)

    # -- from pieces to components

    def components(self, most: int = MOST_COMPONENTS, longest: int = LONGEST_MESSAGE) -> tuple[list[JsonObject], tuple[str, ...]]:
        """Components that fit, and whom they call; none when there is nothing to see. What doesn't fit is counted in a line of
        small print. Buttons at the end stay, because they are how people act; so do calls: whoever was called in what is left
        out is called in that line."""
        return self.drawn(self.pieces, most, longest)

    def drawn(self, pieces: Sequence[Piece], most: int, longest: int) -> tuple[list[JsonObject], tuple[str, ...]]:
        """These of the pieces, as closely as they have to be."""
        made = self.whole(pieces, most, longest)
        return self._cut(list(pieces), most, longest) if made is None else (made, self._calls(pieces))

    def whole(self, pieces: Sequence[Piece], most: int, longest: int = LONGEST_MESSAGE) -> list[JsonObject] | None:
        """These of the pieces, as closely as they have to be; None where they don't fit, or somebody who is to be called isn't
        by any of them."""
        for density in Density:
            made = self._made(pieces, density)
            if fits(made, most, longest):
                return None if self._uncalled(pieces) else made
        return None

    def fits(self, pieces: Sequence[Piece], most: int, longest: int = LONGEST_MESSAGE) -> bool:
        """Whether these of the pieces fit without being put into one menu each."""
        return fits(self._made(pieces, Density.CLOSE), most, longest)

    def _made(self, pieces: Sequence[Piece], density: Density) -> list[JsonObject]:
        numbers = _Numbers(self._stamp)
        made: list[JsonObject] = []
        place = 0
        while place < len(pieces):
            piece, after = pieces[place], pieces[place + 1] if place + 1 < len(pieces) else None
            match piece:
                case Words() if isinstance(after, Controls) and after.tucks and density is Density.CLOSE and not piece.head:
                    made += _beside(piece, after, numbers)
                    place += 1
                case Words():
                    text = "\n".join(piece.lines)
                    if made and made[-1]["type"] == TEXT_DISPLAY:
                        apart = "\n\n" if piece.head and not text.startswith("#") else "\n"
                        made[-1] = text_display(f"{made[-1]['content']}{apart}{text}")
                    else:
                        made.append(text_display(text))
                case Rule():
                    made.append({"type": SEPARATOR})
                case Controls():
                    made += _below(piece, numbers, tight=density is Density.TIGHT)
            place += 1
        while made and made[-1]["type"] == SEPARATOR:
            made.pop()
        return made

    def _cut(self, pieces: list[Piece], most: int, longest: int) -> tuple[list[JsonObject], tuple[str, ...]]:
        """As much from the beginning as fits, the line that says so, and what can be clicked at the end."""
        tail: list[Piece] = []
        while pieces and isinstance(pieces[-1], Controls | Rule) and len(tail) < 2:
            tail.insert(0, pieces.pop())
        if not fits([*self._made(tail, Density.TIGHT), text_display("x")], most, longest):
            tail = []
        lines = [line for piece in pieces for line in (piece.split() if isinstance(piece, Words) else [piece])]

        def attempt(kept: int) -> list[Piece]:
            whole = lines[:kept]
            more = sum(not isinstance(piece, Rule) for piece in lines[kept:])
            return [*whole, *self._rest(more, self._uncalled([*whole, *tail])), *tail]

        low, high = 0, len(lines)
        while low < high:
            middle = (low + high + 1) // 2
            if fits(self._made(attempt(middle), Density.TIGHT), most, longest):
                low = middle
            else:
                high = middle - 1
        found = attempt(low)
        return self._made(found, Density.TIGHT), self._calls(found)

    def _rest(self, more: int, uncalled: Sequence[str]) -> list[Piece]:
        """What stands in the place of `more` lines that were left out, and of the calls in them."""
        said = []
        if more:
            lines = "One more line doesn't" if more == 1 else f"{more} more lines don't"
            said.append(f"{lines} fit in here. `{CALLED} {ALL_WAITING}` lists who is waiting.")
        if uncalled:
            said.append(for_them(uncalled))
        return [Words([small(" ".join(said))], tuple(uncalled))] if said else []

    def _uncalled(self, pieces: Iterable[Piece]) -> list[str]:
        """Who is to be called and isn't by any of these."""
        called = set(self._calls(pieces))
        wanted = dict.fromkeys(who.person for who in _people(self._view) if self._people.may_call(who))
        return [person for person in wanted if person not in called]

    @staticmethod
    def _calls(pieces: Iterable[Piece]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(person for piece in pieces if isinstance(piece, Words) for person in piece.called))


class _Numbers:
    """Gives everything that can be clicked in a message a `custom_id` of its own."""

    def __init__(self, stamp: Stamp) -> None:
        self._stamp = stamp
        self._used: Counter[str] = Counter()
        self._post = stamp.post

    def of(self, code: str) -> Carried:
        """What something carries that does `code`; the first thing in a message carries the mark of its key as well."""
        number = self._used[code] + (not code)  # what carries no code of its own has a number
        self._used[code] += 1
        carried = Carried(code=code, page=self._stamp.page, number=number or None, post=self._post)
        self._post = ""
        return carried


def _buttons(offered: Iterable[Button], numbers: _Numbers) -> list[JsonObject]:
    return [made for each in offered if (made := button(each, numbers.of(each.code))) is not None]


def _rest_of(controls: Controls, *, named: bool) -> list[Choice]:
    """What is tucked into a menu."""
    found: list[Choice] = []
    for node in controls.nodes:
        found += choices_of(node.more) if isinstance(node, Buttons) else choices_in(node, named=named)
    return found


def _below(controls: Controls, numbers: _Numbers, *, tight: bool) -> list[JsonObject]:
    """Rows of buttons, and a menu with the rest."""
    shown = [each for node in controls.nodes if isinstance(node, Buttons) for each in node.buttons]
    if tight and controls.tucks:
        choices = [*choices_of(shown), *_rest_of(controls, named=True)]
        return _menus(choices, WHAT_TO_DO, numbers)
    made = _buttons(shown, numbers)
    rows = [row(made[start : start + MOST_IN_ROW]) for start in range(0, len(made), MOST_IN_ROW)]
    if controls.tucks:
        return [*rows, *_menus(_rest_of(controls, named=True), MORE, numbers)]
    for node in controls.nodes:
        if isinstance(node, Menu):
            rows += _menus(list(choices_in(node, named=False)), node.label, numbers)
    return rows


def _beside(words: Words, controls: Controls, numbers: _Numbers) -> list[JsonObject]:
    """The first button to the right of what it is about, and a menu with the rest below."""
    shown = [each for node in controls.nodes if isinstance(node, Buttons) for each in node.buttons]
    first = _buttons(shown[:1], numbers)
    if not first:
        return [text_display("\n".join(words.lines)), *_below(controls, numbers, tight=True)]
    section: JsonObject = {"type": SECTION, "components": [text_display("\n".join(words.lines))], "accessory": first[0]}
    return [section, *_menus([*choices_of(shown[1:]), *_rest_of(controls, named=True)], MORE, numbers)]


def _menus(choices: Sequence[Choice], placeholder: str, numbers: _Numbers) -> list[JsonObject]:
    """A menu, or several where there is more to choose than one may have. Of options that carry the same the first is kept."""
    known = {choice.code: choice for choice in reversed(choices)}
    kept = [choice for choice in choices if known[choice.code] is choice]
    parts = [kept[start : start + MOST_OPTIONS] for start in range(0, len(kept), MOST_OPTIONS)]
    return [row([select(part, placeholder, numbers.of(""))]) for part in parts]


def fits(components: Sequence[JsonObject], most: int, longest: int) -> bool:
    """Whether Discord takes them together."""
    return number_of_components(components) <= most and length_of(components) <= longest


def number_of_components(components: Iterable[JsonObject]) -> int:
    """How many there are, with those within others."""
    return sum(1 for _ in walk(components))


def length_of(components: Iterable[JsonObject]) -> int:
    """The characters of all texts."""
    return sum(units(str(each["content"])) for each in walk(components) if each["type"] == TEXT_DISPLAY)


def walk(components: Iterable[JsonObject]) -> Iterator[JsonObject]:
    """All components, with those within others."""
    for component in components:
        yield component
        inner = component.get("components")
        if component["type"] in (ACTION_ROW, SECTION, CONTAINER) and isinstance(inner, list):
            yield from walk(inner)
        accessory = component.get("accessory")
        if isinstance(accessory, dict):
            yield accessory


def _is_item(spans: Spans) -> bool:
    """Whether a paragraph is an item of a list."""
    return bool(spans) and isinstance(spans[0], Plain) and spans[0].text.startswith(BULLET)


def _shown(asked: Input) -> Spans:
    """What stands in an input, where it is shown and not filled in."""
    if is_blank(clean(asked.value)):
        return (Plain("____"),)
    if asked.kind == "moment" and asked.value.isdigit():
        return (Timestamp(float(asked.value)),)
    named = {value: name for name, value in asked.options}
    return (Plain(", ".join(named.get(value, value) for value in asked.value.split(","))),)


def _people(view: View) -> Iterator[PersonName]:
    """Everybody a view speaks of."""
    for node in view.nodes:
        if isinstance(node, Text | SmallPrint):
            yield from (span for span in node.spans if isinstance(span, PersonName))
        elif isinstance(node, Fields):
            yield from (span for _, spans in node.fields for span in spans if isinstance(span, PersonName))
