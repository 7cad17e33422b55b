"""The export that ships in examples/, and the one that benchmarks make."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from adapters.archives.slack_export import open_archive
from benchmarks.archive import TEAM, make_archive
from bot.domain.events import Event, Posted, Reacted
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.ports import Problem

EXAMPLES = Path(__file__).parents[3] / "examples"


def read(path: Path, team: set[str]) -> tuple[list[Event], list[Problem], dict[str, str]]:
    archive = open_archive(path)
    names = {id: person.names[0] for id, person in archive.people.items()}
    problems: list[Problem] = []

    def role(person: str, _: Message) -> Role:
        return Role.MEMBER if archive.people[person].names[0] in team else Role.CUSTOMER

    events = list(archive.events(role=role, problem=problems.append))
    return events, problems, names | {id: person.names[0] for id, person in archive.people.items()}


def test_the_example_reads_without_a_problem_and_shows_what_it_should() -> None:
    team = set((EXAMPLES / "harbor-export.team.txt").read_text(encoding="utf-8").split())
    assert team == {"Ana", "Ben", "Mia", "Theo"}
    events, problems, names = read(EXAMPLES / "harbor-export", team)
    messages = [event.message for event in events if isinstance(event, Posted)]
    assert problems == []
    assert 120 <= len(messages) <= 160
    roles = Counter(message.role for message in messages)
    assert roles[Role.CUSTOMER] > roles[Role.MEMBER] > 30 and roles[Role.APP] >= 3
    assert {names[message.author] for message in messages if message.role is Role.MEMBER} == team
    assert sum(message.thread is not None for message in messages) >= 15
    assert any(message.files and not message.text for message in messages)
    assert any(message.calls_team for message in messages) and any(message.mentions for message in messages)
    assert any(isinstance(event, Reacted) and event.by_member and event.emoji == "white_check_mark" for event in events)
    assert any(open_archive(EXAMPLES / "harbor-export").channels[n].shared for n in (0, 1))
    form = next(message for message in messages if "submission" in message.text)
    assert (names[form.author], form.role) == ("Clara", Role.CUSTOMER)
    assert len({message.at for message in messages}) == len(messages)


def test_a_made_archive_is_exact_and_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make_archive(tmp_path / name, 1234, channels=2, seed=7)
    events, problems, _ = read(tmp_path / "a", set(TEAM))
    messages = [event.message for event in events if isinstance(event, Posted)]
    assert len(messages) == 1234 and problems == []
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert all((tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes() for file in files if "." in file.name)
    roles = Counter(message.role for message in messages)
    assert roles[Role.CUSTOMER] > roles[Role.MEMBER] > 200 and roles[Role.APP] > 10
    starts = {message.id for message in messages}
    assert {message.thread for message in messages} - {None} <= starts
    with pytest.raises(FileExistsError, match="not empty"):
        make_archive(tmp_path / "a", 10)
