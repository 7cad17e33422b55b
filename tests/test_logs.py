"""Log lines: an event, a sentence, no secrets; for people on a terminal, JSON elsewhere."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs
from bot.errors import UsageError

# Made up; put together here so that no scanner takes them for real ones.
SLACK_BOT = "xox" + "b-1111111111-2222222222-" + "abcdefABCDEF"
SLACK_APP = "xap" + "p-1-A111-222-" + "abcdef0123"
SLACK_USER = "xox" + "p-1111111111-" + "abcdef"
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4" + ".GabcdE." + "abcdefghijklmnopqrstuvwxyz0123456789AB"
HOOK = "https://hooks.slack.com/services/" + "T111/B222/abcdefgh"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(logs, "revealed", logs.Secrets())
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_line_elsewhere_is_one_json_object() -> None:
    stream = io.StringIO()
    logs.configure("info", stream)
    structlog.get_logger().info("backup_made", say="A backup was made.", path="b.db")
    line = json.loads(stream.getvalue())
    assert {key: line[key] for key in ("event", "say", "level", "path")} == {
        "event": "backup_made",
        "say": "A backup was made.",
        "level": "info",
        "path": "b.db",
    }
    assert line["at"].endswith("Z")


def test_a_line_on_a_terminal_puts_the_sentence_first_and_no_control_characters() -> None:
    stream = Terminal()
    logs.configure("info", stream)
    structlog.get_logger().warning("name_odd", say="Look at \x1b[2Jthis\nname.", who="a\x07b")
    line = stream.getvalue()
    assert line.count("\n") == 1
    assert "Look at \\x1b[2Jthis\\nname." in line
    assert line.index("Look at") < line.index("name_odd")
    assert "\x07" not in line and "\x1b[2J" not in line


def test_levels_below_stay_out_and_unknown_ones_are_refused() -> None:
    stream = io.StringIO()
    logs.configure("warning", stream)
    structlog.get_logger().info("quiet", say="Nothing.")
    assert stream.getvalue() == ""
    with pytest.raises(UsageError, match="loud"):
        logs.configure("loud", stream)


@pytest.mark.parametrize("secret", [SLACK_BOT, SLACK_APP, SLACK_USER, DISCORD, "our-own-signing-secret"])
@pytest.mark.parametrize("stream_type", [io.StringIO, Terminal])
def test_secrets_never_reach_the_stream(secret: str, stream_type: type[io.StringIO]) -> None:
    stream = stream_type()
    logs.configure("debug", stream)
    logs.redact("our-own-signing-secret")
    log = structlog.get_logger()
    log.info("plain", say=f"Token {secret} came.", token=secret)
    log.info("nested", say="Deep.", payload={secret: [{"a": (secret, 1)}, {secret}]}, thing=ValueError(secret))
    logging.getLogger("slack_bolt").warning("sent with %s", secret)
    try:
        raise ValueError(f"bad {secret}")
    except ValueError:
        log.exception("failed", say="It failed.")
        logging.getLogger("discord").exception("also")
    assert secret not in stream.getvalue()
    assert stream.getvalue().count(logs.HIDDEN) >= 8


def test_webhook_addresses_are_secrets() -> None:
    assert logs.redacted(f"posting to {HOOK}?x=1") == f"posting to https://{logs.HIDDEN}?x=1"


def test_ordinary_words_stay() -> None:
    logs.redact("the")  # too short to be a secret: would tear up other words
    text = "the example-domain.with.dots 2026-01-02T03:04:05 U024BE7LH xoxo"
    assert logs.redacted(text) == text


def test_a_secret_that_begins_like_another_is_hidden_whole() -> None:
    logs.redact("swordfish")
    logs.redact("swordfish-and-more")
    assert logs.redacted("swordfish-and-more, swordfish") == f"{logs.HIDDEN}, {logs.HIDDEN}"


def test_lines_of_the_libraries_keep_their_sentence() -> None:
    stream = io.StringIO()
    logs.configure("info", stream)
    logging.getLogger("discord.gateway").info("Shard %s connected", 3)
    line = json.loads(stream.getvalue())
    assert (line["event"], line["say"]) == ("discord.gateway", "Shard 3 connected")
