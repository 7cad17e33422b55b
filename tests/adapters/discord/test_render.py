"""Views on Discord: they look as agreed, stay within Discord's limits, call nobody but whom they should, and take people's words
as words.

After a deliberate change of wording or layout: `python -m tests.adapters.discord.test_render` writes the golden files anew; read
the difference before keeping it. The pictures in the documentation are made from the same samples, see pictures.py.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.codes import Carried, mark_of, number_of
from adapters.discord.render import RenderedMessage, form_of, render_answer, render_home, render_message, render_modal
from adapters.discord.texts import escaped
from bot.commands import forms
from bot.commands.table import COMMANDS
from bot.domain import keys
from bot.domain.params import WAIT
from bot.domain.views import (
    Bold,
    Button,
    Buttons,
    Code,
    CommandText,
    Divider,
    Fields,
    Form,
    Heading,
    Input,
    Link,
    Menu,
    Node,
    PersonName,
    Plain,
    Quote,
    SmallPrint,
    Span,
    Text,
    Timestamp,
    View,
)
from bot.domain.visible import clean, is_blank
from tests.adapters.discord.limits import called, every, length, modal_problems, problems, read, text_of
from tests.adapters.discord.pictures import ON_PHONE, PICTURES
from tests.adapters.discord.samples import IDS, discord_views, messages, modals, name_of, surfaces
from tests.commands.test_commands import here
from tests.thorough import examples

GOLDEN = Path(__file__).parent / "golden"
DOCS = Path(__file__).parent.parent.parent.parent / "docs"
ANA, BEN, DANA = IDS["ana"], IDS["ben"], IDS["dana"]

EVIL = (
    "", " ", "\n\n", "\u200b", "\u200d", "*bold* _x_ ~~x~~ `code` ```block``` ||spoiler||", "@everyone @here",
    "<@80351110224600000>",
    "<@!80351110224600000> <@&80351110224600000> <#80351110224600000>", "</realreply start:1> <t:1:R> <:a:1> <a:b:2> <id:guide>",
    "[good.example](https://evil.example)", "https://evil.example/x discord.gg/x", ":smile: :+1: :100:", "\\@everyone \\\\ \\",
    "> quoted\n>>> more", "# head\n-# small\n- item\n* item\n1. one", "• item", "a\x00b\x1b[31mc\x7f", "\u202egnp.exe\u2066x",
    "half \ud83d pair", "z" + "\u0301" * 300, "\U0001f469\u200d" * 400, "x" * 9000, "漢字" * 3000, "word " * 4000, "\n" * 9000,
    "<" * 5000, "*" * 5000, "`" * 400, "|" * 5000, "@everyone" * 500, "<@1" * 2000, "\\" * 4001, "[x](" * 1000,
    "@\u200beveryone", "@\u2060here", "@every\u200bone", "<@\u20601>", "ｘ\u2028y\u2029z\x85", " " * 9000 + "\t",
    "~claim:w1", "#\ue000",
)  # fmt: skip


def message(*nodes: Node, addressed: tuple[str, ...] = (), fallback: str = "x", key: str = "") -> RenderedMessage:
    return render_message(View(nodes=nodes, fallback=fallback, addressed=addressed), name_of=name_of, key=key)


def text(*nodes: Node, addressed: tuple[str, ...] = ()) -> str:
    return text_of(message(*nodes, addressed=addressed).components)


def clickable(made: RenderedMessage) -> list[str]:
    return [each.get("label", each.get("placeholder")) for each in every(made.components) if each["type"] in (2, 3)]


# --- the samples


@pytest.mark.parametrize("kind", sorted(surfaces()))
def test_every_kind_of_message_looks_as_agreed(kind: str) -> None:
    assert surfaces()[kind] == json.loads((GOLDEN / f"{kind}.json").read_text(encoding="utf-8"))


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(surfaces())


def test_they_stay_within_the_limits() -> None:
    assert [(kind, list(problems(made.components))) for kind, made in messages().items() if list(problems(made.components))] == []
    assert [problem for modal in modals().values() for problem in modal_problems(modal)] == []


@pytest.mark.parametrize("kind", sorted(set(discord_views()) & set(messages())))
def test_each_addressed_member_is_called_once_and_nobody_else(kind: str) -> None:
    made, view = messages()[kind], discord_views()[kind]
    assert sorted(called(made.components)) == sorted(made.called) == sorted(set(view.addressed))


def test_the_documentation_shows_every_picture() -> None:
    shown = re.findall(r"!\[[^]]+\]\(discord/(\w+)\.png\)", (DOCS / "discord-messages.md").read_text(encoding="utf-8"))
    wanted = [*PICTURES, *(f"{kind}_phone" for kind in ON_PHONE), "instead_an_embed"]
    assert sorted(shown) == sorted(wanted) == sorted(path.stem for path in (DOCS / "discord").iterdir())
    assert max(path.stat().st_size for path in (DOCS / "discord").iterdir()) < 80_000


# --- who is called


def test_who_isnt_addressed_is_only_named() -> None:
    spans = (PersonName(ANA, ping=True), Plain(", "), PersonName(DANA, ping=True), Plain(", "), PersonName(BEN))
    made = message(Text((*spans, Plain(" "), PersonName(ANA, True))), SmallPrint(spans), addressed=(ANA, BEN))
    assert text_of(made.components) == f"<@{ANA}>, Dana, Ben Ana\n-# Ana, Dana, Ben"
    assert made.called == (ANA,)


def test_small_print_and_fields_can_call_too() -> None:
    assert text(SmallPrint((Plain("for "), PersonName(ANA, True))), addressed=(ANA,)) == f"-# for <@{ANA}>"
    assert text(Fields((("to", (PersonName(ANA, True),)),)), addressed=(ANA,)) == f"**To:** <@{ANA}>"


@pytest.mark.parametrize("id", ["ana", "1> <@&2", "", "12", "0" * 18, "9" * 30, "٣" * 18, f"{ANA}\n"])
def test_what_is_no_account_of_discords_is_never_called(id: str) -> None:
    made = message(Text((PersonName(id, ping=True), Plain("!"))), SmallPrint((PersonName(id, ping=True),)), addressed=(id,))
    assert made.called == ()
    assert called(made.components) == []


def test_a_call_that_was_cut_off_is_made_up_for() -> None:
    made = message(Text((Plain("word " * 2000), PersonName(ANA, True))), addressed=(ANA, BEN))
    assert made.called == (ANA,), "and nobody is called whom no span calls"
    assert text_of(made.components).endswith(f"\n-# For <@{ANA}>.")


# --- people's words


@pytest.mark.parametrize("said", [said for said in EVIL if len(said) < 100 and not is_blank(clean(said))])
def test_words_are_seen_as_they_were_written(said: str) -> None:
    made = text(Quote(said), Text((Plain(said),)), Text((Bold("!"), Plain(said))), SmallPrint((Plain(said),)))
    seen, meant = zip(*(read(line) for line in made.split("\n")), strict=True)
    assert {each for line in meant for each in line} <= {"mark"}, "the stars around the bold part, and nothing else"
    written = clean(said, lines=True).strip().replace("\u2060", "")
    quoted = [line.removeprefix("> ") for line in seen[: written.count("\n") + 1]]
    assert "\n".join(quoted).replace("\u2060", "") == written
    assert called(made) == []


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("*bold* _x_ ~~x~~ `c`", "\\*bold\\* \\_x\\_ \\~\\~x\\~\\~ \\`c\\`"),
        ("snake_case 5-3 a~b 14:05", "snake_case 5-3 a~b 14:05"),
        ("# head", "\\# head"), ("#help", "#help"), ("- item", "\\- item"), ("-# small", "\\-# small"), ("> q", "\\> q"),
        ("1. one", "1\\. one"), ("a > b < c", "a > b < c"), ("@everyone", "@\u2060everyone"), ("@Dana", "@Dana"),
        ("[x](https://evil.example)", "\\[x\\](https\\://evil.example)"), ("||no||", "\\|\\|no\\|\\|"),
        (":smile:", "\\:smile\\:"),
        ("So: yes", "So: yes"), ("¯\\_(ツ)_/¯", "¯\\\\\\_(ツ)\\_/¯"),
    ],
)  # fmt: skip
def test_only_what_means_something_is_escaped(said: str, written: str) -> None:
    assert escaped(said) == written
    assert text(Text((Plain(said),))) == written


def test_what_means_something_at_the_beginning_of_a_line_means_nothing_in_its_midst() -> None:
    assert text(Text((Bold("a"), Plain("# b\n# c")))) == "**a**# b\n\\# c"
    assert text(Text((PersonName("- x"),))) == "\\- x"


def test_bold_and_code_cant_be_left() -> None:
    spans = (Bold(" a** b "), Plain("|"), Code("x` *y* <@1>"), Plain("|"), Bold("*"), Code(" "))
    assert text(SmallPrint(spans)) == "-# **a\\*\\* b** |`xˋ *y* <\u2060@\u20601>`|**\\***"


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("javascript:alert(1)", "here"), ("https://x.example/a b", "here"), ("file:///etc", "here"),
        ("https://é.example", "here"),
        ("https://x.example/>) @everyone", "here"), ("https://x.example/(x)", "here"), ("https://", "here"),
        ("https://evil.example", "https://good.example"), ("https://evil.example", "www.good.example"),
        ("https://x.example/" + "x" * 600, "here"), ("https://x.example", "\u200b"),
    ],
)  # fmt: skip
def test_what_isnt_a_safe_link_with_a_true_label_is_text(url: str, label: str) -> None:
    assert "](" not in text(Text((Link(url, label), Plain("!"))))


def test_links_and_times() -> None:
    spans = (Plain("see "), Link("https://discord.com/channels/1/2/3", "a]b"), Plain(" of "), Timestamp(1715772180.7))
    said = "see [a\\]b](<https://discord.com/channels/1/2/3>) of <t:1715772180:f> (<t:1715772180:R>)"
    assert text(Text(spans)) == said
    for wrong in (-1.0, 1e12):
        with pytest.raises(ValueError, match="no instant"):
            text(Text((Timestamp(wrong),)))


def test_a_time_in_brackets_brings_none_of_its_own() -> None:
    spans = (Plain("due soon ("), Timestamp(1715772180.7), Plain("), again "), Timestamp(1715772180.7))
    said = "due soon (<t:1715772180:f>, <t:1715772180:R>), again <t:1715772180:f> (<t:1715772180:R>)"
    assert text(Text(spans)) == said


def test_commands_are_named_as_they_are_typed_here() -> None:
    spans = (CommandText("claim w1"), Plain(" "), CommandText("away until monday"), Plain(" "), CommandText("watch #help"))
    assert text(Text(spans)) == "`/realreply claim w1` `/realreply me away until monday` `/realreply leads watch #help`"


# --- layout


def several(number: int, *, more: bool = True) -> list[Node]:
    nodes: list[Node] = [Heading("Waiting")]
    for n in range(number):
        tucked = (Button("Snooze…", "form", f"snooze/w{n}"), Button("Why?", "why", f"w{n}")) if more else ()
        shown = (Button("I'm on it", "claim", f"w{n}"), Button("Done", "answered", f"w{n}"), Button("No", "dismiss", f"w{n}"))
        nodes += [Text((Plain(f"• wait {n}"),)), Quote(f"what {n}?"), Buttons(shown, tucked)]
    return nodes


@pytest.mark.parametrize(
    ("number", "buttons", "menus"), [(4, 12, 4), (5, 15, 5), (6, 6, 6), (7, 7, 7), (8, 0, 8), (12, 0, 12)],
)  # fmt: skip
def test_the_more_can_be_done_the_closer_it_stands_together(number: int, buttons: int, menus: int) -> None:
    made = message(*several(number))
    assert list(problems(made.components)) == []
    kinds = [each["type"] for each in every(made.components)]
    assert (kinds.count(2), kinds.count(3)) == (buttons, menus)
    codes = {each["custom_id"] for each in every(made.components) if each["type"] == 2}
    codes |= {option["value"] for each in every(made.components) if each["type"] == 3 for option in each["options"]}
    verbs = ("claim:w{}", "answered:w{}", "dismiss:w{}", "form:snooze/w{}", "why:w{}")
    assert codes == {verb.format(n) for n in range(number) for verb in verbs}, "however close, all of it can be done"


def test_a_list_without_anything_to_click_has_bullets() -> None:
    assert text(*(Text((Plain(f"• {n}"),)) for n in range(2))) == "- 0\n- 1"
    assert "- " not in text(*several(2))


def test_menus_stand_in_one_with_what_is_wanted_less_often() -> None:
    choice = Menu("Snooze", "snooze", (("1 h", "w1 1h"), ("2 h", "w1 2h")))
    made = message(Text((Plain("x"),)), Buttons((Button("On it", "claim", "w1"),), (Button("Why?", "why", "w1"),)), choice)
    (menu,) = (each for each in every(made.components) if each["type"] == 3)
    assert [option["label"] for option in menu["options"]] == ["Why?", "Snooze: 1 h", "Snooze: 2 h"]
    made = message(Text((Plain("x"),)), Buttons((Button("On it", "claim", "w1"),)), choice)
    assert clickable(made) == ["On it", "Snooze"]


def test_every_option_of_a_long_menu_can_be_chosen() -> None:
    made = message(Menu("On it", "claim", tuple((f"w{n}", f"w{n}") for n in range(60))))
    menus = [each for each in every(made.components) if each["type"] == 3]
    assert [len(menu["options"]) for menu in menus] == [25, 25, 10]
    assert len({menu["custom_id"] for menu in menus}) == 3


def test_what_does_the_same_twice_is_told_apart() -> None:
    row = Buttons((Button("a", "claim", "w1"), Button("b", "claim", "w1")))
    made = message(row, key="k")
    carried = [Carried.parse(each["custom_id"]) for each in every(made.components) if each["type"] == 2]
    assert [(each.code, each.post) for each in carried if each] == [("claim:w1", mark_of("k")), ("claim:w1", "")]


def test_a_message_that_is_too_long_says_so_and_keeps_its_buttons() -> None:
    lines = tuple(Text((Plain(f"line {n} " + "x" * 90),)) for n in range(60))
    call = Text((PersonName(ANA, True), Plain(", look")))
    made = message(*lines, call, Buttons((Button("On it", "claim", "w1"),)), addressed=(ANA,))
    assert list(problems(made.components)) == []
    assert clickable(made) == ["On it"]
    assert made.called == (ANA,)
    last = text_of(made.components).split("\n")[-1]
    assert re.fullmatch(
        r"-# \d\d more lines don't fit in here\. `/realreply waiting all` lists who is waiting\. For <@\d+>\.", last
    )


def test_an_answer_that_is_too_long_for_one_message_goes_on_in_others() -> None:
    lines = tuple(Text((Plain(f"line {n} " + "x" * 230),)) for n in range(40))
    parts = render_answer(View(nodes=lines, fallback="x"), name_of=name_of)
    assert [list(problems(part.components)) for part in parts] == [[], [], []]
    said = "\n".join(text_of(part.components) for part in parts)
    assert re.findall(r"line (\d+)", said) == [str(n) for n in range(40)]


def test_an_answer_without_end_is_cut() -> None:
    lines = tuple(Text((Plain(f"line {n} " + "x" * 1900),)) for n in range(40))
    parts = render_answer(View(nodes=lines, fallback="x"), name_of=name_of)
    assert len(parts) == 5
    assert "more lines don't fit in here" in text_of(parts[-1].components)


def test_the_own_page_has_parts_with_ways_between_them() -> None:
    view = View(nodes=(*several(14), Divider(), Heading("Your settings"), *several(1)), fallback="x")
    parts = [render_home(view, part, name_of=name_of) for part in (1, 2, 3)]
    assert [list(problems(part.components)) for part in parts] == [[], [], []]
    assert clickable(parts[0])[-1:] == ["More ›"] and clickable(parts[1])[-2:] == ["‹ Back", "More ›"]
    assert clickable(parts[2])[-1:] == ["‹ Back"]
    assert render_home(view, 99, name_of=name_of) == parts[2]
    for place, part in enumerate(parts):
        pages = {
            getattr(Carried.parse(each["custom_id"]), "page", None) for each in every(part.components) if "custom_id" in each
        }
        assert place + 1 in pages
    said = "\n".join(text_of(part.components) for part in parts)
    assert re.findall(r"^wait (\d+)$", said, re.MULTILINE) == [*map(str, range(14)), "0"]


def test_what_came_of_a_click_stands_above_the_own_page() -> None:
    view, done = View(nodes=tuple(several(5)), fallback="x"), View(nodes=(Text((Plain("Done."),)),), fallback="x")
    made = render_home(view, 1, name_of=name_of, above=done)
    assert text_of(made.components).startswith("Done.\n### Waiting")
    assert list(problems(made.components)) == []


def test_a_view_with_nothing_to_see_shows_its_gist() -> None:
    nothing: tuple[Node, ...] = (Text((Plain(" \u200b"),)), Heading("\u200d"), Quote("\n"), Buttons(()), Menu("x", "y", ()))
    made = message(*nothing, fallback="The *gist*")
    assert text_of(made.components) == "The \\*gist\\*"
    assert text_of(message(Text(()), fallback="\u200b").components) == "realreply"
    assert text_of(render_answer(View(nodes=(Divider(),), fallback="x"), name_of=name_of)[0].components) == "x"
    assert text_of(render_home(View(nodes=(Divider(),), fallback="x"), 1, name_of=name_of).components) == "x"


def test_the_first_component_can_be_found_by_the_messages_key() -> None:
    assert message(Text((Plain("x"),)), key="k#0.1").components[0]["id"] == number_of("k#0.1")
    assert message(*several(1), key="k#0.1").components[0]["id"] == number_of("k#0.1")
    assert "id" not in message(*several(1)).components[0]


# --- codes and forms


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=60), st.sampled_from(["claim", "not_me", "snooze"]))
def test_what_a_button_carries_comes_back(argument: str, verb: str) -> None:
    code = Button("x", verb, argument).code
    for carried in (Carried(code=code), Carried(code=code, page=3, number=2), Carried(code=code, post="0a1b")):
        assert Carried.parse(carried.spell()) == carried


def test_what_there_is_no_room_for_is_left_out() -> None:
    code = "claim:" + "w" * 90
    carried = Carried(code=code, page=3, post=mark_of("k"))
    assert carried.spell() == f"~h3~{code[:96]}" if len(code) > 96 else len(carried.spell()) <= 100
    assert Carried(code="claim:" + "w" * 94, page=3).spell() == "claim:" + "w" * 94
    with pytest.raises(ValueError, match="at most 100"):
        Carried(code="claim:" + "w" * 95).spell()


@pytest.mark.parametrize("custom_id", ["", "claim", ":w1", "~~claim:w1", "~x y~claim:w1", "~h1", "a b:c", "x" * 101, "~n1~claim"])
def test_what_isnt_ours_carries_nothing(custom_id: str) -> None:
    assert Carried.parse(custom_id) is None


def test_a_form_comes_back_with_its_values() -> None:
    inputs = (Input("what", "What"), Input("a:b", "Days", "mon", kind="days", options=(("Monday", "mon"), ("Friday", "fri"))))
    modal: Any = render_modal(
        Form("Report a conversation", "report", "w17:x", (*inputs, Input("who", "Who", kind="person"))), page=2
    )
    assert list(modal_problems(modal)) == []
    given = [{"type": 4, "value": "It *broke*"}, {"type": 22, "values": ["mon", "fri"]}, {"type": 5, "values": [ANA]}]
    sent = [
        {"type": 18, "component": {**said, "custom_id": each["component"]["custom_id"]}}
        for each, said in zip(modal["components"], given, strict=True)
    ]
    carried, values = form_of({"custom_id": modal["custom_id"], "components": sent})
    assert carried == Carried(code="report:w17:x", page=2)
    assert values == {"what": "It *broke*", "a:b": "mon,fri", "who": f"@{{{ANA}}}"}


@pytest.mark.parametrize(
    "data",
    [
        {}, {"custom_id": None, "components": []}, {"custom_id": "x", "components": []}, {"custom_id": "snooze:w1"},
        {"custom_id": "~h1~", "components": []},
    ],
)  # fmt: skip
def test_what_is_no_form_of_ours(data: dict[str, Any]) -> None:
    assert form_of(data) == (None, {})


def test_forged_values_are_left_out() -> None:
    forged: list[Any] = [None, 7, {"type": 18}, {"type": 18, "component": {"custom_id": 7}}, {"type": 1, "components": []}]
    forged += [{"type": 18, "component": {"type": 4, "custom_id": "in:0:when", "value": None}}]
    assert form_of({"custom_id": "snooze:w1", "components": forged}) == (Carried(code="snooze:w1"), {"when": ""})


def test_a_form_that_asks_too_much_leaves_out_what_may_stay_empty() -> None:
    asked = tuple(Input(f"i{n}", f"I{n}", required=n < 4) for n in range(7))
    modal: Any = render_modal(Form("T", "hours", "", asked))
    assert [each["label"] for each in modal["components"]] == ["I0", "I1", "I2", "I3", "I4"]
    with pytest.raises(ValueError, match="at most 5"):
        render_modal(Form("T", "hours", "", tuple(Input(f"i{n}", "I") for n in range(6))))


@pytest.mark.parametrize("command", sorted(command.name for command in COMMANDS.values() if command.asked_by_form is not None))
def test_every_form_there_is_fits(command: str) -> None:
    code = keys.code("form", keys.argument(command, "w1") if WAIT in COMMANDS[command].params else command)
    asked = forms.form(code, here())
    assert asked is not None
    assert list(modal_problems(render_modal(asked))) == []


# --- anything


def texts() -> st.SearchStrategy[str]:
    return (
        st.text(st.characters(exclude_categories=()), max_size=40)
        | st.sampled_from(EVIL)
        | st.text(st.sampled_from(" \n<>@!#&|*_~`:[]()-\\\u200d\u202e\u0301\ud83d1x"), max_size=60)
    )


PEOPLE = st.sampled_from([ANA, BEN, DANA, "ana", "1><@&2", "@everyone"])


def spans() -> st.SearchStrategy[tuple[Span, ...]]:
    one = (
        st.builds(Plain, texts()) | st.builds(Bold, texts()) | st.builds(Code, texts()) | st.builds(CommandText, texts())
        | st.builds(PersonName, PEOPLE, st.booleans())
        | st.builds(Link, texts() | st.just("https://discord.com/channels/1/2/3"), texts())
        | st.builds(Timestamp, st.floats(0, 7e9))
    )  # fmt: skip
    return st.lists(one, max_size=5).map(tuple)


def nodes() -> st.SearchStrategy[Node]:
    button = st.builds(Button, texts(), st.just("claim"), st.sampled_from(["w1", "w2"]), st.sampled_from(["plain", "primary"]))
    buttons = st.lists(button, max_size=8).map(tuple)
    options = st.lists(st.tuples(texts(), st.sampled_from(["w1", "w2", "w3"])), max_size=40).map(tuple)
    inputs = st.lists(st.builds(Input, st.sampled_from(["a", "b"]), texts(), texts()), max_size=3).map(tuple)
    fields = st.lists(st.tuples(texts(), spans()), max_size=12).map(tuple)
    return st.one_of(
        st.builds(Heading, texts()), st.builds(Text, spans()), st.builds(Quote, texts()), st.builds(SmallPrint, spans()),
        st.builds(Fields, fields), st.builds(Buttons, buttons, buttons), st.builds(Menu, texts(), st.just("snooze"), options),
        st.builds(Form, texts(), st.just("v"), st.just("a"), inputs), st.just(Divider()),
        st.builds(lambda made: Text((Plain("• "), *made)), spans()),
    )  # fmt: skip


def wanted(view: View) -> set[str]:
    """Whom the view means to call."""
    found: set[str] = set()
    for node in view.nodes:
        made = node.spans if isinstance(node, Text | SmallPrint) else ()
        if isinstance(node, Fields):
            made = tuple(span for _, each in node.fields for span in each)
        found |= {span.person for span in made if isinstance(span, PersonName) and span.ping}
    return {person for person in found & set(view.addressed) if re.fullmatch(r"\d{15,20}", person)}


@settings(max_examples=examples(12, 100))
@given(st.lists(nodes(), min_size=1, max_size=12), st.lists(PEOPLE, unique=True).map(tuple), texts(), texts(), st.booleans())
def test_any_view_is_taken_and_calls_only_whom_it_should(
    made: list[Node], addressed: tuple[str, ...], fallback: str, name: str, many: bool
) -> None:
    view = View(nodes=tuple(made) * (6 if many else 1), fallback=fallback if fallback.strip() else "x", addressed=addressed)
    rendered = render_message(view, name_of=lambda _: name, key="k")
    assert list(problems(rendered.components)) == []
    assert sorted(called(rendered.components)) == sorted(rendered.called) == sorted(wanted(view))
    answer = render_answer(view, name_of=lambda _: name)
    assert 1 <= len(answer) <= 5
    for part in (*answer, render_home(view, 1, name_of=lambda _: name), render_home(view, 2, name_of=lambda _: name, above=view)):
        assert list(problems(part.components)) == []
        assert set(called(part.components)) <= wanted(view)
    for form in (node for node in made if isinstance(node, Form) and node.inputs):
        assert list(modal_problems(render_modal(form))) == []


def hostile(number: int) -> list[str]:
    chance = random.Random(13)
    letters = [*" \n<>@!#&|*_~`:[]()-\\", "\u202e", "\u0301", "\ud83d", "\u200d", "\U0001f469", "\x00", "漢", "a", "1"]
    lengths, repeats, short = (0, 1, 5, 30, 200), (0, 0, 0, 1, 2), [said for said in EVIL if len(said) < 200]
    made = ["".join(chance.choices(letters, k=chance.choice(lengths))) for _ in range(number)]
    evil = [chance.choice(EVIL if chance.random() < 0.04 else short) * chance.choice(repeats) for _ in range(number)]
    return [said + more for said, more in zip(made, evil, strict=True)]


@pytest.mark.slow
def test_thousands_of_hostile_texts_call_nobody_and_fit() -> None:
    for said in hostile(examples(2_500, 10_000)):
        view = View(
            nodes=(Text((Plain(said), PersonName(ANA, True))), Quote(said), SmallPrint((Plain(said), Code(said)))), fallback="x"
        )
        made = render_message(view, name_of=lambda _, said=said: said)
        assert called(made.components) == []
        assert list(problems(made.components)) == []


def test_hostile_texts_call_nobody_and_fit() -> None:
    for said in [*EVIL, *hostile(80)]:
        heading = (Heading(said), Text((Bold(said), Link("https://x.example", said), PersonName(ANA, True))))
        made = message(*heading, Quote(said), Buttons((Button(said, "claim", "w1"),)), Menu(said, "claim", ((said, "w1"),)))
        assert called(made.components) == []
        assert list(problems(made.components)) == []
        assert length(text_of(made.components)) <= 4_000


def write_golden() -> None:
    """Write the golden files anew."""
    GOLDEN.mkdir(exist_ok=True)
    for path in GOLDEN.glob("*.json"):
        path.unlink()
    for kind, surface in surfaces().items():
        (GOLDEN / f"{kind}.json").write_text(json.dumps(surface, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_golden()
