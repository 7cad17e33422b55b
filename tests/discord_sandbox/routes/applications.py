"""The application, its commands, and the gateway's address. https://docs.discord.com/developers/interactions/application-commands"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.discord_sandbox import shapes
from tests.discord_sandbox.errors import Refused
from tests.discord_sandbox.model import Json
from tests.discord_sandbox.routes.messages import refuse_bad_body
from tests.discord_sandbox.routes.table import Call, Route, find_guild
from tests.discord_sandbox.validation import misfits, problems_of_commands

if TYPE_CHECKING:
    from tests.discord_sandbox.fake import FakeDiscord

NEW_A_DAY = 200
"""Commands with new names that may be made in a day and scope."""


def gateway(fake: FakeDiscord, _: Call) -> Json:
    """GET /gateway/bot"""
    used = fake.gateway.identifies
    limit = {"total": 1000, "remaining": max(0, fake.identifies_left - used), "reset_after": 14_400_000, "max_concurrency": 1}
    return {"url": fake.gateway_url, "shards": 1, "session_start_limit": limit}


def application(fake: FakeDiscord, _: Call) -> Json:
    """GET /oauth2/applications/@me, GET /applications/@me"""
    shown = shapes.application_object(
        fake.world,
        flags=fake.application_flags,
        description=fake.description,
        name=fake.world.bot.username,
        guilds=sum(guild.has_bot for guild in fake.world.guilds.values()),
        for_users=fake.for_users,
        public=fake.public,
    )
    return {**shown, "owner": shapes.user_object(fake.developer)}


def change_application(fake: FakeDiscord, call: Call) -> Json:
    """PATCH /applications/@me"""
    said = call.json.get("description")
    # The documentation has plain text, which discord.py sends; the specification knows the form with localisations alone.
    given = {**call.json, "description": {"default": said}} if isinstance(said, str) else call.json
    refuse_bad_body("application", list(misfits("ApplicationFormPartial", given)))
    text = said.get("default", "") if isinstance(said, dict) else said
    if text is not None:
        fake.description = text
    return application(fake, call)


def _scope(fake: FakeDiscord, call: Call) -> str:
    if call.parts["application"] != fake.world.application_id:
        raise Refused(50001, offence="asks for another application's commands")
    return find_guild(fake, call).id if "guild" in call.parts else ""


def _command(fake: FakeDiscord, given: Json, scope: str, id: str) -> Json:
    kind = int(given.get("type") or 1)
    shown: Json = {
        "id": id,
        "application_id": fake.world.application_id,
        "version": fake.world.numbering.id(fake.clock.now()),
        "default_member_permissions": None,
        "type": kind,
        "description": "",
        "nsfw": False,
        "name_localizations": None,
        "description_localizations": None,
        **given,
    }
    if kind == 1:
        shown.setdefault("options", [])
    if scope:
        shown["guild_id"] = scope
    else:
        shown |= {
            "dm_permission": True,
            "contexts": given.get("contexts"),
            "integration_types": given.get("integration_types") or [0],
        }
    return shown


def list_commands(fake: FakeDiscord, call: Call) -> list[Json]:
    """GET .../commands; localisations only if asked for."""
    found = [dict(command) for command in fake.commands.get(_scope(fake, call), {}).values()]
    if call.query.get("with_localizations", "").lower() not in ("true", "1"):
        for command in found:
            for key in ("name_localizations", "description_localizations"):
                command.pop(key, None)
    return found


def put_commands(fake: FakeDiscord, call: Call) -> list[Json]:
    """PUT .../commands: all at once; those of a name that was there keep their id, and cost nothing."""
    scope = _scope(fake, call)
    given = call.body
    if not isinstance(given, list):
        raise Refused(50109, offence="needs a list of commands")
    refuse_bad_body("commands", problems_of_commands(given))
    if scope and any(command.get("contexts") or command.get("integration_types") for command in given):
        fake.offence("commands: contexts and integration_types are for global commands")
    return _replace(fake, scope, given)


def _replace(fake: FakeDiscord, scope: str, given: list[Json]) -> list[Json]:
    before = {(c["type"], c["name"]): id for id, c in fake.commands.get(scope, {}).items()}
    new = sum((int(c.get("type") or 1), c["name"]) not in before for c in given)
    fake.commands_made += new
    if fake.commands_made > NEW_A_DAY:
        raise Refused(30034, offence="made more than 200 commands in a day")
    made: dict[str, Json] = {}
    for command in given:
        id = before.get((int(command.get("type") or 1), command["name"])) or fake.world.numbering.id(fake.clock.now())
        made[id] = _command(fake, command, scope, id)
    fake.commands[scope] = made
    return list(made.values())


def delete_command(fake: FakeDiscord, call: Call) -> Any:
    """DELETE .../commands/{command.id}"""
    if fake.commands.get(_scope(fake, call), {}).pop(call.parts["command"], None) is None:
        raise Refused(10063)
    return None


LOCAL = frozenset({"with_localizations"})
SCOPES = ("/applications/{application}/commands", "/applications/{application}/guilds/{guild}/commands")

ROUTES = (
    Route(method="GET", path="/gateway/bot", handler=gateway),
    Route(method="GET", path="/oauth2/applications/@me", handler=application),
    Route(method="GET", path="/applications/@me", handler=application),
    Route(method="PATCH", path="/applications/@me", handler=change_application, body=True),
    *(Route(method="GET", path=path, handler=list_commands, query=LOCAL) for path in SCOPES),
    *(Route(method="PUT", path=path, handler=put_commands, body=True) for path in SCOPES),
    *(Route(method="DELETE", path=path + "/{command}", handler=delete_command) for path in SCOPES),
)
