"""The prefilter lets every pattern through that matches, and spares most texts most patterns."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.language.languages import shipped_languages
from bot.language.pattern_needs import MOST_WAYS, Needs
from bot.language.prefilter import VOCABULARY, Prefilter
from tests.language.redirect_lines import NO_REDIRECT, ONLY, WITH_HELP

LISTS = {"who": ("us", "support(?: team)?", r"the \w+ desk"), "anything": (".", "x")}
NEEDS = Needs(LISTS.__getitem__)


@pytest.mark.parametrize(
    ("pattern", "fits", "lacks"),
    [
        ("write to us", "please write to us", "please write to them"),
        ("colou?r", "what color", "what cord"),
        ("e-?mail(?:ing)?", "emailing", "eating"),
        (r"\b(?:write|mail)\b[^.?!]{0,9}?\b(?:us|support)\b", "mail our support", "mail our office"),
        (r"\b(?:write|mail)\b[^.?!]{0,9}?\b(?:us|support)\b", "write us", "tell us"),
        (r"\b(?:the |our )?desk\b", "at a desk", "at the office"),
        (r"(?:ask|tell)+ (?:\w+ ){0,3}?{who}", "ask the help desk", "ask them"),
        ("{who}", "the help desk", "the office"),
        ("(?P<who>ask) him", "ask him", "ask her"),
        (r"(?<!don't )(?<!no )ask (?!him)\w+", "ask her", "tell her"),
        (r"(?<=the )team(?= here)", "the team here", "a tea"),
        (r"[tT\]]eam[^\]]s", "team s", "tear s"),
        (r"ab{2}c*d", "abbd", "acd"),
        (r"ab{0,2}cd", "acd", "abbc"),
        (r"a\.b\+cd", "a.b+cd", "a.b+c"),
        (r"\u0041sk", "Ask", "tell"),
        ("कर(?:ें|ो)", "ऐसा करें", "ऐसा हुआ"),
        ("请.{0,3}(?:频道|群)", "请到频道", "请看"),
        ("x*?y+?zed", "yzed", "xxyed"),
        # Of a word that begins or ends in the pattern, the beginning or the end counts.
        (r"\bdo it\b", "do it now", "undo it now"),
        (r"\bdo it\b", "now, do it", "do item two"),
        (r"\b(?:dev|it) team", "our it-team, the it team", "meet with a team"),
        (r"(?:dev|it)s? team\b", "edits team", "its teams"),
        (r"^on\s*[.!]?$", "on!", "once"),
        (r"^(?:over )?on(?: it)?$", "over on it", "months"),
        (r"that's on (?:us|me)\b", "that's on us", "that's one us"),
        (r"no-?one can\b", "noone can", "noone cant"),
        (r"(?<!\w)it(?=\W) is", "as it is", "a bite is"),
        (r"(?:\b|(?<=[\u3400-\u9fff]))mail(?:\b|(?=[\u3400-\u9fff]))", "请mail我", "请call我"),
        (r"(?:a|the)+ desk\b", "athe desk", "athe desks"),
        (r"\bso+ on\b", "sooo on", "sew on"),
        (r"\bmail\b", "mailि", "email"),
        # Alternatives are told apart.
        (r"\b(?:only ours|call them)\b", "call them", "only call"),
        ("only ours|call them", "only ours", "only them"),
        ("only ours|call {who}", "call us", "only us"),
    ],
)
def test_a_pattern_is_tried_only_where_what_it_needs_is_there(pattern: str, fits: str, lacks: str) -> None:
    prefilter = Prefilter([NEEDS.of(pattern)])
    filled = re.sub(r"\{who\}", lambda _: "(?:" + "|".join(LISTS["who"]) + ")", pattern)
    assert re.search(filled, fits) is not None
    assert prefilter.candidates(fits) == [0]
    assert prefilter.candidates(lacks) == []


@pytest.mark.parametrize(
    "pattern", ["{anything}", "a*", "(?:ask|)", r"\w+", "(?i:ask)", r"(ask) \1", r"\x41", "ask(?#why)", "ask)"]
)
def test_a_pattern_that_needs_nothing_or_cannot_be_told_is_always_tried(pattern: str) -> None:
    assert Prefilter([NEEDS.of(pattern)]).candidates("tell") == [0]
    assert Prefilter([NEEDS.of(pattern)]).candidates("") == [0]


def test_of_very_many_alternatives_what_they_have_in_common_is_needed() -> None:
    many = "|".join(f"call{number} now" for number in range(MOST_WAYS + 1))
    prefilter = Prefilter([NEEDS.of(many), NEEDS.of("never")])
    assert prefilter.candidates("call3 now") == [0]
    assert prefilter.candidates("call3 later") == []
    assert prefilter.candidates("now never") == [1]


def test_a_pattern_that_may_match_in_several_ways_is_named_once() -> None:
    assert Prefilter([NEEDS.of("ask|tell|call"), NEEDS.of("them")]).candidates("call and tell them, ask them") == [0, 1]


def test_candidates_come_in_the_order_of_their_patterns() -> None:
    prefilter = Prefilter([NEEDS.of(pattern) for pattern in ("us", "zoo", "ask", r"\d")])
    assert prefilter.candidates("ask us, ask us") == [0, 2, 3]


def test_more_words_than_are_remembered_are_told_apart() -> None:
    prefilter = Prefilter([NEEDS.of("ask|tell"), NEEDS.of("99$")])
    assert prefilter.candidates(" ".join(f"as{number}" for number in range(98))) == []
    assert prefilter.candidates(" ".join(f"as{number}" for number in range(VOCABULARY + 100))) == [1]
    assert prefilter.candidates("asks") == [0]
    assert prefilter.candidates("as99") == [1]


DATA = sorted((Path(__file__).parent.parent.parent / "bot" / "language" / "data").glob("*.toml"))
LISTED = {name for file in DATA for name in tomllib.loads(file.read_text(encoding="utf-8"))["redirects"]}


def redirects_of(language: str) -> list[str]:
    """The made messages of a language that redirect."""
    messages = tomllib.loads((Path(__file__).parent / "messages" / f"{language}.toml").read_text(encoding="utf-8"))["messages"]
    return messages["redirect"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("language", shipped_languages().codes)
def test_no_pattern_of_a_language_is_withheld_where_it_fits(language: str) -> None:
    place = shipped_languages().codes.index(language)
    own = shipped_languages().sections("redirects", LISTED, shipped_languages().spell)[place]
    patterns = own.patterns_later("patterns")
    patterns += [own.pattern_later(frame) for frame in (r"\b(?:{turn_to})\b.*?\b(?:{places})\b", r"\b(?:{by}) (?:{ways})\b")]
    told = Needs(own.texts)
    prefilter = Prefilter([told.of(pattern.frame) for pattern in patterns])
    fitting = spared = 0
    for line in (*ONLY, *WITH_HELP, *NO_REDIRECT, *redirects_of(language)):
        text = shipped_languages().spell(line.lower())
        candidates = prefilter.candidates(text)
        spared += len(patterns) - len(candidates)
        for number, pattern in enumerate(patterns):
            if pattern.get().search(text) is not None:
                fitting += 1
                assert number in candidates, (text, pattern.frame)
    assert fitting > 3
    assert spared > fitting
