"""Log set-up. A line is an event key that never changes, a sentence that says what to do, and values; secrets are cut out.

    log = structlog.get_logger()
    log.warning("slack_token_refused", say="Slack refused the bot token: make a new one and set SLACK_BOT_TOKEN.", team="T1")

On a terminal lines are for people; anywhere else each is one JSON object (`event`, `say`, `level`, `at`, ...).

What repeats is summed up (`LogHandler`): a line about one of many people, channels or events says so with `repeats=True`, and a
library's every line counts as such. Of each kind one leaves a minute; the last of those held back follows with their number
(`times`).
"""

from __future__ import annotations

import logging
import re
import threading
import time
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Final, TextIO

import structlog

from bot.errors import UsageError, described

HIDDEN: Final = "[secret]"

SHORTEST_SECRET: Final = 8
"""Characters. Cutting shorter ones out would tear up ordinary words, and no platform has so short a token."""

LEVELS: Final = ("debug", "info", "warning", "error")

CHATTY: Final = ("apscheduler", "slack_bolt", "aiohttp")
"""Libraries whose everyday remarks tell nobody anything; some of them write whole messages at the lower levels."""

SUM_UP_AFTER: Final = 60.0
"""Seconds for which lines that repeat are held back, counted, and told in one line."""

MOST_OF_A_KIND: Final = 200
"""Lines of one kind within `SUM_UP_AFTER` that leave each by itself without `repeats=True`. As many as a workspace has channels;
more is a flood, whatever it is about."""

MOST_KINDS: Final = 1000
"""Kinds told apart within `SUM_UP_AFTER`. A library that writes ids into its sentences could make up any number."""

_FIRST_WORDS = re.compile(r"[A-Za-z %_.,-]*")
"""Of a library's sentence: up to where the first number, address or quoted value begins."""

MOST_CHAINED: Final = 10
"""Errors of a chain, one raised while another was dealt with, that a traceback shows."""

TOKENS: Final = re.compile(
    # Slack: bot, user, app, refresh, configuration, workspace and legacy tokens.
    r"\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{6,}|\bxapp-[A-Za-z0-9-]{6,}"
    # Discord: the account's id in base64, a time, a signature; (23+).(6).(27+). Also "mfa." tokens.
    r"|\b[A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}|\bmfa\.[A-Za-z0-9_-]{20,}"
    # Addresses that are passwords: whoever knows them may post.
    r"|\bhooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9_/-]+"
    r"|\bdiscord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/[A-Za-z0-9_-]+"
)
"""What looks like a secret of either platform, wherever it turns up."""


class Secrets:
    """Secrets that were revealed in this process, longest first, as one pattern."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, secret: str) -> None:
        """Another one."""
        if len(secret) >= SHORTEST_SECRET and secret not in self._secrets:
            self._secrets.add(secret)
            longest_first = sorted(self._secrets, key=len, reverse=True)
            self._pattern = re.compile("|".join(re.escape(known) for known in longest_first))

    def hide(self, text: str) -> str:
        """A text without them."""
        return text if self._pattern is None else self._pattern.sub(HIDDEN, text)


revealed = Secrets()
"""Of this process."""


def redact(secret: str) -> None:
    """Cut `secret` out of every log line from now on. Secrets shorter than `SHORTEST_SECRET` are left to the patterns."""
    revealed.add(secret)


def redacted(text: str) -> str:
    """`text` with everything cut out that was registered by `redact` or looks like a platform's token."""
    return TOKENS.sub(HIDDEN, revealed.hide(text))


def _without_words(exc_info: structlog.typing.ExcInfo) -> str:
    """A traceback whose errors are told as `described`: the message of any other may quote what somebody wrote."""
    told: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None and len(told) < MOST_CHAINED:
        frames = "".join(traceback.format_tb(error.__traceback__))
        told.append(f"Traceback (most recent call last):\n{frames}{described(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nand after that:\n\n".join(reversed(told))


def hide_secrets(_logger: object, _method: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Structlog processor: redacts every text of a line, in nested values too, and the text of anything else in it."""
    return {key: _hidden(value) for key, value in line.items()}


def _hidden(value: object, depth: int = 0) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return redacted(value)
    if depth < 8:  # deeper values are written as their text
        if isinstance(value, Mapping):
            return {redacted(str(key)): _hidden(inner, depth + 1) for key, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [_hidden(inner, depth + 1) for inner in value]
    return redacted(str(value))


_OTHERS: Final = ("others",)
"""The kind of every line for which there was no room."""


@dataclass(slots=True, kw_only=True)
class _Repeats:
    """Lines of one kind since `since` (seconds of the handler's clock): how many left, how many didn't, the last of those."""

    since: float
    written: int = 0
    held: int = 0
    last: logging.LogRecord | None = None


CallLater = Callable[[float, Callable[[], None]], None]


def call_later(seconds: float, call: Callable[[], None]) -> None:
    """Call something after `seconds`, in a thread of its own: lines are written by every thread, and before there is a loop."""
    timer = threading.Timer(seconds, call)
    timer.name = "log-repeats"
    timer.daemon = True  # what it would tell is told by `close` when the process ends
    timer.start()


class LogHandler(logging.StreamHandler[TextIO]):
    """Writes lines to a stream and sums up what repeats. Nothing is dropped unsaid: of lines held back the last is written with
    their number when the minute is over, and at the latest when the process ends. Debug lines are never held back.

    `now` gives seconds that only grow; `later` calls something after so many seconds, from whatever thread.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        now: Callable[[], float] = time.monotonic,
        later: CallLater = call_later,
    ) -> None:
        super().__init__(stream)
        self._now = now
        self._later = later
        self._kinds: dict[tuple[object, ...], _Repeats] = {}
        self._waits = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, or hold it back. The caller holds the handler's lock (logging.Handler.handle)."""
        kind, most = _kind_of(record)
        if record.levelno <= logging.DEBUG:
            super().emit(record)
            return
        now = self._now()
        if kind not in self._kinds and len(self._kinds) >= MOST_KINDS:
            kind, most = _OTHERS, 1
        repeats = self._kinds.get(kind)
        if repeats is not None and now - repeats.since >= SUM_UP_AFTER:
            self._tell(now)
            repeats = self._kinds.get(kind)
        if repeats is None:
            repeats = self._kinds[kind] = _Repeats(since=now)
        if repeats.written < most:
            repeats.written += 1
            super().emit(record)
            return
        repeats.held += 1
        repeats.last = record
        if not self._waits:
            self._waits = True
            self._later(max(0.0, repeats.since + SUM_UP_AFTER - now), self._minute_over)

    def close(self) -> None:
        """Tell what was held back."""
        self.acquire()
        try:
            self._tell(None)
        finally:
            self.release()
        super().close()

    def _minute_over(self) -> None:
        self.acquire()
        try:
            now = self._now()
            self._waits = False
            self._tell(now)
            held = [repeats.since for repeats in self._kinds.values() if repeats.held]
            if held:
                self._waits = True
                self._later(max(0.0, min(held) + SUM_UP_AFTER - now), self._minute_over)
        finally:
            self.release()

    def _tell(self, now: float | None) -> None:
        """Write the last line of each kind whose minute is over (None: of all). Those count as the one of the next minute."""
        for kind, repeats in list(self._kinds.items()):
            if now is not None and now - repeats.since < SUM_UP_AFTER:
                continue
            if repeats.last is None:
                del self._kinds[kind]
                continue
            _put_times(repeats.last, repeats.held)
            super().emit(repeats.last)
            self._kinds[kind] = _Repeats(since=repeats.since if now is None else now, written=1)


def _kind_of(record: logging.LogRecord) -> tuple[tuple[object, ...], int]:
    """What a line is about, whoever or whatever it names, and how many of its kind leave in a minute."""
    line = record.msg
    if isinstance(line, dict) and hasattr(record, "_name"):  # ours: structlog's last processor hands the line on as it is
        return ("ours", line.get("event"), record.levelno), 1 if line.pop("repeats", False) else MOST_OF_A_KIND
    words = _FIRST_WORDS.match(str(line))
    error = record.exc_info[0] if record.exc_info else None
    return (record.name, record.levelno, record.lineno, words[0] if words else "", error), 1


def _put_times(record: logging.LogRecord, held: int) -> None:
    if held < 2:
        return
    more = f" (This and {held - 1:,} more like it within a minute.)"
    line = record.msg
    if isinstance(line, dict):
        line["times"] = held
        line["say"] = f"{line.get('say', '')}{more}".strip()
    else:
        record.msg, record.args = f"{record.getMessage()}{more}", ()
        record.times = held


def configure(level: str, stream: TextIO, *, now: Callable[[], float] = time.monotonic, later: CallLater = call_later) -> None:
    """Send all logs of this process, structlog's and the standard library's (the SDKs'), to `stream` from `level` on, what
    repeats summed up (`LogHandler`, whose `now` and `later` these are).

    Raises UsageError for a level that isn't one of `LEVELS`.
    """
    if level not in LEVELS:
        raise UsageError(f"There is no log level {level!r}; choose one of {', '.join(LEVELS)}.")
    threshold = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        # Tracebacks become text before the redaction, which must see all that is written.
        structlog.processors.ExceptionRenderer(_without_words),
        structlog.processors.StackInfoRenderer(),
        hide_secrets,
    ]
    last: structlog.typing.Processor = for_people if stream.isatty() else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,  # tests and `realreply local` configure more than once
    )
    handler = LogHandler(stream, now=now, later=later)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            # A record of the standard library: its sentence goes under "say", its logger's name is the event.
            foreign_pre_chain=[_name_foreign, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    for former in root.handlers:
        if isinstance(former, LogHandler):
            former.close()
    root.handlers[:] = [handler]
    root.setLevel(threshold)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))


_COLOURS: Final = {"debug": "2", "info": "32", "warning": "33", "error": "31", "critical": "31"}


def for_people(_logger: object, _method: str, line: MutableMapping[str, Any]) -> str:
    """Structlog renderer for a terminal: time of day (UTC), level, the sentence, then event and values, dim."""
    at, level = str(line.pop("at", ""))[11:19], str(line.pop("level", "info"))
    event, say = str(line.pop("event", "")), line.pop("say", None)
    trace = line.pop("exception", None)
    values = " ".join(f"{key}={value!r}" for key, value in line.items())
    details = " ".join(part for part in (event, values) if part) if say else values
    text = f"{at} \x1b[{_COLOURS.get(level, '0')}m{level:<7}\x1b[0m {_printable(str(say or event))}"
    if details:
        text += f"  \x1b[2m{_printable(details)}\x1b[0m"
    return f"{text}\n{_printable(str(trace), keep=chr(10))}" if trace else text


def _printable(text: str, keep: str = "") -> str:
    """Names and texts come from strangers: nothing in them may move the cursor or start a new line."""
    return "".join(letter if letter.isprintable() or letter in keep else repr(letter)[1:-1] for letter in text)


def _name_foreign(logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    record = line.get("_record")
    name = record.name if isinstance(record, logging.LogRecord) else getattr(logger, "name", "log")
    line["say"] = line["event"]
    line["event"] = name
    times = getattr(record, "times", None)
    if times is not None:
        line["times"] = times
    return line
