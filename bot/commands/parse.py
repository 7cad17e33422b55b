"""How a line of text or a clicked button becomes a request. Pure: words in, a value out; who and what they name is looked up when
the request is answered."""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands.arguments import bare, missing, too_much, words_in
from bot.commands.command import Command, Request
from bot.commands.table import COMMANDS, look_up
from bot.domain import keys
from bot.domain.refusal import Refusal
from bot.domain.views import MOST_IN_BUTTON

LONGEST_LINE = 300
"""Characters of a command. The longest sensible one has a name and two times, far below this."""


def _too_long(longest: int) -> Refusal:
    return Refusal(says=f"That is longer than a command can be ({longest:,} characters).", tries=("help",))


TOO_LONG = _too_long(LONGEST_LINE)

LONGEST_OF_ALL = max(param.longest for command in COMMANDS.values() for param in command.params) + LONGEST_LINE
"""Characters that any command may have."""


def parse(text: str) -> Request | Refusal:
    """The request in a line such as "snooze w17 2h". Letter case doesn't count; an empty line asks who is
    waiting."""
    if len(text) > LONGEST_OF_ALL:
        return _too_long(LONGEST_OF_ALL)
    words = words_in(bare(text))
    if words and words[0].casefold().rstrip(":,") in ("realreply", "/realreply", "@realreply"):
        words = words_in(bare(" ".join(words[1:])))
    if not words:
        return Request(verb="waiting")
    command, rest = look_up(words)
    if len(text) > (longest := _longest(command)):
        return _too_long(longest)
    return command if isinstance(command, Refusal) else _request(command, tuple(rest))


def asked(command: str, given: Mapping[str, str]) -> Request | Refusal:
    """The request in a command by its name and what was given for its params, each by itself."""
    row, _ = look_up([command or "?"])
    if isinstance(row, Refusal):
        return row
    if sum(map(len, given.values())) > (longest := _longest(row)):
        return _too_long(longest)
    known = {param.name for param in row.params}
    return Request(verb=row.name, given={name: said for name, said in given.items() if name in known and said.strip()})


def parse_click(code: str) -> Request | Refusal:
    """The request in what a button carries: `verb:argument`, the argument's parts parted by "/" or blanks ("snooze:w17/2h")."""
    verb, argument = keys.split_code(code)
    command = COMMANDS.get(verb.replace("_", "-"))
    if len(code) > MOST_IN_BUTTON or command is None or not command.button:
        return Refusal(says="This button isn't known here any more. Nothing was changed.", tries=("waiting",))
    return _request(command, tuple(keys.decoded(word) for word in words_in(argument.replace("/", " "))))


def _longest(command: Command | Refusal) -> int:
    """Characters that a line with this command may have."""
    if isinstance(command, Refusal):
        return LONGEST_LINE
    return LONGEST_LINE + max((param.longest for param in command.params), default=0)


def _request(command: Command, words: tuple[str, ...]) -> Request | Refusal:
    if not words and command.params and command.params[0].required:
        return missing(command, command.params[0], command.name)
    return too_much(command) if len(words) > command.most_words else Request(verb=command.name, words=words)
