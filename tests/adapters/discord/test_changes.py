"""What changes about servers, channels and threads is told: who reads what, what is seen, what is solved, where reminders go."""

from __future__ import annotations

from bot.domain.events import Deleted, Solved
from bot.domain.outgoing import Address
from bot.domain.people import Role
from tests.adapters.discord.conftest import Harbor
from tests.discord_sandbox.model import FORUM

SEE = ["VIEW_CHANNEL"]


async def test_a_channel_that_the_bot_comes_to_see_is_read_and_one_it_lost_is_not_asked(harbor: Harbor) -> None:
    fake = harbor.fake
    secret = fake.channel("orders", only=[])
    await fake.allows(secret, fake.world.bot, deny=SEE)
    async with harbor.watched() as connection:
        assert harbor.key(secret) not in connection.workspace.channels()
        await fake.allows(secret, fake.world.bot, allow=SEE)
        await harbor.until(lambda: any(change.joined == harbor.key(secret) for change in harbor.taken.changes))
        made = await fake.creates("news")
        await harbor.until(lambda: any(change.joined == harbor.key(made) for change in harbor.taken.changes))
        await fake.allows(secret, fake.world.bot, deny=SEE)
        await harbor.until(lambda: harbor.key(secret) not in connection.workspace.channels())
        assert (await connection.workspace.seek([harbor.key(secret)], [harbor.key(secret)])).gone == (harbor.key(secret),)
        assert (await connection.workspace.seek([harbor.key(secret)], [])).gone == ()


async def test_who_reads_a_channel_may_be_others_when_permissions_change(harbor: Harbor) -> None:
    async with harbor.watched():
        harbor.taken.changes.clear()
        await harbor.fake.allows(harbor.desk, harbor.dana, allow=SEE)
        await harbor.until(lambda: harbor.taken.changes)
        assert harbor.taken.changes[0].readers == Address("discord", "channel", harbor.desk.id)
        harbor.taken.changes.clear()
        await harbor.fake.changes_role(harbor.team, permissions=8)
        await harbor.until(lambda: harbor.taken.changes)
        assert harbor.taken.changes[0].readers == "all"


async def test_the_reminders_channel_is_watched_by_nobody_and_may_be_lost_and_found(harbor: Harbor) -> None:
    bot = harbor.fake.world.bot
    async with harbor.watched() as connection:
        assert connection.workspace.destination() == Address("discord", "channel", harbor.desk.id)
        assert not connection.workspace.watches(harbor.key(harbor.desk)) and connection.workspace.watches(harbor.key(harbor.help))
        await harbor.fake.allows(harbor.desk, bot, deny=SEE)
        await harbor.until(lambda: connection.workspace.destination() is None)
        await harbor.fake.settle()
        await harbor.fake.allows(harbor.desk, bot, allow=SEE)
        await harbor.until(lambda: any(change.destination_found for change in harbor.taken.changes))


async def test_only_the_channels_and_servers_that_the_settings_name(harbor: Harbor) -> None:
    fake = harbor.fake
    harbor.guild_options(channels=("help*",))
    fake.channel("lounge")
    foreign = fake.guild("Elsewhere")
    there = fake.channel("help", guild=foreign)
    eve = fake.person("Eve", guild=foreign)
    async with harbor.watched() as connection:
        assert connection.workspace.channels() == {harbor.key(harbor.help): "help"}
        await harbor.dana.says("lounge", "hm")
        await eve.says(there, "@realreply start")
        await harbor.dana.says("help", "hm")
        await harbor.until(lambda: harbor.taken.messages)
    assert [message.channel for message in harbor.taken.messages] == [harbor.key(harbor.help)]
    assert harbor.asked.calls == []


async def test_a_post_that_is_tagged_as_solved_says_so_once(harbor: Harbor) -> None:
    fake = harbor.fake
    harbor.guild_options(solved_tags=("Solved",))
    forum = fake.channel("questions", kind=FORUM, tags=["solved", "bug"])
    done = await harbor.dana.posts(forum, "Crate 6", "where?", tags=["solved"])
    async with harbor.watched():
        post = await harbor.dana.posts(forum, "Crate 7", "where?")
        await fake.tags(post, "bug")
        await fake.tags(post, "bug", "solved")
        await fake.renames(fake.world.channels[post.id], "Crate 7!")
        await fake.renames(fake.world.channels[done.id], "Crate 6!")
        await fake.archives(fake.world.channels[post.id])
        await fake.archives(fake.world.channels[post.id], archived=False, tags=[])
        await fake.tags(post, "solved")
        await harbor.until(lambda: len(harbor.taken.of(Solved)) == 3)
    assert [event.taken_back for event in harbor.taken.of(Solved)] == [False, True, False]
    assert {event.thread for event in harbor.taken.of(Solved)} == {post.id}, "the other was solved when the bot came"
    assert harbor.taken.of(Solved)[0].channel == harbor.key(forum)


async def test_a_post_that_is_deleted_takes_its_question_with_it(harbor: Harbor) -> None:
    forum = harbor.fake.channel("questions", kind=FORUM)
    async with harbor.watched():
        post = await harbor.dana.posts(forum, "Crate 7", "where?")
        await harbor.fake.erases(harbor.fake.world.channels[post.id])
        await harbor.until(lambda: harbor.taken.of(Deleted))
    assert [gone.id for gone in harbor.taken.of(Deleted)] == [post.id]
    (solved,) = harbor.taken.of(Solved)
    assert solved.gone and solved.starter


async def test_a_thread_that_is_deleted_leaves_the_message_that_it_was_made_from(harbor: Harbor) -> None:
    async with harbor.watched():
        asked = await harbor.dana.says("help", "Where is my crate?")
        thread = await harbor.ana.opens_thread("help", "crate", on=asked)
        await harbor.fake.erases(thread)
        await harbor.until(lambda: harbor.taken.of(Solved))
    (solved,) = harbor.taken.of(Solved)
    assert solved.gone and not solved.starter and harbor.taken.of(Deleted) == []


async def test_members_call_the_bot_by_its_name_and_in_direct_messages(harbor: Harbor) -> None:
    fake, ana, dana = harbor.fake, harbor.ana, harbor.dana
    async with harbor.watched():
        said = await ana.says(harbor.desk, "@realreply away @Ben <#" + harbor.help.id + ">")
        thread = await ana.opens_thread(harbor.desk, "later", on=said)
        await ana.says(thread, "hey @realreply waiting")
        await ana.says(fake.world.dm(ana), "waiting mine")
        await dana.says(fake.world.dm(dana), "waiting")
        await harbor.until(lambda: len(harbor.asked.calls) == 3)
        await fake.settle()
    desk = Address("discord", "channel", harbor.desk.id)
    assert harbor.asked.calls[0] == (ana.id, Role.MEMBER, desk, f"away @{{{harbor.ben.id}}} #{{{harbor.help.id}}}", "", None)
    assert harbor.asked.calls[1] == (ana.id, Role.MEMBER, desk, "waiting", "hey", said.id)
    assert harbor.asked.calls[2] == (ana.id, Role.MEMBER, Address("discord", "person", ana.id), "waiting mine", "", None)


async def test_several_servers_each_with_its_own_team_and_reminders_channel(harbor: Harbor) -> None:
    from adapters.discord.options import GuildOptions

    fake = harbor.fake
    bay = fake.guild("Bay")
    fake.role("Desk", guild=bay)
    theo = fake.person("Theo", guild=bay, roles=["Desk"])
    rosa = fake.person("Rosa", guild=bay)
    ask, crew = fake.channel("ask", guild=bay), fake.channel("crew", guild=bay)
    guilds = (*harbor.options.guilds, GuildOptions(id=int(bay.id), team_roles=("Desk",), destination="crew"))
    async with harbor.watched(guilds=guilds) as connection:
        await rosa.says(ask, "Where is my crate?")
        await theo.says(ask, "In Rotterdam.")
        await harbor.until(lambda: len(harbor.taken.messages) == 2)
        workspace = connection.workspace
        assert [message.role for message in harbor.taken.messages] == [Role.CUSTOMER, Role.MEMBER]
        assert workspace.team().members == {harbor.ana.id, harbor.ben.id, theo.id}
        assert workspace.destination(harbor.key(ask)) == Address("discord", "channel", crew.id)
        assert workspace.destination(harbor.key(harbor.help)) == Address("discord", "channel", harbor.desk.id)
        assert len(workspace.destinations()) == 2 and workspace.destination() == workspace.destinations()[0]
        await fake.kicks(bay)
        await harbor.until(lambda: workspace.destination(harbor.key(ask)) != Address("discord", "channel", crew.id))
        assert theo.id in workspace.team().members, "that we can't see him doesn't mean that he left"
        assert workspace.destination(harbor.key(ask)) == Address("discord", "channel", harbor.desk.id), "the other is left"
