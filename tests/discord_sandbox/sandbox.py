"""`make discord-sandbox`: the fake Discord and the real bot side by side, to try everything without an account anywhere."""

from __future__ import annotations

from pathlib import Path

from tests.discord_sandbox.fake import FakeDiscord
from tests.discord_sandbox.sample import TEAM_ROLE, harbor, lounge
from tests.sandbox import playing
from tests.sandbox.clock import RealClock

PORT = 4391
"""Where the page is; --port chooses another."""

SETTINGS = """\
# The sandbox's settings: a ladder of minutes instead of hours, and nobody ever sleeps.
[team]
name = "Harbor support"
hours = "00:00-24:00"
days = "mon-sun"

[[members]]
name = "Ana"
discord = "{ana}"
lead = true
hours = "00:00-24:00"

[[members]]
name = "Ben"
discord = "{ben}"
duty = true

[[customers]]
match = "Dana*"
name = "Reef Hotels"

[reminders]
steps = [{{ after = "1m", to = "owner" }}, {{ after = "3m", to = "duty" }}, {{ after = "10m", to = "lead" }}]
budget = 50

[discord]
token = "env:DISCORD_TOKEN"
api = "{api}"
gateway = "{gateway}"

[[discord.guilds]]
id = "{guild}"
team_roles = ["{role}"]
destination = "{team}"
solved_tags = ["solved"]
"""

TRY = """\
  The page        {page}
  You can be anybody there: choose a person, a channel, and write.

  Try this, in order:
    1. As Ana, look into #support-team: realreply has read the channels and asks whether it may begin. Click "Start reminding".
    2. As Dana, ask something in #help. After a minute realreply asks a member in #support-team to reply.
    3. As that member click "I'm on it", or "Why?"; then answer Dana in #help: the reminder says who answered.
    4. As Omar open a post in the forum #questions; as Ben answer it, or set its tag "solved".
    5. As Ben type  /realreply  and pick  waiting,  home  or  help : what you can do, your own list, figures and settings.
    6. As Omar use the same command: customers aren't offered it, and who calls it all the same gets one fixed sentence.
    7. As Ana use a message's menu "Mark as waiting", "Mark as needing no reply", "Why?", or on her own "Check my reply".
    8. In another terminal  kill -9 {pid} : the bot is started again, and takes up where it was.

  The bot's log   {log}
  Its settings    {config}
  Look from outside, in another terminal:
    {doctor}

  Ctrl-C ends both."""


async def play(port: int, folder: Path) -> int:
    """Run both until a signal comes or the bot ends. Gives the exit code."""
    fake = FakeDiscord(clock=RealClock())
    fake.page = True
    people = harbor(fake)
    lounge(fake)
    await fake.start(port)
    await people.dana.says("help", "Hi Ana, where can I download last month's invoice?")
    settings = SETTINGS.format(
        ana=people.ana.id,
        ben=people.ben.id,
        guild=people.guild.id,
        role=TEAM_ROLE,
        team=people.support_team.name,
        api=fake.api_url,
        gateway=fake.gateway_url,
    )
    page = f"http://127.0.0.1:{fake.port}/"
    played = playing.Playing(settings=settings, secrets={"DISCORD_TOKEN": fake.token}, page=page, guide=TRY)
    try:
        return await playing.run_beside(played, folder)
    finally:
        await fake.stop()
        for sentence in fake.offences:
            print(f"Discord would have refused: {sentence}", flush=True)


if __name__ == "__main__":
    playing.main("discord-sandbox", __doc__, PORT, play)
