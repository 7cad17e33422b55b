"""What people are shown, as plain values: a closed union of nodes and spans. Each platform renders them in one pure function.

Text is never markup: escaping and the platform's limits happen in the renderer and nowhere else. A button carries
`verb:argument`, and all state lives in the database, so that it works after a restart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.domain import keys
from bot.domain.durations import Instant

MOST_IN_BUTTON = 100
"""Characters of `verb:argument` that every platform takes (Discord's custom_id; Slack's value takes 2,000)."""

LISTED = "listed"
"""The verb of a button or a form that stands in a list, which is brought up to date after it: its argument is the list's page and
what is done."""

OPENS = "form"
"""The verb of a button that opens a form."""

ALL_WAITING = "waiting all"
"""The command that lists everybody who waits: named where not all of them fit."""

BULLET = "• "
"""What the items of a list begin with; a renderer may draw it in its own way."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Text as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Bold:
    """Text that stands out."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Something to be typed or copied as it is: a command, an id."""

    text: str


@dataclass(frozen=True, slots=True)
class CommandText:
    """A command to the bot, as in "claim w17". Each platform puts before it what calls the bot there ("/realreply")."""

    text: str


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person, by id. `ping` notifies them; otherwise only their name is shown."""

    person: str
    ping: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its label."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Timestamp:
    """An instant, shown in the reader's own zone: "14:05", "yesterday 14:05"."""

    at: Instant


Span = Plain | Bold | Code | CommandText | PersonName | Link | Timestamp
Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The first line."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote, shortened to fit. Taken out when a posted reminder is updated."""

    text: str


@dataclass(frozen=True, slots=True)
class Fields:
    """Short facts side by side: (label, spans)."""

    fields: tuple[tuple[str, Spans], ...]


@dataclass(frozen=True, slots=True)
class Button:
    """A button: `verb` and `argument` come back when it is clicked."""

    label: str
    verb: str
    argument: str
    style: Literal["plain", "primary"] = "plain"

    def __post_init__(self) -> None:
        if len(self.code) > MOST_IN_BUTTON:
            raise ValueError(f"a button carries at most {MOST_IN_BUTTON} characters, not {len(self.code)}: {self.code[:40]}...")

    @property
    def code(self) -> str:
        """`verb:argument`, as it travels."""
        return keys.code(self.verb, self.argument)


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons. `more` are those that are wanted less often: where a platform has something to tuck them into (Slack's
    "⋯"), they are in there."""

    buttons: tuple[Button, ...]
    more: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu: (label, argument) each. Choosing one sends `verb:argument`."""

    label: str
    verb: str
    options: tuple[tuple[str, str], ...]


InputKind = Literal["line", "moment", "time", "days", "person", "option"]
"""What is filled in: words; an instant (in seconds, as text; where a platform has no such element, in words); a time of day
("09:00"); days of the week ("mon,tue"); somebody; one of some options."""


@dataclass(frozen=True, slots=True)
class Input:
    """Something to be filled in, as the platform's own element for its kind. `value` is what stands there at first. `options`
    are (label, value) each. `hint` is said below it in small print. One that isn't `required` may stay empty."""

    name: str
    label: str
    value: str = ""
    kind: InputKind = "line"
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """A form to be filled in and sent: comes back as `verb:argument` with the inputs' values."""

    title: str
    verb: str
    argument: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between parts."""


@dataclass(frozen=True, slots=True)
class SmallPrint:
    """Small print."""

    spans: Spans


Node = Heading | Text | Quote | Fields | Buttons | Menu | Form | Divider | SmallPrint


@dataclass(frozen=True, slots=True)
class View:
    """What is shown. `fallback` is its gist in one line, for notifications and screen readers; never empty.

    `addressed` are the members who are to be notified; nobody else is, whatever the spans name. `refused`: it says why something
    couldn't be done as asked, so that a form that was sent may stay open for another try; `field` is then the input, by its name,
    that it is about.
    """

    nodes: tuple[Node, ...]
    fallback: str
    addressed: tuple[str, ...] = field(default=())
    refused: bool = False
    field: str = ""

    def __post_init__(self) -> None:
        if not self.nodes or not self.fallback.strip():
            raise ValueError("a view needs at least one node and a fallback text")


def opens_form(code: str) -> bool:
    """Whether a button that carries this opens a form, also from a list: where a platform opens forms within seconds of a click
    alone, it asks for one at once."""
    verb, argument = keys.split_code(code)
    if verb == LISTED:
        parts = keys.split_argument(argument)
        verb = keys.split_code(parts[-1])[0] if parts else ""
    return verb == OPENS
