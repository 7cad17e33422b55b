"""The application commands, made from the table of what people can ask for: `/realreply` with a command below it for each, and
what can be done with a message from its menu (https://docs.discord.com/developers/interactions/application-commands).

What a command takes is asked for by Discord's own elements: words of a choice as choices, channels by its picker, everything else
as text with what may be meant offered while it is typed. They are registered anew only where they differ from what is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import discord
import structlog

from adapters.discord.failures import Waiting
from adapters.discord.spans import JsonObject
from adapters.discord.typed import NAME, group_of
from bot.commands.command import Command
from bot.commands.table import COMMANDS
from bot.domain.params import WHICH, Param
from bot.domain.visible import shorten

SUBCOMMAND: Final = 1
GROUP: Final = 2
STRING: Final = 3
INTEGER: Final = 4
CHANNEL: Final = 7
CHAT_INPUT: Final = 1
MESSAGE: Final = 3
IN_SERVERS: Final = 0
IN_DIRECT_MESSAGES: Final = 1
BETWEEN_OTHERS: Final = 2
"""Where commands are shown (`contexts`): in servers, in direct messages with the bot, in those with anybody else."""

BY_SERVER: Final = 0
BY_USER: Final = 1
"""Who installs what a command belongs to (`integration_types`)."""

LONGEST_DESCRIPTION: Final = 100
LONGEST_GIVEN: Final = 300
MOST_CHOICES: Final = 25

HOLDS_MESSAGES: Final = (0, 2, 5, 13, 15)
"""Kinds of channels that somebody may wait in: text, voice, announcement, stage, forum."""

HOME: Final = "home"
"""The subcommand that shows somebody's own page, which the table has no command for."""

WAITS: Final = "Mark as waiting"
NEEDS_NONE: Final = "Mark as needing no reply"
WHY: Final = "Why?"
CHECK: Final = "Check my reply"
AUTO_DM: Final = "Report an auto-DM"
"""What can be done with a message from its menu."""

NEEDS: Final = discord.Permissions(manage_messages=True).value
"""Whom Discord shows the commands before an administrator says otherwise (Server Settings, Integrations): who may manage
messages, which customers may not. It decides nothing: who uses one is looked at each time."""

_GROUPS: Final = {"me": "your hours, absences and what you are told", "leads": "for leads: what is watched, pauses, beginning"}

log = structlog.get_logger()


def payload(*, auto_dms: bool = True) -> list[JsonObject]:
    """All commands as they are registered, for all servers at once. `auto_dms`: people may report auto-DMs, by a command
    that they install for themselves: what the server has isn't shown in direct messages with others."""
    shared: JsonObject = {
        "default_member_permissions": NEEDS,
        "integration_types": [BY_SERVER],  # nobody installs it for themselves
    }
    slash: JsonObject = {
        "type": CHAT_INPUT,
        "name": NAME,
        "description": "who is still waiting for an answer, and what to do about it",
        "contexts": [IN_SERVERS, IN_DIRECT_MESSAGES],
        "options": _below(),
        **shared,
    }
    menus = ({"type": MESSAGE, "name": name, "contexts": [IN_SERVERS], **shared} for name in (WAITS, NEEDS_NONE, WHY, CHECK))
    report: JsonObject = {"type": MESSAGE, "name": AUTO_DM, "contexts": [BETWEEN_OTHERS], "integration_types": [BY_USER]}
    return [slash, *menus, *((report,) if auto_dms else ())]


def _below() -> list[JsonObject]:
    made = [_subcommand(command) for command in COMMANDS.values() if not group_of(command)]
    home: JsonObject = {
        "type": SUBCOMMAND,
        "name": HOME,
        "description": "your own page: who waits for you, your settings, your figures",
    }
    groups: list[JsonObject] = [
        {
            "type": GROUP,
            "name": group,
            "description": about,
            "options": [_subcommand(command) for command in COMMANDS.values() if group_of(command) == group],
        }
        for group, about in _GROUPS.items()
    ]
    return [*made, home, *groups]


def _subcommand(command: Command) -> JsonObject:
    asked = [_option(param) for param in command.params if not param.hidden]
    asked.sort(key=lambda option: not option.get("required", False))  # what has to be there comes first
    return {
        "type": SUBCOMMAND,
        "name": command.name,
        "description": shorten(command.help, LONGEST_DESCRIPTION),
        **({"options": asked} if asked else {}),
    }


def _option(param: Param) -> JsonObject:
    base: JsonObject = {"name": param.name, "description": _about(param), **({"required": True} if param.required else {})}
    match param.kind:
        case "choice" if len(param.options) <= MOST_CHOICES:
            return {"type": STRING, **base, "choices": [{"name": word, "value": word} for word in param.options]}
        case "channel":
            return {"type": CHANNEL, **base, "channel_types": list(HOLDS_MESSAGES)}
        case "number":
            return {"type": INTEGER, **base, "min_value": 1, "max_value": 999}
    if param.longest:  # a whole message: nothing could be offered
        return {"type": STRING, **base, "max_length": param.longest}
    return {"type": STRING, **base, "max_length": LONGEST_GIVEN, "autocomplete": True}


def _about(param: Param) -> str:
    """What is asked for, with an example where there is one."""
    asked = (param.question or WHICH[param.kind]).rstrip("?")
    example = f", such as {param.examples[0]}" if param.examples else ""
    return shorten(asked[:1].lower() + asked[1:] + example, LONGEST_DESCRIPTION)


async def sync_if_changed(client: Callable[[], discord.Client], waiting: Waiting, *, auto_dms: bool = True) -> bool:
    """Register the commands, unless the same are there already. True where they were registered. Reports of auto-DMs (`auto_dms`)
    are left out where the app can't be installed by people for themselves. Raises DeliveryError and its kinds."""
    wanted = payload(auto_dms=auto_dms and for_users(client().application))
    application = client().application_id
    if application is None:
        raise RuntimeError("the commands can be registered after login alone")
    http = client().http
    there = await waiting.answer(http.get_global_commands(application), "asking which commands there are")
    if as_compared(there) == as_compared(wanted):
        return False
    body: Any = wanted
    await waiting.answer(http.bulk_upsert_global_commands(application, payload=body), "registering the commands")
    log.info("discord_commands_registered", say="The commands were registered with Discord; it shows them within a minute.")
    return True


def for_users(app: discord.AppInfo | None) -> bool:
    """Whether people can install an app for themselves, as far as Discord tells (`integration_types_config`: "User Install" in
    the portal)."""
    return app is None or app.user_integration_config is not None or app.guild_integration_config is None


_SAME: Final = {"required": False, "autocomplete": False, "options": [], "choices": [], "description": ""}
"""What Discord says of a command, or leaves out, where nothing else was said."""

_COMPARED: Final = frozenset(
    {"type", "name", "description", "default_member_permissions", "contexts", "integration_types", "options", "required"}
    | {"choices", "value", "channel_types", "min_value", "max_value", "max_length", "autocomplete"}
)
"""What is said when a command is registered; the rest (id, version, ...) Discord adds."""

_UNORDERED: Final = frozenset({"contexts", "integration_types", "channel_types"})


def as_compared(commands: Any) -> Any:
    """Commands, or a part of one, in a form in which the same are equal, whether we made them or Discord tells of them."""
    if isinstance(commands, Mapping):
        said = {key: as_compared(value) for key, value in commands.items() if key in _COMPARED and value is not None}
        said = {key: sorted(value) if key in _UNORDERED else value for key, value in said.items()}
        if "default_member_permissions" in said:
            said["default_member_permissions"] = int(said["default_member_permissions"])  # given as a number, told as text
        return {key: value for key, value in said.items() if key not in _SAME or value != _SAME[key]}
    if isinstance(commands, list):
        made = [as_compared(each) for each in commands]
        topmost = all(isinstance(each, dict) and "integration_types" in each for each in made)
        return sorted(made, key=lambda each: (each["type"], each["name"])) if made and topmost else made
    return commands
