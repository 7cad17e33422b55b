"""Who is proposed to go on with a wait: who knows the customer, who is on duty, who has least to do."""

from __future__ import annotations

from bot.domain.people import Team
from bot.domain.waits import Wait
from bot.waits.successors import successor

NOW = 1_000_000.0
TEAM = Team(members=frozenset({"ana", "ben", "cleo", "theo"}), leads=("cleo",), duty=("theo",))
HELP = "local:harbor:help"
KNOWS = {(HELP, "ben"): (3.0, NOW)}


def proposed(
    *,
    known: dict[tuple[str, str], tuple[float, float]] | None = None,
    away: str = "",
    team: Team = TEAM,
    not_me: tuple[str, ...] = (),
) -> str | None:
    wait = Wait(
        id=f"{HELP}/1",
        channel=HELP,
        customer="dana",
        thread=None,
        messages=("1",),
        opened_at=NOW,
        last_message_at=NOW,
        not_me=not_me,
    )
    load = {"ana": 0, "ben": 4, "theo": 2}
    return successor(wait, TEAM, without=("ana",), known=known or {}, away=away.split().__contains__, load=load, now=NOW)


def test_who_knows_the_customer_comes_first_then_duty_then_who_has_least_to_do() -> None:
    assert proposed(known=KNOWS) == "ben"
    assert proposed() == "theo"
    assert proposed(away="theo") == "cleo", "Ben has four already"


def test_who_is_away_or_said_not_me_is_passed_over() -> None:
    assert proposed(known=KNOWS, away="ben") == "theo"
    assert proposed(known=KNOWS, not_me=("ben", "theo")) == "cleo"
    assert proposed(away="ben cleo theo") is None
