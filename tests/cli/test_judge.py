"""`realreply judge`: a lead tries the phrases of their own team."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app

NOON = ("--at", "2026-03-02 10:00", "--zone", "Europe/Berlin")


def judge(*words: str, input: str | None = None) -> Result:
    return CliRunner().invoke(app, ["judge", *words], input=input)


def judged(*words: str, input: str | None = None) -> list[dict[str, Any]]:
    result = judge(*words, "--json", input=input)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_customers_question_opens_a_wait_and_thanks_do_not() -> None:
    asked, thanked = judged("-", input="Where do I find the invoice of March?\n\nthanks a lot!\n")
    assert list(asked) == ["text", "from", "opens", "probability", "kind", "until", "evidence", "observations"]
    assert (asked["text"], asked["from"], asked["opens"], asked["kind"]) == (
        "Where do I find the invoice of March?", "customer", True, None,
    )  # fmt: skip
    assert asked["probability"] > 0.5 and "it has a question mark" in asked["evidence"]
    assert thanked["opens"] is False and thanked["probability"] < 0.5
    assert any("thanks" in reason for reason in thanked["evidence"])


def test_a_members_reply_is_an_answer_a_question_back_or_a_promise_with_its_time() -> None:
    answer, back, promise = judged(
        "-", "--from", "member", *NOON,
        input="Take the date filter away, then it is whole.\nWhich version do you have?\nI'll get back to you tomorrow at 3pm\n",
    )  # fmt: skip
    assert (answer["kind"], answer["opens"], answer["until"]) == ("personal", None, None)
    assert back["kind"] == "clarifying"
    assert (promise["kind"], promise["until"]) == ("promise", "2026-03-03 15:00")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("Take the date filter away, then it is whole.", "it says what to do"),
        ("It works again, sorry for the trouble", "it says that something is done or works again"),
        ("No, the March one was never made", "it says yes or no to what was asked"),
        ("the column is hidden by default", "it tells how something is, or why"),
        ("Reports/March_2.csv was the whole of it", "it names something exactly"),
    ],
)
def test_a_plain_answer_has_its_reason(reply: str, reason: str) -> None:
    (answer,) = judged("--from", "member", *NOON, "--question", "Hello, is the export of March empty?", reply)
    assert answer["kind"] == "personal" and reason in answer["evidence"]


def test_in_words() -> None:
    said = judge("--from", "member", *NOON, "I'll get back to you tomorrow at 3pm").stdout
    assert "a promise: the wait stays open, quiet until 2026-03-03 15:00" in said
    assert "a wait opens" in judge("Why is my export empty?").stdout
    assert "calls for no reply" in judge("thanks!").stdout


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--zone", "Mars", "x"), "no such time zone"),
        (("--at", "tomorrow", "x"), "write a day and a clock time"),
        (("--at", "0001-01-01 00:00", "x"), "write a year"),
        (("--from", "nobody", "x"), "--from nobody: write customer or member."),
        (("--from", "member", "--question", " ", "x"), "--question is empty"),
        (("",), "no sentence"),
    ],
)
def test_what_is_wrong_is_a_sentence(words: tuple[str, ...], why: str) -> None:
    result = judge(*words)
    assert result.exit_code and why in str(result.exception)
