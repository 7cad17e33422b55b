"""`python -m benchmarks.languages`: how well each covered language is understood, as the table that README and docs show.

Measured on the made messages of tests/language/messages, which were written before the words, and on replies that were written
freely (`benchmarks.free_replies`), for which no word was added. `--wrong` lists those that are
taken for something else; `--settle` writes their number by kind into the files, after judge or words have changed.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.free_replies import NAMES, counted
from bot.language.languages import shipped_languages
from tests.language.spoken import FILES, KINDS, LanguageMessages, load

ENDS = frozenset({"answer", "question", "everybody"})
"""Kinds of members' messages that end a wait; the others must not."""


def right(language: LanguageMessages, wrong: Mapping[str, Sequence[str]], kinds: Sequence[str]) -> str:
    """How many messages of these kinds are taken for what they are, of how many."""
    total = sum(len(language.kinds.get(kind, ())) for kind in kinds)
    return f"{total - sum(len(wrong[kind]) for kind in kinds)} of {total}"


def free(count: Mapping[str, int], truth: str) -> str:
    """How many freely written replies do to a wait what they should, or are asked about; "-" where there are none."""
    if not count:
        return "-"
    asked = count[f"{truth}, asked"]
    return f"{count[truth] - count[f'{truth}, wrong']} of {count[truth]} ({asked} asked about)"


def row(language: LanguageMessages, wrong: Mapping[str, Sequence[str]], freely: Mapping[str, int]) -> str:
    """A line of the table."""
    members = [kind for kind, (who, _) in KINDS.items() if who == "members"]
    cells = (
        NAMES.get(language.code, language.code),
        str(sum(map(len, language.kinds.values()))),
        right(language, wrong, [kind for kind, (who, _) in KINDS.items() if who == "customers"]),
        right(language, wrong, [kind for kind in members if kind in ENDS]),
        right(language, wrong, [kind for kind in members if kind not in ENDS]),
        free(freely, "ends"),
        free(freely, "stays"),
    )
    return "| " + " | ".join(cells) + " |"


def settle(file: Path, wrong: Mapping[str, Sequence[str]]) -> None:
    """Write into a language's file how many of each kind are wrong."""
    counts = "".join(f"{kind} = {len(texts)}\n" for kind, texts in wrong.items() if texts)
    content = re.sub(r"\[wrong_at_most\]\n(?:\w+ = \d+\n)*\n?", "", file.read_text(encoding="utf-8"))
    table = f"[wrong_at_most]\n{counts}\n" if counts else ""
    file.write_text(content.replace("[messages]\n", f"{table}[messages]\n", 1), encoding="utf-8")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.languages", description=__doc__)
    parser.add_argument("codes", nargs="*", help="languages by their codes (default: all)")
    parser.add_argument("--wrong", action="store_true", help="list what is taken for something else")
    parser.add_argument("--settle", action="store_true", help="write the number of wrong ones by kind into the files")
    options = parser.parse_args()
    order = shipped_languages().codes
    files = sorted(
        (file for file in FILES if not options.codes or file.stem in options.codes),
        key=lambda file: order.index(file.stem) if file.stem in order else len(order),
    )
    rows, lists = [], []
    freely = counted(options.codes)
    for file in files:
        language = load(file)
        wrong = {kind: language.wrong(kind) for kind in KINDS}
        rows.append(row(language, wrong, freely.get(language.code, {})))
        lists += [f"{language.code} {kind}: {text}" for kind, texts in wrong.items() for text in texts]
        if options.settle:
            settle(file, wrong)
    print(
        "| language | messages | customers right | members: what ends a wait | what doesn't | freely: what ends | what doesn't |"
    )
    print("|---|---|---|---|---|---|---|")
    print("\n".join(rows))
    if options.wrong:
        print("\n".join(("", *lists)))


if __name__ == "__main__":
    main()
