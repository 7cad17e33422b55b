"""The words of every language, from its one file: data/en.toml, de.toml, ... Adding a language is adding a file.

A file holds its language's code, its `order` among the others (where it matters which is tried first), and sections of lists;
en.toml says what each list is. A list may be missing: what it is for is then not read in that language. All languages are in
force at once, because people mix them and short messages can't be told apart.

The section `spelling` is about how words are written: which letters are read as others (traditional as simplified ones), and
which words are written in several ways, so that a phrase need be listed in one of them only.

Who reads a section (`cues`, `redirects`, `promises`, `times`) knows the lists it may hold, and makes of them what is quick to
match, once. A list's texts are words, or pieces of regular expressions that are put into a frame: `{team}` in a frame, or in
a pattern of the file itself, stands for any one text of the list `team`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import product
from unicodedata import normalize

from bot.language.folding import fold, fold_pattern
from bot.language.scripts import EDGE, UNUSUAL_LETTER

SECTIONS = (
    "cues",
    "redirects",
    "personal",
    "pitches",
    "formulas",
    "lures",
    "promises",
    "thanks",
    "times",
    "typed_times",
    "calendar",
    "spelling",
)

PLAIN_SECTIONS = frozenset({"cues", "times"})
"""Sections whose texts are words and no patterns."""

_LAST_KEPT = 0x9FFF
"""Letters are remembered up to here; a hostile text may hold others."""

_PLACE = re.compile(r"\{([a-z_.]+)\}")
_PLAIN = re.compile(r"[\w ]+")
_UPPER = re.compile(r"(?<!\\)[A-Z]")
_NEVER = "(?!)"
"""Matches nothing: what a list without texts stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """One list of one language's file: where it stands (for complaints), and its texts."""

    file: str
    name: str
    texts: tuple[str, ...]

    def refuse(self, text: str, why: str) -> ValueError:
        """The error that a text of this list deserves."""
        return ValueError(f"{self.file}: {self.name}: {text!r} {why}")


class LatePattern:
    """A pattern that is compiled when it is first needed: most are for what hardly anybody says, and all together would take a
    good part of the time in which the program starts. `text` is what is compiled, `frame` the same with the names of lists."""

    __slots__ = ("_check", "_compiled", "frame", "text")

    def __init__(self, text: str, frame: str, check: Callable[[], None]) -> None:
        self.text = text
        self.frame = frame
        self._check = check
        self._compiled: re.Pattern[str] | None = None

    def get(self) -> re.Pattern[str]:
        """The pattern, ready to match."""
        if self._compiled is None:
            self._compiled = re.compile(self.text)
        return self._compiled

    def check(self) -> None:
        """Raise ValueError for a text in it that is no regular expression."""
        self._check()


class WordSection:
    """A section's lists by name, of one language or of all, in their order."""

    __slots__ = ("_lists",)

    def __init__(self, lists: Mapping[str, Sequence[WordList]]) -> None:
        self._lists = lists

    def lists(self, name: str) -> Sequence[WordList]:
        """The lists of this name, one a language that has it."""
        return self._lists[name]

    def texts(self, name: str) -> tuple[str, ...]:
        """Their texts, each once."""
        return tuple(dict.fromkeys(text for each in self._lists[name] for text in each.texts))

    def words(self, name: str) -> frozenset[str]:
        """Their texts, which are single words. Raises ValueError for one that isn't."""
        for each in self._lists[name]:
            for text in each.texts:
                if len(text.split()) != 1:
                    raise each.refuse(text, "must be one word")
        return frozenset(self.texts(name))

    def pattern(self, frame: str) -> re.Pattern[str]:
        """The frame with any text of the lists it names. Raises ValueError for a text that is no regular expression."""
        self._check(frame)
        return re.compile(self._framed(frame))

    def pattern_later(self, frame: str) -> LatePattern:
        """The same, compiled when it is first needed."""
        return LatePattern(self._framed(frame), frame, lambda: self._check(frame))

    def patterns_later(self, name: str) -> list[LatePattern]:
        """Each text of the lists as a frame and a pattern by itself. Raises ValueError for one that names no list."""
        return [
            LatePattern(self._filled_for(each, text), text, partial(self._alone, each, text))
            for each in self._lists[name]
            for text in each.texts
        ]

    def _check(self, frame: str) -> None:
        for name in _PLACE.findall(frame):
            for each in self._lists[name]:
                for text in each.texts:
                    # By itself: between the others "[a" may well compile, and mean something else.
                    if _PLAIN.fullmatch(text) is None:
                        self._alone(each, text)

    def _alone(self, of: WordList, text: str) -> None:
        try:
            re.compile(self._filled_for(of, text))
        except re.error as error:
            raise of.refuse(text, f"is no regular expression: {error}") from error

    def _filled_for(self, of: WordList, text: str) -> str:
        try:
            return self._filled(text)
        except KeyError as error:
            raise of.refuse(text, f"names no list: {error}") from error

    def _framed(self, frame: str) -> str:
        if any(UNUSUAL_LETTER.search(text) is not None for name in _PLACE.findall(frame) for text in self.texts(name)):
            frame = frame.replace(r"\b", EDGE)
        return self._filled(frame)

    def _filled(self, frame: str) -> str:
        return _PLACE.sub(lambda found: "|".join(map(self._filled, self.texts(found[1]))) or _NEVER, frame)


class _Spelling(dict[int, int | str | None]):
    """Letter -> what it is read as; for `str.translate`, which is slow about letters that it has to be told nothing of."""

    def __missing__(self, code: int) -> int:
        if code <= _LAST_KEPT:
            self[code] = code
        return code


class Languages:
    """The files of all languages, as they are read. `codes` names the languages, in their order."""

    __slots__ = ("_files", "_spelling", "codes", "same_letters")

    def __init__(self, read: Sequence[_LanguageFile]) -> None:
        self._files = read
        self.codes = tuple(each.code for each in read)
        spelling = _section(read, "spelling", ("same", "unread", "variants"), str)
        for listed, letters in (("same", 2), ("unread", 1)):
            for each in spelling.lists(listed):
                for text in each.texts:
                    if len(text) != letters:
                        raise each.refuse(text, f"must be {letters} letters" if letters > 1 else "must be one letter")
        self.same_letters: Mapping[int, str] = {ord(text[0]): text[1] for text in spelling.texts("same")}
        """Letter -> the letter it is read as; for `str.translate`. Places stay true."""
        self._spelling = _Spelling({**self.same_letters, **dict.fromkeys(map(ord, spelling.texts("unread")))})

    def fold(self, text: str) -> str:
        """A text folded (see folding.py), its letters as `spelling` has them. Places stay true."""
        folded = fold(text)
        return folded if folded.isascii() or UNUSUAL_LETTER.search(folded) is None else folded.translate(self.same_letters)

    def fold_pattern(self, pattern: str) -> str:
        """The same for a piece of a regular expression."""
        return fold_pattern(pattern).translate(self.same_letters)

    def spell(self, text: str) -> str:
        """A text in lower case as phrases of scripts other than the Latin are looked for in it."""
        if text.isascii() or UNUSUAL_LETTER.search(text) is None:
            return text
        return normalize("NFKC", text).translate(self._spelling)

    def section(self, name: str, known: Collection[str], written: Callable[[str], str] = str) -> WordSection:
        """A section of all languages together. `known`: the lists it may hold; `written`: how their texts are spelt for matching.

        Raises ValueError for a list that isn't known.
        """
        return _section(self._files, name, known, written)

    def sections(self, name: str, known: Collection[str], written: Callable[[str], str] = str) -> list[WordSection]:
        """The same for each language by itself."""
        return [_section([each], name, known, written) for each in self._files]


@dataclass(frozen=True, slots=True, kw_only=True)
class _LanguageFile:
    code: str
    order: int
    lists: Mapping[str, Sequence[WordList]]


def read_languages(folder: Traversable) -> Languages:
    """The languages whose files lie in a folder. Raises ValueError for a file that isn't one, naming it."""
    read = [_read(each) for each in folder.iterdir() if each.name.endswith(".toml")]
    return Languages(sorted(read, key=lambda each: (each.order, each.code)))


@cache
def shipped_languages() -> Languages:
    """The languages that ship with the package, read once."""
    return read_languages(files("bot.language") / "data")


def _read(file: Traversable) -> _LanguageFile:
    try:
        content: dict[str, object] = tomllib.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:  # no TOML, or not UTF-8
        raise ValueError(f"{file.name}: {error}") from error
    code, order = content.pop("language", None), content.pop("order", None)
    if code != file.name.removesuffix(".toml"):
        raise ValueError(f"{file.name}: `language` must be {file.name.removesuffix('.toml')!r}")
    if not isinstance(order, int):
        raise ValueError(f"{file.name}: `order` must be a number: the place of the language among the others")
    unknown = sorted(content.keys() - set(SECTIONS))
    if unknown:
        raise ValueError(f"{file.name}: no section is called {unknown[0]!r}; known are {', '.join(SECTIONS)}")
    return _LanguageFile(
        code=code, order=order, lists={name: tuple(_lists(file.name, section, "")) for name, section in content.items()}
    )


def _lists(file: str, value: object, name: str) -> Iterator[WordList]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _lists(file, below, f"{name}.{key}" if name else key)
    elif isinstance(value, list) and name and all(isinstance(text, str) and text.strip() for text in value):
        yield WordList(file=file, name=name, texts=tuple(value))
    else:
        raise ValueError(f"{file}: {name or 'a section'} must be a list of texts")


def _variants(file: _LanguageFile) -> Mapping[str, Sequence[str]]:
    """Word -> all the ways in which it is written."""
    ways = [text.split() for each in file.lists.get("spelling", ()) if each.name == "variants" for text in each.texts]
    return {word: words for words in ways for word in words}


def _respelt(texts: Sequence[str], variants: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Phrases in all spellings of their words, each once."""
    if not variants:
        return texts
    ways = (product(*(variants.get(word, (word,)) for word in text.split(" "))) for text in texts)
    return tuple(dict.fromkeys(" ".join(words) for each in ways for words in each))


def _section(read: Sequence[_LanguageFile], name: str, known: Collection[str], written: Callable[[str], str]) -> WordSection:
    lists: dict[str, list[WordList]] = {each: [] for each in known}
    for file in read:
        variants = _variants(file) if name in PLAIN_SECTIONS else {}
        for each in file.lists.get(name, ()):
            if each.name not in lists:
                raise ValueError(f"{each.file}: {name} has no list {each.name!r}; known are {', '.join(sorted(known))}")
            listed = WordList(
                file=each.file, name=f"{name}.{each.name}", texts=tuple(map(written, _respelt(each.texts, variants)))
            )
            for text in listed.texts:
                if _UPPER.search(text) is not None:
                    raise listed.refuse(text, "must be lower case, as the texts are that it is looked for in")
            lists[each.name].append(listed)
    return WordSection(lists)
