"""Messages of members and customers are taken for what they are, in every language that the bot knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.reading import Cue
from bot.language.languages import shipped_languages
from bot.language.promises import find
from tests.language.spoken import FILES, KINDS, NINE, OFFICE, load, read

MOST_KINDS = 15
"""Of the kinds of messages, how many each language has at least."""

SHOWS = {
    "holding": Cue.HOLDING,
    "passed_on": Cue.PASSED_ON,
    "receipt": Cue.RECEIPT,
    "absent": Cue.ABSENT,
    "redirect": Cue.REDIRECT,
    "no_answer": Cue.NO_ANSWER,
    "everybody": Cue.EVERYBODY | Cue.NEWS,
    "same": Cue.SAME,
    "again": Cue.CONTRAST | Cue.PROBLEM,
    "over": Cue.SOLVED | Cue.THANKS | Cue.WILL | Cue.ACK_IN,
}
"""What the messages of a kind show by themselves, one of these at least: whatever the judge makes of it."""


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


@pytest.mark.parametrize("kind", SHOWS)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_messages_show_what_they_are(file: Path, kind: str) -> None:
    author = "ana" if KINDS[kind][0] == "members" else "dana"
    unseen = [text for text in load(file).kinds.get(kind, ()) if not read(author, text).cues & SHOWS[kind]]
    assert not unseen


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_promises_are_heard(file: Path) -> None:
    def heard(text: str) -> bool:
        return read("ana", text).has(Cue.PROMISE) or find(text, NINE, OFFICE.zone, OFFICE) is not None

    assert [text for text in load(file).kinds["promise"] if not heard(text)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_answers_show_nothing_that_would_hold_a_wait(file: Path) -> None:
    holds = Cue.HOLDING | Cue.PROMISE | Cue.PASSED_ON | Cue.RECEIPT | Cue.ABSENT | Cue.NO_ANSWER | Cue.REDIRECT
    assert [text for text in load(file).kinds["answer"] if read("ana", text).cues & holds] == []
