"""The words with which phrases begin that may help are found wherever one of the phrases is read."""

import tomllib
from pathlib import Path

import pytest

from bot.domain.people import Role
from bot.domain.reading import Cue
from bot.language.clauses import HELPFUL
from bot.language.cues import WORD, Beginnings, load_cues
from bot.language.scripts import UNUSUAL_LETTER
from tests.judge.scene import read

BEGUN = Beginnings({("update",), ("turn", "it"), ("known", "bug")})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("please update it", ["update"]),
        ("turn it off and on", ["turn"]),
        ("it is my turn", []),
        ("turn around, it waits", []),
        ("update, then turn it off, then update", ["update", "update", "turn"]),
        ("a bug that is known", []),
        ("", []),
    ],
)
def test_a_word_counts_alone_or_with_the_one_after_it(text: str, found: list[str]) -> None:
    assert BEGUN.found_in(WORD.findall(text)) == found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_reply_helps_without_a_word_that_may(language: str) -> None:
    helpful = load_cues().helpful
    bits = HELPFUL & ~Cue.CODE.value  # which signs show, not words
    made = tomllib.loads((Path(__file__).parent / "messages" / f"{language}.toml").read_text(encoding="utf-8"))["messages"]
    helping = idle = 0
    for text in (text for texts in made.values() for text in texts):
        if UNUSUAL_LETTER.search(text) is None:  # words of such scripts are cut by phrases first
            found = helpful.found_in(WORD.findall(text.lower().replace("’", "'")))
            if read(text, role=Role.MEMBER).cues & bits:
                helping += 1
                assert found, text
            idle += not found
    assert helping > 3
    assert idle > 3
