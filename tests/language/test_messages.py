"""Messages of members and customers are taken for what they are, in every language that the bot knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.language.languages import shipped_languages
from tests.language.spoken import FILES, KINDS, load

MOST_KINDS = 15
"""Of the kinds of messages, how many each language has at least."""


def test_every_language_has_its_messages() -> None:
    assert {file.stem for file in FILES} >= set(shipped_languages().codes)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_language_has_messages_of_all_kinds(file: Path) -> None:
    messages = load(file).kinds
    assert len(messages.keys() & KINDS.keys()) >= MOST_KINDS
    texts = [text for listed in messages.values() for text in listed]
    assert len(texts) >= 60
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_messages_are_taken_for_what_they_are(file: Path, kind: str) -> None:
    language = load(file)
    wrong = language.wrong(kind)
    assert len(wrong) <= language.wrong_at_most.get(kind, 0), wrong
