"""What the titles of calendar entries say of the team."""

from __future__ import annotations

import pytest

from bot.domain.duty import CalendarEntry, CalendarSpans
from bot.language.calendar_entries import CalendarPeople, spans_in

PEOPLE = CalendarPeople(
    names={"U1": ("Ana Silva", "ana"), "U2": ("Ben Okafor",), "U3": ("Ben Alder",), "U4": ("Zoë",), "U5": ("田中",)},
    emails={"ana@harbor.example": "U1", "zoe@harbor.example": "U4"},
)


def told(summary: str, *, names: tuple[str, ...] = (), emails: tuple[str, ...] = ()) -> CalendarSpans:
    return spans_in([CalendarEntry(summary=summary, since=1.0, until=2.0, names=names, emails=emails)], PEOPLE)


@pytest.mark.parametrize(
    ("summary", "member"),
    [
        ("Ana on duty", "U1"),
        ("Ana", "U1"),
        ("Duty: Ana Silva", "U1"),
        ("ANA SILVA", "U1"),
        ("On-call (Ben Okafor)", "U2"),
        ("Okafor – support shift", "U2"),
        ("Zoe hat Bereitschaft", "U4"),
        ("Guardia: Zoë", "U4"),
        ("Ana d'astreinte", "U1"),
        ("田中 当番", "U5"),
        ("Dyżur Ana", "U1"),
        ("Ana on-duty", "U1"),
        ("primary: Ana, secondary: Zoe", "U1"),
        ("Support: Ana", "U1"),
        ("Frühdienst Ana", "U1"),
        ("Anas Bereitschaft", "U1"),
        ("Zoe on duty for Ana", "U4"),
        ("Zoe Bereitschaft für Ana", "U4"),
        ("Ana on duty (backup: Zoe)", "U1"),
        ("Ana, backup Zoe", "U1"),
    ],
)
def test_a_shift(summary: str, member: str) -> None:
    spans = told(summary)
    assert [shift.member for shift in spans.duty] == [member]
    assert not spans.away


@pytest.mark.parametrize(
    ("summary", "member"),
    [
        ("Ana: vacation", "U1"),
        ("Ana off", "U1"),
        ("OOO Ben Alder", "U3"),
        ("Zoë Urlaub", "U4"),
        ("Ana – congés", "U1"),
        ("田中 休暇", "U5"),
        ("Férias Ana", "U1"),
        ("Anas Urlaub", "U1"),
        ("Ana vacation - Zoe deputizes", "U1"),
        ("Ana off, Zoe covers", "U1"),
        ("Ana Urlaub, Vertretung Zoe", "U1"),
        ("Vacances Ana (Zoë remplace)", "U1"),
        ("Vacation for Ana", "U1"),
    ],
)
def test_an_absence(summary: str, member: str) -> None:
    spans = told(summary)
    assert [shift.member for shift in spans.away] == [member]
    assert not spans.duty


@pytest.mark.parametrize(
    "summary",
    [
        *("Ana: dentist", "Ben on duty", "Anastasia on duty", "Ana on duty, Zoe on vacation", "Closed", ""),
        *("Ana 🏖", "🌴 Zoe", "Ana ☎"),
        *("Ana: not on duty", "no duty for Ana", "Ana jury duty", "Canceled: Ana on duty", "Abgesagt: Zoe Urlaub"),
        *("Ana back from vacation", "Zoe returns from holiday", "Vacation request Ana rejected", "Ana: vacation approved?"),
        *("Ana kick-off", "Zoe: sign-off", "Ana off-site", "Zoe cover for Ana (vacation)", "Zoe → Ana swap on duty"),
        *("Ana -> Zoe", "Ana → Zoe", "Zoe backup", "Support meeting Ana", "Anas", "Zoe deputizes for Ana"),
        *("Zoe n'est pas de garde", "Zoe hat keine Bereitschaft"),
    ],
)
def test_what_says_nothing(summary: str) -> None:
    assert told(summary) == CalendarSpans()


def test_names_that_are_words_name_nobody_by_themselves() -> None:
    people = CalendarPeople(names={"U1": ("Kai Urlaub",), "U2": ("Will Hoff",), "U3": ("May Day",), "U4": ("Ben",)}, emails={})

    def of(summary: str) -> tuple[list[str], list[str]]:
        spans = spans_in([CalendarEntry(summary=summary, since=1.0, until=2.0)], people)
        return [one.member for one in spans.duty], [one.member for one in spans.away]

    assert of("Urlaub Ben") == ([], ["U4"])
    assert of("May 1st holiday") == of("We will be on duty") == of("Urlaub") == ([], [])
    assert of("Kai Urlaub on duty") == of("Kai on duty") == (["U1"], [])
    assert of("May Day: vacation") == ([], ["U3"])


def test_who_takes_part_counts_where_nobody_is_named() -> None:
    assert [shift.member for shift in told("Support duty", emails=("zoe@harbor.example", "x@y.example")).duty] == ["U4"]
    assert [shift.member for shift in told("Vacation", names=("Ben Alder",)).away] == ["U3"]
    assert [shift.member for shift in told("Ana on duty", emails=("zoe@harbor.example",)).duty] == ["U1"]
    assert told("Planning", emails=("zoe@harbor.example",)) == CalendarSpans()


def test_several_share_a_shift_in_the_order_they_are_named() -> None:
    assert [shift.member for shift in told("Zoe & Ana on duty").duty] == ["U4", "U1"]
