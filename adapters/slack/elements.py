"""What can be clicked, chosen and filled in, as Slack's own elements: buttons, what is tucked away behind "⋯", menus, and an
element for each kind of input (https://docs.slack.dev/reference/block-kit/block-elements).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from adapters.slack.spans import Json
from adapters.slack.texts import literal
from bot.domain import keys
from bot.domain.tags import person_tag
from bot.domain.views import Button, Input, Menu
from bot.domain.visible import clean, is_blank, shorten, units

LONGEST_LABEL = 75
"""Of buttons and options."""
LONGEST_VALUE = 150
"""Of an option; buttons take 2,000, and core gives them 100 at most."""
LONGEST_PLACEHOLDER = 150
MOST_OPTIONS = 100
MOST_TUCKED = 5
"""Options behind one "⋯" (overflow menu)."""
MOST_TICKED = 10
"""Boxes of one group (checkboxes)."""
LONGEST_INPUT_LABEL = 2_000
LONGEST_INPUT = 3_000
LONGEST_ID = 255

_DIGITS: Final = 10
"""Of an instant that a datetimepicker holds: seconds since 1970, neither more nor fewer digits."""


def button(offered: Button) -> Json | None:
    """A button; None where it has no label to be seen."""
    said = label(offered.label, LONGEST_LABEL)
    if not said:
        return None
    style: Json = {} if offered.style == "plain" else {"style": offered.style}
    return {"type": "button", "text": plain(said), "value": offered.code, **style}


def overflows(offered: Sequence[Button]) -> Iterator[Json]:
    """Buttons behind "⋯"; behind several where one takes no more."""
    options = [{"text": plain(said), "value": each.code} for each in offered if (said := label(each.label, LONGEST_LABEL))]
    for start in range(0, len(options), MOST_TUCKED):
        yield {"type": "overflow", "options": options[start : start + MOST_TUCKED]}


def menus(choice: Menu) -> Iterator[Json]:
    """The menu, or several of the same name where it has more options than one may have."""
    options: list[Json] = []
    for option, argument in choice.options:
        value, said = keys.code(choice.verb, argument), label(option, LONGEST_LABEL)
        if units(value) > LONGEST_VALUE:
            raise ValueError(f"an option carries at most {LONGEST_VALUE} characters, not {units(value)}: {value[:40]}...")
        if said:
            options.append({"text": plain(said), "value": value})
    placeholder = label(choice.label, LONGEST_PLACEHOLDER)
    for start in range(0, len(options), MOST_OPTIONS):
        menu: Json = {"type": "static_select", "options": options[start : start + MOST_OPTIONS]}
        yield {**menu, "placeholder": plain(placeholder)} if placeholder else menu


def input_block(place: int, asked: Input) -> Json:
    """An input with the element for its kind. Raises ValueError for a name that is too long."""
    name = f"in:{place}:{asked.name}"
    if len(name) > LONGEST_ID:
        raise ValueError(f"the name of an input is too long: {asked.name[:40]}...")
    said = label(asked.label, LONGEST_INPUT_LABEL) or label(asked.name, LONGEST_INPUT_LABEL) or "Text"
    block: Json = {"type": "input", "label": plain(said), "element": {**_element(asked), "action_id": name}}
    hint = label(asked.hint, LONGEST_INPUT_LABEL)
    return {**block, **({"hint": plain(hint)} if hint else {}), **({} if asked.required else {"optional": True})}


def _element(asked: Input) -> Json:
    value = shorten(clean(asked.value), LONGEST_INPUT).strip()
    match asked.kind:
        case "moment":
            known = value.isdigit() and len(value) == _DIGITS
            return {"type": "datetimepicker", **({"initial_date_time": int(value)} if known else {})}
        case "time":
            return {"type": "timepicker", **({} if is_blank(value) else {"initial_time": value})}
        case "person":
            return {"type": "users_select", **({} if is_blank(value) else {"initial_user": value})}
        case "days":
            options = _options(asked)[:MOST_TICKED]
            ticked = [option for option in options if option["value"] in value.split(",")]
            return {"type": "checkboxes", "options": options, **({"initial_options": ticked} if ticked else {})}
        case "option" if asked.options:
            options = _options(asked)[:MOST_OPTIONS]
            chosen = next((option for option in options if option["value"] == value), None)
            return {"type": "static_select", "options": options, **({"initial_option": chosen} if chosen else {})}
    return {"type": "plain_text_input", "multiline": False, **({} if is_blank(value) else {"initial_value": value})}


def _options(asked: Input) -> list[Json]:
    offered = ((label(named, LONGEST_LABEL), value) for named, value in asked.options)
    return [{"text": plain(said), "value": value} for said, value in offered if said and units(value) <= LONGEST_VALUE]


def filled_in(given: Mapping[str, object]) -> str:
    """What an element of a sent form holds, as text: an instant in seconds, days by commas, a person as a tag; "" when empty."""
    chosen = given.get("selected_option")
    if isinstance(chosen, Mapping):
        return str(chosen.get("value") or "")
    ticked = given.get("selected_options")
    if isinstance(ticked, list):
        return ",".join(str(option.get("value") or "") for option in ticked if isinstance(option, Mapping))
    person = given.get("selected_user")
    if isinstance(person, str) and person:
        return person_tag(person)
    for key in ("selected_date_time", "selected_time", "selected_date", "value"):
        held = given.get(key)
        if isinstance(held, str | int) and not isinstance(held, bool):
            return str(held)
    return ""


def label(text: str, limit: int) -> str:
    """A text of one line; empty when there is nothing to see."""
    said = literal(clean(text).strip())
    return "" if is_blank(said) else shorten(said, limit)


def plain(text: str) -> Json:
    """Text without markup. `emoji` false: ":smile:" stays as it was typed."""
    return {"type": "plain_text", "text": text, "emoji": False}
