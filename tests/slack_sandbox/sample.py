"""Harbor: a made-up team with customers, for the sandbox and for tests that want a whole workspace."""

from __future__ import annotations

from dataclasses import dataclass

from tests.slack_sandbox.acting import Person
from tests.slack_sandbox.fake import FakeSlack
from tests.slack_sandbox.model import Conversation


@dataclass(frozen=True, kw_only=True)
class Harbor:
    """Ana (lead), Ben and Cleo are the team; Dana and Omar come from other organisations, Gus is a guest."""

    ana: Person
    ben: Person
    cleo: Person
    dana: Person
    omar: Person
    gus: Person
    help: Conversation
    support_team: Conversation
    random: Conversation


def harbor(fake: FakeSlack) -> Harbor:
    """Fills an empty fake. Ids are always the same, so that a settings file can name them."""
    reef, mole = fake.other_team("Reef Hotels"), fake.other_team("Mole Cafe")
    ana = fake.person("Ana", id="U0ANA", real_name="Ana Lopes", tz="Europe/Lisbon", admin=True, email="ana@harbor.example")
    ben = fake.person("Ben", id="U0BEN", real_name="Ben Ito", tz="Europe/Berlin", tz_offset=3600, email="ben@harbor.example")
    cleo = fake.person(
        "Cleo", id="U0CLEO", real_name="Cleo Park", tz="Europe/Berlin", tz_offset=3600, email="cleo@harbor.example"
    )
    dana = fake.person("Dana", id="U0DANA", real_name="Dana Reyes", team=reef)
    omar = fake.person("Omar", id="U0OMAR", real_name="Omar Said", team=mole)
    gus = fake.person("Gus", id="U0GUS", real_name="Gus Holm", guest="single", email="gus@buoy.example")
    team, customers = [ana, ben, cleo], [dana, omar, gus]
    return Harbor(
        ana=ana,
        ben=ben,
        cleo=cleo,
        dana=dana,
        omar=omar,
        gus=gus,
        help=fake.channel(
            "help", id="C0HELP", members=[*team, *customers], shared_with=[reef, mole], purpose="Ask us anything about Harbor"
        ),
        support_team=fake.channel(
            "support-team", id="C0SUPPORT", members=team, private=True, purpose="Where reminders go. Customers can't see this"
        ),
        random=fake.channel("random", id="C0RANDOM", members=team, bot=False, purpose="Not watched: the bot isn't here"),
    )
