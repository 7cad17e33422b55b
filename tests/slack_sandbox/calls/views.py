"""views.*: modals and the App Home. https://docs.slack.dev/reference/methods?family=views"""

from __future__ import annotations

import copy
import uuid
from typing import TYPE_CHECKING, Any

from tests.slack_sandbox import validation
from tests.slack_sandbox.calls.chat import with_block_ids
from tests.slack_sandbox.calls.table import Method, Refused
from tests.slack_sandbox.model import Json, Outgoing

if TYPE_CHECKING:
    from tests.slack_sandbox.fake import FakeSlack

DEEPEST = 3
"""Modals in one stack."""


def refuse_bad_view(view: Any, kind: str) -> None:
    """Raises invalid_arguments for a view that Slack doesn't take."""
    problems = validation.problems_of_view(view)
    if not problems and view["type"] != kind:
        problems = [f"a {view['type']} view where a {kind} belongs [json-pointer:/view/type]"]
    if problems:
        raise Refused("invalid_arguments", messages=problems, offence="; ".join(problems))


def stored(fake: FakeSlack, view: Json, *, user: str, previous: Json | None = None, same: Json | None = None) -> Json:
    """A view as Slack keeps and shows it: https://docs.slack.dev/reference/views. `same` keeps the id of what it replaces."""
    workspace = fake.workspace
    made: Json = {
        "id": same["id"] if same else workspace.numbering.id("V"),
        "team_id": workspace.team.id,
        "app_id": workspace.app_id,
        "app_installed_team_id": workspace.team.id,
        "bot_id": workspace.bot_id,
        "type": view["type"],
        "blocks": with_block_ids(view["blocks"]),
        "private_metadata": view.get("private_metadata", ""),
        "callback_id": view.get("callback_id", ""),
        "external_id": view.get("external_id", ""),
        "state": {"values": {}},
        "hash": f"{int(fake.clock.now())}.{uuid.uuid4().hex[:8]}",
        "title": view.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "submit": view.get("submit"),
        "close": view.get("close"),
        "clear_on_close": view.get("clear_on_close", False),
        "notify_on_close": view.get("notify_on_close", False),
        "previous_view_id": same["previous_view_id"] if same else previous["id"] if previous else None,
    }
    made["root_view_id"] = same["root_view_id"] if same else previous["root_view_id"] if previous else made["id"]
    fake.views[made["id"]] = made
    fake.owners[made["id"]] = user
    return made


def _take_trigger(fake: FakeSlack, trigger_id: str | None) -> str:
    """Whose trigger it is: good for three seconds, once."""
    if trigger_id is None:
        raise Refused("invalid_arguments", offence="opens a view without trigger_id")
    trigger = fake.triggers.get(trigger_id)
    if trigger is None:
        raise Refused("invalid_trigger_id", offence=f"the trigger_id {trigger_id!r} isn't one we gave")
    if trigger.used:
        raise Refused("exchanged_trigger_id", offence="uses a trigger_id twice")
    if fake.clock.now() - trigger.made > trigger.LIFE:
        raise Refused("expired_trigger_id")
    trigger.used = True
    return trigger.user


def _record(fake: FakeSlack, method: str, arguments: Json, user: str) -> None:
    fake.outgoing.append(Outgoing(method=method, channel="", arguments=arguments, at=fake.clock.now(), user=user))


def open_view(fake: FakeSlack, arguments: Json) -> Json:
    """A modal for whom the trigger belongs to."""
    refuse_bad_view(arguments["view"], "modal")
    user = _take_trigger(fake, arguments.get("trigger_id"))
    _record(fake, "views.open", arguments, user)
    view = stored(fake, arguments["view"], user=user)
    fake.modals[user] = [view]
    return {"view": copy.deepcopy(view)}


def push(fake: FakeSlack, arguments: Json) -> Json:
    """A modal on top of the one that is open."""
    refuse_bad_view(arguments["view"], "modal")
    user = _take_trigger(fake, arguments.get("trigger_id"))
    stack = fake.modals.get(user, [])
    if not stack:
        raise Refused("not_found", offence="pushes a view where none is open")
    if len(stack) >= DEEPEST:
        raise Refused("push_limit_reached", offence=f"more than {DEEPEST} modals in a stack")
    _record(fake, "views.push", arguments, user)
    view = stored(fake, arguments["view"], user=user, previous=stack[-1])
    stack.append(view)
    return {"view": copy.deepcopy(view)}


def update(fake: FakeSlack, arguments: Json) -> Json:
    """Replaces a view by its id or external id."""
    wanted, external = arguments.get("view_id"), arguments.get("external_id")
    found = next(
        (v for v in fake.views.values() if (wanted and v["id"] == wanted) or (external and v["external_id"] == external)), None
    )
    if found is None:
        raise Refused("not_found")
    refuse_bad_view(arguments["view"], found["type"])
    if "hash" in arguments and arguments["hash"] != found["hash"]:
        raise Refused("hash_conflict")
    user = fake.owners[found["id"]]
    _record(fake, "views.update", arguments, user)
    return {"view": copy.deepcopy(replace(fake, found, arguments["view"]))}


def replace(fake: FakeSlack, found: Json, view: Json) -> Json:
    """Puts a new view in the place of an old one, wherever it is shown."""
    user = fake.owners[found["id"]]
    view = stored(fake, view, user=user, same=found)
    stack = fake.modals.get(user, [])
    for number, shown in enumerate(stack):
        if shown["id"] == view["id"]:
            stack[number] = view
    if fake.homes.get(user, {}).get("id") == view["id"]:
        fake.homes[user] = view
    return view


def publish(fake: FakeSlack, arguments: Json) -> Json:
    """Somebody's App Home."""
    refuse_bad_view(arguments["view"], "home")
    user = arguments["user_id"]
    person = fake.workspace.people.get(user)
    if person is None or person.is_stranger or person.is_bot:
        raise Refused("user_not_found")
    old = fake.homes.get(user)
    if "hash" in arguments and old is not None and arguments["hash"] != old["hash"]:
        raise Refused("hash_conflict")
    _record(fake, "views.publish", arguments, user)
    fake.homes[user] = stored(fake, arguments["view"], user=user, same=old)
    return {"view": copy.deepcopy(fake.homes[user])}


METHODS = {
    "views.open": Method(arguments="view:json! trigger_id:str interactivity_pointer:str", handler=open_view),
    "views.push": Method(arguments="view:json! trigger_id:str interactivity_pointer:str", handler=push),
    "views.update": Method(arguments="view:json! view_id:str external_id:str hash:str", handler=update),
    "views.publish": Method(arguments="view:json! user_id:str! hash:str", handler=publish),
}
