"""A Discord on loopback: strict about what it is sent, loud about what an app should not send, scriptable in everything else.

It is written from Discord's documentation (docs.discord.com/developers) and its published specification; it has never met the
real service. Start with `FakeDiscord`, servers with `guild`, people with `person`, places with `channel`; see README.md here.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from types import TracebackType
from typing import Any

from tests.discord_sandbox import shapes
from tests.discord_sandbox.acting import Person
from tests.discord_sandbox.announcing import Announcer
from tests.discord_sandbox.gateway import Gateway
from tests.discord_sandbox.guilds import Guilds
from tests.discord_sandbox.interactions import Interaction
from tests.discord_sandbox.model import Channel, Json, Message, Outgoing, User, iso
from tests.discord_sandbox.ratelimits import Limits
from tests.discord_sandbox.routes.table import Call
from tests.discord_sandbox.server import Server
from tests.discord_sandbox.sockets import PRIVILEGED
from tests.discord_sandbox.trouble import Trouble
from tests.discord_sandbox.world import World
from tests.sandbox.clock import Clock, FakeClock

FLAG_MEMBERS, FLAG_CONTENT = 1 << 15, 1 << 19
"""Application flags: these privileged intents are switched on, for an app in fewer than a hundred servers."""


class FakeDiscord(Guilds):
    """A Discord with one app in it. `async with FakeDiscord() as fake:` listens on 127.0.0.1.

    `privileged` are the intents that its developer switched on. `ack_seconds` of real time are given for answering interactions;
    what a test waits for hangs on `clock`.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        bot_name: str = "realreply",
        privileged: Iterable[str] = ("members", "message_content"),
        ack_seconds: float = 3.0,
        history_lag: float = 0.0,
        nonce_seconds: float = 300.0,
    ) -> None:
        self.clock: Any = clock or FakeClock()
        bot = User(id="900000000000000001", username=bot_name, bot=True)
        self.developer = User(id="900000000000000003", username="developer")
        self.world = World(bot=bot, application_id=bot.id)
        self.token = "fake-discord-token"
        self.privileged = set(privileged)
        if unknown := self.privileged - set(PRIVILEGED):
            raise ValueError(f"no such privileged intents: {sorted(unknown)}")
        self.ack_seconds = ack_seconds
        self.history_lag = history_lag
        self.nonce_seconds = nonce_seconds
        self.description = ""
        self.for_users, self.public = True, False
        """Whether people may install the app for themselves; and others than who made it."""
        self.revoked = False
        self.identifies_left = 1000
        self.bare_ephemerals = False
        """A click's message holds only its id and flags where it is ephemeral (docs#3172)."""
        self.offences: list[str] = []
        self.warnings: list[str] = []
        self.calls: list[Call] = []
        self.outgoing: list[Outgoing] = []
        self.nonces: dict[tuple[str, str], Message] = {}
        self.commands: dict[str, dict[str, Json]] = {}
        """Global ones under "", a guild's own under its id."""
        self.commands_made = 0
        self.opened: set[str] = set()
        """Ids of commands that an administrator opened to everybody."""
        self.interactions: dict[str, Interaction] = {}
        self.modals: dict[str, tuple[Interaction, Json]] = {}
        self.seen: dict[str, list[Message]] = {}
        self.trouble = Trouble()
        self.limits = Limits()
        self.gateway = Gateway(self)
        self.announcer = Announcer(self)
        self.server: Server | None = None
        self.page = False
        self.port = 0

    # -- running

    async def start(self, port: int = 0) -> None:
        """Listens on 127.0.0.1, on a free port unless one is given."""
        self.server = Server(self)
        self.port = await self.server.start(port)

    async def stop(self) -> None:
        """Ends everything: held answers, connections, the server."""
        self.trouble.clear()
        await self.gateway.stop()
        if self.server is not None:
            await self.server.stop()

    async def __aenter__(self) -> FakeDiscord:
        """Starts."""
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stops."""
        await self.stop()

    @property
    def api_url(self) -> str:
        """What takes the place of `Route.BASE`: https://discord.com/api/v10."""
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        """What takes the place of `DiscordWebSocket.DEFAULT_GATEWAY`."""
        return f"ws://127.0.0.1:{self.port}/gateway"

    @property
    def application_flags(self) -> int:
        """Which privileged intents are switched on, as the application shows it."""
        members = FLAG_MEMBERS if "members" in self.privileged else 0
        return members | (FLAG_CONTENT if "message_content" in self.privileged else 0)

    async def advance(self, seconds: float) -> None:
        """Moves the clock, and lets what is on its way arrive."""
        await self.settle()
        await self.clock.advance(seconds)
        await self.settle()

    async def settle(self) -> None:
        """Waits until the app has taken everything it was told."""
        await self.gateway.settle()

    def offence(self, sentence: str) -> None:
        """Notes something an app should never do."""
        self.offences.append(sentence)

    def check(self) -> None:
        """AssertionError with all offences, if there are any."""
        if self.offences:
            raise AssertionError("the app offended Discord:\n- " + "\n- ".join(self.offences))

    def revoke(self) -> None:
        """The token stops working; open connections are closed with 4004."""
        self.revoked = True
        self.gateway.close(4004, "Authentication failed.")

    @contextlib.asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """What happens inside is never told to sessions that exist by now: as if they had been lost."""
        sessions = [session for session in self.gateway.sessions.values() if not session.over]
        for session in sessions:
            session.deaf = True
        try:
            yield
        finally:
            for session in sessions:
                session.deaf = False

    # -- what others write

    async def app_posts(
        self,
        channel: str | Channel,
        text: str,
        *,
        name: str = "Zap",
        because_of: Person | None = None,
        form: bool = False,
        reply_to: Message | None = None,
    ) -> Message:
        """Another app's bot writes; `because_of`: somebody's command made it, or a `form` they sent (interaction_metadata)."""
        place = self.world.channel(channel)
        author = self.bot_called(name)
        more: dict[str, Any] = {"application_id": author.id}
        if because_of is not None:
            metadata: Json = {"id": author.id, "type": 5 if form else 2, "user": shapes.user_object(because_of)}
            metadata["authorizing_integration_owners"] = {"0": place.guild_id}
            more |= {"kind": 20, "webhook_id": author.id, "extra": {"interaction_metadata": metadata}}
        said = self.put(place, author, self.world.wire(text, self.world.guild_of(place)), reply_to=reply_to, **more)
        await self.settle()
        return said

    def bot_called(self, name: str) -> User:
        """Another app's bot, made when first asked for."""
        known = next((user for user in self.world.users.values() if user.bot and user.username == name), None)
        if known is None:
            known = User(id=self.world.numbering.id(self.clock.now()), username=name, bot=True)
            self.world.users[known.id] = known
        return known

    async def webhook_posts(
        self, channel: str | Channel, text: str, *, name: str = "Hook", id: str | None = None, app: str | None = None
    ) -> Message:
        """A webhook writes under any name; `id`: the webhook's own; `app`: the application that made it (bridges, PluralKit)."""
        place = self.world.channel(channel)
        hook = id or self.webhook(place, name, app=app).id
        author = User(id=hook, username=name)
        words = self.world.wire(text, self.world.guild_of(place))
        said = self.put(place, author, words, webhook_id=hook, webhook_name=name, application_id=app)
        await self.settle()
        return said

    async def system_posts(self, channel: str | Channel, kind: int, *, author: User, text: str = "") -> Message:
        """A message of another type than people write: a join (7), a pin (6), an AutoMod alert (24) ..."""
        said = self.put(self.world.channel(channel), author, text, kind=kind)
        await self.settle()
        return said

    async def resolves(self, message: Message, url: str = "https://example.com/") -> None:
        """A link's embed comes up: MESSAGE_UPDATE without an edit."""
        self.change(message, words=False, embeds=[{"type": "link", "url": url, "title": "Example"}])
        await self.settle()

    def attachment(self, name: str, *, voice: bool = False) -> Json:
        """An attachment, or the recording of a voice message."""
        id = self.world.numbering.id(self.clock.now())
        url = f"https://cdn.example/{id}/{name}"
        shown: Json = {"id": id, "filename": name, "size": 1024, "url": url, "proxy_url": url}
        return {**shown, "content_type": "audio/ogg", "duration_secs": 3.5, "waveform": "AAAA"} if voice else shown

    def poll(self, question: str, answers: Sequence[str] = ("Yes", "No")) -> Json:
        """A poll."""
        shown = [{"answer_id": number, "poll_media": {"text": text}} for number, text in enumerate(answers, 1)]
        return {
            "question": {"text": question},
            "answers": shown,
            "expiry": iso(self.clock.now() + 86_400),
            "allow_multiselect": False,
            "layout_type": 1,
            "results": {"is_finalized": False, "answer_counts": []},
        }

    def snapshot(self, message: Message) -> Json:
        """What a forward holds of the message it forwards: no author."""
        return {
            "type": message.kind,
            "content": message.content,
            "embeds": message.embeds,
            "attachments": message.extra.get("attachments", []),
            "timestamp": iso(message.posted_at),
            "edited_timestamp": None,
            "flags": message.flags,
            "mentions": [],
            "mention_roles": [],
            "components": [],
        }

    def permalink(self, message: Message) -> str:
        """The link to a message."""
        guild = self.world.channels[message.channel_id].guild_id or "@me"
        return f"https://discord.com/channels/{guild}/{message.channel_id}/{message.id}"

    async def until(self, true: Callable[[], bool], *, seconds: float = 5.0) -> None:
        """Waits until something is so: what an app does after it has answered comes in requests of its own."""
        async with asyncio.timeout(seconds):
            while not true():
                await asyncio.sleep(0.002)
