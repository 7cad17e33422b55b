"""What people see of Discord's components and markup: words, quotes, who is called, controls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from adapters.discord.layout import MORE, WHAT_TO_DO
from tests.scenario.stage import Shown

Json = dict[str, Any]

MARKUP = re.compile(
    r"\\(?P<escaped>[^0-9A-Za-z\s])"
    r"|<@!?(?P<who>\d+)>"
    r"|<t:(?P<at>\d+)(?::(?P<form>[a-zA-Z]))?>"
    r"|\[(?P<label>(?:\\.|[^\]\\])+)\]\(<?(?P<url>[^)>]+)>?\)"
    r"|`(?P<code>[^`]+)`"
    r"|(?P<bold>\*\*)"
    r"|(?P<other>.)",
    re.DOTALL,
)
LEADS = re.compile(r"^(### |## |# |-# |- )")

TUCKED = (MORE, WHAT_TO_DO)
"""Menus of what is a button elsewhere."""


@dataclass
class Looks:
    """Collects what is in a message. `name_of` gives people's names by id."""

    name_of: Callable[[str], str]
    words: list[str] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    menus: dict[str, tuple[str, ...]] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)

    def text(self, content: str) -> None:
        """Lines of markup."""
        quoted: list[str] = []
        for line in [*content.split("\n"), ""]:
            if line.startswith("> "):
                quoted.append(self.plain(line[2:]))
                continue
            if quoted:
                self.quotes.append("\n".join(quoted))
                self.words.append(self.quotes[-1])
                quoted = []
            if line:
                self.words.append(self.plain(LEADS.sub("", line)))

    def plain(self, text: str) -> str:
        """A line as it is read."""
        said = ""
        for found in MARKUP.finditer(text):
            if found["who"]:
                self.calls.append(self.name_of(found["who"]))
                said += "@" + self.calls[-1]
            elif found["at"]:
                # How far away it is changes with the reader's clock: nobody's words.
                said += "" if found["form"] == "R" else f"{datetime.fromtimestamp(int(found['at']), UTC):%-d %b %H:%M}"
            elif found["url"]:
                self.links.append(found["url"])
                said += self.plain(found["label"])
            else:
                said += found["escaped"] or found["code"] or found["other"] or ""
        return said.replace(" ()", "")

    def component(self, component: Json) -> None:
        """One component, and those within it."""
        match component["type"]:
            case 10:
                self.text(component["content"])
            case 2:
                if component.get("url"):
                    self.links.append(component["url"])
                else:
                    self.buttons.append(component["label"])
            case 3:
                self.menu(component)
            case 18:
                self.inputs.append(component["label"])
            case _:
                for inner in component.get("components") or ():
                    self.component(inner)
                if component.get("accessory"):
                    self.component(component["accessory"])

    def menu(self, component: Json) -> None:
        """A menu: what is tucked away in one is a button, or an option of a menu that is named before it."""
        name = component.get("placeholder", "")
        for option in component["options"]:
            label = option["label"]
            if name not in TUCKED:
                self.menus[name] = (*self.menus.get(name, ()), label)
            elif ": " in label:
                menu, _, choice = label.partition(": ")
                self.menus[menu] = (*self.menus.get(menu, ()), choice)
            else:
                self.buttons.append(label)


def look(content: str, components: list[Json], name_of: Callable[[str], str], **more: Any) -> Shown:
    """A message as somebody sees it."""
    looks = Looks(name_of)
    if content:
        looks.text(content)
    for component in components:
        looks.component(component)
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


def options_in(components: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every option of every menu, with its menu."""
    for component in components:
        if component["type"] == 3:
            for option in component["options"]:
                yield component, option
        yield from options_in(component.get("components") or [])


def buttons_in(components: list[Json]) -> Iterator[Json]:
    """Every button that can be pressed."""
    for component in components:
        if component["type"] == 2 and component.get("custom_id"):
            yield component
        yield from buttons_in(component.get("components") or [])
        if component.get("accessory"):
            yield from buttons_in([component["accessory"]])
