"""What the command line says of itself, and of settings that are right and hardly meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app

DESTINATION = '[reminders]\ndestination = "support-team"\n'
SLACK = '[slack]\nbot_token = "env:A_TOKEN"\napp_token = "env:B_TOKEN"\n'


@pytest.mark.parametrize("wide", [60, 80, 120])
def test_no_sentence_of_the_help_is_cut(wide: int) -> None:
    said = CliRunner(env={"COLUMNS": str(wide), "TERMINAL_WIDTH": str(wide)}).invoke(app, ["--help"]).output
    listed = said.partition("Commands:")[2]
    assert "..." not in listed and "…" not in listed and listed
    names = re.findall(r"^  (\w+)", listed, re.MULTILINE)
    assert {"check", "doctor", "waiting", "run", "slack"} <= set(names)
    sentences = re.split(r"^  \w+", listed, flags=re.MULTILINE)[1:]
    assert all(sentence.strip().endswith((".", "?", ".)")) for sentence in sentences)


def checked(path: Path, text: str) -> tuple[int, str, str]:
    config = path / "config.toml"
    config.write_text(text)
    done = CliRunner().invoke(app, ["check", str(config)])
    return done.exit_code, done.stdout, done.stderr


def test_check_warns_of_reminders_that_have_nowhere_to_go(tmp_path: Path) -> None:
    code, said, warned = checked(tmp_path, SLACK)
    assert code == 0 and "no mistakes, and something to look at" in " ".join(said.split()) and "all right" not in said
    assert "reminders.destination isn't given, so no reminder can leave" in warned and 'destination = "support-team"' in warned
    code, said, warned = checked(tmp_path, DESTINATION + SLACK)
    assert code == 0 and "all right" in " ".join(said.split()) and warned == ""
    assert checked(tmp_path, "")[2] == "", "settings for a replay need none"
