"""A day as a terminal shows it: a line per message, the bot's posts as blocks below, notes in between. Lines, not printing.

09:02  #help     Dana      Where is my crate?
09:22  #team     realreply
       ┃ @Ana, Dana has been waiting 20 min in #help, since 09:02.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from rich.console import Group
from rich.style import Style
from rich.text import Text

from adapters.local.lines import Run, columns, safe, wrap
from adapters.local.people import BotPost
from adapters.local.platform import LocalPlatform
from adapters.local.render import render
from bot.domain.durations import Instant, Seconds
from bot.domain.emoji import CHARACTERS
from bot.domain.events import Says
from bot.domain.keys import channel_id
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.views import Buttons, Link, Menu, Node, Plain, View
from bot.domain.views import Text as Paragraph
from bot.wording.phrases import say_moment, shorten

Block = list[Text]
"""Lines that belong together."""

LEAST_WIDTH = 40
"""Columns below which a timeline isn't laid out; a narrower terminal cuts its lines."""

WIDEST = 140
"""Columns that are used at most: longer lines are hard to read."""

BOT = "realreply"
CHANNEL, NAME, NUMBER = 9, 9, 4
"""Columns of a channel's name, a person's name, and a message's number."""

INDENT = 7
BAR = "┃ "
QUOTED = 40
"""Characters of a message that are repeated where somebody reacts to it."""

TOGETHER: Seconds = 60
"""Updates that say the same within this time are shown as one: a platform's pace may put seconds between them."""

_PLAIN = Style()
_FAINT = Style(dim=True)
_NOTE = Style(color="yellow", italic=True)
_BOT = Style(color="magenta", bold=True)
_BAR = Style(color="magenta")
_PRIVATE = Style(color="bright_black")
_ROLES = {
    Role.CUSTOMER: Style(color="cyan", bold=True),
    Role.MEMBER: Style(color="green", bold=True),
    Role.APP: Style(color="bright_black", bold=True),
}


@dataclass(slots=True)
class _News:
    """A post of the bot's that is yet to be shown. `again` are the posts that say the same since an update."""

    at: Instant
    post: BotPost
    view: View
    again: list[BotPost] = field(default_factory=list)


class Timeline:
    """Lays out what happens in a town, for readers in `zone` with `width` columns. `brief`: buttons in one line, none below what
    was updated. `numbered`: messages and posts show what they can be named by."""

    def __init__(self, town: LocalPlatform, *, zone: tzinfo, width: int, brief: bool = False, numbered: bool = False) -> None:
        self._town, self._zone = town, zone
        self._width = min(max(width, LEAST_WIDTH), WIDEST)
        self._brief, self._numbered = brief, numbered
        self._news: list[_News] = []
        self._day: str | None = None
        town.on_post = self._noticed

    # -- what happened

    def said(self, message: Message, *, number: int | None = None) -> Block:
        """A message."""
        opening: list[Run] = [("↳ ", _FAINT)] if message.thread is not None else []
        if message.role is Role.APP:
            opening.append(("(automatic) ", _FAINT))
        runs = [*opening, (safe(message.text, lines=True), _PLAIN)]
        return self._line(message.at, self._channel(message.channel), message.author, runs, number=number)

    def typing(self, who: str, channel: str, *, in_thread: bool) -> Block:
        """Somebody is typing."""
        runs: list[Run] = [(("↳ " if in_thread else "") + "is typing …", _FAINT)]
        return self._line(self._now, self._channel(channel), who, runs)

    def edited(self, message: Message, *, at: Instant, number: int) -> Block:
        """A message's new text."""
        runs: list[Run] = [("edits it: ", _FAINT), (safe(message.text, lines=True), _PLAIN)]
        return self._line(at, self._channel(message.channel), message.author, runs, number=number)

    def deleted(self, message: Message, *, at: Instant, number: int) -> Block:
        """A message went."""
        return self._line(at, self._channel(message.channel), message.author, [("deletes it", _FAINT)], number=number)

    def reacted(self, who: str, message: Message, emoji: str, *, added: bool = True) -> Block:
        """Somebody put a reaction on a message, or took it back."""
        mark = CHARACTERS.get(emoji, f":{safe(emoji)}:")
        author = safe(self._name(message.author))
        words = f"{'on' if added else 'taken back from'} {author}'s message of {self._clock(message.at)}: "
        quote = f"“{safe(shorten(message.text, QUOTED))}”"
        runs: list[Run] = [(mark + " ", _PLAIN), (words + quote, _FAINT)]
        return self._line(self._now, self._channel(message.channel), who, runs)

    def corrected(self, who: str, message: Message, says: Says) -> Block:
        """Somebody said of a message that it waits, or needs no reply."""
        what = "Waiting for an answer" if says == "waits" else "No reply needed"
        words = f" of {safe(self._name(message.author))}'s message of {self._clock(message.at)}"
        runs: list[Run] = [("says ", _FAINT), (f"“{what}”", _PLAIN), (words, _FAINT)]
        return self._line(self._now, "private", who, runs)

    def checked(self, who: str, message: Message) -> Block:
        """Somebody asked whether a message is personal."""
        words = f"{safe(self._name(message.author))}'s message of {self._clock(message.at)}"
        return self._line(self._now, "private", who, [("has checked: ", _FAINT), (words, _FAINT)])

    def reported(self, who: str, sender: str, through: str) -> Block:
        """Somebody reported a direct message."""
        named = self._name(sender.casefold()) if sender.casefold() in self._town.people else sender
        by = f"{safe(named)}{f' through {safe(through)}' if through else ''}"
        return self._line(self._now, "private", who, [("reports a direct message from ", _FAINT), (by, _FAINT)])

    def filled(self, who: str, title: str, text: str) -> Block:
        """Somebody filled in a form."""
        runs: list[Run] = [("fills in ", _FAINT), (f"“{safe(title)}”: {safe(text)}", _PLAIN)]
        return self._line(self._now, "private", who, runs)

    def pressed(self, who: str, label: str, post: BotPost | None) -> Block:
        """Somebody pressed a button, below a post or (None) below a private answer."""
        where = "in the answer" if post is None else f"below the post of {self._moment(post.at)}"
        runs: list[Run] = [("presses ", _FAINT), (f"“{safe(label)}”", _PLAIN), (f" {where}", _FAINT)]
        channel = "private" if post is None or post.address.kind == "person" else f"#{post.address.id}"
        return self._line(self._now, channel, who, runs)

    def asked(self, who: str, command: str) -> Block:
        """Somebody asked the bot for something."""
        return self._line(self._now, "private", who, [(f"/realreply {safe(command)}", _PLAIN)])

    def answered(self, who: str, view: View, *, ref: str | None = None) -> Block:
        """The bot's private answer to somebody."""
        told: list[Run] = [(f"answers {safe(self._name(who))} alone", _PRIVATE)]
        head = self._line(self._now, "private", None, told, ref=ref)
        return [*head, *self._body(view, self._now, "┆ ", _PRIVATE)]

    def note(self, text: str) -> Block:
        """A remark in the margin on what is about to be seen."""
        mark = Text("  ▸ ", _NOTE)
        lines = wrap([(safe(text), _NOTE)], self._width, first=mark, rest=Text("    "))
        return [*self._day_of(self._now), Text(), *lines]

    def remark(self, view: View) -> Block:
        """What the bot made of the message above: a line that nobody in the town sees."""
        return self._body(view, self._now, "  ", _FAINT)

    def news(self) -> list[Block]:
        """The bot's posts and updates since last asked, in order."""
        told, self._news = self._news, []
        return [self._posted(news) for news in told]

    def standing(self, post: BotPost) -> Block:
        """A post as it reads now."""
        # Of a post from an earlier session only the gist is known.
        view = post.view or View(nodes=(Paragraph((Plain(post.gist),)),), fallback=post.gist)
        return self._posted(_News(post.at, post, view), standing=True)

    # -- the bot's posts

    def _noticed(self, post: BotPost) -> None:
        if post.view is None:
            return
        news = _News(self._now, post, post.view)
        if post.updates:
            for earlier in self._news:
                soon = news.at - earlier.at <= TOGETHER
                same = soon and earlier.post.address == post.address and earlier.view == news.view
                if same and earlier.post.updates:
                    earlier.again.append(post)
                    return
        self._news.append(news)

    def _posted(self, news: _News, *, standing: bool = False) -> Block:
        post, addressee = news.post, news.post.address
        direct = addressee.kind == "person"
        told: list[Run] = [(f"to {safe(self._name(addressee.id))} alone", _PRIVATE)] if direct else []
        above = None if post.under is None else self._town.posted.get((addressee, post.under))
        if above is not None:
            told += [(f"{'' if not told else ', '}↳ below its post of {self._moment(above.at)}", _FAINT)]
        view = news.view
        if standing:
            told += [("as it reads now", _FAINT)] if post.updates else []
        elif post.updates:
            times = [self._moment(each.at) for each in (post, *news.again)]
            listed = times[0] if len(times) == 1 else ", ".join(times[:-1]) + " and " + times[-1]
            told += [(f"{'' if not told else ', '}updates {'its post' if len(times) == 1 else 'its posts'} of {listed}", _FAINT)]
            if self._brief:
                view = _without_controls(view)
        head = self._line(news.at, "private" if direct else f"#{addressee.id}", None, told, ref=post.ref)
        return [*head, *self._body(view, news.at, BAR, _BAR)]

    def _body(self, view: View, at: Instant, bar: str, style: Style) -> Block:
        inner = self._width - INDENT - columns(bar)
        shown = _without_controls(view) if self._brief else view
        lines = _lines(shown, self._town, self._zone, at, inner)
        if self._brief:
            lines += _controls(view, inner)
        margin = Text.assemble(" " * INDENT, (bar, style))
        block = [Text.assemble(margin, line) for line in lines]
        for line in block:
            line.rstrip()
        return block

    # -- lines

    @property
    def _now(self) -> Instant:
        return self._town.clock.now()

    def _name(self, person: str) -> str:
        return next(iter(self._town.workspace.names(person)), person)

    def _channel(self, key: str) -> str:
        return "#" + channel_id(key)

    def _clock(self, at: Instant) -> str:
        return f"{datetime.fromtimestamp(at, self._zone):%H:%M}"

    def _moment(self, at: Instant) -> str:
        return say_moment(at, self._zone, self._now)

    def _line(
        self, at: Instant, channel: str, who: str | None, runs: list[Run], *, number: int | None = None, ref: str | None = None
    ) -> Block:
        """A line with its clock, channel and name; None is the bot. A rule with the day above the first line of a day."""
        label = ref if number is None else str(number)
        style = _BOT if who is None else self._style(who)
        name = _cell(BOT if who is None else safe(self._name(who)), NAME)
        margin = Text.assemble((self._clock(at), _FAINT), "  ", (_cell(channel, CHANNEL), _PRIVATE), " ")
        if self._numbered:
            margin.append(f"{label or '':>{NUMBER - 1}} ", Style(color="yellow"))
        margin.append_text(Text.assemble((name, style), " "))
        lines = wrap(runs, self._width, first=margin, rest=Text(" " * columns(margin.plain)))
        return [*self._day_of(at), *lines]

    def _style(self, who: str) -> Style:
        person = self._town.people.get(who)
        return _ROLES[Role.CUSTOMER if person is None else person.role]

    def rule(self, title: str) -> Block:
        """A line across, with a title."""
        opening = f"── {title} "
        return [Text(opening + "─" * max(0, self._width - columns(opening)), Style(bold=True))]

    def _day_of(self, at: Instant) -> Block:
        moment = datetime.fromtimestamp(at, self._zone)
        day = f"{moment:%A} {moment.day} {moment:%B} {moment.year}"
        if day == self._day:
            return []
        self._day = day
        return [Text(), *self.rule(day)]


def _cell(text: str, wide: int) -> str:
    """Exactly `wide` columns of safe text."""
    if columns(text) <= wide:
        return text + " " * (wide - columns(text))
    kept = text
    while columns(kept) > wide - 1:
        kept = kept[:-1]
    return kept + "…" + " " * (wide - 1 - columns(kept))


def _lines(view: View, town: LocalPlatform, zone: tzinfo, at: Instant, width: int) -> Block:
    """A view's own lines."""

    def name(person: str) -> str:
        return next(iter(town.workspace.names(person)), person)

    group = render(view, name=name, zone=zone, now=at, width=width)
    # Its lines are broken to the width already; each gets a margin of its own here.
    return [line for line in group.renderables if isinstance(line, Text)] if isinstance(group, Group) else []


def _is_link(node: Node) -> bool:
    return isinstance(node, Paragraph) and len(node.spans) == 1 and isinstance(node.spans[0], Link)


def _without_controls(view: View) -> View:
    """The view without its buttons and menus, and without a line that is nothing but a link."""
    kept = tuple(node for node in view.nodes if not isinstance(node, Buttons | Menu) and not _is_link(node))
    return replace(view, nodes=kept) if kept else view


def _controls(view: View, width: int) -> Block:
    """What can be pressed, in one faint line of as many as fit."""
    labels: list[str] = []
    for node in view.nodes:
        if isinstance(node, Buttons):
            labels += [f"[{button.label}]" for button in node.buttons]
        elif isinstance(node, Menu):
            labels.append(f"[{node.label} ▾]")
    if not labels:
        return []
    shown = " ".join(safe(label) for label in labels)
    more = 0
    while columns(shown) > width and labels:
        labels.pop()
        more += 1
        shown = " ".join([*(safe(label) for label in labels), f"and {more} more"])
    return [Text(shown, _FAINT)]
