"""Near-copies of replies to other customers are found; replies that are only about the same thing aren't."""

from __future__ import annotations

import pickle
from itertools import combinations

from bot.domain.people import Role
from bot.domain.reading import Reading
from bot.domain.reply_index import MOST, ReplyIndex
from tests.domain.canned_lines import CLOSINGS, DIFFERENT, GREETINGS, NAMES, TEMPLATES
from tests.judge.scene import read


def said(text: str) -> Reading:
    return read(text, author="ana", role=Role.MEMBER)


def copy(template: int, number: int) -> str:
    """A copy of a template as somebody would send it to another customer: no two of the first twelve are the same."""
    sentences = list(TEMPLATES[template])
    if number % 3 == 1:
        sentences = sentences[1:] + sentences[:1]
    name = NAMES[(template + number) % len(NAMES)]
    text = GREETINGS[number % len(GREETINGS)] + " ".join(sentences) + CLOSINGS[(number // 2) % len(CLOSINGS)]
    text = text.format(name=name, number=1037 + 211 * number, days=2 + number)
    if number % 4 == 1:
        text = text.replace(".", "!").replace(",", " -")
    if number % 4 == 2:
        text = text.lower()
    if number % 5 == 3:
        text = text.replace("please ", "").replace("again", "once more")
    return text


PAIRS = [(template, one, other) for template in range(len(TEMPLATES)) for one, other in combinations(range(6), 2)]


def canned(earlier: str, later: str, *, to: str = "omar", then: str = "dana") -> bool:
    told = ReplyIndex()
    told.add("C/1", (then,), said(earlier).fingerprints)
    return told.alike(said(later).fingerprints, to) is not None


def test_made_near_copies_are_found() -> None:
    assert len(PAIRS) >= 100
    missed = [(copy(t, one), copy(t, other)) for t, one, other in PAIRS if not canned(copy(t, one), copy(t, other))]
    assert len(missed) <= 0.05 * len(PAIRS), missed


def test_other_words_about_the_same_matter_are_no_copy() -> None:
    told = ReplyIndex()
    for template in range(len(TEMPLATES)):
        told.add(f"C/{template}", ("dana",), said(copy(template, 0)).fingerprints)
    for number, text in enumerate(DIFFERENT):
        words = said(text).fingerprints
        assert told.alike(words, "omar") is None, text
        told.add(f"D/{number}", ("dana",), words)


def test_templates_are_no_copies_of_each_other() -> None:
    for one, other in combinations(range(len(TEMPLATES)), 2):
        assert not canned(copy(one, 0), copy(other, 0))


def test_telling_the_same_customer_again_is_no_copy() -> None:
    assert canned(copy(0, 0), copy(0, 1))
    assert not canned(copy(0, 0), copy(0, 1), to="dana", then="dana")


def test_short_replies_are_never_copies() -> None:
    for text in ("You're welcome!", "Can you send me the account id?", "Yes, that works now, please try again", "Done :)"):
        assert not canned(text, text)


def test_code_and_greetings_dont_count() -> None:
    code = "```\n" + "\n".join(f"line_{number} = call_{number}()" for number in range(30)) + "\n```"
    assert not canned(f"Run this: {code}", f"And this: {code}")


def test_memory_is_bounded() -> None:
    index = ReplyIndex()
    sizes = []
    for number in range(4 * MOST):
        index.add(f"C/{number:06}", ("dana",), tuple(range(MOST + number, MOST + number + 20)))
        if (number + 1) % (2 * MOST) == 0:
            sizes.append(len(pickle.dumps(index)))
    assert len(index) == MOST
    assert index.alike(tuple(range(MOST, MOST + 20)), "omar") is None
    assert sizes[1] < 1.01 * sizes[0], "the words of replies that were forgotten are forgotten too"
