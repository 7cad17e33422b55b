"""What Discord would refuse of a message or a modal, and whom it would call: a second opinion, written apart from the renderer.

Figures: https://docs.discord.com/developers/components/reference, the table of each component.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

EMPTY = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]*")
IN_CONTAINER = {1, 9, 10, 12, 13, 14}
ON_TOP = IN_CONTAINER | {17}


def length(text: str) -> int:
    """UTF-16 units: the longest way to count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def every(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All components, with those within others."""
    for each in components:
        yield each
        yield from every(each.get("components", []))
        if "accessory" in each:
            yield each["accessory"]


def text_of(components: list[dict[str, Any]]) -> str:
    """All texts of a message, one after the other."""
    return "\n".join(each["content"] for each in every(components) if each["type"] == 10)


def problems(components: list[dict[str, Any]]) -> Iterator[str]:
    """What is wrong with the components of a message."""
    found = list(every(components))
    if not 1 <= len(found) <= 40:
        yield f"{len(found)} components"
    if length("".join(each["content"] for each in found if each["type"] == 10)) > 4_000:
        yield "too much text"
    ids = [each["custom_id"] for each in found if "custom_id" in each]
    if len(set(ids)) != len(ids):
        yield f"ids twice: {ids}"
    yield from (f"custom_id {each!r}" for each in ids if not 1 <= length(each) <= 100)
    numbers = [each["id"] for each in found if "id" in each]
    if len(set(numbers)) != len(numbers) or any(not 1000 <= each < 2**31 for each in numbers):
        yield f"numbers {numbers}"
    for each in components:
        if each["type"] not in ON_TOP:
            yield f"a {each['type']} on top"
        if each["type"] == 17:
            yield from (f"a {inner['type']} in a container" for inner in each["components"] if inner["type"] not in IN_CONTAINER)
    for each in found:
        yield from _one(each)
    try:
        json.dumps(components, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        yield "half a surrogate pair"


def _one(each: dict[str, Any]) -> Iterator[str]:
    match each["type"]:
        case 1:
            kinds = [inner["type"] for inner in each["components"]]
            if not (kinds == [3] or (set(kinds) == {2} and len(kinds) <= 5)):
                yield f"a row of {kinds}"
        case 2:
            yield from _label(each["label"], 80)
            if each["style"] not in (1, 2):
                yield f"style {each['style']}"
        case 3:
            yield from _options(each["options"], 25, 100)
            if "placeholder" in each:
                yield from _label(each["placeholder"], 150)
        case 9:
            if [inner["type"] for inner in each["components"]] != [10] or each["accessory"]["type"] != 2:
                yield "a section"
        case 10:
            if EMPTY.fullmatch(each["content"]):
                yield "an empty text"
        case 14:
            pass
        case 17:
            if not each["components"]:
                yield "an empty container"
        case other:
            yield f"what is a {other}?"


def modal_problems(modal: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a modal."""
    yield from _label(modal["title"], 45)
    if not 1 <= length(modal["custom_id"]) <= 100 or not 1 <= len(modal["components"]) <= 5:
        yield "a modal"
    ids = [each["component"]["custom_id"] for each in modal["components"]]
    if len(set(ids)) != len(ids) or any(not 1 <= length(each) <= 100 for each in ids):
        yield f"ids {ids}"
    for each in modal["components"]:
        yield from _label(each["label"], 45)
        if "description" in each:
            yield from _label(each["description"], 100)
        element = each["component"]
        if element["type"] == 4 and not (length(element.get("value", "x")) <= element["max_length"] <= 4_000):
            yield f"value {element}"
        if element["type"] == 3:
            yield from _options(element["options"], 25, 100)
        if element["type"] == 22:
            yield from _options(element["options"], 10, 100)
        if element["type"] not in (3, 4, 5, 22):
            yield f"what is a {element['type']}?"


def _options(options: list[dict[str, Any]], most: int, longest: int) -> Iterator[str]:
    values = [each["value"] for each in options]
    if not 1 <= len(options) <= most or len(set(values)) != len(values):
        yield f"{len(options)} options: {values}"
    for each in options:
        yield from _label(each["label"], longest)
        if not 1 <= length(each["value"]) <= 100:
            yield f"option {each}"


def _label(text: str, longest: int) -> Iterator[str]:
    if EMPTY.fullmatch(text) or length(text) > longest:
        yield f"label: {length(text)} characters, {text!r:.200}"


def called(value: Any) -> list[str]:
    """Whoever a message could call, each time, read as generously as can be: backslashes and code keep nobody from being
    called."""
    if isinstance(value, dict):
        return [each for inner in value.values() for each in called(inner)]
    if isinstance(value, list):
        return [each for inner in value for each in called(inner)]
    if isinstance(value, str):
        return re.findall(r"<@[!&]?(\d+)>", value) + re.findall(r"@(everyone|here)", value)
    return []


_SAID = re.compile(
    r"\\(?P<sign>[^0-9A-Za-z\s])|<@(?P<who>\d+)>|<t:(?P<at>\d+):[fR]>|`(?P<code>[^`]+)`"
    r"|\[(?P<label>(?:\\.|[^\]\\])+)\]\(<(?P<url>https?://[^>\s]+)>\)|(?P<link>https?://)|(?P<mark>[*`\[\]]|__|~~|\|\||<[@#:/at])"
    r"|(?P<other>.)",
    re.DOTALL,
)


def read(text: str) -> tuple[str, list[str]]:
    """A line of Discord's Markdown as it is seen, and what has meaning in it: ("code", "link", "mark", ...)."""
    seen, meant = "", []
    for found in _SAID.finditer(text):
        kind = found.lastgroup or ""
        if kind in ("sign", "other"):
            seen += found[kind]
        elif kind == "url":
            seen += read(found["label"])[0]
            meant.append("url")
        else:
            seen += found["code"] or found["mark"] or ""
            meant.append(kind)
    return seen.replace("\u2060", ""), meant
