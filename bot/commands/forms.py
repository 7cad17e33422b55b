"""The forms behind buttons ("Snooze…"): what they ask, and the request they come back as, each input by the param it is for.

A button that opens a form carries "form:hours", "form:away" or "form:snooze/w17"; a form comes back as its verb and argument
("snooze:w17") with the values of its inputs. Which commands have a form, and what it asks, is in their params.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands.arguments import missing, too_much, words_in
from bot.commands.command import Command, Request
from bot.commands.context import CommandContext
from bot.commands.parse import LONGEST_LINE, TOO_LONG
from bot.commands.resolve import handle_in
from bot.commands.table import COMMANDS
from bot.domain import keys
from bot.domain.params import WAIT, Param
from bot.domain.refusal import Refusal
from bot.domain.views import Form, Input

OPENS = "form"
"""The verb of a button that opens a form."""

TEXT = "text"
"""The name of each form's first input."""

GONE = Refusal(says="This form isn't known here any more. Nothing was changed.", tries=("waiting mine",))


def form(code: str, ctx: CommandContext) -> Form | None:
    """The form that a button opens. None when no button carries this, or its wait is over."""
    verb, argument = keys.split_code(code)
    what, *rest = keys.split_argument(argument) or ("",)
    handle = rest[0] if len(rest) == 1 else ""
    command = COMMANDS.get(what)
    param = None if command is None else command.asked_by_form
    if verb != OPENS or ctx.is_a == "anyone" or command is None or param is None or param.form is None:
        return None
    if WAIT in command.params:
        listed = ctx.by_handle(handle_in(handle) or "")
        if listed is None or not listed.wait.open:
            return None
        handle = listed.handle
    elif rest:
        return None
    inputs = [Input(TEXT, param.form.label, command.filled_in(ctx))]
    inputs += [Input(also.name, also.form.label, required=False) for also in _also(command) if also.form is not None]
    return Form(param.form.title, command.name, handle, tuple(inputs))


def _also(command: Command) -> tuple[Param, ...]:
    """What a form asks besides: it may be left out."""
    return tuple(param for param in command.params if param.form is not None and param is not command.asked_by_form)


def filled(code: str, values: Mapping[str, str]) -> Request | Refusal:
    """The request in a form that was sent: `code` is its "verb:argument", `values` are by the inputs' names."""
    verb, argument = keys.split_code(code)
    command = COMMANDS.get(verb)
    param = None if command is None else command.asked_by_form
    handle = handle_in(argument)
    if command is None or param is None or (handle is None if WAIT in command.params else bool(argument)):
        return GONE
    text = values.get(TEXT, "").strip()
    said = command.name if handle is None else f"{command.name} {handle}"
    if not text:
        return missing(command, param, said)
    if text.startswith("@") and param.kind != "member":
        return Refusal(says="This form is for yourself alone.", tries=missing(command, param, said).tries)
    given = {param.name: command.from_form(text)}
    given |= {also.name: said for also in _also(command) if (said := values.get(also.name, "").strip())}
    if any(len(value) > LONGEST_LINE for value in given.values()):
        return TOO_LONG
    if any(len(words_in(given[asked.name])) > asked.most_words for asked in command.params if asked.name in given):
        return too_much(command)
    return Request(verb=command.name, given=given if handle is None else {WAIT.name: handle, **given})
