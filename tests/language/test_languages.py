"""A language is one file: what a made-up one brings is read everywhere, what is wrong in one is refused, none is in the code."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.hours import Hours, weekly
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.reading import Cue, Reading
from bot.domain.refusal import Moment, Refusal
from bot.domain.written_hours import read_span
from bot.language.cues import MOST_STRANGE, load_cues
from bot.language.languages import Languages, read_languages, shipped_languages
from bot.language.promises import find, load_promise_words
from bot.language.reader import Reader
from bot.language.redirects import load_redirects
from bot.language.times.input import load_typed_time_words, read_when
from bot.language.times.words import load_time_words

ROOM = Path(__file__).parent.parent.parent / "bot" / "language"
SHIPPED = sorted((ROOM / "data").glob("*.toml"))
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Hours(zone=BERLIN, week=weekly(range(5), [read_span("09:00-18:00")]))
NOW = datetime(2024, 5, 15, 10, 0, tzinfo=BERLIN).timestamp()
"""A Wednesday."""

MADE_UP = r"""
language = "xx"
order = 99

[cues]
ask = ["kiel mi"]
thanks = ["dankegon"]
holding = ["{unu|nur} {momenton|minuton}"]
laugh = ["ĥaĥa"]

[redirects]
telling = ["helpejo"]
turn_to = ['skribu(?: nun)?']
places = ["helpejo"]
by = ["per"]
ways = ["letero"]
link_paths = ["/helpejo"]
link_hosts = ["helpejo"]
telling_in_links = ["helpejo"]
not_asked = ["ne bezonas"]
says_nothing = ["mi bedaŭras"]

[promises]
conditions = ["se"]
condition_subjects = ["vi"]
away = ["ferioj"]

[promises.committed]
scraps = ["mi vojos"]
commits = ["mi vojos"]
returns = ['respondi\b']
work = ["kontroli"]

[promises.complete]
scraps = ["sciigos"]
returns = ['\bmi sciigos vin\b']

[times]
in = ["post"]
by = ["ĝis"]
at = ["je"]
oclock = ["horo"]

[times.day]
tomorrow = ["morgaŭ"]

[times.weekday]
friday = ["vendredo"]

[times.week]
next_week = ["venonta semajno"]

[times.unit]
hour = ["horoj"]
working_day = ["labortagoj"]

[times.number]
2 = ["du"]

[typed_times]
leading = ["ĝis"]
filler = ["kaj"]
"""


def folder(tmp_path: Path, content: str = MADE_UP, *, beside: bool = False) -> Path:
    """A folder with the file of a language, beside the shipped ones or alone."""
    if beside:
        for each in SHIPPED:
            shutil.copy(each, tmp_path)
    (tmp_path / "xx.toml").write_text(content, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module", params=[False, True], ids=["alone", "beside the others"])
def languages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Languages:
    return read_languages(folder(tmp_path_factory.mktemp("languages"), beside=request.param))


@cache
def reader(languages: Languages) -> Reader:
    return Reader(languages=languages)  # compiles the patterns of all of them


def read(text: str, languages: Languages, role: Role = Role.CUSTOMER) -> Reading:
    message = Message(channel="C", id="1", at=1.0, author="ana", role=role, text=text)
    return reader(languages).read(message, {})


def until(text: str, languages: Languages) -> str:
    promise = find(text, NOW, BERLIN, OFFICE, languages=languages)
    if promise is None:
        return "no promise"
    return "no time" if promise.until is None else datetime.fromtimestamp(promise.until, BERLIN).strftime("%a %-d %b %H:%M")


def typed(text: str, languages: Languages) -> str:
    moment = read_when(text, NOW, OFFICE, languages=languages)
    return datetime.fromtimestamp(moment.at, BERLIN).strftime("%a %-d %b %H:%M") if isinstance(moment, Moment) else "refused"


def test_its_cues_are_read(languages: Languages) -> None:
    assert read("kiel mi pagas", languages).has(Cue.ASK_START)
    assert read("dankegon ĥaĥa", languages).has(Cue.BARE)
    assert read("kiel mi pagas", shipped_languages()).has(Cue.ASK_START) is False


@pytest.mark.parametrize(
    ("text", "holds"),
    [("unu momenton mi petas", True), ("ho nur minuton", True), ("unu horon", False), ("momenton", False)],
)
def test_a_cue_may_hold_several_words_for_one(languages: Languages, text: str, holds: bool) -> None:
    assert read(text, languages).has(Cue.HOLDING) is holds


@pytest.mark.parametrize(
    ("text", "redirects", "only"),
    [
        ("mi bedaŭras la longan atendon. Skribu nun al la helpejo", True, True),
        ("premu la butonon kaj atendu minuton. Skribu nun al la helpejo", True, False),
        ("sendu ĝin per letero al la helpejo", True, True),
        ("rigardu https://shop.example/helpejo", True, True),
        ("rigardu www.helpejo.example", True, True),
        ("vi ne bezonas tion: skribu al la helpejo", False, False),
        ("la helpejo scias", False, False),
        ("skribu al la suporte", False, False),
        ("schreib an die helpejo", False, False),
    ],
)
def test_its_redirects_are_read(languages: Languages, text: str, redirects: bool, only: bool) -> None:
    reading = read(text, languages, Role.MEMBER)
    assert (reading.has(Cue.REDIRECT), reading.has(Cue.REDIRECT_ONLY)) == (redirects, only)
    assert not read(text, shipped_languages(), Role.MEMBER).has(Cue.REDIRECT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mi sciigos vin", "no time"),
        ("mi sciigos vin morgaŭ", "Thu 16 May 12:00"),
        ("mi sciigos vin ĝis Vendredo", "Fri 17 May 17:00"),
        ("mi sciigos vin je 15 horo", "Wed 15 May 15:00"),
        ("mi sciigos vin post du horoj", "Wed 15 May 12:00"),
        ("mi sciigos vin post 3 labortagoj", "Mon 20 May 12:00"),
        ("mi vojos respondi", "no time"),
        ("mi vojos kontroli", "no promise"),
        ("mi vojos kontroli morgau", "Thu 16 May 12:00"),
        ("se vi sendos ĝin, mi sciigos vin morgaŭ", "no promise"),
        ("ferioj morgaŭ, mi sciigos vin", "no time"),
    ],
)
def test_its_promises_are_read(languages: Languages, text: str, expected: str) -> None:
    assert until(text, languages) == expected
    assert until(text, shipped_languages()) == "no promise"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("morgaŭ", "Thu 16 May 09:00"),
        ("ĝis vendredo", "Fri 17 May 09:00"),
        ("venonta semajno", "Mon 20 May 09:00"),
        ("kaj morgaŭ", "Thu 16 May 09:00"),
        ("post du horoj", "Wed 15 May 12:00"),
    ],
)
def test_its_times_are_read_where_people_type_them(languages: Languages, text: str, expected: str) -> None:
    assert typed(text, languages) == expected
    assert typed(text, shipped_languages()) == "refused"


def test_the_others_are_read_as_before_beside_it(tmp_path: Path) -> None:
    languages = read_languages(folder(tmp_path, beside=True))
    assert languages.codes == (*shipped_languages().codes, "xx")
    assert read("how do I pay", languages) == read("how do I pay", shipped_languages())
    assert until("I'll get back to you by Friday", languages) == "Fri 17 May 17:00"
    assert typed("tomorrow at 9", languages) == "Thu 16 May 09:00"


def test_dateparser_is_asked_in_the_languages_there_are(tmp_path: Path) -> None:
    assert typed("imorgon 15:30", shipped_languages()) == "refused"
    (tmp_path / "sv.toml").write_text('language = "sv"\norder = 1\n', encoding="utf-8")
    assert typed("imorgon 15:30", read_languages(folder(tmp_path))) == "Thu 16 May 15:30"


EVERYTHING: tuple[Callable[[Languages], object], ...] = (
    load_cues,
    load_redirects,
    load_promise_words,
    load_time_words,
    load_typed_time_words,
)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("[remarks]\nx = []", r"xx\.toml: no section is called 'remarks'; known are cues, "),
        ('[cues]\nthank = ["x"]', r"xx\.toml: cues has no list 'thank'; known are absent, "),
        ('[redirects]\nteams = ["x"]', r"xx\.toml: redirects has no list 'teams'"),
        ('[promises.complete]\nhear = ["x"]', r"xx\.toml: promises has no list 'complete\.hear'"),
        ('[times.day]\nyesterday = ["x"]', r"xx\.toml: times has no list 'day\.yesterday'"),
        ('[typed_times]\nover = ["x"]', r"xx\.toml: typed_times has no list 'over'"),
        ('[cues]\nask = ["a b c d e f g"]', r"xx\.toml: cues\.ask: 'a b c d e f g' must have 1 to 6 words"),
        ('[cues]\nask = ["?!"]', r"xx\.toml: cues\.ask: '\?!' must have 1 to 6 words"),
        ('[times]\nin = ["a b c d e f g"]', r"xx\.toml: times\.in: 'a b c d e f g' must have 1 to 6 words"),
        ('[redirects]\nturn_to = ["ok", "a("]\nplaces = ["b"]', r"xx\.toml: redirects\.turn_to: 'a\(' is no regular expression"),
        ('[redirects]\npatterns = ["a", "b)"]', r"xx\.toml: redirects\.patterns: 'b\)' is no regular expression"),
        ('[redirects]\npatterns = ["{teem} b"]', r"xx\.toml: redirects\.patterns: '\{teem\} b' names no list: 'teem'"),
        ('[promises.complete]\nreturns = ["[a"]', r"xx\.toml: promises\.complete\.returns: '\[a' is no regular expression"),
        ('[typed_times]\nleading = ["*"]', r"xx\.toml: typed_times\.leading: '\*' is no regular expression"),
        ('[redirects]\ntelling = ["a b"]', r"xx\.toml: redirects\.telling: 'a b' must be one word"),
        ('[redirects]\nplaces = ["Amt"]', r"xx\.toml: redirects\.places: 'Amt' must be lower case"),
        ('[cues]\nask = "x"', r"xx\.toml: ask must be a list of texts"),
        ("[times.day]\ntoday = [3]", r"xx\.toml: day\.today must be a list of texts"),
        ('[cues]\nask = [" "]', r"xx\.toml: ask must be a list of texts"),
        ("cues = 3", r"xx\.toml: a section must be a list of texts"),
        ("[cues", r"xx\.toml: Expected "),
    ],
)
def test_what_is_wrong_is_refused_with_file_and_entry(tmp_path: Path, line: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        languages = read_languages(folder(tmp_path, f'language = "xx"\norder = 1\n{line}\n'))
        for load in EVERYTHING:
            load(languages)


def test_what_is_wrong_is_found_among_the_shipped_ones_too(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"xx\.toml: typed_times\.leading: '\*' is no regular expression"):
        load_typed_time_words(
            read_languages(folder(tmp_path, 'language = "xx"\norder = 1\n[typed_times]\nleading = ["*"]\n', beside=True))
        )


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("order = 1", r"xx\.toml: `language` must be 'xx'"),
        ('language = "de"\norder = 1', r"xx\.toml: `language` must be 'xx'"),
        ('language = "xx"', r"xx\.toml: `order` must be a number"),
        ('language = "xx"\norder = "first"', r"xx\.toml: `order` must be a number"),
    ],
)
def test_a_file_says_whose_it_is_and_where_it_stands(tmp_path: Path, content: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_languages(folder(tmp_path, content))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_language_can_be_read_alone(tmp_path: Path, file: Path) -> None:
    shutil.copy(file, tmp_path)
    languages = read_languages(tmp_path)
    for load in EVERYTHING:
        load(languages)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_language_has_all_cues(file: Path) -> None:
    english, theirs = (tomllib.loads(each.read_text(encoding="utf-8"))["cues"] for each in (ROOM / "data" / "en.toml", file))
    assert set(english) - set(theirs) <= {"absent_start", "holding_start", "laugh", "topic", "verbs_of_somebody"}


def test_no_file_is_opened_and_nothing_compiled_from_one_at_import() -> None:
    code = (
        "from importlib import resources\n"
        "def files(*_): raise AssertionError('read at import')\n"
        "resources.files = files\n"
        "import bot.language.reader, bot.language.promises, bot.language.times.input\n"
        "assert 'dateparser' not in __import__('sys').modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


WORD = re.compile(r"[^\W\d_\u02bc]+(?:'[^\W\d_\u02bc]+)*")
"""Letters, but for the one that is an apostrophe."""
NOTATION = re.compile(r"\{[a-z_.]+\}|\\u[0-9a-f]{4}|\\.|\[[^\]]*\]|https?|www")
"""What stands in a pattern and is no word: names of lists, classes of characters, the beginnings of links."""
FOR_PEOPLE = re.compile(r"Refusal|_refused|refuse|log\.\w+")
"""Calls whose sentences are shown to somebody."""


def names_of_lists(content: object) -> Iterator[str]:
    if isinstance(content, dict):
        for name, below in content.items():
            yield name
            yield from names_of_lists(below)


def words_of_lists(content: object) -> Iterator[str]:
    if isinstance(content, dict):
        for below in content.values():
            yield from words_of_lists(below)
    elif isinstance(content, list):
        for text in content:
            yield from (word for word in WORD.findall(NOTATION.sub(" ", text)) if len(word) > 2)


CONTENTS = [tomllib.loads(file.read_text(encoding="utf-8")) for file in SHIPPED]
NAMES = {name for content in CONTENTS for name in names_of_lists(content)}
"""What code may call a list or a kind of word by."""
TECHNICAL = frozenset({"bot.language", "channel", "data", "date", "here", "ignore", "lang", "little", "other", "time", "year"})
"""What Python and the libraries call something, the platforms' own ways to call on all ("@here"), and the kinds of words that no
file lists."""
WORDS = {word for content in CONTENTS for word in words_of_lists(content)}


def words_in(source: str) -> list[str]:
    """Texts of a module, besides those for people and names, that hold a word of a language: one that a file lists, or any in
    letters English doesn't have."""
    tree = ast.parse(source)
    passed: set[ast.AST] = set()
    for node in ast.walk(tree):
        shown = isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and FOR_PEOPLE.fullmatch(ast.unparse(node.func)))
        named = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("__slots__", "EXAMPLES")
        if shown or named or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            passed.update(ast.walk(node))
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node in passed:
            continue
        if node.value in TECHNICAL or all(part in NAMES for part in node.value.split(".")):
            continue
        words = WORD.findall(NOTATION.sub(" ", node.value))
        if any(word in WORDS or not word.isascii() for word in words):
            found.append(node.value)
    return found


@pytest.mark.parametrize("module", sorted(ROOM.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOM)))
def test_no_word_of_a_language_is_in_the_code(module: Path) -> None:
    assert words_in(module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "LEADING = frozenset({'until', 'bis'})",
        r"re.compile(r'\b(?:heute|hoy)\b')",
        "def f(word):\n    return word == 'gracias'",
        "word.startswith('jour ouvr')",
        "KEY = 'größer'",
    ],
)
def test_a_word_in_the_code_is_seen(source: str) -> None:
    assert words_in(source)


def test_a_refusal_is_shown_for_what_no_language_knows(languages: Languages) -> None:
    assert isinstance(read_when("iam", NOW, OFFICE, languages=languages), Refusal)


NEWS_WITHIN = """
language = "xx"
order = 1

[cues]
news = ["{estas|nun estas} riparita hodiaŭ"]
solved = ["riparita hodiaŭ"]
yes = ["estas"]
"""


@pytest.mark.parametrize("order", [("estas", "nun", "riparita"), ("riparita", "nun", "estas"), ("nun", "riparita", "estas")])
def test_what_a_phrase_means_does_not_depend_on_which_word_was_met_first(tmp_path: Path, order: tuple[str, ...]) -> None:
    entries = load_cues(read_languages(folder(tmp_path, NEWS_WITHIN))).entries
    first = {word: entries[word] for word in order}
    news = Cue.NEWS.value | Cue.SOLVED.value
    for word, rest in (("estas", ("riparita", "hodiaŭ")), ("nun", ("estas", "riparita", "hodiaŭ"))):
        entry = first[word]
        assert entry is not None
        meaning, longer = entry
        for following in rest:
            assert longer is not None
            meaning, longer = longer[following]
        assert meaning is not None
        assert meaning[0] == news
    assert first["estas"] is not None
    assert first["estas"][0] is not None
    assert first["estas"][0][1] == Cue.YES_START.value


def test_words_that_begin_no_phrase_are_remembered_in_bounds(tmp_path: Path) -> None:
    entries = load_cues(read_languages(folder(tmp_path, NEWS_WITHIN))).entries
    for number in range(MOST_STRANGE + 10):
        assert entries[f"w{number}"] is None
    assert entries["nun"] is not None
    assert len(entries) < MOST_STRANGE


@pytest.mark.parametrize("name", ["Ana", "Ben", "Mia", "Mila", "Lata", "Tim", "Kai", "Nora", "Ravi", "Sam", "Luca", "Hana"])
def test_what_people_are_called_begins_no_phrase(name: str) -> None:
    """A word that begins one isn't taken for a name inside a text."""
    assert name.lower() not in load_cues().first_words
