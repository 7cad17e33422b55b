"""Slack's message markup undone: what people read, plus whom it names.

Slack escapes `&`, `<` and `>` in text and writes mentions and links between angle brackets (Slack: "Formatting text for app
surfaces"). Converted archives often hold unescaped brackets; only what is surely Slack's own is undone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.domain.letters import clean, on_one_line

_MARKUP = re.compile(r"<(?:([@#])([^<>|\s]+)|!([^<>|]+)|([A-Za-z][A-Za-z0-9+.-]{1,20}:[^<>|\s]+))(?:\|([^<>]*))?>")

_DEEPEST = 24
"""Levels of nested blocks that are looked into; Slack's own go to about six."""

NAME_LENGTH = 80
"""Characters of a name or id at most (Slack: display names up to 80)."""

_BROADCASTS = frozenset({"here", "channel", "everyone", "group"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainText:
    """Text without markup. `mentions` are ids of people, `groups` of user groups, in order of appearance."""

    text: str
    mentions: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def describe(value: object) -> str:
    """What kind of JSON value this is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    for kind, name in ((str, "a text"), (dict, "an object"), (list, "a list")):
        if isinstance(value, kind):
            return name
    return "a number"


def clean_name(value: object) -> str:
    """A name fit to be shown on one line; "" when there is none."""
    if type(value) is not str:
        return ""
    name = clean(value)
    return on_one_line(unescape(name) if "&" in name else name, NAME_LENGTH)


def identifier(value: object) -> str:
    """An id as text; "" when it isn't one. Slack's ids are capitals and digits; converted archives use anything."""
    if type(value) is not str:
        return ""
    if value.isalnum() and value.isascii() and len(value) <= NAME_LENGTH:
        return value
    return clean_name(value)


def unescape(text: str) -> str:
    """Undo the three escapes that Slack uses."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """Escape as Slack does in a message's text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(raw: str, person: Callable[[str], str], channel: Callable[[str], str]) -> PlainText:
    """Undo the markup of a message's text. `person` and `channel` give the name shown for an id ("" when unknown)."""
    raw = clean(raw)
    if "<" not in raw:
        return PlainText(text=unescape(raw) if "&" in raw else raw)
    mentions: list[str] = []
    groups: list[str] = []

    def undo(match: re.Match[str]) -> str:
        sigil, body, special, url, label = match.groups()
        label = (label or "").strip()
        if url:
            return _link(url, label)
        if sigil == "@":
            if body not in mentions:
                mentions.append(body)
            return "@" + (person(body) or label.removeprefix("@") or body)
        if sigil == "#":
            return "#" + (label.removeprefix("#") or channel(body) or body)
        if special.startswith("subteam^"):
            group = special.removeprefix("subteam^")
            if group not in groups:
                groups.append(group)
            return "@" + (label.removeprefix("@") or group)
        return "@" + special if special in _BROADCASTS else label or match[0]

    text = _MARKUP.sub(undo, raw)
    return PlainText(text=unescape(text) if "&" in text else text, mentions=tuple(mentions), groups=tuple(groups))


def _link(url: str, label: str) -> str:
    """A link as people would write it: the label first, the address only where the label doesn't say it already."""
    address = url.partition(":")[2] if url.startswith(("mailto:", "tel:")) else url
    bare = address.partition("://")[2] or address
    if not label or label in (address, url) or label.rstrip("/") == bare.rstrip("/"):
        return address
    return f"{label} ({address})"


_OF_APPS = ("bot_id", "app_id", "bot_profile")
"""Each says that an app made the post, also beside a person's `user` id."""

_INTO_SLACK = re.compile(
    r"<?https://(?:[\w-]+\.)*slack(?:-gov)?\.com/(?:archives|shortcuts)/[^<>|\s]+(?:\|(?:https://)?[^<>|\s]+/[^<>|\s]+)?>?"
)
"""A link to a message, channel or workflow of Slack, without a label or with the address as its label."""


def is_by_app(record: dict[str, object]) -> bool:
    """Whether an app made a post, whoever it names as its user."""
    return record.get("subtype") == "bot_message" or any(record.get(key) for key in _OF_APPS)


def only_links_into_slack(text: str) -> bool:
    """Whether a text (in markup) is nothing but links to other messages, channels or workflows of Slack."""
    links = text.replace("><", "> <").split()
    return bool(links) and all(_INTO_SLACK.fullmatch(link) for link in links)


def written(record: dict[str, object]) -> str:
    """A message's own words in Slack's markup: its `text`, or what its blocks say where `text` is empty.

    A person's own words never stand in attachments: those hold what they passed on (`is_share`) and what Slack shows of a link.
    An app's may.
    """
    text = record.get("text")
    if type(text) is str and text:
        return text
    lines = list(_block_lines(record.get("blocks"), 0))
    if not lines and "attachments" in record and is_by_app(record):
        lines = list(_attachment_lines(record.get("attachments")))
    return "\n".join(line for line in lines if line.strip())


def _attachment_lines(attachments: object) -> Iterable[str]:
    if not isinstance(attachments, list):
        return
    for attachment in attachments:
        if isinstance(attachment, dict) and not (attachment.get("is_share") or attachment.get("is_msg_unfurl")):
            said = [value for key in ("pretext", "text") if isinstance(value := attachment.get(key), str) and value]
            said = said or list(_block_lines(attachment.get("blocks"), 1))
            fallback = attachment.get("fallback") or attachment.get("title")
            if not said and isinstance(fallback, str):
                said = [fallback]
            yield from said


def _block_lines(blocks: object, depth: int) -> Iterable[str]:
    """One line per block that holds text (Block Kit: section, header, context, rich_text)."""
    if not isinstance(blocks, list) or depth > _DEEPEST:
        return
    for block in blocks:
        if not isinstance(block, dict):
            continue
        text = block.get("text")
        if isinstance(text, dict) and isinstance(text.get("text"), str):
            yield _text_object(text)
        fields = block.get("fields")
        if isinstance(fields, list):
            yield from (_text_object(field) for field in fields if isinstance(field, dict))
        elements = block.get("elements")
        if isinstance(elements, list):
            if block.get("type") == "rich_text":
                yield _rich(elements, depth + 1)
            elif block.get("type") == "context":
                yield " ".join(_text_object(element) for element in elements if isinstance(element, dict))


def _text_object(value: dict[str, object]) -> str:
    text = value.get("text")
    if not isinstance(text, str):
        return ""
    return text if value.get("type") == "mrkdwn" else escape(text)


def _rich(elements: list[object], depth: int) -> str:
    """The elements of a rich_text block in markup: sections, quotes and code follow each other on lines of their own."""
    if depth > _DEEPEST:
        return ""
    parts: list[str] = []
    for element in elements:
        if not isinstance(element, dict):
            continue
        inner = element.get("elements")
        if isinstance(inner, list):
            if parts:
                parts.append("\n")
            parts.append(_rich(inner, depth + 1))
        else:
            parts.append(_rich_leaf(element))
    return "".join(parts)


def _rich_leaf(element: dict[str, object]) -> str:
    def value(key: str) -> str:
        found = element.get(key)
        return found if isinstance(found, str) else ""

    match element.get("type"):
        case "user":
            return f"<@{value('user_id')}>"
        case "usergroup":
            return f"<!subteam^{value('usergroup_id')}>"
        case "channel":
            return f"<#{value('channel_id')}>"
        case "broadcast":
            return f"<!{value('range')}>"
        case "emoji":
            return f":{value('name')}:"
        case "link":
            url, label = value("url"), escape(value("text"))
            return f"<{url}|{label}>" if label else f"<{url}>"
        case "date":
            return escape(value("fallback"))
        case _:
            return escape(value("text"))
