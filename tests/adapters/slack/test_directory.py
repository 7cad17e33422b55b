"""Who is who, which channels there are, and what events change about it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import structlog

from adapters.slack import register
from adapters.slack.changes import NOTHING, Changes
from adapters.slack.failures import MissingScope
from adapters.slack.workspace import SlackWorkspace
from bot.domain.moves import ChannelMove
from bot.domain.outgoing import Address
from bot.domain.people import Role, Team
from bot.errors import AccessLost, RetryLater
from tests.adapters.slack.conftest import NOW, Script, conversation, user

# -- roles


async def roles(slack: Script, **settings: Any) -> dict[str, Role]:
    directory = await slack.directory(**settings)
    return {id: directory.role(id) for id in slack.people}


async def test_without_lists_the_home_workspaces_people_are_the_team(slack: Script) -> None:
    assert await roles(slack) == {
        "UANA": Role.MEMBER,
        "UBEN": Role.MEMBER,
        "UDANA": Role.CUSTOMER,  # a guest
        "UOMAR": Role.CUSTOMER,  # another organisation
        "UROBOT": Role.APP,
        "UBOT": Role.APP,
    }
    directory = await slack.directory()
    assert directory.members() == {"UANA", "UBEN"}
    assert (directory.role("UNOBODY"), directory.role("USLACKBOT")) == (Role.CUSTOMER, Role.APP)


async def test_where_the_team_is_listed_everybody_else_is_a_customer(slack: Script) -> None:
    directory = await slack.directory(members=frozenset({"UANA"}))
    assert directory.members() == {"UANA"} and directory.role("UBEN") is Role.CUSTOMER
    slack.groups = [{"id": "S1", "handle": "support", "users": ["UBEN", "UDANA", "UROBOT"]}]
    directory = await slack.directory(user_groups=("@Support",))
    assert directory.members() == {"UBEN", "UDANA"} and directory.role("UANA") is Role.CUSTOMER


async def test_a_named_home_workspace_counts_beside_the_lists(slack: Script) -> None:
    directory = await slack.directory(members=frozenset({"UOMAR"}), home_workspace="T1", customers=frozenset({"UBEN"}))
    assert directory.members() == {"UANA", "UOMAR"}
    assert directory.role("UBEN") is Role.CUSTOMER


async def test_the_order_of_the_rules(slack: Script) -> None:
    slack.groups = [{"id": "S1", "handle": "support", "users": ["UOMAR", "UBEN"]}]
    listed = frozenset({"UROBOT", "UBEN"})
    found = await roles(slack, user_groups=("S1",), customers=frozenset({"UBEN"}), members=listed)
    assert found["UOMAR"] is Role.MEMBER  # a group wins over the home workspace
    assert found["UBEN"] is Role.CUSTOMER  # the list of customers wins over everything
    assert found["UROBOT"] is Role.APP  # a robot is nobody's person


async def test_a_guest_with_the_teams_address_is_on_the_team(slack: Script) -> None:
    slack.knows(
        user("UCLEO", "Cleo", is_restricted=True, profile={"email": "cleo@Harbor.example"}),
        user("UFAKE", "Fay", is_restricted=True, profile={"email": "fay@harbor.example"}, is_email_confirmed=False),
        user("UFAR", "Far", team="T2", profile={"email": "far@harbor.example"}),
        user("UEVIL", "Eve", is_restricted=True, profile={"email": "eve@notharbor.example"}),
    )
    directory = await slack.directory(email_domains=frozenset({"harbor.example"}))
    assert directory.members() == {"UANA", "UBEN", "UCLEO"}


async def test_another_workspace_of_the_same_organisation_is_home(slack: Script) -> None:
    slack.answers["auth.test"] = {"team_id": "T1", "user_id": "UBOT", "bot_id": "BBOT", "enterprise_id": "E1"}
    slack.knows(user("WCLEO", "Cleo", team="T7", enterprise_user={"enterprise_id": "E1"}, is_stranger=True))
    slack.knows(user("WINES", "Ines", team="T8", enterprise_user={"enterprise_id": "E2"}, is_stranger=False))
    directory = await slack.directory()
    assert (directory.role("WCLEO"), directory.role("WINES")) == (Role.MEMBER, Role.CUSTOMER)


async def test_a_trusted_relays_account_is_no_app(slack: Script) -> None:
    assert (await roles(slack, trusted_apps=frozenset({"B7"}), home_workspace="T1"))["UROBOT"] is not Role.APP


async def test_a_deactivated_member_is_asked_no_more(slack: Script) -> None:
    slack.knows(user("UBEN", "Ben", deleted=True))
    directory = await slack.directory(members=frozenset({"UANA", "UBEN"}))
    assert directory.members() == {"UANA"} and directory.role("UBEN") is Role.MEMBER


async def test_names_and_zones(slack: Script) -> None:
    directory = await slack.directory()
    assert (directory.name("UANA"), directory.names("UANA"), directory.timezone("UANA")) == (
        "Ana",
        ("Ana", "Ana Vester", "ana"),
        "Europe/Lisbon",
    )
    assert (directory.name("UX"), directory.names("UX"), directory.timezone("UX")) == ("UX", ("UX",), None)


# -- asking


async def test_lists_come_page_by_page(slack: Script) -> None:
    people = [user(f"U{number}", f"P{number}") for number in range(5)]

    def page(given: dict[str, Any]) -> dict[str, Any]:
        start = int(given.get("cursor", 0))
        following = str(start + 2) if start + 2 < len(people) else ""
        return {"members": people[start : start + 2], "response_metadata": {"next_cursor": following}}

    slack.answers["users.list"] = page
    assert len((await slack.directory()).members()) == 5
    assert slack.count("users.list") == 3


async def test_unknown_people_are_asked_for_once(slack: Script) -> None:
    slack.knows(user("UCLEO", "Cleo"))
    slack.listed = ["UANA"]
    directory = await slack.directory()
    running, most = 0, 0

    async def slow(method: str, *, patient: bool = False, **given: Any) -> dict[str, Any]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return await Script.call(slack, method, **given)

    slack.call = slow  # type: ignore[method-assign]
    many = ["UANA", "UCLEO", "USLACKBOT", "B123", "", "UBEN", "UDANA", "UOMAR", "UROBOT", "UBOT", "UNEW1", "UNEW2"]
    await asyncio.gather(directory.ensure(many), directory.ensure(["UCLEO", "UCLEO"]), directory.ensure(["UCLEO"]))
    assert slack.count("users.info") == len(many) - 4
    assert most == register.ASKED_TOGETHER
    assert directory.role("UCLEO") is Role.MEMBER


async def test_whoever_cant_be_asked_for_is_a_customer_for_now(slack: Script) -> None:
    directory = await slack.directory()
    slack.answers["users.info"] = RetryLater("slow down", after=90, uncertain=False)
    with structlog.testing.capture_logs() as lines:
        await directory.ensure(["UCLEO"])
        await directory.ensure(["UCLEO"])
    assert slack.count("users.info") == 1 and directory.role("UCLEO") is Role.CUSTOMER
    assert [(line["event"], line["repeats"]) for line in lines] == [("slack_person_unknown", True)], (
        "thousands are one line a minute"
    )
    del slack.answers["users.info"]
    slack.knows(user("UCLEO", "Cleo"))
    slack.clock.advance_to(NOW + 89)
    await directory.ensure(["UCLEO"])
    assert directory.role("UCLEO") is Role.CUSTOMER
    slack.clock.advance_to(NOW + 90)
    await directory.ensure(["UCLEO"])
    assert directory.role("UCLEO") is Role.MEMBER


async def test_started_again_nobody_is_unknown_meanwhile(slack: Script) -> None:
    slack.groups = [{"id": "S1", "handle": "support", "users": ["UBEN"]}]
    directory = await slack.directory(user_groups=("support",), home_workspace="T1")
    people = directory.people
    roles: list[Role] = []

    def listing(given: dict[str, Any]) -> dict[str, Any]:
        roles.extend(directory.role(id) for id in ("UANA", "UBEN"))
        return {"members": [user("UANA", "Ana", deleted=True)], "usergroups": slack.groups}

    slack.answers |= {"users.list": listing, "usergroups.list": listing}
    await directory.start()
    assert roles == [Role.MEMBER] * 4 and directory.people is people
    assert directory.members() == {"UBEN"}
    slack.groups = [{"id": "S1", "handle": "support", "users": ["UOMAR"]}]
    await directory.start()
    assert directory.members() == {"UBEN", "UOMAR"}


async def test_what_events_tell_during_the_listing_isnt_lost(slack: Script) -> None:
    directory = await slack.directory()

    def listing(given: dict[str, Any]) -> dict[str, Any]:
        directory.learn({"type": "member_joined_channel", "user": "UBOT", "channel": "C9"})
        directory.learn({"type": "channel_left", "channel": "C1"})
        return {"channels": list(slack.channels.values())}

    slack.answers["users.conversations"] = listing
    await directory.start()
    assert set(directory.channels()) == {"slack:T1:C9", "slack:T1:G1"}


async def test_a_start_that_names_no_workspace_is_no_start(slack: Script) -> None:
    slack.answers["auth.test"] = {"ok": True}
    with pytest.raises(RetryLater):
        await slack.directory()


async def test_an_answer_that_hangs_holds_up_nobody(slack: Script) -> None:
    directory = await slack.directory()

    asked = []

    async def hang(method: str, *, patient: bool = False, **given: Any) -> dict[str, Any]:
        asked.append(given)
        await asyncio.Event().wait()
        raise AssertionError

    slack.call = hang  # type: ignore[method-assign]
    await directory.ensure([f"U{number}" for number in range(10)], within=0.01)
    assert directory.role("U1") is Role.CUSTOMER
    # The time is that of all of them: those whose turn didn't come within it aren't asked for any more.
    assert len(asked) == register.ASKED_TOGETHER


async def test_an_event_doesnt_wait_for_somebody_elses_patience(slack: Script) -> None:
    slack.knows(user("UCLEO", "Cleo"))
    slack.listed = ["UANA"]
    directory = await slack.directory()
    go_on = asyncio.Event()

    async def slow(method: str, *, patient: bool = False, **given: Any) -> dict[str, Any]:
        await go_on.wait()
        return await Script.call(slack, method, **given)

    slack.call = slow  # type: ignore[method-assign]
    patiently = asyncio.create_task(directory.ensure(["UCLEO"], within=None))
    await asyncio.sleep(0)
    await directory.ensure(["UCLEO"], within=0.01)
    assert directory.role("UCLEO") is Role.CUSTOMER
    go_on.set()
    await patiently
    assert directory.role("UCLEO") is Role.MEMBER


async def test_private_channels_need_a_permission(slack: Script) -> None:
    def channels(given: dict[str, Any]) -> dict[str, Any]:
        if "private" in given["types"]:
            raise MissingScope("no", needed="groups:read")
        direct = [conversation("D1", "x", is_im=True), conversation("G2", "m", is_mpim=True)]
        return {"channels": [conversation("C1", "help"), *direct]}

    slack.answers["users.conversations"] = channels
    directory = await slack.directory()
    assert list(directory.channels()) == ["slack:T1:C1"]
    info = directory.channels()["slack:T1:C1"]
    assert (info.id, info.name, info.private, info.shared, info.is_member) == ("C1", "help", False, False, True)


async def test_a_start_without_a_token_that_works_says_so(slack: Script) -> None:
    slack.answers["auth.test"] = AccessLost("gone")
    with pytest.raises(AccessLost):
        await slack.directory()


async def test_what_is_known_stays_bounded(slack: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "MOST_PEOPLE", 20)
    directory = await slack.directory()
    for number in range(100):
        slack.knows(user(f"U{number}", f"P{number}", team="T2"))
        await directory.ensure([f"U{number}"])
    assert len(directory.people.view) <= 20
    assert directory.members() == {"UANA", "UBEN"}
    for number in range(100):
        directory.learn({"type": "team_join", "user": user(f"UM{number}", f"M{number}")})
    assert len(directory.people.view) <= 20 and "UM99" in directory.members()


# -- events


async def test_people_who_come_and_change(slack: Script) -> None:
    # /reference/events/team_join, /reference/events/user_change
    directory = await slack.directory()
    changes = directory.learn({"type": "team_join", "user": user("UCLEO", "Cleo")})
    assert changes.people and changes.readers_changed and directory.role("UCLEO") is Role.MEMBER
    assert "UCLEO" in directory.members()
    changes = directory.learn({"type": "user_change", "user": user("UCLEO", "Cleo B")})
    assert not changes.people and changes.times == "UCLEO" and directory.name("UCLEO") == "Cleo B"
    for entry in (user("UCLEO", "Cleo", is_restricted=True), user("UCLEO", "Cleo"), user("UCLEO", "Cleo", deleted=True)):
        assert directory.learn({"type": "user_change", "user": entry}).people
    assert "UCLEO" not in directory.members()


async def test_user_groups_change(slack: Script) -> None:
    # /reference/events/subteam_members_changed, /reference/events/subteam_updated
    slack.groups = [{"id": "S1", "handle": "support", "users": ["UANA"]}]
    directory = await slack.directory(user_groups=("support",))
    event = {"type": "subteam_members_changed", "subteam_id": "S1", "added_users": ["UBEN"], "removed_users": ["UANA"]}
    assert directory.learn(event).people and directory.members() == {"UBEN"}
    assert directory.learn(event | {"subteam_id": "S9"}) == NOTHING
    updated = {"type": "subteam_updated", "subteam": {"id": "S1", "handle": "support", "users": ["UANA", "UBEN"]}}
    assert directory.learn(updated).people and directory.members() == {"UANA", "UBEN"}
    assert directory.learn(updated) == NOTHING
    other = {"type": "subteam_created", "subteam": {"id": "S2", "handle": "chess", "users": ["UDANA"]}}
    assert directory.learn(other) == NOTHING
    updated["subteam"] |= {"date_delete": 1772442000}
    assert directory.learn(updated).people and directory.members() == frozenset()


async def test_a_group_that_doesnt_exist_is_told(slack: Script) -> None:
    slack.groups = [{"id": "S1", "handle": "support"}]
    slack.answers["usergroups.users.list"] = {"users": ["UANA"]}
    with structlog.testing.capture_logs() as lines:
        directory = await slack.directory(user_groups=("support", "helpers"))
    assert directory.members() == {"UANA"}
    assert [line["groups"] for line in lines if line["event"] == "slack_groups_missing"] == [["helpers"]]


def touched(channel: str, **more: Any) -> Changes:
    return Changes(channel=channel, readers_changed=True, **more)


@pytest.mark.parametrize(
    ("event", "changes"),
    [
        ({"type": "member_joined_channel", "user": "UDANA", "channel": "C1"}, touched("C1")),
        ({"type": "member_left_channel", "user": "UDANA", "channel": "C1"}, touched("C1")),
        (
            {"type": "member_left_channel", "user": "UBOT", "channel": "C1"},
            touched("C1", left=True),
        ),
        (
            {"type": "member_joined_channel", "user": "UBOT", "channel": "C9"},
            touched("C9", joined=True),
        ),
        ({"type": "channel_left", "channel": "C1"}, touched("C1", left=True)),
        ({"type": "group_deleted", "channel": "G1"}, touched("G1", left=True, deleted=True)),
        (
            {"type": "channel_archive", "channel": "C1", "user": "UANA"},
            touched("C1", archived=True),
        ),
        ({"type": "group_unarchive", "channel": "G1"}, touched("G1", archived=False)),
        ({"type": "channel_rename", "channel": {"id": "C1", "name": "ask"}}, Changes(channel="C1")),
        ({"type": "channel_rename", "channel": {"id": "C1", "name": "help"}}, Changes(channel="C1")),
        ({"type": "channel_shared", "channel": "C1", "connected_team_id": "T2"}, touched("C1")),
        (
            {"type": "channel_unshared", "channel": "C1", "previously_connected_team_id": "T2", "is_ext_shared": False},
            touched("C1"),
        ),
        (
            {"type": "shared_channel_invite_approved", "channel": {"id": "C1"}},
            touched("C1"),
        ),
        (
            {"type": "channel_id_changed", "old_channel_id": "G1", "new_channel_id": "C8", "event_ts": "1612206778.000000"},
            touched("C8", moved=ChannelMove(old="slack:T1:G1", new="slack:T1:C8", at=1612206778.0)),
        ),
        ({"type": "message", "subtype": "channel_convert_to_public", "channel": "G1"}, touched("G1")),
        ({"type": "message", "subtype": "channel_join", "user": "UDANA", "channel": "C1"}, touched("C1")),
        ({"type": "message", "subtype": "group_leave", "user": "UDANA", "channel": "G1"}, touched("G1")),
        ({"type": "message", "subtype": "channel_archive", "channel": "C1"}, touched("C1")),
        ({"type": "message", "subtype": "channel_something_new", "channel": "C1"}, touched("C1")),
        ({"type": "channel_something_new", "channel": "C1"}, touched("C1")),
        ({"type": "message", "subtype": "channel_topic", "channel": "C1"}, NOTHING),
        ({"type": "message", "subtype": "thread_broadcast", "channel": "C1"}, NOTHING),
        ({"type": "channel_created", "channel": {"id": "C5", "name": "new"}}, NOTHING),
        ({"type": "message", "channel": "C1"}, NOTHING),
        ({"type": "member_joined_channel", "channel": "D1"}, NOTHING),
        ({"type": ["x"]}, NOTHING),
    ],
)
async def test_events_about_channels(slack: Script, event: dict[str, Any], changes: Changes) -> None:
    # /reference/events/<type>
    directory = await slack.directory()
    assert directory.learn(event) == changes
    channels = {info.id: info for info in directory.channels().values()}
    if changes.left:
        assert changes.channel not in channels
    if changes.joined:
        assert channels["C9"].key == "slack:T1:C9"
    if event["type"] == "channel_rename":
        assert channels["C1"].name == event["channel"]["name"]
    if changes.archived is not None and changes.channel is not None:
        assert channels[changes.channel].archived is changes.archived
    if event["type"] == "channel_shared":
        assert (channels["C1"].shared, channels["C1"].connected) == (True, ("T2",))
    if event["type"] == "channel_id_changed":
        assert "G1" not in channels and channels["C8"].key == "slack:T1:C8" and channels["C8"].name == "team"


async def test_a_new_channel_is_asked_for(slack: Script) -> None:
    directory = await slack.directory()
    directory.learn({"type": "member_joined_channel", "user": "UBOT", "channel": "C9"})
    slack.has(conversation("C9", "orders", is_ext_shared=True))
    info = await directory.meet("C9")
    assert info is not None and info == directory.channels()["slack:T1:C9"] and info.name == "orders" and info.shared


# -- channels that get another id


def changed(old: str, new: str, at: float = 1612206778.0) -> dict[str, Any]:
    return {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new, "event_ts": f"{at:.6f}"}


async def test_a_channel_is_known_by_every_id_it_had(slack: Script) -> None:
    directory = await slack.directory()
    directory.learn(changed("G1", "C8"))
    assert directory.learn(changed("G1", "C8")).moved is not None, "told again, it is said again: the first time may have failed"
    assert (directory.current("G1"), directory.current("C8"), directory.current("C1")) == ("C8", "C8", "C1")
    assert directory.key_of("G1") == "slack:T1:C8"
    directory.learn(changed("C8", "C9", 1612206800.0))
    assert directory.current("G1") == "C9"
    assert directory.learn(changed("G1", "C8")) == NOTHING, "it went on since"
    assert [info.id for info in directory.channels().values()] == ["C1", "C9"]


async def test_what_nobody_told_is_found_out_as_far_as_it_can_be(slack: Script) -> None:
    """By its id, where a G became a C; by conversations.info, should that know the old id; else it is gone, or can't be told."""
    slack.has(conversation("C22", "project"))
    slack.answers["conversations.info G3"] = {"channel": conversation("C9", "orders")}
    slack.answers["conversations.info G4"] = RetryLater("later", after=1)
    slack.answers["conversations.info G6"] = {"channel": conversation("G6", "left", is_member=False)}
    directory = await slack.directory()
    asked = slack.count("conversations.info")
    known = [f"slack:T1:{id}" for id in ("C1", "G1", "G22", "G3", "G4", "G5", "G6", "G7")]
    waiting = {f"slack:T1:{id}" for id in ("C1", "G22", "G3", "G4", "G5", "G6")} | {"slack:T2:G9"}
    sought = await directory.seek([*known, "slack:T2:G9"], waiting)
    moves = [("slack:T1:G22", "slack:T1:C22"), ("slack:T1:G3", "slack:T1:C9")]
    assert [(move.old, move.new) for move in sought.moves] == moves
    assert sought.gone == ("slack:T1:G5",)
    assert slack.count("conversations.info") - asked == 4, "nobody waits in G7"
    assert (directory.current("G22"), directory.current("G3"), directory.current("G5")) == ("C22", "C9", "G5")
    workspace = SlackWorkspace(directory, listed=Team(), wanted="G22")
    assert workspace.destination() == Address("slack", "channel", "C22")
    assert workspace.link("slack:T1:G5", "1.0", None) is None
    assert workspace.link("slack:T1:C22", "1.0", None) == "https://harbor.slack.com/archives/C22/p10"


async def test_whoever_is_thrown_out_while_seeking_hears_of_it(slack: Script) -> None:
    slack.answers["conversations.info G5"] = AccessLost("no")
    directory = await slack.directory()
    with pytest.raises(AccessLost):
        await directory.seek(["slack:T1:G5"], {"slack:T1:G5"})
