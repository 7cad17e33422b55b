"""How telling words are: counted late, but as if they had been counted at once."""

from __future__ import annotations

import random
from math import log

import pytest

from bot.judge.word_frequency import MOST_WAITING, WordFrequency


def counted_at_once(messages: list[tuple[int, ...]], most: int) -> dict[int, int]:
    counts: dict[int, int] = {}
    for words in messages:
        if len(counts) > most:
            counts.clear()
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    return counts


@pytest.mark.parametrize("most", [30, 120, 20_000])
@pytest.mark.parametrize("asked_after", [1, 7, MOST_WAITING, 3 * MOST_WAITING])
def test_words_counted_late_are_as_rare_as_words_counted_at_once(most: int, asked_after: int) -> None:
    chance = random.Random(f"{most} {asked_after}")
    messages = [tuple(chance.sample(range(150), chance.randint(0, 12))) for _ in range(700)]
    spread = WordFrequency(most)
    for number, words in enumerate(messages, 1):
        spread.add([words])
        if number % asked_after == 0:
            counts = counted_at_once(messages[:number], most)
            expected = [1.0 - log(1.0 + counts.get(word, 0)) / log(3.0 + number) for word in range(150)]
            by_word = spread.at(number)
            assert [by_word[word] for word in range(150)] == expected
            assert spread.rarities(range(150), number) == expected


def test_a_word_that_every_message_has_tells_nothing_and_a_new_one_tells_most() -> None:
    spread = WordFrequency(1_000)
    for _ in range(50):
        spread.add([(1, 2)])
    everywhere, new = spread.rarities((1, 9), 50)
    assert everywhere < 0.05
    assert new == 1.0
