"""Of phrases that begin alike the longest counts that a text says to its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.reading import Cue
from bot.language.languages import read_languages
from bot.language.reader import Reader

ALIKE = """
language = "xx"
order = 1

[cues]
want = ["estas"]
problem = ["estas rompita"]
hedge = ["estas rompita eble hodiaŭ"]
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    path: Path = tmp_path_factory.mktemp("alike")
    (path / "xx.toml").write_text(ALIKE, encoding="utf-8")
    return Reader(languages=read_languages(path))


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("zzz estas", Cue.WANT),
        ("zzz estas zzz", Cue.WANT),
        ("zzz estas eble hodiaŭ", Cue.WANT),
        ("zzz estas rompita", Cue.PROBLEM),
        ("zzz estas rompita eble", Cue.PROBLEM),
        ("zzz estas rompita eble zzz", Cue.PROBLEM),
        ("zzz estas rompita eble hodiaŭ", Cue.HEDGE),
        ("zzz estas rompita eble hodiaŭ zzz", Cue.HEDGE),
    ],
)
def test_the_longest_phrase_that_is_said_to_its_end_counts(reader: Reader, text: str, cue: Cue) -> None:
    message = Message(channel="C", id="1", at=1.0, author="dana", role=Role.CUSTOMER, text=text)
    reading = reader.read(message, {})
    assert reading.cues & (Cue.WANT | Cue.PROBLEM | Cue.HEDGE).value == cue.value
    assert reading.rest == len(text.split())
