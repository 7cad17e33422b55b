"""The forms behind buttons ("Snooze…"): what they ask, and the request they come back as, each input by the param it is for.

A button that opens a form carries "form:hours", "form:away" or "form:snooze/w17"; a form comes back as its verb and argument
("snooze:w17") with the values of its inputs. Which commands have a form, and what it asks, is in their params. One that was
opened from a list comes back with its page, too.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands.arguments import missing, too_much, words_in
from bot.commands.command import Command, Request
from bot.commands.context import CommandContext
from bot.commands.inputs import answers_at, given_in, inputs_of
from bot.commands.parse import LONGEST_LINE, TOO_LONG
from bot.commands.resolve import handle_in
from bot.commands.responses import PrivateSpeech
from bot.commands.table import COMMANDS
from bot.domain import keys
from bot.domain.durations import Instant
from bot.domain.params import WAIT
from bot.domain.refusal import Refusal
from bot.domain.views import OPENS, Form, View
from bot.wording.lists import listed_code, out_of_list

TEXT = "text"
"""The name of a value that stands for all of a form: one line of words, as typed after the command. For platforms that have no
elements for what is asked."""

GONE = Refusal(says="This form isn't known here any more. Nothing was changed.", tries=("waiting mine",))


def form(code: str, ctx: CommandContext) -> Form | None:
    """The form that a button opens. None when no button carries this, or its wait is over."""
    place, code = out_of_list(code)
    verb, argument = keys.split_code(code)
    what, *rest = keys.split_argument(argument) or ("",)
    handle = rest[0] if len(rest) == 1 else ""
    command = COMMANDS.get(what)
    param = None if command is None else command.asked_by_form
    if verb != OPENS or ctx.is_a == "anyone" or command is None or param is None or param.form is None:
        return None
    keeps_text = True
    if WAIT in command.params:
        listed = ctx.by_handle(handle_in(handle) or "")
        if listed is None or not listed.wait.open:
            return None
        handle, keeps_text = listed.handle, ctx.snapshot.lookups.preferences.rules_of(listed.wait.channel).keep_text
    elif rest:
        return None
    comes_back = keys.code(command.name, handle) if place is None else listed_code(keys.code(command.name, handle), place)
    return Form(param.form.title, *keys.split_code(comes_back), inputs_of(command, ctx, keeps_text=keeps_text))


def over(code: str, ctx: CommandContext, now: Instant) -> View | None:
    """That the wait is over which the form of this button is about, and how it ended; None where it isn't, or there is none."""
    _, argument = keys.split_code(out_of_list(code)[1])
    what, *rest = keys.split_argument(argument) or ("",)
    command = COMMANDS.get(what)
    if command is None or WAIT not in command.params or len(rest) != 1 or ctx.is_a == "anyone":
        return None
    listed = ctx.by_handle(handle_in(rest[0]) or "")
    if listed is None or listed.wait.open:
        return None
    return PrivateSpeech(ctx=ctx, now=now, handle=listed.handle).over(listed.wait)


def main_input(code: str, values: Mapping[str, str]) -> str:
    """The input of a form that was sent at which a refusal is shown that says nothing of where it belongs."""
    command = COMMANDS.get(keys.split_code(code)[0])
    return "" if command is None else answers_at(command, values)


def filled(code: str, values: Mapping[str, str], ctx: CommandContext) -> Request | Refusal:
    """The request in a form that was sent: `code` is its "verb:argument", `values` are by the inputs' names."""
    verb, argument = keys.split_code(code)
    command = COMMANDS.get(verb)
    param = None if command is None else command.asked_by_form
    handle = handle_in(argument)
    if command is None or param is None or (handle is None if WAIT in command.params else bool(argument)):
        return GONE
    if sum(map(len, values.values())) > LONGEST_LINE:
        return TOO_LONG
    about = {} if handle is None else {WAIT.name: handle}
    if TEXT in values:
        return _in_words(command, values[TEXT].strip(), about)
    given = given_in(command, values, ctx)
    return given if isinstance(given, Refusal) else Request(verb=command.name, given={**about, **given})


def _in_words(command: Command, text: str, about: Mapping[str, str]) -> Request | Refusal:
    """The request in a form that was filled in as one line."""
    param = command.asked_by_form
    assert param is not None
    said = " ".join((command.name, *about.values()))
    if not text:
        return missing(command, param, said)
    if text.startswith("@") and param.kind != "member":
        return Refusal(says="This form is for yourself alone.", tries=missing(command, param, said).tries)
    if sum(each.form is not None for each in command.params) > 1:
        return Request(verb=command.name, words=(*about.values(), *words_in(text)))
    given = {param.name: command.from_form(text)}
    if len(words_in(given[param.name])) > param.most_words:
        return too_much(command)
    return Request(verb=command.name, given={**about, **given})
