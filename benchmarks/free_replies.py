"""`python -m benchmarks.free_replies`: how well replies that were written without the words in view are judged, by language.

Measured on what was written at the second sitting of made_replies_languages.tsv: from the first the model of letters is learnt
(`benchmarks.train_letters`). No words come from either: once they do, it measures nothing.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.context import Context
from bot.domain.hours import Hours, weekly
from bot.domain.waits import ANSWERING
from bot.domain.written_hours import read_span
from bot.judge.standard import StandardJudge
from bot.waits import trial

NAMES: Mapping[str, str] = {
    "de": "German", "en": "English", "es": "Spanish", "fr": "French", "hi": "Hindi, Hinglish", "it": "Italian", "ja": "Japanese",
    "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "zh": "Chinese",
}  # fmt: skip
"""What the languages are called."""

REPLIES = Path(__file__).with_name("made_replies_languages.tsv")

QUESTION = "Hello, why does my export come out empty?"
"""What every reply is held against: those of a kind fit many questions, and few of them this one."""

AT = 1_772_442_000.0
"""A Monday morning in working time."""

LEARNT, MEASURED = "1", "2"
"""The sittings: which one is learnt from, and which one measures."""

ENDS = frozenset({"answer", "clarifying"})
"""Kinds that end a wait; the others must not."""


def free_replies(file: Path = REPLIES) -> Iterator[tuple[str, str, str, str]]:
    """Language, sitting, kind and text of each reply."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("# "):
            language, sitting, kind, text = line.split("\t")
            yield language, sitting, kind, text


def context_of(judge: StandardJudge) -> Context:
    """What a reply is judged in."""
    hours = Hours(zone=ZoneInfo("UTC"), week=weekly(range(5), [read_span("09:00-17:00")]))
    return Context(judge=judge, hours_of=lambda _: hours)


def counted(codes: list[str], sitting: str = MEASURED) -> dict[str, Counter[str]]:
    """By language: how many replies there are that end a wait (`ends`) or don't (`stays`), how many of them are taken for the
    other, and about how many it is asked."""
    context = context_of(StandardJudge())
    found: dict[str, Counter[str]] = {}
    for language, written, kind, text in free_replies():
        if written != sitting or (codes and language not in codes):
            continue
        truth = "ends" if kind in ENDS else "stays"
        count = found.setdefault(language, Counter())
        count[truth] += 1
        taken = trial.reply_to_question(context, QUESTION, text, AT).kind
        if taken is None:
            count[f"{truth}, asked"] += 1
        elif (taken in ANSWERING) is not (truth == "ends"):
            count[f"{truth}, wrong"] += 1
    return found


def row(name: str, count: Counter[str]) -> str:
    """A line of the table."""
    cells = [name]
    for truth in ("ends", "stays"):
        wrong, asked = count[f"{truth}, wrong"], count[f"{truth}, asked"]
        cells += [f"{count[truth] - wrong - asked} of {count[truth]}", str(asked)]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.free_replies", description=__doc__)
    parser.add_argument("codes", nargs="*", help="languages by their codes (default: all)")
    parser.add_argument("--learnt", action="store_true", help="measure on the sitting that was learnt from (not to be believed)")
    options = parser.parse_args()
    found = counted(options.codes, LEARNT if options.learnt else MEASURED)
    print("| language | what ends a wait | asked about | what doesn't | asked about |\n|---|---|---|---|---|")
    for code, count in found.items():
        print(row(NAMES.get(code, code), count))
    print(row("all", sum(found.values(), Counter[str]())))


if __name__ == "__main__":
    main()
