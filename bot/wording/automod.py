"""The filter of a platform's own that a lead may have made: what it would do, and that it is made. Shown before it is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.keys import encoded
from bot.domain.value import value
from bot.domain.views import Button, Buttons, Divider, Fields, Heading, Node, Plain, SmallPrint, Text, View
from bot.wording.phrases import channel, count

HEAD = "Against “DM me”"

WHY = (
    "Who poses as the team often writes “DM me” to a customer in need. Discord's AutoMod can look for that before anybody reads "
    "it. I can make the rule, if you want it."
)

UNSEEN = "AutoMod looks at what is written in the server's channels, never at direct messages."

MOST_WORDS_SHOWN = 12

AUTOMOD = "automod"
ALERT, BLOCK = "alert", "block"
"""What is done with what it finds."""


@value
class FilterFacts:
    """What could be made on a server, by the id that a button carries. `alerts` is the channel in which it would show what it
    finds, "" where that can't be; `obstacle`: why it can't be made; `existing`: the name of the one that is there."""

    id: str
    server: str
    name: str
    exempt: tuple[str, ...]
    alerts: str
    obstacle: str = ""
    existing: str | None = None


def proposed(found: Sequence[FilterFacts], words: Sequence[str]) -> View:
    """The preview, of all servers: a button makes it on one of them."""
    if not found:
        says = "I am in no server where I could make a rule."
        return View(nodes=(Text((Plain(says),)),), fallback=says, refused=True)
    shown = ", ".join(f"“{word}”" for word in words[:MOST_WORDS_SHOWN])
    nodes: list[Node] = [
        Heading(HEAD),
        Text((Plain(WHY),)),
        SmallPrint((Plain(f"It looks for {count(len(words), 'phrase')} in all languages I read: {shown}, ..."),)),
        SmallPrint((Plain(UNSEEN),)),
    ]
    for one in found:
        nodes += [Divider(), *_of_server(one)]
    return View(nodes=tuple(nodes), fallback=f"{HEAD}: a rule for AutoMod")


def made(facts: FilterFacts, *, blocks: bool) -> View:
    """What came of making it."""
    if facts.obstacle or facts.existing is None:
        says = f"I couldn't make the rule in {facts.server}. {facts.obstacle}".rstrip()
        return View(nodes=(Text((Plain(says),)),), fallback=says, refused=True)
    does = "stops what it finds, and shows it" if blocks else "shows what it finds"
    says = f"AutoMod in {facts.server} has the rule {facts.existing} now. It {does} in {channel(facts.alerts)}."
    return View(nodes=(Text((Plain(says),)), SmallPrint((Plain(_take_back(facts.existing)),))), fallback=says)


def there_already(facts: FilterFacts) -> View:
    """The rule that a click was to make is there: nothing was done."""
    says = _existing(facts)
    nodes = (Text((Plain(f"{says} Nothing was changed."),)), SmallPrint((Plain(_take_back(facts.existing or "")),)))
    return View(nodes=nodes, fallback=says)


def _of_server(facts: FilterFacts) -> list[Node]:
    if facts.existing is not None:
        return [Text((Plain(_existing(facts)),)), SmallPrint((Plain(_take_back(facts.existing)),))]
    shown: list[tuple[str, tuple[Plain, ...]]] = [
        ("Server", (Plain(facts.server),)),
        ("Name of the rule", (Plain(facts.name),)),
        ("Not looked at", (Plain(f"who has the role {' or '.join(facts.exempt)}" if facts.exempt else "nobody"),)),
        ("Shown in", (Plain(channel(facts.alerts) if facts.alerts else "nowhere yet"),)),
    ]
    nodes: list[Node] = [Fields(tuple(shown))]
    if facts.obstacle:
        return [*nodes, Text((Plain(f"It can't be made yet. {facts.obstacle}"),))]
    buttons = (
        Button("Make it: show only", AUTOMOD, f"{ALERT}/{encoded(facts.id)}"),
        Button("Make it: stop and show", AUTOMOD, f"{BLOCK}/{encoded(facts.id)}"),
    )
    return [*nodes, Buttons(buttons)]


def _existing(facts: FilterFacts) -> str:
    return f"AutoMod in {facts.server} has a rule of mine already: {facts.existing}."


def _take_back(name: str) -> str:
    name = name.removesuffix(" (switched off)")
    return f"To take it back: Server Settings, AutoMod, {name}, delete. Its words can be changed there, too."
