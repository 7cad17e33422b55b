"""The table of holds: every kind has its row, how long each lasts, and nobody decides by the kind beside the table."""

from __future__ import annotations

import ast
from datetime import UTC
from pathlib import Path

import pytest

from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.waits import Hold, HoldKind, Holds, ReplyKind
from bot.waits import holds
from tests.waits.world import DAY, HOUR, MINUTE, NINE

ROOT = Path(__file__).parent.parent.parent
TABLES = ("bot/domain/waits.py", "bot/waits/holds.py", "bot/wording/holds.py")
BY_THEMSELVES = (
    "bot/waits/verbs/",
    "bot/domain/posted_wait.py",
    "storage/",
)
"""A verb knows the hold it makes; that typing isn't worth a word in a post is said where posts are compared; and storage doesn't
see the rooms the tables are in."""

SPANS = Holds(claim=HOUR, holding=MINUTE, redirect=DAY, outcome=2 * HOUR)


def test_every_kind_of_hold_has_its_row() -> None:
    assert set(holds.RULES) == set(HoldKind)


@pytest.mark.parametrize(
    ("kind", "said", "lasts"),
    [
        (HoldKind.CLAIM, None, HOUR),
        (HoldKind.HOLDING, None, MINUTE),
        (HoldKind.PROMISE, 3 * HOUR, 3 * HOUR),
        (HoldKind.REDIRECT, None, DAY),
        (HoldKind.SNOOZE, 2 * DAY, 2 * DAY),
        (HoldKind.OUTCOME, None, 2 * HOUR),
        (HoldKind.OUTCOME, 3 * HOUR, 3 * HOUR),
        (HoldKind.TYPING, None, 3 * MINUTE),
    ],
)
def test_how_long_a_hold_lasts(kind: HoldKind, said: float | None, lasts: float) -> None:
    assert holds.until(kind, SPANS, NINE, said=None if said is None else NINE + said) == NINE + lasts


def test_a_promise_without_a_time_lasts_until_the_next_working_day() -> None:
    ends_at_five = Hours(zone=UTC, week=weekly(range(5), [WorkingSpan(opens=9 * 60, closes=17 * 60)]))
    assert holds.until(HoldKind.PROMISE, SPANS, NINE + HOUR, hours=ends_at_five) == NINE + DAY
    assert holds.until(HoldKind.OUTCOME, Holds(), NINE + HOUR, hours=ends_at_five) == NINE + DAY
    on_friday = NINE + 4 * DAY
    assert holds.until(HoldKind.PROMISE, SPANS, on_friday, hours=ends_at_five) == on_friday + 3 * DAY


@pytest.mark.parametrize("said", [None, NINE, NINE - HOUR])
def test_a_snooze_needs_an_instant_in_the_future(said: float | None) -> None:
    with pytest.raises(ValueError, match="an instant in the future"):
        holds.until(HoldKind.SNOOZE, SPANS, NINE, said=said)


def test_a_customer_who_asks_again_ends_a_hold_but_no_promise() -> None:
    def ended(kind: HoldKind, after: float) -> bool:
        return holds.ends_by_bump(Hold(kind=kind, since=NINE, until=NINE + HOUR, by="ana"), NINE + after)

    ends = {HoldKind.CLAIM, HoldKind.HOLDING, HoldKind.SNOOZE, HoldKind.REDIRECT}
    assert {kind for kind in HoldKind if ended(kind, 5 * MINUTE)} == ends
    assert not any(ended(kind, 5 * MINUTE - 1) for kind in HoldKind)
    assert not any(ended(kind, HOUR) for kind in HoldKind), "it has run out"
    assert not holds.ends_by_bump(None, NINE)


def test_only_another_promise_takes_the_place_of_one_that_stands() -> None:
    kinds = (ReplyKind.PROMISE, ReplyKind.HOLDING, ReplyKind.REDIRECT)
    promising = {HoldKind.PROMISE, HoldKind.OUTCOME}
    for promise in (Hold(kind=kind, since=NINE, until=NINE + HOUR, by="ana") for kind in promising):
        assert [holds.gives_way(promise, kind, NINE + HOUR - 1) for kind in kinds] == [True, False, False]
        assert all(holds.gives_way(promise, kind, NINE + HOUR) for kind in kinds)
    for other in set(HoldKind) - promising:
        standing = Hold(kind=other, since=NINE, until=NINE + HOUR, by="ana")
        assert all(holds.gives_way(standing, kind, NINE + 1) for kind in kinds)


def decides_by_kind(source: str) -> list[int]:
    """The lines that compare with a kind of hold, or match one."""

    def names_kind(node: ast.AST) -> bool:
        return any(
            isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "HoldKind"
            for part in ast.walk(node)
        )

    return [
        node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Compare | ast.MatchValue) and names_kind(node)
    ]


def test_nobody_decides_by_the_kind_of_a_hold_beside_the_table() -> None:
    assert decides_by_kind("if hold.kind is HoldKind.CLAIM: pass\nx = HoldKind.CLAIM") == [1]
    assert decides_by_kind("match kind:\n    case HoldKind.SNOOZE: pass") == [2]
    assert decides_by_kind("kind not in (HoldKind.CLAIM, HoldKind.SNOOZE)") == [1]
    found = [
        f"{name}, line {line}"
        for folder in ("bot", "adapters", "storage")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (name := str(path.relative_to(ROOT))) not in TABLES and not name.startswith(BY_THEMSELVES)
        for line in decides_by_kind(path.read_text(encoding="utf-8"))
    ]
    assert found == []
