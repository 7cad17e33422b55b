"""What people do with the bot on Discord is acknowledged at once, handed on as it was meant, and answered to them alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.events import Says
from bot.domain.messages import Message
from bot.domain.outgoing import Address
from bot.domain.people import Role
from bot.domain.views import Button, Buttons, Divider, Form, Heading, Input, PersonName, Plain, Text, View
from tests.adapters.discord.conftest import Asked, Harbor

FORM = Form("Snooze until", "snooze", "w1", (Input("when", "Until when?", kind="moment"), Input("why", "Why?", required=False)))


def said(text: str, *buttons: Button, refused: bool = False) -> View:
    return View(nodes=(Text((Plain(text),)), *((Buttons(buttons),) if buttons else ())), fallback=text, refused=refused)


class Answering(Asked):
    """Keeps what was asked and answers it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Any, ...]] = []
        self.answer: View | None = None
        self.opens: Form | None = FORM
        self.gate = asyncio.Event()
        self.gate.set()

    async def _given(self, *what: Any) -> View:
        self.asked.append(what)
        await self.gate.wait()
        if what[2] is not Role.MEMBER:
            return said("This is a tool of the team here.")
        return self.answer or said(f"answer to {what[0]}", Button("Undo", "undo", "1"))

    async def command(self, who: str, role: Role, text: str) -> View:
        return await self._given("command", who, role, text)

    async def ask(self, who: str, role: Role, command: str, given: Mapping[str, str]) -> View:
        return await self._given("ask", who, role, command, dict(given))

    async def offer(self, who: str, role: Role, command: str, param: str, typed: str) -> Sequence[tuple[str, str]]:
        self.asked.append(("offer", who, role, command, param, typed))
        return [("w1: Dana in #help", "w1"), ("", "w2"), ("x" * 300, "w3"), ("w4", "y" * 300)]

    async def click(self, who: str, role: Role, code: str) -> View:
        return await self._given("click", who, role, code)

    async def form(self, who: str, role: Role, code: str) -> Form | None:
        self.asked.append(("form", who, role, code))
        await self.gate.wait()
        return self.opens if role is Role.MEMBER else None

    async def submit(self, who: str, role: Role, code: str, values: Mapping[str, str]) -> View:
        return await self._given("submit", who, role, code, dict(values))

    async def home(self, who: str, role: Role) -> View:
        self.asked.append(("home", who, role))
        nodes: list[Any] = [Heading("Waiting for you")]
        for n in range(9):
            more = (Button("Why?", "why", f"w{n}"),)
            nodes += [Text((Plain(f"wait {n}"),)), Buttons((Button("On it", "claim", f"w{n}"),), more)]
        nodes += [Divider(), Heading("Your settings"), Buttons((Button("Snooze…", "form", "snooze/w1"),))]
        return View(nodes=tuple(nodes), fallback="home")

    async def correct(self, who: str, role: Role, message: Message | None, says: Says) -> View:
        return await self._given("correct", who, role, None if message is None else (message.channel, message.text), says)

    async def check(self, who: str, role: Role, message: Message | None) -> View:
        return await self._given("check", who, role, None if message is None else (message.channel, message.text))

    async def explain(self, who: str, role: Role, channel: str, message: str) -> View:
        return await self._given("explain", who, role, channel, message)


class Desk(Harbor):
    """A harbor whose bot answers."""

    def __init__(self, fake: Any) -> None:
        super().__init__(fake)
        self.answering = Answering()
        self.asked = self.answering

    async def posted(self, *buttons: Button) -> Any:
        """A reminder with buttons in the team's channel."""
        assert self.connection is not None
        view = said("Dana waits", *(buttons or (Button("I'm on it", "claim", "w1"), Button("Snooze…", "form", "snooze/w1"))))
        await self.connection.deliver(Address("discord", "channel", self.desk.id), view, ("k",))
        return self.desk.posts[-1]

    async def shown(self, person: Any, number: int = 1) -> Any:
        """What somebody alone is shown, once they are shown so many answers."""
        await self.until(lambda: len(person.sees()) == number and person.sees()[-1].components)
        return person.sees()[-1]


@pytest_asyncio.fixture
async def desk(discord_fake: Any) -> AsyncIterator[Desk]:
    made = Desk(discord_fake)
    discord_fake.world.role(made.guild, "Crew").permissions = 1 << 13
    async with made.watched():
        await made.until(lambda: discord_fake.commands.get(""))
        yield made


async def test_a_command_with_what_it_was_given(desk: Desk) -> None:
    await desk.ana.slash("realreply snooze", {"wait": "w1", "when": "tomorrow 9am"}, channel=desk.desk)
    assert "answer to ask" in (await desk.shown(desk.ana)).text
    asked = ("ask", desk.ana.id, Role.MEMBER, "snooze", {"wait": "w1", "when": "tomorrow 9am"})
    assert desk.answering.asked == [asked]
    await desk.ana.slash("realreply leads watch", {"channel": "help", "mode": "mentions"}, channel=desk.help)
    await desk.shown(desk.ana, 2)
    assert desk.answering.asked[-1][3:] == ("watch", {"channel": f"#{{{desk.help.id}}}", "mode": "mentions"})


async def test_it_is_acknowledged_before_anything_is_looked_up(desk: Desk) -> None:
    desk.answering.gate.clear()
    began = time.perf_counter()
    sent = await desk.ana.slash("realreply waiting", channel=desk.desk)
    assert sent.answered and time.perf_counter() - began < 1.5
    post = await desk.posted()
    assert (await desk.ana.clicks(post, "I'm on it")).answered
    desk.answering.gate.set()
    await desk.until(lambda: all(message.components for message in desk.ana.sees()) and len(desk.ana.sees()) == 2)


async def test_who_isnt_on_the_team_is_answered_and_told_nothing(desk: Desk) -> None:
    with pytest.raises(LookupError):
        await desk.dana.slash("realreply waiting", channel=desk.help)
    await desk.dana.slash("realreply waiting", channel=desk.help, hidden=True)
    assert (await desk.shown(desk.dana)).text == "This is a tool of the team here."
    assert {asked[2] for asked in desk.answering.asked} == {Role.CUSTOMER}
    post = await desk.posted()
    await desk.dana.presses(post, "claim:w1")
    await desk.dana.presses(post, "form:snooze/w1")
    await desk.until(lambda: len(desk.dana.sees()) == 3 and desk.dana.sees()[-1].components)
    assert {message.text for message in desk.dana.sees()} == {"This is a tool of the team here."}


async def test_what_may_be_meant_is_offered(desk: Desk) -> None:
    offered = await desk.ana.completes("realreply snooze", "wait", "dan", channel=desk.desk)
    assert [(each["name"], each["value"]) for each in offered] == [("w1: Dana in #help", "w1"), ("x" * 100, "w3")]
    assert desk.answering.asked == [("offer", desk.ana.id, Role.MEMBER, "snooze", "wait", "dan")]


async def test_a_click_on_a_post_is_answered_privately_and_in_its_place_from_then_on(desk: Desk) -> None:
    post = await desk.posted()
    await desk.ana.clicks(post, "I'm on it")
    answer = await desk.shown(desk.ana)
    assert desk.answering.asked == [("click", desk.ana.id, Role.MEMBER, "claim:w1")]
    assert "Dana waits" in post.text, "the post is brought up to date by the bot, not by the click"
    desk.answering.answer = said("undone")
    await desk.ana.clicks(answer, "Undo")
    await desk.until(lambda: desk.ana.sees()[-1].text == "undone")
    assert len(desk.ana.sees()) == 1


async def test_a_menu_and_one_whose_choice_is_taken_back(desk: Desk) -> None:
    assert desk.connection is not None
    row = Buttons((Button("I'm on it", "claim", "w1"),), (Button("Why?", "why", "w1"), Button("Snooze…", "form", "snooze/w1")))
    view = View(nodes=(Text((Plain("Dana waits"),)), row), fallback="x")
    await desk.connection.deliver(Address("discord", "channel", desk.desk.id), view, ("k",))
    post = desk.desk.posts[-1]
    await desk.ana.chooses(post, "More…", "Why?")
    await desk.shown(desk.ana)
    assert desk.answering.asked == [("click", desk.ana.id, Role.MEMBER, "why:w1")]
    assert (await desk.ana.chooses(post, "More…", None)).answered
    await desk.ana.chooses(post, "More…", "Snooze…")
    assert desk.ana.modal["title"] == "Snooze until"
    assert len(desk.answering.asked) == 2, "nothing was asked for what was taken back"


@pytest.mark.parametrize(
    ("custom_id", "more"),
    [
        ("nonsense", {}), ("~h1~", {"kind": 3, "values": ["@everyone"]}), ("~n1~", {"kind": 3, "values": ["claim"]}),
        ("~n1~", {"kind": 3, "values": [["x"]]}), ("~~~~", {}), ("x" * 100, {}),
    ],
)  # fmt: skip
async def test_what_isnt_known_or_was_forged_is_answered_as_a_button_that_isnt_known(
    desk: Desk, custom_id: str, more: dict[str, Any]
) -> None:
    post = await desk.posted()
    assert (await desk.ana.presses(post, custom_id, **more)).answered
    await desk.shown(desk.ana)
    assert desk.answering.asked == [("click", desk.ana.id, Role.MEMBER, "")]


async def test_a_click_whose_message_is_hardly_told_is_answered_all_the_same(desk: Desk) -> None:
    desk.fake.bare_ephemerals = True
    await desk.ana.slash("realreply waiting", channel=desk.desk)
    answer = await desk.shown(desk.ana)
    assert (await desk.ana.clicks(answer, "Undo")).answered
    await desk.until(lambda: len(desk.answering.asked) == 2)


async def test_a_form_opens_and_comes_back(desk: Desk) -> None:
    post = await desk.posted()
    await desk.ana.clicks(post, "Snooze…")
    assert desk.ana.modal["title"] == "Snooze until"
    await desk.ana.submits({"Until when?": "monday 9am", "Why?": f"<@{desk.ben.id}> looks"})
    await desk.shown(desk.ana)
    values = {"when": "monday 9am", "why": f"@{{{desk.ben.id}}} looks"}
    assert desk.answering.asked[-1] == ("submit", desk.ana.id, Role.MEMBER, "snooze:w1", values)


async def test_a_form_that_is_refused_can_be_opened_again_and_the_list_stays(desk: Desk) -> None:
    desk.answering.answer = said("the list", Button("Snooze…", "form", "snooze/w1"))
    await desk.ana.slash("realreply waiting", channel=desk.desk)
    listed = await desk.shown(desk.ana)
    await desk.ana.clicks(listed, "Snooze…")
    desk.answering.answer = said("Until when?", refused=True)
    await desk.ana.submits({"Until when?": "blah"})
    refusal = await desk.shown(desk.ana, 2)
    assert "Until when?" in refusal.text and "the list" in listed.text
    await desk.ana.clicks(refusal, "Try again")
    assert desk.ana.modal["title"] == "Snooze until"


async def test_a_form_that_is_over_is_told_and_one_that_comes_too_late_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    post = await desk.posted()
    desk.answering.opens = None
    await desk.ana.clicks(post, "Snooze…")
    assert "answer to click" in (await desk.shown(desk.ana)).text
    monkeypatch.setattr("adapters.discord.surfaces.IN_TIME", 0.01)
    desk.answering.gate.clear()
    await desk.ana.clicks(post, "Snooze…")
    assert "took too long" in (await desk.shown(desk.ana, 2)).text
    desk.answering.gate.set()


async def test_the_own_page_has_parts_and_is_brought_up_to_date(desk: Desk) -> None:
    await desk.ana.slash("realreply home", channel=desk.desk)
    page = await desk.shown(desk.ana)
    assert "Waiting for you" in page.text and "Your settings" not in page.text
    await desk.ana.clicks(page, "More ›")
    await desk.until(lambda: "Your settings" in page.text)
    await desk.ana.clicks(page, "Snooze…")
    await desk.ana.submits({"Until when?": "monday"})
    await desk.until(lambda: "answer to submit" in page.text and "Your settings" in page.text)
    await desk.ana.clicks(page, "‹ Back")
    await desk.until(lambda: "Waiting for you" in page.text)
    await desk.ana.presses(page, "~h1~claim:w0")
    await desk.until(lambda: "answer to click" in page.text and "Waiting for you" in page.text)
    assert len(desk.ana.sees()) == 1, "all in one message"


async def test_the_menu_of_a_message(desk: Desk) -> None:
    asked = await desk.dana.says("help", "where is my crate?")
    for name, expected in (
        ("Mark as waiting", ("correct", desk.ana.id, Role.MEMBER, (desk.key(desk.help), asked.content), "waits")),
        ("Mark as needing no reply", ("correct", desk.ana.id, Role.MEMBER, (desk.key(desk.help), asked.content), "needs_none")),
        ("Check my reply", ("check", desk.ana.id, Role.MEMBER, (desk.key(desk.help), asked.content))),
        ("Why?", ("explain", desk.ana.id, Role.MEMBER, desk.key(desk.help), asked.id)),
    ):
        await desk.ana.uses_menu(name, asked)
        await desk.until(lambda expected=expected: desk.answering.asked[-1:] == [expected])
    await desk.dana.uses_menu("Mark as waiting", asked, hidden=True)
    assert (await desk.shown(desk.dana)).text == "This is a tool of the team here."
    assert desk.answering.asked[-1] == ("correct", desk.dana.id, Role.CUSTOMER, None, "waits"), "and nothing was read for them"


async def test_an_answer_calls_nobody(desk: Desk) -> None:
    desk.answering.answer = View(
        nodes=(Text((PersonName(desk.ben.id, ping=True), Plain(" @everyone"))),), fallback="x", addressed=(desk.ben.id,)
    )
    await desk.ana.slash("realreply waiting", channel=desk.desk)
    await desk.shown(desk.ana)
    assert {out.notified for out in desk.fake.outgoing} == {()}
    allowed = [out.body["allowed_mentions"] for out in desk.fake.outgoing if "allowed_mentions" in out.body]
    assert allowed and all(said["parse"] == [] and not said.get("users") for said in allowed)


async def test_a_long_answer_goes_on_in_other_messages(desk: Desk) -> None:
    lines = tuple(Text((Plain(f"line {n} " + "x" * 200),)) for n in range(40))
    desk.answering.answer = View(nodes=lines, fallback="x")
    await desk.ana.slash("realreply help", channel=desk.desk)
    await desk.until(lambda: len(desk.ana.sees()) == 3)


async def test_a_command_in_direct_messages_is_looked_at_by_whose_it_is(desk: Desk) -> None:
    await desk.ana.slash("realreply waiting")
    await desk.until(lambda: desk.answering.asked)
    assert desk.answering.asked[0][2] is Role.MEMBER


async def test_what_was_acknowledged_already_is_answered_all_the_same(desk: Desk) -> None:
    desk.fake.ack_seconds = 0.2
    desk.fake.trouble.refuse("POST /interactions/*/*/callback", 40060, status=400)
    await desk.ana.slash("realreply waiting", channel=desk.desk)
    await desk.until(lambda: len(desk.answering.asked) == 1)


async def test_buttons_work_after_a_restart(discord_fake: Any) -> None:
    made = Desk(discord_fake)
    async with made.watched():
        post = await made.posted()
    async with made.watched():
        assert (await made.ana.clicks(post, "I'm on it")).answered
        await made.shown(made.ana)
    assert made.answering.asked == [("click", made.ana.id, Role.MEMBER, "claim:w1")]


async def test_whatever_is_sent_as_a_choice_is_answered_and_calls_nobody(desk: Desk) -> None:
    post = await desk.posted()
    desk.answering.answer = said(f"@everyone <@{desk.ana.id}>")
    forged: list[Any] = [
        None,
        7,
        "claim:w1",
        {"x": 1},
        ["claim:w1"],
        "~h9~claim:w1",
        "listed:all/1/form%3A",
        "\ud83d:",
        "x" * 200,
    ]
    for value in forged:
        assert (await desk.dana.presses(post, "~n1~", kind=3, values=[value])).answered
    await desk.until(lambda: len(desk.dana.sees()) == len(forged))
    assert {out.notified for out in desk.fake.outgoing} == {()}
    assert {asked[2] for asked in desk.answering.asked} == {Role.CUSTOMER}


async def test_a_mistake_of_ours_is_told_and_the_next_one_is_answered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: Any) -> View:
        raise KeyError("secret words")

    monkeypatch.setattr(desk.answering, "ask", fails)
    await desk.ana.slash("realreply waiting", channel=desk.desk)
    await desk.until(lambda: "Something went wrong" in "".join(message.text for message in desk.ana.sees()))
    assert "secret" not in "".join(message.text for message in desk.ana.sees())
    post = await desk.posted()
    await desk.ana.clicks(post, "I'm on it")
    await desk.until(lambda: "answer to click" in "".join(message.text for message in desk.ana.sees()))
