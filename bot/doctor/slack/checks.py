"""What `realreply doctor` asks of Slack: tokens, scopes, clocks; then the team and the channels (see their own modules)."""

from __future__ import annotations

from typing import Final

from adapters.slack import checks
from adapters.slack.checks import Access
from adapters.slack.directory import Directory
from adapters.slack.manifest import Wanted, scopes
from adapters.slack.tokens import kind_of
from adapters.slack.web import Web
from bot.doctor.findings import Finding, Names, listed
from bot.doctor.slack.channels import examine_channels
from bot.doctor.slack.team import examine_team
from bot.domain.durations import Seconds
from bot.domain.keys import channel_id
from bot.errors import AccessLost, DeliveryError, Forbidden, RetryLater
from bot.ports import Clock
from bot.settings.model import Settings, SlackSection
from bot.wiring.slack.composition import who_is_who
from bot.wiring.slack.tokens import read, wanted
from bot.wiring.slack.workspace import SlackWorkspace

PATIENCE: Seconds = 10.0
"""How long one answer of Slack is waited for: somebody sits in front of this."""

SKEW_NOTED: Seconds = 60.0
SKEW_BAD: Seconds = 300.0
"""Requests whose time is further off than five minutes are refused (docs.slack.dev, "Verifying requests from Slack"); a minute is
still harmless, but no clock that is kept is off by that."""

INSTALL: Final = "(api.slack.com/apps, OAuth & Permissions) and install the app again"

WITHOUT: Final = {
    "channels:history": "nothing that is written in public channels is seen",
    "channels:read": "it can't tell which channels it is in, nor who reads them",
    "chat:write": "no reminder can be posted",
    "commands": "there is no /realreply and no message shortcut",
    "dnd:read": "do not disturb isn't honoured",
    "groups:history": "nothing in private channels is seen, and what may have been posted in one can't be looked for",
    "groups:read": "private channels aren't known: neither to be watched nor to be reminded in",
    "im:write": "nobody gets direct messages, not even who asks for them",
    "reactions:read": "reactions (on it, answered) don't count",
    "usergroups:read": "user groups can't say who is on the team",
    "users:read": "nobody can be told apart, so it can't start",
    "users:read.email": "guests with the team's own e-mail domain count as customers",
}
"""What won't work without a scope of the manifest."""

TOO_MUCH: Final = {
    "channels:manage": "changes channels",
    "channels:join": "enters channels uninvited",
    "chat:write.customize": "posts under other names",
    "chat:write.public": "posts in channels it isn't in",
    "groups:write": "changes private channels",
    "im:history": "reads direct messages",
    "im:read": "sees who talks to it directly",
    "mpim:history": "reads group messages",
    "mpim:read": "sees group messages",
    "mpim:write": "begins group messages",
}
"""What more a scope lets the app do."""


async def examine_slack(settings: Settings, section: SlackSection, *, clock: Clock) -> tuple[list[Finding], Names]:
    """Look at everything that concerns Slack. When Slack can't be asked, that is said once and what needs it is left out."""
    secrets, problems = read(section)
    found = [Finding(level="bad", says=problem) for problem in problems]
    found += _of_secret(secrets.get("signing_secret"))
    bot_token, app_token = secrets.get("bot_token"), secrets.get("app_token")
    if bot_token is None:
        return [*found, Finding(level="note", says="without a bot token nothing else could be asked of Slack")], Names()
    web = Web(bot_token, clock=clock, base_url=section.api, timeout=PATIENCE)
    try:
        return await _with(web, app_token, settings, section, clock, found)
    finally:
        await web.close()


async def _with(
    web: Web, app_token: str | None, settings: Settings, section: SlackSection, clock: Clock, found: list[Finding]
) -> tuple[list[Finding], Names]:
    try:
        access = await checks.access(web, clock)
    except DeliveryError as error:
        return [*found, _unasked(error, section)], Names()
    says = f"the bot token is accepted: @{access.bot_name} in {access.workspace} ({access.team_id})"
    found.append(Finding(level="good", says=says))
    found += of_scopes(access.granted, wanted(settings))
    found += of_clock(access.ahead)
    if app_token is not None:
        found += await _of_app_token(app_token, web, access, section, clock)
    directory = Directory(web, settings=who_is_who(settings, section), clock=clock)
    slack = SlackWorkspace(settings=settings, directory=directory)
    try:
        await directory.start()
        found += await examine_team(slack, access)
        found += await examine_channels(slack, access, web)
    except DeliveryError as error:
        found.append(_unasked(error, section))
    return found, Names(person=directory.name, channel=lambda key: _hashed(slack, key))


def _hashed(slack: SlackWorkspace, key: str) -> str:
    name = slack.channel_name(key)
    return name if name == channel_id(key) else f"#{name}"


def _unasked(error: DeliveryError, section: SlackSection) -> Finding:
    """Slack couldn't be asked something without which the rest makes no sense."""
    if isinstance(error, RetryLater):
        do = f"see status.slack.com and any proxy in between, then run doctor again ({section.api} was asked)"
        return Finding(level="bad", says=f"{_sentence(error)}; the rest about Slack is left out", do=do)
    if isinstance(error, AccessLost):
        return Finding(level="bad", says=_sentence(error))
    return Finding(level="bad", says=f"{_sentence(error)}; what depends on that is left out")


def _sentence(error: DeliveryError) -> str:
    """What an error says, without the promise to try again, which holds for the running bot."""
    return str(error).replace("; it is tried again", "")


def _of_secret(secret: str | None) -> list[Finding]:
    if secret is None:
        return []
    if kind_of(secret) == "signing":
        return [Finding(level="good", says="the signing secret is there; whether it is right shows with Slack's requests")]
    says = "what slack.signing_secret holds doesn't look like a signing secret, which is 32 hexadecimal digits"
    return [Finding(level="note", says=says, do="compare it with api.slack.com/apps, Basic Information, App Credentials")]


def of_scopes(granted: frozenset[str] | None, want: Wanted) -> list[Finding]:
    """What the token may do, against what these settings need."""
    if granted is None:
        do = "a proxy in between may have taken it away; what is refused shows below and in the log"
        return [Finding(level="note", says="Slack's answer doesn't say what the bot token may do", do=do)]
    needed = scopes(want)
    found = [
        Finding(level="bad", says=f"the scope {scope} is missing: {WITHOUT[scope]}", do=f"add it {INSTALL}")
        for scope in sorted(needed - granted)
    ]
    if not found:
        found.append(Finding(level="good", says="the bot token has all the scopes that the settings need"))
    extra = sorted(granted - needed)
    if extra:
        named = listed([f"{scope} ({does})" if (does := TOO_MUCH.get(scope)) else scope for scope in extra], most=20)
        says = f"the app may do more than realreply needs: {named}"
        found.append(
            Finding(level="note", says=says, do=f"take that away {INSTALL}; `realreply slack manifest` prints what it needs")
        )
    return found


def of_clock(ahead: Seconds | None) -> list[Finding]:
    """Our clock against Slack's."""
    if ahead is None or abs(ahead) <= SKEW_NOTED:
        return []
    off = f"this machine's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} Slack's"
    do = "let the machine keep its clock by the network (NTP)"
    if abs(ahead) <= SKEW_BAD:
        return [Finding(level="note", says=f"{off}: reminders come by it", do=do)]
    return [
        Finding(level="bad", says=f"{off}: over 300 s signed requests are refused, and reminders come at the wrong time", do=do)
    ]


async def _of_app_token(app_token: str, web: Web, access: Access, section: SlackSection, clock: Clock) -> list[Finding]:
    """Whether the app token opens connections, and belongs to the same app as the bot token."""
    apps = Web(app_token, clock=clock, base_url=section.api, timeout=PATIENCE)
    try:
        app = await checks.connection(apps)
    except DeliveryError as error:
        return [Finding(level="bad", says=_sentence(error))]
    finally:
        await apps.close()
    try:
        bots_app = await checks.app_behind(web, access.bot_id) if access.bot_id else ""
    except (Forbidden, RetryLater):  # without users:read, which was told: then only this comparison is missing
        bots_app = ""
    if app and bots_app and app != bots_app:
        says = f"the app token belongs to another app ({app}) than the bot token ({bots_app}): no event would come"
        return [Finding(level="bad", says=says, do="take both from the same app on api.slack.com/apps")]
    return [Finding(level="good", says="the app token is accepted: Socket Mode works")]
