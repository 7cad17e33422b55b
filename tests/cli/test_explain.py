"""`realreply explain` as people run it: by whatever names a message, a wait or a customer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.errors import UsageError
from bot.report.inquiry import read_inquiry
from tests.adapters.archives.discord_channel import DAY as DISCORD_DAY
from tests.adapters.archives.discord_channel import HELP, channel, snowflake, write
from tests.cli.export import DAY, NINE, said, write_export

Explain = Callable[..., tuple[int, str, str]]

LIFE = """\
Dana in #help: waited 5 min; answered by Ana after 5 min
wait slack:archive:C1/1772442000.000000
times are those of UTC

Mon 2 March 2026
09:00  Dana wrote"""


@pytest.fixture
def explain(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Explain:
    """Run the command in this process, on a terminal of 80 columns: its exit code, what it says and what it complains of."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(archive: Path, about: str, *more: str, team: str = "Ana") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["realreply", "explain", str(archive), about, "--team", team, *more])
        capfd.readouterr()
        code: object = 0
        try:
            main()
        except SystemExit as left:
            code = left.code or 0
        shown = capfd.readouterr()
        assert isinstance(code, int)
        return code, shown.out, shown.err

    return run


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_export(tmp_path / "export", DAY)


@pytest.mark.parametrize(
    "about",
    [
        f"{NINE}.000000",
        f"p{NINE}000000",
        f"https://harbor.slack.com/archives/C1/p{NINE}000000",
        f"https://harbor.slack.com/archives/C1/p{NINE + 300}000000?thread_ts={NINE}.000000&cid=C1",
        f"https://app.slack.com/client/T1/C1/thread/C1-{NINE}.000000",
        f"slack:archive:C1/{NINE}.000000",
        "dana",
        "@Dana",
        "UDANA",
    ],
)
def test_a_wait_is_found_by_whatever_names_it(explain: Explain, export: Path, about: str) -> None:
    code, shown, complaint = explain(export, about)
    assert (code, complaint) == (0, "")
    assert shown.startswith(LIFE), shown


def test_a_life_is_told_from_its_question_to_its_answer(explain: Explain, export: Path) -> None:
    _, shown, _ = explain(export, "Dana")
    told = " ".join(shown.split())
    assert "│ Hi, could you tell me where my container is?" in told
    assert "It opens the wait: I'm quite sure" in told and "that it wants a reply, because: • it has a question mark" in told
    assert "09:01 Dana wrote: │ it should have arrived yesterday It belongs to the wait" in told
    assert "09:05 Ana wrote: │ Dana: it left Rotterdam" in told
    assert "Ana replied: it counts as an answer, because: •" in told
    assert "sure (99%) that it is for Dana, because: • it begins with their name" in told
    assert "It ends the wait: answered by Ana after 5 min." in told
    assert all(len(line) <= 80 and line == line.rstrip() for line in shown.splitlines())


def test_who_was_asked_and_why_them_and_that_the_archive_ended_before(explain: Explain, export: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[team]\ntime_zone = "Europe/Berlin"\n[[members]]\nname = "Ana"\nslack = "UANA"\nduty = true\n\n'
        '[[channels]]\nmatch = "help"\nsteps = [{ after = "7m", to = "duty" }]\n'
    )
    _, shown, _ = explain(export, "Omar", "--config", str(config))
    told = " ".join(shown.split())
    assert told.startswith("Omar in #help: has waited less than a minute when the archive ends")
    assert "times are those of Europe/Berlin" in told
    assert "10:30 Omar wrote:" in told and "The one to ask is Ana, who is on duty." in told
    assert "USLACKBOT wrote: │ Thanks for your message" in told and "It is automatic, and ends no wait." in told
    assert "10:30 The archive ends here, and the customer still waits. What follows is what the bot would have done" in told
    assert "10:37 Reminded Ana, who is on duty." in told


def test_a_hold_and_a_redirect_are_told_with_why(explain: Explain, tmp_path: Path) -> None:
    day = [
        DAY[0],
        said("UANA", 2, "Dana: one moment, I'm looking"),
        said("UANA", 40, "Dana: please write to support@example.com"),
    ]
    _, shown, _ = explain(write_export(tmp_path / "e", day), "Dana")
    told = " ".join(shown.split())
    assert (
        "Ana said one moment (that alone ends no wait): it counts as holding, because: • it says that somebody is looking" in told
    )
    assert "Quiet just now: Ana is looking into it, until 09:17." in told
    assert "it counts as a redirect, because: • it only sends the customer elsewhere" in told
    assert "Quiet just now: pointed elsewhere; quiet until tomorrow 09:40." in told


def test_a_reaction_and_a_question_that_is_solved(explain: Explain, tmp_path: Path) -> None:
    day = [
        said("UDANA", 0, "Ana, is the PDF export broken? I get a white page"),
        said("UDANA", 9, "never mind, it was my printer. sorry for the noise"),
        said(
            "UOMAR",
            20,
            "Could somebody please unlock my account?",
            reactions=[{"name": "white_check_mark", "users": ["UANA"], "count": 1}],
        ),
    ]
    archive = write_export(tmp_path / "e", day)
    told = " ".join(explain(archive, "Dana")[1].split())
    assert "The one to ask is Ana, who was asked for by name." in told
    assert "that they say it is over. It ends the wait: Dana found the answer." in told
    told = " ".join(explain(archive, f"{NINE + 1200}.000000")[1].split())
    assert "09:20 Omar wrote (the message you named): │ Could somebody" in told
    assert "? Ana put :white_check_mark: (the archive doesn't say when) It ends the wait: Ana has marked it answered." in told


def test_a_message_of_no_wait_is_told_with_why_not(explain: Explain, tmp_path: Path) -> None:
    day = [said("UDANA", 0, "Good morning everybody!"), said("UANA", 5, "The office is closed on Friday")]
    archive = write_export(tmp_path / "e", day)
    code, shown, _ = explain(archive, f"{NINE}.000000")
    told = " ".join(shown.split())
    assert code == 0 and told.startswith("No wait has to do with this message.")
    assert "09:00 Dana wrote: │ Good morning everybody! It calls for a reply:" in told
    assert "• it is for everybody and asks nothing" in told and "It opens nothing." in told
    assert "It replies to no open wait." in " ".join(explain(archive, f"{NINE + 300}.000000")[1].split())


def test_of_several_waits_one_is_chosen(explain: Explain, tmp_path: Path) -> None:
    day = [*DAY[:4], said("UDANA", 120, "Could you also send me the invoice for March, please?")]
    archive = write_export(tmp_path / "e", day)
    code, shown, _ = explain(archive, "Dana")
    assert code == 0 and shown.splitlines()[0] == "Dana waited 2 times. Which one? Pass what stands on the left:"
    first, second = (line.split() for line in shown.splitlines()[1:])
    assert first[0] == f"{NINE}.000000" and " ".join(first[1:]) == "Dana, Mon 2 March 09:00, #help: answered after 5 min"
    assert " ".join(second[1:]) == "Dana, Mon 2 March 11:00, #help: still waiting"
    assert "invoice for March" in explain(archive, second[0])[1]


def test_raw_shows_the_features(explain: Explain, export: Path) -> None:
    _, shown, _ = explain(export, f"{NINE}.000000", "--raw")
    assert "question mark = 1" in shown and "opens wait slack:archive:C1/" in shown
    assert "personal reply by Ana after 5 min" in shown and "Which one" not in shown
    _, whole, _ = explain(export, "Dana", "--raw")
    assert "replies to wait slack:archive:C1/1772442000.000000" in whole.replace("\n", " ")


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ("123456.7", "Looked for a message 123456.700000, and there is none in what was read (#help)."),
        ("https://x.slack.com/archives/C9/p1772442000000000", "a message 1772442000.000000 in the channel C9"),
        ("https://x.slack.com/archives/C1", "leads to a channel, not to a message"),
        ("https://example.com/1", "is no link to a message of Slack or Discord. Name a message by its link"),
        ("slack:archive:C1/1.000000", "Looked for a wait with the id slack:archive:C1/1.000000"),
        ("Dena", "Looked for a customer called 'Dena', and there is none in what was read (#help). Who never had to wait"),
        ("Dena", "Did you mean 'Dana'?"),
        ("ana", "ana is on the team, and only customers wait"),
        ("w17", "ask `/realreply why w17`"),
        ("  ", "There is nothing to explain. Name a message"),
    ],
)
def test_what_isnt_found_is_said_with_what_would_be(explain: Explain, export: Path, about: str, says: str) -> None:
    code, shown, complaint = explain(export, about)
    assert code == 2 and shown == "" and says in complaint, complaint


def test_a_link_of_discord(explain: Explain, tmp_path: Path) -> None:
    file = write(tmp_path / "help.json", channel(DISCORD_DAY))
    for link in (
        f"https://discord.com/channels/5/{HELP}/{snowflake(0)}",
        f"<https://ptb.discord.com/channels/5/9/{snowflake(5)}>",
    ):
        code, shown, complaint = explain(file, link, team="@Support")
        assert code == 0 and shown.startswith("Dana in #help: waited 5 min; answered by Ana after 5 min"), complaint
    assert "• it is a reply to their message" in shown


def test_a_link_to_a_forum_post_is_one_to_its_first_message() -> None:
    assert read_inquiry("https://discord.com/channels/5/1100000000000000001").message == "1100000000000000001"
    with pytest.raises(UsageError):
        read_inquiry("https://discord.com/channels/5")


def test_what_people_wrote_commands_no_terminal(explain: Explain, tmp_path: Path) -> None:
    day = [said("UDANA", 0, "Where is [red]my[/red] \x1b[31mcontainer\x07? It should be here"), said("UANA", 1, "Dana: at four")]
    _, shown, _ = explain(write_export(tmp_path / "e", day), f"{NINE}.000000")
    assert "\x1b" not in shown and "\x07" not in shown and "[red]my[/red]" in shown
