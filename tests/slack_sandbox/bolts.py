"""Bolt apps as the fake's counterparts, over a socket or over HTTP, and a message and a form for them to send."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web as aioweb
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_sandbox import FakeSlack


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(text: str) -> dict[str, Any]:
    return {"text": plain(text), "value": text.lower()}


CARD: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Dana* waits"}},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": plain("I'm on it"), "action_id": "claim", "value": "claim:7"},
            {
                "type": "static_select",
                "action_id": "snooze",
                "placeholder": plain("Later"),
                "options": [option("Hour"), option("Day")],
            },
            {"type": "overflow", "action_id": "more", "options": [option("Why me"), option("Not mine")]},
            {"type": "users_select", "action_id": "hand", "placeholder": plain("Hand to")},
        ],
    },
]
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "report",
    "title": plain("Report"),
    "submit": plain("Send"),
    "notify_on_close": True,
    "blocks": [
        {"type": "input", "block_id": "why", "label": plain("Why"), "element": {"type": "plain_text_input", "action_id": "text"}},
        {
            "type": "input",
            "block_id": "kind",
            "label": plain("Kind"),
            "optional": True,
            "element": {"type": "static_select", "action_id": "k", "options": [option("Rude"), option("Spam")]},
        },
    ],
}


def make_app(fake: FakeSlack, got: list[dict[str, Any]]) -> AsyncApp:
    """An app that acknowledges after its listeners ran and notes every event."""
    client = AsyncWebClient(token=fake.bot_token, base_url=fake.base_url, retry_handlers=[])
    app = AsyncApp(
        client=client, signing_secret=fake.signing_secret, process_before_response=True, ignoring_self_events_enabled=False
    )

    async def note(body: dict[str, Any]) -> None:
        got.append(body)

    for kind in sorted({name.split(".")[0] for name in fake.events} - {"app_rate_limited"}):
        app.event(kind)(note)
    return app


@asynccontextmanager
async def over_socket(fake: FakeSlack, app: AsyncApp, *, ping_interval: float = 0.05) -> AsyncIterator[SocketModeClient]:
    """The app on a Socket Mode connection."""
    client = SocketModeClient(
        app_token=fake.app_token,
        web_client=AsyncWebClient(token=fake.bot_token, base_url=fake.base_url),
        ping_interval=ping_interval,
    )
    handler = AsyncSocketModeHandler(app, fake.app_token, web_client=client.web_client)
    await handler.client.close()
    handler.client = client
    client.socket_mode_request_listeners.append(handler.handle)
    await client.connect_to_new_endpoint()
    await fake.sockets.connected()
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def over_http(fake: FakeSlack, app: AsyncApp) -> AsyncIterator[None]:
    """The app behind an HTTP server, as Bolt sets it up."""
    runner = aioweb.AppRunner(app.server(port=1).web_app, access_log=None)
    await runner.setup()
    await aioweb.TCPSite(runner, "127.0.0.1", 0).start()
    fake.http_target = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield
    finally:
        fake.http_target = None
        await runner.cleanup()
