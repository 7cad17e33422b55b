"""`realreply replay` and `check` as people run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main
from tests.adapters.archives.discord_channel import DAY as DISCORD_DAY
from tests.adapters.archives.discord_channel import channel, write
from tests.cli.export import DAY, NINE, said, write_export


@dataclass(frozen=True)
class Done:
    """What a run of the command left behind."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process, without a terminal."""
    monkeypatch.setenv("COLUMNS", "100")

    def run_it(*arguments: str | Path, cwd: Path | None = None) -> Done:
        if cwd is not None:
            monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["realreply", *map(str, arguments)])
        capfd.readouterr()
        try:
            main()
            code: object = 0
        except SystemExit as left:
            code = left.code or 0
        said = capfd.readouterr()
        assert isinstance(code, int)
        return Done(code, said.out, said.err)

    return run_it


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_export(tmp_path / "export", DAY)


def waits_of(run: Run, export: Path, tmp_path: Path, *arguments: str | Path) -> list[dict[str, Any]]:
    out = tmp_path / "waits.jsonl"
    done = run("replay", export, "--team", "Ana", "--team", "Ben", "--waits", out, *arguments)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in out.read_text().splitlines()]


def test_the_waits_of_a_small_channel(run: Run, export: Path, tmp_path: Path) -> None:
    dana, omar = waits_of(run, export, tmp_path, "--always-on", "--first-after", "10m")
    assert dana["channel"] == "help" and dana["customer"] == "UDANA"
    assert dana["messages"] == [f"{NINE}.000000", f"{NINE + 60}.000000"]
    assert (dana["state"], dana["answer"], dana["answered_by"]) == ("answered", f"{NINE + 300}.000000", "UANA")
    assert (dana["kind"], dana["answered_at"], dana["reminders"]) == ("personal", NINE + 300, [])
    assert (omar["state"], omar["answer"], omar["kind"]) == ("waiting", None, None)
    assert omar["opened_at"] == NINE + 1800
    assert [(sent["at"] - omar["opened_at"], sent["step"]) for sent in omar["reminders"]] == [
        (600, 0),
        (7200, 1),
        (86400 - 0, 2),
    ][: len(omar["reminders"])]
    assert omar["reminders"][0] == {"at": NINE + 1800 + 600, "step": 0, "to": []}
    assert omar["evidence"]


def test_the_default_ladder_without_a_config(run: Run, export: Path, tmp_path: Path) -> None:
    _, omar = waits_of(run, export, tmp_path, "--always-on", "--until", "2d")
    newcomers = [600, 2400, 28800]  # 30m, 2h, 1d in proportion to the 10 minutes of a first question
    assert [sent["at"] - omar["opened_at"] for sent in omar["reminders"]] == newcomers


def test_time_goes_on_only_as_long_as_asked(run: Run, export: Path, tmp_path: Path) -> None:
    _, omar = waits_of(run, export, tmp_path, "--always-on", "--first-after", "10m", "--until", "5m")
    assert omar["reminders"] == []


def test_without_always_on_reminders_keep_to_working_hours(run: Run, tmp_path: Path) -> None:
    evening = write_export(tmp_path / "late", [said("UOMAR", 10 * 60, "Hello, how can I change the invoice address?")])
    (omar,) = waits_of(run, evening, tmp_path, "--first-after", "10m")
    assert [sent["at"] for sent in omar["reminders"]][:1] == [NINE + 24 * 3600]  # the next morning at nine


def test_members_work_by_the_clock_of_their_own_zone(run: Run, tmp_path: Path) -> None:
    evening = write_export(tmp_path / "late", [said("UOMAR", 10 * 60, "Ana, how can I change the invoice address?")])
    users = json.loads((evening / "users.json").read_text())
    for user in users:
        user["tz"] = "America/New_York" if user["id"] == "UANA" else "not a zone"
    (evening / "users.json").write_text(json.dumps(users))
    (omar,) = waits_of(run, evening, tmp_path, "--first-after", "10m")
    first = omar["reminders"][0]
    assert (first["at"], first["to"]) == (NINE + 10 * 3600 + 600, ["UANA"])  # 14:10 in New York


def test_the_summary_tells_who_still_waits_when_the_archive_ends_apart(run: Run, export: Path) -> None:
    done = run("replay", export, "--team", "UANA", "--always-on")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and done.stderr == ""
    assert "6 messages in #help, 30 min" in lines
    assert "2 waits" in lines and "1 answered personally 50%" in lines
    assert lines[-2:] == ["Still open when it ends, for less than a working day", "Omar"]
    assert "0 never answered 0%" in lines
    assert "first reply of any kind 5 min 5 min" in lines


def test_names_ids_and_files_all_name_the_team(run: Run, export: Path, tmp_path: Path) -> None:
    team = tmp_path / "team.txt"
    team.write_text("# the team\nana\n\nUBEN\n")
    assert "2 members" in run("replay", export, "--team", f"@{team}").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--team", "Anna"], "Did you mean 'Ana'?"),
        (["--team", "@missing.txt"], "can't read the file"),
        (["--team", "Ana", "--channel", "nope*"], "no channel fits. The archive has #help"),
        (["--team", "Ana", "--first-after", "10"], '"10m"'),
        (["--team", "Ana", "--until", "soon"], "--until soon"),
        (["--team", "Ana", "--config", "missing.toml"], "missing.toml"),
        (["--team", "Ana", "--waits", "missing/folder/w.jsonl"], "can't write the file"),
    ],
)
def test_mistakes_are_named_with_what_to_do_and_exit_code_2(
    run: Run, export: Path, tmp_path: Path, arguments: list[str], says: str
) -> None:
    done = run("replay", export, *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr and "Traceback" not in done.stderr


def test_an_archive_that_doesnt_tell_the_team_gets_a_list_to_choose_from(run: Run, tmp_path: Path) -> None:
    talk = [
        said("UDANA", 0, "where is it?"),
        said("UANA", 1, "Dana: in Rotterdam"),
        said("UOMAR", 2, "and mine?"),
        said("UANA", 3, "Omar: in Antwerp"),
    ]
    done = run("replay", write_export(tmp_path / "export", talk))
    assert done.returncode == 2
    assert "Ana" in done.stderr and "wrote to 2 people" in done.stderr and "--team Ana" in done.stderr
    assert "Dana  " not in done.stderr


def test_guests_tell_the_team(run: Run, tmp_path: Path) -> None:
    export = write_export(tmp_path / "export", DAY)
    users = json.loads((export / "users.json").read_text())
    for user in users:
        if user["id"] in ("UDANA", "UOMAR"):
            user["is_restricted"] = True
    (export / "users.json").write_text(json.dumps(users))
    done = run("replay", export)
    assert done.returncode == 0 and "2 members" in done.stdout


def test_damage_is_named_the_rest_is_read_and_strict_says_so(run: Run, tmp_path: Path) -> None:
    export = write_export(tmp_path / "export", DAY)
    day = export / "help" / "2026-03-02.json"
    text = day.read_text()
    day.write_text(text[: text.index('"ts": "1772442060')] + "§§§ damage" + text[text.index('"UANA"') :])
    done = run("replay", export, "--team", "Ana", "--always-on")
    assert done.returncode == 0
    assert "help/2026-03-02.json" in done.stderr and "Traceback" not in done.stderr
    assert "Omar" in done.stdout
    assert run("replay", export, "--team", "Ana", "--strict").returncode == 2


def test_a_path_that_is_no_archive(run: Run, tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path, Path(__file__)):
        done = run("replay", path, "--team", "Ana")
        assert done.returncode == 2 and "expected" in done.stderr and "Traceback" not in done.stderr


def test_the_database_is_kept_on_request_and_never_mixed_with_another(run: Run, export: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    waits_of(run, export, tmp_path, "--always-on", "--db", kept)
    before = kept.read_bytes()
    again = run("replay", export, "--team", "Ana", "--db", kept)
    assert again.returncode == 2 and "Name a new file" in again.stderr
    assert kept.read_bytes() == before


def test_a_report_of_a_database_counts_the_waits_that_a_replay_left_in_it(run: Run, export: Path, tmp_path: Path) -> None:
    kept, html = tmp_path / "kept.db", tmp_path / "report.html"
    waits_of(run, export, tmp_path, "--always-on", "--db", kept)
    done = run("report", "--db", kept, "--since", "3000d", "--json", "--html", html)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["waits"], told["how"]["personal"], len(told["every_wait"])) == (2, 1, 2)
    assert "What the bot did" in html.read_text()
    assert run("report", "--db", kept, "--since", "soon").returncode == 2


def test_what_people_wrote_can_be_left_out_and_the_page_says_what_it_rests_on(run: Run, export: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    options = ("--team", "Ana", "--team", "Ben", "--duty", "Ben", "--zone", "Europe/Berlin", "--html", page)
    assert run("replay", export, *options).returncode == 0
    assert "invoice page" in page.read_text() and "Europe/Berlin" in page.read_text() and "<dd>Ben " in page.read_text()
    assert run("replay", export, *options, "--no-text").returncode == 0
    assert "invoice page" not in page.read_text()
    wrong = run("replay", export, "--team", "Ana", "--duty", "Dana")
    assert wrong.returncode == 2 and "isn't on the team" in wrong.stderr


def test_a_team_that_never_wrote_is_pointed_out(run: Run, export: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[[members]]\nname = "Zoe"\nslack = "UZOE"\n')
    done = run("replay", export, "--config", config, "--always-on")
    assert done.returncode == 0 and "nobody on the team wrote anything" in done.stderr


def test_check_accepts_the_example_and_names_every_problem(run: Run, tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "config.example.toml"
    assert run("check", example).returncode == 0
    bad = tmp_path / "bad.toml"
    bad.write_text('[team]\ntime_zoom = "Europe/Berlin"\n\n[reminders]\nbudget = "three"\n')
    done = run("check", bad)
    assert done.returncode == 2
    assert "line 2" in done.stderr and "line 5" in done.stderr and "time_zone" in done.stderr


def test_settings_decide_about_the_channel(run: Run, export: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[[members]]\nname = "Ana"\nslack = "UANA"\nduty = true\n\n[[channels]]\nmatch = "help"\n'
        'steps = [{ after = "7m", to = "duty" }]\n'
    )
    out = tmp_path / "w.jsonl"
    done = run("replay", export, "--config", config, "--always-on", "--waits", out)
    assert done.returncode == 0, done.stderr
    omar = json.loads(out.read_text().splitlines()[1])
    assert omar["reminders"] == [{"at": NINE + 1800 + 420, "step": 0, "to": ["UANA"]}]


def test_settings_decide_how_soon_a_customer_and_a_newcomer_are_asked_about(run: Run, export: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    team = '[[members]]\nname = "Ana"\nslack = "UANA"\nduty = true\nlead = true\n'
    out = tmp_path / "w.jsonl"

    def first(written: str) -> float:
        config.write_text(team + written)
        done = run("replay", export, "--config", config, "--always-on", "--waits", out)
        assert done.returncode == 0, done.stderr
        omar = json.loads(out.read_text().splitlines()[1])
        out.unlink()
        return float(omar["reminders"][0]["at"] - (NINE + 1800))

    assert first('[[customers]]\nids = ["UOMAR"]\nfirst = "9m"\n') == 540
    assert first("") == 600, "a newcomer's"
    assert first('[reminders]\nnewcomer_first = "0"\n') == 1800


def test_hostile_texts_and_absurd_times_are_survived(run: Run, tmp_path: Path) -> None:
    hostile = [
        said("UDANA", 0, "where is it? " + "x" * 100_000),
        said("UOMAR", 1, "\x00\x1b[31m\u202egnirts\u202c [bold]markup[/bold] where is mine?"),
        {"type": "message", "user": "UDANA", "ts": "99999999999999.000000", "text": "from the far future?"},
        {"type": "message", "user": "UDANA", "ts": "yesterday", "text": "when?"},
        {"type": "message", "ts": f"{NINE + 5}.000000"},
        {"type": "message", "user": "UNOBODY", "ts": f"{NINE + 200}.000000", "text": "am I known? can you help?"},
        said("UANA", -30, "out of order"),
        said("UANA", -30, "out of order"),
    ]
    done = run("replay", write_export(tmp_path / "export", hostile), "--team", "Ana", "--always-on")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr and "\x1b[31m" not in done.stdout
    assert "UNOBODY" in done.stdout


def test_the_command_as_a_process_of_its_own(run: Run, export: Path) -> None:
    """Once for real: exit code, streams, and that the interpreter ends."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "bot", "replay", str(export), "--team", "Ana"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "") and "Omar" in done.stdout
    done = subprocess.run([*command, "--team", "Zoe"], capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert done.returncode == 2 and "Zoe" in done.stderr


def test_a_discord_export_is_replayed_by_the_role_of_its_team(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path / "help.json", channel(DISCORD_DAY))
    out = tmp_path / "w.jsonl"
    done = run("replay", file, "--team", "@support", "--waits", out)
    assert done.returncode == 0 and "1 member, said with --team (everybody with the role @Support)" in done.stdout
    dana, omar = map(json.loads, out.read_text().splitlines())
    assert (dana["state"], dana["answered_by"], omar["state"], omar["answer"]) == ("answered", "22", "waiting", None)
    explained = run("explain", file, dana["wait"].rpartition("/")[2], "--team", "@Support")
    assert "answered by Ana after 5 min" in explained.stdout
    wrong = run("replay", file, "--team", "@Suport")
    assert wrong.returncode == 2 and "Roles: @Support, @Verified." in wrong.stderr


def test_the_settings_say_which_role_the_team_has_on_discord(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path / "help.json", channel(DISCORD_DAY))
    config = tmp_path / "config.toml"
    config.write_text('[discord]\ntoken = "env:T"\n\n[[discord.guilds]]\nid = "5"\nteam_roles = ["Support"]\n')
    done = run("replay", file, "--config", config)
    assert done.returncode == 0 and "1 member, listed in the settings" in done.stdout, done.stderr


def test_direct_messages_that_are_left_out_are_said_and_are_no_problem(run: Run, export: Path) -> None:
    (export / "D0123456789").mkdir()
    (export / "D0123456789" / "2026-03-02.json").write_text(json.dumps([said("UDANA", 2, "psst")]))
    done = run("replay", export, "--team", "Ana", "--always-on", "--strict")
    assert done.returncode == 0 and "Direct messages are never read; left out: D0123456789" in done.stderr
