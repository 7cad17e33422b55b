"""Which accounts are whose, coming in and going out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.accounts import by_member, on_platform
from bot.domain.events import Acted, Corrected, Deleted, Edited, Event, Posted, Reacted, Typing
from bot.domain.messages import Message
from bot.domain.people import Accounts, Role, Team, merged
from bot.domain.views import Button, Buttons, Fields, Heading, PersonName, Plain, SmallPrint, Text, View

ACCOUNTS = Accounts({"U1": {"slack": "U1", "discord": "11"}, "U2": {"slack": "U2"}, "33": {"discord": "33"}})
DISCORD, SLACK = "discord:1:9", "slack:T1:C1"
MESSAGE = Message(channel=DISCORD, id="5", at=5.0, author="11", role=Role.MEMBER, mentions=("33", "11", "99"))


def test_an_account_belongs_to_one_member() -> None:
    assert [ACCOUNTS.member("discord", id) for id in ("11", "33", "99")] == ["U1", "33", "99"]
    assert ACCOUNTS.member("slack", "U1") == "U1"
    assert ACCOUNTS.member("slack", "11") == "11", "that is somebody's id on Discord"
    assert [ACCOUNTS.account("discord", member) for member in ("U1", "U2", "33", "99")] == ["11", None, "33", "99"]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (Posted(message=MESSAGE), Posted(message=replace(MESSAGE, author="U1", mentions=("33", "U1", "99")))),
        (
            Edited(message=MESSAGE, at=6.0),
            Edited(message=replace(MESSAGE, author="U1", mentions=("33", "U1", "99")), at=6.0),
        ),
        (
            Reacted(channel=DISCORD, id="5", by="11", by_member=True, emoji="eyes", at=6.0),
            Reacted(channel=DISCORD, id="5", by="U1", by_member=True, emoji="eyes", at=6.0),
        ),
        (
            # By key already, from wherever they clicked: the same id may be somebody's account here.
            Acted(channel=DISCORD, wait="w", verb="claim", by="11", at=6.0),
            Acted(channel=DISCORD, wait="w", verb="claim", by="11", at=6.0),
        ),
        (Typing(channel=DISCORD, by="11", by_member=True, at=6.0), Typing(channel=DISCORD, by="U1", by_member=True, at=6.0)),
        (
            Corrected(channel=DISCORD, message="5", by="33", at=6.0, says="waits", posted=MESSAGE),
            Corrected(
                channel=DISCORD,
                message="5",
                by="33",
                at=6.0,
                says="waits",
                posted=replace(MESSAGE, author="U1", mentions=("33", "U1", "99")),
            ),
        ),
    ],
    ids=lambda event: type(event).__name__,
)
def test_events_come_in_by_account_and_are_decided_by_member(event: Event, expected: Event) -> None:
    assert by_member(event, ACCOUNTS) == expected
    assert by_member(expected, ACCOUNTS) == expected, "what is by member already stays"


def test_what_names_nobody_with_another_account_stays_as_it_is() -> None:
    stranger = Posted(message=replace(MESSAGE, author="99", role=Role.CUSTOMER, mentions=()))
    assert by_member(stranger, ACCOUNTS) is stranger
    deleted = Deleted(channel=DISCORD, id="5", at=6.0)
    assert by_member(deleted, ACCOUNTS) is deleted
    elsewhere = Posted(message=replace(MESSAGE, channel=SLACK))
    assert by_member(elsewhere, ACCOUNTS) is elsewhere, "11 is nobody on Slack"


def test_a_view_names_accounts_where_there_are_some_and_people_elsewhere() -> None:
    names = {"U1": ("Ana",), "U2": ("Ben",), "33": ("Mia",), "99": ("Dana", "dana99")}
    line = (PersonName("U1", ping=True), PersonName("U2", ping=True), PersonName("33", ping=True), PersonName("99"), Plain("!"))
    buttons = Buttons((Button("I'm on it", "claim", "w1"),))
    view = View(
        nodes=(Heading("x"), Text(line), Fields((("Owner", line),)), SmallPrint(line), buttons),
        fallback="x",
        addressed=("U1", "U2", "33"),
    )

    def shown(platform: str) -> View:
        return on_platform(view, platform, ACCOUNTS, lambda person: names.get(person, ()))

    discord = (PersonName("11", ping=True), Plain("Ben"), PersonName("33", ping=True), Plain("Dana"), Plain("!"))
    expected = (Heading("x"), Text(discord), Fields((("Owner", discord),)), SmallPrint(discord), buttons)
    assert shown("discord") == View(nodes=expected, fallback="x", addressed=("11", "33"))
    assert shown("slack").addressed == ("U1", "U2")
    slack = (PersonName("U1", ping=True), PersonName("U2", ping=True), Plain("Mia"), Plain("Dana"), Plain("!"))
    assert shown("slack").nodes[1] == Text(slack)
    assert on_platform(View(nodes=(Text((PersonName("77"),)),), fallback="x"), "slack", ACCOUNTS, lambda _: ()).nodes == (
        Text((PersonName("77"),)),
    ), "nobody knows a name: the platform may"


def test_the_teams_of_several_platforms_are_one() -> None:
    listed = Accounts({"U2": {"slack": "U2", "discord": "22"}, "U1": {"slack": "U1", "discord": "11"}})
    slack = Team(members=frozenset({"U1", "U2", "U9"}), leads=("U1",), duty=("U1",))
    discord = Team(members=frozenset({"11", "22", "99"}), leads=("11",), duty=("99", "22", "11"))
    team = merged({"slack": slack, "discord": discord}, listed)
    assert team.members == {"U1", "U2", "U9", "99"}
    assert (team.leads, team.duty) == (("U1",), ("U2", "U1", "99"))
    assert [team.accounts.account("discord", member) for member in ("U1", "U2", "U9", "99")] == ["11", "22", None, "99"]
    assert [team.accounts.account("slack", member) for member in ("U1", "U9", "99")] == ["U1", "U9", None]


def test_a_team_on_one_platform_stays_as_it_is() -> None:
    slack = Team(members=frozenset({"U1", "U2"}), leads=("U2", "U1"), duty=("U2", "U1"))
    assert merged({"slack": slack}, Accounts()) is slack
