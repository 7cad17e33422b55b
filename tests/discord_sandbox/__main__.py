"""`python -m tests.discord_sandbox [--page]`: the sample server as a Discord on this machine, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal

from tests.discord_sandbox.fake import FakeDiscord
from tests.discord_sandbox.sample import harbor, lounge
from tests.sandbox.clock import FakeClock, RealClock


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.discord_sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="the port (default: a free one)")
    parser.add_argument("--page", action="store_true", help="a page in the browser to write and click as anybody")
    parser.add_argument("--json", action="store_true", help="print the addresses and the token as one line of JSON")
    parser.add_argument("--fake-clock", action="store_true", help="time moves by POST /fake/advance only")
    parser.add_argument("--empty", action="store_true", help="no sample people and channels")
    parser.add_argument("--no-content", action="store_true", help="the message content intent is switched off")
    parser.add_argument("--ack-seconds", type=float, default=3.0, help="how long the app has for answering an interaction")
    return parser.parse_args(given)


async def serve(asked: argparse.Namespace) -> None:
    """Runs until a signal comes."""
    privileged = {"members"} if asked.no_content else {"members", "message_content"}
    clock = FakeClock() if asked.fake_clock else RealClock()
    fake = FakeDiscord(clock=clock, privileged=privileged, ack_seconds=asked.ack_seconds)
    if not asked.empty:
        harbor(fake)
        lounge(fake)
    fake.page = asked.page
    await fake.start(asked.port)
    addresses = {
        "url": f"http://127.0.0.1:{fake.port}/",
        "api": fake.api_url,
        "gateway": fake.gateway_url,
        "token": fake.token,
        "guilds": list(fake.world.guilds),
    }
    print(
        json.dumps(addresses) if asked.json else "\n".join(f"{name:8} {value}" for name, value in addresses.items()), flush=True
    )
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await fake.stop()


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
