"""Whose words a message holds: a person's, an app's, or nobody's.

Shapes are those of https://docs.discord.com/developers/resources/message, as the fake sends them.
"""

from __future__ import annotations

from adapters.discord.client import Sight
from bot.domain.events import Deleted, Posted
from bot.domain.people import Role
from tests.adapters.discord.conftest import Harbor
from tests.discord_sandbox import Person
from tests.discord_sandbox.model import FORUM, VOICE


async def test_what_apps_post_carries_the_marks_of_it(harbor: Harbor) -> None:
    fake = harbor.fake
    async with harbor.watched():
        await fake.app_posts("help", "The status page is green.")
        await fake.app_posts("help", "Here you are!", because_of=harbor.ana)
        await fake.webhook_posts("help", "Build 7 passed", name="Ana")
        await harbor.until(lambda: len(harbor.taken.messages) == 3)
    robot, command, hook = harbor.taken.messages
    assert all(message.role is Role.APP for message in harbor.taken.messages)
    assert "bot" in robot.marks
    assert "interaction_metadata" in command.marks, "what somebody's command made is no words of theirs"
    assert hook.marks == ("webhook_id",), "whoever it calls itself"


async def test_what_discord_itself_tells_is_nobodys_words(harbor: Harbor) -> None:
    kinds = (4, 6, 7, 8, 18, 21, 24, 46, 63, 99)
    async with harbor.watched():
        for kind in kinds:
            await harbor.fake.system_posts("help", kind, author=harbor.dana, text="Where is my crate?")
        await harbor.dana.says("help", "hello")
        await harbor.until(lambda: harbor.taken.messages)
    assert [message.text for message in harbor.taken.messages] == ["hello"]


async def test_forwards_stickers_polls_and_links_have_no_words_of_their_own(harbor: Harbor) -> None:
    async with harbor.watched():
        first = await harbor.omar.says("help", "When does the ferry leave?")
        await harbor.dana.says("help", "", forwards=first)
        await harbor.dana.says("help", "", sticker="wave")
        await harbor.dana.says("help", "", poll="Which route is best?")
        await harbor.dana.says("help", harbor.fake.permalink(first))
        await harbor.dana.says("help", "", files=["crate.png"])
        await harbor.dana.says("help", "", voice=True)
        await harbor.until(lambda: len(harbor.taken.messages) == 7)
    _, forward, sticker, poll, link, picture, voice = harbor.taken.messages
    assert [message.text for message in (forward, sticker, poll, link, picture, voice)] == [""] * 6
    assert forward.reply_to is None, "passing on is no reply"
    assert (picture.files, picture.recording, voice.files, voice.recording) == (1, False, 1, True)


async def test_a_relay_speaks_for_people_where_the_settings_say_so(harbor: Harbor) -> None:
    bridge = harbor.fake.webhook("help", "Bridge")
    async with harbor.watched(relays=frozenset({bridge.id})):
        await harbor.fake.webhook_posts("help", "Is the ferry late?", name="Rosa", id=bridge.id)
        await harbor.fake.webhook_posts("help", "Build 7 passed", name="Robot")
        await harbor.until(lambda: len(harbor.taken.messages) == 2)
    asked, built = harbor.taken.messages
    assert (asked.author, asked.role, asked.marks) == (f"{bridge.id}/Rosa", Role.CUSTOMER, ())
    assert built.role is Role.APP


async def test_the_copy_of_a_relay_is_its_authors_and_outlives_the_original(harbor: Harbor) -> None:
    """PluralKit posts a copy under another name and then deletes the original (PluralKit/PluralKit#552)."""
    app = "466378653216014359"
    hook = harbor.fake.webhook("help", "PluralKit", app=app)
    async with harbor.watched(relays=frozenset({app})):
        original = await harbor.dana.says("help", "R: Where is my crate?")
        await harbor.fake.webhook_posts("help", "Where is my crate?", name="Rowan", id=hook.id, app=app)
        await harbor.dana.deletes(original)
        mine = await harbor.ana.says("help", "A: In Rotterdam.")
        await harbor.fake.webhook_posts("help", "In Rotterdam.", name="Alder", id=hook.id, app=app)
        await harbor.ana.deletes(mine)
        await harbor.fake.webhook_posts("help", "And by tonight?", name="Rowan", id=hook.id, app=app)
        await harbor.until(lambda: len(harbor.taken.messages) == 5)
    asked, copy, answer, told, later = harbor.taken.messages
    assert copy.author == asked.author == harbor.dana.id and copy.role is Role.CUSTOMER
    assert later.author == f"{app}/Rowan", "whose name that is holds for the one message"
    assert (told.author, told.role, told.marks) == (answer.author, Role.MEMBER, ())
    assert {gone.id for gone in harbor.taken.of(Deleted)} == {asked.id, answer.id}


async def test_a_copy_that_is_read_back_is_whose_its_name_was_before(harbor: Harbor) -> None:
    app = "466378653216014359"
    hook = harbor.fake.webhook("help", "PluralKit", app=app)

    async def copies(person: Person, text: str, name: str) -> None:
        original = await person.says("help", f"-{text}")
        await harbor.fake.webhook_posts("help", text, name=name, id=hook.id, app=app)
        await person.deletes(original)

    async with harbor.watched(relays=frozenset({app})) as connection:
        for person, name in ((harbor.dana, "Rowan"), (harbor.ana, "Alder"), (harbor.dana, "Both"), (harbor.ana, "Both")):
            await copies(person, "Where is my crate?", name)
        await harbor.until(lambda: len(harbor.taken.of(Deleted)) == 4)
        await harbor.fake.advance(60)
        later = harbor.fake.clock.now()
        harbor.fake.gateway.session.deaf = True
        for name in ("Rowan", "Alder", "Both", "Stranger"):
            await harbor.fake.webhook_posts("help", "Where is it now?", name=name, id=hook.id, app=app)
        harbor.fake.gateway.session.deaf = False
        last = await harbor.ben.says("help", "Hello")
        await harbor.until(lambda: harbor.taken.messages[-1].id == last.id)
        events = [event async for event in connection.history.since(harbor.key(harbor.help), later)]
    read = [event.message for event in events if isinstance(event, Posted)][:-1]
    assert [(message.author, message.role) for message in read] == [
        (harbor.dana.id, Role.CUSTOMER),
        (harbor.ana.id, Role.MEMBER),
        (f"{app}/Both", Role.CUSTOMER),
        (f"{app}/Stranger", Role.CUSTOMER),
    ]


async def test_members_on_the_other_side_of_a_bridge_are_those_of_the_settings(harbor: Harbor) -> None:
    bridge, other = harbor.fake.webhook("help", "Bridge"), harbor.fake.webhook("help", "Other")
    named = {"Ana (Matrix)": harbor.ana.id, f"{other.id}/Al": harbor.ana.id}
    async with harbor.watched(relays=frozenset({bridge.id, other.id}), relayed=named) as connection:
        for hook, name in ((bridge, "ana (matrix)"), (bridge, "Al"), (other, "Al"), (bridge, "Quin")):
            await harbor.fake.webhook_posts("help", "In Rotterdam.", name=name, id=hook.id)
        await harbor.until(lambda: len(harbor.taken.messages) == 4)
        assert connection.workspace.names(f"{bridge.id}/Quin") == ("Quin",), "people see no relay's number"
    told = [(message.author, message.role) for message in harbor.taken.messages]
    assert told == [
        (harbor.ana.id, Role.MEMBER),
        (f"{bridge.id}/Al", Role.CUSTOMER),
        (harbor.ana.id, Role.MEMBER),
        (f"{bridge.id}/Quin", Role.CUSTOMER),
    ]


async def test_who_repeats_a_members_words_on_a_bridge_is_not_taken_for_them(harbor: Harbor) -> None:
    bridge = harbor.fake.webhook("help", "Bridge")
    async with harbor.watched(relays=frozenset({bridge.id})):
        said = await harbor.ana.says("help", "Good morning everybody, yes the new version is out today")
        await harbor.fake.webhook_posts("help", "yes", name="Zed", id=bridge.id)
        await harbor.ana.deletes(said)
        await harbor.ana.says("help", "It leaves tonight.")
        await harbor.fake.webhook_posts("help", "It leaves tonight.", name="Zed", id=bridge.id)
        await harbor.fake.advance(6)
        await harbor.fake.webhook_posts("help", "In Rotterdam.", name="Zed", id=bridge.id)
        await harbor.until(lambda: len(harbor.taken.messages) == 5)
    by_zed = [message for message in harbor.taken.messages if message.author == f"{bridge.id}/Zed"]
    assert [message.role for message in by_zed] == [Role.CUSTOMER] * 3


async def test_a_forum_post_is_asked_by_its_title_too(harbor: Harbor) -> None:
    forum = harbor.fake.channel("questions", kind=FORUM, tags=["solved"])
    async with harbor.watched():
        post = await harbor.dana.posts(forum, "Crate 7 is late", "anybody?")
        thread = harbor.fake.world.channels[post.id]
        await harbor.ana.says(thread, "It leaves tonight.", reply_to=post)
        await harbor.until(lambda: len(harbor.taken.messages) == 2)
    asked, answer = harbor.taken.messages
    assert (asked.channel, asked.id, asked.thread) == (harbor.key(forum), post.id, None)
    assert asked.text == "Crate 7 is late\nanybody?"
    assert (answer.thread, answer.reply_to, answer.channel) == (post.id, post.id, harbor.key(forum))


async def test_voice_chats_are_channels(harbor: Harbor) -> None:
    lounge = harbor.fake.channel("lounge", kind=VOICE)
    async with harbor.watched():
        await harbor.dana.says(lounge, "Is anybody here?")
        await harbor.until(lambda: harbor.taken.messages)
    assert harbor.taken.messages[0].channel == harbor.key(lounge)


async def test_without_the_message_content_intent_only_what_names_the_bot_is_seen(harbor: Harbor) -> None:
    harbor.fake.privileged = {"members"}
    async with harbor.watched() as connection:
        assert connection.sight == Sight(message_content=False, members=True), "the portal says what may be asked for"
        await harbor.dana.says("help", "Where is my crate?")
        await harbor.dana.says("help", "@realreply where is my crate?")
        await harbor.ana.says("help", "In Rotterdam.")
        await harbor.until(lambda: len(harbor.taken.messages) == 2)
        forum = await harbor.fake.creates("questions", kind=FORUM)
        post = await harbor.dana.posts(forum, "Crate 7 is late", "where is it?")
        await harbor.until(lambda: len(harbor.taken.messages) == 3)
    asked, answer, posted = harbor.taken.messages
    assert asked.text == "@realreply where is my crate?" and asked.calls_team
    assert (posted.id, posted.text) == (post.id, "Crate 7 is late"), "the title of a post is no message's content"
    assert (answer.role, answer.text, answer.unread) == (Role.MEMBER, "", True), "it may be the answer: nobody can tell"
