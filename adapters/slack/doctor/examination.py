"""What `realreply doctor` asks of Slack: tokens, scopes, clocks; then the team and the channels (see their own modules)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from adapters.slack import checks, skew
from adapters.slack.channels import channel_key
from adapters.slack.checks import Access
from adapters.slack.connection import SlackOptions
from adapters.slack.directory import Directory
from adapters.slack.doctor.channels import examine_channels
from adapters.slack.doctor.expected import Expected
from adapters.slack.doctor.team import examine_team
from adapters.slack.manifest import Wanted, scopes
from adapters.slack.tokens import kind_of
from adapters.slack.web import Web
from adapters.slack.workspace import SlackWorkspace
from bot.domain.durations import Seconds
from bot.domain.keys import channel_id
from bot.errors import AccessLost, DeliveryError, Forbidden, RetryLater
from bot.ports import Clock, Examined, Finding, Naming
from bot.ports.examination import listed

PATIENCE: Seconds = 10.0
"""How long one answer of Slack is waited for: somebody sits in front of this."""

INSTALL: Final = "(api.slack.com/apps, OAuth & Permissions) and install the app again"

WITHOUT: Final = {
    "app_mentions:read": "@realreply isn't answered in the team's own channels (the command is)",
    "channels:history": "nothing that is written in public channels is seen",
    "channels:read": "it can't tell which channels it is in, nor who reads them",
    "chat:write": "no reminder can be posted",
    "commands": "there is no /realreply and no message shortcut",
    "dnd:read": "do not disturb isn't honoured",
    "groups:history": "nothing in private channels is seen, and what may have been posted in one can't be looked for",
    "groups:read": "private channels aren't known: neither to be watched nor to be reminded in",
    "im:write": "nobody gets direct messages, not even who asks for them",
    "reactions:read": "reactions (on it, answered) don't count",
    "team:read": "which organisation a customer comes from (Slack Connect) isn't shown beside their name",
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


class SlackExamination:
    """Fits `bot.ports.Examination`. `secrets` are those that are there, by their key in [slack], `problems` says what is
    wrong with them and the others; `wanted` is what the app is to be able to do, `expected` whom and which channels the
    settings name."""

    def __init__(
        self,
        secrets: Mapping[str, str],
        problems: Sequence[str],
        options: SlackOptions,
        wanted: Wanted,
        expected: Expected,
        *,
        clock: Clock,
        exposed: Sequence[str] = (),
    ) -> None:
        """`exposed`: a sentence for each secret that others on the machine can read."""
        self._secrets = secrets
        self._problems = problems
        self._options = options
        self._wanted = wanted
        self._expected = expected
        self._clock = clock
        self._exposed = exposed

    async def examine(self, learnt: Collection[str] = ()) -> Examined:
        """Look at everything that concerns Slack. When Slack can't be asked, that is said once and what needs it is left out."""
        found = [Finding(level="bad", says=problem) for problem in self._problems]
        found += [Finding(level="note", says=sentence) for sentence in self._exposed]
        found += _of_secret(self._secrets.get("signing_secret"))
        bot_token = self._secrets.get("bot_token")
        if bot_token is None:
            says = "without a bot token nothing else could be asked of Slack"
            return Examined(findings=(*found, Finding(level="note", says=says)))
        web = self._web(bot_token)
        try:
            known = await self._ask(web, found)
        finally:
            await web.close()
        return replace(known, findings=tuple(found))

    def _web(self, token: str) -> Web:
        return Web(token, clock=self._clock, base_url=self._options.api, timeout=PATIENCE)

    async def _ask(self, web: Web, found: list[Finding]) -> Examined:
        """Add what Slack tells to the findings, and give what it knows besides."""
        options, clock = self._options, self._clock
        try:
            access = await checks.access(web, clock)
        except DeliveryError as error:
            found.append(self._unasked(error))
            return Examined(findings=())
        says = f"the bot token is accepted: @{access.bot_name} in {access.workspace} ({access.team_id})"
        found.append(Finding(level="good", says=says))
        found += of_scopes(access.granted, self._wanted)
        found += of_clock(access.ahead)
        if (app_token := self._secrets.get("app_token")) is not None:
            found += await self._app_token(app_token, web, access)
        directory = Directory(web, settings=options.who, clock=clock)
        workspace = SlackWorkspace(directory, listed=options.listed, wanted=options.destination)
        listed_all = False
        try:
            await directory.start()
            listed_all = True
            found += await examine_team(directory, workspace, access, self._expected)
            found += await examine_channels(directory, workspace, access, self._expected, web)
        except DeliveryError as error:
            found.append(self._unasked(error))
        here = channel_key(directory.team_id, "")

        def sees(key: str) -> bool | None:
            return key in directory.channels() if listed_all and key.startswith(here) else None

        names = Naming(person=directory.name, channel=lambda key: _hashed(workspace, key))
        return Examined(findings=(), names=names, sees=sees)

    def _unasked(self, error: DeliveryError) -> Finding:
        """Slack couldn't be asked something without which the rest makes no sense."""
        if isinstance(error, RetryLater):
            do = f"see status.slack.com and any proxy in between, then run doctor again ({self._options.api} was asked)"
            return Finding(level="bad", says=f"{_sentence(error)}; the rest about Slack is left out", do=do)
        if isinstance(error, AccessLost):
            return Finding(level="bad", says=_sentence(error))
        return Finding(level="bad", says=f"{_sentence(error)}; what depends on that is left out")

    async def _app_token(self, app_token: str, web: Web, access: Access) -> list[Finding]:
        """Whether the app token opens connections, and belongs to the same app as the bot token."""
        apps = self._web(app_token)
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


def _hashed(workspace: SlackWorkspace, key: str) -> str:
    name = workspace.channel_name(key)
    return name if name == channel_id(key) else f"#{name}"


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
    if ahead is None or abs(ahead) <= skew.NOTED:
        return []
    off = skew.sentence(ahead)
    do = "let the machine keep its clock by the network (NTP)"
    if abs(ahead) <= skew.BAD:
        return [Finding(level="note", says=f"{off}: reminders come by it", do=do)]
    return [
        Finding(level="bad", says=f"{off}: over 300 s signed requests are refused, and reminders come at the wrong time", do=do)
    ]
