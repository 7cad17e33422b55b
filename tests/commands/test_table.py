"""The table of commands as a whole: a verb is one file and one line, roles hold for every row, buttons carry its verbs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import forms
from bot.commands.command import Command, Request
from bot.commands.parse import parse, parse_click
from bot.commands.table import COMMANDS, command_of
from bot.domain.events import Acted
from bot.domain.params import WAIT, FormText, Param
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.domain.tags import person_tag
from bot.domain.trace import Trace
from bot.domain.views import Button, Buttons, Form, Menu, PersonName, Plain, View
from bot.domain.waits import Wait
from bot.domain.writes import SaveWait, Write
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.verbs.registry import VERBS
from bot.waits.verbs.verb import Decided, Speech, Verb, outcome_of, wait_in
from bot.wording.lists import out_of_list
from tests.commands.test_commands import ask, here, words
from tests.runtime.test_interactions import TEN, Office, office  # noqa: F401
from tests.wording.samples import views

ROOT = Path(__file__).parent.parent.parent


# A made-up verb: what whoever adds one writes, and nothing else


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    del state, trace
    writes: list[Write] = [SaveWait(wait=replace(wait, owner=event.member, owner_reason="claimed"))]
    return writes, outcome_of("handed", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    wait = wait_in(outcome)
    return speech.said(*speech.which(wait), Plain(" is "), PersonName(wait.owner or ""), Plain("'s now."))


HAND = Verb(
    name="hand_over",
    help="have somebody else look after it",
    examples=("hand-over w1 @ben",),
    params=(WAIT, Param(name="to", kind="member", form=FormText(title="Hand over", label="To whom?"))),
    decide=decide,
    respond=respond,
)


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Command:
    """The verb in the registry; its row follows from it."""
    command = command_of(HAND)
    monkeypatch.setitem(VERBS, HAND.name, HAND)
    monkeypatch.setitem(COMMANDS, command.name, command)
    return command


async def test_a_verb_is_its_file_and_a_line(hand: Command, office: Office) -> None:  # noqa: F811
    await office.says("dana", "where is it?")
    assert hand.usage == "hand-over WAIT @to"
    assert await office.asks("ana", "handover w1") == "There is no command “handover”. Did you mean hand-over?"
    assert "needs to know more: which member" in await office.asks("ana", "hand over w1")
    assert "needs to know more: which wait" in await office.asks("ana", "hand-over")
    assert "needs to know more: which member" in await office.asks("ana", "hand-over w1")
    assert "Nobody on the team is called “@zed”" in await office.asks("ana", "hand-over w1 @zed")
    assert await office.asks("ana", "hand-over dana ben") == "w1, Dana in #help is Ben's now."
    assert (await office.wait()).owner == "ben"
    assert await office.clicks("ana", "hand_over:w1/mia") == "w1, Dana in #help is Mia's now."
    form = await office.desk.form("ana", Role.MEMBER, "form:hand-over/w1")
    assert isinstance(form, Form) and form.title == "Hand over"
    await office.desk.submit("ana", Role.MEMBER, "hand-over:w1", {forms.TEXT: "ben"})
    assert (await office.wait()).owner == "ben"
    assert [asked.kind for asked in form.inputs] == ["person"]
    await office.desk.submit("ana", Role.MEMBER, "hand-over:w1", {"to": person_tag("mia")})  # as a picker gives somebody
    assert (await office.wait()).owner == "mia"
    nobody = await office.desk.submit("ana", Role.MEMBER, "hand-over:w1", {"to": person_tag("dana")})
    assert nobody.refused and nobody.field == "to" and (await office.wait()).owner == "mia"
    await office.desk.submit("ana", Role.MEMBER, "hand-over:w1", {"to": "ben"})
    assert "hand-over WAIT @to" in words(await office.desk.command("ana", Role.MEMBER, "help"))
    await office.asks("ana", "dismiss w1")
    assert "is over already" in await office.asks("ana", "hand-over w1 ben")


# Every row


@pytest.mark.parametrize("name", COMMANDS)
def test_every_row_says_whom_it_is_for_and_how_it_is_asked(name: str) -> None:
    command = COMMANDS[name]
    assert command.role in ("anyone", "member", "lead") and command.help and command.examples
    kinds = [param.kind for param in command.params]
    assert len(set(kinds)) == len(kinds), "a command is given one thing of each kind"
    for example in command.examples:
        assert isinstance(parse(example), Request), example
    for param in command.params:
        assert (param.kind == "choice") == bool(param.options)
        assert not (param.required and (param.hidden or param.tells))
        if param.form is not None:
            assert len(param.form.title) <= 24 and len(param.form.label) <= 45 and param.question and param.examples
        for example in param.examples:
            assert isinstance(parse(f"{name} w1 {example}" if WAIT in command.params else f"{name} {example}"), Request)


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command.asked_by_form])
def test_every_form_opens_and_says_what_is_missing(name: str) -> None:
    opened = forms.form(f"form:{name}/w1" if WAIT in COMMANDS[name].params else f"form:{name}", here("mia"))
    assert opened is not None and opened.verb == name
    empty = forms.filled(f"{name}:{opened.argument}", {forms.TEXT: " "}, here())
    assert isinstance(empty, Refusal) and empty.says.endswith("?")
    assert all(isinstance(parse(tried), Request) for tried in empty.tries)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_tried_as_each_role(verb: str) -> None:
    """Who isn't on the team changes nothing, whatever reaches the decision; who is does, or hears why not."""
    row = VERBS[verb]
    assert row.role in ("member", "lead") and row.name == verb
    if not row.asked:
        return
    for example in row.examples:
        name, _, rest = example.partition(" ")
        line = f"{name} w1 {rest.partition(' ')[2]}".rstrip()  # its own example, about the wait there is
        assert not ask(line, "dana").events and "tool of the team" in words(ask(line, "dana").view)
        for who in ("ana", "mia"):
            shown = words(ask(line, who).view)
            assert "w1" in shown and "for leads" not in shown


# Buttons


def carried(view: View) -> Iterator[str]:
    for node in view.nodes:
        if isinstance(node, Buttons):
            yield from (out_of_list(button.code)[1] for button in (*node.buttons, *node.more))
        elif isinstance(node, Menu):
            yield from (f"{node.verb}:{argument}" for _, argument in node.options)


def opens_or_acts(code: str) -> bool:
    verb, _, argument = code.partition(":")
    if verb == forms.OPENS:
        command = COMMANDS.get(argument.partition("/")[0])
        return command is not None and command.asked_by_form is not None
    return isinstance(parse_click(code), Request)


def test_every_button_of_views_carries_a_verb_of_the_table() -> None:
    codes = {code for view in views().values() for code in carried(view)}
    assert {code for code in codes if not opens_or_acts(code)} == set()
    assert {"claim", "snooze", "not_me", "form"} <= {code.partition(":")[0] for code in codes}


def test_every_button_in_the_source_carries_a_verb_of_the_table() -> None:
    """Also those of views that no sample shows: the verb stands there as a word."""
    found: dict[str, str] = {}
    for room in ("wording", "commands", "waits", "outbox"):
        for path in (ROOT / "bot" / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                called = isinstance(node, ast.Call) and ast.unparse(node.func) in (Button.__name__, Menu.__name__)
                if called and isinstance(node, ast.Call) and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                    found[str(node.args[1].value)] = path.name
    known = {forms.OPENS, *(name.replace("-", "_") for name, command in COMMANDS.items() if command.button)}
    assert len(found) > 5 and {verb: where for verb, where in found.items() if verb not in known} == {}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_button_carries_only_what_may_be_clicked(name: str) -> None:
    clicked = parse_click(f"{name}:w1 2h" if name == "snooze" else f"{name}:{_argument(COMMANDS[name])}")
    assert isinstance(clicked, Request) == COMMANDS[name].button


def _argument(command: Command) -> str:
    kinds = {"wait": "w1", "customer": "w1", "channel": "help"}
    return "" if not command.params else kinds.get(command.params[0].kind, "")
