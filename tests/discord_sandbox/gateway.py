"""The gateway: https://docs.discord.com/developers/events/gateway and /topics/opcodes-and-status-codes.

HELLO, heartbeats, IDENTIFY, RESUME with what was missed, requests for members, presence; transport compression with zlib-stream
or zstd-stream; close codes. What is to go wrong is ordered by the methods below `Gateway.settle`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter, deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from aiohttp import WSCloseCode, WSMsgType, web

from tests.discord_sandbox.model import Guild, Json
from tests.discord_sandbox.shapes import guild_event, member_object, user_object
from tests.discord_sandbox.sockets import INTENTS, PRIVILEGED, Compressor, Connection, Session, zlib_stream, zstd_stream

if TYPE_CHECKING:
    from tests.discord_sandbox.fake import FakeDiscord

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = (
    0,
    1,
    2,
    3,
    4,
    6,
    7,
    8,
    9,
    10,
    11,
)

SENDS = 120
"""Frames that an app may send within `SENDS_WITHIN` seconds: https://docs.discord.com/developers/events/gateway#rate-limiting."""

SENDS_WITHIN = 60.0
CHUNK = 1000
"""Members in one GUILD_MEMBERS_CHUNK."""

MOST_IDS = 100
PATIENCE = 10.0
"""Real seconds in which a connection must have taken what was sent to it."""


class Gateway:
    """All connections and sessions of the app."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.connections: list[Connection] = []
        self.sessions: dict[str, Session] = {}
        self.interval = 41.25
        """Seconds between heartbeats, as HELLO says."""
        self.resume_seconds = 300.0
        """For how long a session can be resumed after its connection broke."""
        self.identifies = 0
        self.resumes = 0
        self.presences: list[Json] = []
        self.requests: list[Json] = []
        """What op 8 asked for."""
        self.told = 0
        """Events so far."""
        self.members_deaf = False
        """Requests for members are answered with RATE_LIMITED: https://docs.discord.com/developers/change-log, 2025-08-14."""
        self._refused_resumes = 0
        self._refusals: deque[tuple[int, str]] = deque()
        self._down: int = 0
        self._changed = asyncio.Event()

    # -- a connection

    async def link(self, request: web.Request) -> web.StreamResponse:
        """One connection, from the upgrade to its end."""
        if self._down:
            self._down -= 1
            return web.Response(status=503, text="no healthy upstream")
        query = request.query
        if query.get("v") != "10" or query.get("encoding") != "json":
            self.fake.offence(f"gateway: connected with {dict(query)} instead of v=10 and encoding=json")
        makers: dict[str, Callable[[], Compressor]] = {"zlib-stream": zlib_stream, "zstd-stream": zstd_stream}
        wanted = query.get("compress")
        if wanted is not None and wanted not in makers:
            self.fake.offence(f"gateway: there is no transport compression {wanted!r}")
        socket = web.WebSocketResponse(autoping=False, max_msg_size=4096, compress=False)
        await socket.prepare(request)
        connection = Connection(socket=socket, request=request, compress=makers[wanted]() if wanted in makers else None)
        connection.writer = asyncio.create_task(connection.write(), name="discord gateway writer")
        self.connections.append(connection)
        connection.send(HELLO, {"heartbeat_interval": int(self.interval * 1000), "_trace": ["fake"]})
        try:
            async for frame in socket:
                if frame.type == WSMsgType.PING:
                    await socket.pong(frame.data)
                elif frame.type == WSMsgType.PONG:
                    self._pong(connection, bytes(frame.data))
                elif frame.type == WSMsgType.TEXT:
                    await self._received(connection, frame.data)
                else:
                    break
        finally:
            self._ended(connection, socket.close_code)
        return socket

    def _pong(self, connection: Connection, payload: bytes) -> None:
        event = connection.pongs.pop(payload, None)
        if event is not None:
            event.set()

    def _ended(self, connection: Connection, code: int | None) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        for event in connection.pongs.values():
            event.set()
        if connection.writer is not None:
            connection.writer.cancel()
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            session.left_at = self.fake.clock.now()
            # When an app closes with 1000 or 1001 its session is invalid.
            said = not connection.closed_by_us and code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY)
            session.over = session.over or said
        self._tell()

    async def _received(self, connection: Connection, text: str) -> None:
        now = asyncio.get_running_loop().time()
        connection.received.append(now)
        while connection.received[0] < now - SENDS_WITHIN:
            connection.received.popleft()
        if len(connection.received) > SENDS:
            self.fake.offence(f"gateway: more than {SENDS} frames in {SENDS_WITHIN:.0f} s")
            return connection.close(4008, "Rate limited.")
        try:
            message = json.loads(text)
            op, data = message["op"], message.get("d")
        except (ValueError, KeyError, TypeError):
            self.fake.offence("gateway: a frame that isn't a message")
            return connection.close(4002, "Error while decoding payload.")
        if connection.zombie:
            return None
        if op == HEARTBEAT:
            if connection.session is not None:
                self._confirmed(connection.session, data)
            connection.send(ACK, None)
        elif op == IDENTIFY:
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif connection.session is None:
            self.fake.offence(f"gateway: op {op} before IDENTIFY")
            connection.close(4003, "Not authenticated.")
        elif op == PRESENCE:
            self._presence(data)
        elif op == MEMBERS:
            self._members(connection.session, data)
        else:
            self.fake.offence(f"gateway: op {op}, which an app like ours doesn't send")
            connection.close(4001, "Unknown opcode.")
        return None

    @staticmethod
    def _confirmed(session: Session, sequence: int | None) -> None:
        while sequence is not None and session.sent and session.sent[0][0] <= sequence:
            session.sent.popleft()

    # -- what the app sends

    def _refused(self, connection: Connection, token: str) -> bool:
        if self._refusals:
            connection.close(*self._refusals.popleft())
        elif self.fake.revoked or token != self.fake.token:
            connection.close(4004, "Authentication failed.")
        else:
            return False
        return True

    def _identify(self, connection: Connection, data: Json) -> None:
        """https://docs.discord.com/developers/events/gateway-events#identify"""
        self.identifies += 1
        if connection.session is not None:
            self.fake.offence("gateway: a second IDENTIFY on one connection")
            return connection.close(4005, "Already authenticated.")
        if self._refused(connection, data.get("token", "")):
            return None
        properties = data.get("properties") or {}
        if missing := {"os", "browser", "device"} - properties.keys():
            self.fake.offence(f"gateway: IDENTIFY without properties {sorted(missing)}")
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~sum(INTENTS.values()):
            self.fake.offence(f"gateway: IDENTIFY with intents {intents}")
            return connection.close(4013, "Invalid intent(s).")
        off = sum(INTENTS[name] for name in PRIVILEGED if name not in self.fake.privileged)
        if intents & off:
            return connection.close(4014, "Disallowed intent(s).")
        fake, world = self.fake, self.fake.world
        session = Session(id=f"{len(self.sessions) + 1:032x}", intents=intents, connection=connection)
        self.sessions[session.id] = session
        connection.session = session
        guilds = [guild for guild in world.guilds.values() if guild.has_bot]
        self.dispatch(
            session,
            "READY",
            {
                "v": 10,
                "user": {**user_object(world.bot), "verified": True, "mfa_enabled": False, "email": None, "flags": 0},
                "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "session_type": "normal",
                "resume_gateway_url": fake.gateway_url,
                "application": {"id": world.application_id, "flags": fake.application_flags},
                "private_channels": [],
                "presences": [],
                "relationships": [],
                "user_settings": {},
                "guild_join_requests": [],
                "_trace": ["fake"],
            },
        )
        if session.has("guilds"):
            for guild in guilds:
                if not guild.unavailable:
                    self.dispatch(session, "GUILD_CREATE", guild_event(world, guild, now=fake.clock.now()))
        if data.get("presence"):
            self._presence(data["presence"])
        self._tell()
        return None

    def _resume(self, connection: Connection, data: Json) -> None:
        """https://docs.discord.com/developers/events/gateway-events#resume"""
        self.resumes += 1
        if self._refused(connection, data.get("token", "")):
            return
        session = self.sessions.get(str(data.get("session_id")))
        late = session is not None and self.fake.clock.now() - (session.left_at or self.fake.clock.now()) > self.resume_seconds
        first = session.sent[0][0] if session is not None and session.sent else None
        sequence = data.get("seq")
        lost = session is not None and sequence is not None and (first or session.sequence + 1) > sequence + 1
        if session is None or session.over or late or lost or self._refused_resumes:
            self._refused_resumes = max(0, self._refused_resumes - 1)
            if session is not None:
                session.over = True
            connection.send(INVALID, False)
            return
        if session.connection is not None:
            session.connection.close(4000, "Resumed elsewhere.")
        session.connection, connection.session, session.left_at = connection, session, None
        for number, text in list(session.sent):
            if sequence is None or number > sequence:
                connection.outbox.put_nowait(text)
        self.dispatch(session, "RESUMED", {"_trace": ["fake"]})
        self._tell()

    def _presence(self, data: Json) -> None:
        """https://docs.discord.com/developers/events/gateway-events#update-presence"""
        if data.get("status") not in ("online", "dnd", "idle", "invisible", "offline", None):
            self.fake.offence(f"gateway: presence with status {data.get('status')!r}")
        for activity in data.get("activities") or []:
            if not activity.get("name") or len(activity["name"]) > 128 or len(activity.get("state") or "") > 128:
                self.fake.offence(f"gateway: presence with an activity {activity}")
        self.presences.append(data)

    def _members(self, session: Session, data: Json) -> None:
        """https://docs.discord.com/developers/events/gateway-events#request-guild-members"""
        self.requests.append(data)
        guild = self.fake.world.guilds.get(str(data.get("guild_id")))
        query, ids = data.get("query"), data.get("user_ids")
        if guild is None or (query is None) == (ids is None):
            return self.fake.offence(f"gateway: members asked for with {data}")
        if isinstance(ids, str | int):
            ids = [ids]
        if ids is not None and len(ids) > MOST_IDS:
            return self.fake.offence(f"gateway: {len(ids)} members asked for by id; {MOST_IDS} are the most")
        if query == "" and not data.get("limit") and not session.has("members"):
            return self.fake.offence("gateway: all members asked for without the members intent")
        if self.members_deaf:
            meta = {"guild_id": guild.id, "nonce": data.get("nonce")}
            return self.dispatch(session, "RATE_LIMITED", {"opcode": MEMBERS, "retry_after": 30.0, "meta": meta})
        if ids is not None:
            found = [guild.members[str(id)] for id in ids if str(id) in guild.members]
        else:
            starts = str(query).lower()
            found = [
                member
                for member in guild.members.values()
                if (member.nick or member.user.name).lower().startswith(starts) or member.user.username.startswith(starts)
            ]
            found = found[: data["limit"]] if data.get("limit") else found
        missing = [str(id) for id in ids or () if str(id) not in guild.members]
        parts = [found[at : at + CHUNK] for at in range(0, max(len(found), 1), CHUNK)]
        for number, part in enumerate(parts):
            chunk: Json = {
                "guild_id": guild.id,
                "members": [member_object(member) for member in part],
                "chunk_index": number,
                "chunk_count": len(parts),
            }
            if missing:
                chunk["not_found"] = missing
            if data.get("nonce"):
                chunk["nonce"] = data["nonce"]
            self.dispatch(session, "GUILD_MEMBERS_CHUNK", chunk)
        return None

    # -- what the app gets

    def dispatch(self, session: Session, event: str, data: Json) -> None:
        """One event, now or at the next RESUME."""
        if session.over or session.deaf:
            return
        session.sequence += 1
        self.told += 1
        text = json.dumps({"op": DISPATCH, "d": data, "s": session.sequence, "t": event}, separators=(",", ":"))
        session.sent.append((session.sequence, text))
        if session.connection is not None:
            session.connection.outbox.put_nowait(text)

    def listeners(self, guild: Guild | None, *intents: str) -> list[Session]:
        """Sessions that are told of something in a guild (None: in a DM)."""
        if guild is not None and (not guild.has_bot or guild.unavailable):
            return []
        return [session for session in self.sessions.values() if not session.over and session.has(*intents)]

    async def settle(self) -> None:
        """Waits until every connection has taken all that was sent to it: a ping behind it comes back."""
        await asyncio.gather(*(self._taken(connection) for connection in list(self.connections)))

    async def _taken(self, connection: Connection) -> None:
        if connection.zombie or connection.socket.closed:
            return
        payload = f"p{id(connection)}-{len(connection.pongs)}-{self.fake.world.numbering.id(0)}".encode()
        event = connection.pongs[payload] = asyncio.Event()
        connection.outbox.put_nowait(payload)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await event.wait()

    async def connected(self, sessions: int = 1) -> None:
        """Waits until the app has so many sessions on open connections, and has taken what they begin with."""
        async with asyncio.timeout(PATIENCE):
            while sum(one.session is not None for one in self.connections) < sessions:
                self._changed.clear()
                await self._changed.wait()
        await self.settle()

    async def disconnected(self) -> None:
        """Waits until no connection is left."""
        async with asyncio.timeout(PATIENCE):
            while self.connections:
                self._changed.clear()
                await self._changed.wait()

    def _tell(self) -> None:
        self._changed.set()

    @property
    def is_up(self) -> bool:
        """Whether the app has a session on an open connection."""
        return any(one.session is not None for one in self.connections)

    @property
    def session(self) -> Session:
        """The latest one."""
        return list(self.sessions.values())[-1]

    def events(self) -> Counter[str]:
        """How many events of each kind lie ready for a RESUME."""
        return Counter(json.loads(text)["t"] for session in self.sessions.values() for _, text in session.sent)

    # -- trouble

    def reconnect(self) -> None:
        """Op 7: the app is to connect anew and to resume."""
        for connection in self.connections:
            connection.send(RECONNECT, None)

    def invalidate(self, *, resumable: bool) -> None:
        """Op 9."""
        for connection in self.connections:
            if connection.session is not None:
                connection.session.over = not resumable
            connection.send(INVALID, resumable)

    def close(self, code: int, reason: str = "") -> None:
        """Closes all connections with a code."""
        for connection in self.connections:
            connection.close(code, reason)

    def cut(self) -> None:
        """Breaks all connections without a word, as a network does."""
        for connection in list(self.connections):
            if connection.request.transport is not None:
                connection.request.transport.abort()

    def zombies(self) -> None:
        """The connections of now stay open, but nothing comes any more, no acknowledgement either; events wait for a RESUME."""
        for connection in self.connections:
            connection.zombie = True

    def refuse_resume(self, times: int = 1) -> None:
        """The next RESUMEs are answered with op 9, not resumable."""
        self._refused_resumes += times

    def refuse(self, code: int, reason: str = "", *, times: int = 1) -> None:
        """The next connections are closed with a code when they say who they are."""
        self._refusals.extend([(code, reason)] * times)

    def down(self, times: int = 1) -> None:
        """The next connections aren't even taken."""
        self._down = times

    async def stop(self) -> None:
        """Closes everything."""
        for connection in list(self.connections):
            with contextlib.suppress(ConnectionError):
                await connection.socket.close(code=1001, message=b"going away")
