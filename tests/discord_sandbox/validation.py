"""Whether Discord would take what the app sends: schemas made from its own specification, and rules that those don't say.

Figures: https://docs.discord.com/developers/resources/message, /components/reference, /interactions/application-commands.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

from tests.discord_sandbox.model import COMPONENTS_V2, EPHEMERAL, Json

SCHEMAS = Path(__file__).parent / "schemas"
SENT, SHOWN = "sent.json", "shown.json"
"""What the app sends, and what it is shown."""

CONTENT = 2_000
"""The specification says 4,000, which is for people who pay."""

EMBEDS_TOGETHER = 6_000
EMBED_PARTS = {"title": 256, "description": 4_096}
FIELD_NAME, FIELD_VALUE, FOOTER, AUTHOR = 256, 1_024, 2_048, 256
TEXT_DISPLAYS = 4_000
COMPONENTS = 40
COMMAND_SIZE = 8_000
CHOICES = 25
COMMANDS, MENUS_PER_KIND = 100, 15
COMMAND_NAME = re.compile(r"^[-_'\w]{1,32}$")
"""Chat commands and options; roughly: Discord also says which scripts."""

INTERACTIVE = {2: "button", 3: "select", 4: "text input", 5: "select", 6: "select", 7: "select", 8: "select"}


UNNAMED = {
    "RichEmbed": {"flags": {"type": "integer"}},
    "ApplicationCommandUpdateRequest": {
        "nsfw": {"type": "boolean"},
        "default_member_permissions": {"type": ["string", "integer", "null"]},
    },
    "MessageEditRequestPartial": {"tts": {"const": False}},
    "IncomingWebhookUpdateRequestPartial": {"tts": {"const": False}},
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": {"tts": {"const": False}},
}
"""What the specification doesn't name and Discord takes: `nsfw` and permissions as text are in the documentation, the others
discord.py always sends."""


@functools.cache
def definitions(source: str) -> Json:
    """All types of one of the files, by name."""
    found: Json = json.loads((SCHEMAS / source).read_text(encoding="utf-8"))["definitions"]
    for name, more in UNNAMED.items() if source == SENT else ():
        found[name]["properties"] |= more
    return found


@functools.cache
def _validator(name: str, source: str) -> Draft7Validator:
    return Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": definitions(source)})


@functools.lru_cache(maxsize=4096)
def _misfits(name: str, document: str, source: str) -> tuple[str, ...]:
    instance = json.loads(document)
    validator = _validator(name, source)
    if validator.is_valid(instance):
        return ()
    return tuple(f"{_path(error)}: {error.message[:300]}" for error in _leaves(validator.iter_errors(instance)))


def _path(error: ValidationError) -> str:
    return ".".join(str(part) for part in error.absolute_path) or "body"


def _leaves(errors: Iterator[ValidationError]) -> Iterator[ValidationError]:
    """The errors that say something: of alternatives, those of the one that the `type` in the value means."""
    for error in errors:
        if not error.context:
            yield error
            continue
        branches: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)

        def told(branch: list[ValidationError]) -> tuple[bool, int]:
            of_type = any(list(one.path)[-1:] == ["type"] or (one.validator == "type" and not one.path) for one in branch)
            return of_type, len(branch)

        yield from _leaves(iter(min(branches.values(), key=told)))


def misfits(name: str, value: Any, source: str = SENT) -> tuple[str, ...]:
    """Why a value isn't of one of the types; nothing if it is. Cached: a bot sends the same shapes again and again."""
    return _misfits(name, json.dumps(value, sort_keys=True), source)


def problems_of_message(name: str, body: Json, *, before: Json | None = None, surface: str = "message") -> list[str]:
    """Everything Discord would refuse in a message, an edit (`before` is what it changes) or an answer.
    A problem begins with the field it is about."""
    found = list(misfits(name, body))
    if found:
        return found
    shown = {**(before or {}), **{key: value for key, value in body.items() if value is not None}}
    shown |= {key: [] for key in ("embeds", "components") if key in body and body[key] is None}
    if "content" in body and body["content"] is None:
        shown["content"] = ""
    content, embeds, components = shown.get("content") or "", shown.get("embeds") or [], shown.get("components") or []
    found += _problems_of_content(content)
    found += _problems_of_embeds(embeds)
    flags = int(body.get("flags") or 0) | (int((before or {}).get("flags", 0)) & COMPONENTS_V2)
    found += problems_of_components(components, modern=bool(flags & COMPONENTS_V2), surface=surface)
    if flags & COMPONENTS_V2:
        for key, value in (("content", content), ("embeds", embeds), ("poll", body.get("poll"))):
            if value:
                found.append(f"{key}: The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")
        if not components:
            found.append("components: a message of components needs one")
    elif not any((content.strip(), embeds, components, shown.get("attachments"), shown.get("poll"), shown.get("sticker_ids"))):
        found.append("content: Cannot send an empty message")
    found += _problems_of_mentions(body.get("allowed_mentions"))
    if body.get("enforce_nonce") and not body.get("nonce"):
        found.append("enforce_nonce: needs a nonce")
    if isinstance(body.get("nonce"), str) and len(body["nonce"]) > 25:
        found.append("nonce: Must be 25 or fewer in length.")
    if flags & EPHEMERAL and name in ("MessageCreateRequest", "MessageEditRequestPartial"):
        found.append("flags: only an answer to an interaction can be ephemeral")
    return found


def _problems_of_content(content: str) -> Iterator[str]:
    if len(content) > CONTENT:
        yield f"content: Must be {CONTENT} or fewer in length."


def _problems_of_embeds(embeds: list[Json]) -> Iterator[str]:
    together = 0
    for number, embed in enumerate(embeds):
        at = f"embeds.{number}"
        fields = embed.get("fields") or []
        pieces = [
            (f"{at}.{key}", embed[key], most)
            for key, most in EMBED_PARTS.items()
            if isinstance(embed.get(key), str) and embed.get(key) is not None
        ]
        for count, entry in enumerate(fields):
            pieces.append((f"{at}.fields.{count}.name", entry["name"], FIELD_NAME))
            pieces.append((f"{at}.fields.{count}.value", entry["value"], FIELD_VALUE))
        if embed.get("footer"):
            pieces.append((f"{at}.footer.text", embed["footer"].get("text") or "", FOOTER))
        if embed.get("author"):
            pieces.append((f"{at}.author.name", embed["author"].get("name") or "", AUTHOR))
        for path, text, most in pieces:
            together += len(text)
            if len(text) > most:
                yield f"{path}: Must be {most} or fewer in length."
            if not text.strip() and not path.endswith(("title", "description")):
                yield f"{path}: This field is required"
        if not any(embed.get(key) for key in ("title", "description", "fields", "footer", "author", "image", "thumbnail")):
            yield f"{at}: an embed without anything in it"
        url = embed.get("url")
        if url and not url.startswith(("http://", "https://")):
            yield f"{at}.url: Scheme must be one of ('http', 'https')."
    if together > EMBEDS_TOGETHER:
        yield f"embeds: Embed size exceeds maximum size of {EMBEDS_TOGETHER}"


def _problems_of_mentions(allowed: Json | None) -> Iterator[str]:
    if not allowed:
        return
    for kind in ("users", "roles"):
        if allowed.get(kind) and kind in (allowed.get("parse") or []):
            yield f"allowed_mentions: parse:['{kind}'] and {kind}: [ids...] are mutually exclusive"


def every(components: list[Json]) -> Iterator[tuple[str, Json]]:
    """All components, nested ones too, with their paths."""
    for number, component in enumerate(components):
        yield from _nested(component, f"components.{number}")


def _nested(component: Json, at: str) -> Iterator[tuple[str, Json]]:
    yield at, component
    for number, inner in enumerate(component.get("components") or []):
        yield from _nested(inner, f"{at}.components.{number}")
    for key in ("accessory", "component"):
        if isinstance(component.get(key), dict):
            yield from _nested(component[key], f"{at}.{key}")


def problems_of_components(components: list[Json], *, modern: bool, surface: str = "message") -> Iterator[str]:
    """What is wrong with components beside their types: counts, ids used twice, empty or long texts."""
    found = list(every(components))
    if not modern and surface == "message":
        for at, component in found:
            if component.get("type") in (9, 10, 11, 12, 13, 14, 17):
                yield f"{at}.type: needs the flag IS_COMPONENTS_V2"
        if len(components) > 5:
            yield "components: Must be 5 or fewer in length."
    if len(found) > COMPONENTS:
        yield f"components: no more than {COMPONENTS} components, nested ones too"
    if sum(len(c.get("content") or "") for _, c in found if c.get("type") == 10) > TEXT_DISPLAYS:
        yield f"components: The total text of all components must be {TEXT_DISPLAYS} or fewer characters"
    ids: set[str] = set()
    numbers: set[int] = set()
    for at, component in found:
        id = component.get("custom_id")
        if isinstance(id, str):
            if id in ids:
                yield f"{at}.custom_id: Component custom id cannot be duplicated"
            ids.add(id)
            if not 1 <= len(id) <= 100:
                yield f"{at}.custom_id: Must be between 1 and 100 in length."
        number = component.get("id")
        if number:
            if number in numbers:
                yield f"{at}.id: ids must be unique within a message"
            numbers.add(number)
        yield from _problems_of_component(component, at)


def _problems_of_component(component: Json, at: str) -> Iterator[str]:
    match component.get("type"):
        case 1:
            kinds = [inner.get("type") for inner in component["components"]]
            if any(kind != 2 for kind in kinds) and len(kinds) > 1:
                yield f"{at}.components: a row holds up to five buttons or one select"
        case 2:
            style, label = component.get("style"), component.get("label")
            if not label and not component.get("emoji") and style != 6:
                yield f"{at}.label: a button needs a label or an emoji"
            if style == 5 and (not component.get("url") or component.get("custom_id")):
                yield f"{at}.url: a link button has a url and no custom_id"
            if style in (1, 2, 3, 4) and (component.get("url") or not component.get("custom_id")):
                yield f"{at}.custom_id: a button has a custom_id and no url"
            if component.get("url") and not component["url"].startswith(("http://", "https://", "discord://")):
                yield f"{at}.url: Scheme must be one of ('http', 'https', 'discord')."
        case 3:
            options = component.get("options") or []
            if not options:
                yield f"{at}.options: a menu without options"
            values = [option["value"] for option in options]
            if len(set(values)) != len(values):
                yield f"{at}.options: The specified option value is already used"
            for number, option in enumerate(options):
                for key in ("label", "value"):
                    if not option[key].strip():
                        yield f"{at}.options.{number}.{key}: This field is required"
            chosen = sum(bool(option.get("default")) for option in options)
            if chosen > (component.get("max_values") or 1):
                yield f"{at}.options: more defaults than max_values"
            yield from _problems_of_counts(component, len(options), at)
        case 10:
            if not (component.get("content") or "").strip():
                yield f"{at}.content: This field is required"
        case 4:
            least, most, value = component.get("min_length") or 0, component.get("max_length") or 4000, component.get("value")
            if least > most:
                yield f"{at}.min_length: more than max_length"
            if value and not least <= len(value) <= most:
                yield f"{at}.value: Must be between {least} and {most} in length."
        case 21 | 22:
            values = [option["value"] for option in component.get("options") or []]
            if len(set(values)) != len(values):
                yield f"{at}.options: The specified option value is already used"


def _problems_of_counts(component: Json, options: int, at: str) -> Iterator[str]:
    least, most = component.get("min_values"), component.get("max_values")
    if most is not None and most > options:
        yield f"{at}.max_values: more than there are options"
    if least is not None and least > (most if most is not None else 1):
        yield f"{at}.min_values: more than max_values"


def problems_of_modal(data: Json) -> list[str]:
    """Everything Discord would refuse in a modal's title and components."""
    found = []
    if not 1 <= len(data.get("title", "")) <= 45:
        found.append("title: Must be between 1 and 45 in length.")
    components = data.get("components") or []
    if not 1 <= len(components) <= 5:
        found.append("components: Must be between 1 and 5 in length.")
    found += problems_of_components(components, modern=True, surface="modal")
    for at, component in every(components):
        if component.get("type") == 4 and component.get("label") and ".component" in at and "components" not in at[11:]:
            found.append(f"{at}.label: the label is that of the Label around it")
    return found


def problems_of_commands(commands: list[Json]) -> list[str]:
    """Everything Discord would refuse in all commands of one scope."""
    found: list[str] = []
    for number, command in enumerate(commands):
        found += [f"{number}.{problem}" for problem in misfits("ApplicationCommandUpdateRequest", command)]
    if found:
        return found
    kinds = [int(command.get("type") or 1) for command in commands]
    for kind, most in ((1, COMMANDS), (2, MENUS_PER_KIND), (3, MENUS_PER_KIND)):
        if kinds.count(kind) > most:
            found.append(f"body: more than {most} commands of type {kind}")
    names = [(kind, command["name"]) for kind, command in zip(kinds, commands, strict=True)]
    if len(set(names)) != len(names):
        found.append("body: a name is used twice")
    for number, (kind, command) in enumerate(zip(kinds, commands, strict=True)):
        if kind == 1:
            found += _problems_of_command(command, str(number))
            if not command.get("description"):
                found.append(f"{number}.description: This field is required")
            if _size(command) > COMMAND_SIZE:
                found.append(f"{number}: Command exceeds maximum size ({COMMAND_SIZE})")
        elif command.get("description") or command.get("options"):
            found.append(f"{number}.description: a context menu has neither description nor options")
    return found


def _problems_of_command(command: Json, at: str) -> Iterator[str]:
    if not COMMAND_NAME.match(command["name"]) or command["name"] != command["name"].lower():
        yield f"{at}.name: String value did not match validation regex."
    options = command.get("options") or []
    names = [option["name"] for option in options]
    if len(set(names)) != len(names):
        yield f"{at}.options: an option's name is used twice"
    if len({option["type"] in (1, 2) for option in options}) > 1:
        yield f"{at}.options: subcommands and options can't be mixed"
    optional = False
    for number, option in enumerate(options):
        place = f"{at}.options.{number}"
        yield from _problems_of_command(option, place)
        if not option.get("description"):
            yield f"{place}.description: This field is required"
        if option["type"] in (1, 2):
            continue
        if option.get("required") and optional:
            yield f"{place}.required: Required options must be placed before non-required options"
        optional = optional or not option.get("required")
        if option.get("choices") and option.get("autocomplete"):
            yield f"{place}.autocomplete: choices and autocomplete exclude each other"


def _size(command: Json) -> int:
    """Characters of names, descriptions and values; of localisations the longest counts."""
    own = 0
    for key in ("name", "description"):
        local = (command.get(f"{key}_localizations") or {}).values()
        own += max([len(command.get(key) or ""), *(len(one) for one in local)])
    for choice in command.get("choices") or []:
        own += len(choice["name"]) + len(str(choice["value"]))
    return own + sum(_size(option) for option in command.get("options") or [])
