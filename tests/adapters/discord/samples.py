"""The shared sample views with people's ids as Discord has them, and what only Discord shows: parts of the own page, a modal."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from adapters.discord.render import RenderedMessage, render_answer, render_home, render_message, render_modal
from bot.domain.views import Form, PersonName, View
from tests.wording.samples import NAMES, views

IDS = {person: str(80351110224600000 + place) for place, person in enumerate(NAMES)}
CALLED = {id: NAMES[person] for person, id in IDS.items()}

PRIVATE = (
    "waiting_list",
    "waiting_page",
    "waiting_done",
    "waiting_none",
    "why",
    "help",
    "own_stats",
    "team_stats",
    "refused",
    "audit",
    "automod",
    "automod_made",
    "auto_dm_sums",
    "auto_dm_thanks",
)
"""Views that are answers to who asked; the others are posts."""


def name_of(person: str) -> str:
    return CALLED.get(person, person)


def with_discord_ids(value: Any) -> Any:
    """A view, or a part of one, with every person's id as Discord writes them."""
    if isinstance(value, PersonName):
        return replace(value, person=IDS.get(value.person, value.person))
    if isinstance(value, View):
        addressed = tuple(IDS.get(person, person) for person in value.addressed)
        return replace(value, nodes=with_discord_ids(value.nodes), addressed=addressed)
    if isinstance(value, tuple):
        return tuple(with_discord_ids(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: with_discord_ids(getattr(value, field.name)) for field in fields(value)})
    return value


@cache
def discord_views() -> dict[str, View]:
    """One of every kind of view."""
    return {kind: with_discord_ids(view) for kind, view in views().items()}


@cache
def messages() -> dict[str, RenderedMessage]:
    """Every message, by the name of its golden file."""
    made = discord_views()
    found: dict[str, RenderedMessage] = {}
    for kind, view in made.items():
        if kind in PRIVATE or kind == "for_the_team":
            for place, part in enumerate(render_answer(view, name_of=name_of)):
                found[f"{kind}_{place + 1}" if place else kind] = part
        elif kind.startswith("home"):
            for part in range(1, 4):
                rendered = render_home(view, part, name_of=name_of)
                if rendered not in found.values():
                    found[f"{kind}_{part}" if part > 1 else kind] = rendered
        else:
            found[kind] = render_message(view, name_of=name_of, key=f"{kind}#0.1")
    found["home_done"] = render_home(made["home"], 1, name_of=name_of, above=made["refused"])
    return found


@cache
def modals() -> dict[str, dict[str, object]]:
    """Every modal, by the name of its golden file."""
    form = next(node for node in discord_views()["form"].nodes if isinstance(node, Form))
    return {"modal_form": render_modal(form), "modal_form_home": render_modal(form, page=2)}


@cache
def surfaces() -> dict[str, dict[str, Any]]:
    """Everything that is rendered, as JSON."""
    shown: dict[str, dict[str, Any]] = {
        kind: {"components": rendered.components, "called": list(rendered.called)} for kind, rendered in messages().items()
    }
    return {**shown, **modals()}
