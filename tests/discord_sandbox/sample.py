"""Harbor: a made-up team with customers, for the sandbox and for tests that want a whole server."""

from __future__ import annotations

from dataclasses import dataclass

from tests.discord_sandbox.acting import Person
from tests.discord_sandbox.fake import FakeDiscord
from tests.discord_sandbox.model import ANNOUNCEMENT, FORUM, VOICE, Channel, Guild
from tests.discord_sandbox.permissions import bits

TEAM_ROLE = "team"
STAMP = 900_000_000_000_000_000
"""Ids of the sample count from here, so that a settings file can name them."""


@dataclass(frozen=True, kw_only=True)
class Harbor:
    """Ana (lead), Ben and Cleo have the role "team"; Dana, Omar and Gus are customers."""

    guild: Guild
    ana: Person
    ben: Person
    cleo: Person
    dana: Person
    omar: Person
    gus: Person
    help: Channel
    questions: Channel
    support_team: Channel


def harbor(fake: FakeDiscord) -> Harbor:
    """Fills an empty fake. Ids are always the same."""
    guild = fake.guild("Harbor", id=str(STAMP + 100))
    team = fake.role(TEAM_ROLE, bits("MANAGE_MESSAGES"), id=str(STAMP + 110), mentionable=True)
    people = {
        name: fake.person(name, id=str(STAMP + 200 + number), roles=[team] if number < 3 else ())
        for number, name in enumerate(("Ana", "Ben", "Cleo", "Dana", "Omar", "Gus"))
    }
    # Whoever owns a server reads everything in it: on the team, and nobody besides.
    del guild.members[guild.owner_id]
    del fake.world.users[guild.owner_id]
    guild.owner_id = people["Ana"].id
    fake.channel("welcome", id=str(STAMP + 299), kind=ANNOUNCEMENT, topic="What is new in Harbor")
    return Harbor(
        guild=guild,
        **{name.lower(): person for name, person in people.items()},
        help=fake.channel("help", id=str(STAMP + 300), topic="Ask us anything about Harbor"),
        questions=fake.channel(
            "questions", id=str(STAMP + 301), kind=FORUM, topic="One post, one question", tags=["solved", "billing"]
        ),
        support_team=fake.channel(
            "support-team", id=str(STAMP + 302), only=[team], topic="Where reminders go. Customers can't see this"
        ),
    )


def lounge(fake: FakeDiscord) -> Channel:
    """A voice channel with its chat."""
    return fake.channel("lounge", id=str(STAMP + 303), kind=VOICE)
