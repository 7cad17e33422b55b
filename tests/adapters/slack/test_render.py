"""Views on Slack: they look as agreed, stay within Slack's limits, call nobody but whom they should, and take people's words as
words.

After a deliberate change of wording or layout: `python -m tests.adapters.slack.test_render` writes the golden files anew; read
the difference before keeping it. The pictures in the documentation are made from the same samples, see pictures.py.
"""

from __future__ import annotations

import json
import random
import re
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View as SlackView

from adapters.slack.render import code_of, form_of, render_home, render_message, render_modal
from adapters.slack.texts import as_mrkdwn
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
from bot.domain.visible import clean, is_blank, shorten, units
from tests.adapters.slack.limits import called, heft, leaves, length, problems
from tests.adapters.slack.pictures import PICTURES
from tests.adapters.slack.samples import name_of, slack_views, surfaces
from tests.thorough import examples

GOLDEN = Path(__file__).parent / "golden"
DOCS = Path(__file__).parent.parent.parent.parent / "docs"

EVIL = (
    "", " ", "\n\n", "\u200b", "\u200d", "*bold* _x_ ~x~ `code` ```block```", "<!channel> <!here> <!everyone>", "<@U0ANA> <#C1>",
    "<!subteam^S1|@team>", "<http://evil.example|https://good.example>", "https://evil.example/x", ":smile:", "&amp; &lt;@U1&gt;",
    "> quoted\n>>> more", "• item", "a\x00b\x1b[31mc\x7f", "\u202egnp.exe\u2066x", "half \ud83d pair", "z" + "\u0301" * 300,
    "\U0001f469\u200d" * 400, "\U0001f1e9\U0001f1ea" * 400, "x" * 9000, "漢字" * 3000, "word " * 4000, "\n" * 9000, "<" * 5000,
    "&" * 5000, "`" * 400, "*" * 400, "|>" * 2000, "@channel @here @everyone",
    "\U000e0067\U000e007f", " " * 9000 + "\t", "\n " * 4000, "ｘ\u2028y\u2029z\x85",
)  # fmt: skip

GOOD_URL = "https://chat.example/archives/C1/p1?a=1&b=2"


def message(*nodes: Node, addressed: tuple[str, ...] = (), fallback: str = "x") -> dict[str, Any]:
    rendered = render_message(View(nodes=nodes, fallback=fallback, addressed=addressed), name_of=name_of)
    return {"text": rendered.text, "blocks": rendered.blocks}


def seen(surface: dict[str, Any]) -> str:
    """The literal text of a surface's rich text."""
    return "".join(leaf.get("text", f"({leaf['type']})") for leaf in leaves(surface["blocks"]))


def small(surface: dict[str, Any]) -> list[str]:
    """The markup of a surface's small print and fields."""
    return [
        text["text"] for block in surface["blocks"] if block["type"] in ("context", "section")
        for text in block.get("elements", []) + block.get("fields", [])
    ]  # fmt: skip


def controls(surface: dict[str, Any]) -> list[dict[str, Any]]:
    return [element for block in surface["blocks"] if block["type"] == "actions" for element in block["elements"]]


# --- the samples


@pytest.mark.parametrize("kind", sorted(surfaces()))
def test_every_kind_of_view_looks_as_agreed(kind: str) -> None:
    assert surfaces()[kind] == json.loads((GOLDEN / f"{kind}.json").read_text(encoding="utf-8"))


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(surfaces())


@pytest.mark.parametrize("kind", sorted(surfaces()))
def test_the_sdk_takes_them_and_knows_every_key(kind: str) -> None:
    surface = surfaces()[kind]
    if "type" in surface:
        view = SlackView(**surface)
        view.validate_json()
        assert view.to_dict() == surface
    blocks = Block.parse_all(surface["blocks"])
    for block in blocks:
        block.validate_json()
    assert [block.to_dict() for block in blocks] == surface["blocks"]


@pytest.mark.parametrize("kind", sorted(surfaces()))
def test_they_stay_within_the_limits(kind: str) -> None:
    surface = surfaces()[kind]
    assert list(problems(surface["blocks"], 100 if "type" in surface else 50)) == []


@pytest.mark.parametrize("kind", sorted(slack_views()))
def test_each_addressed_member_is_called_once_and_nobody_else(kind: str) -> None:
    view = slack_views()[kind]
    assert sorted(called(surfaces()[kind])) == sorted(set(view.addressed))


def test_the_documentation_shows_every_picture() -> None:
    shown = re.findall(r"!\[[^]]+\]\(slack/(\w+)\.png\)", (DOCS / "slack-messages.md").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(PICTURES) == sorted(path.stem for path in (DOCS / "slack").iterdir())
    assert max(path.stat().st_size for path in (DOCS / "slack").iterdir()) < 60_000


# --- who is called


def test_who_isnt_addressed_is_only_named() -> None:
    spans = (
        PersonName("U0ANA", ping=True),
        Plain(", "),
        PersonName("U0DANA", ping=True),
        Plain(", "),
        PersonName("U0BEN"),
        Plain(" "),
        PersonName("U0ANA", True),
    )
    made = message(Text(spans), SmallPrint(spans), addressed=("U0ANA", "U0BEN"))
    assert called(made) == ["U0ANA"]
    assert seen(made) == "(user), Dana, Ben Ana"
    assert small(made) == ["Ana, Dana, Ben Ana"]


def test_small_print_and_fields_can_call_too() -> None:
    assert small(message(SmallPrint((Plain("for "), PersonName("U0ANA", ping=True))), addressed=("U0ANA",))) == ["for <@U0ANA>"]
    fields = Fields((("to", (PersonName("U0ANA", ping=True),)),))
    assert small(message(fields, addressed=("U0ANA",))) == ["*To*\n<@U0ANA>"]


@pytest.mark.parametrize("id", ["ana", "U1> <!channel", "U1|x", "", "U", "u1abc", "U1\n"])
def test_what_is_no_slack_id_is_never_called(id: str) -> None:
    made = message(Text((PersonName(id, ping=True), Plain("!"))), SmallPrint((PersonName(id, ping=True),)), addressed=(id,))
    assert called(made) == []


def test_a_call_that_was_cut_off_is_made_up_for() -> None:
    made = message(Text((Plain("word " * 2000), PersonName("U0ANA", ping=True))), addressed=("U0ANA", "U0BEN"))
    assert called(made) == ["U0ANA"], "and nobody is called whom no span calls"
    assert small(made) == ["For <@U0ANA>."]


# --- people's words


@pytest.mark.parametrize("text", [text for text in EVIL if len(text) < 100 and not is_blank(clean(text))])
def test_words_are_literal_in_rich_text(text: str) -> None:
    made = message(Quote(text), Text((Plain(text),)), Text((Bold(text), Plain("."), Code(text))))
    assert {leaf["type"] for leaf in leaves(made["blocks"])} == {"text"}
    assert called(made) == []
    quoted = made["blocks"][0]["elements"][0]
    assert quoted["type"] == "rich_text_quote"
    assert "".join(leaf["text"] for leaf in leaves(quoted)).replace("\u2060", "") == clean(text, lines=True).strip()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("*bold* _x_ ~x~ `c`", "∗bold∗ ˍxˍ ∼x∼ ˋcˋ"), ("snake_case 5*3 a~b", "snake_case 5*3 a~b"), ("_private_", "ˍprivateˍ"),
        ("> q", "› q"), ("a > b", "a &gt; b"), ("<!channel>", "&lt;!channel&gt;"), ("&amp;", "&amp;amp;"),
        ("<http://evil.example|good>", "&lt;http://evil.example|good&gt;"), (":smile:", ":smile:"),
    ],
)  # fmt: skip
def test_words_cant_style_or_link_small_print(text: str, said: str) -> None:
    assert as_mrkdwn(text) == said
    made = message(SmallPrint((Plain(text),)), fallback=text)
    assert small(made) == [said]
    assert made["text"] == said
    assert made["blocks"][0]["elements"][0]["verbatim"] is True


def test_bold_and_code_in_small_print_cant_be_left() -> None:
    spans = (Bold(" a* b "), Plain("|"), Code("x` *y* <@U1>"), Plain("|"), Bold("*"), Code(" "))
    assert small(message(SmallPrint(spans))) == ["*a∗ b* |`xˋ *y* &lt;@U1&gt;`|*∗*"]


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("javascript:alert(1)", "here"), ("https://x.example/a b", "here"), ("file:///etc", "here"),
        ("https://é.example", "here"), ("https://x.example/>|<!channel>", "here"), ("https://", "here"),
        ("https://evil.example", "https://good.example"), ("https://evil.example", "www.good.example"),
        ("https://x.example/" + "x" * 3000, "here"), ("https://x.example", "\u200b"),
    ],
)  # fmt: skip
def test_what_isnt_a_safe_link_with_a_true_label_is_text(url: str, label: str) -> None:
    made = message(Text((Link(url, label), Plain("!"))), SmallPrint((Link(url, label), Plain("!"))))
    assert {leaf["type"] for leaf in leaves(made["blocks"])} == {"text"}
    assert "<" not in small(made)[0]


def test_links_and_dates_in_both_kinds_of_text() -> None:
    spans = (Plain("see "), Link(GOOD_URL, "a*b|c"), Plain(" of "), Timestamp(1715772180.7))
    made = message(Text(spans), SmallPrint(spans), Text((Timestamp(1715772180),)))
    link, date = (leaf for leaf in list(leaves(made["blocks"]))[:4] if leaf["type"] != "text")
    assert link == {"type": "link", "url": GOOD_URL, "text": "a*b|c"}
    form = "{date_short_pretty} at {time}"
    said = {"timestamp": 1715772180, "fallback": "15 May 2024 11:23 UTC"}
    assert date == {"type": "date", "format": "\u200b" + form, **said}, "in a sentence Slack mustn't write a capital"
    assert list(leaves(made["blocks"]))[4] == {"type": "date", "format": form, **said}
    address = "https://chat.example/archives/C1/p1?a=1&amp;b=2"
    assert small(made) == [f"see <{address}|a*b∣c> of <!date^1715772180^\u200b{form}|15 May 2024 11:23 UTC>"]


# --- shortening


@pytest.mark.parametrize(
    "unit", ["\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea", "e\u0301", "\U0001f44d\U0001f3fd", "漢"]
)
def test_nothing_seen_as_one_is_cut_in_two(unit: str) -> None:
    for limit in range(2, 60):
        cut = shorten(unit * 60, limit)
        assert cut.endswith("…")
        assert length(cut) <= limit
        assert set(cut.removesuffix("…").split(unit)) == {""}


def test_texts_are_cut_between_words() -> None:
    assert shorten("one two three four", 12) == "one two…"
    assert shorten("one two three four", 18) == "one two three four"
    assert seen(message(Text((Plain("word " * 4000),)))).endswith(" word…")


@given(st.text(st.characters(exclude_categories=())), st.integers(2, 80))
def test_shortening_keeps_a_beginning_and_never_exceeds(text: str, limit: int) -> None:
    cut = shorten(text, limit)
    assert units(cut) == length(cut) <= max(limit, 1)
    assert text == cut or text.startswith(cut.removesuffix("…"))


@pytest.mark.parametrize("letter", ["x", "\U0001f600"])
def test_labels_fill_their_limit_and_are_shortened_beyond_it(letter: str) -> None:
    def labels(number: int) -> list[str]:
        text = letter * (number // length(letter))
        made = message(Heading(text), Buttons((Button(text, "claim", "w1"),)), Menu(text, "snooze", ((text, "w1 1h"),)))
        button, menu = controls(made)
        found = (made["blocks"][0], button, menu["options"][0], {"text": menu["placeholder"]})
        return [each["text"]["text"] for each in found]

    assert [length(each) for each in labels(74)] == [74, 74, 74, 74]
    assert [length(each) for each in labels(150)] == [150, 75, 75, 150]
    assert [each[-1] for each in labels(400)] == ["…"] * 4


def test_a_fallback_is_measured_as_it_is_sent() -> None:
    text = message(Divider(), fallback="<&>" * 3000)["text"]
    assert 2_990 < length(text) <= 3_000
    assert re.fullmatch("(&lt;|&amp;|&gt;)+…", text)


# --- layout


def test_a_list_without_quotes_has_bullets_and_one_with_quotes_has_none() -> None:
    items = tuple(Text((Plain(f"• {n}"),)) for n in range(3))
    groups = message(*items)["blocks"][0]["elements"]
    assert [(group["type"], len(group["elements"])) for group in groups] == [("rich_text_list", 3)]
    groups = message(items[0], Quote("a"), items[1], Quote("b"))["blocks"][0]["elements"]
    assert [group["type"] for group in groups] == ["rich_text_section", "rich_text_quote"] * 2


def test_more_than_ten_fields_go_on_in_another_section() -> None:
    blocks = message(Fields(tuple((f"f{n}", (Plain(str(n)),)) for n in range(23))))["blocks"]
    assert [len(block["fields"]) for block in blocks] == [10, 10, 3]


def test_menus_stand_beside_the_buttons_before_them() -> None:
    row = Buttons(tuple(Button(f"b{n}", "claim", f"w{n}") for n in range(7)))
    choice = Menu("Snooze", "snooze", (("1 h", "w1 1h"), ("2 h", "w1 2h")))
    blocks = message(row, choice, choice)["blocks"]
    assert [[element["type"] for element in block["elements"]] for block in blocks] == [
        ["button"] * 5, ["button", "button", "static_select", "static_select"],
    ]  # fmt: skip


def test_every_option_of_a_long_menu_can_be_chosen() -> None:
    made = message(Menu("On it", "claim", tuple((f"w{n}", f"w{n}") for n in range(230))))
    menus = controls(made)
    assert [len(menu["options"]) for menu in menus] == [100, 100, 30]
    assert {menu["placeholder"]["text"] for menu in menus} == {"On it"}


def test_a_message_that_is_too_long_says_so_and_keeps_its_buttons() -> None:
    lines = tuple(node for n in range(60) for node in (Text((Plain(f"line {n}"),)), Divider()))
    call = Text((PersonName("U0ANA", ping=True), Plain(", look")))
    made = message(*lines, call, Buttons((Button("On it", "claim", "w1"),)), addressed=("U0ANA",))
    assert len(made["blocks"]) == 50
    assert small(made) == ["73 more lines don't fit in here. `/realreply waiting all` lists who is waiting. For <@U0ANA>."]
    assert [code_of(element) for element in controls(made)] == ["claim:w1"]
    assert called(made) == ["U0ANA"]


def test_a_message_that_is_too_heavy_is_cut_too() -> None:
    made = message(*(Text((Plain(f"{n} " + "word " * 300),)) for n in range(40)))
    assert 5_000 < length(seen(made)) < 12_000
    assert small(made)[-1].endswith("`/realreply waiting all` lists who is waiting.")


def test_menus_that_are_too_heavy_for_a_message_are_left_out_and_said_to_be() -> None:
    menu = Menu("Which", "claim", tuple((f"option number {n} " + "x" * 60, "y" * 90 + str(n)) for n in range(100)))
    made = message(Text((Plain("Pick one"),)), menu)
    assert seen(made) == "Pick one"
    assert small(made) == ["One more line doesn't fit in here. `/realreply waiting all` lists who is waiting."]


def test_a_view_with_nothing_to_see_shows_its_gist() -> None:
    made = message(
        Text((Plain(" \u200b"),)), Heading("\u200d"), Quote("\n"), Buttons(()), Menu("x", "y", ()), fallback="The *gist*"
    )
    assert seen(made) == "The *gist*"
    assert made["text"] == "The ∗gist∗"
    assert message(Text(()), fallback="\u200b")["text"] == "realreply"


def test_a_person_without_a_name_is_somebody() -> None:
    rendered = render_message(View(nodes=(Text((PersonName("U0X"),)),), fallback="x"), name_of=lambda _: " \u202e")
    assert list(leaves(rendered.blocks)) == [{"type": "text", "text": "somebody"}]


# --- codes and forms


@given(
    st.text(st.characters(exclude_categories=("Cs",)), min_size=0, max_size=60), st.sampled_from(["claim", "not_me", "snooze"])
)
def test_what_a_button_carries_comes_back(argument: str, verb: str) -> None:
    button = Button("Go", verb, argument, "primary")
    (element,) = controls(message(Buttons((button,))))
    assert re.match(r"^act:\d+$", element["action_id"])
    assert element["style"] == "primary"
    assert code_of(json.loads(json.dumps(element))) == button.code


def test_what_an_option_carries_comes_back() -> None:
    (menu,) = controls(message(Menu("Snooze", "snooze", (("tomorrow", "w1 tomorrow morning"),))))
    action = {"type": "static_select", "action_id": menu["action_id"], "selected_option": menu["options"][0]}
    assert code_of(action) == "snooze:w1 tomorrow morning"


@pytest.mark.parametrize(
    "action",
    [
        {}, {"action_id": "other", "value": "claim:w1"}, {"action_id": "act:0"}, {"action_id": "act:0", "value": None},
        {"action_id": "act:0", "value": "claim"}, {"action_id": "act:0", "value": ":w1"}, {"action_id": "act:0", "value": 7},
        {"action_id": "act:0", "selected_option": None}, {"action_id": None, "value": "claim:w1"},
        {"action_id": "act:0", "selected_option": {"value": ""}},
    ],
)  # fmt: skip
def test_what_isnt_ours_has_no_code(action: dict[str, Any]) -> None:
    assert code_of(action) == ""


def test_a_code_that_slack_cant_carry_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 150"):
        message(Menu("x", "snooze", (("y", "w" * 150),)))
    with pytest.raises(ValueError, match="at most 250"):
        render_modal(Form("T", "report", "w" * 250, (Input("a", "A"),)), name_of=name_of)
    with pytest.raises(ValueError, match="private_metadata"):
        render_modal(Form("T", "report", "w1", (Input("a", "A"),)), name_of=name_of, private_metadata="x" * 3001)


def test_a_form_comes_back_with_its_values() -> None:
    form = Form("Report a conversation", "report", "w17:x", (Input("what", "What"), Input("a:b", "Since", "today")))
    modal = render_modal(form, name_of=name_of, private_metadata="T1 C1")
    assert (modal["title"], modal["private_metadata"]) == (
        {"type": "plain_text", "text": "Report a conversation", "emoji": False}, "T1 C1",
    )  # fmt: skip
    blocks: Any = modal["blocks"]
    assert [block["element"]["multiline"] for block in blocks] == [False, False]
    assert blocks[1]["element"]["initial_value"] == "today"
    typed = [{"type": "plain_text_input", "value": "It *broke*"}, {"type": "plain_text_input", "value": None}]
    values = {block["block_id"]: {block["element"]["action_id"]: given} for block, given in zip(blocks, typed, strict=True)}
    sent = {"type": "modal", "callback_id": modal["callback_id"], "state": {"values": values}}
    assert form_of(sent) == ("report:w17:x", {"what": "It *broke*", "a:b": ""})


@pytest.mark.parametrize("view", [{}, {"callback_id": "shown", "state": {"values": {}}}, {"callback_id": None}])
def test_what_is_no_form_of_ours(view: dict[str, Any]) -> None:
    assert form_of(view) == ("", {})


def test_a_form_without_state_has_no_values() -> None:
    assert form_of({"callback_id": "form:report:w1"}) == ("report:w1", {})


def test_a_modal_is_titled_by_its_heading_where_that_fits() -> None:
    short = View(nodes=(Heading("Why this is on the list"), Text((Plain("x"),))), fallback="x")
    modal: Any = render_modal(short, name_of=name_of)
    assert modal["title"]["text"] == "Why this is on the list"
    assert [block["type"] for block in modal["blocks"]] == ["rich_text"]
    assert "submit" not in modal
    long = View(nodes=(Heading("A heading that is much too long"), Text((Plain("x"),))), fallback="x")
    modal = render_modal(long, name_of=name_of)
    assert modal["title"]["text"] == "realreply"
    assert [block["type"] for block in modal["blocks"]] == ["header", "rich_text"]
    evil = View(nodes=(Heading("<!" + "x" * 22), Text((Plain("x"),))), fallback="x")
    modal = render_modal(evil, name_of=name_of)
    assert modal["title"]["text"] == "realreply", "one character too many, with what keeps it from being a mention"


def test_a_modal_holds_one_form() -> None:
    form = Form("T", "report", "w1", (Input("a", "A"),))
    with pytest.raises(ValueError, match="one form, not 2"):
        render_modal(View(nodes=(form, form), fallback="x"), name_of=name_of)


# --- anything


def texts() -> st.SearchStrategy[str]:
    return (
        st.text(st.characters(exclude_categories=()), max_size=40)
        | st.sampled_from(EVIL)
        | st.text(st.sampled_from(" \n<>@!#&|*_~`:\u200d\u202e\u0301\ud83dUx"), max_size=60)
    )


PEOPLE = st.sampled_from(["U0ANA", "U0BEN", "U0DANA", "W0X", "ana", "U1><!here>"])


def spans() -> st.SearchStrategy[tuple[Span, ...]]:
    one = (
        st.builds(Plain, texts()) | st.builds(Bold, texts()) | st.builds(Code, texts()) | st.builds(CommandText, texts())
        | st.builds(PersonName, PEOPLE, st.booleans())
        | st.builds(Link, texts() | st.just(GOOD_URL), texts()) | st.builds(Timestamp, st.floats(0, 7e9))
    )  # fmt: skip
    return st.lists(one, max_size=5).map(tuple)


def nodes() -> st.SearchStrategy[Node]:
    style = st.sampled_from(["plain", "primary"])
    buttons = st.lists(st.builds(Button, texts(), st.just("claim"), st.just("w1"), style), max_size=8).map(tuple)
    options = st.lists(st.tuples(texts(), st.just("w1")), max_size=120).map(tuple)
    inputs = st.lists(st.builds(Input, st.sampled_from(["a", "b"]), texts(), texts()), max_size=3).map(tuple)
    fields = st.lists(st.tuples(texts(), spans()), max_size=12).map(tuple)
    return st.one_of(
        st.builds(Heading, texts()), st.builds(Text, spans()), st.builds(Quote, texts()), st.builds(SmallPrint, spans()),
        st.builds(Fields, fields), st.builds(Buttons, buttons), st.builds(Menu, texts(), st.just("snooze"), options),
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
    return {person for person in found & set(view.addressed) if re.fullmatch(r"[UW][A-Z0-9]+", person)}


@settings(max_examples=examples(12, 100))
@given(st.lists(nodes(), min_size=1, max_size=12), st.lists(PEOPLE, unique=True).map(tuple), texts(), texts(), st.booleans())
def test_any_view_is_taken_and_calls_only_whom_it_should(
    made: list[Node], addressed: tuple[str, ...], fallback: str, name: str, many: bool
) -> None:
    nodes = tuple(made) * (12 if many else 1)
    view = View(nodes=nodes, fallback=fallback if fallback.strip() else "x", addressed=addressed)
    rendered = render_message(view, name_of=lambda _: name)
    assert list(problems(rendered.blocks, 50)) == []
    assert heft(rendered.blocks) <= 12_000
    assert 1 <= length(rendered.text) <= 3_000
    assert rendered.text.strip()
    rendered.text.encode()
    assert called(rendered.text) == []
    assert sorted(called(rendered.blocks)) == sorted(wanted(view))
    for block in Block.parse_all(rendered.blocks):
        block.validate_json()

    home: Any = render_home(view, name_of=lambda _: name)
    assert list(problems(home["blocks"], 100)) == []
    if sum(isinstance(node, Form) and bool(node.inputs) for node in nodes) <= 1:
        modal: Any = render_modal(view, name_of=lambda _: name)
        assert list(problems(modal["blocks"], 100)) == []
        SlackView(**modal).validate_json()
        assert 1 <= length(modal["title"]["text"]) <= 24


@pytest.mark.slow
def test_thousands_of_hostile_texts_take_no_time() -> None:
    """Bounded work for each, however long it is: half a millisecond, and no more than six on the slowest machine."""
    texts = examples(2_500, 10_000)
    chance = random.Random(7)
    letters = [*" \n<>@!#&|*_~`:[]", "\u202e", "\u0301", "\ud83d", "\u200d", "\U0001f469", "\x00", "漢", "a", "b"]
    started = time.process_time()
    for _ in range(texts):
        text = "".join(chance.choices(letters, k=chance.choice((0, 1, 5, 30, 200))))
        text += chance.choice(EVIL) * chance.choice((0, 1, 1, 1, 40))
        made = message(Text((Plain(text), PersonName("U0ANA", ping=True))), Quote(text), SmallPrint((Plain(text),)))
        assert called(made) == []
        assert all(unicodedata.category(letter) != "Cs" for leaf in leaves(made["blocks"]) for letter in leaf["text"][:50])
    assert time.process_time() - started < texts * 0.006


def write_golden() -> None:
    """Write the golden files anew."""
    GOLDEN.mkdir(exist_ok=True)
    for path in GOLDEN.glob("*.json"):
        path.unlink()
    for kind, surface in surfaces().items():
        text = json.dumps(surface, indent=1, ensure_ascii=False) + "\n"
        (GOLDEN / f"{kind}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_golden()
