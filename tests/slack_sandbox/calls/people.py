"""auth, team, bots, users, usergroups, dnd, reactions: what an app asks about who is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.slack_sandbox.calls.table import Method, Refused, conversation_of, page
from tests.slack_sandbox.model import Json, Profile

if TYPE_CHECKING:
    from tests.slack_sandbox.fake import FakeSlack


def auth_test(fake: FakeSlack, _: Json) -> Json:
    """https://docs.slack.dev/reference/methods/auth.test"""
    workspace = fake.workspace
    answer: Json = {
        "url": f"https://{workspace.team.domain}.slack.com/",
        "team": workspace.team.name,
        "user": workspace.bot.name,
        "team_id": workspace.team.id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }
    return {**answer, "enterprise_id": workspace.team.enterprise_id} if workspace.team.enterprise_id else answer


def connections_open(fake: FakeSlack, _: Json) -> Json:
    """https://docs.slack.dev/reference/methods/apps.connections.open"""
    return {"url": fake.sockets.ticket(fake.port)}


def team_info(fake: FakeSlack, arguments: Json) -> Json:
    """https://docs.slack.dev/reference/methods/team.info. Of others it gives only whom the token "is allowed to see through
    external shared channels" (the same page)."""
    workspace = fake.workspace
    if "domain" in arguments:
        raise Refused("team_not_on_enterprise", offence="asks by domain, which only an organisation's app may")
    asked = arguments.get("team", workspace.team.id)
    connected = {id for one in workspace.conversations.values() if workspace.in_it(one) for id in one.connected_team_ids}
    team = workspace.teams.get(asked)
    if team is None or asked not in connected | {workspace.team.id}:
        raise Refused("team_not_found")
    shown: Json = {
        "id": team.id,
        "name": team.name,
        "url": f"https://{team.domain}.slack.com/",
        "domain": team.domain,
        "email_domain": "",
        "icon": {"image_default": True},
        "avatar_base_url": "https://ca.slack-edge.com/",
        "is_verified": False,
    }
    if team.enterprise_id:
        shown |= {"enterprise_id": team.enterprise_id, "enterprise_name": team.enterprise_name or team.name}
    return {"team": shown}


def bots_info(fake: FakeSlack, arguments: Json) -> Json:
    """https://docs.slack.dev/reference/methods/bots.info"""
    bot = fake.workspace.bots.get(arguments.get("bot", fake.workspace.bot_id))
    if bot is None:
        raise Refused("bot_not_found")
    return {"bot": bot}


def _person(fake: FakeSlack, key: str) -> Profile:
    person = fake.workspace.people.get(key)
    if person is None:
        raise Refused("user_not_found")
    return person


def _emails(fake: FakeSlack) -> bool:
    return "users:read.email" in fake.scopes


def users_info(fake: FakeSlack, arguments: Json) -> Json:
    """https://docs.slack.dev/reference/methods/users.info"""
    return {"user": fake.workspace.user_object(_person(fake, arguments["user"]), with_email=_emails(fake))}


def users_list(fake: FakeSlack, arguments: Json) -> Json:
    """Everybody the workspace knows, strangers that the bot has met included: users.list."""
    people = list(fake.workspace.people.values())
    part, following = page(people, cursor=arguments.get("cursor"), limit=arguments.get("limit"), default=1000, most=1000)
    return {
        "members": [fake.workspace.user_object(person, with_email=_emails(fake)) for person in part],
        "cache_ts": int(fake.clock.now()),
        "response_metadata": {"next_cursor": following},
    }


def usergroups_list(fake: FakeSlack, arguments: Json) -> Json:
    """https://docs.slack.dev/reference/methods/usergroups.list"""
    groups = [g for g in fake.workspace.groups.values() if arguments.get("include_disabled") or not g.disabled]
    users = bool(arguments.get("include_users"))
    shown = [fake.workspace.group_object(group, users=users) for group in groups]
    if not arguments.get("include_count"):
        for entry in shown:
            entry.pop("user_count")
    return {"usergroups": shown}


def usergroup_users(fake: FakeSlack, arguments: Json) -> Json:
    """https://docs.slack.dev/reference/methods/usergroups.users.list"""
    group = fake.workspace.groups.get(arguments["usergroup"])
    if group is None:
        raise Refused("no_such_subteam")
    if group.disabled and not arguments.get("include_disabled"):
        raise Refused("subteam_disabled")
    return {"users": list(group.users)}


def dnd_info(fake: FakeSlack, arguments: Json) -> Json:
    """https://docs.slack.dev/reference/methods/dnd.info"""
    who = arguments.get("user", fake.workspace.bot.id)
    return fake.workspace.dnd_object(_person(fake, who), for_itself=who == fake.workspace.bot.id)


def dnd_team_info(fake: FakeSlack, arguments: Json) -> Json:
    """https://docs.slack.dev/reference/methods/dnd.teamInfo: up to 50 users."""
    asked = arguments["users"]
    if len(asked) > 50:
        raise Refused("too_many_users", offence=f"asks for {len(asked)} users at once")
    return {"users": {who: fake.workspace.dnd_object(_person(fake, who), for_itself=False) for who in asked}, "cached": True}


def reactions_get(fake: FakeSlack, arguments: Json) -> Json:
    """https://docs.slack.dev/reference/methods/reactions.get, for messages."""
    if "channel" not in arguments or "timestamp" not in arguments:
        raise Refused("no_item_specified", offence="reactions.get needs channel and timestamp")
    conversation = conversation_of(fake, arguments["channel"])
    message = conversation.messages.get(arguments["timestamp"])
    if message is None or message.deleted:
        raise Refused("message_not_found")
    shown = fake.workspace.message_object(message, threads=False)
    return {"type": "message", "channel": conversation.id, "message": {**shown, "permalink": fake.permalink(message)}}


METHODS = {
    "auth.test": Method(arguments="", handler=auth_test),
    "apps.connections.open": Method(arguments="", handler=connections_open, app_token=True),
    "team.info": Method(arguments="team:str domain:str", handler=team_info, scope="team:read"),
    "bots.info": Method(arguments="bot:str team_id:str", handler=bots_info, scope="users:read"),
    "users.info": Method(arguments="user:str! include_locale:bool", handler=users_info, scope="users:read"),
    "users.list": Method(
        arguments="cursor:str limit:int include_locale:bool team_id:str", handler=users_list, scope="users:read"
    ),
    "usergroups.list": Method(
        arguments="include_count:bool include_disabled:bool include_users:bool team_id:str",
        handler=usergroups_list,
        scope="usergroups:read",
    ),
    "usergroups.users.list": Method(
        arguments="usergroup:str! include_disabled:bool team_id:str", handler=usergroup_users, scope="usergroups:read"
    ),
    "dnd.info": Method(arguments="user:str team_id:str", handler=dnd_info, scope="dnd:read"),
    "dnd.teamInfo": Method(arguments="users:ids! team_id:str", handler=dnd_team_info, scope="dnd:read"),
    "reactions.get": Method(
        arguments="channel:str timestamp:ts full:bool file:str file_comment:str", handler=reactions_get, scope="reactions:read"
    ),
}
