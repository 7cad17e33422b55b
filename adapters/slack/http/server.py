"""HTTP mode: Slack posts to us, and so may anybody else who reaches the port.

Nothing is parsed before Slack's signature on it was checked. What is verified goes to bolt just as bolt's own server
(slack_bolt.app.async_server) hands it over. Connections are accepted here, not by asyncio: it would take any number, and write a
traceback for each it has no file for.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from adapters.slack.http.callers import READ_AHEAD, Caller, Callers
from adapters.slack.http.limits import HttpLimits
from adapters.slack.http.signature import fits, signature_of
from bot.domain.durations import Seconds
from bot.errors import UsageError

PATH: Final = "/slack/events"
"""Where Slack posts to, for events, commands and interactions alike."""

BACKLOG: Final = 1024
"""Connections that wait to be accepted, which takes less than a millisecond each. One for which there is no room comes again
after a second or three."""

UNREAD: Final = 64 * 1024
"""Bytes of a connection that the kernel keeps for us: what a stranger can make us read before we look at the headers."""

NO_FILES: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
BREATH: Seconds = 0.1
"""Before another connection is accepted when there was no file for one: who has just come in is heard first."""

FORM: Final = "application/x-www-form-urlencoded"
CERTIFICATE_CHECK: Final = b"ssl_check=1"
CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"

log = structlog.get_logger()


class HttpServer:
    """Listens at `host`:`port`; a proxy in front ends TLS. What Slack signed goes on to bolt."""

    def __init__(
        self,
        app: AsyncApp,
        secret: str,
        host: str,
        port: int,
        *,
        limits: HttpLimits | None = None,
    ) -> None:
        self._app = app
        self._verifier = SignatureVerifier(secret)
        self._host = host
        self._port = port
        self._limits = limits or HttpLimits()
        self._callers = Callers(self._limits)
        self._server: web.Server | None = None
        self._sockets: list[socket.socket] = []
        self._accepting: list[asyncio.Task[None]] = []

    @property
    def port(self) -> int:
        """Where it listens, also where any port would do (0)."""
        return int(self._sockets[0].getsockname()[1]) if self._sockets else self._port

    async def start(self) -> None:
        """Listen. Raises UsageError when the address can't be had."""
        try:
            self._sockets = await self._bound()
        except OSError as error:
            where = f"slack.listen {self._host}:{self._port}"
            named = error.errno and not isinstance(error, socket.gaierror)  # `socket` repeats the address in the others' strerror
            why = os.strerror(error.errno or 0) if named else error.strerror or str(error)
            raise UsageError(f"{where}: can't listen there ({why}). Choose another port, or end what uses it.") from error
        self._server = web.Server(self._handle)
        self._accepting = [asyncio.create_task(self._accept(there), name="http") for there in self._sockets]

    async def stop(self) -> None:
        """Take no more requests; what Slack has under way is finished, what isn't there as a whole isn't waited for."""
        for task in self._accepting:
            task.cancel()
        await asyncio.gather(*self._accepting, return_exceptions=True)
        for there in self._sockets:
            there.close()
        self._accepting, self._sockets = [], []
        server, self._server = self._server, None
        if server is not None:
            self._callers.throw_out_unserved()
            server.pre_shutdown()
            await server.shutdown(timeout=60.0)  # the service itself waits less

    async def _bound(self) -> list[socket.socket]:
        """A socket for each address that the host has."""
        found = await asyncio.get_running_loop().getaddrinfo(
            self._host, self._port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        sockets: list[socket.socket] = []
        try:
            for family, address in dict.fromkeys((family, address) for family, _, _, _, address in found):
                there = socket.create_server(address[:2], family=family, backlog=BACKLOG)
                there.setblocking(False)
                there.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, UNREAD)
                sockets.append(there)
        except OSError:
            for there in sockets:
                there.close()
            raise
        return sockets

    async def _accept(self, there: socket.socket) -> None:
        """Let in a few at a time: what they have sent is read before a hundred others have come. One by one, those whose bodies
        are being read would keep the next waiting."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(there)
            except OSError as error:
                if error.errno in NO_FILES:
                    await self._go_without(os.strerror(error.errno or 0))
                continue  # otherwise whoever it was is gone
            connections = [connection, *_waiting(there, self._limits.connections // 12)]
            try:
                await self._callers.make_room(len(connections))
            except asyncio.CancelledError:
                for connection in connections:
                    connection.close()
                raise
            made = [loop.connect_accepted_socket(self._caller, connection) for connection in connections]
            for connection, failure in zip(connections, await asyncio.gather(*made, return_exceptions=True), strict=True):
                if isinstance(failure, BaseException):  # it is gone already
                    connection.close()

    def _caller(self) -> Caller:
        assert self._server is not None
        return Caller(self._server, self._callers, asyncio.get_running_loop())

    async def _go_without(self, reason: str) -> None:
        """The process may open no more files: from now on there are fewer connections than it can have."""
        self._callers.lower()
        log.warning(
            "http_no_files",
            say="The process may open no more files, so that a connection to slack.listen couldn't come in. realreply takes "
            "fewer at once from now on. Allow it more open files (ulimit -n), 256 at least, and start it again.",
            reason=reason,
            repeats=True,
        )
        await asyncio.sleep(BREATH)
        await self._callers.make_room(1)

    # -- one request

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        caller = request.protocol
        assert isinstance(caller, Caller)
        caller.asks()
        response = await self._refusal_or_answer(request, caller)
        with suppress(ConnectionError):  # aiohttp finds it broken, too, and ends it
            await response.prepare(request)
            await response.write_eof()
        if response.keep_alive:
            caller.answered()
        elif not request.content.is_eof() and (request.content_length or READ_AHEAD) >= READ_AHEAD:
            caller.force_close()  # reading what is left of a large body, only to be polite, is what an attack wants
        return response

    async def _refusal_or_answer(self, request: web.BaseRequest, caller: Caller) -> web.StreamResponse:
        if request.path != PATH:
            return _brief(caller, 404)
        if request.method == "GET" and request.query.get("ssl_check") == "1":
            return _brief(caller, 200)
        if request.method != "POST":
            return _brief(caller, 405, {"Allow": "POST"})
        signature = signature_of(request)
        if signature is not None and not signature.recent:
            log.warning(
                "slack_request_old",
                say="A request to slack.listen was signed more than five minutes ago, or ahead, and refused. If this repeats, "
                "the clock of this machine is wrong, or somebody sends Slack's requests again.",
                repeats=True,
            )
            return _brief(caller, 401)
        if signature is None and not _may_be_certificate_check(request, self._limits.unsigned):
            return _unsigned(caller)
        body = await self._read(request, self._limits.unsigned if signature is None else self._limits.body)
        if isinstance(body, int):
            return _brief(caller, body)
        if _is_certificate_check(request, body):
            return _brief(caller, 200)
        if signature is None:
            return _unsigned(caller)
        if not fits(signature, body, self._verifier):
            log.warning(
                "slack_signature_wrong",
                say="A request to slack.listen had another signature than Slack's for this app, and was refused. If Slack says "
                "that realreply answers with errors, compare slack.signing_secret with Basic Information, App Credentials.",
                repeats=True,
            )
            return _brief(caller, 401)
        caller.verified()
        return await self._answer(request, caller, body.decode())

    async def _read(self, request: web.BaseRequest, most: int) -> bytes | int:
        """The body; or the status to refuse it with, when it is too large or breaks off."""
        if (request.content_length or 0) > most:
            return 413
        if request.headers.get("Expect", "").lower() == "100-continue" and request.transport is not None:
            request.transport.write(CONTINUE)
        body = bytearray()
        try:
            while request.transport is not None and (part := await request.content.readany()):
                body += part
                if len(body) > most:
                    return 413
        except (web.RequestPayloadError, ConnectionError) as error:
            error.with_traceback(None)  # aiohttp keeps the error with the body, and its frames would keep both for the collector
            return 400
        return 400 if request.transport is None else bytes(body)

    async def _answer(self, request: web.BaseRequest, caller: Caller, body: str) -> web.StreamResponse:
        """Hand a verified request to bolt, as its own server does."""
        try:
            asked = AsyncBoltRequest(body=body, query=request.query_string, headers=request.headers)  # type: ignore[arg-type]
            if asked.body.get("type") == "event_callback" and not isinstance(asked.body.get("event"), dict):
                raise TypeError("an event that is no object")  # bolt would run into it later
        except (ValueError, TypeError, AttributeError, RecursionError) as error:  # bolt takes everything for a flat JSON object
            log.warning(
                "slack_request_unreadable",
                say="A request that Slack signed is nothing that could be read, and was refused.",
                reason=type(error).__name__,
                repeats=True,
            )
            return _brief(caller, 400)
        return await to_aiohttp_response(await self._app.async_dispatch(asked))


def _waiting(there: socket.socket, most: int) -> Iterator[socket.socket]:
    """Who else waits to be let in, as far as there are files."""
    for _ in range(most):
        try:
            connection, _ = there.accept()
        except OSError:
            return
        connection.setblocking(False)
        yield connection


def _may_be_certificate_check(request: web.BaseRequest, most: int) -> bool:
    """Slack checks a command's certificate by `ssl_check=1`, signed or not
    (docs.slack.dev/interactivity/implementing-slash-commands): as a form, in former times in the address."""
    return request.content_type == FORM and 0 < (request.content_length or 0) <= most


def _is_certificate_check(request: web.BaseRequest, body: bytes) -> bool:
    return request.content_type == FORM and CERTIFICATE_CHECK in body.split(b"&", 32)[:32]


def _unsigned(caller: Caller) -> web.Response:
    log.info("http_unsigned", say="A request to slack.listen without a signature of Slack's was refused.", repeats=True)
    return _brief(caller, 401)


def _brief(caller: Caller, status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer that says as little as it can, and ends the connection: a stranger gets one request."""
    caller.refused()
    response = web.Response(status=status, headers=headers)
    response.force_close()
    return response
