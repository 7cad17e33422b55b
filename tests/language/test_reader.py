"""What a text says by itself, and that nothing anybody writes can break or slow the reading of it."""

from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Role
from bot.domain.reading import FUZZY, INLINE, LEADING, MENTIONED, Cue, Reading, unpack
from tests.judge.scene import JUDGE, read

U32 = st.integers(0, 2**32 - 1)
READINGS = st.builds(
    Reading,
    cues=st.integers(0, 2**60),
    chars=st.integers(0, 0xFFFF),
    words=st.integers(0, 0xFFFF),
    rest=st.integers(0, 0xFFFF),
    questions=st.integers(0, 255),
    fingerprints=st.lists(U32, max_size=48, unique=True).map(tuple),
    addressed=st.lists(st.tuples(st.text(max_size=40), st.integers(1, 4)), max_size=8).map(tuple),
)


@given(READINGS)
def test_a_reading_survives_packing(reading: Reading) -> None:
    assert unpack(reading.pack()) == reading


@pytest.mark.parametrize("layout", [1, 2])
def test_a_reading_that_an_older_version_packed_is_read(layout: int) -> None:
    cues = Cue.ASK_IN.value | (Cue.ASKS_AROUND.value if layout == 2 else 0)
    counts = (40, 8, 5, 1, 2, 1)
    head = (
        struct.pack("<BQHHHBBB", 1, cues, *counts)
        if layout == 1
        else struct.pack("<BQBHHHBBB", 2, cues & (1 << 64) - 1, cues >> 64, *counts)
    )
    packed = head + struct.pack("<2I", 7, 9) + bytes((4, 3)) + b"ana"
    assert unpack(packed) == Reading(
        cues=cues, chars=40, words=8, rest=5, questions=1, fingerprints=(7, 9), addressed=(("ana", 4),)
    )


@given(st.binary(max_size=80))
def test_bytes_that_are_no_reading_are_refused_and_nothing_else(packed: bytes) -> None:
    try:
        unpack(packed)
    except ValueError:
        return


def test_a_reading_cut_short_is_refused() -> None:
    packed = read("Dana: how do refunds work?", author="ana").pack()
    for length in range(len(packed)):
        with pytest.raises(ValueError):
            unpack(packed[:length])


@given(st.text(max_size=400))
def test_any_text_can_be_read_packed_and_judged(text: str) -> None:
    for role in (Role.CUSTOMER, Role.MEMBER):
        reading = read(text, role=role)
        assert unpack(reading.pack()) == reading


HOSTILE = {
    "nothing": "",
    "spaces": " \n\t ",
    "control characters": "".join(map(chr, range(32))) * 50,
    "right to left": "\u202eكيف يمكنني الدفع؟\u202c" * 50,
    "emoji": "👩‍👩‍👧‍👦🇪🇺" * 3000,
    "combining": "e" + "\u0301" * 50_000,
    "surrogates": "\ud800\udfff" * 100,
    "one word of 100 kB": "a" * 100_000,
    "100 kB of words": "how do I pay? " * 7_200,
    "100 kB of question marks": "?" * 100_000,
    "100 kB of backticks": "`" * 100_000,
    "100 kB of at signs": "@" * 100_000,
    "100 kB of mentions": "@dana " * 16_000,
    "100 kB of colons": "a:" * 50_000,
    "100 kB of quotes": '"' * 100_000,
    "100 kB of brackets": "(" * 50_000 + ")" * 50_000,
    "100 kB of links": "https://x.example/a " * 5_000,
    "100 kB of dots": "." * 100_000,
    "100 kB of blanks": " " * 100_000,
    "email-like": "a.b-c+d" * 14_000,
    "contact": "contact " * 12_000,
    "write to": "write to the our your " * 4_500,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.MEMBER])
def test_hostile_text_is_read_in_bounded_time(text: str, role: Role) -> None:
    started = time.process_time()
    reading = read(text, role=role)
    # Usual is under two milliseconds; a pattern that backtracks takes minutes. Not a benchmark.
    assert time.process_time() - started < 2.0
    assert len(reading.fingerprints) <= 48
    assert len(reading.addressed) <= 8
    assert len(reading.pack()) < 3_000


def test_the_end_of_a_very_long_message_is_read_too() -> None:
    assert read("log line 17\n" * 9_000 + "can anyone help?").has(Cue.ENDS_ASKING)


def test_no_text_is_kept() -> None:
    packed = read("my secret is swordfish and my key is sk_live_4711").pack()
    for word in (b"secret", b"swordfish", b"4711"):
        assert word not in packed


def test_fingerprints_depend_on_the_key_and_on_nothing_else() -> None:
    from bot.domain.messages import Message
    from bot.language.reader import Reader

    message = Message(channel="C", id="1", at=1.0, author="dana", role=Role.CUSTOMER, text="invoices disappear overnight")
    one, same, other = (Reader(key).read(message, {}).fingerprints for key in (b"k", b"k", b"l"))
    assert one == same
    assert not set(one) & set(other)


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("Dana: try it now", LEADING),
        ("@dana try it now", LEADING),
        ("dana, try it now", LEADING),
        ("Dana try it now", LEADING),
        ("try it now Dana", INLINE),
        ("so I told @Dana to try", MENTIONED),
        ("dnaa: try it now", FUZZY),
        ("@dan try it now", FUZZY),
        ("try it now", 0),
        ("the bandana is red", 0),
    ],
)
def test_names_are_found_in_any_form(text: str, strength: int) -> None:
    assert read(text, author="ana", role=Role.MEMBER).names("dana") == strength


def test_the_platforms_mention_counts_without_the_name() -> None:
    assert read("can you check", author="ana", mentions=("omar",)).names("omar") == MENTIONED


def test_a_leading_name_nobody_has_is_noticed() -> None:
    assert read("wolfgang: try it now", author="ana").has(Cue.STRANGER)
    assert not read("error: file not found").has(Cue.STRANGER)


@pytest.mark.parametrize("text", ["how?", "如何退款？", "كيف أدفع؟", "Πώς πληρώνω;", "¿Cómo pago?", "why (really?)"])
def test_question_marks_of_all_scripts_count(text: str) -> None:
    assert read(text).has(Cue.QUESTION_MARK)


@pytest.mark.parametrize("text", ["see https://shop.example/?id=3", "run `a ? b : c` first", "wait; then go"])
def test_question_marks_in_links_and_code_and_plain_semicolons_do_not_count(text: str) -> None:
    assert not read(text).has(Cue.QUESTION_MARK)


@pytest.mark.parametrize(
    "text",
    [
        "thanks!",
        "ok",
        "Ok great, thank you so much :)",
        "danke schön",
        "merci beaucoup",
        "muchas gracias",
        "valeu, obrigado",
        "hello",
        "👍",
    ],
)
def test_social_words_alone_leave_nothing(text: str) -> None:
    assert read(text).has(Cue.BARE)


CODE = (
    "total += 1;", "if (x) {", "items => items", "node->next", "std::map", "run main() now", "close the </div> tag", "echo $HOME",
    "a == b", "a && b", "call(a, b);", "foo(a) {", "<title> is empty", "{a}", "[section]", "#include it", 'set "name": "Dana"',
    'the "a" : "b" part', "f({a: 1})", "say `ls -l`",
)  # fmt: skip
NO_CODE = (
    "we pay $ a lot",
    "done (I think)",
    "it's :- fine",
    "a = b",
    "this & that",
    "see [1] below",
    "10 > 9",
    "# one",
    'the "blue" one',
)


def test_code_is_known_by_its_signs() -> None:
    assert [text for text in CODE if not read(text).has(Cue.CODE)] == []
    assert [text for text in NO_CODE if read(text).has(Cue.CODE)] == []


def test_quotes_are_known_by_their_signs() -> None:
    quotes = (
        "> it fails",
        "&gt; it fails",
        'it says "no such file" there',
        "dort steht „Datei fehlt leider“",
        "il dit « fichier absent »",
    )
    others = ("it > that", "a &gt; b", 'the "blue" one', 'it says "no such file')
    assert [text for text in quotes if not read(text).has(Cue.QUOTE)] == []
    assert [text for text in others if read(text).has(Cue.QUOTE)] == []


def test_files_and_calls_of_the_team_are_cues() -> None:
    assert read("", files=1).has(Cue.FILES)
    assert read("hm", calls_team=True).has(Cue.CALLS_TEAM)


def test_a_person_who_is_renamed_is_found_by_the_new_name() -> None:
    from bot.domain.messages import Message

    message = Message(channel="R", id="1", at=1.0, author="ana", role=Role.MEMBER, text="Noor: try now")
    assert JUDGE.read(message, {"dana": ("Dana",)}).names("dana") == 0
    assert JUDGE.read(message, {"dana": ("Noor",)}).names("dana") == LEADING
    assert JUDGE.read(message, {"omar": ("Omar",)}).names("dana") == 0


def test_the_middle_of_a_very_long_message_is_not_read() -> None:
    assert read("log line 17\n" * 4_000 + "? " * 10 + "log line 17\n" * 4_000).questions == 0
