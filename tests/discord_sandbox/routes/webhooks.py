"""Answers to interactions: the callback, the original answer, follow-ups.
https://docs.discord.com/developers/interactions/receiving-and-responding"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.discord_sandbox import shapes
from tests.discord_sandbox.errors import Refused
from tests.discord_sandbox.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, LIFE, MODAL, Interaction
from tests.discord_sandbox.model import COMMAND as COMMAND_MESSAGE
from tests.discord_sandbox.model import CONTEXT_COMMAND, DEFAULT, EPHEMERAL, LOADING, REPLY, Json, Message, Outgoing
from tests.discord_sandbox.routes.messages import apply_edit, refuse_bad_body, stored, want_allowed_mentions
from tests.discord_sandbox.routes.table import Call, Route
from tests.discord_sandbox.validation import CHOICES, misfits, problems_of_message, problems_of_modal

if TYPE_CHECKING:
    from tests.discord_sandbox.fake import FakeDiscord

MESSAGE, LATER, LATER_UPDATE, UPDATE, SUGGESTIONS, FORM = 4, 5, 6, 7, 8, 9
"""Types of answers."""

ALLOWED = {
    COMMAND: {MESSAGE, LATER, FORM},
    COMPONENT: {MESSAGE, LATER, LATER_UPDATE, UPDATE, FORM},
    AUTOCOMPLETE: {SUGGESTIONS},
    MODAL: {MESSAGE, LATER, LATER_UPDATE, UPDATE},
}
SCHEMAS = {
    MESSAGE: "CreateMessageInteractionCallbackRequest",
    LATER: "CreateMessageInteractionCallbackRequest",
    LATER_UPDATE: "UpdateMessageInteractionCallbackRequest",
    UPDATE: "UpdateMessageInteractionCallbackRequest",
    SUGGESTIONS: "ApplicationCommandAutocompleteCallbackRequest",
    FORM: "ModalInteractionCallbackRequest",
}

FOLLOWUPS_OUTSIDE = 5
"""Follow-ups where the app was installed by a person alone."""


def callback(fake: FakeDiscord, call: Call) -> Json | None:
    """POST /interactions/{interaction.id}/{interaction.token}/callback"""
    interaction = fake.interactions.get(call.parts["token"])
    if interaction is None or interaction.id != call.parts["interaction"]:
        raise Refused(10062, offence="answers an interaction that we never sent")
    if interaction.expired:
        raise Refused(10062)
    if interaction.answered:
        raise Refused(40060)
    kind, data = call.json.get("type"), call.json.get("data") or {}
    if kind not in ALLOWED[interaction.kind]:
        raise Refused(50035, offence=f"an interaction of type {interaction.kind} is answered with type {kind}")
    if kind in (LATER_UPDATE, UPDATE) and interaction.message is None:
        raise Refused(50035, offence="updates the message of something that has none")
    refuse_bad_body("answer", [f"data: {problem}" for problem in misfits(SCHEMAS[kind], call.json)])
    record = Outgoing(
        what={FORM: "modal", SUGGESTIONS: "suggestions"}.get(kind, "answer"),
        channel=interaction.channel.id,
        body=call.json,
        at=fake.clock.now(),
        user=interaction.user.id,
    )
    shown: Message | None = None
    if kind in (MESSAGE, LATER):
        if kind == MESSAGE:
            refuse_bad_body("answer", problems_of_message("IncomingWebhookRequestPartial", data))
            want_allowed_mentions(fake, "answer", data)
        shown = _answer(fake, interaction, data, call.files, loading=kind == LATER)
    elif kind == UPDATE:
        assert interaction.message is not None
        shown = interaction.message
        apply_edit(fake, "answer", "IncomingWebhookUpdateRequestPartial", shown, data, call.files)
    elif kind == LATER_UPDATE:
        shown = interaction.message
    elif kind == SUGGESTIONS:
        if len(data.get("choices") or []) > CHOICES:
            raise Refused(50035, offence=f"more than {CHOICES} choices")
        interaction.choices = data.get("choices") or []
    else:
        refuse_bad_body("modal", problems_of_modal(data))
        interaction.modal = data
        fake.modals[interaction.user.id] = (interaction, data)
    if kind not in (LATER, LATER_UPDATE):
        fake.outgoing.append(record)
    interaction.original = shown
    interaction.answer = kind
    record.id = shown.id if shown is not None else ""
    if shown is not None and shown.only_for is None:
        record.user = ""
    interaction.acknowledged.set()
    if call.query.get("with_response", "").lower() not in ("1", "true"):
        return None
    told: Json = {"id": interaction.id, "type": interaction.kind}
    answer: Json = {"interaction": told}
    if kind in (MESSAGE, LATER, LATER_UPDATE, UPDATE) and shown is not None:
        told |= {
            "response_message_id": shown.id,
            "response_message_loading": bool(shown.flags & LOADING),
            "response_message_ephemeral": bool(shown.flags & EPHEMERAL),
            "channel_id": shown.channel_id,
        }
        answer["resource"] = {"type": kind, "message": shapes.message_object(fake.world, shown)}
    elif kind == FORM:
        answer["resource"] = {"type": kind}
    return answer


def _answer(
    fake: FakeDiscord, interaction: Interaction, data: Json, files: list[str], *, loading: bool = False, followup: bool = False
) -> Message:
    """A message because of an interaction. Where the bot isn't, nobody but the person sees it."""
    flags = int(data.get("flags") or 0)
    outside = interaction.guild is not None and not interaction.guild.has_bot
    private = bool(flags & EPHEMERAL) or outside
    kind = DEFAULT
    if not followup and interaction.kind == COMMAND:
        kind = COMMAND_MESSAGE if interaction.data.get("type", 1) == 1 else CONTEXT_COMMAND
    elif not followup and interaction.message is not None:
        kind = REPLY
    extra = stored(data, files)
    extra["interaction_metadata"] = {
        "id": interaction.id,
        "type": interaction.kind,
        "user": shapes.user_object(interaction.user),
        "authorizing_integration_owners": {"0": interaction.guild.id} if interaction.guild else {"1": interaction.user.id},
        **({"interacted_message_id": interaction.message.id} if interaction.message is not None else {}),
    }
    message = fake.put(
        interaction.channel,
        fake.world.bot,
        data.get("content") or "",
        kind=kind,
        allowed=data.get("allowed_mentions") or {"parse": ["users", "roles", "everyone"]},
        flags=flags | (LOADING if loading else 0),
        application_id=fake.world.application_id,
        webhook_id=fake.world.application_id,
        only_for=interaction.user.id if private else None,
        extra=extra,
    )
    if message.mention_everyone:
        fake.offence("answer: it mentions @everyone or @here")
    if private:
        fake.seen.setdefault(interaction.user.id, []).append(message)
    return message


def _token(fake: FakeDiscord, call: Call) -> Interaction:
    if call.parts["application"] != fake.world.application_id:
        raise Refused(10015, offence="uses a webhook that isn't ours")
    interaction = fake.interactions.get(call.parts["token"])
    if interaction is None:
        raise Refused(10015, offence="uses a token that we never gave")
    if fake.clock.now() - interaction.made_at > LIFE:
        raise Refused(50027)
    if not interaction.answered:
        raise Refused(10015)
    return interaction


def _message(interaction: Interaction, call: Call) -> Message:
    id = call.parts.get("message", "@original")
    known = [interaction.original, *interaction.followups]
    found = interaction.original if id == "@original" else next((m for m in known if m is not None and m.id == id), None)
    if found is None or found.deleted:
        raise Refused(10008)
    return found


def read(fake: FakeDiscord, call: Call) -> Json:
    """GET /webhooks/{application.id}/{interaction.token}/messages/@original (or one by id)"""
    return shapes.message_object(fake.world, _message(_token(fake, call), call))


def edit(fake: FakeDiscord, call: Call) -> Json:
    """PATCH /webhooks/{application.id}/{interaction.token}/messages/@original (or one by id)"""
    interaction = _token(fake, call)
    message, body = _message(interaction, call), call.json
    if message.flags & LOADING:
        message.flags &= ~LOADING
        apply_edit(fake, "answer", "IncomingWebhookUpdateRequestPartial", message, body, call.files)
        message.edited_at = None
    else:
        apply_edit(fake, "answer", "IncomingWebhookUpdateRequestPartial", message, body, call.files)
    _note(fake, interaction, message, body, "answer")
    return shapes.message_object(fake.world, message)


def _note(fake: FakeDiscord, interaction: Interaction, message: Message, body: Json, what: str) -> None:
    user = interaction.user.id if message.only_for is not None else ""
    fake.outgoing.append(
        Outgoing(what=what, channel=message.channel_id, body=body, at=fake.clock.now(), id=message.id, user=user)
    )


def delete(fake: FakeDiscord, call: Call) -> None:
    """DELETE /webhooks/{application.id}/{interaction.token}/messages/@original (or one by id)"""
    message = _message(_token(fake, call), call)
    fake.remove(message, told=message.only_for is None)


def follow(fake: FakeDiscord, call: Call) -> Any:
    """POST /webhooks/{application.id}/{interaction.token}"""
    interaction, body = _token(fake, call), call.json
    refuse_bad_body("followup", problems_of_message("IncomingWebhookRequestPartial", body))
    want_allowed_mentions(fake, "followup", body)
    outside = interaction.guild is None or not interaction.guild.has_bot
    if outside and len(interaction.followups) >= FOLLOWUPS_OUTSIDE:
        raise Refused(50035, offence=f"more than {FOLLOWUPS_OUTSIDE} follow-ups where the app was installed by a person")
    loading = interaction.original if interaction.original is not None and interaction.original.flags & LOADING else None
    if loading is not None and not interaction.followups:
        # The first follow-up after "thinking" takes its place, with its privacy: an alias that Discord advises against.
        fake.warnings.append("followup: the first one after type 5 edits the original; use the original")
        loading.flags &= ~LOADING
        apply_edit(fake, "followup", "IncomingWebhookRequestPartial", loading, {**body, "flags": None}, call.files)
        _note(fake, interaction, loading, body, "followup")
        return shapes.message_object(fake.world, loading)
    message = _answer(fake, interaction, body, call.files, followup=True)
    interaction.followups.append(message)
    _note(fake, interaction, message, body, "followup")
    return shapes.message_object(fake.world, message)


HOOK = "/webhooks/{application}/{token}"
QUERY = frozenset({"wait", "with_components", "thread_id"})
OF_MESSAGES = frozenset({"with_components", "thread_id"})

ROUTES = (
    Route(
        method="POST",
        path="/interactions/{interaction}/{token}/callback",
        handler=callback,
        query=frozenset({"with_response"}),
        body=True,
    ),
    Route(method="POST", path=HOOK, handler=follow, query=QUERY, body=True),
    Route(method="GET", path=HOOK + "/messages/{message}", handler=read, query=OF_MESSAGES),
    Route(method="PATCH", path=HOOK + "/messages/{message}", handler=edit, query=OF_MESSAGES, body=True),
    Route(method="DELETE", path=HOOK + "/messages/{message}", handler=delete, query=OF_MESSAGES),
)
