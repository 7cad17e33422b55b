"""`make slack-sandbox`: the fake Slack and the real bot side by side, to try everything without an account anywhere.

The bot is the very program that runs on the real Slack (`realreply run`), with a settings file of its own in a temporary folder;
only where Slack's methods are is another address. Everything is gone when it ends.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from pathlib import Path

from tests.slack_sandbox.clock import RealClock
from tests.slack_sandbox.fake import FakeSlack
from tests.slack_sandbox.sample import harbor

PORT = 4390
"""Where the page is; --port chooses another."""

SETTINGS = """\
# The sandbox's settings: a ladder of minutes instead of hours, and nobody ever sleeps.
[team]
name = "Harbor support"
hours = "00:00-24:00"
days = "mon-sun"

[[members]]
name = "Ana"
slack = "{ana}"
lead = true
hours = "00:00-24:00"

[[members]]
name = "Ben"
slack = "{ben}"
duty = true

[[members]]
name = "Cleo"
slack = "{cleo}"

[[customers]]
match = "Gus*"
name = "Buoy Yachts"

[reminders]
destination = "{team}"
steps = [{{ after = "1m", to = "owner" }}, {{ after = "3m", to = "duty" }}, {{ after = "10m", to = "lead" }}]
budget = 50

[slack]
bot_token = "env:SLACK_BOT_TOKEN"
app_token = "env:SLACK_APP_TOKEN"
api = "{api}"
"""

TRY = """\
  The page        {page}
  You can be anybody there: choose a person, a channel, and write.

  Try this, in order:
    1. As Ana, look into #support-team: realreply has read the channels and asks whether it may begin. Click "Start reminding".
    2. As Dana, ask something in #help. After a minute realreply asks a member in #support-team to reply.
    3. As that member click "I'm on it", or "Why?"; then answer Dana in #help: the reminder says who answered.
    4. As Ben type  /realreply help  and open the Home tab: your own list, figures and settings.
    5. As Omar type  /realreply waiting : customers get one fixed sentence, and nothing else.
    6. As Ana use a message's shortcut "Mark as waiting" or "Mark as needing no reply".
    7. In another terminal  kill -9 {pid} : the bot is started again, and takes up where it was.

  The bot's log   {log}
  Its settings    {config}
  Look from outside, in another terminal:
    {doctor}

  Ctrl-C ends both."""


async def play(port: int, folder: Path) -> int:
    """Run both until a signal comes or the bot ends. Gives the exit code."""
    fake = FakeSlack(clock=RealClock(), shortcuts={"waits": "Mark as waiting", "needs_none": "Mark as needing no reply"})
    fake.page = True
    people = harbor(fake)
    await fake.start(port)
    config, log = folder / "config.toml", folder / "realreply.log"
    config.write_text(
        SETTINGS.format(
            ana=people.ana.id, ben=people.ben.id, cleo=people.cleo.id, team=people.support_team.name, api=fake.base_url
        )
    )
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await people.dana.says("help", "Hi Ana, where can I download last month's invoice?")
    tokens = {"SLACK_BOT_TOKEN": fake.bot_token, "SLACK_APP_TOKEN": fake.app_token}
    with log.open("wb") as written:

        async def start() -> asyncio.subprocess.Process:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", "--config", str(config), env={**os.environ, **tokens}, stderr=written,
                start_new_session=True,
            )  # fmt: skip

        bot = await start()
        try:
            said = " ".join(f"{name}={value}" for name, value in tokens.items())
            doctor = f"{said} {Path(sys.executable).parent / 'realreply'} doctor --config {config}"
            page = f"http://127.0.0.1:{fake.port}/"
            print(TRY.format(page=page, log=log, config=config, doctor=doctor, pid=bot.pid), flush=True)
            told = asyncio.create_task(stop.wait())
            while True:
                ended = asyncio.create_task(bot.wait())
                await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
                if told.done() or await ended != -signal.SIGKILL:
                    break
                bot = await start()
                print(f"\n  The bot was killed and is started again; its process is {bot.pid} now.", flush=True)
            told.cancel()
            if not ended.done():
                bot.terminate()
            code = await ended
        finally:
            await fake.stop()
    for sentence in fake.offences:
        print(f"Slack would have refused: {sentence}", flush=True)
    if not stop.is_set():
        print(f"The bot ended by itself (exit code {code}):", log.read_text()[-2000:], sep="\n", flush=True)
        return 1
    return 0


def main() -> None:
    """Play until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="make slack-sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="the page's port (default: %(default)s; 0 = a free one)")
    port = parser.parse_args().port
    with tempfile.TemporaryDirectory(prefix="realreply-sandbox-") as folder:
        try:
            code = asyncio.run(play(port, Path(folder)))
        except OSError as error:
            print(f"The sandbox can't listen on port {port} ({error.strerror}); choose another: PORT=... make slack-sandbox")
            code = 2
    sys.exit(code)


if __name__ == "__main__":
    main()
