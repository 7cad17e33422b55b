"""Several Discord servers in one bot: each has a team, a reminders channel and customers of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest

from bot.domain.people import Role
from tests.scenario.discord_people import DiscordActor
from tests.scenario.discord_stage import DiscordStage
from tests.scenario.stage import Shown
from tests.scenario.test_auto_dms import WELCOME
from tests.scenario.test_quiet import OTHER_QUESTIONS
from tests.scenario.test_reminding import ANSWER, QUESTION
from tests.scenario.test_tips import LINE
from tests.scenario.test_topics import ASKS

pytestmark = [pytest.mark.only("discord"), pytest.mark.alone]

CREW, GUESTS = ("rio", "kim"), ("sal", "tess", "ugo")


ASKED = (
    *("waiting", "waiting mine", "digest", "preview", "stats", "topics", "introductions", "thanks", "hello", "audit", "auto-dms"),
    *("trial", "automod", "undo"),
)
"""What anybody may ask for that changes nothing."""


class _Sailor(DiscordActor):
    @property
    def place(self) -> str:
        return "ask"


@pytest.fixture(autouse=True)
def bay(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second server, Bay: Rio and Kim are its crew, Sal, Tess and Ugo are customers there. Nobody of Harbor is in it."""
    init, written, on_team = DiscordStage.__init__, DiscordStage.written, DiscordStage.on_team

    def arrive(stage: DiscordStage, *given: Any) -> None:
        init(stage, *given)
        server = stage.fake.guild("Bay")
        stage.fake.role("crew", guild=server, mentionable=True)
        for name in (*CREW, *GUESTS):
            person = stage.fake.person(name.title(), guild=server, roles=["crew"] if name in CREW else ())
            stage.persons[name] = person
            stage.people[name] = _Sailor(stage, person, name)
        server.owner_id = stage.persons["rio"].id  # whoever owns a server reads everything in it
        stage.fake.channel("ask", guild=server)
        stage.fake.channel("crewroom", guild=server, only=["crew"])

    def settings(stage: DiscordStage) -> dict[str, Any]:
        found = written(stage)
        server = next(guild for guild in stage.fake.world.guilds.values() if guild.name == "Bay")
        found["discord"]["guilds"].append({"id": server.id, "team_roles": ["crew"], "destination": "crewroom"})
        return found

    monkeypatch.setattr(DiscordStage, "__init__", arrive)
    monkeypatch.setattr(DiscordStage, "written", settings)
    monkeypatch.setattr(DiscordStage, "on_team", lambda stage: on_team(stage) | {stage.persons[name].id for name in CREW})


def said_in(stage: DiscordStage, room: str) -> str:
    return "\n".join(post.words for post in stage.posts_in(room))


async def test_only_who_is_on_the_team_of_its_server_is_asked_about_a_wait(stage: DiscordStage) -> None:
    await stage.people["sal"].says(QUESTION, channel="ask")
    await stage.people["dana"].says(OTHER_QUESTIONS[0])
    await stage.advance(hours=12)
    called = {name for post in stage.posts_in("crewroom") for name in post.calls}
    assert called and called <= set(CREW), "they can read it, and Harbor's team can't"
    assert {name for post in stage.posts_in("team") for name in post.calls} <= {"ana", "ben", "cleo"}
    why = await stage.people["rio"].commands("why w1")
    assert "Ben: isn't on the team of that server" in why.words, "he is on duty, and would be asked first"


async def test_an_audit_tells_of_the_servers_that_its_reader_may_read(
    stage: DiscordStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.fake.app_posts("help", "Deployed version 12.", name="Deploys")
    await stage.fake.app_posts("ask", "The tide is in.", name="Tides")
    await stage.settle()
    lead = (await stage.people["cleo"].commands("audit")).words
    assert "Deploys" in lead and "Tides" in lead, "the settings name her as a lead of all"
    assert "Bay" in (await stage.people["cleo"].commands("automod")).words
    written = stage.written()
    for member in written["members"]:
        member["lead"] = False
    monkeypatch.setattr(DiscordStage, "written", lambda _: written)
    await stage.restart()  # nobody leads, so everybody on the team may do what leads may
    rio = (await stage.people["rio"].commands("audit")).words
    assert "Tides (bot): 1 post" in rio and "Deploys" not in rio and "1 post by 1 app" in rio
    filters = (await stage.people["rio"].commands("automod")).words
    assert "Bay" in filters and "Harbor" not in filters


async def test_a_list_shows_what_happens_where_its_reader_is_on_the_team(stage: DiscordStage) -> None:
    await stage.people["sal"].says(QUESTION, channel="ask")
    await stage.people["dana"].says(OTHER_QUESTIONS[0])
    for who, shown, hidden in (("rio", "Sal", "Dana"), ("ana", "Dana", "Sal")):
        actor = stage.people[who]
        theirs = OTHER_QUESTIONS[0] if who == "rio" else QUESTION
        for page in (await actor.commands("waiting"), await actor.home(), await actor.commands("digest")):
            assert hidden.lower() not in page.words.lower() and theirs not in page.words + "".join(page.quotes)
        assert shown.lower() in (await actor.commands("waiting")).words.lower()
        other = "w2" if who == "rio" else "w1"
        for asked in (f"why {other}", f"claim {other}", f"dismiss {other}", f"snooze {other} 2h"):
            assert "There is no wait" in (await actor.commands(asked)).words
        assert "No customer called" in (await actor.commands(f"who {hidden}")).words
    both = (await stage.people["cleo"].commands("waiting")).words.lower()
    assert "sal" in both and "dana" in both, "a lead that the settings name decides everywhere"


async def test_figures_are_of_what_their_reader_may_read(stage: DiscordStage) -> None:
    await stage.people["sal"].says(QUESTION, channel="ask")
    await stage.people["dana"].says(OTHER_QUESTIONS[0])
    await stage.people["omar"].says(OTHER_QUESTIONS[1])
    counted = {who: (await stage.people[who].commands("stats")).words for who in ("rio", "ana", "cleo")}
    assert len(set(counted.values())) == 3, counted


async def test_what_is_typed_is_completed_by_what_its_reader_may_read(stage: DiscordStage) -> None:
    await stage.people["sal"].says(QUESTION, channel="ask")
    await stage.people["dana"].says(OTHER_QUESTIONS[0])
    await stage.settle()
    rio = stage.persons["rio"]
    assert stage.bot is not None
    offered = stage.bot.interactions["discord"]
    for command, param in (("claim", "wait"), ("who", "customer"), ("watch", "channel"), ("assign", "member")):
        labels = " ".join(label for label, _ in await offered.offer(rio.id, Role.MEMBER, command, param, ""))
        assert "Dana" not in labels and "#help" not in labels and "Ana" not in labels, (command, labels)


@pytest.mark.setup(digests=("09:00",))
async def test_each_server_has_a_digest_of_its_own_once_a_slot(stage: DiscordStage) -> None:
    await stage.people["sal"].says(QUESTION, channel="ask")
    await stage.people["dana"].says(OTHER_QUESTIONS[0])
    await stage.advance(hours=20.9)
    before = {room: len(stage.posts_in(room)) for room in ("team", "crewroom")}
    await stage.advance(hours=0.2)
    await stage.restart()
    await stage.advance(hours=0.5)
    for room, mine, others in (("team", "dana", "sal"), ("crewroom", "sal", "dana")):
        new = [post.words.lower() for post in stage.posts_in(room)[before[room] :]]
        digests = [words for words in new if "waiting" in words]
        assert len(digests) == 1 and mine in digests[0] and others not in digests[0], (room, new)


@pytest.mark.setup(started=False)
async def test_the_preview_of_each_server_is_its_own(stage: DiscordStage) -> None:
    await stage.people["sal"].says(QUESTION, channel="ask")
    await stage.people["dana"].says(OTHER_QUESTIONS[0])
    await stage.advance(hours=2)
    await stage.restart()
    assert len(stage.posts_in("team")) == len(stage.posts_in("crewroom")) == 1
    assert "sal" not in said_in(stage, "team").lower() and "dana" not in said_in(stage, "crewroom").lower()


async def test_what_has_a_channel_of_its_own_goes_to_no_other_servers(stage: DiscordStage) -> None:
    await stage.fake.erases("crewroom")
    await stage.people["sal"].says(QUESTION, channel="ask")
    await stage.advance(hours=5)
    assert stage.posts_in("team") == []
    server = next(guild for guild in stage.fake.world.guilds.values() if guild.name == "Bay")
    await stage.fake.creates("crewroom", guild=server, only=["crew"])
    await stage.advance(hours=1)
    assert "Sal" in said_in(stage, "crewroom"), "once it is there again she is told of"


async def test_nothing_is_handed_to_who_cannot_read_it(stage: DiscordStage) -> None:
    await stage.people["sal"].says(QUESTION, channel="ask")
    await stage.settle()
    shown = await stage.people["cleo"].commands("assign w1 Ben")
    assert "isn't on the team of the server" in shown.words
    (wait,) = await stage.waits()
    assert wait.owner != stage.persons["ben"].id


async def test_who_comes_to_a_servers_team_is_asked_from_then_on(stage: DiscordStage) -> None:
    server = next(guild for guild in stage.fake.world.guilds.values() if guild.name == "Bay")
    await stage.persons["ana"].joins(server)
    for name in CREW:
        await stage.persons[name].leaves(server)
    await stage.people["sal"].says(QUESTION, channel="ask")
    await stage.advance(minutes=45)
    assert said_in(stage, "crewroom"), "whom the settings list is on the team wherever they are"
    assert {name for post in stage.posts_in("crewroom") for name in post.calls} == {"ana"}


@pytest.mark.setup(digests=("09:00",))
async def test_a_role_of_the_team_that_has_another_name_is_said_where_it_is_to_be_mended(stage: DiscordStage) -> None:
    server = next(guild for guild in stage.fake.world.guilds.values() if guild.name == "Bay")
    await stage.fake.changes_role(stage.fake.world.role(server, "crew"), name="Sailors")
    await stage.settle()
    await stage.restart()
    await stage.people["sal"].says(QUESTION, channel="ask")
    says = "The role crew of Bay is now called Sailors"
    assert says in (await stage.people["cleo"].home()).words and says not in (await stage.people["ana"].home()).words
    await stage.advance(hours=22)
    assert says in said_in(stage, "crewroom") and says not in said_in(stage, "team")
    assert {name for post in stage.posts_in("crewroom") for name in post.calls} <= set(CREW), "they are its team still"


async def test_what_somebody_leaves_open_is_told_in_its_own_server(stage: DiscordStage) -> None:
    await stage.people["sal"].says(OTHER_QUESTIONS[1], channel="ask")
    await stage.people["kim"].commands("claim w1")
    await stage.advance(minutes=5)
    await stage.persons["kim"].leaves(_bay(stage))
    await stage.settle()
    await stage.advance(minutes=10)
    assert "Kim isn't on the team any more and has 1 customer open" in said_in(stage, "crewroom")
    assert said_in(stage, "team") == "", "Harbor's team has nothing to do with Bay's customers"
    (wait,) = await stage.waits()
    assert wait.owner is None


async def test_who_leaves_one_servers_team_hands_over_what_they_have_there(stage: DiscordStage) -> None:
    both = stage.persons["ana"]
    await both.joins(_bay(stage), roles=["crew"])
    await stage.settle()
    await stage.people["sal"].says(OTHER_QUESTIONS[1], channel="ask")
    await stage.people["dana"].says(QUESTION)
    for wait in ("w1", "w2"):
        await stage.people["ana"].commands(f"claim {wait}")
    await both.leaves(_bay(stage))
    await stage.settle()
    await stage.advance(minutes=10)
    assert "Ana isn't on the team any more and has 1 customer open" in said_in(stage, "crewroom")
    assert "on the team any more" not in said_in(stage, "team")
    assert {wait.customer: wait.owner for wait in await stage.waits()} == {
        stage.persons["sal"].id: None,
        stage.persons["dana"].id: both.id,
    }


async def test_nobody_leaves_the_team_because_the_bot_is_thrown_out_of_their_server(stage: DiscordStage) -> None:
    await stage.people["sal"].says(OTHER_QUESTIONS[1], channel="ask")
    await stage.people["kim"].commands("claim w1")
    await stage.advance(minutes=5)
    await stage.fake.kicks("Bay")
    await stage.advance(minutes=10)
    assert "Sal" not in said_in(stage, "team") and "Kim" not in said_in(stage, "team")
    await stage.restart()
    await stage.fake.invites("Bay")
    await stage.advance(minutes=10)
    (wait,) = await stage.waits()
    assert wait.owner == stage.persons["kim"].id, "she took it on, and is still there"
    assert "on the team any more" not in said_in(stage, "team") + said_in(stage, "crewroom")


@pytest.mark.setup(digests=("09:00",))
async def test_leads_elsewhere_are_told_that_the_bot_was_thrown_out_of_a_server(stage: DiscordStage) -> None:
    says = "realreply isn't in the server Bay any more"
    assert says not in (await stage.people["cleo"].home()).words
    await stage.fake.kicks("Bay")
    assert says in (await stage.people["cleo"].home()).words and says not in (await stage.people["ana"].home()).words
    await stage.restart()
    assert says in (await stage.people["cleo"].home()).words, "what it was called is kept"
    await stage.advance(hours=22)
    assert says in said_in(stage, "team"), "nothing else is to be told that day"
    await stage.fake.invites("Bay")
    assert says not in (await stage.people["cleo"].home()).words


@pytest.mark.setup(digests=("09:00",))
async def test_a_server_that_has_an_outage_is_not_said_to_have_thrown_the_bot_out(stage: DiscordStage) -> None:
    await stage.fake.outage("Bay")
    await stage.restart()
    assert "isn't in the server" not in (await stage.people["cleo"].home()).words
    await stage.advance(hours=22)
    assert "isn't in the server" not in said_in(stage, "team")


@pytest.mark.parametrize("away", ["Bay", "Harbor"])
async def test_a_direct_message_to_the_bot_is_answered_while_a_server_has_an_outage(stage: DiscordStage, away: str) -> None:
    cleo, sal = stage.persons["cleo"], stage.persons["sal"]
    await stage.people["dana"].says(QUESTION)
    await stage.fake.outage(away)
    for typed, told in (("waiting", "Dana"), ("claim w1", "Dana"), ("home", "Dana")):
        before = len(stage.people["cleo"].told())
        await cleo.says(stage.fake.world.dm(cleo), typed)
        await stage.settle()
        (answer,) = stage.people["cleo"].told()[before:]
        assert told in answer.words, (typed, answer.words)
    await sal.says(stage.fake.world.dm(sal), "waiting")
    await stage.settle()
    assert stage.people["sal"].told() == [], "a customer is never written to"


@pytest.fixture
def all_told(bay: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Nobody leads, so that everybody on a team may ask for all there is to ask for; who joins is greeted in both servers, and a
    weekly digest comes every day. What anybody is shown, by name."""
    written, commands, home = DiscordStage.written, DiscordActor.commands, DiscordActor.home
    shown: dict[str, list[str]] = {}

    def settings(stage: DiscordStage) -> dict[str, Any]:
        week = {"days": "mon-sun", "at": "18:10", "what": "week"}
        found = written(stage)
        found["reminders"]["digest"].append(week)
        return found | {"members": [], "greetings": {"channels": ["help", "ask"]}}

    async def commanded(actor: DiscordActor, text: str) -> Shown:
        return keep(actor, await commands(actor, text))

    async def looked(actor: DiscordActor) -> Shown:
        return keep(actor, await home(actor))

    def keep(actor: DiscordActor, answer: Shown) -> Shown:
        shown.setdefault(actor.name, []).append(answer.words)
        return answer

    monkeypatch.setattr(DiscordStage, "written", settings)
    monkeypatch.setattr(DiscordActor, "commands", commanded)
    monkeypatch.setattr(DiscordActor, "home", looked)
    return shown


@pytest.mark.setup(digests=("18:00",), unlisted=("ana", "ben", "cleo"))
async def test_nothing_of_a_day_in_one_server_is_read_in_the_other(all_told: dict[str, list[str]], stage: DiscordStage) -> None:
    await _lives_a_day(stage, "ana", "ben", ("dana", "omar", "pia"), "help", new="Kira")
    await _lives_a_day(stage, *CREW, GUESTS, "ask", new="Lou")
    await stage.advance(hours=4.5)
    for who in ("ana", "rio"):
        await stage.people[who].home()
        for asked in ASKED:
            await stage.people[who].commands(asked)
    harbor, bay = {"Ana", "Ben", "Dana", "Omar", "Pia", "Kira"}, {"Rio", "Kim", "Sal", "Tess", "Ugo", "Lou"}
    for room, team, mine, others in (("team", ("ana", "ben"), harbor, bay), ("crewroom", CREW, bay, harbor)):
        told = said_in(stage, room)
        for sort in ("say hello", "customers are waiting", "The week in short", "thanked", "Asked again and again"):
            assert sort in told, f"the day has something of each: {sort}"
        assert _named(told, mine) == mine
        alone = "\n".join(
            words for who in team for words in (*all_told[who], *(post.words for post in stage.people[who].direct()))
        )
        for sort in ("knows only", "thanked you", "say hello", "Asked again and again", "reported"):
            assert sort in alone, f"the day has something of each: {sort}"
        assert _named(told + alone, others) == set()


async def _lives_a_day(stage: DiscordStage, one: str, other: str, customers: tuple[str, ...], channel: str, *, new: str) -> None:
    people = stage.people
    first, second, third = customers
    await stage.fake.person(new, guild=None).joins(stage.fake.world.guilds[stage.fake.world.channel(channel).guild_id])
    for name, text in zip(customers, ASKS, strict=True):  # the same question, and the same answer: a topic
        asked = await people[name].says(text, channel=channel)
        await stage.advance(minutes=5)
        await people[one].says(LINE, thread=asked)
        await people[name].says("Thank you so much, that worked!", thread=asked)
    for _ in range(2):  # whom only one member knows
        asked = await people[first].says(QUESTION, channel=channel)
        await people[one].says(ANSWER, thread=asked)
        await stage.advance(minutes=10)
    await people[one].commands("thanks public on")
    message = await people[second].gets(one, WELCOME)
    stage.said.append(WELCOME)
    await people[second].fills(await people[second].reports(message), {})
    await people[second].says(OTHER_QUESTIONS[0], channel=channel)
    await people[third].says(OTHER_QUESTIONS[1], channel=channel)
    await stage.advance(minutes=40)
    handles = {wait.customer: handle for handle, wait in (await _handles(stage)).items()}
    await people[other].commands(f"claim {handles[stage.persons[third].id]}")
    await people[other].commands("mute 2h")
    await people[one].commands("dm on")


async def _handles(stage: DiscordStage) -> dict[str, Any]:
    assert stage.bot is not None
    return await stage.bot.store.read(lambda tx: {tx.handle(wait.id): wait for wait in tx.open_waits(100)})


def _named(words: str, names: Iterable[str]) -> set[str]:
    return {name for name in names if re.search(rf"\b{name}\b", words, re.IGNORECASE)}


@pytest.mark.setup(digests=("09:00",))
async def test_what_is_kept_of_a_server_that_the_settings_name_no_more_is_for_leads(
    stage: DiscordStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.people["sal"].says(QUESTION, channel="ask")
    written = stage.written()
    del written["discord"]["guilds"][1]
    monkeypatch.setattr(DiscordStage, "written", lambda _: written)
    for _ in range(2):  # what it was called is kept
        await stage.restart()
    await stage.advance(hours=21.5)
    ana, lead = stage.people["ana"], stage.people["cleo"]
    assert "Sal wrote in #a channel of Bay" in (await lead.commands("why w1")).words
    assert "There is no wait" in (await ana.commands("why w1")).words
    assert "No customer called" in (await ana.commands("who Sal")).words
    assert "Questions: 1" not in (await ana.commands("stats")).words
    assert said_in(stage, "team") == "", "nobody there has to do with them"


def _bay(stage: DiscordStage) -> Any:
    return next(guild for guild in stage.fake.world.guilds.values() if guild.name == "Bay")
