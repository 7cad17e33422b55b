"""Views as Discord shows them. Pure: the same view gives the same components. Escaping and Discord's limits live here and in the
modules below it (layout: nodes, spans: spans, elements: what is clicked and filled in, texts: text), and nowhere else.

Messages are made of Components V2, not of embeds (docs/discord-messages.md shows both): what can be done stands right below the
wait it is about, which in a list of waits is what it is for; who has switched link previews off would see no embed at all; and
an embed calls nobody and shows no time by the reader's clock in its small print. That a message is one stays with it for good.

Who is notified: whom a span with `ping` names among the addressed, once; everybody else is a name. What is sent says besides who
may be notified by it, so that nothing in a text can call anybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.discord.codes import LONGEST_ID, Carried, mark_of, number_of
from adapters.discord.elements import (
    CONTAINER,
    LABEL,
    TEXT_DISPLAY,
    asked_in_modal,
    button,
    filled_in,
    input_label,
    label,
    row,
)
from adapters.discord.layout import (
    LONGEST_MESSAGE,
    MOST_COMPONENTS,
    Controls,
    MessageLayout,
    Piece,
    Rule,
    Stamp,
    Words,
)
from adapters.discord.spans import JsonObject
from bot.domain import keys
from bot.domain.views import Button, Form, Plain, Text, View
from bot.domain.visible import clean, is_blank

NAME: Final = "realreply"
"""What a form without a title is called."""

ACCENT: Final = 0x1B6E5C
"""The colour at the edge of what is posted: the bot's own."""

LONGEST_TITLE: Final = 45
_WRAPPED: Final = 1
"""The component that what is posted stands in."""

_WAYS: Final = 3
"""Components of the ways to the other parts of the own page: a row of two buttons."""

MOST_PARTS: Final = 5
"""Messages of one answer, or parts of the own page; what is longer is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedMessage:
    """A message: its components, and who may be notified by it, by account."""

    components: list[JsonObject]
    called: tuple[str, ...] = ()


def render_message(view: View, *, name_of: Callable[[str], str], key: str = "") -> RenderedMessage:
    """The view as a message. `name_of` gives what a person is called, by id; `key` is what it can be found by. A form is shown;
    to fill it in takes a modal.

    Raises ValueError for a menu's `verb:argument` that Discord can't carry, and for an instant that is no date.
    """
    layout = MessageLayout(view, name_of=name_of, stamp=Stamp(post=mark_of(key) if key else ""))
    made, called = layout.components(MOST_COMPONENTS - _WRAPPED)
    return RenderedMessage(components=_framed(made or _gist(view), number_of(key) if key else None), called=called)


def render_answer(view: View, *, name_of: Callable[[str], str]) -> tuple[RenderedMessage, ...]:
    """The view as a private answer: one message, or several where it is too long for one."""
    layout = MessageLayout(view, name_of=name_of)
    whole = layout.whole(layout.pieces, MOST_COMPONENTS - _WRAPPED)
    parts = [layout.pieces] if whole is not None else _parts(layout, MOST_COMPONENTS - _WRAPPED)
    if len(parts) > MOST_PARTS:
        parts = [*parts[: MOST_PARTS - 1], [piece for part in parts[MOST_PARTS - 1 :] for piece in part]]
    drawn = [layout.drawn(part, MOST_COMPONENTS - _WRAPPED, LONGEST_MESSAGE) for part in parts]
    return tuple(RenderedMessage(components=_framed(made or _gist(view), None), called=called) for made, called in drawn) or (
        RenderedMessage(components=_framed(_gist(view), None)),
    )


def render_home(view: View, part: int, *, name_of: Callable[[str], str], above: View | None = None) -> RenderedMessage:
    """One part of somebody's own page, counted from 1, with the ways to the others; the last one there is where there are fewer.
    `above` is what came of the click after which it is shown."""
    most = MOST_COMPONENTS - _WRAPPED - _WAYS
    whole = MessageLayout(view, name_of=name_of)
    parts = _parts(whole, most)[:MOST_PARTS] or [[]]
    here = min(max(1, part), len(parts))
    stamp = Stamp(page=here)
    layout = MessageLayout(view, name_of=name_of, stamp=stamp)
    shown: list[Piece] = list(parts[here - 1])
    if above is not None:
        shown = [*MessageLayout(above, name_of=name_of, stamp=stamp).pieces, Rule(), *shown]
    made, _ = layout.drawn(shown, most, LONGEST_MESSAGE)
    ways = [
        made_button
        for said, to in (("‹ Back", here - 1), ("More ›", here + 1))
        if 1 <= to <= len(parts) and (made_button := button(Button(said, "home", ""), Carried(page=to))) is not None
    ]
    return RenderedMessage(components=_framed([*(made or _gist(view)), *([row(ways)] if ways else [])], None))


def render_modal(form: Form, *, page: int | None = None) -> JsonObject:
    """A form as a modal; `page`: it was opened from that part of the own page. Raises ValueError where it asks more than Discord
    takes, or carries more."""
    title = label(form.title, LONGEST_TITLE) or NAME
    custom_id = Carried(code=keys.code(form.verb, form.argument), page=page).spell()
    inputs = [input_label(place, asked) for place, asked in enumerate(asked_in_modal(form.inputs))]
    return {"title": title, "custom_id": custom_id, "components": inputs}


def form_of(data: Mapping[str, object]) -> tuple[Carried | None, dict[str, str]]:
    """What a sent form carries and its inputs' values by name: from the `data` of a modal's interaction
    (https://docs.discord.com/developers/interactions/receiving-and-responding, "Modal Submit"). (None, {}) when it is none of
    ours. An input that was left empty is ""."""
    custom_id = data.get("custom_id")
    carried = Carried.parse(custom_id) if isinstance(custom_id, str) else None
    labels = data.get("components")
    if carried is None or not carried.code or not isinstance(labels, list):
        return None, {}
    said: dict[str, str] = {}
    for each in labels:
        given = each.get("component") if isinstance(each, Mapping) and each.get("type") == LABEL else None
        name = given.get("custom_id") if isinstance(given, Mapping) else None
        if isinstance(given, Mapping) and isinstance(name, str) and name.startswith("in:") and len(name) <= LONGEST_ID:
            said[name.split(":", 2)[-1]] = filled_in(given)
    return carried, said


def _framed(components: Sequence[JsonObject], number: int | None) -> list[JsonObject]:
    """What is more than a line or two stands in a frame with the bot's colour; `number` is that of the first component."""
    given = list(components)
    if len(given) > 1 or given[0]["type"] != TEXT_DISPLAY:
        given = [{"type": CONTAINER, "accent_color": ACCENT, "components": given}]
    return [{**given[0], **({} if number is None else {"id": number})}, *given[1:]]


def _gist(view: View) -> list[JsonObject]:
    """What is shown of a view that has nothing to see, because no message may be empty."""
    said = clean(view.fallback).strip()
    words = View(nodes=(Text((Plain(NAME if is_blank(said) else said),)),), fallback=NAME)
    made, _ = MessageLayout(words, name_of=str).components()
    return made


def _parts(layout: MessageLayout, most: int) -> list[list[Piece]]:
    """A view's pieces, parted into what fits into a message each: between its sections where they fit, else between what can be
    done something about."""
    parts: list[list[Piece]] = []
    here: list[Piece] = []
    for section in _sections(layout.pieces):
        if here and layout.fits([*here, Rule(), *section], most):
            here = [*here, Rule(), *section]
            continue
        if layout.fits(section, most):
            if here:
                parts.append(here)
            here = list(section)
            continue
        for item in _items(section):
            joined = [*here, *item]
            if here and not layout.fits(joined, most):
                parts.append(here)
                joined = list(item)
            here = joined
    return [*parts, here] if here else parts


def _sections(pieces: Sequence[Piece]) -> list[list[Piece]]:
    found: list[list[Piece]] = [[]]
    for piece in pieces:
        if isinstance(piece, Rule):
            found.append([])
        else:
            found[-1].append(piece)
    return [section for section in found if section]


def _items(section: Sequence[Piece]) -> list[list[Piece]]:
    """What belongs together: a title with what comes below it, words with what can be done about them. Words alone are parted
    line by line."""
    found: list[list[Piece]] = [[]]
    for piece in section:
        done = bool(found[-1]) and not (isinstance(found[-1][-1], Words) and (found[-1][-1].head or isinstance(piece, Controls)))
        if done:
            found.append([])
        if isinstance(piece, Words) and not piece.head and len(piece.lines) > 1:
            *before, last = piece.split()
            for line in before:
                found[-1].append(line)
                found.append([])
            found[-1].append(last)
        else:
            found[-1].append(piece)
    return [item for item in found if item]
