"""A form filled in by one typed line: words for all of it, or "name = value" for one input after another."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.local.render import short_name
from bot.commands.forms import TEXT
from bot.domain.refusal import Refusal, quoted
from bot.domain.views import Form, Input


def values_in(form: Form, text: str) -> Mapping[str, str] | Refusal:
    """The values of a form's inputs by their names. Of one that isn't named what stands there is kept. A line without "=" is all
    of the form, in the words of its command."""
    if "=" not in text:
        return {TEXT: text}
    inputs = {short_name(asked).casefold(): asked for asked in form.inputs}
    values = {asked.name: asked.value for asked in form.inputs}
    for part in filter(str.strip, text.split(";")):
        name, _, value = part.partition("=")
        asked = inputs.get(name.strip().casefold())
        if asked is None:
            known = "; ".join(f"{known} = …" for known in inputs)
            return Refusal(says=f"The form has no {quoted(name.strip())}. It takes: {known}")
        values[asked.name] = _chosen(asked, value.strip())
    return values


def _chosen(asked: Input, said: str) -> str:
    """The option that was named; what names none is passed on as it is."""
    wanted = said.casefold()
    return next((value for label, value in asked.options if wanted in (label.casefold(), value.casefold())), said)
