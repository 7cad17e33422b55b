"""Log lines: an event, a sentence, no secrets; for people on a terminal, JSON elsewhere."""

from __future__ import annotations

import io
import json
import logging
import threading
from collections.abc import Callable, Iterator

import pytest
import structlog

from bot import logs
from bot.errors import UsageError, described

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
        raise UsageError(f"bad {secret}")
    except UsageError:
        log.exception("failed", say="It failed.")
        logging.getLogger("discord").exception("also")
    assert secret not in stream.getvalue()
    assert stream.getvalue().count(logs.HIDDEN) >= 8


@pytest.mark.parametrize("stream_type", [io.StringIO, Terminal])
def test_what_an_error_quotes_never_reaches_the_stream(stream_type: type[io.StringIO]) -> None:
    stream = stream_type()
    logs.configure("debug", stream)
    log, said = structlog.get_logger(), "Where is my \udfff zanzibar crate?"
    try:
        try:
            said.encode()
        except UnicodeEncodeError as error:
            log.error("event_failed", say="It failed.", error=described(error))
            raise KeyError(said) from error
    except KeyError:
        log.exception("failed", say="It failed.")
        logging.getLogger("apscheduler").exception("a job raised an exception")
    written = stream.getvalue()
    assert "zanzibar" not in written
    assert written.count("KeyError") >= 2 and written.count("UnicodeEncodeError") >= 3, "what kind it was is told"
    assert "test_logs:" in written, "and where"


def test_what_is_raised_on_purpose_is_told_with_its_words() -> None:
    assert described(UsageError("Name a file.")) == "UsageError: Name a file."
    assert described(FileNotFoundError(2, "No such file", "a.db")) == "FileNotFoundError: [Errno 2] No such file: 'a.db'"


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


class Minutes:
    """A clock for the handler, and what it wanted called at which time."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.wanted: list[tuple[float, Callable[[], None]]] = []

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        self.wanted.append((self.now + seconds, call))

    def advance(self, seconds: float) -> None:
        self.now += seconds
        due = [call for at, call in self.wanted if at <= self.now]
        self.wanted = [(at, call) for at, call in self.wanted if at > self.now]
        for call in due:
            call()


class Written:
    """Logs of this process, by such a clock."""

    def __init__(self, level: str = "info") -> None:
        self.minutes = Minutes()
        self.stream = io.StringIO()
        logs.configure(level, self.stream, now=lambda: self.minutes.now, later=self.minutes.later)

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


def test_what_repeats_leaves_once_a_minute_with_its_number() -> None:
    written = Written()
    log = structlog.get_logger()
    for number in range(10_000):
        log.warning("person_unknown", say="Somebody is unknown.", repeats=True, person=f"U{number}")
    assert [line["person"] for line in written.lines()] == ["U0"]
    assert "repeats" not in written.lines()[0]
    written.minutes.advance(60)
    _, last = written.lines()
    assert (last["event"], last["person"], last["times"]) == ("person_unknown", "U9999", 9_999)
    assert last["say"] == "Somebody is unknown. (This and 9,998 more like it within a minute.)"
    assert written.minutes.wanted == [], "nothing is held back, nothing is to be told"


def test_a_flood_of_an_hour_is_a_line_a_minute_and_no_line_goes_uncounted() -> None:
    written = Written()
    for number in range(3_600):
        logging.getLogger("asyncio").error("socket.accept() out of system resource\nsocket: <socket fd=%d>" % number)  # noqa: UP031
        written.minutes.advance(1)
    written.minutes.advance(60)
    lines = written.lines()
    assert 60 <= len(lines) <= 62
    assert sum(int(str(line.get("times", 1))) for line in lines) == 3_600


def test_each_kind_is_counted_by_itself_and_other_lines_pass() -> None:
    written = Written()
    log = structlog.get_logger()
    for _ in range(3):
        log.warning("person_unknown", say="Somebody is unknown.", repeats=True)
        log.error("person_unknown", say="Another level.", repeats=True)
        log.info("channel_read", say="Each is about a channel of its own.")
        logging.getLogger("aiohttp.server").error("Error handling request from %s", "10.0.0.1")
        try:
            raise ConnectionResetError("gone")
        except ConnectionResetError:
            logging.getLogger("aiohttp.server").exception("Error handling request from %s", "10.0.0.2")
    assert len(written.lines()) == 1 + 1 + 3 + 1 + 1
    written.minutes.advance(60)
    assert [line.get("times") for line in written.lines()[7:]] == [2, 2, 2, 2]


def test_one_line_held_back_is_written_as_it_was() -> None:
    written = Written()
    log = structlog.get_logger()
    log.warning("person_unknown", say="Somebody is unknown.", repeats=True, person="U1")
    written.minutes.advance(50)
    log.warning("person_unknown", say="Somebody is unknown.", repeats=True, person="U2")
    written.minutes.advance(9)
    assert len(written.lines()) == 1
    written.minutes.advance(1)
    last = written.lines()[1]
    assert (last["person"], last["say"], "times" in last) == ("U2", "Somebody is unknown.", False)


def test_what_is_held_back_is_told_at_the_end_of_the_process_with_its_error() -> None:
    written = Written()
    for number in range(3):
        try:
            raise UsageError(f"number {number}")
        except UsageError:
            structlog.get_logger().exception("event_failed", say="It failed.", repeats=True)
            logging.getLogger("asyncio").exception("Task exception was never retrieved")
    logging.getLogger().handlers[0].close()  # as logging.shutdown does at the end
    told = written.lines()[2:]
    assert [line["times"] for line in told] == [2, 2]
    assert all("number 2" in str(line["exception"]) for line in told)
    logging.getLogger().handlers[0].close()
    assert len(written.lines()) == 4, "told once"


def test_no_line_floods_and_debug_lines_all_leave() -> None:
    written = Written("debug")
    log = structlog.get_logger()
    for number in range(1_000):
        log.info("channel_read", say="A channel was read.", channel=f"C{number}")
        log.debug("looked", say="Looked.", repeats=True)
    told = written.lines()
    assert sum(line["event"] == "channel_read" for line in told) == logs.MOST_OF_A_KIND
    assert sum(line["event"] == "looked" for line in told) == 1_000
    assert not any("repeats" in line for line in told)
    written.minutes.advance(60)
    assert written.lines()[-1]["times"] == 1_000 - logs.MOST_OF_A_KIND


def test_made_up_kinds_take_no_room_without_end() -> None:
    written = Written()
    for number in range(3 * logs.MOST_KINDS):
        logging.getLogger(f"library.{number}").warning("odd")
    assert len(written.lines()) == logs.MOST_KINDS + 1
    written.minutes.advance(60)
    assert written.lines()[-1]["times"] == 2 * logs.MOST_KINDS - 1


def test_the_minute_is_over_without_another_line() -> None:
    """By a thread of its own: nothing else needs to happen for the number to be told."""
    stream = io.StringIO()
    told = threading.Event()
    ticks = iter([0.0, 1.0])

    class Handler(logs.LogHandler):
        def flush(self) -> None:
            super().flush()
            if stream.getvalue().count("\n") == 2:
                told.set()

    handler = Handler(stream, now=lambda: next(ticks, 61.0), later=lambda _, call: logs.call_later(0.0, call))
    for _ in range(2):
        handler.handle(logging.LogRecord("library", logging.WARNING, "", 1, "again", (), None))
    assert told.wait(10)
