"""One member with accounts on two platforms is one member: owner, budget, hours, choices and "not me" go by member, and what
leaves goes to the account where it is about."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

from bot.domain.events import Posted
from bot.domain.hours import is_open
from bot.domain.messages import Message
from bot.domain.outgoing import Address
from bot.domain.people import Role
from bot.domain.tags import person_tag
from bot.domain.views import Fields, PersonName, SmallPrint, Span, Text, View
from bot.domain.waits import HoldKind, WaitState
from tests.runtime.side_by_side import SideBySide, code_of, side_by_side
from tests.waits.world import DAY, MINUTE

ANA_HERE, ANA_THERE = "ana", "A-17"
MEMBERS = {"ana": {"local": ANA_HERE, "bay": ANA_THERE}, "ben": {"local": "ben"}, "mia": {"bay": "mia"}}
STEP = 10 * MINUTE


def a_house(path: Path, *, budget: int | None = None) -> AbstractAsyncContextManager[SideBySide]:
    return side_by_side(path / "a.db", MEMBERS, lead="mia", duty="ben", budget=budget)


async def asked(house: SideBySide, platform: str, customer: str, text: str) -> None:
    town = house.towns[platform]
    await town.customer(customer).says(town.channel("help"), text)


def posts(house: SideBySide, platform: str) -> list[View]:
    return [post.view for post in house.towns[platform].channel("team").posts if post.view is not None]


def names(view: View) -> list[PersonName]:
    lines: list[Span] = []
    for node in view.nodes:
        if isinstance(node, Text | SmallPrint):
            lines += node.spans
        elif isinstance(node, Fields):
            lines += [span for _, spans in node.fields for span in spans]
    return [span for span in lines if isinstance(span, PersonName)]


async def test_a_reminder_leaves_where_the_customer_waits_and_pings_the_account_there(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await asked(house, "bay", "dana", "Ana, where is my crate?")
        await asked(house, "local", "omar", "Ana, where is mine?")
        await house.pass_time(STEP)
        assert (await house.wait("w1")).owner == (await house.wait("w2")).owner == "ana"
        (there,), (here,) = posts(house, "bay"), posts(house, "local")
        assert (there.addressed, here.addressed) == ((ANA_THERE,), (ANA_HERE,))
        assert PersonName(ANA_THERE, ping=True) in names(there) and PersonName(ANA_HERE, ping=True) in names(here)
        assert not any(name.person == ANA_HERE for name in names(there))


async def test_who_has_no_account_there_is_reached_where_they_have_one(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await asked(house, "bay", "dana", "Ben, where is my crate?")
        await house.pass_time(STEP)
        (here,) = posts(house, "local")
        assert posts(house, "bay") == [] and here.addressed == ("ben",)
        await house.pass_time(DAY)
        assert posts(house, "bay")[-1].addressed == ("mia",), "the lead is there"


async def test_whom_a_step_is_for_is_chosen_among_those_who_can_reply_there(tmp_path: Path) -> None:
    async with a_house(tmp_path, budget=3) as house:
        await asked(house, "bay", "dana", "Where is my crate?")
        await house.pass_time(STEP)
        assert [view.addressed for view in posts(house, "bay")] == [(ANA_THERE,)], "Ben is on duty, but not there"
        await house.asks("bay", "mia", "budget 0")
        await house.asks("bay", ANA_THERE, "not-me w1")
        await house.pass_time(STEP)
        assert [view.addressed for view in posts(house, "local")] == [("ben",)], "he can look for somebody who can"


async def test_who_is_on_no_platform_with_a_place_for_reminders_is_passed_over(tmp_path: Path) -> None:
    async with side_by_side(tmp_path / "a.db", MEMBERS, lead="mia", duty="mia", budget=3, channels={"bay": None}) as house:
        await asked(house, "bay", "dana", "Mia, where is my crate?")
        await house.pass_time(STEP)
        assert [view.addressed for view in posts(house, "local")] == [(ANA_HERE,)]
        assert "isn't where reminders go" in str((await house.asks("bay", "mia", "why w1")).nodes)
        await house.asks("bay", "mia", "dm on")
        await asked(house, "bay", "omar", "Mia, and where is mine?")
        await house.pass_time(STEP)
        assert house.towns["bay"].posts[-1].address == Address("bay", "person", "mia")


async def test_a_claim_from_one_account_is_the_members_everywhere(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await asked(house, "bay", "dana", "Where is my crate?")
        await house.pass_time(STEP)
        (post,) = house.towns["bay"].channel("team").posts
        await house.towns["bay"].person(ANA_THERE).clicks(post, code_of(post, "I'm on it"))
        wait = await house.wait()
        assert wait.hold is not None and (wait.hold.kind, wait.hold.by, wait.owner) == (HoldKind.CLAIM, "ana", "ana")
        for platform, account in (("local", ANA_HERE), ("bay", ANA_THERE)):
            mine = await house.asks(platform, account, "waiting mine")
            assert "w1" in str(mine.nodes), platform
        await house.towns["bay"].person(ANA_THERE).says(house.towns["bay"].channel("help"), "Dana, it is in Rotterdam")
        wait = await house.wait()
        assert (wait.state, wait.replies[0].by) == (WaitState.ANSWERED, "ana")
        known = await house.store.read(lambda tx: tx.exchanges("dana"))
        assert [exchange.member for exchange in known] == ["ana"], "who knows Dana is Ana, not her account"
        for platform, account in (("local", ANA_HERE), ("bay", ANA_THERE)):
            answer = await house.asks(platform, account, "who dana")
            assert {name.person for name in names(answer)} == {account}, "answers name accounts of the platform they are given on"
            assert "Dana" in str(answer.nodes)


async def test_one_budget_for_all_accounts(tmp_path: Path) -> None:
    async with a_house(tmp_path, budget=1) as house:
        await asked(house, "local", "omar", "Ana, where is mine?")
        await house.pass_time(STEP)
        assert [view.addressed for view in posts(house, "local")] == [(ANA_HERE,)]
        local = house.towns["local"]
        await local.person(ANA_HERE).says(local.channel("help"), "Omar, it is in Rotterdam")
        await asked(house, "bay", "dana", "Ana, where is my crate?")
        await house.pass_time(STEP)
        assert [view.addressed for view in posts(house, "bay")] == [("mia",)], "her day is full on both; Ben isn't there"


async def test_away_and_hours_hold_on_every_platform(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        assert "You are away" in (await house.asks("bay", ANA_THERE, "away for 3 days")).fallback
        assert not is_open(house.preferences.hours_of("ana"), house.clock.now())
        assert "You are away" in (await house.asks("local", ANA_HERE, "away")).fallback
        await asked(house, "local", "omar", "Ana, where is mine?")
        await house.pass_time(DAY)
        assert all(ANA_HERE not in view.addressed for view in posts(house, "local"))
        back = await house.asks("bay", "mia", f"back {person_tag(ANA_THERE)}")
        assert "here again" in back.fallback, "mentioned by her account there"
        assert is_open(house.preferences.hours_of("ana"), house.clock.now())


async def test_not_me_counts_on_every_platform(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await asked(house, "bay", "dana", "Ana, where is my crate?")
        await house.pass_time(STEP)
        await house.asks("local", ANA_HERE, "not-me w1")
        wait = await house.wait()
        assert wait.not_me == ("ana",) and wait.owner != "ana"
        await house.pass_time(3 * DAY)
        assert all(ANA_THERE not in view.addressed for view in posts(house, "bay")[1:])


async def test_direct_messages_go_to_the_account_where_the_customer_waits_else_to_one_there_is(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.asks("local", ANA_HERE, "dm on")
        await house.asks("local", "ben", "dm on")
        await asked(house, "bay", "dana", "Ana, where is my crate?")
        await house.pass_time(STEP)
        await asked(house, "local", "omar", "Ana, where is mine?")
        await house.pass_time(STEP)
        await asked(house, "bay", "kim", "Ben, and mine?")
        await house.pass_time(STEP)
        local, bay = house.towns["local"], house.towns["bay"]
        assert [post.address for post in bay.posts] == [Address("bay", "person", ANA_THERE)]
        assert [post.address for post in local.posts] == [Address("local", "person", ANA_HERE), Address("local", "person", "ben")]
        (direct,) = bay.direct[ANA_THERE]
        await bay.person(ANA_THERE).clicks(direct, code_of(direct, "I'm on it"))
        await house.pass_time(1.0)
        assert direct.updates == 1, "the post is brought up to date where it stands"


async def test_ids_that_hold_what_keys_are_made_with_pass_through_reminder_and_button_and_back(tmp_path: Path) -> None:
    """As Matrix' are: "!room:server", "$event/...", "@user:server"."""
    room, private = "!help/me:harbor.example", "!team #1:harbor.example"
    ana, dana = "@ana:harbor.example/x", "@dana:bay.example"
    members = {"ana": {"local": "ana", "bay": ana}, "ben": {"local": "ben"}}
    async with side_by_side(tmp_path / "a.db", members, lead="ben", duty="ben", team_channel=private) as house:
        bay = house.towns["bay"]
        help_room = bay.channel(room)
        asks = Message(
            channel=help_room.key,
            id="$ask/1:bay #%41 x",
            at=house.clock.now(),
            author=dana,
            role=Role.CUSTOMER,
            text="Ana, where is my crate?",
        )
        says = replace(asks, id="$re:1/2", at=asks.at + MINUTE, author=ana, role=Role.MEMBER, text="perhaps, in Rotterdam")
        for message in (asks, says):
            house.clock.advance_to(message.at)
            await house.receive(Posted(message=message))
        wait = await house.wait()
        assert (wait.opening, wait.owner, wait.possible_answer is not None) == (asks.id, "ana", True)
        await house.pass_time(STEP)
        (post,) = bay.channel(private).posts
        assert post.view is not None and post.view.addressed == (ana,)
        code = code_of(post, "Yes, answered")
        await bay.person(ana).clicks(post, code)
        wait = await house.wait()
        assert (wait.state, [reply.message for reply in wait.replies]) == (WaitState.ANSWERED, ["$re:1/2"])
        await house.pass_time(1.0)
        assert post.updates == 1
        await house.asks("bay", ana, "reopen w1")
        await house.pass_time(0.0)
        assert (await house.wait()).open and wait.channel == help_room.key


async def test_what_was_chosen_names_accounts_too(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        for command in ("away", "back"):
            more = " for 3 days" if command == "away" else ""
            answer = await house.asks("bay", "mia", f"{command} {person_tag(ANA_THERE)}{more}")
            assert {name.person for name in names(answer)} == {ANA_THERE}, command
