"""The embedded platform: what people do there becomes events, and what the bot posts is there after a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.local import journal
from adapters.local.journal import Journal
from adapters.local.platform import LocalPlatform
from bot.domain.events import Deleted, Edited, Event, Posted, Reacted
from bot.domain.outgoing import Address, Readers
from bot.domain.people import Role
from bot.domain.views import Plain, Text, View
from bot.errors import AccessLost, Gone, RetryLater, UsageError
from bot.ports import Connection, WorkspaceChange
from tests.runtime.simulated import HandClock
from tests.waits.world import NINE


def view(text: str) -> View:
    return View(nodes=(Text((Plain(text),)),), fallback=text)


class Listener:
    """Stands for the bot: notes what the town hands in."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.clicks: list[tuple[str, Role, str]] = []
        self.changes: list[WorkspaceChange] = []
        self.errors: list[AccessLost] = []

    async def receive(self, event: Event) -> None:
        self.events.append(event)

    async def click(self, who: str, role: Role, code: str) -> View:
        self.clicks.append((who, role, code))
        return view("Noted")

    async def changed(self, change: WorkspaceChange) -> None:
        self.changes.append(change)

    def lost(self, error: AccessLost) -> None:
        self.errors.append(error)


async def a_town(path: Path | None = None, **more: object) -> tuple[LocalPlatform, Listener, HandClock]:
    clock, heard = HandClock(), Listener()
    town = LocalPlatform(clock=clock, path=path, sleep=clock.sleep, **more)  # type: ignore[arg-type]
    await town.listen(heard, heard)  # type: ignore[arg-type]
    town.channel("help")
    town.channel("team", internal=True)
    town.customer("dana", "Dana")
    town.member("ana", "Ana")
    return town, heard, clock


TEAM = Address("local", "channel", "team")


async def test_what_people_do_becomes_events() -> None:
    town, heard, clock = await a_town()
    dana, ana, zap = town.person("dana"), town.person("ana"), town.app("zap")
    asked = await dana.says("help", "Where is it?", mentions=(ana,))
    clock.time += 5
    await zap.says("#help", "We got your message!", thread=asked)
    answered = await ana.says("help", "In Rotterdam.", thread=asked, reply_to=asked)
    edited = await ana.edits(answered, "In Rotterdam, really.")
    await ana.reacts(asked, "eyes")
    await dana.reacts(asked, "tada", added=False)
    await ana.deletes(edited)
    posted, automatic, reply, edit, eyes, tada, deleted = heard.events
    assert isinstance(posted, Posted) and isinstance(automatic, Posted) and isinstance(reply, Posted)
    assert (posted.channel, posted.at, posted.message.id) == ("local:harbor:help", NINE, f"{NINE:.6f}")
    assert (posted.message.role, posted.message.mentions, posted.message.thread) == (Role.CUSTOMER, ("ana",), None)
    assert automatic.message.marks and automatic.message.role is Role.APP
    assert (reply.message.thread, reply.message.reply_to, reply.message.role) == (asked.id, asked.id, Role.MEMBER)
    assert reply.message.id != automatic.message.id, "two messages of one instant are two messages"
    assert isinstance(edit, Edited) and edit.message.text == "In Rotterdam, really." and edit.at == NINE + 5
    assert isinstance(eyes, Reacted) and eyes.by_member and eyes.added
    assert isinstance(tada, Reacted) and not tada.by_member and not tada.added
    assert isinstance(deleted, Deleted) and deleted.id == answered.id
    assert list(town.find("help").messages) == [asked.id, automatic.message.id]
    assert town.workspace.link(asked.channel, asked.id, None) == f"https://harbor.example/help/{asked.id}"


async def test_a_later_reply_in_a_thread_stays_in_its_thread() -> None:
    town, _, _ = await a_town()
    asked = await town.person("dana").says("help", "Where is it?")
    first = await town.person("ana").says("help", "Which?", thread=asked)
    assert (await town.person("dana").says("help", "The blue one", thread=first)).thread == asked.id


async def test_posts_are_found_by_their_keys_and_the_same_key_twice_is_two_posts() -> None:
    town, _, clock = await a_town(lag=2.0)
    platform: Connection = town
    ref = await platform.deliver(TEAM, view("one"), ("k1", "k2"))
    assert await platform.find_delivered(TEAM, "k1", NINE) is None, "a search lags behind"
    clock.time += 2
    assert await platform.find_delivered(TEAM, "k1", NINE) == await platform.find_delivered(TEAM, "k2", NINE) == ref
    assert await platform.find_delivered(TEAM, "k1", NINE + 1) is None
    assert await platform.find_delivered(Address("local", "channel", "help"), "k1", NINE) is None
    assert await platform.deliver(TEAM, view("one"), ("k1", "k2")) != ref
    assert [post.gist for post in town.channel("team").posts] == ["one", "one"]


async def test_updates_clicks_and_direct_messages() -> None:
    town, heard, _ = await a_town()
    ana = town.person("ana")
    ref = await town.deliver(Address("local", "person", "ana"), view("Dana waits"), ("k",))
    await town.update(Address("local", "person", "ana"), ref, view("Answered"))
    (post,) = ana.posts
    assert (post.view, post.updates) == (view("Answered"), 1)
    assert not town.can_find(post.address) and town.can_find(TEAM)
    await ana.clicks(post, "claim:w1")
    assert heard.clicks == [("ana", Role.MEMBER, "claim:w1")] and town.answers == [("ana", view("Noted"))]
    post.deleted = True
    with pytest.raises(Gone):
        await town.update(post.address, ref, view("x"))


async def test_trouble_comes_as_it_was_asked_for() -> None:
    town, _, clock = await a_town()
    town.stumble("refused", after=30)
    town.stumble("broken", "dropped")
    town.stumble("slow", after=3)
    for kept, uncertain, after in ((0, False, 30), (0, True, 0), (1, True, 0)):
        with pytest.raises(RetryLater) as caught:
            await town.deliver(TEAM, view("one"), ("k",))
        assert (caught.value.uncertain, caught.value.after, len(town.posts)) == (uncertain, after, kept)
    await town.deliver(TEAM, view("two"), ("k",))
    assert clock.time == NINE + 3 and len(town.posts) == 2
    town.channel("team").archived = True
    with pytest.raises(Gone):
        await town.deliver(TEAM, view("three"), ("k",))


async def test_who_reads_a_channel_and_that_it_is_said_when_it_changes() -> None:
    town, heard, _ = await a_town()
    team = town.channel("team")
    assert await town.readers_of(TEAM) == Readers(shared=False, outsiders=False)
    await team.let_in(town.person("ana"))
    assert (await town.readers_of(TEAM)).internal is True
    await team.let_in(town.person("dana"))
    assert await town.readers_of(TEAM) == Readers(shared=False, outsiders=True)
    await team.share()
    assert (await town.readers_of(TEAM)).shared is True
    assert (await town.readers_of(Address("local", "channel", "help"))).internal is False
    team.readers_known = False
    assert (await town.readers_of(TEAM)).internal is None
    assert [change.readers for change in heard.changes] == [TEAM, TEAM, TEAM]


async def test_a_killed_town_is_opened_again_with_everything_the_bot_posted(tmp_path: Path) -> None:
    path = tmp_path / "town.jsonl"
    town, _, _ = await a_town(path, sync=True)
    await town.person("dana").says("help", "Where is it?")
    ref = await town.deliver(TEAM, view("Dana waits"), ("k1", "k2"))
    await town.update(TEAM, ref, view("Answered"))
    with path.open("ab") as file:  # no close: it was killed, in the middle of a line
        file.write(b'{"do": "posted", "at": 17')
    again, _, _ = await a_town(path)
    assert await again.find_delivered(TEAM, "k2", NINE) == ref
    assert [(post.gist, post.updates, post.view) for post in again.channel("team").posts] == [("Answered", 1, None)]
    assert await again.deliver(TEAM, view("next"), ("k3",)) != ref
    await again.close()
    await town.close()
    assert [entry["do"] for entry in journal.read(path)] == ["said", "posted", "updated", "posted"]


@pytest.mark.parametrize("kept", [0, 1, 5000])
def test_half_a_line_is_cut_off_however_long_the_file_is(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "town.jsonl"
    whole = b'{"do": "x", "text": "\xc3\xa4"}\n' * kept
    path.write_bytes(whole + b'{"half": "' + b"y" * 5000)
    with Journal(path):
        assert path.read_bytes() == whole


def test_a_file_that_is_no_journal_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text('{"do": "x"}\nhello\n')
    with pytest.raises(UsageError, match=r"notes\.txt, line 2"):
        list(journal.read(path))
    with pytest.raises(UsageError, match="can't be written"):
        Journal(tmp_path / "nowhere" / "x")


async def test_strangers_and_unknown_channels_are_named_with_what_there_is() -> None:
    town, _, _ = await a_town()
    with pytest.raises(UsageError, match="there is ana, dana"):
        town.person("zoe")
    with pytest.raises(UsageError, match="#help, #team"):
        town.find("#sales")
    assert town.workspace.names("dana") == ("Dana",) and town.workspace.names("zoe") == ()
