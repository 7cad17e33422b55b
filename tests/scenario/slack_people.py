"""Who acts on the stage on Slack, and who could read what the bot sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.domain.events import Says
from tests.scenario.slack_looks import look
from tests.scenario.stage import Filled, Shown
from tests.scenario.words import is_about
from tests.slack_sandbox import FakeSlack
from tests.slack_sandbox.acting import Person, blocks_of
from tests.slack_sandbox.interactions import elements
from tests.slack_sandbox.model import Conversation, Message, Outgoing

if TYPE_CHECKING:
    from tests.scenario.slack_stage import SlackStage


class Outbox(list[Outgoing]):
    """What the bot sends, with who could read it at that moment."""

    def __init__(self, fake: FakeSlack, members: Callable[[], frozenset[str]]) -> None:
        super().__init__()
        self.fake, self.members = fake, members
        self.outside: list[tuple[Outgoing, tuple[str, ...]]] = []
        fake.exposed = lambda place: bool(self.readers_of(place) - self.members() - {fake.workspace.bot.id})

    def append(self, record: Outgoing) -> None:
        super().append(record)
        fake = self.fake
        place = fake.workspace.conversations.get(record.channel)
        if record.user:
            readers = {record.user}
        elif place is None:
            readers = {record.channel} if record.channel in fake.workspace.people else set()
        else:
            readers = self.readers_of(place)
        strangers = readers - self.members() - {fake.workspace.bot.id}
        if strangers:
            self.outside.append((record, tuple(sorted(strangers))))

    @staticmethod
    def readers_of(place: Conversation) -> set[str]:
        everybody = {"everybody"} if place.is_ext_shared or place.kind == "channel" else set()
        return {*place.members, *everybody}


class SlackActor:
    def __init__(self, stage: SlackStage, person: Person, name: str) -> None:
        self.stage, self.person, self.name = stage, person, name

    async def says(
        self, text: str, *, channel: str = "help", thread: Any = None, files: Sequence[str] = (), broadcast: bool = False
    ) -> Message:
        said = await self.person.says(channel, text, thread=thread, files=files, broadcast=broadcast)
        await self.stage.settle()
        return said

    async def joins(self, *, channel: str = "help") -> None:
        await self.person.joins(channel)
        await self.stage.settle()

    async def leaves(self, *, channel: str = "help") -> None:
        await self.person.leaves(channel)
        await self.stage.settle()

    async def types(self, *, channel: str = "help", thread: Any = None) -> None:
        raise NotImplementedError("Slack doesn't tell apps that somebody is typing")

    async def edits(self, said: Any, text: str) -> None:
        await self.person.edits(said, text)
        await self.stage.settle()

    async def deletes(self, said: Any) -> None:
        await self.person.deletes(said)
        await self.stage.settle()

    async def reacts(self, said: Any, emoji: str) -> None:
        await self.person.reacts(said, emoji)
        await self.stage.settle()

    async def unreacts(self, said: Any, emoji: str) -> None:
        await self.person.unreacts(said, emoji)
        await self.stage.settle()

    async def clicks(self, shown: Shown, label: str, *, of: str = "") -> Shown:
        for block, element in elements(blocks_of(shown.native)):
            for option in element.get("options", ()) if element["type"] == "overflow" else ():
                if option["text"]["text"] == label and is_about(option["value"], of):
                    where = (str(block["block_id"]), str(element["action_id"]))
                    return await self._privately(self.person.chooses(shown.native, option["value"], where=where))
            if of and element["type"] == "button" and element["text"]["text"] == label and is_about(element["value"], of):
                exactly = (str(block["block_id"]), str(element["action_id"]))
                return await self._privately(self.person.clicks(shown.native, exactly))
        return await self._privately(self.person.clicks(shown.native, label))

    async def chooses(self, shown: Shown, menu: str, option: str) -> Shown:
        return await self._privately(self.person.chooses(shown.native, option, where=menu))

    async def fills(self, form: Shown, filled: Mapping[str, Filled]) -> Shown:
        before = {id(seen): seen.words for seen in self.person.sees()}
        await self.person.submits(form.native, dict(filled))
        await self.stage.settle()
        if self.stage.fake.modals.get(self.person.id):
            return self._modal()
        fresh = [seen for seen in self.person.sees() if before.get(id(seen)) != seen.words]
        return self.stage.show(fresh[-1])

    def told(self) -> list[Shown]:
        return [self.stage.show(seen) for seen in self.person.sees() if seen.kind == "ephemeral"]

    async def commands(self, text: str) -> Shown:
        return await self._privately(self.person.slash("/realreply", text))

    async def corrects(self, said: Any, says: Says) -> Shown:
        return await self._privately(self.person.uses_shortcut(says, said))

    async def checks(self, said: Any) -> Shown:
        return await self._privately(self.person.uses_shortcut("check", said))

    async def gets(self, sender: str, text: str, *, through: str = "") -> Any:
        fake = self.stage.fake
        by = self.stage.persons.get(sender)
        if by is None:
            return await fake.app_posts(fake.workspace.between(self.person, sender), text, name=sender)
        place = fake.workspace.between(self.person, by.id)
        return await (fake.app_posts(place, text, name=through, user=by) if through else by.says(place, text))

    async def reports(self, message: Any) -> Shown:
        return await self._privately(self.person.uses_shortcut("auto_dm", message))

    async def home(self) -> Shown:
        await self.person.opens_home()
        await self.stage.settle()
        view = self.person.home
        assert view is not None
        return look(view["blocks"], self.stage.name_of, native=view)

    def direct(self) -> list[Shown]:
        fake = self.stage.fake
        return [self.stage.show(post) for post in fake.workspace.dm(self.person).posts if post.user == fake.workspace.bot.id]

    async def _privately(self, acting: Awaitable[Any]) -> Shown:
        """Whatever they are shown because of what they did: a new answer, one that took another's place, a form."""
        before = {id(seen): seen.words for seen in self.person.sees()}
        views = {modal["id"]: modal["hash"] for modal in self.stage.fake.modals.get(self.person.id, ())}
        await acting
        await self.stage.settle()
        stack = self.stage.fake.modals.get(self.person.id)
        if stack and views.get(stack[-1]["id"]) != stack[-1]["hash"]:
            return self._modal()
        fresh = [seen for seen in self.person.sees() if before.get(id(seen)) != seen.words and seen.kind != "dm"]
        assert fresh, f"{self.name} was shown nothing"
        assert fresh[-1].kind != "failure", fresh[-1].text
        return self.stage.show(fresh[-1])

    def _modal(self) -> Shown:
        modal = self.person.modal
        shown = look(modal["blocks"], self.stage.name_of, native=modal)
        return replace(shown, words=f"{modal['title']['text']}\n{shown.words}")
