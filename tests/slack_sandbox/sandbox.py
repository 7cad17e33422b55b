"""`make slack-sandbox`: the fake Slack and the real bot side by side, to try everything without an account anywhere."""

from __future__ import annotations

from pathlib import Path

from tests.sandbox import playing
from tests.sandbox.clock import RealClock
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
    6. As Ana use a message's shortcut "Mark as waiting" or "Mark as needing no reply", or "Check my reply" on one of Ana's.
    7. In another terminal  kill -9 {pid} : the bot is started again, and takes up where it was.

  The bot's log   {log}
  Its settings    {config}
  Look from outside, in another terminal:
    {doctor}

  Ctrl-C ends both."""


async def play(port: int, folder: Path) -> int:
    """Run both until a signal comes or the bot ends. Gives the exit code."""
    shortcuts = {"waits": "Mark as waiting", "needs_none": "Mark as needing no reply", "check": "Check my reply"}
    fake = FakeSlack(clock=RealClock(), shortcuts=shortcuts)
    fake.page = True
    people = harbor(fake)
    await fake.start(port)
    await people.dana.says("help", "Hi Ana, where can I download last month's invoice?")
    settings = SETTINGS.format(
        ana=people.ana.id, ben=people.ben.id, cleo=people.cleo.id, team=people.support_team.name, api=fake.base_url
    )
    secrets = {"SLACK_BOT_TOKEN": fake.bot_token, "SLACK_APP_TOKEN": fake.app_token}
    page = f"http://127.0.0.1:{fake.port}/"
    played = playing.Playing(settings=settings, secrets=secrets, page=page, guide=TRY)
    try:
        return await playing.run_beside(played, folder)
    finally:
        await fake.stop()
        for sentence in fake.offences:
            print(f"Slack would have refused: {sentence}", flush=True)


if __name__ == "__main__":
    playing.main("slack-sandbox", __doc__, PORT, play)
