"""Lists of who waits, in hand: a row a wait, with what can be done with it right below, page by page.

A button in a list carries the page it stands on besides what it does, so that the page can be brought up to date after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.domain import keys
from bot.domain.durations import Instant
from bot.domain.views import (
    LISTED,
    MOST_IN_BUTTON,
    Bold,
    Button,
    Buttons,
    Code,
    CommandText,
    Divider,
    Heading,
    Node,
    PersonName,
    Plain,
    Quote,
    SmallPrint,
    Span,
    Spans,
    Text,
    View,
)
from bot.waits import holds
from bot.waits.handed_on import taken_from
from bot.wording import loops
from bot.wording.automatic import only_automatic
from bot.wording.digest import Row, grouped, head_of, perhaps, whose
from bot.wording.ended import going_on
from bot.wording.history import handed_line
from bot.wording.holds import own_line, said_why
from bot.wording.phrases import count, with_newest
from bot.wording.reminder import asked_about
from bot.wording.switches import PausedPlace, paused_lines

MOST_ON_PAGE = 8
"""Waits on one page. On a phone that is some scrolling, with its buttons about 30 of the 50 blocks that a message on Slack takes;
what happened after a click stands above it."""

Whose = Literal["all", "mine", "leaving"]

NOBODY: dict[Whose, str] = {
    "all": "Nobody is waiting.",
    "mine": "Nobody is waiting for you.",
    "leaving": "Everything is handed over.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlace:
    """A page of a list: of everybody who waits, of what is the reader's, or of what a `member` who goes away has open. Pages are
    counted from 1."""

    whose: Whose = "all"
    page: int = 1
    member: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows that belong together, under a title; none of the first, which needs no title."""

    title: str
    rows: Sequence[Row]


def all_groups(rows: Sequence[Row]) -> tuple[Group, ...]:
    """Everybody who waits: longest first, then what is promised, then what is on hold."""
    waiting, promised, quiet = grouped(rows)
    return Group(title="Waiting", rows=waiting), Group(title="Promised", rows=promised), Group(title="On hold", rows=quiet)


def own_groups(rows: Sequence[Row], member: str) -> tuple[Group, ...]:
    """What is a member's: who waits for them; what they promised, took on or put off, by its time; what is quiet because of
    somebody else; and what was theirs until a colleague handed it on."""
    every = sorted(rows, key=lambda row: (row.wait.opened_at, row.wait.id))
    ranked = [row for row in every if not taken_from(row.wait, member)]
    held = sorted(
        ((row.wait.hold, row) for row in ranked if row.wait.hold is not None), key=lambda pair: (pair[0].until, pair[1].wait.id)
    )
    return (
        Group(title="", rows=[row for row in ranked if row.wait.hold is None]),
        Group(title="Your open ends", rows=[row for hold, row in held if hold.by == member]),
        Group(title="Quiet just now", rows=[row for hold, row in held if hold.by != member]),
        Group(title="Handed on by a colleague", rows=[row for row in every if taken_from(row.wait, member)]),
    )


def page(
    rows: Sequence[Row],
    *,
    place: ListPlace,
    reader: str,
    now: Instant,
    pauses: Sequence[PausedPlace] = (),
    said_for_them: Spans = (),
) -> View:
    """A page of a list, with the ways to the others. A page that isn't there any more is the last one there is. `pauses`: what
    stands still, so that nobody is reminded of it; `said_for_them`: what a lead chose for the reader."""
    whose = place.whose
    paused = tuple(SmallPrint(line) for line in (*paused_lines(pauses), *((said_for_them,) if said_for_them else ())))
    if not rows:
        return View(nodes=(Text((Plain(NOBODY[whose]),)), *paused, SmallPrint(_hint(None))), fallback=NOBODY[whose])
    groups = own_groups(rows, reader) if whose == "mine" else all_groups(rows)
    pages = -(-len(rows) // MOST_ON_PAGE)
    number = min(max(1, place.page), pages)
    head = _head(groups, whose)
    part = f", page {number} of {pages}" if pages > 1 else ""
    nodes: list[Node] = [Heading(f"{head}{part}")]
    left, room = (number - 1) * MOST_ON_PAGE, MOST_ON_PAGE
    for group in groups:
        shown = group.rows[left : left + room]
        left, room = max(0, left - len(group.rows)), room - len(shown)
        if shown and group.title:
            nodes.append(Text((Bold(group.title),)))
        for row in shown:
            nodes += item(row, reader, now, own=whose == "mine")
    here = ListPlace(whose=whose, page=number)
    return View(
        nodes=(
            *in_list(nodes, here),
            Divider(),
            Buttons(_ways(here, pages, len(rows))),
            *paused,
            SmallPrint(_hint(_first(groups, number))),
        ),
        fallback=head,
    )


def _head(groups: Sequence[Group], whose: Whose) -> str:
    waiting = len(groups[0].rows)
    if not waiting:
        return "Nobody is waiting just now" if whose == "all" else "Nobody is waiting for you just now"
    return count(waiting, "customer is", "customers are") + " waiting" + (" for you" if whose == "mine" else "")


def _first(groups: Sequence[Group], number: int) -> str:
    """The handle of the first wait on a page."""
    return [row.handle for group in groups for row in group.rows][(number - 1) * MOST_ON_PAGE]


def _ways(here: ListPlace, pages: int, total: int) -> tuple[Button, ...]:
    """To the page before and after, and to the other list."""
    left = total - here.page * MOST_ON_PAGE
    before = (_way("Back", here.whose, here.page - 1),) if here.page > 1 else ()
    after = (_way(f"{min(left, MOST_ON_PAGE)} more", here.whose, here.page + 1),) if here.page < pages else ()
    other = _way("Everybody", "all", 1) if here.whose == "mine" else _way("Only mine", "mine", 1)
    return (*before, *after, other)


def _way(label: str, whose: Whose, number: int) -> Button:
    return Button(label, "waiting", keys.argument(whose, str(number)) if number > 1 else whose)


def _hint(handle: str | None) -> tuple[Plain | CommandText, ...]:
    lists = (CommandText("help"), Plain(" lists what else you can ask."))
    return lists if handle is None else (CommandText(f"claim {handle}"), Plain(" in words does the same. "), *lists)


def item(row: Row, reader: str, now: Instant, *, own: bool) -> list[Node]:
    """One wait in a list, with its buttons. `own`: the list is of the reader's, so that it needn't say whose it is."""
    wait = row.wait
    spans = head_of(row, now)
    handed: Spans = () if row.handover is None else (Plain(", "), *handed_line(row.handover, reader))
    if wait.hold is not None:
        spans = (*spans, Plain(": "), *going_on(own_line(wait, reader)), *said_why(row.note), *handed)
        spans = (*spans, Plain(f". {loops.ASKS}")) if row.asks_loop and loops.is_asked(wait, reader) else spans
    elif handed:
        spans = (*spans, *handed)
    elif not own or (row.asked and wait.owner not in row.asked):
        spans = (*spans, *whose(row, lambda members: _named(members, reader)))
    if wait.automatic_replies and not wait.replies:
        spans = (*spans, Plain(f"; {only_automatic(wait)}"))
    asked = with_newest(row.texts)
    line = Text((*spans, *perhaps(wait, reader), Plain("  "), Code(row.handle)))
    return [line, *([Quote(asked)] if asked else []), controls(row, reader)]


def _named(members: Sequence[str], reader: str) -> tuple[Span, ...]:
    """Members by their names, and the reader as "you"."""
    spans: list[Span] = []
    for member in members:
        spans += [*([Plain(", ")] if spans else []), Plain("you") if member == reader else PersonName(member)]
    return tuple(spans)


def controls(row: Row, reader: str) -> Buttons:
    """What can be done with a wait, most likely first: what a reminder of it offers, for who reads it."""
    wait, handle, maybe = row.wait, row.handle, row.wait.possible_answer
    done, needless = Button("Answered elsewhere", "answered", handle), Button("No reply needed", "dismiss", handle)
    snooze, why = Button("Snooze…", "form", keys.argument("snooze", handle)), Button("Why?", "why", handle)
    to_hand = Button("Hand over…", "form", keys.argument("assign", handle))
    if maybe is not None and maybe.by == reader:  # only who wrote it can say
        about = asked_about(handle, maybe)
        return Buttons(
            (Button("Yes, answered", "confirm", about), Button("Not yet", "not_yet", about)), (needless, snooze, to_hand, why)
        )
    mine = Button("I'm on it", "claim", handle)
    if wait.hold is None:
        passed = (Button("Not me", "not_me", handle),) if wait.owner == reader or reader in row.asked else ()
        return Buttons((mine, done, needless), (snooze, *passed, to_hand, why))
    if row.asks_loop and loops.is_asked(wait, reader):
        return Buttons(loops.answers(handle), (done, needless, snooze, to_hand, why))
    if wait.hold.by != reader:
        return Buttons((mine, done, needless), (snooze, to_hand, why))
    return Buttons((replace(done, label="Done"), *_back(row)), (needless, snooze, to_hand, why))


def _back(row: Row) -> tuple[Button, ...]:
    """How a member takes back what they said themselves."""
    hold = row.wait.hold
    if hold is None:
        return ()
    if holds.puts_off(hold, hold.since):
        return (Button("Undo", "unsnooze", keys.argument(row.handle, hold.number)),)
    return (Button("Give it back", "not_me", row.handle),) if holds.is_on_it(hold) else ()


def in_list(nodes: Sequence[Node], place: ListPlace) -> tuple[Node, ...]:
    """Nodes whose buttons bring a page of a list up to date besides what they do."""
    return tuple(_mapped(node, lambda button: _placed(button, place)) for node in nodes)


def out_of_list(code: str) -> tuple[ListPlace | None, str]:
    """The page that a button stands on and what it does by itself; no page where it stands in none."""
    verb, argument = keys.split_code(code)
    parts = keys.split_argument(argument)
    if verb == LISTED and len(parts) == 3 and parts[0] == "leaving":
        return ListPlace(whose="leaving", member=parts[1]), parts[2]
    if verb != LISTED or len(parts) != 3 or parts[0] not in NOBODY or not parts[1].isdecimal():
        return None, code
    return ListPlace(whose="mine" if parts[0] == "mine" else "all", page=int(parts[1])), parts[2]


def listed_code(code: str, place: ListPlace) -> str:
    """What a button carries that does `code` and stands on this page."""
    return keys.code(LISTED, keys.argument(place.whose, place.member or str(place.page), code))


def brought_up_to_date(done: View, shown: View, place: ListPlace) -> View:
    """What came of a click in a list, and below it the page as it is now."""
    if shown.refused:
        return done
    nodes = (*in_list(done.nodes, place), Divider(), *shown.nodes)
    return View(nodes=nodes, fallback=done.fallback, addressed=done.addressed, refused=done.refused, field=done.field)


def _placed(button: Button, place: ListPlace) -> Button:
    if button.verb in (LISTED, "waiting"):
        return button
    verb, argument = keys.split_code(listed_code(button.code, place))
    # One too long to carry its page does what it says all the same.
    return replace(button, verb=verb, argument=argument) if len(verb) + 1 + len(argument) <= MOST_IN_BUTTON else button


def _mapped(node: Node, change: Callable[[Button], Button]) -> Node:
    if not isinstance(node, Buttons):
        return node
    return Buttons(tuple(map(change, node.buttons)), tuple(map(change, node.more)))
