"""`realreply local`: what is typed, and what is seen."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.local import script, typed
from adapters.local.lines import columns
from adapters.local.prompt import Session
from adapters.local.scene import Scene
from adapters.local.timeline import Timeline
from bot.cli.local import plan, read_start, zone
from bot.cli.main import main
from bot.commands.table import COMMANDS
from bot.domain.durations import Instant
from bot.domain.refusal import Moment, Refusal
from bot.errors import ExitCode, UsageError
from bot.language.times.input import read_when
from bot.wiring.local import LocalBot, stage
from bot.wording.answers import FOR_THE_TEAM
from tests.cli.test_replay import Done

NINE = read_start(script.START)
PEOPLE = {*script.MEMBERS, *script.CUSTOMERS, script.APP}

OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""What terminals act on, or that can't be written out."""

LIKELY = r"(dana|ana|zoe) ?([#>!/+:]|edit|delete|:eyes:)? ?\w{0,3}:?.{0,12}"
"""Lines that nearly mean something."""

Session_ = Callable[..., Done]


@pytest.fixture
def piped(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Session_:
    """Run `realreply local` on some lines, without a terminal."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(text: str | bytes, *arguments: str | Path) -> Done:
        raw = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        monkeypatch.setattr(sys, "argv", ["realreply", "local", *map(str, arguments)])
        capfd.readouterr()
        code: object = 0
        try:
            main()
        except SystemExit as left:
            code = left.code or 0
        said = capfd.readouterr()
        assert isinstance(code, int)
        return Done(code, said.out, said.err)

    return run


def when(text: str, now: Instant) -> Moment | Refusal:
    return read_when(text, now, script.team_hours())


def seen(done: Done) -> str:
    """What was printed after the greeting, blanks closed up."""
    assert (done.returncode, done.stderr) == (0, "")
    for line in done.stdout.splitlines():
        assert columns(line) <= 80, line
    return " ".join(done.stdout.partition("that can be typed")[2].split())


def test_a_question_a_reminder_and_the_answer_that_updates_it(piped: Session_) -> None:
    printed = seen(piped("dana: Where is my boat?\n+30m\nana > 1: It leaves Rotterdam tonight.\nteam\n"))
    for part in (
        "09:00 #help 1 Dana Where is my boat? w1: Dana is waiting; the next reminder is due 09:20",
        "09:20 #team b1 realreply ┃ @Ana, Dana has been waiting 20 min in #help, since 09:00. ┃ │ Where is my boat?",
        "It is now Mon 09:30.",
        "09:30 #help 2 Ana ↳ It leaves Rotterdam tonight. w1: answered by Ana after 30 min",
        "09:30 #team b1 realreply updates its post of 09:20 ┃ Answered by Ana after 30 min",
        "09:20 #team b1 realreply as it reads now ┃ Answered by Ana after 30 min",
        "Bye.",
    ):
        assert part in printed
        printed = printed[printed.index(part) :]


def test_every_kind_of_line(piped: Session_) -> None:
    lines = [
        "team",
        "new customer Kira",
        "KIRA #billing: Can I have an invoice, @Ana?",
        "kira edit 1: Can I have two invoices, @Ana?",
        "ben :eyes: 1",
        "ben -:eyes: 1",
        "theo 👀 1",
        "ana /waiting",
        "kira /waiting",
        "autoreply #billing: We have received your message.",
        "# nothing happens here",
        "",
        "kira delete 1",
        "tomorrow 9:00",
        "who",
        "quit",
        "dana: never read",
    ]
    printed = seen(piped("\n".join(lines)))
    for part in (
        "#team is empty",
        "Kira is here now, a customer.",
        "#billing 1 Kira Can I have an invoice, @Ana? w1: Kira is waiting",
        "1 Kira edits it: Can I have two invoices, @Ana?",
        "Ben 👀 on Kira's message of 09:00: “Can I have two invoices, @Ana?” w1: Ben is on it; the next reminder is due 11:00",
        "Ben 👀 taken back from Kira's message",
        "w1: Theo is on it",
        "realreply answers Ana alone ┆ Nobody is waiting just now ┆ ┆ On hold",
        f"Kira /realreply waiting 09:00 private realreply answers Kira alone ┆ {FOR_THE_TEAM[:60]}",
        "2 Autoreply (automatic) We have received your message.",
        "1 Kira deletes it w1: Kira took the question back",
        "It is now Tue 09:00; nothing happened.",
        "on the team Ana (on duty), Ben, Mia (lead), Theo",
        "customers Dana, Greta, Hugo, Ines, Lukas, Omar, Yuki, Kira",
        "channels #help, #billing, #team (the team's own) the time Tue 09:00",
    ):
        assert part in printed, part
    assert "never read" not in printed and printed.endswith("Bye.")


def test_members_correct_what_was_made_of_a_message(piped: Session_) -> None:
    lines = (
        "dana: lol",
        "ana waits 1",
        "ana !2",
        "ana !1",
        "ben needless #1",
        "dana waits 1",
        "ana waits 7",
    )
    printed = seen(piped("\n".join(lines)))
    for part in (
        "Ana says “Waiting for an answer” of Dana's message of 09:00",
        "answers Ana alone ┆ w1, Dana in #help, is on the list now, waiting since 09:00.",
        "Ana presses “No reply needed” in the answer",
        "needs no reply: it is off the list.",
        "Ana presses “Still waiting” in the answer",
        "w1, Dana in #help, is back on the list",
        "Ben says “No reply needed” of Dana's message of 09:00",
        f"realreply answers Dana alone ┆ {FOR_THE_TEAM[:60]}",
        "There is no message 7",
    ):
        assert part in printed, part
        printed = printed[printed.index(part) :]


def test_the_end_of_a_wait_is_undone_in_one_click_below_its_post(piped: Session_) -> None:
    printed = seen(piped("dana: Where is my boat?\n+25m\nana !3\nben !b1.1\n"))
    for part in (
        "Ana presses “No reply needed” below the post of 09:20",
        "updates its post of 09:20 ┃ No reply needed",
        "[1] Still waiting [2] Why?",
        "Ben presses “Still waiting” below the post of 09:20",
        "answers Ben alone ┆ w1, Dana in #help, is back on the list, waiting since 09:00.",
        "updates its post of 09:20 ┃ Ana, Dana has been waiting 25 min in #help, since 09:00.",
    ):
        assert part in printed, part
        printed = printed[printed.index(part) :]


def test_a_form_is_opened_and_filled_in(piped: Session_) -> None:
    printed = seen(piped("dana: Where is my boat?\nana home\nana !4\nana fill: 2h\nana fill: 2h\nana /waiting mine\ndana home\n"))
    for part in (
        "1 customer is waiting for you",
        "[4] Snooze…",
        "presses “Snooze…” in the answer",
        "Until when? tomorrow 09:00 (like 2h, tomorrow 9am, monday)",
        "fills in “Snooze until”: 2h",
        "w1, Dana in #help, comes up again 11:00 (Mon 2 March).",
        "Ana has no form open.",
        "Your open ends",
        "I'm a tool of the team here",
    ):
        assert part in printed, part
        printed = printed[printed.index(part) :]


def test_a_form_with_several_inputs_is_filled_in_by_their_names(piped: Session_) -> None:
    printed = seen(
        piped("ana home\nana !1\nana fill: days = mon, tue; break = 12:00\nana fill: back = 13:00\nana fill: zoon = x\n")
    )
    for part in (
        "[1] Set my hours…",
        "days Days: Monday, Tuesday, Wednesday, Thursday, Friday",
        "break Break from: ____ (may stay empty)",
        "A break has a beginning and an end.",
    ):
        assert part in printed, part
    printed = seen(piped("ana home\nana !1\nana fill: zoon = x\nana fill: days = mon,tue; break = 12:00; back = 13:00\n"))
    assert "The form has no “zoon”. It takes: days = …; from = …" in printed
    assert "Your hours: Mon-Tue 09:00-12:00 and 13:00-17:00" in printed


def test_the_bot_is_asked_by_its_name_among_members(piped: Session_) -> None:
    """In the team's own channel, or directly; where customers read it says nothing."""
    printed = seen(piped("dana: Where is my boat?\nana #team: @realreply waiting\nana #help: @realreply waiting\n"))
    assert printed.count("answers Ana alone") == 1
    assert printed.index("#team 2 Ana") < printed.index("1 customer is waiting") < printed.index("#help 3 Ana")
    assert "1 customer is waiting" in seen(piped("dana: Where is my boat?\nana @realreply: waiting\n"))


def test_after_a_click_in_a_list_the_list_is_as_it_is_then(piped: Session_) -> None:
    printed = seen(piped("dana: Where is my boat?\nomar: How do I add a user?\nana /\nana !3\nana !2\n"))
    after = printed.partition("presses “No reply needed” in the answer")[2]
    assert "w1, Dana in #help, needs no reply" in after
    assert "1 customer is waiting" in after and "Omar in #help" in after and "[2] I'm on it" in after
    assert "Omar in #help. Nobody is reminded" in after.partition("presses “I'm on it” in the answer")[2]


def test_buttons_are_pressed_by_their_numbers(piped: Session_) -> None:
    printed = seen(piped("dana: Where is my boat?\n+25m\nben !8\nmia !b1.1\nana !99\nana !b7.1\ndana !1\nben !2\n"))
    for part in (
        "Ben presses “Why?” below the post of 09:20",
        "a1 realreply answers Ben alone ┆ Why this is on the list",
        "Ben presses “No reply needed” in the answer",
        "Dana sees no buttons so far.",
        "Mia presses “I'm on it” below the post of 09:20",
        "b1 realreply updates its post of 09:20 ┃ Mia is on it",
        "There are 4 buttons at b1, and no 99.",
        "Ana sees no buttons at b7.",
    ):
        assert part in printed, part


async def test_every_command_works_for_members_and_tells_customers_nothing(tmp_path: Path) -> None:
    async with a_session(tmp_path) as (session, on):
        await session.take("dana: Where is my boat?")
        for verb, command in COMMANDS.items():
            example = command.examples[0].replace("w17", "w1")
            asked, answer, *_ = [plain(block) for block in await session.take(f"mia /{example}")]
            assert f"/realreply {example}" in asked and "answers Mia alone" in answer
            assert "There is no command" not in answer and "went wrong" not in answer, verb
            for stranger in ("dana", "autoreply"):
                told = await session.take(f"{stranger} /{example}")
                assert len(told) == 2 and FOR_THE_TEAM[:40] in plain(told[1]), verb
        assert all(post.address.id == script.TEAM_CHANNEL for post in on.town.posts)


def plain(block: list[object]) -> str:
    return " ".join(" ".join(getattr(line, "plain", "") for line in block).replace("┆", "").split())


@contextlib.asynccontextmanager
async def a_session(folder: Path) -> object:  # type: ignore[misc]
    async with stage(plan(NINE), folder / "local.db") as on:
        script.people(on.town)
        yield Session(a_scene(on)), on


def a_scene(on: LocalBot) -> Scene:
    return Scene(
        town=on.town,
        simulation=on.simulation,
        interactions=on.simulation.platforms["local"],
        timeline=Timeline(on.town, zone=zone(), width=80, numbered=True),
        clock=on.simulation.clock,
        zone=zone(),
        team=script.TEAM,
        read_when=when,
        channel=script.HELP,
        internal=script.TEAM_CHANNEL,
    )


NOT_UNDERSTOOD = (
    ("danna: hello", "There is no “danna” here. Did you mean dana? Try dana: hello?, who"),
    ("zebulon: hello", "There is no “zebulon” here, and it isn't a time either."),
    ("halp", "Did you mean help?"),
    ("dana where is my boat", "After a name comes a colon"),
    ("dana:   ", "A message needs some words after the colon."),
    ("dana #hlep: hello", "There is no #hlep here. Did you mean #help?"),
    ("dana #team: hello", "#team is the team's own channel: Dana can't see it."),
    ("ana > 7: hello", "There is no message 7: there are 2 so far."),
    ("ana #billing > 1: hello", "Message 1 is in #help, not in #billing."),
    ("ana types #hlep", "There is no #hlep here. Did you mean #help?"),
    ("dana types #team", "#team is the team's own channel: Dana can't see it."),
    ("ana types > 7", "There is no message 7: there are 2 so far."),
    ("ana types a lot", "After a name comes a colon"),
    ("ana edit 1: hello", "Message 1 is Dana's: nobody else changes it."),
    ("ana delete 1", "Message 1 is Dana's: nobody else deletes it."),
    ("ana :eyes: 2", "Message 2 was deleted."),
    ("ana !1", "Ana sees no buttons so far."),
    ("+30", '"30m" for minutes'),
    ("+soon", "is not a span of time"),
    ("+5y", "is not a span of time"),
    ("+400d", "That is too far for one go"),
    ("2026-03-01 9:00", "“2026-03-01 9:00” is in the past."),
    ("new member Kim", "Only customers come to this town"),
    ("new customer Dana", "Dana is taken."),
    ("new customer Ki/ra", "A name is one word"),
    ("quit now", "quit stands alone here."),
    ("x" * 5000, "That is longer than a message can be"),
    ("???", "A line begins with a name, or says how much time passes."),
    ("\x1b[2J\x07", "A line begins with a name"),
)


def test_a_due_reminder_waits_for_who_is_typing(piped: Session_) -> None:
    printed = seen(piped("dana: Where is my boat?\n+19m\nana types > 1\nben types\n+2m\n+2m\nana > 1: In Husum.\n"))
    assert printed.count("Ana is writing") == 1
    for part in (
        "the next reminder is due 09:20 It is now Mon 09:19; nothing happened.",
        "09:19 #help Ana ↳ is typing … w1: Ana is writing; the next reminder is due 09:22",
        "09:19 #help Ben is typing … It is now Mon 09:21; nothing happened.",
        "09:22 #team b1 realreply ┃ @Ana, Dana has been waiting 22 min in #help, since 09:00.",
        "w1: answered by Ana after 23 min",
    ):
        assert part in printed, part
        printed = printed[printed.index(part) :]


def test_below_a_reply_somebody_types_in_the_thread_it_is_in(piped: Session_) -> None:
    lines = (
        "mia: The harbor is closed today.",
        "dana > 1: Where is my boat?",
        "omar > 1: Nice weather!",
        "+19m",
        "ana types > 3",
    )
    assert "↳ is typing … w1: Ana is writing; the next reminder is due 09:22" in seen(piped("\n".join(lines)))


def test_an_emoji_may_be_typed_as_a_name_or_as_a_character(piped: Session_) -> None:
    lines = ("dana: Where is my boat?", "ben :eyes: 1", "ben -👀 1", "theo ✔\ufe0f 1", "theo -:heavy_check_mark: 1", "ben 👍🏽1")
    printed = seen(piped("\n".join(lines)))
    for part in (
        "Ben 👀 on Dana's message of 09:00: “Where is my boat?” w1: Ben is on it",
        "Ben 👀 taken back from Dana's message of 09:00: “Where is my boat?” w1: Dana is waiting",
        "Theo ✔ on Dana's message of 09:00: “Where is my boat?” w1: Theo has marked it answered",
        "Theo ✔ taken back from Dana's message of 09:00: “Where is my boat?” w1: Dana is waiting",
        "Ben 👍 on Dana's message",
    ):
        assert part in printed, part
        printed = printed[printed.index(part) :]


async def test_what_isnt_understood_gets_a_sentence(tmp_path: Path) -> None:
    async with a_session(tmp_path) as (session, on):
        await session.take("dana: Where is my boat?")
        await session.take("dana: one more")
        await session.take("dana delete 2")
        before = on.simulation.clock.now()
        for line, says in NOT_UNDERSTOOD:
            told = " ".join(plain(block) for block in await session.take(line))
            assert says in told, line
            assert on.simulation.clock.now() == before and not session.over


@settings(max_examples=100)
@given(
    line=st.text(max_size=80) | st.from_regex(r"(dana|ana|zoe) ?([#>!/+:]|edit|delete|:eyes:)? ?\w{0,3}:?.{0,12}", fullmatch=True)
)
def test_any_line_means_something_or_is_refused(line: str) -> None:
    meant = typed.understand(line, people=PEOPLE, now=NINE, read_when=lambda text, now: read_when(text, now, script.team_hours()))
    assert not isinstance(meant, Refusal) or (meant.says[-1] in ".?!:" and len(meant.says) < 200)


NAMES = ["dana", "ana", "ben", "Kim", "#help", "#team", "b1.", "a1."]
SIGNS = [": ", " > ", "!", "/", "-", "\n", "1", "2"]
DEEDS = ["claim w1", "why dana", "away", "edit ", "delete ", ":eyes: ", "+30m", "+1d", "tomorrow", "new customer ", "team", "who"]
HOSTILE = ["\x1b[31m", "\u202e", "\x00", "where is it? "]
PARTS = st.sampled_from([*NAMES, *SIGNS, *DEEDS, *HOSTILE])


@settings(max_examples=12)
@given(lines=st.lists(st.lists(PARTS, max_size=5).map("".join) | st.text(max_size=40), min_size=4, max_size=10))
def test_any_session_is_survived_and_nothing_reaches_the_terminal_raw(
    lines: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    async def survive() -> None:
        async with a_session(tmp_path_factory.mktemp("any")) as (session, on):
            await session.take("dana: Where is my boat?")
            for line in lines:
                for block in await session.take(line):
                    for shown in block:
                        assert columns(shown.plain) <= 80
                        assert not OBEYED.search(shown.plain), ascii(shown.plain)
            assert {post.address.id for post in on.town.posts if post.address.kind == "channel"} <= {script.TEAM_CHANNEL}

    asyncio.run(survive())


def test_bytes_that_are_no_text_are_survived(piped: Session_) -> None:
    printed = seen(piped(b"dana: \xff\xfe where is it?\n\x00\x00\n\x1b]0;title\x07\ndana: \x1b[31mred\x1b[0m?\n"))
    assert "Dana ?? where is it?" in printed.replace("\ufffd", "?") and "\x1b" not in printed
    assert "␛[31mred␛[0m?" in printed


def test_when_it_begins_and_that_the_database_is_kept_and_continued(piped: Session_, tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    first = seen(piped("new customer Kira\nkira: Can I have an invoice?\n+25m\n", "--db", kept, "--start", "2026-03-04 10:00"))
    assert "10:20 #team b1 realreply" in first
    again = seen(piped("who\nana: Kira, it is in your mail.\nteam\n", "--db", kept))
    assert "Yuki, Kira" in again and "the time Wed 10:21" in again
    assert "w1: answered by Ana after 21 min" in again and "updates its post of 10:20" in again
    refused = piped("", "--db", kept, "--start", "2026-03-04 10:00")
    assert refused.returncode == 2 and "goes on until 2026-03-04 10:21" in refused.stderr


def test_a_file_that_isnt_ours_is_refused_and_left_alone(piped: Session_, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(b"somebody's notes " * 200)
    done = piped("dana: hello?\n", "--db", other)
    assert done.returncode == ExitCode.DATABASE and "other.db" in done.stderr and "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir() if path.stat().st_size] == ["other.db"]
    assert piped("", "--db", tmp_path / "none" / "x.db").returncode == 2


@pytest.mark.parametrize("text", ["soon", "2026-03-02", "1970-01-01 09:00", "2026-02-30 09:00", "9999-01-01 00:00"])
def test_a_start_that_is_none_is_named(text: str) -> None:
    with pytest.raises(UsageError, match="--start"):
        read_start(text)
    assert datetime.fromtimestamp(read_start(" 2026-07-01 08:30 "), zone()).isoformat() == "2026-07-01T08:30:00+02:00"


@contextlib.contextmanager
def terminal() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """`realreply local` on a pseudo-terminal: (its other end, the process)."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "COLUMNS": "80", "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "local"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield ours, process
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def read_until(ours: int, wanted: str) -> str:
    """What the terminal shows, up to what is wanted."""
    shown = b""
    while re.search(wanted.encode(), shown) is None:
        ready, _, _ = select.select([ours], [], [], 30)
        assert ready, shown.decode(errors="replace")
        try:
            chunk = os.read(ours, 4096)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    return shown.decode(errors="replace")


@pytest.mark.parametrize("leave", ["ctrl-c", "ctrl-d"])
def test_on_a_terminal_it_asks_with_the_clock_and_leaves_politely(leave: str) -> None:
    with terminal() as (ours, process):
        read_until(ours, "Mon 09:00 > ")
        os.write(ours, b"+30m\n")
        assert "It is now Mon 09:30" in read_until(ours, "Mon 09:30 > ")
        if leave == "ctrl-d":
            os.write(ours, b"\x04")
        else:
            # A key pressed in the instant between the prompt and the wait for a line is only noticed with the next one.
            process.send_signal(signal.SIGINT)
            while not select.select([ours], [], [], 1)[0]:
                process.send_signal(signal.SIGINT)
        shown = read_until(ours, "Bye")
        assert "Bye." in shown and "Traceback" not in shown
        assert process.wait(timeout=30) == 0


def test_the_session_in_the_documentation_is_a_real_one(piped: Session_) -> None:
    text = (Path(__file__).parents[3] / "docs" / "local.md").read_text(encoding="utf-8")
    typed_lines, printed = re.findall(r"```\n(.*?)\n```", text[text.index("These lines") :], re.DOTALL)[:2]
    done = piped(typed_lines)
    assert done.stdout.partition("that can be typed\n")[2].strip("\n") == printed.strip("\n")
    for form in re.findall(r"^\| `(.*?)` \|", text[: text.index("The faint line")], re.MULTILINE):
        for line in form.split("`, `"):
            meant = typed.understand(line, people=PEOPLE, now=NINE, read_when=when)
            assert not isinstance(meant, Refusal), line


def test_a_direct_message_is_reported_in_a_line(piped: Session_) -> None:
    reports = "dana reports Greeter: Welcome aboard!\ndana fill: welcome\ndana reports ana through Zap: hi\ndana fill:\n"
    shown = piped(f"{reports}dana reports ana:\nmia /auto-dms\n").stdout
    assert "reports a direct message from Greeter" in shown and "from Ana through Zap" in shown
    assert "Thank you for reporting it. As: a welcome message." in shown and "What did the direct message say?" in shown
    assert re.search(r"Greeter +1 message, welcome 1", shown) and re.search(r"Zap +1 message\b", shown)
