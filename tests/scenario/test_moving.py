"""A channel gets another id while customers wait in it: shared with another organisation, and back. Nobody there notices, and
nothing is lost, doubled or forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.moves import ChannelMove
from bot.domain.waits import HoldKind, Wait, WaitState
from bot.errors import StorageError
from bot.ports import Doubles
from bot.runtime.platform_service import PlatformService
from bot.settings.model import Settings
from storage.sqlite.transaction import OpenTransaction
from tests.scenario.slack_stage import SlackStage
from tests.scenario.test_quiet import OTHER_QUESTIONS
from tests.scenario.test_reminding import ANSWER, QUESTION
from tests.scenario.test_trouble import posted
from tests.slack_sandbox.model import Message

pytestmark = [pytest.mark.only("slack"), pytest.mark.alone]

OLD, NEW = "G0PROJECT", "C0PROJECT"


async def project(stage: SlackStage, name: str = "project", id: str = OLD) -> None:
    """A private channel of the old kind, in which customers are guests."""
    people = [stage.persons[who] for who in ("ana", "ben", "cleo", "dana", "omar", "pia")]
    stage.fake.channel(name, members=people, private=True, id=id, bot=False)
    await stage.fake.bot_joins(name, inviter=stage.persons["ana"])
    await stage.settle()


async def channels_of_waits(stage: SlackStage) -> list[str]:
    return [wait.channel.rpartition(":")[2] for wait in await stage.waits()]


async def known_as(stage: SlackStage) -> list[str]:
    """The ids under which anything is stored of the channel."""
    keys = await stage.store.read(lambda tx: tx.channels())
    return [id for key in keys if (id := key.rpartition(":")[2]) in (OLD, NEW)]


async def under(stage: SlackStage, id: str, message: Message) -> None:
    """The event of a message is delivered under another id of its channel: it was under way when that changed."""
    announcer = stage.fake.announcer
    event = {**message.body, "channel": id, "event_ts": message.ts, "channel_type": "group"}
    if message.thread_ts is not None:
        event["thread_ts"] = message.thread_ts
    await asyncio.gather(*announcer.emit("message.groups", event, stage.fake.workspace.conversation("project")))
    await stage.settle()


def alike(wait: Wait) -> Wait:
    """What stays as it was, wherever it waits."""
    return replace(wait, id="", channel="", displaced=None)


@pytest.mark.parametrize("again", [False, True], ids=["running", "restarted"])
async def test_private_shared_unshared_archived_and_back(stage: SlackStage, again: bool) -> None:
    fake, people = stage.fake, stage.people
    await project(stage)
    await project(stage, "lounge", "G00LOUNGE")
    # An acquaintance, a correction, an unwatch, a posted reminder, a snooze.
    asked = await people["pia"].says(OTHER_QUESTIONS[0], channel="project")
    await people["ana"].says(ANSWER, channel="project", thread=asked)
    needless = await people["pia"].says(OTHER_QUESTIONS[2], channel="project")
    await people["ben"].corrects(needless, "needs_none")
    await people["cleo"].commands("unwatch lounge")
    dana = await people["dana"].says(QUESTION, channel="project")
    await people["omar"].says(OTHER_QUESTIONS[1], channel="project")
    handles = {wait.customer: await handle_of(stage, wait.id) for wait in await stage.waits()}
    await people["ana"].commands(f"snooze {handles[stage.persons['omar'].id]} 5h")
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "Dana has been waiting 30 min in #project" in post.words
    before = await stage.waits()
    team = fake.other_team("Umbrella")

    async def archive_and_back() -> None:
        await fake.archive("project")
        await stage.settle()
        if again:
            await stage.restart()
        assert await stage.waits() == (), "nobody can reply there"
        await stage.advance(minutes=1)
        await fake.unarchive("project")

    steps: list[Callable[[], Awaitable[Any]]] = [
        lambda: fake.share("project", team),
        lambda: fake.unshare("project", team),
        archive_and_back,
    ]
    for step in steps:
        await step()
        await stage.settle()
        if again:
            await stage.restart()
        await stage.advance(minutes=1)
        waits = await stage.waits()
        assert [wait.channel for wait in waits] == [f"slack:{fake.workspace.team.id}:{NEW}"] * 2
        assert [alike(wait) for wait in waits] == [alike(wait) for wait in before]
        assert {wait.customer: await handle_of(stage, wait.id) for wait in waits} == handles
        assert len(posted(stage)) == 1 and len(stage.team.sees()) == 1
        (link,) = stage.team.sees()[0].links
        assert f"/archives/{NEW}/p{dana.ts.replace('.', '')}" in link

    # Who is known is known, what was chosen holds, and the old post's buttons work.
    await people["dana"].says("I am bored", channel="lounge")
    await fake.change_id("lounge")
    await people["dana"].says(QUESTION, channel="lounge")
    assert await channels_of_waits(stage) == [NEW, NEW]
    claimed = await people["ana"].clicks(stage.team.sees()[0], "I'm on it")
    assert "You're on it" in claimed.words or "yours" in claimed.words, claimed.words
    (held,) = [wait for wait in await stage.waits() if wait.hold is not None and wait.hold.kind is HoldKind.CLAIM]
    assert held.customer == stage.persons["dana"].id
    knows = await stage.store.read(lambda tx: [(one.channel, one.member) for one in tx.exchanges(stage.persons["pia"].id)])
    assert knows == [(held.channel, stage.persons["ana"].id)]
    corrections = await stage.store.read(lambda tx: tx.corrections(held.channel))
    assert [one.says for one in corrections] == ["needs_none"]

    # An answer in the new channel ends it, its post says so, and the snooze runs out as it would have.
    await people["ana"].says(ANSWER, channel="project", thread=dana)
    await stage.advance(minutes=1)
    assert "Answered by Ana" in stage.team.sees()[0].words
    await stage.advance(hours=5)
    assert [shown.words for shown in stage.team.sees()[1:] if "Omar has been waiting" in shown.words] != []
    assert len(posted(stage)) == 2
    assert [wait.customer for wait in await stage.waits()] == [stage.persons["omar"].id]


async def handle_of(stage: SlackStage, wait: str) -> str:
    handle: str = await stage.store.read(lambda tx: tx.handle(wait))
    return handle


async def test_an_event_that_comes_late_under_the_old_id_belongs_to_the_channel(stage: SlackStage) -> None:
    await project(stage)
    asked = await stage.people["dana"].says(QUESTION, channel="project")
    await stage.fake.change_id("project")
    for again in range(2):
        answer, _ = stage.fake.put(
            stage.fake.workspace.conversation("project"),
            {"client_msg_id": "m1", "text": ANSWER, "user": stage.persons["ana"].id, "team": stage.fake.workspace.team.id},
            thread=asked.ts,
            quiet=True,
        )
        await under(stage, OLD, answer)
        if not again:
            assert await stage.waits() == ()
            await stage.restart()
            asked = await stage.people["omar"].says(OTHER_QUESTIONS[0], channel="project")
    assert await stage.waits() == ()
    assert {wait.state for wait in await stage.all_waits()} == {WaitState.ANSWERED}
    assert await known_as(stage) == [NEW]


async def test_an_answer_that_comes_under_the_new_id_before_the_word_of_it_counts(stage: SlackStage) -> None:
    """Events have no order: the answer, a check mark and a new question are there first."""
    await project(stage)
    asked = await stage.people["dana"].says(QUESTION, channel="project")
    pias = await stage.people["pia"].says(OTHER_QUESTIONS[1], channel="project")
    fake = stage.fake
    fake.events = frozenset(fake.events) - {"channel_id_changed"}
    await fake.change_id("project")
    await stage.people["ana"].says(ANSWER, channel="project", thread=asked)
    await stage.people["ana"].reacts(pias, "white_check_mark")
    await stage.people["omar"].says(OTHER_QUESTIONS[0], channel="project")
    assert len(await stage.waits()) == 3
    fake.events = frozenset(fake.events) | {"channel_id_changed"}
    event = {"type": "channel_id_changed", "old_channel_id": OLD, "new_channel_id": NEW}
    for _ in range(2):  # and twice
        await asyncio.gather(*fake.announcer.emit("channel_id_changed", dict(event), fake.workspace.conversation("project")))
        await stage.settle()
        assert [wait.customer for wait in await stage.waits()] == [stage.persons["omar"].id]
    assert {wait.state for wait in await stage.all_waits()} == {WaitState.ANSWERED, WaitState.WAITING}
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "Omar" in post.words and "Dana" not in post.words
    assert await known_as(stage) == [NEW]


async def test_what_is_to_be_read_again_is_remembered_with_the_move(stage: SlackStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot dies right after it: the answer under the new id is read at the next start, however long ago it was."""
    await project(stage)
    asked = await stage.people["dana"].says(QUESTION, channel="project")
    fake = stage.fake
    fake.events = frozenset(fake.events) - {"channel_id_changed"}
    await fake.change_id("project")
    await stage.people["ana"].says(ANSWER, channel="project", thread=asked)
    await stage.advance(minutes=20)
    await stage.people["omar"].says(OTHER_QUESTIONS[0], channel="project")
    fake.events = frozenset(fake.events) | {"channel_id_changed"}

    async def dies(*given: Any, **named: Any) -> None:
        """Nothing more happens."""

    monkeypatch.setattr(PlatformService, "missed", dies)
    event = {"type": "channel_id_changed", "old_channel_id": OLD, "new_channel_id": NEW}
    await asyncio.gather(*fake.announcer.emit("channel_id_changed", event, fake.workspace.conversation("project")))
    await stage.settle()
    assert len(await stage.waits()) == 2
    await stage.restart()
    assert [wait.customer for wait in await stage.waits()] == [stage.persons["omar"].id]


async def test_a_change_that_nobody_told_of_is_found_out_at_the_next_start(stage: SlackStage) -> None:
    await project(stage)
    asked = await stage.people["dana"].says(QUESTION, channel="project")
    await stage.advance(minutes=31)
    async with stage.away():
        await stage.fake.change_id("project")
        await stage.persons["omar"].says("project", OTHER_QUESTIONS[0])
    assert await channels_of_waits(stage) == [NEW, NEW]
    await stage.people["ana"].says(ANSWER, channel="project", thread=asked)
    await stage.advance(minutes=1)
    assert "Answered by Ana" in stage.team.sees()[0].words
    assert [wait.customer for wait in await stage.waits()] == [stage.persons["omar"].id]
    assert len(await stage.all_waits()) == 2 and len(posted(stage)) == 1


async def test_a_change_that_cant_be_known_is_told_and_joins_when_it_is(stage: SlackStage) -> None:
    """Another id altogether while the bot was away: the channel is read as a new one. The word comes later (Slack tries for a
    day), and what stands twice is one again."""
    await project(stage)
    asked = await stage.people["dana"].says(QUESTION, channel="project")
    await stage.advance(minutes=31)
    with capture_logs() as told:
        async with stage.away():
            await stage.fake.change_id("project", "C0ELSEWHERE")
    (line,) = [line for line in told if line["event"] == "channel_gone"]
    assert line["waits"] == 1
    (known,) = await stage.waits()
    assert known.channel.endswith(":C0ELSEWHERE"), "nobody can know that it is the same: there is nothing any more where it was"
    await stage.advance(hours=1, minutes=35)
    later = [link for shown in stage.team.sees()[1:] for link in shown.links]
    assert later and all("/archives/C0ELSEWHERE/" in link for link in later), "no link leads where nothing is any more"
    event = {"type": "channel_id_changed", "old_channel_id": OLD, "new_channel_id": "C0ELSEWHERE"}
    place = stage.fake.workspace.conversation("project")
    await asyncio.gather(*stage.fake.announcer.emit("channel_id_changed", event, place))
    await stage.advance(minutes=1)
    (wait,) = await stage.waits()
    assert wait.channel.endswith(":C0ELSEWHERE") and await handle_of(stage, wait.id) == "w1"
    await stage.people["ana"].says(ANSWER, channel="project", thread=asked)
    await stage.advance(minutes=1)
    *posts, line = stage.team.sees()
    assert [shown.words.casefold().count("answered by ana") for shown in posts] == [1, 1]
    assert "was asked about Dana" in line.words


async def test_the_channel_for_reminders_may_get_another_id_too(stage: SlackStage) -> None:
    """Set by its id in the settings; a reminder is in doubt when it changes."""
    stage.fake.workspace.conversation("team")
    by_name, old = stage.settings, await stage.fake.change_id("team", "G0000TEAM")
    assert old != "G0000TEAM"

    def by_id() -> Settings:
        settings = by_name()
        reminders = settings.reminders.model_copy(update={"destination": "G0000TEAM"})
        return settings.model_copy(update={"reminders": reminders})

    stage.settings = by_id  # type: ignore[method-assign]
    await stage.restart()
    await stage.people["dana"].says(QUESTION)
    stage.fake.trouble.drop("chat.postMessage", accepted=True)
    await stage.advance(minutes=30)
    with capture_logs() as told:
        await stage.fake.change_id("team")
        await stage.settle()
    assert "reminders_channel_moved" in [line["event"] for line in told]
    await stage.advance(minutes=5)
    assert len(stage.team.sees()) == 1, "it was found, under the key it left with"
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    with capture_logs() as told:
        await stage.restart()
    assert "reminders_channel_moved" in [line["event"] for line in told]
    await stage.advance(minutes=31)
    assert {record.channel for record in posted(stage)[-1:]} == {"C0000TEAM"}
    assert len(stage.team.sees()) == 2


@pytest.mark.setup(ack_seconds=0.3)
async def test_a_move_that_couldnt_be_stored_is_told_again(stage: SlackStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack tries at once, after a minute and after five. What falls due meanwhile leaves as it would have."""
    await project(stage)
    asked = await stage.people["dana"].says(QUESTION, channel="project")
    await stage.advance(minutes=28)
    tried: list[OpenTransaction] = []
    moves, confirms = OpenTransaction.move_channel, OpenTransaction.confirm

    def move_channel(self: OpenTransaction, move: ChannelMove) -> Doubles | None:
        tried.append(self)
        return moves(self, move)

    def confirm(self: OpenTransaction) -> None:
        if self in tried[:3]:
            raise StorageError("the disk is full")
        confirms(self)

    monkeypatch.setattr(OpenTransaction, "move_channel", move_channel)
    monkeypatch.setattr(OpenTransaction, "confirm", confirm)
    await stage.fake.change_id("project")
    await stage.advance(minutes=3)
    assert len(posted(stage)) == 1
    assert await channels_of_waits(stage) == [OLD]
    await stage.advance(minutes=5)
    assert len(tried) == 4 and await channels_of_waits(stage) == [NEW]
    await stage.people["ana"].says(ANSWER, channel="project", thread=asked)
    assert await stage.waits() == () and len(posted(stage)) == 1


async def test_what_is_told_of_a_channel_under_its_old_id_counts(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    place, other = stage.fake.workspace.conversation("team"), stage.fake.other_team("Quay")
    old = place.id
    await stage.fake.change_id("team", "C0TEAMNEW1")
    await stage.advance(minutes=3)
    assert len(stage.team.sees()) == 1
    async with stage.fake.away():
        await stage.fake.share("team", other)
    event = {"type": "channel_shared", "connected_team_id": other.id, "channel": old}
    await asyncio.gather(*stage.fake.announcer.emit("channel_shared", event, place))
    await stage.advance(minutes=1)
    assert stage.team.sees() == []
