"""The shared sample views with people's ids as Slack has them, and what only Slack shows: a Home, modals, a form."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from adapters.slack.render import render_home, render_message, render_modal
from bot.domain.views import PersonName, View
from tests.wording.samples import NAMES, views

IDS = {person: f"U0{person.upper()}" for person in NAMES}
CALLED = {id: NAMES[person] for person, id in IDS.items()}


def name_of(person: str) -> str:
    return CALLED.get(person, person)


def with_slack_ids(value: Any) -> Any:
    """A view, or a part of one, with every person's id as Slack writes them."""
    if isinstance(value, PersonName):
        return replace(value, person=IDS.get(value.person, value.person))
    if isinstance(value, View):
        addressed = tuple(IDS.get(person, person) for person in value.addressed)
        return replace(value, nodes=with_slack_ids(value.nodes), addressed=addressed)
    if isinstance(value, tuple):
        return tuple(with_slack_ids(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: with_slack_ids(getattr(value, field.name)) for field in fields(value)})
    return value


def slack_views() -> dict[str, View]:
    """One of every kind of view."""
    return {kind: with_slack_ids(view) for kind, view in views().items()}


def surfaces() -> dict[str, dict[str, Any]]:
    """Everything that is rendered, as JSON, by the name of its golden file."""
    made = slack_views()
    found: dict[str, dict[str, Any]] = {}
    for kind, view in made.items():
        message = render_message(view, name_of=name_of)
        found[kind] = {"text": message.text, "blocks": message.blocks}
    for kind in ("home", "home_lead", "home_outsider"):
        found[kind] = render_home(made[kind], name_of=name_of)
    found["modal_form"] = render_modal(made["form"], name_of=name_of, private_metadata="w17")
    found["modal_why"] = render_modal(made["why"], name_of=name_of)
    found["modal_team_stats"] = render_modal(made["team_stats"], name_of=name_of)
    return found
