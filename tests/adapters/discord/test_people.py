"""Who is on the team: by the roles somebody has when they write, by the settings, and as that changes."""

from __future__ import annotations

from structlog.testing import capture_logs

from bot.domain.people import Role, Team
from bot.ports import WorkspaceChange
from tests.adapters.discord.conftest import Harbor


def told(harbor: Harbor) -> list[WorkspaceChange]:
    return [change for change in harbor.taken.changes if change.team]


async def test_the_team_are_who_have_its_roles_and_whom_the_settings_list(harbor: Harbor) -> None:
    harbor.fake.role("VIP")
    both = harbor.fake.person("Vera", roles=["Crew", "VIP"])
    listed = Team(members=frozenset({harbor.omar.id}), leads=(harbor.omar.id, "77"), duty=())
    async with harbor.watched(listed=listed, customers=frozenset({harbor.ben.id})) as connection:
        team = connection.workspace.team()
        await harbor.ben.says("help", "hm")
        await both.says("help", "hm")
        await harbor.omar.says("help", "hm")
        await harbor.until(lambda: len(harbor.taken.messages) == 3)
    assert team.members == {harbor.ana.id, both.id, harbor.omar.id}, "an explicit customer is one whatever else says"
    assert team.leads == (harbor.omar.id,), "who isn't in the server any more is asked nothing"
    assert [message.role for message in harbor.taken.messages] == [Role.CUSTOMER, Role.MEMBER, Role.MEMBER]


async def test_a_role_that_is_given_later_makes_nobody_a_member_before(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        await harbor.dana.says("help", "Where is my crate?")
        await harbor.dana.changes(roles=["Crew"])
        await harbor.until(lambda: told(harbor))
        assert harbor.dana.id in connection.workspace.team().members
        await harbor.dana.says("help", "Found it.")
        await harbor.dana.changes(roles=[])
        await harbor.until(lambda: len(told(harbor)) == 2)
        await harbor.dana.says("help", "hm")
        await harbor.until(lambda: len(harbor.taken.messages) == 3)
    assert [message.role for message in harbor.taken.messages] == [Role.CUSTOMER, Role.MEMBER, Role.CUSTOMER]
    assert all(change.readers == "all" for change in told(harbor)), "who reads what may be wrong then"


async def test_a_role_that_only_a_message_tells_of_is_news(harbor: Harbor) -> None:
    """discord.py takes the roles over from the message, and `member_update` then shows no change."""
    async with harbor.watched() as connection:
        member = harbor.guild.members[harbor.dana.id]
        member.roles = [harbor.team.id]
        await harbor.dana.says("help", "I work here now.")
        await harbor.until(lambda: told(harbor))
        assert harbor.dana.id in connection.workspace.team().members


async def test_who_leaves_is_on_the_team_no_more_and_what_they_wrote_was_a_members(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        wrote = await harbor.ben.says("help", "It leaves tonight.")
        await harbor.ben.leaves()
        await harbor.until(lambda: told(harbor))
        assert harbor.ben.id not in connection.workspace.team().members
        message = await connection.history.message(harbor.key(harbor.help), wrote.id, None)
    assert message is not None and message.role is Role.MEMBER


async def test_a_team_role_that_changes_its_name_is_the_teams_still_and_after_a_restart(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        with capture_logs() as logs:
            await harbor.fake.changes_role(harbor.team, name="Staff")
            await harbor.until(lambda: logs)
        await harbor.dana.changes(roles=["Staff"])
        await harbor.until(lambda: told(harbor))
        assert connection.workspace.team().members == {harbor.ana.id, harbor.ben.id, harbor.dana.id}
        learnt = connection.workspace.learnt()
    assert [(line["event"], line["named"], line["called"]) for line in logs] == [("discord_role_renamed", "Crew", "Staff")]
    async with harbor.watched(learnt=learnt) as connection:
        assert connection.workspace.team().members == {harbor.ana.id, harbor.ben.id, harbor.dana.id}
        learnt = connection.workspace.learnt()


async def test_a_role_whose_old_name_a_new_one_bears_is_the_teams_beside_it(harbor: Harbor) -> None:
    """Also where both came about while nobody was here; until the settings say which one is meant."""
    async with harbor.watched() as connection:
        learnt = connection.workspace.learnt()
    await harbor.fake.changes_role(harbor.team, name="Staff")
    new = await harbor.fake.creates_role("Crew")
    await harbor.dana.changes(roles=["Crew"])
    for _ in range(2):  # after one more restart, too
        with capture_logs() as logs:
            async with harbor.watched(learnt=learnt) as connection:
                assert connection.workspace.team().members == {harbor.ana.id, harbor.ben.id, harbor.dana.id}
                ((_, trouble),) = connection.workspace.troubles()
                learnt = connection.workspace.learnt()
        (line,) = [line for line in logs if line["event"] == "discord_role_renamed"]
        assert line["called"] == "Staff" and "either" in line["say"]
        assert "The role Crew of Harbor is now called Staff, and a new role is called Crew." in trouble
    async with harbor.watched(learnt=learnt) as connection:
        await harbor.fake.changes_role(new, name="Guests")
        await harbor.until(lambda: told(harbor))
        assert connection.workspace.team().members == {harbor.ana.id, harbor.ben.id}


async def test_while_a_team_role_is_gone_nobody_becomes_a_customer_by_that(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        with capture_logs() as logs:
            await harbor.fake.erases_role(harbor.team)
            await harbor.until(lambda: logs)
        (line,) = logs
        assert (line["event"], line["log_level"], line["roles"]) == ("discord_roles_missing", "error", ["Crew"])
        await harbor.ana.says("help", "It leaves tonight.")
        await harbor.dana.says("help", "Thanks!")
        await harbor.until(lambda: len(harbor.taken.messages) == 2)
        assert [message.role for message in harbor.taken.messages] == [Role.MEMBER, Role.CUSTOMER]
        await harbor.ben.leaves()
        await harbor.until(lambda: told(harbor))
        assert connection.workspace.team().members == {harbor.ana.id}
        await harbor.fake.creates_role("Crew")
        await harbor.until(lambda: len(told(harbor)) == 2)
        assert connection.workspace.team().members == set(), "who has it by now is on the team, and nobody else"


async def test_names_are_the_servers_first(harbor: Harbor) -> None:
    nell = harbor.fake.person("Nell", username="nell.k", nick="Nell (Harbor)\u202e\n")
    async with harbor.watched() as connection:
        assert connection.workspace.names(nell.id) == ("Nell (Harbor)", "Nell", "nell.k")
        assert connection.workspace.names("12345") == ("12345",)


async def test_without_the_members_intent_the_team_is_who_is_listed_and_who_writes(harbor: Harbor) -> None:
    harbor.fake.privileged = {"message_content"}
    listed = Team(members=frozenset({harbor.ben.id}))
    async with harbor.watched(listed=listed) as connection:
        assert connection.workspace.team().members == {harbor.ben.id}
        await harbor.ana.says("help", "hm")
        await harbor.dana.says("help", "hm")
        await harbor.until(lambda: len(harbor.taken.messages) == 2)
        assert [message.role for message in harbor.taken.messages] == [Role.MEMBER, Role.CUSTOMER]
        await harbor.until(lambda: harbor.ana.id in connection.workspace.team().members)


async def test_where_discord_py_does_not_know_everybody_they_are_listed(harbor: Harbor) -> None:
    """Over its limit Discord doesn't list a server's people over the gateway, and discord.py says nothing of it."""
    fake = harbor.fake
    async with harbor.watched() as connection:
        late = fake.person("Late", roles=["Crew"])
        stranger = {"id": "17", "username": "stranger", "discriminator": "0", "global_name": None, "avatar": None}
        fake.gateway.dispatch(fake.gateway.session, "GUILD_MEMBER_REMOVE", {"guild_id": harbor.guild.id, "user": stranger})
        await fake.settle()
        await connection.workspace.refresh()
        assert connection.workspace.team().members == {harbor.ana.id, harbor.ben.id, late.id}
