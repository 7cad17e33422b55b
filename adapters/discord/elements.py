"""What can be clicked, chosen and filled in, as Discord's own components: buttons, menus, and an element for each kind of input
(https://docs.discord.com/developers/components/reference).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.discord.codes import LONGEST_ID, Carried
from adapters.discord.spans import JsonObject
from adapters.discord.texts import literal
from bot.domain import keys
from bot.domain.tags import person_tag
from bot.domain.views import Button, Input, Menu
from bot.domain.visible import clean, is_blank, shorten, units

ACTION_ROW: Final = 1
BUTTON: Final = 2
STRING_SELECT: Final = 3
TEXT_INPUT: Final = 4
USER_SELECT: Final = 5
SECTION: Final = 9
TEXT_DISPLAY: Final = 10
SEPARATOR: Final = 14
CONTAINER: Final = 17
LABEL: Final = 18
CHECKBOX_GROUP: Final = 22

MOST_IN_ROW: Final = 5
MOST_OPTIONS: Final = 25
MOST_TICKED: Final = 10
"""Boxes of one group."""
MOST_INPUTS: Final = 5
"""Labels of one modal."""
LONGEST_BUTTON: Final = 80
LONGEST_OPTION: Final = 100
LONGEST_PLACEHOLDER: Final = 150
LONGEST_LABEL: Final = 45
LONGEST_HINT: Final = 100
LONGEST_TYPED: Final = 300
"""Characters that an input takes; the bot's commands have no more (bot.commands.parse)."""

_STYLES: Final = {"primary": 1, "plain": 2}


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a menu: what it says and the `verb:argument` it carries."""

    said: str
    code: str


def button(offered: Button, carried: Carried) -> JsonObject | None:
    """A button; None where it has no label to be seen."""
    said = label(offered.label, LONGEST_BUTTON)
    if not said:
        return None
    return {"type": BUTTON, "style": _STYLES[offered.style], "label": said, "custom_id": carried.spell()}


def row(elements: Sequence[JsonObject]) -> JsonObject:
    """A row of buttons, or of one menu."""
    return {"type": ACTION_ROW, "components": list(elements)}


def choices_of(offered: Iterable[Button]) -> Iterator[Choice]:
    """Buttons as options of a menu."""
    for each in offered:
        said = label(each.label, LONGEST_OPTION)
        if said:
            yield Choice(said, each.code)


def choices_in(menu: Menu, *, named: bool) -> Iterator[Choice]:
    """The options of a menu; `named`: with the menu's name before each, because others stand beside them. Raises ValueError for
    one that Discord can't carry."""
    before = f"{clean(menu.label).strip()}: " if named and not is_blank(clean(menu.label)) else ""
    for option, argument in menu.options:
        code, said = keys.code(menu.verb, argument), label(option, LONGEST_OPTION)
        if units(code) > LONGEST_ID:
            raise ValueError(f"an option carries at most {LONGEST_ID} characters, not {units(code)}: {code[:40]}...")
        if said:
            yield Choice(label(before + clean(option), LONGEST_OPTION), code)


def select(choices: Sequence[Choice], placeholder: str, carried: Carried) -> JsonObject:
    """A menu, of at most 25 options that carry different codes. Nothing need be chosen: what was can be taken back, and so be
    chosen again."""
    said = label(placeholder, LONGEST_PLACEHOLDER)
    return {
        "type": STRING_SELECT,
        "custom_id": carried.spell(),
        "options": [{"label": choice.said, "value": choice.code} for choice in choices],
        **({"placeholder": said} if said else {}),
        "min_values": 0,
        "max_values": 1,
    }


def label(text: str, limit: int) -> str:
    """A text of one line where no markup is read; empty when there is nothing to see."""
    said = literal(clean(text).strip())
    return "" if is_blank(said) else shorten(said, limit)


def text_display(content: str) -> JsonObject:
    """Text with markup."""
    return {"type": TEXT_DISPLAY, "content": content}


def input_label(place: int, asked: Input) -> JsonObject:
    """An input with the element for its kind, below its label. Raises ValueError for a name that is too long."""
    name = f"in:{place}:{asked.name}"
    if len(name) > LONGEST_ID:
        raise ValueError(f"the name of an input is too long: {asked.name[:40]}...")
    said = label(asked.label, LONGEST_LABEL) or label(asked.name, LONGEST_LABEL) or "Text"
    hint = label(asked.hint, LONGEST_HINT)
    element = {**_element(asked), "custom_id": name, "required": asked.required}
    return {"type": LABEL, "label": said, **({"description": hint} if hint else {}), "component": element}


def asked_in_modal(inputs: Sequence[Input]) -> tuple[Input, ...]:
    """The inputs that a modal has room for: the last of those that may stay empty are left out, and said by a command instead.
    Raises ValueError where more than five have to be filled in."""
    kept = list(inputs)
    while len(kept) > MOST_INPUTS:
        spare = [place for place, asked in enumerate(kept) if not asked.required]
        if not spare:
            raise ValueError(f"a modal asks at most {MOST_INPUTS} things, not {len(kept)}")
        del kept[spare[-1]]
    return tuple(kept)


def _element(asked: Input) -> JsonObject:
    value = shorten(clean(asked.value), LONGEST_TYPED).strip()
    match asked.kind:
        case "person":
            known = [{"id": value, "type": "user"}] if value.isdecimal() else []
            return {
                "type": USER_SELECT, "min_values": int(asked.required), "max_values": 1,
                **({"default_values": known} if known else {}),
            }  # fmt: skip
        case "days":
            options = [
                {"label": said, "value": day, "default": day in value.split(",")}
                for name, day in asked.options[:MOST_TICKED]
                if (said := label(name, LONGEST_OPTION))
            ]
            return {"type": CHECKBOX_GROUP, "options": options, "min_values": int(asked.required), "max_values": len(options)}
        case "option" if asked.options:
            options = [
                {"label": said, "value": chosen, **({"default": True} if chosen == value else {})}
                for name, chosen in asked.options
                if (said := label(name, LONGEST_OPTION)) and units(chosen) <= LONGEST_OPTION
            ]
            return {
                "type": STRING_SELECT, "options": options[:MOST_OPTIONS], "min_values": int(asked.required), "max_values": 1,
            }  # fmt: skip
    typed: JsonObject = {"type": TEXT_INPUT, "style": 1, "max_length": LONGEST_TYPED}
    if asked.kind == "moment":
        # Discord has no element for a moment, and tells nobody's zone: it is said in words, by the reader's own clock.
        return {**typed, "placeholder": "tomorrow 9am, monday, 2h"}
    if asked.kind == "time":
        typed["placeholder"] = "09:00"
    return {**typed, **({} if is_blank(value) else {"value": value})}


def filled_in(given: Mapping[str, object]) -> str:
    """What an element of a sent form holds, as text: days by commas, a person as a tag; "" when empty."""
    values = given.get("values")
    if isinstance(values, list):
        chosen = [str(value) for value in values if isinstance(value, str | int)]
        return person_tag(chosen[0]) if given.get("type") == USER_SELECT and chosen else ",".join(chosen)
    value = given.get("value")
    return value if isinstance(value, str) else ""
