"""Made pairs of a question and a reply in all languages: what `check` remarks is what an honest colleague would."""

from __future__ import annotations

from pathlib import Path

from tests.coaching.test_check import seen

PAIRS = Path(__file__).with_name("made_pairs.tsv")
KINDS = ("marks", "anybody", "greets_nobody", "names_nothing", "only_redirects", "mostly_link", "offers", "only_we")
MOST_FALSE, MOST_MISSED = 2, 2


def test_what_is_remarked_is_true_and_hardly_anything_is_missed() -> None:
    false: list[str] = []
    missed: list[str] = []
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        question, reply, wanted = line.split("\t")
        expected = set(wanted.split()) - {"-"}
        observed = seen(reply, asked=question)
        remarked = {kind for kind in KINDS if getattr(observed, kind)}
        false += [f"{reply}: {each}" for each in remarked - expected]
        missed += [f"{reply}: {each}" for each in expected - remarked]
    assert len(false) <= MOST_FALSE, false
    assert len(missed) <= MOST_MISSED, missed
