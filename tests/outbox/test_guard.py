"""Nothing leaves for a place that a customer could read, by whichever way it is tried."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.outgoing import Address, Readers
from bot.domain.people import Accounts
from bot.domain.rules import ChannelRules, Step
from bot.domain.views import Plain, Text, View
from bot.domain.writes import AddNotice
from bot.errors import Forbidden, Gone, ReadByOthers
from bot.outbox.guard import KNOWN_FOR
from bot.wording.reasons import sentence
from tests.runtime.simulated import TEAM_CHANNEL, Courier, HandClock, House, a_house, posted
from tests.waits.world import DAY, HOUR, MINUTE, NINE

ROOT = Path(__file__).parents[2]
ONE_STEP = ChannelRules(steps=(Step(after=10 * MINUTE, to="owner"),))
TEN = NINE + 10 * MINUTE

INTERNAL = Readers(shared=False, outsiders=False)
CHANNELS = {
    "internal": INTERNAL,
    "shared": Readers(shared=True, outsiders=False),
    "shared, people unknown": Readers(shared=True, outsiders=None),
    "with a guest": Readers(shared=False, outsiders=True),
    "unknown": Readers(shared=None, outsiders=None),
    "sharing unknown": Readers(shared=None, outsiders=False),
    "people unknown": Readers(shared=False, outsiders=None),
}
PEOPLE = {"asked": "ana", "never asked": "ben", "customer": "dana", "customer who asked": "omar"}
EFFECTS = ("reminder", "merged reminder", "update", "digest", "tip")


async def attempt(house: House, effect: str, person: str | None) -> None:
    """Have an effect leave: for the team's channel, or for one person, whoever that is."""
    asks = f"{(person or 'ana').title()}, where is it?"
    if effect in ("digest", "tip"):
        notice = AddNotice(kind=effect, key="k", due_at=TEN, person=person or ("ana" if effect == "tip" else None))  # type: ignore[arg-type]
        await house.store.transact(lambda tx: tx.save([notice]))
    else:
        await house.happen(posted("kim", asks))
    if effect == "merged reminder":
        await house.happen(posted("lee", asks, NINE + 1))
    await house.step(TEN + 1)


async def taken(house: House) -> list[object]:
    return [*house.courier.posts.values(), *house.courier.updates]


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("channel", CHANNELS)
async def test_channels(tmp_path: Path, effect: str, channel: str) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        if effect == "tip":  # a tip never goes to a channel: send it there on purpose
            house.replace_loop(replace(house.sender, destination=_Misled(TEAM_CHANNEL)))  # type: ignore[arg-type]
        if effect == "update":
            await attempt(house, "reminder", None)
            house.courier.readers["team"] = CHANNELS[channel]
            house.guard.forget(TEAM_CHANNEL)
            before = len(await taken(house))
            await house.happen(posted("ana", "Kim here", TEN + 2))
            await house.step(TEN + 2)
        else:
            before = 0
            house.courier.readers["team"] = CHANNELS[channel]
            await attempt(house, effect, None)
        left = len(await taken(house)) - before
        dead = await house.store.read(lambda tx: tx.dead(10))
        if channel == "internal":
            assert (left, dead) == (1, ())
        elif effect == "update" and CHANNELS[channel].internal is False:
            assert (left, dead) == (0, ()), "the post itself goes"
            await house.step(TEN + 3)
            await house.drain(TEN + MINUTE)
            assert (house.courier.removed, house.courier.posts) == (["post-1"], {})
        else:
            assert left == 0
            assert dead and all("nothing was sent to channel team" in sentence(row.reason) for row in dead)


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("who", PEOPLE)
async def test_direct_messages(tmp_path: Path, effect: str, who: str) -> None:
    person = PEOPLE[who]
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        # Whatever decides where messages go is wrong, and sends them to this person: the guard alone stands in between.
        misled = _Misled(Address("local", "person", person))
        house.replace_loop(replace(house.sender, destination=misled))  # type: ignore[arg-type]
        house.wants_dm |= {"ana", "omar"}
        if effect == "update":
            house.wants_dm |= {person}
            team = house.engine.team
            house.engine.regroup(replace(team, members=team.members | {person}))
            await attempt(house, "reminder", person)
            assert len(await taken(house)) == 1
            house.engine.regroup(team)
            house.wants_dm -= {"ben", "dana"}
            await house.happen(posted("ana", "Kim here", TEN + 2))
            await house.step(TEN + 2)
            left = len(house.courier.updates)
        else:
            await attempt(house, effect, person)
            left = len(await taken(house))
        dead = await house.store.read(lambda tx: tx.dead(10))
        # Who wants no direct messages any more gets none, but what is there already mustn't go on quoting a customer.
        leaves = who == "asked" or (who == "never asked" and effect == "update")
        goes_itself = effect == "update" and who.startswith("customer")
        assert left == (1 if leaves else 0)
        assert bool(dead) == (not leaves and not goes_itself)
        if who.startswith("customer"):
            assert all("isn't on the team" in sentence(row.reason) for row in dead)


class _Misled:
    """A destination that is wrong."""

    def __init__(self, address: Address) -> None:
        self.channel = address

    def of(self, to: tuple[str, ...], about: str | None = None, **_: object) -> Address:
        return self.channel

    def direct(self, person: str, platform: str | None = None, **_: object) -> Address:
        return self.channel

    def home_of(self, to: tuple[str, ...]) -> None:
        return None


VIEW = View(nodes=(Text((Plain("x"),)),), fallback="x")


async def test_a_channel_is_asked_about_again_when_something_changed_and_after_a_while(tmp_path: Path) -> None:
    courier = Courier(HandClock())
    async with a_house(tmp_path / "a.db", courier=courier) as house:
        await house.guard.send(TEAM_CHANNEL, VIEW, ("1",))
        courier.readers["team"] = CHANNELS["with a guest"]
        await house.guard.send(TEAM_CHANNEL, VIEW, ("2",))  # nobody said that anything changed
        house.guard.forget(TEAM_CHANNEL)
        for change in (house.guard.send(TEAM_CHANNEL, VIEW, ("3",)), house.guard.change(TEAM_CHANNEL, "post-1", VIEW)):
            with pytest.raises(Forbidden, match="isn't on the team can read it"):
                await change
        courier.readers["team"] = INTERNAL
        house.guard.forget()
        await house.guard.send(TEAM_CHANNEL, VIEW, ("4",))
        courier.readers["team"] = CHANNELS["shared"]
        house.clock.time += KNOWN_FOR
        with pytest.raises(Forbidden, match="another organisation"):
            await house.guard.send(TEAM_CHANNEL, VIEW, ("5",))


@pytest.mark.parametrize("what", ["set back an hour", "set back a second", "slept"])
async def test_what_is_known_of_a_channel_is_not_believed_longer_because_of_the_machines_clock(tmp_path: Path, what: str) -> None:
    courier = Courier(clock := HandClock())
    async with a_house(tmp_path / "a.db", courier=courier) as house:
        await house.guard.send(TEAM_CHANNEL, VIEW, ("1",))
        courier.readers["team"] = CHANNELS["shared"]
        if what == "slept":
            clock.slept += KNOWN_FOR
        else:
            clock.set_back(HOUR if "hour" in what else 1.0)
        with pytest.raises(Forbidden, match="another organisation"):
            await house.guard.send(TEAM_CHANNEL, VIEW, ("2",))


async def test_a_change_announced_while_the_platform_answers_is_not_overlooked(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        asked = 0

        async def audience(address: Address) -> Readers:
            nonlocal asked
            asked += 1
            if asked == 1:
                house.guard.forget(address)  # somebody joins right now; this answer was made before
                return INTERNAL
            return CHANNELS["with a guest"]

        house.courier.readers_of = audience  # type: ignore[method-assign]
        with pytest.raises(Forbidden):
            await house.guard.send(TEAM_CHANNEL, VIEW, ("1",))
        assert asked == 2


async def test_what_the_platform_says_of_a_channel_that_is_gone_is_passed_on(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:

        async def gone(address: Address) -> Readers:
            raise Gone("the channel was archived")

        house.courier.readers_of = gone  # type: ignore[method-assign]
        await house.happen(posted("dana", "where is it?"))
        await house.drain(NINE + DAY)
        (dead,) = await house.store.read(lambda tx: tx.dead(10))
        assert sentence(dead.reason) == "the channel was archived"


async def test_nothing_leaves_for_a_platform_we_are_not_on(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        house.wants_dm |= {"ana"}
        for address in (Address("discord", "channel", "team"), Address("discord", "person", "ana")):
            for attempt in (
                house.guard.send(address, VIEW, ("1",)),
                house.guard.change(address, "post-1", VIEW),
                house.guard.find(address, "1", NINE),
            ):
                with pytest.raises(Forbidden, match="it is on discord, and realreply is connected to local"):
                    await attempt
            assert not house.guard.can_find(address)
        assert not await taken(house) and not house.courier.searched


async def test_an_account_counts_as_the_member_whose_it_is_on_that_platform_alone(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        house.wants_dm |= {"ana"}
        accounts = Accounts({"ana": {"local": "A-17", "bay": "B-4"}})
        house.engine.regroup(replace(house.engine.team, accounts=accounts))
        await house.guard.send(Address("local", "person", "A-17"), VIEW, ("1",))
        for stranger in ("B-4", "ana"):  # the id of her account elsewhere, and the one she goes by: somebody else's here
            with pytest.raises(Forbidden, match=f"{stranger} isn't on the team"):
                await house.guard.send(Address("local", "person", stranger), VIEW, ("2",))
        house.wants_dm -= {"ana"}
        with pytest.raises(Forbidden, match="hasn't asked"):
            await house.guard.send(Address("local", "person", "A-17"), VIEW, ("3",))


async def test_a_member_who_is_none_any_more_on_their_platform_gets_nothing(tmp_path: Path) -> None:
    courier = Courier(HandClock())
    async with a_house(tmp_path / "a.db", courier=courier) as house:
        house.wants_dm |= {"ana"}
        ana = Address("local", "person", "ana")
        await house.guard.send(ana, VIEW, ("1",))
        courier.readers["ana"] = Readers(shared=False, outsiders=True)
        house.clock.time += KNOWN_FOR
        with pytest.raises(ReadByOthers, match="isn't on the team any more, says local"):
            await house.guard.send(ana, VIEW, ("2",))
        courier.readers["ana"] = Readers(shared=False, outsiders=None)
        house.guard.forget()
        with pytest.raises(Forbidden, match="can't be told whether they are on the team"):
            await house.guard.send(ana, VIEW, ("3",))


async def test_what_cannot_go_to_who_was_a_member_goes_to_somebody_else(tmp_path: Path) -> None:
    courier = Courier(HandClock())
    async with a_house(tmp_path / "a.db", courier=courier, rules=ONE_STEP) as house:
        house.wants_dm |= {"ana"}
        courier.readers["ana"] = Readers(shared=False, outsiders=True)
        await house.happen(posted("kim", "Ana, where is it?"))
        await house.step(TEN)
        team = house.engine.team
        house.engine.regroup(replace(team, members=team.members - {"ana"}))  # which the platform's word leads to
        await house.drain(NINE + DAY)
        assert [(post.address, post.view.addressed) for post in courier.posts.values()] == [(TEAM_CHANNEL, ("ben",))]
        assert await house.store.read(lambda tx: tx.dead(10)) == ()


HELLO = View(nodes=(Text((Plain("hello"),)),), fallback="hello")


@pytest.mark.parametrize(
    ("readers", "who", "is_shown"),
    [
        (Readers(shared=False, outsiders=False), "ana", True),
        (Readers(shared=False, outsiders=True), "ana", False),
        (Readers(shared=True, outsiders=False), "ana", False),
        (Readers(shared=None, outsiders=None), "ana", False),
        (Readers(shared=False, outsiders=False), "dana", False),
    ],
)
async def test_a_private_answer_in_a_channel_is_for_members_among_members(
    tmp_path: Path, readers: Readers, who: str, is_shown: bool
) -> None:
    courier = Courier(HandClock())
    async with a_house(tmp_path / "a.db", courier=courier) as house:
        courier.readers[TEAM_CHANNEL.id] = readers
        if is_shown:
            await house.guard.whisper(TEAM_CHANNEL, who, HELLO, thread="m1")
        else:
            with pytest.raises(Forbidden):
                await house.guard.whisper(TEAM_CHANNEL, who, HELLO)
        assert [(where, to, thread) for where, to, _, thread in courier.whispers] == (
            [(TEAM_CHANNEL, who, "m1")] if is_shown else []
        )


# -- nothing goes round it


def ways_round(module: str, source: str) -> Iterator[str]:
    """Where a module outside the guard posts, or holds a platform with which it could."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called, on = node.func.attr, ast.unparse(node.func.value)
            theirs = any(word in on.lower() for word in ("platform", "connection"))
            if called == "deliver" or (called in ("update", "remove", "whisper") and theirs):
                yield f"{module}, line {node.lineno}: {on}.{called} goes round the guard"
        elif isinstance(node, ast.Attribute) and node.attr == "deliver":
            yield f"{module}, line {node.lineno}: takes {ast.unparse(node)}"
        elif (
            isinstance(node, ast.ImportFrom)
            and node.module == "bot.ports"
            and any(name.name == "Platform" for name in node.names)
        ):
            yield f"{module}, line {node.lineno}: only the guard holds a platform"


BESIDES = frozenset({"bot/outbox/guard.py", "bot/wiring/replay.py"})
"""The guard itself, and the composition root that gives it its platform (it may hold one, and may not post with it)."""


@pytest.mark.parametrize("path", sorted((ROOT / "bot").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_else_posts(path: Path) -> None:
    module = str(path.relative_to(ROOT))
    found = list(ways_round(module, path.read_text(encoding="utf-8")))
    if module == "bot/outbox/guard.py":
        ways = sorted(line.rpartition(".")[2].partition(" ")[0] for line in found if "goes round" in line)
        once = ["deliver", "remove", "update", "update", "whisper"]
        assert ways == once, "one place to send, one to answer, one to update, one to remove or else empty"
        return
    if module in BESIDES:
        found = [line for line in found if "holds a platform" not in line]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "async def f(platform):\n    await platform.deliver(a, v, k)",
        "async def f(self):\n    await self._guard._platform.update(a, r, v)",
        "async def f(self):\n    await self._platforms[name].remove(a, r)",
        "async def f(self):\n    await self._connection.remove(a, r)",
        "async def f(self):\n    await self._connection.whisper(a, p, v)",
        "send = slack.deliver",
        "from bot.ports import Clock, Platform",
    ],
)
def test_ways_round_are_seen(source: str) -> None:
    assert list(ways_round("bot/x.py", source))
