"""One spelling of an emoji, however a platform or the settings spell it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.emoji import CHARACTERS, canonical


@pytest.mark.parametrize(
    ("spelt", "name"),
    [
        ("eyes", "eyes"),
        (":eyes:", "eyes"),
        ("👀", "eyes"),
        ("✅", "white_check_mark"),
        ("✔", "heavy_check_mark"),
        ("✔\ufe0f", "heavy_check_mark"),  # as platforms send it: followed by the selector of its look as a picture
        ("👍", "+1"),
        ("👍🏽", "+1"),
        (":+1::skin-tone-4:", "+1"),
        ("+1::skin-tone-2", "+1"),
        ("thumbsup", "+1"),
        ("☝\ufe0f", "point_up"),
        ("☝🏿", "point_up"),
        (":party-parrot:", "party-parrot"),
        ("パーティー", "パーティー"),
        ("🦜", "🦜"),
        ("🧍🏾", "🧍"),
        ("🏽", "🏽"),
        (":", ""),
        ("", ""),
    ],
)
def test_every_spelling_comes_to_one(spelt: str, name: str) -> None:
    assert canonical(spelt) == name


@pytest.mark.parametrize(("name", "character"), CHARACTERS.items())
def test_names_and_characters_of_the_table_mean_the_same(name: str, character: str) -> None:
    assert canonical(character) == canonical(f"{character}\ufe0f") == canonical(f":{name}:") == name
    assert len(character) == 1


@given(spelt=st.text(st.sampled_from(":ax👀👍✔\ufe0e\ufe0f🏻🏿+1")) | st.text(max_size=8))
def test_the_neutral_spelling_stays_as_it_is(spelt: str) -> None:
    assert canonical(canonical(spelt)) == canonical(spelt)
