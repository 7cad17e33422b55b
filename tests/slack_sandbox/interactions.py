"""Interaction payloads and what belongs to them: triggers, response URLs, finding the control somebody means.

https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from tests.slack_sandbox.limits import INTERACTIVE
from tests.slack_sandbox.model import Json, Profile

if TYPE_CHECKING:
    from tests.slack_sandbox.fake import FakeSlack


@dataclass(kw_only=True)
class Trigger:
    """A trigger_id: who caused it, when, and whether a view was opened with it."""

    LIFE: ClassVar[float] = 3.0

    user: str
    made: float
    used: bool = False


@dataclass(kw_only=True)
class Reply:
    """A response_url: whom it answers, where, and the message it came from."""

    LIFE: ClassVar[float] = 30 * 60.0
    USES: ClassVar[int] = 5

    user: str
    channel: str
    made: float
    uses: int = 0
    source_ts: str = ""
    """The ts of the message or ephemeral that was clicked, "" for commands."""


def trigger_id(fake: FakeSlack, user: str) -> str:
    """A fresh trigger for somebody."""
    made = f"{int(fake.clock.now())}.{fake.workspace.team.id}.{uuid.uuid4().hex}"
    fake.triggers[made] = Trigger(user=user, made=fake.clock.now())
    return made


def response_url(fake: FakeSlack, user: str, channel: str, source_ts: str = "") -> str:
    """A fresh response URL."""
    ticket = uuid.uuid4().hex
    fake.replies[ticket] = Reply(user=user, channel=channel, made=fake.clock.now(), source_ts=source_ts)
    return f"http://127.0.0.1:{fake.port}/response/{ticket}"


def base(fake: FakeSlack, kind: str, person: Profile) -> Json:
    """What all interactions carry."""
    team = fake.workspace.team
    return {
        "type": kind,
        "token": "fake-verification-token",
        "team": {"id": team.id, "domain": team.domain},
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team.id},
        "api_app_id": fake.workspace.app_id,
        "enterprise": {"id": team.enterprise_id, "name": team.name} if team.enterprise_id else None,
        "is_enterprise_install": False,
    }


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """(block, element) of every control in blocks."""
    for block in blocks:
        inside = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
        for element in inside:
            if isinstance(element, dict) and element.get("type") in INTERACTIVE:
                yield block, element


def label_of(element: Json, block: Json) -> str:
    """What a person would call a control."""
    for text in (element.get("text"), block.get("label"), element.get("placeholder")):
        if isinstance(text, dict):
            return str(text.get("text", ""))
    return ""


What = str | tuple[str, str]
"""How somebody names a control: its label, action_id, value or block_id; or exactly, (block_id, action_id)."""


def find(blocks: list[Json], what: What, kinds: tuple[str, ...] = ()) -> tuple[Json, Json]:
    """The control that is meant; LookupError lists what there is."""
    there = [(b, e) for b, e in elements(blocks) if not kinds or e["type"] in kinds]
    if not isinstance(what, str):
        there = [(b, e) for b, e in there if (b.get("block_id"), e.get("action_id")) == tuple(what)]
        if len(there) != 1:
            raise LookupError(f"{len(there)} controls are {what!r}")
        return there[0]
    for test in (
        lambda b, e: label_of(e, b) == what,
        lambda b, e: e.get("action_id") == what or e.get("value") == what,
        lambda b, e: b.get("block_id") == what,
        lambda b, e: what.lower() in label_of(e, b).lower(),
    ):
        found = [(b, e) for b, e in there if test(b, e)]
        if len(found) == 1:
            return found[0]
        if found:
            raise LookupError(f"{len(found)} controls are called {what!r}")
    names = [label_of(e, b) or e.get("action_id") for b, e in there]
    raise LookupError(f"there is no {what!r} here, only {names}")


def option_of(element: Json, choice: str) -> Json:
    """The option with this label or value."""
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    for option in options:
        if choice in (option["text"]["text"], option.get("value")):
            return dict(option)
    raise LookupError(f"no option {choice!r}, only {[o['text']['text'] for o in options]}")


def chosen(fake: FakeSlack, element: Json, choice: Any) -> Json:
    """The part of an action or of a view's state that tells what was chosen or typed."""
    kind = element["type"]
    many = choice if isinstance(choice, list | tuple) else [choice]
    match kind:
        case "static_select" | "overflow" | "radio_buttons" | "external_select":
            return {"selected_option": option_of(element, choice) if choice is not None else None}
        case "multi_static_select" | "checkboxes":
            return {"selected_options": [option_of(element, one) for one in many]}
        case "users_select":
            return {"selected_user": fake.workspace.person(choice).id if choice is not None else None}
        case "multi_users_select":
            return {"selected_users": [fake.workspace.person(one).id for one in many]}
        case "conversations_select":
            return {"selected_conversation": fake.workspace.conversation(choice).id if choice is not None else None}
        case "channels_select":
            return {"selected_channel": fake.workspace.conversation(choice).id if choice is not None else None}
        case "multi_conversations_select":
            return {"selected_conversations": [fake.workspace.conversation(one).id for one in many]}
        case "multi_channels_select":
            return {"selected_channels": [fake.workspace.conversation(one).id for one in many]}
        case "datepicker":
            return {"selected_date": choice}
        case "timepicker":
            return {"selected_time": choice}
        case "datetimepicker":
            return {"selected_date_time": int(choice) if choice is not None else None}
        case _:
            return {"value": choice}


def initial(element: Json) -> Json:
    """What a control holds before anybody touches it."""
    match element["type"]:
        case "static_select" | "radio_buttons" | "external_select":
            return {"selected_option": element.get("initial_option")}
        case "multi_static_select" | "checkboxes":
            return {"selected_options": element.get("initial_options", [])}
        case "users_select":
            return {"selected_user": element.get("initial_user")}
        case "multi_users_select":
            return {"selected_users": element.get("initial_users", [])}
        case "conversations_select":
            return {"selected_conversation": element.get("initial_conversation")}
        case "multi_conversations_select":
            return {"selected_conversations": element.get("initial_conversations", [])}
        case "channels_select":
            return {"selected_channel": element.get("initial_channel")}
        case "multi_channels_select":
            return {"selected_channels": element.get("initial_channels", [])}
        case "datepicker":
            return {"selected_date": element.get("initial_date")}
        case "timepicker":
            return {"selected_time": element.get("initial_time")}
        case "datetimepicker":
            return {"selected_date_time": element.get("initial_date_time")}
        case _:
            return {"value": element.get("initial_value")}


def state_of(fake: FakeSlack, blocks: list[Json], values: dict[str, Any], held: Json | None = None) -> Json:
    """`state.values`: initial values, over them what was `held` already, over that what somebody fills in now (by label,
    action_id or block_id).
    """
    state: Json = {}
    for block, element in elements(blocks):
        if element["type"] != "button":
            state.setdefault(block["block_id"], {})[element.get("action_id", "")] = {"type": element["type"], **initial(element)}
    for block_id, actions in (held or {}).items():
        state.setdefault(block_id, {}).update(actions)
    for what, value in values.items():
        block, element = find(blocks, what, tuple(INTERACTIVE - {"button", "workflow_button"}))
        state[block["block_id"]][element.get("action_id", "")] = {"type": element["type"], **chosen(fake, element, value)}
    return {"values": state}


def missing_input(blocks: list[Json], state: Json) -> str:
    """The label of a required input that is still empty; Slack doesn't let such a form go."""
    for block in blocks:
        if block["type"] == "input" and not block.get("optional"):
            for held in state["values"].get(block["block_id"], {}).values():
                if all(value in (None, "", []) for key, value in held.items() if key != "type"):
                    return str(block["label"]["text"])
    return ""
