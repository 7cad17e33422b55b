"""What `realreply doctor` asks of Discord: the token, the switches in the portal; then each server (see its own module).

Nothing is asked over the gateway: a session more would be counted, and the bot may run meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

import discord

from adapters.discord.client import API, DiscordClient, Sight, use_address
from adapters.discord.commands import AUTO_DM, for_users
from adapters.discord.doctor.servers import ExaminedServer, examine_server
from adapters.discord.failures import Waiting
from adapters.discord.gateway import seen_by
from adapters.discord.invite import INTENTS, for_oneself, invitation
from adapters.discord.options import DiscordOptions
from adapters.discord.people import DiscordPeople
from adapters.discord.places import channel_key, ids_of
from bot.domain.durations import Seconds
from bot.errors import AccessLost, DeliveryError, Gone
from bot.ports import Clock, Examined, Finding, Naming

PATIENCE: Final[Seconds] = 15.0
"""How long one answer of Discord is waited for: somebody sits in front of this."""

LINE: Final = 10_000
"""From so many users on Discord looks at an app before it lets it have privileged intents
(https://docs.discord.com/developers/events/gateway, "Privileged Intents")."""

FEW_SESSIONS: Final = 200

SWITCHES: Final = "(Developer Portal, Bot, Privileged Gateway Intents)"


class DiscordExamination:
    """Fits `bot.ports.Examination`. `problems` says what is wrong with the token (None: it is missing or unreadable), `members`
    are those that the settings name, by their id."""

    def __init__(
        self,
        token: str | None,
        problems: Sequence[str],
        options: DiscordOptions,
        members: Sequence[tuple[str, str]],
        *,
        clock: Clock,
        exposed: Sequence[str] = (),
    ) -> None:
        """`members`: (id, name) each. `exposed`: a sentence for a secret that others on the machine can read."""
        self._token = token
        self._problems = problems
        self._options = options
        self._members = members
        self._clock = clock
        self._exposed = exposed
        self._learnt: Collection[str] = ()

    async def examine(self, learnt: Collection[str] = ()) -> Examined:
        """Look at everything that concerns Discord; `learnt`: which roles were meant by their names. When Discord can't be asked,
        that is said once and the rest is left out."""
        self._learnt = learnt
        found = [Finding(level="bad", says=problem) for problem in self._problems]
        found += [Finding(level="note", says=sentence) for sentence in self._exposed]
        if self._token is None:
            says = "without its token nothing else could be asked of Discord"
            return Examined(findings=(*found, Finding(level="note", says=says)))
        if self._options.api != API:
            use_address(self._options.api, self._options.gateway)
        client = DiscordClient(Sight(), lambda _event, _args: None)
        waiting = Waiting(patience=PATIENCE)
        try:
            known = await self._ask(client, self._token, waiting, found)
        finally:
            await client.close()
        return replace(known, findings=tuple(found))

    async def _ask(self, client: DiscordClient, token: str, waiting: Waiting, found: list[Finding]) -> Examined:
        try:
            await waiting.answer(client.login(token), "logging in")
            _, _, limit = await waiting.answer(client.http.get_bot_gateway(), "asking how many sessions are left")
        except DeliveryError as error:
            found.append(_unasked(error))
            return Examined(findings=())
        app, user = client.application, client.user
        assert app is not None and user is not None, "both are known after logging in"
        found.append(Finding(level="good", says=f"the token is accepted: {user.name} ({app.id})"))
        found += of_app(app, auto_dms=self._options.auto_dms)
        found += of_sessions(int(limit["remaining"]))
        servers: list[ExaminedServer] = []
        try:
            for options in self._options.guilds:
                server = await self._server(client, options.id, waiting, found)
                servers += [] if server is None else [server]
            found += await self._of_members(servers)
        except DeliveryError as error:
            found.append(_unasked(error))
        found += of_size(sum(server.members for server in servers))
        people = {id: name for server in servers for id, name in server.people.items()}
        channels = {id: f"#{name}" for server in servers for id, name in server.channels.items()}
        here = {channel_key(server.id, int(id)) for server in servers for id in server.seen}
        known = {server.id for server in servers}

        def channel(key: str) -> str:
            return channels.get(str(ids_of(key)[1]) if ids_of(key)[1] else key, key)

        def sees(key: str) -> bool | None:
            return key in here if ids_of(key)[0] in known else None

        return Examined(findings=(), names=Naming(person=lambda id: people.get(id, id), channel=channel), sees=sees)

    async def _server(self, client: DiscordClient, id: int, waiting: Waiting, found: list[Finding]) -> ExaminedServer | None:
        app, options = client.application, self._options.guild(id)
        assert app is not None and options is not None
        try:
            guild = await waiting.answer(client.fetch_guild(id, with_counts=True), "asking about a server", where=str(id))
        except AccessLost:
            raise
        except Gone:
            says = f"the bot isn't in the server {id}, which [[discord.guilds]] names"
            found.append(Finding(level="bad", says=says, do=f"let it in: {invitation(app.id, id)}"))
            return None
        people = DiscordPeople(lambda: client, self._options, clock=self._clock)
        people.recall_roles(self._learnt)
        server = await examine_server(client, guild, options, self._options, people, waiting, lists=seen_by(app).members)
        found += server.findings
        return server

    async def _of_members(self, servers: Sequence[ExaminedServer]) -> list[Finding]:
        """Members of the settings who are in none of the servers."""
        if not servers:
            return []
        return [
            Finding(
                level="bad",
                says=f"{name} ({id}) in [[members]] is in none of the servers: they are asked nothing on Discord",
                do="copy their id anew (right click on them in developer mode, Copy User ID), or let them in",
            )
            for id, name in self._members
            if not any(id in server.people for server in servers)
        ]


async def application_id(token: str, options: DiscordOptions) -> int:
    """The id of the app that a token belongs to. Raises DeliveryError and its kinds."""
    if options.api != API:
        use_address(options.api, options.gateway)
    client = DiscordClient(Sight(), lambda _event, _args: None)
    try:
        await Waiting(patience=PATIENCE).answer(client.login(token), "logging in")
        app = client.application
        assert app is not None, "it is known after logging in"
        return app.id
    finally:
        await client.close()


def _unasked(error: DeliveryError) -> Finding:
    says = str(error).replace("; it is tried again", "")
    return Finding(level="bad", says=f"{says}; the rest about Discord is left out")


def of_app(app: discord.AppInfo, *, auto_dms: bool = False) -> list[Finding]:
    """The switches in the portal. `auto_dms`: people may report auto-DMs, for which they install the app for themselves."""
    sight = seen_by(app)
    found = [
        Finding(level="note", says=f"{intent.name} is off: {intent.without}", do=f"switch it on {SWITCHES}")
        for intent, on in zip(INTENTS, (sight.message_content, sight.members), strict=True)
        if not on
    ]
    if not found:
        found.append(Finding(level="good", says="the intents that the bot needs are on"))
    if app.interactions_endpoint_url is not None:
        says = "the app has an interactions endpoint, so that commands and buttons go there and never come here"
        do = "take the Interactions Endpoint URL out (Developer Portal, General Information)"
        found.append(Finding(level="bad", says=says, do=do))
    if auto_dms and not (app.bot_public and for_users(app)):
        off = " and ".join([*([] if for_users(app) else ["User Install"]), *([] if app.bot_public else ["Public Bot"])])
        says = f"customers can't report auto-DMs: nobody else can install the app for themselves while {off} is off"
        do = f"tick User Install (Developer Portal, Installation), leave Public Bot on, and give people {for_oneself(app.id)}"
        found.append(Finding(level="note", says=says, do=f"{do}; or set auto_dms = false under [reports]"))
    elif app.bot_public and auto_dms:
        found.append(Finding(level="good", says=f"people can install “{AUTO_DM}” for themselves: {for_oneself(app.id)}"))
    elif app.bot_public:
        says = "anybody may invite this bot into their server. What it is told there is looked at only in servers you name"
        do = "switch Public Bot off (Developer Portal, Bot), after setting the install link to None (Installation)"
        found.append(Finding(level="note", says=says, do=do))
    return found


def of_sessions(left: int) -> list[Finding]:
    """How often the bot may still connect today."""
    if left >= FEW_SESSIONS:
        return []
    says = f"Discord lets the bot begin {left} more sessions today, of about a thousand: it was started very often"
    do = "see in the log why, and whether another program uses the token; over the limit Discord resets it"
    return [Finding(level="bad" if left < FEW_SESSIONS // 4 else "note", says=says, do=do)]


def of_size(members: int) -> list[Finding]:
    """How many people there are, against the line from which Discord looks at an app."""
    if members < LINE // 2:
        return []
    says = f"the servers have {members:,} members; from {LINE:,} users on Discord looks at an app that reads messages"
    do = "apply in time (Developer Portal, Bot); without the intents realreply goes on with less"
    return [Finding(level="note", says=says, do=do)]
