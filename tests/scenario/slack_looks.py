"""What people see of Slack's blocks: words, quotes, who is called, controls."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.scenario.stage import Shown

MRKDWN = re.compile(r"<(?:!date\^[^|>]*\|([^>]*)|(https?://[^|>]+)\|([^>]*)|@(\w+))>")


@dataclass
class Looks:
    """Collects what is in blocks. `name_of` gives people's names by id."""

    name_of: Callable[[str], str]
    words: list[str] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    menus: dict[str, tuple[str, ...]] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)

    def block(self, block: dict[str, Any]) -> None:
        kind = block["type"]
        if kind == "rich_text":
            for part in block["elements"]:
                self.rich(part)
        elif kind == "header":
            self.words.append(block["text"]["text"])
        elif kind in ("section", "context"):
            for text in [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]:
                if text is not None:
                    self.words.append(self.plain(text["text"]))
        elif kind == "actions":
            for element in block["elements"]:
                self.control(element)
        elif kind == "input":
            self.inputs.append(block["label"]["text"])

    def rich(self, part: dict[str, Any]) -> None:
        if part["type"] == "rich_text_list":
            for item in part["elements"]:
                self.rich(item)
            return
        said = ""
        for element in part["elements"]:
            match element["type"]:
                case "text":
                    said += element["text"]
                case "user":
                    self.calls.append(self.name_of(element["user_id"]))
                    said += "@" + self.name_of(element["user_id"])
                case "link":
                    self.links.append(element["url"])
                    said += element.get("text", element["url"])
                case "date":
                    said += element["fallback"]
                case other:
                    raise AssertionError(f"an element {other!r} in rich text")
        self.words.append(said)
        if part["type"] == "rich_text_quote":
            self.quotes.append(said)

    def plain(self, text: str) -> str:
        def shown(found: re.Match[str]) -> str:
            if found[2]:
                self.links.append(found[2])
            if found[4]:
                self.calls.append(self.name_of(found[4]))
            return found[1] or found[3] or "@" + self.name_of(found[4] or "")

        said = MRKDWN.sub(shown, text)
        return said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    def control(self, element: dict[str, Any]) -> None:
        if element["type"] == "button":
            self.buttons.append(element["text"]["text"])
        elif element["type"] == "overflow":
            self.buttons += [option["text"]["text"] for option in element["options"]]
        else:
            options = tuple(option["text"]["text"] for option in element.get("options", ()))
            self.menus[element.get("placeholder", {}).get("text", "")] = options


def look(blocks: list[dict[str, Any]], name_of: Callable[[str], str], **more: Any) -> Shown:
    """Blocks as somebody sees them."""
    looks = Looks(name_of)
    for block in blocks:
        looks.block(block)
    return Shown(
        words="\n".join(looks.words),
        quotes=tuple(looks.quotes),
        calls=tuple(looks.calls),
        links=tuple(looks.links),
        buttons=tuple(looks.buttons),
        menus=looks.menus,
        inputs=tuple(looks.inputs),
        **more,
    )
