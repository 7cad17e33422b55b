"""The question to who pointed a customer elsewhere: will they close the loop where it was asked? For them alone: that they
pointed somebody elsewhere is nobody else's business, and often right."""

from __future__ import annotations

from typing import Final

from bot.domain import keys
from bot.domain.views import Button, Buttons, Link, Node, Plain, Quote, SmallPrint, Spans, Text, Timestamp, View
from bot.domain.waits import Hold, Wait
from bot.waits import holds
from bot.wording.phrases import channel, customer_name, gist, people
from bot.wording.reminder import ReminderFacts

ASKS: Final = "Will you close the loop there?"

_WHY: Final = (
    "To whoever reads along it is an open question. Private data (invoices, tokens, health) belongs in private: say so, "
    "and it is off the list."
)


def is_asked(wait: Wait, reader: str) -> bool:
    """Whether a wait is quiet because its reader pointed the customer elsewhere."""
    return wait.hold is not None and holds.leaves_open(wait.hold) and wait.hold.by == reader


def answers(handle: str) -> tuple[Button, Button, Button]:
    """What they may say to it."""
    post = Button("I'll post the outcome", "close_loop", keys.argument(handle, "post"), "primary")
    private = Button("It's private data", "close_loop", keys.argument(handle, "private"))
    return post, private, Button("That was enough", "close_loop", keys.argument(handle, "enough"))


def question(facts: ReminderFacts) -> View:
    """The question in a message of its own. Raises ValueError where nothing of the kind holds the wait."""
    nodes: list[Node] = [Text(_asked(facts, _hold(facts.wait)))]
    asked = gist(facts.texts)
    if asked:
        nodes.append(Quote(asked))
    if facts.link is not None:
        nodes.append(Text((Link(facts.link, "Open the message" if asked else "Read the message"),)))
    nodes.append(SmallPrint((Plain(_WHY),)))
    nodes.append(Buttons(answers(facts.handle), (Button("Why?", "why", facts.handle),)))
    return View(nodes=tuple(nodes), fallback=_gist(facts), addressed=facts.to)


def line(facts: ReminderFacts) -> View:
    """The question where the wait stands in a post already. Raises ValueError where nothing of the kind holds the wait."""
    nodes = (Text(_asked(facts, _hold(facts.wait))), Buttons(answers(facts.handle)))
    return View(nodes=nodes, fallback=_gist(facts), addressed=facts.to)


def _asked(facts: ReminderFacts, hold: Hold) -> Spans:
    call: Spans = (*people(facts.to, ping=facts.to), Plain(", ")) if facts.to else ()
    named = customer_name(facts.wait.customer, facts.company)
    where = Plain(f" elsewhere in {channel(facts.channel_name)}, ")
    until: Spans = (Plain(". Nobody is reminded of it before "), Timestamp(hold.until))
    return (*call, Plain("you pointed "), *named, where, Timestamp(hold.since), *until, Plain(f". {ASKS}"))


def _gist(facts: ReminderFacts) -> str:
    return f"{facts.customer_name or 'A customer'} was pointed elsewhere in {channel(facts.channel_name)}. {ASKS}"


def _hold(wait: Wait) -> Hold:
    if wait.hold is None or not holds.leaves_open(wait.hold):
        raise ValueError(f"wait {wait.id} isn't quiet because its customer was pointed elsewhere")
    return wait.hold


def told(whom: tuple[str, ...]) -> Spans:
    """How `why` tells that they were asked."""
    return (Plain("Asked "), *(people(whom) if whom else (Plain("the team"),)), Plain(" whether they close the loop"))
