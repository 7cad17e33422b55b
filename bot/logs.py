"""Log set-up. A line is an event key that never changes, a sentence that says what to do, and values; secrets are cut out.

    log = structlog.get_logger()
    log.warning("slack_token_refused", say="Slack refused the bot token: make a new one and set SLACK_BOT_TOKEN.", team="T1")

On a terminal lines are for people; anywhere else each is one JSON object (`event`, `say`, `level`, `at`, ...).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, TextIO

import structlog

from bot.errors import UsageError

HIDDEN: Final = "[secret]"

SHORTEST_SECRET: Final = 8
"""Characters. Cutting shorter ones out would tear up ordinary words, and no platform has so short a token."""

LEVELS: Final = ("debug", "info", "warning", "error")

CHATTY: Final = ("apscheduler", "slack_bolt", "aiohttp")
"""Libraries whose everyday remarks tell nobody anything; some of them write whole messages at the lower levels."""

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


def configure(level: str, stream: TextIO) -> None:
    """Send all logs of this process, structlog's and the standard library's (the SDKs'), to `stream` from `level` on.

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
        structlog.processors.format_exc_info,
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
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            # A record of the standard library: its sentence goes under "say", its logger's name is the event.
            foreign_pre_chain=[_name_foreign, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(threshold)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))


_COLOURS: Final = {"debug": "2", "info": "32", "warning": "33", "error": "31", "critical": "31"}


def for_people(_logger: object, _method: str, line: MutableMapping[str, Any]) -> str:
    """Structlog renderer for a terminal: time of day (UTC), level, the sentence, then event and values, dim."""
    at, level = str(line.pop("at", ""))[11:19], str(line.pop("level", "info"))
    event, say = str(line.pop("event", "")), line.pop("say", None)
    traceback = line.pop("exception", None)
    values = " ".join(f"{key}={value!r}" for key, value in line.items())
    details = " ".join(part for part in (event, values) if part) if say else values
    text = f"{at} \x1b[{_COLOURS.get(level, '0')}m{level:<7}\x1b[0m {_printable(str(say or event))}"
    if details:
        text += f"  \x1b[2m{_printable(details)}\x1b[0m"
    return f"{text}\n{_printable(str(traceback), keep=chr(10))}" if traceback else text


def _printable(text: str, keep: str = "") -> str:
    """Names and texts come from strangers: nothing in them may move the cursor or start a new line."""
    return "".join(letter if letter.isprintable() or letter in keep else repr(letter)[1:-1] for letter in text)


def _name_foreign(logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    record = line.get("_record")
    name = record.name if isinstance(record, logging.LogRecord) else getattr(logger, "name", "log")
    line["say"] = line["event"]
    line["event"] = name
    return line
