"""Public bots that can send direct messages to whoever joins, as their makers write: `data/welcome_bots.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from bot.domain.value import value


@value
class WelcomeBot:
    """A public bot, by its id on Discord; `source` is where it stands in writing that it can welcome by direct message."""

    id: str
    name: str
    source: str


@cache
def welcome_bots() -> Mapping[str, WelcomeBot]:
    """Those that are known, by id; read when they are first needed."""
    told = tomllib.loads((files("adapters.discord") / "data" / "welcome_bots.toml").read_text(encoding="utf-8"))
    found = [WelcomeBot(id=one["id"], name=one["name"], source=one["source"]) for one in told["bots"]]
    return {one.id: one for one in found}
