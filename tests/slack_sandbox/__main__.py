"""`python -m tests.slack_sandbox [--page]`: the sample workspace as a server on this machine, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal

from tests.sandbox.clock import FakeClock, RealClock
from tests.slack_sandbox.delivery import RETRIES
from tests.slack_sandbox.fake import FakeSlack
from tests.slack_sandbox.sample import harbor


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.slack_sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="the port (default: a free one)")
    parser.add_argument("--page", action="store_true", help="a page in the browser to write and click as anybody")
    parser.add_argument("--json", action="store_true", help="print the addresses and tokens as one line of JSON")
    parser.add_argument("--fake-clock", action="store_true", help="time moves by POST /fake/advance only")
    parser.add_argument("--empty", action="store_true", help="no sample people and channels")
    parser.add_argument("--command", action="append", help="a slash command of the app (default: /realreply)")
    parser.add_argument(
        "--shortcut", action="append", default=[], metavar="CALLBACK_ID=LABEL", help="a message shortcut that the page offers"
    )
    parser.add_argument("--scope", action="append", default=[], help="a scope of the bot besides those of our manifest")
    parser.add_argument("--ack-seconds", type=float, default=3.0, help="how long the app has for acknowledging")
    parser.add_argument(
        "--retries", default=",".join(map(str, RETRIES)), help="seconds after which an event comes again (default: %(default)s)"
    )
    return parser.parse_args(given)


async def serve(asked: argparse.Namespace) -> None:
    """Runs until a signal comes."""
    fake = FakeSlack(
        clock=FakeClock() if asked.fake_clock else RealClock(),
        commands=asked.command or ("/realreply",),
        shortcuts=dict(entry.split("=", 1) for entry in asked.shortcut),
        ack_seconds=asked.ack_seconds,
        retries=[float(seconds) for seconds in asked.retries.split(",")],
    )
    fake.scopes.update(asked.scope)
    fake.page = asked.page
    if not asked.empty:
        harbor(fake)
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await fake.start(asked.port)
    page = f"http://127.0.0.1:{fake.port}/"
    where = {
        "base_url": fake.base_url,
        "bot_token": fake.bot_token,
        "app_token": fake.app_token,
        "signing_secret": fake.signing_secret,
        "control": f"{page}fake/",
        **({"page": page} if asked.page else {}),
    }
    if asked.json:
        print(json.dumps(where), flush=True)
    else:
        print(f"The workspace {fake.workspace.team.name!r} is open. Ctrl-C closes it.", flush=True)
        for name, value in where.items():
            print(f"  {name:<15} {value}", flush=True)
    try:
        await ended.wait()
    finally:
        await fake.stop()
    for sentence in fake.offences:
        print(f"offence: {sentence}", flush=True)


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
