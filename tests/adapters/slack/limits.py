"""What Slack would refuse of a surface, and what would call somebody: a second opinion, written apart from the renderer.

Figures: https://docs.slack.dev/reference/block-kit and the pages of each block, element and composition object.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

LONGEST = {"header": 150, "button": 75, "option": 75, "placeholder": 150, "context": 3_000, "field": 2_000, "label": 2_000}
EMPTY = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]*")


def length(text: str) -> int:
    """UTF-16 units: the longest way to count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def problems(blocks: list[dict[str, Any]], most: int) -> Iterator[str]:
    """What is wrong with the blocks of a message (`most` 50), a modal or a Home (100)."""
    if not 1 <= len(blocks) <= most:
        yield f"{len(blocks)} blocks"
    ids = [block["block_id"] for block in blocks] + [action for block in blocks for action in actions(block)]
    if len(set(ids)) != len(ids):
        yield f"ids twice: {ids}"
    if any(length(each) > 255 for each in ids):
        yield "an id is too long"
    for block in blocks:
        yield from _block(block)
    try:
        json.dumps(blocks, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        yield "half a surrogate pair"


def heft(value: Any) -> int:
    """The characters of all texts in blocks, as Slack's undocumented limit of about 13,000 for a message counts them."""
    if isinstance(value, list):
        return sum(heft(each) for each in value)
    if isinstance(value, dict):
        return sum(length(each) if key == "text" and isinstance(each, str) else heft(each) for key, each in value.items())
    return 0


def actions(block: dict[str, Any]) -> list[str]:
    """The action ids in a block."""
    elements = block["elements"] if block["type"] == "actions" else [block["element"]] if block["type"] == "input" else []
    return [element["action_id"] for element in elements]


def _block(block: dict[str, Any]) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield from _text(block["text"], "header", "plain_text")
        case "divider":
            pass
        case "context":
            yield from _many(block["elements"], 10)
            for element in block["elements"]:
                yield from _text(element, "context", "mrkdwn")
        case "section":
            yield from _many(block["fields"], 10)
            for element in block["fields"]:
                yield from _text(element, "field", "mrkdwn")
        case "actions":
            yield from _many(block["elements"], 25)
            for element in block["elements"]:
                yield from _control(element)
        case "input":
            yield from _text(block["label"], "label", "plain_text")
            if length(block["element"].get("initial_value", "x")) > 3_000 or not block["element"].get("initial_value", "x"):
                yield "initial_value"
        case "rich_text":
            yield from _rich(block)
        case other:
            yield f"what is a {other}?"


def _control(element: dict[str, Any]) -> Iterator[str]:
    if element["type"] == "button":
        yield from _text(element["text"], "button", "plain_text")
        if not 1 <= length(element["value"]) <= 2_000 or element.get("style", "primary") != "primary":
            yield f"button {element}"
        return
    yield from _many(element["options"], 100)
    if "placeholder" in element:
        yield from _text(element["placeholder"], "placeholder", "plain_text")
    for option in element["options"]:
        yield from _text(option["text"], "option", "plain_text")
        if not 1 <= length(option["value"]) <= 150:
            yield f"option {option}"


def _rich(block: dict[str, Any]) -> Iterator[str]:
    yield from _many(block["elements"], 10_000)
    if length("".join(leaf["text"] for leaf in leaves(block) if leaf["type"] in ("text", "link"))) > 3_000 * 2:
        yield "a rich text block is too long"
    for element in block["elements"]:
        yield from _many(element["elements"], 10_000)
    for leaf in leaves(block):
        kind = leaf["type"]
        if kind in ("text", "link") and not leaf["text"]:
            yield f"empty {kind}"
        if kind == "link" and not re.fullmatch(r"(https?|slack)://[!-~]{1,3000}", leaf["url"]):
            yield f"link to {leaf['url']}"
        if kind == "date" and not (leaf["timestamp"] >= 0 and leaf["format"] and leaf["fallback"]):
            yield f"date {leaf}"
        if kind not in ("text", "link", "date", "user"):
            yield f"what is a {kind}?"
    if EMPTY.fullmatch("".join(leaf.get("text", "x") for leaf in leaves(block))):
        yield "nothing to see in a rich text block"


def leaves(value: Any) -> Iterator[dict[str, Any]]:
    """The innermost elements of rich text in a block, a list of them or a view."""
    if isinstance(value, list):
        for each in value:
            yield from leaves(each)
    elif value.get("type", "").startswith("rich_text"):
        yield from leaves(value["elements"])
    elif value.get("type") in ("text", "link", "date", "user", "broadcast", "usergroup", "channel", "emoji"):
        yield value


def _text(text: dict[str, Any], what: str, kind: str) -> Iterator[str]:
    if text["type"] != kind or EMPTY.fullmatch(text["text"]) or length(text["text"]) > LONGEST[what]:
        yield f"{what}: {length(text['text'])} characters, {text!r:.200}"


def _many(items: list[Any], most: int) -> Iterator[str]:
    if not 1 <= len(items) <= most:
        yield f"{len(items)} items"


def called(value: Any) -> list[str]:
    """Whoever a surface would notify, each time: elements of rich text, and markup anywhere, read as generously as can be."""
    found: list[str] = []
    if isinstance(value, dict):
        if value.get("type") in ("user", "usergroup", "broadcast"):
            found.append(str(value.get("user_id") or value.get("usergroup_id") or value.get("range")))
        for inner in value.values():
            found += called(inner)
    elif isinstance(value, list):
        for inner in value:
            found += called(inner)
    elif isinstance(value, str):
        found += re.findall(r"<[@#]([^>|]*)", value) + re.findall(r"<!(?!date\^\d+\^[^<>|]*\|[^<>|]*>)(.{0,20})", value)
    return found
