"""Slack's markup undone."""

from __future__ import annotations

import pytest

from adapters.slack_format.text import clean_name, plain, written

NAMES = {"U1": "Dana", "W2": "Ana"}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("plain words", "plain words"),
        ("a &lt;b&gt; &amp; c &amp;lt;", "a <b> & c &lt;"),
        ("<@U1> and <@W2|old name>, hi", "@Dana and @Ana, hi"),
        ("<@U9> <@U8|petra>", "@U9 @petra"),
        ("see <#C1|help> and <#C1> and <#C9>", "see #help and #help and #C9"),
        ("<!subteam^S1|@support> please", "@support please"),
        ("<!subteam^S1>", "@S1"),
        ("<!here> <!channel|channel> <!everyone>", "@here @channel @everyone"),
        ("<!date^1392734382^Posted {date_num}|Posted 2014>", "Posted 2014"),
        ("<http://x.example/a>", "http://x.example/a"),
        ("<http://x.example/a|the plan>", "the plan (http://x.example/a)"),
        ("<http://x.example|x.example>", "http://x.example"),
        ("<mailto:dana@x.example|dana@x.example>", "dana@x.example"),
        ("<tel:+4512|call us>", "call us (+4512)"),
        ("if a < b and c > d: <html> <!doctype html> #include <stdio.h>",) * 2,
        ("one\r\ntwo\x07\u202ethree\u2028four\ttabs", "one\ntwo three\nfour\ttabs"),
        ("half a \ud83d letter", "half a \ufffd letter"),
    ],
)
def test_reads_as_people_see_it(raw: str, text: str) -> None:
    assert plain(raw, lambda id: NAMES.get(id, ""), lambda id: "help" if id == "C1" else "").text == text


def test_whom_it_names() -> None:
    said = plain("<@U1> <@U9> <@U1> <!subteam^S1|@support>", lambda _: "", lambda _: "")
    assert said.mentions == ("U1", "U9") and said.groups == ("S1",)
    assert not plain("<!here> <@U1>", lambda _: "", lambda _: "").groups


def test_long_and_hostile_text_takes_no_time() -> None:
    raw = "<" * 50_000 + "<@U1" * 10_000 + "&" * 10_000
    assert plain(raw, lambda _: "", lambda _: "").text == raw


@pytest.mark.parametrize(
    ("value", "name"),
    [("  Dana \n Vester ", "Dana Vester"), ("a\u202eb\x00c", "ab c"), (None, ""), (7, ""), ("x" * 500, "x" * 80)],
)
def test_names_are_one_harmless_line(value: object, name: str) -> None:
    assert clean_name(value) == name


def test_text_comes_from_blocks_or_attachments_where_there_is_none() -> None:
    rich = {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [{"type": "text", "text": "is 1 < 2, "}, {"type": "user", "user_id": "U1"}],
            },
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}]},
            {
                "type": "rich_text_list",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "emoji", "name": "wave"}]}],
            },
        ],
    }
    assert written({"text": "", "blocks": [rich]}) == "is 1 &lt; 2, <@U1>\ncode\n:wave:"
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "*hi*"}, "fields": [{"type": "plain_text", "text": "a & b"}]}
    assert written({"blocks": [section]}) == "*hi*\na &amp; b"
    assert (
        written({"bot_id": "B1", "attachments": [{"pretext": "look:", "text": "a plan"}, {"fallback": "a picture"}]})
        == "look:\na plan\na picture"
    )
    assert written({"text": "said", "blocks": [rich]}) == "said"
