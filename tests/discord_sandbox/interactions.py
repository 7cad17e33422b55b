"""Interactions: what is sent to the app, and what it may answer when.

https://docs.discord.com/developers/interactions/receiving-and-responding: three seconds (of real time) for the first answer, a
token for fifteen minutes (by the fake's clock).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.discord_sandbox import permissions, shapes
from tests.discord_sandbox.model import Channel, Guild, Json, Message, User
from tests.discord_sandbox.validation import every

if TYPE_CHECKING:
    from tests.discord_sandbox.fake import FakeDiscord

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
"""Types of interactions."""

LIFE = 900.0
"""Seconds for which a token can be used."""

BUTTON, SELECTS = 2, {3: "string", 5: "user", 6: "role", 7: "mentionable", 8: "channel"}
TEXT_INPUT, LABEL, UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 4, 18, 19, 21, 22, 23


@dataclass(kw_only=True, eq=False)
class Interaction:
    """One, from what somebody did to what the app made of it."""

    id: str
    token: str
    kind: int
    user: User
    channel: Channel
    guild: Guild | None
    data: Json
    made_at: float
    message: Message | None = None
    expired: bool = False
    answer: int | None = None
    """The type of the first answer."""
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def answered(self) -> bool:
        """Whether the app answered in time."""
        return self.answer is not None

    @property
    def words(self) -> str:
        """All that was shown for it, newest last."""
        shown = [self.original, *self.followups]
        return "\n".join(message.text for message in shown if message is not None and not message.deleted)


def payload(fake: FakeDiscord, interaction: Interaction) -> Json:
    """INTERACTION_CREATE: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object"""
    world, now, guild, channel = fake.world, fake.clock.now(), interaction.guild, interaction.channel
    shown: Json = {
        "id": interaction.id,
        "application_id": world.application_id,
        "type": interaction.kind,
        "data": interaction.data,
        "token": interaction.token,
        "version": 1,
        "locale": "en-US",
        "channel_id": channel.id,
        "entitlements": [],
        "attachment_size_limit": 10_485_760,
        "authorizing_integration_owners": {},
        "context": 0 if guild is not None else 1 if channel.recipient == interaction.user.id else 2,
    }
    if guild is not None:
        member = guild.members[interaction.user.id]
        bot = guild.members.get(world.bot.id)
        allowed = permissions.within(guild, channel, bot, now=now) if bot is not None else 0
        shown |= {
            "guild_id": guild.id,
            "guild": {"id": guild.id, "locale": "en-US", "features": list(guild.features)},
            "guild_locale": "en-US",
            "member": shapes.interaction_member(guild, channel, member, now=now),
            "app_permissions": str(allowed),
            "authorizing_integration_owners": {"0": guild.id} if guild.has_bot else {"1": interaction.user.id},
        }
        mine = permissions.within(guild, channel, member, now=now)
        shown["channel"] = shapes.interaction_channel(world, channel, permissions_of=mine)
    else:
        shown |= {"user": shapes.user_object(interaction.user), "app_permissions": str(permissions.BOT)}
        shown["channel"] = shapes.interaction_channel(world, channel, permissions_of=0)
        shown["authorizing_integration_owners"] = {"0": "0"} if shown["context"] == 1 else {"1": interaction.user.id}
    if interaction.message is not None:
        bare = fake.bare_ephemerals and interaction.message.only_for is not None
        full = shapes.message_object(world, interaction.message)
        shown["message"] = {"id": full["id"], "flags": full["flags"]} if bare else full
    return shown


def controls(components: list[Json]) -> Iterator[Json]:
    """Buttons and menus, nested ones too."""
    for _, component in every(components):
        if component.get("type") == BUTTON or component.get("type") in SELECTS:
            yield component


def labelled(components: list[Json], label: str, kinds: frozenset[int]) -> Json:
    """The one control with a label, a custom_id or a placeholder."""
    known = [c for c in controls(components) if c["type"] in kinds]
    for key in ("custom_id", "label", "placeholder"):
        for control in known:
            if control.get(key) == label:
                return control
    shown = [str(c.get("label") or c.get("placeholder") or c.get("custom_id")) for c in known]
    raise LookupError(f"there is no {label!r} among {shown}")


def chosen(fake: FakeDiscord, guild: Guild | None, control: Json, wanted: Any) -> Json:
    """The values of a menu, with what they stand for: options by label or value, people, roles and channels by name or id."""
    many = list(wanted) if isinstance(wanted, list | tuple | set | frozenset) else [] if wanted is None else [wanted]
    kind = control["type"]
    least = control.get("min_values")
    least, most = 1 if least is None else least, control.get("max_values") or 1
    if not least <= len(many) <= most:
        raise ValueError(f"{len(many)} chosen where {least} to {most} can be")
    if kind == 3:
        by_label = {str(option["label"]): str(option["value"]) for option in control["options"]}
        values = [by_label.get(str(one), str(one)) for one in many]
        if strange := [value for value in values if value not in by_label.values()]:
            raise LookupError(f"there is no option {strange} among {list(by_label)}")
        return {"values": values}
    resolved: Json = {}
    values = []
    for one in many:
        if kind in (5, 7):
            user = fake.world.user(one)
            values.append(user.id)
            resolved.setdefault("users", {})[user.id] = shapes.user_object(user)
            if guild is not None and user.id in guild.members:
                resolved.setdefault("members", {})[user.id] = shapes.member_object(guild.members[user.id], user=False)
        elif kind == 6 and guild is not None:
            role = fake.world.role(guild, one)
            values.append(role.id)
            resolved.setdefault("roles", {})[role.id] = shapes.role_object(role)
        else:
            channel = fake.world.channel(one)
            values.append(channel.id)
            resolved.setdefault("channels", {})[channel.id] = shapes.interaction_channel(fake.world, channel, permissions_of=0)
    return {"values": values, **({"resolved": resolved} if resolved else {})}


def questions(modal: Json) -> list[tuple[str, Json]]:
    """What a modal asks: the label of each input, and the input."""
    found: list[tuple[str, Json]] = []
    for component in modal["components"]:
        if component["type"] == LABEL:
            found.append((component["label"], component["component"]))
        elif component["type"] == 1:
            found += [(inner.get("label", ""), inner) for inner in component["components"]]
    return found


def filled(fake: FakeDiscord, guild: Guild | None, modal: Json, given: Mapping[str, Any]) -> Json:
    """A modal filled in, by labels or custom_ids; what isn't given stays as it was opened."""
    asked = questions(modal)
    known = {name for label, element in asked for name in (label, element["custom_id"])}
    if strange := set(given) - known:
        raise LookupError(f"the form asks for nothing called {sorted(strange)}, but for {sorted(known)}")
    resolved: Json = {}
    shown = []
    for number, component in enumerate(modal["components"]):
        if component["type"] == LABEL:
            element = _filled(fake, guild, component["label"], component["component"], given, resolved)
            shown.append({"type": LABEL, "id": number * 10 + 1, "component": {"id": number * 10 + 2, **element}})
        elif component["type"] == 1:
            inner = component["components"][0]
            element = _filled(fake, guild, inner.get("label", ""), inner, given, resolved)
            shown.append({"type": 1, "id": number * 10 + 1, "components": [{"id": number * 10 + 2, **element}]})
        else:
            shown.append({"type": component["type"], "id": number * 10 + 1})
    data: Json = {"custom_id": modal["custom_id"], "components": shown}
    return {**data, "resolved": resolved} if resolved else data


def _filled(fake: FakeDiscord, guild: Guild | None, label: str, element: Json, given: Mapping[str, Any], resolved: Json) -> Json:
    kind, id = element["type"], element["custom_id"]
    named = id if id in given else label
    touched = named in given
    value = given.get(named)
    required = element.get("required", True)
    if kind == TEXT_INPUT:
        text = str(value if value is not None else "") if touched else element.get("value") or ""
        if required and not text:
            raise ValueError(f"{label!r} must be filled in before the form can be sent")
        least, most = element.get("min_length") or 0, element.get("max_length") or 4000
        if text and not least <= len(text) <= most:
            raise ValueError(f"{label!r} takes {least} to {most} characters")
        return {"type": kind, "custom_id": id, "value": text}
    if kind == CHECKBOX:
        return {"type": kind, "custom_id": id, "value": bool(value) if touched else bool(element.get("default"))}
    if kind in (RADIO, CHECKBOXES):
        by_label = {str(option["label"]): str(option["value"]) for option in element["options"]}
        default = [str(option["value"]) for option in element["options"] if option.get("default")]
        many = value if isinstance(value, list | tuple) else [] if value is None else [value]
        values = [by_label.get(str(one), str(one)) for one in many] if touched else default
        if strange := set(values) - set(by_label.values()):
            raise LookupError(f"there is no option {sorted(strange)} among {list(by_label)}")
        if required and not values:
            raise ValueError(f"{label!r} must be answered before the form can be sent")
        if kind == RADIO:
            return {"type": kind, "custom_id": id, "value": values[0] if values else None}
        return {"type": kind, "custom_id": id, "values": values}
    if kind in SELECTS:
        if not touched:
            value = [option["value"] for option in element.get("options") or () if option.get("default")]
            value = value or [default["id"] for default in element.get("default_values") or ()]
        if not value and not required:
            return {"type": kind, "custom_id": id, "values": []}
        taken = chosen(fake, guild, element, value)
        for key, known in taken.pop("resolved", {}).items():
            resolved.setdefault(key, {}).update(known)
        return {"type": kind, "custom_id": id, **taken}
    return {"type": kind, "custom_id": id, "values": []}


async def send(fake: FakeDiscord, interaction: Interaction) -> Interaction:
    """Sends it to the app and waits for the first answer; without one in time it has failed."""
    fake.interactions[interaction.token] = interaction
    fake.announcer.interaction(payload(fake, interaction))
    try:
        async with asyncio.timeout(fake.ack_seconds):
            await interaction.acknowledged.wait()
    except TimeoutError:
        interaction.expired = True
    return interaction


def make(
    fake: FakeDiscord,
    kind: int,
    user: User,
    channel: Channel,
    data: Json,
    *,
    message: Message | None = None,
    outside: bool = False,
) -> Interaction:
    """A new interaction. `outside`: by a command that the person installed for themselves, where the bot isn't."""
    id = fake.world.numbering.id(fake.clock.now())
    return Interaction(
        id=id,
        token=f"token-{id}",
        kind=kind,
        user=user,
        channel=channel,
        guild=fake.world.guild_of(channel),
        data=data,
        made_at=fake.clock.now(),
        message=message,
    )


def options_of(
    fake: FakeDiscord, guild: Guild | None, command: Json, path: list[str], given: Mapping[str, Any]
) -> tuple[list[Json], Json]:
    """The options of a chat command as they are sent, with what they stand for. What Discord's own client wouldn't let through
    raises: a subcommand or option that isn't there, one that is missing, a value of another type, none of the choices."""
    resolved: Json = {}
    nested: list[Json] = []
    inner, at = nested, command
    for name in path:
        step = next((o for o in at.get("options") or () if o["type"] in (1, 2) and o["name"] == name), None)
        if step is None:
            known = [o["name"] for o in at.get("options") or () if o["type"] in (1, 2)]
            raise LookupError(f"/{command['name']} has no {name!r}, but {known}")
        entry: Json = {"type": step["type"], "name": name, "options": []}
        inner.append(entry)
        inner, at = entry["options"], step
    if any(o["type"] in (1, 2) for o in at.get("options") or ()):
        raise LookupError(f"{' '.join(path) or command['name']} is a group: say which of {[o['name'] for o in at['options']]}")
    offered = {option["name"]: option for option in at.get("options") or ()}
    if strange := given.keys() - offered.keys():
        raise LookupError(f"there is no option {sorted(strange)} but {list(offered)}")
    for name, option in offered.items():
        if name not in given:
            if option.get("required"):
                raise ValueError(f"the option {name!r} must be filled in")
            continue
        inner.append({"type": option["type"], "name": name, "value": _value(fake, guild, option, given[name], resolved)})
    return nested, resolved


def _value(fake: FakeDiscord, guild: Guild | None, option: Json, value: Any, resolved: Json) -> Any:
    kind, name = option["type"], option["name"]
    if kind == 3:
        text = str(value)
        choices = {choice["name"]: choice["value"] for choice in option.get("choices") or ()}
        if choices and text not in choices and text not in choices.values():
            raise LookupError(f"{name}: {text!r} is none of {list(choices)}")
        text = choices.get(text, text)
        least, most = option.get("min_length") or 0, option.get("max_length") or 6000
        if not least <= len(text) <= most:
            raise ValueError(f"{name}: takes {least} to {most} characters")
        return text
    if kind in (4, 10):
        choices = {choice["name"]: choice["value"] for choice in option.get("choices") or ()}
        number = choices.get(value, value)
        return int(number) if kind == 4 else float(number)
    if kind == 5:
        return bool(value)
    menu = {6: 5, 7: 8, 8: 6, 9: 7}[kind]
    taken = chosen(fake, guild, {"type": menu}, value)
    for key, known in taken.pop("resolved", {}).items():
        resolved.setdefault(key, {}).update(known)
    return taken["values"][0]
