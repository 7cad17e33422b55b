"""Commands and clicks through real storage: they act as events, choices take effect, nobody is left without an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path

import pytest

from bot.commands.table import COMMANDS
from bot.domain.context import Context
from bot.domain.events import Posted
from bot.domain.hours import Hours, WorkingSpan, is_open, weekly
from bot.domain.messages import Message
from bot.domain.notifications import Asking, PassedOver, Unavailable
from bot.domain.people import Role, Team
from bot.domain.preferences import OwnHours, SetAway, SetHours
from bot.domain.rules import ChannelRules, Watch
from bot.domain.views import Buttons, Quote, View
from bot.domain.waits import HoldKind, Wait, WaitState
from bot.domain.writes import SetReminder
from bot.engine.activation import Activation
from bot.engine.engine import Engine
from bot.engine.preferences import Preferences
from bot.intake.inbox import Inbox
from bot.ports import OutboxTransaction, Transaction
from bot.queries.snapshot import Lookups
from bot.runtime.interactions import Interactions
from bot.waits import ladder
from bot.waits.availability import AskingFacts, QuietRules
from bot.wording.answers import for_the_team
from bot.wording.lists import ListPlace, listed_code
from storage.sqlite.database import Database
from tests.runtime.simulated import HandClock
from tests.waits.world import DAY, HOUR, LADDER, MINUTE, NINE, Said, ScriptedJudge

HELP, RANDOM = "local:harbor:help", "local:harbor:random"
TEAM = Team(members=frozenset({"ana", "ben", "mia"}), leads=("mia",), duty=("ben",))
NAMES = {person: (person.title(),) for person in ("ana", "ben", "mia", "dana", "omar")}
OFFICE = Hours(zone=UTC, week=weekly(range(5), [WorkingSpan(opens=9 * 60, closes=17 * 60)]))
TEN = NINE + HOUR


@dataclass
class Office:
    store: Database
    engine: Engine
    inbox: Inbox
    preferences: Preferences
    desk: Interactions
    clock: HandClock
    due: list[float] = field(default_factory=list)
    said: dict[str, Message] = field(default_factory=dict)

    async def says(self, author: str, text: str, at: float = NINE, channel: str = HELP) -> None:
        role = Role.MEMBER if author in TEAM.members else Role.CUSTOMER
        message = Message(channel=channel, id=f"{at:.6f}", at=at, author=author, role=role, text=text)
        self.said[message.id] = message
        await self.inbox.submit(Posted(message=message))

    async def asks(self, who: str, text: str, now: float = TEN) -> str:
        role = Role.MEMBER if who in TEAM.members else Role.CUSTOMER
        with self.at(now):
            return (await self.desk.command(who, role, text)).fallback

    async def clicks(self, who: str, code: str, now: float = TEN) -> str:
        role = Role.MEMBER if who in TEAM.members else Role.CUSTOMER
        with self.at(now):
            return (await self.desk.click(who, role, code)).fallback

    @contextmanager
    def at(self, now: float) -> Iterator[None]:
        """It is `now` while the block runs, and ten again afterwards."""
        self.clock.time = now
        yield
        self.clock.time = TEN

    async def wait(self, handle: str = "w1") -> Wait:
        found = await self.store.read(lambda tx: tx.wait_by_handle(handle))
        assert found is not None
        return found

    async def due_at(self) -> float | None:
        pending = await self.store.read(lambda tx: tx.pending(f"{HELP}/{NINE:.6f}"))
        return None if pending is None else pending.due_at

    async def put_off(self, until: float, because: str | None = "ana") -> None:
        """As the due loop does when somebody can't be asked: their reminder is claimed, and goes back for then."""

        def work(tx: OutboxTransaction) -> None:
            (due,) = tx.claim_due(TEN + DAY, limit=1, lease=60)
            passed = () if because is None else (PassedOver(member=because, why=Unavailable.AWAY, until=until),)
            tx.note_asking(due, Asking(passed=passed))
            tx.mark_again(due, due_at=until)

        await self.engine.transact(self.store, work)


@asynccontextmanager
async def an_office(path: Path) -> AsyncIterator[Office]:
    async with await Database.open(path / "office.db", unpack=Said.unpack, synchronous="OFF") as store:  # type: ignore[arg-type]
        preferences = Preferences(
            hours_of=lambda _: OFFICE,
            rules_of=lambda _: ChannelRules(steps=LADDER),
        )
        await preferences.load(store)
        names_of = lambda person: NAMES.get(person, ())  # noqa: E731
        engine = Engine(
            context=Context(judge=ScriptedJudge(), hours_of=preferences.hours_of),  # type: ignore[arg-type]
            team=TEAM,
            rules_of=preferences.rules_of,
            names_of=names_of,
        )
        inbox = Inbox(engine, store)
        due: list[float] = []
        clock = HandClock(TEN)
        channels = {HELP: "help", RANDOM: "random"}
        lookups = Lookups(
            preferences=preferences,
            team=lambda: engine.team,
            names_of=names_of,
            channel_name=lambda key: channels.get(key, key),
            judge=engine.context.judge,
            channels=lambda: channels,
        )
        desk = Interactions(engine, store, inbox, preferences, lookups, clock=clock, on_due=due.append)
        running = asyncio.create_task(inbox.run(), name="inbox")
        try:
            yield Office(store, engine, inbox, preferences, desk, clock, due)
        finally:
            inbox.close()
            await running


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as made:
        yield made


# Acting


async def test_a_claim_holds_the_wait_and_its_reminder(office: Office) -> None:
    await office.says("dana", "where is it?")
    assert await office.asks("ana", "claim dana") == "You're on it: w1, Dana in #help. Nobody is reminded of it before 12:00."
    wait = await office.wait()
    assert wait.owner == "ana" and wait.hold is not None and wait.hold.kind is HoldKind.CLAIM
    assert await office.due_at() == TEN + 2 * HOUR


async def test_every_button_does_what_it_says(office: Office) -> None:
    for number, who in enumerate(("dana", "omar", "zoe", "kim", "lee")):
        await office.says(who, "where is it?", NINE + number)
    await office.clicks("ana", "claim:w1")
    await office.clicks("ana", "snooze:w2/2h")
    await office.clicks("ana", "answered:w3")
    await office.clicks("ana", "dismiss:w4")
    await office.clicks("ana", "not_me:w5")
    waits = [await office.wait(f"w{number}") for number in range(1, 6)]
    assert waits[0].owner == "ana"
    assert waits[1].hold is not None and waits[1].hold.until == TEN + 2 * HOUR
    assert (waits[2].state, waits[2].marked_by) == (WaitState.ANSWERED, "ana")
    assert waits[3].state is WaitState.DISMISSED
    assert waits[4].not_me == ("ana",)
    assert "Why w1 in #help" in await office.clicks("ana", "why:w1")


async def test_a_list_is_read_and_worked_off_page_by_page(office: Office) -> None:
    for number in range(11):
        await office.says(f"customer{number:02}", "where is it?", NINE + number)
    first = await office.desk.command("ana", Role.MEMBER, "")
    assert "11 customers are waiting, page 1 of 2" in str(first.nodes[0])
    second = await office.desk.click("ana", Role.MEMBER, "waiting:all/2")
    assert "page 2 of 2" in str(second.nodes[0]) and "w9" in str(second.nodes) and "'w8'" not in str(second.nodes)
    for handle in ("w9", "w10"):
        done = await office.desk.click("ana", Role.MEMBER, listed_code(f"dismiss:{handle}", ListPlace(page=2)))
        assert f"{handle}, " in done.fallback and "needs no reply" in done.fallback and "page 2 of 2" in str(done.nodes)
    done = await office.desk.click("ana", Role.MEMBER, listed_code("dismiss:w11", ListPlace(page=2)))
    assert "8 customers are waiting" in str(done.nodes) and "page" not in str(done.nodes[3]), "the page is gone: what is left"
    again = await office.desk.click("ana", Role.MEMBER, listed_code("dismiss:w11", ListPlace(page=2)))
    assert "is over already" in again.fallback and "8 customers are waiting" in str(again.nodes)
    nothing = await office.desk.click("dana", Role.CUSTOMER, listed_code("dismiss:w1", ListPlace()))
    assert nothing == for_the_team() and (await office.wait("w1")).open


async def test_clicking_twice_does_nothing_twice(office: Office) -> None:
    await office.says("dana", "where is it?")
    await office.clicks("ana", "claim:w1")
    assert "on it already" in await office.clicks("ana", "claim:w1", TEN + MINUTE)
    assert (await office.wait()).hold.until == TEN + 2 * HOUR  # type: ignore[union-attr]
    await office.clicks("ana", "answered:w1", TEN + 2 * MINUTE)
    ended = await office.wait()
    again = await office.clicks("ana", "answered:w1", TEN + 3 * MINUTE)
    assert again == "w1, Dana in #help, is over already: Ana has marked it answered, 10:02."
    assert "over already" in await office.clicks("ben", "dismiss:w1", TEN + 4 * MINUTE)
    assert await office.wait() == ended


async def test_two_at_once_and_the_slower_one_is_told(office: Office) -> None:
    await office.says("dana", "where is it?")
    told = await asyncio.gather(office.clicks("ana", "answered:w1"), office.clicks("ben", "answered:w1"))
    assert sorted("counts as answered by you" in one for one in told) == [False, True]
    assert any("over already" in one and "marked it answered" in one for one in told)


async def test_of_two_claims_at_once_the_slower_one_hears_who_has_it(office: Office) -> None:
    await office.says("dana", "where is it?")
    said = await asyncio.gather(office.clicks("ana", "claim:w1"), office.clicks("ben", "claim:w1"))
    owner = (await office.wait()).owner
    assert sorted("You're on it" in one for one in said) == [False, True]
    assert any(f"{NAMES[owner or ''][0]} has been on w1 since 10:00." in one for one in said)


async def test_the_same_click_delivered_twice_is_told_how_it_is(office: Office) -> None:
    await office.says("dana", "where is it?")
    await office.clicks("ana", "claim:w1")
    before = await office.wait()
    assert await office.clicks("ana", "claim:w1") == "w1: You are on it already. It stays quiet until 12:00."
    assert await office.wait() == before


async def test_snoozing_in_words_in_ones_own_zone(office: Office) -> None:
    await office.says("dana", "where is it?")
    await office.asks("ana", "hours Europe/Berlin")
    assert "comes up again tomorrow 15:00" in await office.asks("ana", "snooze dana tomorrow 3pm")
    assert await office.due_at() == NINE + DAY + 5 * HOUR, "15:00 in Berlin is 14:00 in London"
    assert "in the past" in await office.asks("ana", "snooze w1 yesterday")


async def test_telling_reads_what_is_stored(office: Office) -> None:
    await office.says("dana", "where is it?")
    view = await office.desk.command("ana", Role.MEMBER, "waiting")
    assert Quote("where is it?") in view.nodes
    await office.says("ben", "Dana in Rotterdam", TEN)
    assert await office.asks("ana", "who dana", TEN + 1) == "Who knows Dana: Ben"
    assert "1 personal reply" in await office.asks("ben", "stats", TEN + 1)
    assert "nothing to count" in await office.asks("ana", "stats", TEN + 1)
    assert (
        await office.asks("ana", "claim w1", TEN + 1) == "w1, Dana in #help, is over already: answered by Ben after 1 h, 10:00."
    )


# Roles


@pytest.mark.parametrize("who", ["dana", "ana", "mia"])
async def test_every_command_as_customer_member_and_lead(office: Office, who: str) -> None:
    await office.says("dana", "where is it?")
    before = await office.wait()
    for command in COMMANDS.values():
        for line in (command.name, *command.examples):
            answered = await office.asks(who, line)
            assert "went wrong" not in answered, line
            if who == "dana":
                assert answered == for_the_team().fallback
            elif command.role == "lead":
                assert (
                    ("for leads" in answered) == (who == "ana")
                    or answered == "Which channel?"
                    or "needs to know more" in answered
                ), line
    if who == "dana":
        assert await office.wait() == before
        assert (await office.store.read(lambda tx: tx.choices())).away == {}


async def test_both_the_platform_and_the_list_must_say_member(office: Office) -> None:
    await office.says("dana", "where is it?")
    nothing = for_the_team().fallback
    assert (await office.desk.command("stranger", Role.MEMBER, "waiting")).fallback == nothing
    assert (await office.desk.command("ana", Role.CUSTOMER, "waiting")).fallback == nothing
    assert (await office.desk.command("ana", Role.APP, "waiting")).fallback == nothing
    assert await office.clicks("dana", "claim:w1") == nothing
    assert (await office.wait()).owner != "dana"


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.APP])
async def test_a_click_goes_by_the_platforms_word_on_who_clicks(office: Office, role: Role) -> None:
    await office.says("dana", "where is it?")
    before = await office.wait()
    for code in ("claim:w1", "dismiss:w1", "dm:on", "why:w1", "form:snooze/w1"):
        assert (await office.desk.click("ana", role, code)).fallback == for_the_team().fallback, code
    assert await office.wait() == before and not office.preferences.wants_dm("ana")


# Choices


async def test_where_nobody_leads_every_member_may_what_leads_may(office: Office) -> None:
    assert office.desk.standing("ana", Role.MEMBER) == "member"
    office.engine.team = replace(office.engine.team, leads=())
    assert office.desk.standing("ana", Role.MEMBER) == "lead"
    assert office.desk.standing("dana", Role.MEMBER) == "anyone"


async def test_away_takes_effect_at_once_and_after_a_restart(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        assert is_open(office.preferences.hours_of("ana"), TEN)
        assert "You are away until 4 Mar 09:00" in await office.asks("ana", "away until wednesday")
        assert not is_open(office.preferences.hours_of("ana"), TEN)
        assert is_open(office.preferences.hours_of("ben"), TEN)
        assert is_open(office.preferences.hours_of(""), TEN)
    async with an_office(tmp_path) as office:
        assert not is_open(office.preferences.hours_of("ana"), TEN)
        assert "Welcome back" in await office.asks("ana", "back", TEN + HOUR)
        assert is_open(office.preferences.hours_of("ana"), TEN + HOUR)
        assert not is_open(office.preferences.hours_of("ana"), TEN), "what has passed was no working time"


def undo_of(view: View) -> str:
    """The code of the button that undoes it."""
    (code,) = [
        button.code for node in view.nodes if isinstance(node, Buttons) for button in node.buttons if button.label == "Undo"
    ]
    return code


async def test_what_was_chosen_is_undone_by_its_button_also_after_a_restart(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.asks("ana", "away until wednesday")
        code = undo_of(await office.desk.command("ana", Role.MEMBER, "away until friday"))
    async with an_office(tmp_path) as office:
        before = (await office.store.read(lambda tx: tx.choices())).away
        assert "Undone. You are away until 4 Mar 09:00" in (await office.desk.click("ana", Role.MEMBER, code)).fallback
        assert (await office.store.read(lambda tx: tx.choices())).away != before
        assert not is_open(office.preferences.hours_of("ana"), TEN) and is_open(
            office.preferences.hours_of("ana"), NINE + 3 * DAY
        )
        again = await office.desk.click("ana", Role.MEMBER, code)
        assert again.refused and "undone already" in again.fallback


async def test_being_back_is_undone_as_it_was(office: Office) -> None:
    await office.asks("ana", "away until wednesday")
    away = (await office.store.read(lambda tx: tx.choices())).away
    await office.asks("ana", "back", TEN + MINUTE)
    assert "Undone. You are away until" in await office.asks("ana", "undo", TEN + 2 * MINUTE)
    assert (await office.store.read(lambda tx: tx.choices())).away == away
    assert "Undone. You are here" in await office.asks("ana", "undo", TEN + 3 * MINUTE), "what was chosen before it comes next"
    assert "nothing of yours to undo" in await office.asks("ana", "undo", TEN + 4 * MINUTE)


async def test_undo_takes_back_what_came_last_whatever_its_kind_and_then_what_came_before(office: Office) -> None:
    before = await office.store.read(lambda tx: tx.choices())
    said = ("away until friday", "dm on", "hours 13-17", "budget 0", "budget 2", "mute 2h", "unmute", "only mine", "tips off")
    states = [before]
    for line in said:
        assert undo_of(await office.desk.command("ana", Role.MEMBER, line)), line
        states.append(await office.store.read(lambda tx: tx.choices()))
    for place in reversed(range(len(said))):
        answer = await office.desk.command("ana", Role.MEMBER, "undo")
        assert answer.fallback.startswith("Undone. ") and not any(isinstance(node, Buttons) for node in answer.nodes), said[place]
        assert await office.store.read(lambda tx: tx.choices()) == states[place], said[place]
    assert "nothing of yours to undo" in await office.asks("ana", "undo")


async def test_a_pause_and_its_end_are_undone_as_they_were(office: Office) -> None:
    await office.asks("mia", "pause #help 2h")
    paused = (await office.store.read(lambda tx: tx.choices())).pauses
    code = undo_of(await office.desk.command("mia", Role.MEMBER, "resume"))
    assert "Reminders about #help stand still until" in await office.clicks("mia", code, TEN + MINUTE)
    assert (await office.store.read(lambda tx: tx.choices())).pauses == paused, "whose it is and since when, too"
    assert "undone already" in await office.clicks("mia", code, TEN + MINUTE), "an impatient second press does nothing"
    assert "Reminders about #help go on" in await office.asks("mia", "undo", TEN + 2 * MINUTE)
    assert not (await office.store.read(lambda tx: tx.choices())).pauses


@pytest.mark.parametrize(
    ("line", "again"),
    [
        ("snooze w1 2h", "isn't put off any more"),
        ("assign w1 @mia", "isn't handed over after all"),
        ("claim w1", "any more: it waits"),
        ("dismiss w1", "is back on the list"),
        ("answered w1", "is back on the list"),
    ],
)
async def test_undo_takes_back_what_was_done_to_a_wait_where_that_came_last(office: Office, line: str, again: str) -> None:
    await office.says("dana", "where is it?")
    await office.asks("ana", "budget 2", TEN)
    await office.asks("ana", line, TEN + MINUTE)
    assert again in await office.asks("ana", "undo", TEN + 2 * MINUTE)
    wait = await office.wait()
    assert wait.open and wait.hold is None
    assert "Undone. You want" in await office.asks("ana", "undo", TEN + 3 * MINUTE)
    await office.asks("ben", line, TEN + 4 * MINUTE)
    assert "nothing of yours" in await office.asks("ana", "undo", TEN + 5 * MINUTE), "what others did is theirs"


async def test_each_kind_of_choice_is_undone(office: Office) -> None:
    before = await office.store.read(lambda tx: tx.choices())
    for line, again in (
        ("dm on", "Direct messages are as the settings file says again"),
        ("hours 13-17", "Your hours are as the settings file says again"),
        ("away friday", "You are here"),
    ):
        code = undo_of(await office.desk.command("ana", Role.MEMBER, line))
        assert again in (await office.desk.click("ana", Role.MEMBER, code)).fallback
        assert await office.store.read(lambda tx: tx.choices()) == before
    code = undo_of(await office.desk.command("mia", Role.MEMBER, "unwatch help"))
    assert "watched as the settings file says again" in (await office.desk.click("mia", Role.MEMBER, code)).fallback
    assert await office.store.read(lambda tx: tx.choices()) == before


async def test_something_newer_is_left_as_it_is(office: Office) -> None:
    code = undo_of(await office.desk.command("ana", Role.MEMBER, "hours 13-17"))
    await office.asks("ana", "hours 8-12")
    kept = await office.store.read(lambda tx: tx.choices())
    late = await office.desk.click("ana", Role.MEMBER, code)
    assert late.refused and "Something newer was chosen since" in late.fallback
    assert await office.store.read(lambda tx: tx.choices()) == kept


async def test_only_ones_own_choice_is_undone(office: Office) -> None:
    code = undo_of(await office.desk.command("ana", Role.MEMBER, "dm on"))
    assert "nothing of yours to undo" in (await office.desk.click("ben", Role.MEMBER, code)).fallback
    assert "nothing of yours to undo" in await office.asks("ben", "undo")
    assert office.preferences.wants_dm("ana")
    for odd in ("undo:0", "undo:-1", f"undo:{'9' * 30}", "undo:x"):
        assert (await office.desk.click("ana", Role.MEMBER, odd)).refused, odd


async def test_who_is_away_isnt_reminded_and_what_was_put_off_comes_when_they_are_back(office: Office) -> None:
    await office.says("dana", "Ana, where is it?")
    await office.asks("ana", "away until wednesday")
    quiet = QuietRules(hours_of=office.preferences.hours_of)
    wait = await office.wait()
    verdict = ladder.review(wait, office.preferences.rules_of(HELP), TEAM, quiet, step=0, now=TEN, facts=AskingFacts())
    assert isinstance(verdict, ladder.Send) and verdict.to == ("ben",), "who is on duty can look sooner"
    await office.put_off(NINE + 2 * DAY)
    await office.asks("ana", "back", TEN + MINUTE)
    assert await office.due_at() == TEN + MINUTE
    assert office.due == [TEN + MINUTE]


async def test_what_waits_for_somebody_else_isnt_moved_by_ones_own_choice(office: Office) -> None:
    await office.says("dana", "Ana, where is it?")
    await office.put_off(NINE + 2 * DAY)
    for choice in ("budget 2", "mute 1h", "away 2h", "back"):
        await office.asks("ben", choice, TEN + MINUTE)
        assert await office.due_at() == NINE + 2 * DAY, choice
    await office.asks("ana", "budget 2", TEN + MINUTE)
    assert await office.due_at() == TEN + MINUTE, "that waited for her"
    await office.put_off(NINE + 2 * DAY, because=None)
    await office.asks("ana", "budget 3", TEN + MINUTE)
    assert await office.due_at() == NINE + 2 * DAY, "and that for nobody: it stands where the ladder put it"


async def test_what_comes_again_to_the_team_until_there_is_room_comes_to_who_makes_room(office: Office) -> None:
    await office.says("dana", "Ana, where is it?")

    def asked_the_team(tx: OutboxTransaction) -> None:
        (due,) = tx.claim_due(TEN, limit=1, lease=60)
        full = PassedOver(member="ana", why=Unavailable.FULL, budget=1)
        tx.note_asking(due, Asking(passed=(full,), lead="mia", days_full=True))
        tx.mark_sent(due, at=TEN, to=())

    await office.engine.transact(office.store, asked_the_team)
    write = SetReminder(wait=(await office.wait()).id, step=0, to="owner", due_at=TEN + 2 * HOUR)
    await office.engine.transact(office.store, lambda tx: office.engine.apply(tx, HELP, (write,)))
    await office.asks("ben", "budget 9", TEN + MINUTE)
    assert await office.due_at() == TEN + 2 * HOUR
    await office.asks("ana", "budget 9", TEN + MINUTE)
    assert await office.due_at() == TEN + MINUTE


async def test_being_back_hurries_nothing(office: Office) -> None:
    await office.says("dana", "where is it?")
    await office.asks("ana", "snooze w1 2h")
    await office.asks("ana", "away 2h")
    await office.asks("ana", "back", TEN + MINUTE)
    assert await office.due_at() == TEN + 2 * HOUR, "a snooze is a snooze"
    assert office.due == []


async def test_being_back_doesnt_hurry_a_failing_delivery(office: Office) -> None:
    await office.says("dana", "where is it?")
    await office.asks("ana", "away 2h")

    def fail(tx: Transaction) -> None:
        (due,) = tx.claim_due(TEN, limit=9, lease=60.0)
        assert tx.mark_again(due, due_at=TEN + HOUR, failed=True)

    await office.store.transact(fail)
    await office.asks("ana", "back", TEN + MINUTE)
    assert await office.due_at() == TEN + HOUR


async def test_own_hours_win_and_unset_reverts(office: Office) -> None:
    await office.asks("ana", "hours 12-20 mon-fri Europe/Berlin")
    assert not is_open(office.preferences.hours_of("ana"), TEN)
    assert is_open(office.preferences.hours_of("ana"), NINE + 9 * HOUR)
    await office.asks("ana", "hours unset")
    assert office.preferences.hours_of("ana") == OFFICE


async def test_direct_messages(office: Office) -> None:
    assert not office.preferences.wants_dm("ana")
    await office.asks("ana", "dm on")
    assert office.preferences.wants_dm("ana")
    assert not office.preferences.wants_dm("ben")
    await office.asks("ana", "dm unset")
    assert not office.preferences.wants_dm("ana")


async def test_watching_takes_effect_with_the_next_message(office: Office) -> None:
    await office.says("dana", "our crane broke")
    await office.asks("mia", "watch #help everything")
    assert office.preferences.rules_of(HELP).watch is Watch.EVERYTHING
    await office.says("dana", "our crane broke again", NINE + HOUR)
    assert (await office.wait("w1")).messages == (f"{NINE + HOUR:.6f}",)
    await office.asks("mia", "watch #help unset")
    await office.says("omar", "our crane broke", NINE + 2 * HOUR)
    assert await office.store.read(lambda tx: tx.wait_by_handle("w2")) is None


async def test_unwatching_ends_the_waits_there(office: Office) -> None:
    await office.says("dana", "where is it?")
    await office.says("omar", "and mine?", NINE + 1)
    await office.says("kim", "anybody?", NINE + 2, RANDOM)
    assert "2 customers still wait" in await office.asks("mia", "unwatch #help")
    assert office.preferences.listens(HELP)
    await office.asks("mia", "unwatch #help anyway")
    assert not office.preferences.listens(HELP) and office.preferences.listens(RANDOM)
    assert office.preferences.rules_of(HELP).steps == ()
    assert [(await office.wait(f"w{n}")).state for n in (1, 2)] == [WaitState.DISMISSED] * 2
    assert await office.store.read(lambda tx: tx.texts(f"{HELP}/{NINE:.6f}")) == ()
    assert (await office.wait("w3")).open
    await office.asks("mia", "watch help unset")
    assert office.preferences.listens(HELP)


async def test_choices_at_once_all_hold(office: Office) -> None:
    people = ("ana", "ben", "mia")
    await asyncio.gather(*(office.asks(person, "dm on") for person in people))
    assert all(office.preferences.wants_dm(person) for person in people)


async def test_choices_of_one_member_at_once_are_decided_one_after_the_other(office: Office) -> None:
    """The second knows what the first chose: it takes its place, and never stands beside it."""
    await asyncio.gather(office.asks("ana", "away until wednesday"), office.asks("ana", "away 2h"))
    assert office.preferences.choices.away["ana"] == ((TEN, TEN + 2 * HOUR),)
    back = await asyncio.gather(office.asks("ana", "back"), office.asks("ana", "back"))
    assert sorted("Welcome back" in said for said in back) == [False, True]
    assert any("You aren't away" in said for said in back)


async def test_what_is_stored_is_decided_on_whatever_is_in_memory(office: Office) -> None:
    away = SetAway(member="ana", since=NINE, until=TEN + HOUR, by="mia", at=NINE)
    await office.store.transact(lambda tx: tx.choose([away]))
    assert "Welcome back" in await office.asks("ana", "back")
    assert office.preferences.choices.away["ana"] == ((NINE, TEN),)


async def test_of_two_leads_who_start_at_once_one_hears_that_it_had_begun(office: Office) -> None:
    due: list[float] = []
    desk = Interactions(
        office.engine,
        office.store,
        office.inbox,
        office.preferences,
        Lookups(
            preferences=office.preferences,
            team=lambda: office.engine.team,
            names_of=lambda _: (),
            channel_name=str,
            judge=office.engine.context.judge,
            begins_by_lead=True,
        ),
        clock=office.clock,
        on_due=due.append,
        activation=Activation(office.engine),
    )
    answers = await asyncio.gather(*(desk.command("mia", Role.MEMBER, "start") for _ in (0, 1)))
    assert sorted(view.fallback.partition(".")[0] for view in answers) == [
        "Reminders are on since 10:00, by mia",
        "Reminders begin now",
    ]
    assert due == [TEN]


async def test_a_choice_that_cant_be_saved_doesnt_hold(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.says("dana", "where is it?")

    def failing(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(office.engine, "process", failing)
    assert "went wrong" in await office.asks("mia", "unwatch #help anyway")
    monkeypatch.undo()
    assert office.preferences.listens(HELP) and (await office.wait()).open


async def test_a_zone_this_machine_doesnt_know_falls_back_on_the_file(office: Office) -> None:
    writes = (
        SetHours(member="ana", hours=OwnHours(zone="Mars/Olympus"), by="ana", at=TEN),
        SetAway(member="ana", since=TEN, until=TEN + HOUR, by="ana", at=TEN),
    )
    await office.store.transact(lambda tx: tx.choose(writes))
    await office.preferences.load(office.store)
    assert office.preferences.hours_of("ana").zone is UTC


# Trouble


async def test_whatever_fails_is_answered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.says("dana", "where is it?")

    async def failing(event: object) -> object:
        raise OSError("the disk is full")

    monkeypatch.setattr(office.inbox, "submit", failing)
    view: View = await office.desk.click("ana", Role.MEMBER, "claim:w1")
    assert "Something went wrong" in view.fallback
    assert "disk" not in view.fallback
    monkeypatch.undo()
    assert "You're on it" in await office.clicks("ana", "claim:w1", TEN + 1)


async def test_hostile_lines_are_answered(office: Office) -> None:
    for line in (
        "claim '; DROP TABLE waits; --",
        "claim \x00\ud800",
        "who " + "x" * 280,
        "snooze w1 " + "9" * 200,
        "away \u202e",
    ):
        assert "went wrong" not in await office.asks("mia", line), line
