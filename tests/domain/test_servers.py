"""Servers with a team each: who may read what, who can reply where, and how that is said of all platforms' one team."""

from __future__ import annotations

from bot.domain.keys import digest_key, digest_place, preview_key, preview_server, server_of
from bot.domain.people import Accounts, Team, merged

HARBOR, BAY = "discord:1", "discord:2"
TEAM = Team(
    members=frozenset({"ana", "rio", "lea"}),
    leads=("lea",),
    servers={HARBOR: frozenset({"ana"}), BAY: frozenset({"rio"})},
)


def test_who_is_on_a_servers_team_can_reply_and_read_there() -> None:
    assert TEAM.there(f"{HARBOR}:help", ("rio", "ana")) == ("ana",)
    assert TEAM.may_read("ana", f"{HARBOR}:help") and not TEAM.may_read("ana", f"{BAY}:ask")
    assert TEAM.may_read("lea", f"{BAY}:ask") and TEAM.there(f"{BAY}:ask", ("lea",)) == (), "who leads decides, and can't reply"
    assert TEAM.known_to("ana") == {"ana", "lea"} and TEAM.known_to("lea") == TEAM.members


def test_where_all_is_one_everybody_reads_everything() -> None:
    one = Team(members=frozenset({"ana", "rio"}))
    assert one.may_read("rio", "slack:T1:C1") and one.there("slack:T1:C1", ("rio", "ana")) == ("rio", "ana")
    assert one.known_to("rio") == one.members


def test_the_one_team_of_several_platforms_goes_by_member() -> None:
    slack = Team(members=frozenset({"U1", "U2"}))
    discord = Team(members=frozenset({"11", "22"}), servers={HARBOR: frozenset({"11"}), BAY: frozenset({"22"})})
    team = merged({"slack": slack, "discord": discord}, Accounts({"U1": {"slack": "U1", "discord": "11"}}))
    assert team.servers == {HARBOR: {"U1"}, BAY: {"22"}}
    assert team.may_read("U1", f"{BAY}:ask"), "the team's own Slack reads of all, as it always did"
    assert not team.may_read("22", "slack:T1:C1"), "one server's moderators read nothing of Slack's customers"
    assert not team.may_read("22", f"{HARBOR}:help") and team.there(f"{BAY}:ask", ("U1", "U2", "22")) == ("22",)


def test_keys_tell_the_server_they_are_for() -> None:
    assert server_of("discord:1:5") == HARBOR and server_of("local:help") == "" and server_of("help") == ""
    assert digest_place(digest_key(9.0, "day", HARBOR)) == HARBOR and digest_place(digest_key(9.0, "day")) is None
    assert preview_server(preview_key("77", HARBOR, again=2)) == HARBOR and preview_server(preview_key("77", again=1)) is None
    assert preview_key("77") == "preview:77" and preview_key("77", again=1) == "preview:77.1", "as it always was"
