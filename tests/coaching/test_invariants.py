"""What holds whatever a day brings. Made days in a town of three channels: people ask, answer, copy, promise, offer, delete, use
every way to the bot, and the bot starts anew in between. Afterwards everything that anybody was shown is looked through."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.messages import Message
from bot.domain.tips import APART, STALE
from bot.domain.views import Button, Buttons, Code, Fields, Form, Input, PersonName, Quote, SmallPrint, Spans, Text, View
from tests.coaching.town import LINE, QUESTION, QUESTIONS
from tests.scenario.conftest import ABOUT, FIXED
from tests.scenario.local_stage import LocalStage
from tests.scenario.stage import CUSTOMERS, LEAD, MEMBERS, Setup
from tests.wording.samples import views

DAYS = int(os.environ.get("MADE_DAYS", "4"))
"""How many made days are lived through; `MADE_DAYS=500` for many."""

TIP = "A tip, for you alone"

ASKED = (
    QUESTION,
    "How do I change the owner of a shared folder, please?",
    "Is it possible to pay by bank transfer from Norway?",
    "Where can I see which invoices are still open?",
)
REPLIES = (
    LINE,
    LINE,
    "I had a look at yours: the disk was full, so I gave you more room, please try it again.",
    "One moment, I'm looking into it.",
    "I'll get back to you by tomorrow.",
    "Please write to support@harbor.example.",
    "Welcome! Book a demo with us and get 20 % off: https://harbor.example/pro",
)
NEWS = "Join our meetup on Thursday evening in Lisbon, with talks about exports, tables and charts by three customers of ours."
LINES = (
    "waiting", "waiting mine", "stats", "stats month", "digest now", "want", "help", "why w1", "who dana", "preview", "undo",
    "tips off canned", "tips on canned", "tips off", "tips on", "dm on", "dm off", "budget 0", "budget unset", "mute 2h",
    "unmute", "claim w1", "snooze w1 2h", "dismiss w2", "assign w2 @ben look at the bank first", "reopen w1",
)  # fmt: skip
CHANNELS = ("help", "sales", "tables")

people, members = st.sampled_from((*MEMBERS, *CUSTOMERS)), st.sampled_from(MEMBERS)
deeds = st.one_of(
    st.tuples(st.just("asks"), st.sampled_from(CUSTOMERS), st.sampled_from(CHANNELS), st.sampled_from(ASKED)),
    st.tuples(st.just("replies"), members, st.integers(0, 5), st.sampled_from(REPLIES)),
    st.tuples(st.just("copies"), members, st.permutations(CUSTOMERS)),
    st.tuples(st.just("broadcasts"), members),
    st.tuples(st.just("deletes"), st.integers(0, 5)),
    st.tuples(st.just("passes"), st.sampled_from((5 * 60.0, 3600.0, 30 * 3600.0, 8 * 86400.0))),
    st.tuples(st.just("says to the bot"), people, st.sampled_from(LINES)),
    st.tuples(st.just("looks at home"), people),
    st.tuples(st.just("presses"), members, st.integers(0, 30)),
    st.tuples(st.just("restart")),
)


@dataclass
class Shown:
    """A view that somebody was shown, when, and the line that they typed for it."""

    view: View
    to: str
    at: float
    line: str = ""


@dataclass
class MadeDay:
    """Lives through deeds, and remembers all that was shown and said."""

    stage: LocalStage
    shown: list[Shown] = field(default_factory=list)
    asked: list[Message] = field(default_factory=list)
    replied: list[tuple[str, Message]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def remember(self, who: str, view: View, line: str = "") -> None:
        self.shown.append(Shown(view, who, self.stage.now, line))
        self.buttons += [button for node in view.nodes if isinstance(node, Buttons) for button in (*node.buttons, *node.more)]

    async def does(self, deed: tuple[Any, ...]) -> None:
        what, *how = deed
        stage, bot = self.stage, self.stage.bot
        if what == "asks":
            self.said.append(how[2])
            self.asked.append(await stage.town.person(how[0]).says(how[1], how[2]))
        elif what == "replies" and self.asked:
            to = self.asked[-1 - how[1] % len(self.asked)]
            self.replied.append((how[0], await stage.town.person(how[0]).says(stage.town.of(to), how[2], thread=to)))
        elif what == "copies":
            for customer in how[1]:
                await self.does(("asks", customer, "help", QUESTIONS[CUSTOMERS.index(customer) % len(QUESTIONS)]))
                await self.does(("replies", how[0], 0, LINE))
        elif what == "broadcasts":
            for channel in CHANNELS:
                self.replied.append((how[0], await stage.town.person(how[0]).says(channel, NEWS)))
        elif what == "deletes" and self.replied:
            who, message = self.replied.pop(-1 - how[0] % len(self.replied))
            await stage.town.person(who).deletes(message)
        elif what == "passes":
            await stage.on.simulation.advance(stage.now + how[0])
        elif what == "says to the bot":
            self.notes += [how[1]] if how[1].startswith("assign") else []
            self.remember(how[0], await bot.command(how[0], stage.town.person(how[0]).role, how[1]), how[1])
        elif what == "looks at home":
            self.remember(how[0], await bot.home(how[0], stage.town.person(how[0]).role))
        elif what == "presses" and self.buttons:
            code = self.buttons[-1 - how[1] % len(self.buttons)].code
            self.remember(how[0], await bot.click(how[0], stage.town.person(how[0]).role, code))
        elif what == "restart":
            await stage.restart()

    def posts(self) -> Iterator[tuple[str, View, float]]:
        """What was posted: in which channel, or to whom."""
        town = self.stage.town
        for channel in town.channels.values():
            yield from ((f"#{channel.id}", post.view, post.at) for post in channel.posts if post.view is not None)
        for who, posts in town.direct.items():
            yield from ((who, post.view, post.at) for post in posts if post.view is not None)


async def lived(path: Path, made: list[tuple[Any, ...]]) -> MadeDay:
    stage = LocalStage(Setup(digests=("09:00",)), path)
    await stage.put_up()
    for channel in CHANNELS:
        if channel not in {each.id for each in stage.town.channels.values()}:
            stage.town.channel(channel)
    day = MadeDay(stage)
    try:
        for channel in CHANNELS:
            await stage.town.person("pia").says(channel, "Good morning everybody, lovely weather today in Porto")
        for deed in made:
            await day.does(deed)
        await looked_through(day)
    finally:
        await stage.take_down()
    return day


async def looked_through(day: MadeDay) -> None:
    outside = [said for said in day.stage.seen_outside() if FIXED not in said and ABOUT not in said]
    assert outside == [], "written where a customer reads"
    everything = [*((one.to, one.view, one.at) for one in day.shown), *day.posts()]
    told: dict[str, list[float]] = {}
    for to, view, at in everything:
        said = words(view)
        if to in CUSTOMERS:
            assert FIXED in said or ABOUT in said, f"{to} was shown {said}"
        if TIP in said:
            assert to in MEMBERS, f"a tip was posted to {to}"
            told.setdefault(to, []).append(at)
        assert drafts(view, day) == [], "something to paste is offered"
        if to != LEAD and to not in CUSTOMERS:
            assert "couldn't be delivered" not in said
    for one in day.shown:
        if one.line.startswith("stats"):
            others = [name for name in (*MEMBERS, *CUSTOMERS) if name != one.to and name.title() in words(one.view)]
            named = [span for spans in spans_in(one.view) for span in spans if isinstance(span, PersonName)]
            assert others == [] == named, "somebody's figures are told to another"
    kept = await day.stage.on.simulation.store.read(lambda tx: {who: tx.tips(who, 0.0) for who in (*MEMBERS, *CUSTOMERS)})
    assert not any(kept[who] for who in CUSTOMERS)
    for who, instants in told.items():
        assert len(instants) <= len({one.tip.key for one in kept[who]}) or day.stage.now > STALE, f"{who} read a tip twice"
        ordered = sorted(instants)
        assert all(later - earlier >= APART for earlier, later in pairwise(ordered)), "two within a week"
    waits = await day.stage.all_waits()
    texts = await day.stage.on.simulation.store.read(lambda tx: {wait.id: tx.texts(wait.id) for wait in waits})
    assert not any(texts[wait.id] for wait in waits if not wait.open), "words of somebody who doesn't wait are kept"


def spans_in(view: View) -> Iterator[Spans]:
    for node in view.nodes:
        if isinstance(node, Text | SmallPrint):
            yield node.spans
        elif isinstance(node, Fields):
            yield from (spans for _, spans in node.fields)


def words(view: View) -> str:
    return " ".join(str(getattr(span, "text", getattr(span, "label", ""))) for spans in spans_in(view) for span in spans)


HANDLE = re.compile(r"w[0-9]+|realreply [a-z]+")


def drafts(view: View, day: MadeDay) -> list[str]:
    """What of a view somebody could send on: words nobody wrote, or a colleague's. What is to be typed are commands and handles,
    what is quoted is what a customer asked, or a note to a colleague, what is to be filled in is empty, or one's own setting."""
    found = [
        span.text for spans in spans_in(view) for span in spans if isinstance(span, Code) and not HANDLE.fullmatch(span.text)
    ]
    written = set(" ".join((*day.said, *day.notes)).split())
    for node in view.nodes:
        if isinstance(node, Quote):
            quoted = node.text.split()
            cut = quoted[-1].removesuffix("…") if quoted else ""  # a long one ends within a word
            others = [word for word in quoted[:-1] if word.strip("…") not in written]
            found += [node.text] if others or not any(word.startswith(cut) for word in written) else []
        elif isinstance(node, Form):
            found += [each.value for each in node.inputs if is_words(each)]
    text = words(view)
    return found + [reply for reply in REPLIES if reply in text]


def is_words(asked: Input) -> bool:
    return asked.kind == "line" and len(asked.value.split()) > 3


@settings(max_examples=DAYS, derandomize=DAYS <= 4, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(deeds, min_size=10, max_size=30))
def test_whatever_a_day_brings(made: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(lived(Path(folder) / "day.db", made))


def test_the_made_days_notice_what_they_look_for() -> None:
    copies = [("copies", "ana", list(CUSTOMERS)), ("says to the bot", "ana", "waiting mine"), ("looks at home", "ana")]
    with tempfile.TemporaryDirectory() as folder:
        day = asyncio.run(lived(Path(folder) / "day.db", copies))
    assert [TIP in words(one.view) for one in day.shown] == [True, False]
    pasted = View(nodes=(Text((Code("Hi Dana, please restart the export."),)), Quote("Sorry to hear that!")), fallback="x")
    assert drafts(pasted, day) == ["Hi Dana, please restart the export.", "Sorry to hear that!"]


@pytest.mark.parametrize("kind", sorted(views()))
def test_nothing_that_is_shown_offers_words_to_send_on(kind: str) -> None:
    """Of each kind of view the sample that wording and renderers are tested with. The words of customers are made of these."""
    view = views()[kind]
    typed = [span.text for spans in spans_in(view) for span in spans if isinstance(span, Code)]
    assert [text for text in typed if not HANDLE.fullmatch(text)] == []
    filled = [each for node in view.nodes if isinstance(node, Form) for each in node.inputs]
    assert [each.value for each in filled if is_words(each)] == []
