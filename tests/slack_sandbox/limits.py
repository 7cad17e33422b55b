"""What Slack refuses that types can't say: lengths, counts, ids used twice, empty texts.

Figures: https://docs.slack.dev/reference/block-kit/blocks and /block-elements, /composition-objects, /views.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_TEXT = 40_000
MESSAGE_TEXT_ADVISED = 4_000
"""Slack shortens longer texts' chances of being shown well: chat.postMessage documents 4,000 as the best practice."""

SECTION_TEXT = 3_000
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
FIELDS = 10
FIELD_TEXT = 2_000
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
BUTTON_URL = 3_000
ID = 255
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = 100
OVERFLOW_OPTIONS = 5
CHOICE_OPTIONS = 10
"""Radio buttons and checkboxes."""
PLACEHOLDER = 150
INPUT_LABEL = 2_000
VIEW_TITLE = 24
PRIVATE_METADATA = 3_000
CALLBACK_ID = 255
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
METADATA = 15_000
"""Bytes of an event_payload: https://docs.slack.dev/messaging/message-metadata."""

MESSAGE_TYPES = frozenset(
    {"actions", "context", "divider", "header", "image", "section", "rich_text", "file", "video", "markdown", "table", "input"}
)
INTERACTIVE = frozenset(
    {"button", "checkboxes", "radio_buttons", "overflow", "datepicker", "timepicker", "datetimepicker", "plain_text_input"}
    | {
        f"{many}{source}_select"
        for many in ("", "multi_")
        for source in ("static", "users", "channels", "conversations", "external")
    }
    | {"email_text_input", "number_input", "url_text_input", "rich_text_input", "file_input", "workflow_button"}
)


def problems_of_blocks(blocks: Any, *, surface: str) -> Iterator[str]:
    """What is wrong with the blocks of a message, a modal or a home tab, as Slack words it (roughly), with a JSON pointer."""
    if not isinstance(blocks, list):
        yield "blocks must be an array"
        return
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    if len(blocks) > most:
        yield f"no more than {most} items allowed [json-pointer:/blocks]"
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        at = f"/blocks/{number}"
        if not isinstance(block, dict):
            yield f"must be an object [json-pointer:{at}]"
            continue
        if block.get("type") == "input" and surface == "message":
            yield f"input blocks belong in views [json-pointer:{at}]"
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen:
                yield f"block_id `{block_id}` already exists [json-pointer:{at}/block_id]"
            seen.add(block_id)
            yield from _within(block_id, 1, ID, f"{at}/block_id")
        yield from _block(block, at)


def _block(block: Json, at: str) -> Iterator[str]:
    match block.get("type"):
        case "section":
            text, fields = block.get("text"), block.get("fields")
            if text is None and not fields:
                yield f"missing required field: text or fields [json-pointer:{at}]"
            yield from _text(text, SECTION_TEXT, f"{at}/text")
            yield from _many(fields, FIELDS, f"{at}/fields")
            for number, entry in enumerate(fields or []):
                yield from _text(entry, FIELD_TEXT, f"{at}/fields/{number}")
            if "accessory" in block:
                yield from _element(block["accessory"], f"{at}/accessory")
        case "header":
            yield from _text(block.get("text"), HEADER_TEXT, f"{at}/text")
        case "context":
            elements = block.get("elements")
            yield from _many(elements, CONTEXT_ELEMENTS, f"{at}/elements")
            for number, entry in enumerate(elements or []):
                if isinstance(entry, dict) and entry.get("type") != "image":
                    yield from _text(entry, SECTION_TEXT, f"{at}/elements/{number}")
        case "actions":
            elements = block.get("elements")
            yield from _many(elements, ACTIONS_ELEMENTS, f"{at}/elements")
            used: set[str] = set()
            for number, element in enumerate(elements or []):
                yield from _element(element, f"{at}/elements/{number}")
                action_id = element.get("action_id") if isinstance(element, dict) else None
                if isinstance(action_id, str) and action_id in used:
                    yield f"action_id `{action_id}` already exists [json-pointer:{at}/elements/{number}/action_id]"
                used.add(str(action_id))
        case "input":
            yield from _text(block.get("label"), INPUT_LABEL, f"{at}/label")
            yield from _text(block.get("hint"), INPUT_LABEL, f"{at}/hint")
            yield from _element(block.get("element"), f"{at}/element")
        case "image":
            yield from _within(block.get("alt_text"), 1, 2_000, f"{at}/alt_text")


def _element(element: Any, at: str) -> Iterator[str]:
    if not isinstance(element, dict):
        return
    yield from _within(element.get("action_id"), 1, ID, f"{at}/action_id")
    kind = element.get("type")
    if kind == "button":
        yield from _text(element.get("text"), BUTTON_TEXT, f"{at}/text")
        yield from _within(element.get("value"), 1, BUTTON_VALUE, f"{at}/value")
        yield from _within(element.get("url"), 1, BUTTON_URL, f"{at}/url")
    yield from _text(element.get("placeholder"), PLACEHOLDER, f"{at}/placeholder")
    most = OPTIONS
    if kind == "overflow":
        most = OVERFLOW_OPTIONS
    elif kind in ("radio_buttons", "checkboxes"):
        most = CHOICE_OPTIONS
    groups = element.get("option_groups")
    if isinstance(groups, list):
        yield from _many(groups, OPTIONS, f"{at}/option_groups")
        for number, group in enumerate(groups):
            yield from _text(group.get("label"), OPTION_TEXT, f"{at}/option_groups/{number}/label")
            yield from _options(group.get("options"), most, f"{at}/option_groups/{number}/options")
    elif kind in ("static_select", "multi_static_select", "overflow", "radio_buttons", "checkboxes"):
        yield from _options(element.get("options"), most, f"{at}/options")
        offered = element.get("options") or []
        for key in ("initial_option", "initial_options"):
            chosen = element.get(key)
            for option in chosen if isinstance(chosen, list) else [chosen] if chosen else []:
                if option not in offered:
                    yield f"{key} must be one of the options [json-pointer:{at}/{key}]"
    confirm = element.get("confirm")
    if isinstance(confirm, dict):
        for key, most_text in (
            ("title", CONFIRM_TITLE),
            ("text", CONFIRM_TEXT),
            ("confirm", CONFIRM_BUTTON),
            ("deny", CONFIRM_BUTTON),
        ):
            yield from _text(confirm.get(key), most_text, f"{at}/confirm/{key}")


def _options(options: Any, most: int, at: str) -> Iterator[str]:
    yield from _many(options, most, at)
    for number, option in enumerate(options or []):
        if isinstance(option, dict):
            yield from _text(option.get("text"), OPTION_TEXT, f"{at}/{number}/text")
            yield from _within(option.get("value"), 1, OPTION_VALUE, f"{at}/{number}/value")
            yield from _text(option.get("description"), OPTION_TEXT, f"{at}/{number}/description")


def _text(text: Any, most: int, at: str) -> Iterator[str]:
    if isinstance(text, dict):
        yield from _within(text.get("text"), 1, most, f"{at}/text")
        if text.get("type") == "mrkdwn" and "emoji" in text:
            yield f"mrkdwn text takes no `emoji` [json-pointer:{at}]"


def _within(value: Any, least: int, most: int, at: str) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) < least or not value.strip():
            yield f"must be more than {least - 1} characters [json-pointer:{at}]"
        if len(value) > most:
            yield f"must be less than {most + 1} characters [json-pointer:{at}]"


def _many(items: Any, most: int, at: str) -> Iterator[str]:
    if items is None:
        return
    if not isinstance(items, list) or not items:
        yield f"no fewer than 1 items allowed [json-pointer:{at}]"
    elif len(items) > most:
        yield f"no more than {most} items allowed [json-pointer:{at}]"


def problems_of_view(view: Json) -> Iterator[str]:
    """What is wrong with a view besides its blocks."""
    kind = view.get("type")
    for key, most in (("private_metadata", PRIVATE_METADATA), ("callback_id", CALLBACK_ID)):
        if view.get(key):
            yield from _within(view[key], 0, most, f"/view/{key}")
    if kind == "modal":
        for key in ("title", "submit", "close"):
            yield from _text(view.get(key), VIEW_TITLE, f"/view/{key}")
        inputs = any(isinstance(b, dict) and b.get("type") == "input" for b in view.get("blocks") or [])
        if inputs and "submit" not in view:
            yield "submit is required when an input block is within the blocks array [json-pointer:/view/submit]"
