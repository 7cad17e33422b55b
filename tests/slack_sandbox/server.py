"""The HTTP surface: /api/METHOD, response URLs and the Socket Mode link."""

from __future__ import annotations

import asyncio
import inspect
import json
from email.utils import formatdate
from typing import TYPE_CHECKING

from aiohttp import web

from tests.slack_sandbox import validation
from tests.slack_sandbox.arguments import Misused, checked, raw_arguments
from tests.slack_sandbox.calls import chat, conversations, people, views
from tests.slack_sandbox.calls.table import Call, Method, Refused, need_scope
from tests.slack_sandbox.control import Control
from tests.slack_sandbox.model import Json
from tests.slack_sandbox.trouble import Mishap

if TYPE_CHECKING:
    from tests.slack_sandbox.fake import FakeSlack

METHODS: dict[str, Method] = {
    **people.METHODS,
    **conversations.METHODS,
    **chat.METHODS,
    **views.METHODS,
}


class Server:
    """Answers the Web API as Slack would, and notes as an offence what an app should never send."""

    def __init__(self, fake: FakeSlack) -> None:
        self.fake = fake
        self.app = web.Application(client_max_size=4 * 2**20)
        self.app.router.add_route("*", "/api/{method}", self.api)
        self.app.router.add_post("/response/{ticket}", self.response_url)
        self.app.router.add_get("/link", self.link)
        Control(fake).add_to(self.app.router)
        self.app.router.add_route("*", "/{rest:.*}", self.nowhere)
        self._runner: web.AppRunner | None = None

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

    async def link(self, request: web.Request) -> web.StreamResponse:
        """Socket Mode."""
        return await self.fake.sockets.link(request)

    async def nowhere(self, request: web.Request) -> web.StreamResponse:
        """Anything else: an offence."""
        self.fake.offence(f"{request.method} {request.path}: there is no such route")
        return web.json_response({"ok": False, "error": "unknown_route"}, status=404)

    async def api(self, request: web.Request) -> web.StreamResponse:
        """One call of the Web API."""
        name = request.match_info["method"]
        call = Call(method=name, arguments={}, at=self.fake.clock.now())
        self.fake.calls.append(call)
        try:
            sent, typed = await raw_arguments(request)
        except Misused as misused:
            self.fake.offence(f"{name}: {misused}")
            return self._answer(call, {"ok": False, "error": "invalid_json"})
        call.sent = sent
        mishap = self.fake.trouble.next_for(name, sent.get("channel"))
        if mishap is not None:
            early = await self._befall(request, call, mishap)
            if early is not None:
                return early
        try:
            answer = await self._carry_out(request, name, call, sent, typed=typed)
        except Refused as refused:
            if refused.offence:
                self.fake.offence(f"{name}: {refused.offence} (answered {refused.error})")
            for record in self.fake.outgoing[-1:]:
                if record.method == name and not record.accepted:
                    record.error = refused.error
            return self._answer(call, refused.answer)
        if mishap is not None and mishap.late:
            await asyncio.sleep(mishap.late)
        if mishap is not None and mishap.dropped:
            return self._cut(request, call)
        return self._answer(call, {"ok": True, **answer})

    async def _carry_out(self, request: web.Request, name: str, call: Call, sent: Json, *, typed: bool) -> Json:
        fake = self.fake
        method = METHODS.get(name)
        if method is None:
            raise Refused("unknown_method", req_method=name, offence="is no method an app like ours calls")
        if request.method not in ("GET", "POST"):
            raise Refused("invalid_http_method", offence=f"called with {request.method}")
        self._authorize(request, sent, method)
        if method.scope:
            need_scope(fake, method.scope)
        try:
            call.arguments = checked(method.arguments, sent, typed=typed)
        except Misused as misused:
            raise Refused("invalid_arguments", messages=misused.problems, offence=str(misused)) from None
        judged = {key: value for key, value in call.arguments.items() if key != "file_ids"}
        if problems := validation.problems_of_arguments(name, judged):
            fake.offence(f"{name}: {'; '.join(problems)}")
        result = method.handler(fake, call.arguments)
        return await result if inspect.isawaitable(result) else result

    def _authorize(self, request: web.Request, sent: Json, method: Method) -> None:
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ") if header.startswith("Bearer ") else str(sent.get("token", ""))
        if not header and "token" in sent:
            self.fake.offence(f"{request.path}: the token belongs in the Authorization header")
        if not token:
            raise Refused("not_authed", offence="called without a token")
        expected, other = self.fake.bot_token, self.fake.app_token
        if method.app_token:
            expected, other = other, expected
        if token == other:
            raise Refused("not_allowed_token_type", offence="called with the wrong kind of token")
        if token != expected:
            raise Refused("invalid_auth", offence="" if self.fake.wrong_tokens_are_fine else "called with an unknown token")
        if self.fake.revoked:
            raise Refused(self.fake.revoked)
        if method.app_token and not self.fake.sockets.enabled:
            raise Refused("socket_mode_not_enabled")

    async def _befall(self, request: web.Request, call: Call, mishap: Mishap) -> web.StreamResponse | None:
        if mishap.seconds:
            await asyncio.sleep(mishap.seconds)
        elif mishap.gate is not None:
            await mishap.gate.wait()
        if mishap.dropped and not mishap.accepted:
            return self._cut(request, call)
        if mishap.status == 429:
            call.outcome = "ratelimited"
            wait = str(mishap.retry_after)
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": wait})
        if mishap.status is not None:
            call.outcome = str(mishap.status)
            return web.Response(status=mishap.status, text="<html>Server Error</html>", content_type="text/html")
        if mishap.rubbish is not None:
            call.outcome = "rubbish"
            return web.Response(text=mishap.rubbish, content_type="application/json")
        if mishap.error is not None:
            return self._answer(call, {"ok": False, "error": mishap.error})
        return None

    def _cut(self, request: web.Request, call: Call) -> web.StreamResponse:
        call.outcome = "dropped"
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _answer(self, call: Call, answer: Json) -> web.Response:
        call.outcome = "ok" if answer.get("ok") else str(answer.get("error"))
        method = METHODS.get(call.method)
        date = formatdate(self.fake.clock.now(), usegmt=True)
        headers = {
            "Date": date,
            "x-oauth-scopes": ",".join(sorted(self.fake.scopes)),
            "x-slack-req-id": f"req{len(self.fake.calls)}",
        }
        if method is not None and method.scope:
            headers["x-accepted-oauth-scopes"] = method.scope
        return web.json_response(answer, headers=headers)

    async def response_url(self, request: web.Request) -> web.StreamResponse:
        """https://docs.slack.dev/interactivity/handling-user-interaction#message_responses: five uses in thirty minutes."""
        fake = self.fake
        call = Call(method="response_url", arguments={}, at=fake.clock.now())
        fake.calls.append(call)
        try:
            sent = json.loads(await request.read())
        except ValueError:
            fake.offence("response_url: the body isn't JSON")
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        call.arguments = call.sent = sent
        mishap = fake.trouble.next_for("response_url", None)
        if mishap is not None:
            early = await self._befall(request, call, mishap)
            if early is not None:
                return early
        try:
            fake.respond(request.match_info["ticket"], sent)
        except Refused as refused:
            if refused.offence:
                fake.offence(f"response_url: {refused.offence} (answered {refused.error})")
            call.outcome = refused.error
            return web.json_response(refused.answer, status=404)
        if mishap is not None and mishap.dropped:
            return self._cut(request, call)
        call.outcome = "ok"
        return web.Response(text="ok")
