"""Small made-up exports, written to disk as Slack and slackdump lay them out."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.archives.slack_export import SlackArchive, open_archive
from bot.domain.events import Event, Posted
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.ports import Problem

DAY = 1772409600  # 2026-03-02, midnight UTC


def ts(seconds: float, day: int = 0) -> str:
    """The Slack timestamp of an instant `seconds` after midnight of day `day` of the export."""
    return f"{DAY + day * 86400 + seconds:.6f}"


def user(id: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "name": name.lower(),
        "team_id": "T1",
        "profile": {"display_name": name, "real_name": f"{name} Vester"},
    } | more


class Export:
    """An export under construction, and what reading it gave."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.users: Any = [user("U1", "Dana"), user("U2", "Ana"), user("U3", "Omar"), user("UB", "Robot", is_bot=True)]
        self.channels: Any = [{"id": "C1", "name": "help"}, {"id": "C2", "name": "random"}]
        root.mkdir(parents=True, exist_ok=True)

    def put(self, name: str, value: Any) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(value, bytes):
            path.write_bytes(value)
        else:
            path.write_text(json.dumps(value, indent=4), encoding="utf-8")
        return path

    def lists(self) -> Export:
        self.put("users.json", self.users)
        self.put("channels.json", self.channels)
        return self

    def day(self, records: Any, channel: str = "help", day: str = "2026-03-02") -> Export:
        self.put(f"{channel}/{day}.json", records)
        return self

    def zipped(self, inside: str = "") -> Path:
        target = self.root.parent / f"{self.root.name}.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(self.root.rglob("*")):
                if path.is_file():
                    archive.write(path, inside + path.relative_to(self.root).as_posix())
        return target

    def open(self, path: Path | None = None, **options: Any) -> SlackArchive:
        return open_archive(path or self.root, **options)

    def events(self, path: Path | None = None, channels: tuple[str, ...] = ("*",), **options: Any) -> list[Event]:
        """Everything read, Ana (U2) being the team."""
        self.problems = []
        self.archive = self.open(path, **options)
        return list(self.archive.events(role=team_of("U2"), channels=channels, problem=self.problems.append))

    def messages(self, path: Path | None = None, **options: Any) -> list[Message]:
        return [event.message for event in self.events(path, **options) if isinstance(event, Posted)]

    def one(self, record: dict[str, Any], **options: Any) -> Message:
        """The message that a single record turns into; its time is filled in."""
        self.lists().day([{"type": "message", "ts": ts(3600), "user": "U1", "text": "hello"} | record])
        (message,) = self.messages(**options)
        return message

    def told(self) -> list[str]:
        return [str(problem) for problem in self.problems]


def team_of(*members: str) -> Callable[[str, Message], Role]:
    def role(person: str, message: Message) -> Role:
        assert message.role is Role.CUSTOMER
        return Role.MEMBER if person in members else Role.CUSTOMER

    return role


@pytest.fixture
def export(tmp_path: Path) -> Export:
    return Export(tmp_path / "export")
