"""What does nothing but greet."""

from __future__ import annotations

import pytest

from bot.language.greetings import only_greets


@pytest.mark.parametrize(
    "text",
    ["", "  ", "hi ", "Hey there, ", "Guten Morgen zusammen! ", ":wave: hello ", "おはようございます "],
)
def test_a_greeting(text: str) -> None:
    assert only_greets(text)


@pytest.mark.parametrize("text", ["I asked ", "thanks ", "cc ", "hi, did you ask ", "about the ", "hello " * 20])
def test_what_says_more(text: str) -> None:
    assert not only_greets(text)
