"""What Slack's markup in a command names is read by id, and nothing else is touched."""

from __future__ import annotations

import pytest

from adapters.slack.tags import in_tags
from bot.domain.tags import channel_tag, person_tag, tagged


@pytest.mark.parametrize(
    ("written", "id"),
    [("<@U17|dana>", "U17"), ("<@U17>", "U17"), ("<@U17|Dana Reyes>", "U17"), ("<#C4|help>", "C4"), ("<#C4>", "C4")],
)
def test_slacks_markup_is_a_tag_by_id(written: str, id: str) -> None:
    assert tagged(in_tags(written)) == id


def test_a_line_keeps_its_other_words() -> None:
    assert in_tags("away <@U2|ben> until friday") == f"away {person_tag('U2')} until friday"
    assert in_tags("watch <#C4|help> everything") == f"watch {channel_tag('C4')} everything"
    assert in_tags("claim @dana <- <b> <!here>") == "claim @dana <- <b> <!here>"


@pytest.mark.parametrize("word", ["@dana", "#help", "dana", "@{}", "@{a b}", "x@{U1}", "@{U1}x", "{U1}", ""])
def test_what_people_type_is_no_tag(word: str) -> None:
    assert tagged(word) is None
