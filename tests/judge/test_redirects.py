"""Which replies send the customer elsewhere, and which do nothing else."""

from __future__ import annotations

import pytest

from bot.domain.people import Role
from bot.domain.reading import Cue
from tests.judge.scene import read
from tests.language.redirect_lines import NO_REDIRECT, ONLY, WITH_HELP


def redirects(text: str) -> tuple[bool, bool]:
    reading = read(text, author="ana", role=Role.MEMBER)
    return reading.has(Cue.REDIRECT), reading.has(Cue.REDIRECT_ONLY)


def test_redirects_are_found_on_made_lines() -> None:
    lines = [(text, True) for text in (*ONLY, *WITH_HELP)] + [(text, False) for text in NO_REDIRECT]
    assert len(lines) >= 100
    found = [(redirects(text)[0], truth) for text, truth in lines]
    hits = sum(said and truth for said, truth in found)
    assert hits / sum(said for said, _ in found) >= 0.9
    assert hits / sum(truth for _, truth in found) >= 0.9


def test_redirects_that_do_nothing_else_are_told_from_those_that_help() -> None:
    wrong = [text for text in ONLY if redirects(text) == (True, False)] + [text for text in WITH_HELP if redirects(text)[1]]
    assert len(wrong) <= 3, wrong


def test_only_what_members_say_is_a_redirect() -> None:
    assert not read("please email me at dana@mail.example", role=Role.CUSTOMER).has(Cue.REDIRECT)


@pytest.mark.parametrize(
    "text",
    [
        "Did you contact support already?",
        "Please don't DM me, ask here so that everybody learns from it.",
        "No need to open a ticket, I can see it here.",
        "Hast du den Support schon gefragt?",
    ],
)
def test_asking_about_or_advising_against_another_channel_is_no_redirect(text: str) -> None:
    assert redirects(text) == (False, False)
