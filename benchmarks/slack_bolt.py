"""slack-bolt alone on its own server, for comparison: signatures are verified, and the listener does nothing.

`python -m benchmarks.slack_bolt PORT API`
"""

from __future__ import annotations

import asyncio
import sys

from aiohttp import web
from slack_bolt.app.async_server import AsyncSlackAppServer
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_sandbox import FakeSlack


async def main(port: int, api: str) -> None:
    """Serve until the process is ended."""
    fake = FakeSlack()  # for its tokens alone
    app = AsyncApp(
        client=AsyncWebClient(token=fake.bot_token, base_url=api),
        signing_secret=fake.signing_secret,
        process_before_response=True,
    )

    @app.event("message")
    async def listen(event: dict[str, object]) -> None:
        return None

    server = AsyncSlackAppServer(port, "/slack/events", app, "127.0.0.1")
    runner = web.AppRunner(server.web_app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
