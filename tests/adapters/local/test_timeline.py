"""How a day is shown: lines that fit, blocks for the bot's posts, and nothing that a terminal obeys."""

from __future__ import annotations

import asyncio
import unicodedata
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.local.lines import columns
from adapters.local.platform import LocalPlatform
from adapters.local.timeline import INDENT, LEAST_WIDTH, NAME, WIDEST, Block, Timeline
from bot.domain.messages import Message
from bot.domain.outgoing import Address
from bot.domain.people import Role
from bot.domain.views import Button, Buttons, Link, Menu, PersonName, Plain, Quote, Text, View
from bot.engine.clock import VirtualClock

NINE = 1_772_438_400.0
"""Monday 2 March 2026, 9:00 in Berlin."""

BERLIN = ZoneInfo("Europe/Berlin")
TEAM = Address("local", "channel", "team")

REMINDER = View(
    nodes=(
        Text((PersonName("ana", ping=True), Plain(", Dana has been waiting 20 min."))),
        Quote("Where is my boat?"),
        Text((Link("https://harbor.example/1", "Open the message"),)),
        Buttons((Button("I'm on it", "claim", "w1"), Button("Why?", "why", "w1"))),
        Menu("Snooze", "snooze", (("2 hours", "w1 2h"),)),
    ),
    fallback="Dana has been waiting 20 min",
    addressed=("ana",),
)
DONE = View(nodes=(Text((Plain("Answered by Ana after 31 min"),)), Buttons((Button("Why?", "why", "w1"),))), fallback="Done")


OBEYED = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Kinds of characters that terminals act on, or that can't be written out."""


def a_town() -> tuple[LocalPlatform, VirtualClock]:
    clock = VirtualClock(NINE)
    town = LocalPlatform(clock=clock)
    town.channel("help")
    town.channel("team", internal=True)
    town.member("ana")
    town.customer("dana")
    town.app("autoreply")
    return town, clock


def message(text: str, *, author: str = "dana", role: Role = Role.CUSTOMER, thread: str | None = None) -> Message:
    return Message(channel="local:harbor:help", id="1", at=NINE, author=author, role=role, text=text, thread=thread)


def plain(block: Block) -> list[str]:
    return [line.plain for line in block]


def lines_of(block: Block) -> list[str]:
    """Without the rule of the day."""
    return [line for line in plain(block) if line and "──" not in line]


def a_timeline(width: int = 80, *, brief: bool = False, numbered: bool = False) -> tuple[LocalPlatform, VirtualClock, Timeline]:
    town, clock = a_town()
    return town, clock, Timeline(town, zone=BERLIN, width=width, brief=brief, numbered=numbered)


def test_a_message_is_a_line_and_long_ones_hang() -> None:
    _, _, timeline = a_timeline(60)
    assert lines_of(timeline.said(message("one two three four five six seven eight nine ten"))) == [
        "09:00  #help     Dana      one two three four five six seven",
        "                           eight nine ten",
    ]
    assert lines_of(timeline.said(message("yes", thread="0"), number=12)) == ["09:00  #help     Dana      ↳ yes"]
    automatic = message("We got it", author="autoreply", role=Role.APP)
    assert lines_of(timeline.said(automatic)) == ["09:00  #help     Autoreply (automatic) We got it"]


def test_numbers_are_shown_where_lines_can_be_named() -> None:
    _, _, timeline = a_timeline(numbered=True)
    assert lines_of(timeline.said(message("hello"), number=12)) == ["09:00  #help      12 Dana      hello"]


async def test_each_role_has_a_colour_of_its_own() -> None:
    town, _, timeline = a_timeline()
    blocks = [timeline.said(message("x", author=person.id, role=person.role)) for person in town.people.values()]
    await town.deliver(TEAM, DONE, ("k",))
    styles = set()
    for block, name in zip([*blocks, *timeline.news()], ("Ana", "Dana", "Autoreply", "realreply"), strict=True):
        line = next(line for line in block if name in line.plain)
        styles |= {str(span.style) for span in line.spans if line.plain[span.start : span.end].strip() == name}
    assert len(styles) == 4


def test_a_day_begins_with_a_rule_once() -> None:
    _, clock, timeline = a_timeline()
    assert plain(timeline.said(message("a")))[1].startswith("── Monday 2 March 2026 ──")
    assert len(plain(timeline.said(message("b")))) == 1
    clock.advance_to(NINE + 24 * 3600)
    assert plain(timeline.note("c"))[1].startswith("── Tuesday 3 March 2026 ──")


async def test_posts_are_blocks_in_full_or_in_brief() -> None:
    for brief, last in ((False, ["[1] I'm on it  [2] Why?", "Snooze:  [3] 2 hours"]), (True, ["[I'm on it] [Why?] [Snooze ▾]"])):
        town, _, timeline = a_timeline(brief=brief)
        await town.deliver(TEAM, REMINDER, ("k",))
        (block,) = timeline.news()
        head, *body = lines_of(block)
        assert head == "09:00  #team     realreply"
        assert all(line.startswith(" " * INDENT + "┃") for line in body)
        inner = [line[INDENT + 2 :] for line in body]
        assert inner[:2] == ["@Ana, Dana has been waiting 20 min.", "│ Where is my boat?"]
        assert inner[-len(last) :] == last
        assert ("Open the message" in inner) is not brief
        assert timeline.news() == []


async def test_what_is_updated_says_which_post_and_updates_that_say_the_same_are_one() -> None:
    town, clock, timeline = a_timeline(brief=True)
    refs = []
    for minutes in (20, 60):
        clock.advance_to(NINE + minutes * 60)
        refs.append(await town.deliver(TEAM, REMINDER, (f"k{minutes}",)))
    timeline.news()
    clock.advance_to(NINE + 70 * 60)
    for ref in refs:
        await town.update(TEAM, ref, DONE)
        clock.advance_to(clock.now() + 1)  # the platform's pace
    (block,) = timeline.news()
    assert lines_of(block) == [
        "10:10  #team     realreply updates its posts of 09:20 and 10:00",
        "       ┃ Answered by Ana after 31 min",
    ]
    assert lines_of(timeline.standing(town.posts[0]))[0] == "09:20  #team     realreply as it reads now"


async def test_updates_that_say_something_else_stay_apart() -> None:
    town, _, timeline = a_timeline()
    refs = [await town.deliver(TEAM, REMINDER, (key,)) for key in ("a", "b")]
    timeline.news()
    await town.update(TEAM, refs[0], DONE)
    await town.update(TEAM, refs[1], REMINDER)
    assert len(timeline.news()) == 2


async def test_what_only_one_sees_is_marked() -> None:
    town, _, timeline = a_timeline()
    head, body, *_ = lines_of(timeline.answered("ana", DONE, ref="a1"))
    assert head == "09:00  private   realreply answers Ana alone"
    assert body == "       ┆ Answered by Ana after 31 min"
    await town.deliver(Address("local", "person", "ana"), REMINDER, ("k",))
    (block,) = timeline.news()
    assert lines_of(block)[0] == "09:00  private   realreply to Ana alone"
    assert lines_of(timeline.asked("dana", "waiting")) == ["09:00  private   Dana      /realreply waiting"]


async def test_buttons_that_dont_fit_are_counted() -> None:
    town, _, timeline = a_timeline(LEAST_WIDTH, brief=True)
    many = tuple(Button(f"Button number {n}", "claim", "w1") for n in range(5))
    await town.deliver(TEAM, View(nodes=(Text((Plain("x"),)), Buttons(many)), fallback="x"), ("k",))
    (block,) = timeline.news()
    assert lines_of(block)[-1] == "       ┃ [Button number 0] and 4 more"


@pytest.mark.parametrize("width", [LEAST_WIDTH, 80, WIDEST])
@settings(max_examples=30)
@given(text=st.text(max_size=300), name=st.text(min_size=1, max_size=30))
def test_nothing_anybody_writes_breaks_the_lines(width: int, text: str, name: str) -> None:
    town, _, timeline = a_timeline(width, numbered=True)
    town.customer("dana", name)
    shown = message(text, thread="0")
    view = View(nodes=(Text((PersonName("dana"), Plain(text))), Quote(text)), fallback="x")
    asyncio.run(town.deliver(TEAM, view, ("k",)))
    blocks = [
        timeline.said(shown, number=1),
        timeline.edited(shown, at=NINE, number=99_999),
        timeline.reacted("dana", shown, text or "eyes"),
        timeline.pressed("dana", text, None),
        timeline.asked("dana", text),
        timeline.answered("dana", view, ref="a1"),
        timeline.note(text),
        timeline.remark(view),
        *timeline.news(),
    ]
    for line in (line for block in blocks for line in plain(block)):
        assert columns(line) <= width, line
        assert not [x for x in line if unicodedata.category(x) in OBEYED and x not in "\u200c\u200d"], ascii(line)


def test_a_narrow_terminal_gets_the_least_and_a_wide_one_no_more_than_can_be_read() -> None:
    long = message("word " * 200)
    for width, kept in ((3, LEAST_WIDTH), (1000, WIDEST)):
        _, _, timeline = a_timeline(width)
        assert max(columns(line) for line in plain(timeline.said(long))) <= kept
    assert columns("Bartholomew"[: NAME - 1] + "…") == NAME
