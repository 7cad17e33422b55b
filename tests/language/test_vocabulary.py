"""A word is looked up once, and what is known of it stays the same however many others are met."""

from bot.domain.reading import Cue
from bot.language.cues import load_cues
from bot.language.vocabulary import CUED, MOST_KNOWN, Vocabulary


def test_a_word_that_begins_phrases_means_what_they_say() -> None:
    known = Vocabulary(load_cues().entries, b"k")
    spelt, _, alone, longer = known["thanks"]
    assert spelt == CUED
    assert (alone, longer) == load_cues().entries["thanks"]
    assert alone is not None
    assert alone[0] & Cue.THANKS.value


def test_a_strange_word_shows_what_its_spelling_does() -> None:
    known = Vocabulary(load_cues().entries, b"k")
    assert known["sk_live_4711"][0] == Cue.IDENTIFIER.value
    assert known["swordfish"][0] == 0
    assert known["zq"][1] is None  # too short to be what a message is about
    assert known["swordfishs"][1] == known["sword-fish"][1] == known["swordfish"][1]


def test_a_word_that_is_drawn_out_means_what_it_means_in_short() -> None:
    known = Vocabulary(load_cues().entries, b"k")
    for drawn, short in (
        ("hahahahahaha", "haha"),
        ("looool", "lol"),
        ("kkkkkkkk", "kkk"),
        ("thanksss", "thanks"),
        ("sooon", "soon"),
    ):
        assert known[drawn][2:] == known[short][2:] and known[drawn][0] == CUED, drawn
    for strange in ("aaa", "1000000", "zzzzz", "iiiii", "barbarbar"):
        assert known[strange][0] != CUED, strange


def test_more_words_than_are_remembered_stay_what_they_are() -> None:
    known = Vocabulary(load_cues().entries, b"k")
    first = known["swordfish"]
    for number in range(MOST_KNOWN + 10):
        assert known[f"q{number}q"][0] != CUED
    assert len(known) <= MOST_KNOWN
    assert known["swordfish"] == first
