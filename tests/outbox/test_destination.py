"""Where messages go: the platform the customer waits on, else another, and never one that we left while there is another."""

from __future__ import annotations

from bot.domain.outgoing import Address
from bot.domain.people import Accounts, Team
from bot.outbox.address_queues import Destination

TEAM = Team(members=frozenset({"ana", "lea"}), accounts=Accounts({"ana": {"slack": "U1", "bay": "A-17"}, "lea": {"bay": "lea"}}))
CHANNELS = {name: Address(name, "channel", "team") for name in ("slack", "bay")}


def there(name: str, about: str | None) -> Address:
    """A platform of two workspaces: what happens in the second goes to a channel of its own."""
    return Address("bay", "channel", "second") if about == "bay:B2:help" else CHANNELS[name]


def destination() -> Destination:
    return Destination(
        channels={name: lambda about, name=name: there(name, about) for name in CHANNELS},  # type: ignore[misc]
        wants_dm=lambda member: member == "ana",
        team=lambda: TEAM,
    )


def test_what_is_about_a_platform_goes_there_and_what_is_about_none_to_the_first() -> None:
    assert destination().of((), "bay:B1:help") == CHANNELS["bay"]
    assert destination().of(()) == CHANNELS["slack"]
    assert destination().of(("ana",), "bay:B1:help") == Address("bay", "person", "A-17")


def test_what_is_for_somebody_and_about_no_platform_goes_where_they_are() -> None:
    ben = Team(members=frozenset({"ben"}), accounts=Accounts({"ben": {"bay": "B-1"}}))
    there = Destination(channels=destination().channels, wants_dm=lambda _: False, team=lambda: ben)
    assert there.of(("ben",)) == CHANNELS["bay"] and there.of(()) == there.of(("zoe",)) == CHANNELS["slack"]


def test_who_takes_no_direct_messages_is_told_in_the_channel_or_elsewhere() -> None:
    def closed(platform: str, account: str) -> bool:
        return (platform, account) == ("bay", "A-17")

    assert destination().of(("ana",), "bay:B1:help", closed=closed) == Address("slack", "person", "U1")
    assert destination().of(("ana",), "bay:B1:help", closed=lambda _platform, _account: True) == CHANNELS["bay"]


def test_a_platform_that_was_left_is_passed_over_while_there_is_another() -> None:
    there = destination()
    there.left.add("slack")
    assert there.of(()) == CHANNELS["bay"]
    assert there.of((), "slack:T1:C1") == CHANNELS["bay"]
    assert there.of(("ana",), "slack:T1:C1") == Address("bay", "person", "A-17")
    there.left.add("bay")
    assert there.of((), "slack") == CHANNELS["slack"], "it is kept for when we are there again"


def test_whoever_has_no_account_there_is_reached_where_they_have_one() -> None:
    there = destination()
    assert there.of(("lea",), "slack") == there.of(("lea",)) == CHANNELS["bay"]
    assert there.of(("lea", "ana"), "slack") == CHANNELS["slack"], "one of them is"
    assert (there.mentions("lea", "slack"), there.mentions("ana", "slack")) == ("bay", "slack")
    there.left.add("bay")
    assert there.of(("lea",), "slack") == CHANNELS["slack"] and there.mentions("lea", "slack") is None


def test_what_all_are_to_read_goes_to_a_channel_where_one_reaches_whom_it_is_for() -> None:
    there = destination()
    assert there.read_by_all(("ana",), "bay") == CHANNELS["bay"] and there.reaches("ana") and there.reaches("lea")
    alone = Destination(channels={"slack": lambda _: None, "bay": lambda _: None}, wants_dm=lambda _: False, team=lambda: TEAM)
    assert alone.read_by_all(("ana",)) is None and alone.reaches("ana"), "it is said of the place, not of her"
    only_slack = Destination(
        channels={"slack": lambda _: CHANNELS["slack"], "bay": lambda _: None}, wants_dm=lambda _: False, team=lambda: TEAM
    )
    assert only_slack.reaches("ana") and not only_slack.reaches("lea")


def test_a_digest_tells_of_what_has_its_channel() -> None:
    there = destination()
    assert there.tells("bay", "bay") and not there.tells("bay", "slack") and there.tells(None, "slack")
    there.left.add("slack")
    assert there.tells("bay", "slack"), "its reminders go there, too"


def test_what_happens_in_a_workspace_with_a_channel_of_its_own_goes_there() -> None:
    assert destination().of((), "bay:B2:help") == Address("bay", "channel", "second")
    assert destination().of(("ana", "ben"), "bay:B2:help") == Address("bay", "channel", "second")
    assert destination().of(("ana",), "bay:B2:help") == Address("bay", "person", "A-17"), "who asked for it is told directly"
    moved = destination()
    moved.left.add("bay")
    assert moved.of((), "bay:B2:help") == CHANNELS["slack"], "another platform knows nothing of that workspace"


ROOMS = {"discord:1": Address("discord", "channel", "room1"), "discord:2": Address("discord", "channel", "room2")}


def servers(**more: frozenset[str]) -> Destination:
    """Two servers, with a room for reminders each; the first one's is also for what is about nothing in particular."""
    team = Team(
        members=frozenset({"ana", "rio", "lea"}),
        servers={"discord:1": frozenset({"ana"}), "discord:2": frozenset({"rio"})} | more,
    )
    return Destination(
        channels={"discord": lambda about: ROOMS.get((about or "discord:1")[:9])},
        wants_dm=lambda member: member == "lea",
        team=lambda: team,
        all_channels=lambda _: tuple(ROOMS.values()),
        server_of=lambda place: next((server for server, room in ROOMS.items() if room == place), None),
    )


def test_each_server_is_told_by_itself() -> None:
    there = servers()
    assert there.of(("rio",)) == ROOMS["discord:2"] and there.of(("ana",)) == ROOMS["discord:1"], "where they read it"
    assert there.tells("discord:2", "discord:2:ask") and not there.tells("discord:1", "discord:2:ask")
    assert there.has_digest("discord:1") and not there.has_digest("discord") and there.parted
    assert (there.mentions("rio", "discord:2:ask"), there.mentions("ana", "discord:2:ask")) == ("discord:2", None)


def test_who_is_on_another_servers_team_only_is_outside() -> None:
    there = servers()
    assert there.outside("ana", "discord:2:ask") and not there.outside("rio", "discord:2:ask")
    assert there.outside("lea", "discord:2:ask"), "direct messages make nobody a reader"
    assert not destination().outside("ana", "slack:T1:C1"), "where all is one nobody is"
    assert not servers(**{"discord:2": frozenset({"ana"})}).outside("ana", "discord:2:ask")
