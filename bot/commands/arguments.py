"""What a command was given: a request read as the command's params say, where it is known who and what there is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.commands.command import Arguments, Command, Request
from bot.commands.context import CommandContext
from bot.commands.resolve import find_channel, find_customer, find_member, find_wait, handle_in
from bot.domain.durations import Instant
from bot.domain.params import MOST_WORDS, WHICH, Kind, Param
from bot.domain.refusal import Refusal, quoted
from bot.domain.tags import tagged
from bot.language.times.bounds import without_beginning
from bot.language.times.input import EXAMPLES as TIMES
from bot.language.times.leading_time import PARTS, LeadingTime, leading_time

MOST_TRIES = 3
"""Options that are offered instead of a word that is none: enough to see how it is written."""

_PARTS = ",;:-\u2013\u2014"
"""What parts a command from a name before it."""

_JOINS = ("and", "&", "+", ",", "or")
"""What stands between two names."""

_AROUND = {"`": "`", "*": "*", "_": "_", "~": "~", '"': '"', "'": "'", "\u201c": "\u201d", "\u201e": "\u201c", "\u2018": "\u2019"}
"""What sets a command off from a sentence around it: its beginning and its end."""

_ENDS = ".!?\u2026\u3002\uff01\uff1f"
"""What ends a sentence."""

_DATE = re.compile(r"(?<!\S)\d+(?:\.\d+)*\.$")
"""A date that ends in a full stop of its own: "31.3."."""

_TAKEN: dict[Kind, str] = {"wait": "a wait", "member": "a member", "channel": "a channel"}


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text; what can't be printed parts them, too."""
    return tuple("".join(letter if letter.isprintable() else " " for letter in text).split())


def bare(text: str) -> str:
    """A line without what people put around a command: what parts it from a name before it, marks that set it off (quotes, code,
    bold), and the sign at the end of a sentence."""
    line = text.strip().lstrip(_PARTS).strip()
    while line and line[0] in _AROUND:
        closing = _AROUND[line[0]]
        if closing not in line[1:]:
            break
        line = line[1:].replace(closing, " ", 1).strip()
    ended = line.rstrip(_ENDS).rstrip()
    return line if not ended or _DATE.search(line) is not None else ended  # "?" alone asks for help


def read(command: Command, request: Request, ctx: CommandContext, now: Instant) -> tuple[Arguments, Refusal | None]:
    """What a command was given, as far as it could be read, and why no further. Params that weren't given by their names are read
    from the words, one after the other."""
    so_far, words = Arguments(said=command.name), request.words
    for place, param in enumerate(command.params):
        by_name = param.name in request.given
        source = words_in(request.given[param.name]) if by_name else words
        if not source and not param.required:
            continue
        found = _one(command, param, source, so_far, ctx, now, last=by_name or place == len(command.params) - 1)
        if isinstance(found, Refusal):
            return so_far, found
        so_far, rest = found
        if by_name and rest:
            return so_far, _unexpected(command, rest, so_far)
        words = words if by_name else rest
    return so_far, _unexpected(command, words, so_far) if words else None


def missing(command: Command, param: Param, said: str) -> Refusal:
    """What a command needs to know and wasn't told; `said` is the command as far as it was understood."""
    if param.question:
        return Refusal(says=param.question, tries=tuple(f"{said} {example}" for example in param.examples))
    return Refusal(says=f"{command.name} needs to know more: {WHICH[param.kind]}.", tries=(command.usage, *command.examples))


def too_much(command: Command) -> Refusal:
    """More words than a command could make anything of."""
    return Refusal(says=f"That is more than {command.name} understands.", tries=(command.usage, *command.examples))


def _unexpected(command: Command, words: Sequence[str], so_far: Arguments) -> Refusal:
    """What follows what a command takes was meant for something else: "dismiss dana tomorrow"."""
    what = _TAKEN.get(command.params[0].kind, "one word") if command.params else "nothing more"
    return Refusal(says=f"{command.name} takes only {what}; what is {quoted(' '.join(words))}?", tries=(so_far.said,))


_Found = tuple[Arguments, tuple[str, ...]] | Refusal
"""What was read so far, and the words that are left; or why it couldn't be read."""


def _one(
    command: Command, param: Param, words: tuple[str, ...], so_far: Arguments, ctx: CommandContext, now: Instant, *, last: bool
) -> _Found:
    """Read one param from the beginning of `words`. `last`: nothing else is to be read from them."""
    if not words:
        return missing(command, param, so_far.said)
    match param.kind:
        case "wait":
            found = find_wait(words, ctx)
            if isinstance(found, Refusal):
                return _as_commands(found, so_far.said)
            return replace(so_far, wait=found.listed, said=f"{so_far.said} {found.listed.handle}"), found.rest
        case "customer":
            customer = find_customer(words, ctx, now)
            return (
                _as_commands(customer, so_far.said) if isinstance(customer, Refusal) else (replace(so_far, customer=customer), ())
            )
        case "member":
            if param.required and len(words) > 1 and words[0].casefold() == "to":  # "assign w17 to @ben"
                words = words[1:]
            return _member(param, words, so_far, ctx, last=last or param.required)
        case "channel":
            return _channel(command, param, words, so_far, ctx, last=last)
        case "when":
            return _when(param, words, so_far, ctx, last=last)
        case "choice":
            if not param.required and words[0].isdecimal() and any(other.kind == "number" for other in command.params):
                return so_far, words
            return _choice(command, param, words, so_far)
        case "number":
            return (replace(so_far, number=int(words[0])), words[1:]) if words[0].isdecimal() else (so_far, words)
        case "text":
            return replace(so_far, text=" ".join(words)), ()


def _as_commands(refused: Refusal, said: str) -> Refusal:
    """The refusal with each thing to try as a whole command: where several waits may be meant, their handles alone are known."""
    return replace(refused, tries=tuple(f"{said} {one}" if handle_in(one) is not None else one for one in refused.tries))


def _member(param: Param, words: tuple[str, ...], so_far: Arguments, ctx: CommandContext, *, last: bool) -> _Found:
    """A member, in as many words as name one. Where more may follow, only "@" tells a name from that."""
    if not words[0].startswith("@"):
        if not last:
            return so_far, words
        words = (f"@{words[0]}", *words[1:])
    member: str | Refusal = ctx.who
    length = 1
    for length in range(min(3, len(words)), 0, -1):
        name = " ".join(words[:length]).rstrip(_PARTS)
        member = ctx.who if name.casefold() == "@me" else find_member(name, ctx)
        if isinstance(member, str):
            break
    if isinstance(member, Refusal):
        return member
    several = _several(words[length:], so_far, member, ctx) if param.required else None
    if several is not None:
        return several
    written = words[:length] if tagged(words[0]) is None else (f"@{ctx.name(member)}",)
    return replace(so_far, member=member, said=" ".join((so_far.said, *written))), words[length:]


def _several(words: tuple[str, ...], so_far: Arguments, member: str, ctx: CommandContext) -> Refusal | None:
    """Why not, where another member is named right after the first ("assign w3 @ana @ben", "... ana and ben"): it can be for
    one alone. None where nobody is."""
    left = words[1:] if words and words[0].casefold() in _JOINS else words
    if not left or not (left[0].startswith("@") or len(left) == 1):
        return None
    for length in range(min(3, len(left)), 0, -1):
        other = find_member(" ".join(left[:length]).rstrip(_PARTS), ctx)
        if isinstance(other, str) and other != member:
            names = (ctx.name(member), ctx.name(other))
            says = f"It can be for one of them alone: {names[0]} or {names[1]}?"
            return Refusal(says=says, tries=tuple(f"{so_far.said} @{name}" for name in names))
    return None


def _channel(
    command: Command, param: Param, words: tuple[str, ...], so_far: Arguments, ctx: CommandContext, *, last: bool
) -> _Found:
    """A channel. One that may be left out stands anywhere by its "#"; without that the word may be what follows."""
    place, may_be_other = 0, False
    if not param.required:
        place = next((at for at, word in enumerate(words) if word.startswith("#")), 0)
        options = {option for other in command.params for option in other.options}
        if words[place].casefold() in options:
            return so_far, words
        may_be_other = not last and not words[place].startswith("#")
    channel = find_channel(words[place], ctx)
    if isinstance(channel, Refusal):
        return (so_far, words) if may_be_other else channel
    rest = (*words[:place], *words[place + 1 :])
    return replace(so_far, channel=channel, said=f"{so_far.said} #{ctx.channel_name(channel)}"), rest


def _when(param: Param, words: tuple[str, ...], so_far: Arguments, ctx: CommandContext, *, last: bool) -> _Found:
    """A time; where more may follow, in as many words as tell something of it, and what is left of the words is that. It is one
    up to which something lasts from now on: "from friday" isn't."""
    begins = without_beginning(" ".join(words[: MOST_WORDS["when"]]))
    if begins is not None:
        until = leading_time(tuple(begins.split()), MOST_WORDS["when"], ctx.read_when)
        tries = TIMES if isinstance(until, Refusal) else (f"until {begins.removesuffix(' '.join(until.rest)).strip()}",)
        says = "That begins later, and this holds from now on. Until when?"
        return Refusal(says=says, tries=tuple(f"{so_far.said} {one}" for one in tries))
    if last:
        text = " ".join(words[: MOST_WORDS["when"]])
        moment = ctx.read_when(text.rstrip(PARTS))
        found = moment if isinstance(moment, Refusal) else LeadingTime(moment=moment, rest=words[MOST_WORDS["when"] :])
    else:
        found = leading_time(words, MOST_WORDS["when"], ctx.read_when)
    if not isinstance(found, Refusal):
        if not (len(found.rest) == 1 and any(map(str.isdigit, found.rest[0]))):  # "tomorrow 99am" is no time with a reason
            return replace(so_far, when=found.moment), found.rest
        found = Refusal(says=f"I don't understand {quoted(' '.join(words))} as a time.")
    if found.wrong_time == "too_far" and param.too_far:
        found = replace(found, says=param.too_far)
    taken = [time for time in found.tries or TIMES if _is_ahead(time, param, ctx)] or TIMES[:2]
    return replace(found, tries=tuple(f"{so_far.said} {time}" for time in taken))


def _is_ahead(time: str, param: Param, ctx: CommandContext) -> bool:
    read = ctx.read_when(time)
    return not isinstance(read, Refusal) and read.at <= ctx.now + param.furthest


def _choice(command: Command, param: Param, words: tuple[str, ...], so_far: Arguments) -> _Found:
    word = words[0].casefold()
    if word in param.options and (not param.hidden or len(words) == 1):
        return replace(so_far, choice=word), words[1:]
    if param.hidden:
        return so_far, words
    *others, final = param.options
    options = f"{', '.join(others)} or {final}" if others else final
    says = param.wrong.format(quoted(words[0])) or f"{command.name} takes {options}, not {quoted(words[0])}."
    if param is command.params[0]:
        return Refusal(says=says, tries=command.examples)
    return Refusal(says=says, tries=tuple(f"{so_far.said} {option}" for option in param.options[:MOST_TRIES]))
