"""Whether Slack would take a message or a view: the generated schemas, the limits, and slack_sdk's own models."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.slack_sandbox import limits

Json = dict[str, Any]

SCHEMAS = Path(__file__).parent / "schemas"
SENT, RECEIVED, INTERACTIONS = "slack.json", "events.json", "interactions.json"
"""What the app sends, and the events and interactions it gets."""

BLOCKS = {
    "actions": "ActionsBlock",
    "alert": "AlertBlock",
    "card": "CardBlock",
    "carousel": "CarouselBlock",
    "container": "ContainerBlock",
    "context": "ContextBlock",
    "context_actions": "ContextActionsBlock",
    "divider": "DividerBlock",
    "file": "FileBlock",
    "header": "HeaderBlock",
    "image": "ImageBlock",
    "input": "InputBlock",
    "markdown": "MarkdownBlock",
    "rich_text": "RichTextBlock",
    "section": "SectionBlock",
    "table": "TableBlock",
    "task_card": "TaskCardBlock",
    "plan": "PlanBlock",
    "video": "VideoBlock",
}
"""The `type` of a block -> its name in the schemas."""

ARGUMENTS = {
    "chat.postMessage": "PostMessage",
    "chat.update": "Update",
    "chat.postEphemeral": "PostEphemeral",
    "views.open": "ViewsOpen",
    "views.publish": "ViewsPublish",
}


@functools.cache
def definitions(source: str) -> Json:
    """All types of one of the files, by name."""
    found: Json = json.loads((SCHEMAS / source).read_text(encoding="utf-8"))["definitions"]
    return found


@functools.cache
def _validator(name: str, source: str) -> Draft7Validator:
    return Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": definitions(source)})


@functools.lru_cache(maxsize=4096)
def _misfits(name: str, document: str, source: str) -> tuple[str, ...]:
    """Why a JSON document isn't of a type. Cached: a bot sends the same shapes again and again."""
    instance = json.loads(document)
    validator = _validator(name, source)
    if validator.is_valid(instance):
        return ()
    found = best_match(validator.iter_errors(instance))
    pointer = "/".join(str(part) for part in found.absolute_path) if found else ""
    return (f"not a {name}: {found.message[:300] if found else 'it does not fit'} [json-pointer:/{pointer}]",)


def misfits(name: str, value: Any, source: str = SENT) -> tuple[str, ...]:
    """Why a value isn't of one of the generated types; nothing if it is."""
    return _misfits(name, json.dumps(value, sort_keys=True), source)


def problems_of_blocks(blocks: Any, *, surface: str) -> list[str]:
    """Everything Slack would refuse in the blocks of a "message", a "modal" or a "home"."""
    found = list(limits.problems_of_blocks(blocks, surface=surface))
    if not isinstance(blocks, list):
        return found
    known = []
    for number, block in enumerate(blocks):
        kind = block.get("type") if isinstance(block, dict) else None
        if kind not in BLOCKS:
            found.append(f"unsupported type: {kind} [json-pointer:/blocks/{number}/type]")
            continue
        wrong = misfits(BLOCKS[kind], block)
        found.extend(f"{problem} in /blocks/{number}" for problem in wrong)
        if not wrong:
            known.append(block)
    return found + list(_doubts_of_sdk(known))


def _doubts_of_sdk(blocks: list[Json]) -> Iterator[str]:
    for block in Block.parse_all(blocks):
        try:
            block.validate_json()
        except SlackObjectFormationError as refused:
            yield f"slack_sdk: {refused} [json-pointer:/blocks]"


def problems_of_view(view: Any) -> list[str]:
    """Everything Slack would refuse in a modal or a home tab."""
    if not isinstance(view, dict):
        return ["view must be an object [json-pointer:/view]"]
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [f"unsupported type: {kind} [json-pointer:/view/type]"]
    found = list(misfits("Modal" if kind == "modal" else "Home", {**view, "blocks": []}))
    found += limits.problems_of_view(view)
    found += problems_of_blocks(view.get("blocks"), surface=kind)
    if not found:
        try:
            View(**view).validate_json()
        except SlackObjectFormationError as refused:
            found.append(f"slack_sdk: {refused} [json-pointer:/view]")
    return found


def problems_of_arguments(method: str, arguments: Json) -> list[str]:
    """Why the arguments of a method aren't those of Slack's own SDK types. Blocks and views are judged on their own."""
    name = ARGUMENTS.get(method)
    if name is None:
        return []
    plain = dict(arguments)
    if "blocks" in plain:
        plain["blocks"] = []
    if "view" in plain and isinstance(plain["view"], dict):
        plain["view"] = {**plain["view"], "blocks": []}
    return list(misfits(name, plain))


def problems_of_metadata(metadata: Any) -> list[str]:
    """Why a message's metadata would be refused: https://docs.slack.dev/messaging/message-metadata."""
    if not isinstance(metadata, dict):
        return ["metadata must be an object"]
    found = [f"metadata needs {key}" for key in ("event_type", "event_payload") if key not in metadata]
    if not found:
        found += misfits("MessageMetadata", metadata)
        if len(json.dumps(metadata["event_payload"])) > limits.METADATA:
            found.append("metadata is too large")
    return found
