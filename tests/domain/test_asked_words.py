"""Which questions of several customers are nearly the same, and whose come back with the same words."""

from __future__ import annotations

import time

from bot.domain.asked_words import SEVERAL, AskedWords, asked_alike, returns_with


def asked(number: int, customer: str, *words: int) -> AskedWords:
    return AskedWords(wait=f"w{number}", customer=customer, at=float(number), words=frozenset(words))


def groups(*questions: AskedWords) -> list[list[str]]:
    return [[one.wait for one in group] for group in asked_alike(questions)]


def test_the_same_of_three_customers_is_asked_again_and_again() -> None:
    same = [asked(number, who, 1, 2, 3, 4) for number, who in enumerate(("dana", "omar", "pia"))]
    assert SEVERAL == 3
    assert groups(*same) == [["w0", "w1", "w2"]]
    assert groups(*same[:2]) == [] and groups(*same[:2], asked(2, "omar", 1, 2, 3, 4)) == [], "two customers, however often"


def test_nearly_the_same_is_enough_and_a_word_or_two_in_common_are_not() -> None:
    near = [asked(0, "dana", 1, 2, 3, 4), asked(1, "omar", 1, 2, 3, 4, 5), asked(2, "pia", 1, 2, 3, 4, 6)]
    assert groups(*near) == [["w0", "w1", "w2"]]
    assert groups(*(asked(n, f"c{n}", 1, 2) for n in range(5))) == [], "too short to be told apart"
    assert groups(*(asked(n, f"c{n}", 1, 2, *range(100 * n + 10, 100 * n + 20)) for n in range(5))) == []


def test_what_many_use_says_nothing_of_what_a_question_is_about() -> None:
    others = [asked(n, f"c{n}", 1, 2, 3, 100 * n) for n in range(5, 300)]
    assert groups(*others) == [], "three words that everybody uses"


def test_groups_dont_drift_from_one_matter_to_the_next() -> None:
    chain = [asked(n, f"c{n}", *range(10 * n, 10 * n + 24)) for n in range(9)]
    found = asked_alike(chain)
    assert all(max(one.at for one in group) - min(one.at for one in group) <= 2 for group in found)


def test_what_most_customers_ask_comes_first_and_no_question_is_in_two_groups() -> None:
    few = [asked(n, f"a{n}", 1, 2, 3) for n in range(3)]
    many = [asked(10 + n, f"b{n}", 7, 8, 9) for n in range(4)]
    assert groups(*few, *many) == [["w10", "w11", "w12", "w13"], ["w0", "w1", "w2"]]


def test_however_alike_everything_is_it_takes_no_time() -> None:
    began = time.process_time()
    asked_alike([asked(n, f"c{n}", *range(n % 40, n % 40 + 48)) for n in range(600)])
    assert time.process_time() - began < 2.0


def test_who_comes_back_with_most_of_the_words_asks_the_same() -> None:
    first = frozenset({1, 2, 3, 4, 5, 6})
    assert returns_with(frozenset({1, 2}), first) and returns_with(frozenset({1, 2, 3, 9, 10}), first)
    assert not returns_with(frozenset({1}), first), "one word is chance"
    assert not returns_with(frozenset({1, 2, 9, 10, 11, 12}), first) and not returns_with(frozenset(), first)
