"""The forms behind buttons ("Snooze…"): what they ask, and the request they come back as, the same as the command's.

A button that opens a form carries "form:hours", "form:away" or "form:snooze/w17"; a form comes back as its verb and argument
("snooze:w17") with the values of its inputs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.commands.context import CommandContext
from bot.commands.preferences import AWAY_EXAMPLES, HOURS_EXAMPLES, say_hours
from bot.commands.resolve import handle_in
from bot.commands.table import Request, parse
from bot.domain import keys
from bot.domain.hours import Hours
from bot.domain.refusal import Refusal
from bot.domain.views import Form, Input

OPENS = "form"
"""The verb of a button that opens a form."""

TEXT = "text"
"""The name of each form's one input."""

GONE = Refusal(says="This form isn't known here any more. Nothing was changed.", tries=("waiting mine",))

_EXAMPLES = {
    "hours": HOURS_EXAMPLES,
    "away": AWAY_EXAMPLES,
    "snooze": ("snooze w17 2h", "snooze w17 tomorrow 9am", "snooze w17 monday"),
}
_SAYS_UNTIL = re.compile(r"(?:^|\s)(?:until|till|til|to)\s", re.IGNORECASE)


def form(code: str, ctx: CommandContext) -> Form | None:
    """The form that a button opens. None when no button carries this, or its wait is over. Titles fit into 24 characters and
    labels into 45 (Slack's and Discord's limits)."""
    verb, argument = keys.split_code(code)
    if verb != OPENS or ctx.is_a == "anyone":
        return None
    if argument == "hours":
        asks = Input(TEXT, "Times, days, zone (9-17 mon-thu)", _as_typed(ctx.hours_of(ctx.who)))
        return Form("Your hours", "hours", "", (asks,))
    if argument == "away":
        return Form("Away", "away", "", (Input(TEXT, "Until when? (monday, 3 days, 1 December)"),))
    what, *handle = keys.split_argument(argument) or ("",)
    listed = ctx.by_handle(handle_in(*handle) or "") if what == "snooze" and len(handle) == 1 else None
    if listed is None or not listed.wait.open:
        return None
    return Form("Snooze until", "snooze", listed.handle, (Input(TEXT, "Until when? (2h, tomorrow 9am, monday)"),))


def _as_typed(hours: Hours) -> str:
    """Hours as the command takes them; nothing where days differ, which one line can't say."""
    return say_hours(hours) if len({day for day in hours.week if day}) == 1 else ""


def filled(code: str, values: Mapping[str, str]) -> Request | Refusal:
    """The request in a form that was sent: `code` is its "verb:argument", `values` are by the inputs' names."""
    verb, argument = keys.split_code(code)
    handle = handle_in(argument)
    if verb not in _EXAMPLES or (handle is None if verb == "snooze" else bool(argument)):
        return GONE
    text = values.get(TEXT, "").strip()
    if not text:
        return Refusal(says="Which hours?" if verb == "hours" else "Until when?", tries=_EXAMPLES[verb])
    if text.startswith(("@", "<@")):
        return Refusal(says="This form is for yourself alone.", tries=_EXAMPLES[verb])
    if verb == "away" and not _SAYS_UNTIL.search(text):
        text = f"until {text}"
    return parse(f"{verb} {handle} {text}" if handle is not None else f"{verb} {text}")
