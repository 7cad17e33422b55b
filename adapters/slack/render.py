"""Views as Slack shows them. Pure: the same view gives the same blocks. Escaping and Slack's limits live here and in the modules
below it (blocks: nodes, spans: spans, texts: text), and nowhere else.

Paragraphs and quotes are `rich_text` blocks, not `section`s of mrkdwn, for what people write must stay what it is. mrkdwn has no
escape for `*`, `_`, `~`, the backtick and a leading `>`, makes links of bare addresses and emoji of `:smile:`; an element of rich
text holds its text as it is, styles stand beside it, and a quote can't be left by what is quoted. Calls, links and dates are
elements of their own, so that nothing in a text can become one. It is what Slack's own composer sends, and it is taken in
messages, modals and the Home (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block). Where Slack takes only mrkdwn
(small print, fields), look-alikes stand for markup and `verbatim` keeps addresses from becoming links.

Who is notified: a `user` element for each addressed member, once, where a span with `ping` names them; everybody else is a name.
The fallback text calls nobody: it is what a notification shows, and Slack notifies for what the blocks say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from adapters.slack.blocks import Page
from adapters.slack.elements import filled_in
from adapters.slack.spans import Json
from adapters.slack.texts import as_mrkdwn, escaped_units, literal
from bot.domain import keys
from bot.domain.views import Form, Heading, Plain, Text, View
from bot.domain.visible import clean, is_blank, shorten, units

MOST_BLOCKS = 50
"""Blocks of a message (https://docs.slack.dev/reference/block-kit/blocks)."""

MOST_IN_VIEW = 100
"""Blocks of a modal or the Home (https://docs.slack.dev/reference/views)."""

LONGEST_MESSAGE = 12_000
"""What a message's blocks may weigh together, see `blocks.weight`."""

LONGEST_VIEW = 60_000
"""The same for a modal or the Home: they take 250 kB in all, of which most is JSON around the texts."""

LONGEST_FALLBACK = 3_000
LONGEST_TITLE = 24
LONGEST_METADATA = 3_000
LONGEST_CALLBACK = 255

NAME = "realreply"
"""The title of a modal whose heading is too long for one."""

FORM = "form:"
"""What the callback_id of a form begins with; its code follows."""

SHOWN = "shown"
"""The callback_id of a modal that only shows something."""

_CODE = re.compile(r"[^:\s]+:.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message: `text` is for notifications and screen readers, escaped and never empty; `blocks` are what is seen."""

    text: str
    blocks: list[dict[str, object]]


def render_message(view: View, *, name_of: Callable[[str], str]) -> Rendered:
    """The view as a message. `name_of` gives what a person is called, by id. A form is shown; to fill it in takes a modal.

    Raises ValueError for a menu's `verb:argument` that Slack can't carry, and for an instant that is no date.
    """
    blocks = _blocks(view, name_of=name_of, most=MOST_BLOCKS, longest=LONGEST_MESSAGE)
    return Rendered(text=_fallback(view), blocks=blocks)


def render_home(view: View, *, name_of: Callable[[str], str]) -> dict[str, object]:
    """The view as somebody's App Home, for views.publish. Raises as render_message does."""
    return {"type": "home", "blocks": _blocks(view, name_of=name_of, most=MOST_IN_VIEW, longest=LONGEST_VIEW)}


def render_modal(view: View | Form, *, name_of: Callable[[str], str], private_metadata: str = "") -> dict[str, object]:
    """A form, or a view, as a modal for views.open. A view with a form in it is a form with something around it.

    `private_metadata` comes back with what is sent; at most 3,000 characters. Raises ValueError
    when it is longer, when the view holds several forms, and as render_message does.
    """
    if units(private_metadata) > LONGEST_METADATA:
        raise ValueError(f"private_metadata takes at most {LONGEST_METADATA} characters, not {units(private_metadata)}")
    shown = View(nodes=(view,), fallback=view.title if view.title.strip() else NAME) if isinstance(view, Form) else view
    forms = [node for node in shown.nodes if isinstance(node, Form) and node.inputs]
    if len(forms) > 1:
        raise ValueError(f"a modal holds one form, not {len(forms)}")
    title, shown = _titled(shown, forms)
    modal: Json = {
        "type": "modal",
        "callback_id": _callback(forms[0]) if forms else SHOWN,
        "title": _plain(title),
        "close": _plain("Cancel" if forms else "Close"),
        "blocks": _blocks(shown, name_of=name_of, most=MOST_IN_VIEW, longest=LONGEST_VIEW, inputs=True),
    }
    if forms:
        modal["submit"] = _plain("Save")
    if private_metadata:
        modal["private_metadata"] = private_metadata
    return modal


def code_of(action: Mapping[str, object]) -> str:
    """The `verb:argument` of one of a block_actions payload's `actions`; empty when it isn't one of ours."""
    if not str(action.get("action_id", "")).startswith("act:"):
        return ""
    chosen = action.get("selected_option")
    value = chosen.get("value") if isinstance(chosen, Mapping) else action.get("value")
    return value if isinstance(value, str) and _CODE.fullmatch(value) else ""


def form_of(view: Mapping[str, object]) -> tuple[str, dict[str, str]]:
    """The `verb:argument` of a sent form and its inputs' values by name: from the `view` of a view_submission payload.

    ("", {}) when it isn't a form of ours. An input that was left empty is "".
    """
    callback = view.get("callback_id")
    if not isinstance(callback, str) or not callback.startswith(FORM):
        return "", {}
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    said: dict[str, str] = {}
    for inputs in values.values() if isinstance(values, Mapping) else ():
        for action_id, given in inputs.items() if isinstance(inputs, Mapping) else ():
            kind, _, name = str(action_id).partition(":")
            if kind == "in" and isinstance(given, Mapping):
                said[name.partition(":")[2]] = filled_in(given)
    return callback.removeprefix(FORM), said


def name_of_input(block: Mapping[str, object]) -> str:
    """The name of the input that a block of a form is."""
    element = block.get("element")
    action = str(element.get("action_id", "")) if isinstance(element, Mapping) else ""
    return action.partition(":")[2].partition(":")[2]


def _blocks(view: View, *, name_of: Callable[[str], str], most: int, longest: int, inputs: bool = False) -> list[Json]:
    """The blocks of a view; the fallback where it has nothing to see, because no surface may be empty."""
    blocks = Page(view, name_of=name_of, inputs=inputs).blocks(most, longest)
    if blocks:
        return blocks
    gist = View(nodes=(Text((Plain(_gist(view)),)),), fallback=NAME)
    return Page(gist, name_of=name_of).blocks(most, longest)


def _gist(view: View) -> str:
    said = clean(view.fallback).strip()
    return NAME if is_blank(said) else said


def _fallback(view: View) -> str:
    return as_mrkdwn(shorten(_gist(view), LONGEST_FALLBACK, size=escaped_units))


def _titled(view: View, forms: list[Form]) -> tuple[str, View]:
    """A modal's title, and what is left to show: a heading that became the title isn't said twice."""
    first = view.nodes[0]
    named = literal(clean(forms[0].title if forms else first.text if isinstance(first, Heading) else "").strip())
    if is_blank(named):
        return NAME, view
    if forms:
        return shorten(named, LONGEST_TITLE), view
    if units(named) > LONGEST_TITLE or len(view.nodes) == 1:
        return NAME, view
    return named, View(nodes=view.nodes[1:], fallback=view.fallback, addressed=view.addressed)


def _callback(form: Form) -> str:
    callback = FORM + keys.code(form.verb, form.argument)
    if units(callback) > LONGEST_CALLBACK:
        raise ValueError(f"a form carries at most {LONGEST_CALLBACK - len(FORM)} characters: {callback[len(FORM) :][:40]}...")
    return callback


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}
