"""The HTTP surface: /api/v10/... and the gateway's address."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.discord_sandbox import ratelimits
from tests.discord_sandbox.control import Control
from tests.discord_sandbox.errors import Refused
from tests.discord_sandbox.routes import applications, automod, channels, guilds, messages, webhooks
from tests.discord_sandbox.routes.table import Call, Route
from tests.discord_sandbox.trouble import Mishap

if TYPE_CHECKING:
    from tests.discord_sandbox.fake import FakeDiscord

ROUTES: tuple[Route, ...] = (
    *applications.ROUTES,
    *messages.ROUTES,
    *channels.ROUTES,
    *guilds.ROUTES,
    *automod.ROUTES,
    *webhooks.ROUTES,
)

MAJOR = ("channel", "guild", "application", "interaction")
"""What rate limits are counted by, beside the route."""

INVALID = frozenset({401, 403, 429})


@dataclass(kw_only=True)
class _Bound:
    route: Route
    pattern: re.Pattern[str]
    what: str = field(init=False)

    def __post_init__(self) -> None:
        self.what = f"{self.route.method} {re.sub(r'{[a-z_]+}', '*', self.route.path)}"


def _bind(route: Route) -> _Bound:
    return _Bound(route=route, pattern=re.compile("^" + re.sub(r"{([a-z_]+)}", r"(?P<\1>[^/]+)", route.path) + "$"))


class Server:
    """Answers the API as Discord would, and notes as an offence what an app should never send."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.app = web.Application(client_max_size=32 * 2**20)
        self.app.router.add_get("/gateway", fake.gateway.link)
        self.app.router.add_get("/gateway/", fake.gateway.link)
        self.app.router.add_route("*", "/api/v10/{rest:.*}", self.api)
        Control(fake).add_to(self.app.router)
        self.app.router.add_route("*", "/{rest:.*}", self.nowhere)
        self._runner: web.AppRunner | None = None
        self._bound = [_bind(route) for route in ROUTES]

    async def start(self, port: int = 0) -> int:
        """Listens on loopback; gives the port."""
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.2, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        address: tuple[str, int] = self._runner.addresses[0]
        return address[1]

    async def stop(self) -> None:
        """Stops listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def nowhere(self, request: web.Request) -> web.StreamResponse:
        """Anything else: an offence."""
        self.fake.offence(f"{request.method} {request.path}: there is no such route")
        return _json({"message": "404: Not Found", "code": 0}, status=404)

    def _find(self, method: str, path: str) -> tuple[_Bound, dict[str, str]] | None:
        for bound in self._bound:
            if bound.route.method == method and (found := bound.pattern.match(path)):
                return bound, found.groupdict()
        return None

    async def api(self, request: web.Request) -> web.StreamResponse:
        """One request."""
        found = self._find(request.method, "/" + request.match_info["rest"])
        if found is None:
            return await self.nowhere(request)
        bound, parts = found
        call = Call(what=bound.what, parts=parts, query=dict(request.query), at=self.fake.clock.now())
        self.fake.calls.append(call)
        await self._read(request, call)
        mishap = self.fake.trouble.next_for(call.what, parts.get("channel"))
        if mishap is not None and not mishap.accepted:
            early = await self._befall(request, call, mishap)
            if early is not None:
                return early
        interaction = "token" in parts
        major = next((parts[key] for key in MAJOR if key in parts), "")
        verdict = self.fake.limits.take(call.what, major, interaction=interaction)
        if verdict.wait is not None:
            return self._too_many(call, verdict.wait, globally=verdict.globally, headers=verdict.headers)
        try:
            if not interaction:
                self._authorize(request, call)
            answer, status = await self._carry_out(call, bound.route), 200
        except Refused as refused:
            if refused.offence:
                self.fake.offence(f"{call.what}: {refused.offence} (answered {refused.code} {refused.message})")
            answer, status = refused.answer, refused.status
        if mishap is not None and mishap.accepted:
            early = await self._befall(request, call, mishap)
            if early is not None:
                return early
        call.outcome = str(status if status != 200 else "ok")
        if status in INVALID:
            self.fake.limits.invalid += 1
        if answer is None:
            return web.Response(status=204, headers=verdict.headers)
        return _json(answer, status=status, headers=verdict.headers)

    async def _read(self, request: web.Request, call: Call) -> None:
        if request.content_type == "multipart/form-data":
            form = await request.post()
            call.files = [str(getattr(value, "filename", "")) for key, value in form.items() if key.startswith("files[")]
            call.raw = str(form.get("payload_json", "{}")).encode()
        elif request.can_read_body:
            call.raw = await request.read()
            if call.raw and request.content_type != "application/json":
                self.fake.offence(f"{call.what}: a body of type {request.content_type}")
        if call.raw:
            try:
                call.body = json.loads(call.raw)
            except ValueError:
                self.fake.offence(f"{call.what}: the body isn't JSON")

    def _authorize(self, request: web.Request, call: Call) -> None:
        header = request.headers.get("Authorization", "")
        if self.fake.revoked or header != f"Bot {self.fake.token}":
            if not header.startswith("Bot "):
                self.fake.offence(f"{call.what}: without a bot's token in the Authorization header")
            raise Refused(0, status=401, message="401: Unauthorized")
        if not request.headers.get("User-Agent", "").startswith("DiscordBot ("):
            self.fake.offence(f"{call.what}: the User-Agent has to begin with DiscordBot (url, version)")

    async def _carry_out(self, call: Call, route: Route) -> Any:
        if unknown := call.query.keys() - route.query:
            self.fake.offence(f"{call.what}: unknown query {sorted(unknown)}")
        if call.body is not None and not route.body:
            self.fake.offence(f"{call.what}: takes no body, and got {str(call.body)[:200]}")
        handler: Callable[..., Any] = route.handler
        result = handler(self.fake, call)
        return await result if inspect.isawaitable(result) else result

    # -- trouble

    async def _befall(self, request: web.Request, call: Call, mishap: Mishap) -> web.StreamResponse | None:
        if mishap.seconds:
            await asyncio.sleep(mishap.seconds)
        elif mishap.gate is not None:
            await mishap.gate.wait()
        if mishap.dropped:
            call.outcome = "dropped"
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if mishap.banned:
            call.outcome = "429"
            self.fake.limits.invalid += 1
            return web.Response(status=429, text="error code: 1015", headers={"Retry-After": "3600"})
        if mishap.status == 429:
            return self._too_many(
                call, mishap.retry_after or 0.05, globally=mishap.globally, headers={"X-RateLimit-Scope": mishap.scope}
            )
        if mishap.status is not None and mishap.code:
            call.outcome = str(mishap.status)
            self.fake.limits.invalid += mishap.status in INVALID
            return _json(self.fake.trouble.body(mishap), status=mishap.status)
        if mishap.status is not None:
            call.outcome = str(mishap.status)
            return web.Response(status=mishap.status, text="<html>upstream connect error</html>", content_type="text/html")
        return None

    def _too_many(self, call: Call, wait: float, *, globally: bool, headers: dict[str, str]) -> web.Response:
        call.outcome = "429"
        scope = headers.get("X-RateLimit-Scope", "global" if globally else "user")
        self.fake.limits.invalid += scope != "shared"
        more = {"Via": "1.1 google", "Retry-After": str(max(1, round(wait))), "X-RateLimit-Scope": scope}
        if globally:
            more["X-RateLimit-Global"] = "true"
        return _json(ratelimits.too_many(wait, globally=globally), status=429, headers={**headers, **more})


def _json(answer: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """An answer whose Content-Type is exactly Discord's: with a charset behind it, clients take the body for text."""
    response = web.Response(status=status, body=json.dumps(answer).encode(), headers=headers)
    response.headers["Content-Type"] = "application/json"
    return response
