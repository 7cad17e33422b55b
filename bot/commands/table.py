"""What people can ask the bot for: the table of commands, and how a line of text or a clicked button becomes a request.

Pure: words in, a value out. What the request leads to is decided in `answers`; the words of a time ("tomorrow 9am"), of a wait
("w17", "dana") and of people are looked at there, where it is known who and what there is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.domain import keys
from bot.domain.refusal import LONGEST_SHOWN, Permission, Refusal, quoted
from bot.domain.views import MOST_IN_BUTTON

LONGEST_LINE = 300
"""Characters of a command. The longest sensible one has a name and two times, far below this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A row of the table: how it is written, what it does (one line, for help), whom it is for, examples that work as they stand.

    `words` is how many words may follow the verb, at least and at most; `options` the words that may follow, where they are few.
    """

    verb: str
    usage: str
    says: str
    needs: Permission
    words: tuple[int, int]
    examples: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks for: the verb of a command in the table, and the words after it as they were written."""

    verb: str
    words: tuple[str, ...] = ()


NAME = 8
"""Words a name or a time may have."""

_TABLE = (
    Command(
        verb="waiting",
        usage="waiting [mine|all]",
        says="who is waiting for an answer, longest first; mine: those that are yours",
        needs="member",
        words=(0, 1),
        options=("mine", "all"),
        examples=("waiting", "waiting mine"),
    ),
    Command(
        verb="claim",
        usage="claim WAIT",
        says="say that you are on it; nobody is reminded of it for a while",
        needs="member",
        words=(1, NAME),
        examples=("claim w17", "claim dana"),
    ),
    Command(
        verb="snooze",
        usage="snooze WAIT WHEN",
        says="have it come up again later",
        needs="member",
        words=(1, 2 * NAME),
        examples=("snooze w17 2h", "snooze dana tomorrow 9am", "snooze w17 monday"),
    ),
    Command(
        verb="answered",
        usage="answered WAIT",
        says="say that it was answered elsewhere, by phone for example",
        needs="member",
        words=(1, NAME),
        examples=("answered w17",),
    ),
    Command(
        verb="dismiss",
        usage="dismiss WAIT",
        says="say that it needs no reply",
        needs="member",
        words=(1, NAME),
        examples=("dismiss w17",),
    ),
    Command(
        verb="reopen",
        usage="reopen WAIT",
        says="put it back on the list: it is still waiting",
        needs="member",
        words=(1, NAME),
        examples=("reopen w17",),
    ),
    Command(
        verb="confirm",
        usage="confirm WAIT",
        says="say that the message the reminder asks about was the answer",
        needs="member",
        words=(1, NAME),
        examples=("confirm w17",),
    ),
    Command(
        verb="not-yet",
        usage="not-yet WAIT",
        says="say that it wasn't the answer",
        needs="member",
        words=(1, NAME),
        examples=("not-yet w17",),
    ),
    Command(
        verb="not-me",
        usage="not-me WAIT",
        says="pass it on; you aren't asked about it again",
        needs="member",
        words=(1, NAME),
        examples=("not-me w17",),
    ),
    Command(
        verb="why",
        usage="why WAIT",
        says="why it counts as waiting, and why it is whose it is",
        needs="member",
        words=(1, NAME),
        examples=("why w17",),
    ),
    Command(
        verb="who",
        usage="who CUSTOMER|WAIT",
        says="who on the team knows this customer",
        needs="member",
        words=(1, NAME),
        examples=("who dana", "who w17"),
    ),
    Command(
        verb="away",
        usage="away [@member] WHEN",
        says="no reminders while you are away; for somebody else: leads only",
        needs="member",
        words=(0, 2 * NAME),
        examples=("away until monday", "away friday", "away 2h", "away tomorrow until 1 December", "away @ben until friday"),
    ),
    Command(
        verb="back",
        usage="back [@member]",
        says="you are here again; for somebody else: leads only",
        needs="member",
        words=(0, NAME),
        examples=("back",),
    ),
    Command(
        verb="dm",
        usage="dm on|off|unset",
        says="have your reminders as direct messages, or not",
        needs="member",
        words=(0, 1),
        options=("on", "off", "unset"),
        examples=("dm on", "dm off"),
    ),
    Command(
        verb="hours",
        usage="hours [TIMES] [DAYS] [ZONE] | unset",
        says="when you work; reminders keep to it",
        needs="member",
        words=(0, 12),
        examples=("hours 9-17 mon-thu Europe/Berlin", "hours 8:00-12:00 13:00-16:30", "hours unset"),
    ),
    Command(
        verb="stats",
        usage="stats [week|month]",
        says="your own figures, and the team's as sums",
        needs="member",
        words=(0, 1),
        options=("week", "month"),
        examples=("stats", "stats month"),
    ),
    Command(
        verb="watch",
        usage="watch CHANNEL mentions|questions|everything|unset",
        says="what counts as waiting in a channel",
        needs="lead",
        words=(1, 2),
        examples=("watch #help questions", "watch #help mentions", "watch #help unset"),
    ),
    Command(
        verb="unwatch",
        usage="unwatch CHANNEL",
        says="stop watching a channel",
        needs="lead",
        words=(1, 2),
        examples=("unwatch #random",),
    ),
    Command(
        verb="preview",
        usage="preview",
        says="before reminders begin: what would have been sent in the last day",
        needs="member",
        words=(0, 0),
        examples=("preview",),
    ),
    Command(
        verb="start",
        usage="start",
        says="let reminders begin",
        needs="lead",
        words=(0, 0),
        examples=("start",),
    ),
    Command(
        verb="digest",
        usage="digest now",
        says="the team's summary as it would read now, for you alone",
        needs="member",
        words=(0, 1),
        options=("now",),
        examples=("digest now",),
    ),
    Command(
        verb="help",
        usage="help [COMMAND]",
        says="this list, or more about one command",
        needs="anyone",
        words=(0, NAME),
        examples=("help", "help snooze"),
    ),
)

COMMANDS = {command.verb: command for command in _TABLE}
"""Every command, in the order help lists them."""

CLICKS = frozenset(
    {"waiting", "claim", "snooze", "answered", "dismiss", "reopen", "confirm", "not-yet", "not-me"}
    | {"why", "who", "back", "dm", "stats", "preview", "start"}
)
"""Verbs that a button may carry."""

_ALSO = {"notme": "not-me", "notyet": "not-yet", "list": "waiting", "?": "help", "commands": "help"}
_SEPARATOR = re.compile(r"[/\s]+")


def parse(text: str) -> Request | Refusal:
    """The request in a line such as "snooze w17 2h". Letter case doesn't count; an empty line asks for help."""
    if len(text) > LONGEST_LINE:
        return Refusal(says=f"That is longer than a command can be ({LONGEST_LINE} characters).", tries=("help",))
    words = "".join(letter if letter.isprintable() else " " for letter in text).split()
    if words and words[0].casefold() in ("realreply", "/realreply", "@realreply"):
        words = words[1:]
    if not words:
        return Request(verb="help")
    command, rest = look_up(words)
    return command if isinstance(command, Refusal) else _checked(command, tuple(rest))


def look_up(words: Sequence[str]) -> tuple[Command | Refusal, Sequence[str]]:
    """The command that `words` (at least one) begin with, and the words after its verb."""
    verb, rest = _verb(words)
    return COMMANDS.get(verb) or _unknown(words[0], verb), rest


def parse_click(code: str) -> Request | Refusal:
    """The request in what a button carries: `verb:argument`, the argument's parts parted by "/" or blanks ("snooze:w17/2h")."""
    verb, argument = keys.split_code(code)
    command = COMMANDS.get(verb.replace("_", "-"))
    if len(code) > MOST_IN_BUTTON or command is None or command.verb not in CLICKS:
        return Refusal(says="This button isn't known here any more. Nothing was changed.", tries=("waiting",))
    printable = "".join(letter if letter.isprintable() else " " for letter in argument)
    return _checked(command, tuple(keys.decoded(word) for word in _SEPARATOR.split(printable) if word))


def _verb(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    verb = words[0].casefold().lstrip("/").replace("_", "-")
    if verb == "not" and len(words) > 1 and words[1].casefold() in ("me", "yet"):
        return f"not-{words[1].casefold()}", words[2:]
    return _ALSO.get(verb, verb), words[1:]


def _unknown(written: str, verb: str) -> Refusal:
    near = get_close_matches(verb[:LONGEST_SHOWN], COMMANDS, n=1, cutoff=0.5)
    near = near or [known for known in COMMANDS if len(verb) >= 2 and known.startswith(verb)][:1]
    if near:
        return Refusal(
            says=f"There is no command {quoted(written)}. Did you mean {near[0]}?", tries=(COMMANDS[near[0]].usage, "help")
        )
    return Refusal(says=f"There is no command {quoted(written)}.", tries=("help",))


def _checked(command: Command, words: tuple[str, ...]) -> Request | Refusal:
    fewest, most = command.words
    if len(words) < fewest:
        return Refusal(says=f"{command.verb} needs to know more: {_missing(command)}.", tries=(command.usage, *command.examples))
    if len(words) > most:
        return Refusal(says=f"That is more than {command.verb} understands.", tries=(command.usage, *command.examples))
    if command.options and words and words[0].casefold() not in command.options:
        options = (
            ", ".join(command.options[:-1]) + " or " + command.options[-1] if len(command.options) > 1 else command.options[0]
        )
        return Refusal(says=f"{command.verb} takes {options}, not {quoted(words[0])}.", tries=command.examples)
    return Request(verb=command.verb, words=tuple(word.casefold() for word in words) if command.options else words)


def _missing(command: Command) -> str:
    if "CHANNEL" in command.usage:
        return "which channel"
    if "CUSTOMER" in command.usage:
        return "which customer"
    return "which wait, by its handle or its customer's name"
