"""The demo's day: what its story promises, asserted from the database, the town's posts and what is printed."""

from __future__ import annotations

import asyncio
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from adapters.local import script
from adapters.local.lines import columns
from adapters.local.people import BotPost
from adapters.local.render import render_plain
from bot.cli.local import PACE, plan, read_start, show_demo, zone
from bot.domain.durations import Instant
from bot.domain.outgoing import SentReminder
from bot.domain.waits import ReplyKind, Wait, WaitState
from bot.ports import QueryTransaction
from bot.wiring.local import LocalBot, stage


@dataclass(frozen=True, kw_only=True)
class Played:
    """What is left when the day is over."""

    printed: str
    waits: dict[str, list[Wait]]
    sent: dict[str, list[tuple[str, int, tuple[str, ...]]]]
    texts: dict[str, tuple[tuple[str, str], ...]]
    posts: list[BotPost]
    plain: Callable[[BotPost], str]
    answers: list[str]


def clock(at: Instant) -> str:
    return f"{datetime.fromtimestamp(at, zone()):%a %H:%M}"


def play(folder: Path, *, width: int, colour: bool) -> Played:
    return asyncio.run(_play(folder, width, colour))


async def _play(folder: Path, width: int, colour: bool) -> Played:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, color_system="truecolor" if colour else None, highlight=False)
    async with stage(plan(read_start(script.START)), folder / "demo.db") as on:
        await show_demo(on, console)
        return await on.simulation.store.read(lambda tx: _left(tx, on, out.getvalue()))


def _left(tx: QueryTransaction, on: LocalBot, printed: str) -> Played:
    town = on.town
    waits: dict[str, list[Wait]] = {}
    sent: dict[str, list[tuple[str, int, tuple[str, ...]]]] = {}
    texts = {}

    def said(reminder: SentReminder) -> tuple[str, int, tuple[str, ...]]:
        return (clock(reminder.at), reminder.step, reminder.to)

    for wait in tx.all_waits():
        waits.setdefault(wait.customer, []).append(wait)
        sent.setdefault(wait.customer, []).extend(said(reminder) for reminder in tx.sent_reminders(wait.id))
        texts[wait.id] = tuple((kept.message, kept.text) for kept in tx.texts(wait.id))

    def plain(post: BotPost) -> str:
        assert post.view is not None
        return render_plain(post.view, name=lambda id: town.workspace.names(id)[0], zone=zone(), now=post.at, width=400)

    return Played(
        printed=printed,
        waits=waits,
        sent=sent,
        texts=texts,
        posts=town.posts,
        plain=plain,
        answers=[f"{who}: {view.fallback}" for who, view in on.town.answers],
    )


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(tmp_path_factory.mktemp("demo"), width=80, colour=False)


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(tmp_path_factory.mktemp("wide"), width=140, colour=True)


def after(day: Played, note: str, lines: int = 40) -> str:
    """What is printed below a note, blanks closed up."""
    return " ".join(day.printed[day.printed.index(note) :].split("\n")[:lines])


def test_a_burst_is_one_wait_and_an_automatic_reply_ends_nothing(day: Played) -> None:
    (dana,) = day.waits["dana"]
    assert len(dana.messages) == 2  # the greeting before it asks for nothing
    assert dana.automatic_replies == 1 and dana.state is WaitState.ANSWERED
    assert [reply.by for reply in dana.replies] == ["ana"]
    assert day.sent["dana"] == [("Mon 09:22", 0, ("ana",))]
    assert "Dana has had only an automatic reply so far" in day.printed


def test_who_is_reminded_when_and_why(day: Played) -> None:
    assert day.sent == {
        "dana": [("Mon 09:22", 0, ("ana",))],
        "omar": [("Mon 11:20", 0, ("ben",))],
        "lukas": [("Mon 13:09", 0, ("ana",))],
        "greta": [("Mon 14:00", 0, ("ben",))],
        "yuki": [("Mon 14:10", 0, ("theo",)), ("Mon 14:50", 1, ("ana",)), ("Mon 16:50", 2, ("mia",))],
        "hugo": [],
        "ines": [],
    }
    assert (day.waits["omar"][1].owner, day.waits["omar"][1].owner_reason) == ("ben", "acquaintance")
    assert "You know Omar: you helped today." in day.printed
    assert "You said you'd get back to Greta today." in day.printed
    assert "Theo knows Yuki best but may be busy just now. You're on duty." in day.printed


def test_a_redirect_comes_back_and_is_answered_for_real(day: Played) -> None:
    (lukas,) = day.waits["lukas"]
    assert [(clock(reply.at), reply.by, reply.kind) for reply in lukas.replies] == [
        ("Mon 10:09", "theo", ReplyKind.REDIRECT),
        ("Mon 13:25", "theo", ReplyKind.PERSONAL),
    ]
    assert "So far Lukas has only been pointed elsewhere." in day.printed


def test_a_promise_is_quiet_until_its_time_and_one_kept_in_time_reminds_nobody(day: Played) -> None:
    (greta,), (ines,) = day.waits["greta"], day.waits["ines"]
    assert [reply.kind for reply in greta.replies] == [ReplyKind.PROMISE, ReplyKind.PERSONAL]
    assert greta.owner == "ben" and day.sent["greta"] == [("Mon 14:00", 0, ("ben",))]
    assert [reply.kind for reply in ines.replies] == [ReplyKind.PROMISE, ReplyKind.PERSONAL]
    assert day.sent["ines"] == []


def test_nothing_is_sent_while_somebody_is_on_it(day: Played) -> None:
    (hugo,) = day.waits["hugo"]
    assert clock(hugo.replies[0].at) == "Mon 12:50" and hugo.replies[0].at - hugo.opened_at > script.RULES.steps[1].after
    assert (hugo.owner, hugo.owner_reason) == ("theo", "claimed") and day.sent["hugo"] == []


def test_replies_update_the_posts_and_take_the_quotes_away(day: Played) -> None:
    reminders = [post for post in day.posts if post.updates]
    assert len(reminders) == 7  # every reminder; the digest alone stays as it was
    ended = [day.plain(post).splitlines()[0] for post in reminders]
    assert ended[:5] == [
        "Answered by Ana after 31 min",
        "Answered by Ben after 26 min",
        "Answered by Theo after 3 h 20 min",
        "Answered by Ben after 3 h 42 min",
        "Answered by Mia after 19 h 22 min",
    ]
    assert all("asked about Yuki in #help" in line for line in ended[5:]), "the lines below it"
    for post in reminders:
        assert "│" not in day.plain(post)
    assert set(day.texts.values()) == {()}  # and none is kept
    assert day.answers == ["mia: You're on it: w8, Yuki in #help. Nobody is reminded of it before 11:05."]


def test_the_digest_lists_who_waits_and_what_is_promised(day: Played) -> None:
    (digest,) = (post for post in day.posts if clock(post.at) == "Tue 09:00")
    assert digest.gist == "1 customer is waiting, the longest for 19 h 10 min" and digest.updates == 0
    said = day.plain(digest)
    assert re.search(r"Still waiting, after the last reminder\n• 19 h 10 min .* Yuki in #help .*Theo, could you reply", said)
    assert re.search(r"Promised\n• .* Ines in #help .*: Ben promised an answer by 11:00", said)


def test_everybody_is_answered_in_the_end_and_no_hold_is_left(day: Played) -> None:
    waits = [wait for waits in day.waits.values() for wait in waits]
    assert len(waits) == 9
    for wait in waits:
        assert wait.state is WaitState.ANSWERED and wait.first_personal is not None and wait.hold is None
    assert "Mia is on it" in day.printed  # what she pressed held Yuki's until the answer


def test_the_bot_posts_where_only_the_team_reads(day: Played) -> None:
    assert len(day.posts) == 8
    assert {(post.address.kind, post.address.id) for post in day.posts} == {("channel", script.TEAM_CHANNEL)}


def test_every_part_of_the_story_is_announced_before_it_is_seen(day: Played) -> None:
    for note, seen in (
        ("a burst: Dana writes three times, and that is one wait", "Good morning!"),
        ("an automatic reply doesn't count", "(automatic) Thank you"),
        ("a real reply ends the wait", "Answered by Ana after 31 min"),
        ("is no answer: it only keeps things quiet", "please email billing@harbor.example"),
        ("a promise: quiet until its time", "get                            back to you by 14:00"),
        ("Ben helped Omar this morning", "@Ben, Omar has been waiting"),
        ("puts 👀 on it", "👀 on Hugo's message"),
        ("what was only pointed elsewhere comes back", "So far Lukas has only been pointed elsewhere."),
        ("the promise falls due, to who made it", "@Ben, Greta has been waiting"),
        ("nobody answers Yuki", "@Theo, Yuki has been waiting"),
        ("the next morning's digest", "Good morning. "),
        ("Mia takes Yuki's", "answers Mia alone"),
        ("Ben keeps the promise in time", "Ines, your contract"),
    ):
        found = after(day, note, 12)
        assert seen in found, note


def test_it_says_first_how_quick_the_ladder_is_and_last_what_to_try(day: Played) -> None:
    head = " ".join(day.printed.split("▸")[0].split())
    assert "after 20 min to the owner of a question, after 1 h to who is on duty, after 3 h to a lead" in head
    assert "“please email support” keeps quiet for 3 h" in head
    lines = day.printed.rstrip().splitlines()
    assert "realreply local" in lines[-2] and "realreply replay" in lines[-1]
    summary = " ".join(day.printed[day.printed.index("The day in figures") :].split())
    assert "9 waits 9 answered personally 100%" in summary and "7 reminders went out" in summary
    assert "Nobody was left without an answer." in summary


def test_no_line_is_wider_than_the_terminal_with_and_without_colour(day: Played, wide: Played) -> None:
    for printed, width in ((day.printed, 80), (wide.printed, 140)):
        lines = [Text.from_ansi(line).plain for line in printed.splitlines()]
        assert max(columns(line) for line in lines) <= width
        assert len(lines) < 215
    assert "\x1b[" not in day.printed and "\x1b[" in wide.printed


def test_it_is_over_in_half_a_minute_on_a_terminal_too(day: Played) -> None:
    assert PACE * day.printed.count("\n") < 22  # and the engine's two seconds


def test_the_command_as_a_process_of_its_own(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "COLUMNS": "80", "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "bot", "demo"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Answered by Mia" in done.stdout
    assert list(tmp_path.iterdir()) == []  # nothing stays behind
